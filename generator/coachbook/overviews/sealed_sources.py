"""Sealed sections that a role opens, gathered for figures and supplements made in the browser.

Nothing here reads them: a source is a title, the sections of one kind, and whom each is about.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

from coachbook.audience import Audience, Labelled, narrow
from coachbook.book import policy_for
from coachbook.figures import threshold
from coachbook.overviews.notes import section_model
from coachbook.overviews.wording import day_of
from coachbook.people import ROLE_TITLES
from coachbook.sentences import join
from coachbook.views import in_order, public

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from coachbook.figures import Period
    from coachbook.forms import SectionForm
    from coachbook.overviews import Blocks
    from coachbook.views import RecordView, SealedView, View

    Found = tuple[RecordView, SectionForm, SealedView]

T = TypeVar("T")

OUTCOME = "Outcome"
"""The section of a cycle and its line that say what came of it."""

_STATEMENT_ROW = "impact statement"
_ABOUT = ("observed", "coachee", "members")


def rating_sources(
    view: View, school: str, period: Period, role: str, blocks: Blocks
) -> list[dict[str, object]]:
    """The rated sections of visits, form by form; the head's own grades never count.

    Where fewer people were observed on a form than a figure may stand on, it is only named.
    """
    visits = [one for one in _here(view, "observation", school, role) if period.holds(one.day)]
    groups: dict[str, dict[str, list[Found]]] = defaultdict(lambda: defaultdict(list))
    for found in _opened(visits, role):
        record, section, _ = found
        if any(line.scale for line in section.lines):
            groups[record.form.title][section.name].append(found)
    least = threshold(view.book, school)
    return [
        source
        for form, sections in groups.items()
        for source in _ratings(form, sections, least, blocks)
    ]


def _ratings(
    form: str, sections: Mapping[str, list[Found]], least: int, blocks: Blocks
) -> Iterator[dict[str, object]]:
    records = [record for found in sections.values() for record, _, _ in found]
    few = len({_subject(record) for record in records}) < least
    if few:
        yield {"title": public(form), "few": _labelled(few, records)}
        return
    for name, found in sections.items():
        rated = [line for line in found[0][1].lines if line.scale]
        aside = dict.fromkeys(choice for line in rated for choice in line.aside)
        yield _source(f"{form}: {name}", found, blocks) | {
            "lines": public("|".join(line.name for line in rated)),
            "aside": public("|".join(aside)),
            "few": _labelled(few, records),
        }


def outcome_sources(
    view: View, school: str, period: Period, role: str, blocks: Blocks
) -> list[dict[str, object]]:
    """The outcomes of cycles that were closed in the period."""
    cycles = [
        one
        for one in _here(view, "cycle", school, role)
        if one.raw("status") == "closed" and period.holds(one.raw("closed_on"))  # type: ignore[arg-type]
    ]
    found = [one for one in _opened(cycles, role) if one[1].name == OUTCOME]
    return [_source("What came of the cycles that are finished", found, blocks)] if found else []


def step_sources(
    view: View, school: str, period: Period, role: str, blocks: Blocks
) -> list[dict[str, object]]:
    """The action steps that were agreed in sessions and after visits."""
    records = [
        one
        for kind in ("observation", "session")
        for one in _here(view, kind, school, role)
        if period.holds(one.day)
    ]
    found = [one for one in _opened(records, role) if one[1].steps]
    title = "Action steps done on time, after sessions and visits"
    return [_source(title, found, blocks)] if found else []


def overview_models(view: View, school: str, role: str, blocks: Blocks) -> list[dict[str, object]]:
    """The latest overview of teaching and the latest review, as far as the role opens them."""
    found = []
    for kind in ("school-overview", "programme-review"):
        records = [one for one in _here(view, kind, school, role) if any(_opened([one], role))]
        if records:
            latest = records[-1]
            found.append(
                {
                    "title": public(latest.form.title),
                    "day": day_of(latest, latest.form.on),
                    "sections": [
                        section_model(one, blocks) for _, _, one in _opened([latest], role)
                    ],
                }
            )
    return found


def statement_models(
    view: View, school: str, roles: Iterable[str], blocks: Blocks
) -> list[dict[str, object]]:
    """The impact statements that all of these roles open, in no order that tells whose they are.

    Neither the pair nor the day stands beside one: it is about the coaching, not the teacher.
    """
    wanted = frozenset(roles)
    found = [
        (one, sealed)
        for one in sorted(view.of_type("impact-statement"), key=lambda one: one.id)
        for sealed in one.sealed_sections()
        if one.school == school and wanted <= frozenset(sealed.reader_ids)
    ]
    return [
        {
            "name": public(f"Statement {place}"),
            "block": Labelled(blocks.add(sealed), Audience(wanted), f"{one.record.path}: block"),
            "line": public(_readers_in_words(view, one)),
        }
        for place, (one, sealed) in enumerate(found, start=1)
    ]


def _readers_in_words(view: View, statement: RecordView) -> str:
    """Who may read a statement by the policy, which is public: by role and never by name."""
    policy = policy_for(view.book, statement.record)
    row = policy.row(_STATEMENT_ROW) if policy else None
    if row is None:
        return ""
    words = join([ROLE_TITLES.get(one, f"the {one}") for one in row.readers()])
    return f"{words[:1].upper()}{words[1:]} can read this."


def _here(view: View, kind: str, school: str, role: str) -> list[RecordView]:
    """The records of a kind at a school whose header the role reads, by day."""
    page = Audience(frozenset({role}))
    found = (one for one in in_order(view.of_type(kind)) if one.school == school)
    return [one for one in found if one.audience.admits(page) and not one.life.is_draft]


def _opened(records: Iterable[RecordView], role: str) -> Iterator[Found]:
    """The sealed sections of records that were sealed to the role, with their forms."""
    for record in records:
        for section in record.form.sections:
            sealed = record.sealed(section.name)
            if sealed is not None and role in sealed.reader_ids:
                yield record, section, sealed


def _source(title: str, found: list[Found], blocks: Blocks) -> dict[str, object]:
    """What a figure is counted from: its sections on the page, and for each whom it is about."""
    names = [blocks.add(sealed, record) for record, _, sealed in found]
    people = [_subject(record) for record, _, _ in found]
    return {
        "title": public(title),
        "blocks": public(" ".join(names)),
        "who": _labelled(" ".join(people), [record for record, _, _ in found]),
    }


def _subject(record: RecordView) -> str:
    """The people that a record is about, as one word."""
    people = (person for relation in _ABOUT for person in record.people.get(relation, ()))
    return "+".join(dict.fromkeys(people)) or "-"


def _labelled(value: T, records: Iterable[RecordView]) -> Labelled[T]:
    return Labelled(value, narrow(one.audience for one in records), "whom the sections are about")

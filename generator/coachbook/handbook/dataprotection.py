"""Three pages for the data protection lead, from a school's policy: notice, record, assessment.

The policy says what is kept, who reads it and how long; the pages put that in the order in
which data protection law asks for it, and leave a line where only the school can answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import public
from coachbook.calendar import format_date
from coachbook.handbook.access import readers_in_words, recovery_words, sealed_rows
from coachbook.handbook.document import answer, answers, clause_anchor
from coachbook.handbook.model import HandbookPage
from coachbook.handbook.questions import LIMITS, PURPOSE
from coachbook.people import RELATIONS, title_of
from coachbook.policy import Cell, policy_in_force, slug
from coachbook.retention import IMPACT, NOTES, PARAMETERS, SEPARATE, kept_under
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coachbook.forms import Form, Forms
    from coachbook.handbook.model import Handbook, SchoolPart
    from coachbook.policy import AccessRow, Policy

GROUP = "Data protection"

_PAGES = (
    ("privacy", "Privacy notice for staff"),
    ("processing", "Record of processing"),
    ("assessment", "Impact assessment"),
)
_APART = ("wellbeing signpost", "capability mentoring", "probation review", "concern")
_KINDS = {NOTES: "notes", IMPACT: "reviews and statements", SEPARATE: "records kept apart"}
_MOST_TITLES = 4
_HOLDERS = "repository.holders"
_PUBLISH = "keys.publish_protected"


def protection_pages(handbook: Handbook, school: SchoolPart) -> Iterator[HandbookPage]:
    """The pages of a school; none where no policy is in force."""
    policy = policy_in_force(school.policies, handbook.today)
    if policy is None:
        return
    facts = public(_facts(handbook, school, policy), policy.path)
    for name, title in _PAGES:
        yield HandbookPage(
            f"{school.id}/{name}.md",
            (school.name, GROUP, title),
            f"handbook/{name}.md",
            {"school": public(school.name, "school"), "facts": facts},
        )


def _facts(handbook: Handbook, school: SchoolPart, policy: Policy) -> Mapping[str, object]:
    rows = _rows(policy, handbook.forms)
    return {
        "controller": school.name if len(handbook.schools) == 1 else handbook.name,
        "version": policy.version,
        "since": format_date(policy.effective_from),
        "ratified": format_date(policy.ratified_on) if policy.ratified_on else "",
        "review": format_date(policy.review_due) if policy.review_due else "",
        "rows": rows,
        "sealed": [row for row in rows if row["sealed"]],
        "clear": [row for row in rows if not row["sealed"]],
        "kept": answers(policy, LIMITS),
        "silent": join(str(row["name"]).lower() for row in rows if not row["kept"]),
        "purpose": answers(policy, PURPOSE),
        "recovery": recovery_words(policy),
        "holders": answer(policy, _HOLDERS),
        "published": policy.get(_PUBLISH) is True,
        "protected": answer(policy, _PUBLISH),
        "roles": join(_readers(policy)),
        "apart": [row["name"] for row in rows if str(row["name"]).lower() in _APART],
        "wellbeing": school.wellbeing,
    }


def _readers(policy: Policy) -> list[str]:
    """The roles that open anything, so the recipients beside the people a record is about."""
    rows = policy.access.values()
    return [
        title_of(column)
        for column in policy.columns
        if column not in RELATIONS and any(_opens(row, column) for row in rows)
    ]


def _opens(row: AccessRow, column: str) -> bool:
    return row.cells.get(column) in {Cell.READ, Cell.WRITE}


def _rows(policy: Policy, forms: Forms) -> list[Mapping[str, object]]:
    """Each part of the records: what it holds, whether it is sealed, its readers, how long."""
    sealed = sealed_rows(forms)
    writing = _forms_by_row(forms)
    return [
        {
            "name": row.name,
            "holds": _titles(writing.get(key, ())),
            "sealed": key in sealed,
            "readers": readers_in_words(policy, row, sealed=key in sealed),
            "kept": list(_kept(policy, writing.get(key, ()))),
        }
        for key, row in policy.access.items()
    ]


def _forms_by_row(forms: Forms) -> Mapping[str, Sequence[Form]]:
    """The forms that write each part of the records, by the key of its row."""
    found: dict[str, list[Form]] = {}
    for form in forms.newest():
        rows = (form.row, *(part.row for part in form.sections))
        for key in dict.fromkeys(slug(row) for row in rows if row):
            found.setdefault(key, []).append(form)
    return found


def _titles(forms: Sequence[Form]) -> str:
    """What a part is written on, so that nobody has to guess what its name means."""
    titles = list(dict.fromkeys(_in_a_sentence(form.title) for form in forms))
    if len(titles) > _MOST_TITLES:
        return f"{', '.join(titles[:_MOST_TITLES])} and others"
    return join(titles)


def _in_a_sentence(title: str) -> str:
    """A form's title with a small first letter, unless it begins with an abbreviation."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _kept(policy: Policy, forms: Sequence[Form]) -> Iterator[Mapping[str, str]]:
    """How long a part is kept, by which clause; nothing where no clause says so."""
    found = {kept_under(form.type, whole=form.whole) for form in forms}
    keys = [key for key in PARAMETERS if key in found and key in policy.parameters]
    for key in keys:
        number = policy.clause_of(key)
        yield {
            "what": _KINDS[key] if len(keys) > 1 else "",
            "words": policy.parameters[key].in_words(),
            "clause": number,
            "anchor": clause_anchor(number),
        }

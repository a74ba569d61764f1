"""Figures from sealed text, one page for each role whose key opens what they are counted from.

The page holds the sealed parts; the reader's browser opens and counts them. A number stands there
only for enough people, also for a role that could read each part by itself, because figures are
passed on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import Audience, Labelled, narrow
from coachbook.book import role_holders
from coachbook.calendar import format_date
from coachbook.figures import Period, definition, threshold, year_to_date
from coachbook.overviews import Blocks, Page
from coachbook.values import frozen
from coachbook.views import in_order, keyed, public

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coachbook.views import RecordView, View

    Found = list[tuple[RecordView, str]]

_ABOUT = ("coachee", "members", "observed")
_MOST = 400
"""So many parts a page holds of one sort; the latest ones, so that it opens quickly."""


@frozen
class Source:
    """What a figure is counted from: the parts of records of one type.

    `sections` are their names; `line` is the line whose value counts.
    """

    figure: str
    kind: str
    noun: str
    empty: str
    sections: tuple[str, ...]
    line: str = ""


SOURCES = (
    Source("outcome", "cycle", "cycles", "No outcome is written down.", ("Outcome",), "Outcome"),
    Source("strands", "cycle", "goals", "No goal names a strand.", ("Goal",), "Rubric"),
    Source("steps", "session", "notes", "No step has a day that is over.", ("Action steps",)),
    Source("results", "survey", "surveys", "No survey has results.", ("Results",)),
)


def counted_pages(view: View, school: str) -> Iterator[Page]:
    """Builds a page for each role at a school that opens anything that is counted."""
    for role in sorted(one for one in view.book.roles if one.partition("@")[2] == school):
        audience = keyed(view.book, Audience(frozenset({role})))
        if audience.principals and role_holders(view.book, role):
            page = _page(view, school, role, audience)
            if page.blocks:
                yield page


def _page(view: View, school: str, role: str, audience: Audience) -> Page:
    blocks = Blocks()
    period = year_to_date(view.book, school)
    figures = [
        _model(source, found, blocks)
        for source in SOURCES
        if (found := list(_opened(view, school, role, source, period)))
    ]
    return Page(
        kind="counted",
        path=f"counted/{school}/{role.partition('@')[0]}",
        title=public("Counted from sealed text"),
        group=public(view.school_name(school)),
        audience=audience,
        template="counted.html",
        model={
            "name": public(view.school_name(school)),
            "period": public(str(period)),
            "iso": public(view.book.today.isoformat()),
            "today": public(format_date(view.book.today)),
            "threshold": public(threshold(view.book, school)),
            "figures": figures,
        },
        blocks=blocks.held,
        origins=blocks.origins,
    )


def _opened(
    view: View, school: str, role: str, source: Source, period: Period
) -> Iterator[tuple[RecordView, str]]:
    """The parts that were sealed to the role, of records whose header it may read, by day."""
    page = Audience(frozenset({role}))
    for record in in_order(view.of_type(source.kind)):
        if record.school != school or record.life.is_draft or not _counts(record, period):
            continue
        if record.audience.admits(page):
            yield from (
                (record, name) for name in source.sections if record.is_sealed_to(name, role)
            )


def _counts(record: RecordView, period: Period) -> bool:
    """A cycle that went on in the period, or any other record of a day in it."""
    day = record.day
    return day is not None and (day <= period.end if _is_cycle(record) else period.holds(day))


def _is_cycle(record: RecordView) -> bool:
    return record.record.type == "cycle"


def _model(source: Source, found: Found, blocks: Blocks) -> dict[str, object]:
    meant = definition(source.figure)
    latest = found[-_MOST:]
    people = [_subject(record) for record, _ in latest]
    audience = narrow(record.audience for record, _ in latest)
    return {
        "title": public(meant.title),
        "meaning": public(meant.meaning),
        "counts": public(meant.counts.replace("the reader's key", "your key")),
        "leaves_out": public(meant.leaves_out),
        "reducer": public(meant.reducer),
        "line": public(source.line),
        "noun": public(source.noun),
        "empty": public(source.empty),
        "blocks": public(" ".join(_added(blocks, record, name) for record, name in latest)),
        "older": public(len(found) - len(latest)),
        "who": Labelled(" ".join(people), audience, "whom the parts are about"),
    }


def _added(blocks: Blocks, record: RecordView, name: str) -> str:
    """The name under which a page holds a sealed part."""
    part = record.sealed(name)
    return blocks.add(part, record) if part else ""


def _subject(record: RecordView) -> str:
    """The people that a record is about, as one word."""
    people: Iterable[str] = (one for side in _ABOUT for one in record.people.get(side, ()))
    return "+".join(dict.fromkeys(people)) or "-"

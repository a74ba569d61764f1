"""The visits of a school, a page for each school year, folded by half-term.

Only roles that read the header of every visit have these pages. A visit for
which no calendar names a half-term stands under its month.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from coachbook.audience import Audience, Labelled
from coachbook.calendar import school_year
from coachbook.overviews import Page
from coachbook.overviews.coverage import readers_of
from coachbook.overviews.wording import visit_row
from coachbook.values import frozen
from coachbook.views import in_order, public

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coachbook.views import RecordView, View

T = TypeVar("T")

_ROWS = ("session header",)
_HELD = "held"
_NOT_HELD = ("planned", "missed", "cancelled")
_UNFOLDED = 40
"""Up to so many visits the half-terms of a year all stand open."""


@frozen
class _Visits:
    """The visits of a school by school year, each year's newest first, and who may see them."""

    view: View
    school: str
    audience: Audience
    years: Mapping[str, list[RecordView]]

    @property
    def this_year(self) -> str:
        return school_year(self.view.book.today)

    @property
    def other_years(self) -> list[str]:
        return sorted((year for year in self.years if year != self.this_year), reverse=True)


def visits_pages(view: View, school: str) -> Iterator[Page]:
    """The visits of this school year, then of each other one that has any, the latest first."""
    visits = _gather(view, school)
    for year in (visits.this_year, *visits.other_years):
        yield _page(visits, year)


def _gather(view: View, school: str) -> _Visits:
    """The visits that all who read these pages may know of; one without a day is of this year."""
    audience = readers_of(view.book, school, _ROWS)
    years: dict[str, list[RecordView]] = defaultdict(list)
    for one in in_order(view.of_type("observation"))[::-1]:
        if one.school == school and one.audience.admits(audience):
            years[school_year(one.day or view.book.today)].append(one)
    return _Visits(view, school, audience, years)


def _page(visits: _Visits, year: str) -> Page:
    is_now = year == visits.this_year
    name = visits.view.school_name(visits.school)
    found = visits.years.get(year, [])
    return Page(
        kind="visits",
        path=_path(visits, year),
        title=public("Visits" if is_now else f"Visits in {year}"),
        group=public(name),
        audience=visits.audience,
        template="visits.html",
        model={
            "name": public(name),
            "year": public(year),
            "count": _label(visits, _counted(found)),
            "no_calendar": public((visits.school, year) not in visits.view.book.calendars),
            "parts": _parts(visits, found),
            "others": [
                {"year": _label(visits, one), "href": _label(visits, f"#/{_path(visits, one)}")}
                for one in (visits.this_year, *visits.other_years)
                if one != year
            ],
        },
        blocks={},
    )


def _path(visits: _Visits, year: str) -> str:
    school = f"visits/{visits.school}"
    return school if year == visits.this_year else f"{school}/{year}"


def _parts(visits: _Visits, found: list[RecordView]) -> list[dict[str, object]]:
    """The visits under their half-terms; the latest stands open, all of them if they are few."""
    groups = [(name, list(rows)) for name, rows in groupby(found, lambda one: _part(visits, one))]
    return [
        {
            "name": _label(visits, name),
            "count": _label(visits, _counted(rows)),
            "is_open": public(place == 0 or len(found) <= _UNFOLDED),
            "visits": [visit_row(visits.view, one) for one in rows],
        }
        for place, (name, rows) in enumerate(groups)
    ]


def _counted(found: list[RecordView]) -> str:
    """How many visits were held, and how many were not: "22 visits held, 1 cancelled"."""
    states = Counter(str(one.raw("status")) for one in found)
    told = [(states[one], one) for one in (_HELD, *_NOT_HELD) if states[one]] or [(0, _HELD)]
    (number, state), *others = told
    first = f"{number} visit{'' if number == 1 else 's'} {state}"
    return ", ".join((first, *(f"{many} {other}" for many, other in others)))


def _part(visits: _Visits, visit: RecordView) -> str:
    """The half-term of a visit, or its month where no calendar names one."""
    if visit.day is None:
        return "Without a date"
    return visits.view.half_term(visit) or f"{visit.day:%B %Y}"


def _label(visits: _Visits, value: T) -> Labelled[T]:
    return Labelled(value, visits.audience, f"visits at {visits.school}")

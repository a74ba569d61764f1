"""Every private page, by the unit that makes it: a unit is made anew, or not, as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from coachbook.book import policy_now
from coachbook.overviews import Page
from coachbook.overviews.budget import budget_page
from coachbook.overviews.checks import checks_page
from coachbook.overviews.counted import counted_pages
from coachbook.overviews.coverage import coverage_page
from coachbook.overviews.cycle import cycle_page
from coachbook.overviews.earlier import earlier_pages
from coachbook.overviews.governors import governors_pages
from coachbook.overviews.groups import group_pages
from coachbook.overviews.head import head_pages
from coachbook.overviews.induction import induction_page
from coachbook.overviews.lead import lead_page
from coachbook.overviews.me import me_page
from coachbook.overviews.pair import pair_page
from coachbook.overviews.probation import probation_page
from coachbook.overviews.protection import protection_pages
from coachbook.overviews.school import school_page
from coachbook.overviews.subject import subject_page
from coachbook.overviews.trust import trust_pages
from coachbook.overviews.visit import visit_page
from coachbook.overviews.visits import visits_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from coachbook.people import Person
    from coachbook.views import View


@dataclass(frozen=True, slots=True)
class Unit:
    """Pages that are made together, under a name that is the same in every build."""

    name: str
    group: str
    make: Callable[[], Iterable[Page]]

    def pages(self) -> list[Page]:
        """The pages that somebody may open."""
        return [page for page in self.make() if page.audience.principals]


def page_units(view: View, people: Sequence[Person]) -> Iterator[Unit]:
    """What makes all pages but take-away files, in the order of a menu.

    Units of one group have much of their reckoning in common.
    """
    for person in people:
        yield _single("me", person.id, partial(me_page, view, person.id))
    for cycle in view.cycles.values():
        yield _single("cycle", cycle.id, partial(cycle_page, view, cycle))
    for pair in view.pairs.values():
        yield _single("pair", pair.id, partial(pair_page, view, pair))
    for visit in view.of_type("observation"):
        yield _single("visit", visit.id, partial(visit_page, view, visit))
    for school in view.book.schools:
        if policy_now(view.book, school) is not None:
            yield from _school_units(view, school)
    yield Unit("trust", "trust", partial(trust_pages, view))


def _school_units(view: View, school: str) -> Iterator[Unit]:
    for name, make in _FIRST.items():
        yield Unit(f"{name} {school}", school, partial(_listed, make, view, school))
    for thread in (*view.cycles.values(), *view.pairs.values()):
        if thread.school == school:
            yield Unit(f"earlier {thread.id}", "", partial(earlier_pages, view, thread))
    for name, make in _THEN.items():
        yield Unit(f"{name} {school}", school, partial(_listed, make, view, school))


def _single(kind: str, name: str, make: Callable[[], Page]) -> Unit:
    return Unit(f"{kind} {name}", "", lambda: (make(),))


def _listed(
    make: Callable[[View, str], Page | Iterable[Page]], view: View, school: str
) -> Iterable[Page]:
    found = make(view, school)
    return (found,) if isinstance(found, Page) else found


_FIRST: dict[str, Callable[[View, str], Page | Iterable[Page]]] = {
    "school": school_page,
    "lead": lead_page,
    "groups": group_pages,
}
_THEN: dict[str, Callable[[View, str], Page | Iterable[Page]]] = {
    "subject": subject_page,
    "budget": budget_page,
    "induction": induction_page,
    "probation": probation_page,
    "coverage": coverage_page,
    "visits": visits_pages,
    "checks": checks_page,
    "head": head_pages,
    "counted": counted_pages,
    "governors": governors_pages,
    "protection": protection_pages,
}

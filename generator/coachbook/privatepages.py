"""Every private page, by the unit that makes it: a unit is made anew, or not, as a whole."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

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
from coachbook.overviews.stopped import stopped_page
from coachbook.overviews.subject import subject_page
from coachbook.overviews.trust import trust_pages
from coachbook.overviews.visit import visit_page
from coachbook.overviews.visits import visits_pages
from coachbook.reads import RECORDS
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from coachbook.book.parts import Part
    from coachbook.people import Person
    from coachbook.views import RecordView, View

    MakeOne = Callable[[View, RecordView], Page]

T = TypeVar("T")

_SCHOOL, _TRUST = 5, 6
"""Where pages of schools and of the trust stand, behind those of people and of records."""


@frozen
class Unit:
    """Pages that are made together, under a name that is the same in every build.

    `order` says where in a menu they stand, among those of other parts of a workspace too.
    """

    name: str
    group: str
    order: tuple[int, str]
    make: Callable[[], Iterable[Page]]

    def pages(self) -> list[Page]:
        """The pages that somebody may open."""
        return [page for page in self.make() if page.audience.principals]


def page_units(view: View, people: Sequence[Person], part: Part | None = None) -> Iterator[Unit]:
    """What makes all pages but take-away files, in the order of a menu.

    Units of one group have much of their reckoning in common.

    Args:
        view: what may be shown.
        people: those who have a page of their own.
        part: a part of a workspace, whose records and school alone are meant; all are where it is
            left out, and so is the page about the whole trust.
    """
    own = None if part is None else frozenset(part.own)
    kinds: tuple[tuple[str, Iterable[RecordView], MakeOne], ...] = (
        ("cycle", view.cycles.values(), cycle_page),
        ("pair", (one for one in view.pairs.values() if one.record.type != "group"), pair_page),
        ("pair", (one for one in view.pairs.values() if one.record.type == "group"), pair_page),
        ("visit", view.of_type("observation"), visit_page),
    )
    for person in people:
        make = partial(me_page, view, person.id)
        yield _single("me", person.id, (0, person.path), make)
    for rank, (kind, records, page) in enumerate(kinds, start=1):
        for one in records:
            if own is None or one.record.path in own:
                order = (rank, one.record.path)
                yield _single(kind, one.id, order, partial(_about, page, view, one))
    for school in view.book.schools:
        if policy_now(view.book, school) is not None and (part is None or part.school == school):
            yield from _school_units(view, school)
    if part is None:
        yield trust_unit(view)


def trust_unit(view: View) -> Unit:
    """What makes the page about the whole trust."""
    return Unit("trust", "trust", (_TRUST, ""), partial(trust_pages, view))


def stopped_unit(view: View, school: str, *, is_kept: bool) -> Unit:
    """What makes the page that tells people of a school that nothing new of it is published."""
    order = (_SCHOOL, view.book.schools[school].path)
    make = partial(stopped_page, view, school, is_kept=is_kept)
    return _single("stopped", school, order, make)


def _school_units(view: View, school: str) -> Iterator[Unit]:
    order = (_SCHOOL, view.book.schools[school].path)
    for name, make in _FIRST.items():
        group = f"{school} {name in _OF_FIGURES}"
        yield Unit(f"{name} {school}", group, order, partial(_listed, make, view, school))
    for thread in (*view.cycles.values(), *view.pairs.values()):
        if thread.school == school:
            make = partial(_about, earlier_pages, view, thread)
            yield Unit(f"earlier {thread.id}", "", order, make)
    for name, make in _THEN.items():
        group = f"{school} {name in _OF_FIGURES}"
        yield Unit(f"{name} {school}", group, order, partial(_listed, make, view, school))


def _about(make: Callable[[View, RecordView], T], view: View, record: RecordView) -> T:
    """What is made of a record, which counts as looked up."""
    view.book.reads.note(RECORDS, record.record.path)
    return make(view, record)


def _single(kind: str, name: str, order: tuple[int, str], make: Callable[[], Page]) -> Unit:
    return Unit(f"{kind} {name}", "", order, lambda: (make(),))


def _listed(
    make: Callable[[View, str], Page | Iterable[Page]], view: View, school: str
) -> Iterable[Page]:
    found = make(view, school)
    return (found,) if isinstance(found, Page) else found


_OF_FIGURES = frozenset({"school", "subject", "coverage", "head", "counted", "governors"})
"""Pages of a school that share most of their reckoning with each other, and little else."""

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

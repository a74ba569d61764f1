"""Those who lead coaching at a school, and what they may see of it.

Pages with names go to the roles that lead coaching and whose cells in the policy's table read
every row that stands on the page. A record that was written under a stricter version of the
policy is left out of them, and not even its number is told: nothing is shown to somebody whom it
was not meant for then.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from coachbook.audience import Audience, Labelled
from coachbook.book import display, policy_now, short
from coachbook.calendar import school_year
from coachbook.overviews.coverage import readers_of
from coachbook.overviews.stretches import thread_audience
from coachbook.people import active, split_principal
from coachbook.sentences import join
from coachbook.values import frozen
from coachbook.views import calendar_now

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from coachbook.book import Book
    from coachbook.calendar import SchoolYear
    from coachbook.people import Person
    from coachbook.policy import Policy
    from coachbook.views import RecordView, View

T = TypeVar("T")

LEADING = frozenset({"head", "deputy", "slt", "lead-coach", "monitor", "cpd-lead"})
"""The roles that coaching is led from, wherever the policy lets them read enough."""

PEOPLE, PAIRS, HEADERS = "people and roles", "pairs and cycles", "session header"
PLANS = "plans and priorities"
"""The rows of the access table that a page with names stands on."""

COUNTED = ("session", "cycle", "partnership", "group", "observation", "training")
"""The types of record that these pages count."""


def leaders(book: Book, school: str, rows: Sequence[str] = (PEOPLE, PAIRS, HEADERS)) -> Audience:
    """The leading roles of a school that read all of these rows."""
    may = readers_of(book, school, rows).principals or frozenset()
    return Audience(frozenset(one for one in may if split_principal(one)[0] in LEADING))


@frozen(slots=False)
class Led:
    """A school as those who lead coaching there may see it."""

    view: View
    school: str
    audience: Audience

    @property
    def book(self) -> Book:
        """The book behind it."""
        return self.view.book

    @cached_property
    def policy(self) -> Policy | None:
        """The policy that holds there today."""
        return policy_now(self.book, self.school)

    @cached_property
    def calendar(self) -> SchoolYear | None:
        """The calendar of this school year, or None where it is missing."""
        return calendar_now(self.book, self.school)

    def of_type(self, kind: str) -> tuple[RecordView, ...]:
        """The records of a type at the school that everybody on the page may read."""
        if kind not in self._seen:
            here = (one for one in self.view.of_type(kind) if one.school == self.school)
            self._seen[kind] = tuple(one for one in here if one.audience.admits(self.audience))
        return self._seen[kind]

    @cached_property
    def sessions(self) -> tuple[RecordView, ...]:
        """The sessions of this school year."""
        return tuple(one for one in self.of_type("session") if self.is_this_year(one))

    @cached_property
    def cycles(self) -> tuple[RecordView, ...]:
        """All cycles."""
        return self.of_type("cycle")

    @cached_property
    def paths(self) -> frozenset[str]:
        """Where the sessions lie that may be counted, those of earlier years too."""
        return frozenset(one.record.path for one in self.of_type("session"))

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """Everybody who is at the school today, by name."""
        found = (one for one in self.book.people.values() if self.school in one.schools)
        today = self.book.today
        return tuple(sorted((p for p in found if active(p, today)), key=lambda p: (p.name, p.id)))

    def is_this_year(self, record: RecordView) -> bool:
        """Whether a record belongs to the school year of today."""
        today = self.book.today
        return record.day is not None and school_year(record.day) == school_year(today)

    def label(self, value: T, what: str) -> Labelled[T]:
        """Labels something told from records that everybody on the page may read."""
        return Labelled(value, self.audience, f"{what} of {self.school}")

    def name(self, person: str) -> Labelled[str]:
        """The full name of somebody; this audience reads who works at the school."""
        return self.label(display(self.book, person), f"name of {person}")

    def names(self, people: Iterable[str]) -> Labelled[str]:
        """Some people by the names that colleagues use."""
        return self.label(join([short(self.book, one) for one in people]), "names")

    @cached_property
    def _seen(self) -> dict[str, tuple[RecordView, ...]]:
        """What has been asked for already."""
        return {}


def thread_title(record: RecordView) -> str:
    """The people of a pair, a group, a cycle or a training, by the names that colleagues use."""
    sides = ("coachee", "coach") if "coach" in record.people else tuple(record.people)
    groups = (join([record.short_name(one) for one in record.people[side]]) for side in sides)
    return " with ".join(filter(None, groups))


def thread_href(led: Led, record: RecordView) -> str:
    """The page of a cycle, a pair or a group, if there is one and everybody here may open it."""
    view = led.view
    kind = "cycle" if record.id in view.cycles else "pair" if record.id in view.pairs else ""
    is_open = bool(kind) and thread_audience(view, record).admits(led.audience)
    return f"#/{kind}/{record.id}" if is_open else ""

"""Who has settled a coach, a focus and a time, where coachees choose them.

A policy in which pairs are chosen by the coachee may say by when all three are settled, with
`partnership.settled_by`. What is settled shows in headers alone: the pair; a cycle, the pair's
purpose or a session that says what it is about; a slot in a schedule or a session of this year.

Members of a group coach each other at the group's time, and early career teachers and new staff
are given a mentor, so neither is looked for here.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from coachbook.cadence import MENTORING_KINDS
from coachbook.calendar import TERMS, school_year, terms
from coachbook.policy import policy_in_force
from coachbook.reach import people_meant
from coachbook.timetable import parse_slots
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from coachbook.book import Book, Entry
    from coachbook.calendar import SchoolYear
    from coachbook.people import Person
    from coachbook.policy import Policy

SETTLED_BY = "partnership.settled_by"
COACH, FOCUS, TIME = "coach", "focus", "time"
RECORDS = ("partnership", "group", "cycle", "session", "schedule")
"""The types of record that show what is settled."""

_CHOSEN_BY, _COACHEE = "partnership.chosen_by", "coachee"
_HALF_TERM = "autumn-half-term"
_SAYS_WHAT = frozenset({"books", "planning"})
"""Kinds of session that are a focus by themselves."""

_AHEAD = frozenset({"planned", "open", "paused"})


@frozen
class Deadline:
    """The day by which coachees have settled all three, and the policy that says so."""

    day: date
    policy: Policy


@frozen
class Choice:
    """What somebody has settled: the pair that holds on the day, and what is still missing."""

    person: Person
    pair: Entry | None
    missing: tuple[str, ...]


def deadline(policies: Sequence[Policy], calendar: SchoolYear) -> Deadline | None:
    """The day of a school year, by the version that is in force on it; None where none is set."""
    days = {_HALF_TERM: calendar.half_terms[0].end}
    days |= {name: term.end for name, term in zip(TERMS, terms(calendar), strict=True)}
    for word, day in days.items():
        policy = policy_in_force(policies, day)
        if policy is None or policy.get(SETTLED_BY) != word:
            continue
        ways = policy.get(_CHOSEN_BY)
        if isinstance(ways, tuple) and _COACHEE in ways:
            return Deadline(day, policy)
    return None


def unsettled(
    book: Book, school: str, by: date, records: Mapping[str, Iterable[Entry]]
) -> Iterator[Choice]:
    """Those whom coaching is meant to reach, and who lack one of the three, by name.

    Args:
        by: the day by which it is to be settled; whoever came after it is not looked for.
        records: of each type in `RECORDS`, those that may be looked at.
    """
    pairs, given = _pairs_of(book, by, records["partnership"])
    in_groups = _members(book, records["group"])
    work = _Work(book, records)
    for person in people_meant(book, school):
        if person.start > by or person.id in given or person.id in in_groups:
            continue
        own = pairs.get(person.id, ())
        missing = tuple(work.missing(own)) if own else (COACH, FOCUS, TIME)
        if missing:
            yield Choice(person, own[0] if own else None, missing)


class _Work:
    """The cycles, sessions and slots of this school year, by the pair that they belong to."""

    def __init__(self, book: Book, records: Mapping[str, Iterable[Entry]]) -> None:
        self._year = school_year(book.today)
        self._pair_of: dict[str, str] = {}
        self._focused: set[str] = set()
        self._timed: set[str] = set()
        for cycle in records["cycle"]:
            pair = self._pair_of[cycle.record.id] = str(cycle.values.get("partnership"))
            if cycle.values.get("status") in _AHEAD or self._is_of_year(cycle.day):
                self._focused.add(pair)
        for session in records["session"]:
            self._take_session(session)
        for schedule in records["schedule"]:
            self._take_slots(schedule)

    def missing(self, pairs: Collection[Entry]) -> Iterator[str]:
        """What somebody with these pairs has not settled yet."""
        names = {pair.record.id for pair in pairs}
        has_purpose = any(pair.values.get("purpose") is not None for pair in pairs)
        if not has_purpose and self._focused.isdisjoint(names):
            yield FOCUS
        if self._timed.isdisjoint(names):
            yield TIME

    def _take_session(self, session: Entry) -> None:
        if not self._is_of_year(session.day):
            return
        values = session.values
        pair = self._pair_of.get(str(values.get("cycle"))) or str(values.get("partnership"))
        self._timed.add(pair)
        if values.get("subject") is not None or values.get("kind") in _SAYS_WHAT:
            self._focused.add(pair)

    def _take_slots(self, schedule: Entry) -> None:
        for slot in parse_slots(schedule.values.get("slots")):
            if self._is_of_year(slot.first):
                self._timed.add(self._pair_of.get(slot.who, slot.who))

    def _is_of_year(self, day: date | None) -> bool:
        return day is not None and school_year(day) == self._year


def _pairs_of(
    book: Book, by: date, pairs: Iterable[Entry]
) -> tuple[Mapping[str, Sequence[Entry]], frozenset[str]]:
    """The pairs of each coachee that last until the day or today, and who was given a mentor."""
    chosen: defaultdict[str, list[Entry]] = defaultdict(list)
    given = set()
    for pair in pairs:
        if not _holds(pair, min(by, book.today), book.today):
            continue
        coachee = str(pair.values.get("coachee"))
        if pair.values.get("kind") in MENTORING_KINDS:
            given.add(coachee)
        else:
            chosen[coachee].append(pair)
    return chosen, frozenset(given)


def _holds(pair: Entry, until: date, today: date) -> bool:
    """Whether a pair has begun, and lasts or lasted until a day."""
    end = pair.values.get("end")
    if pair.day is None or pair.day > today or pair.values.get("status") == "proposed":
        return False
    return end >= until if isinstance(end, date) else pair.values.get("status") != "ended"


def _members(book: Book, groups: Iterable[Entry]) -> frozenset[str]:
    """Everyone in a group that coaches today; a team is none."""
    return frozenset(
        member
        for group in groups
        if group.values.get("kind") != "team"
        and group.day is not None
        and group.day <= book.today
        and not (isinstance(end := group.values.get("to"), date) and end < book.today)
        for member in group.parties.get("members", ())
    )

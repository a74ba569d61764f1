"""What sessions on record are counted for: held, missed, kept to time, planned, how long."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING

from coachbook.book import policy_for
from coachbook.calendar import school_days, school_weeks
from coachbook.figures.model import Fact
from coachbook.figures.scope import staff
from coachbook.reach import people_meant
from coachbook.turns import ABSENCE, NO_REASON, NOT_WRITTEN_UP
from coachbook.views import calendar_now

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from coachbook.calendar import HalfTerm, SchoolYear
    from coachbook.figures.model import Period
    from coachbook.people import Person
    from coachbook.views import RecordView, View

LIMIT = "session.minutes.max"

_DIRECTED_HOURS = 1265
_HOUR = 60
_TEACHER = "teacher"


def sessions_in(view: View, school: str, period: Period) -> list[RecordView]:
    """The sessions of a school, in a cycle or outside of one."""
    return [
        session
        for session in view.of_type("session")
        if session.school == school and period.holds(session.day)
    ]


def held_in(view: View, school: str, period: Period) -> list[RecordView]:
    """The sessions of a school that took place."""
    return [one for one in sessions_in(view, school, period) if one.raw("status") == "held"]


def coached(record: RecordView) -> tuple[str, ...]:
    """Whom a session or a cycle is for: the coachee, or the members of a group."""
    return (*record.people.get("coachee", ()), *record.people.get("members", ()))


def kept(view: View, school: str, period: Period) -> Iterator[Fact]:
    """Every session on record whose day has come, and whether it was held."""
    for session in _on_record(view, school, period):
        yield _of(session, session.raw("status") == "held")


def unkept(view: View, school: str, period: Period) -> Iterator[Fact]:
    """Every session on record that was not held, by its reason, among all on record."""
    for session in _on_record(view, school, period):
        if session.raw("status") == "held":
            yield Fact(frozenset(coached(session)), 0, 0, record=session, day=session.day)
        else:
            yield _of(session, 1, mark=_reason(session))


def length(view: View, school: str, period: Period) -> Iterator[Fact]:
    """Every session whose length is known, and whether it kept to the limit of its day."""
    for session in held_in(view, school, period):
        minutes = session.raw("minutes")
        if isinstance(minutes, int):
            yield _of(session, minutes <= _limit(view, session, minutes))


def planned(view: View, school: str, period: Period) -> Iterator[Fact]:
    """Every session that says whether it was in the timetable, and whether it was."""
    for session in held_in(view, school, period):
        if isinstance(session.raw("scheduled"), bool):
            yield _of(session, session.raw("scheduled") is True)


def minutes(view: View, school: str, period: Period) -> Iterator[Fact]:
    """Every session whose length is known, with its minutes."""
    for session in held_in(view, school, period):
        spent = session.raw("minutes")
        if isinstance(spent, int):
            yield _of(session, spent)


def directed(view: View, school: str, period: Period) -> Iterator[Fact]:
    """The minutes of each teacher in sessions, of their directed time so far.

    Directed time is 1,265 hours a year, less for part-time; leaders have none.
    """
    calendar = calendar_now(view.book, school)
    if calendar is None:
        return
    share = _elapsed(calendar, period)
    spent = _minutes_by_person(held_in(view, school, period))
    for person in staff(view.book, school):
        whole = _DIRECTED_HOURS * _HOUR * (person.fte or 1) * share
        if person.category == _TEACHER and whole:
            yield Fact(frozenset({person.id}), spent[person.id], whole, person=person)


def reached(view: View, school: str, period: Period) -> Iterator[Fact]:
    """Everybody whom the policy means to reach, and whether they had a session."""
    found = {person for one in held_in(view, school, period) for person in coached(one)}
    for person in people_meant(view.book, school):
        yield Fact(frozenset({person.id}), person.id in found, person=person)


def gap(view: View, school: str, period: Period) -> Iterator[Fact]:
    """For everybody who had a session, the longest run of school weeks without one."""
    calendar = calendar_now(view.book, school)
    if calendar is None:
        return
    weeks = [week for half in calendar.half_terms for week in school_weeks(calendar, half)]
    days = _days_by_person(held_in(view, school, period))
    for person in staff(view.book, school):
        if person.id in days:
            last = period.end if _is_going_on(view, school, person) else max(days[person.id])
            longest = _longest_run(weeks, days[person.id], last)
            yield Fact(frozenset({person.id}), longest, person=person)


def _of(session: RecordView, part: float, mark: str = "") -> Fact:
    return Fact(frozenset(coached(session)), part, record=session, day=session.day, mark=mark)


def _on_record(view: View, school: str, period: Period) -> Iterator[RecordView]:
    """The sessions whose day has come and that were not prevented by absence or an end."""
    for session in sessions_in(view, school, period):
        status = session.raw("status")
        if status == "held" or (
            (status == "missed" or _is_past(view, session))
            and session.raw("missed_reason") != ABSENCE
            and not _is_resting(view, session)
            and not _has_left(view, session)
        ):
            yield session


def _is_past(view: View, session: RecordView) -> bool:
    return session.day is not None and session.day < view.book.today


def _is_resting(view: View, session: RecordView) -> bool:
    """True where the cycle, or the pair, was paused on the day of the session."""
    cycle = view.cycles.get(str(session.raw("cycle") or ""))
    name = str(session.raw("partnership") or (cycle.raw("partnership") if cycle else "") or "")
    pair = view.book.partnerships.get(name)
    spells = [(cycle.raw("paused_from"), cycle.raw("resumed_on"))] if cycle else []
    spells += [(pair.paused_from, pair.resumed_on)] if pair else []
    return any(_holds(first, until, session.day) for first, until in spells)


def _holds(first: object, until: object, day: dt.date | None) -> bool:
    if day is None or not isinstance(first, dt.date) or day < first:
        return False
    return not isinstance(until, dt.date) or day < until


def _has_left(view: View, session: RecordView) -> bool:
    people = (view.book.people.get(one) for group in session.people.values() for one in group)
    day = session.day
    return day is not None and any(one and one.end and one.end < day for one in people)


def _reason(session: RecordView) -> str:
    if session.raw("status") != "missed":
        return NOT_WRITTEN_UP
    return str(session.raw("missed_reason") or NO_REASON)


def _limit(view: View, session: RecordView, otherwise: int) -> int:
    """The longest that a session should take, by the policy of its day."""
    policy = policy_for(view.book, session.record)
    limit = policy.get(LIMIT) if policy else None
    return limit if isinstance(limit, int) else otherwise


def _elapsed(calendar: SchoolYear, period: Period) -> float:
    """The share of the year's school days that lies in the period."""
    days = school_days(calendar)
    return sum(period.holds(day) for day in days) / len(days) if days else 0


def _minutes_by_person(sessions: Iterable[RecordView]) -> Counter[str]:
    """How many minutes everybody spent in sessions, on whichever side."""
    found: Counter[str] = Counter()
    for session in sessions:
        spent = session.raw("minutes")
        for person in {one for group in session.people.values() for one in group}:
            found[person] += spent if isinstance(spent, int) else 0
    return found


def _days_by_person(sessions: Iterable[RecordView]) -> dict[str, list[dt.date]]:
    found: dict[str, list[dt.date]] = {}
    for session in sessions:
        for person in coached(session) if session.day else ():
            if session.day:
                found.setdefault(person, []).append(session.day)
    return found


def _is_going_on(view: View, school: str, person: Person) -> bool:
    """True while a cycle at the school in which somebody is coached is open."""
    return any(
        cycle.school == school
        and cycle.raw("status") == "open"
        and person.id in cycle.people.get("coachee", ())
        for cycle in view.cycles_of(person.id)
    )


def _longest_run(weeks: Sequence[HalfTerm], days: Sequence[dt.date], last: dt.date) -> int:
    """The most school weeks in a row without one of the days, from the first day to the last."""
    longest = run = 0
    ordered = sorted(days)
    for week in weeks:
        if ordered[0] <= week.end < last:
            following = bisect_left(ordered, week.start)
            run = 0 if following < len(ordered) and ordered[following] in week else run + 1
            longest = max(longest, run)
    return longest

"""What cycles, needs and pairs are counted for."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from coachbook.book import policy_now
from coachbook.figures.model import Fact
from coachbook.figures.sessions import coached
from coachbook.people import active
from coachbook.timetable import parse_pair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.book import Book
    from coachbook.figures.model import Period
    from coachbook.people import Partnership
    from coachbook.views import RecordView, View

TRAINING = "training.required_before"

_RUNNING = frozenset({"open", "paused"})
_COACHED = frozenset({"coaching", "peer"})
_WEEK = 7
_AGES = ((6, "under 6 weeks"), (12, "6 to 11 weeks"))
_OLD = "12 weeks or more"
AGES = (*(name for _, name in _AGES), _OLD)
"""How long a cycle has been going on, in weeks of the year, not of school."""


def finished(view: View, school: str, period: Period) -> Iterator[Fact]:
    """Every cycle that was closed, and whether it has an impact statement."""
    for cycle in view.cycles.values():
        day = _closed(cycle)
        if cycle.school == school and cycle.raw("status") == "closed" and period.holds(day):
            yield _of(cycle, bool(view.statements.get(cycle.id)), day)


def running(view: View, school: str, period: Period) -> Iterator[Fact]:
    """Every cycle that is going on at the end of the period, paused ones too."""
    for cycle in view.cycles.values():
        if cycle.school == school and cycle.raw("status") in _RUNNING and cycle.day:
            yield _of(cycle, 1, cycle.day, _age(cycle.day, period.end))


def goals(view: View, school: str, period: Period) -> Iterator[Fact]:
    """Every cycle that went on in the period, whatever became of it."""
    for cycle in view.cycles.values():
        start, end = cycle.day, _closed(cycle)
        is_over = cycle.raw("status") in {"closed", "ended"} and end and end < period.start
        if cycle.school == school and start and start <= period.end and not is_over:
            yield _of(cycle, 1, start)


def needs(view: View, school: str, period: Period) -> Iterator[Fact]:
    """Every development need that was raised, and whether it has been met.

    One that names no cycle is about nobody who is known.
    """
    for need in view.of_type("cpd-need"):
        if need.school == school and period.holds(need.day):
            yield _of(need, need.raw("status") == "met", need.day)


def load(view: View, school: str, period: Period) -> Iterator[Fact]:
    """For everybody who coaches or mentors at the end of the period, with how many."""
    for coach, pairs in _by_coach(view.book, school, period.end).items():
        person = view.book.people.get(coach)
        yield Fact(frozenset({coach}), len(pairs), person=person)


def trained(view: View, school: str, period: Period) -> Iterator[Fact]:
    """Everybody who coaches, and whether they had the training that the policy asks for."""
    policy = policy_now(view.book, school)
    wanted = policy.get(TRAINING) if policy else None
    kinds = frozenset(wanted) if isinstance(wanted, tuple) else frozenset()
    for coach, pairs in _by_coach(view.book, school, period.end).items():
        if any(pair.kind in _COACHED for pair in pairs):
            done = {
                one.raw("kind")
                for one in view.trainings.get(coach, ())
                if isinstance(day := one.raw("date"), dt.date) and day <= period.end
            }
            yield Fact(frozenset({coach}), kinds <= done, person=view.book.people.get(coach))


def repeats(view: View, school: str, period: Period) -> Iterator[Fact]:
    """Every pair of a round that began in the period, and whether they were a pair before."""
    rounds = sorted(
        (one for one in view.of_type("rotation") if one.school == school and one.day),
        key=lambda one: (one.day or dt.date.min, one.id),
    )
    before: set[tuple[str, str]] = set()
    for one in rounds:
        pairs = _pairs(one)
        for pair in pairs if period.holds(one.day) else ():
            yield Fact(frozenset(pair), pair in before, record=one, day=one.day)
        before.update(pairs)


def _of(record: RecordView, part: float, day: dt.date | None, mark: str = "") -> Fact:
    return Fact(frozenset(coached(record)), part, record=record, day=day, mark=mark)


def _closed(cycle: RecordView) -> dt.date | None:
    day = cycle.raw("closed_on") or cycle.raw("planned_end")
    return day if isinstance(day, dt.date) else None


def _age(start: dt.date, today: dt.date) -> str:
    weeks = (today - start).days // _WEEK
    return next((name for limit, name in _AGES if weeks < limit), _OLD)


def _by_coach(book: Book, school: str, day: dt.date) -> dict[str, list[Partnership]]:
    """The pairs that work together on a day, by their coach."""
    found: dict[str, list[Partnership]] = {}
    for pair in book.partnerships.values():
        if pair.school == school and pair.status == "active" and active(pair, day):
            found.setdefault(pair.coach, []).append(pair)
    return dict(sorted(found.items()))


def _pairs(rotation: RecordView) -> list[tuple[str, str]]:
    lines = rotation.raw("pairs")
    entries = lines if isinstance(lines, tuple) else ()
    found = (parse_pair(line) for line in entries if isinstance(line, str))
    return [pair for pair in found if pair]

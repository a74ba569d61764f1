"""What a person has to do next, from clear headers alone.

Soft expectations are worded as such: a weekly rhythm the policy hopes for is
"usual", not "overdue" (domain.md B-24).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachbook.book import policy_now
from coachbook.calendar import add_school_days, format_day
from coachbook.views import calendar_now

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.views import RecordView, View

_SOON = dt.timedelta(days=14)
_SCHOOL_WEEK = 5


@dataclass(frozen=True, slots=True)
class DueItem:
    """Something to do: when, in which cycle, in words."""

    when: dt.date
    words: str
    cycle: RecordView
    late: bool


def due_for(view: View, person: str) -> tuple[DueItem, ...]:
    """Everything due for the person in open cycles, the earliest first."""
    items = [
        item
        for cycle in view.cycles_of(person)
        if cycle.raw("status") in {"open", "planned"}
        for item in _of_cycle(view, cycle)
    ]
    return tuple(sorted(items, key=lambda item: (item.when, item.cycle.id, item.words)))


def next_session(view: View, cycle: RecordView) -> RecordView | None:
    """The next planned session from today on, or None."""
    today = view.book.today
    planned = (s for s in view.sessions_of(cycle.id) if s.raw("status") == "planned")
    return next((s for s in planned if s.day and s.day >= today), None)


def last_held(view: View, cycle: RecordView) -> RecordView | None:
    """The latest session that took place, or None."""
    held = [s for s in view.sessions_of(cycle.id) if s.raw("status") == "held"]
    return held[-1] if held else None


def _of_cycle(view: View, cycle: RecordView) -> Iterator[DueItem]:
    yield from _unwritten(view, cycle)
    yield from _upcoming(view, cycle)
    yield from _ending(view, cycle)


def _unwritten(view: View, cycle: RecordView) -> Iterator[DueItem]:
    today = view.book.today
    for session in view.sessions_of(cycle.id):
        if session.raw("status") == "planned" and session.day and session.day < today:
            words = f"Write up the session planned for {format_day(session.day)}, or mark it missed"
            yield DueItem(session.day, words, cycle, late=True)


def _upcoming(view: View, cycle: RecordView) -> Iterator[DueItem]:
    planned = next_session(view, cycle)
    if planned and planned.day:
        yield DueItem(planned.day, f"Session on {format_day(planned.day)}", cycle, late=False)
        return
    usual = _usual_next(view, cycle)
    if usual:
        words = f"Plan the next session; the usual rhythm makes it {format_day(usual)}"
        yield DueItem(usual, words, cycle, late=False)


def _usual_next(view: View, cycle: RecordView) -> dt.date | None:
    policy = policy_now(view.book, cycle.school)
    calendar = calendar_now(view.book, cycle.school)
    last = last_held(view, cycle)
    if policy is None or calendar is None or last is None or last.day is None:
        return None
    if policy.get("cadence.coaching") is None:
        return None
    usual = add_school_days(calendar, last.day, _SCHOOL_WEEK)
    return max(usual, view.book.today) if usual else None


def _ending(view: View, cycle: RecordView) -> Iterator[DueItem]:
    end = cycle.raw("planned_end")
    if not isinstance(end, dt.date) or end - view.book.today > _SOON:
        return
    if end < view.book.today:
        words = f"The cycle was planned to end on {format_day(end)}: close it or set a new date"
        yield DueItem(end, words, cycle, late=True)
    else:
        yield DueItem(end, f"The cycle is planned to end on {format_day(end)}", cycle, late=False)

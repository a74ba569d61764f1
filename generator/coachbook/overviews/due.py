"""What a person has to do next, from clear headers alone.

Soft expectations are worded as such: a weekly rhythm the policy hopes for is
"usual", not "overdue" (domain.md B-24).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from coachbook.book import policy_now
from coachbook.cadence import (
    COACHING,
    FIRST_YEAR,
    GROUPS,
    LATER,
    MENTORING,
    next_by,
    rhythms,
)
from coachbook.calendar import format_day
from coachbook.induction import in_first_year
from coachbook.overviews.wording import cycle_href, is_mentoring, pair_href
from coachbook.values import frozen
from coachbook.views import calendar_now, public

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.audience import Labelled
    from coachbook.parameters import Cadence
    from coachbook.views import RecordView, View

_SOON = dt.timedelta(days=14)
_AHEAD = dt.timedelta(days=60)
_SHORT = ("week", "fortnight")


@frozen
class DueItem:
    """Something to do: when, about which record, in words, and where it is shown.

    `usual` is true where nobody has fixed a day and the rhythm of the policy suggests one.
    """

    when: dt.date
    words: str
    about: RecordView
    href: Labelled[str]
    late: bool
    usual: bool = False


def due_for(view: View, person: str) -> tuple[DueItem, ...]:
    """Everything due for the person: in open cycles, pairs and training; the earliest first."""
    items = [
        item
        for cycle in view.cycles_of(person)
        if cycle.raw("status") in {"open", "planned"}
        for item in _of_cycle(view, cycle)
    ]
    items += [
        item
        for pair in view.pairs_by_person.get(person, ())
        if is_under_way(view, pair)
        for item in (*_unwritten(view, pair), *_upcoming(view, pair))
    ]
    items += _trainings(view, person)
    items += _reviews(view, person)
    return tuple(sorted(items, key=lambda item: (item.when, item.about.id, item.words)))


def next_session(view: View, thread: RecordView) -> RecordView | None:
    """The next planned session of a cycle, pair or group from today on, or None."""
    today = view.book.today
    planned = (s for s in view.sessions_of(thread.id) if s.raw("status") == "planned")
    return next((s for s in planned if s.day and s.day >= today), None)


def last_held(view: View, thread: RecordView) -> RecordView | None:
    """The latest session that took place, or None."""
    held = [s for s in view.sessions_of(thread.id) if s.raw("status") == "held"]
    return held[-1] if held else None


def _of_cycle(view: View, cycle: RecordView) -> Iterator[DueItem]:
    yield from _unwritten(view, cycle)
    yield from _upcoming(view, cycle)
    yield from _ending(view, cycle)


def is_under_way(view: View, pair: RecordView) -> bool:
    """True if a pair or group works together today, and not in a cycle that is open anyway."""
    if pair.record.type == "group":
        end = pair.raw("to")
        return not isinstance(end, dt.date) or end >= view.book.today
    people = next(iter(pair.people.values()), ())
    is_in_cycle = any(
        cycle.raw("partnership") == pair.id and cycle.raw("status") in {"open", "planned"}
        for person in people
        for cycle in view.cycles_of(person)
    )
    return pair.raw("status") == "active" and not is_in_cycle


def _unwritten(view: View, thread: RecordView) -> Iterator[DueItem]:
    today = view.book.today
    for session in view.sessions_of(thread.id):
        if session.raw("status") == "planned" and session.day and session.day < today:
            words = f"Write up the session planned for {format_day(session.day)}, or mark it missed"
            yield _of(session.day, words, thread, late=True)


def _upcoming(view: View, thread: RecordView) -> Iterator[DueItem]:
    planned = next_session(view, thread)
    if planned and planned.day:
        yield _of(planned.day, f"Session on {format_day(planned.day)}", thread)
        return
    rhythm = _rhythm(view, thread)
    usual = _usual_next(view, thread, rhythm) if rhythm else None
    if rhythm and usual and usual - view.book.today <= _AHEAD:
        makes = "makes it" if rhythm.period in _SHORT else "wants one by"
        words = f"Plan the next session; the usual rhythm {makes} {format_day(usual)}"
        yield replace(_of(usual, words, thread), usual=True)


def _rhythm(view: View, thread: RecordView) -> Cadence | None:
    """How often the policy of today hopes that these people meet."""
    policy = policy_now(view.book, thread.school)
    if policy is None:
        return None
    key = MENTORING if is_mentoring(view, thread) else COACHING
    kinds = _kinds(view, thread)
    return next((one for one in rhythms(policy, key) if one.kind in kinds), None)


def _usual_next(view: View, thread: RecordView, rhythm: Cadence) -> dt.date | None:
    calendar = calendar_now(view.book, thread.school)
    last = last_held(view, thread)
    if calendar is None or last is None or last.day is None:
        return None
    usual = next_by(calendar, rhythm, last.day)
    return max(usual, view.book.today) if usual else None


def _kinds(view: View, thread: RecordView) -> tuple[str, ...]:
    """The kinds of rhythm that hold: those of groups, or all and those of the coachee's stage."""
    if thread.record.type == "group":
        return ("", GROUPS)
    people = (view.book.people.get(one) for one in thread.people.get("coachee", ()))
    is_first = any(one is not None and in_first_year(one, view.book.today) for one in people)
    return ("", FIRST_YEAR if is_first else LATER)


def _trainings(view: View, person: str) -> Iterator[DueItem]:
    """Training that has to be done by a day, as far as the person may read of it."""
    for training in view.trainings.get(person, ()):
        due = training.raw("due")
        if isinstance(due, dt.date) and training.raw("date") is None:
            late = due < view.book.today
            words = f"Training “{training.raw('title')}” is due by {format_day(due)}"
            yield DueItem(due, words, training, public(""), late=late)


def _reviews(view: View, person: str) -> Iterator[DueItem]:
    """Reviews of how a pair works together, two months ahead."""
    for pair in view.partnerships.get(person, ()):
        day = pair.raw("review_on")
        if pair.raw("status") != "active" or not isinstance(day, dt.date):
            continue
        if day - view.book.today <= _AHEAD:
            late = day < view.book.today
            words = f"Look together at how the pair works, by {format_day(day)}"
            yield DueItem(day, words, pair, pair.label("", "review_on"), late=late)


def _of(when: dt.date, words: str, thread: RecordView, *, late: bool = False) -> DueItem:
    href = cycle_href(thread) if thread.record.type == "cycle" else pair_href(thread)
    return DueItem(when, words, thread, href, late)


def _ending(view: View, cycle: RecordView) -> Iterator[DueItem]:
    end = cycle.raw("planned_end")
    if not isinstance(end, dt.date) or end - view.book.today > _SOON:
        return
    if end < view.book.today:
        words = f"The cycle was planned to end on {format_day(end)}: close it or set a new date"
        yield _of(end, words, cycle, late=True)
    else:
        yield _of(end, f"The cycle is planned to end on {format_day(end)}", cycle)

"""What a school's coaching has to do next: due this week, this half-term, and overdue.

Two sources: turns of the policy's rhythm that nobody has answered, and what each pair, group and
cycle has to do by a day (`due`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachbook.calendar import half_term_of, next_school_day
from coachbook.overviews.due import due_for
from coachbook.overviews.leading import thread_title
from coachbook.overviews.rhythm import span_words
from coachbook.overviews.turns import DUE, LATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coachbook.calendar import HalfTerm
    from coachbook.overviews.leading import Led
    from coachbook.overviews.rhythm import Board
    from coachbook.views import RecordView

OVERDUE, THIS_WEEK, THIS_HALF_TERM, LATER = "overdue", "this week", "this half-term", "later"
"""When something is to be done, the most pressing first."""

_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Task:
    """Something that is to be done: by when, by whom, in words, and how pressing it is."""

    when: dt.date
    who: str
    words: str
    urgency: str
    about: RecordView


def agenda(led: Led, boards: Sequence[Board]) -> tuple[Task, ...]:
    """Everything that is overdue or to be done by the end of this half-term, by day."""
    found = {(task.about.id, task.words): task for task in (*_turns(led, boards), *_items(led))}
    wanted = (task for task in found.values() if task.urgency != LATER)
    return tuple(sorted(wanted, key=lambda task: (task.when, task.who, task.words)))


def end_of_week(today: dt.date) -> dt.date:
    """The Friday of this week; on a weekend the Friday of the next."""
    return today + dt.timedelta(days=(_FRIDAY - today.weekday()) % 7)


def this_half_term(led: Led) -> HalfTerm | None:
    """The half-term of today, in a break the one that comes; None without a calendar."""
    calendar, today = led.calendar, led.book.today
    if calendar is None:
        return None
    following = next_school_day(calendar, today)
    return half_term_of(calendar, today) or (
        half_term_of(calendar, following) if following else None
    )


def _turns(led: Led, boards: Sequence[Board]) -> Iterator[Task]:
    """The turns of each rhythm that can still be answered, or made up for."""
    since = _since(led)
    for board in boards:
        usual = f"{board.often} is {'expected' if board.firm else 'usual'}"
        for line in board.lines:
            for turn in line.turns if not line.is_over(led.book.today) else ():
                if turn.state in (DUE, LATE) and turn.span.end >= since:
                    fact = turn.part or ("nothing on record" if turn.state == LATE else "none yet")
                    span = span_words(turn.span, board.rhythm)
                    words = f"{board.whom}, {span}: {fact}; {usual}"
                    yield _task(led, turn.span.end, words, line.thread, late=turn.state == LATE)


def _since(led: Led) -> dt.date:
    """The first day of the half-term before this one: what is older is past making up for."""
    current, spans = this_half_term(led), led.calendar.half_terms if led.calendar else ()
    earlier = [one.start for one in spans if current and one.start < current.start]
    return earlier[-1] if earlier else dt.date.min


def _items(led: Led) -> Iterator[Task]:
    """What pairs, groups and cycles have to do by a day, once for all who are in them."""
    for person in led.people:
        for item in due_for(led.view, person.id):
            is_here = item.about.school == led.school
            if is_here and item.about.audience.admits(led.audience) and not item.usual:
                yield _task(led, item.when, item.words, item.about, late=item.late)


def _task(led: Led, when: dt.date, words: str, about: RecordView, *, late: bool) -> Task:
    return Task(when, thread_title(about), words, _urgency(led, when, late=late), about)


def _urgency(led: Led, when: dt.date, *, late: bool) -> str:
    today, half_term = led.book.today, this_half_term(led)
    if late or when < today:
        return OVERDUE
    if when <= end_of_week(today):
        return THIS_WEEK
    return THIS_HALF_TERM if half_term and when <= half_term.end else LATER

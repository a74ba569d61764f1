"""What a school's coaching has to do next: due this week, this half-term, and overdue.

Two sources: turns of the policy's rhythm that nobody has answered, and what each pair, group and
cycle has to do by a day (`due`).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from coachbook.calendar import half_term_of, next_school_day
from coachbook.overviews.due import due_for
from coachbook.overviews.leading import thread_title
from coachbook.overviews.rhythm import span_words
from coachbook.overviews.turns import DUE, LATE
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coachbook.calendar import HalfTerm
    from coachbook.overviews.leading import Led
    from coachbook.overviews.rhythm import Board
    from coachbook.views import RecordView

OVERDUE, THIS_WEEK, THIS_HALF_TERM, LATER = "overdue", "this week", "this half-term", "later"
"""When something is to be done, the most pressing first."""

_FRIDAY = 4


@frozen
class Task:
    """Something that is to be done: by when, by whom, in words, and how pressing it is."""

    when: dt.date
    who: str
    words: str
    urgency: str
    about: RecordView


def agenda(led: Led, boards: Sequence[Board]) -> tuple[Task, ...]:
    """Everything that is overdue or to be done by the end of this half-term, by day."""
    ends = _ends(led)
    tasks = (*_turns(led, boards, ends), *_items(led, ends))
    found = {(task.about.id, task.words): task for task in tasks}
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


def _turns(led: Led, boards: Sequence[Board], ends: _Ends) -> Iterator[Task]:
    """The turns of each rhythm that can still be answered, or made up for."""
    since = _since(led)
    for board in boards:
        usual = f"{board.often} is {'expected' if board.firm else 'usual'}"
        spans = {span: f"{board.whom}, {span_words(span, board.rhythm)}" for span in board.spans}
        for line in board.lines:
            who = thread_title(line.thread)
            for turn in line.turns if not line.is_over(led.book.today) else ():
                if turn.state in (DUE, LATE) and turn.span.end >= since:
                    late = turn.state == LATE
                    fact = turn.part or ("nothing on record" if late else "none yet")
                    words, when = f"{spans[turn.span]}: {fact}; {usual}", turn.span.end
                    yield Task(when, who, words, ends.urgency(when, late=late), line.thread)


def _since(led: Led) -> dt.date:
    """The first day of the half-term before this one: what is older is past making up for."""
    current, spans = this_half_term(led), led.calendar.half_terms if led.calendar else ()
    earlier = [one.start for one in spans if current and one.start < current.start]
    return earlier[-1] if earlier else dt.date.min


def _items(led: Led, ends: _Ends) -> Iterator[Task]:
    """What pairs, groups and cycles have to do by a day, once for all who are in them."""
    for person in led.people:
        for item in due_for(led.view, person.id):
            is_here = item.about.school == led.school
            if is_here and item.about.audience.admits(led.audience) and not item.usual:
                urgency = ends.urgency(item.when, late=item.late)
                yield Task(item.when, thread_title(item.about), item.words, urgency, item.about)


@frozen
class _Ends:
    """The days by which a task is pressing: today, the end of this week and of this half-term."""

    today: dt.date
    week: dt.date
    half_term: dt.date

    def urgency(self, when: dt.date, *, late: bool) -> str:
        """How pressing a task is that is to be done by a day, or is late already."""
        if late or when < self.today:
            return OVERDUE
        if when <= self.week:
            return THIS_WEEK
        return THIS_HALF_TERM if when <= self.half_term else LATER


def _ends(led: Led) -> _Ends:
    today, half_term = led.book.today, this_half_term(led)
    return _Ends(today, end_of_week(today), half_term.end if half_term else dt.date.min)

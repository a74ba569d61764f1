"""How each pair and group keeps to the rhythm of the policy, turn by turn.

A board shows one rhythm: the weeks of this half-term where it goes by weeks or fortnights, and
otherwise the half-terms or terms of the year. What a turn asked for is told by the version of
the policy that was in force when its stretch of the year began.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from coachbook.cadence import (
    COACHING,
    FIRST_YEAR,
    GROUPS,
    LATER,
    MENTORING,
    frames,
    is_firm,
    rhythms,
    sessions_of,
)
from coachbook.calendar import format_span
from coachbook.overviews.turns import OFF, Turn, turn_of
from coachbook.turns import asked_of
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coachbook.cadence import Frame
    from coachbook.calendar import HalfTerm, SchoolYear
    from coachbook.overviews.leading import Led
    from coachbook.parameters import Cadence
    from coachbook.policy import Policy
    from coachbook.turns import Asked
    from coachbook.views import RecordView

_WHOM = {
    GROUPS: "Groups",
    FIRST_YEAR: "In the first year",
    LATER: "After the first year",
    "pairs": "Pairs",
    COACHING: "Coaching",
    MENTORING: "Mentoring",
}
_SHORT = ("week", "fortnight")
_OVER = frozenset({"ended", "stopped"})


@frozen
class Line:
    """One pair or group with its turns."""

    thread: RecordView
    turns: tuple[Turn, ...]

    def is_over(self, today: dt.date) -> bool:
        """Whether they no longer work together."""
        end = self.thread.raw("to")
        left = isinstance(end, dt.date) and end < today
        return left or self.thread.raw("status") in _OVER


@frozen
class Board:
    """One rhythm of the policy with everybody whom it asks something of."""

    key: str
    rhythm: Cadence
    clause: str
    firm: bool
    spans: tuple[HalfTerm, ...]
    lines: tuple[Line, ...]
    today: dt.date

    @property
    def often(self) -> str:
        """The rhythm without whom it is for: "once a week"."""
        return replace(self.rhythm, kind="").in_words()

    @property
    def whom(self) -> str:
        """Whom, or what kind of session, it is for: "Groups"."""
        named = _WHOM.get(self.rhythm.kind, self.rhythm.kind.capitalize())
        return named or _WHOM[self.key]

    @property
    def title(self) -> str:
        """Whom it is for, and how often: "Groups: once a term for each subject"."""
        return f"{self.whom}: {self.often}"


def boards(led: Led, kind: str | None = None) -> tuple[Board, ...]:
    """Every rhythm that the policy of today has for coaching and mentoring, with its lines.

    Args:
        led: the school.
        kind: the one kind of rhythm that is wanted; all where it is left out.
    """
    calendar, policy = led.calendar, led.policy
    if calendar is None or policy is None:
        return ()
    return tuple(
        _board(led, calendar, policy, key, rhythm)
        for key in (COACHING, MENTORING)
        for rhythm in rhythms(policy, key)
        if kind in (None, rhythm.kind)
    )


def by_subject(led: Led, board: Board, group: RecordView) -> tuple[tuple[str, Line], ...]:
    """The turns of a group for each subject that the policy names, where a rhythm asks for each."""
    asked = _asked(led, board.key, board.rhythm, group)
    subjects = dict.fromkeys(name for one in asked for name in one.subjects)
    return tuple(
        (name, _line([_in(one, name) for one in asked], board, group)) for name in subjects
    )


def _in(asked: Asked, subject: str) -> Asked:
    """What is asked of a group in one subject."""
    mine = tuple(one for one in asked.sessions if one.values.get("subject") == subject)
    return replace(asked, sessions=mine, subjects=())


def _board(led: Led, calendar: SchoolYear, policy: Policy, key: str, rhythm: Cadence) -> Board:
    shown = _frames(calendar, rhythm, led.book.today)
    empty = Board(
        key,
        rhythm,
        policy.clause_of(key),
        is_firm(policy) if key == COACHING else rhythm.kind == FIRST_YEAR,
        tuple(turn for frame in shown for turn in frame.turns),
        (),
        led.book.today,
    )
    lines = (
        _line(_asked(led, key, rhythm, one), empty, one)
        for kind in ("group", "partnership")
        for one in led.of_type(kind)
    )
    return replace(
        empty,
        lines=tuple(line for line in lines if any(turn.state != OFF for turn in line.turns)),
    )


def _frames(calendar: SchoolYear, rhythm: Cadence, today: dt.date) -> tuple[Frame, ...]:
    """The frames of a board: this half-term alone for weeks, or else the whole year."""
    found = frames(calendar, rhythm.period)
    if rhythm.period not in _SHORT:
        return found
    begun_already = [one for one in found if one.span.start <= today]
    return tuple(begun_already[-1:]) or found[:1]


def _line(asked: Sequence[Asked], board: Board, thread: RecordView) -> Line:
    """The turns of a pair or a group; off where no version of the policy asked for them."""
    by_turn = {turn: one for one in asked for frame in one.frames for turn in frame.turns}
    turns = (
        turn_of(by_turn[span], span, board.today) if span in by_turn else Turn(span, OFF, "")
        for span in board.spans
    )
    return Line(thread, tuple(turns))


def _asked(led: Led, key: str, rhythm: Cadence, thread: RecordView) -> list[Asked]:
    """What each version of the policy asks by a rhythm, beside the sessions that may be shown."""
    entry = led.book.entries[thread.record.path]
    if led.calendar is None:
        return []
    seen = [one for one in sessions_of(led.book, thread.id) if one.record.path in led.paths]
    found = asked_of(led.book, entry, led.calendar, seen)
    return [one for one in found if (one.key, one.rhythm) == (key, rhythm)]


def span_words(span: HalfTerm, rhythm: Cadence) -> str:
    """What the column of a turn is called: its name, or the days of a week."""
    return format_span(span.start, span.end) if rhythm.period in _SHORT else span.name

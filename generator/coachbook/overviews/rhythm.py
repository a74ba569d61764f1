"""How each pair and group keeps to the rhythm of the policy, turn by turn.

A board shows one rhythm: the weeks of this half-term where it goes by weeks or fortnights, and
otherwise the half-terms or terms of the year. What a turn asked for is told by the version of
the policy that was in force when its stretch of the year began.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coachbook.cadence import (
    COACHING,
    FIRST_YEAR,
    GROUPS,
    LATER,
    MENTORING,
    MENTORING_KINDS,
    accounted,
    begun,
    coached,
    frames,
    is_firm,
    lasting,
    of_kind,
    pauses,
    rhythms,
    sessions_of,
)
from coachbook.calendar import format_span
from coachbook.induction import in_first_year
from coachbook.overviews.turns import OFF, Asked, Turn, turn_of
from coachbook.policy import policy_in_force

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.cadence import Frame
    from coachbook.calendar import HalfTerm, SchoolYear
    from coachbook.overviews.leading import Led
    from coachbook.parameters import Cadence
    from coachbook.policy import Policy
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
_AT_WORK = frozenset({"active", "paused"}) | _OVER


@dataclass(frozen=True, slots=True)
class Line:
    """One pair or group with its turns."""

    thread: RecordView
    turns: tuple[Turn, ...]

    def is_over(self, today: dt.date) -> bool:
        """Whether they no longer work together."""
        end = self.thread.raw("to")
        left = isinstance(end, dt.date) and end < today
        return left or self.thread.raw("status") in _OVER


@dataclass(frozen=True, slots=True)
class Board:
    """One rhythm of the policy with everybody whom it asks something of."""

    key: str
    rhythm: Cadence
    clause: str
    firm: bool
    spans: tuple[HalfTerm, ...]
    lines: tuple[Line, ...]

    @property
    def often(self) -> str:
        """The rhythm without whom it is for: "once a week"."""
        return replace(self.rhythm, kind="").in_words()

    @property
    def title(self) -> str:
        """Whom it is for, and how often: "Groups: once a term for each subject"."""
        whom = _WHOM.get(self.rhythm.kind, self.rhythm.kind.capitalize())
        return f"{whom or _WHOM[self.key]}: {self.often}"


def boards(led: Led) -> tuple[Board, ...]:
    """Every rhythm that the policy of today has for coaching and mentoring, with its lines."""
    calendar, policy = led.calendar, led.policy
    if calendar is None or policy is None:
        return ()
    return tuple(
        _board(led, calendar, policy, key, rhythm)
        for key in (COACHING, MENTORING)
        for rhythm in rhythms(policy, key)
    )


def by_subject(led: Led, board: Board, group: RecordView) -> tuple[tuple[str, Line], ...]:
    """The turns of a group for each subject that the policy names, where a rhythm asks for each."""
    calendar, policy = led.calendar, led.policy
    if calendar is None or policy is None or board.rhythm.each != "subject":
        return ()
    whole = _asked(led, calendar, policy, board.rhythm, group)
    found = []
    for subject in whole.subjects:
        mine = tuple(one for one in whole.sessions if one.values.get("subject") == subject)
        asked = replace(whole, sessions=mine, subjects=())
        turns = (turn_of(asked, span, led.book.today) for span in board.spans)
        found.append((subject, Line(group, tuple(turns))))
    return tuple(found)


def _board(led: Led, calendar: SchoolYear, policy: Policy, key: str, rhythm: Cadence) -> Board:
    shown = _frames(calendar, rhythm, led.book.today)
    lines = (_line(led, calendar, policy, key, rhythm, one) for one in _threads(led, key, rhythm))
    return Board(
        key,
        rhythm,
        policy.clause_of(key),
        is_firm(policy) if key == COACHING else rhythm.kind == FIRST_YEAR,
        tuple(turn for frame in shown for turn in frame.turns),
        tuple(line for line in lines if any(turn.state != OFF for turn in line.turns)),
    )


def _frames(calendar: SchoolYear, rhythm: Cadence, today: dt.date) -> tuple[Frame, ...]:
    """The frames of a board: this half-term alone for weeks, or else the whole year."""
    found = frames(calendar, rhythm.period)
    if rhythm.period not in _SHORT:
        return found
    begun_already = [one for one in found if one.span.start <= today]
    return tuple(begun_already[-1:]) or found[:1]


def _threads(led: Led, key: str, rhythm: Cadence) -> Iterator[RecordView]:
    """The pairs or groups that a rhythm is for."""
    if key == COACHING and rhythm.kind == GROUPS:
        yield from (one for one in led.of_type("group") if one.raw("kind") != "team")
        return
    kinds = frozenset({"coaching"}) if key == COACHING else MENTORING_KINDS
    for pair in led.of_type("partnership"):
        if pair.raw("kind") in kinds and pair.raw("status") in _AT_WORK:
            yield pair


def _line(
    led: Led, calendar: SchoolYear, policy: Policy, key: str, rhythm: Cadence, thread: RecordView
) -> Line:
    asked = _asked(led, calendar, policy, rhythm, thread)
    turns = (
        turn_of(asked, turn, led.book.today)
        if _holds(led, key, rhythm, frame, thread)
        else Turn(turn, OFF, "")
        for frame in _frames(calendar, rhythm, led.book.today)
        for turn in frame.turns
    )
    return Line(thread, tuple(turns))


def _asked(
    led: Led, calendar: SchoolYear, policy: Policy, rhythm: Cadence, thread: RecordView
) -> Asked:
    entry = led.book.entries[thread.record.path]
    seen = (one for one in sessions_of(led.book, thread.id) if one.record.path in led.paths)
    sessions = of_kind(rhythm, seen) if rhythm.kind not in (GROUPS, FIRST_YEAR, LATER) else [*seen]
    is_coaching = thread.raw("kind") == "coaching"
    spells = coached(led.book, entry, policy) if is_coaching else lasting(entry)
    if is_coaching and not is_firm(policy):
        spells = begun(spells, accounted(sessions))
    subjects = policy.get("subject.allowed.groups") if rhythm.each == "subject" else None
    named = subjects if isinstance(subjects, tuple) else ()
    return Asked(calendar, rhythm, tuple(sessions), spells, pauses(entry), tuple(map(str, named)))


def _holds(led: Led, key: str, rhythm: Cadence, frame: Frame, thread: RecordView) -> bool:
    """Whether the policy asked for the rhythm when the frame began, and of people like these."""
    policies = led.book.policies.get(led.school, ())
    then = policy_in_force(policies, frame.span.start) or led.policy
    if then is None or rhythm not in rhythms(then, key):
        return False
    if rhythm.kind not in (FIRST_YEAR, LATER):
        return True
    mentee = led.book.people.get(next(iter(thread.people.get("coachee", ())), ""))
    first = mentee is not None and in_first_year(mentee, frame.span.start)
    return rhythm.kind == (FIRST_YEAR if first else LATER)


def span_words(span: HalfTerm, rhythm: Cadence) -> str:
    """What the column of a turn is called: its name, or the days of a week."""
    return format_span(span.start, span.end) if rhythm.period in _SHORT else span.name

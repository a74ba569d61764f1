"""How each pair and group keeps to the rhythm of the policy, turn by turn.

A board shows one rhythm: the weeks of this half-term where it goes by weeks or fortnights, and
otherwise the half-terms or terms of the year. What a turn asked for is told by the version of
the policy that was in force when its stretch of the year began.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
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
    held,
    is_due,
    is_firm,
    lasting,
    of_kind,
    pauses,
    rhythms,
    sessions_of,
)
from coachbook.calendar import format_day, format_span
from coachbook.induction import in_first_year
from coachbook.overviews.wording import REASON_WORDS
from coachbook.policy import policy_in_force

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coachbook.book import Entry
    from coachbook.cadence import Frame, Spell
    from coachbook.calendar import HalfTerm, SchoolYear
    from coachbook.overviews.leading import Led
    from coachbook.parameters import Cadence
    from coachbook.policy import Policy
    from coachbook.views import RecordView

DONE, MISSED, PLANNED, DUE, LATE, AHEAD, OFF = (
    *("done", "missed", "planned", "due", "late"),
    *("ahead", "off"),
)
"""How a turn stands: held; missed for a reason; planned; due; over without a word; to come; none
asked for."""

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
class Turn:
    """One turn of one pair or group: how it stands, and that in a word or two.

    `part` says how far a turn has come that is not met: "1 of 2".
    """

    span: HalfTerm
    state: str
    words: str
    part: str = ""


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


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a rhythm asks of a pair or a group, and what there is to answer it."""

    calendar: SchoolYear
    rhythm: Cadence
    sessions: tuple[Entry, ...]
    spells: tuple[Spell, ...]
    rests: tuple[Spell, ...]
    subjects: tuple[str, ...]


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
        turns = (_turn(asked, span, led.book.today) for span in board.spans)
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
        _turn(asked, turn, led.book.today)
        if _holds(led, key, rhythm, frame, thread)
        else Turn(turn, OFF, "")
        for frame in _frames(calendar, rhythm, led.book.today)
        for turn in frame.turns
    )
    return Line(thread, tuple(turns))


def _asked(
    led: Led, calendar: SchoolYear, policy: Policy, rhythm: Cadence, thread: RecordView
) -> _Asked:
    entry = led.book.entries[thread.record.path]
    seen = (one for one in sessions_of(led.book, thread.id) if one.record.path in led.paths)
    sessions = of_kind(rhythm, seen) if rhythm.kind not in (GROUPS, FIRST_YEAR, LATER) else [*seen]
    is_coaching = thread.raw("kind") == "coaching"
    spells = coached(led.book, entry, policy) if is_coaching else lasting(entry)
    if is_coaching and not is_firm(policy):
        spells = begun(spells, accounted(sessions))
    subjects = policy.get("subject.allowed.groups") if rhythm.each == "subject" else None
    named = subjects if isinstance(subjects, tuple) else ()
    return _Asked(calendar, rhythm, tuple(sessions), spells, pauses(entry), tuple(map(str, named)))


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


def _turn(asked: _Asked, span: HalfTerm, today: dt.date) -> Turn:
    """How one turn stands today."""
    here = [one for one in asked.sessions if one.day in span]
    took_place = held(here)
    answered = [*took_place, *(one for one in here if _is_excused(one))]
    if _is_met(asked, took_place):
        return Turn(span, DONE, _held_words(asked, took_place))
    if _is_met(asked, answered):
        return Turn(span, MISSED, _reason(answered))
    if not here and not is_due(asked.calendar, span, asked.spells, asked.rests):
        return Turn(span, OFF, "")
    return _open_turn(asked, span, here, answered, today)


def _open_turn(
    asked: _Asked,
    span: HalfTerm,
    here: Sequence[Entry],
    answered: Sequence[Entry],
    today: dt.date,
) -> Turn:
    """How a turn stands that was asked for and is not answered."""
    coming = [
        one for one in here if one.values.get("status") == "planned" and _is_ahead(one, today)
    ]
    part = _part(asked, answered)
    if span.end < today:
        return Turn(span, LATE, f"{part}, overdue" if part else "overdue", part)
    if coming and _is_met(asked, [*answered, *coming]):
        return Turn(span, PLANNED, _days(coming))
    if span.start > today:
        return Turn(span, AHEAD, "")
    return Turn(span, DUE, part or f"by {format_day(span.end)}", part)


def _is_ahead(session: Entry, today: dt.date) -> bool:
    return session.day is not None and session.day >= today


def _is_excused(session: Entry) -> bool:
    return session.values.get("status") == "missed" and bool(session.values.get("missed_reason"))


def _is_met(asked: _Asked, sessions: Sequence[Entry]) -> bool:
    """Whether there are as many sessions as the rhythm asks for, in every subject it names."""
    return _short_of(asked, sessions) == 0


def _short_of(asked: _Asked, sessions: Sequence[Entry]) -> int:
    """By how many sessions, or in how many subjects, a turn falls short."""
    if not asked.subjects:
        return max(0, asked.rhythm.count - len(sessions))
    counts = Counter(one.values.get("subject") for one in sessions)
    return sum(counts[subject] < asked.rhythm.count for subject in asked.subjects)


def _part(asked: _Asked, sessions: Sequence[Entry]) -> str:
    """How far a turn has come that is not met: "1 of 2"; nothing where it has not begun."""
    whole = len(asked.subjects) or asked.rhythm.count
    met = whole - _short_of(asked, sessions)
    return f"{met} of {whole}" if met else ""


def _held_words(asked: _Asked, sessions: Sequence[Entry]) -> str:
    """The day of a single session, or how many there were."""
    if len(sessions) == 1 and not asked.subjects:
        return _days(sessions)
    return f"{len(sessions)} held"


def _reason(sessions: Sequence[Entry]) -> str:
    reasons = (one.values.get("missed_reason") for one in sessions)
    return next((REASON_WORDS.get(str(one), str(one)) for one in reasons if one), "")


def _days(sessions: Sequence[Entry]) -> str:
    return next((format_day(one.day) for one in sessions if one.day), "")


def span_words(span: HalfTerm, rhythm: Cadence) -> str:
    """What the column of a turn is called: its name, or the days of a week."""
    return format_span(span.start, span.end) if rhythm.period in _SHORT else span.name


def square(led: Led, turn: Turn) -> dict[str, object]:
    """A turn as a square of a chart, which has one sign for what is due and what is overdue."""
    state = {LATE: DUE, AHEAD: None}.get(turn.state, turn.state)
    return {"state": led.label(state, "turn"), "text": led.label(turn.words, "turn")}

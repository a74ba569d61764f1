"""How often something was to happen, and how often it did.

A policy says "1 a week", "2 a half-term" or "groups: 1 a term for each subject". A *frame* is the
stretch of a school year that is looked at as a whole, and its *turns* are the stretches in each of
which it should happen so often: the weeks of a half-term; the half-term, the term or the year
itself. A turn counts where the work went on for at least half of its school days, or something
happened in it, so nobody is late who has just begun, or was paused.

Nothing here says how much a missed turn weighs: that is the policy's, and the rules'.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from coachbook.calendar import (
    HalfTerm,
    add_school_days,
    format_span,
    school_days_in,
    school_weeks,
    terms,
)
from coachbook.parameters import Cadence, parse_cadence
from coachbook.policy import policy_in_force
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coachbook.book import Book, Entry
    from coachbook.calendar import SchoolYear
    from coachbook.forms import FieldValue
    from coachbook.policy import Policy

COACHING, MENTORING, VISIT = "cadence.coaching", "cadence.mentoring", "cadence.visit"
"""The parameters that hold a rhythm."""

GROUPS, FIRST_YEAR, LATER = "groups", "year 1", "later"
"""What a rhythm may be narrowed to, beside the kinds of session."""

MENTORING_KINDS = frozenset({"mentoring", "ect-mentoring"})

_ALL_SESSIONS = frozenset({"", "pairs", "coaching"})

_WEEK = 5
_DAY = timedelta(days=1)
_OPEN_ENDED = date.max
_TURN_NAMES = {"week": "weeks", "fortnight": "fortnights"}


@frozen
class Frame:
    """A stretch of the year that is looked at as a whole, and the turns within it."""

    span: HalfTerm
    turns: tuple[HalfTerm, ...]

    def __str__(self) -> str:
        """Names the stretch with its days: "Autumn 2 (2 Nov–18 Dec)"."""
        return f"{self.span.name} ({format_span(self.span.start, self.span.end)})"


@frozen
class Spell:
    """From when to when work went on; without an end it still does."""

    start: date
    end: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it went on on a day."""
        return self.start <= day <= (self.end or _OPEN_ENDED)

    def covers(self, turn: HalfTerm) -> bool:
        """Whether it went on from the first day of a stretch to the last."""
        return self.start <= turn.start and turn.end <= (self.end or _OPEN_ENDED)

    def meets(self, turn: HalfTerm) -> bool:
        """Whether it went on on any day of a stretch."""
        return self.start <= turn.end and turn.start <= (self.end or _OPEN_ENDED)


@frozen
class Shortfall:
    """What was due in a frame and what there was of it: fewer."""

    frame: Frame
    rhythm: Cadence
    due: int
    met: int

    def in_words(self, one: str, many: str) -> str:
        """The fact, as a finding says it: "4 of 7 weeks have a session on record"."""
        turns = _TURN_NAMES.get(self.rhythm.period)
        if turns and self.rhythm.count == 1:
            return f"{self.met} of {self.due} {turns} have a {one} on record"
        if self.met == 0:
            return f"no {one} is on record"
        verb = "is" if self.met == 1 else "are"
        return f"{self.met} of {self.due} {many} {verb} on record"


@frozen
class Expectation:
    """A rhythm that a policy has, with the frames that it holds for and that are over."""

    policy: Policy
    key: str
    rhythm: Cadence
    frames: tuple[Frame, ...]


@lru_cache(maxsize=256)
def frames(calendar: SchoolYear, period: str) -> tuple[Frame, ...]:
    """The frames of a year in which something is to happen so often a `period`."""
    match period:
        case "week":
            return tuple(Frame(one, school_weeks(calendar, one)) for one in calendar.half_terms)
        case "fortnight":
            return tuple(Frame(one, _fortnights(calendar, one)) for one in calendar.half_terms)
        case "half-term":
            return tuple(Frame(one, (one,)) for one in calendar.half_terms)
        case "term":
            return tuple(Frame(one, (one,)) for one in terms(calendar))
        case _:
            return (Frame(_whole(calendar), (_whole(calendar),)),)


def rhythms(policy: Policy, key: str) -> Iterator[Cadence]:
    """The rhythms that a policy sets with a parameter."""
    value = policy.get(key)
    for text in value if isinstance(value, tuple) else ():
        rhythm = parse_cadence(text)
        if rhythm is not None:
            yield rhythm


def expectations(
    policies: Sequence[Policy], calendar: SchoolYear, key: str, today: date
) -> Iterator[Expectation]:
    """Every rhythm of a parameter with its frames that are over.

    A frame is judged by the version of the policy that was in force when it began.
    """
    for policy in policies:
        for rhythm in rhythms(policy, key):
            held = tuple(
                frame
                for frame in frames(calendar, rhythm.period)
                if frame.span.end < today and policy_in_force(policies, frame.span.start) is policy
            )
            if held:
                yield Expectation(policy, key, rhythm, held)


def shortfall(
    calendar: SchoolYear,
    frame: Frame,
    rhythm: Cadence,
    days: Iterable[date],
    spells: Sequence[Spell],
    rests: Sequence[Spell] = (),
) -> Shortfall | None:
    """By how much a frame fell short; None where as much happened as was due.

    Args:
        days: when it happened, or did not for a reason that was written down.
        spells: when the work went on.
        rests: when it rested meanwhile.
    """
    happened = sorted(days)
    counts = {turn: _count_within(happened, turn) for turn in frame.turns}
    due_turns = [
        turn for turn in frame.turns if counts[turn] or is_due(calendar, turn, spells, rests)
    ]
    met = sum(min(rhythm.count, counts[turn]) for turn in due_turns)
    due = rhythm.count * len(due_turns)
    return Shortfall(frame, rhythm, due, met) if met < due else None


def next_by(calendar: SchoolYear, rhythm: Cadence, last: date) -> date | None:
    """The day by which the next is due after the last; None where the calendar does not reach."""
    match rhythm.period:
        case "week" | "fortnight" if rhythm.count == 1:
            days = _WEEK if rhythm.period == "week" else 2 * _WEEK
            return add_school_days(calendar, last, days)
        case "week" | "fortnight":
            return add_school_days(calendar, last, 1)
        case _:
            found = frames(calendar, rhythm.period)
            return next((one.span.end for one in found if one.span.start > last), None)


def sessions_of(book: Book, record: str) -> tuple[Entry, ...]:
    """The sessions of a partnership, its cycles included, or of a group or a cycle; by date."""
    found = _sessions(book, record)
    return tuple(sorted(found.values(), key=lambda entry: (entry.day, entry.record.path)))


def _sessions(book: Book, record: str) -> dict[str, Entry]:
    """The dated sessions by path; one that names its cycle and its pair is there once.

    A cycle that only follows another is no part of it, nor of the pair that worked on it.
    """
    found: dict[str, Entry] = {}
    for one in book.referring.get(record, ()):
        entry = book.entries.get(one.path)
        if entry is None:
            continue
        if entry.form.type == "session" and entry.day:
            found[one.path] = entry
        elif entry.form.type == "cycle" and record not in (one.id, entry.values.get("follows")):
            found |= _sessions(book, one.id)
    return found


def accounted(sessions: Iterable[Entry]) -> tuple[date, ...]:
    """The days of sessions that were held, or missed for a reason that was written down."""
    return tuple(entry.day for entry in sessions if entry.day and _is_accounted(entry))


def _is_accounted(entry: Entry) -> bool:
    status = entry.values.get("status")
    return status == "held" or (
        status == "missed" and entry.values.get("missed_reason") is not None
    )


def held(sessions: Iterable[Entry]) -> tuple[Entry, ...]:
    """The sessions that took place."""
    return tuple(entry for entry in sessions if entry.values.get("status") == "held")


def is_due(
    calendar: SchoolYear, turn: HalfTerm, spells: Sequence[Spell], rests: Sequence[Spell] = ()
) -> bool:
    """Whether work went on, and did not rest, for at least half of a stretch."""
    if not rests and any(one.covers(turn) for one in spells):
        return True
    here = [one for one in spells if one.meets(turn)]
    if not here:
        return False
    days = school_days_in(calendar, turn)
    active = sum(
        any(spell.holds(day) for spell in here) and not any(one.holds(day) for one in rests)
        for day in days
    )
    return bool(days) and 2 * active >= len(days)


def coached(book: Book, pair: Entry, policy: Policy) -> tuple[Spell, ...]:
    """When a pair coached: during its cycles, where the policy has coaching come in cycles."""
    if policy.get("cycle.required") is not True:
        return lasting(pair)
    cycles = [
        entry.values
        for record in book.referring.get(pair.record.id, ())
        if (entry := book.entries.get(record.path)) and entry.form.type == "cycle"
    ]
    rests = bool(pauses(pair))
    return tuple(spell for values in cycles for spell in _worked(values, pair_rests=rests))


def _worked(cycle: Mapping[str, FieldValue], *, pair_rests: bool) -> Iterator[Spell]:
    """When a cycle went on: up to its pause, and again once it is over.

    Of a cycle that is paused and does not say since when, nothing is known, unless its pair
    says when it rested.
    """
    start, status = cycle.get("start"), cycle.get("status")
    paused, resumed = cycle.get("paused_from"), cycle.get("resumed_on")
    if not isinstance(start, date) or status == "planned":
        return
    if isinstance(paused, date):
        yield Spell(start, paused - _DAY)
        if isinstance(resumed, date):
            yield Spell(resumed, _cycle_end(cycle))
    elif status != "paused" or pair_rests:
        yield Spell(start, _cycle_end(cycle))


def lasting(entry: Entry) -> tuple[Spell, ...]:
    """When a pair or a group was together, as its own record says."""
    ends = (entry.values.get(key) for key in ("end", "ended_on", "to"))
    end = next((one for one in ends if isinstance(one, date)), None)
    return (Spell(entry.day, end),) if entry.day else ()


def pauses(entry: Entry) -> tuple[Spell, ...]:
    """When a pair rested meanwhile, as its own record says."""
    paused, resumed = entry.values.get("paused_from"), entry.values.get("resumed_on")
    if not isinstance(paused, date):
        return ()
    return (Spell(paused, resumed if isinstance(resumed, date) else None),)


def begun(spells: Sequence[Spell], days: Sequence[date]) -> tuple[Spell, ...]:
    """The spells from the first day on which something happened; () where nothing has."""
    if not days:
        return ()
    return tuple(Spell(max(one.start, days[0]), one.end) for one in spells)


def of_kind(rhythm: Cadence, sessions: Iterable[Entry]) -> tuple[Entry, ...]:
    """The sessions that a rhythm is about: all, or those of a kind such as books."""
    return tuple(
        entry
        for entry in sessions
        if rhythm.kind in _ALL_SESSIONS or entry.values.get("kind") == rhythm.kind
    )


def is_firm(policy: Policy) -> bool:
    """Whether a policy expects its rhythm of coaching, rather than aims for it."""
    return policy.get("cadence.expectation") == "required"


def _cycle_end(values: Mapping[str, FieldValue]) -> date | None:
    """The day a cycle was over; an open one goes on."""
    if values.get("status") == "open":
        return None
    end = values.get("closed_on") or values.get("planned_end")
    return end if isinstance(end, date) else None


def _count_within(days: Sequence[date], span: HalfTerm) -> int:
    """How many of some days, in order, lie in a stretch."""
    return bisect_right(days, span.end) - bisect_left(days, span.start)


def _fortnights(calendar: SchoolYear, span: HalfTerm) -> tuple[HalfTerm, ...]:
    """The weeks of a stretch by twos; a week that is left over is no fortnight."""
    weeks = school_weeks(calendar, span)
    return tuple(
        HalfTerm(format_span(one.start, two.end), one.start, two.end)
        for one, two in zip(weeks[::2], weeks[1::2], strict=False)
    )


def _whole(calendar: SchoolYear) -> HalfTerm:
    first, last = calendar.half_terms[0], calendar.half_terms[-1]
    return HalfTerm(f"School year {calendar.year}", first.start, last.end)

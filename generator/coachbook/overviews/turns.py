"""One turn of a rhythm: what it asked for, and how it stands today."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachbook.cadence import held, is_due
from coachbook.calendar import format_day
from coachbook.overviews.wording import REASON_WORDS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from coachbook.book import Entry
    from coachbook.cadence import Spell
    from coachbook.calendar import HalfTerm, SchoolYear
    from coachbook.overviews.leading import Led
    from coachbook.parameters import Cadence

DONE, MISSED, PLANNED, DUE, LATE, AHEAD, OFF = (
    *("done", "missed", "planned", "due", "late"),
    *("ahead", "off"),
)
"""How a turn stands: held; missed for a reason; planned; due; over without a word; to come; none
asked for."""


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
class Asked:
    """What a rhythm asks of a pair or a group, and what there is to answer it."""

    calendar: SchoolYear
    rhythm: Cadence
    sessions: tuple[Entry, ...]
    spells: tuple[Spell, ...]
    rests: tuple[Spell, ...]
    subjects: tuple[str, ...]


def turn_of(asked: Asked, span: HalfTerm, today: dt.date) -> Turn:
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
    asked: Asked,
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


def _is_met(asked: Asked, sessions: Sequence[Entry]) -> bool:
    """Whether there are as many sessions as the rhythm asks for, in every subject it names."""
    return _short_of(asked, sessions) == 0


def _short_of(asked: Asked, sessions: Sequence[Entry]) -> int:
    """By how many sessions, or in how many subjects, a turn falls short."""
    if not asked.subjects:
        return max(0, asked.rhythm.count - len(sessions))
    counts = Counter(one.values.get("subject") for one in sessions)
    return sum(counts[subject] < asked.rhythm.count for subject in asked.subjects)


def _part(asked: Asked, sessions: Sequence[Entry]) -> str:
    """How far a turn has come that is not met: "1 of 2"; nothing where it has not begun."""
    whole = len(asked.subjects) or asked.rhythm.count
    met = whole - _short_of(asked, sessions)
    return f"{met} of {whole}" if met else ""


def _held_words(asked: Asked, sessions: Sequence[Entry]) -> str:
    """The day of a single session, or how many there were."""
    if len(sessions) == 1 and not asked.subjects:
        return _days(sessions)
    return f"{len(sessions)} held"


def _reason(sessions: Sequence[Entry]) -> str:
    reasons = (one.values.get("missed_reason") for one in sessions)
    return next((REASON_WORDS.get(str(one), str(one)) for one in reasons if one), "")


def _days(sessions: Sequence[Entry]) -> str:
    return next((format_day(one.day) for one in sessions if one.day), "")


def square(led: Led, turn: Turn) -> dict[str, object]:
    """A turn as a square of a chart, which has one sign for what is due and what is overdue."""
    state = {LATE: DUE, AHEAD: None}.get(turn.state, turn.state)
    return {"state": led.label(state, "turn"), "text": led.label(turn.words, "turn")}

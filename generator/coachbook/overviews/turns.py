"""One turn of a rhythm: what it asked for, and how it stands today."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from coachbook.cadence import held
from coachbook.calendar import format_day
from coachbook.overviews.wording import REASON_WORDS
from coachbook.turns import answer_of, answering
from coachbook.values import frozen

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from coachbook.book import Entry
    from coachbook.calendar import HalfTerm
    from coachbook.overviews.leading import Led
    from coachbook.turns import Answer, Asked

DONE, MISSED, PLANNED, DUE, LATE, AHEAD, OFF = (
    *("done", "missed", "planned", "due", "late"),
    *("ahead", "off"),
)
"""How a turn stands: held; missed for a reason; planned; due; over without a word; to come; none
asked for."""


@frozen
class Turn:
    """One turn of one pair or group: how it stands, and that in a word or two.

    `part` says how far a turn has come that is not met: "1 of 2".
    """

    span: HalfTerm
    state: str
    words: str
    part: str = ""


def turn_of(asked: Asked, span: HalfTerm, today: dt.date) -> Turn:
    """How one turn stands today."""
    here = asked.within(span)
    answer = answer_of(asked, span)
    coming = [one for one in here if _is_coming(one, today)]
    if answer.asked and answer.held == answer.asked:
        return Turn(span, DONE, _held_words(asked, held(here)))
    if answer.asked and not answer.missing:
        return Turn(span, MISSED, _reason(here))
    if not answer.asked and not coming:
        return Turn(span, OFF, "")
    return _open_turn(asked, span, answer, coming, today)


def _open_turn(
    asked: Asked, span: HalfTerm, answer: Answer, coming: Sequence[Entry], today: dt.date
) -> Turn:
    """How a turn stands that was asked for and is not answered."""
    part = _part(asked, answer)
    if span.end < today:
        return Turn(span, LATE, f"{part}, overdue" if part else "overdue", part)
    if coming and not _short_by(asked, span, coming):
        return Turn(span, PLANNED, _days(coming))
    if span.start > today:
        return Turn(span, AHEAD, "")
    return Turn(span, DUE, part or f"by {format_day(span.end)}", part)


def _short_by(asked: Asked, span: HalfTerm, coming: Sequence[Entry]) -> int:
    """By how many sessions a turn still falls short once those to come are counted as held."""
    counts = Counter(_subject(one) for one in (*answering(asked.within(span)), *coming))
    if not asked.subjects:
        return max(0, asked.wanted - counts.total())
    return sum(max(0, asked.rhythm.count - counts[one]) for one in asked.subjects)


def _is_coming(session: Entry, today: dt.date) -> bool:
    planned = session.values.get("status") == "planned"
    return planned and session.day is not None and session.day >= today


def _subject(session: Entry) -> str:
    return str(session.values.get("subject") or "")


def _part(asked: Asked, answer: Answer) -> str:
    """How far a turn has come that is not met: "1 of 2"; nothing where it has not begun."""
    met = answer.asked - answer.missing
    return f"{met} of {asked.wanted}" if met else ""


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
    """A turn as a square of a chart, which has no sign for what is still to come."""
    state = None if turn.state == AHEAD else turn.state
    return {"state": led.label(state, "turn"), "text": led.label(turn.words, "turn")}

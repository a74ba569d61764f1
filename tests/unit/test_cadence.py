"""How often something was to happen, and how often it did."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.cadence import Frame, Spell, frames, next_by, shortfall
from coachbook.calendar import HalfTerm, SchoolYear
from coachbook.parameters import Cadence, parse_cadence

YEAR = SchoolYear(
    "otterbeck",
    "2026-27",
    (
        HalfTerm("Autumn 1", date(2026, 9, 2), date(2026, 10, 23)),
        HalfTerm("Autumn 2", date(2026, 11, 2), date(2026, 12, 18)),
        HalfTerm("Spring 1", date(2027, 1, 4), date(2027, 2, 12)),
        HalfTerm("Spring 2", date(2027, 2, 22), date(2027, 3, 25)),
        HalfTerm("Summer 1", date(2027, 4, 12), date(2027, 5, 28)),
        HalfTerm("Summer 2", date(2027, 6, 7), date(2027, 7, 22)),
    ),
    bank_holidays=(date(2027, 5, 3),),
)
ALWAYS = (Spell(date(2026, 9, 1)),)


def rhythm(text: str) -> Cadence:
    """The rhythm of a text."""
    found = parse_cadence(text)
    assert found is not None
    return found


def frame(period: str, name: str) -> Frame:
    """The frame of a period that begins with a name."""
    return next(one for one in frames(YEAR, period) if one.span.name == name)


def days(*texts: str) -> tuple[date, ...]:
    """Days written as ISO dates."""
    return tuple(date.fromisoformat(text) for text in texts)


@pytest.mark.parametrize(
    ("period", "count", "turns"),
    [("week", 6, 7), ("fortnight", 6, 3), ("half-term", 6, 1), ("term", 3, 1), ("year", 1, 1)],
)
def test_a_year_has_frames_and_each_has_turns(period: str, count: int, turns: int) -> None:
    """Weeks are looked at by half-term; everything longer is a turn of its own."""
    found = frames(YEAR, period)

    assert len(found) == count
    assert len(found[min(1, count - 1)].turns) == turns


def test_a_frame_is_named_with_its_days() -> None:
    """A message names a half-term so that nobody has to look it up."""
    assert str(frame("week", "Autumn 2")) == "Autumn 2 (2 Nov–18 Dec)"


def test_a_meeting_in_each_week_leaves_nothing_short() -> None:
    """What happened in every turn needs no word."""
    met = [date(2026, 11, 4) + timedelta(weeks=week) for week in range(7)]

    assert shortfall(YEAR, frame("week", "Autumn 2"), rhythm("1 a week"), met, ALWAYS) is None


def test_two_meetings_in_one_week_are_one_week() -> None:
    """A week without a meeting is not made up by the one before it."""
    met = days("2026-11-03", "2026-11-05")
    short = shortfall(YEAR, frame("week", "Autumn 2"), rhythm("1 a week"), met, ALWAYS)

    assert short is not None
    assert short.in_words("session", "sessions") == "1 of 7 weeks have a session on record"


def test_several_in_a_half_term_are_counted_together() -> None:
    """Twice a half-term may fall into one week."""
    twice, autumn = rhythm("2 a half-term"), frame("half-term", "Autumn 1")

    assert shortfall(YEAR, autumn, twice, days("2026-09-08", "2026-09-10"), ALWAYS) is None


def test_one_of_two_is_said_so() -> None:
    """The message tells how many there are of how many."""
    autumn = frame("half-term", "Autumn 1")
    short = shortfall(YEAR, autumn, rhythm("2 a half-term"), days("2026-09-08"), ALWAYS)

    assert short is not None
    assert short.in_words("visit", "visits") == "1 of 2 visits is on record"


def test_none_at_all_is_said_so() -> None:
    """Where there was nothing, the message counts nothing."""
    autumn = frame("half-term", "Autumn 1")
    short = shortfall(YEAR, autumn, rhythm("1 a half-term"), (), ALWAYS)

    assert short is not None
    assert short.in_words("session", "sessions") == "no session is on record"


def test_who_began_late_in_a_turn_is_not_late() -> None:
    """A pair that was together for less than half of a half-term owes nothing for it."""
    once, autumn = rhythm("1 a half-term"), frame("half-term", "Autumn 1")

    assert shortfall(YEAR, autumn, once, (), (Spell(date(2026, 10, 5)),)) is None
    assert shortfall(YEAR, autumn, once, (), (Spell(date(2026, 9, 21)),)) is not None


def test_a_pause_asks_for_nothing() -> None:
    """While the work rests, no turn is due."""
    once, autumn = rhythm("1 a half-term"), frame("half-term", "Autumn 1")
    pause = (Spell(date(2026, 9, 7), date(2026, 10, 30)),)

    assert shortfall(YEAR, autumn, once, (), ALWAYS, pause) is None


def test_what_ended_asks_for_nothing() -> None:
    """After the last day of a group no term is due."""
    spring = frame("term", "Spring term")
    ended = (Spell(date(2026, 9, 7), date(2026, 12, 18)),)

    assert shortfall(YEAR, spring, rhythm("1 a term"), (), ended) is None


def test_a_week_of_holidays_is_no_turn() -> None:
    """The breaks between half-terms have no weeks in which something was due."""
    turns = [turn for one in frames(YEAR, "week") for turn in one.turns]

    assert not any(date(2026, 10, 28) in turn for turn in turns)
    assert sum(date(2027, 5, 4) in turn for turn in turns) == 1


@given(
    met=st.lists(st.dates(date(2026, 9, 1), date(2027, 7, 31)), max_size=60),
    text=st.sampled_from(["1 a week", "2 a week", "1 a fortnight", "2 a half-term", "1 a term"]),
)
def test_one_meeting_more_never_makes_it_worse(met: list[date], text: str) -> None:
    """Whoever meets once more has at most as much missing as before."""
    wanted = rhythm(text)
    for one in frames(YEAR, wanted.period):
        before = shortfall(YEAR, one, wanted, met, ALWAYS)
        after = shortfall(YEAR, one, wanted, [*met, one.span.start], ALWAYS)

        missing = [short.due - short.met if short else 0 for short in (before, after)]

        assert missing[1] <= missing[0]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("1 a week", "2026-11-19"),
        ("1 a fortnight", "2026-11-26"),
        ("2 a week", "2026-11-13"),
        ("1 a half-term", "2027-02-12"),
        ("1 a term", "2027-03-25"),
    ],
)
def test_the_next_is_due_by_the_rhythm(text: str, due: str) -> None:
    """After a session on 12 November the rhythm says by when the next one is."""
    assert next_by(YEAR, rhythm(text), date(2026, 11, 12)) == date.fromisoformat(due)


def test_where_the_calendar_ends_nothing_is_reckoned() -> None:
    """For what lies behind the last known day there is no date."""
    assert next_by(YEAR, rhythm("1 a term"), date(2027, 7, 1)) is None
    assert next_by(YEAR, rhythm("1 a week"), date(2027, 7, 22)) is None

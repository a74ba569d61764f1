"""Lines of a schedule and of a rotation."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.timetable import Slot, parse_pair, parse_slot, parse_slots, slot_holder

TRIAD = "g-2k7m4q9x"


def test_a_slot_has_its_days() -> None:
    """An id and two days make a slot."""
    assert parse_slot(f"{TRIAD} 2026-11-09 to 2026-11-20") == Slot(
        TRIAD, date(2026, 11, 9), date(2026, 11, 20)
    )


def test_a_slot_can_have_a_time_of_day() -> None:
    """With a time behind it, it holds for that time only."""
    slot = parse_slot(f"{TRIAD} 2026-11-09 to 2026-11-20 15:30-16:00")

    assert slot is not None
    assert (slot.opens, slot.closes) == (time(15, 30), time(16))
    assert str(slot) == "9–20 Nov, 15:30–16:00"


def test_days_may_be_written_as_people_write_them() -> None:
    """A day with its month's name is understood in a slot too."""
    slot = parse_slot(f"{TRIAD} 9 Nov 2026 until 20 Nov 2026")

    assert slot is not None
    assert str(slot) == "9–20 Nov"


@pytest.mark.parametrize(
    "line",
    [
        "",
        TRIAD,
        f"{TRIAD} 2026-11-09",
        f"{TRIAD} 2026-11-09 to soon",
        f"{TRIAD} 2026-02-30 to 2026-03-02",
        f"{TRIAD} 2026-11-09 to 2026-11-20 25:30-26:00",
        "2026-11-09 to 2026-11-20",
    ],
)
def test_a_line_that_says_no_slot_is_none(line: str) -> None:
    """Whatever has no id, no two days or an impossible time is no slot."""
    assert parse_slot(line) is None


def test_the_slots_of_a_field_are_those_that_can_be_read() -> None:
    """A line that is no slot has a finding of its own, and takes none of the others along."""
    slots = parse_slots((f"{TRIAD} 2026-11-09 to 2026-11-20", "soon"))

    assert [slot.who for slot in slots] == [TRIAD]
    assert parse_slots(None) == ()


@pytest.mark.parametrize(
    ("day", "at", "inside"),
    [
        ("2026-11-09", "15:30", True),
        ("2026-11-20", "16:00", True),
        ("2026-11-20", None, True),
        ("2026-11-20", "16:01", False),
        ("2026-11-21", "15:45", False),
    ],
)
def test_a_session_is_inside_a_slot_by_day_and_time(day: str, at: str | None, inside: bool) -> None:  # noqa: FBT001
    """Both ends count, and a time that nobody wrote down is not outside."""
    slot = Slot(TRIAD, date(2026, 11, 9), date(2026, 11, 20), time(15, 30), time(16))

    assert slot.holds(date.fromisoformat(day), time.fromisoformat(at) if at else None) is inside


@given(
    first=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    last=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    times=st.none() | st.tuples(st.times(), st.times()),
)
def test_a_slot_that_is_written_is_the_slot_that_is_read(
    first: date, last: date, times: tuple[time, time] | None
) -> None:
    """Writing a slot down and reading it again changes nothing."""
    line = f"{TRIAD} {first} to {last}"
    opens, closes = (t.replace(second=0, microsecond=0) for t in times) if times else (None, None)
    if opens and closes:
        line += f" {opens:%H:%M}-{closes:%H:%M}"

    assert parse_slot(line) == Slot(TRIAD, first, last, opens, closes)


@pytest.mark.parametrize("line", ["p-b p-a", "p-a p-b", "p-a and p-b", "  p-b   p-a "])
def test_a_pair_is_the_same_whoever_stands_first(line: str) -> None:
    """Who coaches whom makes no other pair."""
    assert parse_pair(line) == ("p-a", "p-b")


@pytest.mark.parametrize("line", ["", "p-a", "p-a p-b p-c", "Wren Idris"])
def test_a_line_without_two_ids_is_no_pair(line: str) -> None:
    """A pair has two people, and both have an id."""
    assert parse_pair(line) is None


@pytest.mark.parametrize(
    ("who", "kind"),
    [("pt-6r1e9k3w", "partnership"), ("c-0a1b2c3d", "cycle"), (TRIAD, "group"), ("x-1", "group")],
)
def test_an_id_in_a_slot_tells_what_it_should_be(who: str, kind: str) -> None:
    """The first letters of an id say which record is looked for."""
    assert slot_holder(who) == kind

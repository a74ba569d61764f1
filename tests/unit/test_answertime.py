"""Tests of by when somebody who asked what is held about them is answered."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.answertime import due_day
from coachbook.calendar import is_weekend


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2027, 1, 11), date(2027, 2, 11)),
        (date(2027, 3, 31), date(2027, 4, 30)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2027, 1, 31), date(2027, 3, 1)),
        (date(2026, 12, 19), date(2027, 1, 19)),
        (date(2027, 8, 28), date(2027, 9, 28)),
        (date(2027, 5, 6), date(2027, 6, 7)),
    ],
)
def test_a_month_ends_as_the_calendar_has_it(received: date, due: date) -> None:
    """It is the same day of the next month, or its last, and on a working day."""
    assert due_day(received) == due


def test_two_more_months_are_three_from_the_first_day() -> None:
    """An extension counts from the day the request came, not from the day it was told."""
    assert due_day(date(2027, 1, 11), extended=True) == date(2027, 4, 12)


def test_while_the_school_waits_the_time_stands_still() -> None:
    """The days between a question back and its answer are added; an end before it adds none."""
    asked, told = date(2027, 1, 14), date(2027, 1, 20)

    assert due_day(date(2027, 1, 11), paused=(asked, told)) == date(2027, 2, 17)
    assert due_day(date(2027, 1, 11), paused=(told, asked)) == date(2027, 2, 11)


def test_a_bank_holiday_is_no_working_day() -> None:
    """A day that the school's calendar has as a bank holiday moves the last day on."""
    assert due_day(date(2027, 4, 3), holidays={date(2027, 5, 3)}) == date(2027, 5, 4)


@given(st.dates(date(2020, 1, 1), date(2060, 12, 31)))
def test_nobody_waits_longer_than_the_law_lets_them(received: date) -> None:
    """It is never less than four weeks, never more than a month and a weekend, never a weekend."""
    due = due_day(received)

    assert 28 <= (due - received).days <= 33
    assert not is_weekend(due)

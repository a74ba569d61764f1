"""Tests of how long a policy lets a record be kept."""

from __future__ import annotations

from datetime import date

import pytest

from coachbook.retention import last_day


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("for three years", date(2026, 11, 12), date(2029, 11, 12)),
        ("for 6 years after the person leaves", date(2026, 8, 31), date(2032, 8, 31)),
        ("for one year", date(2028, 2, 29), date(2029, 2, 28)),
        ("until 31 August after the cycle closes", date(2026, 11, 12), date(2027, 8, 31)),
        ("until 31 August after the cycle closes", date(2026, 8, 31), date(2027, 8, 31)),
    ],
)
def test_words_of_a_policy_give_a_day(words: str, since: date, until: date) -> None:
    """The common ways of saying how long a record is kept are reckoned to the day."""
    assert last_day(words, since) == until


@pytest.mark.parametrize("since", [date(2026, 11, 12), date(2027, 3, 12)])
def test_the_year_after_is_a_school_year(since: date) -> None:
    """A note of one school year that is kept for the year after goes when that year ends."""
    words = "until 31 August of the year after they were written"

    assert last_day(words, since) == date(2028, 8, 31)


@pytest.mark.parametrize(
    "words",
    [
        "until the end of the term after the cycle closes",
        "for ever",
        "for some years",
        "until 31 June after the cycle closes",
        "",
    ],
)
def test_other_words_are_left_to_a_person(words: str) -> None:
    """What cannot be reckoned for certain is no day at all."""
    assert last_day(words, date(2026, 11, 12)) is None


@pytest.mark.parametrize("number", ["²", "9" * 5000])
def test_a_number_that_is_none_is_left_to_a_person(number: str) -> None:
    """A raised two, or thousands of digits, is no number of years and breaks no page."""
    assert last_day(f"for {number} years", date(2026, 9, 1)) is None

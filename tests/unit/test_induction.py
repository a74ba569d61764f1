"""When induction and probation are half-way and over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.calendar import HalfTerm, SchoolYear
from coachbook.induction import (
    ASSESSMENT,
    PROGRESS,
    expected_end,
    in_first_year,
    induction_midpoint,
    induction_over,
    induction_reviews,
    induction_share,
    next_probation_review,
    probation_midpoint,
)
from coachbook.people import Person

WREN = Person(
    id="p-e6f1u8gd",
    name="Wren Ashgrove",
    known_as="",
    category="teacher",
    schools=("otterbeck",),
    start=date(2025, 9, 1),
    end=None,
    fte=0.8,
    career_stage="ect-year-2",
    induction_end=None,
    sign_in="",
    path="records/people/p-e6f1u8gd.md",
    induction_start=date(2025, 9, 1),
)
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
)


def test_full_time_induction_ends_with_the_second_school_year() -> None:
    """Two years of full-time work from September end in July."""
    assert expected_end(date(2025, 9, 1), 1) == date(2027, 7, 21)


def test_without_a_share_of_full_time_it_is_full_time() -> None:
    """Whoever does not say how much they work works full time."""
    assert expected_end(date(2025, 9, 1), None) == date(2027, 7, 21)


def test_half_time_induction_takes_four_years() -> None:
    """Half the time makes induction twice as long."""
    assert expected_end(date(2025, 9, 1), 0.5) == date(2029, 7, 21)


def test_part_time_induction_can_end_within_a_year() -> None:
    """Four fifths of full time make two years and a half."""
    assert expected_end(date(2025, 9, 1), 0.8) == date(2028, 2, 10)


def test_absence_is_added() -> None:
    """Half a school year of absence moves the end from July to February."""
    assert expected_end(date(2025, 9, 1), 1, 98) == date(2028, 2, 11)


def test_who_begins_after_easter_ends_after_easter() -> None:
    """The summer holiday is no part of induction, and takes nothing from it."""
    end = expected_end(date(2026, 4, 13), 1)

    assert abs(end - date(2028, 4, 13)) <= timedelta(days=2)


@given(
    start=st.dates(date(2020, 9, 1), date(2030, 7, 1)),
    fte=st.floats(0, 1),
    absence=st.integers(0, 190),
)
def test_less_time_and_more_absence_never_shorten_it(start: date, fte: float, absence: int) -> None:
    """Part time and absence only ever make induction longer."""
    assert expected_end(start, fte, absence) >= expected_end(start, 1)


def test_the_written_end_of_induction_holds() -> None:
    """What the school has written down goes before any reckoning."""
    written = replace(WREN, induction_end=date(2027, 12, 17))

    assert induction_over(written) == date(2027, 12, 17)
    assert induction_over(WREN) == date(2028, 2, 10)
    assert induction_over(replace(WREN, induction_start=None)) is None


@pytest.mark.parametrize(
    ("day", "first"),
    [("2025-08-31", False), ("2025-09-01", True), ("2026-08-31", True), ("2026-09-01", False)],
)
def test_the_first_year_of_teaching_is_a_year_from_its_first_day(day: str, first: bool) -> None:  # noqa: FBT001
    """It begins with induction, whatever the career stage says today."""
    assert in_first_year(WREN, date.fromisoformat(day)) is first


def test_without_a_first_day_the_career_stage_decides() -> None:
    """A teacher marked as in the first year is in it."""
    unknown = replace(WREN, induction_start=None)

    assert not in_first_year(unknown, date(2026, 11, 16))
    assert in_first_year(replace(unknown, career_stage="ect-year-1"), date(2026, 11, 16))


def test_probation_is_half_way_in_the_middle() -> None:
    """The midpoint lies as far from the first day as from the last."""
    someone = replace(WREN, probation_start=date(2026, 9, 1), probation_end=date(2027, 2, 28))

    assert probation_midpoint(someone) == date(2026, 11, 30)


def test_probation_is_reviewed_half_way_and_at_its_end() -> None:
    """Some weeks after the middle the next review is the last one."""
    someone = replace(WREN, probation_start=date(2026, 9, 1), probation_end=date(2027, 2, 28))

    assert next_probation_review(someone, date(2026, 12, 28)) == date(2026, 11, 30)
    assert next_probation_review(someone, date(2026, 12, 29)) == date(2027, 2, 28)
    assert next_probation_review(WREN, date(2026, 12, 29)) is None


def test_probation_that_cannot_be_has_no_midpoint() -> None:
    """Without an end, or with one before the start, there is nothing to halve."""
    someone = replace(WREN, probation_start=date(2026, 9, 1))

    assert probation_midpoint(someone) is None
    assert probation_midpoint(replace(someone, probation_end=date(2026, 8, 1))) is None


def test_each_term_of_induction_ends_with_a_review() -> None:
    """The term that is half-way has an assessment, the others have a progress review."""
    reviews = [(one.kind, one.due) for one in induction_reviews(WREN, YEAR)]

    assert reviews == [
        (ASSESSMENT, date(2026, 12, 18)),
        (PROGRESS, date(2027, 3, 25)),
        (PROGRESS, date(2027, 7, 22)),
    ]


def test_the_last_review_is_due_when_induction_ends() -> None:
    """Whoever ends in the middle of a term is assessed by then, and not after it."""
    ends = replace(WREN, induction_start=date(2024, 9, 1), induction_end=date(2027, 2, 10))
    reviews = [(one.kind, one.due) for one in induction_reviews(ends, YEAR)]

    assert reviews == [(PROGRESS, date(2026, 12, 18)), (ASSESSMENT, date(2027, 2, 10))]


def test_nobody_outside_induction_has_reviews() -> None:
    """Before it begins and after it is over nothing is due."""
    over = replace(WREN, induction_end=date(2026, 7, 20))

    assert [*induction_reviews(over, YEAR)] == []
    assert [*induction_reviews(replace(WREN, induction_start=None), YEAR)] == []


def test_half_of_induction_is_over_half_way() -> None:
    """The share of the time that is over is a half on the day that is half-way."""
    middle = induction_midpoint(WREN)

    assert middle is not None
    assert induction_share(WREN, middle) == pytest.approx(50, abs=1)


def test_a_clock_runs_from_nothing_to_all() -> None:
    """Before induction begins nothing of it is over; after its end all of it is."""
    assert induction_share(WREN, date(2020, 1, 6)) == 0
    assert induction_share(WREN, date(2040, 1, 6)) == 100


def test_without_induction_no_clock_runs() -> None:
    """Who is not in induction has neither a half-way day nor a share."""
    nobody = replace(WREN, induction_start=None)

    assert (induction_midpoint(nobody), induction_share(nobody, date(2026, 9, 1))) == (None, None)

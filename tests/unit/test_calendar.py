"""School years, half-terms, and the days between them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.calendar import (
    SchoolYear,
    add_school_days,
    break_name,
    calendar_findings,
    format_date,
    format_day,
    format_span,
    half_term_of,
    months_later,
    next_school_day,
    parse_calendar,
    school_days,
    school_days_between,
    school_days_in,
    school_weeks,
    school_year,
    terms,
    weekdays_in_term,
)
from coachbook.diagnostics import Consequence
from coachbook.forms import builtin_forms
from coachbook.record import Record, parse_record

OTTERBECK = """---
type: calendar
school: otterbeck
year: 2026-27
autumn_1: 2026-09-02 to 2026-10-23
autumn_2: 2026-11-02 to 2026-12-18
spring_1: 2027-01-04 to 2027-02-12
spring_2: 2027-02-22 to 2027-03-25
summer_1: 2027-04-12 to 2027-05-28
summer_2: 2027-06-07 to 2027-07-22
inset: [2026-09-02, 2026-10-23, 2027-01-04, 2027-06-07, 2027-07-22]
bank_holidays: [2027-05-03]
twilights: [2026-11-10, 2027-03-02]
---
"""

in_the_year = st.dates(date(2026, 9, 1), date(2027, 8, 31))


def record(text: str) -> Record:
    """The record of a calendar's text."""
    found = parse_record("records/otterbeck/calendar-2026-27.md", text.encode())
    assert isinstance(found, Record)
    return found


def calendar(text: str = OTTERBECK) -> SchoolYear:
    """The calendar of a record's text."""
    form = builtin_forms().latest("calendar")
    assert form is not None
    found = parse_calendar(record(text), form)
    assert found is not None
    return found


def changed(old: str, new: str) -> str:
    """Otterbeck's calendar with one line changed."""
    assert old in OTTERBECK
    return OTTERBECK.replace(old, new)


def test_the_example_year_has_195_school_days() -> None:
    """Otterbeck's half-terms of 2026-27, without the bank holiday, are 195 weekdays."""
    assert weekdays_in_term(calendar()) == 195


def test_a_calendar_knows_its_half_terms_by_name() -> None:
    """The six half-terms of a year are called Autumn 1 to Summer 2."""
    names = [one.name for one in calendar().half_terms]

    assert names == ["Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1", "Summer 2"]


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 8, 31), "2025-26"),
        (date(2026, 9, 1), "2026-27"),
        (date(2027, 1, 1), "2026-27"),
        (date(2099, 12, 1), "2099-00"),
    ],
)
def test_a_school_year_runs_from_september_to_august(day: date, year: str) -> None:
    """The 31st of August is in the old school year and the 1st of September in the new one."""
    assert school_year(day) == year


def test_a_day_of_term_is_in_its_half_term() -> None:
    """The first and the last day of a half-term are in it, the days beside it are not."""
    year = calendar()
    found = [half_term_of(year, date(2026, 10, day)) for day in (22, 23, 24)]

    assert [one and one.name for one in found] == ["Autumn 1", "Autumn 1", None]


def test_a_training_day_is_a_school_day() -> None:
    """On a training day without pupils staff are at work, so they can coach."""
    assert date(2026, 9, 2) in school_days(calendar())


@pytest.mark.parametrize(
    "day", [date(2026, 11, 14), date(2026, 11, 15), date(2027, 5, 3), date(2026, 10, 27)]
)
def test_weekends_bank_holidays_and_breaks_are_no_school_days(day: date) -> None:
    """Nobody is expected to coach on a Saturday, a bank holiday or in a break."""
    assert day not in school_days(calendar())


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 10, 27), "autumn half-term break (26–30 Oct)"),
        (date(2026, 10, 24), "autumn half-term break (26–30 Oct)"),
        (date(2026, 12, 25), "Christmas break (21 Dec–1 Jan)"),
        (date(2027, 2, 16), "spring half-term break (15–19 Feb)"),
        (date(2027, 4, 1), "Easter break (26 Mar–9 Apr)"),
        (date(2027, 6, 1), "summer half-term break (31 May–4 Jun)"),
        (date(2027, 5, 3), "bank holiday (3 May)"),
        (date(2027, 8, 10), "summer holiday (from 23 Jul)"),
        (date(2026, 9, 1), "summer holiday (until 1 Sep)"),
        (date(2026, 11, 12), ""),
        (date(2026, 11, 14), ""),
    ],
)
def test_a_day_without_school_is_named_by_its_break(day: date, name: str) -> None:
    """A day outside term is explained by the break it falls in, with the weekdays of that."""
    assert break_name(calendar(), day) == name


def test_a_break_of_a_weekend_only_is_named_by_its_days() -> None:
    """A break without a weekday in it is still named, by its Saturday and Sunday."""
    year = calendar(changed("2026-11-02 to 2026-12-18", "2026-10-26 to 2026-12-18"))

    assert break_name(year, date(2026, 10, 24)) == "autumn half-term break (24–25 Oct)"


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (date(2026, 10, 27), date(2026, 11, 2)),
        (date(2026, 11, 13), date(2026, 11, 16)),
        (date(2027, 4, 30), date(2027, 5, 4)),
        (date(2027, 7, 22), None),
    ],
)
def test_the_next_school_day_skips_what_is_none(day: date, following: date | None) -> None:
    """After a break, a weekend or a bank holiday comes the first day that staff are back."""
    assert next_school_day(calendar(), day) == following


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        (date(2026, 11, 12), 5, date(2026, 11, 19)),
        (date(2026, 10, 21), 5, date(2026, 11, 4)),
        (date(2026, 10, 27), 1, date(2026, 11, 2)),
        (date(2026, 10, 27), 0, date(2026, 11, 2)),
        (date(2026, 11, 12), 0, date(2026, 11, 12)),
        (date(2027, 7, 20), 5, None),
    ],
)
def test_a_check_back_is_counted_in_school_days(day: date, count: int, due: date | None) -> None:
    """Five school days after the Wednesday before half-term is the Wednesday after it."""
    assert add_school_days(calendar(), day, count) == due


@given(in_the_year, st.integers(1, 60), st.integers(1, 60))
def test_counting_school_days_adds_up(day: date, first: int, second: int) -> None:
    """Counting on from a due date comes to the same day as counting all at once."""
    year = calendar()
    part = add_school_days(year, day, first)

    expected = add_school_days(year, day, first + second)
    assert (add_school_days(year, part, second) if part else None) == expected


@given(in_the_year)
def test_every_weekday_without_school_has_a_name(day: date) -> None:
    """A weekday is either a school day or in a break or holiday that can be named."""
    year = calendar()

    if day.weekday() < 5:
        assert (day in school_days(year)) is (break_name(year, day) == "")


def test_days_are_written_as_people_write_them() -> None:
    """A day is "Thu 12 Nov", with its year "12 Nov 2026"."""
    assert format_day(date(2026, 11, 12)) == "Thu 12 Nov"
    assert format_date(date(2026, 11, 12)) == "12 Nov 2026"
    assert format_span(date(2026, 11, 2), date(2026, 11, 2)) == "2 Nov"


def test_lists_of_days_come_in_order() -> None:
    """The training days of a calendar are in order, however they were written."""
    year = calendar(changed("[2026-09-02, 2026-10-23,", "[2026-10-23, 2026-09-02,"))

    assert year.inset[:2] == (date(2026, 9, 2), date(2026, 10, 23))


def test_a_calendar_without_a_half_term_is_none() -> None:
    """A calendar that lacks a half-term decides nothing; its form says what is missing."""
    form = builtin_forms().latest("calendar")
    text = changed("spring_2: 2027-02-22 to 2027-03-25\n", "")

    assert form is not None
    assert parse_calendar(record(text), form) is None


def test_the_example_calendar_contradicts_itself_nowhere() -> None:
    """Otterbeck's calendar has no finding."""
    assert calendar_findings(record(OTTERBECK), calendar()) == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (
            "2026-11-02 to 2026-12-18",
            "2026-10-19 to 2026-12-18",
            6,
            "Autumn 2 starts on 19 Oct 2026, before Autumn 1 is over",
        ),
        (
            "2027-01-04 to 2027-02-12",
            "2027-02-12 to 2027-01-04",
            7,
            "Spring 1 ends before it starts",
        ),
        (
            "2027-06-07 to 2027-07-22",
            "2028-06-07 to 2028-07-22",
            10,
            "Summer 2 lies in 2027-28, the calendar is for 2026-27",
        ),
        ("[2027-05-03]", "[2027-05-02]", 12, "2 May 2027 is no weekday of a half-term"),
        ("2027-06-07,", "2027-06-04,", 11, "4 Jun 2027 is no weekday of a half-term"),
    ],
)
def test_a_calendar_that_contradicts_itself_is_a_finding(
    old: str, new: str, line: int, message: str
) -> None:
    """A half-term that overlaps or lies elsewhere, or a holiday outside term, is pointed at."""
    text = changed(old, new)
    found = calendar_findings(record(text), calendar(text))

    assert [(one.code, one.span.line, one.message) for one in found][:1] == [
        ("CB305", line, message)
    ]


def test_half_terms_out_of_order_stop_publication() -> None:
    """By a calendar that overlaps, right dates look wrong; a single misplaced day does less."""
    overlap = changed("autumn_2: 2026-11-02", "autumn_2: 2026-10-19")
    (found,) = calendar_findings(record(overlap), calendar(overlap))

    assert found.consequence is Consequence.STOPS


def test_a_school_day_is_never_lost_between_half_terms() -> None:
    """From the first school day to the last, each is the next one of the one before."""
    year = calendar()
    days = school_days(year)

    assert [next_school_day(year, day) for day in days[:-1]] == list(days[1:])
    assert next_school_day(year, days[0] - timedelta(days=1)) == days[0]


def test_a_term_is_two_half_terms_and_the_break_between() -> None:
    """The autumn term begins in September and ends at Christmas."""
    found = [(term.name, term.start, term.end) for term in terms(calendar())]

    assert found == [
        ("Autumn term", date(2026, 9, 2), date(2026, 12, 18)),
        ("Spring term", date(2027, 1, 4), date(2027, 3, 25)),
        ("Summer term", date(2027, 4, 12), date(2027, 7, 22)),
    ]


def test_a_half_term_has_its_school_weeks() -> None:
    """Each week is named from its first school day to its last."""
    year = calendar()
    weeks = [week.name for week in school_weeks(year, year.half_terms[0])]

    assert len(weeks) == 8
    assert weeks[0] == "2–4 Sep"
    assert weeks[-1] == "19–23 Oct"


def test_a_week_that_begins_with_a_bank_holiday_begins_on_tuesday() -> None:
    """A day without school is no part of a school week."""
    year = calendar()
    weeks = [week.name for week in school_weeks(year, year.half_terms[4])]

    assert "4–7 May" in weeks


def test_school_days_are_counted_after_the_first_day_and_with_the_last() -> None:
    """From one Thursday to the next there are five, and none from a day to itself."""
    year = calendar()

    assert school_days_between(year, date(2026, 11, 12), date(2026, 11, 19)) == 5
    assert school_days_between(year, date(2026, 11, 12), date(2026, 11, 12)) == 0
    assert school_days_between(year, date(2026, 11, 19), date(2026, 11, 12)) == 0
    assert school_days_between(year, date(2026, 10, 23), date(2026, 11, 2)) == 1


@given(first=in_the_year, count=st.integers(1, 40))
def test_counting_school_days_undoes_adding_them(first: date, count: int) -> None:
    """So many school days later is so many school days away."""
    year = calendar()
    later = add_school_days(year, first, count)

    assert later is None or school_days_between(year, first, later) == count


def test_the_school_days_of_the_terms_are_those_of_the_year() -> None:
    """Every school day lies in one term, and in one week of it."""
    year = calendar()
    by_term = [day for term in terms(year) for day in school_days_in(year, term)]
    weeks = [week for term in terms(year) for week in school_weeks(year, term)]

    assert tuple(by_term) == school_days(year)
    assert all(sum(day in week for week in weeks) == 1 for day in by_term)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-11-16", 12, "2027-11-16"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2026-12-31", 2, "2027-02-28"),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_the_month(
    day: str, months: int, later: str
) -> None:
    """From the end of a long month a shorter one has only its last day."""
    assert months_later(date.fromisoformat(day), months) == date.fromisoformat(later)

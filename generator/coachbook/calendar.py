"""School years, half-terms, due dates; today is an argument.

A calendar belongs to one school and one school year, September to August. A *school day* is a
weekday inside a half-term that is no bank holiday; training days without pupils are school days,
because staff are at work. Days are written as people write them, in English whatever the machine
is set to: "Thu 12 Nov", "12 Nov 2026", "26–30 Oct".
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.forms import Form, field_value
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coachbook.record import Record

HALF_TERMS = {
    "autumn_1": "Autumn 1",
    "autumn_2": "Autumn 2",
    "spring_1": "Spring 1",
    "spring_2": "Spring 2",
    "summer_1": "Summer 1",
    "summer_2": "Summer 2",
}
"""The keys of a calendar record, in order, and what they are called."""

TERMS = {"autumn": "Autumn term", "spring": "Spring term", "summer": "Summer term"}
"""The three terms of a school year, in order, and what they are called."""

_BREAKS = (
    "autumn half-term break",
    "Christmas break",
    "spring half-term break",
    "Easter break",
    "summer half-term break",
)
_SUMMER = "summer holiday"
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_TO = "–"
_SATURDAY = 5
_SEPTEMBER = 9
_MONTHS_A_YEAR = 12
_DAY = timedelta(days=1)


@frozen
class HalfTerm:
    """One of the six stretches of a school year, first and last day included."""

    name: str
    start: date
    end: date

    def __contains__(self, day: object) -> bool:
        """True for every day from the first to the last, weekends too."""
        return isinstance(day, date) and self.start <= day <= self.end


@frozen
class SchoolYear:
    """The calendar of one school for one year; the days of each list stand in order."""

    school: str
    year: str
    half_terms: tuple[HalfTerm, ...]
    inset: tuple[date, ...] = ()
    bank_holidays: tuple[date, ...] = ()
    twilights: tuple[date, ...] = ()


@lru_cache(maxsize=4096)
def school_year(day: date) -> str:
    """The school year of a day, September to August, such as "2026-27"."""
    first = day.year if day.month >= _SEPTEMBER else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def half_term_of(calendar: SchoolYear, day: date) -> HalfTerm | None:
    """The half-term that holds a day; None in a break."""
    for one in calendar.half_terms:
        if one.start <= day <= one.end:
            return one
    return None


def is_weekend(day: date) -> bool:
    """True on a Saturday or Sunday."""
    return day.weekday() >= _SATURDAY


@lru_cache(maxsize=64)
def school_days(calendar: SchoolYear) -> tuple[date, ...]:
    """Every school day of the year, in order."""
    holidays = frozenset(calendar.bank_holidays)
    days = (day for one in calendar.half_terms for day in _days(one.start, one.end))
    return tuple(sorted({day for day in days if not is_weekend(day) and day not in holidays}))


def weekdays_in_term(calendar: SchoolYear) -> int:
    """How many school days the year has; 195 is usual."""
    return len(school_days(calendar))


def next_school_day(calendar: SchoolYear, day: date) -> date | None:
    """The first school day after `day`; None when the calendar has no more."""
    days = school_days(calendar)
    place = bisect_right(days, day)
    return days[place] if place < len(days) else None


def add_school_days(calendar: SchoolYear, day: date, count: int) -> date | None:
    """The day `count` school days after `day`; None where the calendar does not reach.

    With a count of 0 it is `day` itself, or the next school day if that is none.
    """
    days = school_days(calendar)
    place = (bisect_left(days, day) if count == 0 else bisect_right(days, day) - 1) + count
    return days[place] if place < len(days) else None


def school_days_between(calendar: SchoolYear, first: date, last: date) -> int:
    """How many school days there are after `first`, up to and with `last`."""
    days = school_days(calendar)
    return max(bisect_right(days, last) - bisect_right(days, first), 0)


def school_days_in(calendar: SchoolYear, span: HalfTerm) -> tuple[date, ...]:
    """The school days from the first to the last day of a stretch."""
    days = school_days(calendar)
    return days[bisect_left(days, span.start) : bisect_right(days, span.end)]


def terms(calendar: SchoolYear) -> tuple[HalfTerm, ...]:
    """The three terms of the year, each with the break between its two half-terms."""
    halves = calendar.half_terms
    pairs = zip(halves[::2], halves[1::2], strict=True)
    return tuple(
        HalfTerm(name, one.start, two.end)
        for name, (one, two) in zip(TERMS.values(), pairs, strict=True)
    )


def school_weeks(calendar: SchoolYear, span: HalfTerm) -> tuple[HalfTerm, ...]:
    """The weeks of a stretch that have a school day, each from its first one to its last one."""
    weeks = groupby(school_days_in(calendar, span), key=lambda day: day.isocalendar()[:2])
    found = (tuple(days) for _, days in weeks)
    return tuple(HalfTerm(format_span(days[0], days[-1]), days[0], days[-1]) for days in found)


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, _MONTHS_A_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def break_name(calendar: SchoolYear, day: date) -> str:
    """What a day without school belongs to, with its weekdays; "" on a school day or a weekend.

    For example "autumn half-term break (26–30 Oct)".
    """
    if half_term_of(calendar, day) is not None:
        return f"bank holiday ({_short(day)})" if day in calendar.bank_holidays else ""
    for name, before, after in _gaps(calendar):
        if before.end < day < after.start:
            return f"{name} ({format_span(*_weekdays_between(before.end, after.start))})"
    return _summer_name(calendar, day)


def format_day(day: date) -> str:
    """A day of this year as people say it: "Thu 12 Nov"."""
    return f"{_WEEKDAYS[day.weekday()]} {_short(day)}"


def format_date(day: date) -> str:
    """A day with its year: "12 Nov 2026"."""
    return f"{_short(day)} {day.year}"


def format_span(first: date, last: date) -> str:
    """Two days and what lies between, as "21 Dec–1 Jan"; within a month as "26–30 Oct"."""
    if first == last:
        return _short(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{_TO}{_short(last)}"
    return f"{_short(first)}{_TO}{_short(last)}"


def parse_calendar(record: Record, form: Form) -> SchoolYear | None:
    """The calendar of a record; None when a half-term is missing or cannot be read."""
    half_terms = tuple(_half_terms(record, form))
    year = field_value(record, form, "year")
    if not isinstance(year, str) or len(half_terms) != len(HALF_TERMS):
        return None
    return SchoolYear(
        school=record.school,
        year=year,
        half_terms=half_terms,
        inset=_listed(record, form, "inset"),
        bank_holidays=_listed(record, form, "bank_holidays"),
        twilights=_listed(record, form, "twilights"),
    )


def calendar_findings(record: Record, calendar: SchoolYear) -> tuple[Diagnostic, ...]:
    """CB305: where a calendar contradicts itself.

    By half-terms out of order every date would be judged wrongly, so they stop publication; one
    day in the wrong place is listed.
    """
    spans = {key: field.span for key, field in record.fields.items()}
    found = (
        *((Consequence.STOPS, *fault) for fault in _order_faults(calendar)),
        *((Consequence.LISTED, *fault) for fault in _day_faults(calendar)),
    )
    return tuple(
        Diagnostic(
            path=record.path,
            span=spans.get(key, Span(1)),
            code="CB305",
            severity=Severity.ERROR,
            message=message,
            hint=hint,
            consequence=consequence,
            record=record.id,
            school=record.school,
        )
        for consequence, key, message, hint in found
    )


def _days(first: date, last: date) -> Iterator[date]:
    return (first + number * _DAY for number in range((last - first).days + 1))


def _gaps(calendar: SchoolYear) -> Iterable[tuple[str, HalfTerm, HalfTerm]]:
    pairs = pairwise(calendar.half_terms)
    return ((name, *pair) for name, pair in zip(_BREAKS, pairs, strict=False))


def _weekdays_between(before: date, after: date) -> tuple[date, date]:
    """First and last weekday strictly between two days; any day if there is no weekday."""
    between = tuple(_days(before + _DAY, after - _DAY))
    weekdays = tuple(day for day in between if not is_weekend(day)) or between
    return weekdays[0], weekdays[-1]


def _summer_name(calendar: SchoolYear, day: date) -> str:
    if not calendar.half_terms:
        return ""
    first, last = calendar.half_terms[0].start, calendar.half_terms[-1].end
    if day < first:
        return f"{_SUMMER} (until {_short(first - _DAY)})"
    return f"{_SUMMER} (from {_short(last + _DAY)})"


def _short(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}"


def _half_terms(record: Record, form: Form) -> Iterator[HalfTerm]:
    for key, name in HALF_TERMS.items():
        match field_value(record, form, key):
            case (date() as start, date() as end):
                yield HalfTerm(name, start, end)


def _listed(record: Record, form: Form, key: str) -> tuple[date, ...]:
    value = field_value(record, form, key)
    entries = value if isinstance(value, tuple) else ()
    return tuple(sorted({entry for entry in entries if isinstance(entry, date)}))


_Fault = tuple[str, str, str]


def _order_faults(calendar: SchoolYear) -> Iterator[_Fault]:
    keys = tuple(HALF_TERMS)
    for key, one in zip(keys, calendar.half_terms, strict=True):
        if one.end < one.start:
            yield key, f"{one.name} ends before it starts", "write the earlier day first"
        elif {school_year(one.start), school_year(one.end)} != {calendar.year}:
            found = school_year(one.start)
            yield key, f"{one.name} lies in {found}, the calendar is for {calendar.year}", ""
    for key, (one, two) in zip(keys[1:], pairwise(calendar.half_terms), strict=True):
        if two.start <= one.end:
            message = f"{two.name} starts on {format_date(two.start)}, before {one.name} is over"
            yield key, message, f"{one.name} ends on {format_date(one.end)}"


def _day_faults(calendar: SchoolYear) -> Iterator[_Fault]:
    for key, days in (("inset", calendar.inset), ("bank_holidays", calendar.bank_holidays)):
        for day in days:
            if is_weekend(day) or half_term_of(calendar, day) is None:
                message = f"{format_date(day)} is no weekday of a half-term"
                yield key, message, "correct the date, or take it out of the list"

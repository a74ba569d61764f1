"""Dates as people write them, read only where they can mean one day.

parse_date("2026-11-12")          # date(2026, 11, 12)
parse_date("Thu 12 Nov 2026")     # the same
parse_date("11/03/2026")          # DateFault: is this 11 March or 3 November?
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from coachbook.values import frozen

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{1,6})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{2,4})")
_WEEKDAY = r"(?:(?P<weekday>[A-Za-z]{3,9})\.?,?\s+)?"
_DAY_NAME = re.compile(
    rf"{_WEEKDAY}(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?"
    r"(?P<month>[A-Za-z]{3,9})\.?,?(?:[\s-]+(?P<year>[0-9]{1,6}))?"
)
_NAME_DAY = re.compile(
    rf"{_WEEKDAY}(?P<month>[A-Za-z]{{3,9}})\.?\s+(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,?"
    r"(?:\s+(?P<year>[0-9]{1,6}))?"
)
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_SHAPE_HINT = "write year, month and day, such as 2026-11-12"


@frozen
class DateFault:
    """Why a text is no date, and what to write."""

    message: str
    hint: str


def parse_date(text: str) -> date | DateFault:
    """The day that the text means, or why it cannot be told."""
    text = text.strip()
    if match := _ISO.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _YEAR_FIRST.fullmatch(text):
        return _year_of(match[1]) or _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _YEAR_LAST.fullmatch(text):
        return _numeric(int(match[1]), int(match[2]), match[3])
    return _named(text)


def parse_month(text: str) -> date | DateFault:
    """The first day of a month written as 2026-11."""
    match = _MONTH.fullmatch(text.strip())
    if match is None or not 1 <= int(match[2]) <= len(MONTHS):
        return DateFault(f"`{text}` is not a month", "write it as 2026-11")
    return _day(int(match[1]), int(match[2]), 1)


def parse_day_month(text: str, after: date) -> date | None:
    """The next day called so, such as 19 Nov, from `after` on; a date with a year is itself."""
    match = _match_named(text.strip())
    if match is None or match["year"]:
        found = parse_date(text)
        return found if isinstance(found, date) else None
    month = _month(match["month"])
    for year in range(after.year, after.year + 9):  # a 29 February may be eight years away
        found = _day(year, month, int(match["day"]))
        if isinstance(found, date) and found >= after:
            return None if _weekday_fault(match["weekday"], found) else found
    return None


def spell(day: date) -> str:
    """The day as a message says it: 12 Nov 2026."""
    return f"{day.day} {MONTHS[day.month - 1][:3].title()} {day.year}"


def _day(year: int, month: int, day: int) -> date | DateFault:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return DateFault(f"the year {year} cannot be right", _SHAPE_HINT)
    if not 1 <= month <= len(MONTHS):
        return DateFault(f"there is no month {month}", _SHAPE_HINT)
    try:
        return date(year, month, day)
    except ValueError:
        return _impossible(year, month, day)


def _impossible(year: int, month: int, day: int) -> DateFault:
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    name = MONTHS[month - 1].title()
    return DateFault(f"there is no {day} {name} {year}", f"{name} {year} has {last} days")


def _year_of(text: str) -> DateFault | None:
    if len(text) == len("2026"):
        return None
    digits = "one digit" if len(text) == 1 else f"{len(text)} digits"
    return DateFault(f"the year {text} has {digits}, expected four", _SHAPE_HINT)


def _numeric(first: int, second: int, year: str) -> date | DateFault:
    """Day and month in numbers: a question, unless only one order is possible."""
    if fault := _year_of(year):
        return fault
    one, other = _day(int(year), second, first), _day(int(year), first, second)
    if isinstance(one, DateFault) or isinstance(other, DateFault) or one == other:
        return one if isinstance(one, date) else other if isinstance(other, date) else one
    return DateFault(
        f"is this {one.day} {MONTHS[one.month - 1].title()}"
        f" or {other.day} {MONTHS[other.month - 1].title()}?",
        f"write {one} or {other}",
    )


def _match_named(text: str) -> re.Match[str] | None:
    for pattern in (_DAY_NAME, _NAME_DAY):
        match = pattern.fullmatch(text)
        if match and _month(match["month"]):
            return match
    return None


def _named(text: str) -> date | DateFault:
    match = _match_named(text)
    if match is None:
        return DateFault(f"`{text}` is not a date", _SHAPE_HINT)
    if not match["year"]:
        return DateFault(f"`{text}` has no year", _SHAPE_HINT)
    found = _year_of(match["year"]) or _day(
        int(match["year"]), _month(match["month"]), int(match["day"])
    )
    if isinstance(found, DateFault):
        return found
    return _weekday_fault(match["weekday"], found) or found


def _month(name: str) -> int:
    """1 to 12 for a month's name or its beginning, 0 for anything else."""
    name = name.casefold()
    return next((n for n, month in enumerate(MONTHS, 1) if month.startswith(name)), 0)


def _weekday_fault(name: str | None, day: date) -> DateFault | None:
    if not name:
        return None
    actual = _DAYS[day.weekday()]
    if actual[:3] == name[:3].casefold():
        return None
    return DateFault(f"{spell(day)} is a {actual.title()}", f"write {day}, or the day you mean")

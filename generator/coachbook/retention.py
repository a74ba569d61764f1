"""How long a policy lets a record be kept: the words of its clauses as a day.

A policy says it in its own words, and only the ways of saying it that stand here are reckoned:

    last_day("for three years", date(2026, 11, 12))     # 12 Nov 2029
    last_day("until 31 August after the cycle closes", date(2026, 11, 12))     # 31 Aug 2027

Anything else is left to a person. Where words can mean two days, the later one is meant: a
record that is kept a year too long can still be done away with.
"""

from __future__ import annotations

import datetime as dt
import re

from coachbook.calendar import months_later, school_year

NOTES, IMPACT, SEPARATE = "retention.notes", "retention.impact", "retention.separate"
PARAMETERS = (NOTES, IMPACT, SEPARATE)
"""What a policy decides about how long records are kept."""

TYPES = {
    NOTES: ("cycle", "session", "observation", "goal-check", "addendum"),
    IMPACT: ("impact-statement", "programme-review", "school-overview", "personal-overview"),
    SEPARATE: ("sealed",),
}
"""Parameter -> the types of records that it speaks of; a record sealed whole is kept apart."""

_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_YEARS = re.compile(r"for (?P<many>\w+) years?(?: after .+)?")
_UNTIL = re.compile(
    r"until (?P<day>\d{1,2}) (?P<month>\w+) (?P<later>of the (?:school )?year )?after .+"
)


def kept_under(kind: str, *, whole: bool = False) -> str:
    """The parameter that says how long records of a type are kept; "" where none does."""
    if whole:
        return SEPARATE
    return next((key for key, types in TYPES.items() if kind in types), "")


def last_day(words: str, day: dt.date) -> dt.date | None:
    """The last day on which a record may be kept, counted from `day`; None if nobody can say."""
    text = " ".join(words.lower().split())
    return _after_years(text, day) or _until(text, day)


def _after_years(text: str, day: dt.date) -> dt.date | None:
    found = _YEARS.fullmatch(text)
    many = _number(found["many"]) if found else None
    return None if many is None else months_later(day, 12 * many)


def _until(text: str, day: dt.date) -> dt.date | None:
    """A day of the year: the next one after `day`, or that of the school year after its own."""
    found = _UNTIL.fullmatch(text)
    if found is None or found["month"] not in _MONTHS:
        return None
    since = dt.date(int(school_year(day)[:4]) + 1, 8, 31) if found["later"] else day
    month, number = _MONTHS.index(found["month"]) + 1, int(found["day"])
    try:
        this_year = dt.date(since.year, month, number)
        return this_year if this_year > since else this_year.replace(year=since.year + 1)
    except ValueError:  # no such day in a year, such as 31 June
        return None


def _number(word: str) -> int | None:
    if word in _NUMBERS:
        return _NUMBERS.index(word) + 1
    return int(word) if re.fullmatch("[0-9]{1,3}", word) else None

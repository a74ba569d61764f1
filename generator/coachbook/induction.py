"""When induction and probation are half-way and over, reckoned from their first day.

Induction is two years of full-time work. Part time makes it longer, and so do days of absence. No
calendar reaches that far ahead, so a school year is taken to run from 1 September to 21 July and
to have 195 school days; a day that comes out here is a reckoning, which may be a few days off.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from coachbook.calendar import months_later, terms
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.calendar import SchoolYear
    from coachbook.people import Person

ASSESSMENT, PROGRESS = "formal assessment", "progress review"
"""What a term of induction ends with."""

FULL_TIME_YEARS = 2
_SCHOOL_DAYS = 195
_LEAST_SHARE = 0.05
_FIRST, _LAST = (9, 1), (7, 21)
_FIRST_YEAR_MONTHS = 12
_EARLY = "ect-year-1"
_LATE = timedelta(days=28)
"""So long after half-way the review that was due then is still written."""


@frozen
class ReviewDue:
    """What has to be written about somebody's induction by the end of a term."""

    kind: str
    term: str
    due: date


def expected_end(start: date, fte: float | None, absence_days: int = 0) -> date:
    """The day on which induction ends by reckoning; without `fte` the person works full time.

    Less than a twentieth of full time is reckoned as that, so that the day stays in reach.
    """
    years = FULL_TIME_YEARS / max(fte or 1, _LEAST_SHARE) + absence_days / _SCHOOL_DAYS
    return _day_at(_position(start) + years)


def induction_over(person: Person) -> date | None:
    """The last day of somebody's induction, as written or else by reckoning; None without one."""
    if person.induction_end or person.induction_start is None:
        return person.induction_end
    return expected_end(person.induction_start, person.fte, person.induction_absence_days)


def induction_midpoint(person: Person) -> date | None:
    """The day half-way through somebody's induction by reckoning; None without its two ends."""
    start, end = person.induction_start, induction_over(person)
    if start is None or end is None:
        return None
    return _day_at((_position(start) + _position(end)) / 2)


def induction_share(person: Person, today: date) -> int | None:
    """How much of somebody's induction is over, in per cent; None without its two ends."""
    start, end = person.induction_start, induction_over(person)
    if start is None or end is None or end <= start:
        return None
    done = (_position(today) - _position(start)) / (_position(end) - _position(start))
    return round(100 * min(max(done, 0), 1))


def in_first_year(person: Person, day: date) -> bool:
    """Whether a day lies in somebody's first year of teaching.

    It is the year from the first day of induction. Where that day is not written, the career
    stage decides, which can only tell of today.
    """
    start = person.induction_start
    if start is None:
        return person.career_stage == _EARLY
    return start <= day < months_later(start, _FIRST_YEAR_MONTHS)


def probation_midpoint(person: Person) -> date | None:
    """The day half-way through somebody's probation; None without one."""
    start, end = person.probation_start, person.probation_end
    if start is None or end is None or end < start:
        return None
    return start + (end - start) // 2


def next_probation_review(person: Person, today: date) -> date | None:
    """When somebody's probation is reviewed next: half-way, and after that at its end."""
    middle = probation_midpoint(person)
    return person.probation_end if middle and today > middle + _LATE else middle


def induction_reviews(person: Person, calendar: SchoolYear) -> Iterator[ReviewDue]:
    """What is due about somebody's induction at the end of each term of a year.

    The term in which induction is half-way, and the one in which it ends, have a formal
    assessment; every other has a progress review.
    """
    start, end, middle = person.induction_start, induction_over(person), induction_midpoint(person)
    if start is None or end is None or middle is None:
        return
    for term in terms(calendar):
        if start <= term.end and term.start <= end:
            kind = ASSESSMENT if middle in term or end in term else PROGRESS
            yield ReviewDue(kind, term.name, min(term.end, end))


def _position(day: date) -> float:
    """A day as school years since year 0; the summer holiday takes no time."""
    year = day.year if day.month >= _FIRST[0] else day.year - 1
    first, last = date(year, *_FIRST), date(year + 1, *_LAST)
    return year + min((day - first) / (last - first), 1)


def _day_at(position: float) -> date:
    """The day at a position; the end of a school year rather than the start of the next."""
    year = int(position)
    share = position - year
    if not share:
        year, share = year - 1, 1.0
    first, last = date(year, *_FIRST), date(year + 1, *_LAST)
    return first + timedelta(days=round(share * (last - first).days))

"""Whom and when a school's figures are about, and who may see them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from coachbook.audience import Audience, narrow, row_principals
from coachbook.book import policy_now
from coachbook.calendar import half_term_of, school_year, terms
from coachbook.figures.model import Period
from coachbook.people import active
from coachbook.policy import Cell
from coachbook.reach import STAFF
from coachbook.views import calendar_now, keyed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coachbook.book import Book
    from coachbook.people import Person

FIGURE_CELLS = (Cell.READ, Cell.WRITE, Cell.FIGURES)
"""What a cell of the access table must say before figures are made from its row."""

SMALL_SCHOOL = 30
"""With fewer staff than this, a group within a school is too easily one person."""

DEFAULT_LEAST_OF_TRUST = 10
"""The fewest people of a figure over schools, where no policy says it."""

_LEAST = "suppression.min_people"
_LEAST_OF_TRUST = "suppression.min_people.trust"
_DEFAULT_LEAST = 5


def year_to_date(book: Book, school: str) -> Period:
    """From the first school day of this school year (or 1 September) to today."""
    calendar = calendar_now(book, school)
    if calendar is not None:
        return Period(calendar.half_terms[0].start, book.today)
    year = int(school_year(book.today)[:4])
    return Period(dt.date(year, 9, 1), book.today)


def this_term(book: Book, school: str) -> Period | None:
    """From the first day of the term to today; None outside term and without a calendar."""
    calendar = calendar_now(book, school)
    found = next((one for one in terms(calendar) if book.today in one), None) if calendar else None
    return Period(found.start, book.today) if found else None


def this_half_term(book: Book, school: str) -> Period | None:
    """From the first day of the half-term to today; None in a break and without a calendar."""
    calendar = calendar_now(book, school)
    found = half_term_of(calendar, book.today) if calendar else None
    return Period(found.start, book.today) if found else None


def staff(book: Book, school: str) -> tuple[Person, ...]:
    """The people who work at a school today, by name."""
    people = (one for one in book.people.values() if school in one.schools)
    found = (one for one in people if one.category in STAFF and active(one, book.today))
    return tuple(sorted(found, key=lambda one: (one.name, one.id)))


def has_staff(book: Book, school: str) -> bool:
    """Says whether anybody is written down as working at a school today."""
    return bool(staff(book, school))


def staff_count(book: Book, school: str) -> int:
    """How many people work at a school today."""
    return len(staff(book, school))


def granted(book: Book, school: str, rows: Sequence[str]) -> Audience:
    """The roles that a school's table grants figures from all of these rows, keyed or not."""
    policy = policy_now(book, school)
    if policy is None:
        return Audience(frozenset())
    allowed = (row_principals(policy, row, {}, cells=FIGURE_CELLS) for row in rows)
    return narrow(Audience(frozenset(principals)) for principals in allowed)


def figure_audience(book: Book, school: str, rows: Sequence[str]) -> Audience:
    """The roles of a school that may see figures made from all of these rows."""
    return keyed(book, granted(book, school, rows))


def threshold(book: Book, school: str) -> int:
    """The smallest number of distinct people a figure of a school may stand on."""
    return _setting(book, school, _LEAST, _DEFAULT_LEAST)


def threshold_of_trust(book: Book, schools: Sequence[str]) -> int:
    """The smallest number of people a figure over several schools may stand on: the strictest."""
    found = [_setting(book, one, _LEAST_OF_TRUST, DEFAULT_LEAST_OF_TRUST) for one in schools]
    return max(found, default=DEFAULT_LEAST_OF_TRUST)


def _setting(book: Book, school: str, key: str, default: int) -> int:
    policy = policy_now(book, school)
    value = policy.get(key) if policy else None
    return value if isinstance(value, int) else default

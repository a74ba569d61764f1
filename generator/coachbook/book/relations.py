"""How records hang together: forms, dates, references, relations, places.

Every function takes the book first and answers from it alone; what cannot be
told from a faulty record is None or empty, and the rules say why.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from coachbook.calendar import school_year
from coachbook.forms import field_value
from coachbook.policy import policy_in_force

if TYPE_CHECKING:
    from coachbook.book.model import Book
    from coachbook.calendar import SchoolYear
    from coachbook.forms import Form
    from coachbook.policy import Policy
    from coachbook.record import Record

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def form_of(book: Book, record: Record) -> Form | None:
    """The form a record is written on, or None where it names one that is not there."""
    return book.forms.for_record(record)


def record_date(book: Book, record: Record) -> date | None:
    """The day a record belongs to, by the field its form names."""
    form = form_of(book, record)
    if form is None or not form.on:
        return None
    value = field_value(record, form, form.on)
    return value if isinstance(value, date) else None


def follow(book: Book, record: Record, path: str) -> tuple[str, ...]:
    """The ids at the end of a path of fields such as `cycle.partnership.coach`.

    Every step but the last is a reference to another record; a step that leads
    nowhere, or to an id that stands for several records, ends in nothing.
    """
    key, _, rest = path.partition(".")
    ids = _ids(book, record, key)
    if not rest:
        return ids
    targets = (book.by_id.get(one, ()) for one in ids)
    return tuple(
        found
        for records in targets
        if len(records) == 1
        for found in follow(book, records[0], rest)
    )


def _ids(book: Book, record: Record, key: str) -> tuple[str, ...]:
    form = form_of(book, record)
    value = field_value(record, form, key) if form and key in form.fields else None
    if isinstance(value, str):
        return (value,)
    if isinstance(value, tuple):
        return tuple(one for one in value if isinstance(one, str))
    return ()


def parties(book: Book, record: Record) -> dict[str, tuple[str, ...]]:
    """The people in each relation of a record, as its form finds them; sorted."""
    form = form_of(book, record)
    if form is None:
        return {}
    found = {
        relation: tuple(sorted(set(follow(book, record, path))))
        for relation, path in sorted(form.relations.items())
    }
    return {relation: people for relation, people in found.items() if people}


def policy_for(book: Book, record: Record) -> Policy | None:
    """The policy of the record's school that was in force on its date, or is today."""
    return policy_in_force(
        book.policies.get(record.school, ()), record_date(book, record) or book.today
    )


def policy_now(book: Book, school: str) -> Policy | None:
    """The policy of a school that is in force today."""
    return policy_in_force(book.policies.get(school, ()), book.today)


def calendar_for(book: Book, record: Record) -> SchoolYear | None:
    """The calendar of the record's school for the school year of its date."""
    day = record_date(book, record)
    return book.calendars.get((record.school, school_year(day))) if day else None


def expected_path(book: Book, record: Record) -> str:
    """Where a record belongs, or "" where it lacks what its place is made of."""
    form = form_of(book, record)
    if form is None:
        return ""
    parts = {
        name: _place_part(book, record, form, name) for name in _PLACEHOLDER.findall(form.place)
    }
    if not all(parts.values()):
        return ""
    return _PLACEHOLDER.sub(lambda match: parts[match[1]], form.place)


def _place_part(book: Book, record: Record, form: Form, name: str) -> str:
    """One part of a path: a field, the school year of the record's date, or the date itself."""
    if name in form.fields or name in {"id", "school"}:
        value = field_value(record, form, name)
        return value.isoformat() if isinstance(value, date) else str(value or "")
    day = record_date(book, record)
    if day is None:
        return ""
    return school_year(day) if name == "year" else day.isoformat()

"""A new record: id, place, header and headings filled in before anybody writes.

Used by `new` and by the portal's Write page, so that both begin alike. Under
each heading stands a guide line that says who will read it and what belongs
there; sealing drops guide lines, so nobody has to delete them.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from coachbook.book import access_of, policy_now, values_of
from coachbook.calendar import add_school_days, school_year
from coachbook.errors import InputError
from coachbook.frontmatter import format_header
from coachbook.guides import blank_lines, format_guide
from coachbook.induction import induction_reviews, next_probation_review
from coachbook.life import AUTHOR, LOCK, STATE
from coachbook.readership import draft_line, reader_line
from coachbook.record import Record, parse_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from coachbook.book import Book
    from coachbook.forms import Form, SectionForm
    from coachbook.frontmatter import Value
    from coachbook.people import Person
    from coachbook.policy import Policy

    Random = Callable[[int], bytes]

HALF_WAY, NEXT_REVIEW = "@half-way", "@next-review"
"""Defaults of a form that the dates of the person decide, of probation and of induction."""

_BY_PROGRAM = frozenset({STATE, AUTHOR, LOCK})

ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
ID_LENGTH = 8


def new_id(prefix: str, random: Random, taken: Iterable[str] = ()) -> str:
    """A fresh id such as `s-7kq2m4xa`: the prefix and 8 random characters."""
    used = set(taken)
    while True:
        name = f"{prefix}-{random_name(ID_LENGTH, random)}"
        if name not in used:
            return name


def random_name(length: int, random: Random) -> str:
    """Random lower-case letters and digits, each equally likely."""
    found = ""
    limit = 256 - 256 % len(ALPHABET)
    while len(found) < length:
        found += "".join(ALPHABET[b % len(ALPHABET)] for b in random(length * 2) if b < limit)
    return found[:length]


def optional_fields(form: Form) -> tuple[str, ...]:
    """The fields that a writer may add to a header; what only the program writes is left out."""
    return tuple(
        field.name
        for field in form.fields.values()
        if not field.required and not field.default and field.name not in _BY_PROGRAM
    )


def default_values(book: Book, form: Form, school: str) -> dict[str, Value]:
    """What the form and the day already tell: dates, the policy version, fixed choices."""
    found: dict[str, Value] = {}
    for field in form.fields.values():
        value = _default(book, field.default, school)
        if value is not None:
            found[field.name] = value
    return found


def due_values(book: Book, form: Form, school: str, person: str) -> dict[str, Value]:
    """What the dates of the person tell whom a record is about: when a review is due."""
    found = book.people.get(person)
    if found is None:
        return {}
    reckoned = {
        HALF_WAY: next_probation_review(found, book.today),
        NEXT_REVIEW: _next_induction_review(book, found, school),
    }
    days = {field.name: reckoned.get(field.default) for field in form.fields.values()}
    return {name: day for name, day in days.items() if day is not None}


def _next_induction_review(book: Book, person: Person, school: str) -> dt.date | None:
    calendar = book.calendars.get((school, school_year(book.today)))
    reviews = induction_reviews(person, calendar) if calendar else ()
    return next((one.due for one in reviews if one.due >= book.today), None)


def draft(form: Form, values: Mapping[str, Value]) -> Record:
    """A record that holds only a header, so that its people and place can be told."""
    header = format_header(dict(values))
    parsed = parse_record(f"new {form.title.lower()}", header.encode())
    if not isinstance(parsed, Record):
        raise InputError(parsed.message, hint=parsed.hint)
    return parsed


def new_source(
    book: Book, form: Form, values: Mapping[str, Value], carried: Mapping[str, str]
) -> str:
    """The text of a new record: header, then each heading with its guide line.

    Below it stand the section's typed lines, to be filled in. `carried` holds text to begin a
    section with, such as the last unfinished steps.
    """
    record = draft(form, values)
    parts = [format_header(dict(values))]
    for section in form.applying(values_of(book, record)):
        text = f"{blank_lines(section.lines)}{carried.get(section.name, '')}"
        parts.append(f"\n## {section.name}\n{guide(book, form, record, section)}\n{text}")
    return "".join(parts)


def guide(book: Book, form: Form, record: Record, section: SectionForm) -> str:
    """The line under a heading: who will read it, and what belongs there."""
    return format_guide(planned_line(book, form, record, section), section)


def planned_line(book: Book, form: Form, record: Record, section: SectionForm) -> str:
    """Says who will be able to read a section of a record that is being written."""
    if form.whole:
        return "This record will be sealed whole."
    if not section.sealed:
        return "Everyone who holds the repository can read this."
    access = access_of(book, record)
    readers = access.sealed_to(section.row)
    if access.life.is_draft and readers:
        return draft_line(book, access.life.author, readers)
    return reader_line(book, record.school, readers)


def _default(book: Book, name: str, school: str) -> Value:
    """What a form's `default` stands for: a value, a day, or what the policy says.

    `@today+42` is the first school day in 42 days or more; `@policy.cycle.models` is that
    parameter, the first of several. `@half-way` and `@next-review` wait for the person.
    """
    if name.startswith("@today"):
        ahead = int(name.removeprefix("@today") or 0)
        return _school_day(book, school, ahead) if ahead else book.today
    if name in {HALF_WAY, NEXT_REVIEW}:
        return None  # only the person tells: see due_values
    if name.startswith("@policy"):
        return _policy_default(policy_now(book, school), name.removeprefix("@policy").lstrip("."))
    return name or None


def _school_day(book: Book, school: str, ahead: int) -> dt.date:
    """The day so many days ahead, or the next on which the school is open, as far as known."""
    day = book.today + dt.timedelta(days=ahead)
    calendar = book.calendars.get((school, school_year(day)))
    return (add_school_days(calendar, day, 0) if calendar else None) or day


def _policy_default(policy: Policy | None, key: str) -> Value:
    if policy is None:
        return None
    value = policy.get(key) if key else policy.version
    return value[0] if isinstance(value, tuple) else value

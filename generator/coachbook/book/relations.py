"""How records hang together: forms, dates, references, relations, places.

Every function takes the book first and answers from it alone; what cannot be
told from a faulty record is None or empty, and the rules say why. A record need
not be the one that the book has at its path: a draft is read where it stands.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from coachbook.book.model import Entry
from coachbook.calendar import school_year
from coachbook.forms import ValueReader, alternatives
from coachbook.policy import policy_in_force

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coachbook.book.model import Book
    from coachbook.calendar import SchoolYear
    from coachbook.forms import FieldValue, Form
    from coachbook.policy import Policy
    from coachbook.record import Record

_PLACEHOLDER = re.compile(r"\{([\w|]+)\}")
_SEGMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]*")
_REACH = 6
"""From how many records to the next a path may lead."""

Traced: TypeAlias = "dict[tuple[str, str, int], tuple[str, ...]]"
"""What lies behind a step: the record it leads to, the rest of the path, and how far it may go."""

_NO_VALUES: Mapping[str, FieldValue] = MappingProxyType({})
_NO_PARTIES: Mapping[str, tuple[str, ...]] = MappingProxyType({})


def read_entry(record: Record, form: Form) -> Entry:
    """The record read by its form, without the people, who may stand in other records."""
    return dated_entry(record, form, ValueReader(form).values(record))


def dated_entry(
    record: Record,
    form: Form,
    values: Mapping[str, FieldValue],
    people: Mapping[str, tuple[str, ...]] = _NO_PARTIES,
) -> Entry:
    """The entry of a record whose values, and people where they are known, have been read."""
    day = values.get(form.on)
    return Entry(record, form, values, day if isinstance(day, date) else None, people)


def form_of(book: Book, record: Record) -> Form | None:
    """The form a record is written on, or None where it names one that is not there."""
    entry = _known(book, record)
    return entry.form if entry else book.forms.for_record(record)


def record_date(book: Book, record: Record) -> date | None:
    """The day a record belongs to, by the field its form names."""
    entry = entry_of(book, record)
    return entry.day if entry else None


def values_of(book: Book, record: Record) -> Mapping[str, FieldValue]:
    """The typed values of a record's header by key; a key without a fitting value is absent."""
    entry = entry_of(book, record)
    return entry.values if entry else _NO_VALUES


def follow(book: Book, record: Record, path: str) -> tuple[str, ...]:
    """The ids at the end of a path of fields such as `cycle.partnership.coach`.

    Every step but the last is a reference to another record; a step that leads
    nowhere, or to an id that stands for several records, ends in nothing. Of
    the alternatives `cycle.partnership.coach | partnership.coach` the record
    takes the first whose field it has, even where that leads nowhere.
    """
    entry = entry_of(book, record)
    return trace(book.entries, book.by_id, entry, path) if entry else ()


def follow_from(book: Book, value: FieldValue, path: str) -> tuple[str, ...]:
    """The ids at the end of a path that begins at the records whose ids a field holds.

    What `follow` gives for `cycle.partnership` hangs on nothing but the value of `cycle`.
    """
    return _trace_beyond(book.entries, book.by_id, ids_in(value), path, _REACH)


def path_taken(book: Book, record: Record, path: str) -> str:
    """The alternative of a relation's path that a record takes; the first where it has none."""
    entry = entry_of(book, record)
    return choose_path(entry, path) if entry else alternatives(path)[0]


def choose_path(entry: Entry, path: str) -> str:
    """The first alternative of a path whose field the record has, or else the first."""
    if "|" not in path:
        return path
    paths = alternatives(path)
    return next((one for one in paths if _has(entry, one.partition(".")[0])), paths[0])


def _has(entry: Entry, key: str) -> bool:
    """Whether a value is written, be it one that fits or not."""
    field = entry.record.fields.get(key)
    return field is not None and field.value is not None


def trace(
    entries: Mapping[str, Entry],
    by_id: Mapping[str, tuple[Record, ...]],
    entry: Entry,
    path: str,
    *,
    reach: int = _REACH,
    known: Traced | None = None,
) -> tuple[str, ...]:
    """The ids at the end of a path, in the parts of a book.

    A path may end in a relation of the record that it leads to: `to.coach` is the coach of the
    session that an addendum belongs to. Records that lead to each other end in nothing.

    Args:
        known: where what was found behind a step is kept for other records that take it too.
    """
    key, _, rest = choose_path(entry, path).partition(".")
    if not rest and key not in entry.form.fields:
        relation = entry.form.relations.get(key)
        return trace(entries, by_id, entry, relation, reach=reach, known=known) if relation else ()
    ids = ids_in(entry.values.get(key))
    return _trace_beyond(entries, by_id, ids, rest, reach, known) if rest else ids


def _trace_beyond(
    entries: Mapping[str, Entry],
    by_id: Mapping[str, tuple[Record, ...]],
    ids: tuple[str, ...],
    rest: str,
    reach: int,
    known: Traced | None = None,
) -> tuple[str, ...]:
    """The ids at the end of the rest of a path, from the records with these ids on."""
    found: list[str] = []
    for one in ids if reach else ():
        records = by_id.get(one, ())
        target = entries.get(records[0].path) if len(records) == 1 else None
        if target:
            found += _trace_on(entries, by_id, target, rest, reach - 1, known)
    return tuple(found)


def _trace_on(
    entries: Mapping[str, Entry],
    by_id: Mapping[str, tuple[Record, ...]],
    entry: Entry,
    path: str,
    reach: int,
    known: Traced | None,
) -> tuple[str, ...]:
    """The same from the next record on, which most records of a cycle share."""
    step = (entry.record.path, path, reach)
    if known is None or step not in known:
        found = trace(entries, by_id, entry, path, reach=reach, known=known)
        if known is None:
            return found
        known[step] = found
    return known[step]


def ids_in(value: FieldValue) -> tuple[str, ...]:
    """The ids in the value of a field, be it one or a list."""
    if isinstance(value, str):
        return (value,)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, tuple) else ()


def find_parties(
    entries: Mapping[str, Entry],
    by_id: Mapping[str, tuple[Record, ...]],
    entry: Entry,
    known: Traced | None = None,
) -> dict[str, tuple[str, ...]]:
    """The people in each relation of a record, sorted; a relation without any is left out."""
    found = {
        relation: tuple(sorted(set(trace(entries, by_id, entry, path, known=known))))
        for relation, path in sorted(entry.form.relations.items())
    }
    return {relation: people for relation, people in found.items() if people}


def parties(book: Book, record: Record) -> dict[str, tuple[str, ...]]:
    """The people in each relation of a record, as its form finds them; sorted."""
    known = _known(book, record)
    if known:
        return dict(known.parties)
    entry = entry_of(book, record)
    return find_parties(book.entries, book.by_id, entry) if entry else {}


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


def is_in_place(book: Book, record: Record) -> bool:
    """Whether a record lies where it belongs, as far as its header says where that is.

    Its path is put together and compared, without asking whether each part of it may be one.
    """
    entry = entry_of(book, record)
    if entry is None:
        return True
    path = [
        literal + (_place_part(entry, names) if names else "")
        for literal, names in _place_parts(entry.form.place)
    ]
    return "".join(path) == record.path


def expected_path(book: Book, record: Record) -> str:
    """Where a record belongs, or "" where it lacks what its place is made of.

    A value that would lead into another folder makes no place.
    """
    entry = entry_of(book, record)
    if entry is None:
        return ""
    path: list[str] = []
    for literal, names in _place_parts(entry.form.place):
        part = _place_part(entry, names) if names else ""
        if names and not _SEGMENT.fullmatch(part):
            return ""
        path += (literal, part)
    return "".join(path)


@cache
def _place_parts(place: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """A form's place as texts, each with the alternatives of the placeholder behind it."""
    pieces = [*_PLACEHOLDER.split(place), ""]
    return tuple(
        (literal, tuple(name for name in names.split("|") if name))
        for literal, names in zip(pieces[::2], pieces[1::2], strict=True)
    )


def _place_part(entry: Entry, names: tuple[str, ...]) -> str:
    """One part of a path: a field, the school year of the record's date, or the date itself.

    Of the alternatives in `{cycle|group}` it is the first that the record has.
    """
    name = names[0]
    if len(names) > 1:
        name = next((one for one in names if _has(entry, one)), name)
    if name in entry.form.fields or name in {"id", "school"}:
        value = entry.values.get(name)
        if isinstance(value, str):
            return value
        return value.isoformat() if isinstance(value, date) else str(value or "")
    if entry.day is None:
        return ""
    return school_year(entry.day) if name == "year" else entry.day.isoformat()


def _known(book: Book, record: Record) -> Entry | None:
    """The book's own entry for this very record."""
    entry = book.entries.get(record.path)
    return entry if entry is not None and entry.record is record else None


def entry_of(book: Book, record: Record) -> Entry | None:
    """The record read by its form; None where it has none.

    People who stand in other records are there only where the book holds this very record.
    """
    known = _known(book, record)
    if known:
        return known
    form = book.forms.for_record(record)
    return read_entry(record, form) if form else None

"""The threads that run through a book: which records hang on a cycle, a note or a person."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from coachbook.book import follow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from coachbook.views.record import RecordView

    Threads = Mapping[str, tuple[RecordView, ...]]


def by_reference(records: Iterable[RecordView], *keys: str) -> Threads:
    """The records by the id that the first of these fields leads to, in the order of days."""
    found: dict[str, list[RecordView]] = defaultdict(list)
    for record in records:
        for one in _leads_to(record, keys):
            found[one].append(record)
    return {one: in_order(group) for one, group in found.items()}


def by_person(records: Iterable[RecordView]) -> Threads:
    """The records by the people who stand in a relation of theirs, the newest first."""
    found: dict[str, list[RecordView]] = defaultdict(list)
    for record in records:
        for person in dict.fromkeys(p for group in record.people.values() for p in group):
            found[person].append(record)
    return {person: in_order(group)[::-1] for person, group in found.items()}


def in_order(records: Iterable[RecordView]) -> tuple[RecordView, ...]:
    """The records by day; those of one day by id."""
    return tuple(sorted(records, key=_by_day))


def _leads_to(record: RecordView, keys: Sequence[str]) -> tuple[str, ...]:
    for key in keys:
        if key in record.record.fields:
            return follow(record.book, record.record, key)
    return ()


def _by_day(record: RecordView) -> tuple[str, str]:
    return (record.day.isoformat() if record.day else "", record.id)

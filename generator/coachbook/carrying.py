"""Which records go along into the repository of a new school year.

    choice = choose(book, first=date(2027, 9, 1))
    choice.whole     # paths of records that go along byte for byte
    choice.bare      # paths of records of which the clear header alone goes along

What goes on goes along: people who stay, pairs, groups and open cycles with all that belongs to
them, and what has to be kept for longer than a year. What those refer to has to be there too.
Of a pair or a cycle that is over and only referred to, the header goes along and the text stays,
as its time may be over.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from coachbook.book import calendar_for, form_of, policy_for
from coachbook.calendar import school_year
from coachbook.errors import DamagedError
from coachbook.keeping import TEXT_LEFT, kept
from coachbook.policy import policy_in_force
from coachbook.publickey import is_role
from coachbook.readers import stated_readers
from coachbook.record import Record, parse_record, remove_field, replace_field
from coachbook.retention import IMPACT, TYPES
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from coachbook.book import Book, Entry

    Rule = Callable[[Book, Entry, dt.date], bool]

_WORD = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
"""What may be an id; whether it is one, the book says."""
_THREADS = frozenset({"cycle", "partnership", "group"})
_OVER = frozenset({"ended", "closed"})
_PERSON, _PRIORITY, _WAIVER, _ROLE = "person", "priority", "waiver", "role-assignment"
_WITHOUT_ROLES = frozenset({_ROLE, "policy", "training", "schedule", "rotation", "accountability"})
"""Records that nobody is judged by the role they held on its day."""


@frozen
class Choice:
    """Paths of the records that go along, whole or as a header alone; the others stay."""

    whole: frozenset[str]
    bare: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Every path that goes along."""
        return self.whole | self.bare


def choose(book: Book, first: dt.date) -> Choice:
    """What goes along into the year that begins on `first`."""
    chosen = _Chosen(book, first)
    for entry in book.entries.values():
        if entry.form.type != _WAIVER and _goes_on(book, entry, first):
            chosen.take(entry)
    for entry in tuple(book.entries.values()):
        if entry.form.type in _THREADS and entry.record.path in chosen.whole:
            chosen.take_below(entry)
    chosen.settle()
    for entry in book.entries.values():
        if entry.form.type == _WAIVER and chosen.is_about_taken(entry):
            chosen.take(entry)
    return Choice(frozenset(chosen.whole), frozenset(chosen.bare - chosen.whole))


def bare_source(book: Book, record: Record, year: str) -> str:
    """The header alone, without the references that it can do without.

    Args:
        year: the school year in whose repository the text of a cycle stays.
    """
    form = form_of(book, record)
    fields = form.fields if form else {}
    source = record.source[: record.body]
    for key, field in fields.items():
        found = parse_record(record.path, source.encode())
        if field.type == "reference" and not field.required and isinstance(found, Record):
            source = remove_field(found, key) if key in found.fields else source
    found = parse_record(record.path, source.encode())
    if TEXT_LEFT in fields and isinstance(found, Record):
        source = replace_field(found, TEXT_LEFT, year)
    return source


class _Chosen:
    """What has been taken so far, and what that leads to."""

    def __init__(self, book: Book, first: dt.date) -> None:
        self.book = book
        self.first = first
        self.whole: set[str] = set()
        self.bare: set[str] = set()

    def take(self, entry: Entry) -> None:
        """Takes a record whole, with everything that its header refers to."""
        if entry.record.path in self.whole:
            return
        self.whole.add(entry.record.path)
        self._take_named(entry.record.source[: entry.record.body], entry)

    def take_below(self, thread: Entry) -> None:
        """Takes what belongs to a cycle, pair or group that goes on, as far as it may be kept."""
        for record in self.book.referring.get(thread.record.id, ()):
            entry = self.book.entries.get(record.path)
            if entry is None or entry.form.type in _THREADS or record.path in self.whole:
                continue
            if thread.form.type == "cycle" or _may_be_kept(self.book, entry, self.first):
                self.take(entry)
                self.take_below(entry)

    def settle(self) -> None:
        """Takes what the taken are judged by: policies, calendars, roles, priorities, readers."""
        before = -1
        while before != len(self.whole) + len(self.bare):
            before = len(self.whole) + len(self.bare)
            for path in sorted(self.whole):
                self._take_grounds(self.book.entries[path])

    def is_about_taken(self, waiver: Entry) -> bool:
        """True if a waiver counts in the new year and is about something that went along."""
        until, about = waiver.values.get("until"), str(waiver.values.get("about") or "")
        taken = any(one.path in self.whole for one in self.book.by_id.get(about, ()))
        return taken and isinstance(until, dt.date) and until >= self.first

    def _take_named(self, header: str, entry: Entry) -> None:
        """Takes every record whose id stands in a header."""
        for one in sorted(set(_WORD.findall(header)) & self.book.by_id.keys() - {entry.record.id}):
            for record in self.book.by_id.get(one, ()):
                target = self.book.entries.get(record.path)
                if target is None or record.path in self.whole | self.bare:
                    continue
                if target.form.type in _THREADS and not _goes_on(self.book, target, self.first):
                    self.bare.add(record.path)
                    self._take_named(bare_source(self.book, record, ""), target)
                else:
                    self.take(target)

    def _take_grounds(self, entry: Entry) -> None:
        record = entry.record
        if entry.day is not None:
            policy, calendar = policy_for(self.book, record), calendar_for(self.book, record)
            self._take_path(policy.path if policy else "")
            self._take_path(
                f"records/{record.school}/calendar-{calendar.year}.md" if calendar else ""
            )
        if entry.day is not None and entry.form.type not in _WITHOUT_ROLES:
            self._take_roles(record.school, entry.day)
        for name in _texts(entry.values.get(_PRIORITY)):
            self._take_priority(name, record.school)
        for person in _people_who_read(record):
            self._take_path(f"records/people/{person}.md")

    def _take_roles(self, school: str, day: dt.date) -> None:
        """Who held which role on a day decides who was to read what was written then."""
        for one in self.book.assignments:
            if one.school == school and one.start <= day and (one.end is None or one.end >= day):
                self._take_path(f"records/{school}/roles/{one.id}.md")

    def _take_priority(self, name: str, school: str) -> None:
        for entry in self.book.entries.values():
            is_it = entry.form.type == _PRIORITY and entry.values.get("name") == name
            if is_it and entry.record.school in {school, ""}:
                self.take(entry)

    def _take_path(self, path: str) -> None:
        entry = self.book.entries.get(path)
        if entry is not None:
            self.take(entry)


def _people_who_read(record: Record) -> Iterator[str]:
    """The people to whom a part is sealed or who signed it; their public lines have to be there."""
    for block in record.blocks():
        if block.signature:
            yield block.signature.signer
        try:
            yield from (reader for reader, _ in stated_readers(block.armor) if not is_role(reader))
        except DamagedError:
            continue


def _goes_on(book: Book, entry: Entry, first: dt.date) -> bool:
    """Whether a record goes into the new year by itself."""
    kind = entry.form.type
    rule = _RULES.get(kind, _is_dated_later)
    return rule(book, entry, first) or (kind not in _RULES and _is_dated_later(book, entry, first))


def _always(book: Book, entry: Entry, first: dt.date) -> bool:
    del book, entry, first
    return True


def _has_not_ended(book: Book, entry: Entry, first: dt.date) -> bool:
    del book
    ends = [entry.values.get(key) for key in ("to", "end")]
    return all(not isinstance(day, dt.date) or day >= first for day in ends)


def _is_under_way(book: Book, entry: Entry, first: dt.date) -> bool:
    del book, first
    return entry.values.get("status") not in _OVER


def _is_of_the_year(book: Book, entry: Entry, first: dt.date) -> bool:
    del book
    return str(entry.values.get("year") or "") >= school_year(first)


def _is_in_force(book: Book, entry: Entry, first: dt.date) -> bool:
    """A policy that holds on the first day or later, at its own school or at one that shares it."""
    return any(
        one.path == entry.record.path
        and (one.effective_from >= first or policy_in_force(found, first) is one)
        for found in book.policies.values()
        for one in found
    )


def _is_dated_later(book: Book, entry: Entry, first: dt.date) -> bool:
    del book
    return entry.day is not None and entry.day >= first


def _may_be_kept(book: Book, entry: Entry, first: dt.date) -> bool:
    """True unless its time is over by the first day."""
    until = kept(book, entry).until
    return until is None or until >= first


def _is_of_somebody_here(book: Book, entry: Entry, first: dt.date) -> bool:
    person = book.people.get(str(entry.values.get("person") or ""))
    return person is not None and (person.end is None or person.end >= first)


def _is_unreviewed(book: Book, entry: Entry, first: dt.date) -> bool:
    return entry.values.get("reviewed_on") is None and _is_of_somebody_here(book, entry, first)


def _is_unmet(book: Book, entry: Entry, first: dt.date) -> bool:
    del book, first
    return entry.values.get("status") != "met"


_RULES: Mapping[str, Rule] = {
    **dict.fromkeys(("trust", "hub", "school", "sealed"), _always),
    **dict.fromkeys(("disposal-log", "subject-access-log"), _always),
    **dict.fromkeys((_PERSON, _ROLE, "group", "accountability"), _has_not_ended),
    **dict.fromkeys(("schedule", "rotation"), _has_not_ended),
    **dict.fromkeys(("cycle", "partnership"), _is_under_way),
    **dict.fromkeys(("calendar", _PRIORITY), _is_of_the_year),
    **dict.fromkeys(TYPES[IMPACT], _may_be_kept),
    "policy": _is_in_force,
    "training": _is_of_somebody_here,
    "objective": _is_unreviewed,
    "cpd-need": _is_unmet,
}
"""Type of record -> whether it goes on; any other goes if it is dated in the new year already."""


def _texts(value: object) -> Iterable[str]:
    found = value if isinstance(value, tuple) else (value,)
    return (one for one in found if isinstance(one, str))

"""From records that have been read to a Book.

Forms say what every record means, so a record is read by its form first. Its people, schools and
policies follow when all records are there. A record that does not fit has findings of its own;
only a trust record that cannot be used stops everything.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from coachbook.book.model import Book, Entry, School, Trust
from coachbook.book.organisation import TRUST_PATH, read_hubs, read_schools, read_trust
from coachbook.book.parsed import marks_of
from coachbook.book.relations import Traced, dated_entry, find_parties
from coachbook.calendar import SchoolYear, parse_calendar
from coachbook.forms import LISTS, ValueReader, field_value
from coachbook.people import (
    Partnership,
    Person,
    parse_partnership,
    parse_person,
    parse_role_assignment,
)
from coachbook.policy import Policy, parse_policy
from coachbook.reads import RECORDS, Reads
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from coachbook.book.reading import ReadRecords
    from coachbook.diagnostics import Diagnostic
    from coachbook.forms import FieldValue, Form, Forms
    from coachbook.keyring import Keyring
    from coachbook.record import Record

T = TypeVar("T")
K = TypeVar("K", Person, Partnership)

_NONE_READY: Mapping[str, Entry] = MappingProxyType({})


@frozen
class Files:
    """What every record is read with: forms and keys.

    `prints` are the hashes of their files, and of those that lie beside the records, by path.
    """

    root: Path
    forms: Forms
    keyring: Keyring
    prints: Mapping[str, bytes]


def assemble(
    files: Files,
    read: ReadRecords,
    findings: Iterable[Diagnostic],
    today: date | None,
    clock: Callable[[], date],
) -> Book:
    """The Book of records that have been read.

    Raises InputError where the trust record is not among them or cannot be used.
    """
    records, found = read.records, list(findings)
    forms = files.forms.with_lists(_lists_of(records.get(TRUST_PATH), files.forms))
    by_id = _grouped((record.id, record) for record in records.values() if record.id)
    entries = _entries(records.values(), forms, by_id)
    trust = read_trust(entries.get(TRUST_PATH), found)
    by_type = _by_type(entries.values())
    hubs = read_hubs(by_type["hub"])
    schools = read_schools(by_type["school"], trust, hubs)
    policies, policy_findings = _policies(by_type["policy"], schools, trust)
    assignments = _built(by_type["role-assignment"], parse_role_assignment)
    found += policy_findings
    prints = MappingProxyType({**files.prints, **read.prints})
    reads = Reads(marks_of(entries, prints))
    return Book(
        root=files.root,
        trust=trust,
        today=today or trust.as_of or clock(),
        forms=forms,
        records=reads.watched(RECORDS, MappingProxyType(records)),
        entries=reads.watched("entries", entries),
        by_id=reads.watched("by id", by_id),
        referring=reads.watched("referring", _grouped(_references(entries.values()))),
        hubs=hubs,
        schools=schools,
        people=_keyed(_built(by_type["person"], parse_person)),
        assignments=assignments,
        roles=_grouped((one.principal, one) for one in assignments),
        partnerships=reads.watched(
            "partnerships", _keyed(_built(by_type["partnership"], parse_partnership)), by_id
        ),
        policies=_grouped((policy.school, policy) for policy in policies),
        calendars=_calendars(
            _built(by_type["calendar"], lambda record, form, _: parse_calendar(record, form))
        ),
        keyring=files.keyring,
        findings=tuple(sorted(found, key=lambda finding: finding.sort_key)),
        unreadable=read.unreadable,
        prints=prints,
        reads=reads,
    )


def assemble_on(book: Book, read: ReadRecords, earlier: Book | None = None) -> Book:
    """The Book with more records, none of which anything in it was made of.

    Args:
        book: the Book.
        read: the records, and the files that are none.
        earlier: such a book from before; a record in both is not read by its form again.
    """
    records = dict(sorted({**book.records, **read.records}.items()))
    by_id = _grouped((record.id, record) for record in records.values() if record.id)
    was = earlier.entries if earlier else _NONE_READY
    entries = _entries(records.values(), book.forms, by_id, book.entries, was)
    pairs = [entry for entry in entries.values() if entry.form.type == "partnership"]
    prints = MappingProxyType({**book.prints, **read.prints})
    reads = Reads(marks_of(entries, prints))
    return replace(
        book,
        records=reads.watched(RECORDS, MappingProxyType(records)),
        entries=reads.watched("entries", entries),
        by_id=reads.watched("by id", by_id),
        referring=reads.watched("referring", _grouped(_references(entries.values()))),
        partnerships=reads.watched("partnerships", _keyed(_built(pairs, parse_partnership)), by_id),
        findings=tuple(sorted((*book.findings, *read.findings), key=lambda one: one.sort_key)),
        unreadable=tuple(sorted({*book.unreadable, *read.unreadable})),
        prints=prints,
        reads=reads,
    )


def _lists_of(trust: Record | None, forms: Forms) -> dict[str, tuple[str, ...]]:
    """The trust's own lists of words, by name; a field that does not fit is an empty list."""
    form = forms.for_record(trust) if trust else None
    if trust is None or form is None:
        return {}
    values = {name: field_value(trust, form, name) for name in LISTS}
    return {
        name: tuple(str(one) for one in value) if isinstance(value, tuple) else ()
        for name, value in values.items()
    }


def _entries(
    records: Iterable[Record],
    forms: Forms,
    by_id: Mapping[str, tuple[Record, ...]],
    ready: Mapping[str, Entry] = _NONE_READY,
    earlier: Mapping[str, Entry] = _NONE_READY,
) -> Mapping[str, Entry]:
    """Every record that has a form, read by it; then, as all are there, with its people.

    Args:
        ready: entries that are there already, with their people.
        earlier: entries whose records may be these, and whose people may be others by now.
    """
    readers: dict[tuple[str, object], tuple[Form, ValueReader] | None] = {}
    found: dict[str, Entry] = {}
    for record in records:
        if record.path in ready:
            found[record.path] = ready[record.path]
            continue
        key = (record.type, record.value("form"))
        if key not in readers:
            form = forms.for_record(record)
            readers[key] = (form, ValueReader(form)) if form else None
        chosen = readers[key]
        if chosen is not None:
            was = earlier.get(record.path)
            is_same = was is not None and was.record is record and was.form is chosen[0]
            values = was.values if was and is_same else chosen[1].values(record)
            found[record.path] = dated_entry(record, chosen[0], values)
    known: Traced = {}
    for path, one in found.items():
        if path not in ready:
            people = find_parties(found, by_id, one, known)
            found[path] = Entry(one.record, one.form, one.values, one.day, people)
    return MappingProxyType(found)


def _policies(
    entries: Iterable[Entry], schools: Mapping[str, School], trust: Trust
) -> tuple[list[Policy], list[Diagnostic]]:
    """The policies of all schools; one without its own has those of the school it names."""
    policies: list[Policy] = []
    findings: list[Diagnostic] = []
    for entry in entries:
        school = schools.get(entry.record.school)
        policy, faults = parse_policy(
            entry.record, entry.form, school.words if school else trust.words
        )
        policies += [policy] if policy else []
        findings += faults
    owners = {policy.school for policy in policies}
    for school in schools.values():
        if school.id not in owners:
            taken = (policy for policy in policies if policy.school == school.policy_of)
            policies += [replace(policy, school=school.id) for policy in taken]
    return policies, findings


def _calendars(calendars: Iterable[SchoolYear]) -> Mapping[tuple[str, str], SchoolYear]:
    return MappingProxyType({(one.school, one.year): one for one in calendars})


def _references(entries: Iterable[Entry]) -> Iterable[tuple[str, Record]]:
    """(id, record) for every id that a record names in a reference field."""
    for entry in entries:
        for key, value in entry.values.items():
            field = entry.form.fields.get(key)
            if field is not None and field.type == "reference":
                for one in value if isinstance(value, tuple) else (value,):
                    if isinstance(one, str):
                        yield one, entry.record


def _by_type(entries: Iterable[Entry]) -> defaultdict[str, list[Entry]]:
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.form.type].append(entry)
    return found


def _built(
    entries: Iterable[Entry], build: Callable[[Record, Form, Mapping[str, FieldValue]], T | None]
) -> tuple[T, ...]:
    """What `build` makes of each record; those it cannot use have findings of their own."""
    found = (build(entry.record, entry.form, entry.values) for entry in entries)
    return tuple(one for one in found if one is not None)


def _grouped(pairs: Iterable[tuple[str, T]]) -> Mapping[str, tuple[T, ...]]:
    found: defaultdict[str, list[T]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return MappingProxyType({key: tuple(values) for key, values in found.items()})


def _keyed(values: Iterable[K]) -> Mapping[str, K]:
    """The values by id; of two with one id the first, as the rules report the second."""
    found: dict[str, K] = {}
    for value in values:
        found.setdefault(value.id, value)
    return MappingProxyType(found)

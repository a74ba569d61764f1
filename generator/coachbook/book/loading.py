"""From the folder `records/` to a Book; the only reader of it.

Forms come first, because they say what every other file means. A file that
cannot be read becomes a finding and is held back; nothing here raises for a
fault in one record, only where there is no workspace to speak of.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from coachbook.book.access import DRAFT_INFO
from coachbook.book.files import (
    IGNORED,
    Listing,
    list_files,
    print_of,
    read_file,
    school_of,
)
from coachbook.book.model import Book, Entry, School, Trust
from coachbook.book.organisation import (
    NO_WORKSPACE_HINT,
    TRUST_PATH,
    read_hubs,
    read_schools,
    read_trust,
)
from coachbook.book.parsed import Parsed, marks_of, prints_of
from coachbook.book.relations import Traced, dated_entry, find_parties
from coachbook.cache import FORGETFUL, Cache
from coachbook.calendar import SchoolYear, parse_calendar
from coachbook.decoding import decode
from coachbook.diagnostics import Consequence, Diagnostic
from coachbook.errors import FrontMatterError, InputError
from coachbook.forms import LISTS, ValueReader, builtin_forms, field_value, load_forms
from coachbook.keyring import load_keyring
from coachbook.people import (
    Partnership,
    Person,
    parse_partnership,
    parse_person,
    parse_role_assignment,
    split_principal,
)
from coachbook.policy import Policy, parse_policy
from coachbook.reads import RECORDS, Reads
from coachbook.record import Record
from coachbook.workers import without_collection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from coachbook.forms import Form, Forms
    from coachbook.keyring import Keyring

T = TypeVar("T")
K = TypeVar("K", Person, Partnership)

_TYPE_LINE = re.compile(rb"(?m)^type: *([a-z-]+)\s*$")
_HEAD = 4096
_POLICY_NAME = re.compile(r"/policy-[^/]*\.md$")
_PEOPLE = re.compile(r"records/(?:trust\.md|people/[^/]+|[^/]+/(?:school\.md|roles/[^/]+))$")
"""Where the trust, its schools, people and roles lie; keys are read in any case."""

_NO_PRINTS: Mapping[str, bytes] = MappingProxyType({})
_NONE_READY: Mapping[str, Entry] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Files:
    """What every record is read with: forms and keys.

    `prints` are the hashes of their files, and of those that lie beside the records, by path.
    """

    root: Path
    forms: Forms
    keyring: Keyring
    prints: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class ReadRecords:
    """Records by path, the files that are none, why, and the hash of each file by path."""

    records: dict[str, Record]
    unreadable: tuple[str, ...]
    findings: tuple[Diagnostic, ...]
    prints: dict[str, bytes]


def find_root(start: Path) -> Path:
    """The nearest folder at or above `start` that has `records/trust.md`."""
    place = start.absolute()
    for folder in (place, *place.parents):
        if (folder / TRUST_PATH).is_file():
            return folder
    raise InputError(f"there is no {TRUST_PATH} in {place} or above it", hint=NO_WORKSPACE_HINT)


def load_book(
    root: Path,
    *,
    today: date | None = None,
    clock: Callable[[], date] = date.today,
    cache: Cache = FORGETFUL,
) -> Book:
    """Everything under `root/records`; today is the argument, the trust's `as_of`, or the clock.

    What an earlier run has read, and `cache` holds, is not taken apart again.

    Raises InputError where the trust record cannot be used or is of a newer
    format, and FormError where a form of the workspace cannot be.
    """
    return load_listed(root, list_files(root), today=today, clock=clock, cache=cache)


def load_people(root: Path) -> Book:
    """Trust, schools, people, roles and keys alone: enough to unlock a key and to name readers.

    For what git runs again and again, in a workspace of any size. No record of coaching is read,
    so nothing that follows from one can be asked of this book.
    """
    listing = list_files(root)
    people = tuple(filter(_PEOPLE.match, listing.records))
    return load_listed(root, replace(listing, records=people))


def load_listed(
    root: Path,
    listing: Listing,
    *,
    today: date | None = None,
    clock: Callable[[], date] = date.today,
    cache: Cache = FORGETFUL,
    name: str = "records",
) -> Book:
    """The Book of the files in a listing; `name` is theirs in the cache."""
    with without_collection():
        findings = list(listing.findings)
        form_files = _contents(root, listing.forms, findings)
        forms = _load_forms(form_files)
        parsed = Parsed(cache, name, forms)
        read = read_records(root, listing.records, forms, parsed)
        findings += read.findings
        key_files = _contents(root, listing.keys, findings)
        keyring, key_findings = load_keyring(key_files)
        read_beside = {**form_files, **key_files, **_beside(root)}
        files = Files(root, forms, keyring, prints_of(read_beside))
        book = assemble(files, read, (*findings, *key_findings), today, clock)
        parsed.keep(book.entries, _may_be_named(book))
        return book


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
        calendars=_calendars(_built(by_type["calendar"], parse_calendar)),
        keyring=files.keyring,
        findings=tuple(sorted(found, key=lambda finding: finding.sort_key)),
        unreadable=read.unreadable,
        prints=prints,
        reads=reads,
    )


def extend(
    book: Book,
    paths: Iterable[str],
    cache: Cache = FORGETFUL,
    name: str = "",
    prints: Mapping[str, bytes] = _NO_PRINTS,
    earlier: Book | None = None,
) -> Book:
    """The Book with the records in more files, which `name` stands for in the cache.

    None of them is a person, a role, a school or what else a book is made of, and no record that
    is there already leads to one of them: so what was made of those is not made again.

    Args:
        book: the Book.
        paths: the files.
        cache: where it is kept what was in them before.
        name: under which name it is kept there.
        prints: the hashes of files, as far as somebody has just found them out.
        earlier: such a book that is in memory; a record that is in both is not read by its form
            again.
    """
    with without_collection():
        parsed = Parsed(cache, name, book.forms)
        read = read_records(book.root, paths, book.forms, parsed, prints)
        extended = _extend(book, read, earlier.entries if earlier else _NONE_READY)
        parsed.keep(extended.entries, _may_be_named(extended))
        return extended


def _extend(book: Book, read: ReadRecords, earlier: Mapping[str, Entry]) -> Book:
    records = dict(sorted({**book.records, **read.records}.items()))
    by_id = _grouped((record.id, record) for record in records.values() if record.id)
    entries = _entries(records.values(), book.forms, by_id, book.entries, earlier)
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


def _contents(root: Path, paths: Iterable[str], findings: list[Diagnostic]) -> dict[str, bytes]:
    """Path and bytes of every file that can be read; the others become findings."""
    found = {path: read_file(root, path) for path in paths}
    findings += [content for content in found.values() if isinstance(content, Diagnostic)]
    return {path: content for path, content in found.items() if isinstance(content, bytes)}


def _may_be_named(book: Book) -> frozenset[str]:
    """Whoever may be named beside a sealed block: columns of policies, roles and people."""
    policies = chain.from_iterable(book.policies.values())
    columns = chain.from_iterable(policy.columns for policy in policies)
    roles = (split_principal(one)[0] for one in book.roles)
    return frozenset((DRAFT_INFO, *columns, *roles, *book.roles, *book.people))


def _beside(root: Path) -> dict[str, bytes]:
    """The files that lie beside the records and are none; who needs one reads it from the disk."""
    found = {path: read_file(root, path) for path in sorted(IGNORED)}
    return {path: content for path, content in found.items() if isinstance(content, bytes)}


def _load_forms(contents: Mapping[str, bytes]) -> Forms:
    return load_forms(contents.items(), base=builtin_forms()) if contents else builtin_forms()


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


def read_records(
    root: Path,
    paths: Iterable[str],
    forms: Forms,
    parsed: Parsed,
    known: Mapping[str, bytes] = _NO_PRINTS,
) -> ReadRecords:
    """The records in these files, and the files that hold none; `known` are hashes of files."""
    records: dict[str, Record] = {}
    unreadable, findings, prints = [], [], {}
    for path in paths:
        held = parsed.in_memory(path, known.get(path))
        if held is not None:
            records[path], prints[path] = held, known[path]
            continue
        content = read_file(root, path)
        prints[path] = print_of(content)
        found: Record | Diagnostic = (
            parsed.record(path, content, prints[path]) if isinstance(content, bytes) else content
        )
        if isinstance(found, Record):
            records[path] = found
            continue
        unreadable.append(path)
        head = content[:_HEAD] if isinstance(content, bytes) else b""
        findings.append(_held_back(found, head, forms))
    return ReadRecords(records, tuple(unreadable), tuple(findings), prints)


def _held_back(finding: Diagnostic, head: bytes, forms: Forms) -> Diagnostic:
    """The finding with what follows from the kind of file that it is about.

    A policy that cannot be read stops its school. A line is quoted only where
    the file says that it is of a type whose header stands in clear.
    """
    named = _TYPE_LINE.search(head)
    form = forms.latest_of_type(named[1].decode("ascii")) if named else None
    stops = _POLICY_NAME.search(finding.path) is not None
    return replace(
        finding,
        quotable=finding.quotable and form is not None and not form.whole,
        consequence=Consequence.STOPS if stops else finding.consequence,
        school=finding.school or school_of(finding.path),
    )


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


def _built(entries: Iterable[Entry], build: Callable[[Record, Form], T | None]) -> tuple[T, ...]:
    """What `build` makes of each record; those it cannot use have findings of their own."""
    values = (build(entry.record, entry.form) for entry in entries)
    return tuple(value for value in values if value is not None)


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


def read_text(book: Book, path: str) -> str:
    """The text of a file of the workspace, for quoting a line; "" where it cannot be read."""
    return book.records[path].source if path in book.records else text_at(book.root, path)


def text_at(root: Path, path: str) -> str:
    """The text of a file under a folder, as its lines are counted; "" where it cannot be read."""
    content = read_file(root, path)
    if not isinstance(content, bytes):
        return ""
    try:
        return decode(content)[0]
    except FrontMatterError:
        return content.decode("utf-8", "replace")

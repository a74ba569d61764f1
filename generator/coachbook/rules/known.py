"""What is worked out once for all records of a book, and asked by rules about each."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from coachbook.audience import OPENING
from coachbook.book import follow_from, holders_of_repository, ids_in, policy_now, values_of
from coachbook.calendar import school_year
from coachbook.people import split_principal
from coachbook.policycheck import is_used, missing_rows, policy_findings
from coachbook.rules.kinds import kind_of
from coachbook.rules.soundness import Soundness
from coachbook.settling import deadline, unsettled
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coachbook.book import Book, Entry
    from coachbook.diagnostics import Diagnostic
    from coachbook.forms import FieldValue, Form
    from coachbook.policy import Policy
    from coachbook.reads import Watched
    from coachbook.record import Record, SealedBlock
    from coachbook.rules.kinds import Kind
    from coachbook.settling import Choice, Deadline


CONTRACTING = "contracting"
"""The kind of a session at which a pair agrees how it will work."""


_LAST_SIGNS = slice(-59, -35)
"""Where the last signs of armor stand: enough to find the same block again without a hash."""


@frozen
class Spell:
    """A cycle, a partnership or a group, with its first and its last day as far as it has them."""

    record: Record
    start: date | None
    end: date | None


class Known:
    """A book's keys, blocks and records by what they are looked up by; who is denied what."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._denied: dict[tuple[str, str, str], tuple[str, ...]] = {}
        self._soundness: dict[str, Soundness] = {}
        self._partnership: dict[tuple[FieldValue, FieldValue], object] = {}
        self._spells: dict[tuple[str, FieldValue], object] = {}
        self._kinds: dict[tuple[str, ...], Kind] = {}
        self._policies: dict[str, tuple[Diagnostic, ...]] = {}
        self._standing: dict[tuple[str, str], tuple[tuple[str, ...], bool]] = {}
        self._choices: dict[str, tuple[Deadline | None, Mapping[str, Choice]]] = {}
        self._naming: dict[str, Watched[str, tuple[Entry, ...]]] = {}
        self._reads = book.reads
        self._reads.offer("copies", lambda _: self.copies)
        self._reads.offer("of type", lambda _: self.of_type)
        self._reads.offer("first sessions", lambda _: self.first_sessions)
        self._reads.offer("choices", lambda where: self.choices(where.partition(":")[2])[1])
        self._reads.offer("naming", lambda where: self.naming(*where.split(":")[1:]))

    def prepare(self) -> None:
        """Works out what nearly every record asks for, before several processes would, each."""
        _ = self.owners, self.copies, self.of_type

    @cached_property
    def owners(self) -> Mapping[str, str]:
        """The owner of each key in the keyring, by its fingerprint."""
        return {key.fingerprint: key.owner for key in self._book.keyring.all()}

    @cached_property
    def copies(self) -> Mapping[str, Sequence[Record]]:
        """The records in which sealed blocks stand, by how the armor of each ends."""
        found: defaultdict[str, list[Record]] = defaultdict(list)
        with self._reads.unnoted():
            for record in self._book.records.values():
                for block in record.blocks():
                    found[block.armor[_LAST_SIGNS]].append(record)
        return self._reads.watching("copies", found)

    @cached_property
    def of_type(self) -> Mapping[str, Sequence[Entry]]:
        """The records of each type, as read by their forms; a type without any has none."""
        found: dict[str, list[Entry]] = {form.type: [] for form in self._book.forms}
        with self._reads.unnoted():
            for entry in self._book.entries.values():
                found[entry.form.type].append(entry)
        return self._reads.watching("of type", found)

    def places_of(self, block: SealedBlock) -> Sequence[str]:
        """The paths at which a sealed block stands, its own among them."""
        found = self.copies.get(block.armor[_LAST_SIGNS], ())
        if len(found) == 1:
            return (found[0].path,)
        records = {record.path: record for record in found}.values()
        return [r.path for r in records for one in r.blocks() if one.armor == block.armor]

    def kind(self, record: Record, form: Form) -> Kind:
        """What a record has in common with all on the same form with the same fields."""
        key = (form.key, *record.fields)
        found = self._kinds.get(key)
        if found is None:
            found = self._kinds[key] = kind_of(form, key[1:])
        return found

    def partnership_of(self, values: Mapping[str, FieldValue]) -> Record | None:
        """The partnership that a record with these values belongs to, through its cycle or not."""
        key = (values.get("cycle"), values.get("partnership"))
        return self._reads.once(self._partnership, key, lambda: self._find_partnership(*key))

    def _find_partnership(self, cycle: FieldValue, partnership: FieldValue) -> Record | None:
        ids = follow_from(self._book, cycle, "partnership") or ids_in(partnership)
        found = self._book.by_id.get(ids[0], ()) if ids else ()
        return found[0] if found else None

    def spells(self, key: str, value: FieldValue) -> tuple[Spell, ...]:
        """The spells of time that a field of a record leads to: a cycle leads to its pair's too."""
        return self._reads.once(
            self._spells, (key, value), lambda: tuple(self._find_spells(key, value))
        )

    def _find_spells(self, key: str, value: FieldValue) -> Iterator[Spell]:
        further = follow_from(self._book, value, "partnership") if key == "cycle" else ()
        for one in (*ids_in(value), *further):
            for record in self._book.by_id.get(one, ())[:1]:
                yield Spell(record, *_dates_of(values_of(self._book, record)))

    @cached_property
    def first_sessions(self) -> Mapping[str, tuple[date, str]]:
        """Day and id of the first session that each pair held, after it had talked about how."""
        found: dict[str, tuple[date, str]] = {}
        with self._reads.unnoted():
            for entry in self.of_type["session"]:
                self._note_first(found, entry)
        return self._reads.watching("first sessions", found)

    def _note_first(self, found: dict[str, tuple[date, str]], entry: Entry) -> None:
        is_held = entry.values.get("status") == "held"
        if entry.day is None or not is_held or entry.values.get("kind") == CONTRACTING:
            return
        pair = self.partnership_of(entry.values)
        if pair is not None:
            this = (entry.day, entry.record.id)
            found[pair.id] = min(this, found.get(pair.id, this))

    def naming(self, kind: str, field: str) -> Mapping[str, tuple[Entry, ...]]:
        """The records of a type by the people whom one of their fields names."""
        where = f"naming:{kind}:{field}"
        if where not in self._naming:
            with self._reads.unnoted():
                found = _by_person(self.of_type[kind], field)
            self._naming[where] = self._reads.watching(where, found)
        return self._naming[where]

    def choices(self, school: str) -> tuple[Deadline | None, Mapping[str, Choice]]:
        """Who has not settled coach, focus and time at a school, by person, and by when to."""
        if school not in self._choices:
            book = self._book
            calendar = book.calendars.get((school, school_year(book.today)))
            day = deadline(book.policies.get(school, ()), calendar) if calendar else None
            with self._reads.unnoted():
                found = tuple(unsettled(book, school, day.day, self.of_type)) if day else ()
            choices = self._reads.watched(
                f"choices:{school}",
                {one.person.id: one for one in found},
                {one.person.id: (one.pair, one.missing) for one in found},
            )
            self._choices[school] = (day, choices)
        return self._choices[school]

    def is_sound(self, record: Record, form: Form, values: Mapping[str, FieldValue]) -> bool:
        """Whether a record plainly fits its form, so that nothing has to be looked for."""
        if form.key not in self._soundness:
            self._soundness[form.key] = Soundness(form)
        return self._soundness[form.key].holds(record, values)

    def about_policy(self, policy: Policy) -> tuple[Diagnostic, ...]:
        """What a policy shows beside the forms and the day."""
        if policy.path not in self._policies:
            book = self._book
            self._policies[policy.path] = policy_findings(policy, book.forms, book.today)
        return self._policies[policy.path]

    def standing(self, policy: Policy, form: Form) -> tuple[tuple[str, ...], bool]:
        """The rows of a form that a policy lacks, and whether its school uses the form."""
        key = (policy.path, form.key)
        if key not in self._standing:
            self._standing[key] = (missing_rows(policy, form), is_used(policy, form))
        return self._standing[key]

    def denied(self, school: str, then: Policy | None, row: str) -> tuple[str, ...]:
        """The roles who hold a copy of a school's records and may not read a row, then or now."""
        key = (school, then.path if then else "", row)
        if key not in self._denied:
            policies = [policy for policy in (then, policy_now(self._book, school)) if policy]
            roles = [split_principal(one)[0] for one in holders_of_repository(self._book, school)]
            self._denied[key] = tuple(
                role for role in roles if not all(_admits(one, row, role) for one in policies)
            )
        return self._denied[key]


def _by_person(entries: Iterable[Entry], field: str) -> dict[str, tuple[Entry, ...]]:
    """The records by those whom a field of theirs names."""
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        value = entry.values.get(field)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, str):
                found[one].append(entry)
    return {one: tuple(group) for one, group in found.items()}


def _admits(policy: Policy, row: str, role: str) -> bool:
    found = policy.row(row)
    return found is not None and found.cells.get(role) in OPENING


def _dates_of(values: Mapping[str, FieldValue]) -> tuple[date | None, date | None]:
    """First and last day of a cycle, a partnership or a group."""
    start = values.get("start") or values.get("from")
    end = values.get("closed_on") or values.get("end") or values.get("to")
    return start if isinstance(start, date) else None, end if isinstance(end, date) else None

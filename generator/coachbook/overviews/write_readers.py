"""Who will read what is written, worked out once for everybody who can write it.

The readers of a visit hang on who visits whom. For people without a role they differ only in
those two, so they are worked out for two stand-ins, whom the page or the browser replaces.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, cached_property, partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from coachbook.audience import row_principals
from coachbook.book import Access, policy_now, role_holders
from coachbook.book.relations import dated_entry, find_parties
from coachbook.errors import UsageError
from coachbook.formchoice import addendum_form, usable_forms
from coachbook.forms import ValueReader
from coachbook.life import DRAFT, Life, life_of
from coachbook.newrecord import draft
from coachbook.people import active, scoped_role
from coachbook.policy import policy_in_force
from coachbook.policycheck import is_used
from coachbook.readership import draft_line, reader_line
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from coachbook.book import Book
    from coachbook.forms import Form, SectionForm
    from coachbook.frontmatter import Value
    from coachbook.people import Person
    from coachbook.record import Record
    from coachbook.views import RecordView

VISITED, WRITER = "{observed}", "{writer}"
"""Stand for whoever is visited, until the browser knows, and for whoever writes."""

PEOPLE_ROW = "people and roles"

GOVERNOR = "governor"


@frozen(slots=False)
class Reading:
    """Who reads each row that a group of forms has parts in, and who may write them."""

    access: Access
    forms: tuple[Form, ...]

    @cached_property
    def rows(self) -> Mapping[str, Mapping[str, object]]:
        """By row, for the browser: the fence's words, the readers and the same in a sentence."""
        return {
            row: self._row(row, readers)
            for row in self._rows
            if (readers := self.access.sealed_to(row))
        }

    @cached_property
    def readers(self) -> frozenset[str]:
        """Everybody for whom a part may be sealed."""
        return frozenset(one for row in self._rows for one in self.access.sealed_to(row))

    def draft(self, author: str) -> Mapping[str, object] | None:
        """The same while the note is a draft, which is alike for every row; None if it can't be."""
        if author not in self._drafts:
            self._drafts[author] = self._find_draft(author)
        return self._drafts[author]

    @cached_property
    def _drafts(self) -> dict[str, Mapping[str, object] | None]:
        return {}

    def _find_draft(self, author: str) -> Mapping[str, object] | None:
        access = replace(self.access, life=Life(DRAFT, author))
        readers = next((found for row in self._rows if (found := access.sealed_to(row))), ())
        if not readers or not self.forms[0].life:
            return None
        return {
            "info": access.info(self._rows[0]),
            "readers": readers,
            "line": draft_line(self.access.book, author, readers),
        }

    def writable(self, form: Form, person: str, *, by_table: bool) -> tuple[SectionForm, ...]:
        """The parts of a form that the person may write and somebody may read.

        Args:
            by_table: whether the policy's table has to let the person write the row as well.
        """
        return tuple(
            section
            for section in form.sections
            if section.sealed
            and section.row in self.rows
            and self._may_write(section, person, by_table=by_table)
        )

    def _may_write(self, section: SectionForm, person: str, *, by_table: bool) -> bool:
        """Whether the person may; parts with the same row and the same authors are alike."""
        key = (section.author, section.row, person, by_table)
        if key not in self._permits:
            self._permits[key] = self.access.may_write(section, person) and (
                not by_table or self.access.lets_write(section.row, person)
            )
        return self._permits[key]

    @cached_property
    def _permits(self) -> dict[tuple[object, ...], bool]:
        return {}

    def lets_know_people(self, person: str) -> bool:
        """Whether the policy lets the person read who works at the school.

        Governors know people by their roles alone: what somebody may read who visits a lesson
        must not open the list of staff to whoever could write that they did.
        """
        found = self.access.book.people.get(person)
        is_governor = found is not None and found.category == GOVERNOR
        return person in (self._let_know_by_role if is_governor else self._let_know)

    @cached_property
    def _let_know(self) -> frozenset[str]:
        return self._told_of_people(self.access.parties)

    @cached_property
    def _let_know_by_role(self) -> frozenset[str]:
        return self._told_of_people({})

    @cached_property
    def _rows(self) -> tuple[str, ...]:
        found = {section.row for form in self.forms for section in form.sections if section.sealed}
        return tuple(sorted(found))

    def _row(self, row: str, readers: tuple[str, ...]) -> Mapping[str, object]:
        line = reader_line(self.access.book, self.access.school, readers)
        return {"info": self.access.info(row), "readers": readers, "line": line}

    def _told_of_people(self, parties: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
        """Whom the policy's row on people lets read it, with these people in the relations."""
        policy, book = self.access.then, self.access.book
        named = row_principals(policy, PEOPLE_ROW, parties) if policy else ()
        return frozenset(
            person
            for one in named
            for person in (role_holders(book, one) if "@" in one else (one,))
        )


def _usable(book: Book, stopped: frozenset[str], kind: str, school: str) -> tuple[Form, ...]:
    """The forms of a kind; none at a school whose policy may be at fault."""
    return () if school in stopped else usable_forms(book, kind, school)


def _alike_forms(
    usable: Callable[[str, str], tuple[Form, ...]], kind: str, school: str
) -> list[tuple[Form, ...]]:
    return alike(usable(kind, school))


class Readings:
    """The readings of a book's places, each worked out when it is first asked for."""

    def __init__(self, book: Book, stopped: frozenset[str] = frozenset()) -> None:
        self._book = book
        # Not of methods: what holds itself is not let go without a search.
        self.usable = cache(partial(_usable, book, stopped))
        self.alike = cache(partial(_alike_forms, self.usable))
        self._found: dict[tuple[object, ...], object] = {}
        self._alike: dict[tuple[object, ...], Reading] = {}
        self._addenda: dict[tuple[str, str], Form | None] = {}
        self._values: dict[str, ValueReader] = {}
        self._bearers: dict[str, frozenset[str]] = {}
        self._drafts: dict[tuple[str, ...], Record] = {}
        self._staff: dict[tuple[str, ...], tuple[Person, ...]] = {}

    def of(self, forms: tuple[Form, ...], school: str, links: Mapping[str, Value]) -> Reading:
        """The reading of a place to which these header fields lead; forms of a kind are alike."""
        key = (tuple(form.key for form in forms), school, *sorted(links.items()))
        return self._once(key, lambda: self._shared(self._access(forms[0], school, links), forms))

    def of_note(self, form: Form, note: RecordView) -> Reading:
        """The reading of what is added to a note: about the people of the note, from today on."""
        paths = {relation: path.removeprefix("to.") for relation, path in form.relations.items()}
        parties = {relation: note.people.get(path, ()) for relation, path in paths.items()}
        return self._once(
            (form.key, note.id),
            lambda: self._shared(self._access_now(note.school, parties), (form,)),
        )

    def of_visit(self, forms: tuple[Form, ...], school: str, visited: str, writer: str) -> Reading:
        """The reading of a visit; either person may be a stand-in."""
        key = (tuple(form.key for form in forms), school, visited, writer)
        parties = {"observed": (visited,), "observers": (writer,)}
        return self._once(key, lambda: Reading(self._access_now(school, parties), forms))

    def _once(self, key: tuple[object, ...], work_out: Callable[[], Reading]) -> Reading:
        return self._book.reads.once(self._found, key, work_out)

    def _shared(self, access: Access, forms: tuple[Form, ...]) -> Reading:
        """One reading for all places with the same people, school and day: they read alike."""
        people = tuple(sorted(access.parties.items()))
        key = (tuple(form.key for form in forms), access.school, access.day, access.life, people)
        return self._alike.setdefault(key, Reading(access, forms))

    def bearers(self, school: str) -> frozenset[str]:
        """Everyone who holds a role at the school today: who reads may depend on them."""
        if school not in self._bearers:
            roles = {one.role for one in self._book.assignments if one.school == school}
            self._bearers[school] = frozenset(
                person
                for role in roles
                for person in role_holders(self._book, scoped_role(role, school))
            )
        return self._bearers[school]

    def colleagues(self, school: str, forms: tuple[Form, ...]) -> tuple[Person, ...]:
        """Everyone who works at the school and whom the policy lets be visited, by name."""
        key = (school, *(form.key for form in forms))
        if key not in self._staff:
            self._staff[key] = self._find_colleagues(school, forms)
        return self._staff[key]

    def _find_colleagues(self, school: str, forms: tuple[Form, ...]) -> tuple[Person, ...]:
        there = (one for one in self._book.people.values() if school in one.schools)
        bearers = self.bearers(school)
        found = (
            one
            for one in there
            if active(one, self._book.today)
            and not (
                one.id in bearers
                and one.id in self.of_visit(forms, school, one.id, WRITER).access.kept_out()
            )
        )
        return tuple(sorted(found, key=lambda one: one.name))

    def addendum(self, note: RecordView) -> Form | None:
        """The form of an addendum to a note, if the school's policy has its rows."""
        key = (note.form.key, note.school)
        if key not in self._addenda:
            self._addenda[key] = self._find_addendum(note)
        return self._addenda[key]

    def _find_addendum(self, note: RecordView) -> Form | None:
        policy = policy_now(self._book, note.school)
        try:
            form = addendum_form(self._book, note.record)
        except UsageError:
            return None
        return form if policy is not None and is_used(policy, form) else None

    def _access(self, form: Form, school: str, links: Mapping[str, Value]) -> Access:
        """Whose a record would be that is begun there; its header is read once."""
        book, record = self._book, self._draft(form, school, links)
        values = self._values.setdefault(form.key, ValueReader(form)).values(record)
        entry = dated_entry(record, form, values)
        day, versions = entry.day or book.today, book.policies.get(school, ())
        return Access(
            book,
            school,
            policy_in_force(versions, day),
            policy_in_force(versions, book.today),
            find_parties(book.entries, book.by_id, entry),
            day,
            life_of(record, form, values),
            record,
        )

    def _draft(self, form: Form, school: str, links: Mapping[str, Value]) -> Record:
        """The header of a record there; one is read, and gets the links of each place in turn."""
        key = (form.key, school, *links)
        if key not in self._drafts:
            header: dict[str, Value] = {
                "type": form.type,
                "id": f"{form.prefix}-00000000",
                "school": school,
                "form": form.key,
                form.on: self._book.today,
            }
            self._drafts[key] = draft(form, {**header, **links})
        found = self._drafts[key]
        changed = {
            name: replace(found.fields[name], value=value, raw=str(value))
            for name, value in links.items()
        }
        return replace(found, fields={**found.fields, **changed})

    def _access_now(self, school: str, parties: Mapping[str, tuple[str, ...]]) -> Access:
        policy = policy_now(self._book, school)
        known = MappingProxyType(dict(parties))
        return Access(self._book, school, policy, policy, known, self._book.today)


def alike(forms: Iterable[Form]) -> list[tuple[Form, ...]]:
    """The forms by what decides people and place; all of one group share their readers."""
    found: dict[tuple[object, ...], list[Form]] = {}
    for form in forms:
        key = (form.place, form.on, form.life, tuple(sorted(form.relations.items())))
        found.setdefault(key, []).append(form)
    return [tuple(group) for group in found.values()]

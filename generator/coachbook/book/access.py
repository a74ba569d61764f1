"""Who may read which part of a record, by the policy then and now.

For a session of Wren's, `section_readers(book, session, notes)` is something
like `("p-3fd0aaaa", "p-7kq2m4xa", "monitor@otterbeck")`.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from coachbook.audience import info_names, readers, row_principals
from coachbook.book.model import Named
from coachbook.book.relations import (
    entry_of,
    follow,
    form_of,
    parties,
    path_taken,
    policy_now,
    values_of,
)
from coachbook.clauses import Cell
from coachbook.forms import ROW_WRITERS, first_keys
from coachbook.life import ADDED_BY, ADDED_TO, ADDENDUM, UNKNOWN, Life, life_of
from coachbook.payload import WHOLE
from coachbook.people import (
    TAKING_PART,
    holders,
    is_envelope,
    role_title,
    scoped_role,
    split_principal,
)
from coachbook.policy import policy_in_force
from coachbook.sealing import Place
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from coachbook.book.model import Book
    from coachbook.forms import Form, SectionForm
    from coachbook.policy import Policy
    from coachbook.record import Record

RECOVERY = "recovery.holder"
"""The policy's answer to: who may open it when every reader has left?"""

FORBIDDEN_ROLES = "participants.forbidden_roles"
"""The policy's answer to: whose key opens no note, whatever a record says?"""

NOBODY = "nobody"

DRAFT_INFO = "author"
"""What the fence of a block in a draft says to people."""


_SHARED = Life()

_WRITING = (Cell.WRITE,)


@frozen
class Access:
    """Who may read a record: the policies then and now, its people, the day, and its life."""

    book: Book
    school: str
    then: Policy | None
    now: Policy | None
    parties: Mapping[str, tuple[str, ...]]
    day: date
    life: Life = _SHARED
    record: Record | None = field(default=None, repr=False, compare=False)
    _sealed_to: dict[str, tuple[str, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _kept_out: list[Mapping[str, str]] = field(
        default_factory=list, init=False, repr=False, compare=False
    )

    def readers(self, row: str) -> tuple[str, ...]:
        """The people and roles whom a row lets read, then and still now.

        Whoever holds a role that the policy keeps out of coaching is none of them, even where a
        record names them: they read what their role may read, by the key of that role.
        """
        if self.then is None or self.now is None:
            return ()
        found = self._named(self.then, self.now, row).people
        out = self.kept_out()
        return tuple(one for one in found if one not in out) if out else found

    def _named(self, then: Policy, now: Policy, row: str) -> Named:
        """Whom a row names, worked out once for all records of the same people and policies."""
        key = (self.school, then.path, row, *self.parties.items())
        known = self.book.named.get(key)
        if known is None or known.then is not then or known.now is not now:
            people = (
                row_principals(then, row, self.parties)
                if then is now
                else readers(then, now, row, self.parties)
            )
            known = Named(then, now, people, info_names(then, row, self.parties))
            self.book.named[key] = known
        return known

    def kept_out(self) -> Mapping[str, str]:
        """Those who take part here although the policy keeps a role of theirs out, and the role."""
        if not self._kept_out:
            self._kept_out.append(self._find_kept_out())
        return self._kept_out[0]

    def _find_kept_out(self) -> Mapping[str, str]:
        roles = self.then.get(FORBIDDEN_ROLES) if self.then else None
        if not isinstance(roles, tuple):
            return {}
        here = {one for relation in TAKING_PART for one in self.parties.get(relation, ())}
        return {
            person: str(role)
            for role in roles
            for person in role_holders(self.book, scoped_role(str(role), self.school), self.day)
            if person in here
        }

    def may_draft(self, row: str) -> bool:
        """True if the author of the note is somebody who takes part, or whom a row lets read."""
        people = {person for group in self.parties.values() for person in group}
        for one in self.readers(row):
            people |= {one, *role_holders(self.book, one, self.day)} if "@" in one else {one}
        return self.life.author in people - self.kept_out().keys()

    def may_write(self, section: SectionForm, person: str) -> bool:
        """True if the form lets the person write a section.

        They are in a relation that it names, hold a role, stand in a field of the header, or the
        policy's table lets them write the row.
        """
        return any(
            self.lets_write(section.row, person)
            if one == ROW_WRITERS
            else person in self.parties.get(one, ())
            or person in role_holders(self.book, scoped_role(one, self.school), self.day)
            or self._is_named_in(one, person)
            for one in section.author
        )

    def lets_write(self, row: str, person: str) -> bool:
        """True if the table of the record's day lets the person write a row."""
        named = row_principals(self.then, row, self.parties, cells=_WRITING) if self.then else ()
        return any(
            person == one or ("@" in one and person in role_holders(self.book, one, self.day))
            for one in named
        )

    def _is_named_in(self, field: str, person: str) -> bool:
        """True if a field of the header names the person, as `by` does whoever adds to a note.

        A record that is only begun has no header yet, and its writer is who will stand there.
        """
        if self.record is None:
            return field == ADDED_BY
        if field not in self.record.fields:
            return False
        found = values_of(self.book, self.record).get(field)
        return person in (found if isinstance(found, tuple) else (found,))

    def note_readers(self, row: str) -> tuple[str, ...]:
        """The readers of a row as far as the note is shared: of a draft, its author alone.

        Nobody, where the header does not tell whose draft it is or whether it is one.
        """
        if self.life.state == UNKNOWN:
            return ()
        found = self.readers(row)
        if not self.life.is_draft:
            return found
        return (self.life.author,) if found and self.may_draft(row) else ()

    def sealed_to(self, row: str) -> tuple[str, ...]:
        """The readers and the recovery holder, without roles that nobody held on the day."""
        if row not in self._sealed_to:
            self._sealed_to[row] = self._find_sealed_to(row)
        return self._sealed_to[row]

    def _find_sealed_to(self, row: str) -> tuple[str, ...]:
        found = self.note_readers(row)
        role = recovery_role(self.then, self.now)
        if found and role:
            found = tuple(dict.fromkeys((*found, scoped_role(role, self.school))))
        return tuple(one for one in found if is_filled(self.book, one, self.day))

    def info(self, row: str) -> tuple[str, ...]:
        """What the fence of a block shows to people: the columns of those it is sealed to."""
        if self.then is None:
            return ()
        sealed_to = set(self.sealed_to(row))
        names = [DRAFT_INFO] if self.life.is_draft and sealed_to else self._columns(row, sealed_to)
        role = recovery_role(self.then, self.now)
        if role and scoped_role(role, self.school) in sealed_to and role not in names:
            names.append(role)
        return tuple(names)

    def _columns(self, row: str, sealed_to: set[str]) -> list[str]:
        """The columns of the table that stand for somebody it is sealed to."""
        return [
            name
            for name in (
                self._named(self.then, self.now, row).columns if self.then and self.now else ()
            )
            if sealed_to.intersection(self.parties.get(name, (scoped_role(name, self.school),)))
        ]


def access_of(book: Book, record: Record) -> Access:
    """Who may read the parts of a record.

    They are those of the policy on the record's date, narrowed by today's: a
    wider policy never opens an old record by itself.
    """
    entry = entry_of(book, record)
    people = entry.parties if entry and entry.parties else parties(book, record)
    day = entry.day if entry and entry.day else book.today
    versions = book.policies.get(record.school, ())
    then, now = policy_in_force(versions, day), policy_in_force(versions, book.today)
    life = life_of(record, entry.form, entry.values) if entry and entry.form.life else _SHARED
    return Access(book, record.school, then, now, people, day, life, record)


def section_readers(book: Book, record: Record, section: SectionForm) -> tuple[str, ...]:
    """Whom a section has to be sealed to: its row's readers and the recovery holder.

    A role that nobody held on the record's date is left out.
    """
    return access_of(book, record).sealed_to(section.row)


def record_readers(book: Book, record: Record, form: Form) -> tuple[str, ...]:
    """Whom a record that is sealed whole has to be sealed to."""
    return access_of(book, record).sealed_to(form.row)


def section_info(book: Book, record: Record, section: SectionForm) -> tuple[str, ...]:
    """The names that the fence of a sealed section shows to people."""
    return access_of(book, record).info(section.row)


def recovery_role(then: Policy | None, now: Policy | None) -> str:
    """The role that may open everything in need; "" unless both policies name the same."""
    roles = {str(policy.get(RECOVERY) or NOBODY) for policy in (then, now) if policy}
    role = roles.pop() if len(roles) == 1 else NOBODY
    return "" if role == NOBODY else role


def lost_relation(book: Book, record: Record, form: Form) -> tuple[str, str] | None:
    """A relation in which nobody known is found, and the field that should lead to them."""
    found = parties(book, record)
    for relation, path in form.relations.items():
        people = found.get(relation, ())
        if people and all(one in book.people for one in people):
            continue
        key = _field_that_leads(record, form, first_keys(path))
        if key and not (not people and _is_told_there(book, record, path)):
            return relation, key
    if form.needs and form.relations and not any(key in record.fields for key in form.needs):
        return next(iter(form.relations)), form.needs[0]
    return None


def _is_told_there(book: Book, record: Record, path: str) -> bool:
    """Whether the path ends in a relation of another record, which is sound and has nobody there.

    An addendum has the people of its note: `to.members` are none where the note has no group.
    """
    owner, _, relation = path_taken(book, record, path).rpartition(".")
    for one in follow(book, record, owner) if owner else ():
        for target in book.by_id.get(one, ())[:1]:
            form = form_of(book, target)
            is_other = form is not None and target.type != record.type
            if form and is_other and relation in form.relations.keys() - form.fields.keys():
                return lost_relation(book, target, form) is None
    return False


def _field_that_leads(record: Record, form: Form, keys: Sequence[str]) -> str:
    """The first of the fields that the record has or must have, or ""."""
    return next((k for k in keys if k in record.fields or form.fields[k].required), "")


def holders_of_repository(book: Book, school: str) -> tuple[str, ...]:
    """The roles who hold a copy of all records, as the school's policy says today."""
    policy = policy_now(book, school)
    roles = policy.get("repository.holders") if policy else None
    names = roles if isinstance(roles, tuple) else ()
    return tuple(scoped_role(str(role), school) for role in names)


def role_holders(book: Book, principal: str, on: date | None = None) -> tuple[str, ...]:
    """The people who hold a role such as `monitor@otterbeck`, today or on another day."""
    key = (principal, on or book.today)
    found = book.held.get(key)
    if found is None:
        role, school = split_principal(principal)
        assignments = book.roles.get(principal, ())
        found = book.held[key] = holders(assignments, role, school, key[1], people=book.people)
    return found


_SPELT = {
    "cpd-lead": "CPD lead",
    "envelope": "Sealed envelope",
    "slt": "Senior leadership team",
}
"""Roles whose name is more than its words with a capital."""


def display(book: Book, principal: str) -> str:
    """A person's full name, or a role with its school: "Monitor, Otterbeck Primary"."""
    role, school = split_principal(principal)
    if not school:
        person = book.people.get(principal)
        return person.name if person else principal
    place = book.schools[school].name if school in book.schools else school
    return f"{_SPELT.get(role) or role.replace('-', ' ').capitalize()}, {place}"


def short(book: Book, principal: str) -> str:
    """What colleagues call a person, or a role inside a sentence: "the impact monitor".

    Where a school has two people of that name, each is called by the full one: nobody is left to
    guess which of them can read something.
    """
    role, school = split_principal(principal)
    if school:
        return role_title(role)
    person = book.people.get(principal)
    if person is None:
        return principal
    return person.name if person.id in book.namesakes else person.short


def place_of(book: Book, record: Record, section: str = WHOLE) -> Place:
    """Where a sealed section belongs, as its payload has to say.

    What was added to one note is no answer to another, so an addendum says which it belongs to.
    """
    found = parties(book, record)
    if record.type == ADDENDUM:
        found[ADDED_TO] = follow(book, record, ADDED_TO)
    return Place(
        workspace=book.trust.workspace,
        record=record.id,
        type=record.type,
        section=section,
        parties=tuple((relation, one) for relation, people in found.items() for one in people),
    )


def is_filled(book: Book, principal: str, day: date) -> bool:
    """True for a person, for a role that somebody holds on the day, and for the envelope."""
    if "@" not in principal or is_envelope(principal):
        return True
    return bool(role_holders(book, principal, day))

"""Who becomes a reader between two states of a workspace: a key, a role, a relation, a row.

    for change in widenings(before, now):
        print(change.statement)         # holder monitor@otterbeck p-c5t0w6ze

A record that is new opens nothing that was there before, so it is looked at from the second time
on. Nor does a school at which nobody had a key. A draft that its author shares is no change
either: its readers are those of its row all along.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from coachbook.book import (
    RECOVERY,
    access_of,
    display,
    form_of,
    is_filled,
    recovery_role,
    short,
)
from coachbook.clauses import Cell
from coachbook.errors import DamagedError
from coachbook.people import active, role_title, scoped_role, split_principal
from coachbook.policy import policy_in_force, slug
from coachbook.publickey import is_role
from coachbook.readers import stated_readers
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from coachbook.book import Book
    from coachbook.keyring import Keyring
    from coachbook.policy import Policy
    from coachbook.record import Record

KEY, HOLDER, READER, ACCESS = "key", "holder", "reader", "access"

HOLDERS = "repository.holders"
"""A parameter of a policy that makes readers, as its rows and `recovery.holder` do."""

_RANK = {Cell.NONE: 0, Cell.FIGURES: 1, Cell.READ: 2, Cell.WRITE: 2}


@frozen
class Widening:
    """Somebody who reads more than before: who, by what, and the file that says so.

    `statement` names the change and nothing else, so that it can be signed; `subject` is the
    person, role or column that gains, `school` where it is of one school, `record` the record that
    is read, where it is one.
    """

    kind: str
    statement: str
    subject: str
    path: str
    message: str
    school: str = ""
    record: str = ""


def widenings(before: Book, now: Book) -> tuple[Widening, ...]:
    """Everyone who becomes a reader of anything from one state to the next, by kind and place."""
    rows = tuple(_rows(before, now))
    found = chain(_keys(before, now), _holders(before, now), rows, _readers(before, now, rows))
    had = frozenset(school for owner in before.keyring.keys for school in _schools(before, owner))
    return tuple(
        {
            one.statement: one for one in found if had.intersection(schools_of(one, before, now))
        }.values()
    )


def schools_of(change: Widening, before: Book, now: Book) -> tuple[str, ...]:
    """The schools that a change is of; a person's are those they were at, if they were there."""
    if change.school:
        return (change.school,)
    return _schools(before, change.subject) or _schools(now, change.subject)


def _schools(book: Book, owner: str) -> tuple[str, ...]:
    if is_role(owner):
        return (split_principal(owner)[1],)
    return book.people[owner].schools if owner in book.people else ()


def openers(keyring: Keyring, role: str) -> frozenset[str]:
    """Those who open a key of a role, of any generation, as its sealed halves state it."""
    armors = [armor for _, armor in keyring.earlier_roles.get(role, ())]
    if role in keyring.sealed_roles:
        armors.append(keyring.sealed_roles[role])
    return frozenset(person for armor in armors for person, _ in stated_readers(armor))


def readers_of(book: Book, record: Record) -> frozenset[str]:
    """Whom a record is sealed to, or is to be sealed to once it is shared: people and roles."""
    access = access_of(book, record)
    named = {reader for row in _row_names(book, record) for reader in access.readers(row)}
    role = recovery_role(access.then, access.now)
    if named and role:
        named.add(scoped_role(role, record.school))
    filled = (one for one in named if is_filled(book, one, access.day))
    return frozenset((*filled, *_stated(record)))


def _keys(before: Book, now: Book) -> Iterator[Widening]:
    """Keys that are used now and were not."""
    for owner in now.keyring.keys:
        key, old = now.keyring.current(owner), before.keyring.current(owner)
        if key is None or (old and old.fingerprint == key.fingerprint):
            continue
        what = "another key than before" if old else "a key"
        yield Widening(
            KEY,
            f"key {owner} {key.generation} {key.fingerprint}",
            owner,
            key.path,
            f"{short(now, owner)} has {what}, {key.fingerprint}: it opens what is sealed to "
            f"{'the role' if is_role(owner) else 'them'} from now on",
            split_principal(owner)[1],
        )


def _holders(before: Book, now: Book) -> Iterator[Widening]:
    """People who hold a role that has a key, or open it, and did neither."""
    for role in now.keyring.keys:
        if not is_role(role):
            continue
        had = {*_given(before, role, now.today), *openers(before.keyring, role)}
        have = {*_given(now, role, now.today), *openers(now.keyring, role)}
        for person in sorted(have - had):
            yield Widening(
                HOLDER,
                f"holder {role} {person}",
                person,
                _assignment_path(now, role, person),
                f"{short(now, person)} becomes a holder of {role}, and reads what is sealed to it",
                split_principal(role)[1],
            )


def _given(book: Book, role: str, today: date) -> Iterator[str]:
    """Those who hold a role or are to hold it: a first day to come must not slip by unseen."""
    for one in book.roles.get(role, ()):
        person = book.people.get(one.person)
        ends = (one.end, person.end) if person else ()
        if ends and all(end is None or end >= today for end in ends):
            yield one.person


def _assignment_path(book: Book, role: str, person: str) -> str:
    """The record that gives a person a role, or else the role's key."""
    ids = [one.id for one in book.roles.get(role, ()) if one.person == person]
    found = [record.path for one in ids for record in book.by_id.get(one, ())]
    key = book.keyring.current(role)
    return found[-1] if found else key.path if key else ""


def _rows(before: Book, now: Book) -> Iterator[Widening]:
    """Cells of the access table, and the two parameters, that let somebody read more."""
    for school, versions in now.policies.items():
        earlier = before.policies.get(school, ())
        for policy in versions:
            old = _follows(earlier, policy)
            if old is not None:
                yield from _wider_rows(old, policy, school)


def _follows(earlier: Iterable[Policy], policy: Policy) -> Policy | None:
    """The same version as it was, or the one that it follows on."""
    found = tuple(earlier)
    same = (one for one in found if one.version == policy.version)
    return next(same, None) or policy_in_force(found, policy.effective_from)


def _wider_rows(old: Policy, policy: Policy, school: str) -> Iterator[Widening]:
    for row in policy.access.values():
        before = old.access.get(row.key)
        for column, cell in row.cells.items():
            was = before.cells.get(column, Cell.NONE) if before else Cell.NONE
            if _RANK[cell] > _RANK[was]:
                what = "see figures from" if cell is Cell.FIGURES else "read"
                yield _row(policy, school, row.key, column, f'{what} "{row.name}"')
    for key, what in (
        (RECOVERY, "open everything in need"),
        (HOLDERS, "hold a copy of the records"),
    ):
        for role in sorted(_roles(policy, key) - _roles(old, key)):
            yield _row(policy, school, key, role, what)


def _row(policy: Policy, school: str, row: str, column: str, what: str) -> Widening:
    return Widening(
        ACCESS,
        f"access {school} {slug(policy.version)} {row} {column}",
        column,
        policy.path,
        f"the policy {policy.version} of {school} lets {role_title(column)} {what}",
        school,
    )


def _roles(policy: Policy, key: str) -> frozenset[str]:
    value = policy.get(key)
    names = value if isinstance(value, tuple) else (value,)
    return frozenset(str(one) for one in names if one and one != "nobody")


def _readers(before: Book, now: Book, rows: Iterable[Widening]) -> Iterator[Widening]:
    """Readers of records that were there, for whom no row of a policy accounts."""
    for record in now.records.values():
        olds = before.by_id.get(record.id, ())
        if not record.id or len(olds) != 1:
            continue
        new = readers_of(now, record) - readers_of(before, olds[0])
        for reader in sorted(new - _accounted(now, record, rows)):
            yield Widening(
                READER,
                f"reader {record.id} {reader}",
                reader,
                record.path,
                f"{display(now, reader)} becomes a reader of this record",
                record.school,
                record.id,
            )


def _accounted(book: Book, record: Record, rows: Iterable[Widening]) -> frozenset[str]:
    """The readers whom a change of the record's own policy lets in, which is told by itself."""
    access = access_of(book, record)
    if access.then is None:
        return frozenset()
    version, parts = slug(access.then.version), {RECOVERY, *map(slug, _row_names(book, record))}
    statements = {f"access {record.school} {version} {row}" for row in parts}
    return frozenset(
        reader
        for one in rows
        if one.statement.rpartition(" ")[0] in statements
        for reader in access.parties.get(one.subject, (scoped_role(one.subject, record.school),))
    )


def _row_names(book: Book, record: Record) -> tuple[str, ...]:
    """The rows of the policy that stand for what is sealed in a record."""
    form = form_of(book, record)
    if form is None:
        return ()
    sealed = tuple(dict.fromkeys(part.row for part in form.sections if part.sealed))
    return (form.row,) if form.whole else sealed


def _stated(record: Record) -> Iterator[str]:
    for block in record.blocks():
        try:
            yield from (reader for reader, _ in stated_readers(block.armor))
        except DamagedError:
            continue


def steady_people(before: Book, now: Book) -> Mapping[str, str]:
    """Those who are here, with the key that they had before: person -> its fingerprint."""
    found = {}
    for person, one in now.people.items():
        old, key = before.keyring.current(person), now.keyring.current(person)
        if old and key and old.fingerprint == key.fingerprint and active(one, now.today):
            found[person] = key.fingerprint
    return found

"""Every key and every sealed part beside the policy and the roles, told without a key.

    audit = audit_keys(book)
    audit.faults        # what is not as the policy and the roles say
    audit.remarks       # what is good to know, such as what a leaver can still open

A fault is something to put right. Nothing takes back what somebody could read, so what a leaver
or a former holder can still open is told and is no fault.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from coachbook.book import display, role_holders, short
from coachbook.disclosure import disclosures
from coachbook.generations import count_stated, earlier_keys
from coachbook.keycheck import holder_faults
from coachbook.payload import WHOLE
from coachbook.people import active, is_envelope
from coachbook.publickey import is_role
from coachbook.readers import stated_readers
from coachbook.sentences import join
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coachbook.book import Book
    from coachbook.disclosure import Disclosure
    from coachbook.generations import EarlierKey, Stated

VERSION = 1

_EARLIER, _UNKNOWN = "earlier", "unknown"


@frozen
class Part:
    """One sealed part of a record, as its block states it."""

    path: str
    found: Disclosure


@frozen
class KeyLine:
    """One who has a key: its generation, and how many parts are sealed to which of their keys."""

    id: str
    name: str
    generation: int
    current: int
    earlier: int
    unknown: int
    standing: str
    """Who holds the role, or that a person has left; "" for somebody who is here."""


@frozen
class Remark:
    """Something about a file, in words."""

    path: str
    message: str


@frozen
class KeyAudit:
    """Everything that can be told of keys and sealed parts without a key."""

    parts: tuple[Part, ...]
    keys: tuple[KeyLine, ...]
    faults: tuple[Remark, ...]
    remarks: tuple[Remark, ...]


def audit_keys(book: Book) -> KeyAudit:
    """Every sealed part's readers beside the policy, and every role's key beside its holders."""
    parts = tuple(_parts(book))
    stated = count_stated(book.records.values())
    faults = (
        *(fault for part in parts for fault in _part_faults(book, part)),
        *_unreadable(book),
        *_role_faults(book),
    )
    return KeyAudit(parts, tuple(_keys(book, stated)), faults, tuple(_remarks(book, stated)))


def key_audit_json(audit: KeyAudit) -> dict[str, object]:
    """The same for programs; a documented contract like the findings."""
    return {
        "version": VERSION,
        "faults": [{"path": one.path, "message": one.message} for one in audit.faults],
        "remarks": [{"path": one.path, "message": one.message} for one in audit.remarks],
        "keys": [
            {
                "owner": one.id,
                "name": one.name,
                "generation": one.generation,
                "parts": one.current,
                "parts_to_earlier_keys": one.earlier,
                "parts_to_unknown_keys": one.unknown,
                "standing": one.standing,
            }
            for one in audit.keys
        ],
        "parts": [_part_json(one) for one in audit.parts],
    }


def format_key_audit(audit: KeyAudit) -> str:
    """The same for people: a table of readers, then faults, then what is good to know."""
    lines = [*_table(audit.keys), ""]
    for title, found in (("To put right:", audit.faults), ("To know:", audit.remarks)):
        if found:
            lines += [title, *(f"  {one.path}: {one.message}" for one in found), ""]
    lines.append(_summary(audit))
    return "\n".join(lines) + "\n"


def _parts(book: Book) -> Iterator[Part]:
    for record in book.records.values():
        if record.whole or any(section.blocks for section in record.sections):
            found = disclosures(book, record)
            yield from (
                Part(record.path, one) for one in found if one.state in {"sealed", "damaged"}
            )


def _part_faults(book: Book, part: Part) -> Iterator[Remark]:
    found = part.found
    if found.state == "damaged":
        yield _fault(part, "is damaged, so nobody can tell whom it is sealed to")
    unknown = [reader.id for reader in found.readers if reader.key == _UNKNOWN]
    for people, words in (
        (found.unexpected, "is sealed to {}, whom the policy does not name"),
        (found.missing, "is not sealed to {}, whom the policy names"),
        (unknown, "is sealed to a key under the name of {} that is not in records/keys"),
    ):
        if people:
            yield _fault(part, words.format(join(short(book, one) for one in people)))


def _fault(part: Part, words: str) -> Remark:
    name = "the whole record" if part.found.part == WHOLE else f'"{part.found.part}"'
    return Remark(part.path, f"{name} {words}")


def _unreadable(book: Book) -> Iterator[Remark]:
    """What cannot be read is no sealed part, and might hold one."""
    for path in book.unreadable:
        yield Remark(path, "cannot be read, so what is sealed there is not told")


def _role_faults(book: Book) -> Iterator[Remark]:
    for role, armor in book.keyring.sealed_roles.items():
        stated, holders = dict(stated_readers(armor)), role_holders(book, role)
        for fault in holder_faults(book.keyring, stated, holders):
            yield Remark(book.keyring.keys[role][0].path, f"the key of {role}: {fault.message}")


def _keys(book: Book, stated: Stated) -> Iterator[KeyLine]:
    """Every owner of a key, and every other who is named on a block; roles first."""
    owners = {*book.keyring.keys, *(owner for owner, _ in stated)}
    for owner in sorted(owners, key=lambda one: (not is_role(one), display(book, one), one)):
        keys = book.keyring.keys.get(owner, ())
        newest = keys[0].fingerprint if keys else ""
        known = {key.fingerprint for key in keys}
        counts: Counter[str] = Counter()
        for (reader, fingerprint), parts in stated.items():
            if reader == owner:
                kind = _EARLIER if fingerprint in known else _UNKNOWN
                counts["current" if fingerprint == newest else kind] += parts
        yield KeyLine(
            owner,
            display(book, owner),
            keys[0].generation if keys else 0,
            counts["current"],
            counts[_EARLIER],
            counts[_UNKNOWN],
            _standing(book, owner),
        )


def _standing(book: Book, owner: str) -> str:
    if is_envelope(owner):
        return "on paper, in a sealed envelope"
    if is_role(owner):
        people = role_holders(book, owner)
        return f"held by {join(short(book, one) for one in people)}" if people else "held by nobody"
    person = book.people.get(owner)
    if person is None:
        return "no person of that id"
    if active(person, book.today):
        return ""
    return f"left on {person.end}" if person.end and person.end < book.today else "not here yet"


def _remarks(book: Book, stated: Stated) -> Iterator[Remark]:
    yield from _leavers(book, stated)
    for found in earlier_keys(book.keyring, stated):
        owner = found.key.owner
        yield Remark(
            found.key.path,
            f"{_count(found.parts)} sealed to generation {found.key.generation} of the key of "
            f"{short(book, owner)}; {book.keyring.keys[owner][0].generation} is in use",
        )
        yield from _former_and_shut_out(book, found) if is_role(owner) else ()


def _leavers(book: Book, stated: Stated) -> Iterator[Remark]:
    parts: Counter[str] = Counter()
    for (reader, _), count in stated.items():
        parts[reader] += count
    for person in book.people.values():
        if person.end and person.end < book.today and parts[person.id]:
            yield Remark(
                person.path,
                f"{person.short} left on {person.end}; {_count(parts[person.id])} sealed to their "
                "key, and nothing takes back what they could read",
            )


def _former_and_shut_out(book: Book, found: EarlierKey) -> Iterator[Remark]:
    holders = role_holders(book, found.key.owner)
    for people, words in (
        (found.former(holders), "can still open them without holding the role"),
        (found.shut_out(book.keyring, holders), "cannot open them, although the role is theirs"),
    ):
        if people:
            names = join(short(book, one) for one in people)
            yield Remark(found.key.path, f"{names} {words}")


def _count(parts: int) -> str:
    return "1 part is" if parts == 1 else f"{parts} parts are"


def _table(keys: Sequence[KeyLine]) -> list[str]:
    """One line for each reader: whose key, which generation, how many parts."""
    head = ("Reader", "Id", "Key", "Parts", "To earlier keys", "To unknown keys", "")
    rows = [head, *(_row(one) for one in keys)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(head))]
    return [
        "  ".join(
            cell.rjust(width) if n in _NUMBERS else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


_NUMBERS = frozenset({2, 3, 4, 5})
"""The columns of the table that hold numbers."""


def _row(one: KeyLine) -> tuple[str, ...]:
    generation = str(one.generation) if one.generation else "none"
    counts = (one.current, one.earlier, one.unknown)
    return (one.name, one.id, generation, *(str(n) if n else "–" for n in counts), one.standing)


def _summary(audit: KeyAudit) -> str:
    faults = len(audit.faults)
    parts = len(audit.parts)
    return (
        f"{parts} sealed {'part' if parts == 1 else 'parts'}, {len(audit.keys)} readers: "
        f"{faults or 'nothing'} {'thing ' if faults == 1 else 'things ' if faults else ''}"
        "to put right\n"
        "Readers are as stated under each seal, confirmed whenever one of them opens it."
    )


def _part_json(part: Part) -> Mapping[str, object]:
    found = part.found
    return {
        "path": part.path,
        "part": found.part,
        "state": found.state,
        "revision": found.revision,
        "missing": list(found.missing),
        "unexpected": list(found.unexpected),
        "readers": [
            {"id": one.id, "fingerprint": one.fingerprint, "key": one.key} for one in found.readers
        ],
    }

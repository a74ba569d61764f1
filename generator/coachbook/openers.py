"""Who opens a sealed part with the keys that there are, told without a key.

A block states its readers. A person opens it with their own key, or with the key of a role that
is sealed to theirs; the envelope of a school opens it with words on paper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.book import RECOVERY, policy_now, recovery_role
from coachbook.errors import DamagedError
from coachbook.people import active, is_envelope
from coachbook.publickey import is_role
from coachbook.readers import stated_readers
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.book import Book
    from coachbook.record import Record


@frozen
class Stranded:
    """Parts of a record that nobody who is here opens; some only with the envelope."""

    record: Record
    lost: int
    on_paper: int


def openers_of(book: Book, armor: str) -> frozenset[str]:
    """The people who open a block, by themselves or with a role's key that is sealed to them."""
    found: set[str] = set()
    for reader, fingerprint in _stated(armor):
        if is_role(reader):
            found |= _openers_of_role(book, reader, fingerprint)
        elif book.keyring.by_fingerprint(fingerprint):
            found.add(reader)
    return frozenset(found)


def opens_with_envelope(book: Book, armor: str) -> bool:
    """True if the block is sealed to a key that lies in a sealed envelope."""
    return any(
        is_envelope(reader) and book.keyring.by_fingerprint(fingerprint)
        for reader, fingerprint in _stated(armor)
    )


def is_here(book: Book, person: str) -> bool:
    """True for somebody who has come and has not left."""
    return person in book.people and active(book.people[person], book.today)


def stranded(book: Book) -> Iterator[Stranded]:
    """The records with parts that nobody who is here opens any more."""
    found = (stranded_in(book, record) for record in book.records.values())
    return (one for one in found if one.lost or one.on_paper)


def stranded_in(book: Book, record: Record, without: str = "") -> Stranded:
    """The parts of a record that nobody who is here opens.

    Args:
        without: a person who leaves; only parts that they open count then, and they do not.
    """
    lost = on_paper = 0
    for block in record.blocks():
        people = openers_of(book, block.armor)
        is_asked = not without or without in people
        if not is_asked or any(one != without and is_here(book, one) for one in people):
            continue
        is_kept = opens_with_envelope(book, block.armor)
        on_paper, lost = on_paper + is_kept, lost + (not is_kept)
    return Stranded(record, lost, on_paper)


def no_recovery(book: Book, school: str) -> str:
    """How a sentence ends where the policy keeps no key for such a case, with its clause; or ""."""
    policy = policy_now(book, school)
    if policy is None or recovery_role(policy, policy):
        return ""
    clause = policy.clause_of(RECOVERY)
    return f", and the policy keeps no key for recovery{f' [{clause}]' if clause else ''}"


def _stated(armor: str) -> tuple[tuple[str, str], ...]:
    """Readers and fingerprints of a block; none of one that is damaged, which opens for nobody."""
    try:
        return tuple(stated_readers(armor))
    except DamagedError:
        return ()


def _openers_of_role(book: Book, role: str, fingerprint: str) -> frozenset[str]:
    keys = [*book.keyring.earlier_roles.get(role, ())]
    current = book.keyring.current(role)
    if current and role in book.keyring.sealed_roles:
        keys.append((current, book.keyring.sealed_roles[role]))
    armors = [armor for key, armor in keys if key.fingerprint == fingerprint]
    return frozenset(person for armor in armors for person, _ in stated_readers(armor))

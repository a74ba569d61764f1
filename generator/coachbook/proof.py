"""What a recovery key opens: every part that states it, tried one by one.

proof = prove_recovery(book, "otterbeck", "envelope@otterbeck", {"envelope@otterbeck": key})
proof.opened, proof.shut
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from coachbook.errors import DamagedError, NotAReaderError
from coachbook.opening import open_record, open_section
from coachbook.payload import WHOLE
from coachbook.publickey import is_role
from coachbook.readers import stated_readers
from coachbook.record import Record, parse_record
from coachbook.renewal import Left, due_records, plan_renewal, renewed_source
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from coachbook.age import Random, X25519Identity
    from coachbook.book import Book
    from coachbook.sections import SealedBlock


@frozen
class Proof:
    """How many parts opened, which did not, how many are not sealed to the key at all.

    `readers` counts for each person the parts that opened and that they read with their own key.
    """

    places: frozenset[tuple[str, str]]
    """Path and part of each that opened."""
    opened: int
    shut: tuple[Left, ...]
    elsewhere: int
    readers: Mapping[str, int]

    @property
    def stated(self) -> int:
        """The parts that are sealed to the key, as they state it."""
        return self.opened + len(self.shut)


def prove_recovery(
    book: Book, school: str, owner: str, identities: Mapping[str, X25519Identity]
) -> Proof:
    """Opens every part of a school's records that states the owner of a recovery key."""
    opened: list[tuple[str, str]] = []
    elsewhere = 0
    shut: list[Left] = []
    readers: Counter[str] = Counter()
    for record, section, block in _parts(book, school):
        try:
            stated = dict(stated_readers(block.armor))
            if owner not in stated:
                elsewhere += 1
                continue
            open_section(book, record, section, block, identities)
        except (NotAReaderError, DamagedError) as error:
            shut.append(Left(record.path, section, error.message))
            continue
        opened.append((record.path, section))
        readers.update(one for one in stated if not is_role(one))
    return Proof(frozenset(opened), len(opened), tuple(shut), elsewhere, readers)


@frozen
class Readmission:
    """How many parts somebody opens again with a new key, and what they do not."""

    person: str
    opened: int
    left: tuple[Left, ...]


def try_readmission(
    book: Book,
    proof: Proof,
    person: str,
    key: X25519Identity,
    identities: Mapping[str, X25519Identity],
    *,
    now: datetime,
    random: Random,
) -> Readmission:
    """Seals for a person's new key what a recovery key opens, and opens it with the new key.

    The book is one in which the new key is in use already. Parts that the proof did not open are
    not asked for. Nothing is written.
    """
    opened = 0
    left: list[Left] = []
    for record in due_records(book, {person}):
        found = plan_renewal(book, record, {person}, identities, random=random)
        left += (one for one in found.left if (one.path, one.part) in proof.places)
        if found.plan is None:
            continue
        source = renewed_source(found.plan, author="", now=now, random=random)
        again = parse_record(record.path, record.encode(source))
        if isinstance(again, Record):
            payloads = open_record(book, again, {person: key}).payloads
            opened += sum(task.section in payloads for task in found.plan.seal.fresh)
    return Readmission(person, opened, tuple(left))


def _parts(book: Book, school: str) -> Iterator[tuple[Record, str, SealedBlock]]:
    for record in book.records.values():
        if record.school != school:
            continue
        if record.whole:
            yield record, WHOLE, record.whole
        for section in record.sections:
            yield from ((record, section.name, block) for block in section.blocks)

"""Who can read each part of a record: as its block states, beside what the policy says.

No key is needed. What a block states is covered by its seal, so that whoever opens it also
confirms it; until then it is the word of whoever wrote the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.book import (
    access_of,
    display,
    form_of,
    holders_of_repository,
    record_readers,
    role_holders,
    section_readers,
)
from coachbook.errors import DamagedError
from coachbook.life import DRAFT, FINAL, SHARED, UNKNOWN
from coachbook.payload import WHOLE
from coachbook.readers import stated_readers
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coachbook.book import Book
    from coachbook.forms import Form
    from coachbook.record import Record
    from coachbook.sections import SealedBlock

VERSION = 1

HEADER = "header"

_LIVES = {
    DRAFT: "a draft: its author's alone until it is shared",
    SHARED: "",
    FINAL: "final: nothing in it changes any more, and what is added is an addendum",
    UNKNOWN: "`note` in its header says none of draft, shared and final",
}

_WORDS = {
    "clear": "in the clear",
    "sealed": "sealed",
    "unsealed": "NOT SEALED YET",
    "damaged": "DAMAGED",
}


@frozen
class ReaderLine:
    """One who can read: `key` is current, earlier, unknown, or none where nothing is sealed."""

    id: str
    name: str
    holders: tuple[str, ...]
    fingerprint: str
    key: str


@frozen
class Disclosure:
    """One part of a record. `missing` and `unexpected` are ids, by the policy."""

    part: str
    state: str
    revision: int
    readers: tuple[ReaderLine, ...]
    missing: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """True if exactly those can read whom the policy names, with the keys they have now."""
        return not (
            self.missing
            or self.unexpected
            or self.state in {"unsealed", "damaged"}
            or any(reader.key == "unknown" for reader in self.readers)
        )


def disclosures(book: Book, record: Record) -> tuple[Disclosure, ...]:
    """Every part of the record with those who can read it."""
    form = form_of(book, record)
    if record.whole is not None:
        return (_header(book, record), *_whole(book, record))
    if form is None:
        return (_header(book, record),)
    if form.whole:
        planned = record_readers(book, record, form)
        return (_unsealed(book, WHOLE, planned),)
    return (_header(book, record), *_sections(book, record, form))


def disclosure_json(book: Book, record: Record, found: Sequence[Disclosure]) -> dict[str, object]:
    """The same for programs; a documented contract like the findings."""
    life = access_of(book, record).life.state
    return {
        "version": VERSION,
        "path": record.path,
        "id": record.id,
        "note": life,
        "parts": [
            {
                "part": one.part,
                "state": one.state,
                "revision": one.revision,
                "agrees": one.agrees,
                "missing": list(one.missing),
                "unexpected": list(one.unexpected),
                "readers": [
                    {
                        "id": reader.id,
                        "name": reader.name,
                        "holders": list(reader.holders),
                        "fingerprint": reader.fingerprint,
                        "key": reader.key,
                    }
                    for reader in one.readers
                ],
            }
            for one in found
        ],
    }


def format_disclosures(book: Book, record: Record, found: Sequence[Disclosure]) -> str:
    """The same for people."""
    life = _LIVES[access_of(book, record).life.state]
    lines = [record.path, *([life] if life else [])]
    for one in found:
        lines += ["", _headline(one)]
        lines += [f"  {_who(reader)}" for reader in one.readers] or ["  nobody"]
        lines += [f"  ! the policy also names {display(book, owner)}" for owner in one.missing]
        lines += [
            f"  ! the policy does not name {display(book, owner)}" for owner in one.unexpected
        ]
    if any(one.state == "sealed" for one in found):
        lines += [
            "",
            "Sealed parts: as stated under the seal, confirmed whenever one of them opens it.",
        ]
    return "\n".join(lines) + "\n"


def _headline(one: Disclosure) -> str:
    part = "whole record" if one.part == WHOLE else one.part
    revision = f", revision {one.revision}" if one.revision else ""
    return f"{part}: {_WORDS[one.state]}{revision}{_verdict(one)}"


def _verdict(one: Disclosure) -> str:
    """Whether the policy says the same, where that can be told."""
    if one.state == "clear":
        return ""
    if one.part == WHOLE and one.state == "sealed" and one.agrees:
        return "; what it is, and so what the policy says of it, is sealed too"
    return "; as the policy says" if one.agrees else "; NOT as the policy says"


def _who(reader: ReaderLine) -> str:
    people = f", held by {' and '.join(reader.holders)}" if reader.holders else ""
    key = {
        "current": reader.fingerprint,
        "earlier": f"{reader.fingerprint}, an earlier key",
        "unknown": f"{reader.fingerprint}, NOT A KEY IN records/keys",
        "none": "",
    }[reader.key]
    return f"{reader.name} ({reader.id}){people}{f'  {key}' if key else ''}"


def _header(book: Book, record: Record) -> Disclosure:
    """The header is read by whoever holds a copy of the records."""
    holders = holders_of_repository(book, record.school)
    return Disclosure(HEADER, "clear", 0, tuple(_line(book, owner) for owner in holders))


def _sections(book: Book, record: Record, form: Form) -> Iterator[Disclosure]:
    for part in form.sections:
        section = record.section(part.name)
        if section is None:
            continue
        planned = section_readers(book, record, part)
        for block in section.blocks:
            yield _sealed(book, part.name, block, planned)
        if part.sealed and not section.blocks and section.stray:
            yield _unsealed(book, part.name, planned)
        elif not part.sealed and section.stray:
            holders = holders_of_repository(book, record.school)
            readers = tuple(_line(book, owner) for owner in holders)
            yield Disclosure(part.name, "clear", 0, readers)


def _whole(book: Book, record: Record) -> Iterator[Disclosure]:
    """What a record sealed whole is about is not known here, nor what its policy row says."""
    if record.whole is not None:
        yield _sealed(book, WHOLE, record.whole, None)


def _unsealed(book: Book, part: str, planned: Sequence[str]) -> Disclosure:
    return Disclosure(part, "unsealed", 0, tuple(_line(book, owner) for owner in planned))


def _sealed(book: Book, part: str, block: SealedBlock, planned: Sequence[str] | None) -> Disclosure:
    try:
        stated = stated_readers(block.armor)
    except DamagedError:
        return Disclosure(part, "damaged", block.revision, ())
    owners = [owner for owner, _ in stated]
    due = owners if planned is None else planned
    return Disclosure(
        part,
        "sealed",
        block.revision,
        tuple(_line(book, owner, fingerprint) for owner, fingerprint in stated),
        tuple(owner for owner in due if owner not in owners),
        tuple(owner for owner in owners if owner not in due),
    )


def _line(book: Book, owner: str, fingerprint: str = "") -> ReaderLine:
    people = role_holders(book, owner) if "@" in owner else ()
    return ReaderLine(
        owner,
        display(book, owner),
        tuple(display(book, person) for person in people),
        fingerprint,
        _key_state(book, owner, fingerprint),
    )


def _key_state(book: Book, owner: str, fingerprint: str) -> str:
    if not fingerprint:
        return "none"
    known = [key.fingerprint for key in book.keyring.keys.get(owner, ())]
    if fingerprint not in known:
        return "unknown"
    return "current" if fingerprint == known[0] else "earlier"

"""Every sealed part of many records, with the people whose keys open it.

    print(format_reader_list(book, reader_list(book, book.records.values())), end="")

It says what keys do, which the policy may have changed since: somebody who has left stands there
for as long as a part is sealed to a key of theirs. What stands in the clear is no part of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.book import display, short
from coachbook.errors import DamagedError
from coachbook.openers import is_here, opens_with_envelope
from coachbook.payload import WHOLE
from coachbook.publickey import is_role
from coachbook.readers import stated_readers
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from coachbook.book import Book
    from coachbook.record import Record

VERSION = 1

_UNTOLD = "DAMAGED: nobody can tell"
_NOBODY = "nobody"


@frozen
class Opener:
    """One whose key opens a part; `is_earlier` where only a key does that they had before."""

    person: str
    is_earlier: bool


@frozen
class SealedParts:
    """Parts of one record that open for the same people; `is_damaged` where that is not told."""

    record: Record
    parts: tuple[str, ...]
    openers: tuple[Opener, ...]
    on_paper: bool = False
    is_damaged: bool = False


def reader_list(book: Book, records: Iterable[Record]) -> tuple[SealedParts, ...]:
    """The sealed parts of the records, those with the same readers together."""
    return tuple(found for record in records for found in _together(book, record))


def reader_list_json(book: Book, found: Sequence[SealedParts]) -> dict[str, object]:
    """The same for programs; a documented contract like the findings."""
    return {
        "version": VERSION,
        "parts": [
            {
                "path": one.record.path,
                "id": one.record.id,
                "parts": list(one.parts),
                "damaged": one.is_damaged,
                "envelope": one.on_paper,
                "people": [
                    {
                        "id": opener.person,
                        "name": display(book, opener.person),
                        "here": is_here(book, opener.person),
                        "earlier_key": opener.is_earlier,
                    }
                    for opener in one.openers
                ],
            }
            for one in found
        ],
    }


def format_reader_list(book: Book, found: Sequence[SealedParts]) -> str:
    """The same for people: a table of three columns, and what it does not say."""
    if not found:
        return f"nothing is sealed here\n\n{_CLEAR}\n"
    rows = [("Record", "Who can open them", "Sealed parts")]
    rows += [(one.record.id, _people(book, one), _parts(one)) for one in found]
    widths = [max(len(row[n]) for row in rows) for n in range(2)]
    lines = [f"{one.ljust(widths[0])}  {two.ljust(widths[1])}  {three}" for one, two, three in rows]
    return "\n".join([*lines, "", _STATED, _CLEAR]) + "\n"


_STATED = "As stated under each seal, confirmed whenever one of them opens it."
_CLEAR = "What stands in the clear is read by everybody who holds a copy of the records."


def _together(book: Book, record: Record) -> Iterator[SealedParts]:
    groups: dict[tuple[tuple[Opener, ...], bool, bool], list[str]] = {}
    for part, armor in _armors(record):
        openers = _openers(book, armor)
        key = (openers or (), opens_with_envelope(book, armor), openers is None)
        groups.setdefault(key, []).append(part)
    for (openers, on_paper, is_damaged), parts in groups.items():
        yield SealedParts(record, tuple(dict.fromkeys(parts)), openers, on_paper, is_damaged)


def _armors(record: Record) -> Iterator[tuple[str, str]]:
    names = [section.name for section in record.sections for _ in section.blocks]
    blocks = [block.armor for block in record.blocks()]
    yield from zip([WHOLE, *names] if record.whole else names, blocks, strict=True)


def _openers(book: Book, armor: str) -> tuple[Opener, ...] | None:
    """Who opens a block, those who are here first; None where it is damaged."""
    try:
        pairs = {pair for stated in stated_readers(armor) for pair in _people_of(book, *stated)}
    except DamagedError:
        return None
    people = sorted(
        {one for one, _ in pairs}, key=lambda one: (not is_here(book, one), short(book, one))
    )
    now = {(one, key.fingerprint) for one in people if (key := book.keyring.current(one))}
    return tuple(
        Opener(one, not any(pair in now for pair in pairs if pair[0] == one)) for one in people
    )


def _people_of(book: Book, reader: str, fingerprint: str) -> Iterator[tuple[str, str]]:
    """The people and their keys that a stated reader stands for: themselves, or a role's."""
    known = {(key.owner, key.fingerprint) for key in book.keyring.keys.get(reader, ())}
    if (reader, fingerprint) not in known:
        return
    if not is_role(reader):
        yield reader, fingerprint
        return
    pairs = [*book.keyring.earlier_roles.get(reader, ())]
    if reader in book.keyring.sealed_roles:
        pairs.append((book.keyring.keys[reader][0], book.keyring.sealed_roles[reader]))
    for key, armor in pairs:
        if key.fingerprint == fingerprint:
            for person, one in stated_readers(armor):
                yield from _people_of(book, person, one)


def _parts(one: SealedParts) -> str:
    return ", ".join("the whole record" if part == WHOLE else part for part in one.parts)


def _people(book: Book, one: SealedParts) -> str:
    if one.is_damaged:
        return _UNTOLD
    names = [f"{short(book, opener.person)}{_note(book, opener)}" for opener in one.openers]
    names += ["the sealed envelope"] if one.on_paper else []
    return ", ".join(names) or _NOBODY


def _note(book: Book, opener: Opener) -> str:
    notes = [] if is_here(book, opener.person) else ["has left"]
    notes += ["with an earlier key"] if opener.is_earlier else []
    return f" ({', '.join(notes)})" if notes else ""

"""Who may have signed a sealed part, with their public keys, as the browser needs them.

Whoever writes a part reads it, as one of its people or by a role; so the readers of a block, the
people of its record and whoever signed it outside are all who can have signed it inside.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from coachbook.book import role_holders
from coachbook.publickey import is_role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from coachbook.book import Book
    from coachbook.record import SealedBlock

Keys = dict[str, object]


def signers_of(
    book: Book, block: SealedBlock, readers: Iterable[str], parties: Iterable[str], day: date
) -> Mapping[str, Keys]:
    """The keys by person, and by no name: whose name a page may show is for the page to say."""
    people = dict.fromkeys(parties)
    for reader in readers:
        people |= dict.fromkeys(role_holders(book, reader, day) if is_role(reader) else (reader,))
    if block.signature:
        people[block.signature.signer] = None
    return {one: _keys(book, one) for one in people if book.keyring.keys.get(one)}


def _keys(book: Book, person: str) -> Keys:
    """The person's keys and their last day, made once for all the blocks of a build."""
    if person not in book.signing:
        entry = book.people.get(person)
        book.signing[person] = {
            "left": entry.end.isoformat() if entry and entry.end else "",
            "keys": _generations(book, person),
        }
    return book.signing[person]


def _generations(book: Book, person: str) -> list[Keys]:
    """Newest first; each but the newest with the day on which the next took its place."""
    keys = book.keyring.keys[person]
    newer = ["", *(key.created.isoformat() for key in keys)]
    return [
        {
            "fingerprint": key.fingerprint,
            "signing": base64.b64encode(key.signing).decode("ascii"),
            "until": until,
        }
        for key, until in zip(keys, newer, strict=False)
    ]

"""What everything in a book hangs on: forms, keys, people, roles, policies, calendars, the day.

Who looks these up is not noted, as nearly everything does: where one of them changes, all is
worked out anew.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coachbook.book.model import Book

GROUND = frozenset(
    {"trust", "hub", "school", "person", "role-assignment", "policy", "calendar", "waiver"}
)
"""The types of record that everything hangs on."""

_SIZE = 16


def ground_of(book: Book) -> bytes:
    """A hash of everything that all of a book hangs on, and of where it lies."""
    with book.reads.unnoted():
        leaves = {record.path for record in book.records.values() if record.type not in GROUND}
    ground = hashlib.blake2b(f"{book.root}\n{book.today}\n".encode(), digest_size=_SIZE)
    for path in sorted(book.prints.keys() - leaves):
        ground.update(path.encode("utf-8", "surrogatepass") + b"\n" + book.prints[path])
    for finding in book.findings:
        if finding.path not in leaves:
            ground.update(repr(finding).encode("utf-8", "surrogatepass"))
    return ground.digest()

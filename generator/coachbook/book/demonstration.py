"""The people a demonstration lets anybody try: `records/demo-passphrases.csv`.

Only a trust that says `demonstration: true` has any; the file is ignored
everywhere else.
"""

from __future__ import annotations

import csv
import io
from dataclasses import field
from typing import TYPE_CHECKING

from coachbook.errors import InputError
from coachbook.values import frozen

if TYPE_CHECKING:
    from coachbook.book.model import Book

TRIES_PATH = "records/demo-passphrases.csv"
COLUMNS = ["person", "roles", "passphrase"]


@frozen
class TryAs:
    """A demonstration person: id, sign-in, roles such as `head@otterbeck`, passphrase."""

    person: str
    sign_in: str
    roles: tuple[str, ...]
    passphrase: str = field(repr=False)


def tries(book: Book) -> tuple[TryAs, ...]:
    """Everybody whose passphrase the demonstration publishes; nobody in a real trust."""
    path = book.root / TRIES_PATH
    if not book.trust.demonstration or not path.is_file():
        return ()
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
    if rows.fieldnames != COLUMNS:
        raise InputError(f"{TRIES_PATH} needs the columns {', '.join(COLUMNS)}")
    return tuple(_try_as(book, row) for row in rows)


def _try_as(book: Book, row: dict[str, str]) -> TryAs:
    person = book.people.get(row["person"])
    return TryAs(
        person=row["person"],
        sign_in=person.sign_in if person else "",
        roles=tuple(row["roles"].split()),
        passphrase=row["passphrase"],
    )

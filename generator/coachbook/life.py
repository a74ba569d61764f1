"""The life of a note: its author's alone, then shared, then final.

A form says `life: true`, the header says where the note stands:

    note: draft            absent means shared
    drafted_by: p-7kq2m4xa
    locked: sha256-…       what a final note held, told from its sealed blocks

The header stands in clear, so it says that a note is final and never whether somebody agreed
with it; that is sealed, in an addendum. `locked` needs no key, and shows that a block was
changed afterwards. It does not show by whom, nor does it hold against somebody who changes
block and digest together; the history of the repository does.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coachbook.forms import FieldValue, Form
    from coachbook.record import Record, SealedBlock

DRAFT, SHARED, FINAL = "draft", "shared", "final"
UNKNOWN = "unknown"
"""What the header says is none of the three, so nobody can tell who may read the note."""

STATE, AUTHOR, LOCK = "note", "drafted_by", "locked"
"""The fields of the header."""

ADDENDUM = "addendum"
"""The type of what is added to a note; its `to`, `by` and `on` say to what, by whom, when."""

ADDED_TO = "to"
"""The field of an addendum that leads to its note; inside its block the note is named as well."""

ADDED_BY = "by"
"""The field of an addendum that says who adds it."""

_ALGORITHM = "sha256-"


@frozen
class Life:
    """Where a note stands: `author` wrote the draft, `locked` is what it was when it was final."""

    state: str = SHARED
    author: str = ""
    locked: str = ""

    @property
    def is_draft(self) -> bool:
        """True while the note is its author's alone."""
        return self.state == DRAFT

    @property
    def is_final(self) -> bool:
        """True once nothing in the note changes any more."""
        return self.state == FINAL


_SHARED_NOTE = Life()


def life_of(record: Record, form: Form, values: Mapping[str, FieldValue]) -> Life:
    """Where the record stands; one without such a life is shared from the start."""
    if not form.life:
        return _SHARED_NOTE
    state = _text(values, STATE) if STATE in record.fields else SHARED
    known = state if state in {DRAFT, SHARED, FINAL} else UNKNOWN
    return Life(known, _text(values, AUTHOR), _text(values, LOCK))


def block_digest(record: Record) -> str:
    """What the sealed blocks of a record are, in one word that any change of them changes."""
    found = hashlib.sha256(f"{record.id}\0".encode())
    for section, block in _blocks(record):
        armor = "\n".join(line.strip() for line in block.armor.strip().splitlines())
        signed = f"{block.signature.signature}\0" if block.signature else ""
        found.update(f"{section}\0{block.revision}\0{armor}\0{signed}".encode())
    return _ALGORITHM + found.hexdigest()


def _blocks(record: Record) -> Iterator[tuple[str, SealedBlock]]:
    for section in record.sections:
        for block in section.blocks:
            yield section.name, block


def _text(values: Mapping[str, FieldValue], key: str) -> str:
    value = values.get(key)
    return value if isinstance(value, str) else ""

"""10,000 random edits of valid records: none crashes, hangs or passes in silence.

An edit is found by a rule, or it shows: the record says something else than before, as a diff
would. What neither a rule finds nor the record shows may only be how the file is laid out.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from typing import TYPE_CHECKING

from coachbook.book import load_book, place_of
from coachbook.diagnostics import Diagnostic
from coachbook.errors import DamagedError, NotAReaderError
from coachbook.record import Record, SealedBlock, parse_record
from coachbook.rules import check_record
from coachbook.sealing import open_block
from fuzz.edits import edited
from fuzz.feed import Feed
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from coachbook.payload import Payload

EDITS = 10_000
MOST_AT_ONCE = 3
SECONDS = 20
"""One record takes a thousandth of a second; this is a hang, on a slow computer too."""
PATHS = (
    small.SESSION,
    "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md",
    "records/otterbeck/partnerships/pt-6r1e9k3w.md",
    "records/people/p-n9b4j2ys.md",
    "records/otterbeck/roles/r-4d6t0b8v.md",
)
BOOK = load_book(small.ROOT)
KEYS = {small.COACH: small.identity(small.COACH)}
SOURCES = {path: (small.ROOT / path).read_bytes() for path in PATHS}


def says(record: Record) -> dict[str, object]:
    """What a record says: its fields, and under each heading its text and its blocks."""
    fields: dict[str, object] = {key: repr(field.value) for key, field in record.fields.items()}
    sections = [
        (
            one.name,
            record.text(one),
            [(each.info, each.revision, each.armor) for each in one.blocks],
        )
        for one in record.sections
    ]
    return {**fields, "": sections}


def words(data: bytes) -> tuple[list[str], list[str]]:
    """The words of header and body: no blanks, quotes, brackets, comments, no order of fields."""
    text = data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    head, _, body = text.partition("\n---\n")
    return sorted(_WORD.findall(_COMMENT.sub("", head))), _WORD.findall(body)


_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
_WORD = re.compile(r"[^:\s\"'\[\],-]+")


def opened(record: Record, section: str, block: SealedBlock) -> Payload | None:
    """What is inside a block of the record, or None where it opens no more."""
    place = place_of(BOOK, record, section)
    try:
        return open_block(block.armor, KEYS, place, revision=block.revision)
    except (DamagedError, NotAReaderError):
        return None


def outcome(path: str, data: bytes) -> str:
    """How an edit comes to light: unreadable, found, shown, or no more than layout."""
    record = parse_record(path, data)
    if isinstance(record, Diagnostic):
        return "unreadable"
    if {finding.code for finding in check_record(BOOK, record)} - KNOWN[path]:
        return "found"
    said = says(record)
    if said == SAID[path]:
        return "layout" if words(data) == words(SOURCES[path]) else "silence"
    for section in record.sections:
        for block in section.blocks:
            assert opened(record, section.name, block) in ORIGINAL
    return "shown"


KNOWN = {path: {one.code for one in check_record(BOOK, BOOK.records[path])} for path in PATHS}
SAID = {path: says(BOOK.records[path]) for path in PATHS}
SESSION = BOOK.records[small.SESSION]
ORIGINAL = (
    None,
    *(
        opened(SESSION, section.name, block)
        for section in SESSION.sections
        for block in section.blocks
    ),
)
"""What may come out of a block: what was sealed, or nothing."""


def test_ten_thousand_random_edits() -> None:
    """Each is unreadable, found, shown or no more than layout; a sealed part opens whole or not."""
    choices = random.Random(2026)  # noqa: S311 (the same edits in every run)
    outcomes: Counter[str] = Counter()
    for _ in range(EDITS):
        path = choices.choice(PATHS)
        data = SOURCES[path]
        for _ in range(choices.randint(1, MOST_AT_ONCE)):
            data = edited(data, Feed(choices.randbytes(8)))
        began = time.monotonic()
        outcomes[result := outcome(path, data)] += 1
        assert result != "silence", data
        assert time.monotonic() - began < SECONDS

    assert min(outcomes[one] for one in ("unreadable", "found", "shown", "layout")) > 20

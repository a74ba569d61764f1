"""Where a note stands, and the digest by which a final one is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.book import access_of, load_book
from coachbook.life import FINAL, SHARED, UNKNOWN, block_digest
from coachbook.record import Record, parse_record
from coachbook.sharing import final_source
from tests.workspaces import otterbeck_small as small

BOOK = load_book(small.ROOT)
NOTE = BOOK.records[small.SESSION]


def note(source: str) -> Record:
    """The session of the small school with this source."""
    found = parse_record(small.SESSION, source.encode())
    assert isinstance(found, Record)
    return found


def with_line(line: str) -> Record:
    """The session with one more line in its header."""
    return note(NOTE.source.replace("minutes: 14\n", f"minutes: 14\n{line}"))


def state(record: Record) -> str:
    """Where the record stands."""
    return access_of(BOOK, record).life.state


def test_a_note_that_says_nothing_is_shared() -> None:
    """A note without the line `note` is shared, as notes were before there were drafts."""
    assert state(NOTE) == SHARED


@pytest.mark.parametrize("line", ["note: drat\n", "note:\n", "note: [draft]\n", "note: Draft?\n"])
def test_a_slip_is_not_taken_for_shared(line: str) -> None:
    """What is none of the three words lets nobody read, until somebody says which is meant."""
    record = with_line(line)

    assert state(record) == UNKNOWN
    assert access_of(BOOK, record).sealed_to("session notes") == ()


def test_a_final_note_is_read_by_the_same_people() -> None:
    """That a note is final changes nothing about who can read it."""
    final = note(final_source(NOTE))

    assert state(final) == FINAL
    found = [access_of(BOOK, one).sealed_to("session notes") for one in (NOTE, final)]
    assert found[0] == found[1]


def test_becoming_final_leaves_the_sealed_parts_alone() -> None:
    """Only the header changes, and it keeps the digest of what stands below it."""
    final = note(final_source(NOTE))

    assert final.source[final.body :] == NOTE.source[NOTE.body :]
    assert final.value("locked") == block_digest(NOTE) == block_digest(final)


def test_the_digest_outlives_another_line_ending() -> None:
    """A copy with the line endings of Windows has the same digest."""
    assert block_digest(note(NOTE.source.replace("\n", "\r\n"))) == block_digest(NOTE)


BLOCKS = [block for section in NOTE.sections for block in section.blocks]
LETTERS = [
    at
    for block in BLOCKS
    for line in block.armor.splitlines()[1:-1]
    for start in [NOTE.source.index(line)]
    for at in range(start, start + len(line))
]


@given(at=st.sampled_from(LETTERS), letter=st.sampled_from("ABCxyz019"))
def test_any_letter_of_a_block_counts(at: int, letter: str) -> None:
    """One other letter in a block gives another digest."""
    changed = note(NOTE.source[:at] + letter + NOTE.source[at + 1 :])

    assert (block_digest(changed) == block_digest(NOTE)) == (letter == NOTE.source[at])

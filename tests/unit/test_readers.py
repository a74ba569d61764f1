"""Tests of the list of readers at the head of a sealed file."""

from __future__ import annotations

import os

from hypothesis import given
from hypothesis import strategies as st

from coachbook.age import armor, encrypt
from coachbook.errors import DamagedError
from coachbook.readers import Reader, is_exact, read_readers, readers_stanza, stated_readers
from tests.workspaces.otterbeck_small import COACH, COACHEE, MONITOR, identity

READERS = [Reader(one, identity(one).recipient()) for one in (COACH, COACHEE, MONITOR)]
FILE = encrypt(
    b"what was said",
    [reader.recipient for reader in READERS],
    extra=(readers_stanza(READERS),),
    random=os.urandom,
)
HEADER = FILE.index(b"\n--- ") + 50


def _outcome(read: object, file: bytes) -> object:
    try:
        found = read(armor(file))  # type: ignore[operator]
    except DamagedError:
        return "damaged"
    return getattr(found, "readers", found)


def test_readers_are_stated_in_order() -> None:
    """A sealed file names its readers, each with the fingerprint of their key."""
    assert stated_readers(armor(FILE)) == tuple(reader.stated for reader in READERS)


@given(
    st.integers(0, HEADER - 1),
    st.integers(0, 12),
    st.one_of(
        st.binary(max_size=4), st.sampled_from([b"\n", b" ", b"-> X25519 ", b"A", b"=", b"/"])
    ),
)
def test_a_glance_sees_what_reading_sees(place: int, length: int, instead: bytes) -> None:
    """A header that was altered anywhere is judged the same at a glance and when read whole."""
    altered = FILE[:place] + instead + FILE[place + length :]

    assert _outcome(stated_readers, altered) == _outcome(read_readers, altered)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=12))
def test_lines_in_another_order(order: list[int]) -> None:
    """Lines of a header that were moved, dropped or doubled are judged the same both ways."""
    lines = FILE[:HEADER].split(b"\n")
    altered = b"\n".join(lines[at % len(lines)] for at in order) + FILE[HEADER:]

    assert _outcome(stated_readers, altered) == _outcome(read_readers, altered)


def test_a_file_that_ends_with_its_header_is_damaged() -> None:
    """A header that is whole, with next to nothing behind it, states no readers."""
    cut = FILE[: FILE.index(b"\n--- ") + 49] + b"too short"

    assert _outcome(stated_readers, cut) == _outcome(read_readers, cut) == "damaged"


def test_armor_with_anything_round_its_lines_is_not_exact() -> None:
    """It still opens, and nobody keeps what else may stand there."""
    exact = armor(FILE)

    assert is_exact(exact)
    assert not is_exact(exact + "\n")
    assert stated_readers(exact + "\n") == stated_readers(exact)

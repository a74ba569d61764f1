"""Private pages packed: smaller, of a rounded length, and plain gzip for everyone."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.errors import UsageError
from coachbook.packing import PAD_TO, pack, unpack


@given(st.binary(max_size=9000))
def test_what_is_packed_comes_out_as_it_was(data: bytes) -> None:
    """Packing loses nothing, here or in any other reader of gzip."""
    packed = pack(data)

    assert unpack(packed) == data == gzip.decompress(packed)
    assert len(packed) % PAD_TO == 0


def test_the_same_page_is_packed_the_same() -> None:
    """Neither the time nor the system stands in what is packed."""
    assert pack(b"one page") == pack(b"one page")


def test_two_pages_of_nearly_one_length_are_not_told_apart() -> None:
    """A sentence more or less leaves the length as it was."""
    assert len(pack(b"He came.")) == len(pack(b"He came, and they spoke of the lesson."))


def test_a_damaged_page_is_refused() -> None:
    """A page that was cut short ends in a message."""
    with pytest.raises(UsageError, match="damaged"):
        unpack(pack(b"one page")[:-1])

"""Tests of the spelling of age keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.age.bech32 import format_bech32, parse_bech32
from coachbook.errors import KeyringError

EXAMPLE = "age-secret-key-1gfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpq4egaex"
PREFIX = "age-secret-key-"


@given(data=st.binary(max_size=70))
def test_parsing_is_the_inverse_of_formatting(data: bytes) -> None:
    """A key of any length comes back from its spelling."""
    assert data == parse_bech32("age", format_bech32("age", data))


def test_specified_key_is_spelled_so() -> None:
    """The example of the age specification, 32 bytes of 0x42, is written and read."""
    assert format_bech32(PREFIX, b"B" * 32) == EXAMPLE
    assert parse_bech32(PREFIX, EXAMPLE) == b"B" * 32


@given(place=st.integers(len(PREFIX) + 1, len(EXAMPLE) - 1), character=st.sampled_from("qpzry9x8"))
def test_one_wrong_character_is_found(place: int, character: str) -> None:
    """A key with one character mistyped is refused, and its text is not repeated."""
    wrong = EXAMPLE[:place] + character + EXAMPLE[place + 1 :]
    if wrong == EXAMPLE:
        return

    with pytest.raises(KeyringError, match="does not agree with its own checksum") as caught:
        parse_bech32(PREFIX, wrong)
    assert wrong[20:40] not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "does not start with age1"),
        ("age", "does not start with age1"),
        ("agf1qqqqqq", "does not start with age1"),
        ("AGE1QQQQQQ", "does not start with age1"),
        ("age1qqqqq", "is cut"),
        ("age1qqqbqqqq", "holds a character that no key has"),
        ("age1qqqQqqqq", "holds a character that no key has"),
        ("age1qqqé", "holds a character that no key has"),
        (" age1qqqqqq", "does not start with age1"),
    ],
)
def test_what_is_not_a_key_is_refused(text: str, fault: str) -> None:
    """A line that is no age key says what is wrong with it."""
    with pytest.raises(KeyringError, match=fault):
        parse_bech32("age", text)


@pytest.mark.parametrize("text", ["age1psm9pam", "age1qpu0j2ex"])
def test_unused_bits_are_refused(text: str) -> None:
    """A right checksum over digits that are not whole bytes is still not a key."""
    with pytest.raises(KeyringError, match="not in its one canonical form"):
        parse_bech32("age", text)

"""Tests of the ASCII armor around an age file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.age import armor, dearmor, peek
from coachbook.errors import AgeArmorError

BLOCK = """\
-----BEGIN AGE ENCRYPTED FILE-----
VGhyZWUgc2Vjb25kcyBpcyBhIGxvbmcgdGltZSBpbiBhIGNsYXNzcm9vbSBvZiB0
aGlydHkgY2hpbGRyZW4u
-----END AGE ENCRYPTED FILE-----
"""
INSIDE = b"Three seconds is a long time in a classroom of thirty children."


@given(data=st.binary(max_size=300))
def test_taking_off_is_the_inverse_of_putting_on(data: bytes) -> None:
    """Armor keeps every byte, and keeps within 64 columns."""
    text = armor(data)

    assert data == dearmor(text) == dearmor(text.encode())
    assert max(map(len, text.splitlines())) <= 64


def test_armor_is_written_in_one_way() -> None:
    """Armor is 64 columns of base64 between a BEGIN and an END line."""
    assert armor(INSIDE) == BLOCK


@pytest.mark.parametrize(
    "text",
    [
        BLOCK.replace("\n", "\r\n"),
        BLOCK.rstrip("\n"),
        "\n\n  \t" + BLOCK + "\r\n \n",
    ],
    ids=["CRLF", "no last line feed", "white space around"],
)
def test_harmless_changes_are_forgiven(text: str) -> None:
    """Line ends of Windows and white space around a block do no harm."""
    assert dearmor(text) == INSIDE


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "line 1 of the armor holds something other than the BEGIN line"),
        ("\ufeff" + BLOCK, "line 1 of the armor holds a character that is not ASCII"),
        ("Note:\n" + BLOCK, "line 1 of the armor holds something other than the BEGIN line"),
        (BLOCK.replace("AGE", "PGP"), "line 1 of the armor holds something other than the BEGIN"),
        (BLOCK + "more", "line 5 of the armor holds something other than the END line"),
        (BLOCK + BLOCK, "line 3 of the armor holds 20 columns, expected 64"),
        (BLOCK[:110], "line 3 of the armor holds something other than the END line"),
        ("-----BEGIN AGE ENCRYPTED FILE-----", "line 1 of the armor holds something other than"),
        (BLOCK.replace("\nV", "\n\tV"), "line 2 of the armor holds 65 columns, expected 64"),
        (BLOCK.replace("\na", "\n a"), "does not hold canonical base64"),
        (BLOCK.replace("\na", "\n\na"), "line 3 of the armor holds 0 columns, expected 64"),
        (BLOCK.replace("B0\na", "B0a"), "line 2 of the armor holds 84 columns, expected 64"),
        (BLOCK.replace("VGhy", "VGhy\n"), "line 2 of the armor holds 4 columns, expected 64"),
        (BLOCK.replace("B0\n", "B0\r\n"), "two kinds of line ending"),
        (BLOCK.replace("ZW4u", "ZW4"), "does not hold canonical base64"),
        (BLOCK.replace("ZW4u", "ZW5="), "does not hold canonical base64"),
        (BLOCK.replace("ZW4u", "Z_4u"), "does not hold canonical base64"),
        (BLOCK.replace("ZW4u", "ZW4é"), "line 3 of the armor holds a character that is not ASCII"),
    ],
    ids=[
        "nothing",
        "byte order mark",
        "text before",
        "another label",
        "text after",
        "two blocks",
        "cut",
        "one line",
        "tab-indented",
        "indented last line",
        "empty line",
        "wrapped too late",
        "wrapped too early",
        "mixed line ends",
        "no padding",
        "not canonical",
        "another alphabet",
        "an accent",
    ],
)
def test_anything_else_is_refused(text: str, fault: str) -> None:
    """Armor that was changed by hand or by a program says on which line, and how to mend it."""
    with pytest.raises(AgeArmorError, match=fault) as caught:
        dearmor(text)

    assert caught.value.hint.startswith("copy the block again")


@given(
    st.binary(max_size=200),
    st.integers(0, 400),
    st.integers(0, 3),
    st.sampled_from("AQgw=+/\n\r é"),
)
def test_a_peek_sees_what_the_whole_shows(data: bytes, place: int, cut: int, sign: str) -> None:
    """The beginning and the length of a file are told without decoding it, or not at all."""
    text = armor(data)
    altered = text[:place] + sign + text[place + cut :] if cut else text
    seen = peek(altered, 48)

    if seen is None:
        assert altered != text or not data
    else:
        start, length = seen
        whole = dearmor(altered)
        assert (whole[: len(start)], len(whole)) == (start, length)
        assert len(start) >= min(48, length)


def test_a_peek_at_nothing_shows_nothing() -> None:
    """Between BEGIN and END stands at least one line of base64."""
    first, *_, last = BLOCK.splitlines()

    assert peek(f"{first}\n\n{last}\n", 16) is None

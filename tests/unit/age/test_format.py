"""Tests of the header of an age file."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.age import Stanza, read_header
from coachbook.age.format import format_base64, format_header, parse_base64, require_mac
from coachbook.errors import AgeHeaderError, AgeMacError

FILE_KEY = bytes(range(16))
NONCE = bytes(16)
READERS = Stanza("coachbook/readers", ("p-7kq2m4xa:zqvolpv2ncbzaxilqwlivlhnhe",))
SLOT = Stanza("X25519", ("TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc",), bytes(32))
HEADER = """\
age-encryption.org/v1
-> coachbook/readers p-7kq2m4xa:zqvolpv2ncbzaxilqwlivlhnhe

-> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc
AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
--- """

arguments = st.text([chr(code) for code in range(0x21, 0x7F)], min_size=1, max_size=20)
stanzas = st.builds(
    Stanza,
    type=arguments.filter(lambda kind: kind != "scrypt"),
    args=st.lists(arguments, max_size=4).map(tuple),
    body=st.binary(max_size=200),
)


@given(listed=st.lists(stanzas, min_size=1, max_size=5))
def test_reading_is_the_inverse_of_writing(listed: list[Stanza]) -> None:
    """Any stanzas come back from a header, under a MAC that holds."""
    data = format_header(listed, FILE_KEY)
    header = read_header(data + NONCE)

    assert header.stanzas == tuple(listed)
    assert header.payload_offset == len(data)
    require_mac(header, FILE_KEY)


def test_header_is_text() -> None:
    """A header can be read without a key and without this program."""
    data = format_header([READERS, SLOT], FILE_KEY).decode()

    assert re.fullmatch(re.escape(HEADER) + "[0-9A-Za-z+/]{43}\n", data)


@pytest.mark.parametrize("length", [47, 48, 49, 96])
def test_body_ends_in_a_short_line(length: int) -> None:
    """A body that fills its lines is followed by an empty line, as the format asks."""
    data = format_header([Stanza("x", (), bytes(length))], FILE_KEY).decode()

    last_line = data.splitlines()[-2]
    assert len(last_line) < 64
    assert read_header(data.encode() + NONCE).stanzas[0].body == bytes(length)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("p-7kq2m4xa", "p-3fd0aaaa"),
        ("X25519", "X25518"),
        ("-> coachbook/readers", "-> extra\n\n-> coachbook/readers"),
        ("AAAA\n", "AAAE\n"),
    ],
    ids=["a reader's name", "a stanza's type", "a stanza added", "a body"],
)
def test_mac_covers_the_whole_header(old: str, new: str) -> None:
    """No reader can be renamed, added or swapped without the MAC telling."""
    data = format_header([READERS, SLOT], FILE_KEY).decode()
    altered = data.replace(old, new, 1).encode()

    with pytest.raises(AgeMacError, match="the header of the age file was altered"):
        require_mac(read_header(altered + NONCE), FILE_KEY)


def test_mac_binds_the_file_key() -> None:
    """A header under one file key does not hold under another."""
    header = read_header(format_header([SLOT], FILE_KEY) + NONCE)

    with pytest.raises(AgeMacError):
        require_mac(header, bytes(16))


@pytest.mark.parametrize(
    "stanza",
    [
        Stanza("", ("a",)),
        Stanza("x", ("",)),
        Stanza("x", ("two words",)),
        Stanza("x", ("line\n-> y",)),
        Stanza("x", ("é",)),
    ],
)
def test_argument_that_would_break_the_header_is_not_written(stanza: Stanza) -> None:
    """An argument can't smuggle in a space, a line or another alphabet."""
    with pytest.raises(AgeHeaderError, match="a stanza argument is empty or holds"):
        format_header([stanza], FILE_KEY)


def test_passphrase_is_not_written_beside_another_recipient() -> None:
    """A file for a passphrase is for nobody else, so that who opens it knows who wrote it."""
    with pytest.raises(AgeHeaderError, match="it must be alone"):
        format_header([READERS, Stanza("scrypt", ("c2FsdA", "10"), bytes(32))], FILE_KEY)


def test_passphrase_is_not_read_beside_another_recipient() -> None:
    """A header that mixes a passphrase with a key is refused before any key is tried."""
    data = format_header([READERS, SLOT], FILE_KEY).replace(b"-> X25519", b"-> scrypt")

    with pytest.raises(AgeHeaderError, match="it must be alone"):
        read_header(data + NONCE)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "does not start as an age file does"),
        (b"# Notes\n", "does not start as an age file does"),
        (b"\xef\xbb\xbfage-encryption.org/v1\n", "does not start as an age file does"),
        (b"age-encryption.org/v2\n-> x\n", "line 1 of the age header names a version"),
        (b"age-encryption.org/v1\r\n-> x\r\n", "line 1 of the age header names a version"),
        (b"age-encryption.org/v1\n", "line 2 of the age header: neither"),
        (b"age-encryption.org/v1\n-> x\nA\n\n", "is not canonical"),
        (b"age-encryption.org/v1\n-> x\n\n->\n\n", "line 4 of the age header: a malformed"),
        (b"age-encryption.org/v1\n-> x\n\n---", "line 4 of the age header: a malformed or cut"),
        (b"age-encryption.org/v1\n--- " + b"A" * 43 + b"\n" + NONCE, "names no recipient"),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\n", "the age file is armored"),
    ],
)
def test_malformed_header_says_where(data: bytes, fault: str) -> None:
    """A header that can't be read says at which line, and what was found."""
    with pytest.raises(AgeHeaderError, match=fault):
        read_header(data)


def test_header_cut_anywhere_is_refused() -> None:
    """A file that ends within its header or nonce is never taken for a whole one."""
    data = format_header([READERS, SLOT], FILE_KEY) + NONCE

    for length in range(len(data)):
        with pytest.raises(AgeHeaderError):
            read_header(data[:length])


@given(data=st.binary(max_size=100))
def test_base64_has_one_spelling(data: bytes) -> None:
    """Bytes come back from their base64, and any other spelling of them is refused."""
    text = format_base64(data)

    assert data == parse_base64(text)
    if len(data) % 3:
        with pytest.raises(AgeHeaderError):
            parse_base64(text + "=" * (3 - len(data) % 3))


def test_long_header_is_read_in_linear_time() -> None:
    """A header of ten thousand stanzas, or one of a megabyte, is no burden."""
    many = format_header([SLOT] * 10_000, FILE_KEY) + NONCE
    large = format_header([Stanza("x", ("y" * 500_000,), bytes(500_000))], FILE_KEY)

    assert len(read_header(many).stanzas) == 10_000
    assert len(read_header(large + NONCE).stanzas[0].body) == 500_000
    with pytest.raises(AgeHeaderError):
        read_header(large[:-50])

"""Tests of whole age files: who opens them, and what happens to altered ones."""

from __future__ import annotations

import doctest
import hashlib
import itertools
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachbook import age
from coachbook.age import (
    ScryptIdentity,
    ScryptRecipient,
    Stanza,
    X25519Identity,
    armor,
    dearmor,
    decrypt,
    decrypt_with_file_key,
    encrypt,
    read_header,
)
from coachbook.errors import AgeError, AgeHeaderError, AgeMacError, AgeNoMatchError

if TYPE_CHECKING:
    from coachbook.age import Random

WREN, IDRIS, STRANGER = (X25519Identity(bytes([number]) * 32) for number in (1, 2, 3))
PAIR = [WREN.recipient(), IDRIS.recipient()]
READERS = Stanza("coachbook/readers", ("p-7kq2m4xa", "p-3fd0aaaa"))
NOTE = b"Longer pauses after the second question"


def test_example_of_the_package_works() -> None:
    """What the package says about its use is so."""
    assert doctest.testmod(age) == doctest.TestResults(failed=0, attempted=3)


@settings(max_examples=40)
@given(plaintext=st.binary(max_size=3000))
def test_each_reader_opens_the_file(plaintext: bytes) -> None:
    """A file opens whole for each of its readers."""
    file = encrypt(plaintext, PAIR, extra=[READERS])

    assert plaintext == decrypt(file, [WREN]) == decrypt(file, [IDRIS])


def test_stranger_does_not_open_the_file() -> None:
    """Someone else's key gets nothing, and is told so without a hint at what is inside."""
    with pytest.raises(AgeNoMatchError, match="no key opens this age file: 1 tried, 3 stanzas"):
        decrypt(encrypt(NOTE, PAIR, extra=[READERS]), [STRANGER])


def test_one_of_several_keys_is_enough() -> None:
    """Keys are tried in turn, of whatever kind they are."""
    assert decrypt(encrypt(NOTE, PAIR), [ScryptIdentity("words"), STRANGER, IDRIS]) == NOTE


def test_passphrase_protects_a_file() -> None:
    """A file for a passphrase opens with it."""
    file = encrypt(NOTE, [ScryptRecipient("quince lantern", log_n=4)])

    assert decrypt(file, [ScryptIdentity("quince lantern")]) == NOTE


def test_extra_stanza_comes_first() -> None:
    """What is said about the readers stands before their slots, for all to see."""
    header = read_header(encrypt(NOTE, PAIR, extra=[READERS]))

    assert header.stanzas[0] == READERS
    assert [stanza.type for stanza in header.stanzas[1:]] == ["X25519", "X25519"]


def test_reader_who_knows_the_slot_needs_one_attempt() -> None:
    """The file key from one's own slot opens the file."""
    file = encrypt(NOTE, PAIR, extra=[READERS])
    header = read_header(file)

    file_key = IDRIS.unwrap_one(header.stanzas[2])

    assert file_key is not None
    assert decrypt_with_file_key(file, header, file_key) == NOTE
    assert IDRIS.unwrap_one(header.stanzas[1]) is None


def test_file_for_nobody_is_not_written() -> None:
    """Without a recipient nobody could open the file, so it is refused."""
    with pytest.raises(AgeHeaderError, match="nobody could open"):
        encrypt(NOTE, [], extra=[READERS])


def test_passphrase_beside_a_reader_is_not_written() -> None:
    """A passphrase and a key can't share a file."""
    with pytest.raises(AgeHeaderError, match="it must be alone"):
        encrypt(NOTE, [WREN.recipient(), ScryptRecipient("words", log_n=4)])


def test_altered_header_is_told_before_the_body_is_touched() -> None:
    """When header and body are both altered, the header is what is reported."""
    file = bytearray(encrypt(NOTE, PAIR, extra=[READERS]).replace(b"p-7kq2m4xa", b"p-000000aa"))
    file[-1] ^= 1

    with pytest.raises(AgeMacError):
        decrypt(bytes(file), [WREN])


def test_body_does_not_move_to_another_header() -> None:
    """The body of one file under the header of another does not open."""
    files = [encrypt(note, PAIR) for note in (b"first note", b"other note")]
    offsets = [read_header(file).payload_offset for file in files]
    mixed = files[0][: offsets[0]] + files[1][offsets[1] :]

    with pytest.raises(AgeError):
        decrypt(mixed, [WREN])


def counting() -> Random:
    """A source that looks random and gives the same bytes each time."""
    numbers = itertools.count()
    return lambda length: hashlib.sha256(next(numbers).to_bytes(8, "big")).digest()[:length]


def test_randomness_is_an_argument() -> None:
    """The same randomness gives the same file, so nothing is drawn behind the caller's back."""
    assert encrypt(NOTE, PAIR, random=counting()) == encrypt(NOTE, PAIR, random=counting())


def test_no_randomness_is_used_twice() -> None:
    """File key, nonce and each share are drawn anew for each file."""
    drawn: list[int] = []
    source = counting()

    def random(length: int) -> bytes:
        drawn.append(length)
        return source(length)

    encrypt(NOTE, PAIR, random=random)

    assert drawn == [16, 32, 32, 16]


FILE = encrypt(NOTE, PAIR, extra=[READERS])
ARMORED = armor(FILE).encode()


@settings(max_examples=300)
@given(place=st.integers(0, len(FILE) - 1), bit=st.integers(0, 7))
def test_one_changed_bit_never_opens(place: int, bit: int) -> None:
    """A file with one changed bit opens for nobody, and fails in a known way."""
    file = bytearray(FILE)
    file[place] ^= 1 << bit

    for identity in (WREN, IDRIS):
        with pytest.raises(AgeError):
            decrypt(bytes(file), [identity])


@settings(max_examples=150)
@given(place=st.integers(0, len(ARMORED) - 1), bit=st.integers(0, 7))
def test_one_changed_bit_of_armor_never_opens_to_another_text(place: int, bit: int) -> None:
    """Armor with one changed bit is refused, unless the change is in white space around it."""
    text = bytearray(ARMORED)
    text[place] ^= 1 << bit
    try:
        found = decrypt(dearmor(bytes(text)), [WREN])
    except AgeError:
        return

    assert found == NOTE
    assert text.strip() == ARMORED.strip()


@settings(max_examples=100)
@given(start=st.integers(0, len(FILE)), length=st.integers(1, 80), other=st.binary(max_size=80))
def test_replaced_span_never_opens(start: int, length: int, other: bytes) -> None:
    """A file with a span cut out or replaced opens for nobody."""
    altered = FILE[:start] + other + FILE[start + length :]
    if altered == FILE:
        return

    with pytest.raises(AgeError):
        decrypt(altered, [WREN])


@settings(max_examples=100)
@given(data=st.binary(max_size=200))
def test_noise_never_crashes(data: bytes) -> None:
    """Bytes that are no age file fail in a known way, behind a true first line too."""
    for file in (data, b"age-encryption.org/v1\n" + data, FILE[:-60] + data):
        with pytest.raises(AgeError):
            decrypt(file, [WREN])
    with pytest.raises(AgeError):
        dearmor(data)


def test_what_sealing_is_made_of_can_be_loaded_before() -> None:
    """After `load_primitives` sealing imports nothing more, so no copy of a process has to."""
    script = """
import sys
from coachbook.age import X25519Identity, encrypt, load_primitives
load_primitives()
before = set(sys.modules)
encrypt(b"a note", [X25519Identity.generate().recipient()])
print(sorted(set(sys.modules) - before))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, check=True, text=True
    )

    assert done.stdout == "[]\n"

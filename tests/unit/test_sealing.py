"""Sealing a section and opening it: what must agree, and what each refusal says."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from os import urandom

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachbook.age import X25519Identity, armor, dearmor, encrypt
from coachbook.errors import DamagedError, KeyringError, NotAReaderError, SealedError
from coachbook.payload import format_payload
from coachbook.publickey import public_key_of
from coachbook.readers import readers_stanza
from coachbook.sealing import (
    Place,
    Reader,
    open_block,
    parse_identities,
    role_identity,
    seal,
    seal_role_identity,
    stated_readers,
)

WREN, IDRIS, STRANGER = (X25519Identity.generate() for _ in range(3))
READERS = (Reader("p-wren0000", WREN.recipient()), Reader("p-idris000", IDRIS.recipient()))
PLACE = Place(
    "4n7d0q2m8x1v6b3k",
    "s-7kq2m4xa",
    "session",
    "Notes",
    (("coach", "p-idris000"), ("coachee", "p-wren0000")),
)
NOON = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)
NOTE = "Two pupils waited for each other, then both spoke."


def sealed(text: str = NOTE, *, place: Place = PLACE, revision: int = 3) -> str:
    """The text as a sealed block."""
    return seal(
        text,
        {"lines": {"Rating": "fully"}},
        place=place,
        readers=READERS,
        revision=revision,
        author="p-idris000",
        sealed_at=NOON,
        policy="2026-09",
        rules=["CB411"],
        random=urandom,
    )


def test_every_reader_opens() -> None:
    """Each listed reader opens the section and finds what was sealed."""
    block = sealed()

    for identity in (WREN, IDRIS):
        payload = open_block(block, {"me": identity}, PLACE, revision=3)
        assert payload.text == NOTE
        assert payload.data == {"lines": {"Rating": "fully"}}
        assert payload.sealed_at == "2026-11-12T12:00:00Z"


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=600))
def test_any_text_comes_back(text: str) -> None:
    """Any text comes back exactly, whatever its alphabet."""
    assert open_block(sealed(text), {"me": WREN}, PLACE, revision=3).text == text


def test_readers_are_stated_without_a_key() -> None:
    """Who can read a section is shown without any key, in the order of the policy."""
    expected = tuple((reader.id, reader.fingerprint) for reader in READERS)

    assert stated_readers(sealed()) == expected


def test_stock_age_opens_a_block() -> None:
    """A sealed section is a standard age file: other age tools open it too."""
    identity = pyrage.x25519.Identity.from_str(WREN.reveal_private_key())

    assert NOTE.encode() in pyrage.decrypt(dearmor(sealed()), [identity])


def test_a_stranger_is_told_who_could_open_it() -> None:
    """Someone who is not a reader is told who could open it and which keys were tried."""
    names = {"p-wren0000": "Wren", "p-idris000": "Idris", "p-tobias00": "Tobias"}

    with pytest.raises(NotAReaderError) as caught:
        open_block(sealed(), {"p-tobias00": STRANGER}, PLACE, revision=3, name=names.__getitem__)

    assert caught.value.message == "this is sealed to Wren and Idris; tried the key of Tobias"


def test_no_key_at_all() -> None:
    """Someone without a key is told so."""
    with pytest.raises(NotAReaderError, match="tried no key"):
        open_block(sealed(), {}, PLACE, revision=3)


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        (Place("another0another0", *("s-7kq2m4xa", "session", "Notes")), "in another workspace"),
        (Place(PLACE.workspace, "s-00000000", "session", "Notes"), "for another record"),
        (Place(PLACE.workspace, "s-7kq2m4xa", "stop", "Notes"), "for another record"),
        (Place(PLACE.workspace, "s-7kq2m4xa", "session", "Goal"), "for another section"),
        (Place(PLACE.workspace, "s-7kq2m4xa", "session", "Notes"), "people of this record"),
    ],
)
def test_a_copied_block_does_not_open(place: Place, reason: str) -> None:
    """A block copied to another workspace, record or section does not open there."""
    with pytest.raises(DamagedError, match=reason):
        open_block(sealed(), {"me": WREN}, place, revision=3)


def test_an_old_block_does_not_open_as_a_newer_one() -> None:
    """An earlier version of a section does not open in place of a later one."""
    with pytest.raises(DamagedError, match="it is revision 2, the line above it says 3"):
        open_block(sealed(revision=2), {"me": WREN}, PLACE, revision=3)


def test_a_relabelled_reader_is_noticed() -> None:
    """A changed name in the list of readers stops whoever opens the block."""
    data = dearmor(sealed()).replace(b"p-idris000:", b"p-mallory0:", 1)

    with pytest.raises(DamagedError, match="damaged"):
        open_block(armor(data), {"me": WREN}, PLACE, revision=3)


def test_a_hidden_reader_is_noticed() -> None:
    """A key that opens a block without standing in its list means that the list was altered."""
    stated = f":{READERS[0].fingerprint}".encode()
    other = f":{STRANGER.recipient().fingerprint()}".encode()
    block = armor(dearmor(sealed()).replace(stated, other, 1))

    with pytest.raises(DamagedError, match="its list of readers does not name"):
        open_block(block, {"me": WREN}, PLACE, revision=3)


def test_swapped_slots_are_noticed() -> None:
    """Each reader's slot must open with the key that is stated for it."""
    swapped = [readers_stanza(READERS)]
    content = format_payload(open_block(sealed(), {"me": WREN}, None, revision=None))
    block = armor(encrypt(content, [IDRIS.recipient(), WREN.recipient()], extra=swapped))

    with pytest.raises(DamagedError, match="slot of a reader"):
        open_block(block, {"me": WREN}, PLACE, revision=3)


def test_the_list_inside_must_agree() -> None:
    """A block re-sealed to more readers than its writer named does not open."""
    content = format_payload(open_block(sealed(), {"me": WREN}, None, revision=None))
    readers = (*READERS, Reader("p-mallory0", STRANGER.recipient()))
    block = armor(encrypt(content, [r.recipient for r in readers], extra=[readers_stanza(readers)]))

    with pytest.raises(DamagedError, match="list of readers inside"):
        open_block(block, {"me": WREN}, PLACE, revision=3)


@pytest.mark.parametrize("dropped", [0, 1, 2])
def test_a_dropped_stanza_is_noticed(dropped: int) -> None:
    """A block from which a reader or the list itself was cut is damaged, even without a key."""
    head, *rest = re.split(rb"(?=^-> )", dearmor(sealed()), flags=re.MULTILINE)
    if dropped == len(rest) - 1:
        rest[-1] = rest[-1][rest[-1].index(b"---") :]
    else:
        del rest[dropped]

    with pytest.raises(DamagedError):
        stated_readers(armor(head + b"".join(rest)))


def test_a_foreign_age_file_is_not_a_section() -> None:
    """An age file without our list of readers is not taken for a sealed section."""
    with pytest.raises(DamagedError, match="does not begin with the list of its readers"):
        stated_readers(armor(encrypt(b"hello", [WREN.recipient()])))


@pytest.mark.parametrize("cut", [40, 400, 900])
def test_a_cut_block_gives_no_text(cut: int) -> None:
    """A block that was cut short gives a calm message and no part of the text."""
    with pytest.raises(DamagedError) as caught:
        open_block(sealed()[:-cut], {"me": WREN}, PLACE, revision=3)

    assert "Two pupils" not in caught.value.message + caught.value.hint


@settings(max_examples=60, deadline=None)
@given(at=st.integers(min_value=0), bit=st.integers(min_value=0, max_value=7))
def test_no_altered_byte_passes(at: int, bit: int) -> None:
    """A block with any one bit changed never opens."""
    data = bytearray(dearmor(sealed()))
    data[at % len(data)] ^= 1 << bit

    with pytest.raises((DamagedError, NotAReaderError)):
        open_block(armor(bytes(data)), {"me": WREN}, PLACE, revision=3)


@pytest.mark.parametrize("readers", [(), (READERS[0], READERS[0])])
def test_readers_are_there_and_once(readers: tuple[Reader, ...]) -> None:
    """Nothing is sealed to nobody, or twice to the same key."""
    with pytest.raises(SealedError):
        readers_stanza(readers)


def test_role_key_opens_for_its_holder() -> None:
    """Whoever holds a role opens the role's key with their own."""
    role = X25519Identity.generate()
    public = public_key_of(role, owner="monitor@otterbeck", generation=1, created=date(2026, 9, 1))
    block = seal_role_identity(
        role, owner="monitor@otterbeck", generation=1, holders=READERS[:1], random=urandom
    )

    opened = role_identity(block, {"p-wren0000": WREN}, public)

    assert opened.recipient() == role.recipient()
    with pytest.raises(NotAReaderError):
        role_identity(block, {"p-idris000": IDRIS}, public)


def test_role_key_must_derive_its_public_line() -> None:
    """A role's public line that was swapped is noticed by whoever opens the role's key."""
    role = X25519Identity.generate()
    swapped = public_key_of(
        STRANGER, owner="monitor@otterbeck", generation=1, created=date(2026, 9, 1)
    )
    block = seal_role_identity(
        role, owner="monitor@otterbeck", generation=1, holders=READERS, random=urandom
    )

    with pytest.raises(KeyringError, match="does not belong to its public line"):
        role_identity(block, {"p-wren0000": WREN}, swapped)


@pytest.mark.parametrize("data", [b"", b"# nothing\n", b"AGE-NOTE-KEY-1QQQ\n", b"\xff\n"])
def test_a_damaged_key_file_is_not_quoted(data: bytes) -> None:
    """A key file that holds no key says so without showing what it holds."""
    with pytest.raises(DamagedError) as caught:
        parse_identities(data)

    assert "QQQ" not in caught.value.message

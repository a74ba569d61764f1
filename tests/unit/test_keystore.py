"""Private keys on this device."""

from __future__ import annotations

import os
import re
import stat
from datetime import date
from os import urandom
from typing import TYPE_CHECKING

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.age import X25519Identity, dearmor
from coachbook.errors import DamagedError, InputError, KeyringError, WrongPassphraseError
from coachbook.keystore import (
    Keystore,
    application_folder,
    change_passphrase,
    create_key,
    new_passphrase,
    normalise_passphrase,
    open_keystore,
    unlock,
)
from coachbook.pins import Pins

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 9, 1)
MADE = create_key("p-wren0000", generation=1, created=DAY, random=urandom)


def test_a_new_key_opens_with_its_passphrase() -> None:
    """A new key opens with the six words that were printed."""
    (identity,) = unlock(MADE.protected, MADE.passphrase)

    assert identity.recipient() == MADE.public.recipient


def test_a_protected_key_is_a_standard_age_file() -> None:
    """Other age tools open a protected key with the same passphrase."""
    content = pyrage.passphrase.decrypt(dearmor(MADE.protected), MADE.passphrase)

    assert MADE.identity.reveal_private_key().encode() in content.splitlines()


def test_case_and_spaces_are_forgiven() -> None:
    """Capitals, spaces and hyphens in a passphrase are forgiven."""
    typed = "  " + MADE.passphrase.replace("-", "  ").upper() + "\n"

    assert unlock(MADE.protected, typed)


def test_a_wrong_passphrase_says_what_to_do() -> None:
    """A wrong passphrase says what to check and where to go when it is lost."""
    with pytest.raises(WrongPassphraseError) as caught:
        unlock(MADE.protected, "these-are-not-the-six-words")

    assert caught.value.message == "the passphrase does not open this key"
    assert "coachbook keys advice forgotten" in caught.value.hint
    assert "these-are" not in caught.value.hint


def test_a_damaged_key_file_is_told_apart() -> None:
    """A damaged key file is not taken for a wrong passphrase."""
    with pytest.raises(DamagedError, match="the key file is damaged"):
        unlock(MADE.protected[:-60], MADE.passphrase)


def test_a_passphrase_is_six_words() -> None:
    """A passphrase is six plain words of a public list."""
    assert re.fullmatch(r"([a-z]+-){5}[a-z]+", new_passphrase(urandom))


def test_words_come_up_evenly() -> None:
    """A random number beyond the last full round of the list is drawn again."""
    draws = iter([b"\xff\xff", *[b"\x00\x00"] * 6])

    assert new_passphrase(lambda _: next(draws)) == "-".join(["abacus"] * 6)


@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=6))
def test_normalising_is_idempotent(words: list[str]) -> None:
    """A passphrase as it was made stays as it is."""
    passphrase = "-".join(words)

    assert normalise_passphrase(passphrase) == passphrase
    assert normalise_passphrase(" \u2013 ".join(words).title()) == passphrase


def test_a_new_passphrase_opens_the_same_key() -> None:
    """Changing the passphrase keeps the key and shuts the old words out."""
    protected, passphrase = change_passphrase(
        MADE.protected, MADE.passphrase, person="p-wren0000", generation=1, random=urandom
    )

    assert unlock(protected, passphrase)[0].recipient() == MADE.public.recipient
    with pytest.raises(WrongPassphraseError):
        unlock(protected, MADE.passphrase)


def test_a_replaced_key_still_opens_what_was_sealed_before() -> None:
    """A new generation keeps the earlier key behind the new passphrase."""
    newer = create_key(
        "p-wren0000", generation=2, created=DAY, random=urandom, earlier=[MADE.identity]
    )

    keys = unlock(newer.protected, newer.passphrase)

    assert [k.recipient() for k in keys] == [newer.public.recipient, MADE.public.recipient]


def test_nothing_secret_is_shown() -> None:
    """What a key looks like in a log shows its fingerprint alone."""
    shown = repr(MADE)

    assert MADE.passphrase not in shown
    assert "SECRET" not in shown
    assert "BEGIN" not in shown
    assert MADE.public.fingerprint in shown


def test_a_key_is_kept_on_this_device(tmp_path: Path) -> None:
    """A key that was saved is found again, and only then."""
    keystore = Keystore(tmp_path / "keys")
    assert keystore.people() == ()
    assert keystore.find("p-wren0000") is None

    keystore.save("p-wren0000", MADE.protected)

    assert keystore.people() == ("p-wren0000",)
    assert keystore.find("p-wren0000") == MADE.protected


def test_key_files_are_private(tmp_path: Path) -> None:
    """Key files can be read by their owner alone, where the system knows owners."""
    folder, file = (0o700, 0o600) if os.name == "posix" else (0o777, 0o666)
    keystore = Keystore(tmp_path / "keys")
    keystore.save("p-wren0000", MADE.protected)

    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == folder
    assert stat.S_IMODE((tmp_path / "keys" / "p-wren0000.age").stat().st_mode) == file
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["p-wren0000.age"]


@pytest.mark.parametrize("person", ["../p-wren0000", "wren", "monitor@otterbeck", ""])
def test_a_key_belongs_to_a_person(tmp_path: Path, person: str) -> None:
    """Only the id of a person names a key file, so none is written elsewhere."""
    with pytest.raises(KeyringError, match="not the id of a person"):
        Keystore(tmp_path).save(person, MADE.protected)


def test_pins_are_none_on_first_use(tmp_path: Path) -> None:
    """A device that has met no keys yet says so, and remembers from then on."""
    keystore = Keystore(tmp_path / "keys")
    assert keystore.load_pins() is None

    pins = Pins({"p-wren0000": MADE.public.fingerprint})
    keystore.save_pins(pins)

    assert keystore.load_pins() == pins


def test_an_unusable_folder_is_explained(tmp_path: Path) -> None:
    """A key folder that cannot be used is named, with a way out."""
    (tmp_path / "keys").write_text("a file, not a folder")

    with pytest.raises(InputError) as caught:
        Keystore(tmp_path / "keys").save("p-wren0000", MADE.protected)

    assert str(tmp_path / "keys") in caught.value.message
    assert "check the disk" in caught.value.hint


def test_the_folder_follows_the_environment(tmp_path: Path) -> None:
    """Keys of each workspace lie in a folder of their own, which the environment may move."""
    keystore = open_keystore({"COACHBOOK_HOME": str(tmp_path)}, "4n7d0q2m8x1v6b3k")

    assert keystore.folder == tmp_path / "keys" / "4n7d0q2m8x1v6b3k"
    assert application_folder({}).name.lower().strip(".") == "coachbook"


def test_the_identity_matches_its_public_line() -> None:
    """The public line of a new key is that of its private half."""
    assert isinstance(MADE.identity, X25519Identity)
    assert MADE.identity.recipient().fingerprint() == MADE.public.fingerprint


def test_a_key_in_the_making_is_remembered(tmp_path: Path) -> None:
    """A new key that is not finished is noted beside the keys, and is no key of anybody."""
    keystore = Keystore(tmp_path / "keys")
    assert keystore.find_begun("p-wren0000") is None

    keystore.save_begun("p-wren0000", MADE.public.fingerprint)

    assert keystore.find_begun("p-wren0000") == MADE.public.fingerprint
    assert keystore.people() == ()
    keystore.forget_begun("p-wren0000")
    assert keystore.find_begun("p-wren0000") is None

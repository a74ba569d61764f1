"""Private keys on this device; only the command line may import this.

They lie at `<application folder>/keys/<workspace>/<person>.age`, each a standard age identity
file under a passphrase of six random words. Beside them lie the pins, for as long as a new key
is being made a note of that, keys that were lost (`<person>.<generation>.age`), as their words
may be found again, and nothing else.
"""

from __future__ import annotations

import re
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.age import (
    Random,
    ScryptIdentity,
    ScryptRecipient,
    X25519Identity,
    armor,
    dearmor,
    decrypt,
    encrypt,
)
from coachbook.errors import (
    AgeError,
    AgeNoMatchError,
    DamagedError,
    KeyringError,
    WrongPassphraseError,
)
from coachbook.guessing import PASSPHRASE_WORDS, WORK_FACTOR
from coachbook.pins import Pins, format_pins, parse_pins
from coachbook.private import explained, read_private, remove_private, write_private
from coachbook.publickey import PublicKey, public_key_of
from coachbook.sealing import format_identity, parse_identities
from coachbook.signerpins import Known, format_signers, parse_signers
from coachbook.values import frozen
from coachbook.wordlist import draw_word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

_PERSON = re.compile(r"p-[a-z0-9]{4,16}")
_PINS = "pins.txt"
_SIGNERS = "signers.txt"
_BETWEEN_WORDS = re.compile(r"[\s\-\u2010-\u2015]+")


@frozen
class NewKey:
    """A key that was just made: its public line, its protected form and its passphrase."""

    public: PublicKey
    protected: str = field(repr=False)
    identity: X25519Identity = field(repr=False)
    passphrase: str = field(repr=False)


@frozen
class Keystore:
    """The folder that holds the private keys of one workspace."""

    folder: Path

    def people(self) -> tuple[str, ...]:
        """Those whose keys are on this device."""
        with explained(self.folder):
            files = sorted(self.folder.glob("p-*.age"))
        return tuple(file.stem for file in files if _PERSON.fullmatch(file.stem))

    def find(self, person: str) -> str | None:
        """The protected key of the person, or None if it is not on this device."""
        return self._read(self._path(person))

    def save(self, person: str, protected: str) -> None:
        """Keeps a protected key, readable by this user alone."""
        write_private(self._path(person), protected.encode("ascii"))

    def keep_earlier(self, person: str, generation: int, protected: str) -> None:
        """Keeps an earlier protected key beside the one in use, unless it is kept already."""
        path = self._kept(person, generation)
        if self._read(path) is None:
            write_private(path, protected.encode("ascii"))

    def earlier(self, person: str) -> dict[int, str]:
        """The person's earlier protected keys that are kept here, newest generation first."""
        with explained(self.folder):
            files = self.folder.glob(f"{self._path(person).stem}.*.age")
            numbers = sorted(int(n) for f in files if (n := f.stem.rpartition(".")[2]).isdigit())
        found = {n: self._read(self._kept(person, n)) for n in reversed(numbers)}
        return {number: text for number, text in found.items() if text}

    def kept(self) -> dict[str, tuple[int, ...]]:
        """Whose earlier keys are kept here, and which, newest generation first."""
        with explained(self.folder):
            names = [file.stem.rpartition(".") for file in self.folder.glob("p-*.*.age")]
        people = sorted({person for person, _, _ in names if _PERSON.fullmatch(person)})
        return {person: tuple(self.earlier(person)) for person in people}

    def forget_earlier(self, person: str, generation: int) -> None:
        """Takes an earlier protected key away, once another file holds what was in it."""
        remove_private(self._kept(person, generation))

    def find_begun(self, person: str) -> str | None:
        """The fingerprint of a new key whose making was begun and not finished, or None."""
        return self._read(self._begun(person))

    def save_begun(self, person: str, fingerprint: str) -> None:
        """Remembers that a new key is being made, until it has everything that belongs to it."""
        write_private(self._begun(person), fingerprint.encode("ascii"))

    def forget_begun(self, person: str) -> None:
        """Says that the new key has everything that belongs to it."""
        remove_private(self._begun(person))

    def load_pins(self) -> Pins | None:
        """The keys this device has met, or None on its first use."""
        text = self._read(self.folder / _PINS)
        return None if text is None else parse_pins(text)

    def save_pins(self, pins: Pins) -> None:
        """Keeps the keys this device has met."""
        write_private(self.folder / _PINS, format_pins(pins).encode("ascii"))

    def load_signers(self) -> Known:
        """The signing keys this device has met."""
        text = self._read(self.folder / _SIGNERS)
        return {} if text is None else parse_signers(text)

    def save_signers(self, known: Known) -> None:
        """Keeps the signing keys this device has met."""
        write_private(self.folder / _SIGNERS, format_signers(known).encode("ascii"))

    def _path(self, person: str) -> Path:
        if not _PERSON.fullmatch(person):
            raise KeyringError(f"{person!r} is not the id of a person, such as p-7kq2m4xa")
        return self.folder / f"{person}.age"

    def _kept(self, person: str, generation: int) -> Path:
        return self._path(person).with_suffix(f".{generation}.age")

    def _begun(self, person: str) -> Path:
        return self._path(person).with_suffix(".begun")

    @staticmethod
    def _read(path: Path) -> str | None:
        data = read_private(path)
        return None if data is None else data.decode("ascii", errors="replace")


def application_folder(environment: Mapping[str, str]) -> Path:
    """Where this user's private files of coachbook lie."""
    home = environment.get("COACHBOOK_HOME")
    return Path(home) if home else Path(click.get_app_dir("coachbook"))


def open_keystore(environment: Mapping[str, str], workspace: str) -> Keystore:
    """The keystore of a workspace; its folder may not exist yet."""
    return Keystore(application_folder(environment) / "keys" / workspace)


def create_key(
    person: str,
    *,
    generation: int,
    created: date,
    random: Random,
    earlier: Sequence[X25519Identity] = (),
) -> NewKey:
    """A new key under a new passphrase.

    Args:
        earlier: keys of earlier generations, kept so that old sections still open.
    """
    identity = X25519Identity.generate(random)
    passphrase = new_passphrase(random)
    protected = protect([identity, *earlier], person, generation, passphrase, random)
    public = public_key_of(identity, owner=person, generation=generation, created=created)
    return NewKey(public, protected, identity, passphrase)


def protect(
    identities: Sequence[X25519Identity],
    person: str,
    generation: int,
    passphrase: str,
    random: Random,
) -> str:
    """The keys as an age identity file under the passphrase."""
    text = format_identity(identities, owner=person, generation=generation)
    recipient = ScryptRecipient(normalise_passphrase(passphrase), WORK_FACTOR)
    return armor(encrypt(text.encode("ascii"), [recipient], random=random))


def unlock(protected: str, passphrase: str) -> tuple[X25519Identity, ...]:
    """The keys in a protected file, the current one first.

    Raises:
        WrongPassphraseError: the file is whole and the passphrase does not open it.
        DamagedError: the file was altered or cut short.
    """
    try:
        content = decrypt(dearmor(protected), [ScryptIdentity(normalise_passphrase(passphrase))])
    except AgeNoMatchError as error:
        raise WrongPassphraseError(
            "the passphrase does not open this key",
            hint="check the six words and their order; capitals and spaces do not matter\n"
            "if they are lost, run: coachbook keys advice forgotten",
        ) from error
    except AgeError as error:
        raise DamagedError(
            f"the key file is damaged: {error.message}",
            hint="restore it from a copy, or run: coachbook keys advice forgotten",
        ) from error
    return parse_identities(content)


def change_passphrase(
    protected: str, old: str, *, person: str, generation: int, random: Random
) -> tuple[str, str]:
    """The protected file under a new passphrase, and that passphrase."""
    passphrase = new_passphrase(random)
    return protect(unlock(protected, old), person, generation, passphrase, random), passphrase


def new_passphrase(random: Random) -> str:
    """Six words by chance, joined by hyphens: about 77 bits."""
    return "-".join(draw_word(random) for _ in range(PASSPHRASE_WORDS))


def normalise_passphrase(text: str) -> str:
    """The passphrase as it was made, whatever its capitals, spaces and hyphens became."""
    return "-".join(filter(None, _BETWEEN_WORDS.split(text.lower())))

"""`coachbook keys restore`: a lost key whose words were found again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import say, workspace_options
from coachbook.cli.desk import find_person, open_desk, reader_name
from coachbook.cli.making import publish_protected
from coachbook.cli.unlocking import find_protected, passphrase_option, read_passphrase
from coachbook.errors import KeyringError, UsageError, WrongPassphraseError
from coachbook.generations import count_stated
from coachbook.keystore import protect, unlock

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from coachbook.age import X25519Identity
    from coachbook.cli.desk import Desk


@click.command()
@click.argument("person")
@click.option(
    "--key-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The lost key's file; by default one that was kept on this device.",
)
@click.option(
    "--old-passphrase-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Read the found words from this file; otherwise they are asked for.",
)
@passphrase_option
@workspace_options
def restore(
    person: str,
    key_file: Path | None,
    old_passphrase_file: Path | None,
    passphrase_file: Path | None,
    directory: Path | None,
    today: date | None,
) -> int:
    """Take a lost key into use again beside the new one, once its words are found.

    `keys replace --lost` keeps the file of the lost key on the device. With its
    words, what was sealed to it opens again with your words of today. Nothing
    is sealed anew and nobody else has to do anything.

    Example: coachbook keys restore p-7kq2m4xa
    """
    desk = open_desk(directory, today, person=person)
    owner = find_person(desk.book, person)
    own = find_protected(desk, owner)
    lost = _lost_files(desk, owner, key_file)
    found = _unlock_one(lost, _found_words(desk, owner, old_passphrase_file))
    _require_own(desk, owner, found)
    words = read_passphrase(desk, owner, passphrase_file)
    keys = unlock(own, words)
    added = _added(keys, found)
    current = desk.book.keyring.current(owner)
    generation = current.generation if current else 1
    desk.keystore.save(owner, protect([*keys, *added], owner, generation, words, desk.random))
    if owner in desk.book.keyring.protected:
        publish_protected(desk, owner)
    _forget(desk, owner, found)
    _say_restored(desk, owner, added)
    return 0


def _lost_files(desk: Desk, owner: str, key_file: Path | None) -> tuple[str, ...]:
    """The protected keys that the words may belong to."""
    from coachbook.private import explained

    if key_file is not None:
        with explained(key_file):
            return (key_file.read_bytes().decode("ascii", errors="replace"),)
    found = tuple(desk.keystore.earlier(owner).values())
    if not found:
        raise KeyringError(
            f"no lost key of {reader_name(desk.book, owner)} is kept on this device",
            hint="name its file with --key-file; it may be on the device where it was made, or in "
            "the history of records/keys",
        )
    return found


def _found_words(desk: Desk, owner: str, file: Path | None) -> str:
    if file is not None:
        return read_passphrase(desk, owner, file)
    from coachbook.cli.context import is_at_terminal

    if not is_at_terminal():
        raise UsageError(
            "the words that were found are needed",
            hint="run this at a terminal, or give --old-passphrase-file",
        )
    asked: str = click.prompt("The words that were found", hide_input=True, err=True)
    return asked


def _unlock_one(files: Iterable[str], words: str) -> tuple[X25519Identity, ...]:
    """The keys of the file that the words open; raises WrongPassphraseError if they open none."""
    for one in files:
        try:
            return unlock(one, words)
        except WrongPassphraseError:
            continue
    raise WrongPassphraseError(
        "the words do not open the lost key",
        hint="check the six words and their order; capitals and spaces do not matter",
    )


def _require_own(desk: Desk, owner: str, found: Iterable[X25519Identity]) -> None:
    """Raises KeyringError unless one of the keys was the person's."""
    known = {key.fingerprint for key in desk.book.keyring.keys.get(owner, ())}
    if not known.intersection(key.recipient().fingerprint() for key in found):
        raise KeyringError(
            f"the key in that file was never one of {reader_name(desk.book, owner)}",
            hint="see: coachbook keys list",
        )


def _added(
    keys: Iterable[X25519Identity], found: Iterable[X25519Identity]
) -> tuple[X25519Identity, ...]:
    have = {key.recipient().fingerprint() for key in keys}
    return tuple(key for key in found if key.recipient().fingerprint() not in have)


def _forget(desk: Desk, owner: str, found: Iterable[X25519Identity]) -> None:
    """Takes away the kept file whose keys are in the file in use now."""
    prints = {key.recipient().fingerprint() for key in found}
    for key in desk.book.keyring.keys.get(owner, ()):
        if key.fingerprint in prints:
            desk.keystore.forget_earlier(owner, key.generation)


def _say_restored(desk: Desk, owner: str, added: Iterable[X25519Identity]) -> None:
    stated = count_stated(desk.book.records.values())
    parts = sum(stated.get((owner, key.recipient().fingerprint()), 0) for key in added)
    say(
        f"{parts or 'no'} {'part is' if parts == 1 else 'parts are'} sealed to it; with your words "
        f"of today they open for {reader_name(desk.book, owner)} again"
    )

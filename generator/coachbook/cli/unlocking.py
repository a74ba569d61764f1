"""From a person to their private keys: where the key lies, its passphrase, their roles.

A passphrase comes from the terminal, a file or the environment, never from an argument.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coachbook.book import display
from coachbook.cli.context import is_at_terminal
from coachbook.cli.desk import PASSPHRASE, require_actor
from coachbook.errors import InputError, KeyringError, UsageError
from coachbook.keystore import unlock
from coachbook.private import explained
from coachbook.readers import stated_readers
from coachbook.sealing import role_identity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.age import X25519Identity
    from coachbook.cli.desk import Desk
    from coachbook.keyring import Keyring, PublicKey

__all__ = [
    "PASSPHRASE",
    "find_protected",
    "passphrase_option",
    "read_passphrase",
    "unlock_actor",
    "with_roles",
]


def passphrase_option(command: Any) -> Any:  # noqa: ANN401 (click's own decorators)
    """Adds `--passphrase-file FILE`."""
    return click.option(
        "--passphrase-file",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="Read the passphrase from this file; otherwise from COACHBOOK_PASSPHRASE, or asked.",
    )(command)


def unlock_actor(desk: Desk, passphrase_file: Path | None) -> dict[str, X25519Identity]:
    """The keys of the person at work and of their roles, under their owners' ids."""
    person = require_actor(desk)
    protected = find_protected(desk, person)
    passphrase = read_passphrase(desk, person, passphrase_file)
    return with_roles(desk.book.keyring, person, unlock(protected, passphrase))


def find_protected(desk: Desk, person: str) -> str:
    """The protected key of a person, from this device or as it is published."""
    protected = desk.keystore.find(person) or desk.book.keyring.protected.get(person)
    if protected is None:
        raise KeyringError(
            f"the key of {display(desk.book, person)} is not on this device",
            hint=f"it lies on the device where it was made; copy it to {desk.keystore.folder}\n"
            "or, if it is lost, run: coachbook keys advice forgotten",
        )
    return protected


def read_passphrase(desk: Desk, person: str, file: Path | None) -> str:
    """The passphrase of the person, from the file, the environment or the terminal."""
    if file is not None:
        with explained(file):
            return _decoded(file, file.read_bytes())
    given = desk.environment.get(PASSPHRASE)
    if given is not None:
        return given
    if not is_at_terminal():
        raise UsageError(
            f"the passphrase of {display(desk.book, person)} is needed",
            hint=f"run this at a terminal, or set {PASSPHRASE} or --passphrase-file",
        )
    asked: str = click.prompt(
        f"Passphrase of {display(desk.book, person)}", hide_input=True, err=True
    )
    return asked


def with_roles(
    keyring: Keyring, person: str, own: tuple[X25519Identity, ...]
) -> dict[str, X25519Identity]:
    """The person's keys and those of every role that is sealed to one of them."""
    found = {person: own[0]}
    found |= {f"{person} (earlier key {n})": key for n, key in enumerate(own[1:], start=1)}
    mine = {key.recipient().fingerprint() for key in own}
    keys = dict(found)
    for public, armor in _role_keys(keyring):
        if mine & {fingerprint for _, fingerprint in stated_readers(armor)}:
            label = public.owner
            if keyring.current(public.owner) is not public:
                label = f"{public.owner} (generation {public.generation})"
            found[label] = role_identity(armor, keys, public)
    return found


def _role_keys(keyring: Keyring) -> Iterator[tuple[PublicKey, str]]:
    """Every sealed private key of a role with its public line, current ones first."""
    for role, armor in keyring.sealed_roles.items():
        yield keyring.keys[role][0], armor
    for pairs in keyring.earlier_roles.values():
        yield from pairs


def _decoded(file: Path, data: bytes) -> str:
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not plain text", hint="save it as UTF-8") from error
    if not lines or any(line.strip() for line in lines[1:]):
        raise InputError(f"{file} does not hold one line", hint="the passphrase and nothing else")
    return lines[0]

"""Whether what is sealed is signed: it is wherever the writer is unlocked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from coachbook.cli.context import say
from coachbook.cli.desk import find_actor, require_actor
from coachbook.cli.unlocking import unlock_actor
from coachbook.errors import KeyringError
from coachbook.signatures import signer_of
from coachbook.signerpins import swapped_signers, with_met

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from coachbook.age import X25519Identity
    from coachbook.cli.desk import Desk
    from coachbook.signatures import Signer

_NOT_THE_NEWEST = (
    "the key on this device is not the one in records/keys, so what you write is not signed"
)


def sign_option(command: Any) -> Any:  # noqa: ANN401 (click's own decorators)
    """Adds `--sign`."""
    return click.option(
        "--sign",
        is_flag=True,
        help="Sign what you have written; asks for your passphrase. Otherwise it needs none.",
    )(command)


def signer_at(desk: Desk, identities: Mapping[str, X25519Identity]) -> Signer | None:
    """The person at work as a signer; None where their current key is not among those unlocked.

    Raises KeyringError where the signing key in their public line is not their own.
    """
    person = find_actor(desk)
    identity, key = identities.get(person), desk.book.keyring.current(person)
    if identity is None or key is None:
        return None
    if key.recipient != identity.recipient():
        say(_NOT_THE_NEWEST)
        return None
    return signer_of(identity, key)


def swapped_since_met(desk: Desk) -> frozenset[tuple[str, str]]:
    """(person, fingerprint) of keys with another signing key than this device has met.

    It takes those of keys that are new here as they are, as ssh does with hosts.
    """
    keys = tuple(desk.book.keyring.all())
    known = desk.keystore.load_signers()
    met = with_met(known, keys)
    if met != known:
        desk.keystore.save_signers(met)
    return swapped_signers(met, keys)


def writer_if(desk: Desk, passphrase_file: Path | None, *, sign: bool) -> str:
    """Who will sign, where they asked for it or gave their passphrase; "" if nobody will."""
    return require_actor(desk) if sign or passphrase_file else ""


def signer_if(desk: Desk, passphrase_file: Path | None, *, sign: bool) -> Signer | None:
    """The signer, where they asked for it or gave their passphrase; else nobody is unlocked.

    Raises KeyringError where they cannot sign: what was asked for is not left out in silence.
    """
    if not writer_if(desk, passphrase_file, sign=sign):
        return None
    found = signer_at(desk, unlock_actor(desk, passphrase_file))
    if found is None:
        raise KeyringError(
            "nothing was sealed, as it could not be signed",
            hint="see which key is yours now: coachbook keys list\n"
            "to seal it unsigned, leave out --sign and --passphrase-file",
        )
    return found

"""Whether what is sealed is signed: it is wherever the writer is unlocked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from coachbook.cli.desk import find_actor
from coachbook.cli.unlocking import unlock_actor
from coachbook.signatures import signer_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from coachbook.age import X25519Identity
    from coachbook.cli.desk import Desk
    from coachbook.signatures import Signer


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
    if identity is None or key is None or key.recipient != identity.recipient():
        return None
    return signer_of(identity, key)


def signer_if(desk: Desk, passphrase_file: Path | None, *, sign: bool) -> Signer | None:
    """The signer, where they asked for it or gave their passphrase; else nobody is unlocked."""
    if not sign and passphrase_file is None:
        return None
    return signer_at(desk, unlock_actor(desk, passphrase_file))

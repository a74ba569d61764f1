"""`coachbook keys`: make keys of people and roles, list them, change a passphrase."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coachbook.advice import ADVICE
from coachbook.cli.approving import approve
from coachbook.cli.context import say, workspace_options
from coachbook.cli.desk import (
    find_person,
    open_desk,
    person_option,
    reader_name,
    reloaded,
    require_actor,
)
from coachbook.cli.drill import drill
from coachbook.cli.inviting import card, invite
from coachbook.cli.keyaudit import audit
from coachbook.cli.making import make_person, make_role, say_roles
from coachbook.cli.recovery import recovery
from coachbook.cli.renewing import grant, reseal, revoke
from coachbook.cli.replacing import replace, rotate
from coachbook.cli.restoring import restore
from coachbook.cli.unlocking import (
    find_protected,
    passphrase_option,
    read_passphrase,
)
from coachbook.errors import KeyringError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from coachbook.age import X25519Identity
    from coachbook.cli.desk import Desk
    from coachbook.publickey import PublicKey


@click.group()
def keys() -> None:
    """Make keys of people and roles, list them, change a passphrase.

    Example: coachbook keys new p-7kq2m4xa
    """


for command in (
    invite,
    card,
    grant,
    revoke,
    rotate,
    replace,
    reseal,
    restore,
    recovery,
    drill,
    audit,
    approve,
):
    keys.add_command(command)


@keys.command()
@click.argument("person", required=False, default="")
@click.option(
    "--role", "roles", multiple=True, metavar="ROLE@SCHOOL", help="Such as monitor@otterbeck."
)
@click.option("--forgotten", is_flag=True, help="Replace a key whose passphrase is lost.")
@click.option("--leaked", is_flag=True, help="Replace a key whose passphrase others may know.")
@click.option("--as", "actor", default="", metavar="PERSON", help="Who opens a role's key.")
@passphrase_option
@workspace_options
def new(
    person: str,
    roles: tuple[str, ...],
    forgotten: bool,
    leaked: bool,
    actor: str,
    passphrase_file: Path | None,
    directory: Path | None,
    today: date | None,
) -> int:
    """Make a person's key on this device, or the key of a role for those who hold it.

    PERSON is an id or sign-in name. The private key stays on this device; its
    passphrase of six words is printed once, on stdout, and stored nowhere. Run
    this at the person's own computer.

    Example: coachbook keys new p-7kq2m4xa --role monitor@otterbeck
    """
    if forgotten and leaked:
        raise UsageError("--forgotten and --leaked do not go together", hint="see: keys advice")
    if not person and not roles:
        raise UsageError("whose key?", hint="name a person, or a role with --role")
    desk = open_desk(directory, today, person=actor or person)
    identities: Mapping[str, X25519Identity] = {}
    if person:
        owner = find_person(desk.book, person)
        _require_none(desk, owner, roles, replacing=forgotten or leaked)
        if desk.book.keyring.current(owner) is None or forgotten or leaked:
            made = make_person(desk, owner, passphrase_file, keeps_earlier=leaked)
            identities = {owner: made[0]}
            desk.keystore.forget_begun(owner)
            desk = reloaded(desk)
            say_roles(desk, owner, roles)
    for role in roles:
        identities = make_role(desk, role, identities, passphrase_file)
        desk = reloaded(desk)
    return 0


@keys.command(name="list")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@workspace_options
def list_(form: str, directory: Path | None, today: date | None) -> int:
    """List the public keys, their fingerprints, and which private keys are on this device.

    Compare fingerprints aloud when somebody's key is new or has changed. What
    to do about a lost or leaked passphrase: coachbook keys advice

    Example: coachbook keys list --format json
    """
    import json

    desk = open_desk(directory, today)
    rows = [_row(desk, key) for key in desk.book.keyring.all()]
    if form == "json":
        click.echo(json.dumps({"version": 1, "keys": rows}, indent=2, ensure_ascii=False))
        return 0
    for row in rows:
        click.echo(_line(row))
    say(f"private keys of this device lie in {desk.keystore.folder}")
    return 0


@keys.command()
@person_option
@passphrase_option
@workspace_options
def passphrase(
    person: str, passphrase_file: Path | None, directory: Path | None, today: date | None
) -> int:
    """Replace your passphrase by six new words, printed once on stdout.

    The key stays the same. Copies of the old key file still open with the old
    words; if others know them, see: coachbook keys advice leaked

    Example: coachbook keys passphrase
    """
    from coachbook.keystore import change_passphrase
    from coachbook.private import replace_file
    from coachbook.publickey import private_key_path

    desk = open_desk(directory, today, person=person)
    owner = require_actor(desk)
    current = desk.book.keyring.current(owner)
    protected, words = change_passphrase(
        find_protected(desk, owner),
        read_passphrase(desk, owner, passphrase_file),
        person=owner,
        generation=current.generation if current else 1,
        random=desk.random,
    )
    desk.keystore.save(owner, protected)
    if owner in desk.book.keyring.protected:
        path = private_key_path(owner, 1)
        replace_file(desk.book.root / path, protected.encode("ascii"))
        say(f"{path} is changed too; it has to be committed")
    click.echo(words)
    say("write the six words down now: they are shown once and stored nowhere")
    return 0


@keys.command()
@click.argument("topic", required=False, type=click.Choice(list(ADVICE)))
def advice(topic: str | None) -> int:
    """Say what to do when a passphrase is forgotten or leaked, or a laptop is passed on.

    Example: coachbook keys advice forgotten
    """
    click.echo("\n".join([ADVICE[topic]] if topic else ADVICE.values()), nl=False)
    return 0


def _require_none(desk: Desk, owner: str, roles: Sequence[str], *, replacing: bool) -> None:
    """Raises KeyringError for a key that is there, or for one to replace that is not."""
    current = desk.book.keyring.current(owner)
    name = reader_name(desk.book, owner)
    if current and not replacing and not roles:
        raise KeyringError(
            f"{name} has a key already, generation {current.generation}",
            hint="if its passphrase is lost or known to others: coachbook keys advice",
        )
    if replacing and not current:
        raise KeyringError(
            f"{name} has no key yet, so there is none to replace",
            hint=f"run: coachbook keys new {owner}",
        )


def _row(desk: Desk, key: PublicKey) -> dict[str, object]:
    from coachbook.book import display, role_holders

    people = role_holders(desk.book, key.owner) if "@" in key.owner else ()
    return {
        "owner": key.owner,
        "name": display(desk.book, key.owner),
        "holders": [display(desk.book, person) for person in people],
        "generation": key.generation,
        "current": desk.book.keyring.current(key.owner) is key,
        "fingerprint": key.fingerprint,
        "created": key.created.isoformat(),
        "here": key.owner in desk.keystore.people(),
        "published": key.owner in desk.book.keyring.protected,
    }


def _line(row: Mapping[str, object]) -> str:
    notes = [
        "" if row["current"] else "earlier key",
        "on this device" if row["here"] else "",
        "published" if row["published"] else "",
    ]
    said = ", ".join(filter(None, notes))
    return "  ".join(
        [
            f"{row['fingerprint']}",
            f"{row['owner']}.{row['generation']}",
            f"{row['name']}",
            *([f"({said})"] if said else []),
        ]
    )

"""A public key that arrived in the inbox: filed once its owner has read out the fingerprint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from coachbook.book.files import printable, read_file
from coachbook.cli.context import is_at_terminal, say
from coachbook.cli.desk import open_desk, reader_name, reloaded
from coachbook.cli.making import accept, put_public, say_roles
from coachbook.private import remove_private, replace_file
from coachbook.publickey import private_key_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from coachbook.cli.desk import Desk
    from coachbook.keyarrival import KeyDelivery
    from coachbook.publickey import PublicKey

PUBLIC, _PRIVATE = ".pub", ".age"


def fingerprint_option(command: Any) -> Any:  # noqa: ANN401 (click's own decorators)
    """Adds `--fingerprint FINGERPRINT`."""
    return click.option(
        "--fingerprint",
        "fingerprints",
        multiple=True,
        help="What the owner of a new key has read out; otherwise it is asked for.",
    )(command)


def is_beside(file: Path, keys: Sequence[Path]) -> bool:
    """True for a protected key whose public half arrived with it."""
    return file.suffix == _PRIVATE and file.with_suffix(PUBLIC) in keys


def file_key(
    root: Path,
    file: Path,
    today: date | None,
    fingerprints: Sequence[str],
    *,
    dry_run: bool,
) -> bool:
    """Files one public key, or says why not; false where it was refused."""
    from coachbook.keyarrival import plan_key

    name = printable(file.name)
    data = read_file(file.parent, file.name)
    if not isinstance(data, bytes):
        say(f"refused {data.message}")
        return False
    beside = file.with_suffix(_PRIVATE)
    protected = read_file(beside.parent, beside.name) if beside.is_file() else None
    desk = open_desk(root, today)
    found = plan_key(desk.book, name, data, protected if isinstance(protected, bytes) else None)
    for reason in found.refusals:
        say(f"refused {name}: {printable(reason)}")
    if found.public is None or found.refusals:
        return False
    if not found.is_filed and not _is_confirmed(desk, name, found.public, fingerprints, dry_run):
        return False
    if not dry_run:
        _place(desk, found.public, found)
        _take_away(file, beside, found, is_there=protected is not None)
    click.echo(found.public.path)
    return True


def _is_confirmed(
    desk: Desk, name: str, public: PublicKey, fingerprints: Sequence[str], dry_run: bool
) -> bool:
    """True once what the owner has read out is the fingerprint of the key that arrived."""
    from coachbook.keyarrival import is_read_out

    owner = reader_name(desk.book, public.owner)
    if any(is_read_out(public, one) for one in fingerprints):
        return True
    if dry_run:
        say(f"{name}: a key for {owner}, filed once they have read out its fingerprint")
        return True
    if not is_at_terminal():
        say(
            f"refused {name}: nobody has said that {owner} read out its fingerprint; ring them, "
            "then give it with --fingerprint"
        )
        return False
    say(f"{name}: a key for {owner}; ring them, or go there, on a way that you know")
    typed: str = click.prompt(f"The fingerprint that {owner} reads out", default="", err=True)
    if is_read_out(public, typed):
        return True
    say(
        f"refused {name}: that is not its fingerprint. It is the one that was shown with the two "
        "files, and not that of a card or a list. If it was read out rightly, somebody else may "
        "have sent or changed this key: do not file it"
    )
    return False


def _place(desk: Desk, public: PublicKey, found: KeyDelivery) -> None:
    """Puts the key where it belongs, the one before aside, and says what comes next."""
    owner = public.owner
    published = desk.book.root / private_key_path(owner, 1)
    if not found.is_filed:
        put_public(desk, public, desk.book.keyring.current(owner))
        remove_private(published)
        accept(desk, [public.reader])
        if found.protected:
            replace_file(published, found.protected.encode("ascii"))
        _say_next(reloaded(desk), public)


def _take_away(file: Path, beside: Path, found: KeyDelivery, *, is_there: bool) -> None:
    """Empties the inbox; a protected key that was not put in place is left and told."""
    file.unlink()
    if found.protected and not found.is_filed:
        beside.unlink()
    elif found.protected:
        say(
            f"left {printable(beside.name)}: no fingerprint vouches for it, so it does not take "
            "the place of one; a new passphrase is made with: coachbook keys passphrase"
        )
    elif is_there:
        say(
            f"left {printable(beside.name)}: the policy leaves protected keys with their owners; "
            "delete it, and tell them to send it to nobody"
        )


def _say_next(desk: Desk, public: PublicKey) -> None:
    from coachbook.renewal import due_records

    owner = public.owner
    say(f"{reader_name(desk.book, owner)} has a key, generation {public.generation}")
    say("commit it; somebody who was a reader before says yes: coachbook keys approve REVISION")
    say_roles(desk, owner, ())
    if due_records(desk.book, {owner}):
        say(f"what others sealed for them before: coachbook keys reseal {owner}")
    say("they can unlock the portal once it is built again: coachbook build")
    say(f"a welcome card for them: coachbook keys card {owner} > card.html")

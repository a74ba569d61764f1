"""`coachbook keys approve`: a change of readers, approved by one who could read before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coachbook.cli.context import is_at_terminal, say, workspace_options
from coachbook.cli.desk import open_desk, person_option, reader_names, require_actor
from coachbook.cli.paperwords import ask_words, require_envelope_key, words_option
from coachbook.cli.unlocking import passphrase_option, unlock_actor
from coachbook.errors import KeyringError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from coachbook.age import X25519Identity
    from coachbook.cli.desk import Desk
    from coachbook.rules.since import Pending


@click.command()
@click.argument("revision")
@click.option("--dry-run", is_flag=True, help="Show the changes and sign nothing.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@click.option(
    "--envelope",
    default="",
    metavar="SCHOOL",
    help="Approve with the words of the school's sealed envelope, where nobody else is left.",
)
@words_option
@person_option
@passphrase_option
@workspace_options
def approve(
    revision: str,
    dry_run: bool,
    yes: bool,
    envelope: str,
    words_file: Path | None,
    person: str,
    passphrase_file: Path | None,
    directory: Path | None,
    today: date | None,
) -> int:
    """Approve who became a reader since REVISION, with a signed line for each change.

    It shows every change that nobody has approved and that you could read
    before, asks, and adds the lines to records/keys/approvals.md. What is for
    others to approve is listed and left. Exit status: 0 nothing is left, 1
    something is left, 2 it could not run.

    Example: coachbook keys approve main..
    """
    from coachbook.cli.since import since_revision
    from coachbook.rules.since import pending

    desk = open_desk(directory, today, person=person)
    base = revision.removesuffix("..")
    since = since_revision(desk.book, desk.repository, base, desk.environment)
    waiting = pending(since)
    actor = "" if dry_run or not waiting else _approver(desk, envelope)
    mine = [one for one in waiting if dry_run or actor in one.approvers]
    left = [one for one in waiting if one not in mine]
    _show(desk, mine)
    if mine and not dry_run:
        _confirm(len(mine), yes=yes)
        key = (
            _envelope_key(desk, actor, words_file)
            if envelope
            else _own_key(desk, actor, passphrase_file)
        )
        _sign(desk, actor, mine, key)
    for one in left:
        who = reader_names(desk.book, one.approvers) or "nobody who is still here"
        say(f"left for {who} to approve: {one.change.message}")
    if not waiting:
        say(f"nothing is to be approved since {base}")
    return int(bool(left) or (dry_run and bool(mine)))


def _approver(desk: Desk, envelope: str) -> str:
    """Whose signature it will be: the person at work, or the envelope of a school."""
    return require_envelope_key(desk, envelope) if envelope else require_actor(desk)


def _show(desk: Desk, waiting: Sequence[Pending]) -> None:
    for one in waiting:
        click.echo(f"{one.change.path}: {one.change.message}")
        click.echo(f"  can be approved by {reader_names(desk.book, one.approvers) or 'nobody'}")


def _confirm(count: int, *, yes: bool) -> None:
    """Returns if the changes are to be approved; raises UsageError if not, or nobody can say."""
    if yes:
        return
    if not is_at_terminal():
        raise UsageError("nothing was approved, as nobody can be asked here", hint="add --yes")
    what = "this change" if count == 1 else f"these {count} changes"
    if not click.confirm(f"Approve {what} with your signature?", err=True):
        raise UsageError("nothing was approved", hint="tell whoever made the change")


def _own_key(desk: Desk, actor: str, passphrase_file: Path | None) -> X25519Identity:
    """The person's own present key; raises KeyringError where another is on this device."""
    identity = unlock_actor(desk, passphrase_file)[actor]
    key = desk.book.keyring.current(actor)
    if key is None or identity.recipient() != key.recipient:
        raise KeyringError(
            "the key on this device is not the one in records/keys, so nobody could check what "
            "it signs",
            hint="see: coachbook keys list",
        )
    return identity


def _envelope_key(desk: Desk, owner: str, words_file: Path | None) -> X25519Identity:
    """The envelope's key in use; raises KeyringError for the paper of an earlier one."""
    identity = ask_words(desk, owner, words_file)
    key = desk.book.keyring.current(owner)
    if key is None or identity.recipient() != key.recipient:
        raise KeyringError(
            "this is the paper of an earlier key, whose signature counts for nothing any more",
            hint="take the newest paper; its number stands under its title",
        )
    return identity


def _sign(desk: Desk, actor: str, waiting: Sequence[Pending], identity: X25519Identity) -> None:
    """Adds the signed lines to the file, all of them or none."""
    from coachbook.approvals import PATH, approve, with_approvals
    from coachbook.book import read_text
    from coachbook.private import replace_file

    lines = [
        approve(
            one.change.statement,
            workspace=desk.book.trust.workspace,
            person=actor,
            day=desk.book.today,
            identity=identity,
        )
        for one in waiting
    ]
    text = with_approvals(read_text(desk.book, PATH), lines)
    replace_file(desk.book.root / PATH, text.encode())
    say(f"{len(lines)} {'line' if len(lines) == 1 else 'lines'} added to {PATH}; commit it too")

"""`coachbook keys recovery`: the key of the sealed envelope, made, used, and asked to approve.

Its private half is on paper alone. The sheet lies in a private folder outside the workspace for
as long as it is being printed, or goes to stdout; the public half is written only once words
that were read from the paper have been typed back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coachbook.book import RECOVERY, policy_now
from coachbook.cli.context import is_at_terminal, say, workspace_options
from coachbook.cli.desk import find_person, new_reader_option, open_desk, reloaded
from coachbook.cli.making import accept_role, require_role, write_key_files
from coachbook.cli.paperwords import (
    ask_words,
    envelope_name,
    prove_words,
    require_envelope_key,
    require_school,
    words_option,
)
from coachbook.cli.renewing import dry_run_option
from coachbook.cli.resealed import reseal, say_left, show_due
from coachbook.errors import UsageError
from coachbook.people import ENVELOPE, scoped_role
from coachbook.publickey import format_public_key, is_role, public_key_of

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from coachbook.cli.desk import Desk
    from coachbook.paperkey import PaperKey
    from coachbook.publickey import PublicKey


@click.group()
def recovery() -> None:
    """The key of the sealed envelope: print it, use it, let it approve.

    For schools whose policy answers `recovery.holder: envelope`. How recovery
    is proved once a year: coachbook keys drill

    Example: coachbook keys recovery new otterbeck
    """


@recovery.command()
@click.argument("school")
@click.option("--text", is_flag=True, help="Plain text to stdout, as for: … --text | lp")
@workspace_options
def new(school: str, text: bool, directory: Path | None, today: date | None) -> int:
    """Make the key of a school's sealed envelope, whose private half is only printed.

    It writes the sheet into a private folder, waits until it is printed, asks
    for three of its words from the paper, and takes the sheet away again. Only
    then is the public half written into records/keys. If anything is broken
    off, there is no key.

    Example: coachbook keys recovery new otterbeck
    """
    from coachbook.paperkey import new_paper_key

    desk = open_desk(directory, today)
    owner = _require_envelope(desk, school)
    if not is_at_terminal():
        raise UsageError(
            "words have to be typed back from the paper, and nobody can be asked here",
            hint=f"run it at a terminal: coachbook keys recovery new {school}",
        )
    current = desk.book.keyring.current(owner)
    made = new_paper_key(desk.random)
    public = public_key_of(
        made.identity,
        owner=owner,
        generation=current.generation + 1 if current else 1,
        created=desk.book.today,
    )
    _print(desk, school, made, public, as_text=text)
    write_key_files(desk, {public.path: format_public_key(public)})
    accept_role(desk, owner)
    _say_made(reloaded(desk), school, public)
    return 0


@recovery.command(name="open")
@click.argument("school")
@click.argument("owners", nargs=-1, required=True, metavar="OWNER...")
@dry_run_option
@words_option
@new_reader_option
@workspace_options
def open_(
    school: str,
    owners: tuple[str, ...],
    dry_run: bool,
    words_file: Path | None,
    new_readers: tuple[str, ...],
    directory: Path | None,
    today: date | None,
) -> int:
    """Seal again what was sealed to a lost key, with the words from the envelope.

    OWNER is a person who has lost their key and made a new one, or a role that
    nobody opened any more and has a new key. The words are asked for. Every
    other reader of a part stays one. Exit status: 0 nothing is left, 1
    something is, 2 it could not run.

    Example: coachbook keys recovery open otterbeck p-7kq2m4xa
    """
    desk = open_desk(directory, today)
    envelope = require_envelope_key(desk, school)
    chosen = tuple(dict.fromkeys(_owner(desk, one) for one in owners))
    if dry_run:
        return int(bool(show_due(desk, chosen)))
    identity = ask_words(desk, envelope, words_file)
    left = reseal(desk, chosen, {envelope: identity}, new_readers)
    say_left(left)
    say(
        "the seal is broken, so make the next key today: "
        f"coachbook keys recovery new {school}\n"
        "keep the old sheet with the new one: it opens what was sealed before"
    )
    return int(bool(left))


def _require_envelope(desk: Desk, school: str) -> str:
    """The envelope as the policy names it; raises UsageError where the policy answers otherwise."""
    require_school(desk, school)
    policy = policy_now(desk.book, school)
    answer = policy.words(RECOVERY) if policy else "nobody yet, as there is no policy"
    if policy is None or policy.get(RECOVERY) != ENVELOPE:
        raise UsageError(
            f"the policy of {desk.book.schools[school].name} does not keep a recovery key in an "
            f"envelope; who may open a part when everyone has left: {answer or 'not said'}",
            hint=f"whoever decides on the policy writes `{RECOVERY}: {ENVELOPE}` into it first",
        )
    return scoped_role(ENVELOPE, school)


def _owner(desk: Desk, named: str) -> str:
    if not is_role(named):
        return find_person(desk.book, named)
    require_role(desk, named)
    return named


def _print(desk: Desk, school: str, made: PaperKey, public: PublicKey, *, as_text: bool) -> None:
    """Brings the sheet to paper, and returns once words were read back from it."""
    from coachbook.printed import (
        format_recovery_sheet,
        recovery_sheet,
        render_recovery_sheet,
    )
    from coachbook.private import private_folder, write_private

    sheet = recovery_sheet(desk.book, school, made, public)
    if as_text:
        click.echo(format_recovery_sheet(sheet), nl=False)
        say("a printer may keep what it printed: use one that you can reach, and empty its queue")
        prove_words(made.words, desk.random)
        return
    with private_folder(desk.environment) as folder:
        page = folder / "recovery-key.html"
        write_private(page, render_recovery_sheet(sheet).encode())
        say(
            f"open this page in a browser of this computer and print it now:\n  {page.as_uri()}\n"
            "it is taken away as soon as you have typed words back from the paper\n"
            "a printer may keep what it printed: use one that you can reach, not a shared one"
        )
        prove_words(made.words, desk.random)
    say("the page is taken away; close it in the browser too")


def _say_made(desk: Desk, school: str, public: PublicKey) -> None:
    say(
        f"{envelope_name(desk, public.owner)} has a key, generation {public.generation}\n"
        f"fingerprint: {public.fingerprint}\n"
        f"seal the paper away and commit {public.path}; once others have keys, one of them says "
        "yes to it: coachbook keys approve REVISION"
    )
    if public.generation > 1:
        say(
            "what was sealed to the key before opens with the old paper alone, until a reader "
            f"runs: coachbook keys reseal {public.owner}"
        )
    say(f"next year, prove that it works: coachbook keys drill {school}")

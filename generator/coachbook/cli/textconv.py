"""`coachbook textconv`: how git shows a sealed record in a diff."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import directory_option, environment, say
from coachbook.cli.desk import Desk, find_actor, for_programs, person_option, reader_name
from coachbook.cli.unlocking import PASSPHRASE, passphrase_option, unlock_actor
from coachbook.errors import CoachbookError
from coachbook.private import explained

if TYPE_CHECKING:
    from coachbook.difftext import Eyes


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@person_option
@passphrase_option
@directory_option
def textconv(file: Path, person: str, passphrase_file: Path | None, directory: Path | None) -> int:
    """Print a record for `git diff`, with the sealed sections that your key opens.

    Git runs it where `coachbook doctor --mend` has set it up. It never asks for
    a passphrase: it takes COACHBOOK_PASSPHRASE or --passphrase-file, and
    without one it shows the header and, for each sealed section, who can read
    it. Nothing is written anywhere.

    Example: coachbook textconv records/otterbeck/2026-27/c-0a1b2c3d/2026-11-12-s-7kq2m4xa.md
    """
    from coachbook.difftext import diff_text

    with explained(file):
        data = file.read_bytes()
    eyes = _eyes(directory or Path.cwd(), person, passphrase_file)
    click.echo(diff_text(data, eyes), nl=False)
    return 0


def _eyes(place: Path, person: str, passphrase_file: Path | None) -> Eyes:
    """Names and keys, as far as there are any: a diff is shown in every case."""
    from coachbook.book import find_root, load_people
    from coachbook.difftext import Eyes
    from coachbook.keystore import open_keystore
    from coachbook.repository import Repository, caching

    variables = environment()
    try:
        book = load_people(find_root(place))
    except CoachbookError as error:
        say(f"nothing is opened here: {error.message}")
        return Eyes()
    keystore = open_keystore(variables, book.trust.workspace)
    repository = Repository(book.root, for_programs(variables))
    desk = Desk(book, keystore, repository, variables, person)
    name = partial(reader_name, book)
    if passphrase_file is None and PASSPHRASE not in variables:
        return Eyes(book.trust.workspace, {}, name, book.keyring)
    if kept := caching(repository.settings() or {}):
        say(f"nothing is opened here: {kept[0]} would write it into the repository")
        return Eyes(book.trust.workspace, {}, name, book.keyring)
    try:
        identities = unlock_actor(desk, passphrase_file) if find_actor(desk) else {}
    except CoachbookError as error:
        say(f"nothing is opened here: {error.message}")
        identities = {}
    return Eyes(book.trust.workspace, identities, name, book.keyring)

"""`doctor`: what around the records could let text escape."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import environment, open_book, say, workspace_options
from coachbook.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt

    from coachbook.repository import Repository


@click.command()
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
@click.option(
    "--mend", is_flag=True, help="First set up git in this clone: hooks, diffs and merges."
)
@workspace_options
def doctor(format_: str, mend: bool, directory: Path | None, today: dt.date | None) -> int:
    """Look for a synced folder, a missing hook, a changed key, an editor that keeps copies.

    With --mend it turns on in this clone what git needs to seal before a
    commit, and to show and merge a record part by part. A clone does not bring
    that along, so everybody runs it once.

    Example: coachbook doctor --mend
    """
    from coachbook.cli.desk import for_programs
    from coachbook.doctor import Surroundings, examine
    from coachbook.keystore import open_keystore
    from coachbook.repository import Repository

    book = open_book(directory, today)
    variables = environment()
    keystore = open_keystore(variables, book.trust.workspace)
    repository = Repository(book.root, for_programs(variables))
    if mend:
        _mend(repository)
    git = repository.settings()
    remarks = examine(Surroundings(book, keystore.load_pins(), git, variables, keystore.kept()))
    if format_ == "json":
        listed = [{"name": r.name, "message": r.words, "remedy": r.remedy} for r in remarks]
        click.echo(json.dumps(listed, indent=2))
        return 1 if remarks else 0
    for remark in remarks:
        click.echo(f"{remark.name}: {remark.words}")
        click.echo(f"hint: {remark.remedy}")
    count = len(remarks)
    say(f"{count} {'thing' if count == 1 else 'things'} to look at" if count else "all is well")
    return 1 if remarks else 0


def _mend(repository: Repository) -> None:
    """Puts back what git runs here, sets this clone up, and says what was done."""
    from coachbook.repository import caching
    from coachbook.scaffold import GIT_SETTINGS, plan_drivers, write_files

    settings = repository.settings()
    if settings is None:
        raise UsageError(
            "git is not installed or this is no repository", hint="install git, or run: git init"
        )
    if not repository.is_at_top():
        raise UsageError(
            "the workspace lies inside another repository, which git runs its programs from",
            hint="give it a repository of its own: git init",
        )
    files = plan_drivers(repository.root)
    write_files(repository.root, files)
    for path in files:
        say(f"{path}: written; commit it, so that every clone has it")
    python = {"coachbook.python": Path(sys.executable).as_posix()}
    repository.set_up({**GIT_SETTINGS, **python})
    for key in caching(settings):
        repository.unset(key)
        say(f"{key}: taken out")
    say("git is set up in this clone")

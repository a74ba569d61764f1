"""`doctor`: what around the records could let text escape."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import environment, open_book, say, workspace_options

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path


@click.command()
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
@workspace_options
def doctor(format_: str, directory: Path | None, today: dt.date | None) -> int:
    """Look for a synced folder, a missing hook, a changed key, an editor that keeps copies.

    Example: coachbook doctor
    """
    from coachbook.doctor import Surroundings, examine
    from coachbook.keystore import open_keystore

    book = open_book(directory, today)
    variables = environment()
    pins = open_keystore(variables, book.trust.workspace).load_pins()
    remarks = examine(Surroundings(book, pins, git_settings(book.root), variables))
    if format_ == "json":
        listed = [{"name": r.name, "message": r.words, "remedy": r.remedy} for r in remarks]
        click.echo(json.dumps(listed, indent=2))
        return 1 if remarks else 0
    for remark in remarks:
        click.echo(f"{remark.name}: {remark.words}")
        click.echo(f"hint: {remark.remedy}")
    say("all is well" if not remarks else f"{len(remarks)} things to look at")
    return 1 if remarks else 0


def git_settings(folder: Path) -> dict[str, str] | None:
    """What git is set to in a folder, keys in lower case; None without git or a repository."""
    git = shutil.which("git")
    if git is None:
        return None
    inside = subprocess.run(  # noqa: S603 (git, no shell)
        [git, "rev-parse", "--git-dir"], cwd=folder, capture_output=True, check=False
    )
    if inside.returncode:
        return None
    listed = subprocess.run(  # noqa: S603 (git, no shell)
        [git, "config", "--list", "-z"], cwd=folder, capture_output=True, check=True, text=True
    )
    pairs = (entry.partition("\n") for entry in listed.stdout.split("\0") if entry)
    return {key.lower(): value for key, _, value in pairs}

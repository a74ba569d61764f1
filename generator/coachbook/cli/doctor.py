"""`doctor`: what around the records could let text escape."""

from __future__ import annotations

import json
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
    from coachbook.cli.desk import for_programs
    from coachbook.doctor import Surroundings, examine
    from coachbook.keystore import open_keystore
    from coachbook.repository import Repository

    book = open_book(directory, today)
    variables = environment()
    pins = open_keystore(variables, book.trust.workspace).load_pins()
    git = Repository(book.root, for_programs(variables)).settings()
    remarks = examine(Surroundings(book, pins, git, variables))
    if format_ == "json":
        listed = [{"name": r.name, "message": r.words, "remedy": r.remedy} for r in remarks]
        click.echo(json.dumps(listed, indent=2))
        return 1 if remarks else 0
    for remark in remarks:
        click.echo(f"{remark.name}: {remark.words}")
        click.echo(f"hint: {remark.remedy}")
    say("all is well" if not remarks else f"{len(remarks)} things to look at")
    return 1 if remarks else 0

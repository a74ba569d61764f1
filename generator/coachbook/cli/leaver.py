"""`coachbook leaver`: what to do before somebody leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coachbook.cli.context import workspace_options
from coachbook.cli.desk import find_person, open_desk

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


@click.command()
@click.argument("person")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@workspace_options
def leaver(person: str, form: str, directory: Path | None, today: date | None) -> int:
    """Say what to do before a person leaves, and before their key goes.

    Their take-away file, drafts that nobody else opens, pairs and cycles to
    end, roles to pass on, what nobody could open after them, and what they can
    still open. It needs no key and changes nothing. Exit status: 0 nothing is
    left to do, 1 something is, 2 it could not run.

    Example: coachbook leaver p-7kq2m4xa
    """
    import json

    from coachbook.leaver import State, checklist, checklist_json, format_checklist

    book = open_desk(directory, today).book
    one = find_person(book, person)
    points = checklist(book, one)
    if form == "json":
        click.echo(json.dumps(checklist_json(one, points), indent=2, ensure_ascii=False))
    else:
        click.echo(format_checklist(book, one, points), nl=False)
    return int(any(point.state is State.OPEN for point in points))

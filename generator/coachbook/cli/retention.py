"""`coachbook retention`: how long everything is kept, and what is due to go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coachbook.cli.context import DateType, open_book, say, workspace_options

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from coachbook.book import Book


@click.command()
@click.option("--due-by", type=DateType(), help="List the records whose time is over by this day.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@workspace_options
def retention(due_by: date | None, form: str, directory: Path | None, today: date | None) -> int:
    """Say how long each school keeps its records, and what is due to go.

    How long is the policy's to say, with its clause; from which day, the
    record's: the end of its cycle, or its own day. It needs no key and changes
    nothing. Deleting a file does not take it out of git's history: a whole
    year goes with its repository, see `coachbook rollover`. Exit status:
    0 nothing is due, 1 something is, 2 it could not run.

    Example: coachbook retention --due-by 2027-09-01
    """
    book = open_book(directory, today)
    if due_by is not None:
        return _list(book, due_by, form)
    return _show(book, form)


def _show(book: Book, form: str) -> int:
    import json

    from coachbook.keeping import State
    from coachbook.retained import format_retention, retention_json, retention_list

    found = retention_list(book)
    if form == "json":
        click.echo(json.dumps(retention_json(found), indent=2, ensure_ascii=False))
    else:
        click.echo(format_retention(found), nl=False)
    return int(any(row.states.get(State.DUE) for row in found.rows))


def _list(book: Book, day: date, form: str) -> int:
    import json

    from coachbook.retained import due_by, due_json, format_due

    found = due_by(book, day)
    if form == "json":
        click.echo(json.dumps(due_json(found, day), indent=2, ensure_ascii=False))
    else:
        click.echo(format_due(found), nl=False)
    if not found:
        say(f"nothing is due by {day}")
    return int(bool(found))

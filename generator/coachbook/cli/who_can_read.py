"""`coachbook who-can-read`: the readers of every part of a record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import workspace_options
from coachbook.cli.desk import open_desk, require_record

if TYPE_CHECKING:
    from datetime import date


@click.command(name="who-can-read")
@click.argument("record", metavar="PATH|ID")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@workspace_options
def who_can_read(record: str, form: str, directory: Path | None, today: date | None) -> int:
    """Say who can read each part of a record, and whether the policy says the same.

    Needs no key: a sealed part states its readers under its seal. Exit status:
    0 as the policy says, 1 a part is not, 2 it could not run.

    Example: coachbook who-can-read s-7kq2m4xa
    """
    import json

    from coachbook.disclosure import disclosure_json, disclosures, format_disclosures

    desk = open_desk(directory, today, paths=(Path(record),))
    one = require_record(desk, record)
    found = disclosures(desk.book, one)
    if form == "json":
        click.echo(json.dumps(disclosure_json(desk.book, one, found), indent=2, ensure_ascii=False))
    else:
        click.echo(format_disclosures(desk.book, one, found), nl=False)
    return int(not all(part.agrees for part in found))

"""`coachbook who-can-read`: the readers of every part of a record, or of all records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import say, workspace_options
from coachbook.cli.desk import open_desk, require_record, select_records
from coachbook.cli.schools import open_desk_at

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from coachbook.book import Book
    from coachbook.record import Record


@click.command(name="who-can-read")
@click.argument("record", metavar="[PATH|ID]", default="")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@workspace_options
def who_can_read(record: str, form: str, directory: Path | None, today: date | None) -> int:
    """Say who can read each part of a record, and whether the policy says the same.

    Of a folder, or without PATH of all records, it is a table of the sealed
    parts and the people whose keys open them. Needs no key: a sealed part states
    its readers under its seal. Exit status: 0 as the policy says, 1 a part is
    not, 2 it could not run.

    Example: coachbook who-can-read s-7kq2m4xa
    """
    folders = [Path(record)] if record and Path(record).is_dir() else []
    desk = open_desk_at(record, directory, today) if record else open_desk(directory, today)
    if folders or not record:
        return _all(desk.book, select_records(desk, folders), form)
    return _one(desk.book, require_record(desk, record), form)


def _one(book: Book, record: Record, form: str) -> int:
    import json

    from coachbook.disclosure import disclosure_json, disclosures, format_disclosures

    found = disclosures(book, record)
    if form == "json":
        click.echo(json.dumps(disclosure_json(book, record, found), indent=2, ensure_ascii=False))
    else:
        click.echo(format_disclosures(book, record, found), nl=False)
    return int(not all(part.agrees for part in found))


def _all(book: Book, records: Sequence[Record], form: str) -> int:
    import json

    from coachbook.disclosure import disclosures
    from coachbook.readerlist import format_reader_list, reader_list, reader_list_json

    found = reader_list(book, records)
    if form == "json":
        click.echo(json.dumps(reader_list_json(book, found), indent=2, ensure_ascii=False))
    else:
        click.echo(format_reader_list(book, found), nl=False)
    differing = [
        record.path
        for record in records
        if not all(one.agrees for one in disclosures(book, record))
    ]
    for path in differing:
        say(f"{path}: not as the policy says; look at: coachbook who-can-read {path}")
    return int(bool(differing))

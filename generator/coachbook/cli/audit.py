"""`audit`: the leak check of a built site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import open_book, say, today_option

if TYPE_CHECKING:
    import datetime as dt


@click.command()
@click.argument("site", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--records",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The records the site was built from; by default those around SITE.",
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
@today_option
def audit(site: Path, records: Path | None, format_: str, today: dt.date | None) -> int:
    """Check that a built site shows nothing that it must not, and that nobody altered it.

    Makes its public part again from the records and compares. Name the day of
    the build with --today where the records may have changed with the date.

    Example: coachbook audit site --records records
    """
    import json

    from coachbook.audit import audit_site
    from coachbook.comparison import compare_site

    book = open_book(records or site, today)
    leaks = (*audit_site(site, book), *compare_site(site, book))
    if format_ == "json":
        click.echo(json.dumps([{"file": leak.file, "words": leak.words} for leak in leaks]))
        return 1 if leaks else 0
    for leak in leaks:
        click.echo(f"{leak.file}: {leak.words}")
    count = f"{len(leaks)} {'fault' if len(leaks) == 1 else 'faults'} found"
    say(count if leaks else "nothing that is not public was found")
    return 1 if leaks else 0

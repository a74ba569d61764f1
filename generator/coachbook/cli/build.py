"""`build`: check, stage, build, seal, audit, swap in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import open_book, say, workspace_options

if TYPE_CHECKING:
    import datetime as dt


@click.command()
@click.argument("workspace", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--only", type=click.Choice(["handbook", "portal"]), help="Build one part alone.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the site goes; by default site/ in the workspace.",
)
@workspace_options
def build(
    workspace: Path | None,
    only: str | None,
    out: Path | None,
    directory: Path | None,
    today: dt.date | None,
) -> int:
    """Build the handbook and the private portal into site/.

    Needs no key, passphrase or network. When something is wrong, the last good
    site stays.

    Example: coachbook build
    """
    from coachbook.publicpart import PARTS
    from coachbook.report import render_summary
    from coachbook.rules import check_book, tally
    from coachbook.site import Job, build_site
    from coachbook.storage import require_unshared
    from coachbook.workers import processors

    book = open_book(directory, today, paths=(workspace,) if workspace else ())
    place = (out or book.root / "site").absolute()
    require_unshared(book, place)
    say("checking the records")
    findings = check_book(book)
    say(render_summary(findings, tally(book)).rstrip())
    parts = (only,) if only else PARTS
    job = Job(book, findings, os.urandom, parts=parts, progress=say, hands=processors())
    built = build_site(job, place)
    say(f"built: {built.fragments} private pages, {built.held_back} records held back")
    click.echo(built.site)
    return 0

"""`audit`: the leak check of a built site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import open_workspace, say, today_option

if TYPE_CHECKING:
    import datetime as dt

    from coachbook.book.workspace import Workspace


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
    the build with --today where the records may have changed with the date. Of a
    school of which nothing new is published the pages of the last good build count.

    Example: coachbook audit site --records records
    """
    import json

    from coachbook.audit import audit_site, watch
    from coachbook.comparison import compare_site

    workspace = open_workspace(records or site, today)
    book, stopped = workspace.shared, _stopped(workspace)
    leaks = (
        *audit_site(site, watch(book, workspace.ids)),
        *compare_site(site, book, workspace.cache, stopped),
    )
    if format_ == "json":
        click.echo(json.dumps([{"file": leak.file, "words": leak.words} for leak in leaks]))
        return 1 if leaks else 0
    for leak in leaks:
        click.echo(f"{leak.file}: {leak.words}")
    count = f"{len(leaks)} {'fault' if len(leaks) == 1 else 'faults'} found"
    say(count if leaks else "nothing that is not public was found")
    return 1 if leaks else 0


def _stopped(workspace: Workspace) -> frozenset[str]:
    """The schools that a build would stop; none where it would stop altogether."""
    from coachbook.errors import FindingsError
    from coachbook.partcheck import check_workspace
    from coachbook.stopped import stopped_schools
    from coachbook.workers import processors

    if not workspace.is_parted:
        return frozenset()
    checked = check_workspace(workspace, hands=processors())
    try:
        return frozenset(stopped_schools(workspace.shared, checked.findings))
    except FindingsError:  # the site is an earlier one, which is compared as it is
        return frozenset()

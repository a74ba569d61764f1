"""`inbox`: files what was written in the portal and sent by any route."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import open_book, say, workspace_options

if TYPE_CHECKING:
    import datetime as dt


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, exists=True))
@click.option("--dry-run", is_flag=True, help="Say what would happen, and do nothing.")
@workspace_options
def inbox(
    folder: Path,
    dry_run: bool,
    directory: Path | None,
    today: dt.date | None,
) -> int:
    """File the records that arrived in DIR; refuse what is not sealed as the policy says.

    A refused file stays where it is, with the reason on the screen.

    Example: coachbook inbox ~/Downloads/notes
    """
    from coachbook.inbox import plan_delivery

    files = sorted(folder.glob("*.md")) if folder.is_dir() else [folder]
    if not files:
        say(f"no record has arrived in {folder}")
        return 0
    refused = 0
    for file in files:
        book = open_book(directory, today)
        delivery = plan_delivery(book, file.name, file.read_bytes())
        if delivery.refusals:
            refused += 1
            for reason in delivery.refusals:
                say(f"refused {file.name}: {reason}")
            continue
        for remark in delivery.remarks:
            say(f"{file.name}: {remark.code} {remark.message}")
        if not dry_run:
            _move(file, book.root / delivery.path)
        click.echo(delivery.path)
    return 1 if refused else 0


def _move(file: Path, place: Path) -> None:
    """Puts the file in its place, which must be free, then takes it out of the inbox."""
    from coachbook.errors import UsageError
    from coachbook.private import replace_file

    if place.exists():
        raise UsageError(f"{place} is there already", hint="look at both, and remove one of them")
    replace_file(place, file.read_bytes())
    file.unlink()

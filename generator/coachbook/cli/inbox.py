"""`inbox`: files what was written in the portal and sent by any route."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.book.files import printable, read_file
from coachbook.cli.context import open_workspace, say, workspace_options
from coachbook.cli.keyinbox import PUBLIC, file_key, fingerprint_option, is_beside
from coachbook.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt

    from coachbook.book import Book
    from coachbook.book.workspace import Workspace
    from coachbook.inbox import Delivery


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, exists=True))
@click.option("--dry-run", is_flag=True, help="Say what would happen, and do nothing.")
@fingerprint_option
@workspace_options
def inbox(
    folder: Path,
    dry_run: bool,
    fingerprints: tuple[str, ...],
    directory: Path | None,
    today: dt.date | None,
) -> int:
    """File the records and keys that arrived in DIR; refuse what is not as the policy says.

    A refused file stays where it is, with the reason on the screen. One that
    was filed before is only taken away. A key is filed once its owner has read
    out its fingerprint, which you type.

    Example: coachbook inbox ~/Downloads/notes
    """
    workspace = open_workspace(directory, today)
    root = workspace.shared.root
    if folder.resolve().is_relative_to((root / "records").resolve()):
        raise UsageError(
            f"{folder} lies in the records already", hint="name the folder where files arrive"
        )
    files = _arrived(folder)
    if not files:
        say(f"no record has arrived in {printable(str(folder))}")
        return 0
    filed: list[bool] = []
    for file in files:
        if filed:
            workspace = workspace.again()
        filed.append(
            file_key(root, file, today, fingerprints, dry_run=dry_run)
            if file.suffix == PUBLIC
            else _file(workspace, file, dry_run=dry_run)
        )
    return 0 if all(filed) else 1


def _arrived(folder: Path) -> list[Path]:
    """The records in a folder, or the one file; says what is there beside them."""
    if not folder.is_dir():
        return [folder]
    entries = sorted(folder.iterdir())
    keys = [entry for entry in entries if entry.suffix == PUBLIC]
    for entry in entries:
        if entry.suffix not in {".md", PUBLIC} and not is_beside(entry, keys):
            say(f"left {printable(entry.name)}: only files that end in .md or .pub are filed")
    return [entry for entry in entries if entry.suffix in {".md", PUBLIC}]


def _file(workspace: Workspace, file: Path, *, dry_run: bool) -> bool:
    """Files one record, or says why not; false where it was refused."""
    from coachbook.book.near import near_for
    from coachbook.inbox import plan_delivery

    name = printable(file.name)
    data = read_file(file.parent, file.name)
    if not isinstance(data, bytes):
        say(f"refused {data.message}")
        return False
    near = near_for(workspace, data)
    book = near.book if near else workspace.load_whole()
    delivery = plan_delivery(book, name, data)
    for reason in delivery.refusals:
        say(f"refused {name}: {printable(reason)}")
    if delivery.refusals:
        return False
    for remark in delivery.remarks:
        say(f"{name}: {remark.code} {remark.message}")
    if delivery.is_filed:
        say(f"{name}: is filed already, in {delivery.path}")
    if delivery.is_closing:
        say(f"{name}: brings the cycle to its end; all else in it is as it was")
    if not dry_run:
        _move(file, data, book.root / delivery.path, delivery)
        _finish(book, delivery.path, data)
    click.echo(delivery.path)
    return True


def _finish(book: Book, path: str, data: bytes) -> None:
    """Makes the note final to which the filed record adds something."""
    from coachbook.private import replace_file
    from coachbook.record import Record, parse_record
    from coachbook.sharing import final_source, finished_by

    record = parse_record(path, data)
    note = finished_by(book, record) if isinstance(record, Record) else None
    if note is not None:
        replace_file(book.root / note.path, note.encode(final_source(note)))
        say(f"{note.path} is final now, as somebody added to it")


def _move(file: Path, data: bytes, place: Path, delivery: Delivery) -> None:
    """Puts the file in its place, which must be free, then takes it out of the inbox.

    A cycle that is brought to its end takes the place of the same cycle before.
    """
    from coachbook.private import replace_file

    if not delivery.is_filed:
        if os.path.lexists(place) and not delivery.is_closing:
            raise UsageError(
                f"{place} is there already", hint="look at both, and remove one of them"
            )
        replace_file(place, data)
    file.unlink()

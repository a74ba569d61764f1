"""`coachbook fix`: repairs slips that leave no doubt."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import open_workspace, relative_paths, say, workspace_options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from coachbook.book import Book
    from coachbook.fix import Fixed
    from coachbook.forms import Form


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@workspace_options
def fix(
    paths: tuple[Path, ...],
    dry_run: bool,
    directory: Path | None,
    today: date | None,
) -> None:
    """Repair slips that leave no doubt: curly quotes, tabs, everyday dates.

    Sealed blocks and the text of sections are never touched. Without PATH it
    looks at every record.

    Example: coachbook fix --dry-run
    """
    from coachbook.book.files import covered
    from coachbook.private import replace_file

    workspace = open_workspace(directory, today, paths=paths)
    book = workspace.shared
    chosen = covered(workspace.listing.records, relative_paths(book, paths) or ("",))
    count = 0
    for path, before, fixed in _repairs(book, chosen):
        count += 1
        click.echo(_described(book, path, before, fixed), nl=False)
        if not dry_run:
            replace_file(book.root / path, fixed.text.encode())
    say(_summary(count, dry_run=dry_run))


def _repairs(book: Book, paths: Iterable[str]) -> Iterator[tuple[str, bytes, Fixed]]:
    """Path, bytes and repair of each record that has something to repair."""
    from coachbook.book.files import read_file
    from coachbook.errors import FrontMatterError
    from coachbook.fix import fix_source

    for path in sorted(paths):
        data = read_file(book.root, path)
        if not isinstance(data, bytes):
            continue
        try:
            fixed = fix_source(path, data, book.forms)
        except FrontMatterError as error:
            say(f"{path}: left as it is: {error.message}")
            continue
        if fixed.changes:
            yield path, data, fixed


def _described(book: Book, path: str, before: bytes, fixed: Fixed) -> str:
    """The changed lines alone; of a record whose header is confidential, only their numbers."""
    form = _form(book, path, before, fixed)
    if form is None or form.whole:
        return "".join(f"{path}: {change}\n" for change in fixed.changes)
    old = before.decode("utf-8", "replace").splitlines(keepends=True)
    new = fixed.text.splitlines(keepends=True)
    lines = unified_diff(old, new, path, path, n=0)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def _form(book: Book, path: str, before: bytes, fixed: Fixed) -> Form | None:
    """The form of a record; of one that could not be read before, that of its repair."""
    from coachbook.book import form_of
    from coachbook.record import Record, parse_record

    for data in (before, fixed.text.encode()):
        found = parse_record(path, data)
        form = form_of(book, found) if isinstance(found, Record) else None
        if form is not None:
            return form
    return None


def _summary(count: int, *, dry_run: bool) -> str:
    if not count:
        return "nothing to repair"
    files = "1 file" if count == 1 else f"{count} files"
    return f"{files} would be repaired" if dry_run else f"{files} repaired"

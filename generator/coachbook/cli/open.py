"""`coachbook open`: sealed sections printed, or opened in place."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import say, workspace_options
from coachbook.cli.desk import (
    find_actor,
    person_option,
    reader_name,
    require_record,
    require_unfinished,
)
from coachbook.cli.schools import open_desk_at
from coachbook.cli.signing import swapped_since_met
from coachbook.cli.unlocking import passphrase_option, unlock_actor
from coachbook.sentences import join

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from coachbook.cli.desk import Desk
    from coachbook.opening import Opened


@click.command(name="open")
@click.argument("record")
@click.option("--section", default="", help="Print the text of this section alone.")
@click.option(
    "--in-place",
    is_flag=True,
    help="Leave the record open in its file, until you run coachbook seal.",
)
@person_option
@passphrase_option
@workspace_options
def open_(
    record: str,
    section: str,
    in_place: bool,
    person: str,
    passphrase_file: Path | None,
    directory: Path | None,
    today: date | None,
) -> int:
    """Print a record with the sealed sections that your key opens.

    RECORD is a file or an id. Nothing of it is written, unless you say --in-place:
    then the text lies in the clear until it is sealed again, and an editor or a
    synced folder may keep copies of it. `coachbook edit` is the safer way.
    Beside the text it says who sealed each section, that nobody signed it, or
    that a signature does not match. Exit status: 0 opened, 1 a section is
    damaged or a signature does not match, 2 it could not run.

    Example: coachbook open s-7kq2m4xa --section Notes
    """
    from coachbook.opening import (
        Opened,
        in_the_clear,
        is_sealed,
        open_record,
        open_section,
        require_block,
        sealed_notices,
    )
    from coachbook.storage import require_unshared

    desk = open_desk_at(record, directory, today, person=person)
    found = require_record(desk, record)
    if in_place:
        require_unshared(desk.book, desk.book.root)
        require_unfinished(desk.book, found, find_actor(desk))
    if not is_sealed(found):
        click.echo(found.source, nl=False)
        say(f"nothing in {found.path} is sealed")
        return 0
    name = partial(reader_name, desk.book)
    block = require_block(found, section) if section else None
    identities = unlock_actor(desk, passphrase_file)
    if block is not None:
        exact, one = block
        payload = open_section(desk.book, found, exact, one, identities, name)
        click.echo(payload.text)
        return int(not _say_authors(desk, Opened(found, {exact: payload}, {})))
    opened = open_record(desk.book, found, identities, name)
    _require_any(opened)
    if in_place:
        opened.require_sound()
        return _open_in_place(desk, opened)
    click.echo(in_the_clear(opened, sealed_notices(opened, name)), nl=False)
    is_true = _say_authors(desk, opened)
    _say_faults(desk, opened)
    return int(bool(opened.damaged) or not is_true)


def _say_authors(desk: Desk, opened: Opened) -> bool:
    """Says who wrote each part, or that nobody signed it; false if a signature does not match."""
    from coachbook.book import display
    from coachbook.bylines import authorships, byline
    from coachbook.payload import WHOLE
    from coachbook.signatures import State

    alike: dict[str, list[str]] = {}
    found_by = authorships(desk.book, opened, swapped_since_met(desk))
    for section, found in found_by.items():
        part = "the whole record" if section == WHOLE else section
        alike.setdefault(byline(found, partial(display, desk.book)), []).append(part)
    for words, parts in alike.items():
        say(f"{join(parts)}: {words}")
    return all(found.state is not State.MISMATCH for found in found_by.values())


def _say_faults(desk: Desk, opened: Opened) -> None:
    """Says which sections are damaged, and which name an author who is none by the form."""
    from coachbook.opening import wrong_authors

    for damage in opened.damaged.values():
        say(f"{damage.message}\nhint: {damage.hint}")
    for section, author in wrong_authors(desk.book, opened).items():
        say(
            f'section "{section}" says that {reader_name(desk.book, author)} wrote it, who is '
            "not the one to write it; ask them"
        )


def _require_any(opened: Opened) -> None:
    """Raises the reason why nothing opens, where nothing does."""
    if not opened.payloads:
        opened.require_sound()
        raise next(iter(opened.strangers.values()))


def _open_in_place(desk: Desk, opened: Opened) -> int:
    """Writes the opened texts into the record's file, and remembers it as it was."""
    from coachbook.cli.resealing import memory_path
    from coachbook.opening import format_before, in_the_clear
    from coachbook.private import replace_file, write_private

    record = opened.record
    before = opened.before(desk.random)
    write_private(memory_path(desk, record.path), format_before(before))
    source = in_the_clear(opened, {})
    replace_file(desk.book.root / record.path, record.encode(source))
    click.echo(record.path)
    say(f"{record.path} is open in the clear; when you are done, run: coachbook seal {record.path}")
    for section, reason in opened.strangers.items():
        say(f"section {section} stays sealed: {reason.message}")
    return 0

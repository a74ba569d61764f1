"""The last session's unfinished steps, carried into a new one by somebody who can read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.book import form_of, record_date, values_of
from coachbook.cli.context import is_at_terminal, say
from coachbook.cli.desk import find_actor
from coachbook.cli.unlocking import PASSPHRASE, unlock_actor
from coachbook.errors import CoachbookError, NotAReaderError
from coachbook.opening import open_section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from coachbook.book import Book
    from coachbook.cli.desk import Desk
    from coachbook.record import Record, SealedBlock

_OWNERS = ("cycle", "partnership", "group")
"""The fields by which sessions follow each other; of a session the first that it has."""


def owner_of(values: Mapping[str, object]) -> str:
    """The cycle, partnership or group that a session with these fields belongs to, or ""."""
    return next((str(values[key]) for key in _OWNERS if values.get(key)), "")


def unfinished_steps(desk: Desk, owner: str, passphrase_file: Path | None) -> dict[str, str]:
    """The open steps of the latest session, as task lines by section; none that cannot be opened.

    Whoever has no key on this device, or gives no passphrase, begins with an
    empty section and is told so: a note must never wait for a key.
    """
    last = _last_with_steps(desk.book, owner)
    if last is None:
        return {}
    if not find_actor(desk):
        say("the last steps were not carried forward: say who you are with --as PERSON")
        return {}
    if passphrase_file is None and PASSPHRASE not in desk.environment and not is_at_terminal():
        say("the last steps were not carried forward: no passphrase was given")
        return {}
    try:
        return _steps_of(desk, last, passphrase_file)
    except NotAReaderError:
        say("the last steps were not carried forward: they are sealed for others")
    except CoachbookError as error:
        say(f"the last steps were not carried forward: {error.message}")
    return {}


def _last_with_steps(book: Book, owner: str) -> Record | None:
    """The latest session of a cycle, partnership or group that has sealed steps."""
    found = [
        record
        for record in book.referring.get(owner, ())
        if record.type == "session"
        and owner_of(values_of(book, record)) == owner
        and any(True for _ in _blocks(book, record))
    ]
    return max(found, key=lambda r: (str(record_date(book, r)), r.id), default=None)


def _blocks(book: Book, record: Record) -> Iterator[tuple[str, SealedBlock]]:
    """The sealed sections of a record that hold steps, by its form."""
    form = form_of(book, record)
    for part in form.sections if form else ():
        section = record.section(part.name) if part.steps else None
        if section is not None and len(section.blocks) == 1:
            yield part.name, section.blocks[0]


def _steps_of(desk: Desk, record: Record, passphrase_file: Path | None) -> dict[str, str]:
    identities = unlock_actor(desk, passphrase_file)
    found = {}
    for name, block in _blocks(desk.book, record):
        text = open_section(desk.book, record, name, block, identities).text
        lines = [line for line in text.splitlines() if line.lstrip().startswith("- [ ]")]
        found[name] = "".join(f"{line}\n" for line in lines)
    return {name: text for name, text in found.items() if text}

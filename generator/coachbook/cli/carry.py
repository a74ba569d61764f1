"""The last session's unfinished steps, carried into a new one by somebody who can read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.book import follow, record_date
from coachbook.cli.context import is_at_terminal, say
from coachbook.cli.desk import find_actor
from coachbook.cli.unlocking import PASSPHRASE, unlock_actor
from coachbook.errors import CoachbookError, NotAReaderError
from coachbook.opening import open_section

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.book import Book
    from coachbook.cli.desk import Desk
    from coachbook.record import Record

SECTION = "Action steps"


def unfinished_steps(desk: Desk, cycle: str, passphrase_file: Path | None) -> str:
    """The open steps of the cycle's latest session as task lines; empty where none can be opened.

    Whoever has no key on this device, or gives no passphrase, begins with an
    empty section and is told so: a note must never wait for a key.
    """
    last = _last_with_steps(desk.book, cycle)
    if last is None:
        return ""
    if not find_actor(desk):
        say("the last steps were not carried forward: say who you are with --as PERSON")
        return ""
    if passphrase_file is None and PASSPHRASE not in desk.environment and not is_at_terminal():
        say("the last steps were not carried forward: no passphrase was given")
        return ""
    try:
        return _steps_of(desk, last, passphrase_file)
    except NotAReaderError:
        say("the last steps were not carried forward: they are sealed for others")
        return ""
    except CoachbookError as error:
        say(f"the last steps were not carried forward: {error.message}")
        return ""


def _last_with_steps(book: Book, cycle: str) -> Record | None:
    """The latest session of a cycle that has sealed steps."""
    found = [
        record
        for record in book.referring.get(cycle, ())
        if record.type == "session" and cycle in follow(book, record, "cycle") and _block(record)
    ]
    return max(found, key=lambda r: (str(record_date(book, r)), r.id), default=None)


def _block(record: Record) -> bool:
    section = record.section(SECTION)
    return section is not None and len(section.blocks) == 1


def _steps_of(desk: Desk, record: Record, passphrase_file: Path | None) -> str:
    section = record.section(SECTION)
    if section is None:
        return ""
    identities = unlock_actor(desk, passphrase_file)
    text = open_section(desk.book, record, SECTION, section.blocks[0], identities).text
    lines = [line for line in text.splitlines() if line.lstrip().startswith("- [ ]")]
    return "".join(f"{line}\n" for line in lines)

"""`coachbook subject-access`: what is held about a person, gathered for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import DateType, say, workspace_options
from coachbook.cli.desk import find_person, open_desk, person_option, reader_name, require_actor
from coachbook.cli.unlocking import passphrase_option, unlock_actor
from coachbook.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from coachbook.accesspack import Request
    from coachbook.age import X25519Identity
    from coachbook.book import Book
    from coachbook.cli.desk import Desk
    from coachbook.frontmatter import Value
    from coachbook.record import Record
    from coachbook.subjectaccess import Pack

_LOG = "subject-access-log"
_PAGE, _DATA, _ACCOUNT = "for-them.html", "for-them.json", "left-out.md"


@click.command(name="subject-access")
@click.argument("subject", metavar="PERSON")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="A new folder of your own for the files; not in the workspace, and not shared.",
)
@click.option(
    "--received", type=DateType(), help="The day they asked, in any words; by default today."
)
@click.option("--request", default="", help="The id of the request, where its record is there.")
@click.option(
    "--take-out",
    "also",
    multiple=True,
    metavar="NAME",
    help="A name to take out that no record knows, such as a nickname.",
)
@click.option(
    "--called",
    multiple=True,
    metavar="NAME",
    help="Another name of theirs to look for, such as a former one.",
)
@person_option
@passphrase_option
@workspace_options
def subject_access(
    subject: str,
    out: Path,
    received: date | None,
    request: str,
    also: tuple[str, ...],
    called: tuple[str, ...],
    person: str,
    passphrase_file: Path | None,
    directory: Path | None,
    today: date | None,
) -> int:
    """Gather what is held about PERSON, as far as your key reads, for them to have.

    It makes a page and a data file for the person, in which other people's
    names are taken out, and an account for the school of what was left out and
    why. It starts the clock: a record of the request, in which nobody is
    named, with the day by which it is answered. Read the page before you hand
    it on. Exit status: 0 gathered, 2 it could not run.

    Example: coachbook subject-access wren.ashgrove --out ../request-1
    """
    desk = open_desk(directory, today, person=person)
    one = find_person(desk.book, subject)
    _require_private(desk, out)
    runner = require_actor(desk)
    record = _find_request(desk.book, request) if request else None
    about = _clock(desk, one, runner, received, record)
    identities = unlock_actor(desk, passphrase_file)
    pack = _gather(desk, one, identities, also, called)
    _write(desk, out, pack, about)
    _say(pack, about, _log(desk, one, runner, about, pack, record))
    for name in (_PAGE, _DATA, _ACCOUNT):
        click.echo(out / name)
    return 0


def _require_private(desk: Desk, out: Path) -> None:
    """Raises UsageError unless the folder is new or empty, outside the records and not shared."""
    from coachbook.storage import require_new

    require_new(
        desk.book,
        out,
        within=", from which it would be committed",
        hint="name a folder of your own, outside of it",
    )


def _find_request(book: Book, name: str) -> Record:
    """The record of a request that is open; raises UsageError."""
    found = [one for one in book.by_id.get(name, ()) if one.type == _LOG]
    if len(found) != 1:
        raise UsageError(
            f"there is no request {name!r}",
            hint="its id begins with sl-, and its record lies in the folder logs of the school",
        )
    return found[0]


def _clock(
    desk: Desk, person: str, runner: str, received: date | None, record: Record | None
) -> Request:
    """When they asked and by when they are answered, as the record has it or from today."""
    from coachbook.accesspack import Request
    from coachbook.answertime import due_day
    from coachbook.book import display, values_of
    from coachbook.newrecord import new_id

    book = desk.book
    start = received or book.today
    if start > book.today:
        raise UsageError(f"{start} is still to come", hint="write the day on which they asked")
    due = due_day(start, holidays=_holidays(book, person))
    name = record.id if record else new_id("sl", desk.random, book.by_id)
    if record is not None:
        values = values_of(book, record)
        start, due = (_day(values.get(key), record) for key in ("requested_on", "due"))
    return Request(start, due, book.today, display(book, runner), name)


def _day(value: object, record: Record) -> date:
    import datetime as dt

    if isinstance(value, dt.date):
        return value
    raise UsageError(
        f"{record.path} does not say when the request came and when it is due",
        hint="write requested_on and due",
    )


def _holidays(book: Book, person: str) -> frozenset[date]:
    schools = book.people[person].schools
    return frozenset(
        day
        for (school, _), calendar in book.calendars.items()
        if school in schools
        for day in calendar.bank_holidays
    )


def _gather(
    desk: Desk,
    person: str,
    identities: Mapping[str, X25519Identity],
    also: tuple[str, ...],
    called: tuple[str, ...],
) -> Pack:
    from functools import partial

    from coachbook.opening import Opened, open_record
    from coachbook.subjectaccess import gather

    name = partial(reader_name, desk.book)

    def opened(record: Record) -> Opened:
        return open_record(desk.book, record, identities, name)

    return gather(desk.book, person, opened, also, called)


def _write(desk: Desk, out: Path, pack: Pack, about: Request) -> None:
    """The three files, readable for this user alone."""
    import json
    from functools import partial

    from coachbook.accesspack import format_account, format_pack, pack_json
    from coachbook.private import write_private

    data = json.dumps(pack_json(pack, about), indent=2, ensure_ascii=False)
    account = format_account(pack, about, partial(reader_name, desk.book))
    for name, text in {_PAGE: format_pack(pack, about), _DATA: data, _ACCOUNT: account}.items():
        write_private(out / name, text.encode())


def _log(
    desk: Desk, person: str, runner: str, about: Request, pack: Pack, record: Record | None
) -> str:
    """Writes how much was given into the record of the request; its path."""
    from coachbook.frontmatter import format_header
    from coachbook.opening import reread
    from coachbook.private import replace_file
    from coachbook.record import replace_field

    counts = {"records": len(pack.items), "exclusions": pack.parts_left_out}
    if record is not None:
        for key, value in counts.items():
            record = reread(record, replace_field(record, key, value))
        replace_file(desk.book.root / record.path, record.encode())
        return record.path
    school = _school(desk.book, person)
    path = f"records/{school}/logs/{about.received}-{about.record}.md"
    header: dict[str, Value] = {
        "type": _LOG,
        "id": about.record,
        "school": school,
        "requested_on": about.received,
        "due": about.due,
        **counts,
        "by": runner,
    }
    replace_file(desk.book.root / path, format_header(header).encode())
    return path


def _school(book: Book, person: str) -> str:
    """The person's first school that has records here; raises UsageError without one."""
    found = next((one for one in book.people[person].schools if one in book.schools), "")
    if not found:
        raise UsageError(
            f"{person} is at no school of this workspace",
            hint="correct `schools` in their record",
        )
    return found


def _say(pack: Pack, about: Request, path: str) -> None:
    from coachbook.calendar import format_date

    records = f"{len(pack.items)} {'record' if len(pack.items) == 1 else 'records'}"
    left = pack.parts_left_out
    say(f"{records} gathered, {left} {'part' if left == 1 else 'parts'} left out: see {_ACCOUNT}")
    say(f"to be answered by {format_date(about.due)}; written down in {path}")
    say(f"next: read {_PAGE} to the end, then hand it on, and: coachbook save {path}")
    say(f"once it is answered, write the day as answered_on: coachbook edit {about.record}")

"""What the commands that seal or open work with: book, keys, git, and whose hands they are.

A desk is made once per command. Nothing on it has been unlocked yet.
"""

from __future__ import annotations

import os
from dataclasses import field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coachbook.book import access_of, display, load_book, role_holders, short
from coachbook.cli.context import environment, open_book, relative_paths, say, system_clock
from coachbook.errors import UsageError
from coachbook.keystore import Keystore, open_keystore
from coachbook.people import split_principal
from coachbook.repository import Repository
from coachbook.sentences import join
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from coachbook.age import Random
    from coachbook.book import Book
    from coachbook.book.near import Near
    from coachbook.book.workspace import Workspace
    from coachbook.diagnostics import Diagnostic
    from coachbook.record import Record

PASSPHRASE = "COACHBOOK_PASSPHRASE"  # noqa: S105 (the name of a variable)
_PERSON = "COACHBOOK_PERSON"


@frozen
class Desk:
    """The workspace, this device's keys and the person at work."""

    book: Book
    keystore: Keystore
    repository: Repository
    environment: Mapping[str, str] = field(repr=False)
    chosen: str = ""
    """The person named with `--as`, as typed."""
    clock: Callable[[], datetime] = system_clock
    random: Random = os.urandom
    workspace: Workspace | None = None
    """The files, where the book has no more than what all schools share, or one school."""
    near: Near | None = None
    """The school whose book it is, where it is that of one."""


def person_option(command: Any) -> Any:  # noqa: ANN401 (click's own decorators)
    """Adds `--as PERSON`."""
    return click.option(
        "--as",
        "person",
        default="",
        metavar="PERSON",
        help="Whose key to use: an id or sign-in name. By default COACHBOOK_PERSON, or the only "
        "key on this device.",
    )(command)


def new_reader_option(command: Any) -> Any:  # noqa: ANN401 (click's own decorators)
    """Adds `--new-reader ID`."""
    return click.option(
        "--new-reader",
        "new_readers",
        multiple=True,
        metavar="ID",
        help="Accept this reader's new key; may be given several times.",
    )(command)


def open_desk(
    directory: Path | None,
    today: date | None,
    *,
    paths: tuple[Path, ...] = (),
    person: str = "",
) -> Desk:
    """The desk in the workspace around `directory`, the first path or the current folder."""
    existing = tuple(path for path in paths if path.exists())
    return desk_with(open_book(directory, today, paths=existing), person)


def desk_with(book: Book, person: str) -> Desk:
    """The desk with a book, this device's keys and the repository around it."""
    variables = environment()
    return Desk(
        book,
        open_keystore(variables, book.trust.workspace),
        Repository(book.root, for_programs(variables)),
        variables,
        person,
    )


def for_programs(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment as other programs get it: without the passphrase."""
    return {name: value for name, value in environment.items() if name != PASSPHRASE}


def reloaded(desk: Desk) -> Desk:
    """The same desk with the workspace as it is on disk now; one of schools has them to bring."""
    if desk.workspace is not None:
        workspace = desk.workspace.again()
        return replace(desk, book=workspace.shared, workspace=workspace, near=None)
    return replace(desk, book=load_book(desk.book.root, today=desk.book.today))


def find_actor(desk: Desk) -> str:
    """The id of the person at work; empty where nobody is named and no one key is here."""
    named = desk.chosen or desk.environment.get(_PERSON, "")
    if named:
        return find_person(desk.book, named)
    here = desk.keystore.people()
    return here[0] if len(here) == 1 else ""


def require_actor(desk: Desk) -> str:
    """The id of the person at work; raises UsageError, which lists the keys on this device."""
    person = find_actor(desk)
    if person:
        return person
    here = [f"{one} ({display(desk.book, one)})" for one in desk.keystore.people()]
    if here:
        raise UsageError("whose key is to be used?", hint=f"add --as with one of: {join(here)}")
    raise UsageError(
        "there is no key on this device",
        hint="add --as with your id, or make a key: coachbook keys new YOUR-ID",
    )


def select_records(desk: Desk, paths: Sequence[Path]) -> tuple[Record, ...]:
    """The records at the paths and in the folders, all without a path.

    Raises UsageError for a path with no record: a slip must not seal nothing in silence.
    """
    book = desk.book
    if not paths:
        return tuple(book.records.values())
    found: dict[str, Record] = {}
    for path, wanted in zip(paths, relative_paths(book, paths), strict=True):
        under = {
            one: record
            for one, record in book.records.items()
            if wanted in {".", one} or one.startswith(f"{wanted}/")
        }
        if not under and wanted not in book.unreadable:
            raise UsageError(f"there is no record at {path}", hint="records lie under records/")
        found |= under
    return tuple(found.values())


def require_record(desk: Desk, name: str) -> Record:
    """The record with this path or id; raises UsageError with the nearest id."""
    by_id = desk.book.by_id.get(name, ())
    if len(by_id) == 1:
        return by_id[0]
    if by_id:
        paths = ", ".join(record.path for record in by_id)
        raise UsageError(f"{name} is the id of several records", hint=f"name one of: {paths}")
    if os.path.lexists(name):
        records = select_records(desk, [Path(name)])
        if len(records) == 1:
            return records[0]
        raise UsageError(f"{name} is not one record", hint="name one file that ends in .md")
    if name in desk.book.records:
        return desk.book.records[name]
    close = get_close_matches(name, [*desk.book.by_id, *desk.book.records], n=1)
    hint = f"did you mean {close[0]}?" if close else "name a file, or an id such as s-7kq2m4xa"
    raise UsageError(f"there is no record {name!r}", hint=hint)


def require_unfinished(book: Book, record: Record, person: str) -> None:
    """Raises UsageError for a note that is final, or another person's draft."""
    life = access_of(book, record).life
    if life.is_draft and person and life.author and person != life.author:
        raise UsageError(
            f"{record.path} is a draft of {short(book, life.author)}, and nobody else's to change",
            hint=f"ask for it to be shared first: coachbook share {record.id}",
        )
    if life.is_final:
        raise UsageError(
            f"{record.path} is final, so it is not changed any more",
            hint=f"write an addendum: coachbook new addendum --to {record.id}",
        )


def reader_name(book: Book, principal: str) -> str:
    """A reader as messages call them: `Wren`, or `the impact monitor (Petra)`."""
    owner, _, rest = principal.partition(" ")
    name = short(book, owner)
    if split_principal(owner)[1]:
        people = [short(book, person) for person in role_holders(book, owner)]
        name = f"{name} ({join(people)})" if people else name
    return f"{name} {rest}".strip()


def reader_names(book: Book, principals: Iterable[str]) -> str:
    """Readers as messages list them: `Wren, Idris and the impact monitor (Petra)`."""
    return join([reader_name(book, one) for one in principals])


def say_findings(findings: Sequence[Diagnostic], files: int) -> None:
    """Prints findings as talk: places and remedies, never a line of a record."""
    from coachbook.report import render_text
    from coachbook.rules import Tally

    if findings:
        say(render_text(findings, {}, Tally(files, 0)).rstrip())


def find_person(book: Book, named: str) -> str:
    """The person with this id or sign-in name; raises UsageError with the nearest one."""
    wanted = named.strip().lower()
    for person in book.people.values():
        if wanted in {person.id, person.sign_in.lower()} - {""}:
            return person.id
    close = _called(book, wanted) or get_close_matches(wanted, _names(book), n=1)
    hint = f"did you mean {' or '.join(close)}?" if close else "people are in records/people"
    raise UsageError(f"there is no person {named!r} in this workspace", hint=hint)


def _called(book: Book, wanted: str) -> list[str]:
    """Those who are called so: suggested, and not taken, as a key is at stake."""
    return [
        person.sign_in or person.id
        for person in book.people.values()
        if wanted in {person.short.lower(), person.name.lower(), *person.name.lower().split()}
    ]


def _names(book: Book) -> list[str]:
    return [one for p in book.people.values() for one in (p.id, p.sign_in) if one]

"""`new`: a record with everything filled in that is already known."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import say, system_clock, workspace_options
from coachbook.cli.desk import open_desk, person_option
from coachbook.cli.unlocking import passphrase_option
from coachbook.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from coachbook.book import Book
    from coachbook.cli.desk import Desk
    from coachbook.forms import Form
    from coachbook.frontmatter import Value

_PAIR = ("coach", "coachee")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("type_", metavar="TYPE")
@click.argument("fields", nargs=-1, type=click.UNPROCESSED, metavar="[--FIELD VALUE]...")
@click.option("--school", default="", help="The school, where there are several.")
@person_option
@passphrase_option
@click.option("--yes", is_flag=True, help="Ask nothing.")
@workspace_options
def new(
    type_: str,
    fields: tuple[str, ...],
    school: str,
    person: str,
    passphrase_file: Path | None,
    yes: bool,
    directory: Path | None,
    today: dt.date | None,
) -> int:
    """Begin a record: a cycle, a session, an impact statement, or any other form.

    Every field of the form is a flag. What is left open is asked.

    Example: coachbook new session --minutes 15
    """
    from coachbook.book import expected_path
    from coachbook.fillin import fill_in, find_form
    from coachbook.newrecord import draft, new_source

    desk = open_desk(directory, today, person=person)
    book = desk.book
    form = find_form(book, type_)
    given = parse_fields(fields)
    ask = None if yes or not sys.stdin.isatty() else _ask
    if form.type == "cycle" and "partnership" not in given and any(p in given for p in _PAIR):
        book, given = _with_partnership(book, given, school)
    values = fill_in(book, form, given, school=school, ask=ask, random=os.urandom)
    carried = _carried(desk, form, values, passphrase_file)
    path = expected_path(book, draft(form, values))
    _create(book.root / path, new_source(book, form, values, carried))
    say(f"write it in your editor, then run: coachbook save {path}")
    click.echo(path)
    return 0


def parse_fields(words: tuple[str, ...]) -> dict[str, str]:
    """Reads `--field value` and `--field=value` into names and texts."""
    found: dict[str, str] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            raise UsageError(f"{word!r} belongs to no field", hint="write --field value")
        name, equals, value = word[2:].partition("=")
        if not equals:
            if not rest:
                raise UsageError(f"--{name} has no value", hint=f"write --{name} VALUE")
            value = rest.pop(0)
        found[name.replace("-", "_")] = value
    return found


def _ask(words: str) -> str:
    answer: str = click.prompt(words, default="", show_default=False, err=True)
    return answer


def _create(path: Path, text: str) -> None:
    """Writes a file that must not be there yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"{path} is there already", hint="open it with: coachbook edit") from error


def _with_partnership(
    book: Book, given: Mapping[str, str], school: str
) -> tuple[Book, dict[str, str]]:
    """Finds the pair's partnership, or begins one, so that a cycle needs no second command."""
    from coachbook.book import expected_path, load_book
    from coachbook.fillin import fill_in, find_form, find_partnership, find_person
    from coachbook.newrecord import draft, new_source

    missing = [name for name in _PAIR if name not in given]
    if missing:
        raise UsageError(f"a cycle needs a {missing[0]} too", hint=f"say --{missing[0]} PERSON")
    coach, coachee = (find_person(book, given[name]) for name in _PAIR)
    rest = {name: text for name, text in given.items() if name not in _PAIR}
    found = find_partnership(book, coach, coachee, book.today)
    if found:
        return book, rest | {"partnership": found}
    form = find_form(book, "partnership")
    pair = {"coach": coach, "coachee": coachee}
    values = fill_in(book, form, pair, school=school, ask=None, random=os.urandom)
    path = expected_path(book, draft(form, values))
    _create(book.root / path, new_source(book, form, values, {}))
    say(f"began a partnership: {path}")
    reloaded = load_book(book.root, today=book.today, clock=lambda: system_clock().date())
    return reloaded, rest | {"partnership": str(values["id"])}


def _carried(
    desk: Desk, form: Form, values: Mapping[str, Value], passphrase_file: Path | None
) -> dict[str, str]:
    """Text to begin sections with: the last session's unfinished steps, where one can open them."""
    from coachbook.cli.carry import unfinished_steps

    sections = [section.name for section in form.sections if section.steps]
    if not sections or form.type != "session" or "cycle" not in values:
        return {}
    steps = unfinished_steps(desk, str(values["cycle"]), passphrase_file)
    return {sections[0]: steps} if steps else {}

"""`new`: a record with everything filled in that is already known."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import ask, is_at_terminal, open_workspace, say, workspace_options
from coachbook.cli.desk import find_actor, person_option, reloaded
from coachbook.cli.schools import desk_of, open_shared_desk, with_everything
from coachbook.cli.unlocking import passphrase_option
from coachbook.errors import InputError, UsageError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from coachbook.book import Book
    from coachbook.cli.desk import Desk
    from coachbook.fillin import Ask
    from coachbook.formchoice import Wanted
    from coachbook.forms import Form, Forms
    from coachbook.frontmatter import Value
    from coachbook.record import Record

_ID = re.compile(r"[a-z][a-z0-9]*-[a-z0-9]{6,}")
_MEANT = "coachbook.new.type"
_PAIR = ("coach", "coachee")
_AT_WORK = ("active", "proposed")
_AGREEMENT = "agreement.required"


class _FormCommand(click.Command):
    """A command whose help page names the fields of the form that stands behind it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Notes which form is meant before `--help` is answered."""
        ctx.meta[_MEANT] = args[0] if args and not args[0].startswith("-") else ""
        return super().parse_args(ctx, args)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the fields of the form, or the forms."""
        from coachbook.fillin import describe_fields
        from coachbook.formchoice import describe_forms, describe_types, find_form

        forms, words = _known_forms()
        if ctx.meta.get(_MEANT):
            form = find_form(forms, ctx.meta[_MEANT], words)
            with formatter.section(f"Fields of {form.title.lower()}"):
                formatter.write_dl(describe_fields(form))
        else:
            with formatter.section("Types"):
                formatter.write_dl(describe_types(forms))
            with formatter.section("Other forms of a session, an observation or a priority"):
                formatter.write_dl(describe_forms(forms))


def _known_forms() -> tuple[Forms, Mapping[str, str]]:
    """Forms and words of the workspace one is in; what comes with coachbook elsewhere."""
    from coachbook.forms import builtin_forms

    try:
        book = open_workspace(None, None).shared
    except InputError:
        return builtin_forms(), {}
    return book.forms, book.trust.words


@click.command(cls=_FormCommand, context_settings={"ignore_unknown_options": True})
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

    Every field of the form is a flag; `coachbook new TYPE --help` lists them.
    What has to be known and was not said is asked.

    TYPE is a type of record, a form such as grow, a kind such as triplet, or a
    word that the trust uses for one. Of a type, the form is the one that the
    cycle's model or the school's policy asks for, or the one named by --form.

    An id behind TYPE is what the record belongs to.

    Example: coachbook new session --minutes 15

    Example: coachbook new impact c-0a1b2c3d --author "Petra Quillfeather"

    Example: coachbook new observation --form ect-observation --observed "Wren Ashgrove"
    """
    from coachbook.book import MoreNeededError

    desk = open_shared_desk(directory, today, person=person)
    asking = None if yes or not is_at_terminal() else ask

    def make(at: Desk) -> int:
        return _new(at, type_, fields, school, asking, passphrase_file)

    try:
        return make(_near(desk, fields, school))
    except MoreNeededError:
        return make(with_everything(desk))


def _near(desk: Desk, words: Iterable[str], school: str) -> Desk:
    """The desk with the one school of everything that is named, or of the person at work."""
    from coachbook.candidates import find_person

    found = []
    for word in (one for text in words for one in text.rpartition("=")[2].split(",")):
        with suppress(UsageError):
            found.append(find_person(desk.book, word))
        if _ID.fullmatch(word.strip()):
            found.append(word.strip())
    if not found and not school:
        found = [find_actor(desk)]
    return desk_of(desk, *found, school=school)


def _new(
    desk: Desk,
    type_: str,
    fields: tuple[str, ...],
    school: str,
    asking: Ask | None,
    passphrase_file: Path | None,
) -> int:
    """Begins the record, and says what may be written in it and beside it."""
    wanted, given = _wanted(desk.book, type_, fields, school)
    begun: list[Path] = []
    try:
        is_cycle = wanted.form.type == "cycle" and "partnership" not in given
        if is_cycle and any(name in given for name in _PAIR):
            desk, given = _with_partnership(desk, given, school, begun)
        record = _begin(desk, wanted, given, school, asking, passphrase_file)
    except BaseException:
        for file in begun:
            file.unlink()
        raise
    for file in begun:
        say(f"began a partnership: {file.relative_to(desk.book.root).as_posix()}")
    say(f"write it in your editor, then run: coachbook save {record.path}")
    for words in (*_left_open(desk.book, record), *_beside(desk.book, record)):
        say(words)
    click.echo(record.path)
    return 0


def _left_open(book: Book, record: Record) -> Iterator[str]:
    """The fields that the header can have besides, for whoever goes on in an editor."""
    from coachbook.book import form_of
    from coachbook.newrecord import optional_fields

    form = form_of(book, record)
    names = [name for name in optional_fields(form) if name not in record.fields] if form else []
    if names:
        yield f"its header can also say, each on a line of its own: {', '.join(names)}"


def _beside(book: Book, record: Record) -> Iterator[str]:
    """What has to be written into the pair's own record beside the new one."""
    from coachbook.book import follow, policy_for

    ids = follow(book, record, "partnership")
    pair = book.by_id[ids[0]][0] if ids and ids[0] in book.by_id else None
    if pair is None:
        return
    if record.type == "stop" and pair.value("status") in _AT_WORK:
        day = book.today.isoformat()
        yield f"then pause the pair: write `status: paused` and `paused_from: {day}` in {pair.path}"
    policy = policy_for(book, record)
    is_asked = policy is not None and policy.get(_AGREEMENT) is True
    if record.type == "cycle" and is_asked and not pair.value("agreed_on"):
        yield (
            "before the first session the pair agrees how it will work; once both have, write "
            f"the day as `agreed_on` in {pair.path}"
        )


def _wanted(
    book: Book, type_: str, fields: tuple[str, ...], school: str
) -> tuple[Wanted, dict[str, str]]:
    """The form that is meant, and the fields by their own names."""
    from coachbook.fillin import in_own_words, own_words
    from coachbook.formchoice import find_wanted

    words = own_words(book, school)
    wanted = find_wanted(book.forms, type_, words)
    given = parse_fields(_with_flag(book, wanted.form, fields))
    form = given.get("form")
    if form is not None:
        kind = wanted.form.type
        wanted = replace(find_wanted(book.forms, form), fixed=True)
        if wanted.form.type != kind:
            raise UsageError(
                f"the form {form} is for another type of record: {wanted.form.type}, not {kind}",
                hint=f"write: coachbook new {form}",
            )
    named = {name: text for name, text in given.items() if name != "form"}
    return wanted, in_own_words(named, (*wanted.form.fields, *_PAIR), words)


def _with_flag(book: Book, form: Form, words: tuple[str, ...]) -> tuple[str, ...]:
    """The words, an id that comes first with the flag of the field that it fits."""
    if not words or not _ID.fullmatch(words[0]):
        return words
    found = book.by_id.get(words[0], ())
    if not found:
        book.require_all()
        close = get_close_matches(words[0], book.by_id, n=1)
        hint = f"did you mean {close[0]}?" if close else "give the id of a record"
        raise UsageError(f"there is no record {words[0]!r}", hint=hint)
    for field in form.fields.values():
        kind = "person" if field.type == "person" else field.to
        if kind == found[0].type:
            return (f"--{field.name}", *words)
    return words


def _begin(
    desk: Desk,
    wanted: Wanted,
    given: Mapping[str, str],
    school: str,
    asking: Ask | None,
    passphrase_file: Path | None,
) -> Record:
    """Fills in the record and writes it."""
    from coachbook.book import MoreNeededError, expected_path
    from coachbook.fillin import begin
    from coachbook.newrecord import draft, new_source

    book, given = desk.book, _by_the_writer(desk, wanted.form, given)
    form, values = begin(
        book,
        wanted,
        given,
        school=school,
        ask=asking,
        random=os.urandom,
        person=find_actor(desk),
    )
    carried = _carried(desk, form, values, passphrase_file)
    begun = draft(form, values)
    if form.whole and not (desk.near is None or desk.near.knows(begun.encode())):
        raise MoreNeededError
    path = expected_path(book, begun)
    _create(book.root / path, new_source(book, form, values, carried))
    return replace(begun, path=path)


def _by_the_writer(desk: Desk, form: Form, given: Mapping[str, str]) -> dict[str, str]:
    """The fields, with the person at work as the author of a draft or an addendum."""
    from coachbook.life import ADDENDUM, AUTHOR, DRAFT, STATE

    keys = [AUTHOR] if given.get(STATE) == DRAFT else []
    keys += ["by"] if form.type == ADDENDUM else []
    person = find_actor(desk) if keys else ""
    return {key: person for key in keys if person} | dict(given)


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


def _create(path: Path, text: str) -> None:
    """Writes a file that must not be there yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"{path} is there already", hint="open it with: coachbook edit") from error


def _with_partnership(
    desk: Desk, given: Mapping[str, str], school: str, begun: list[Path]
) -> tuple[Desk, dict[str, str]]:
    """Finds the pair's partnership, or begins one, so that a cycle needs no second command."""
    from coachbook.book import expected_path
    from coachbook.candidates import find_partnership, find_person
    from coachbook.fillin import begin
    from coachbook.formchoice import find_wanted
    from coachbook.newrecord import draft, new_source

    book = desk.book
    missing = [name for name in _PAIR if name not in given]
    if missing:
        raise UsageError(f"a cycle needs a {missing[0]} too", hint=f"say --{missing[0]} PERSON")
    coach, coachee = (find_person(book, given[name]) for name in _PAIR)
    rest = {name: text for name, text in given.items() if name not in _PAIR}
    found = find_partnership(book, coach, coachee, book.today)
    if found:
        return desk, rest | {"partnership": found}
    wanted = find_wanted(book.forms, "partnership")
    pair = {"coach": coach, "coachee": coachee}
    form, values = begin(book, wanted, pair, school=school, ask=None, random=os.urandom)
    file = book.root / expected_path(book, draft(form, values))
    _create(file, new_source(book, form, values, {}))
    begun.append(file)
    after = _near(reloaded(desk), (coach, coachee), school)
    return after, rest | {"partnership": str(values["id"])}


def _carried(
    desk: Desk, form: Form, values: Mapping[str, Value], passphrase_file: Path | None
) -> dict[str, str]:
    """Text to begin sections with: the last session's unfinished steps, where one can open them."""
    from coachbook.cli.carry import owner_of, unfinished_steps

    sections = [section.name for section in form.sections if section.steps]
    owner = owner_of(values)
    if not sections or form.type != "session" or not owner:
        return {}
    carried: dict[str, str] = {}
    for name, steps in unfinished_steps(desk, owner, passphrase_file).items():
        place = name if name in sections else sections[0]
        carried[place] = carried.get(place, "") + steps
    return carried

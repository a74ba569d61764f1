"""CB1xx: whether this is a record, is whole, and lies where it belongs."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from coachbook.book import expected_path, form_of, is_in_place
from coachbook.book.files import difference
from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.linemerge import has_marks
from coachbook.rules.about import ANY_TYPE, Given, about
from coachbook.rules.rule import Case, Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coachbook.book import Book
    from coachbook.record import Record

_TOP = Span(1)
_RANDOM_PART = "[a-z0-9]{4,16}"
_SLUG = "[a-z][a-z0-9-]*"


def header_unreadable(book: Book) -> Iterable[Diagnostic]:
    """A record begins with a header that can be read.

    The header stands between two lines that are exactly `---`. If it cannot be
    read, nobody can tell what kind of record the file is, so it is held back:
    it appears on no page and is counted as held back.

    Why: half a header is worse than none. A tool that guesses may take a concern for a session.
    Example:
        focus: Writing: stems
        a second colon needs quotes
    Remedy: correct the line that is named, or let `coachbook fix` do it.
    Source: promise 6, mistakes 9, 10, 11, 14 and 15
    """
    return (finding for finding in book.findings if finding.code == "CB101")


@about(ANY_TYPE, given=Given.FAULTS)
def unknown_key(case: Case) -> Iterable[Diagnostic]:
    """A header has only the fields of its form.

    Why: a misspelt field is a field that nobody reads, and a field that no form
    knows has no rule that says who may see it.
    Example:
        cochee: p-3fd0aaaa
        `cochee` is not a field here
    Remedy: correct the name, or delete the line.
    Source: promise 6, mistake 16
    """
    return case.found_earlier("CB102")


@about(ANY_TYPE, given=Given.FAULTS)
def missing_key(case: Case) -> Iterable[Diagnostic]:
    """A header has every field that its form asks for.

    Why: without its date or its cycle a record cannot be put where it belongs.
    Example:
        `date` is missing
    Remedy: add the line; `coachbook new` writes all of them for you.
    Source: domain section 3
    """
    return case.found_earlier("CB103")


@about(ANY_TYPE, given=Given.FAULTS)
def unfit_value(case: Case) -> Iterable[Diagnostic]:
    """Every value is of the kind that its form asks for.

    Dates may be written as people write them, such as 12 Nov 2026, as long as
    they can mean only one day.

    Why: 11/03/2026 is March to one reader and November to another.
    Example:
        date: 11/03/2026
        is this 11 March or 3 November?
    Remedy: write the value as the message shows it.
    Source: mistakes 8, 12, 13, 17 and 24
    """
    return case.found_earlier("CB104")


@about(ANY_TYPE, where=lambda case: case.form.identity != "none")
def malformed_id(case: Case) -> Iterator[Finding]:
    """An id is the letters of its type, a hyphen and four to sixteen letters or digits.

    Why: ids name the record in every other file and in what is sealed, so they
    are random, short and never a person's name.
    Example:
        id: wren
        `wren` cannot be the id here; one looks like s-7kq2m4xa
    Remedy: make a new record with `coachbook new`, which chooses an id.
    Source: design, "Records"
    """
    if case.form.identity == "none" or not case.record.id:
        return
    slug = case.form.identity == "slug"
    if not _id_pattern(case.form.prefix, slug=slug).fullmatch(case.record.id):
        example = "otterbeck" if slug else f"{case.form.prefix}-7kq2m4xa"
        yield Finding(
            case.span("id"),
            f"`{case.record.id}` cannot be the id here; one looks like {example}",
            "small letters and digits only; `coachbook new` chooses one for you",
        )


@cache
def _id_pattern(prefix: str, *, slug: bool) -> re.Pattern[str]:
    """What an id on a form looks like."""
    return re.compile(_SLUG if slug else f"{prefix}-{_RANDOM_PART}")


@about(ANY_TYPE)
def duplicate_id(case: Case) -> Iterator[Finding]:
    """An id belongs to one file.

    Why: two files with one id are two truths about one session, usually because
    a synced folder kept both or a file was copied to start a new one.
    Example:
        id: s-7kq2m4xa
        `s-7kq2m4xa` is in two files: the two are identical except line 12
    Remedy: delete the one that is wrong; to start a new record use `coachbook new`.
    Source: mistake 29
    """
    found = case.book.by_id.get(case.record.id, ())
    others = [one for one in found if one.path != case.record.path]
    if not others:
        return
    other = others[0]
    count = "two" if len(others) == 1 else str(len(others) + 1)
    lines = case.record.source.splitlines(), other.source.splitlines()
    yield Finding(
        case.span("id"),
        f"`{case.record.id}` is in {count} files: {difference(*lines)}",
        f"the other is {other.path}; delete the one that is wrong",
    )


@about(ANY_TYPE)
def wrong_place(case: Case) -> Iterator[Finding]:
    """A file lies in the folder and has the name that its header says.

    Why: school, school year and cycle can be told from the path alone, so a
    record in another school's folder would be judged by another school's policy.
    Example:
        records/otterbeck/2026-27/notes.md
        by its header this file belongs at records/otterbeck/2026-27/c-0a1b2c3d/2026-11-12-….md
    Remedy: move it with `git mv`, or correct the field that the path is made of.
    Source: design, "Records"
    """
    if is_in_place(case.book, case.record):
        return
    expected = expected_path(case.book, case.record)
    if expected and not _follows_a_slip(case):
        yield Finding(
            _TOP,
            f"by its header this file belongs at {expected}",
            f"if the header is right, move it there: git mv {case.record.path} {expected}",
            quotable=False,
        )


def _follows_a_slip(case: Case) -> bool:
    """Whether the place is made of an id that leads nowhere, which is reported as that."""
    return any(
        field.type == "reference"
        and re.search(rf"[{{|]{field.name}[|}}]", case.form.place)
        and case.value(field.name) is not None
        and case.value(field.name) not in case.book.by_id
        for field in case.form.fields.values()
    )


@about(ANY_TYPE, given=Given.FAULTS)
def section_syntax(case: Case) -> Iterable[Diagnostic]:
    """A section begins with `## ` and its name, on a line of its own.

    Why: a line that only looks like a heading is none, and the text below it
    would belong to the section before, or to none at all, and stay in the clear.
    Example:
        **Coach notes**
        this line reads like the heading of the section "Coach notes" and is none
    Remedy: write `## Coach notes`; `coachbook fix` puts right what is clear.
    Source: design, "Records"; pitfalls, "Where plaintext and secrets escape"
    """
    found = tuple(case.found_earlier("CB108"))
    # Between the marks of a merge every heading stands twice: CB504 says what is to be done.
    return () if found and has_marks(case.record.source) else found


@about(ANY_TYPE, given=Given.FAULTS)
def wrong_section(case: Case) -> Iterable[Diagnostic]:
    """A record has the sections of its form and no others.

    Why: only the form says who may read a section. One that it does not know
    could not be sealed for anybody, so nothing of the school is published until
    it has a name from the form.
    Example:
        ## Thoughts
        this heading names no section of the form
    Remedy: move the text under one of the headings that the message lists.
    Source: promise 6
    """
    return case.found_earlier("CB109")


def not_a_record(book: Book) -> Iterable[Diagnostic]:
    """Under `records` lie records, forms and keys, and nothing else.

    Why: a spare copy, a Word document or a link may hold what should be sealed,
    and nobody would look at it. It is never published.
    Example:
        2026-11-12-s-7kq2m4xa (1).md
        is a second copy of `2026-11-12-s-7kq2m4xa.md`: the two are identical except line 12
    Remedy: keep what you need in a record and delete the file, or move it elsewhere.
    Source: mistake 29; pitfalls, "Input"
    """
    return (finding for finding in book.findings if finding.code == "CB110")


@about(ANY_TYPE, given=Given.FAULTS)
def byte_order_mark(case: Case) -> Iterable[Diagnostic]:
    """A file begins with `---`, not with an invisible mark.

    Some editors on Windows put a byte order mark in front. It is read past
    here, and other programs trip over it.

    Why: a site builder that does not know it prints the header as text.
    Example:
        an invisible mark before the first `---`
        the file begins with a byte order mark
    Remedy: run `coachbook fix`, or save the file as UTF-8 without a mark.
    Source: pitfalls, "Front matter and YAML"
    """
    return case.found_earlier("CB112")


def unknown_type(book: Book) -> Iterator[Diagnostic]:
    """Every record says what it is, and there is a form for it.

    Why: without a form nobody knows who may read the record, so it counts as
    confidential and nothing of its school is published.
    Example:
        type: sesion
        there is no form for `sesion`
    Remedy: correct the type or the form's name in the header.
    Source: promise 6
    """
    return (
        untyped(book, record) for record in book.records.values() if form_of(book, record) is None
    )


def untyped(book: Book, record: Record) -> Diagnostic:
    """The finding CB111 about a record without a form."""
    key = "form" if record.type in book.forms.types() else "type"
    field = record.fields.get(key)
    message, hint = _type_message(book, record, key)
    return Diagnostic(
        path=record.path,
        span=field.span if field else _TOP,
        code="CB111",
        severity=Severity.ERROR,
        message=message,
        hint=hint,
        consequence=Consequence.STOPS,
        quotable=False,
        record=record.id,
        school=record.school,
    )


def _type_message(book: Book, record: Record, key: str) -> tuple[str, str]:
    """Says what is unknown; what could be a confidential type is not repeated."""
    if key == "form":
        return "there is no such form for this type, or not in this version", (
            "leave the line `form` out to use the newest one"
        )
    if not record.type:
        return "the header does not say what this is", "add a line such as `type: session`"
    names = sorted(book.forms.types())
    close = get_close_matches(record.type, names, n=1)
    if not close:
        return "there is no form for this type of record", f"types are: {', '.join(names)}"
    form = book.forms.latest_of_type(close[0])
    if form is None or form.whole:
        return "there is no form for this type of record", "look for a slip in the word"
    return f"there is no form for `{record.type}`", f"did you mean `{close[0]}`?"

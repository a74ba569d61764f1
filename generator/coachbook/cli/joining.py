"""One more school in a trust that has a workspace already."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from coachbook.book import load_book
from coachbook.book.files import RECORDS
from coachbook.cli.context import say
from coachbook.diagnostics import Severity
from coachbook.errors import FindingsError, UsageError
from coachbook.interview import complete
from coachbook.rules import check_book
from coachbook.scaffold import HALF_TERMS, plan_school, school_slug, write_files

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from coachbook.book import Book
    from coachbook.interview import Ask, Given


def add_school(folder: Path, given: Given, preset: str, asking: Ask | None, today: dt.date) -> int:
    """Writes a school with a policy of its own beside those of the trust; 0 when it is there."""
    book = load_book(folder, today=today)
    _fill_in(book, given)
    full = complete(given, asking, preset=preset)
    taken = {*book.by_id, *(person.sign_in for person in book.people.values())}
    planned = plan_school(full, preset=preset, random=os.urandom, taken=taken)
    files = {path: text for path, text in planned.items() if not (folder / path).exists()}
    _place_beside(folder, files, today)
    say(f"{full.school} is added to {book.trust.name}, and not committed yet")
    say("look at the new files, then: coachbook save")
    for path in files:
        click.echo(path)
    return 0


def require_clean(folder: Path, today: dt.date, files: Collection[str]) -> None:
    """Raises FindingsError where one of the new files of a workspace has an error."""
    findings = check_book(load_book(folder, today=today))
    errors = [f for f in findings if f.severity is Severity.ERROR and f.path in files]
    if errors:
        raise FindingsError(
            f"these answers do not go together: {errors[0].message}",
            hint=errors[0].hint or "change the answer and run init again; nothing was written",
        )


def _fill_in(book: Book, given: Given) -> None:
    """Answers what the records know already of a school that only lacks a policy.

    Raises UsageError where the school has one.
    """
    if not given.school and not given.slug:
        return
    slug = school_slug(given.school, given.slug)
    school = book.schools.get(slug)
    if school is None:
        return
    own = f"{RECORDS}/{slug}/"
    if any(policy.path.startswith(own) for policy in book.policies.get(slug, ())):
        raise UsageError(
            f"{school.name} is here already, with a policy",
            hint=f"write its next version beside that one, or choose another name with --slug: "
            f"{slug} is taken",
        )
    given.school, given.slug, given.phase, given.is_known = school.name, slug, school.phase, True
    years = sorted(year for owner, year in book.calendars if owner == slug)
    if years and not given.terms:
        halves = book.calendars[slug, years[-1]].half_terms
        spans = (f"{one.start} to {one.end}" for one in halves)
        given.terms.update(zip(HALF_TERMS, spans, strict=True))


def _place_beside(folder: Path, files: Mapping[str, str], today: dt.date) -> None:
    """Writes the files and checks them where they stand; takes them away again if one is wrong.

    A copy to check elsewhere would copy whatever is not sealed yet.
    """
    is_new = {place for path in files for place in (folder / path).parents if not place.exists()}
    try:
        write_files(folder, files)
        require_clean(folder, today, files)
    except BaseException:
        for path in files:
            (folder / path).unlink(missing_ok=True)
        for place in sorted(is_new, reverse=True):
            if place.exists():
                place.rmdir()
        raise

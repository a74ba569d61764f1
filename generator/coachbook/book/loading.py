"""From the folder `records/` to a Book: what is read there, put together.

Forms come first, because they say what every other file means. Nothing here raises for a fault in
one record, only where there is no workspace to speak of.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING

from coachbook.book.access import DRAFT_INFO
from coachbook.book.assembly import Files, assemble, assemble_on
from coachbook.book.files import Listing, list_files
from coachbook.book.organisation import NO_WORKSPACE_HINT, TRUST_PATH
from coachbook.book.parsed import Parsed, prints_of
from coachbook.book.reading import read_beside, read_contents, read_records
from coachbook.cache import FORGETFUL, Cache
from coachbook.copies import without_collection
from coachbook.errors import InputError
from coachbook.forms import builtin_forms, load_forms
from coachbook.keyring import load_keyring
from coachbook.people import split_principal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from coachbook.book.model import Book
    from coachbook.forms import Forms

_PEOPLE = re.compile(r"records/(?:trust\.md|people/[^/]+|[^/]+/(?:school\.md|roles/[^/]+))$")
"""Where the trust, its schools, people and roles lie; keys are read in any case."""

_NO_PRINTS: Mapping[str, bytes] = MappingProxyType({})


def find_root(start: Path) -> Path:
    """The nearest folder at or above `start` that has `records/trust.md`."""
    place = start.absolute()
    for folder in (place, *place.parents):
        if (folder / TRUST_PATH).is_file():
            return folder
    raise InputError(f"there is no {TRUST_PATH} in {place} or above it", hint=NO_WORKSPACE_HINT)


def load_book(
    root: Path,
    *,
    today: date | None = None,
    clock: Callable[[], date] = date.today,
    cache: Cache = FORGETFUL,
) -> Book:
    """Everything under `root/records`; today is the argument, the trust's `as_of`, or the clock.

    What an earlier run has read, and `cache` holds, is not taken apart again.

    Raises InputError where the trust record cannot be used or is of a newer
    format, and FormError where a form of the workspace cannot be.
    """
    return load_listed(root, list_files(root), today=today, clock=clock, cache=cache)


def load_people(root: Path) -> Book:
    """Trust, schools, people, roles and keys alone: enough to unlock a key and to name readers.

    For what git runs again and again, in a workspace of any size. No record of coaching is read,
    so nothing that follows from one can be asked of this book.
    """
    listing = list_files(root)
    people = tuple(filter(_PEOPLE.match, listing.records))
    return load_listed(root, replace(listing, records=people))


def load_listed(
    root: Path,
    listing: Listing,
    *,
    today: date | None = None,
    clock: Callable[[], date] = date.today,
    cache: Cache = FORGETFUL,
    name: str = "records",
) -> Book:
    """The Book of the files in a listing; `name` is theirs in the cache."""
    with without_collection():
        findings = list(listing.findings)
        form_files = read_contents(root, listing.forms, findings)
        forms = _load_forms(form_files)
        parsed = Parsed(cache, name, forms)
        read = read_records(root, listing.records, forms, parsed)
        findings += read.findings
        key_files = read_contents(root, listing.keys, findings)
        keyring, key_findings = load_keyring(key_files)
        beside = {**form_files, **key_files, **read_beside(root)}
        files = Files(root, forms, keyring, prints_of(beside))
        book = assemble(files, read, (*findings, *key_findings), today, clock)
        parsed.keep(book.entries, _may_be_named(book))
        return book


def extend(
    book: Book,
    paths: Iterable[str],
    cache: Cache = FORGETFUL,
    name: str = "",
    prints: Mapping[str, bytes] = _NO_PRINTS,
    earlier: Book | None = None,
) -> Book:
    """The Book with the records in more files, which `name` stands for in the cache.

    None of them is a person, a role, a school or what else a book is made of, and no record that
    is there already leads to one of them: so what was made of those is not made again.

    Args:
        book: the Book.
        paths: the files.
        cache: where it is kept what was in them before.
        name: under which name it is kept there.
        prints: the hashes of files, as far as somebody has just found them out.
        earlier: such a book that is in memory; a record that is in both is not read by its form
            again.
    """
    with without_collection():
        parsed = Parsed(cache, name, book.forms)
        read = read_records(book.root, paths, book.forms, parsed, prints)
        extended = assemble_on(book, read, earlier)
        parsed.keep(extended.entries, _may_be_named(extended))
        return extended


def _load_forms(contents: Mapping[str, bytes]) -> Forms:
    return load_forms(contents.items(), base=builtin_forms()) if contents else builtin_forms()


def _may_be_named(book: Book) -> frozenset[str]:
    """Whoever may be named beside a sealed block: columns of policies, roles and people."""
    policies = chain.from_iterable(book.policies.values())
    columns = chain.from_iterable(policy.columns for policy in policies)
    roles = (split_principal(one)[0] for one in book.roles)
    return frozenset((DRAFT_INFO, *columns, *roles, *book.roles, *book.people))

"""Where what is made from records may not be put: areas that a school shares, and the cache.

    require_unshared(book, out)     # raises UsageError for S:/Staff shared/site
    require_no_source(book.root, out)   # raises UsageError for records/site
    require_apart(cache, out)       # raises UsageError where one would lie in the other

A school lists them in its record as `shared_areas`: whole paths such as `S:/Staff shared`, or the
name of a folder wherever it lies, such as `Staff shared`.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from coachbook.book import policy_now
from coachbook.cache import FOLDER
from coachbook.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coachbook.book import Book, School
    from coachbook.cache import Cache

_FIELD = "shared_areas"
_SOURCES = ("records", "site_templates", ".git")
_OUTPUTS = "storage.outputs"
_WHOLE = re.compile(r"/|[a-z]:/")


def require_unshared(book: Book, place: Path) -> None:
    """Raises UsageError if a place lies in an area that a school of the workspace shares."""
    named, real = _plain(os.path.abspath(place)), _plain(os.path.realpath(place))  # noqa: PTH100 (the name as it was given counts too)
    for school, area in _areas(book):
        if _lies_in(named, _plain(area)) or _lies_in(real, _plain(area)):
            clause = _clause(book, school)
            raise UsageError(
                f"{place} lies in a shared area of {school.name}, where nothing that is made "
                f"from records may be kept{clause}",
                hint="name a folder of your own, such as one in your personal area",
            )


def require_new(book: Book, place: Path, *, within: str, hint: str) -> None:
    """Raises UsageError unless a folder is new or empty, outside the workspace and not shared.

    Args:
        book: the workspace.
        place: the folder.
        within: why no place in the workspace will do, as words that follow "the workspace".
        hint: where else it may lie.
    """
    if os.path.lexists(place) and (not place.is_dir() or any(place.iterdir())):
        raise UsageError(f"{place} is there already", hint="name a new folder, or an empty one")
    if place.resolve().is_relative_to(book.root.resolve()):
        raise UsageError(f"{place} lies in the workspace{within}", hint=hint)
    require_unshared(book, place)


def require_apart(cache: Cache, site: Path) -> None:
    """Raises UsageError if the cache lies in the place of a site, or the site in the cache.

    What lies in a site is published, or goes with the next build.
    """
    if cache.folder is None:
        return
    inner, outer = cache.folder.resolve(), site.resolve()
    if inner.is_relative_to(outer):
        raise UsageError(
            f"the cache {cache.folder} lies in the place of the site, {site}",
            hint=f"name a folder outside the site with {FOLDER}, or another one with --out",
        )
    if outer.is_relative_to(inner.parent):
        raise UsageError(
            f"{site} lies in the folder of the cache, {cache.folder.parent}",
            hint=f"name another folder with --out, or another one for the cache with {FOLDER}",
        )


def require_no_source(root: Path, site: Path) -> None:
    """Raises UsageError if a site would lie among the records, the templates or git's own files.

    Its files would be looked at as records that nobody understands, or be committed with them.
    """
    place = site.resolve()
    for name in _SOURCES:
        if place.is_relative_to((root / name).resolve()):
            raise UsageError(
                f"{site} lies in {root / name}, which a site is made from",
                hint="name another folder with --out",
            )


def _areas(book: Book) -> Iterator[tuple[School, str]]:
    for school in book.schools.values():
        entry = book.entries.get(school.path)
        found = entry.values.get(_FIELD) if entry else None
        for area in found if isinstance(found, tuple) else ():
            if isinstance(area, str) and area.strip():
                yield school, area


def _lies_in(place: str, area: str) -> bool:
    if _WHOLE.match(area):
        return f"{place}/".startswith(f"{area}/")
    return f"/{area}/" in f"{place}/"


def _plain(path: str) -> str:
    """The path with slashes one way and in small letters, as school networks compare them."""
    return path.replace("\\", "/").rstrip("/").casefold()


def _clause(book: Book, school: School) -> str:
    policy = policy_now(book, school.id)
    number = policy.clause_of(_OUTPUTS) if policy else ""
    return f" [{number}]" if number else ""

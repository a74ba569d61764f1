"""A built site beside what its records give: what was altered after the build.

Whoever can change a site can change its manifest too. Everything in it that
needs no key comes out the same for the same records, so it is made again and
compared byte for byte. Sealed pages differ with each build; what is in them is
for their readers alone to judge.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from coachbook.audit import Leak
from coachbook.cache import FORGETFUL, Cache
from coachbook.manifest import FRAGMENT, load_manifest
from coachbook.pages import open_templates
from coachbook.publicpart import (
    HANDBOOK,
    PARTS,
    PORTAL,
    handbook_texts,
    write_handbook,
    write_portal_page,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from coachbook.book import Book


def compare_site(
    site: Path, book: Book, cache: Cache = FORGETFUL, stopped: Collection[str] = ()
) -> tuple[Leak, ...]:
    """Every public file of a site that a build of these records would not have made so.

    Args:
        site: the folder of the site.
        book: the records.
        cache: where the last good pages are of schools that are stopped.
        stopped: the schools of which nothing new is published.
    """
    parts = tuple(part for part in PARTS if (site / part).is_dir())
    with tempfile.TemporaryDirectory(prefix="coachbook-audit-") as name:
        anew = Path(name)
        make_anew(anew, book, parts, cache, stopped)
        return differences(site, anew)


def make_anew(
    folder: Path,
    book: Book,
    parts: tuple[str, ...] = PARTS,
    cache: Cache = FORGETFUL,
    stopped: Collection[str] = (),
) -> None:
    """Writes what a build gives that needs no key."""
    templates = open_templates(book.root)
    if HANDBOOK in parts:
        texts = handbook_texts(book, templates, cache, stopped)
        with write_handbook(folder / HANDBOOK, book, templates, texts, stopped):
            pass
    if PORTAL in parts:
        write_portal_page(folder / PORTAL, book, templates)


def differences(site: Path, anew: Path) -> tuple[Leak, ...]:
    """Where the public files of a site are not those that were made anew."""
    return tuple(sorted(_differences(site, anew), key=lambda leak: leak.file))


def _differences(site: Path, anew: Path) -> Iterator[Leak]:
    sealed = {name for name, item in load_manifest(site).items() if item.kind == FRAGMENT}
    expected = {p.relative_to(anew).as_posix(): p for p in anew.rglob("*") if p.is_file()}
    found = {p.relative_to(site).as_posix() for part in PARTS for p in _files(site / part)}
    for name in sorted(expected.keys() | found - sealed):
        if name not in expected:
            yield Leak(name, "is no file that these records give")
        elif name not in found:
            yield Leak(name, "is missing")
        elif (site / name).read_bytes() != expected[name].read_bytes():
            yield Leak(name, "is not what these records and this version of coachbook give")


def _files(folder: Path) -> Iterator[Path]:
    """Regular files; the audit has a word about everything else."""
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())

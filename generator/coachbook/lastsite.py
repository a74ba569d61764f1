"""The site that the last build left, whose files are used again where nothing in them changed.

Sealing gives fresh bytes each time, so a page that was not made anew is taken as it lies there.
What is known of its files is in the cache, bound to the bytes by the site's own manifest: a site
from elsewhere, or a file that somebody has changed, is never taken for ours.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import suppress
from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias, cast

from coachbook.errors import InputError
from coachbook.manifest import FRAGMENT, NAME, load_manifest
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from coachbook.audience import Audience
    from coachbook.book import Book
    from coachbook.cache import Cache
    from coachbook.manifest import Item

Prints: TypeAlias = "dict[str, tuple[bytes, str]]"
"""By the name of a fragment: what it holds and for whom, as a hash, and the SHA-256 of its file."""

_SEALED = "sealed"
_DATA, _ENDING = "portal/data/", ".js"


@frozen
class LastSite:
    """A site, and what was sealed into its fragments; without either it has nothing."""

    folder: Path
    items: Mapping[str, Item] = field(default_factory=dict)
    prints: Mapping[str, bytes] = field(default_factory=dict)

    def has(self, name: str, print_: bytes) -> bool:
        """Whether a fragment of this name is there that holds just this, for the same keys."""
        return self.prints.get(name) == print_

    def take(self, names: Iterable[str], into: Path) -> None:
        """Puts files of the site, by their names in it, into another one."""
        source, target = os.fspath(self.folder), os.fspath(into)
        there: set[str] = set()
        for name in names:
            parent = name.rpartition("/")[0]
            if parent not in there:
                (into / parent).mkdir(parents=True, exist_ok=True)
                there.add(parent)
            _take(f"{source}/{name}", f"{target}/{name}")

    def put(self, name: str, data: bytes, into: Path) -> bool:
        """Writes a file of another site, or takes this one's where it has the very same bytes.

        A second name is made ten times as fast as a file. Says whether that was enough.
        """
        place = into / name
        if name in self.items and _is_file_of(self.folder / name, data):
            _take(os.fspath(self.folder / name), os.fspath(place))
            return True
        write_apart(place, data)
        return False

    def holds(self, items: Mapping[str, Item]) -> bool:
        """Whether just these files are there, if its manifest tells the truth."""
        return bool(items) and all(
            self.items.get(name) == item and (self.folder / name).is_file()
            for name, item in items.items()
        )

    def without(self, names: Collection[str]) -> LastSite:
        """The same site, of which some files are not used."""
        gone = {name[len(_DATA) : -len(_ENDING)] for name in names if name.startswith(_DATA)}
        return LastSite(
            self.folder,
            {name: item for name, item in self.items.items() if name not in names},
            {name: print_ for name, print_ in self.prints.items() if name not in gone},
        )


def find_last(folder: Path, cache: Cache) -> LastSite:
    """The site in the folder, as far as the cache knows it and its files are there."""
    known = cast("Prints | None", cache.read(_SEALED))
    if not known or not (folder / NAME).is_file():
        return LastSite(folder)
    try:
        items = load_manifest(folder)
        there = set(os.listdir(folder / _DATA))  # noqa: PTH208 (thousands of names, nothing else)
    except (InputError, OSError):
        return LastSite(folder)
    prints = {
        name: print_
        for name, (print_, sha256) in known.items()
        if f"{name}{_ENDING}" in there
        and (item := items.get(file_of(name)))
        and item.sha256 == sha256
    }
    return LastSite(folder, items, prints)


def keep_prints(cache: Cache, prints: Mapping[str, bytes], items: Mapping[str, Item]) -> None:
    """Leaves to the next build what the fragments of this one hold."""
    cache.write(_SEALED, {name: (one, items[file_of(name)].sha256) for name, one in prints.items()})


def write_apart(place: Path, data: bytes) -> None:
    """Writes a file of a new site, and never into one that the last site has under another name."""
    place.unlink(missing_ok=True)
    place.write_bytes(data)


def sealed_print(print_: bytes, audience: Audience, book: Book) -> bytes:
    """What a fragment holds and for which keys, as one hash (BLAKE2b, 16 bytes)."""
    found = hashlib.blake2b(print_, digest_size=16)
    for reader in sorted(audience.principals or ()):
        key = book.keyring.current(reader)
        found.update(f"{reader} {key.fingerprint if key else ''}\n".encode())
    return found.digest()


def file_of(fragment: str) -> str:
    """Where a fragment lies in a site."""
    return f"{_DATA}{fragment}{_ENDING}"


def fragments_of(items: Mapping[str, Item]) -> int:
    """How many private pages a site has."""
    return sum(item.kind == FRAGMENT for item in items.values())


def _is_file_of(place: Path, data: bytes) -> bool:
    """Whether a file, and no link to one, holds just these bytes."""
    try:
        return not place.is_symlink() and place.read_bytes() == data
    except OSError:
        return False


def _take(source: str, target: str) -> None:
    """The same file under a second name, or a copy where the disk knows no second names.

    It may have that name already: the part of a helper that was killed is done again.
    """
    with suppress(OSError):
        os.link(source, target)
        return
    with suppress(shutil.SameFileError):
        shutil.copyfile(source, target)

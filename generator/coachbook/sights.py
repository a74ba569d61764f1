"""The files of the last site, read and hashed beside what a build does before it needs them.

    with looked_ahead(site) as sights:   # a copy of this process begins to read
        ...
        found = sights()                 # what it has found, once it has ended

Most files of a new site are those of the last one. The audit still has each file read within
the build; one that was read here, and is the same file untouched since, is not read again. Who
can write to a site while it is built, and give a file its old time back, can do so afterwards.
"""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from coachbook.copies import beside
from coachbook.errors import InputError
from coachbook.manifest import load_manifest, walk_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    Sights = Callable[[], Mapping[str, "Sight"]]


class Sight(NamedTuple):
    """A file as it was when it was read: which file it is, its bytes' SHA-256, size and time."""

    device: int
    inode: int
    size: int
    time: int
    sha256: str

    def is_still(self, place: str) -> bool:
        """Whether this is the very file, under whatever name, that nobody has written to since."""
        with suppress(OSError):
            found = os.lstat(place)
            return stat.S_ISREG(found.st_mode) and _of(found) == self[:-1]
        return False


@contextmanager
def looked_ahead(site: Path) -> Iterator[Sights]:
    """What the files of a site are, by their names in it; nothing where no copy could look."""
    with beside(lambda: sights_of(site)) as found:
        yield cache(lambda: found() or {})


def sights_of(site: Path) -> dict[str, Sight]:
    """Reads the files of a built site, as far as they can be read; no links, and no others.

    Nothing is read in a folder that no build made, which `--out` may name by a slip.
    """
    found: dict[str, Sight] = {}
    with suppress(InputError, OSError):
        names = load_manifest(site).keys()
        for name, entry in walk_site(site):
            is_ours = name in names and entry.is_file(follow_symlinks=False)
            if is_ours and (sight := _sight(entry.path)):
                found[name] = sight
    return found


def _sight(place: str) -> Sight | None:
    with suppress(OSError), open(place, "rb", buffering=0) as file:  # noqa: PTH123 (thousands)
        # Before it is read: whoever writes to it meanwhile changes its time.
        before = _of(os.fstat(file.fileno()))
        return Sight(*before, hashlib.sha256(file.read()).hexdigest())
    return None


def _of(found: os.stat_result) -> tuple[int, int, int, int]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns

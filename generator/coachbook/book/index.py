"""The files under `records/` as they are now: which has changed, and which belong together.

    index = read_index(root, listing.records, known=cache.read("index"))
    index.prints()["records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"]     # the hash of its bytes

A file is read again only where its size, times or place on the disk have changed, or where it
changed so shortly before the index was written that they may not show it (as git does). Files are
read one after another and let go. What is known of all of them lies in columns, so that an index
of a hundred thousand is read, compared and written at once.
"""

from __future__ import annotations

import hashlib
import os
import time
from array import array
from bisect import bisect_left
from dataclasses import field, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from coachbook.book.columns import Columns, columns_of
from coachbook.book.files import print_of, read_file
from coachbook.book.lines import MARK, Line, scan
from coachbook.values import frozen
from coachbook.workers import Crew, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

_NUMBERS = 4
"""Size, two times and the number of a file: what changes when somebody writes to it."""

_WIDTH = 8 * _NUMBERS
_UNKNOWN = bytes(_WIDTH)
_LARGEST = (1 << 63) - 1
_SIZE = 16
_A_PART = 1000
"""So many files are worth being handed to a helper."""

_RACY = 2_000_000_000
"""A file that changed so many nanoseconds before it was looked at may have changed once more."""


class Scanned(NamedTuple):
    """What was read from a file: its hash, its line and the mark of that."""

    print: bytes
    line: Line
    mark: bytes
    is_readable: bool


@frozen
class Index:
    """What is known of files, row by row in the order of their paths, and when they were looked at.

    `signatures` are the numbers of each, `hashes` those of their bytes, and `marks` those of their
    lines. `web` is a hash of all that tells which records belong together: it stays the same where
    a record changes otherwise.
    """

    paths: tuple[str, ...]
    signatures: bytes
    hashes: bytes
    marks: bytes
    web: bytes
    looked: int
    scanned: Mapping[str, Line] = field(default_factory=dict)
    """The lines of the files that were read for it."""
    is_new: bool = True
    """Whether anything in it differs from what it was read with."""

    def prints(self) -> dict[str, bytes]:
        """The hash of each file by path."""
        return dict(zip(self.paths, _cut(self.hashes, _SIZE), strict=True))

    def print_of(self, path: str) -> bytes | None:
        """The hash of one file; None where it is none of them. Its paths are in their order."""
        row = bisect_left(self.paths, path)
        if self.paths[row : row + 1] != (path,):
            return None
        return self.hashes[row * _SIZE : (row + 1) * _SIZE]

    def lines(self, root: Path, known: object = None, *, hands: int = 1) -> Columns:
        """The line about each file, as it was when it was read.

        Args:
            root: the workspace.
            known: the lines of an earlier index; what it still says rightly is not read anew.
            hands: how many processes may share the work.
        """
        marks = dict(zip(self.paths, _cut(self.marks, MARK), strict=True))
        found = known.known(marks) if isinstance(known, Columns) else {}
        found |= self.scanned
        anew = [path for path in self.paths if path not in found]
        for path, one in zip(anew, _scan_all(root, anew, hands), strict=True):
            found[path], marks[path] = one.line, one.mark
        return columns_of({path: found[path] for path in self.paths}, marks.values())

    def kept(self) -> Index:
        """What of it is kept for the next run."""
        return replace(self, scanned={}, is_new=False)


_EMPTY = Index((), b"", b"", b"", b"", 0)


def read_index(root: Path, paths: Sequence[str], known: object = None, *, hands: int = 1) -> Index:
    """The index of these files; what `known`, an earlier one, still says rightly is not read anew.

    A file that cannot be read has a line by its path alone.
    """
    earlier = known if isinstance(known, Index) else _EMPTY
    looked = time.time_ns()
    signatures = _signatures(root, paths)
    if (tuple(paths), signatures) == (earlier.paths, earlier.signatures) and all(_sure(earlier)):
        return replace(earlier.kept(), paths=tuple(paths))  # so that nobody holds them twice
    now = dict(zip(paths, _cut(signatures, _WIDTH), strict=True))
    rows = _kept_rows(earlier, now)
    anew = [path for path in paths if path not in rows]
    read = dict(zip(anew, _scan_all(root, anew, hands), strict=True))
    now |= {path: _UNKNOWN for path, one in read.items() if not one.is_readable}
    hashes, marks = list(_cut(earlier.hashes, _SIZE)), list(_cut(earlier.marks, MARK))
    marks = [read[path].mark if path in read else marks[rows[path]] for path in paths]
    return Index(
        paths=tuple(paths),
        signatures=b"".join(now.values()),
        hashes=b"".join(read[path].print if path in read else hashes[rows[path]] for path in paths),
        marks=b"".join(marks),
        web=_web_of(paths, marks),
        looked=looked,
        scanned={path: one.line for path, one in read.items()},
    )


def _signatures(root: Path, paths: Iterable[str]) -> bytes:
    """Size, times and number of every file, in rows; noughts for one that nobody can look at."""
    rows = array("q")
    for path in paths:
        try:
            found = os.lstat(f"{root}/{path}")
        except OSError:
            rows.frombytes(_UNKNOWN)
            continue
        times = (found.st_mtime_ns & _LARGEST, found.st_ctime_ns & _LARGEST)
        rows.extend((found.st_size, *times, found.st_ino & _LARGEST))
    return rows.tobytes()


def _web_of(paths: Iterable[str], marks: Iterable[bytes]) -> bytes:
    found = hashlib.blake2b("\n".join(paths).encode("utf-8", "surrogatepass"), digest_size=_SIZE)
    found.update(b"".join(marks))
    return found.digest()


def _sure(index: Index) -> Iterator[bool]:
    """Of each file whether a signature that is the same tells that it has not changed.

    It does not where the file could not be looked at, or may have changed once more within the
    same tick of the clock.
    """
    numbers, until = array("q", index.signatures), index.looked - _RACY
    latest = map(max, numbers[1::_NUMBERS], numbers[2::_NUMBERS])
    return (0 < moment < until for moment in latest)


def _kept_rows(earlier: Index, now: Mapping[str, bytes]) -> dict[str, int]:
    """The files that are as they were, each with its row in the earlier index."""
    then = zip(earlier.paths, _cut(earlier.signatures, _WIDTH), _sure(earlier), strict=True)
    return {
        path: row
        for row, (path, one, is_sure) in enumerate(then)
        if is_sure and one == now.get(path)
    }


def _scan_all(root: Path, paths: Sequence[str], hands: int) -> Iterator[Scanned]:
    """What is in these files, in their order."""
    chunks = tuple(parts_of(paths, _A_PART))
    with Crew({"scan": partial(_scan_files, root)}, hands if len(chunks) > 1 else 1) as crew:
        for prints, readable, columns in crew.do([("scan", chunk) for chunk in chunks]):
            lines, marks = columns.lines().values(), _cut(columns.marks, MARK)
            yield from map(Scanned, _cut(prints, _SIZE), lines, marks, readable)


def _scan_files(root: Path, paths: Iterable[str]) -> tuple[bytes, tuple[bool, ...], Columns]:
    """What is in some files, in columns: sent to another process ten times faster so."""
    found = {path: _scan_file(root, path) for path in paths}
    rows = found.values()
    columns = columns_of({path: one.line for path, one in found.items()}, [r.mark for r in rows])
    return b"".join([one.print for one in rows]), tuple([one.is_readable for one in rows]), columns


def _scan_file(root: Path, path: str) -> Scanned:
    content = read_file(root, path)
    is_readable = isinstance(content, bytes)
    line = scan(path, content if isinstance(content, bytes) else b"")
    return Scanned(print_of(content), line, line.mark, is_readable)


def _cut(column: bytes, width: int) -> Iterator[bytes]:
    """The rows of a column."""
    return (column[start : start + width] for start in range(0, len(column), width))

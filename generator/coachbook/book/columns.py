"""Lines of very many files, kept column by column, so that they are read and written at once.

    columns = columns_of(lines)
    found = columns.known({"records/otterbeck/school.md": mark})

A line is taken over only by its mark, so lines may be kept without what says how files are now.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from itertools import accumulate, compress, pairwise, starmap
from typing import TYPE_CHECKING

from coachbook.book.lines import MARK, Line
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping


@frozen
class Column:
    """Rows of numbers, one behind the other, and where each begins."""

    numbers: array[int]
    starts: array[int]

    def rows(self) -> Iterator[array[int]]:
        """Each row."""
        return (self.numbers[start:end] for start, end in pairwise(self.starts))


@frozen
class Columns:
    """The lines of files; `schools` holds the few rows that are not empty, by their numbers."""

    paths: tuple[str, ...]
    marks: bytes
    types: tuple[str, ...]
    ids: tuple[str, ...]
    school: tuple[str, ...]
    schools: Mapping[int, tuple[str, ...]]
    words: Column
    armors: Column

    def lines(self) -> dict[str, Line]:
        """The line of each file."""
        rows = zip(
            self.types,
            self.ids,
            self.school,
            self._schools(),
            self.words.rows(),
            self.armors.rows(),
            strict=True,
        )
        return dict(zip(self.paths, starmap(Line, rows), strict=True))

    def known(self, marks: Mapping[str, bytes]) -> dict[str, Line]:
        """The lines that are still right, of files whose lines have these marks."""
        mine = (self.marks[start : start + MARK] for start in range(0, len(self.marks), MARK))
        same = (mark == marks.get(path) for path, mark in zip(self.paths, mine, strict=True))
        return dict(compress(self.lines().items(), same))

    def holders(self, ids: Collection[str], armors: Collection[int]) -> Iterator[str]:
        """The files that have one of these ids, or one of these sealed blocks, or both."""
        yield from (path for path, one in zip(self.paths, self.ids, strict=True) if one in ids)
        places = (place for place, one in enumerate(self.armors.numbers) if one in armors)
        for place in places if armors else ():
            yield self.paths[bisect_right(self.armors.starts, place) - 1]

    def naming(self, word: int) -> Iterator[str]:
        """The files that have a word in their header, by its hash."""
        for place in (place for place, one in enumerate(self.words.numbers) if one == word):
            yield self.paths[bisect_right(self.words.starts, place) - 1]

    def _schools(self) -> Iterator[tuple[str, ...]]:
        return (self.schools.get(row, ()) for row in range(len(self.paths)))


def columns_of(lines: Mapping[str, Line], marks: Iterable[bytes]) -> Columns:
    """Lines by path, with the mark of each, as columns."""
    rows = lines.values()
    same: dict[str, str] = {}  # the same few words make up most of it
    return Columns(
        paths=tuple(lines),
        marks=b"".join(marks),
        types=tuple(same.setdefault(one.type, one.type) for one in rows),
        ids=tuple(one.id for one in rows),
        school=tuple(same.setdefault(one.school, one.school) for one in rows),
        schools={n: one.schools for n, one in enumerate(rows) if one.schools},
        words=_column([one.words for one in rows]),
        armors=_column([one.armors for one in rows]),
    )


def _column(rows: list[array[int]]) -> Column:
    numbers = array("Q", b"".join(rows))
    return Column(numbers, array("Q", accumulate(map(len, rows), initial=0)))

"""What was found in each record last time, for as long as nothing has changed that it hangs on.

A finding about a record hangs on the record, on every other record that a rule looked up, and on
what all records hang on: forms, keys, people, policies, calendars, and the day. Findings quote
only what everybody may read who can read the records, so they may be kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from coachbook.book import ground_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from coachbook.book import Book
    from coachbook.cache import Cache
    from coachbook.diagnostics import Diagnostic
    from coachbook.reads import Seen

Checked: TypeAlias = "tuple[str, frozenset[Seen], tuple[Diagnostic, ...]]"
"""A record's path, what was looked up for it, and what was found in it."""

_Row: TypeAlias = "tuple[frozenset[int], tuple[Diagnostic, ...]]"


@dataclass(frozen=True, slots=True)
class Remembered:
    """The findings of an earlier check: by record, with the numbers of what was looked up."""

    ground: bytes
    seen: tuple[Seen, ...]
    marks: tuple[bytes, ...]
    rows: Mapping[str, _Row]


_NOTHING = Remembered(b"", (), (), {})


class Memory:
    """What can be taken over from an earlier check of a book, and what can be from this one."""

    def __init__(self, book: Book, cache: Cache, name: str) -> None:
        """Takes the book, and the name under which the cache has an earlier check of it."""
        self._book, self._cache, self._name = book, cache, f"findings {name}"
        found = cache.read(self._name)
        self._ground = ground_of(book)
        is_ours = isinstance(found, Remembered) and found.ground == self._ground
        self._before = found if is_ours and isinstance(found, Remembered) else _NOTHING
        now = book.reads.marks(self._before.seen)
        self._marks = tuple(now[one] for one in self._before.seen)
        pairs = zip(self._before.marks, self._marks, strict=True)
        self._changed = frozenset(n for n, (then, now) in enumerate(pairs) if then != now)

    def known(self, path: str) -> tuple[Diagnostic, ...] | None:
        """What was found in a record, if it would be found again; else None."""
        row = self._before.rows.get(path)
        return row[1] if row is not None and self._changed.isdisjoint(row[0]) else None

    def keep(self, paths: Sequence[str], checked: Iterable[Checked]) -> None:
        """Writes down what was found: in these records, of which some were checked anew."""
        rows = list(checked)
        if not rows and len(paths) == len(self._before.rows):
            return
        numbers = {one: number for number, one in enumerate(self._before.seen)}
        new = {path for path, _, _ in rows}
        kept = {
            path: self._before.rows[path]
            for path in paths
            if path not in new and path in self._before.rows
        }
        fresh: list[Seen] = []
        for path, seen, findings in rows:
            for one in seen:
                if one not in numbers:
                    numbers[one] = len(numbers)
                    fresh.append(one)
            kept[path] = (frozenset(numbers[one] for one in seen), findings)
        marks = self._book.reads.marks(fresh)
        self._cache.write(
            self._name,
            Remembered(
                self._ground,
                (*self._before.seen, *fresh),
                (*self._marks, *(marks[one] for one in fresh)),
                kept,
            ),
        )

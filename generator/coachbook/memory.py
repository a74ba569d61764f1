"""What an earlier run has worked out, for as long as nothing has changed that it hangs on.

    memory = Memory(book, cache, "findings")
    memory.known("records/otterbeck/school.md")   # a Row, or None where it has to be done again
    memory.keep(names, made)                      # for the next run

What was worked out hangs on what was looked up for it (see `reads`) and on the ground: forms,
keys, people, policies, calendars, the day, and whatever the caller adds. Where the ground has
changed, nothing is known.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from coachbook.book import ground_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from coachbook.book import Book
    from coachbook.cache import Cache
    from coachbook.reads import Seen

T = TypeVar("T")

_SIZE = 16


@dataclass(frozen=True, slots=True)
class Made(Generic[T]):
    """What was worked out under a name, and what was looked up for it."""

    name: str
    seen: frozenset[Seen]
    value: T


@dataclass(frozen=True, slots=True)
class Row(Generic[T]):
    """A value with the numbers of the look-ups that it hangs on."""

    seen: frozenset[int]
    value: T


@dataclass(frozen=True, slots=True)
class Remembered(Generic[T]):
    """What one run leaves to the next: look-ups by number with their marks, and rows by name."""

    ground: bytes
    seen: tuple[Seen, ...]
    marks: tuple[bytes, ...]
    rows: Mapping[str, Row[T]]


class Memory(Generic[T]):
    """What can be taken over from an earlier run, and what is left to the next."""

    def __init__(self, book: Book, cache: Cache, name: str, ground: bytes = b"") -> None:
        """Takes the book, and the name under which an earlier run has left something.

        Args:
            ground: what else all of it hangs on.
        """
        self._book, self._cache, self._name = book, cache, name
        self._ground = hashlib.blake2b(ground + ground_of(book), digest_size=_SIZE).digest()
        self._before = self._earlier()

    def known(self, name: str) -> Row[T] | None:
        """What would be worked out again just as it was; None where that is not sure."""
        row = self._before.rows.get(name)
        return row if row is not None and self._changed.isdisjoint(row.seen) else None

    @cached_property
    def _now(self) -> dict[Seen, bytes]:
        """What each look-up of the earlier run gives by now."""
        return self._book.reads.marks(self._before.seen)

    @cached_property
    def _changed(self) -> frozenset[int]:
        """The numbers of the look-ups that give something else by now."""
        then = zip(self._before.seen, self._before.marks, strict=True)
        return frozenset(n for n, (one, mark) in enumerate(then) if self._now[one] != mark)

    def keep(self, names: Sequence[str], made: Iterable[Made[T]]) -> None:
        """Leaves to the next run what has these names; what was made anew takes its place."""
        fresh = {one.name: one for one in made}
        if not fresh and len(names) == len(self._before.rows):
            return
        numbers = {one: number for number, one in enumerate(self._before.seen)}
        for one in fresh.values():
            for seen in one.seen:
                numbers.setdefault(seen, len(numbers))
        rows = {name: row for name in names if (row := self._before.rows.get(name))}
        rows |= {
            one.name: Row(frozenset(map(numbers.__getitem__, one.seen)), one.value)
            for one in fresh.values()
        }
        self._write(tuple(numbers), rows)

    def _earlier(self) -> Remembered[T]:
        found = self._cache.read(self._name)
        if isinstance(found, Remembered) and found.ground == self._ground:
            return found
        return Remembered(self._ground, (), (), {})

    def _write(self, seen: tuple[Seen, ...], rows: Mapping[str, Row[T]]) -> None:
        """Writes it down, without the look-ups that nothing hangs on any more."""
        used = sorted(frozenset().union(*(row.seen for row in rows.values())))
        place = {number: new for new, number in enumerate(used)}
        looked_up = tuple(seen[number] for number in used)
        fresh = (one for one in looked_up if one not in self._now)
        marks = {**self._now, **self._book.reads.marks(fresh)}
        found = {
            name: Row(frozenset(map(place.__getitem__, row.seen)), row.value)
            for name, row in rows.items()
        }
        self._cache.write(
            self._name,
            Remembered(self._ground, looked_up, tuple(marks[one] for one in looked_up), found),
        )

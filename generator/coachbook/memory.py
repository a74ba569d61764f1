"""What an earlier run has worked out, for as long as nothing has changed that it hangs on.

    memory = Memory(book, cache, "findings")
    memory.known("records/otterbeck/school.md")   # a Row, or None where it has to be done again
    pack = memory.pack(made)                      # by whoever has made it
    memory.keep(names, [pack])                    # for the next run

What was worked out hangs on what was looked up for it (see `reads`) and on the ground: forms,
keys, people, policies, calendars, the day, and whatever the caller adds. Where the ground has
changed, nothing is known.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from coachbook.book import ground_of
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from coachbook.book import Book
    from coachbook.cache import Cache
    from coachbook.reads import Seen

T = TypeVar("T")

_SIZE = 16


@frozen
class Made(Generic[T]):
    """What was worked out under a name, and what was looked up for it."""

    name: str
    seen: frozenset[Seen]
    value: T


@frozen
class Row(Generic[T]):
    """A value with the numbers of the look-ups that it hangs on."""

    seen: tuple[int, ...]
    value: T


@frozen
class Pack(Generic[T]):
    """What was worked out together: look-ups by number with their marks, and rows by name."""

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
        self._key = ground
        self._before: Pack[T] = self._earlier()

    def known(self, name: str) -> Row[T] | None:
        """What would be worked out again just as it was; None where that is not sure."""
        row = self._before.rows.get(name)
        return row if row is not None and self._changed.isdisjoint(row.seen) else None

    def pack(self, made: Iterable[Made[T]]) -> Pack[T]:
        """What was just made, ready to be kept: each look-up is marked once, by who has made it."""
        if not self._cache.is_lasting:
            return unmarked(made)
        numbers: dict[Seen, int] = {}
        rows = {
            one.name: Row(
                tuple([numbers.setdefault(seen, len(numbers)) for seen in one.seen]), one.value
            )
            for one in made
        }
        marks = self._book.reads.marks(numbers)
        return Pack(tuple(numbers), tuple(marks.values()), rows)

    def keep(self, names: Sequence[str], packs: Sequence[Pack[T]]) -> None:
        """Leaves to the next run what has these names; what was made anew takes its place."""
        is_new = any(pack.rows for pack in packs)
        if self._cache.is_lasting and (is_new or len(names) != len(self._before.rows)):
            fresh = {name for pack in packs for name in pack.rows}
            known = {one: row for one in names if one not in fresh and (row := self.known(one))}
            before = Pack(self._before.seen, self._before.marks, known)
            self._cache.write(self._name, (self._ground, joined((before, *packs))))

    @cached_property
    def _changed(self) -> frozenset[int]:
        """The numbers of the look-ups that give something else by now."""
        now = self._book.reads.marks(self._before.seen)
        then = zip(self._before.seen, self._before.marks, strict=True)
        return frozenset(n for n, (one, mark) in enumerate(then) if now[one] != mark)

    @cached_property
    def _ground(self) -> bytes:
        return hashlib.blake2b(self._key + ground_of(self._book), digest_size=_SIZE).digest()

    def _earlier(self) -> Pack[T]:
        found = self._cache.kept(self._name, self._ground) if self._cache.is_lasting else None
        return found if isinstance(found, Pack) else Pack((), (), {})


def unmarked(made: Iterable[Made[T]]) -> Pack[T]:
    """What was just made, where nobody keeps it."""
    return Pack((), (), {one.name: Row((), one.value) for one in made})


def joined(packs: Iterable[Pack[T]]) -> Pack[T]:
    """Several packs as one, without the look-ups that nothing hangs on.

    A look-up has the same mark in all of them, for they are about one book.
    """
    found = [pack for pack in packs if pack.rows]
    if len(found) == 1 and len(_used(found[0])) == len(found[0].seen):
        return found[0]
    numbers: dict[Seen, int] = {}
    marks: list[bytes] = []
    rows: dict[str, Row[T]] = {}
    for pack in found:
        place: dict[int, int] = {}
        for old in sorted(_used(pack)):
            place[old] = new = numbers.setdefault(pack.seen[old], len(numbers))
            if new == len(marks):
                marks.append(pack.marks[old])
        for name, row in pack.rows.items():
            rows[name] = Row(tuple([place[old] for old in row.seen]), row.value)
    return Pack(tuple(numbers), tuple(marks), rows)


def _used(pack: Pack[T]) -> set[int]:
    """The numbers of the look-ups that something hangs on."""
    return set().union(*[row.seen for row in pack.rows.values()])

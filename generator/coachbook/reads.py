"""What was looked up while something was worked out, so that it is known when to do it again.

    reads = Reads(mark_of)
    sessions = reads.watched("sessions", found)
    with reads.noting() as seen:
        page = make_page(sessions["c-0a1b2c3d"])
    reads.marks(seen)     # {("sessions", "c-0a1b2c3d"): b"..."}

A page, or the findings about a record, are what they were as long as every look-up would give
what it gave then. What would be given is told by its mark, a hash of the records in it; a look-up
that found nothing has a mark too. This is the "verifying trace" of Mokhov, Mitchell and Peyton
Jones, "Build Systems à la Carte" (2018), section 4.2.

Whatever is looked up once and shared by many goes through `once`, or whoever comes second would
seem to have looked up nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast, overload

from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        ItemsView,
        Iterable,
        Iterator,
        KeysView,
        MutableMapping,
        ValuesView,
    )

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")
D = TypeVar("D")

Seen: TypeAlias = "tuple[str, object]"
"""Where something was looked up, and by which key."""

ALL = "*"
"""Stands for every key: whoever goes through a mapping has looked up all of it."""

RECORDS = "records"
"""Where records are looked up by their paths."""

_VERY_MANY = 1000
_ABSENT = b"-"
_SIZE = 12
_PLAIN = (str, bytes, int, date, type(None))
"""What is its own mark; `bool` and `datetime` are among them."""


@frozen
class _Kept:
    """A value that many share, with what was looked up for it."""

    value: object
    seen: frozenset[Seen]


class Reads:
    """Notes what is looked up, for as long as somebody listens."""

    def __init__(self, mark_of: Callable[[object], bytes | None]) -> None:
        """Takes what tells the mark of a value that belongs to a record; None for another."""
        self._mark_of = mark_of
        self.listening: list[set[Seen]] = []
        """What was looked up, for each who listens; the last is the innermost."""
        self._sources: dict[str, Callable[[str], Mapping[Any, Any]]] = {}
        self._marks: dict[Seen, bytes] = {}

    def note(self, where: str, key: object) -> None:
        """Somebody looks up a key."""
        if self.listening:
            self.listening[-1].add((where, key))

    @contextmanager
    def noting(self) -> Iterator[set[Seen]]:
        """What is looked up meanwhile, by whoever it is."""
        seen: set[Seen] = set()
        self.listening.append(seen)
        try:
            yield seen
        finally:
            self.listening.pop()
            if self.listening:
                self.listening[-1] |= seen

    @contextmanager
    def unnoted(self) -> Iterator[None]:
        """Nobody hears what is looked up meanwhile: for what is itself watched from then on."""
        listening = [*self.listening]
        self.listening.clear()
        try:
            yield
        finally:
            self.listening[:] = listening

    def watched(
        self, where: str, found: Mapping[K, V], marked_by: Mapping[K, object] | None = None
    ) -> Watched[K, V]:
        """The same mapping, whose look-ups are noted under a name.

        Args:
            where: the name.
            found: the mapping.
            marked_by: another mapping with the same keys, whose values have the marks.
        """
        source: Mapping[Any, Any] = found if marked_by is None else marked_by
        self.offer(where, lambda _: source)
        return self.watching(where, found)

    def watching(self, where: str, found: Mapping[K, V]) -> Watched[K, V]:
        """The same, of a mapping that somebody offers."""
        return Watched(self, where, found)

    def offer(self, where: str, source: Callable[[str], Mapping[Any, Any]]) -> None:
        """Says where to look up later what was noted under a name.

        Args:
            where: the name; of `naming:training:person`, `naming` is enough.
            source: gives the mapping; it gets the whole name.
        """
        if where in self._sources:  # what lies there may be another from now on
            self._marks.clear()
        self._sources[where] = source

    def let_go(self) -> None:
        """Forgets what was offered: nobody works with the book any more, and nothing keeps it."""
        self._sources.clear()
        self._marks.clear()

    def once(self, store: MutableMapping[K, object], key: K, work_out: Callable[[], T]) -> T:
        """What is worked out once for all who ask; each of them counts as having looked it up."""
        kept = store.get(key)
        if not isinstance(kept, _Kept):
            kept = store[key] = self._worked_out(work_out)
        if self.listening:
            self.listening[-1] |= kept.seen
        return cast("T", kept.value)

    def _worked_out(self, work_out: Callable[[], object]) -> _Kept:
        """A value with what is looked up for it."""
        seen: set[Seen] = set()
        self.listening.append(seen)
        try:
            return _Kept(work_out(), frozenset(seen))
        finally:
            self.listening.pop()

    def marks(self, seen: Iterable[Seen]) -> dict[Seen, bytes]:
        """What each look-up gives now, as a mark; the same records give the same mark.

        A mark is worked out once, for as long as nobody offers another mapping under a name.
        """
        sources: dict[str, Mapping[Any, Any]] = {}
        found: dict[Seen, bytes] = {}
        for one in seen:
            mark = self._marks.get(one)
            if mark is None:
                where, key = one
                if where not in sources:
                    sources[where] = self._source(where)
                mark = self._marks[one] = self._mark_in(sources[where], key)
            found[one] = mark
        return found

    def _source(self, where: str) -> Mapping[Any, Any]:
        if where not in self._sources:
            found = self._sources[where.partition(":")[0]](where)
            source = self._sources.get(where)  # which it may just have been given
            found = source(where) if source else found
        else:
            found = self._sources[where](where)
        return found.unwatched if isinstance(found, Watched) else found

    def _mark_in(self, found: Mapping[Any, Any], key: object) -> bytes:
        if key == ALL:
            return self._mark(tuple(found.items()))
        return self._mark(found[key]) if key in found else _ABSENT

    def _mark(self, value: object) -> bytes:
        mark = self._mark_of(value)
        if mark is not None:
            return mark
        if isinstance(value, tuple | list):
            return _hashed(b"".join(map(self._mark, value)))
        if not isinstance(value, _PLAIN):
            raise TypeError(f"nobody knows the mark of a {type(value).__name__}")
        return _hashed(f"{type(value).__name__} {value!r}".encode("utf-8", "surrogatepass"))


def gathered(seen: Iterable[Seen]) -> frozenset[Seen]:
    """The look-ups; of very many, one that stands for them all: every record.

    Nothing can be looked up that does not follow from the records, and what hangs on a thousand
    of them is seldom spared anyway.
    """
    found = frozenset(seen)
    return found if len(found) < _VERY_MANY else frozenset({(RECORDS, ALL)})


class Watched(Mapping[K, V]):
    """A mapping whose look-ups are noted."""

    __slots__ = ("_found", "_listening", "_reads", "_where")

    def __init__(self, reads: Reads, where: str, found: Mapping[K, V]) -> None:
        """Takes the mapping and the name under which its look-ups are noted."""
        self._reads = reads
        self._listening = reads.listening
        self._where = where
        self._found = found

    @property
    def unwatched(self) -> Mapping[K, V]:
        """The mapping itself, for whoever reports what it looks up in another way."""
        return self._found

    def __getitem__(self, key: K) -> V:
        """The value of a key; KeyError where there is none."""
        if self._listening:  # asked here, for it is asked a million times
            self._listening[-1].add((self._where, key))
        return self._found[key]

    def __contains__(self, key: object) -> bool:
        """Whether there is a value."""
        self._reads.note(self._where, key)
        return key in self._found

    @overload
    def get(self, key: K, /) -> V | None: ...
    @overload
    def get(self, key: K, default: V | D, /) -> V | D: ...
    def get(self, key: K, default: object = None, /) -> object:
        """The value of a key, or the default."""
        if self._listening:
            self._listening[-1].add((self._where, key))
        return self._found.get(key, default)

    def __iter__(self) -> Iterator[K]:
        """Every key."""
        self._reads.note(self._where, ALL)
        return iter(self._found)

    def __len__(self) -> int:
        """How many there are."""
        self._reads.note(self._where, ALL)
        return len(self._found)

    def keys(self) -> KeysView[K]:
        """Every key."""
        self._reads.note(self._where, ALL)
        return self._found.keys()

    def values(self) -> ValuesView[V]:
        """Every value."""
        self._reads.note(self._where, ALL)
        return self._found.values()

    def items(self) -> ItemsView[K, V]:
        """Every key with its value."""
        self._reads.note(self._where, ALL)
        return self._found.items()


def _hashed(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_SIZE).digest()

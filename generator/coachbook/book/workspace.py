"""The files of a workspace, known by an index, and the books that are made of them.

    workspace = open_workspace(root, cache=cache)
    for part in workspace.plan.parts:
        book = workspace.book_of(part)

A workspace of several schools is never loaded as a whole: what all schools share is loaded once,
and each part on top of it for as long as somebody works on it. One school is one part, and its
book is the whole workspace.
"""

from __future__ import annotations

import gc
import hashlib
import re
import weakref
from dataclasses import replace
from datetime import date
from functools import cache as cache_once
from functools import cached_property
from typing import TYPE_CHECKING

from coachbook.book.columns import Columns
from coachbook.book.files import IGNORED, list_files
from coachbook.book.index import Index, read_index
from coachbook.book.loading import extend, load_listed
from coachbook.book.parts import NumberedPlan, Part, Plan, numbered, plan_parts, print_of_part
from coachbook.cache import FORGETFUL, Cache
from coachbook.copies import apart
from coachbook.readers import forget_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from coachbook.book.model import Book

_A_SCHOOL = re.compile(r"records/[^/]+/school\.md")
_HASH = 16
_MANY = 10_000
"""From so many records on what is known of them is worth a process of its own."""


class Workspace:
    """What lies under `records/`, in the parts that have to be looked at together."""

    def __init__(
        self,
        root: Path,
        *,
        today: date | None = None,
        clock: Callable[[], date] = date.today,
        cache: Cache = FORGETFUL,
        hands: int = 1,
    ) -> None:
        """Looks through the folders; records are read by the index alone, and only where needed."""
        self.root = root
        self.cache = cache
        self._today = today
        self._clock = cache_once(clock)  # one day for all of it, also at midnight
        self._hands = hands
        self._latest: tuple[str, Book] | None = None
        self._whole: Book | None = None
        self.listing = list_files(root)

    @cached_property
    def is_parted(self) -> bool:
        """Whether dividing it is worth while: it has several schools, or is looked at again."""
        if self.cache.live is not None:
            return True
        return sum(map(bool, map(_A_SCHOOL.fullmatch, self.listing.records))) > 1

    @cached_property
    def index(self) -> Index:
        """What is known of every record without loading it.

        Where nothing is known yet, it is worked out by a process of its own, with all that follows
        from it: reading a hundred thousand files leaves memory in pieces, and helpers begin as
        copies of this process.
        """
        many = len(self.listing.records) > _MANY
        if many and self.is_parted and self.cache.is_empty("index"):
            apart(self._leave_plan)
        return self._indexed("index", self.listing.records)

    def _leave_plan(self) -> None:
        """In that process: leaves index, lines and plan in the cache."""
        self.index = self._indexed("index", self.listing.records)
        _ = self.plan

    @cached_property
    def lines(self) -> Columns:
        """One line about every record."""
        known = self.cache.read("lines")
        if isinstance(known, Columns) and (known.paths, known.marks) == (
            self.index.paths,
            self.index.marks,
        ):
            return known
        found = self.index.lines(self.root, known, hands=self._hands)
        self.cache.write("lines", found)
        self.index = self.index.kept()  # the columns hold what was scanned
        return found

    @cached_property
    def plan(self) -> Plan:
        """The parts; of one school there is one, and nothing is shared."""
        if not self.is_parted:
            return Plan((), (Part("", self.listing.records, ()),))
        known = self.cache.kept("plan", self.index.web)
        if isinstance(known, NumberedPlan):
            return known.named(self.index.paths)
        found = plan_parts(self.lines.lines())
        if self.lines.marks == self.index.marks:  # or a file has changed since
            self.cache.write("plan", (self.index.web, numbered(found, self.index.paths)))
        return found

    def is_as_indexed(self, book: Book) -> bool:
        """Whether the files of a book are those of the index: nobody has written to one since.

        What was worked out from others must not be kept under the prints of these.
        """
        records, others = self.index, self.other_prints
        return all(
            (records.print_of(path) or others.get(path)) == one for path, one in book.prints.items()
        )

    @cached_property
    def shared(self) -> Book:
        """The book of what all parts share: without a record that belongs to one school alone."""
        if self.cache.live is None:
            return self._load_shared()
        return self.cache.live.once("shared", self.shared_print, self._load_shared)

    def again(self) -> Workspace:
        """The same as it is on the disk by now, on the same day."""
        return Workspace(
            self.root, today=self._today, clock=self._clock, cache=self.cache, hands=self._hands
        )

    def load_whole(self) -> Book:
        """Everything at once, for what may hang on records of several schools."""
        if not self.is_parted:
            return self.shared
        if self._whole is None:
            self._whole = load_listed(self.root, self.listing, today=self._today, clock=self._clock)
        return self._whole

    def _load_shared(self) -> Book:
        listing = (
            replace(self.listing, records=self.plan.shared) if self.is_parted else self.listing
        )
        name = "shared" if self.is_parted else "records"
        return load_listed(
            self.root, listing, today=self._today, clock=self._clock, cache=self.cache, name=name
        )

    def book_of(self, part: Part) -> Book:
        """The book of one part: what all share, and the records of the part."""
        if not self.is_parted:
            return self.shared
        live, name = self.cache.live, f"records {part.school}"
        if live is None:
            return self._latest_book(part, name)
        known, earlier = self.record_prints, live.book(name)
        return live.once(
            name,
            self.prints[part.school],
            lambda: extend(self.shared, self.plan.beside(part), self.cache, name, known, earlier),
        )

    def _latest_book(self, part: Part, name: str) -> Book:
        """The book that was asked for last, if it is this one; else it goes before the next comes.

        So a school that is checked and then published is loaded once, and two never are at once.
        """
        if self._latest is None or self._latest[0] != part.school:
            self._let_go_of_latest()
            book = extend(self.shared, self.plan.beside(part), self.cache, name)
            self._latest = (part.school, book)
        return self._latest[1]

    def _let_go_of_latest(self) -> None:
        """Gives the memory of the last book back: at once, or by a search where it is not free."""
        if self._latest is None:
            return
        reads = weakref.ref(self._latest[1].reads)
        self._latest[1].reads.let_go()
        self._latest = None
        forget_blocks()
        if reads() is not None:
            gc.collect()

    @cached_property
    def common(self) -> frozenset[str]:
        """What all parts share and nobody takes part in: all of it but the people."""
        lines = self.lines
        people = (p for p, kind in zip(lines.paths, lines.types, strict=True) if kind == "person")
        return frozenset(self.plan.shared).difference(people)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all records."""
        if self.is_parted:
            return self.lines.ids
        return tuple(record.id for record in self.shared.records.values())

    @cached_property
    def shared_print(self) -> bytes:
        """A hash of everything that all findings hang on: what is shared, and the day."""
        found = hashlib.blake2b(digest_size=_HASH)
        found.update(f"{self._today or self._clock()}\n{self.root}\n".encode())
        found.update(repr(self.listing.findings).encode("utf-8", "surrogatepass"))
        shared = {path: self.print_of(path) for path in self.plan.shared}
        for path, print_ in sorted((shared | dict(self.other_prints)).items()):
            found.update(path.encode("utf-8", "surrogatepass") + print_)
        return found.digest()

    @cached_property
    def prints(self) -> Mapping[str, bytes]:
        """For each school a hash of everything that the findings of its part hang on."""
        records = self.record_prints
        return {
            part.school: print_of_part(part, records, self.shared_print) for part in self.plan.parts
        }

    @property
    def record_prints(self) -> Mapping[str, bytes]:
        """The hash of every record: with many of them, too large to be held for long."""
        return self.index.prints()

    def print_of(self, path: str) -> bytes:
        """The hash of one record; KeyError where there is none."""
        found = self.index.print_of(path)
        if found is None:
            raise KeyError(path)
        return found

    @cached_property
    def other_prints(self) -> Mapping[str, bytes]:
        """The hashes of forms, of keys, and of what lies beside the records without being one."""
        paths = sorted({*self.listing.forms, *self.listing.keys, *IGNORED})
        return self._indexed("others", paths).prints()

    def _indexed(self, name: str, paths: Sequence[str]) -> Index:
        found = read_index(self.root, paths, self.cache.read(name), hands=self._hands)
        if found.is_new:
            self.cache.write(name, found.kept())
        return found

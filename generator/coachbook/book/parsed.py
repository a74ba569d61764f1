"""Records that an earlier run has taken apart, known again by the hash of their files.

What is kept of a record is where its parts lie and what its header says. Its text is not kept,
and nothing at all of a record in which anything stands outside a sealed block, under a heading or
a key that its form does not have, as a value that does not fit its field, in or beside a sealed
block: that may be what should have been sealed.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeAlias, cast

from coachbook.book.files import print_of
from coachbook.book.lines import kept_name
from coachbook.book.pieces import put_together, take_apart
from coachbook.decoding import decode
from coachbook.readers import is_exact
from coachbook.record import Record, parse_record

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from coachbook.book.model import Entry
    from coachbook.book.pieces import Pieces
    from coachbook.cache import Cache
    from coachbook.diagnostics import Diagnostic
    from coachbook.forms import Forms
    from coachbook.sections import SealedBlock

    Known: TypeAlias = tuple[bytes, Pieces]

_SIZE = 16
_OF_EVERY_FORM = ("type", "id", "school", "form")


class Parsed:
    """What is known of the files of earlier runs, under one name of the cache."""

    def __init__(self, cache: Cache, name: str, forms: Forms) -> None:
        """Takes the cache, the name of the entry, and the forms that records are written on."""
        self._cache, self._name = cache, f"parsed {name}"
        self._known = cast("dict[str, Known]", cache.read(self._name) or {})
        self._kept: dict[str, Known] = {}
        self._new: list[str] = []
        self._forms = forms

    def record(self, path: str, content: bytes, print_: bytes) -> Record | Diagnostic:
        """The record in a file, from its text and what is known of it."""
        known = self._known.get(path)
        if known is not None and known[0] == print_:
            self._kept[path] = known
            return self._held(path, print_, put_together(path, decode(content)[0], known[1]))
        found = parse_record(path, content)
        if self._cache.is_lasting and isinstance(found, Record) and self._may_be_kept(found):
            self._kept[path] = (print_, take_apart(found))
            self._new.append(path)
        return self._held(path, print_, found)

    def _held(self, path: str, print_: bytes, found: Record | Diagnostic) -> Record | Diagnostic:
        if self._cache.live is not None:
            self._cache.live.records[path] = (print_, found)
        return found

    def in_memory(self, path: str, print_: bytes | None) -> Record | None:
        """The record in a file of this hash, where this very program has read it before."""
        live = self._cache.live
        print_then, record = live.records.get(path, (None, None)) if live else (None, None)
        if print_ is None or print_then != print_ or not isinstance(record, Record):
            return None
        if path in self._known:
            self._kept[path] = self._known[path]
        return record

    def keep(self, entries: Mapping[str, Entry], readers: Collection[str]) -> None:
        """Writes down what has been read, if any of it is new.

        Args:
            entries: the records as their forms read them.
            readers: whoever may be named beside a sealed block.
        """
        for path in self._new:
            if path not in entries or not _is_sound(entries[path], readers):
                del self._kept[path]
        is_new = any(path in self._kept for path in self._new)
        if is_new or len(self._kept) != len(self._known):
            self._cache.write(self._name, self._kept)

    def _may_be_kept(self, record: Record) -> bool:
        form = self._forms.for_record(record)
        return (
            form is not None
            and not record.faults
            and record.fields.keys() <= {*form.fields, *_OF_EVERY_FORM}
            and all(
                section.stray is None and form.section(section.name) for section in record.sections
            )
        )


def _is_sound(entry: Entry, readers: Collection[str]) -> bool:
    """Whether every value in the header fits its field, and every block is one and no more."""
    record, number = entry.record, entry.record.value("form")
    names = (record.type, record.id, record.school)
    return (
        all(kept_name(one) == one for one in names)
        and (number is None or isinstance(number, int))
        and all(_is_one(block, readers) for block in record.blocks())
        and all(
            key in entry.values or key in _OF_EVERY_FORM or field.value is None
            for key, field in record.fields.items()
        )
    )


def _is_one(block: SealedBlock, readers: Collection[str]) -> bool:
    return is_exact(block.armor) and all(one in readers for one in block.info)


def prints_of(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """The hashes of files by path."""
    return {path: print_of(content) for path, content in contents.items()}


def marks_of(
    entries: Mapping[str, Entry], prints: Mapping[str, bytes]
) -> Callable[[object], bytes | None]:
    """What tells the mark of a record, of its entry or of its view: its file and its people.

    Its people may stand in other records, which may change while the file stays.
    """
    marks: dict[str, bytes] = {}

    def mark_of(value: object) -> bytes | None:
        record = getattr(value, "record", value)
        if not isinstance(record, Record):
            return None
        if record.path not in marks:
            marks[record.path] = _mark(prints[record.path], entries.get(record.path))
        return marks[record.path]

    return mark_of


def _mark(print_: bytes, entry: Entry | None) -> bytes:
    people = repr(sorted(entry.parties.items())) if entry else ""
    return hashlib.blake2b(people.encode(), key=print_, digest_size=_SIZE).digest()

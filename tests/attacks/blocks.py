"""Every sealed block of a workspace, with what the policy's table says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachbook.book import form_of, place_of, section_readers
from coachbook.payload import WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.book import Book
    from coachbook.record import Record, SealedBlock
    from coachbook.sealing import Place


@dataclass(frozen=True)
class Part:
    """One sealed part of a record; `readers` is None where only an open record could tell."""

    record: Record
    section: str
    row: str
    block: SealedBlock
    place: Place
    readers: tuple[str, ...] | None

    def __repr__(self) -> str:
        """Names the place, for the message of a test that fails."""
        return f"{self.record.path} {self.section}"


def sealed_parts(book: Book) -> Iterator[Part]:
    """Every sealed part in the book."""
    for record in book.records.values():
        if record.whole is not None:
            place = place_of(book, record, WHOLE)
            yield Part(record, WHOLE, "", record.whole, place, None)
        form = form_of(book, record)
        for section in record.sections if form else ():
            for block in section.blocks:
                known = form.section(section.name) if form else None
                assert known is not None
                assert known.sealed
                yield Part(
                    record,
                    section.name,
                    known.row,
                    block,
                    place_of(book, record, section.name),
                    section_readers(book, record, known),
                )

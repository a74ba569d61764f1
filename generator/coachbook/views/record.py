"""One record as outputs may use it: labelled fields, sealed sections as they are."""

from __future__ import annotations

from dataclasses import asdict, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from coachbook.audience import Audience, Labelled
from coachbook.audience import public as declared_public
from coachbook.book import (
    access_of,
    display,
    parties,
    place_of,
    record_date,
    role_holders,
    short,
    values_of,
)
from coachbook.calendar import school_year
from coachbook.readership import reader_line, shown_draft_line
from coachbook.sealing import stated_readers
from coachbook.sentences import join
from coachbook.values import frozen
from coachbook.views.signers import signers_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from coachbook.book import Access, Book
    from coachbook.calendar import SchoolYear
    from coachbook.forms import Form
    from coachbook.life import Life
    from coachbook.record import Record, SealedBlock
    from coachbook.sealing import Place
    from coachbook.signature_lines import SignatureLines

T = TypeVar("T")


def public(value: T) -> Labelled[T]:
    """Labels the tool's own wording, which anybody may read."""
    return declared_public(value, "wording of the tool")


def calendar_now(book: Book, school: str) -> SchoolYear | None:
    """The school's calendar for today's school year, or None."""
    return book.calendars.get((school, school_year(book.today)))


def keyed(book: Book, audience: Audience) -> Audience:
    """Those of an audience who have a key and, for a role, a holder: who can be sealed to."""
    principals = audience.principals or frozenset()
    return Audience(
        frozenset(
            one
            for one in principals
            if book.keyring.current(one) and ("@" not in one or role_holders(book, one))
        )
    )


@frozen
class SealedView:
    """A sealed section without its key: the block, its place and who it was sealed to."""

    name: str
    armor: str
    place: Place
    revision: int
    readers: tuple[tuple[str, str], ...]
    line: Labelled[str]
    signature: SignatureLines | None = None
    signers: Mapping[str, dict[str, object]] = field(default_factory=dict)
    """Who may have signed it: their keys by person, which anybody may know."""

    @property
    def reader_ids(self) -> tuple[str, ...]:
        """The principals it was sealed to, in the block's order."""
        return tuple(reader for reader, _ in self.readers)

    def as_json(self) -> dict[str, object]:
        """The block with what the browser has to find inside it."""
        return {
            "armor": self.armor,
            "workspace": self.place.workspace,
            "record": self.place.record,
            "type": self.place.type,
            "section": self.place.section,
            "revision": self.revision,
            "parties": self.place.parties,
            "readers": self.readers,
            "signers": self.signers,
            **({"signature": asdict(self.signature)} if self.signature else {}),
        }

    def __repr__(self) -> str:
        """Names the section only."""
        return f"SealedView({self.place.record}, {self.name})"


@frozen(slots=False)
class RecordView:
    """One record as outputs may use it: labelled fields, sealed sections."""

    book: Book
    record: Record
    form: Form

    @cached_property
    def access(self) -> Access:
        """Who may read the parts of the record, by the policy then and now."""
        return access_of(self.book, self.record)

    @cached_property
    def audience(self) -> Audience:
        """Whom the policy lets read the clear header of this record."""
        return Audience(frozenset(self.access.readers(self.form.row)))

    @cached_property
    def life(self) -> Life:
        """Whether it is a draft, shared or final."""
        return self.access.life

    @cached_property
    def id(self) -> str:
        """The record's id: a random name, useful for look-up, never shown unlabelled."""
        return self.record.id

    @cached_property
    def school(self) -> str:
        """The slug of the record's school."""
        return self.record.school

    def label(self, value: T, key: str) -> Labelled[T]:
        """Labels something derived from the clear header."""
        return Labelled(value, self.audience, f"{self.record.path}: {key}")

    def field(self, key: str) -> Labelled[object]:
        """Labels a field's typed value with the audience of its own row."""
        row = self.form.fields[key].row or self.form.row
        audience = (
            self.audience if row == self.form.row else Audience(frozenset(self.access.readers(row)))
        )
        return Labelled(self.raw(key), audience, f"{self.record.path}: {key}")

    def raw(self, key: str) -> object:
        """The typed value, for deciding and sorting; outputs take `field`."""
        return self._values.get(key)

    @cached_property
    def _values(self) -> Mapping[str, object]:
        return values_of(self.book, self.record)

    @cached_property
    def day(self) -> dt.date | None:
        """The day the record belongs to, or None where it has none."""
        return record_date(self.book, self.record)

    @cached_property
    def people(self) -> Mapping[str, tuple[str, ...]]:
        """The ids behind each relation of the record."""
        return parties(self.book, self.record)

    def names(self, relation: str) -> Labelled[str]:
        """The full names behind a relation; who may read the header may know them."""
        people = self.people.get(relation, ())
        return self.label(join([display(self.book, p) for p in people]), relation)

    def others(self, person: str) -> Labelled[str]:
        """Everyone else in the record, by the names colleagues use."""
        ids = dict.fromkeys(p for group in self.people.values() for p in group if p != person)
        return self.label(join([short(self.book, p) for p in ids]), "others")

    def short_name(self, person: str) -> str:
        """What colleagues call one of the record's people; label it before it is shown."""
        return short(self.book, person)

    def sealed(self, name: str) -> SealedView | None:
        """The sealed section of that name, or None where nothing is sealed."""
        return self._sealed.get(name)

    def sealed_sections(self) -> tuple[SealedView, ...]:
        """Every sealed section in the order of the form."""
        return tuple(self._sealed.values())

    def is_sealed_to(self, name: str, reader: str) -> bool:
        """Whether a section of that name is sealed, and names a reader: asked of many records."""
        is_known = any(form.name == name for form in self.form.sections)
        section = self.record.section(name) if is_known else None
        stated = stated_readers(section.blocks[0].armor) if section and section.blocks else ()
        return any(one == reader for one, _ in stated)

    @cached_property
    def _sealed(self) -> Mapping[str, SealedView]:
        sections = (self.record.section(form.name) for form in self.form.sections)
        return {
            section.name: self._sealed_view(section.name, section.blocks[0])
            for section in sections
            if section and section.blocks
        }

    def _sealed_view(self, name: str, block: SealedBlock) -> SealedView:
        readers = stated_readers(block.armor)
        owners = tuple(reader for reader, _ in readers)
        line = (
            shown_draft_line(self.book, owners)
            if self.life.is_draft
            else reader_line(self.book, self.school, owners)
        )
        return SealedView(
            name=name,
            armor=block.armor,
            place=place_of(self.book, self.record, name),
            revision=block.revision,
            readers=readers,
            line=self.label(line, f"{name}: readers"),
            signature=block.signature,
            signers=signers_of(self.book, block, owners, self._members, self.access.day),
        )

    @cached_property
    def _members(self) -> tuple[str, ...]:
        """Everybody in a relation of the record."""
        return tuple(dict.fromkeys(one for group in self.people.values() for one in group))

    @cached_property
    def authors(self) -> Labelled[Mapping[str, str]]:
        """The full names of all who may have signed a part, for pages that say whose it is."""
        people = {one for sealed in self._sealed.values() for one in sealed.signers}
        return self.label({one: display(self.book, one) for one in sorted(people)}, "authors")

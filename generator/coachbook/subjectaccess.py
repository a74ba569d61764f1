"""Everything that names a person, as far as one reader may read it, for that person to have.

    pack = gather(book, "p-7kq2m4xa", opened=lambda record: open_record(book, record, keys))
    pack.items       # what is given: facts and texts, without other people's names
    pack.left_out    # what is not, and why, without a word of it

A record is about somebody where they are coached, observed, or its subject; of it they are given
every part. Of a record that only mentions them they are given the passages that do. Names of
those who took part beside them stay, as they know them; all others go.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from coachbook.book import display, form_of, parties, record_date, values_of
from coachbook.calendar import format_date
from coachbook.errors import DamagedError
from coachbook.opening import Opened, is_sealed
from coachbook.payload import WHOLE
from coachbook.publickey import is_role
from coachbook.readers import stated_readers
from coachbook.record import Record, parse_record
from coachbook.redaction import ANOTHER, Redactor
from coachbook.sentences import join
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from coachbook.book import Book
    from coachbook.forms import Form
    from coachbook.payload import Payload
    from coachbook.sections import SealedBlock

    Open = Callable[[Record], Opened]

NOT_YOURS = "[a passage that is not about you was left out]"

_ABOUT = frozenset({"coachee", "mentee", "observed", "subject"})
"""Relations in which a record is about somebody; a member of a group is one of several."""
_NOBODYS = frozenset({"trust", "hub", "school", "policy", "calendar", "subject-access-log"})
_TOLD = frozenset({"type", "id", "school", "form", "policy", "locked", "text_left_in"})
_GAP = re.compile(r"\n[ \t]*\n")


class Why(Enum):
    """Why something is not in the pack."""

    OTHERS = "sealed to others"
    WHOLE = "sealed whole to others, so that nobody else can tell whom it is about"
    UNSEEN = "sealed to others, in records that do not name the person in the clear"
    PASSAGES = "passages about other people"
    SHARED_NAME = "named by a name that somebody else has too"
    DAMAGED = "damaged"
    UNREAD = "a file that is no record"


_UNTOLD = frozenset({Why.WHOLE, Why.UNSEEN})
"""Where nobody without a key can tell whether it is about the person at all."""


@frozen(repr=False)
class Part:
    """A section as it is given."""

    name: str
    text: str
    sealed: bool


@frozen(repr=False)
class Item:
    """A record as it is given: what it is, who took part, its facts, its parts."""

    id: str
    kind: str
    school: str
    day: dt.date | None
    people: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]


@frozen
class LeftOut:
    """So many parts of one kind of record, why they are missing, and who could open them."""

    why: Why
    kind: str
    count: int
    openers: tuple[str, ...] = ()


@frozen
class Look:
    """A place that somebody should read before the pack is handed on."""

    record: str
    part: str
    words: str


@frozen(repr=False)
class Pack:
    """All that is given to a person, and an account of what is not."""

    person: str
    name: str
    items: tuple[Item, ...]
    left_out: tuple[LeftOut, ...]
    look: tuple[Look, ...]
    names_taken_out: int

    @property
    def parts_left_out(self) -> int:
        """How many parts were left out that are about the person, or may be."""
        return sum(one.count for one in self.left_out if one.why not in _UNTOLD)

    def __repr__(self) -> str:
        """Shows how much there is; what stands in it is confidential."""
        return f"Pack({self.person!r}, {len(self.items)} records)"


def gather(
    book: Book,
    person: str,
    opened: Open,
    also: Iterable[str] = (),
    called: Iterable[str] = (),
) -> Pack:
    """Gathers what names a person.

    Args:
        opened: opens of a record what the reader's keys open.
        also: names to take out that the records do not know, such as nicknames.
        called: names of the person that the records do not know, such as a former one.
    """
    search = _Search(book, person, opened, tuple(also), tuple(called))
    search.items += _keys(book, person)
    for record in book.records.values():
        search.look_at(record)
    if book.unreadable:
        search.leave_out(Why.UNREAD, "File", len(book.unreadable))
    return Pack(
        person=person,
        name=book.people[person].name,
        items=tuple(sorted(search.items, key=lambda one: (str(one.day or ""), one.kind, one.id))),
        left_out=tuple(search.left()),
        look=tuple(search.look),
        names_taken_out=search.taken_out,
    )


@frozen(repr=False)
class _Seen:
    """A record with what was opened of it, and how the person stands to it."""

    record: Record
    form: Form
    payloads: Mapping[str, Payload]
    people: Mapping[str, tuple[str, ...]]
    relations: frozenset[str]
    kept: frozenset[str]
    is_named: bool


@dataclass(slots=True, repr=False)
class _Search:
    """What has been found so far."""

    book: Book
    person: str
    opened: Open
    also: tuple[str, ...]
    called: tuple[str, ...]
    items: list[Item] = field(default_factory=list)
    look: list[Look] = field(default_factory=list)
    taken_out: int = 0
    counts: Counter[tuple[Why, str]] = field(default_factory=Counter)
    openers: dict[tuple[Why, str], set[str]] = field(default_factory=dict)
    redactors: dict[frozenset[str], Redactor] = field(default_factory=dict)

    def look_at(self, record: Record) -> None:
        """Takes what a record holds about the person, or counts why it is not taken."""
        if record.type in _NOBODYS:
            return
        opened = self.opened(record) if is_sealed(record) else Opened(record, {}, {})
        form = form_of(self.book, record)
        if opened.damaged:
            self.leave_out(Why.DAMAGED, form.title if form else record.type, len(opened.damaged))
        if record.whole is None:
            self._look_inside(record, record, opened)
        elif WHOLE in opened.payloads:
            inner = parse_record(record.path, opened.payloads[WHOLE].text.encode())
            if isinstance(inner, Record):
                self._look_inside(inner, record, opened)
        elif WHOLE in opened.strangers:
            school = self.book.schools.get(record.school)
            place = f" at {school.name}" if school else ""
            self.leave_out(Why.WHOLE, f"Record sealed whole{place}", 1, record.blocks())

    def leave_out(
        self, why: Why, kind: str, count: int, blocks: Iterable[SealedBlock] = ()
    ) -> None:
        """Counts what is not given, and who could open it."""
        self.counts[why, kind] += count
        openers = self.openers.setdefault((why, kind), set())
        for block in blocks:
            openers.update(one for one in _stated(block) if why is Why.OTHERS or is_role(one))

    def left(self) -> Iterator[LeftOut]:
        """Everything that is not given, in the order of the reasons."""
        order = list(Why)
        for (why, kind), count in sorted(
            self.counts.items(), key=lambda one: (order.index(one[0][0]), one[0][1])
        ):
            names = sorted(self.openers.get((why, kind), ()))
            yield LeftOut(why, kind, count, tuple(names))

    def _look_inside(self, record: Record, outer: Record, opened: Opened) -> None:
        form = form_of(self.book, record)
        if form is None:
            return
        seen = self._seen(record, form, opened)
        texts = dict(_texts(record, opened.payloads))
        closed = self._closed(outer, opened)
        mentioned = {name for name, text in texts.items() if self._own.names_kept(text)}
        if not seen.is_named and not mentioned:
            self._pass_over(form, texts, len(closed))
            return
        parts = [
            part
            for name, text in texts.items()
            if (part := self._part(seen, name, text)) is not None
        ]
        self.items.append(self._item(seen, parts))
        for block in closed:
            self.leave_out(Why.OTHERS, form.title, 1, [block])

    def _closed(self, record: Record, opened: Opened) -> list[SealedBlock]:
        """The sealed blocks that the reader's keys do not open."""
        return [
            block
            for part in record.sections
            for block in part.blocks
            if part.name not in opened.payloads and part.name not in opened.damaged
        ]

    def _pass_over(self, form: Form, texts: Mapping[str, str], closed: int) -> None:
        """A record that does not name the person for certain."""
        if closed:
            self.leave_out(Why.UNSEEN, "Parts of other records", closed)
        shared = sum(self._own.names_shared(text) for text in texts.values())
        if shared:
            self.leave_out(Why.SHARED_NAME, form.title, shared)

    def _seen(self, record: Record, form: Form, opened: Opened) -> _Seen:
        people = parties(self.book, record)
        relations = frozenset(one for one, found in people.items() if self.person in found)
        readers = {reader for payload in opened.payloads.values() for reader, _ in payload.readers}
        knows = bool(relations) and (not form.whole or self.person in readers)
        others = {one for found in people.values() for one in found} if knows else set()
        header = record.source[: record.body]
        facts = " \n".join(map(str, values_of(self.book, record).values()))
        is_named = _has_id(header, self.person) or self._own.names_kept(facts)
        return _Seen(
            record,
            form,
            opened.payloads,
            people,
            relations,
            frozenset({self.person, *others}),
            bool(relations) or is_named,
        )

    def _part(self, seen: _Seen, name: str, text: str) -> Part | None:
        """A section as it is given; None where nothing in it is about the person."""
        payload = seen.payloads.get(WHOLE if seen.form.whole else name)
        given = text if self._is_theirs(seen, payload) else self._passages(seen, text)
        if not given.strip():
            return None
        redacted = self._redactor(seen.kept).redacted(given)
        self.taken_out += redacted.count
        self._note_doubts(seen, name, redacted.doubtful)
        return Part(name, redacted.text, payload is not None)

    def _is_theirs(self, seen: _Seen, payload: Payload | None) -> bool:
        """True where the whole text is for the person: about them, by them, or sealed to them."""
        if seen.relations & _ABOUT:
            return True
        return payload is not None and (
            payload.author == self.person or self.person in dict(payload.readers)
        )

    def _passages(self, seen: _Seen, text: str) -> str:
        """The passages that name the person, with a note where others were left out."""
        found: list[str] = []
        for passage in _GAP.split(text):
            if self._own.names_kept(passage):
                found.append(passage)
            elif passage.strip():
                self.leave_out(Why.PASSAGES, seen.form.title, 1)
                found += [NOT_YOURS] if found[-1:] != [NOT_YOURS] else []
        return "" if set(found) <= {NOT_YOURS} else "\n\n".join(found)

    def _note_doubts(self, seen: _Seen, name: str, doubtful: int) -> None:
        if doubtful:
            words = f"{doubtful} in small letters may be a colleague's name"
            self.look.append(Look(seen.record.id, name, words))

    def _item(self, seen: _Seen, parts: Sequence[Part]) -> Item:
        school = self.book.schools.get(seen.record.school)
        return Item(
            id=seen.record.id,
            kind=seen.form.title,
            school=school.name if school else "",
            day=record_date(self.book, seen.record),
            people=tuple(
                (relation, join([self._name(one, seen.kept) for one in found]))
                for relation, found in seen.people.items()
            ),
            facts=tuple(self._facts(seen)),
            parts=tuple(parts),
        )

    def _facts(self, seen: _Seen) -> Iterator[tuple[str, str]]:
        """The clear fields, without ids and without other people."""
        paths = {one.partition(".")[0] for one in seen.form.relations.values()}
        for key, value in values_of(self.book, seen.record).items():
            if key in _TOLD or key in paths or seen.form.fields[key].type == "reference":
                continue
            words = join([self._word(one, seen.kept) for one in _listed(value)])
            if words:
                yield key.replace("_", " "), words

    def _word(self, value: object, kept: frozenset[str]) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, dt.date):
            return format_date(value)
        if isinstance(value, dt.time):
            return f"{value:%H:%M}"
        if str(value) in self.book.people:
            return self._name(str(value), kept)
        redacted = self._redactor(kept).redacted(str(value))
        self.taken_out += redacted.count
        return redacted.text

    def _name(self, person: str, kept: frozenset[str]) -> str:
        return display(self.book, person) if person in kept else ANOTHER

    @property
    def _own(self) -> Redactor:
        return self._redactor(frozenset({self.person}))

    def _redactor(self, kept: frozenset[str]) -> Redactor:
        if kept not in self.redactors:
            self.redactors[kept] = Redactor.around(self.book, kept, self.also, self.called)
        return self.redactors[kept]


def _has_id(text: str, person: str) -> bool:
    """True where the id stands by itself: another may begin with the same letters."""
    return re.search(rf"(?<![a-z0-9-]){re.escape(person)}(?![a-z0-9-])", text) is not None


def _keys(book: Book, person: str) -> Iterator[Item]:
    """Their public keys, which lie beside the records under their id."""
    for key in book.keyring.keys.get(person, ()):
        facts = (("generation", str(key.generation)), ("fingerprint", key.fingerprint))
        yield Item(person, "Public key", "", key.created, (), facts, ())


def _texts(record: Record, payloads: Mapping[str, Payload]) -> Iterator[tuple[str, str]]:
    """The text of each section that is open, be it in clear or by a key."""
    for section in record.sections:
        if section.name in payloads:
            yield section.name, payloads[section.name].text
        elif not section.blocks:
            yield section.name, record.text(section)


def _stated(block: SealedBlock) -> tuple[str, ...]:
    """Whom a block says it is for; nobody where that can't be read."""
    try:
        return tuple(reader for reader, _ in stated_readers(block.armor))
    except DamagedError:
        return ()


def _listed(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)

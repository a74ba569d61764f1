"""Sealed sections opened: what a reader gets to see, and what to remember until resealing.

Text that comes back unchanged for unchanged readers keeps its block. Whoever opens a record
therefore remembers it as it was sealed, with a keyed digest of each text; in `edit` for as
long as the editor runs, after `open --in-place` in the private application folder.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import field
from typing import TYPE_CHECKING

from coachbook.authors import authors_in_words
from coachbook.book import access_of, form_of, place_of, values_of
from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.errors import DamagedError, InputError, NotAReaderError, UsageError
from coachbook.life import ADDENDUM
from coachbook.payload import WHOLE
from coachbook.readers import stated_readers
from coachbook.record import Record, parse_record, replace_section, trim
from coachbook.sealing import open_block
from coachbook.sentences import join
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coachbook.age import Random, X25519Identity
    from coachbook.book import Book
    from coachbook.payload import Payload
    from coachbook.sections import SealedBlock

_SALT_LENGTH = 32


@frozen(repr=False)
class Before:
    """A record as it was sealed, and digests of the texts that came out of it."""

    record: Record
    salt: bytes = b""
    digests: Mapping[str, str] = field(default_factory=dict)
    """Section -> digest of its text; a section nobody opened here has none."""
    payloads: Mapping[str, Payload] = field(default_factory=dict)
    """What was opened, for as long as a command runs; it is written nowhere."""

    def holds(self, section: str, text: str) -> bool:
        """True if the section's block is known to hold exactly this text."""
        known = self.digests.get(section, "")
        return hmac.compare_digest(known, _digest(self.salt, section, text))

    def block(self, section: str) -> SealedBlock | None:
        """The one block of the section, or None if there is none or more than one."""
        if section == WHOLE:
            return self.record.whole
        found = self.record.section(section)
        return found.blocks[0] if found and len(found.blocks) == 1 else None

    def stated(self, section: str) -> tuple[tuple[str, str], ...]:
        """Readers and fingerprints that the section's block names; none without a block."""
        block = self.block(section)
        return stated_readers(block.armor) if block else ()

    def __repr__(self) -> str:
        """Shows the path only."""
        return f"Before({self.record.path!r})"


@frozen(repr=False)
class Opened:
    """What the given keys open of a record, and why they do not open the rest."""

    record: Record
    payloads: Mapping[str, Payload]
    strangers: Mapping[str, NotAReaderError]
    damaged: Mapping[str, DamagedError] = field(default_factory=dict)

    def require_sound(self) -> None:
        """Raises the DamagedError of the first section that is damaged, which names it."""
        if self.damaged:
            raise next(iter(self.damaged.values()))

    def stated(self, section: str) -> tuple[tuple[str, str], ...]:
        """Readers and fingerprints that a block names which was opened; none for any other."""
        return Before(self.record).stated(section) if section in self.payloads else ()

    def before(self, random: Random) -> Before:
        """What to remember, so that unchanged text keeps its block."""
        salt = random(_SALT_LENGTH)
        return Before(
            self.record,
            salt,
            {name: _digest(salt, name, payload.text) for name, payload in self.payloads.items()},
            self.payloads,
        )


def is_sealed(record: Record) -> bool:
    """True if any part of the record is sealed."""
    return record.whole is not None or any(section.blocks for section in record.sections)


def open_record(
    book: Book,
    record: Record,
    identities: Mapping[str, X25519Identity],
    name: Callable[[str], str] = str,
) -> Opened:
    """Everything that the keys open, with what is damaged and what is sealed for others.

    A section with more than one block stays sealed: each is a text of its own.
    """
    payloads: dict[str, Payload] = {}
    strangers: dict[str, NotAReaderError] = {}
    damaged: dict[str, DamagedError] = {}
    for section, block in _blocks(record):
        try:
            payloads[section] = open_section(book, record, section, block, identities, name)
        except NotAReaderError as error:
            strangers[section] = error
        except DamagedError as error:
            damaged[section] = error
    return Opened(record, payloads, strangers, damaged)


def open_section(
    book: Book,
    record: Record,
    section: str,
    block: SealedBlock,
    identities: Mapping[str, X25519Identity],
    name: Callable[[str], str] = str,
) -> Payload:
    """What is inside one block of the record; raises DamagedError, which says where."""
    place = place_of(book, record, section)
    try:
        payload = open_block(block.armor, identities, place, revision=block.revision, name=name)
        _require_school(record, payload)
    except DamagedError as error:
        where = "" if section == WHOLE else f' section "{section}":'
        raise DamagedError(
            f"{record.path}:{block.span.line}:{where} {error.message}",
            hint=f"restore the last good copy: git checkout HEAD -- {record.path}",
        ) from error
    return payload


def _require_school(record: Record, payload: Payload) -> None:
    """Raises DamagedError where a record sealed whole lies at another school than it was about."""
    inner = parse_record(record.path, payload.text.encode()) if payload.section == WHOLE else None
    if isinstance(inner, Record) and inner.school != record.school:
        raise DamagedError("the sealed text is damaged: it was sealed at another school")


def in_the_clear(opened: Opened, notices: Mapping[str, str]) -> str:
    """The record's source with its opened texts, and notices where a section stays sealed.

    A section that is neither opened nor has a notice keeps its block; one that has a notice
    shows that, opened or not.
    """
    record = opened.record
    if WHOLE in opened.payloads:
        return opened.payloads[WHOLE].text
    texts = {**{name: payload.text for name, payload in opened.payloads.items()}, **notices}
    source = record.source
    for name, text in texts.items():
        source = replace_section(record, name, text)
        record = reread(record, source)
    return source


def sealed_notices(opened: Opened, name: Callable[[str], str]) -> dict[str, str]:
    """Section -> the line that stands for its block where the block does not open."""
    sealed = dict(_blocks(opened.record))
    return {
        section: f"<!-- sealed for {_stated_names(sealed[section], name)}; "
        "leave this line where it is -->"
        for section in opened.strangers
    } | dict.fromkeys(opened.damaged, "<!-- damaged; leave this line where it is -->")


def wrong_authors(book: Book, opened: Opened) -> dict[str, str]:
    """Section -> who is said inside to have written it, where the form gives it to others.

    It is a claim where nobody signed it, and a fact where `bylines` says who sealed it.
    """
    form, access = form_of(book, opened.record), access_of(book, opened.record)
    is_addendum = opened.record.type == ADDENDUM
    by = values_of(book, opened.record).get("by") if is_addendum else None
    found = {}
    for section in form.sections if form else ():
        author = opened.payloads[section.name].author if section.name in opened.payloads else ""
        is_theirs = access.may_write(section, author) and by in {None, author}
        if author and not is_theirs:
            found[section.name] = author
    return found


def authors_notices(book: Book, opened: Opened, person: str) -> dict[str, str]:
    """Section -> the line that stands for its block where only others may write it."""
    form, access = form_of(book, opened.record), access_of(book, opened.record)
    return {
        section.name: f"<!-- for {authors_in_words(section)} to write; "
        "leave this line where it is -->"
        for section in (form.sections if form else ())
        if section.name in opened.payloads and not access.may_write(section, person)
    }


def put_back(
    book: Book, edited: Record, sealed: Record, notices: Mapping[str, str]
) -> Record | tuple[Diagnostic, ...]:
    """The edited record with its unopened blocks in place again, or what forbids that."""
    faults = [
        _moved(edited, section, notice)
        for section, notice in notices.items()
        if not _is_in_place(book, edited, sealed, section, notice)
    ]
    if faults:
        return tuple(faults)
    for section, block in _blocks(sealed):
        if section in notices:
            fence = sealed.source[block.start : block.end]
            edited = reread(edited, replace_section(edited, section, fence))
    return edited


def reread(record: Record, source: str) -> Record:
    """The same record with another source; raises InputError if its header cannot be read."""
    found = parse_record(record.path, record.encode(source))
    if isinstance(found, Record):
        return found
    raise InputError(f"{found.path}:{found.span.line}: {found.message}", hint=found.hint)


def format_before(before: Before) -> bytes:
    """What `open --in-place` keeps; it holds no text that was sealed."""
    content = {
        "before": 1,
        "path": before.record.path,
        "source": before.record.source,
        "bom": before.record.bom,
        "salt": before.salt.hex(),
        "digests": dict(before.digests),
    }
    return json.dumps(content, sort_keys=True).encode("ascii")


def parse_before(data: bytes) -> Before:
    """What was kept by `format_before`; raises InputError."""
    try:
        content = json.loads(data)
        source = ("\ufeff" if content["bom"] else "") + content["source"]
        record = parse_record(content["path"], source.encode())
        salt, digests = bytes.fromhex(content["salt"]), dict(content["digests"])
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable() from error
    if not isinstance(record, Record):
        raise _unreadable()
    return Before(record, salt, digests)


def require_block(record: Record, section: str) -> tuple[str, SealedBlock]:
    """The section's exact name and its block; raises UsageError, which lists the sealed ones."""
    blocks = _blocks(record)
    for name, block in blocks:
        if name.casefold() == section.casefold():
            return name, block
    names = ", ".join(name for name, _ in blocks) or "none"
    raise UsageError(
        f"{record.path} has no sealed section {section!r}", hint=f"sealed sections: {names}"
    )


def _blocks(record: Record) -> list[tuple[str, SealedBlock]]:
    """(section, block) where a section is one sealed block."""
    if record.whole is not None:
        return [(WHOLE, record.whole)]
    return [(part.name, part.blocks[0]) for part in record.sections if len(part.blocks) == 1]


def _is_in_place(book: Book, edited: Record, sealed: Record, section: str, notice: str) -> bool:
    """True if the notice stands alone in its section, and the section where it was sealed."""
    found = edited.section(section)
    return (
        found is not None
        and not found.blocks
        and edited.text(found) == notice
        and place_of(book, edited, section) == place_of(book, sealed, section)
    )


def _moved(edited: Record, section: str, notice: str) -> Diagnostic:
    found = edited.section(section)
    return Diagnostic(
        edited.path,
        found.heading if found else Span(1),
        "CB505",
        Severity.ERROR,
        f"section “{section}” is sealed for others or theirs to write, and what stands there was "
        "changed, or "
        "the people of the record were",
        f"leave the header's references, and under the heading only: {notice}",
        consequence=Consequence.STOPS,
        quotable=False,
        record=edited.id,
        school=edited.school,
    )


def _stated_names(block: SealedBlock, name: Callable[[str], str]) -> str:
    return join(name(reader) for reader, _ in stated_readers(block.armor))


def _digest(salt: bytes, section: str, text: str) -> str:
    """Blank lines around a text do not make it another one."""
    return hmac.new(salt, f"{section}\0{trim(text)}".encode(), hashlib.sha256).hexdigest()


def _unreadable() -> InputError:
    return InputError(
        "what was remembered when the record was opened cannot be read",
        hint="delete the file of that record in the folder `opened` of your key folder; "
        "the sections are then sealed anew",
    )

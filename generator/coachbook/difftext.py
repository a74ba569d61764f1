"""A record as a diff shows it: sealed parts opened for who holds a key, or named.

What git compares may be years old, and the people of a pair others since. So a part has to fit
its record, and need not fit today's partnership, as it has to wherever it is opened to be used.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from coachbook.bylines import byline
from coachbook.errors import DamagedError, NotAReaderError
from coachbook.keyring import Keyring
from coachbook.payload import WHOLE
from coachbook.place import Place
from coachbook.readers import stated_readers
from coachbook.record import Record, parse_record
from coachbook.sealing import open_block
from coachbook.sentences import join
from coachbook.signatures import authorship_of
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from coachbook.age import X25519Identity
    from coachbook.payload import Payload
    from coachbook.sections import SealedBlock


@frozen
class Eyes:
    """Who looks at a diff: the workspace, the keys that are unlocked, and how readers are called.

    Without keys, every sealed part is named and none is shown. The public keys tell who signed.
    """

    workspace: str = ""
    identities: Mapping[str, X25519Identity] = field(default_factory=dict)
    name: Callable[[str], str] = str
    keyring: Keyring = field(default_factory=Keyring, repr=False)


def diff_text(data: bytes, eyes: Eyes) -> bytes:
    """The file as a diff shows it; a file that is no record is shown as it is."""
    record = parse_record("", data)
    if not isinstance(record, Record):
        return data
    source = record.source
    for section, block in reversed(list(_blocks(record))):
        shown = _shown(record, section, block, eyes)
        source = source[: block.start] + shown + source[block.end :]
    return source.encode("utf-8")


def _blocks(record: Record) -> Iterator[tuple[str, SealedBlock]]:
    """Every sealed block with its section, in the order of the file."""
    if record.whole is not None:
        yield WHOLE, record.whole
    for section in record.sections:
        for block in section.blocks:
            yield section.name, block


def _shown(record: Record, section: str, block: SealedBlock, eyes: Eyes) -> str:
    """A line about the block and, where a key opens it, its text and who wrote it."""
    try:
        readers = join(eyes.name(reader) for reader, _ in stated_readers(block.armor))
        line = f"(sealed for {readers}; revision {block.revision}{_signed(block, eyes)})"
        payload = open_block(
            block.armor, eyes.identities, None, revision=block.revision, name=eyes.name
        )
        _require_here(payload, record, section, eyes.workspace)
    except NotAReaderError:
        return line
    except DamagedError as error:
        return f"({error.message}; revision {block.revision})"
    place = Place(eyes.workspace, record.id, record.type, section, payload.parties)
    found = byline(authorship_of(payload, block, place, eyes.keyring), eyes.name)
    line = f"(sealed for {readers}; revision {block.revision}; {found})"
    return f"{line}\n\n{payload.text.rstrip()}"


def _signed(block: SealedBlock, eyes: Eyes) -> str:
    """Whose signature stands under a block that does not open; whether it is true, `check` says."""
    return f"; signed as {eyes.name(block.signature.signer)}" if block.signature else ""


def _require_here(payload: Payload, record: Record, section: str, workspace: str) -> None:
    """Raises DamagedError for a part that was sealed for another place."""
    inside = (payload.workspace, payload.record, payload.type, payload.section)
    if inside != (workspace, record.id, record.type, section):
        raise DamagedError("the sealed text is damaged: it was sealed for another place")

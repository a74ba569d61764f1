"""Whom a sealed file says it is for: the readers stanza.

X25519 stanzas of an age file name nobody. A file of ours therefore begins with one more
stanza that other age tools pass over: `coachbook/readers id:fingerprint …`, with an empty
body, and after it exactly one X25519 stanza per reader in that order. The header's MAC covers
all of it, so whoever opens the file also confirms the list; without a key it is what the
writer stated.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from coachbook.age import Header, Stanza, X25519Recipient, dearmor, peek, read_header
from coachbook.age.format import NONCE_LENGTH
from coachbook.errors import AgeError, DamagedError, SealedError
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    Stated: TypeAlias = tuple[tuple[tuple[str, str], ...], int]

STANZA_TYPE = "coachbook/readers"

RESTORE_HINT = "restore the last good copy of the file"
_CUT = "the sealed text is damaged: lines of it are missing, or were changed after it was sealed"
"""Said in place of what the file format calls it, which helps nobody who writes notes."""

_X25519 = "X25519"
_BASE64 = rb"[0-9A-Za-z+/]{42}[AEIMQUYcgkosw048]"  # 32 bytes in their one spelling
_OURS = re.compile(
    rb"age-encryption\.org/v1\n-> coachbook/readers"
    rb"((?: [0-9A-Za-z][0-9A-Za-z@._-]*:[a-z2-7]{26})+)\n\n"
    rb"((?:-> X25519 %s\n%s\n)+)--- %s\n" % (_BASE64, _BASE64, _BASE64)
)
_USUAL_HEADER = 768
"""The bytes in which a header with up to five readers ends; a longer one is read whole."""
_BLOCKS = 1 << 14
"""Of so many sealed blocks it stays known what they state."""

_ARGUMENT = re.compile(r"([0-9A-Za-z][0-9A-Za-z@._-]*):([a-z2-7]{26})")


@frozen
class Reader:
    """A person or a role, with the public key that a file is sealed to."""

    id: str
    recipient: X25519Recipient

    @property
    def fingerprint(self) -> str:
        """26 characters that stand for the key."""
        return self.recipient.fingerprint()

    @property
    def stated(self) -> tuple[str, str]:
        """How the file names this reader: id and fingerprint."""
        return (self.id, self.fingerprint)


@frozen
class ReadersHeader:
    """The header of one of our files, and the readers it states."""

    data: bytes
    header: Header
    readers: tuple[tuple[str, str], ...]

    @property
    def slots(self) -> tuple[Stanza, ...]:
        """The X25519 stanzas, one per reader in the same order."""
        return self.header.stanzas[1:]


class _Glance(NamedTuple):
    """Whether armor is exact, and what its header states: readers, and bytes of sealed text."""

    is_exact: bool
    stated: Stated | None = None


def readers_stanza(readers: Sequence[Reader]) -> Stanza:
    """The stanza that names the readers; raises SealedError if there is none or one is twice."""
    if not readers:
        raise SealedError("nobody is named who could read this", hint="ask for a reader's key")
    for ids in ([reader.id for reader in readers], [reader.fingerprint for reader in readers]):
        twice = sorted({found for found in ids if ids.count(found) > 1})
        if twice:
            raise SealedError(f"{twice[0]} stands twice among the readers")
    return Stanza(STANZA_TYPE, tuple(":".join(reader.stated) for reader in readers))


def read_readers(armor: str) -> ReadersHeader:
    """The header of a sealed file, for which no key is needed; raises DamagedError."""
    try:
        data = dearmor(armor)
        header = read_header(data)
    except AgeError as error:
        raise DamagedError(_CUT, hint=error.hint or RESTORE_HINT) from error
    return ReadersHeader(data, header, _stated(header.stanzas))


def stated_readers(armor: str) -> tuple[tuple[str, str], ...]:
    """(reader, fingerprint) pairs as the writer stated them; raises DamagedError."""
    return stated_block(armor)[0]


@lru_cache(maxsize=_BLOCKS)
def stated_block(armor: str) -> Stated:
    """The stated readers, and how many bytes of sealed text follow; raises DamagedError.

    Nothing but the armor tells it, so what `check` has read is there for the pages of a build.
    """
    seen = _glance(armor).stated
    if seen is not None:
        return seen
    whole = read_readers(armor)
    return whole.readers, len(whole.data) - whole.header.payload_offset


def forget_blocks() -> None:
    """Lets go of what is known of blocks: the records that held them are let go themselves."""
    stated_block.cache_clear()
    _glance.cache_clear()


def is_exact(armor: str) -> bool:
    """Whether armor is just as it is written here, so that nothing else can stand in it."""
    return _glance(armor).is_exact


@lru_cache(maxsize=_BLOCKS)
def _glance(armor: str) -> _Glance:
    """What is told at a glance, which is all of it where the header is as we write it.

    One match in place of a parser: `check` asks this of every block of a workspace.
    """
    seen = peek(armor, _USUAL_HEADER)
    if seen is None:
        return _Glance(is_exact=False)
    start, size = seen
    found = _OURS.match(start)
    pairs = _pairs(found[1]) if found else ()
    if not found or not pairs or found[2].count(b"-> X25519 ") != len(pairs):
        return _Glance(is_exact=True)
    length = size - found.end()
    return _Glance(is_exact=True, stated=(pairs, length) if length >= NONCE_LENGTH else None)


@lru_cache(maxsize=4096)
def _pairs(arguments: bytes) -> tuple[tuple[str, str], ...]:
    """What the first line of a header says, which is the same in all notes of a pair.

    Nothing where it names a reader or a key twice.
    """
    pairs = tuple(_ARGUMENT.findall(arguments.decode("ascii")))
    is_sound = len(pairs) == len(dict(pairs)) == len({key for _, key in pairs})
    return pairs if is_sound else ()


def _stated(stanzas: Sequence[Stanza]) -> tuple[tuple[str, str], ...]:
    first, slots = stanzas[0], stanzas[1:]
    if first.type != STANZA_TYPE or first.body:
        raise _damaged("it does not begin with the list of its readers")
    matches = [_ARGUMENT.fullmatch(argument) for argument in first.args]
    readers = tuple((match[1], match[2]) for match in matches if match)
    if not readers or len(readers) != len(first.args):
        raise _damaged("the list of its readers cannot be read")
    if len(dict(readers)) != len(readers) or len({key for _, key in readers}) != len(readers):
        raise _damaged("the list of its readers names one twice")
    if [slot.type for slot in slots] != [_X25519] * len(readers):
        raise _damaged(f"it names {len(readers)} readers and is sealed to {len(slots)} keys")
    return readers


def _damaged(reason: str) -> DamagedError:
    return DamagedError(f"the sealed text is damaged: {reason}", hint=RESTORE_HINT)

"""What a file says of its place among the others: a line about each.

    line = scan("records/otterbeck/2026-27/c-0a1b2c3d/cycle.md", data)
    line.school     # "otterbeck"

A line has what tells which records belong together: type, id, school, and hashes of every word of
its header and of every sealed block, because a word may be the id of another record. Words are
kept as hashes alone, and so is whatever is no name in the place of one, as a header may hold by
mistake what should have been sealed.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from coachbook.book.files import school_of
from coachbook.record import Record, parse_record

if TYPE_CHECKING:
    from collections.abc import Iterable

MARK = 16
"""The length of a line's mark."""

_WORD = 8

_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?---\r?\n(.*?\n)---\r?(?:\n|\Z)", re.DOTALL)
_PLAIN_LINE = re.compile(rb"(?:[A-Za-z_][\w.-]*:(?: .*)?|[ \t]*- .*)?\r?", re.DOTALL)
_KEY = re.compile(rb"(type|id|school|schools): *([^\r]*?)[ \t]*\r?")
_NO_NAME = "?"
_NAME = re.compile(rb"[a-z][a-z0-9-]*")
_NAMES = re.compile(rb"\[ *[a-z][a-z0-9-]*(?: *, *[a-z][a-z0-9-]*)* *\]")
_OPENED = re.compile(rb"(?:: |- |\[|, )([\"'])(.*)", re.DOTALL)
_VALUE = re.compile(rb"(?:[A-Za-z_][\w.-]*:|[ \t]*-) +(.*?)[ \t]*\r?", re.DOTALL)
_BREAKS = re.compile(rb"[ ,\[\]\"']+")
_NUMBER = re.compile(rb"[\d.:-]*")
_BEGIN, _END = b"-----BEGIN AGE ENCRYPTED FILE-----", b"-----END"
_LAST_SIGNS = 24
"""So many signs at the end of a block tell it from others; two that end alike go together."""
_NO_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
)
_NO_NAMES = frozenset({b"true", b"false", b"null"})


class Line(NamedTuple):
    """A record's place among the others.

    `schools` are those of a person, in their order. `words` are the hashes of all words in the
    header, `armors` those of all sealed blocks.
    """

    type: str
    id: str
    school: str
    schools: tuple[str, ...]
    words: array[int]
    armors: array[int]

    @property
    def mark(self) -> bytes:
        """A hash of all of it: it stays the same where a record changes otherwise."""
        found = hashlib.blake2b(repr(self[:4]).encode(), digest_size=MARK)
        found.update(b"%d " % len(self.words))
        found.update(self.words)
        found.update(self.armors)
        return found.digest()


class _Said(NamedTuple):
    """What a line of a header says: which of the four keys with which value, and all its words.

    A line is plain if it stands for itself: no value goes on from or to another line.
    """

    is_plain: bool
    key: bytes
    value: bytes
    numbers: tuple[int, ...]


def word_of(text: str) -> int:
    """The hash that stands for a word of a header, such as an id, or for a name as it is kept."""
    if text.startswith(_NO_NAME):
        return int(text[1:], 16)
    return _word(text.encode("utf-8", "surrogatepass"))


def kept_name(text: str) -> str:
    """A type, an id or a school as a line has it: what is no name is there as its hash alone."""
    raw = text.encode("utf-8", "surrogatepass")
    return text if not raw or _NAME.fullmatch(raw) else f"{_NO_NAME}{_word(raw):016x}"


def scan(path: str, data: bytes) -> Line:
    """The line about a file with these bytes."""
    found = _HEADER.match(data)
    said = [_said(line) for line in found[1].split(b"\n")] if found else []
    names = _plain_names(said) if said else None
    if names is None:
        names = _parsed_names(path, data)
    words = sorted({number for one in said for number in one.numbers})
    return Line(*names, array("Q", words), array("Q", sorted(_armors(data))))


def names_in(data: bytes) -> frozenset[str]:
    """The words in the header of a file that may be ids of records, written as ids are kept."""
    found = _HEADER.match(data)
    lines = found[1].split(b"\n") if found else ()
    words = {word for line in lines for word in _words(line)}
    return frozenset(kept_name(word.decode("utf-8", "surrogateescape")) for word in words)


def armors_in(data: bytes) -> frozenset[int]:
    """The hashes of the sealed blocks in a file."""
    return frozenset(_armors(data))


def _plain_names(said: Iterable[_Said]) -> tuple[str, str, str, tuple[str, ...]] | None:
    """Type, id, school and schools, where the header is written so plainly that this tells them.

    That is one in which no value goes on over several lines, and each of the four is a word or a
    list of words.
    """
    found: dict[bytes, bytes] = {}
    for one in said:
        if not one.is_plain or one.key in found:
            return None
        if one.key:
            found[one.key] = one.value
    kind, record, school = (found.get(key, b"").decode() for key in (b"type", b"id", b"school"))
    schools = found.get(b"schools", b"").decode().strip("[]").split(",")
    return kind, record, school, tuple(filter(None, (one.strip() for one in schools)))


def _parsed_names(path: str, data: bytes) -> tuple[str, str, str, tuple[str, ...]]:
    """The same from the record; of a file that is none its school by its place."""
    record = parse_record(path, data)
    if not isinstance(record, Record):
        return "", "", school_of(path), ()
    found = record.value("schools")
    many = found if isinstance(found, tuple) else (found,)
    schools = tuple(one for one in many if isinstance(one, str))
    named = (kept_name(record.type), kept_name(record.id), kept_name(record.school))
    return *named, tuple(map(kept_name, schools))


@lru_cache(maxsize=1 << 13)
def _said(line: bytes) -> _Said:
    """What a line of a header says; most stand in many headers."""
    opened = _OPENED.search(line)
    is_plain = bool(_PLAIN_LINE.fullmatch(line)) and not (opened and _goes_on(opened))
    key, value = found.groups() if (found := _KEY.fullmatch(line)) else (b"", b"")
    if key:
        pattern = _NAMES if key == b"schools" else _NAME
        is_plain = is_plain and bool(pattern.fullmatch(value)) and value not in _NO_NAMES
    return _Said(is_plain, key, value, tuple(map(_word, _words(line))))


def _goes_on(opened: re.Match[bytes]) -> bool:
    """Whether what is quoted from here may end on another line."""
    return opened[2].count(opened[1]) % 2 == 0 or b"\\" in opened[2]


def _words(line: bytes) -> set[bytes]:
    """All words and the whole value in a line of a header; no number or day is one."""
    found = _VALUE.fullmatch(line)
    value = found[1].strip(b"\"'") if found else b""
    words = {value, *_BREAKS.split(value)} if b" " in value or value[:1] == b"[" else {value}
    return {word for word in words if not _NUMBER.fullmatch(word)}


def _armors(data: bytes) -> set[int]:
    """The hash of each sealed block, whatever editors and mail have put round its lines."""
    blocks = (part.partition(_END)[0] for part in data.split(_BEGIN)[1:])
    return {_hashed(block.translate(None, _NO_BASE64)[-_LAST_SIGNS:]) for block in blocks}


@lru_cache(maxsize=1 << 14)
def _word(word: bytes) -> int:
    """The hash that stands for a word; the same few make up most headers."""
    return _hashed(word)


def _hashed(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=_WORD).digest(), "big")

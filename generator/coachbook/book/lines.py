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
from typing import NamedTuple

from coachbook.book.files import school_of
from coachbook.record import Record, parse_record

MARK = 16
"""The length of a line's mark."""

_WORD = 8

_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?---\r?\n(.*?\n)---\r?(?:\n|\Z)", re.DOTALL)
_PLAIN_LINE = re.compile(rb"(?:(?:[A-Za-z_][\w.-]*:(?: [^\n]*)?|[ \t]*- [^\n]*)?\r?\n)*")
_KEY = re.compile(rb"(?m)^(type|id|school|schools): *([^\n\r]*?)[ \t]*\r?$")
_NO_NAME = "?"
_NAME = re.compile(rb"[a-z][a-z0-9-]*")
_NAMES = re.compile(rb"\[ *[a-z][a-z0-9-]*(?: *, *[a-z][a-z0-9-]*)* *\]")
_OPENED = re.compile(rb"(?m)(?:: |- |\[|, )([\"'])([^\n]*)$")
_VALUE = re.compile(rb"(?m)^(?:[A-Za-z_][\w.-]*:|[ \t]*-) +([^\n]*?)[ \t]*\r?$")
_BREAKS = re.compile(rb"[ ,\[\]\"']+")
_NUMBER = re.compile(rb"[\d.:-]*")
_BEGIN, _END = b"-----BEGIN AGE ENCRYPTED FILE-----", b"-----END"
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
    header = found[1] if found else b""
    names = _plain_names(header) if header else None
    if names is None:
        names = _parsed_names(path, data)
    words, armors = sorted(map(_word, _words(header))), sorted(_armors(data))
    return Line(*names, array("Q", words), array("Q", armors))


def names_in(data: bytes) -> frozenset[str]:
    """The words in the header of a file that may be ids of records, written as ids are kept."""
    found = _HEADER.match(data)
    words = _words(found[1]) if found else ()
    return frozenset(kept_name(word.decode("utf-8", "surrogateescape")) for word in words)


def armors_in(data: bytes) -> frozenset[int]:
    """The hashes of the sealed blocks in a file."""
    return frozenset(_armors(data))


def _plain_names(header: bytes) -> tuple[str, str, str, tuple[str, ...]] | None:
    """Type, id, school and schools, where the header is written so plainly that this tells them.

    That is one in which no value goes on over several lines, and each of the four is a word or a
    list of words.
    """
    if not _PLAIN_LINE.fullmatch(header) or any(map(_goes_on, _OPENED.finditer(header))):
        return None
    found: dict[bytes, bytes] = {}
    for key, value in _KEY.findall(header):
        pattern = _NAMES if key == b"schools" else _NAME
        if key in found or not pattern.fullmatch(value) or value in _NO_NAMES:
            return None
        found[key] = value
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


def _goes_on(opened: re.Match[bytes]) -> bool:
    """Whether what is quoted from here may end on another line."""
    return opened[2].count(opened[1]) % 2 == 0 or b"\\" in opened[2]


def _words(header: bytes) -> set[bytes]:
    """All words and all values in a header; no number or day is one."""
    values = [value.strip(b"\"'") for value in _VALUE.findall(header)]
    several = (value for value in values if b" " in value or value.startswith(b"["))
    words = {*values, *(word for value in several for word in _BREAKS.split(value))}
    return {word for word in words if not _NUMBER.fullmatch(word)}


def _armors(data: bytes) -> set[int]:
    """The hash of each sealed block, whatever editors and mail have put round its lines."""
    blocks = (part.partition(_END)[0] for part in data.split(_BEGIN)[1:])
    return {_hashed(block.translate(None, _NO_BASE64)) for block in blocks}


@lru_cache(maxsize=1 << 14)
def _word(word: bytes) -> int:
    """The hash that stands for a word; the same few make up most headers."""
    return _hashed(word)


def _hashed(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=_WORD).digest(), "big")

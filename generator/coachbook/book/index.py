"""One line about every file under `records/`, enough to tell which of them belong together.

    index = read_index(root, listing.records, known=cache.read("index"))
    index.lines["records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"].school     # "otterbeck"

A line has what tells a record's place among the others: type, id, school, and hashes of every
word of its header and of every sealed block, because a word may be the id of another record.
Words are kept as hashes alone, and so is whatever is no name in the place of one, as a header may
hold by mistake what should have been sealed.
Files are read one after another and let go, so an index of any workspace is small.

A file is read again only where its size, times or place on the disk have changed, or where it
changed so shortly before the index was written that they may not show it (as git does).
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from array import array
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from coachbook.book.files import print_of, read_file, school_of
from coachbook.record import Record, parse_record
from coachbook.workers import Crew, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

Signature: TypeAlias = "tuple[int, int, int, int]"
"""Size, two times and the number of a file: what changes when somebody writes to it."""

_UNKNOWN: Signature = (0, 0, 0, 0)
_SIZE, _WORD = 16, 8
_A_PART = 1000
"""So many files are worth being handed to a helper."""

_RACY = 2_000_000_000
"""A file that changed so many nanoseconds before it was looked at may have changed once more."""

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
    """What is known of a file: its hash, and the record's place among the others.

    `schools` are those of a person, in their order. `words` are the hashes of all words in the
    header, `armors` those of all sealed blocks.
    """

    signature: Signature
    print: bytes
    type: str
    id: str
    school: str
    schools: tuple[str, ...]
    words: array[int]
    armors: array[int]


@dataclass(frozen=True, slots=True)
class Index:
    """The lines of all files by path, and when they were looked at.

    `web` is a hash of all that tells which records belong together: it stays the same where a
    record changes otherwise.
    """

    lines: Mapping[str, Line]
    looked: int
    is_new: bool = True
    """Whether anything in it differs from what it was read with."""
    web: bytes = b""


def read_index(root: Path, paths: Sequence[str], known: object = None, *, hands: int = 1) -> Index:
    """The index of these files; what `known`, an earlier one, still says rightly is not read anew.

    A file that cannot be read has a line by its path alone.
    """
    earlier = known if isinstance(known, Index) else Index({}, 0)
    looked = time.time_ns()
    signatures = {path: _signature(root, path) for path in paths}
    kept = {
        path: line
        for path, line in earlier.lines.items()
        if signatures.get(path) == line.signature != _UNKNOWN and not _is_racy(line, earlier.looked)
    }
    anew = [path for path in paths if path not in kept]
    lines = kept | dict(zip(anew, _scan_all(root, anew, signatures, hands), strict=True))
    found = {path: lines[path] for path in paths}
    is_same = not anew and len(kept) == len(earlier.lines)
    web = earlier.web if _is_one_web(earlier, found, anew) else _web_of(found)
    return Index(found, looked, is_new=not is_same, web=web)


def word_of(text: str) -> int:
    """The hash that stands for a word of a header, such as an id, or for a name as it is kept."""
    if text.startswith(_NO_NAME):
        return int(text[1:], 16)
    return _word(text.encode("utf-8", "surrogatepass"))


def kept_name(text: str) -> str:
    """A type, an id or a school as a line has it: what is no name is there as its hash alone."""
    raw = text.encode("utf-8", "surrogatepass")
    return text if not raw or _NAME.fullmatch(raw) else f"{_NO_NAME}{_word(raw):016x}"


def scan(path: str, data: bytes, signature: Signature = _UNKNOWN) -> Line:
    """The line about a file with these bytes."""
    found = _HEADER.match(data)
    header = found[1] if found else b""
    names = _plain_names(header) if header else None
    if names is None:
        names = _parsed_names(path, data)
    kind, record, school, schools = names
    return Line(
        signature,
        print_of(data),
        kind,
        record,
        school,
        schools,
        array("Q", sorted(map(_word, _words(header)))),
        array("Q", sorted(_armors(data))),
    )


def _scan_all(
    root: Path, paths: Sequence[str], signatures: Mapping[str, Signature], hands: int
) -> Iterator[Line]:
    """The lines about these files, in their order."""
    given = partial(_scan_files, root, signatures)
    chunks = tuple(parts_of(paths, _A_PART))
    with Crew({"scan": given}, hands if len(chunks) > 1 else 1) as crew:
        for lines in crew.do([("scan", chunk) for chunk in chunks]):
            yield from lines


def _scan_files(
    root: Path, signatures: Mapping[str, Signature], paths: Iterable[str]
) -> list[Line]:
    return [_scan_file(root, path, signatures[path]) for path in paths]


def _scan_file(root: Path, path: str, signature: Signature) -> Line:
    content = read_file(root, path)
    if isinstance(content, bytes):
        return scan(path, content, signature)
    # A program may have locked it for a moment, so it is tried again each time.
    return scan(path, b"", _UNKNOWN)._replace(print=print_of(content))


def _is_one_web(earlier: Index, found: Mapping[str, Line], anew: Iterable[str]) -> bool:
    """Whether the same records belong together as before."""
    return found.keys() == earlier.lines.keys() and all(
        _strands(found[path]) == _strands(earlier.lines[path]) for path in anew
    )


def _strands(line: Line) -> tuple[object, ...]:
    """What ties a record to others."""
    return line[2:]


def _web_of(lines: Mapping[str, Line]) -> bytes:
    found = hashlib.blake2b(digest_size=_SIZE)
    for path, line in lines.items():
        words = (path, line.type, line.id, line.school, *line.schools)
        found.update("\n".join(words).encode("utf-8", "surrogatepass"))
        found.update(line.words.tobytes() + b"\n" + line.armors.tobytes())
    return found.digest()


def _signature(root: Path, path: str) -> Signature:
    try:
        found = os.lstat(f"{root}/{path}")
    except OSError:
        return _UNKNOWN
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def _is_racy(line: Line, looked: int) -> bool:
    """Whether a file may have changed after it was read, and its times stayed the same."""
    _, changed, moved, _ = line.signature
    return max(changed, moved) + _RACY >= looked


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

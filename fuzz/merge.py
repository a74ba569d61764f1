"""Any three versions of a record, joined."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coachbook.decoding import decode
from coachbook.errors import FrontMatterError
from coachbook.frontmatter import parse_header
from coachbook.linemerge import BETWEEN, OURS, THEIRS, choose_side
from coachbook.merging import Merged, merge_records, unmarked
from coachbook.record import Record, parse_record
from coachbook.sections import parse_layout
from fuzz.edits import edited
from fuzz.feed import Feed
from fuzz.samples import records

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coachbook.sections import SealedBlock

SEPARATOR = b"\n%%%%\n"
_CLOSING = re.compile(r"\n---(?:\n|\Z)")
_MARKS = {OURS, BETWEEN, THEIRS}


def seeds() -> Iterable[bytes]:
    """Versions in full, and edits to a record of the example."""
    for at, data in enumerate(records()):
        yield b"\x00" + SEPARATOR.join([data, data, data])
        yield bytes([1, at]) + bytes(range(at, at + 40))


def check(data: bytes) -> None:
    """A merge loses no line, makes up none, and shows nothing that was sealed on a side."""
    feed = Feed(data)
    base, ours, theirs = _edits(feed) if feed.number(1) else _in_full(feed.rest())
    _check_sides(base, ours, theirs)
    found = merge_records(base, ours, theirs)
    if found is not None and not _is_trivial(base, ours, theirs):
        _check_merge(found, base, ours, theirs)


def _edits(feed: Feed) -> tuple[bytes, bytes, bytes]:
    base = feed.pick(records())
    versions = []
    for _ in range(2):
        version = base
        for _ in range(1 + feed.number(2)):
            version = edited(version, feed)
        versions.append(version)
    return base, versions[0], versions[1]


def _in_full(data: bytes) -> tuple[bytes, bytes, bytes]:
    parts = [*data.split(SEPARATOR), b"", b"", b""]
    return parts[0], parts[1], parts[2]


def _is_trivial(base: bytes, ours: bytes, theirs: bytes) -> bool:
    return ours == theirs or base in (ours, theirs)


def _check_sides(base: bytes, ours: bytes, theirs: bytes) -> None:
    """Where one side changed nothing the other is taken, byte for byte."""
    assert merge_records(base, ours, ours) == Merged(ours)
    assert merge_records(base, ours, base) == Merged(ours)
    assert merge_records(base, base, theirs) == Merged(theirs)


def _check_merge(found: Merged, base: bytes, ours: bytes, theirs: bytes) -> None:
    """What each side brought is there, and nothing else is."""
    was, mine, yours, now = (_said(one) for one in (base, ours, theirs, found.data))
    assert (mine | yours) - was <= now
    assert mine & yours <= now
    assert now <= mine | yours | _MARKS
    whole = "".join((ours + theirs).decode("utf-8", "replace").split())
    assert all("".join(armor.split()) in whole for armor in _sealed(found.data))
    assert _shown(found.data) <= _shown(ours) | _shown(theirs) | _MARKS
    assert (_sealed(ours) | _sealed(theirs)) - _sealed(base) <= _sealed(found.data)
    again = merge_records(base, theirs, ours)
    assert again is not None
    assert set(again.clashes) == set(found.clashes)
    if not found.clashes:
        assert isinstance(parse_record("", found.data), Record)
    _check_unmarked(found.data)


def _check_unmarked(data: bytes) -> None:
    try:
        unmarked(data)
    except FrontMatterError:
        return


def _said(data: bytes) -> set[str]:
    """What a version says: its fields, the comments of its header, and the lines of its body."""
    text = decode(data)[0].replace("\r\n", "\n") if data else ""
    closing = _CLOSING.search(text)
    end = closing.end() if closing else 0
    header, body = text[:end], text[end:]
    comments = [line for line in header.split("\n") if line.lstrip().startswith("#")]
    lines = {line.strip() for line in (*comments, *body.split("\n"))}
    sides = (header, choose_side(header, "ours"), choose_side(header, "theirs"))
    return (lines - {""}).union(*map(_fields, sides))


def _fields(header: str) -> set[str]:
    """The fields of a header that can be read, each with its value; none of one that can't."""
    try:
        found = parse_header(header).fields
    except FrontMatterError:
        return set()
    return {f"{key}: {field.value!r}" for key, field in found.items()}


def _sealed(data: bytes) -> set[str]:
    """The armor of every sealed block."""
    return {block.armor for block in _blocks(data)[1]}


def _shown(data: bytes) -> set[str]:
    """The lines of the body that stand in the clear: outside every sealed block."""
    text, blocks = _blocks(data)
    for block in reversed(blocks):
        text = text[: block.start] + text[block.end :]
    return {line.strip() for line in text.split("\n")} - {""}


def _blocks(data: bytes) -> tuple[str, list[SealedBlock]]:
    """The body, behind as many spaces as the header has letters, and its blocks in order."""
    text = _readable(decode(data)[0]) if data else ""
    if not text:
        return "", []
    header = parse_header(text)
    layout = parse_layout(text, header.body_offset, header.body_line)
    found = [*layout.preamble_blocks, *(one for part in layout.sections for one in part.blocks)]
    return " " * header.body_offset + text[header.body_offset :], found


def _readable(text: str) -> str:
    """The text with a header that can be read: as it stands, or as it was on our side."""
    for version in (text, choose_side(text, "ours")):
        try:
            parse_header(version)
        except FrontMatterError:
            continue
        return version
    return ""

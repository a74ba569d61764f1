"""Two versions of a record joined with the one that both came from.

The header is joined by key and the body by section. A sealed part is taken as it is from one
side or the other, and never opened, so nobody can read more after a merge than before. Where
both sides changed one, both versions stay side by side, which `check` stops on until somebody
who can read both has joined them. A part that one side took out and the other changed stays.
"""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from coachbook.decoding import decode, encode
from coachbook.errors import FrontMatterError
from coachbook.frontmatter import parse_header
from coachbook.linemerge import choose_side, has_marks, join_sides, marked, merge_lines
from coachbook.record import trim
from coachbook.sections import parse_layout
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from coachbook.frontmatter import Header
    from coachbook.sections import Layout, SealedBlock

_CLOSING = "---"
_GAP = "\n"


@frozen(repr=False)
class Merged:
    """The joined file, and what both sides changed, in words."""

    data: bytes
    clashes: tuple[str, ...] = ()


@frozen(repr=False)
class _Part:
    """A section or what stands before the first: its sealed blocks and its text beside them."""

    name: str
    heading: str
    body: str
    """Everything under the heading, as it stands in the file."""
    blocks: tuple[str, ...]
    text: str

    @property
    def content(self) -> tuple[tuple[str, ...], str]:
        """What counts when two versions are compared."""
        return self.blocks, self.text

    def holding(self, core: str) -> _Part:
        """The part with other content between its blank lines."""
        found = self.body.strip(_GAP)
        lead, _, tail = self.body.partition(found) if found else (_GAP, "", _GAP)
        heading = self.heading if self.heading.endswith(_GAP) else f"{self.heading}{_GAP}"
        return replace(self, heading=heading if self.name else "", body=f"{lead}{core}{tail}")


@frozen(repr=False)
class _Version:
    """One version of the file, taken apart; `raw` is each field as it is written."""

    header: str = f"{_CLOSING}\n{_CLOSING}\n"
    raw: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    parts: Mapping[str, _Part] = field(default_factory=dict)

    def comments(self) -> list[str]:
        """Lines of the header that are for people alone."""
        return [line for line in self.header.splitlines() if line.lstrip().startswith("#")]


def merge_records(base: bytes, ours: bytes, theirs: bytes) -> Merged | None:
    """The joined record; None where a version cannot be taken apart with certainty.

    Args:
        base: what both came from; empty where each side began the record by itself.
    """
    if theirs in {ours, base}:
        return Merged(ours)
    if ours == base:
        return Merged(theirs)
    before = _read(base) if base else _Version()
    mine, yours = _read(ours), _read(theirs)
    if before is None or mine is None or yours is None:
        return None
    header, fields = _merge_header(before, mine, yours)
    parts, sections = _merge_parts(before, mine, yours)
    data = _written_as(ours, _joined(header, parts))
    clashes = (*fields, *sections) or _shape_clashes(data, parts)
    return Merged(data, clashes)


def unmarked(data: bytes) -> Merged | None:
    """A file that git merged by line, joined anew by key and section from what the marks show.

    None where it has no marks, or a version of it cannot be taken apart.
    """
    text, bom = decode(data)
    if not has_marks(text):
        return None
    return merge_records(
        b"", *(encode(choose_side(text, side), bom=bom) for side in ("ours", "theirs"))
    )


def _written_as(ours: bytes, text: str) -> bytes:
    """The text with the line endings and the byte order mark of our version."""
    like, bom = decode(ours)
    is_windows = like[: like.find("\n")].endswith("\r")
    return encode(text.replace("\n", "\r\n") if is_windows else text, bom=bom)


def _shape_clashes(data: bytes, parts: Iterable[_Part]) -> tuple[str, ...]:
    """A clash where lines of both sides make other sections together than each had alone."""
    found = _read(data)
    names = [part.name for part in parts]
    return () if found and [*found.parts] == names else ("the order of its sections",)


def _read(data: bytes) -> _Version | None:
    """A version taken apart; None if its header or a block cannot be read, or a name is twice."""
    try:
        text = decode(data)[0].replace("\r\n", "\n")
        header = parse_header(text)
    except FrontMatterError:
        return None
    layout = parse_layout(text, header.body_offset, header.body_line)
    names = [section.name for section in layout.sections]
    if layout.faults or len(set(names)) < len(names):
        return None
    return _version(text, header, layout)


def _version(text: str, header: Header, layout: Layout) -> _Version:
    return _Version(
        text[: header.body_offset],
        {key: text[one.start : one.end] for key, one in header.fields.items()},
        {key: repr(one.value) for key, one in header.fields.items()},
        {key: (one.start, one.end) for key, one in header.fields.items()},
        {part.name: part for part in _parts(text, header.body_offset, layout)},
    )


def _parts(text: str, body: int, layout: Layout) -> Iterator[_Part]:
    headings = [_line_start(text, section.start) for section in layout.sections]
    yield _part("", "", text, body, [*headings, len(text)][0], layout.preamble_blocks)
    for section, at in zip(layout.sections, headings, strict=True):
        heading = text[at : section.start]
        yield _part(section.name, heading, text, section.start, section.end, section.blocks)


def _line_start(text: str, behind: int) -> int:
    """Where the heading begins that ends before this offset."""
    return text.rfind("\n", 0, behind - 1 if text[behind - 1] == "\n" else behind) + 1


def _part(
    name: str, heading: str, text: str, start: int, end: int, blocks: Iterable[SealedBlock]
) -> _Part:
    at, pieces, fences = start, [], []
    for block in blocks:
        pieces.append(text[at : block.start])
        fences.append(text[block.start : block.end])
        at = block.end
    pieces.append(text[at:end])
    return _Part(name, heading, text[start:end], tuple(fences), trim("".join(pieces)))


def _merge_header(base: _Version, ours: _Version, theirs: _Version) -> tuple[str, list[str]]:
    """Our header with what they changed in it, and what both changed."""
    clashes, edits, added = [], [], []
    for key in dict.fromkeys((*ours.raw, *theirs.raw)):
        values = [_lines(version.values.get(key)) for version in (base, ours, theirs)]
        written = [_lines(version.raw.get(key)) for version in (ours, theirs)]
        found = join_sides(*values)
        if found is None:
            clashes.append(f"`{key}` in the header")
            line = "\n".join(marked(*written))
        else:
            line = "\n".join(written[0] if found == values[1] else written[1])
        if key in ours.places:
            edits.append((*ours.places[key], line))
        elif line:
            added.append(line)
    added += [one for one in theirs.comments() if one not in {*base.comments(), *ours.comments()}]
    return _edited(ours.header, edits, added), clashes


def _lines(text: str | None) -> tuple[str, ...]:
    return () if text is None else (text,)


def _edited(header: str, edits: list[tuple[int, int, str]], added: list[str]) -> str:
    for start, end, line in sorted(edits, reverse=True):
        behind = end if line else header.index("\n", end) + 1
        header = header[:start] + line + header[behind:]
    closing = header.rindex(_CLOSING)
    return header[:closing] + "".join(f"{line}\n" for line in added) + header[closing:]


def _merge_parts(base: _Version, ours: _Version, theirs: _Version) -> tuple[list[_Part], list[str]]:
    """Our sections in their order, theirs among them, and what both sides changed."""
    parts: list[_Part] = []
    clashes = []
    for name in _order(ours, theirs):
        part, is_clash = _merge_part(*(v.parts.get(name) for v in (base, ours, theirs)))
        if is_clash:
            clashes.append(f'section "{name}"' if name else "what stands under the header")
        if part is not None:
            parts.append(part)
    return parts, clashes


def _order(ours: _Version, theirs: _Version) -> list[str]:
    """Every name once: a section that only they have comes behind the one it follows there."""
    order = list(ours.parts)
    last = ""
    for name in theirs.parts:
        if name not in order:
            order.insert(order.index(last) + 1, name)
        last = name
    return order


def _merge_part(
    base: _Part | None, ours: _Part | None, theirs: _Part | None
) -> tuple[_Part | None, bool]:
    """The part as it stands after the merge, and whether both sides changed it."""
    was, is_ours, is_theirs = (part.content if part else None for part in (base, ours, theirs))
    if is_theirs in (was, is_ours):
        return ours, False
    if is_ours == was:
        return _in_place_of(ours, theirs), False
    if ours is None or theirs is None:
        return ours or theirs, True
    blocks = tuple(dict.fromkeys((*ours.blocks, *theirs.blocks)))
    text, is_clash = _merge_text(base.text if base else "", ours.text, theirs.text)
    merged = ours.holding("\n\n".join(one for one in (*blocks, text) if one))
    return merged, is_clash or len(blocks) > 1 or bool(blocks and text)


def _in_place_of(ours: _Part | None, theirs: _Part | None) -> _Part | None:
    """Their content between our blank lines."""
    if ours is None or theirs is None:
        return theirs
    return ours.holding(theirs.body.strip("\n"))


def _merge_text(base: str, ours: str, theirs: str) -> tuple[str, bool]:
    """Clear text joined by lines; where one side has sealed it, what the other wrote stays."""
    if not ours or not theirs:
        return ours or theirs, bool(base)
    lines, is_clash = merge_lines(*(tuple(one.split("\n")) for one in (base, ours, theirs)))
    return "\n".join(lines), is_clash


def _joined(header: str, parts: Iterable[_Part]) -> str:
    """The file; each heading has a blank line before it."""
    text = header
    for part in parts:
        if part.name and not text.endswith(_GAP * 2):
            text = f"{text.rstrip(_GAP)}{_GAP}{_GAP}"
        text += part.heading + part.body
    return text

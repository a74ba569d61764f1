"""Text to Record and back: fields, sections, sealed blocks, with their places.

A record is a header, then sections under `## Name` headings. A sealed section holds one fenced
block whose info string begins with `age`. Everything is kept as offsets into the source, so an
edit replaces what it names and leaves every other byte alone. A record's text may be
confidential: neither repr nor a finding quotes it.
"""

from __future__ import annotations

import hashlib
from dataclasses import field
from typing import TYPE_CHECKING

from coachbook.decoding import decode, encode
from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.errors import FrontMatterError, UsageError
from coachbook.frontmatter import Field, Header, Value, format_field, has_header, parse_header
from coachbook.section_syntax import HasLine, no_lines, syntax_faults
from coachbook.sections import Layout, SealedBlock, Section, format_block, parse_layout
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = [
    "Record",
    "SealedBlock",
    "Section",
    "format_block",
    "parse_record",
    "remove_field",
    "replace_field",
    "replace_section",
    "section_faults",
    "trim",
]


@frozen(repr=False)
class Record:
    """One record file: its header, its sections, and what is wrong with its shape.

    `source` is the text without a byte order mark; `body` is where the header ends. `open`
    are the stretches of the body that stand outside every fence, as offsets. `whole` is the
    block of a record that is sealed as a whole.
    """

    path: str
    source: str
    bom: bool
    fields: Mapping[str, Field]
    sections: tuple[Section, ...]
    whole: SealedBlock | None
    faults: tuple[Diagnostic, ...]
    body: int
    open: tuple[tuple[int, int], ...]
    type: str = field(init=False, compare=False)
    """The record's type, empty if the header names none."""
    id: str = field(init=False, compare=False)
    """The record's id, empty if the header names none."""
    school: str = field(init=False, compare=False)
    """The school the record belongs to, empty if the header names none."""

    def __post_init__(self) -> None:
        """Keeps the three words that every rule asks for, again and again."""
        for key in ("type", "id", "school"):
            value = self.value(key)
            object.__setattr__(self, key, value if isinstance(value, str) else "")

    def __repr__(self) -> str:
        """Shows the path only: the text may be confidential."""
        return f"Record({self.path!r})"

    def value(self, key: str) -> Value:
        """The value of a field as the header has it; None if empty or absent."""
        field = self.fields.get(key)
        return None if field is None else field.value

    def section(self, name: str) -> Section | None:
        """The first section with exactly this name."""
        for section in self.sections:
            if section.name == name:
                return section
        return None

    def blocks(self) -> Iterator[SealedBlock]:
        """Every sealed block in the order of the file, that of a whole record too."""
        if self.whole:
            yield self.whole
        for section in self.sections:
            yield from section.blocks

    def text(self, section: Section) -> str:
        """The plain text of a section, outside its sealed blocks, trimmed."""
        at, parts = section.start, []
        for block in section.blocks:
            parts.append(self.source[at : block.start])
            at = block.end
        parts.append(self.source[at : section.end])
        return trim("".join(parts).replace("\r\n", "\n"))

    def digest(self) -> str:
        """SHA-256 of the source."""
        return hashlib.sha256(self.source.encode("utf-8")).hexdigest()

    def encode(self, source: str | None = None) -> bytes:
        """The bytes of the record's file, or of the file with another source."""
        return encode(self.source if source is None else source, bom=self.bom)


def parse_record(path: str, data: bytes) -> Record | Diagnostic:
    """The record in a file; a finding CB101 if its header cannot be read."""
    text = ""
    try:
        text, bom = decode(data)
        header = parse_header(text)
    except FrontMatterError as error:
        return _unreadable(path, text, error)
    layout = parse_layout(text, header.body_offset, header.body_line)
    return Record(
        path=path,
        source=text,
        bom=bom,
        fields=header.fields,
        sections=layout.sections,
        whole=_whole(layout),
        faults=tuple(_faults(path, header, layout, bom=bom)),
        body=header.body_offset,
        open=layout.open,
    )


def section_faults(
    record: Record, names: Sequence[str], has_line: HasLine = no_lines
) -> tuple[Diagnostic, ...]:
    """CB108 for each line that could be taken for a heading of a form with these sections.

    Positions only: the lines may be confidential. A record that is one sealed
    block and nothing else has no line of the kind.

    Args:
        has_line: whether a section, by its name, has a typed line of a name: `Outcome:` stands
            in the section "Outcome" of a cycle and is no heading there.
    """
    if record.whole is not None:
        return ()
    faults = syntax_faults(record.source, record.open, record.sections, names, has_line)
    return tuple(
        _stops(record.path, fault.span, fault.code, fault.message, fault.hint) for fault in faults
    )


def trim(text: str) -> str:
    """The text from its first to its last line that is not blank."""
    start, end = _core(text)
    return text[start:end]


def _core(text: str) -> tuple[int, int]:
    """Offsets of the text without blank lines around it and without space behind it."""
    end = len(text.rstrip())
    ink = len(text) - len(text.lstrip())
    return (text.rfind("\n", 0, ink) + 1, end) if end else (0, 0)


def _unreadable(path: str, text: str, error: FrontMatterError) -> Diagnostic:
    """Quotable only where the header is closed: else a body might stand in it."""
    return Diagnostic(
        path,
        Span(error.line, error.column),
        "CB101",
        Severity.ERROR,
        error.message,
        error.hint,
        consequence=Consequence.HELD_BACK,
        quotable=bool(text) and has_header(text),
    )


def _whole(layout: Layout) -> SealedBlock | None:
    alone = not layout.sections and len(layout.preamble_blocks) == 1
    return layout.preamble_blocks[0] if alone else None


def _faults(path: str, header: Header, layout: Layout, *, bom: bool) -> list[Diagnostic]:
    faults = [
        _stops(path, fault.span, fault.code, fault.message, fault.hint) for fault in layout.faults
    ]
    kind = header.fields.get("type")
    if kind is not None and kind.value == "sealed":
        faults += _whole_faults(path, header, layout)
    if bom:
        faults.append(
            Diagnostic(
                path,
                Span(1),
                "CB112",
                Severity.WARNING,
                "the file begins with a byte order mark",
                "`coachbook fix` removes it",
            )
        )
    return faults


def _whole_faults(path: str, header: Header, layout: Layout) -> list[Diagnostic]:
    """A record sealed whole is its header and one sealed block, and nothing else."""
    faults = []
    place = layout.preamble_stray or (layout.sections[0].heading if layout.sections else None)
    if place is not None:
        hint = "put all of it inside the record and seal it, or delete it"
        message = "text stands beside the sealed block of a record that is sealed whole"
        faults.append(_stops(path, place, "CB505", message, hint))
    if len(layout.preamble_blocks) != 1 and not layout.faults:
        message = "a record that is sealed whole has no sealed block"
        hint = "restore the last good copy of the record"
        if layout.preamble_blocks:
            message = "two sealed versions of this record stand side by side, as a merge left them"
            hint = f"whoever can read both joins them: coachbook merge {path}"
        faults.append(_stops(path, Span(header.body_line), "CB504", message, hint))
    return faults


def _stops(path: str, span: Span, code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(
        path,
        span,
        code,
        Severity.ERROR,
        message,
        hint,
        consequence=Consequence.STOPS,
        quotable=False,
    )


def replace_section(record: Record, name: str, content: str, *, after: str = "") -> str:
    """The source with this text or block under the heading; blank lines round it stay.

    A section that is not there yet comes behind the section `after`, or at the end.
    """
    section = record.section(name)
    if section is None:
        return _add_section(record, name, content, after)
    newline = _newline(record.source)
    new = _with_newlines(trim(content), newline)
    start, end = _core(record.source[section.start : section.end])
    if not end:
        return _fill_empty(record.source, section, new, newline)
    return record.source[: section.start + start] + new + record.source[section.start + end :]


def _fill_empty(source: str, section: Section, new: str, newline: str) -> str:
    """Puts text under a heading that has none, between blank lines."""
    if not new:
        return source
    before, behind = source[: section.start], source[section.end :]
    if not before.endswith("\n"):
        before += newline
    gap = newline if behind else ""
    return before + newline + new + newline + gap + behind


def _add_section(record: Record, name: str, content: str, after: str) -> str:
    newline = _newline(record.source)
    behind = record.section(after) if after else None
    at = behind.end if behind else len(record.source)
    before = record.source[:at]
    lead = "" if before.endswith(newline * 2) else newline
    if not before.endswith("\n"):
        lead = newline * 2
    new = _with_newlines(trim(content), newline)
    text = f"## {name}{newline}" + (f"{newline}{new}{newline}" if new else "")
    rest = record.source[at:]
    return before + lead + text + (newline + rest if rest else "")


def _newline(source: str) -> str:
    """The line ending of the file: that of its first line."""
    return "\r\n" if source[: source.find("\n") + 1].endswith("\r\n") else "\n"


def _with_newlines(text: str, newline: str) -> str:
    plain = text.replace("\r\n", "\n")
    return plain if newline == "\n" else plain.replace("\n", newline)


def replace_field(record: Record, key: str, value: Value) -> str:
    """The source with the field's value; a new field becomes the last of the header."""
    line = format_field(key, value)
    field = record.fields.get(key)
    if field is not None:
        return record.source[: field.start] + line + record.source[field.end :]
    closing = record.source.rindex("---", 0, record.body)
    newline = _newline(record.source)
    return record.source[:closing] + line + newline + record.source[closing:]


def remove_field(record: Record, key: str) -> str:
    """The source without the field; raises UsageError if the header has no such field."""
    field = record.fields.get(key)
    if field is None:
        raise UsageError(f"{record.path} has no field `{key}`")
    end = record.source.index("\n", field.end) + 1
    return record.source[: field.start] + record.source[end:]

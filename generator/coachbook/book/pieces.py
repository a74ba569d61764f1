"""A record in plain values, and back: what an earlier run found in a file, without its text.

    pieces = take_apart(record)
    put_together(path, text, pieces) == record

Thousands of small values of our own would take longer to be written and read than to be found in
the text again; plain ones are written and read at once. A place is three numbers, a field or a
block a tuple. Armor is told by where it stands, unless an editor has put something round its lines.
"""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from coachbook.diagnostics import Span
from coachbook.frontmatter import Field
from coachbook.record import Record
from coachbook.sections import SealedBlock, Section
from coachbook.signature_lines import SignatureLines

if TYPE_CHECKING:
    from coachbook.frontmatter import Value

    Place: TypeAlias = tuple[int, int, int]
    Line: TypeAlias = tuple[
        str, Value, str | tuple[str, ...], Place, Place, int, int, tuple[Place, ...]
    ]
    Signed: TypeAlias = tuple[str, str, str, str]
    Armor: TypeAlias = tuple[int, int] | str
    Block: TypeAlias = tuple[tuple[str, ...], int, Armor, Place, int, int, Signed | None]
    Part: TypeAlias = tuple[str, Place, int, int, int, tuple[Block, ...], Place | None]
    Pieces: TypeAlias = tuple[
        bool, tuple[Line, ...], tuple[Part, ...], Block | None, int, tuple[tuple[int, int], ...]
    ]

_MANY = 4096
"""So many lines are shared by the records that have them, in memory and where they are kept."""


def take_apart(record: Record) -> Pieces:
    """What a record without faults holds beside its text."""
    return (
        record.bom,
        tuple([_line(field) for field in record.fields.values()]),
        tuple([_part(record.source, section) for section in record.sections]),
        _block(record.source, record.whole) if record.whole else None,
        record.body,
        record.open,
    )


def put_together(path: str, text: str, pieces: Pieces) -> Record:
    """The record that was taken apart, from its text."""
    bom, lines, parts, whole, body, stretches = pieces
    return Record(
        path=path,
        source=text,
        bom=bom,
        fields=MappingProxyType({line[0]: _field_of(line) for line in lines}),
        sections=tuple([_section_of(text, part) for part in parts]),
        whole=_block_of(text, whole) if whole else None,
        faults=(),
        body=body,
        open=stretches,
    )


def _place(span: Span) -> Place:
    return (span.line, span.column, span.end_column)


@lru_cache(_MANY)
def _line(field: Field) -> Line:
    said = (field.key, field.value, field.raw)
    items = tuple([_place(item) for item in field.items])
    return (*said, _place(field.key_span), _place(field.span), field.start, field.end, items)


@lru_cache(_MANY)
def _field_of(line: Line) -> Field:
    key, value, raw, key_place, place, start, end, items = line
    spans = tuple([Span(*item) for item in items])
    return Field(key, value, raw, Span(*key_place), Span(*place), start, end, spans)


def _part(text: str, section: Section) -> Part:
    blocks = tuple([_block(text, block) for block in section.blocks])
    stray = _place(section.stray) if section.stray else None
    bounds = (section.start, section.end, section.first_line)
    return (section.name, _place(section.heading), *bounds, blocks, stray)


def _section_of(text: str, part: Part) -> Section:
    name, heading, start, end, first_line, blocks, stray = part
    held = tuple([_block_of(text, block) for block in blocks])
    place = Span(*stray) if stray else None
    return Section(name, Span(*heading), start, end, first_line, held, place)


def _block(text: str, block: SealedBlock) -> Block:
    said = block.signature
    signed = (said.signer, said.key, said.day, said.signature) if said else None
    place = (_place(block.span), block.start, block.end)
    return (block.info, block.revision, _armor(text, block), *place, signed)


def _armor(text: str, block: SealedBlock) -> Armor:
    at = text.find(block.armor, block.start, block.end)
    return block.armor if at < 0 else (at, at + len(block.armor))


def _block_of(text: str, block: Block) -> SealedBlock:
    info, revision, armor, place, start, end, signed = block
    found = armor if isinstance(armor, str) else text[slice(*armor)]
    said = SignatureLines(*signed) if signed else None
    return SealedBlock(info, revision, found, Span(*place), start, end, said)

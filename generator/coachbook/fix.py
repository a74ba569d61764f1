"""One safe repair each for slips that leave no doubt.

    fixed = fix_source("records/...", path.read_bytes(), forms)
    fixed.text, fixed.changes

Curly quotes round a header value, tabs and hard spaces in the header, a byte order mark, dates as
people write them, and a section heading's case, spacing and dashes. Sealed blocks and the text of
sections are never touched, and what is changed is told by its place. Fixing twice changes nothing
the second time.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from coachbook.decoding import decode
from coachbook.errors import FrontMatterError
from coachbook.forms import read_value
from coachbook.header_lines import HARD_SPACES, find_bounds
from coachbook.record import Record, parse_record
from coachbook.spelling import normal
from coachbook.strict_yaml import quoted
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.diagnostics import Span
    from coachbook.forms import FieldForm, Form, Forms
    from coachbook.frontmatter import Field

_HARD_SPACE = re.compile(f"[{HARD_SPACES}]")
_INDENT = re.compile(r"[ \t]*\t[ \t]*(?=\S)")
_TAB = re.compile(r"[ \t]*\t[ \t]*")
_CURLY = re.compile(
    r"""(?P<name>\s*(?:[A-Za-z_][\w.-]*:|-)[ ]+)
    (?P<open>["“”„'‘’‚])(?P<value>.*)(?P<close>["“”'‘’])(?P<space>\s*)""",  # noqa: RUF001 (quotes as Word writes them)
    re.VERBOSE,
)
_DOUBLE, _SINGLE, _STRAIGHT = set('"“”„'), set("'‘’‚"), set("'\"")  # noqa: RUF001 (as above)
_HEADING = re.compile(r"^[ ]{0,3}##(?!#)(?P<name>[^\n]*?)(?P<end>[ \t]*\r?)$", re.MULTILINE)
_ISO_INTERVAL = "{} to {}"


@frozen
class Fixed:
    """The text of a file after fixing, without a byte order mark, and what was changed."""

    text: str
    changes: tuple[str, ...]


def fix_source(path: str, data: bytes, forms: Forms) -> Fixed:
    """The file with its slips repaired; raises FrontMatterError if it is not text."""
    text, bom = decode(data)
    changes = ["line 1: the byte order mark is gone"] if bom else []
    text = _fix_header(text, changes)
    record = parse_record(path, text.encode("utf-8"))
    form = forms.for_record(record) if isinstance(record, Record) else None
    if isinstance(record, Record) and form is not None:
        text = _apply(text, [*_dates(record, form), *_headings(record, form)], changes)
    return Fixed(text, tuple(changes))


def _fix_header(text: str, changes: list[str]) -> str:
    """Repairs line by line what YAML could not read; a header that is not closed stays."""
    try:
        start, end, _ = find_bounds(text)
    except FrontMatterError:
        return text
    rows = [
        _fix_row(row, number, changes)
        for number, row in enumerate(text[start:end].split("\n"), start=2)
    ]
    return text[:start] + "\n".join(rows) + text[end:]


def _fix_row(row: str, number: int, changes: list[str]) -> str:
    for what, repair in _ROW_REPAIRS:
        repaired = repair(row)
        if repaired != row:
            row = repaired
            changes.append(f"line {number}: {what}")
    return row


def _soft_spaces(row: str) -> str:
    return _HARD_SPACE.sub(" ", row)


def _no_tabs(row: str) -> str:
    """A tab before an entry of a list is two spaces; before a field it is nothing."""
    indent = "  " if row.lstrip().startswith("-") else ""
    return _TAB.sub(" ", _INDENT.sub(indent, row, 1) if _INDENT.match(row) else row)


def _straight_quotes(row: str) -> str:
    match = _CURLY.fullmatch(row)
    if match is None or not _is_pair(match["open"], match["close"]):
        return row
    return match["name"] + quoted(match["value"]) + match["space"]


def _is_pair(opening: str, closing: str) -> bool:
    kind = any({opening, closing} <= signs for signs in (_DOUBLE, _SINGLE))
    return kind and not {opening, closing} <= _STRAIGHT


_ROW_REPAIRS = (
    ("hard spaces became spaces", _soft_spaces),
    ("tabs became spaces", _no_tabs),
    ("curly quotes became straight quotes", _straight_quotes),
)


@frozen
class _Edit:
    """Text to put between two offsets."""

    start: int
    end: int
    text: str
    what: str


def _apply(text: str, edits: list[_Edit], changes: list[str]) -> str:
    """Applies edits that do not overlap, the last first, so that offsets hold."""
    for edit in sorted(edits, key=lambda edit: edit.start):
        line = text.count("\n", 0, edit.start) + 1
        changes.append(f"line {line}: {edit.what}")
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _dates(record: Record, form: Form) -> Iterator[_Edit]:
    for field_form in form.fields.values():
        field = record.fields.get(field_form.name)
        if field is not None and field_form.type in {"date", "interval"}:
            yield from _field_dates(record.source, field, field_form)


def _field_dates(source: str, field: Field, form: FieldForm) -> Iterator[_Edit]:
    raws = field.raw if isinstance(field.raw, tuple) else (field.raw,)
    spans = field.items or (field.span,)
    for raw, span in zip(raws, spans, strict=False):
        written = _as_iso(raw, form)
        if written and written != raw:
            start, end = _offsets(source, span)
            yield _Edit(start, end, written, "the date is written as year, month and day")


def _as_iso(raw: str, form: FieldForm) -> str:
    """The value as it should stand in the file; empty if it cannot be told."""
    value = read_value(form, raw, raw)
    if isinstance(value, tuple):
        return _ISO_INTERVAL.format(*value)
    return value.isoformat() if isinstance(value, date) else ""


def _offsets(source: str, span: Span) -> tuple[int, int]:
    """The offsets of a span in one line."""
    line_start = 0
    for _ in range(span.line - 1):
        line_start = source.index("\n", line_start) + 1
    return line_start + span.column - 1, line_start + span.end_column - 1


def _headings(record: Record, form: Form) -> Iterator[_Edit]:
    """Headings that differ from a section of the form in case, spacing and dashes only."""
    if form.body == "policy":
        return
    names = {normal(section.name): section.name for section in form.sections}
    taken = {section.name for section in record.sections}
    for start, end in record.open:
        for match in _HEADING.finditer(record.source, start, end):
            spelling = _typed(match["name"])
            name = names.get(normal(spelling)) if spelling.strip() else None
            right = f"## {name}"
            if name is None or name in taken or match[0].removesuffix(match["end"]) == right:
                continue
            taken.add(name)
            yield _Edit(match.start(), match.end("name"), right, f"the heading is `{right}`")


def _typed(name: str) -> str:
    """A heading with the space and the hyphen that Word has made a hard space and a dash of."""
    return name.replace("\u00a0", " ").replace("\u2013", "-").replace("\u2011", "-")

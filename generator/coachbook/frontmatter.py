r"""Bytes to header and back, strictly and with positions.

    header = parse_header("---\ntype: session\ndate: 2026-11-12\n---\n\n## Notes\n")
    header.fields["date"].value      # date(2026, 11, 12)
    header.fields["date"].span       # Span(line=3, column=7, end_column=17)

A header is flat: scalars and lists of scalars, each on a line of its own between two lines that
are exactly `---`. python-frontmatter writes headers here, and does not read them: given a header
that is not closed, or closed by ` ---`, it returns none and no error, and a record's `type` is
gone. What cannot be read raises FrontMatterError, which quotes no value except to show how to
put it in quotes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

import frontmatter
import yaml

from coachbook.decoding import decode, encode
from coachbook.diagnostics import Span
from coachbook.errors import FrontMatterError
from coachbook.header_lines import HARD_SPACES, HIDDEN, find_bounds, has_header, require_visible
from coachbook.strict_yaml import (
    Event,
    Limits,
    Scalar,
    fault,
    parse_yaml,
    read_events,
    require_limits,
    resolve_scalar,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Field",
    "Header",
    "Scalar",
    "Value",
    "decode",
    "encode",
    "format_field",
    "format_header",
    "has_header",
    "parse_header",
    "parse_yaml",
]

Value: TypeAlias = Scalar | tuple[Scalar, ...]

_ONE_LINE = 1 << 30
HEADER_LIMITS = Limits(size=16 * 1024, brackets=64)

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Field:
    """One header line: what it says, as written and as read, and where.

    `raw` is the text with its quotes removed; `start` and `end` are offsets into the file's
    text, from the key to the end of the value. `items` are the places of a list's items.
    """

    key: str
    value: Value
    raw: str | tuple[str, ...]
    key_span: Span
    span: Span
    start: int = 0
    end: int = 0
    items: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Header:
    """A header's fields in their order, and where the body begins."""

    fields: Mapping[str, Field]
    body_offset: int
    body_line: int
    bom: bool = False


def parse_header(text: str) -> Header:
    """The header at the start of the text; raises FrontMatterError."""
    start, end, body = find_bounds(text)
    header = text[start:end]
    require_visible(header)
    require_limits(header, HEADER_LIMITS, line=2)
    fields = _Fields(text, start)
    for event in tuple(read_events(header, line=2)):  # YAML's own faults come first
        fields.take(event)
    return Header(MappingProxyType(fields.found), body, text.count("\n", 0, body) + 1)


class _Fields:
    """The fields found so far, filled event by event."""

    def __init__(self, text: str, start: int) -> None:
        self.found: dict[str, Field] = {}
        self._text = text
        self._start = start
        self._depth = 0
        self._key: Event | None = None
        self._list: list[Event] | None = None
        self._open: Event | None = None

    def take(self, event: Event) -> None:
        """Takes the next event of the header."""
        if isinstance(event, yaml.ScalarEvent):
            self._take_scalar(event)
        elif isinstance(event, yaml.MappingStartEvent):
            self._open_mapping(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open_list(event)
        elif isinstance(event, yaml.SequenceEndEvent):
            self._close_list(event)

    def _take_scalar(self, event: Event) -> None:
        if not self._depth:
            hint = "each line of a header is `name: value`, with a space after the colon"
            raise fault(event, 2, "the header has no field names", hint)
        if self._key is None:
            self._key = self._require_key(event)
            return
        self._require_one_line(event)
        if self._list is not None:
            self._list.append(event)
            return
        value = resolve_scalar(event.value, plain=event.implicit[0])
        self._add(value, event.value, event.start_mark, event.end_mark)

    def _require_key(self, event: Event) -> Event:
        if not _KEY.fullmatch(event.value) or resolve_scalar(event.value, plain=True) is None:
            raise fault(
                event,
                2,
                "a field name is one word of letters, digits, dots, `_` and `-`",
                "write names without spaces or signs, such as start_time",
            )
        if isinstance(resolve_scalar(event.value, plain=event.implicit[0]), bool):
            raise fault(event, 2, "true and false are values, not field names", "rename the field")
        return event

    def _require_one_line(self, event: Event) -> None:
        end = event.end_mark
        if event.start_mark.line != end.line:
            hint = "put it on one line; longer text belongs under a section heading"
            raise fault(event, 2, "the value goes over more than one line", hint)
        if self._open is None or not self._open.flow_style:
            self._require_end_of_line(end)

    def _require_end_of_line(self, mark: Event) -> None:
        """A value ends its line: YAML would drop ` #1` behind it without a word."""
        at = self._start + mark.index
        stop = self._text.find("\n", at)
        if self._text[at:stop].strip():
            raise FrontMatterError(
                "`#` starts a comment here, and the rest of the line would be lost",
                line=mark.line + 2,
                column=mark.column + 1,
                hint="put the value in quotes, or the comment on a line of its own",
            )

    def _open_mapping(self, event: Event) -> None:
        self._depth += 1
        if self._depth > 1:
            hint = "write one field a line, and put a value that begins with `{` in quotes"
            raise fault(event, 2, "a header has no fields inside fields", hint)

    def _open_list(self, event: Event) -> None:
        if self._key is None:
            hint = "each line of a header is `name: value`"
            raise fault(event, 2, "the header is a list", hint)
        if self._list is not None:
            raise fault(event, 2, "a header has no lists inside lists", "write [one, two]")
        self._list, self._open = [], event

    def _close_list(self, event: Event) -> None:
        opening, items = self._open, self._list or []
        if opening is None:  # pragma: no cover: libyaml pairs its events
            return
        end = event.end_mark if opening.flow_style or not items else items[-1].end_mark
        if opening.flow_style:
            self._require_end_of_line(end)
        value = tuple(resolve_scalar(item.value, plain=item.implicit[0]) for item in items)
        raw = tuple(item.value for item in items)
        self._list = self._open = None
        spans = tuple(_span(item.start_mark, item.end_mark) for item in items)
        self._add(value, raw, opening.start_mark, end, spans)

    def _add(
        self,
        value: Value,
        raw: str | tuple[str, ...],
        start: Event,
        end: Event,
        items: tuple[Span, ...] = (),
    ) -> None:
        key = self._key
        self._key = None
        if key is None:  # pragma: no cover: a value follows its key
            return
        field = Field(
            key.value,
            value,
            raw,
            _span(key.start_mark, key.end_mark),
            _span(start, end),
            self._start + key.start_mark.index,
            self._start + end.index,
            items,
        )
        if (earlier := self.found.get(field.key)) is not None:
            raise _twice(earlier, field)
        self.found[field.key] = field


def _span(start: Event, end: Event) -> Span:
    same = start.line == end.line and end.column > start.column
    return Span(start.line + 2, start.column + 1, end.column + 1 if same else 0)


def _twice(first: Field, second: Field) -> FrontMatterError:
    lines = f"lines {first.key_span.line} and {second.key_span.line}"
    same = "the same value" if first.value == second.value else "different values"
    return FrontMatterError(
        f"`{first.key}` appears on {lines} with {same}",
        line=second.key_span.line,
        column=second.key_span.column,
        hint="keep one",
    )


class _Dumper(yaml.CSafeDumper):
    """Writes each value so that parse_header reads it back the same."""


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    awkward = HIDDEN.search(text) or "\n" in text or any(c in text for c in HARD_SPACES)
    style = '"' if awkward else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _represent_nothing(dumper: _Dumper, _: None) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:null", "null")


def _represent_list(dumper: _Dumper, items: tuple[Scalar, ...]) -> yaml.SequenceNode:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(type(None), _represent_nothing)
_Dumper.add_representer(tuple, _represent_list)


def format_header(fields: Mapping[str, Value]) -> str:
    """The header as it stands in a file, from `---` to `---`; parse_header reads it back."""
    post = frontmatter.Post("")
    post.metadata = dict(fields)
    text = frontmatter.dumps(post, Dumper=_Dumper, sort_keys=False, width=_ONE_LINE) + "\n"
    found = {key: field.value for key, field in parse_header(text).fields.items()}
    if found != dict(fields):  # pragma: no cover: a value of another type than Value
        raise FrontMatterError("a field holds a value that a header cannot", line=1)
    return text


def format_field(key: str, value: Value) -> str:
    """The lines of one field, without the line break behind them."""
    return format_header({key: value}).removeprefix("---\n").removesuffix("\n---\n")

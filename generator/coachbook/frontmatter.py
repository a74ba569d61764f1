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
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

import yaml

from coachbook.decoding import decode, encode
from coachbook.diagnostics import Span
from coachbook.errors import FrontMatterError
from coachbook.header_lines import (
    HARD_SPACES,
    HIDDEN,
    UNSEEN,
    find_bounds,
    has_header,
    require_visible,
)
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
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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

_FIRST = 2
"""The line on which a header's first field stands."""
_STREAM = (yaml.StreamStartEvent, yaml.DocumentStartEvent)
_NO_KEYS = frozenset({"true", "false", "null"})
_SIMPLE_WORD = r"[A-Za-z0-9][A-Za-z0-9_.@/+-]*"
_SIMPLE = re.compile(
    r"---\n((?:(?!(?:true|false|null):)[A-Za-z_][A-Za-z0-9_.-]*: "
    rf"{_SIMPLE_WORD}(?::{_SIMPLE_WORD})*(?: {_SIMPLE_WORD})*\n)*+)---\n"
)
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


@frozen
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

    def __hash__(self) -> int:
        """What tells nearly all fields apart: a hash of everything takes four times as long."""
        return hash((self.key, self.raw, self.start))


@frozen
class Header:
    """A header's fields in their order, and where the body begins."""

    fields: Mapping[str, Field]
    body_offset: int
    body_line: int


def parse_header(text: str) -> Header:
    """The header at the start of the text; raises FrontMatterError."""
    return _read_simple(text) or _read_yaml(text)


def _read_simple(text: str) -> Header | None:
    """A header of lines that are beyond doubt: words behind a name and a colon.

    Nearly every header is one, and reads four times faster so. Anything else is for YAML, which
    reads these lines the same way; a test holds the two together.
    """
    match = _SIMPLE.match(text)
    if match is None or match.end(1) > HEADER_LIMITS.size:
        return None
    fields: dict[str, Field] = {}
    at, rows = match.start(1), match[1].split("\n")[:-1]
    for line, row in enumerate(rows, start=_FIRST):
        field = _simple_field(row, line, at)
        fields[field.key] = field
        at += len(row) + 1
    if len(fields) < len(rows):
        return None
    return Header(MappingProxyType(fields), match.end(), len(rows) + _FIRST + 1)


@lru_cache(maxsize=4096)
def _simple_field(row: str, line: int, at: int) -> Field:
    """The field on a line; most lines of a record stand at the same place in many others."""
    key, _, raw = row.partition(": ")
    column, end = len(key) + 3, len(row)
    places = _span(line, 1, column - 2), _span(line, column, end + 1)
    return Field(key, resolve_scalar(raw, plain=True), raw, *places, at, at + end)


def _read_yaml(text: str) -> Header:
    start, end, body = find_bounds(text)
    header = text[start:end]
    require_limits(header, HEADER_LIMITS, line=_FIRST)
    require_visible(text, start, end)
    events = read_events(header, line=_FIRST)
    if "#" in header:
        _require_lone_comments(header, events)
    fields = _Reader(text, start, events).fields() if len(events) > len(_STREAM) else {}
    return Header(MappingProxyType(fields), body, text.count("\n", 0, body) + 1)


class _Reader:
    """The events of a header on their way to fields."""

    def __init__(self, text: str, start: int, events: Sequence[Event]) -> None:
        self._text = text
        self._start = start
        self._events = iter(events[len(_STREAM) :])

    def fields(self) -> dict[str, Field]:
        """The fields in their order."""
        root = next(self._events)
        if type(root) is not yaml.MappingStartEvent:
            is_list = type(root) is yaml.SequenceStartEvent
            found = "the header is a list" if is_list else "the header has no field names"
            hint = "each line of a header is `name: value`, with a space after the colon"
            raise fault(root, _FIRST, found, hint)
        fields: dict[str, Field] = {}
        while type(key := next(self._events)) is not yaml.MappingEndEvent:
            field = self._field(_require_key(key), next(self._events))
            if field.key in fields:
                raise _twice(fields[field.key], field)
            fields[field.key] = field
        return fields

    def _field(self, key: Event, value: Event) -> Field:
        if type(value) is yaml.ScalarEvent:
            self._require_visible_line(value)
            typed = resolve_scalar(value.value, plain=value.implicit[0])
            return self._made(key, (typed, value.value), value.start_mark, value.end_mark)
        if type(value) is yaml.SequenceStartEvent:
            return self._list(key, value)
        hint = "write one field a line, and put a value that begins with `{` in quotes"
        raise fault(value, _FIRST, "a header has no fields inside fields", hint)

    def _list(self, key: Event, opening: Event) -> Field:
        items = []
        while type(item := next(self._events)) is yaml.ScalarEvent:
            self._require_visible_line(item)
            items.append(item)
        if type(item) is not yaml.SequenceEndEvent:
            message = "a header has no lists or fields inside lists"
            raise fault(item, _FIRST, message, "write [one, two]")
        end = item.end_mark if opening.flow_style or not items else items[-1].end_mark
        values = tuple(resolve_scalar(one.value, plain=one.implicit[0]) for one in items)
        raws = tuple(one.value for one in items)
        spans = tuple(_between(one.start_mark, one.end_mark) for one in items)
        return self._made(key, (values, raws), opening.start_mark, end, spans)

    def _made(
        self,
        key: Event,
        value: tuple[Value, str | tuple[str, ...]],
        start: Event,
        end: Event,
        items: tuple[Span, ...] = (),
    ) -> Field:
        places = _between(key.start_mark, key.end_mark), _between(start, end)
        offsets = (self._start + key.start_mark.index, self._start + end.index)
        return Field(key.value, *value, *places, *offsets, items)

    def _require_visible_line(self, event: Event) -> None:
        if event.start_mark.line != event.end_mark.line:
            hint = "put it on one line; longer text belongs under a section heading"
            raise fault(event, _FIRST, "the value goes over more than one line", hint)
        if not event.value.isascii() and UNSEEN.search(event.value):
            hint = "delete it and write the line again"
            raise fault(event, _FIRST, "an invisible control character stands here", hint)


def _require_lone_comments(header: str, events: Sequence[Event]) -> None:
    """A comment has a line of its own: YAML would drop ` #1` behind a value without a word."""
    scalars: list[Event] = [one for one in events if type(one) is yaml.ScalarEvent]
    ends = [0, *(one.end_mark.index for one in scalars)]
    starts = [*(one.start_mark.index for one in scalars), len(header)]
    for at, end in zip(ends, starts, strict=True):
        _require_none_behind(header, at, end)


def _require_none_behind(header: str, at: int, end: int) -> None:
    """Raises FrontMatterError if a comment between two values stands behind something."""
    while (at := header.find("#", at, end)) >= 0:
        before = header[header.rfind("\n", 0, at) + 1 : at].rstrip()
        if before:
            raise FrontMatterError(
                "`#` starts a comment here, and the rest of the line would be lost",
                line=header.count("\n", 0, at) + _FIRST,
                column=len(before) + 1,
                hint="put the value in quotes, or the comment on a line of its own",
            )
        at = header.find("\n", at)


def _require_key(event: Event) -> Event:
    """A plain word: YAML takes lists, numbers and yes or no for names too."""
    name = getattr(event, "value", "")
    if not _KEY.fullmatch(name) or name in _NO_KEYS:
        raise fault(
            event,
            _FIRST,
            "a field name is one word of letters, digits, dots, `_` and `-`",
            "write names without spaces or signs, such as start_time; not true, false or null",
        )
    return event


def _between(start: Event, end: Event) -> Span:
    same = start.line == end.line and end.column > start.column
    return _span(start.line + _FIRST, start.column + 1, end.column + 1 if same else 0)


@lru_cache(maxsize=4096)
def _span(line: int, column: int, end_column: int) -> Span:
    """Headers resemble each other, so most of their places have been made before."""
    return Span(line, column, end_column)


def _twice(first: Field, second: Field) -> FrontMatterError:
    lines = f"lines {first.key_span.line} and {second.key_span.line}"
    same = "the same value" if first.value == second.value else "different values"
    return FrontMatterError(
        f"`{first.key}` appears on {lines} with {same}",
        line=second.key_span.line,
        column=second.key_span.column,
        hint="keep one",
    )


_QUOTED_NAME = re.compile(r"^'(on)':", re.MULTILINE)
"""A field of addenda and stops that YAML 1.1 takes for yes, and nobody types with quotes."""


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
    import frontmatter  # only to write: reading is the common case, and does not wait for it

    post = frontmatter.Post("")
    post.metadata = dict(fields)
    text = frontmatter.dumps(post, Dumper=_Dumper, sort_keys=False, width=_ONE_LINE) + "\n"
    text = _QUOTED_NAME.sub(r"\1:", text)
    found = {key: field.value for key, field in parse_header(text).fields.items()}
    if found != dict(fields):  # pragma: no cover: a value of another type than Value
        raise FrontMatterError("a field holds a value that a header cannot", line=1)
    return text


def format_field(key: str, value: Value) -> str:
    """The lines of one field, without the line break behind them."""
    return format_header({key: value}).removeprefix("---\n").removesuffix("\n---\n")

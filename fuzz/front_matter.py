"""Any bytes as the header of a record, or as a form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coachbook.errors import FrontMatterError
from coachbook.frontmatter import (
    _read_simple,
    _read_yaml,
    decode,
    encode,
    format_header,
    has_header,
    parse_header,
    parse_yaml,
)
from fuzz.samples import forms, records

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coachbook.frontmatter import Header


def seeds() -> Iterable[bytes]:
    """Headers of the example, the forms that come along, and slips that people make."""
    yield from records()
    yield from forms()
    for slip in _SLIPS:
        yield f"---\n{slip}\n---\n\n## Notes\n".encode()


_SLIPS = (
    "date: 2026-02-30",
    "start: 10:00\ncode: 012\non_track: no",
    "title: What: next",
    "title: “curly”",
    "a: [one, 'two, three', \"four\"]\nb:\n  - one\n  - two",
    "a: &x [1]\nb: *x",
    "a: !!python/name:os.system x",
    "<<: {a: 1}",
    "a: >\n  folded\n  text",
    "a: 1 # lost",
    "\ta: 1",
    "a:\u00a0b",
    "a: 1\n ---",
    "a: 1\n...\nb: 2",
    "? a\n: b",
    'a: "\\x41\\u263a"',
)


_WORD = re.compile(r"\w+")
_LINE_ENDS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


def check(data: bytes) -> None:
    """A header is read as it is written, or refused with a place in the text."""
    _check_form(data)
    try:
        text, bom = decode(data)
    except FrontMatterError as error:
        _require_place(error, data.decode("utf-8", "replace"))
        return
    assert encode(text, bom=bom) == data
    try:
        header = parse_header(text)
    except FrontMatterError as error:
        _require_place(error, text)
        return
    _check_header(text, header)


def _check_form(data: bytes) -> None:
    try:
        parse_yaml(data, "form.yml")
    except FrontMatterError as error:
        _require_place(error, data.decode("utf-8", "replace"))


def _check_header(text: str, header: Header) -> None:
    assert has_header(text)
    assert text[: header.body_offset].rstrip("\r\n").endswith("\n---")
    assert header.body_line == text.count("\n", 0, header.body_offset) + 1
    for key, field in header.fields.items():
        assert text[field.start : field.end].lstrip("'\"").startswith(key)
        assert field.end <= header.body_offset
    assert _words_of_lines(text, header) <= _words_of_fields(header)
    values = {key: field.value for key, field in header.fields.items()}
    written = format_header(values)
    assert {key: field.value for key, field in parse_header(written).fields.items()} == values
    simple = _read_simple(text)
    assert simple is None or simple == _read_yaml(text)


def _words_of_lines(text: str, header: Header) -> set[str]:
    """What a person reads in the header; lines with a backslash spell letters in other ways."""
    lines = text[: header.body_offset].split("\n")
    shown = [line for line in lines if "\\" not in line and not line.lstrip().startswith("#")]
    return set(_WORD.findall(" ".join(shown)))


def _words_of_fields(header: Header) -> set[str]:
    """What the program made of it."""
    raws = (field.raw for field in header.fields.values())
    texts = [" ".join((raw,) if isinstance(raw, str) else raw) for raw in raws]
    return set(_WORD.findall(" ".join([*header.fields, *texts])))


def _require_place(error: FrontMatterError, text: str) -> None:
    """A place that an editor can jump to; YAML has more line ends than one, and one at the end."""
    assert 1 <= error.line <= len(_LINE_ENDS.findall(text)) + 2
    assert error.column >= 1
    assert error.message

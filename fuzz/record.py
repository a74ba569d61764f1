"""Any bytes as a record: read, checked, mended, edited, shown in a diff."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from coachbook.book import load_book
from coachbook.diagnostics import Diagnostic
from coachbook.difftext import Eyes, diff_text
from coachbook.errors import FrontMatterError
from coachbook.fix import fix_source
from coachbook.record import (
    Record,
    parse_record,
    remove_field,
    replace_field,
    replace_section,
    section_faults,
)
from coachbook.rules import check_record
from coachbook.sections import parse_layout
from fuzz.samples import SMALL, records

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coachbook.book import Book

_ARMOR = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
_NAMES = ("Notes", "Coach notes", "Action steps", "Practice")
SESSION = "records/otterbeck/2026-27/c-0a1b2c3d/2026-11-12-s-7kq2m4xa.md"
_TODAY = date(2026, 11, 16)


def seeds() -> Iterable[bytes]:
    """Records of the example, whole, one of them as Windows writes it."""
    first, *others = records()
    return b"\xef\xbb\xbf" + first.replace(b"\n", b"\r\n"), *others, first


@cache
def _book() -> Book:
    return load_book(SMALL, today=_TODAY)


def check(data: bytes) -> None:
    """A record is read so that every byte comes back, or is one finding; nothing else happens."""
    diff_text(data, Eyes())
    record = parse_record(SESSION, data)
    if isinstance(record, Diagnostic):
        assert record.code == "CB101"
        return
    assert record.encode() == data
    _check_layout(record)
    _check_edits(record)
    _check_findings(record)
    _check_fix(data)


def _check_layout(record: Record) -> None:
    """Sections lie one behind the other, and a sealed block holds armor alone."""
    end = record.body
    for section in record.sections:
        assert end <= section.start <= section.end <= len(record.source)
        end = section.end
        for block in section.blocks:
            assert section.start <= block.start < block.end <= section.end
            assert set("".join(block.armor.split("\n")[1:-2])) <= _ARMOR
    assert all(start <= stop for start, stop in record.open)


def _check_edits(record: Record) -> None:
    """Writing back what is there changes nothing, and a field's value is what was written."""
    for name in {section.name for section in record.sections}:
        first = record.section(name)
        assert first is not None
        text = record.text(first)
        if not first.blocks and "\r" not in text:
            again = _reread(record, replace_section(record, name, text))
            section = again.section(name)
            assert section is not None
            assert again.text(section) == text
    changed = _reread(record, replace_field(record, "status", "held"))
    assert changed.value("status") == "held"
    assert changed.source[changed.body :] == record.source[record.body :]
    assert "status" not in _reread(changed, remove_field(changed, "status")).fields


def _reread(record: Record, source: str) -> Record:
    again = parse_record(record.path, record.encode(source))
    assert isinstance(again, Record)
    return again


def _check_findings(record: Record) -> None:
    """Findings have a place in the file, and one that may be quoted lies in the header."""
    last = record.source.count("\n") + 1
    header = record.source.count("\n", 0, record.body)
    for finding in (*section_faults(record, _NAMES), *check_record(_book(), record)):
        assert 1 <= finding.span.line <= last
        assert not finding.quotable or finding.span.line <= header


def _check_fix(data: bytes) -> None:
    """Mending twice changes nothing the second time, and no sealed block is touched."""
    try:
        once = fix_source(SESSION, data, _book().forms)
    except FrontMatterError:
        return
    twice = fix_source(SESSION, once.text.encode(), _book().forms)
    assert (twice.text, twice.changes) == (once.text, ())
    before, after = parse_record("", data), parse_record("", once.text.encode())
    if isinstance(before, Record) and isinstance(after, Record):
        assert _blocks(before) == _blocks(after)


def _blocks(record: Record) -> list[str]:
    """The armor of every block, under whatever heading it stands."""
    layout = parse_layout(record.source, record.body, 1)
    under = (block for section in layout.sections for block in section.blocks)
    return [block.armor for block in (*layout.preamble_blocks, *under)]

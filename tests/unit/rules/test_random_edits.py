"""A record that is edited at random is never a crash, and never a leak that nobody notices."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from coachbook.book import load_book, section_readers
from coachbook.book.relations import read_entry
from coachbook.diagnostics import Diagnostic, Severity
from coachbook.forms import check_record as check_form
from coachbook.readers import stated_readers
from coachbook.record import Record, parse_record
from coachbook.rules import check_record
from coachbook.rules.soundness import Soundness
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from collections.abc import Sequence

BOOK = load_book(small.ROOT)
SOURCE = (small.ROOT / small.SESSION).read_bytes()
LINES = SOURCE.splitlines(keepends=True)
HEADER = SOURCE.index(b"\n---\n") + 5

PIECES = (
    *(b"", b"\n", b"\n\n", b" ", b"\t", b"\r", b"\x00", b"\xff", b"\xef\xbb\xbf"),
    *(b"```\n", b"~~~\n", b"```age coach\n", b"revision: 2\n"),
    *(b"## Notes\n", b"# Notes\n", b"## Coach notes\n", b"Coach notes\n---\n", b"**Notes**\n"),
    *(b"She said it was hard.\n", b"\n---\n", b"---\n", b"<<<<<<< HEAD\n"),
    b"-----BEGIN AGE ENCRYPTED FILE-----\n",
    b"-----END AGE ENCRYPTED FILE-----\n",
    *(b"type: concern\n", b"form: x@1\n", b"[" * 70, b"&a ", b"*a", b"!!python/name:os.system "),
    "“Zoë”".encode(),
)

pieces = st.one_of(st.sampled_from(PIECES), st.binary(max_size=12), st.sampled_from(LINES))
places = st.integers(min_value=0, max_value=len(SOURCE))
edits = st.tuples(places, st.integers(min_value=0, max_value=120), pieces)


def edited(source: bytes, changes: Sequence[tuple[int, int, bytes]]) -> bytes:
    """The source with stretches replaced, one after the other."""
    for start, length, piece in changes:
        source = source[:start] + piece + source[start + length :]
    return source


def plain_text(record: Record) -> list[str]:
    """Every line of the body that is no heading and stands in no fence; told line by line."""
    found = []
    fence = ""
    for line in record.source[record.body :].splitlines():
        mark = re.match(r"\s*(`{3,}|~{3,})", line)
        if fence:
            fence = (
                "" if line.strip().startswith(fence) and set(line.strip()) == {fence[0]} else fence
            )
        elif mark:
            fence = mark[1]
        elif line.strip() and not line.startswith("## "):
            found.append(line)
    return found


@settings(max_examples=1000)
@given(st.lists(edits, min_size=1, max_size=3))
def test_an_edited_record_is_reported_or_still_sealed(
    changes: list[tuple[int, int, bytes]],
) -> None:
    """Whatever is done to a record, nothing confidential ends up in it unnoticed.

    If no error is found, the body holds nothing but sealed blocks, each of
    which states exactly the readers of the policy.
    """
    record = parse_record(small.SESSION, edited(SOURCE, changes))
    if isinstance(record, Diagnostic):
        assert record.code == "CB101"
        return

    findings = check_record(BOOK, record)

    if any(finding.severity is Severity.ERROR for finding in findings):
        return
    assert record.type == "session"
    assert plain_text(record) == []
    form = BOOK.forms.for_record(record)
    assert form is not None
    for section in record.sections:
        known = form.section(section.name)
        assert known is not None
        for block in section.blocks:
            stated = tuple(reader for reader, _ in stated_readers(block.armor))
            assert set(stated) == set(section_readers(BOOK, record, known))


@settings(max_examples=300)
@given(st.lists(edits, min_size=1, max_size=4))
def test_a_finding_never_quotes_what_stands_below_the_header(
    changes: list[tuple[int, int, bytes]],
) -> None:
    """A finding that may be quoted lies in the header; none repeats text of a section."""
    secret = b"\n\n## Coach notes\n\nfulsome-canary\n"
    record = parse_record(small.SESSION, edited(SOURCE + secret, changes))
    found = (record,) if isinstance(record, Diagnostic) else check_record(BOOK, record)

    for finding in found:
        assert "fulsome-canary" not in finding.message + finding.hint
        if finding.quotable and isinstance(record, Record):
            assert finding.span.line <= record.source.count("\n", 0, record.body)


header_edits = st.tuples(st.integers(min_value=0, max_value=HEADER), st.integers(0, 30), pieces)


@settings(max_examples=600)
@given(st.lists(st.one_of(header_edits, edits), min_size=1, max_size=3))
def test_the_quick_look_never_passes_what_the_long_one_reports(
    changes: list[tuple[int, int, bytes]],
) -> None:
    """A header that is taken for plainly sound has no finding of its form."""
    record = parse_record(small.SESSION, edited(SOURCE, changes))
    form = BOOK.forms.for_record(record) if isinstance(record, Record) else None
    if isinstance(record, Diagnostic) or form is None:
        return

    if Soundness(form).holds(record, read_entry(record, form).values):
        assert check_form(record, form) == ()


def test_a_sound_record_is_taken_for_sound() -> None:
    """The quick look is not in vain."""
    record = BOOK.records[small.SESSION]
    entry = BOOK.entries[small.SESSION]

    assert Soundness(entry.form).holds(record, entry.values)

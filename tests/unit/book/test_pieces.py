"""A record in plain values, and back."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from coachbook.book.pieces import put_together, take_apart
from coachbook.decoding import decode
from coachbook.record import Record, parse_record
from tests.strategies import sources

BLOCK = b"""\
```age coach
revision: 1
-----BEGIN AGE ENCRYPTED FILE-----
YWdl
-----END AGE ENCRYPTED FILE-----
```
"""


@given(sources())
def test_what_is_taken_apart_is_put_together_again(data: bytes) -> None:
    """Every record comes back as it was, with either line ending."""
    record = parse_record("records/a.md", data)
    assert isinstance(record, Record)

    kept = take_apart(record)

    assert put_together("records/a.md", decode(data)[0], kept) == replace(record, faults=())


def test_a_record_that_is_sealed_whole_comes_back() -> None:
    """Its block stands in no section."""
    record = parse_record("records/a.md", b"---\ntype: concern\n---\n\n" + BLOCK)
    assert isinstance(record, Record)
    assert record.whole

    assert put_together("records/a.md", record.source, take_apart(record)) == record


def test_armor_is_not_written_twice() -> None:
    """A block that stands in the text as it is, is told by its place alone."""
    text = b"---\ntype: session\n---\n\n## Notes\n\n" + BLOCK
    record = parse_record("records/a.md", text)
    assert isinstance(record, Record)

    assert "YWdl" not in repr(take_apart(record))
    assert put_together("records/a.md", record.source, take_apart(record)) == record

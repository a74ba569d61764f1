"""One line about every file, without a word of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coachbook.book import load_book
from coachbook.book.files import read_file
from coachbook.book.lines import kept_name, scan, word_of
from coachbook.record import Record, parse_record
from tests.test_example import ROOT as EXAMPLE

PATH = "records/otterbeck/2026-27/visits/2026-11-12-o-7kq2m4xa.md"


def test_a_line_has_type_id_and_school_as_the_record_has_them() -> None:
    """Whatever the short way to read a header says, the record says too."""
    book = load_book(EXAMPLE)

    lines = {path: scan(path, read_file(EXAMPLE, path)) for path in book.records}  # type: ignore[arg-type]

    assert {path: (one.type, one.id, one.school) for path, one in lines.items()} == {
        path: (one.type, one.id, one.school) for path, one in book.records.items()
    }


def test_every_id_that_a_record_names_is_among_its_words() -> None:
    """So whatever a rule may follow from one record to another is known without loading them."""
    book = load_book(EXAMPLE)

    missing = [
        (path, word)
        for path, record in book.records.items()
        for field in record.fields.values()
        for value in (field.value if isinstance(field.value, tuple) else (field.value,))
        for word in str(value).split()
        if word in book.by_id and word_of(word) not in _words(path)
    ]

    assert missing == []


def _words(path: str) -> set[int]:
    content = read_file(EXAMPLE, path)
    assert isinstance(content, bytes)
    return set(scan(path, content).words)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["type", "id", "school", "schools", "focus"]),
            st.text(st.sampled_from("ab-1 ,[]\"'#:\\\n"), max_size=12),
        ),
        max_size=5,
    )
)
def test_no_header_is_read_otherwise_than_the_record_reads_it(lines: list[tuple[str, str]]) -> None:
    """Quotes, comments, lists and broken lines lead to the same names, or to no record at all."""
    header = "".join(f"{key}: {value}\n" for key, value in lines)
    data = f"---\n{header}---\n".encode()
    record = parse_record(PATH, data)

    line = scan(PATH, data)

    if isinstance(record, Record):
        assert (line.type, line.id, line.school) == (
            kept_name(record.type),
            kept_name(record.id),
            kept_name(record.school),
        )
        assert word_of(line.id) == word_of(record.id)


def test_a_sealed_block_is_known_again_whatever_stands_round_its_lines() -> None:
    """A block that was quoted in a mail is the same block."""
    block = "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\nLWVu\n-----END AGE ENCRYPTED FILE-----\n"
    quoted = "".join(f"> {line}\r\n" for line in block.splitlines())

    one, other = (scan(PATH, f"---\ntype: x\n---\n{text}".encode()) for text in (block, quoted))

    assert one.armors == other.armors
    assert len(one.armors) == 1


def test_the_mark_of_a_line_changes_with_whatever_ties_a_record_to_others() -> None:
    """Another word of the header or another sealed block may lead elsewhere; a minute can't."""
    text = "---\ntype: session\nid: s-1\nminutes: 20\nfocus: asking\n---\n"
    marks = {
        scan(PATH, text.replace(old, new).encode()).mark
        for old, new in (("", ""), ("s-1", "s-2"), ("asking", "p-1"), ("session", "visit"))
    }

    assert len(marks) == 4
    assert scan(PATH, text.replace("20", "25").encode()).mark in marks

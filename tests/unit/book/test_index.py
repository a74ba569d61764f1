"""One line about every file, and when a file is read again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.book import load_book
from coachbook.book.files import list_files, read_file
from coachbook.book.index import Index, kept_name, read_index, scan, word_of
from coachbook.record import Record, parse_record
from tests.test_example import ROOT as EXAMPLE

if TYPE_CHECKING:
    from pathlib import Path

PATH = "records/otterbeck/2026-27/visits/2026-11-12-o-7kq2m4xa.md"
OLD = 1_700_000_000_000_000_000


def ages(root: Path) -> None:
    """Makes all files so old that their times can be trusted."""
    for path in (root / "records").rglob("*"):
        os.utime(path, ns=(OLD, OLD))


def index_of(root: Path, known: object = None, later: int = 10**10) -> Index:
    """The index, as it is some seconds after the files were last touched."""
    found = read_index(root, list_files(root).records, known)
    return Index(found.lines, found.looked + later, is_new=found.is_new)


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


def test_words_are_kept_as_hashes_alone(workspace: Path) -> None:
    """A header may hold by mistake what should have been sealed, so no word of it is kept."""
    path = "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"
    text = (workspace / path).read_text(encoding="utf-8")
    (workspace / path).write_text(
        text.replace("\n---\n", "\nhidden: heliotrope\n---\n", 1), "utf-8"
    )

    assert "heliotrope" not in repr(read_index(workspace, (path,)))


@pytest.mark.parametrize("key", ["type", "id", "school", "schools"])
def test_what_is_no_name_is_kept_as_a_hash(workspace: Path, key: str) -> None:
    """So it is in the place of a name; it stands for the same thing wherever it is."""
    path = "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"
    (workspace / path).write_text(f"---\n{key}: Heliotrope wept\n---\n", "utf-8")

    found = read_index(workspace, (path,))

    assert "eliotrope" not in repr(found)
    assert word_of(kept_name("Heliotrope wept")) == word_of("Heliotrope wept")


def test_a_file_is_read_again_only_where_it_changed(workspace: Path) -> None:
    """What is as it was is taken over, line by line."""
    ages(workspace)
    first = index_of(workspace)
    path = "records/otterbeck/school.md"
    (workspace / path).write_bytes((workspace / path).read_bytes() + b"\n")

    second = index_of(workspace, first)

    assert [one for one in first.lines if second.lines[one] is not first.lines[one]] == [path]
    assert second.is_new
    assert not index_of(workspace, second).is_new


def test_a_file_that_changed_just_now_is_read_again_although_its_times_are_the_same(
    workspace: Path,
) -> None:
    """Two changes within the same tick of the clock leave one time behind."""
    path = workspace / "records/otterbeck/school.md"
    known = index_of(workspace, later=0)
    was = path.stat()
    path.write_bytes(path.read_bytes().replace(b"Otterbeck Primary", b"Otterbeck Primery"))
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    seen = known.lines["records/otterbeck/school.md"]
    now = path.stat()
    signature = (now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino)
    alike = {**known.lines, "records/otterbeck/school.md": seen._replace(signature=signature)}

    again = index_of(workspace, Index(alike, known.looked))

    assert again.lines["records/otterbeck/school.md"].print != seen.print


def test_a_file_that_is_gone_has_no_line(workspace: Path) -> None:
    """An index speaks of the files that are there."""
    known = index_of(workspace)
    (workspace / "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md").unlink()

    assert known.lines.keys() - index_of(workspace, known).lines.keys() == {
        "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"
    }


def test_what_is_no_index_of_ours_is_not_believed(workspace: Path) -> None:
    """A store that holds something else leads to a new index and to no error."""
    assert index_of(workspace, {"lines": 1}).lines == index_of(workspace).lines

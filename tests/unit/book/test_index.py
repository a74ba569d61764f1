"""What is known of the files, and when one is read again."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from coachbook.book.columns import columns_of
from coachbook.book.files import list_files
from coachbook.book.index import Index, read_index
from coachbook.book.lines import kept_name, word_of

if TYPE_CHECKING:
    from pathlib import Path

CYCLE = "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"
SCHOOL = "records/otterbeck/school.md"
OLD = 1_700_000_000_000_000_000


def ages(root: Path) -> None:
    """Makes all files so old that their times can be trusted."""
    for path in (root / "records").rglob("*"):
        os.utime(path, ns=(OLD, OLD))


def index_of(root: Path, known: object = None, later: int = 10**10) -> Index:
    """The index, as it is some seconds after the files were last touched."""
    found = read_index(root, list_files(root).records, known)
    return replace(found, looked=found.looked + later)


def test_words_are_kept_as_hashes_alone(workspace: Path) -> None:
    """A header may hold by mistake what should have been sealed, so no word of it is kept."""
    text = (workspace / CYCLE).read_text(encoding="utf-8")
    (workspace / CYCLE).write_text(
        text.replace("\n---\n", "\nhidden: heliotrope\n---\n", 1), "utf-8"
    )

    found = read_index(workspace, (CYCLE,))

    assert "heliotrope" not in repr((found, found.lines(workspace)))


@pytest.mark.parametrize("key", ["type", "id", "school", "schools"])
def test_what_is_no_name_is_kept_as_a_hash(workspace: Path, key: str) -> None:
    """So it is in the place of a name; it stands for the same thing wherever it is."""
    (workspace / CYCLE).write_text(f"---\n{key}: Heliotrope wept\n---\n", "utf-8")

    found = read_index(workspace, (CYCLE,))

    assert "eliotrope" not in repr((found, found.lines(workspace)))
    assert word_of(kept_name("Heliotrope wept")) == word_of("Heliotrope wept")


def test_a_file_is_read_again_only_where_it_changed(workspace: Path) -> None:
    """What is as it was is taken over, row by row."""
    ages(workspace)
    first = index_of(workspace)
    (workspace / SCHOOL).write_bytes((workspace / SCHOOL).read_bytes() + b"\n")

    second = index_of(workspace, first)

    assert list(second.scanned) == [SCHOOL]
    assert second.is_new
    changed = {path for path, one in second.prints().items() if one != first.prints()[path]}
    assert changed == {SCHOOL}
    assert not index_of(workspace, second).is_new


def test_an_index_is_the_same_whether_or_not_there_was_one_before(workspace: Path) -> None:
    """A record that comes, changes or goes leaves no other rows than those that are read anew."""
    ages(workspace)
    first = index_of(workspace)
    (workspace / SCHOOL).write_bytes((workspace / SCHOOL).read_bytes() + b"\n")
    (workspace / "records/otterbeck/a-new-one.md").write_text("---\ntype: waiver\n---\n", "utf-8")
    (workspace / CYCLE).unlink()

    second, whole = index_of(workspace, first), index_of(workspace)

    assert replace(second, looked=0, scanned={}) == replace(whole, looked=0, scanned={})
    kept = first.lines(workspace)
    assert second.lines(workspace, kept) == whole.lines(workspace)


def test_records_that_belong_together_are_told_by_the_web(workspace: Path) -> None:
    """A word that may be an id changes it; how long a session was does not."""
    ages(workspace)
    first = index_of(workspace)
    text = (workspace / CYCLE).read_text(encoding="utf-8")

    (workspace / CYCLE).write_text(f"{text}\nMore words.\n", "utf-8")
    assert index_of(workspace, first).web == first.web

    (workspace / CYCLE).write_text(text.replace("c-0a1b2c3d", "c-0a1b2c3e"), "utf-8")
    assert index_of(workspace, first).web != first.web


def test_a_file_that_changed_just_now_is_read_again_although_its_times_are_the_same(
    workspace: Path,
) -> None:
    """Two changes within the same tick of the clock leave one time behind."""
    path = workspace / SCHOOL
    known = index_of(workspace, later=0)
    was = path.stat()
    path.write_bytes(path.read_bytes().replace(b"Otterbeck Primary", b"Otterbeck Primery"))
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    now = index_of(workspace).signatures

    again = index_of(workspace, replace(known, signatures=now))

    assert again.prints()[SCHOOL] != known.prints()[SCHOOL]


def test_a_file_that_is_gone_has_no_row(workspace: Path) -> None:
    """An index speaks of the files that are there."""
    known = index_of(workspace)
    (workspace / CYCLE).unlink()

    assert set(known.paths) - set(index_of(workspace, known).paths) == {CYCLE}


def test_lines_of_other_files_are_not_believed(workspace: Path) -> None:
    """Lines that were kept are taken over by their marks, whatever else was kept beside them."""
    found = index_of(workspace).kept()
    right = found.lines(workspace)
    first = right.lines()[SCHOOL]
    wrong = columns_of(dict.fromkeys(right.paths, first), [b"?" * 16] * len(right.paths))

    assert found.lines(workspace, wrong) == right


def test_what_is_no_index_of_ours_is_not_believed(workspace: Path) -> None:
    """A store that holds something else leads to a new index and to no error."""
    assert index_of(workspace, {"lines": 1}).prints() == index_of(workspace).prints()

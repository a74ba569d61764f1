"""Tests of until when each record may be kept."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING

from coachbook.book import load_book
from coachbook.keeping import State, kept_records
from coachbook.retained import due_by, format_retention, retention_list
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.book import Book
    from coachbook.keeping import Kept

CYCLE = "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"
LOG = """\
---
type: subject-access-log
id: sl-3c5e7g9j
school: otterbeck
requested_on: 2027-01-11
due: 2027-02-11
by: p-m3v8x1ra
---
"""


def workspace(tmp_path: Path, *changes: tuple[str, str, str], today: date) -> Book:
    """The small school with text replaced in some of its files."""
    root = tmp_path / "otterbeck"
    shutil.copytree(small.ROOT, root)
    for path, old, new in changes:
        text = (root / path).read_text(encoding="utf-8")
        assert old in text
        (root / path).write_text(text.replace(old, new), encoding="utf-8")
    return load_book(root, today=today)


CLOSED = (CYCLE, "status: open", "status: closed\nclosed_on: 2026-12-18")


def found(book: Book, path: str) -> Kept:
    """What is known of one record."""
    return next(one for one in kept_records(book) if one.path == path)


def test_the_time_of_a_session_begins_with_the_end_of_its_cycle(tmp_path: Path) -> None:
    """A note that is kept until the August after its cycle closes goes by the cycle's last day."""
    book = workspace(tmp_path, CLOSED, today=date(2027, 1, 8))

    one = found(book, small.SESSION)

    assert (one.since, one.until) == (date(2026, 12, 18), date(2027, 8, 31))
    assert one.state is State.KEPT


def test_while_a_cycle_is_open_no_time_runs(tmp_path: Path) -> None:
    """Nothing of an open cycle is due, however old it is."""
    book = workspace(tmp_path, today=date(2029, 1, 8))

    assert found(book, small.SESSION).state is State.RUNNING
    assert due_by(book, date(2040, 1, 1)) == ()


def test_what_is_over_is_due(tmp_path: Path) -> None:
    """The day after the last day on which a record may be kept, it is due to go."""
    book = workspace(tmp_path, CLOSED, today=date(2027, 9, 1))

    assert {one.path for one in due_by(book, book.today)} == {CYCLE, small.SESSION}
    assert found(book, CYCLE).state is State.DUE


def test_the_list_says_what_and_by_which_clause(tmp_path: Path) -> None:
    """For each kind stand the policy's words, its clause, how many there are and how many go."""
    book = workspace(tmp_path, CLOSED, today=date(2027, 9, 1))

    text = format_retention(retention_list(book))

    assert "kept until 31 August after the cycle closes [10.4]\n    2 records; 2 due to go" in text
    assert "The policy does not say how long these are kept: Partnership (1)" in text


def test_what_is_kept_for_long_is_named_beside_the_common_limit(tmp_path: Path) -> None:
    """A policy that keeps notes for longer than is common is told so in the list."""
    longer = (
        small.POLICY,
        "retention.notes: until 31 August after the cycle closes",
        "retention.notes: for ten years",
    )
    book = workspace(tmp_path, longer, today=date(2027, 9, 1))

    rows = retention_list(book).rows

    assert "commonly kept for six years" in rows[0].unusual


def test_a_request_that_is_open_holds_disposal(tmp_path: Path) -> None:
    """While somebody waits for what is held about them, the list says to do away with nothing."""
    root = tmp_path / "otterbeck"
    shutil.copytree(small.ROOT, root)
    log = root / "records/otterbeck/logs/2027-01-11-sl-3c5e7g9j.md"
    log.parent.mkdir()
    log.write_text(LOG, encoding="utf-8")

    open_list = retention_list(load_book(root, today=date(2027, 1, 12)))
    log.write_text(LOG.replace("by:", "answered_on: 2027-02-01\nby:"), encoding="utf-8")
    closed_list = retention_list(load_book(root, today=date(2027, 2, 2)))

    assert open_list.asked == ("Otterbeck Primary",)
    assert closed_list.asked == ()

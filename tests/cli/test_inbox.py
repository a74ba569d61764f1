"""`coachbook inbox`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.cli.desk import COACH, DRAFT, DRAFT_TEXT, NOTE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.desk import Desk


@pytest.fixture
def arrived(desk: Desk) -> Path:
    """A folder with one sealed record that is not in the workspace yet."""
    desk.write(DRAFT, DRAFT_TEXT)
    assert desk.run("seal", DRAFT, person=COACH).status == 0
    folder = desk.root.parent / "notes"
    folder.mkdir()
    (desk.root / DRAFT).rename(folder / "download.md")
    return folder


def test_a_sealed_record_is_filed(desk: Desk, arrived: Path) -> None:
    """A sealed record goes to its place and leaves the inbox."""
    result = desk.run("inbox", str(arrived))

    assert (result.status, result.out) == (0, f"{DRAFT}\n"), result.err
    assert (desk.root / DRAFT).is_file()
    assert list(arrived.iterdir()) == []


def test_dry_run(desk: Desk, arrived: Path) -> None:
    """`--dry-run` says what would happen and moves nothing."""
    assert desk.run("inbox", str(arrived), "--dry-run").out == f"{DRAFT}\n"
    assert not (desk.root / DRAFT).exists()
    assert (arrived / "download.md").is_file()


def test_the_same_file_twice(desk: Desk, arrived: Path) -> None:
    """A file that was filed before, or whose removal was interrupted, is only taken away."""
    (arrived / "download-2.md").write_bytes((arrived / "download.md").read_bytes())

    result = desk.run("inbox", str(arrived))

    assert result.status == 0
    assert f"is filed already, in {DRAFT}" in result.err
    assert list(arrived.iterdir()) == []


def test_another_file_with_the_same_id(desk: Desk, arrived: Path) -> None:
    """A second record with the id of another is refused and stays."""
    data = (arrived / "download.md").read_text()
    (arrived / "later.md").write_text(data.replace("minutes: 15", "minutes: 16"))

    result = desk.run("inbox", str(arrived))

    assert result.status == 1
    assert "refused later.md: s-2b4d6f8h is there already" in result.err
    assert (arrived / "later.md").is_file()


def test_clear_text_is_refused_and_not_repeated(desk: Desk, arrived: Path) -> None:
    """A record that is not sealed stays where it is, and its text is not on the screen."""
    (arrived / "download.md").write_text(DRAFT_TEXT)

    result = desk.run("inbox", str(arrived))

    assert result.status == 1
    assert "CB501" in result.err
    assert NOTE not in result.err + result.out


def test_whatever_else_lies_there(desk: Desk, arrived: Path) -> None:
    """Links, pipes, folders and other files are named, stay, and stop nothing."""
    (arrived / "folder.md").mkdir()
    (arrived / "link.md").symlink_to("/etc/hostname")
    os.mkfifo(arrived / "pipe.md")
    (arrived / "two\nlines.md").write_text("")
    (arrived / "note.docx").write_text("")

    result = desk.run("inbox", str(arrived))

    assert result.status == 1
    assert result.out == f"{DRAFT}\n"
    for words in ("`folder.md` is not", "`link.md` is a link", "`pipe.md` is not"):
        assert f"refused {words}" in result.err
    assert "refused two\\nlines.md: " in result.err
    assert "left note.docx: " in result.err
    assert len(list(arrived.iterdir())) == 5


def test_the_records_are_no_inbox(desk: Desk) -> None:
    """A folder of the records themselves is refused: nothing is taken out of it."""
    result = desk.run("inbox", "records/otterbeck")

    assert result.status == 2
    assert "lies in the records already" in result.err


def test_nothing_has_arrived(desk: Desk, tmp_path: Path) -> None:
    """An empty inbox is no fault."""
    (tmp_path / "empty").mkdir()

    result = desk.run("inbox", str(tmp_path / "empty"))

    assert result.status == 0
    assert "no record has arrived" in result.err

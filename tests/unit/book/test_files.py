"""What lies under `records/`, told apart without opening what should stay shut."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from coachbook.book.files import LIMIT, difference, list_files, read_file
from coachbook.diagnostics import Consequence, Diagnostic

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "records/otterbeck/2026-27/c-0a1b2c3d"
NAME = "2026-11-12-s-7kq2m4xa"


def write(root: Path, path: str, text: str = "---\ntype: session\n---\n") -> Path:
    """Puts a file into the workspace."""
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8", newline="\n")
    return place


def only_finding(root: Path) -> Diagnostic:
    """The one finding CB110, of which no line may be quoted."""
    (finding,) = list_files(root).findings
    assert finding.code == "CB110"
    assert not finding.quotable
    return finding


def test_records_forms_and_keys_are_told_apart(tmp_path: Path) -> None:
    """Records, forms and keys are sorted by the folder they lie in."""
    write(tmp_path, f"{FOLDER}/{NAME}.md")
    write(tmp_path, "records/trust.md")
    write(tmp_path, "records/forms/peer-visit.yml")
    write(tmp_path, "records/keys/p-7kq2m4xa.pub")
    write(tmp_path, "records/keys/roles/monitor@otterbeck.1.age")

    listing = list_files(tmp_path)

    assert listing.records == (f"{FOLDER}/{NAME}.md", "records/trust.md")
    assert listing.forms == ("records/forms/peer-visit.yml",)
    assert listing.keys == (
        "records/keys/p-7kq2m4xa.pub",
        "records/keys/roles/monitor@otterbeck.1.age",
    )
    assert listing.findings == ()


@pytest.mark.parametrize("name", ["README.md", "demo-passphrases.csv"])
def test_two_files_beside_the_records_are_passed_over(tmp_path: Path, name: str) -> None:
    """The read-me file and the demonstration's passphrases are no records."""
    write(tmp_path, f"records/{name}", "Only a demonstration.\n")

    listing = list_files(tmp_path)

    assert (listing.records, listing.findings) == ((), ())


def test_they_are_passed_over_at_the_top_only(tmp_path: Path) -> None:
    """A file called README.md in a school's folder is a record that has to prove itself."""
    write(tmp_path, "records/otterbeck/README.md", "Notes\n")

    assert list_files(tmp_path).records == ("records/otterbeck/README.md",)


@pytest.mark.parametrize(
    "name",
    [
        f"{NAME} (1).md",
        f"{NAME} - Copy.md",
        f"{NAME} (conflicted copy 2026-11-13).md",
        f"{NAME}.md.txt",
        f"{NAME}.md~",
        f"{NAME}.md.bak",
    ],
)
def test_a_spare_copy_names_its_original(tmp_path: Path, name: str) -> None:
    """A copy that a synced folder or an editor left is named with the file it copies."""
    write(tmp_path, f"{FOLDER}/{NAME}.md", "one\ntwo\nthree\n")
    write(tmp_path, f"{FOLDER}/{name}", "one\n2\nthree\n")

    finding = only_finding(tmp_path)

    assert finding.path == f"{FOLDER}/{name}"
    assert f"second copy of `{NAME}.md`: the two are identical except line 2" in finding.message
    assert finding.school == "otterbeck"


def test_a_spare_copy_without_original_says_how_to_keep_it(tmp_path: Path) -> None:
    """A file with the name of a copy can become a record by a better name."""
    write(tmp_path, f"{FOLDER}/{NAME}.md.txt")

    assert "ends in `.md`" in only_finding(tmp_path).hint


def test_a_word_document_is_no_record(tmp_path: Path) -> None:
    """A document is met with the way to get its text into a record."""
    write(tmp_path, f"{FOLDER}/notes.docx")

    finding = only_finding(tmp_path)

    assert "is a document" in finding.message
    assert "coachbook new" in finding.hint


@pytest.mark.parametrize(
    "name", [".s-7kq2m4xa.md.swp", "notes", "notes.MD", ".DS_Store", "plan.csv"]
)
def test_anything_else_is_named(tmp_path: Path, name: str) -> None:
    """Editors' leftovers and stray files are named, because they may hold plain text."""
    write(tmp_path, f"{FOLDER}/{name}")

    assert name in only_finding(tmp_path).message


def test_a_folder_with_the_name_of_a_record_is_not_entered(tmp_path: Path) -> None:
    """Nothing inside a folder called x.md is taken for a record."""
    write(tmp_path, f"{FOLDER}/{NAME}.md/hidden.md")

    assert "folder with the name of a record" in only_finding(tmp_path).message
    assert list_files(tmp_path).records == ()


def test_a_folder_with_a_space_is_not_entered(tmp_path: Path) -> None:
    """A folder whose name no school or cycle can have is named, and nothing in it is read."""
    write(tmp_path, "records/otterbeck/Old notes/a.md")

    assert "nothing in it was read" in only_finding(tmp_path).message


def test_a_link_out_of_the_workspace_is_not_followed(tmp_path: Path) -> None:
    """A link is named and neither it nor what it leads to is read."""
    write(tmp_path, f"{FOLDER}/{NAME}.md")
    secret = write(tmp_path, "elsewhere/secret.md")
    (tmp_path / FOLDER / "linked.md").symlink_to(secret)
    (tmp_path / FOLDER / "folder").symlink_to(secret.parent)

    listing = list_files(tmp_path)

    assert listing.records == (f"{FOLDER}/{NAME}.md",)
    assert [finding.path for finding in listing.findings] == [
        f"{FOLDER}/folder",
        f"{FOLDER}/linked.md",
    ]


def test_a_link_is_not_read_even_when_it_appears_late(tmp_path: Path) -> None:
    """A file that was swapped for a link after the listing is not read either."""
    secret = write(tmp_path, "elsewhere/secret.md")
    write(tmp_path, f"{FOLDER}/a.md").unlink()
    (tmp_path / FOLDER / "a.md").symlink_to(secret)

    found = read_file(tmp_path, f"{FOLDER}/a.md")

    assert isinstance(found, Diagnostic)
    assert "is a link" in found.message


def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    """A named pipe is no file with text; waiting for it would hang for ever."""
    (tmp_path / FOLDER).mkdir(parents=True)
    os.mkfifo(tmp_path / FOLDER / "pipe.md")

    assert "not a file with text" in only_finding(tmp_path).message
    found = read_file(tmp_path, f"{FOLDER}/pipe.md")
    assert isinstance(found, Diagnostic)


def test_a_name_with_a_line_break_is_printed_on_one_line(tmp_path: Path) -> None:
    """A line break in a name cannot forge a line of the report."""
    write(tmp_path, f"{FOLDER}/a\nrecords-b.md")

    finding = only_finding(tmp_path)

    assert "\n" not in finding.path + finding.message
    assert r"a\nrecords-b.md" in finding.path


def test_names_that_differ_in_capitals_clash(tmp_path: Path) -> None:
    """Two names that are one on Windows and on a Mac are named."""
    write(tmp_path, f"{FOLDER}/a.md")
    write(tmp_path, f"{FOLDER}/A.md")

    assert "one name on Windows" in only_finding(tmp_path).message


def test_a_huge_file_is_held_back_unread(tmp_path: Path) -> None:
    """A file of 50 MB is not read into memory."""
    place = write(tmp_path, f"{FOLDER}/{NAME}.md")
    with place.open("r+b") as file:
        file.truncate(50 << 20)

    found = read_file(tmp_path, f"{FOLDER}/{NAME}.md")

    assert isinstance(found, Diagnostic)
    assert found.consequence is Consequence.HELD_BACK
    assert f"50 MB; a record has at most {LIMIT >> 20} MB" in found.message


def test_a_file_that_the_system_refuses_is_held_back(tmp_path: Path) -> None:
    """A file that cannot be opened says why and stops nothing else."""
    found = read_file(tmp_path, f"records/otterbeck/{'x' * 300}.md")

    assert isinstance(found, Diagnostic)
    assert found.consequence is Consequence.HELD_BACK
    assert "cannot be read: " in found.message


def test_a_file_that_has_gone_is_a_finding(tmp_path: Path) -> None:
    """A file that is deleted between listing and reading is reported, not a crash."""
    found = read_file(tmp_path, f"{FOLDER}/{NAME}.md")

    assert isinstance(found, Diagnostic)
    assert found.code == "CB110"


def test_what_is_read_is_what_is_there(tmp_path: Path) -> None:
    """Reading hands over the bytes of the file."""
    write(tmp_path, f"{FOLDER}/{NAME}.md", "---\r\nname: Zoë\r\n---\r\n")

    assert (
        read_file(tmp_path, f"{FOLDER}/{NAME}.md")
        == "---\nname: Zoë\n---\n".replace("\n", "\r\n").encode()
    )


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (["a"], ["a"], "the two are identical"),
        (["a", "b"], ["a", "c"], "the two are identical except line 2"),
        (["a"], ["a", "b"], "the two are identical except line 2"),
        (["a", "b", "c"], ["x", "b", "y"], "the two differ on 2 lines, first on line 1"),
    ],
)
def test_differences_are_told_by_line(first: list[str], second: list[str], expected: str) -> None:
    """Two versions are compared by line numbers, never by quoting them."""
    assert difference(first, second) == expected

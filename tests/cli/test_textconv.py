"""`coachbook textconv`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coachbook.doctor import Surroundings, examine
from coachbook.repository import Repository
from tests.cli.desk import (
    COACH,
    COACHEE,
    DRAFT,
    DRAFT_TEXT,
    HEAD,
    NOTE,
    PLAIN_WHOLE,
    PLAIN_WHOLE_TEXT,
)

if TYPE_CHECKING:
    from tests.cli.desk import Desk

FOR_OTHERS = "## Coach notes\n\n(sealed for Idris; revision 1)\n"


@pytest.fixture
def sealed(desk: Desk) -> Desk:
    """The small school with one more sealed session."""
    desk.write(DRAFT, DRAFT_TEXT)
    assert desk.run("seal").status == 0
    return desk


def test_what_the_key_opens_is_shown_and_the_rest_is_named(sealed: Desk) -> None:
    """A reader sees their sections as text, and whom every section is sealed for."""
    result = sealed.run("textconv", DRAFT, person=COACHEE)

    assert result.status == 0
    assert result.out.startswith(DRAFT_TEXT[: DRAFT_TEXT.index("## Notes")])
    assert (
        "## Notes\n\n"
        "(sealed for Nerys, Idris and the impact monitor (Petra); revision 1; not signed)\n\n"
        f"{NOTE}\n" in result.out
    )
    assert FOR_OTHERS in result.out


@pytest.mark.parametrize(
    ("person", "words"), [(COACHEE, ""), ("", "a-b-c-d-e-f"), (COACHEE, "a-b-c-d-e-f")]
)
def test_without_a_key_readers_are_named(sealed: Desk, person: str, words: str) -> None:
    """Without a passphrase, a person or the right words it shows readers, asks for nothing."""
    result = sealed.run("textconv", DRAFT, person=person, words=words)

    assert result.status == 0
    assert FOR_OTHERS in result.out
    assert NOTE not in result.out + result.err


def test_a_passphrase_from_a_file(sealed: Desk) -> None:
    """Who does not want the passphrase in the environment names a file that holds it."""
    file = sealed.home / "words.txt"
    file.write_text("correct horse battery staple at dawn\n")

    result = sealed.run("textconv", DRAFT, "--passphrase-file", str(file), person=COACHEE, words="")

    assert NOTE in result.out


def test_outside_a_workspace_readers_go_by_their_ids(sealed: Desk) -> None:
    """A diff is shown anywhere; away from the workspace, nobody has a name."""
    file = sealed.root / DRAFT
    sealed.monkeypatch.chdir(sealed.home)

    result = sealed.run("textconv", str(file), person=COACHEE)

    assert result.status == 0
    assert "(sealed for p-c5t0w6ze; revision 1)" in result.out
    assert NOTE not in result.out


def test_what_is_no_record_is_shown_as_it_is(desk: Desk) -> None:
    """A file that has no header comes out byte for byte."""
    desk.write("records/README.md", "About these records.\r\n")

    assert desk.run("textconv", "records/README.md").out == "About these records.\r\n"


def test_a_block_from_another_record_is_not_shown(sealed: Desk) -> None:
    """Text that was sealed for another record never appears in this one."""
    text = sealed.read(DRAFT).replace("id: s-2b4d6f8h", "id: s-2b4d6f8j")
    sealed.write(DRAFT, text)

    result = sealed.run("textconv", DRAFT, person=COACHEE)

    assert result.status == 0
    assert "(the sealed text is damaged: it was sealed for another place; revision 1)" in result.out
    assert NOTE not in result.out


def test_a_record_sealed_whole(desk: Desk) -> None:
    """Of a record that is sealed whole, a reader sees all and others its readers."""
    desk.write(PLAIN_WHOLE, PLAIN_WHOLE_TEXT)
    assert desk.run("seal").status == 0
    (path,) = (desk.root / "records/otterbeck/sealed").glob("x-*.md")

    seen = desk.run("textconv", str(path), person=HEAD)
    not_seen = desk.run("textconv", str(path), person=COACH)

    assert "Planning came in late twice." in seen.out
    assert "Planning" not in not_seen.out
    assert "; revision 1)" in not_seen.out


def test_two_versions_are_both_shown(sealed: Desk) -> None:
    """Where a merge left two versions of a section, a diff shows one after the other."""
    first = sealed.read(DRAFT)
    block = first[first.index("```age") : first.index("```\n") + 4]
    sealed.write(DRAFT, first.replace(block, f"{block}\n{block}"))

    result = sealed.run("textconv", DRAFT, person=COACHEE)

    assert result.out.count(NOTE) == 2


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("yes", True), ("false", False)])
def test_a_cache_of_opened_text_is_named(sealed: Desk, value: str, *, expected: bool) -> None:
    """`doctor` names the setting that would keep opened text, however it is spelt."""
    sealed.commit_all()
    sealed.git("config", "diff.coachbook.cachetextconv", value)
    git = Repository(sealed.root, {}).settings()

    names = [remark.name for remark in examine(Surroundings(sealed.book, None, git, {}))]

    assert ("cached-text" in names) is expected

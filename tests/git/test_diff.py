"""What git shows of sealed records, to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.desk import COACHEE, DRAFT, DRAFT_TEXT, NOTE, WORDS

if TYPE_CHECKING:
    from tests.cli.desk import Desk

PRIVATE = "I spoke more than I meant to."


def sealed_twice(school: Desk) -> None:
    """Two commits of one session, of which the second has another word in its notes."""
    for text in (DRAFT_TEXT, DRAFT_TEXT.replace("both spoke", "one of them spoke")):
        school.write(DRAFT, text)
        assert school.run("save", DRAFT).status == 0


def everything_of_git(school: Desk) -> str:
    """Every object and reference that git keeps, as text."""
    names = school.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)").split()
    return "".join(school.git("cat-file", "-p", name) for name in names)


def test_a_reader_sees_what_was_changed_in_words(school: Desk) -> None:
    """With the passphrase in the environment, `git diff` compares texts and not armor."""
    sealed_twice(school)
    school.monkeypatch.setenv("COACHBOOK_PERSON", COACHEE)
    school.monkeypatch.setenv("COACHBOOK_PASSPHRASE", WORDS)

    shown = school.git("diff", "HEAD~", "--", DRAFT)

    assert f"-{NOTE}" in shown
    assert "+Two pupils waited for each other, then one of them spoke." in shown
    assert "-(sealed for Nerys, Idris and the impact monitor (Petra); revision 1)" in shown
    assert "AGE ENCRYPTED" not in shown
    assert PRIVATE not in shown


def test_nothing_that_was_shown_stays_behind(school: Desk) -> None:
    """Neither git's objects nor any file holds a word of what a diff has shown."""
    sealed_twice(school)
    school.monkeypatch.setenv("COACHBOOK_PERSON", COACHEE)
    school.monkeypatch.setenv("COACHBOOK_PASSPHRASE", WORDS)

    assert "one of them spoke" in school.git("log", "-p", "--", DRAFT)

    assert "waited for each other" not in everything_of_git(school)
    assert b"waited for each other" not in school.everything()


def test_git_is_not_given_text_to_keep(school: Desk) -> None:
    """Where git is told to keep what it shows, it is shown nothing sealed."""
    sealed_twice(school)
    school.monkeypatch.setenv("COACHBOOK_PERSON", COACHEE)
    school.monkeypatch.setenv("COACHBOOK_PASSPHRASE", WORDS)
    school.git("config", "diff.coachbook.cachetextconv", "true")

    shown = school.git("diff", "HEAD~", "--", DRAFT)

    assert "+(sealed for Nerys, Idris and the impact monitor (Petra); revision 2)" in shown
    assert "waited for each other" not in shown + everything_of_git(school)


def test_a_checkout_without_the_script_has_a_diff(school: Desk) -> None:
    """Where an earlier commit or a sparse checkout lacks the script, git shows the file itself."""
    sealed_twice(school)
    (school.root / ".githooks" / "coachbook").unlink()

    assert "+revision: 2" in school.git("diff", "HEAD~", "--", DRAFT)

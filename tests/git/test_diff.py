"""What git shows of sealed records, to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.desk import COACH, COACHEE, DRAFT, DRAFT_TEXT, NOTE, WORDS
from tests.git.conftest import change, everything_of_git, fork, git

if TYPE_CHECKING:
    from tests.cli.desk import Desk

PRIVATE = "I spoke more than I meant to."


def sealed_twice(school: Desk) -> None:
    """Two commits of one session, of which the second has another word in its notes."""
    for text in (DRAFT_TEXT, DRAFT_TEXT.replace("both spoke", "one of them spoke")):
        school.write(DRAFT, text)
        assert school.run("save", DRAFT).status == 0


def test_a_reader_sees_what_was_changed_in_words(school: Desk) -> None:
    """With the passphrase in the environment, `git diff` compares texts and not armor."""
    sealed_twice(school)
    school.monkeypatch.setenv("COACHBOOK_PERSON", COACHEE)
    school.monkeypatch.setenv("COACHBOOK_PASSPHRASE", WORDS)

    shown = school.git("diff", "HEAD~", "--", DRAFT)

    assert f"-{NOTE}" in shown
    assert "+Two pupils waited for each other, then one of them spoke." in shown
    assert (
        "-(sealed for Nerys, Idris and the impact monitor (Petra); revision 1; not signed)" in shown
    )
    assert "AGE ENCRYPTED" not in shown
    assert PRIVATE not in shown


def test_nothing_that_was_shown_stays_behind(school: Desk) -> None:
    """Neither git's objects nor any file holds a word of what a diff has shown."""
    sealed_twice(school)
    school.monkeypatch.setenv("COACHBOOK_PERSON", COACHEE)
    school.monkeypatch.setenv("COACHBOOK_PASSPHRASE", WORDS)

    assert "one of them spoke" in school.git("log", "-p", "--", DRAFT)

    assert b"waited for each other" not in everything_of_git(school)
    assert b"waited for each other" not in school.everything()


def test_git_is_not_given_text_to_keep(school: Desk) -> None:
    """Where git is told to keep what it shows, it is shown nothing sealed."""
    sealed_twice(school)
    school.monkeypatch.setenv("COACHBOOK_PERSON", COACHEE)
    school.monkeypatch.setenv("COACHBOOK_PASSPHRASE", WORDS)
    school.git("config", "diff.coachbook.cachetextconv", "true")

    shown = school.git("diff", "HEAD~", "--", DRAFT)

    assert "+(sealed for Nerys, Idris and the impact monitor (Petra); revision 2)" in shown
    assert "waited for each other" not in shown
    assert b"waited for each other" not in everything_of_git(school)


def test_a_checkout_without_the_script_has_a_diff(school: Desk) -> None:
    """Where an earlier commit or a sparse checkout lacks the script, git shows the file itself."""
    sealed_twice(school)
    (school.root / ".githooks" / "coachbook").unlink()

    assert "+revision: 2" in school.git("diff", "HEAD~", "--", DRAFT)


def test_whatever_is_done_with_git_it_keeps_no_word(shared: Desk) -> None:
    """After a diff, a clash, a join, a stash and a rebase, nothing in `.git` is in the clear."""
    shared.monkeypatch.setenv("COACHBOOK_PERSON", COACHEE)
    fork(shared, (NOTE, "Nobody waited for anybody."), (NOTE, "Everybody waited."))
    shared.git("config", "rerere.enabled", "true")
    shared.git("checkout", "-q", "side")
    assert git(shared, "rebase", "main").returncode == 1
    shared.editor("path.write_text('## Notes\\n\\nSome waited for somebody.\\n')\n")
    assert shared.run("merge", DRAFT, person=COACH).status == 0
    shared.git("-c", "core.editor=true", "rebase", "--continue")
    change(shared, "Some waited for somebody.", "Some waited for long.")
    shared.write(DRAFT, shared.read(DRAFT).replace("minutes: 15", "minutes: 14"))
    shared.git("stash", "-q")
    shared.monkeypatch.setenv("COACHBOOK_PERSON", COACHEE)
    shared.monkeypatch.setenv("COACHBOOK_PASSPHRASE", WORDS)

    assert "+Some waited for long." in shared.git("log", "-p", "--", DRAFT)

    kept = everything_of_git(shared)
    assert b"-----BEGIN AGE ENCRYPTED FILE-----" in kept
    assert b"waited" not in kept
    assert b"waited" not in shared.everything()

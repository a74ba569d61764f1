"""`coachbook save`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.desk import (
    COACH,
    COACHEE,
    DRAFT,
    DRAFT_TEXT,
    MONITOR,
    NOTE,
    PLAIN_WHOLE,
    PLAIN_WHOLE_TEXT,
)

if TYPE_CHECKING:
    from tests.cli.desk import Desk


@pytest.fixture
def repository(desk: Desk) -> Desk:
    """The small school in a git repository."""
    desk.commit_all()
    return desk


def history(desk: Desk) -> str:
    """Everything git has in its history."""
    return desk.git("log", "-p", "--all", "--format=%s")


def test_a_session_is_sealed_checked_and_committed(repository: Desk) -> None:
    """`save` seals, checks and commits what changed; the history holds no word of it."""
    repository.write(DRAFT, DRAFT_TEXT)

    result = repository.run("save", person=COACH)

    assert result.status == 0, result.err
    assert result.out.splitlines() == [DRAFT]
    assert repository.git("status", "--porcelain") == ""
    assert "records: 1 file saved" in history(repository)
    assert NOTE not in history(repository)


def test_a_message_of_ones_own(repository: Desk) -> None:
    """The commit says what one wants it to say."""
    repository.write(DRAFT, DRAFT_TEXT)

    repository.run("save", "-m", "sessions of this week", person=COACH)

    assert repository.git("log", "-1", "--format=%s") == "sessions of this week\n"


def test_nothing_to_save(repository: Desk) -> None:
    """Saving without a change says so."""
    result = repository.run("save")

    assert result.status == 0
    assert "nothing has changed since the last commit" in result.err


def test_slips_are_fixed_first(repository: Desk) -> None:
    """`save` repairs slips that leave no doubt and says which."""
    repository.write(DRAFT, DRAFT_TEXT.replace("2026-11-19", "19 Nov 2026"))

    result = repository.run("save", person=COACH)

    assert result.status == 0, result.err
    assert f"{DRAFT}: line 6: " in result.err
    assert "date: 2026-11-19" in repository.read(DRAFT)


def test_a_finding_stops_the_commit(repository: Desk) -> None:
    """What the policy forbids is not committed; what was sealed stays sealed."""
    repository.write(DRAFT, DRAFT_TEXT.replace("status: held", "status: hold"))

    result = repository.run("save", person=COACH)

    assert result.status == 1
    assert "CB104" in result.err
    assert "nothing was committed" in result.err
    assert repository.git("log", "--format=%s") == "start\n"
    assert NOTE not in repository.read(DRAFT)


def test_what_cannot_be_sealed_is_not_committed(repository: Desk) -> None:
    """Text that cannot be sealed is never committed, and stays where it is."""
    text = DRAFT_TEXT.replace("## Coach notes", "#Coach notes")
    repository.write(DRAFT, text.replace("#Coach", "# Coach"))

    result = repository.run("save", person=COACH)

    assert result.status == 1
    assert NOTE in repository.read(DRAFT)
    assert NOTE not in history(repository)


def test_it_can_be_run_again(repository: Desk) -> None:
    """After a step has failed, saving goes on from there."""
    repository.write(DRAFT, DRAFT_TEXT.replace("status: held", "status: hold"))
    repository.run("save", person=COACH)
    repository.write(DRAFT, repository.read(DRAFT).replace("hold", "held"))

    assert repository.run("save", person=COACH).status == 0

    assert NOTE in repository.run("open", DRAFT, person=COACHEE).out


def test_only_the_given_path_is_saved(repository: Desk) -> None:
    """With a path, other changes stay uncommitted."""
    repository.write(DRAFT, DRAFT_TEXT)
    repository.write("records/README.md", "About these records.\n")

    result = repository.run("save", DRAFT, person=COACH)

    assert result.out.splitlines() == [DRAFT]
    assert repository.git("status", "--porcelain") == "?? records/README.md\n"


def test_a_whole_record_never_reaches_the_history(repository: Desk) -> None:
    """A record that is sealed whole is committed under its new name alone."""
    repository.write(PLAIN_WHOLE, PLAIN_WHOLE_TEXT)

    result = repository.run("save", person=MONITOR)

    assert result.status == 0, result.err
    assert "late twice" not in history(repository)
    assert "k-8h6f4d2b" not in history(repository)
    assert "records/otterbeck/sealed/x-" in result.out


def test_a_deleted_record_is_committed(repository: Desk) -> None:
    """A record that was deleted is gone after saving."""
    repository.write(DRAFT, DRAFT_TEXT)
    repository.run("save", person=COACH)
    (repository.root / DRAFT).unlink()

    result = repository.run("save", person=COACH)

    assert result.status == 0, result.err
    assert DRAFT not in repository.git("ls-files")


def test_a_failing_commit_loses_nothing(repository: Desk) -> None:
    """When git refuses, the sealed record stays in place."""
    hook = repository.root / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\necho not today >&2\nexit 1\n")
    hook.chmod(0o755)
    repository.write(DRAFT, DRAFT_TEXT)

    result = repository.run("save", person=COACH)

    assert result.status == 2
    assert "git commit did not work: not today" in result.err
    assert "```age" in repository.read(DRAFT)


def test_git_does_not_get_the_passphrase(repository: Desk) -> None:
    """A passphrase in the environment is not handed on to git and its hooks."""
    hook = repository.root / ".git/hooks/pre-commit"
    hook.write_text('#!/bin/sh\ntest -z "$COACHBOOK_PASSPHRASE"\n')
    hook.chmod(0o755)
    repository.write(DRAFT, DRAFT_TEXT)

    assert repository.run("save", person=COACH).status == 0


def test_without_a_repository(desk: Desk) -> None:
    """A workspace that is no git repository says so, and is left alone."""
    desk.write(DRAFT, DRAFT_TEXT)

    result = desk.run("save")

    assert result.status == 2
    assert "git status did not work" in result.err
    assert desk.read(DRAFT) == DRAFT_TEXT

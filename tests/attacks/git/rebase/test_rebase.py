"""A note that was committed in the clear, and is carried over by a git that runs no commit hook."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from coachbook.scaffold import GIT_SETTINGS, plan_drivers, write_files
from tests.cli.desk import DRAFT, DRAFT_TEXT, NOTE, SESSION, make_desk

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.desk import Desk


@pytest.fixture
def school(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    warm: Path,
) -> Desk:
    """The small school with its hooks; on a branch a note was committed past them in the clear."""
    desk = make_desk(tmp_path, monkeypatch, capsys)
    write_files(desk.root, plan_drivers(desk.root))
    desk.commit_all()
    for key, value in {**GIT_SETTINGS, "coachbook.python": str(warm / "python")}.items():
        desk.git("config", key, value)
    desk.git("init", "-q", "--bare", "../remote")
    desk.git("remote", "add", "origin", "../remote")
    desk.git("checkout", "-q", "-b", "side")
    desk.write(DRAFT, DRAFT_TEXT)
    desk.git("add", "-A")
    desk.git("commit", "-q", "--no-verify", "-m", "in the clear")
    desk.git("checkout", "-q", "main")
    desk.write(SESSION, desk.read(SESSION).replace("minutes: 14", "minutes: 13"))
    desk.git("commit", "-q", "--no-verify", "-am", "something else")
    return desk


@pytest.mark.parametrize(
    "steps",
    [
        (("cherry-pick", "side"),),
        (("checkout", "-q", "side"), ("rebase", "-q", "main")),
        (("checkout", "-q", "side"), ("rebase", "-q", "main"), ("branch", "-f", "main")),
    ],
    ids=["cherry-pick", "rebase", "rebase and move the branch"],
)
def test_what_git_carries_over_without_a_hook_is_not_pushed(
    school: Desk, steps: tuple[tuple[str, ...], ...]
) -> None:
    """A rebase or a cherry-pick that carries a note in the clear is refused when it is pushed."""
    for step in steps:
        school.git(*step)

    push = ["git", "push", "-q", "origin", "HEAD:refs/heads/shared"]
    pushed = subprocess.run(push, cwd=school.root, capture_output=True, text=True, check=False)

    said = pushed.stdout + pushed.stderr
    assert pushed.returncode == 1
    assert f"{DRAFT} was committed with a confidential part in the clear" in said
    assert NOTE not in said
    assert school.git("ls-remote", "origin") == ""

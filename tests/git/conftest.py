"""A small school in a real git repository, set up as `doctor --mend` does it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from coachbook.scaffold import GIT_SETTINGS, plan_drivers, write_files
from tests.cli.desk import COACH, DRAFT, DRAFT_TEXT, Desk, make_desk

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def school(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    warm: Path,
) -> Desk:
    """The small school with one commit, its hooks and drivers turned on."""
    desk = make_desk(tmp_path, monkeypatch, capsys)
    write_files(desk.root, plan_drivers(desk.root))
    desk.commit_all()
    for key, value in {**GIT_SETTINGS, "coachbook.python": str(warm / "python")}.items():
        desk.git("config", key, value)
    return desk


@pytest.fixture
def shared(school: Desk) -> Desk:
    """The small school with a sealed session on its main branch; its hooks rest, to be quick."""
    school.git("config", "core.hooksPath", "none")
    school.write(DRAFT, DRAFT_TEXT)
    assert school.run("save", DRAFT, person=COACH).status == 0
    return school


def git(school: Desk, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs git where it may fail."""
    return subprocess.run(
        ["git", *arguments], cwd=school.root, capture_output=True, text=True, check=False
    )


def change(school: Desk, old: str, new: str) -> None:
    """Edits the session as its coach, and commits it."""
    school.editor(f"path.write_text(path.read_text().replace({old!r}, {new!r}))\n")
    for command in ("edit", "save"):
        result = school.run(command, DRAFT, person=COACH)
        assert result.status == 0, result.err


def fork(school: Desk, ours: tuple[str, str], theirs: tuple[str, str]) -> None:
    """Leaves `main` with one change and `side` with another, both after the shared text."""
    school.git("checkout", "-q", "-b", "side")
    change(school, *theirs)
    school.git("checkout", "-q", "main")
    change(school, *ours)


def opened(school: Desk) -> str:
    """The session as the coach reads it."""
    result = school.run("open", DRAFT, person=COACH)
    assert result.status == 0, result.err
    return result.out


def everything_of_git(school: Desk) -> bytes:
    """Every object that git keeps, unpacked, and every file in its folder."""
    listed = ("cat-file", "--batch-all-objects", "--batch", "--unordered")
    objects = subprocess.run(["git", *listed], cwd=school.root, check=True, capture_output=True)
    files = [file for file in (school.root / ".git").rglob("*") if file.is_file()]
    return objects.stdout + b"".join(file.read_bytes() for file in files)

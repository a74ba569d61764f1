"""A small school in a real git repository, set up as `doctor --mend` does it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from coachbook.scaffold import GIT_SETTINGS, plan_drivers, write_files
from tests.cli.desk import Desk, make_desk

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def school(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """The small school with one commit, its hooks and drivers turned on."""
    desk = make_desk(tmp_path, monkeypatch, capsys)
    write_files(desk.root, plan_drivers(desk.root))
    desk.commit_all()
    for key, value in {**GIT_SETTINGS, "coachbook.python": sys.executable}.items():
        desk.git("config", key, value)
    return desk

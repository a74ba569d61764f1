"""What several unit tests share: the small workspace, loaded."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from tests.workspaces.otterbeck_small import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.book import Book

TODAY = date(2026, 11, 16)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A copy of the small workspace that a test may change."""
    return shutil.copytree(ROOT, tmp_path / "workspace")


@pytest.fixture
def book() -> Book:
    """The small workspace on Monday 16 November 2026."""
    return load_book(ROOT, today=TODAY)

"""A small workspace that tests of the book may change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.workspaces import otterbeck_small as small


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the small workspace."""
    return Path(shutil.copytree(small.ROOT, tmp_path / "workspace"))

"""The desk that commands are tried at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.desk import Desk, make_desk

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """A small school on disk, with the keys of four people on this device."""
    return make_desk(tmp_path, monkeypatch, capsys)

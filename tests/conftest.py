"""What every test stands on: no one's own keys, no one's settings, no deadline on slow machines."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from pathlib import Path

settings.register_profile("coachbook", deadline=None, print_blob=False)
settings.load_profile("coachbook")


@pytest.fixture(autouse=True)
def _nobody_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps a test from the keys, passphrase and editor of whoever runs it."""
    for name in list(os.environ):
        if name.startswith("COACHBOOK_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COACHBOOK_HOME", str(tmp_path / "coachbook-home"))
    for name in ("EDITOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)

"""Names in the public handbook: those that their owners agreed to, and no others."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.site import Job, LeakError, build_site
from tests.unit.conftest import TODAY
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "records/people/p-h7d2k9qm.md"
SCHOOL = "records/otterbeck/school.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A school whose policy wants names, and whose head has agreed to stand there."""
    place = shutil.copytree(small.ROOT, tmp_path / "workspace")
    for file in place.glob("records/otterbeck/policy-*.md"):
        _change(file, "handbook.names: roles-only", "handbook.names: opt-in")
    _change(place / HEAD, "type: person\n", "type: person\nhandbook_name_consent_on: 2026-09-01\n")
    return place


def _change(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def _build(root: Path) -> Path:
    site = root / "site"
    build_site(Job(load_book(root, today=TODAY), (), os.urandom, ("handbook",)), site)
    return site


def test_agreed_name_is_published(root: Path) -> None:
    """A head who agreed to it stands in the handbook by name, and the site passes its audit."""
    text = (_build(root) / "handbook" / "otterbeck" / "people.html").read_text(encoding="utf-8")

    assert "Odalys Renwick-Tarn" in text
    assert "Petra Quillfeather" not in text


def test_other_name_is_still_a_leak(root: Path) -> None:
    """That one person agreed lets nobody else's name into the handbook: nothing is published."""
    _change(
        root / SCHOOL, "type: school\n", "type: school\nwellbeing_contact: Petra Quillfeather\n"
    )

    with pytest.raises(LeakError):
        _build(root)

    assert not (root / "site").exists()

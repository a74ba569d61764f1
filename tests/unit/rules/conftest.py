"""A school to try rules on: the small workspace, with records and decisions added as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.rules import check_book
from tests.rules.samples import decide
from tests.unit.conftest import TODAY
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from coachbook.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class School:
    """The small workspace on Monday 16 November 2026."""

    root: Path

    def write(self, path: str, header: str) -> None:
        """Puts a record into the records of the school, or in place of one."""
        place = self.root / "records" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"---\n{header.strip()}\n---\n", encoding="utf-8", newline="\n")

    def change(self, path: str, old: str, new: str) -> None:
        """Replaces a text that has to be there."""
        place = self.root / "records" / path
        text = place.read_text(encoding="utf-8")
        assert old in text
        place.write_text(text.replace(old, new), encoding="utf-8", newline="\n")

    def settle(self, *lines: str) -> None:
        """Lets the policy say so, in its header and in a clause."""
        place = self.root / small.POLICY
        text = decide(place.read_text(encoding="utf-8"), [*lines])
        place.write_text(text, encoding="utf-8", newline="\n")

    def found(self, code: str, today: date = TODAY) -> list[Diagnostic]:
        """What a rule finds."""
        findings = check_book(load_book(self.root, today=today))
        return [finding for finding in findings if finding.code == code]

    def messages(self, code: str, today: date = TODAY) -> list[str]:
        """What a rule says."""
        return [finding.message for finding in self.found(code, today)]


@pytest.fixture
def school(workspace: Path) -> School:
    """Otterbeck as a test may change it."""
    return School(workspace)

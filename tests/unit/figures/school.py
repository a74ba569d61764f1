"""What tests of figures share: records put into the small workspace, a figure counted."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from coachbook.book import load_book
from coachbook.figures import Period, count, definition
from coachbook.views import open_view
from tests.rules.samples import decide
from tests.unit.conftest import TODAY
from tests.workspaces.otterbeck_small import POLICY

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.figures import Count, Fact
    from coachbook.views import View

TERM = Period(date(2026, 9, 2), date(2026, 11, 16))


def view_of(workspace: Path, today: date = TODAY) -> View:
    """The workspace as outputs may use it."""
    return open_view(load_book(workspace, today=today))


def facts(view: View, key: str) -> list[Fact]:
    """Everything that a figure of the small workspace counts."""
    return list(definition(key).facts(view, "otterbeck", TERM))


def counted(view: View, key: str) -> Count:
    """A figure of the small workspace as it is counted."""
    return count(facts(view, key))


def settle(workspace: Path, *lines: str) -> None:
    """Lets the policy say so, in its header and in a clause."""
    place = workspace / POLICY
    place.write_text(decide(place.read_text(encoding="utf-8"), [*lines]), encoding="utf-8")


def write(workspace: Path, path: str, header: str) -> None:
    """Puts a record into the workspace."""
    place = workspace / "records" / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"---\n{header}\n---\n", encoding="utf-8")

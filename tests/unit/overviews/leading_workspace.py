"""The small workspace with more going on, for the pages that coaching is led from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from coachbook.audience import Labelled
from coachbook.book import load_book
from coachbook.overviews.leading import Led, leaders
from coachbook.pages import open_templates, render_page
from coachbook.views import open_view
from tests.workspaces.otterbeck_small import COACH, COACHEE

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.overviews import Page
    from coachbook.views import View

TODAY = date(2026, 11, 20)
SCHOOL = "otterbeck"
HERE = "records/otterbeck"
CYCLE = f"{HERE}/2026-27/c-0a1b2c3d"
CALENDAR = f"{HERE}/calendar-2026-27.md"
POLICY = f"{HERE}/policy-2026-09.md"
WREN, JUNO, PETRA = "p-e6f1u8gd", "p-x2a7o5kh", "p-m3v8x1ra"
MONITOR, LEAD = "monitor@otterbeck", "lead-coach@otterbeck"

__all__ = ["COACH", "COACHEE"]


def session(number: int, day: str, more: str, *, of: str = "cycle: c-0a1b2c3d") -> dict[str, str]:
    """A session of the cycle, or of another pair or group, by its path."""
    name = f"s-1a2b3c{number}d"
    path = f"{HERE}/2026-27/c-0a1b2c3d/{day}-{name}.md"
    header = f"type: session\nid: {name}\nschool: otterbeck\n{of}\ndate: {day}\n{more}"
    return {path: f"---\n{header}\n---\n"}


def write(root: Path, records: dict[str, str]) -> None:
    """Puts records into the workspace."""
    for path, text in records.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")


def changed(root: Path, path: str, old: str, new: str) -> None:
    """Writes something else into a record; what it replaces has to be there."""
    place = root / path
    text = place.read_text(encoding="utf-8")
    assert old in text
    place.write_text(text.replace(old, new), encoding="utf-8")


def view_of(root: Path, today: date = TODAY) -> View:
    """The workspace as outputs see it."""
    return open_view(load_book(root, today=today))


def led_of(root: Path, today: date = TODAY) -> Led:
    """The school as those who lead coaching see it."""
    view = view_of(root, today)
    return Led(view, SCHOOL, leaders(view.book, SCHOOL))


def plain(model: object) -> Any:  # noqa: ANN401 (whatever the model holds)
    """A model without its labels."""
    if isinstance(model, Labelled):
        return plain(model.value)
    if isinstance(model, dict):
        return {key: plain(value) for key, value in model.items()}
    if isinstance(model, list):
        return [plain(value) for value in model]
    return model


def shown(page: Page) -> str:
    """The page as its readers get it; everything on it is meant for all of them."""
    return render_page(open_templates(), f"pages/{page.template}", page.model, page.audience)

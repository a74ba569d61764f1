"""Whole pages and messages as they are today; `make snapshots` accepts a change on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coachbook.audience import PUBLIC
from coachbook.book import load_book
from coachbook.handbook import handbook_of, handbook_pages
from coachbook.overviews.checks import checks_page
from coachbook.overviews.cycle import cycle_page
from coachbook.overviews.me import me_page
from coachbook.overviews.school import school_page
from coachbook.pages import open_templates, render_page
from coachbook.readership import reader_line
from coachbook.rules import check_book
from coachbook.views import open_view
from tests.unit.conftest import TODAY
from tests.workspaces.otterbeck_small import COACH, COACHEE, MONITOR, ROOT

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from coachbook.overviews import Page
    from coachbook.views import View

PAGES = ("me of the coachee", "me of the head", "cycle", "school", "checks")


def _view() -> View:
    book = load_book(ROOT, today=TODAY)
    return open_view(book, check_book(book))


def _page(view: View, name: str) -> Page:
    if name == "cycle":
        return cycle_page(view, view.cycles["c-0a1b2c3d"])
    if name in {"school", "checks"}:
        return {"school": school_page, "checks": checks_page}[name](view, "otterbeck")
    return me_page(view, COACHEE if name == "me of the coachee" else "p-h7d2k9qm")


def _tidy(text: str) -> str:
    """Lines without the blank ones that templates leave behind."""
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())


@pytest.mark.parametrize("name", PAGES)
def test_private_page(name: str, snapshot: SnapshotAssertion) -> None:
    """A private page of the small workspace is as it was when somebody last looked at it."""
    page = _page(_view(), name)

    html = render_page(open_templates(), f"pages/{page.template}", page.model, page.audience)

    assert _tidy(html) == snapshot


def test_handbook_pages(snapshot: SnapshotAssertion) -> None:
    """The handbook's pages of the small workspace are as they were when last looked at."""
    templates = open_templates()
    book = load_book(ROOT, today=TODAY)

    pages = {
        page.path: _tidy(render_page(templates, page.template, page.model, PUBLIC))
        for page in handbook_pages(handbook_of(book))
    }

    assert pages == snapshot


def test_reader_lines(snapshot: SnapshotAssertion) -> None:
    """The line under a section says who can read it as it did when last looked at."""
    book = load_book(ROOT, today=TODAY)
    readers = [(COACH,), (COACH, COACHEE), (COACH, COACHEE, MONITOR), (MONITOR, "head@otterbeck")]

    assert [reader_line(book, "otterbeck", one) for one in readers] == snapshot

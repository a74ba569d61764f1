"""Tests of pages over records with a hole: each says what is missing and for whom."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from coachbook.book import load_book
from coachbook.pages import open_templates, render_page
from coachbook.portal import plan_portal
from coachbook.rules import check_book
from coachbook.views import open_view
from tests.unit.conftest import TODAY
from tests.workspaces.otterbeck_small import COACH, COACHEE

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[3]
MONITOR = "monitor@otterbeck"
HERE = "records/otterbeck"


def _words(root: Path) -> Mapping[tuple[str, str], str]:
    """The words of every private page, by one of its readers and its title."""
    templates = open_templates()
    book = load_book(root, today=TODAY)
    plan = plan_portal(
        open_view(book, check_book(book)),
        lambda name, model, audience: render_page(templates, name, model, audience),
    )
    found = {}
    for fragment in plan:
        page = json.loads(fragment.plaintext)
        if page["kind"] == "page":
            text = html.unescape(re.sub(r"<[^>]+>", " ", page["html"]))
            for reader in fragment.audience.principals or ():
                found[reader, page["title"]] = re.sub(r"\s+", " ", text)
    return found


def _remove(root: Path, pattern: str) -> None:
    for path in (root / HERE).glob(pattern):
        path.unlink()


def test_missing_calendar(workspace: Path) -> None:
    """Without a calendar each page that needs one says so, and nobody is told a due date."""
    _remove(workspace, "calendar-*.md")

    words = _words(workspace)

    assert "No calendar for this school year at Otterbeck Primary." in words[COACHEE, "Me"]
    for title in ("Leading coaching", "Who has been coached"):
        assert "There is no calendar for this school year." in words[MONITOR, title]
    assert "the usual rhythm makes it" not in words[COACH, "Me"]


def test_figures_without_a_calendar(workspace: Path) -> None:
    """What only a calendar makes countable is no nought without one, and not too few."""
    _remove(workspace, "calendar-*.md")

    words = _words(workspace)

    uncounted = "Not counted, as there is no calendar for this school year: Sessions held of those"
    for reader, title in (
        ("head@otterbeck", "The head's overview"),
        (MONITOR, "Governors' page"),
    ):
        told = words[reader, title]
        assert "There is no calendar for this school year. So " in told
        assert uncounted in told
        assert "Sessions due that did not take place Sessions that were due" not in told
        assert "fewer than two half-terms have enough people" not in told
    assert "sessions held of those due by half-term" not in words[MONITOR, "The school in figures"]


def test_pair_that_is_gone(workspace: Path) -> None:
    """A cycle whose pair is gone names nobody as its coach, and says whose page is poorer."""
    _remove(workspace, "partnerships/*.md")

    words = _words(workspace)

    orphan = words[MONITOR, "A cycle without its pair, Sep 2026"]
    assert "is not among the records" in orphan
    assert "neither of them has this page" in orphan
    assert "names a pair that is not there" in words[MONITOR, "Leading coaching"]
    assert not [title for reader, title in words if reader in {COACH, COACHEE} and "cycle" in title]


def test_role_without_holders(workspace: Path) -> None:
    """A role that nobody holds is named to who leads coaching; no page is sealed to it."""
    for path in (workspace / HERE / "roles").glob("*.md"):
        if "role: head\n" in path.read_text(encoding="utf-8"):
            path.unlink()

    words = _words(workspace)

    told = words[MONITOR, "Leading coaching"].split("Nobody holds the roles of ")[1]
    assert "head" in told.split(".")[0]
    assert not [title for reader, title in words if reader == "head@otterbeck"]


def test_school_without_people(workspace: Path) -> None:
    """A school where nobody works is told so on the pages of whoever leads its coaching."""
    for path in (workspace / "records/people").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("schools: [otterbeck]", "schools: [brookfield]"))

    words = _words(workspace)

    assert "Nobody is written down as working here." in words[MONITOR, "Leading coaching"]
    assert "Nobody is written down as working here." in words[MONITOR, "Who has been coached"]


def test_figures_of_a_school_without_people(workspace: Path) -> None:
    """Whoever reads its figures, or gives them out, is told that no staff stand behind them."""
    for path in (workspace / "records/people").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("schools: [otterbeck]", "schools: [brookfield]"))

    words = _words(workspace)

    for reader, title in (
        (MONITOR, "The school in figures"),
        (MONITOR, "Priorities and subjects"),
        (MONITOR, "Governors' page"),
        ("head@otterbeck", "The head's overview"),
        ("head@otterbeck", "This term"),
    ):
        assert "Nobody is written down as working here." in words[reader, title], title


def test_no_reader_of_a_page_is_told_to_type_a_command(workspace: Path) -> None:
    """Whatever is missing, a page says who can add it; commands are for those who hold the files.

    Only the page of checks, which is theirs alone, names commands.
    """
    for pattern in ("calendar-*.md", "partnerships/*.md", "priorities/*.md", "*/*/*.md"):
        _remove(workspace, pattern)

    told = {
        title
        for (_, title), text in _words(workspace).items()
        if re.search(r"\bcoachbook [a-z]", text)
    }

    assert told <= {"Checks"}


def test_no_template_of_a_page_names_a_command() -> None:
    """The same for what only a rarer hole would show."""
    folder = ROOT / "site_templates/pages"

    naming = {
        template.name
        for template in folder.iterdir()
        if re.search(r"\bcoachbook (new|edit|leaver|check|keys) ?", template.read_text("utf-8"))
    }

    assert naming == set()

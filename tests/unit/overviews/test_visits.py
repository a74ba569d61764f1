"""Tests of the pages that list a school's visits: by year, by half-term, few and many."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from coachbook.book import load_book
from coachbook.calendar import school_year
from coachbook.overviews.visits import visits_pages
from coachbook.pages import open_templates, render_page
from coachbook.views import open_view
from tests.workspaces.otterbeck_small import COACH, COACHEE

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.overviews import Page

TODAY = date(2027, 3, 12)
VISIT = """\
---
type: observation
id: {id}
school: otterbeck
observed: {observed}
observers: [{observer}]
kind: peer-visit
date: {day}
status: held
minutes: 20
---
"""


def _write(root: Path, *days: str) -> None:
    for number, day in enumerate(days):
        year = school_year(date.fromisoformat(day))
        path = root / f"records/otterbeck/{year}/visits/{day}-o-visit{number:03}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = VISIT.format(id=f"o-visit{number:03}", observed=COACHEE, observer=COACH, day=day)
        path.write_text(text, encoding="utf-8")


def _pages(root: Path, today: date = TODAY) -> list[Page]:
    return list(visits_pages(open_view(load_book(root, today=today)), "otterbeck"))


def _html(page: Page) -> str:
    return render_page(open_templates(), "pages/visits.html", page.model, page.audience)


def test_visits_stand_under_their_half_terms(workspace: Path) -> None:
    """A year's visits stand under the half-term of their day, the latest first."""
    _write(workspace, "2026-09-17", "2026-11-10", "2026-11-24")

    [page] = _pages(workspace)

    names = [(part["name"].value, part["count"].value) for part in page.model["parts"]]  # type: ignore[attr-defined]
    assert names == [("Autumn 2", "2 visits held"), ("Autumn 1", "1 visit held")]


def test_visits_that_are_all_still_to_come_are_counted_as_what_they_are(workspace: Path) -> None:
    """Nobody is told of a nought where nothing could have been held yet."""
    _write(workspace, "2026-11-10")
    path = next(workspace.glob("records/otterbeck/*/visits/2026-11-10-*.md"))
    path.write_text(path.read_text().replace("status: held", "status: planned"), encoding="utf-8")

    [page] = _pages(workspace)

    assert page.model["count"].value == "1 visit planned"  # type: ignore[attr-defined]


def test_visits_not_held_are_counted_apart(workspace: Path) -> None:
    """A cancelled visit stands on the list and is not counted among those held."""
    _write(workspace, "2026-11-10", "2026-11-24")
    path = next(workspace.glob("records/otterbeck/*/visits/2026-11-24-*.md"))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("status: held", "status: cancelled"), encoding="utf-8")

    html = _html(_pages(workspace)[0])

    assert "School year 2026-27: 1 visit held, 1 cancelled." in html


def test_a_visit_says_whom_it_was_to_and_that_it_is_not_talked_through(workspace: Path) -> None:
    """A visit to a colleague names the colleague, and says that feedback is still to be given."""
    _write(workspace, "2026-11-10")

    html = _html(_pages(workspace)[0])

    assert "to Nerys Sallowfield, by Idris Marlowe-Beck; 20 minutes; not talked through" in html


def test_an_earlier_year_has_a_page_of_its_own(workspace: Path) -> None:
    """Visits of another school year stand on a page of that year, to which this year's leads."""
    _write(workspace, "2026-11-10", "2027-09-20")

    now, earlier = _pages(workspace, date(2027, 10, 1))

    assert (now.path, earlier.path) == ("visits/otterbeck", "visits/otterbeck/2026-27")
    assert 'href="#/visits/otterbeck/2026-27"' in _html(now)
    assert 'href="#/visits/otterbeck"' in _html(earlier)


def test_many_visits_are_folded(workspace: Path) -> None:
    """Few visits stand open; of many only the latest half-term does, the others fold away."""
    _write(workspace, "2026-09-17", "2026-11-10")
    few = _html(_pages(workspace)[0])
    _write(workspace, *["2026-09-17"] * 30, *["2026-11-10"] * 30)
    many = _html(_pages(workspace)[0])

    assert few.count("<details") == few.count(" open>") == 2
    assert (many.count("<details"), many.count(" open>")) == (2, 1)


def test_no_calendar_names_no_half_term(workspace: Path) -> None:
    """Without a calendar no half-term is guessed: visits stand under months, as the page says."""
    _write(workspace, "2026-11-10")
    next((workspace / "records/otterbeck").glob("calendar-*.md")).unlink()

    html = _html(_pages(workspace)[0])

    assert "<h2>November 2026</h2>" in html
    assert "There is no calendar for 2026-27." in html


def test_no_visit_yet(workspace: Path) -> None:
    """Before the first visit the page says how one is written down."""
    html = _html(_pages(workspace)[0])

    assert "No visit has been written down this school year." in html
    assert 'href="#/write"' in html

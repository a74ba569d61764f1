"""Figures from sealed text stand with whoever opens what they are counted from."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from coachbook.book import load_book
from coachbook.overviews import counted
from coachbook.overviews.counted import counted_pages
from coachbook.pages import open_templates, render_page
from coachbook.views import open_view

if TYPE_CHECKING:
    from coachbook.overviews import Page
    from coachbook.views import View

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def view() -> View:
    """The example trust on its own day."""
    return open_view(load_book(ROOT, today=date(2027, 3, 12)))


def page_of(view: View, school: str, role: str) -> Page | None:
    """The page of a role at a school; None where it opens nothing that is counted."""
    path = f"counted/{school}/{role}"
    return next((one for one in counted_pages(view, school) if one.path == path), None)


def html(page: Page) -> str:
    """The page as its readers get it."""
    return render_page(open_templates(), f"pages/{page.template}", page.model, page.audience)


def test_every_part_was_sealed_to_the_role_of_the_page(view: View) -> None:
    """Nothing stands on a page to be counted that its one role cannot open."""
    for school in view.book.schools:
        for page in counted_pages(view, school):
            (role,) = page.audience.principals or ()
            assert role.endswith(f"@{school}")
            assert all(role in block.reader_ids for block in page.blocks.values())


def test_a_head_who_is_kept_out_has_no_such_page(view: View) -> None:
    """At Otterbeck the monitor counts outcomes and steps, and the head has nothing to count."""
    assert page_of(view, "otterbeck", "monitor") is not None
    assert page_of(view, "otterbeck", "head") is None


def test_a_number_stands_only_for_enough_people(view: View) -> None:
    """Each figure carries the fewest people, and for every part whom it is about."""
    page = page_of(view, "bramblewick", "head")
    assert page is not None
    figures: Any = page.model["figures"]

    assert html(page).count('data-least="5"') == len(figures)
    for one in figures:
        assert len(one["who"].value.split()) == len(one["blocks"].value.split())
        assert "-" not in one["who"].value.split()


def test_every_part_says_its_day(view: View) -> None:
    """Whether a step was done in time can be told only from the day of its note."""
    page = page_of(view, "otterbeck", "monitor")
    assert page is not None

    assert set(page.origins) == set(page.blocks)
    assert all(origin.date.value for origin in page.origins.values())


def test_surveys_are_counted_by_whoever_reads_their_results(view: View) -> None:
    """At Fennimoor the lead for professional development and the head read what was answered."""
    page = page_of(view, "fennimoor", "cpd-lead")
    assert page is not None

    assert 'data-reduce="results"' in html(page)
    assert len(page.blocks) == 2


def test_a_page_holds_the_latest_parts(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is more than opens quickly, the page says how much it is without."""
    monkeypatch.setattr(counted, "_MOST", 3)
    page = page_of(view, "otterbeck", "monitor")
    assert page is not None
    figures: Any = page.model["figures"]
    steps = next(one for one in figures if one["reducer"].value == "on-time")

    assert len(steps["blocks"].value.split()) == 3
    assert f"{steps['older'].value} older sections are left out" in html(page)

"""The handbook's page of figures says of each what it is, and from what it is counted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import coachbook
from coachbook.audience import PUBLIC
from coachbook.figures import DEFINITIONS, GROUPINGS
from coachbook.handbook import handbook_of, handbook_pages
from coachbook.pages import open_templates, render_page

if TYPE_CHECKING:
    from coachbook.book import Book

REDUCERS = Path(coachbook.__file__).parents[1] / "browser" / "src" / "reduce.ts"


@pytest.fixture
def page(book: Book) -> str:
    """The page of figures as Markdown."""
    pages = handbook_pages(handbook_of(book))
    found = next(one for one in pages if one.path == "trust/figures.md")
    return render_page(open_templates(), found.template, found.model, PUBLIC)


def test_every_figure_has_a_place_of_its_own(page: str) -> None:
    """Each figure can be linked to, and says who counts, who is left out, and from what."""
    sections = page.split("\n## ")[1:]

    for one, section in zip(DEFINITIONS, sections, strict=False):
        assert f"#{one.key} " in section
        assert "Who and what counts\n:   " in section
        assert "Left out\n:   " in section
        assert f"`from: {one.source}`" in section


def test_a_figure_in_weeks_or_days_says_that_it_needs_a_calendar(page: str) -> None:
    """Whoever finds it missing can tell why; no other figure says so."""
    sections = page.split("\n## ")[1:]

    told = [
        one.key
        for one, section in zip(DEFINITIONS, sections, strict=False)
        if "Not counted\n:   Where the school has no calendar" in section
    ]

    assert told == [one.key for one in DEFINITIONS if one.by_calendar]
    assert "missed" in told


def test_a_figure_about_a_rule_names_the_schools_that_have_it(page: str) -> None:
    """Where only some policies have a rule, the page says at which schools it is counted."""
    (repeats,) = re.findall(r"\{ #repeats \}.*?(?=\n## )", page, re.DOTALL)

    assert "No school has this rule today" in repeats


def test_the_page_says_how_few_is_too_few(page: str) -> None:
    """The fewest people stand there as each policy sets them."""
    assert re.search(r'policy\.html">.*?</a></th><td data-label="Fewest people">5</td>', page)


def test_what_is_sealed_is_counted_by_a_reducer_of_the_portal() -> None:
    """Each figure from sealed text names a reducer that the portal's script has."""
    script = REDUCERS.read_text(encoding="utf-8")
    known = set(re.findall(r'^  \| "([a-z-]+)"', script, re.MULTILINE))
    sealed = {one.reducer for one in DEFINITIONS if one.is_sealed}

    assert sealed
    assert sealed <= known


def test_definitions_are_whole() -> None:
    """No two figures share a name, and each is shown only by groupings that exist."""
    keys = [one.key for one in DEFINITIONS]

    assert len(set(keys)) == len(keys)
    assert {by for one in DEFINITIONS for by in one.by} <= set(GROUPINGS)

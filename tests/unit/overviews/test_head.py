"""Tests of the head's pages, where the head collates and where the head is kept out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from coachbook.audience import Labelled
from coachbook.book import load_book
from coachbook.overviews.head import head_pages
from coachbook.pages import open_templates, render_page
from coachbook.views import View, open_view

if TYPE_CHECKING:
    from coachbook.overviews import Page

ROOT = Path(__file__).parents[3]
SCHOOLS = ("bramblewick", "fennimoor", "otterbeck", "saltmere")


@pytest.fixture(scope="module")
def view() -> View:
    """The example trust on its own day."""
    return open_view(load_book(ROOT, today=date(2027, 3, 12)))


def leaves(value: object) -> list[Labelled[Any]]:
    """Every labelled leaf of a model; anything unlabelled would fail."""
    if isinstance(value, Labelled):
        return [value]
    assert isinstance(value, dict | list), f"an unlabelled {type(value).__name__}"
    parts = value.values() if isinstance(value, dict) else value
    return [leaf for part in parts for leaf in leaves(part)]


def model(page: Page) -> Any:  # noqa: ANN401 (whatever the page holds)
    """The model of a page, to look into."""
    return page.model


def html(page: Page) -> str:
    """The page as its readers get it."""
    return render_page(open_templates(), f"pages/{page.template}", page.model, page.audience)


@pytest.mark.parametrize("school", SCHOOLS)
def test_the_pages_are_for_the_head_alone(view: View, school: str) -> None:
    """The year and this term are sealed to the head of that school, and every value may be."""
    for page in head_pages(view, school):
        assert page.audience.principals == {f"head@{school}"}
        assert all(leaf.audience.admits(page.audience) for leaf in leaves(page.model))


@pytest.mark.parametrize("school", SCHOOLS)
def test_every_sealed_part_was_sealed_to_the_head(view: View, school: str) -> None:
    """Nothing stands on the page for the head to open that the head's key does not open."""
    for page in head_pages(view, school):
        assert all(f"head@{school}" in one.reader_ids for one in page.blocks.values())


def test_a_head_who_is_kept_out_has_statements_and_figures(view: View) -> None:
    """Where the head is kept out, nothing is counted from notes; there are the statements."""
    year, _ = head_pages(view, "otterbeck")
    names = [one["name"].value for one in model(year)["statements"]]

    assert names == ["Statement 1", "Statement 2", "Statement 3"]
    assert [model(year)[one] for one in ("ratings", "outcomes", "steps")] == [[], [], []]
    assert model(year)["figures"]


def test_a_statement_tells_neither_pair_nor_day(view: View) -> None:
    """What the head reads about a cycle at Otterbeck stands beside no name of a pair."""
    year, _ = head_pages(view, "otterbeck")
    text = html(year)

    assert "The coachee, the coach, the impact monitor" in text
    assert not [
        one.name
        for one in view.book.people.values()
        if "otterbeck" in one.schools and one.category == "teacher" and one.name in text
    ]


def test_a_head_who_collates_has_the_overview_of_teaching(view: View) -> None:
    """Where the head collates, the overview and the review stand beside what is counted."""
    year, _ = head_pages(view, "bramblewick")
    titles = [one["title"].value for one in model(year)["overviews"]]

    assert titles == ["Overview of teaching across the school", "Review of the programme"]
    assert model(year)["steps"]
    assert "A supplement to the self-evaluation and the development plan" in html(year)


def test_a_grade_is_never_counted(view: View) -> None:
    """The sheets that the head alone adds are no source of any figure."""
    year, _ = head_pages(view, "bramblewick")
    graded = {one.id for one in view.of_type("observation") if one.form.grades == "head"}

    assert graded
    assert not graded & {one.place.record for one in year.blocks.values()}


def test_ratings_of_too_few_are_only_named(view: View) -> None:
    """Two people observed on a form are too few to count what they were rated."""
    year, _ = head_pages(view, "saltmere")
    (ratings,) = model(year)["ratings"]

    assert ratings["few"].value is True
    assert "blocks" not in ratings


def test_what_the_policy_keeps_from_the_head_is_said(view: View) -> None:
    """The page says in plain words which parts of the records no key of the head opens."""
    year, _ = head_pages(view, "otterbeck")
    named = {one.value for one in model(year)["kept_out"]}

    assert {"what is written about sessions", "what is written on observations"} <= named
    assert not {one for one in named if "impact" in one or "header" in one}


def test_this_term_shows_rows_of_the_year(view: View) -> None:
    """The page of the term has the year's own tables by term, and no second period."""
    _, term = head_pages(view, "bramblewick")
    tables: Any = [one.value for one in model(term)["figures"]]

    assert model(term)["term"].value == "Spring term"
    assert {table.by for table in tables} == {"term"}
    assert {table.period for table in tables} == {"2 Sep 2026 to 12 Mar 2027"}
    assert "Spring term in figures" in html(term)


def test_a_term_that_may_not_be_told_is_not_called_empty(view: View) -> None:
    """Where every figure of a term is hidden the page says so, not that nothing took place."""
    page = html(head_pages(view, "otterbeck")[1])

    assert "Nothing has taken place" not in page
    assert "Not shown, as too few people stand behind them" in page


def test_without_a_calendar_the_page_says_what_is_missing(view: View) -> None:
    """A school without a calendar has no term; the page says so and guesses none."""
    without = replace(view, book=replace(view.book, calendars={}))
    _, term = head_pages(without, "bramblewick")

    assert "There is no calendar for this school year." in html(term)
    assert not model(term)["figures"]


def test_in_the_holidays_the_page_leads_to_the_year() -> None:
    """On a day without a term the page says so and leads on."""
    view = open_view(load_book(ROOT, today=date(2027, 4, 2)))
    _, term = head_pages(view, "bramblewick")

    assert "There is no school on 2 Apr 2027" in html(term)


def test_a_school_without_a_policy_has_no_page(view: View) -> None:
    """Nobody is shown anything before a policy says who may see it."""
    assert head_pages(replace(view, book=replace(view.book, policies={})), "otterbeck") == ()

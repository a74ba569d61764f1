"""Tests of the governors' page: who may give it out, and what may stand on it."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from coachbook.book import load_book
from coachbook.overviews.governors import governors_pages
from coachbook.pages import open_templates, render_page
from coachbook.views import View, open_view
from tests.unit.overviews.test_head import ROOT, html, leaves, model
from tests.workspaces.otterbeck_small import POLICY
from tests.workspaces.otterbeck_small import ROOT as SMALL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PUBLISHERS: Mapping[str, frozenset[str]] = {
    "bramblewick": frozenset({"head@bramblewick"}),
    "fennimoor": frozenset({"head@fennimoor", "cpd-lead@fennimoor"}),
    "otterbeck": frozenset({"head@otterbeck", "monitor@otterbeck"}),
    "saltmere": frozenset({"head@saltmere", "slt@saltmere"}),
}


@pytest.fixture(scope="module")
def view() -> View:
    """The example trust on its own day."""
    return open_view(load_book(ROOT, today=date(2027, 3, 12)))


def small(tmp_path: Path, *cells: tuple[str, str]) -> View:
    """The small school with lines of its policy put otherwise."""
    root = tmp_path / "workspace"
    shutil.copytree(SMALL, root)
    policy = root / POLICY
    text = policy.read_text(encoding="utf-8")
    for old, new in cells:
        assert old in text
        text = text.replace(old, new)
    policy.write_text(text, encoding="utf-8")
    return open_view(load_book(root, today=date(2026, 11, 20)))


@pytest.mark.parametrize("school", PUBLISHERS)
def test_the_page_is_for_those_who_may_give_it_out(view: View, school: str) -> None:
    """The head, and whoever writes the overview of the school, can make the governors' page."""
    (page,) = governors_pages(view, school)

    assert page.audience.principals == PUBLISHERS[school]
    assert all(leaf.audience.admits(page.audience) for leaf in leaves(page.model))


@pytest.mark.parametrize("school", PUBLISHERS)
def test_nobody_is_named_on_what_is_given_out(view: View, school: str) -> None:
    """The sheet names no person; the list of earlier pages, which stays, says who made them."""
    (page,) = governors_pages(view, school)
    sheet = html(page).partition('data-gives="governors-page"')[2].partition("Given out before")[0]

    assert not [one.name for one in view.book.people.values() if one.name in sheet]
    assert "A figure stands on at least 5 different people" in sheet


def test_governors_get_no_figure_that_the_policy_keeps_from_them(tmp_path: Path) -> None:
    """A row that grants governors nothing takes every figure made from it off the page."""
    header = "| Session header | read | write | read | read | figures | figures |"
    with_all = small(tmp_path / "all")
    without = small(tmp_path / "less", (header, header.replace("figures | figures", "figures | –")))
    (more,) = governors_pages(with_all, "otterbeck")
    (less,) = governors_pages(without, "otterbeck")

    assert "completion" in _keys(more.model)
    assert "completion" not in _keys(less.model)
    assert "cycles" in _keys(less.model)


def test_no_page_where_governors_are_granted_nothing(tmp_path: Path) -> None:
    """Where the policy gives governors no figure, there is no page to give out."""
    view = small(
        tmp_path,
        ("| Pairs and cycles | read | write | read | write | figures | figures |",
         "| Pairs and cycles | read | write | read | write | figures | – |"),
        ("| Session header | read | write | read | read | figures | figures |",
         "| Session header | read | write | read | read | figures | – |"),
        ("| Plans and priorities | read | read | write | write | write | read |",
         "| Plans and priorities | read | read | write | write | write | – |"),
    )  # fmt: skip

    assert governors_pages(view, "otterbeck") == ()


def test_statements_stand_there_where_governors_may_read_them(view: View) -> None:
    """Impact statements can go on the page at Otterbeck, where governors read them anyway."""
    (otterbeck,) = governors_pages(view, "otterbeck")
    (bramblewick,) = governors_pages(view, "bramblewick")

    assert len(model(otterbeck)["statements"]) == 3
    assert model(bramblewick)["statements"] == []
    assert all(PUBLISHERS["otterbeck"] <= {*one.reader_ids} for one in otterbeck.blocks.values())


def test_what_was_given_out_before_is_listed(view: View) -> None:
    """The record of an earlier page says when, by whom and for what days it was made."""
    (page,) = governors_pages(view, "otterbeck")
    (row,) = model(page)["given_out"]

    assert row["day"].value == "18 Dec 2026"
    assert row["by"].value == "Petra Quillfeather"
    assert row["period"].value == "2 Sep 2026 to 18 Dec 2026"


def test_the_page_renders_for_a_school_that_has_only_begun(tmp_path: Path) -> None:
    """A school with hardly a session says what is not shown, and why."""
    (page,) = governors_pages(small(tmp_path), "otterbeck")
    text = render_page(open_templates(), f"pages/{page.template}", page.model, page.audience)

    assert "too few people stand behind them" in text
    assert text.count("Not shown group by group, as too few people stand behind each:") == 1


def _keys(model: Mapping[str, Any]) -> set[str]:
    return {one.value.key for one in model["figures"]}

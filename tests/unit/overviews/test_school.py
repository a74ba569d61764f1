"""Tests of the page of a school in figures."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from coachbook.book import load_book
from coachbook.overviews.school import school_page
from coachbook.views import open_view
from tests.unit.overviews.test_head import ROOT

if TYPE_CHECKING:
    from coachbook.audience import Labelled
    from coachbook.figures import Table


def test_a_chart_of_what_names_nothing_is_left_out() -> None:
    """Where no goal names a characteristic there is no chart of them, nor word of too few."""
    view = open_view(load_book(ROOT, today=date(2027, 3, 12)))

    model = school_page(view, "otterbeck").model

    bars = cast("list[Labelled[Table]]", model["bars"])
    silent = cast("Labelled[str]", model["silent"]).value
    assert ("goals", "characteristic") not in {(one.value.key, one.value.by) for one in bars}
    assert "what goals serve by priority" in silent
    assert "characteristic" not in silent

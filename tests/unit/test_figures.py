"""Tests of the process figures."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from coachbook.book import load_book
from coachbook.figures import DEFINITIONS, Count, Period, _show, figure_audience, process_figures
from coachbook.views import open_view

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.book import Book

TERM = Period(date(2026, 9, 2), date(2026, 11, 16))


def test_figure_states_share_and_people() -> None:
    """A figure says its share, the count behind it and how many people it stands on."""
    figure = _show(DEFINITIONS[0], Count(part=36, whole=45, people=8), TERM, least=5)

    assert (figure.value, figure.share) == ("80%", 80)
    assert figure.detail == "36 of 45 sessions, 8 people coached"
    assert figure.period == "2 Sep 2026 to 16 Nov 2026"


def test_few_people_are_not_shown() -> None:
    """A figure that stands on too few people shows neither its share nor any count."""
    figure = _show(DEFINITIONS[0], Count(part=36, whole=45, people=4), TERM, least=5)

    assert (figure.value, figure.share, figure.suppressed) == ("[c]", None, True)
    assert "36" not in figure.detail
    assert "45" not in figure.detail
    assert "4 " not in figure.detail


def test_people_count_not_sessions() -> None:
    """Thirty sessions of one person are still one person."""
    figure = _show(DEFINITIONS[0], Count(part=30, whole=30, people=1), TERM, least=5)

    assert figure.suppressed


def test_small_workspace_is_suppressed(book: Book) -> None:
    """A school with one pair shows no figure at all."""
    figures = process_figures(open_view(book), "otterbeck")

    assert len(figures) == 3
    assert all(figure.value.suppressed for figure in figures)


def test_figures_reach_the_head_whom_sessions_do_not(book: Book) -> None:
    """Where the table says `figures`, a role sees the figure and not what it was counted from."""
    audience = figure_audience(book, "otterbeck", ("session header", "pairs and cycles"))

    assert audience.principals is not None
    assert "head@otterbeck" in audience.principals


def test_school_without_policy_shows_no_figure(book: Book) -> None:
    """Without a policy in force nobody may see a figure."""
    assert figure_audience(book, "elsewhere", ("session header",)).principals == frozenset()


def test_absence_is_left_out() -> None:
    """The definition of completion says that absence counts against nobody."""
    assert "absent" in DEFINITIONS[0].meaning


def test_cycles_that_ended_early_are_left_out(workspace: Path) -> None:
    """A cycle that was stopped does not show as one without an impact statement."""
    path = workspace / "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"
    text = path.read_text().replace("status: open", "status: ended")
    path.write_text(text.replace("\n---\n", "\nclosed_on: 2026-11-13\n---\n", 1))
    view = open_view(load_book(workspace, today=date(2026, 11, 16)))

    count = DEFINITIONS[2].count(view, "otterbeck", TERM)

    assert count == Count(part=0, whole=0, people=0)

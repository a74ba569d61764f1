"""Tests of the page of a cycle: its course, and what it still needs to close."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from coachbook.audience import Labelled
from coachbook.book import load_book
from coachbook.overviews.closing import State, closing_steps
from coachbook.overviews.cycle import cycle_page
from coachbook.pages import open_templates, render_page
from coachbook.views import View, open_view
from tests.workspaces.otterbeck_small import COACH, COACHEE, ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.overviews import Page

TODAY = date(2026, 11, 20)
CYCLE = "c-0a1b2c3d"
FOLDER = f"records/otterbeck/2026-27/{CYCLE}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the small school that a test may change."""
    shutil.copytree(ROOT, tmp_path / "workspace")
    return tmp_path / "workspace"


def _view(root: Path) -> View:
    return open_view(load_book(root, today=TODAY))


def _page(root: Path) -> Page:
    view = _view(root)
    return cycle_page(view, view.cycles[CYCLE])


def _html(page: Page) -> str:
    return render_page(open_templates(), f"pages/{page.template}", page.model, page.audience)


def _plain(model: object) -> Any:  # noqa: ANN401 (whatever the model holds)
    if isinstance(model, Labelled):
        return model.value
    if isinstance(model, dict):
        return {key: _plain(value) for key, value in model.items()}
    return [_plain(value) for value in model] if isinstance(model, list) else model


def _change(root: Path, old: str, new: str) -> None:
    place = root / FOLDER / "cycle.md"
    text = place.read_text(encoding="utf-8")
    assert old in text
    place.write_text(text.replace(old, new), encoding="utf-8")


def _session(root: Path, name: str, fields: str) -> None:
    text = f"---\ntype: session\nid: {name}\nschool: otterbeck\ncycle: {CYCLE}\n{fields}---\n"
    (root / FOLDER / f"2026-11-18-{name}.md").write_text(text, encoding="utf-8")


def test_the_course_goes_from_the_start_to_the_planned_end(root: Path) -> None:
    """A cycle is drawn as one bar, with each session as a point on its day."""
    course: Any = _plain(_page(root).model["course"])

    whole, session = course["items"]
    assert (whole["label"], session["label"]) == ("The cycle", "Session")
    assert (session["when"], session["state"]) == ("Thu 12 Nov", "done")
    assert whole["end"] > whole["start"]


def test_the_course_names_its_half_terms(root: Path) -> None:
    """Half-terms stand above the course by name, the first where the course begins inside it."""
    course: Any = _plain(_page(root).model["course"])
    marks = course["marks"]

    assert [mark["text"] for mark in marks] == ["Autumn 1", "Autumn 2"]
    assert marks[0]["at"] == course["items"][0]["start"]


def test_the_course_of_a_closed_cycle_ends_with_it(root: Path) -> None:
    """Half-terms that begin after a cycle was closed stand on no line of it."""
    _change(root, "status: open\n", "status: closed\nclosed_on: 2026-10-22\n")
    for session in (root / FOLDER).glob("*-s-*.md"):
        session.unlink()

    marks: Any = _plain(_page(root).model["course"])["marks"]

    assert [mark["text"] for mark in marks] == ["Autumn 1"]


def test_without_a_calendar_the_course_has_no_half_terms(root: Path) -> None:
    """A missing calendar leaves out the half-terms and nothing else."""
    (root / "records/otterbeck/calendar-2026-27.md").unlink()

    course: Any = _plain(_page(root).model["course"])

    assert course["marks"] == []
    assert len(course["items"]) == 2


def test_closing_is_offered_to_the_pair_and_to_the_role_that_has_to_write(root: Path) -> None:
    """Coach, coachee and the monitor have a step to take; nobody else is led to one."""
    closed_by: Any = _plain(_page(root).model["closed_by"])

    assert set(closed_by.split()) == {COACH, COACHEE, "monitor@otterbeck"}


def test_the_parts_of_a_model_are_shown_session_by_session(root: Path) -> None:
    """Where the model has a form of its own, one sees which of its parts each session covered."""
    _change(root, "model: impact-cycle", "model: grow")
    _session(root, "s-2b4d6f8h", "form: grow@1\ndate: 2026-11-18\nstatus: held\nkind: coaching\n")

    page = _page(root)

    parts: Any = _plain(page.model["parts"])
    assert parts["columns"] == ["Wed 18 Nov"]
    assert [row["label"] for row in parts["rows"]] == ["Goal", "Reality", "Options", "Will"]
    assert "What each session covered" in _html(page)
    assert "</span>not written</li>" in _html(page)


def test_a_missed_session_stands_where_it_would_have_been(root: Path) -> None:
    """A session that names no phase has that of the session before it."""
    _session(root, "s-1a3c5e7g", "date: 2026-11-17\nstatus: held\nphase: learn\n")
    _session(root, "s-2b4d6f8h", "date: 2026-11-18\nstatus: missed\nkind: coaching\n")
    _session(root, "s-3c5e7g9j", "date: 2026-11-19\nstatus: held\nphase: improve\n")

    timeline: Any = _plain(_page(root).model["timeline"])

    days = {part["phase"]: [row["day"] for row in part["sessions"]] for part in timeline}
    assert days == {
        "": ["Thu 12 Nov"],
        "Learn": ["Tue 17 Nov", "Wed 18 Nov"],
        "Improve": ["Thu 19 Nov"],
    }


def test_a_session_nobody_wrote_up_keeps_a_cycle_from_closing(root: Path) -> None:
    """A planned session whose day has passed is named among what the close still needs."""
    _session(root, "s-2b4d6f8h", "date: 2026-11-18\nstatus: planned\nkind: coaching\n")

    missing: Any = _plain(_page(root).model["missing"])

    assert missing[0] == "the session planned for Wed 18 Nov to be written up, or marked as missed"


def test_a_need_and_a_next_cycle_are_offered_and_not_asked_for(root: Path) -> None:
    """Neither a development need nor another cycle stands between a cycle and its close."""
    view = _view(root)

    steps = {step.kind: step.state for step in closing_steps(view, view.cycles[CYCLE])}

    assert steps == {
        "goal": State.OPEN,
        "outcome": State.OPEN,
        "statement": State.OPEN,
        "need": State.OPTIONAL,
        "next": State.OPTIONAL,
    }


def test_a_finished_cycle_needs_nothing(root: Path) -> None:
    """Once a cycle has ended, nothing is asked for any more."""
    _change(root, "status: open", "status: ended")

    assert "Before this cycle can close" not in _html(_page(root))


def test_a_cycle_whose_pair_is_gone_says_so(root: Path) -> None:
    """A cycle without its partnership names what is missing and for whom; nobody is guessed."""
    (root / "records/otterbeck/partnerships/pt-6r1e9k3w.md").unlink()

    page = _page(root)

    html = _html(page)
    assert "The pair of this cycle, pt-6r1e9k3w, is not among the records." in html
    assert "A cycle without its pair" in page.title.value
    assert not {one for one in page.audience.principals or () if "@" not in one}


def test_a_cycle_that_is_overdue_is_not_said_to_be_planned_until_then(root: Path) -> None:
    """Only a cycle whose planned end is still to come can be closed earlier than planned."""
    before = _plain(_page(root).model["ends_later"])
    _change(root, "planned_end: 2026-12-18", "planned_end: 2026-10-30")

    assert (before, _plain(_page(root).model["ends_later"])) == (True, False)


def test_a_cycle_of_an_earlier_year_says_where_its_text_is(root: Path) -> None:
    """Of a cycle that came into a new year as its header nobody is asked to begin a session."""
    _change(root, "status: open", "status: closed\nclosed_on: 2026-10-23\ntext_left_in: 2025-26")
    for note in (root / FOLDER).glob("*-s-*.md"):
        note.unlink()

    page = _html(_page(root))

    assert "What was written in it stayed with the school year 2025-26" in page
    assert "No session yet" not in page

"""Tests of the process figures."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from coachbook.book import load_book
from coachbook.figures import (
    Count,
    definition,
    figure_audience,
    people_meant,
    process_figures,
)
from coachbook.views import open_view
from tests.unit.conftest import TODAY
from tests.unit.figures.school import counted, settle, write
from tests.workspaces.otterbeck_small import POLICY, SESSION

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.book import Book


def test_small_workspace_is_suppressed(book: Book) -> None:
    """A school with one pair shows no figure at all, and says where nothing was there to count."""
    figures = process_figures(open_view(book), "otterbeck")

    assert {one.value.key: one.value.value for one in figures} == {
        "completion": "[c]",
        "length": "[c]",
        "finished": "–",
    }


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
    assert "Absence" in definition("completion").leaves_out


def test_cycles_that_ended_early_are_left_out(workspace: Path) -> None:
    """A cycle that was stopped does not show as one without an impact statement."""
    path = workspace / "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"
    text = path.read_text().replace("status: open", "status: ended")
    path.write_text(text.replace("\n---\n", "\nclosed_on: 2026-11-13\n---\n", 1))
    view = open_view(load_book(workspace, today=date(2026, 11, 16)))

    assert counted(view, "finished") == Count(part=0, whole=0, people=0)


def test_a_figure_about_a_rule_that_the_policy_lacks_is_left_out(workspace: Path) -> None:
    """Where cycles close with a review, none is counted as lacking a statement."""
    settle(workspace, "cycle.close_requires: review")
    figures = process_figures(open_view(load_book(workspace, today=TODAY)), "otterbeck")

    assert [figure.value.key for figure in figures] == ["completion", "length"]


def test_whoever_is_meant_to_be_reached_is_counted(workspace: Path) -> None:
    """Coverage is how many of those whom the policy names had a session."""
    settle(workspace, "coverage.of: [teacher]")
    view = open_view(load_book(workspace, today=TODAY))

    assert counted(view, "reached") == Count(part=1, whole=3, people=3)
    assert [one.name for one in people_meant(view.book, "otterbeck")] == [
        "Idris Marlowe-Beck",
        "Nerys Sallowfield",
        "Wren Ashgrove",
    ]


def test_everyone_is_everyone_who_works_here(workspace: Path) -> None:
    """Governors, people from outside and leavers are nobody whom a school has to reach."""
    settle(workspace, "coverage.of: [everyone]")
    book = load_book(workspace, today=TODAY)

    assert {one.category for one in people_meant(book, "otterbeck")} == {
        "senior-leader",
        "teacher",
        "other",
    }


def test_members_of_a_group_are_reached_by_its_sessions(workspace: Path) -> None:
    """A session outside any cycle counts, and it is for every member."""
    settle(workspace, "coverage.of: [teacher]")
    write(
        workspace,
        "otterbeck/groups/g-2k7m4q9x.md",
        "type: group\nid: g-2k7m4q9x\nschool: otterbeck\nkind: triplet\n"
        "members: [p-c5t0w6ze, p-e6f1u8gd]\nfrom: 2026-09-07",
    )
    write(
        workspace,
        "otterbeck/2026-27/g-2k7m4q9x/2026-10-08-s-4g7m2r01.md",
        "type: session\nform: group-session@1\nid: s-4g7m2r01\nschool: otterbeck\n"
        "group: g-2k7m4q9x\ndate: 2026-10-08\nstatus: held\nkind: group",
    )
    view = open_view(load_book(workspace, today=TODAY))

    assert counted(view, "reached") == Count(part=3, whole=3, people=3)
    assert counted(view, "kept") == Count(part=2, whole=2, people=3)


def test_each_session_is_held_against_the_limit_of_its_day(workspace: Path) -> None:
    """A limit that was lowered since makes no earlier session too long."""
    place = workspace / POLICY
    text = place.read_text(encoding="utf-8")
    later = text.replace("version: 2026-09", "version: 2026-11")
    later = later.replace("effective_from: 2026-09-01", "effective_from: 2026-11-13")
    later = later.replace("session.minutes.max: 15", "session.minutes.max: 10")
    later = later.replace("session.minutes.target: 15", "session.minutes.target: 10")
    (place.parent / "policy-2026-11.md").write_text(later, encoding="utf-8")
    view = open_view(load_book(workspace, today=TODAY))

    assert counted(view, "length") == Count(part=1, whole=1, people=1)


def test_planned_and_unplanned_sessions_are_told_apart(workspace: Path) -> None:
    """Only sessions that say whether they were in the timetable are counted."""
    settle(workspace, "session.window: timetabled")
    session = workspace / SESSION
    text = session.read_text(encoding="utf-8")
    assert counted(open_view(load_book(workspace, today=TODAY)), "planned") == Count(0, 0, 0)

    session.write_text(text.replace("minutes: 14", "minutes: 14\nscheduled: yes"), "utf-8")
    assert counted(open_view(load_book(workspace, today=TODAY)), "planned") == Count(1, 1, 1)

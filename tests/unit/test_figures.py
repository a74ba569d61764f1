"""Tests of the process figures."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from coachbook.book import load_book
from coachbook.figures import (
    DEFINITIONS,
    Count,
    Period,
    _show,
    figure_audience,
    people_meant,
    process_figures,
)
from coachbook.views import open_view
from tests.rules.samples import decide
from tests.unit.conftest import TODAY
from tests.workspaces.otterbeck_small import POLICY, SESSION

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.book import Book
    from coachbook.views import View

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


def test_a_figure_about_a_rule_that_the_policy_lacks_is_left_out(workspace: Path) -> None:
    """Where cycles close with a review, none is counted as lacking a statement."""
    settle(workspace, "cycle.close_requires: review")
    figures = process_figures(open_view(load_book(workspace, today=TODAY)), "otterbeck")

    assert [figure.value.key for figure in figures] == ["completion", "length"]


def test_whoever_is_meant_to_be_reached_is_counted(workspace: Path) -> None:
    """Coverage is how many of those whom the policy names had a session."""
    settle(workspace, "coverage.of: [teacher]")
    view = open_view(load_book(workspace, today=TODAY))

    assert count(view, "reached") == Count(part=1, whole=3, people=3)
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

    assert count(view, "reached") == Count(part=3, whole=3, people=3)
    assert count(view, "completion") == Count(part=2, whole=2, people=3)


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

    assert count(view, "length") == Count(part=1, whole=1, people=1)


def test_planned_and_unplanned_sessions_are_told_apart(workspace: Path) -> None:
    """Only sessions that say whether they were in the timetable are counted."""
    settle(workspace, "session.window: timetabled")
    session = workspace / SESSION
    text = session.read_text(encoding="utf-8")
    assert count(open_view(load_book(workspace, today=TODAY)), "planned") == Count(0, 0, 0)

    session.write_text(text.replace("minutes: 14", "minutes: 14\nscheduled: yes"), "utf-8")
    assert count(open_view(load_book(workspace, today=TODAY)), "planned") == Count(1, 1, 1)


def count(view: View, key: str) -> Count:
    """A figure of the small workspace as it is counted."""
    definition = next(one for one in DEFINITIONS if one.key == key)
    return definition.count(view, "otterbeck", TERM)


def settle(workspace: Path, *lines: str) -> None:
    """Lets the policy say so, in its header and in a clause."""
    place = workspace / POLICY
    place.write_text(decide(place.read_text(encoding="utf-8"), [*lines]), encoding="utf-8")


def write(workspace: Path, path: str, header: str) -> None:
    """Puts a record into the workspace."""
    place = workspace / "records" / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"---\n{header}\n---\n", encoding="utf-8")

"""Tests of groups and rotation, observations of each person, priorities and subjects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coachbook.overviews.budget import budget_page
from coachbook.overviews.groups import group_pages
from coachbook.overviews.subject import subject_page
from tests.unit.overviews.leading_workspace import (
    CALENDAR,
    COACH,
    COACHEE,
    CYCLE,
    HERE,
    JUNO,
    LEAD,
    MONITOR,
    PETRA,
    POLICY,
    SCHOOL,
    WREN,
    changed,
    plain,
    session,
    shown,
    view_of,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path

GROUPS = "cadence.coaching: ['groups: 1 a half-term']\ngroup.of: [teacher]"
GROUP = {
    f"{HERE}/groups/g-1t2u3v4w.md": f"""\
---
type: group
id: g-1t2u3v4w
school: otterbeck
kind: triplet
members: [{COACHEE}, {JUNO}, {COACH}]
from: 2026-09-07
---
"""
}


def rotation(name: str, start: str, pairs: str) -> dict[str, str]:
    """A rotation by its path."""
    text = f"""\
---
type: rotation
id: {name}
school: otterbeck
title: Round {name[-1]}
from: {start}
to: 2027-07-22
pairs: [{pairs}]
---
"""
    return {f"{HERE}/schedules/{name}.md": text}


def visit(number: int, day: str, more: str = "kind: formal\nstatus: held") -> dict[str, str]:
    """A visit to Nerys by Petra, by its path."""
    name = f"o-3c5e7g{number}j"
    text = f"""\
---
type: observation
id: {name}
school: otterbeck
observed: {COACHEE}
observers: [{PETRA}]
date: {day}
{more}
---
"""
    return {f"{HERE}/2026-27/visits/{day}-{name}.md": text}


def priority(name: str) -> dict[str, str]:
    """A priority of this school year, by its path."""
    text = f"""\
---
type: priority
id: pr-{name}2345
school: otterbeck
name: {name}
title: Talk in maths
year: 2026-27
---
"""
    return {f"{HERE}/priorities/pr-{name}2345.md": text}


def test_a_school_without_groups_has_no_page_of_them(workspace: Path) -> None:
    """Where the policy asks for no groups and there are none, there is no page about them."""
    assert list(group_pages(view_of(workspace), SCHOOL)) == []


def test_a_group_has_a_grid_of_half_terms(workspace: Path) -> None:
    """A group is shown half-term by half-term, with the day it met and when it is due."""
    changed(workspace, POLICY, "cadence.coaching: [1 a week]", GROUPS)
    met = session(4, "2026-10-06", "status: held", of="form: group-session@1\ngroup: g-1t2u3v4w")
    write(workspace, GROUP | met)
    (page,) = group_pages(view_of(workspace), SCHOOL)

    (group,) = plain(page.model["groups"])
    (row,) = group["grids"][0]["rows"]

    assert (row["label"], group["held"]) == ("Sessions", 1)
    assert [cell["text"] for cell in row["cells"]][:3] == ["Tue 6 Oct", "by Fri 18 Dec", ""]
    assert group["wrong_size"] == "It has 3; the policy has groups of 2."
    assert page.audience.principals == {LEAD, MONITOR}
    assert group["title"] in shown(page)


def test_who_is_in_no_group_yet_is_named(workspace: Path) -> None:
    """Those whom the policy has work in groups, and who are in none, are named."""
    changed(workspace, POLICY, "cadence.coaching: [1 a week]", GROUPS)
    write(workspace, GROUP)
    (page,) = group_pages(view_of(workspace), SCHOOL)

    assert plain(page.model["not_yet"]) == ["Wren Ashgrove"]


def test_a_pair_that_was_one_before_is_marked(workspace: Path) -> None:
    """A rotation says which of its pairs were pairs in an earlier round."""
    first = rotation("ro-5rgdpuv1", "2026-09-07", f"{COACH} {WREN}, {JUNO} {PETRA}")
    second = rotation("ro-5rgdpuv2", "2026-11-02", f"{WREN} {COACH}, {PETRA} {COACHEE}")
    write(workspace, first | second)
    (page,) = group_pages(view_of(workspace), SCHOOL)

    rounds = plain(page.model["rounds"])
    rows = {row[0]: row[1:] for row in plain(page.model["partners"])["rows"]}

    assert [(one["pairs"], one["again"]) for one in rounds] == [(2, 0), (2, 1)]
    assert rounds[1]["repeats"] == ["Idris Marlowe-Beck and Wren Ashgrove: Round 1"]
    assert rows["Wren Ashgrove"][1] == {"text": "Idris", "note": "again"}
    assert "not for the first time" in shown(page)


def test_a_pair_of_a_partnership_is_no_new_one(workspace: Path) -> None:
    """Two who coach each other already are no new pair in a rotation either."""
    write(workspace, rotation("ro-5rgdpuv1", "2026-11-02", f"{COACH} {COACHEE}"))
    (page,) = group_pages(view_of(workspace), SCHOOL)

    assert "a pair since 14 Sep 2026" in shown(page)


@pytest.mark.parametrize(
    ("limit", "left"),
    [
        ("observation.limit.count: 3", "room left"),
        ("observation.limit.count: 2", "nothing left"),
        ("observation.limit.count: 1", "over the limit"),
        ("observation.limit.minutes: 60", "over the limit"),
    ],
)
def test_an_observation_counts_towards_the_limit(workspace: Path, limit: str, left: str) -> None:
    """Formal observations and learning walks count, planned ones too; drop-ins do not."""
    changed(workspace, POLICY, "grades.allowed_to", f"{limit}\ngrades.allowed_to")
    write(
        workspace,
        visit(1, "2026-10-06", "kind: formal\nstatus: held\nminutes: 50")
        | visit(2, "2026-12-01", "kind: learning-walk\nstatus: planned\nminutes: 20")
        | visit(3, "2026-10-08", "kind: drop-in\nstatus: held\nminutes: 10"),
    )
    page = budget_page(view_of(workspace), SCHOOL)

    row = next(row for row in plain(page.model["rows"]) if row[0] == "Nerys Sallowfield")

    assert row[6]["text"] == left
    assert (row[3], row[4]) == (1, 1)
    assert row[5]["text"] == "next Tue 1 Dec"
    assert "Agreed" in shown(page)


def test_without_a_limit_the_page_says_how_to_set_one(workspace: Path) -> None:
    """Where nothing was agreed, visits are still counted, and the page says who adds a limit."""
    html = shown(budget_page(view_of(workspace), SCHOOL))

    assert "Whoever keeps the policy can add one" in html
    assert "room left" not in html


def test_a_visit_without_feedback_is_named(workspace: Path) -> None:
    """A visit that nobody has talked through stands on a list; one that was does not."""
    told = "kind: formal\nstatus: held\nfeedback_on: 2026-10-09"
    write(workspace, visit(1, "2026-10-06") | visit(2, "2026-10-07", told))
    page = budget_page(view_of(workspace), SCHOOL)

    (row,) = plain(page.model["untold"])

    assert (row[0]["href"], row[3]) == ("#/visit/o-3c5e7g1j", 45)


def test_work_is_counted_by_priority(workspace: Path) -> None:
    """A priority has the people, cycles and sessions that serve it; the rest has a line too."""
    changed(workspace, f"{CYCLE}/cycle.md", "status: open", "status: open\npriority: [talk]")
    write(workspace, priority("talk") | visit(1, "2026-10-06"))
    page = subject_page(view_of(workspace), SCHOOL)

    assert [row[:5] for row in plain(page.model["priorities"])] == [["Talk in maths", 1, 1, 1, 0]]
    assert page.audience.principals == {LEAD, MONITOR}


def test_work_without_a_priority_is_counted_apart(workspace: Path) -> None:
    """A cycle that names no priority is not lost: it has a line of its own."""
    page = subject_page(view_of(workspace), SCHOOL)

    assert [row[:3] for row in plain(page.model["priorities"])] == [["No priority named", 1, 1]]


def test_work_is_counted_by_subject_and_half_term(workspace: Path) -> None:
    """A subject has its sessions and visits; a half-term that is still to come counts none."""
    changed(workspace, f"{CYCLE}/cycle.md", "status: open", "status: open\nsubject: writing")
    told = "kind: formal\nstatus: held\nsubject: writing\nfeedback_on: 2026-10-09"
    write(workspace, visit(1, "2026-10-06", told))
    page = subject_page(view_of(workspace), SCHOOL)

    (row,) = plain(page.model["subjects"])
    (line,) = plain(page.model["grid"])["rows"]

    assert row == ["Writing", 1, 1, 1, 1, {"text": "3", "note": "1 of 1 visit"}]
    assert line["cells"] == [1, 1, *[{"state": "off"}] * 4]


def test_feedback_of_a_stricter_time_is_left_out(workspace: Path) -> None:
    """A session that the policy then kept from the page does not tell when a visit was told."""
    now = (workspace / POLICY).read_text(encoding="utf-8")
    row = "| Session header | read | write | {} | read |"
    for day, text in {
        "2026-10-07": now.replace(row.format("read"), row.format("–")),
        "2026-10-14": now,
    }.items():
        later = text.replace("version: 2026-09", f"version: {day}")
        later = later.replace("effective_from: 2026-09-01", f"effective_from: {day}")
        write(workspace, {f"{HERE}/policy-{day}.md": later})
    told = visit(1, "2026-10-06", "kind: formal\nstatus: held\nsubject: writing")
    visited = next(iter(told)).removesuffix(".md")[-10:]
    write(workspace, told | session(1, "2026-10-08", f"status: held\nvisit: {visited}"))

    page = subject_page(view_of(workspace), SCHOOL)

    (found,) = plain(page.model["subjects"])
    assert page.audience.principals == {LEAD, MONITOR}
    assert found[5]["note"] == ""


def test_who_has_not_been_coached_yet_is_named(workspace: Path) -> None:
    """Of each staff group the page says how many were reached, and names those who were not."""
    changed(workspace, POLICY, "grades.allowed_to", "coverage.of: [teacher]\ngrades.allowed_to")
    page = subject_page(view_of(workspace), SCHOOL)

    (group,) = plain(page.model["coverage"])

    assert (group["label"], group["value"], group["of"]) == ("Teachers", 1, 3)
    assert group["not_yet"] == ["Idris Marlowe-Beck", "Wren Ashgrove"]
    assert "Wren Ashgrove" in shown(page)


def test_planned_and_unplanned_are_counted(workspace: Path) -> None:
    """Sessions that say whether they were in the timetable are counted on either side."""
    write(workspace, session(1, "2026-11-04", "status: held\nscheduled: false"))
    page = subject_page(view_of(workspace), SCHOOL)

    assert [bar["value"] for bar in plain(page.model["planned"])] == [0, 1]


def test_pages_without_a_calendar_say_so(workspace: Path) -> None:
    """Without a calendar there is no grid of half-terms, and the page says why."""
    (workspace / CALENDAR).unlink()
    view = view_of(workspace)

    assert "There is no calendar" in shown(subject_page(view, SCHOOL))

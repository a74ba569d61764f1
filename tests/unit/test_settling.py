"""Who has settled a coach, a focus and a time, and from which day that is told."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from coachbook.overviews.lead import lead_page
from tests.unit.overviews.leading_workspace import (
    COACH,
    COACHEE,
    HERE,
    JUNO,
    LEAD,
    MONITOR,
    POLICY,
    SCHOOL,
    changed,
    plain,
    shown,
    view_of,
    write,
)
from tests.unit.rules.conftest import School

if TYPE_CHECKING:
    from pathlib import Path

CHOOSING = (
    "partnership.chosen_by: [coachee, team]",
    "partnership.settled_by: autumn-half-term",
    "coverage.of: [teacher]",
)
LAST_DAY, DAY_AFTER = date(2026, 10, 23), date(2026, 10, 24)
IDRIS = (
    "Idris Marlowe-Beck has settled no coach, no focus and no time at Otterbeck Primary; "
    "it was due by 23 Oct 2026"
)
PAIR = f"""
type: partnership
id: pt-8k2d4f6h
school: otterbeck
kind: coaching
coach: {JUNO}
coachee: {COACH}
start: 2026-09-14
status: active
chosen_by: coachee
"""
SCHEDULE = """
type: schedule
id: sc-4h6k8m2p
school: otterbeck
title: Autumn
from: 2026-09-02
to: 2026-12-18
slots: [pt-8k2d4f6h 2026-11-16 to 2026-11-27]
"""


@pytest.fixture
def choosing(workspace: Path) -> School:
    """Otterbeck, where coachees choose by the autumn half-term; Wren has a mentor."""
    school = School(workspace)
    school.settle(*CHOOSING)
    mentored = PAIR.replace("kind: coaching", "kind: ect-mentoring").replace("8k2d4f6h", "3b5n7m9c")
    school.write(
        "otterbeck/partnerships/pt-3b5n7m9c.md",
        mentored.replace(f"coachee: {COACH}", "coachee: p-e6f1u8gd"),
    )
    return school


def test_it_is_told_from_the_day_after(choosing: School) -> None:
    """Until the last day of the half-term there is time; the calendar says which day that is."""
    assert choosing.messages("CB324", LAST_DAY) == []
    assert choosing.messages("CB324", DAY_AFTER) == [IDRIS]


def test_the_day_is_the_policys(choosing: School) -> None:
    """The same school with the end of the term in its policy has until December."""
    choosing.settle("partnership.settled_by: autumn")

    assert choosing.messages("CB324", date(2026, 12, 18)) == []
    assert len(choosing.messages("CB324", date(2026, 12, 19))) == 1


def test_a_school_without_a_record_of_its_own_is_named_by_its_folder(choosing: School) -> None:
    """Somebody may have deleted `school.md` alone; that is said elsewhere, and ends no check."""
    (choosing.root / "records/otterbeck/school.md").unlink()

    (found,) = choosing.messages("CB324", DAY_AFTER)

    assert found == IDRIS.replace("Otterbeck Primary", "otterbeck")


@pytest.mark.parametrize("ways", ["[team]", "[slt, rotation]"])
def test_nobody_is_asked_where_others_choose(choosing: School, ways: str) -> None:
    """A person who is given a coach has nothing to settle."""
    choosing.settle(f"partnership.chosen_by: {ways}")

    assert choosing.messages("CB324", DAY_AFTER) == []


def test_each_of_the_three_is_told_until_it_is_there(choosing: School) -> None:
    """A pair is a coach, a purpose is a focus, and a slot in the schedule is a time."""
    place = "otterbeck/partnerships/pt-8k2d4f6h.md"
    told = []
    for header in (PAIR, f"{PAIR}purpose: teaching\n"):
        choosing.write(place, header)
        told += [one.partition(" at ")[0] for one in choosing.messages("CB324", DAY_AFTER)]
    choosing.write("otterbeck/schedules/sc-4h6k8m2p.md", SCHEDULE)

    assert told == [
        "Idris Marlowe-Beck has settled no focus and no time",
        "Idris Marlowe-Beck has settled no time",
    ]
    assert choosing.messages("CB324", DAY_AFTER) == []


@pytest.mark.parametrize(
    ("more", "lacks"),
    [
        ("end: 2026-10-09\nstatus: ended\n", True),
        ("end: 2026-11-27\nstatus: ended\n", False),
        ("status: proposed\n", True),
        ("status: paused\n", False),
    ],
)
def test_a_pair_counts_that_lasts_until_the_day(choosing: School, more: str, lacks: bool) -> None:  # noqa: FBT001
    """What ended before the day leaves somebody without a coach; what ended later does not."""
    header = PAIR.replace("status: active\n", "")
    choosing.write("otterbeck/partnerships/pt-8k2d4f6h.md", f"{header}{more}purpose: teaching\n")

    (found,) = choosing.messages("CB324", date(2026, 12, 1))

    assert ("no coach" in found) is lacks


def test_members_of_a_group_have_settled_together(choosing: School) -> None:
    """A three coaches itself; a team does not."""
    group = f"""
type: group
id: g-5v7b9n2m
school: otterbeck
kind: co-coaching
members: [{COACH}, {COACHEE}, p-x2a7o5kh]
from: 2026-09-14
"""
    choosing.write("otterbeck/groups/g-5v7b9n2m.md", group)
    assert choosing.messages("CB324", DAY_AFTER) == []

    choosing.write("otterbeck/groups/g-5v7b9n2m.md", group.replace("co-coaching", "team"))
    assert choosing.messages("CB324", DAY_AFTER) == [IDRIS]


def test_those_who_lead_have_one_list_of_them(choosing: School) -> None:
    """It stands on the page for coaching's leaders before the day, too, and for nobody else."""
    page = lead_page(view_of(choosing.root, date(2026, 10, 12)), SCHOOL)
    (listed,) = plain(page.model["choices"])

    assert page.audience.principals == {LEAD, MONITOR}
    assert (listed["by"], listed["is_over"], listed["clause"]) == ("Fri 23 Oct", False, "9.3")
    assert [(row[0], row[1]["text"], row[2]) for row in listed["rows"]] == [
        ("Idris Marlowe-Beck", "", "coach, focus, time")
    ]
    assert "coach, focus, time" in shown(page)


def test_the_list_says_when_nobody_is_on_it(choosing: School) -> None:
    """An empty list is good news and not an empty table."""
    choosing.write("otterbeck/partnerships/pt-8k2d4f6h.md", f"{PAIR}purpose: teaching\n")
    choosing.write("otterbeck/schedules/sc-4h6k8m2p.md", SCHEDULE)

    page = shown(lead_page(view_of(choosing.root, date(2026, 11, 20)), SCHOOL))

    assert "Everybody has a coach, a focus and a time." in page


def test_a_school_that_sets_no_day_has_no_such_list(workspace: Path) -> None:
    """The heading is not there either: nothing was asked of anybody."""
    page = lead_page(view_of(workspace), SCHOOL)

    assert plain(page.model["choices"]) == []
    assert "Coach, focus and time" not in shown(page)


def test_a_schedule_that_the_page_may_not_read_tells_it_nothing(choosing: School) -> None:
    """Those who lead see figures of plans and no more, so the page does not know of the slot."""
    text = (choosing.root / POLICY).read_text(encoding="utf-8")
    (row,) = re.findall(r"^\| Plans and priorities .*$", text, re.MULTILINE)
    changed(choosing.root, POLICY, row, row.replace("write", "figures", 2))
    write(
        choosing.root,
        {
            f"{HERE}/partnerships/pt-8k2d4f6h.md": f"---{PAIR}purpose: teaching\n---\n",
            f"{HERE}/schedules/sc-4h6k8m2p.md": f"---{SCHEDULE}---\n",
        },
    )

    (listed,) = plain(lead_page(view_of(choosing.root), SCHOOL).model["choices"])

    assert [row[2] for row in listed["rows"]] == ["time"]


def test_a_pair_without_a_page_is_named_and_not_linked(choosing: School) -> None:
    """A pair that has not met has nothing to lead to."""
    choosing.write("otterbeck/partnerships/pt-8k2d4f6h.md", PAIR)

    (listed,) = plain(lead_page(view_of(choosing.root), SCHOOL).model["choices"])

    assert [row[1] for row in listed["rows"]] == [{"text": "Juno", "href": ""}]

"""Groups, schedules and rotations at their edges."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.rules.conftest import School

GROUP = """\
type: group
id: g-2k7m4q9x
school: otterbeck
kind: {kind}
members: [{members}]
from: 2026-11-02
"""
THREE = "p-c5t0w6ze, p-m3v8x1ra, p-n9b4j2ys"
SCHEDULE = """\
type: schedule
id: sc-7b9d3f5h
school: otterbeck
title: Autumn term
from: 2026-11-02
to: 2026-12-18
"""
SESSION = """\
type: session
id: s-3x9p5w1d
school: otterbeck
cycle: c-0a1b2c3d
date: 2026-11-05
status: held
kind: coaching
minutes: 14
"""
SESSION_PATH = "otterbeck/2026-27/c-0a1b2c3d/2026-11-05-s-3x9p5w1d.md"
SCHEDULE_PATH = "otterbeck/schedules/sc-7b9d3f5h.md"
ROTATION = """\
type: rotation
id: {id}
school: otterbeck
title: Round
from: {start}
to: 2026-12-18
pairs: [{pairs}]
"""


def group(school: School, members: str, kind: str = "support-triad", more: str = "") -> None:
    """Adds a group."""
    text = GROUP.format(kind=kind, members=members) + more
    school.write("otterbeck/groups/g-2k7m4q9x.md", text)


def test_a_group_of_four_is_told_to_part(school: School) -> None:
    """Too many are as far from a three as too few."""
    school.settle("group.size: 3")
    group(school, f"{THREE}, p-e6f1u8gd", kind="triplet")
    (finding,) = school.found("CB208")

    assert finding.message == "triplet `g-2k7m4q9x` has 4 members; it needs 3"
    assert finding.hint.startswith("make two groups of it")


def test_somebody_named_twice_is_one_member(school: School) -> None:
    """The same id twice makes no three."""
    school.settle("group.size: 3")
    group(school, "p-c5t0w6ze, p-c5t0w6ze, p-n9b4j2ys")

    assert school.messages("CB208") == ["triad `g-2k7m4q9x` has 2 members; it needs 3"]


@pytest.mark.parametrize(("end", "told"), [("2026-11-15", False), ("2026-11-16", True)])
def test_a_group_that_has_ended_needs_nobody(school: School, end: str, told: bool) -> None:  # noqa: FBT001
    """What is over keeps the members it had."""
    school.settle("group.size: 3")
    group(school, "p-c5t0w6ze, p-n9b4j2ys", more=f"to: {end}\n")

    assert bool(school.messages("CB208")) is told


def test_a_team_may_have_any_size(school: School) -> None:
    """The coaching team is no group that coaches each other."""
    school.settle("group.size: 3")
    group(school, "p-c5t0w6ze, p-n9b4j2ys", kind="team")

    assert school.messages("CB208") == []


def slot(school: School, line: str) -> None:
    """Lets the schedule have one slot, and the policy hold sessions to it."""
    school.settle("session.window: scheduled-slot")
    school.write(SCHEDULE_PATH, SCHEDULE + f"slots: [{line}]\n")


@pytest.mark.parametrize("who", ["pt-6r1e9k3w", "c-0a1b2c3d"])
def test_a_slot_may_be_of_the_pair_or_of_its_cycle(school: School, who: str) -> None:
    """A session belongs to both, and either may have the slot."""
    slot(school, f"{who} 2026-11-02 to 2026-11-20")

    assert school.messages("CB308") == []


def test_the_time_of_day_is_held_against_the_slot_too(school: School) -> None:
    """On the right day at another time is outside."""
    slot(school, "pt-6r1e9k3w 2026-11-02 to 2026-11-20 15:30-16:00")
    school.write(SESSION_PATH, SESSION + "start_time: 10:15\n")

    assert school.messages("CB308") == [
        "10:15 is outside the slot of `pt-6r1e9k3w` in the schedule: 2–20 Nov, 15:30–16:00"
    ]


def test_an_unscheduled_session_is_held_against_no_slot(school: School) -> None:
    """Coaching when the need arises is no breach of the schedule."""
    slot(school, "pt-6r1e9k3w 2026-11-09 to 2026-11-20")
    school.write(SESSION_PATH, SESSION + "scheduled: no\ntrigger: new-task\n")

    assert school.messages("CB308") == []


def test_a_session_without_a_slot_is_told_if_it_calls_itself_scheduled(school: School) -> None:
    """Whoever says that it was in the timetable is asked where."""
    slot(school, "pt-8k2d4f6h 2026-11-02 to 2026-11-20")
    school.write(SESSION_PATH, SESSION + "scheduled: yes\n")

    assert school.messages("CB308") == ["the schedule of 5 Nov 2026 has no slot for this session"]


def test_a_schedule_of_another_term_says_nothing(school: School) -> None:
    """A day that no schedule covers is inside of nothing and outside of nothing."""
    slot(school, "pt-6r1e9k3w 2026-11-02 to 2026-11-20")
    school.change(SCHEDULE_PATH, "from: 2026-11-02", "from: 2026-11-23")

    assert school.messages("CB308") == []


def test_a_line_of_a_schedule_that_is_no_slot_is_told(school: School) -> None:
    """A slot that nobody can read is no slot, and the line says what one looks like."""
    slot(school, "Monday afternoons")
    (finding,) = school.found("CB201")

    assert finding.message == "this line is no slot"
    assert "2026-11-09 to 2026-11-20" in finding.hint


def test_a_slot_of_nobody_is_told(school: School) -> None:
    """An id in a slot leads to a group, a pair or a cycle."""
    slot(school, "pt-6r1e9k3x 2026-11-02 to 2026-11-20")
    (finding,) = school.found("CB201")

    assert finding.message == "there is no partnership `pt-6r1e9k3x`"
    assert finding.hint == "did you mean `pt-6r1e9k3w`?"


def rotation(school: School, one: str, start: str, pairs: str) -> None:
    """Adds a rotation."""
    text = ROTATION.format(id=one, start=start, pairs=pairs)
    school.write(f"otterbeck/schedules/{one}.md", text)


def test_a_pair_is_repeated_whoever_coached(school: School) -> None:
    """Changing sides makes no new pair."""
    rotation(school, "ro-6m8p2r4t", "2026-09-07", "p-c5t0w6ze p-m3v8x1ra")
    rotation(school, "ro-3d5f7h9k", "2026-11-02", "p-m3v8x1ra p-c5t0w6ze")

    assert [one.record for one in school.found("CB316")] == ["ro-3d5f7h9k"]


def test_a_pair_twice_in_one_round_is_a_slip(school: School) -> None:
    """The second line of the two is marked."""
    rotation(school, "ro-3d5f7h9k", "2026-11-02", "p-c5t0w6ze p-m3v8x1ra, p-m3v8x1ra p-c5t0w6ze")
    (finding,) = school.found("CB316")

    assert finding.message.endswith("were a pair already, in this rotation")
    assert finding.span.column > len("pairs: [p-c5t0w6ze p-m3v8x1ra,")


def test_an_earlier_partnership_counts_as_a_round(school: School) -> None:
    """Who coached each other before has learned from each other before."""
    rotation(school, "ro-3d5f7h9k", "2026-11-02", "p-n9b4j2ys p-c5t0w6ze")

    assert school.messages("CB316") == [
        "Idris Marlowe-Beck and Nerys Sallowfield were a pair already, in `pt-6r1e9k3w`"
    ]


def test_a_later_round_does_not_reach_back(school: School) -> None:
    """Only what was before counts as before."""
    rotation(school, "ro-3d5f7h9k", "2026-09-01", "p-n9b4j2ys p-c5t0w6ze")

    assert school.messages("CB316") == []


def test_a_pair_of_one_is_told(school: School) -> None:
    """A line of a rotation has two ids, and both are people."""
    rotation(school, "ro-3d5f7h9k", "2026-11-02", "p-n9b4j2ys, p-c5t0w6ze p-m3v8x1rb")

    assert school.messages("CB201") == [
        "this line names no pair",
        "there is no person `p-m3v8x1rb`",
    ]


def test_whoever_stands_in_a_schedule_agrees_to_it(school: School) -> None:
    """The people of its slots are asked, and nobody else."""
    school.settle("schedule.agreed: yes")
    school.write(
        SCHEDULE_PATH,
        SCHEDULE
        + "agreed_on: 2026-10-16\nacknowledged: [p-c5t0w6ze]\n"
        + "slots: [pt-6r1e9k3w 2026-11-02 to 2026-11-20]\n",
    )

    assert school.messages("CB323") == [
        "Nerys Sallowfield has not agreed to this schedule, which began on 2 Nov 2026"
    ]


def test_without_slots_every_teacher_is_asked(school: School) -> None:
    """A schedule for everyone is agreed to by everyone who teaches, the head aside."""
    school.settle("schedule.agreed: yes")
    school.write(SCHEDULE_PATH, SCHEDULE)

    assert school.messages("CB323") == [
        (
            "Idris Marlowe-Beck, Nerys Sallowfield, Petra Quillfeather and Wren Ashgrove have "
            "not agreed to this schedule, which began on 2 Nov 2026"
        )
    ]


def test_a_schedule_that_is_agreed_says_when(school: School) -> None:
    """With everyone's word the day is still wanted."""
    school.settle("schedule.agreed: yes")
    names = "p-c5t0w6ze, p-n9b4j2ys, p-m3v8x1ra, p-e6f1u8gd"
    school.write(SCHEDULE_PATH, SCHEDULE + f"acknowledged: [{names}]\n")

    assert school.messages("CB323") == [
        "this schedule, which began on 2 Nov 2026, does not say when it was agreed"
    ]


def test_a_schedule_still_to_begin_has_time_to_be_agreed(school: School) -> None:
    """Until its first day nobody is late."""
    school.settle("schedule.agreed: yes")
    school.write(SCHEDULE_PATH, SCHEDULE)

    assert school.messages("CB323", date(2026, 11, 1)) == []


def test_nobody_is_paired_with_themselves(school: School) -> None:
    """A line of a rotation that names one person twice is no pair."""
    text = ROTATION.format(id="ro-3d5f7h9k", start="2026-11-02", pairs="p-c5t0w6ze p-c5t0w6ze")
    school.write("otterbeck/schedules/ro-3d5f7h9k.md", text)

    assert school.messages("CB201") == ["`p-c5t0w6ze` is paired with themselves"]

"""Tests of how each pair and group keeps to the rhythm of the policy, and of what is due."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from coachbook.overviews.agenda import agenda, end_of_week
from coachbook.overviews.rhythm import boards, by_subject
from coachbook.overviews.turns import square
from tests.unit.overviews.leading_workspace import (
    CALENDAR,
    COACH,
    COACHEE,
    CYCLE,
    HERE,
    JUNO,
    POLICY,
    WREN,
    changed,
    led_of,
    plain,
    session,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path

MISSED = session(1, "2026-11-04", "status: missed\nmissed_reason: cover")
PLANNED = session(2, "2026-11-26", "status: planned")
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
OF_GROUP = "form: group-session@1\ngroup: g-1t2u3v4w"
SUBJECTS = (
    "cadence.coaching: ['groups: 1 a term for each subject']\n"
    "subject.allowed.groups: [maths, reading]"
)
REQUIRED = "cadence.expectation: required"


def states(root: Path, today: date = date(2026, 11, 20)) -> list[tuple[str, str]]:
    """The turns of the first line of the first board: how each stands, and in what words."""
    board = boards(led_of(root, today))[0]
    return [(turn.state, turn.words) for turn in board.lines[0].turns]


def test_each_week_of_the_half_term_has_a_state(workspace: Path) -> None:
    """A week is held, missed for a reason, due, planned, or still to come."""
    write(workspace, MISSED | PLANNED)

    assert states(workspace) == [
        ("missed", "no cover"),
        ("done", "Thu 12 Nov"),
        ("due", "by Fri 20 Nov"),
        ("planned", "Thu 26 Nov"),
        ("ahead", ""),
        ("ahead", ""),
        ("ahead", ""),
    ]


def test_a_week_that_is_over_without_a_word_is_late(workspace: Path) -> None:
    """A week in which nothing was held, and no reason written down, is overdue."""
    assert states(workspace, date(2026, 11, 25))[2] == ("late", "overdue")


def test_a_missed_session_without_a_reason_answers_nothing(workspace: Path) -> None:
    """A session that was missed for no stated reason leaves its week overdue."""
    write(workspace, session(3, "2026-11-17", "status: missed"))

    assert states(workspace, date(2026, 11, 25))[2][0] == "late"


def test_nothing_is_asked_before_the_first_session_of_a_soft_rhythm(workspace: Path) -> None:
    """Where the policy only hopes for a rhythm, a pair is reckoned from its first session."""
    assert states(workspace)[0] == ("off", "")


def test_a_required_rhythm_asks_from_the_start(workspace: Path) -> None:
    """Where the policy requires a rhythm, the weeks before the first session are overdue too."""
    changed(workspace, POLICY, "cadence.expectation: where-possible", REQUIRED)

    assert states(workspace)[0] == ("late", "overdue")


def test_nothing_is_asked_in_a_pause(workspace: Path) -> None:
    """While a pair rests, no session is asked for."""
    path = f"{HERE}/partnerships/pt-6r1e9k3w.md"
    changed(workspace, path, "status: active", "status: paused\npaused_from: 2026-11-16")

    assert [state for state, _ in states(workspace)[2:]] == ["off"] * 5


def test_in_a_break_the_half_term_that_was_is_shown(workspace: Path) -> None:
    """In the holidays the board still shows the weeks before them, so that a gap can be closed."""
    (board, *_) = boards(led_of(workspace, date(2026, 12, 28)))

    assert str(board.spans[0].start) == "2026-11-02"


def test_without_a_calendar_there_is_no_board(workspace: Path) -> None:
    """Without a calendar nothing is said to be due; nothing is guessed."""
    (workspace / CALENDAR).unlink()

    assert boards(led_of(workspace)) == ()


def test_a_group_has_every_subject_in_a_term(workspace: Path) -> None:
    """A group that meets on each subject once a term is done when each has been looked at."""
    changed(workspace, POLICY, "cadence.coaching: [1 a week]", SUBJECTS)
    changed(workspace, POLICY, "group.size: 2", "group.size: 3")
    write(workspace, GROUP | session(4, "2026-10-06", "status: held\nsubject: maths", of=OF_GROUP))
    led = led_of(workspace)
    (board,) = boards(led)

    assert board.title == "Groups: once a term for each subject"
    assert [(turn.state, turn.words) for turn in board.lines[0].turns][:2] == [
        ("due", "1 of 2"),
        ("ahead", ""),
    ]
    lines = dict(by_subject(led, board, board.lines[0].thread))
    assert {name: line.turns[0].state for name, line in lines.items()} == {
        "maths": "done",
        "reading": "due",
    }


def test_a_rhythm_of_a_later_policy_asks_nothing_before(workspace: Path) -> None:
    """What a version of the policy asks for is not held against the time before it."""
    earlier = (workspace / POLICY).read_text(encoding="utf-8")
    later = earlier.replace("version: 2026-09", "version: 2027-01")
    later = later.replace("effective_from: 2026-09-01", "effective_from: 2027-01-01")
    later = later.replace("[1 a week]", "[1 a half-term]").replace(
        "cadence.expectation: where-possible", REQUIRED
    )
    write(workspace, {f"{HERE}/policy-2027-01.md": later})

    found = states(workspace, date(2027, 2, 1))

    assert [state for state, _ in found] == ["off", "off", "due", "ahead", "ahead", "ahead"]


def test_mentoring_goes_by_the_stage_of_the_mentee(workspace: Path) -> None:
    """A weekly rhythm for the first year asks nothing of somebody in their second."""
    changed(
        workspace,
        POLICY,
        "cadence.expectation",
        "cadence.mentoring: ['year 1: 1 a week', 'later: 2 a term']\ncadence.expectation",
    )
    pair = f"""\
---
type: partnership
id: pt-5q6r7s8t
school: otterbeck
kind: ect-mentoring
coach: {COACH}
coachee: {WREN}
start: 2026-09-07
status: active
chosen_by: team
---
"""
    write(workspace, {f"{HERE}/partnerships/pt-5q6r7s8t.md": pair})

    first, later = boards(led_of(workspace))[1:]

    assert (first.lines, len(later.lines)) == ((), 1)
    assert later.title == "After the first year: twice a term"


def test_what_is_due_is_told_with_how_pressing_it_is(workspace: Path) -> None:
    """A turn of this week, a turn that is over and a note to write up are told apart."""
    write(workspace, session(5, "2026-11-18", "status: planned"))
    led = led_of(workspace, date(2026, 11, 20))

    found = [(task.who, task.words, task.urgency) for task in agenda(led, boards(led))]

    assert found == [
        (
            "Nerys with Idris",
            "Write up the session planned for Wed 18 Nov, or mark it missed",
            "overdue",
        ),
        ("Nerys with Idris", "Coaching, 16–20 Nov: none yet; once a week is usual", "this week"),
    ]


def test_what_ends_this_half_term_is_told(workspace: Path) -> None:
    """A cycle that is planned to end before the half-term does stands on the list."""
    led = led_of(workspace, date(2026, 12, 10))

    found = {(task.words, task.urgency) for task in agenda(led, boards(led))}

    assert ("The cycle is planned to end on Fri 18 Dec", "this half-term") in found


def test_a_week_ends_on_friday() -> None:
    """What is due this week is due by its Friday; at the weekend, by the next."""
    assert end_of_week(date(2026, 11, 18)) == date(2026, 11, 20)
    assert end_of_week(date(2026, 11, 20)) == date(2026, 11, 20)
    assert end_of_week(date(2026, 11, 21)) == date(2026, 11, 27)


def test_a_late_cycle_is_overdue(workspace: Path) -> None:
    """A cycle that is past its planned end is overdue."""
    changed(workspace, f"{CYCLE}/cycle.md", "planned_end: 2026-12-18", "planned_end: 2026-11-13")
    led = led_of(workspace)

    late = [task.words for task in agenda(led, boards(led)) if task.urgency == "overdue"]

    assert late == ["The cycle was planned to end on Fri 13 Nov: close it or set a new date"]


def test_a_gap_can_be_made_up_for_until_the_next_half_term_is_over(workspace: Path) -> None:
    """What was missed in the half-term before this one is overdue; older gaps stay in the grid."""
    changed(
        workspace,
        POLICY,
        "cadence.coaching: [1 a week]\ncadence.expectation: where-possible",
        f"cadence.coaching: [1 a half-term]\n{REQUIRED}",
    )
    missed = (
        "Nerys with Idris",
        "Coaching, Autumn 1: nothing on record; once a half-term is expected",
    )

    autumn, spring = led_of(workspace), led_of(workspace, date(2027, 1, 20))

    assert missed in {(task.who, task.words) for task in agenda(autumn, boards(autumn))}
    assert plain(square(autumn, boards(autumn)[0].lines[0].turns[0])) == {
        "state": "late",
        "text": "overdue",
    }
    assert missed not in {(task.who, task.words) for task in agenda(spring, boards(spring))}
    assert boards(spring)[0].lines[0].turns[0].state == "late"


def test_a_pair_that_has_ended_is_asked_for_nothing(workspace: Path) -> None:
    """Once a pair no longer works together, what it missed is no task of anybody's."""
    changed(workspace, POLICY, "cadence.expectation: where-possible", REQUIRED)
    path = f"{HERE}/partnerships/pt-6r1e9k3w.md"
    changed(workspace, path, "status: active", "status: ended\nend: 2026-11-13")
    changed(workspace, f"{CYCLE}/cycle.md", "status: open", "status: ended")
    led = led_of(workspace)

    assert agenda(led, boards(led)) == ()


def test_a_cycle_that_follows_another_counts_for_its_own_pair(workspace: Path) -> None:
    """A session of a new pair is none of the pair whose cycle its own cycle follows."""
    pair = f"{HERE}/partnerships/pt-6r1e9k3w.md"
    cycle = f"{CYCLE}/cycle.md"
    later = {old: (workspace / old).read_text(encoding="utf-8") for old in (pair, cycle)}
    new = {
        f"{HERE}/partnerships/pt-7s2f0m4x.md": later[pair].replace("pt-6r1e9k3w", "pt-7s2f0m4x"),
        f"{HERE}/2026-27/c-9z8y7x6w/cycle.md": later[cycle]
        .replace("c-0a1b2c3d", "c-9z8y7x6w")
        .replace("pt-6r1e9k3w", "pt-7s2f0m4x")
        .replace("status: open", "status: open\nfollows: c-0a1b2c3d"),
    }
    write(workspace, new | session(3, "2026-11-19", "status: held", of="cycle: c-9z8y7x6w"))
    days = {
        line.thread.id: [turn.words for turn in line.turns if turn.state == "done"]
        for line in boards(led_of(workspace))[0].lines
    }

    assert days == {"pt-6r1e9k3w": ["Thu 12 Nov"], "pt-7s2f0m4x": ["Thu 19 Nov"]}


def test_what_is_good_practice_is_not_called_expected(workspace: Path) -> None:
    """After the first year, meetings with a mentor are usual; in it they are expected."""
    both = "cadence.mentoring: ['year 1: 1 a week', 'later: 2 a term']\ncadence.expectation"
    changed(workspace, POLICY, "cadence.expectation", both)

    assert [board.firm for board in boards(led_of(workspace))] == [False, True, False]

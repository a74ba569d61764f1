"""Each statistic counts what its definition says, and leaves out what it says it leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coachbook.figures import GROUPINGS, Count
from tests.unit.figures.school import counted, facts, settle, view_of, write

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.views import View

CYCLE = "otterbeck/2026-27/c-0a1b2c3d"
VISITS = "otterbeck/2026-27/visits"
HELD = Count(1, 1, 1)
"""The one session that the small workspace has."""


def session(workspace: Path, day: str, lines: str) -> None:
    """One more session of the cycle."""
    name = f"s-{day.replace('-', '')}"
    header = f"type: session\nform: coaching-session@1\nid: {name}\nschool: otterbeck\n"
    header += f"cycle: c-0a1b2c3d\ndate: {day}\nkind: coaching\n{lines}"
    write(workspace, f"{CYCLE}/{day}-{name}.md", header)


def visit(workspace: Path, name: str, day: str, lines: str) -> None:
    """A visit of the coach to the lesson of the coachee."""
    header = f"type: observation\nform: observation@1\nid: {name}\nschool: otterbeck\n"
    header += f"observed: p-n9b4j2ys\nobservers: [p-c5t0w6ze]\ndate: {day}\n{lines}"
    write(workspace, f"{VISITS}/{day}-{name}.md", header)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("status: missed\nmissed_reason: cover", Count(1, 2, 1)),
        ("status: missed\nmissed_reason: absence", HELD),
        ("status: missed", Count(1, 2, 1)),
        ("status: planned", Count(1, 2, 1)),
        ("status: held\nminutes: 15", Count(2, 2, 1)),
    ],
)
def test_a_session_on_record_counts_unless_somebody_was_absent(
    workspace: Path, lines: str, expected: Count
) -> None:
    """Missed for want of cover counts, absence does not; planned for a day that is over counts."""
    session(workspace, "2026-11-05", lines)

    assert counted(view_of(workspace), "kept") == expected


def test_a_session_still_to_come_does_not_count(workspace: Path) -> None:
    """A session planned for today is not yet one that did not take place."""
    session(workspace, "2026-11-16", "status: planned")

    assert counted(view_of(workspace), "kept") == HELD


def test_no_session_counts_in_a_pause(workspace: Path) -> None:
    """While a cycle is paused, a session that was missed counts against nobody."""
    path = workspace / f"records/{CYCLE}/cycle.md"
    text = path.read_text(encoding="utf-8")
    paused = "status: open\npaused_from: 2026-11-02\nresumed_on: 2026-11-09"
    path.write_text(text.replace("status: open", paused), encoding="utf-8")
    session(workspace, "2026-11-05", "status: missed\nmissed_reason: cover")
    session(workspace, "2026-11-10", "status: missed\nmissed_reason: cover")

    assert counted(view_of(workspace), "kept") == Count(1, 2, 1)


def test_no_session_counts_of_somebody_who_left(workspace: Path) -> None:
    """Sessions planned for after a coachee's last day are left out."""
    path = workspace / "records/people/p-n9b4j2ys.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\n---\n", "\nend: 2026-11-12\n---\n", 1), encoding="utf-8")
    session(workspace, "2026-11-13", "status: missed\nmissed_reason: cover")

    assert counted(view_of(workspace), "kept") == HELD


def test_what_was_not_held_is_told_by_its_reason(workspace: Path) -> None:
    """Sessions held are the people among whom some were missed, and count as none."""
    session(workspace, "2026-11-05", "status: missed\nmissed_reason: cover")
    session(workspace, "2026-11-06", "status: missed")
    session(workspace, "2026-11-09", "status: planned")
    view = view_of(workspace)

    assert counted(view, "unkept") == Count(3, 3, 1)
    assert groups(view, "unkept", "reason") == {
        "cover": 1,
        "none given": 1,
        "not written up": 1,
    }


def test_held_and_missed_are_what_was_due(workspace: Path) -> None:
    """What was missed is exactly what is missing from the sessions that took place."""
    session(workspace, "2026-11-05", "status: missed\nmissed_reason: cover")
    session(workspace, "2026-11-06", "status: missed\nmissed_reason: absence")
    view = view_of(workspace)
    completion, missed = counted(view, "completion"), counted(view, "missed")

    assert completion.whole - completion.part == missed.part


def test_minutes_are_added_up_by_half_term(workspace: Path) -> None:
    """A session counts in the half-term of its day."""
    session(workspace, "2026-10-08", "status: held\nminutes: 20")
    view = view_of(workspace)

    assert counted(view, "minutes") == Count(34, 2, 1)
    assert groups(view, "minutes", "half-term") == {"Autumn 1": 20, "Autumn 2": 14}


def test_directed_time_is_that_of_teachers_so_far(workspace: Path) -> None:
    """Coach and coachee both spent 14 minutes, of 1,265 hours a year up to today."""
    settle(workspace, "coverage.of: [teacher]")
    found = counted(view_of(workspace), "directed")

    assert found.part == 28
    assert found.people == 3
    assert 0 < found.whole < 3 * 1265 * 60


def test_a_gap_is_counted_in_school_weeks(workspace: Path) -> None:
    """From 8 October to 12 November lie three school weeks without one; the break is none."""
    settle(workspace, "coverage.of: [teacher]")
    session(workspace, "2026-10-08", "status: held\nminutes: 20")

    (gap,) = facts(view_of(workspace), "gap")

    assert (gap.people, gap.part) == ({"p-n9b4j2ys"}, 3)


def test_feedback_is_counted_in_school_days(workspace: Path) -> None:
    """From Friday to Monday is one school day; a visit without feedback is not in the middle."""
    visit(
        workspace, "o-11111111", "2026-11-06", "status: held\nkind: formal\nfeedback_on: 2026-11-09"
    )
    visit(workspace, "o-22222222", "2026-11-10", "status: held\nkind: drop-in")

    (told,) = facts(view_of(workspace), "feedback")

    assert (told.people, told.part) == ({"p-n9b4j2ys"}, 1)


def test_visits_are_counted_by_kind(workspace: Path) -> None:
    """A visit that is planned or was cancelled is none yet."""
    visit(workspace, "o-11111111", "2026-11-06", "status: held\nkind: formal")
    visit(workspace, "o-22222222", "2026-11-10", "status: cancelled\nkind: drop-in")

    assert groups(view_of(workspace), "visits", "kind") == {"formal": 1}


def test_the_limit_of_observations_is_about_people(workspace: Path) -> None:
    """Two observations are too many where one is allowed; a drop-in counts towards nothing."""
    settle(workspace, "observation.limit.count: 1")
    visit(workspace, "o-11111111", "2026-11-06", "status: held\nkind: formal")
    visit(workspace, "o-22222222", "2026-11-10", "status: held\nkind: drop-in")
    before = counted(view_of(workspace), "budget")
    visit(workspace, "o-33333333", "2026-11-11", "status: held\nkind: learning-walk")

    after = counted(view_of(workspace), "budget")

    assert before.part == before.whole
    assert after.part == after.whole - 1


def test_cycles_are_told_by_phase_and_age(workspace: Path) -> None:
    """The cycle that began on 14 September is nine weeks old, and in the phase it says."""
    view = view_of(workspace)

    assert groups(view, "cycles", "phase") == {"learn": 1}
    assert groups(view, "cycles", "age") == {"6 to 11 weeks": 1}


def test_a_goal_without_a_priority_is_counted_as_such(workspace: Path) -> None:
    """A cycle that names two priorities counts under both, and once in the whole."""
    assert groups(view_of(workspace), "goals", "priority") == {"none": 1}

    path = workspace / f"records/{CYCLE}/cycle.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("phase: learn", "phase: learn\npriority: [talk, maths]"), "utf-8")
    view = view_of(workspace)

    assert groups(view, "goals", "priority") == {"talk": 1, "maths": 1}
    assert counted(view, "goals") == Count(1, 1, 1)


def test_needs_raised_are_counted_until_they_are_met(workspace: Path) -> None:
    """A need that names its cycle is about its pair; one that names none is about nobody known."""
    header = "type: cpd-need\nschool: otterbeck\nraised_on: 2026-11-10\n"
    folder = "otterbeck/2026-27/development"
    first = f"{header}id: n-11111111\nscope: individual\ncycle: c-0a1b2c3d\nstatus: met"
    write(workspace, f"{folder}/n-11111111.md", first)
    write(
        workspace, f"{folder}/n-22222222.md", f"{header}id: n-22222222\nscope: team\nstatus: raised"
    )

    assert counted(view_of(workspace), "needs") == Count(1, 2, 1)


def test_load_is_of_pairs_that_work_together_today(workspace: Path) -> None:
    """A pair that is paused or over is no load."""
    assert counted(view_of(workspace), "load") == Count(1, 1, 1)

    path = workspace / "records/otterbeck/partnerships/pt-6r1e9k3w.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("status: active", "status: ended"), encoding="utf-8")

    assert counted(view_of(workspace), "load") == Count(0, 0, 0)


def test_training_counts_once_it_is_done(workspace: Path) -> None:
    """A training that is to come does not make a trained coach."""
    settle(workspace, "training.required_before: [coach-training]")
    header = "type: training\nid: t-11111111\nschool: otterbeck\nperson: p-c5t0w6ze\n"
    header += "kind: coach-training\ntitle: Coaching\n"
    write(workspace, "otterbeck/training/t-11111111.md", f"{header}due: 2026-12-01")
    before = counted(view_of(workspace), "trained")
    write(workspace, "otterbeck/training/t-11111111.md", f"{header}date: 2026-09-03")

    assert (before, counted(view_of(workspace), "trained")) == (Count(0, 1, 1), Count(1, 1, 1))


def test_a_pair_that_was_one_before_is_a_repeat(workspace: Path) -> None:
    """Whichever of the two was the coach, they have been a pair before."""
    for name, start, pairs in (
        ("ro-11111111", "2026-09-07", "[p-c5t0w6ze p-n9b4j2ys]"),
        ("ro-22222222", "2026-11-02", "[p-n9b4j2ys p-c5t0w6ze, p-e6f1u8gd p-n9b4j2ys]"),
    ):
        header = f"type: rotation\nid: {name}\nschool: otterbeck\ntitle: Round\nfrom: {start}\n"
        write(
            workspace, f"otterbeck/schedules/{name}.md", f"{header}to: 2026-12-18\npairs: {pairs}"
        )

    assert counted(view_of(workspace), "repeats") == Count(1, 3, 3)


def test_the_answers_to_the_fullest_survey_stand_for_people(workspace: Path) -> None:
    """Nobody knows who answered, and the same people may answer every survey of a year."""
    for name, day, answered in (("1111111a", "2026-10-09", 24), ("2222222a", "2026-11-06", 20)):
        header = f"type: survey\nid: sv-{name}\nschool: otterbeck\ndate: {day}\n"
        header += f"title: How are you?\ninvited: 30\nanswered: {answered}"
        write(workspace, f"otterbeck/2026-27/surveys/{day}-sv-{name}.md", header)

    assert counted(view_of(workspace), "survey") == Count(44, 60, 24)


def test_without_a_calendar_no_gap_is_guessed(workspace: Path) -> None:
    """Gaps, directed time, days to feedback and what was due need a calendar."""
    (workspace / "records/otterbeck/calendar-2026-27.md").unlink()
    visit(
        workspace, "o-11111111", "2026-11-06", "status: held\nkind: formal\nfeedback_on: 2026-11-09"
    )
    view = view_of(workspace)

    keys = ("gap", "directed", "feedback", "completion", "missed")
    assert [counted(view, key) for key in keys] == [Count(0, 0, 0)] * len(keys)
    assert counted(view, "kept") == HELD


def groups(view: View, key: str, by: str) -> dict[str, float]:
    """What a figure comes to in each of its groups that has anything in it."""
    found: dict[str, float] = {}
    for fact in facts(view, key):
        for group in GROUPINGS[by].find(view, "otterbeck", fact):
            found[group] = found.get(group, 0) + fact.part
    return found

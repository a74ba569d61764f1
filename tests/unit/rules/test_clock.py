"""Time of day, minutes, feedback and the observation budget at their edges."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.rules.conftest import School

SESSION_PATH = "otterbeck/2026-27/c-0a1b2c3d/2026-11-05-s-3x9p5w1d.md"
SESSION = """\
type: session
id: s-3x9p5w1d
school: otterbeck
cycle: c-0a1b2c3d
date: 2026-11-05
status: {status}
kind: coaching
"""


def session(school: School, more: str = "minutes: 14\n", status: str = "held") -> None:
    """Adds a session of the pair."""
    school.write(SESSION_PATH, SESSION.format(status=status) + more)


def hours(school: School) -> None:
    """Lets the school day have hours, and the policy keep teachers to them."""
    school.settle("session.school_hours_only: [teacher]")
    school.change("otterbeck/school.md", "hub: North", "day_starts: 08:40\nday_ends: 15:20")


@pytest.mark.parametrize(
    ("time", "message"),
    [
        ("start_time: 08:40\nminutes: 15", ""),
        ("start_time: 15:05\nminutes: 15", ""),
        ("start_time: 15:06\nminutes: 15", "15:06 to 15:21 is outside the school day"),
        ("start_time: 08:30\nminutes: 15", "08:30 to 08:45 is outside the school day"),
        ("start_time: 23:50\nminutes: 15", "23:50 to 23:59 is outside the school day"),
        ("start_time: 16:00", "16:00 is outside the school day"),
        ("minutes: 15", ""),
    ],
)
def test_a_session_lies_in_the_school_day_from_beginning_to_end(
    school: School, time: str, message: str
) -> None:
    """Both ends count, and a time that nobody wrote down is not outside."""
    hours(school)
    session(school, time)

    assert [one.partition(",")[0] for one in school.messages("CB309")] == [message] * bool(message)


def test_school_hours_hold_for_those_whom_the_policy_names(school: School) -> None:
    """Others may meet when it suits them."""
    hours(school)
    school.change("people/p-n9b4j2ys.md", "category: teacher", "category: senior-leader")
    session(school, "start_time: 16:00")

    assert school.messages("CB309") == []


def test_a_school_that_does_not_say_its_hours_is_not_asked_about_them(school: School) -> None:
    """Without the two lines in the school's record nothing can be outside."""
    school.settle("session.school_hours_only: [teacher]")
    session(school, "start_time: 23:00")

    assert school.messages("CB309") == []


@pytest.mark.parametrize(
    ("word", "said", "message"),
    [
        ("when-safe", "learning_and_safety_protected: yes\n", ""),
        ("when-safe", "", "coaching in a lesson needs `learning_and_safety_protected: yes`"),
        (
            "when-safe",
            "learning_and_safety_protected: no\n",
            "coaching in a lesson needs `learning_and_safety_protected: yes`, and this says no",
        ),
        (
            "never",
            "learning_and_safety_protected: yes\n",
            "coaching during a lesson is not done at Otterbeck Primary",
        ),
    ],
)
def test_coaching_in_a_lesson_follows_the_policy(
    school: School, word: str, said: str, message: str
) -> None:
    """The policy decides whether it may be, and under which condition."""
    school.settle(f"session.in_lesson: {word}")
    session(school, f"setting: in-lesson\n{said}")

    assert school.messages("CB310") == [message] * bool(message)


def test_without_a_word_in_the_policy_a_lesson_is_a_place_like_others(school: School) -> None:
    """A rule that a policy does not have is never checked."""
    session(school, "setting: in-lesson\n")

    assert school.messages("CB310") == []


def visit(school: School, number: int, day: str, more: str = "kind: formal\nminutes: 30") -> None:
    """Adds a visit to Nerys."""
    one = f"o-4k6m8n{number:02d}"
    status = "" if "status" in more else "status: held\n"
    school.write(
        f"otterbeck/2026-27/visits/{day}-{one}.md",
        f"type: observation\nid: {one}\nschool: otterbeck\nobserved: p-n9b4j2ys\n"
        f"observers: [p-m3v8x1ra]\ndate: {day}\n{status}{more}\n",
    )


FEEDBACK = ("feedback.required_after: [observation, drop-in]", "feedback.within_days: 5")


@pytest.mark.parametrize(("today", "late"), [("2026-11-10", False), ("2026-11-11", True)])
def test_feedback_is_late_after_its_last_day(school: School, today: str, late: bool) -> None:  # noqa: FBT001
    """Five school days after 3 November end on the 10th, and the 10th is in time."""
    school.settle(*FEEDBACK)
    visit(school, 1, "2026-11-03")

    assert bool(school.messages("CB312", date.fromisoformat(today))) is late


def test_without_a_number_of_days_feedback_has_until_the_half_term_ends(school: School) -> None:
    """The policy asks for feedback and leaves the day open."""
    school.settle(FEEDBACK[0])
    visit(school, 1, "2026-11-03")

    assert school.messages("CB312", date(2026, 12, 18)) == []
    assert len(school.messages("CB312", date(2026, 12, 19))) == 1


@pytest.mark.parametrize(
    "more",
    [
        "kind: learning-walk",
        "kind: formal\nstatus: planned",
        "kind: formal\nstatus: cancelled",
        "kind: formal\nfeedback_on: 2026-11-04",
        "kind: formal\nsession: s-7kq2m4xa",
    ],
)
def test_no_feedback_is_owed(school: School, more: str) -> None:
    """A kind that the policy leaves out, a visit not held, and feedback that was given."""
    school.settle(*FEEDBACK)
    visit(school, 1, "2026-11-03", more)

    assert school.messages("CB312") == []


def test_a_session_about_the_visit_is_its_feedback(school: School) -> None:
    """Where a session names the visit, it has been talked through."""
    school.settle(*FEEDBACK)
    visit(school, 1, "2026-11-03", "kind: drop-in")
    assert len(school.messages("CB312")) == 1

    session(school, "minutes: 14\nvisit: o-4k6m8n01\n")
    assert school.messages("CB312") == []


def test_a_scheduled_observation_is_one_that_was_agreed(school: School) -> None:
    """Where feedback follows scheduled observations, the others need none."""
    school.settle("feedback.required_after: [scheduled-observation]", "feedback.within_days: 5")
    visit(school, 1, "2026-11-03")
    visit(school, 2, "2026-11-04", "kind: formal\nscheduled: yes")

    assert [one.record for one in school.found("CB312")] == ["o-4k6m8n02"]


@pytest.mark.parametrize("more", ["kind: drop-in", "kind: peer-visit", "kind: book-look"])
def test_what_is_no_observation_is_not_counted(school: School, more: str) -> None:
    """Open doors and looking at books take nothing from the budget."""
    school.settle("observation.limit.count: 1")
    visit(school, 1, "2026-11-03")
    visit(school, 2, "2026-11-05", more)

    assert school.messages("CB320") == []


def test_a_planned_observation_is_told_before_it_takes_place(school: School) -> None:
    """The budget is kept most easily before the visit."""
    school.settle("observation.limit.count: 2")
    visit(school, 1, "2026-10-06")
    visit(school, 2, "2026-11-03", "kind: learning-walk")
    visit(school, 3, "2026-11-24", "kind: formal\nstatus: planned")

    assert school.messages("CB320") == [
        "this is the 3rd observation of Nerys Sallowfield in 2026-27; the limit is 2"
    ]


def test_what_was_cancelled_is_not_counted(school: School) -> None:
    """A visit that never was takes nothing from the budget."""
    school.settle("observation.limit.count: 1")
    visit(school, 1, "2026-10-06", "kind: formal\nstatus: cancelled")
    visit(school, 2, "2026-11-03")

    assert school.messages("CB320") == []


def test_minutes_have_a_limit_of_their_own(school: School) -> None:
    """Few long visits can be as much as many short ones."""
    school.settle("observation.limit.minutes: 60")
    visit(school, 1, "2026-10-06", "kind: formal\nminutes: 40")
    visit(school, 2, "2026-11-03", "kind: formal\nminutes: 20")
    visit(school, 3, "2026-11-10", "kind: formal\nminutes: 5")

    assert school.messages("CB320") == [
        "with this, observations of Nerys Sallowfield in 2026-27 take 65 minutes; the limit is 60"
    ]


def test_another_school_year_has_its_own_budget(school: School) -> None:
    """In September the count begins anew."""
    school.settle("observation.limit.count: 1")
    school.write(
        "otterbeck/2025-26/visits/2026-06-09-o-4k6m8n01.md",
        "type: observation\nid: o-4k6m8n01\nschool: otterbeck\nobserved: p-n9b4j2ys\n"
        "observers: [p-m3v8x1ra]\ndate: 2026-06-09\nstatus: held\nkind: formal\n",
    )
    visit(school, 2, "2026-11-03")

    assert school.messages("CB320") == []


@pytest.mark.parametrize("status", ["planned", "missed"])
def test_only_a_session_that_was_held_took_time(school: School, status: str) -> None:
    """What did not take place has no minutes."""
    session(school, "missed_reason: cover\n" if status == "missed" else "", status)

    assert school.messages("CB321") == []


def test_minutes_that_are_misspelt_are_told_once(school: School) -> None:
    """A line that is there under a wrong name is not missing as well."""
    session(school, "minuts: 14\n")

    assert school.messages("CB321") == []


def test_where_nothing_is_intended_no_minutes_are_missing(school: School) -> None:
    """A policy without a length asks nobody how long it took."""
    policy = school.root / "records/otterbeck/policy-2026-09.md"
    text = policy.read_text(encoding="utf-8")
    for key in ("target", "max"):
        text = text.replace(f"session.minutes.{key}: 15\n", "")
        text = text.replace(f"{{{{ session.minutes.{key} }}}}", "some")
    policy.write_text(text, encoding="utf-8")
    session(school, "")

    assert school.messages("CB321") == []


def test_a_trigger_is_asked_for_where_sessions_have_a_schedule(school: School) -> None:
    """Without a schedule nothing is unscheduled."""
    session(school, "scheduled: no\n")
    assert school.messages("CB318") == []

    school.settle("session.window: scheduled-slot")
    assert school.messages("CB318") == ["an unscheduled session says what it came from"]


def test_a_cycle_may_stay_open_where_the_policy_says_so(school: School) -> None:
    """Not every school plans the end of a cycle."""
    path = "otterbeck/2026-27/c-0a1b2c3d/cycle.md"
    school.change(path, "planned_end: 2026-12-18\n", "")
    assert len(school.messages("CB319")) == 1

    school.settle("cycle.end_date: no")
    assert school.messages("CB319") == []

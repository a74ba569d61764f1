"""Settings of one policy that cannot both hold."""

from __future__ import annotations

import pytest

from coachbook.diagnostics import Consequence, Severity
from coachbook.policyconflicts import (
    conflict_findings,
    rubric_findings,
    schedule_findings,
)
from tests.policies import policy, with_settings

ROW = "| Session notes | write | write | read | - |\n"


def more_rows(*rows: str) -> tuple[str, str]:
    """A change that adds rows to the small policy's table."""
    return (ROW, ROW + "".join(f"| {row} |\n" for row in rows))


def test_a_policy_that_adds_up_has_no_finding() -> None:
    """Nothing is said about a policy whose settings go together."""
    assert conflict_findings(policy()) == ()


@pytest.mark.parametrize(
    ("settings", "message", "hint"),
    [
        (
            "session.minutes.target: 20",
            "a session is meant to take 20 minutes, and takes 15 at most",
            "make the target no more than the limit",
        ),
        (
            "feedback.within_days: 5",
            (
                "`feedback.within_days` is set, and `feedback.required_after` is not, so it says "
                "nothing"
            ),
            "set feedback.required_after, or take feedback.within_days out",
        ),
        (
            'cadence.coaching: ["groups: 1 a term"]',
            "groups are to meet, and the policy does not say how many people a group has",
            "set group.size, such as group.size: 3",
        ),
        (
            'cadence.coaching: ["books: 1 a term for each subject"]',
            "coaching is to take place for each subject, and no subjects of books are set",
            "set subject.allowed.books",
        ),
        (
            "grades.allowed_to: head",
            'the head may give a grade, and the table lets the head write no "Graded sheet"',
            "add that row with write for the head, or set another answer",
        ),
        (
            "grades.allowed_to: ect-form",
            'a form holds grades, and the table has no row "Observation form"',
            "add the row, or set grades.allowed_to: none",
        ),
        (
            "participants.forbidden_roles: [monitor]",
            'the impact monitor: no part in coaching, and the table opens "Session notes" to them',
            "write a dash in that cell, or take the role out",
        ),
        (
            "participants.forbidden_roles: [ect-coach]",
            "the ECT coach: no part in coaching, and among those who coach",
            "take the role out of one of the two",
        ),
        (
            "cycle.close_requires: impact-statement",
            'impact statements are asked for, and the table has no row "Impact statement"',
            "add the row with write for whoever writes them",
        ),
        (
            "reports.made: [impact-statements]",
            'impact statements are asked for, and the table has no row "Impact statement"',
            "add the row with write for whoever writes them",
        ),
        (
            "notes.shared_with: other-side",
            'a note is shared with others than those to whom the table opens "Session notes"',
            "make the answer and the row say the same",
        ),
    ],
)
def test_one_setting_that_does_not_go_with_the_rest(settings: str, message: str, hint: str) -> None:
    """A setting that contradicts another, or the table, is shown with its clause."""
    (found,) = conflict_findings(with_settings(settings))

    assert (found.message, found.hint) == (message, hint)
    assert (found.code, found.clause, found.severity) == ("CB711", "4.3", Severity.ERROR)
    assert found.consequence is Consequence.STOPS


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            "feedback.required_after: [drop-in]\ndropin.next_steps: forbidden",
            "a drop-in may set no next steps, and feedback must follow it",
        ),
        (
            "suppression.min_people: 10\nsuppression.min_people.trust: 5",
            "a figure of one school stands for 10 people, one of several for only 5",
        ),
        (
            "participants.forbidden_roles: [slt]\neligible.coach: [senior-leader]",
            "the senior leadership team: no part in coaching, and among those who coach",
        ),
    ],
)
def test_two_settings_that_contradict_each_other(settings: str, message: str) -> None:
    """Of two settings that cannot both hold, one has to change."""
    (found,) = conflict_findings(with_settings(settings))

    assert found.message == message


def test_a_role_that_is_kept_out_recovers_nothing() -> None:
    """Whoever takes no part in coaching may not open every note in the end either."""
    found = with_settings(
        "participants.forbidden_roles: [head]", ("recovery.holder: nobody", "recovery.holder: head")
    )

    (finding,) = conflict_findings(found)

    assert finding.message == "the head: no part in coaching, and may open every note in the end"


def test_a_concern_reaches_only_those_who_can_read_it() -> None:
    """Whoever a concern goes to needs a key to it."""
    found = with_settings(
        "concern.route: [monitor, mentee]", more_rows("Concern | – | – | read | –")
    )

    (finding,) = conflict_findings(found)

    assert finding.message == "a concern goes to the mentee, and the table does not open it to them"
    assert finding.hint == 'in the row "Concern", write read in the column of subject'


def test_whoever_may_stop_can_write_that_they_did() -> None:
    """A side that may stop the coaching has the right to record it."""
    found = with_settings("stop.by: [coach, coachee]", more_rows("Stop | read | write | – | –"))

    (finding,) = conflict_findings(found)

    assert finding.message == "the coachee may stop the coaching, and cannot write that they did"
    assert finding.hint == 'in the row "Stop", write write in the column of coachee'


def test_a_graded_sheet_that_nobody_may_fill_in() -> None:
    """Where nobody may give a grade, the table lets nobody write one."""
    found = with_settings("grades.allowed_to: none", more_rows("Graded sheet | – | write | – | –"))

    (finding,) = conflict_findings(found)

    assert finding.message == (
        'nobody may give a grade, and the table lets somebody write a "Graded sheet"'
    )


def test_a_strand_of_the_rubric_needs_a_rubric() -> None:
    """A goal can name a strand only of a rubric that the trust has written down."""
    found = with_settings("goal.rubric_required: yes")

    (finding,) = rubric_findings(found, has_rubric=False)

    assert finding.message == (
        "a goal must name a strand of the rubric, and the trust has written down no rubric"
    )
    assert list(rubric_findings(found, has_rubric=True)) == []


def test_a_goal_without_a_rubric_needs_none() -> None:
    """Where a goal may name a strand or not, a trust does without a rubric."""
    found = with_settings("goal.rubric_required: no")

    assert list(rubric_findings(found, has_rubric=False)) == []


def test_a_scheduled_slot_needs_a_schedule() -> None:
    """Where sessions belong in slots and nobody has written any down, a reminder says so."""
    found = with_settings("session.window: scheduled-slot")

    (finding,) = schedule_findings(found, has_schedule=False)

    assert (finding.severity, finding.consequence) == (Severity.WARNING, Consequence.LISTED)
    assert finding.hint == "write one: coachbook new schedule; or take session.window out"
    assert list(schedule_findings(found, has_schedule=True)) == []

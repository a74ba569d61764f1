"""Rules about policies, where they look at the rest of the records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.diagnostics import Consequence, Diagnostic, Severity
from coachbook.rules import check_book
from tests.rules.samples import decide
from tests.unit.conftest import TODAY
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from pathlib import Path

SCHOOL = "records/bramblewick/school.md"
ROLE = "records/otterbeck/roles/r-4kq2m4xd.md"
TRUST = "records/trust.md"
SESSION = "records/otterbeck/2026-27/c-0a1b2c3d/2026-11-26-s-4kq2m4xb.md"


def write(workspace: Path, path: str, **values: object) -> None:
    """Puts a record into the workspace."""
    rows = "".join(f"{key}: {value}\n" for key, value in values.items())
    place = workspace / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"---\n{rows}---\n", encoding="utf-8")


def settings(workspace: Path, *lines: str) -> None:
    """Decides something in the policy of the small workspace."""
    place = workspace / small.POLICY
    place.write_text(decide(place.read_text(encoding="utf-8"), list(lines)), encoding="utf-8")


def found(workspace: Path, code: str) -> list[Diagnostic]:
    """The findings of one rule."""
    book = load_book(workspace, today=TODAY)
    return [finding for finding in check_book(book) if finding.code == code]


def test_a_school_takes_over_the_policy_of_another(workspace: Path) -> None:
    """A school without a policy of its own may have that of a sister school, and has one then."""
    write(
        workspace,
        SCHOOL,
        type="school",
        id="bramblewick",
        name="Bramblewick Primary",
        phase="primary",
        policy_of="otterbeck",
    )

    assert found(workspace, "CB707") == []
    assert found(workspace, "CB709") == []
    book = load_book(workspace, today=TODAY)
    assert [one.school for one in book.policies["bramblewick"]] == ["bramblewick"]


def test_a_school_cannot_take_over_what_is_not_there(workspace: Path) -> None:
    """A policy that is taken over from a school without one stops publication."""
    write(
        workspace,
        SCHOOL,
        type="school",
        id="bramblewick",
        name="Bramblewick Primary",
        phase="primary",
        policy_of="oterbeck",
    )

    (finding,) = found(workspace, "CB707")

    assert finding.message == (
        "Bramblewick Primary has no policy in force, and takes over that of `oterbeck`, which has "
        "none"
    )
    assert finding.hint.startswith("name a school that has a policy as policy_of, or start one")


def test_a_table_may_speak_the_words_of_the_trust(workspace: Path) -> None:
    """A column under the trust's own word gives a key to the same people as before."""
    policy, trust = workspace / small.POLICY, workspace / TRUST
    text = policy.read_text(encoding="utf-8")
    policy.write_text(text.replace("| Coachee | Coach |", "| Coachee | Buddy |"), encoding="utf-8")
    assert [one.code for one in found(workspace, "CB714")] == ["CB714"]

    line = "demonstration: true\n"
    source = trust.read_text(encoding="utf-8")
    trust.write_text(source.replace(line, f"{line}words: [buddy = coach]\n"), encoding="utf-8")

    assert [one.code for one in check_book(load_book(workspace, today=TODAY))] == []


def test_a_form_that_the_policy_does_not_list_is_a_reminder(workspace: Path) -> None:
    """A note on a form outside the list is kept, and mentioned with the clause."""
    settings(workspace, "forms.used: [observation]")
    write(
        workspace,
        SESSION,
        type="session",
        id="s-4kq2m4xb",
        school="otterbeck",
        cycle="c-0a1b2c3d",
        date="2026-11-26",
        status="planned",
        kind="coaching",
    )

    finding = next(one for one in found(workspace, "CB710") if one.path == SESSION)

    assert finding.message == (
        'the form "Coaching session" is not among those that Otterbeck Primary uses'
    )
    assert (finding.severity, finding.consequence) == (Severity.WARNING, Consequence.LISTED)
    assert finding.hint == "write it on one of these: observation"
    assert finding.clause


@pytest.mark.parametrize(
    ("role", "message"),
    [
        ("monitor", "Idris is impact monitor and also coaches"),
        ("ect-coach", "Idris is ECT coach and also the capability mentor"),
        ("head", ""),
    ],
)
def test_roles_that_do_not_go_together_are_said(workspace: Path, role: str, message: str) -> None:
    """Who monitors and coaches, or holds two keys that should stay apart, is told so."""
    for id_, held in (("r-4kq2m4xd", role), ("r-4kq2m4xe", "capability-mentor")):
        write(
            workspace,
            f"records/otterbeck/roles/{id_}.md",
            type="role-assignment",
            id=id_,
            school="otterbeck",
            **{"person": small.COACH, "role": held, "from": "2026-09-01"},
        )

    assert [one.message for one in found(workspace, "CB712")] == ([message] if message else [])


def test_whoever_is_kept_out_is_not_let_in_by_another_role(workspace: Path) -> None:
    """The head takes on the monitor's role: then a key of the head's would open notes (B-09)."""
    for id_, held in (("r-4kq2m4xd", "head"), ("r-4kq2m4xe", "monitor")):
        write(
            workspace,
            f"records/otterbeck/roles/{id_}.md",
            type="role-assignment",
            id=id_,
            school="otterbeck",
            **{"person": small.COACHEE, "role": held, "from": "2026-09-01"},
        )

    (finding,) = found(workspace, "CB712")

    assert finding.message == (
        "Nerys is head, whom the policy keeps out of coaching, and also impact monitor, "
        "whose key opens notes"
    )
    assert finding.severity is Severity.ERROR
    assert finding.clause


def test_roles_that_follow_one_another_are_no_conflict(workspace: Path) -> None:
    """Whoever gave up the one before the other began never held both."""
    for id_, held, days in (
        ("r-4kq2m4xd", "ect-coach", {"from": "2026-09-01", "to": "2026-10-01"}),
        ("r-4kq2m4xe", "capability-mentor", {"from": "2026-11-02"}),
    ):
        write(
            workspace,
            f"records/otterbeck/roles/{id_}.md",
            type="role-assignment",
            id=id_,
            school="otterbeck",
            person=small.COACH,
            role=held,
            **days,
        )

    assert found(workspace, "CB712") == []


def test_a_rubric_of_the_trust_is_enough(workspace: Path) -> None:
    """A goal can name a strand once the trust has written its rubric down."""
    policy = workspace / small.POLICY
    text = policy.read_text(encoding="utf-8")
    policy.write_text(
        text.replace("goal.rubric_required: false", "goal.rubric_required: yes"), encoding="utf-8"
    )
    assert [one.code for one in found(workspace, "CB711")] == ["CB711"]

    trust = workspace / TRUST
    line = "demonstration: true\n"
    source = trust.read_text(encoding="utf-8")
    trust.write_text(source.replace(line, f"{line}rubric: [modelling]\n"), encoding="utf-8")

    assert found(workspace, "CB711") == []


def test_sessions_in_slots_need_a_schedule(workspace: Path) -> None:
    """A school whose sessions have slots is reminded of a schedule that is not there."""
    settings(workspace, "session.window: scheduled-slot")

    (finding,) = found(workspace, "CB711")

    assert finding.message == (
        "a session takes place in its scheduled slot, and there is no schedule"
    )
    assert finding.severity is Severity.WARNING


def test_a_policy_that_cannot_be_ordered_stops_its_school(workspace: Path) -> None:
    """Two versions for one day stop the school whose they are."""
    policy = workspace / small.POLICY
    text = policy.read_text(encoding="utf-8").replace("version: 2026-09\n", "version: 2026-10\n")
    (policy.parent / "policy-2026-10.md").write_text(text, encoding="utf-8")

    (finding,) = found(workspace, "CB709")

    assert (finding.school, finding.consequence) == ("otterbeck", Consequence.STOPS)
    assert finding.path.endswith("policy-2026-10.md")
    assert finding.span.line > 1

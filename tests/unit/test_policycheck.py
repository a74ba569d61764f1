"""A policy beside its forms, its holders and the day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coachbook.diagnostics import Consequence, Severity
from coachbook.forms import Forms, builtin_forms, load_forms
from coachbook.policycheck import (
    clear_rows,
    is_used,
    missing_rows,
    own_form_findings,
    policy_findings,
    row_names,
)
from tests.policies import SMALL, changed, policy, with_settings

if TYPE_CHECKING:
    from coachbook.policy import Policy

OTTERBECK = Path(__file__).parents[2] / "records/otterbeck/policy-2026-09.md"


def small_forms() -> Forms:
    """One form that names the two rows of the small policy."""
    text = b"""form: talk
version: 1
type: talk
title: Talk
purpose: A talk.
prefix: s
identity: random
place: "records/{school}/{id}.md"
row: session header
sections:
  Notes: {row: session notes, sealed: true}
"""
    return load_forms([("talk.yml", text)])


TODAY = date(2026, 11, 20)


def test_a_table_that_fits_its_forms_has_no_finding() -> None:
    """A ratified policy with a row for each part, open to every holder, is in order."""
    assert policy_findings(policy(), small_forms(), TODAY) == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "code", "message", "hint"),
    [
        pytest.param(
            "| Session notes | write | write | read | - |\n",
            "",
            38,
            "CB703",
            'the table has no row "Session notes", so nobody could read that part',
            "add a row that begins | Session notes |",
            id="missing row",
        ),
        pytest.param(
            "| Session notes | write",
            "| Session notes | write | write | read | - |\n| Sesion note | write",
            42,
            "CB714",
            'no form has a part called "Sesion note"',
            'did you mean "session notes"?',
            id="unknown row",
        ),
        pytest.param(
            "| Coachee | Coach |",
            "| Cochee | Coach |",
            38,
            "CB714",
            '"cochee" is neither a relation nor a role',
            'did you mean "coachee"?',
            id="unknown column",
        ),
    ],
)
def test_a_table_that_does_not_fit_the_forms_is_pointed_at(
    old: str, new: str, line: int, code: str, message: str, hint: str
) -> None:
    """A missing row, a row of no form and a column for nobody are findings."""
    found = policy_findings(policy(SMALL.replace(old, new)), small_forms(), TODAY)

    assert [(one.span.line, one.code, one.message, one.hint) for one in found] == [
        (line, code, message, hint)
    ]


@pytest.mark.parametrize("cell", ["–", "figures"])
def test_a_holder_of_the_repository_cannot_be_denied_what_is_clear(cell: str) -> None:
    """Whoever has a copy of the records can read its clear parts, so the table must say so."""
    text = SMALL.replace("| read | write | read | read |", f"| read | write | read | {cell} |")
    (found,) = policy_findings(policy(text), small_forms(), TODAY)

    assert (found.code, found.span.line, found.clause) == ("CB706", 40, "10.1")
    assert found.consequence is Consequence.STOPS
    assert found.message == (
        '"Session header" stands in clear, and the table denies it to the lead coaches, '
        "who can read every file"
    )


def test_a_holder_may_be_denied_what_is_sealed() -> None:
    """The lead coaches hold the repository and still have no key to the notes."""
    assert "session-notes" not in clear_rows(small_forms())
    assert "session-notes" in row_names(small_forms().newest())


@pytest.mark.parametrize(
    ("old", "new", "today", "message"),
    [
        ("ratified_on: 2026-07-09\n", "", TODAY, "the policy is not ratified"),
        (
            "ratified_on: 2026-07-09",
            "ratified_on: 2026-10-08",
            TODAY,
            "the policy is in force from 1 Sep 2026, and adopted on 8 Oct 2026 only",
        ),
        ("", "", date(2027, 8, 1), "the review of the policy was due on 31 Jul 2027"),
    ],
)
def test_a_draft_and_an_overdue_review_are_warnings(
    old: str, new: str, today: date, message: str
) -> None:
    """A policy that was not ratified or not reviewed still holds, and is mentioned."""
    (found,) = policy_findings(policy(SMALL.replace(old, new)), small_forms(), today)

    assert (found.code, found.severity, found.message) == ("CB705", Severity.WARNING, message)
    assert found.consequence is Consequence.LISTED


def otterbeck() -> Policy:
    """The ratified policy of the example school."""
    return policy(OTTERBECK.read_text(encoding="utf-8"))


def test_the_policy_of_the_example_is_in_order() -> None:
    """Otterbeck's policy adds up, by itself and with the forms that come with coachbook."""
    assert policy_findings(otterbeck(), builtin_forms(), date(2027, 3, 12)) == ()


def test_the_table_of_the_example_has_no_row_that_no_form_knows() -> None:
    """Every row of Otterbeck's table is a part of some form."""
    assert set(otterbeck().access) <= set(row_names(builtin_forms()))


def test_the_head_of_the_example_has_a_key_to_no_part_of_coaching() -> None:
    """Otterbeck's head reads impact statements and what is kept apart, never a note."""
    found = otterbeck()
    opened = {row.key for row in found.access.values() if "head" in row.readers()}

    assert opened == {
        "people-and-roles",
        "plans-and-priorities",
        "impact-statement",
        "school-overview",
        "capability-mentoring",
        "probation-review",
        "induction-review",
    }


def test_private_notes_of_the_example_are_for_the_coach_alone() -> None:
    """A coach's private notes have one reader."""
    row = otterbeck().row("coach private notes")

    assert row is not None
    assert row.readers() == ("coach",)


def test_a_row_that_a_school_does_not_use_may_be_missing() -> None:
    """A policy without a row for a form that comes with coachbook does without that form."""
    found = otterbeck()
    sheet = builtin_forms().latest("graded-sheet")
    assert sheet is not None

    assert missing_rows(found, sheet) == ("graded sheet",)
    assert not is_used(found, sheet)
    assert [f.code for f in policy_findings(found, builtin_forms(), TODAY)] == []


def test_a_form_with_all_its_rows_is_used() -> None:
    """Without a list of forms, a school uses every form for whose parts it has rows."""
    talk = small_forms().latest("talk")
    assert talk is not None

    assert is_used(policy(), talk)


def test_a_form_that_the_policy_does_not_list_is_not_used() -> None:
    """Where a policy lists the forms of its notes, the others are not offered."""
    forms = builtin_forms()
    found = {name: forms.latest(name) for name in ("coaching-session", "grow", "cycle")}

    assert {name: is_used(otterbeck(), form) for name, form in found.items() if form} == {
        "coaching-session": True,
        "grow": False,
        "cycle": True,
    }


def own_forms() -> Forms:
    """The forms of coachbook and one of a workspace's own, with a row of its own."""
    text = b"""form: wellbeing-walk
version: 1
type: wellbeing-walk
title: Walk
purpose: A walk round the field.
prefix: ww
place: "records/{school}/{id}.md"
row: session header
sections:
  Notes: {row: walk notes, sealed: true}
"""
    return load_forms([("walk.yml", text)], base=builtin_forms())


def test_a_form_of_ones_own_needs_a_row_in_some_table() -> None:
    """A form that no school's table knows could be opened by nobody, and stops them all."""
    (found,) = own_form_findings([otterbeck()], own_forms())

    assert (found.code, found.consequence) == ("CB710", Consequence.STOPS)
    assert found.message == 'the form "Walk" has a part "Walk notes", and the table has no such row'
    assert found.hint == (
        "add a row that begins | Walk notes |, or take the form out of records/forms/"
    )


def test_a_form_of_ones_own_that_one_school_uses_binds_no_other() -> None:
    """Once one table has the rows of a form, the other schools do without it."""
    row = "| Session notes | write | write | read | - |\n"
    user = changed((row, f"{row}| Walk notes | write | write | read | - |\n"))

    assert list(own_form_findings([user, otterbeck()], own_forms())) == []


@pytest.mark.parametrize(
    ("settings", "message", "hint"),
    [
        (
            "forms.used: [coaching-sesion]",
            'there is no form "coaching-sesion"',
            'did you mean "coaching-session"?',
        ),
        (
            'approaches.for_roles: ["subject leads: instructionel for their subject"]',
            'there is no approach "instructionel"',
            'did you mean "instructional"?',
        ),
        (
            'approaches.for_roles: ["subject leads coach"]',
            '"subject leads coach" does not say who uses which approach',
            'write it as "subject leads: instructional for their subject"',
        ),
    ],
)
def test_a_name_that_nobody_knows_is_pointed_at(settings: str, message: str, hint: str) -> None:
    """A form or an approach that is not there is named with its clause and the nearest word."""
    found = with_settings(settings)

    assert [
        (one.code, one.message, one.hint, one.clause)
        for one in policy_findings(found, builtin_forms(), TODAY)
        if one.code == "CB714"
    ] == [("CB714", message, hint, "4.3")]


@pytest.mark.parametrize("pointer", ["clause 4.9", "Section 12", "section 3"])
def test_a_clause_that_points_nowhere_is_pointed_at(pointer: str) -> None:
    """A number that the document does not have is a finding."""
    found = changed(("4.1 Coaching comes in cycles.", f"4.1 Coaching comes in cycles; {pointer}."))

    (finding,) = policy_findings(found, small_forms(), TODAY)

    assert finding.code == "CB714"
    assert finding.message == f'4.1 points to "{pointer}", which is not in this document'


@pytest.mark.parametrize("pointer", ["clause 4.2", "Section 11", "section 4", "clauses 4.1"])
def test_a_clause_that_points_to_another_is_in_order(pointer: str) -> None:
    """A clause may point to any clause and any part that is there."""
    found = changed(("4.1 Coaching comes in cycles.", f"4.1 Coaching comes in cycles; {pointer}."))

    assert policy_findings(found, small_forms(), TODAY) == ()


def test_a_preset_that_does_not_exist_is_a_finding() -> None:
    """A policy says which preset it was started from, and there is such a preset."""
    found = changed(("session.minutes.max", "preset: head-included\nsession.minutes.max"))

    (finding,) = policy_findings(found, small_forms(), TODAY)

    assert (finding.code, finding.consequence) == ("CB715", Consequence.STOPS)
    assert finding.message == 'there is no preset "head-included"'
    assert finding.hint == 'did you mean "head-excluded"? or leave `preset` out'

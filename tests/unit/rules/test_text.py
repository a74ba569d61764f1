"""The text rules where they bite: before sealing, and on what everybody may read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.drafting import plan_seal
from coachbook.forms import builtin_forms
from coachbook.lints import around_of, lints_of
from coachbook.overviews.write_forms import form_model
from coachbook.record import Record, parse_record
from coachbook.rules import check_section, check_text
from tests.unit.conftest import TODAY
from tests.workspaces.otterbeck_small import POLICY, ROOT

if TYPE_CHECKING:
    from pathlib import Path

PATH = "records/otterbeck/2026-27/c-0a1b2c3d/2026-11-12-s-2b4d6f8h.md"
SESSION = """\
---
type: session
id: s-2b4d6f8h
school: otterbeck
cycle: c-0a1b2c3d
date: 2026-11-12
status: held
kind: coaching
minutes: 14
---
"""
STATEMENT = """\
---
type: impact-statement
id: i-2b5n8v1c
school: otterbeck
cycle: c-0a1b2c3d
date: 2026-11-12
author: p-m3v8x1ra
---
"""
BOOK = load_book(ROOT, today=TODAY)


def record(source: str) -> Record:
    """A record of the small school."""
    found = parse_record(PATH, source.encode())
    assert isinstance(found, Record)
    return found


def found(text: str) -> list[tuple[str, str]]:
    """Codes and clauses of what the rules find in an impact statement."""
    about = record(f"{STATEMENT}\n## Statement\n\n{text}\n")
    return [(one.code, one.clause) for one in check_text(BOOK, about, "Statement", text)]


def test_a_text_about_safeguarding_is_not_sealed() -> None:
    """The record stays plain and nothing of it is written, until that is taken out."""
    text = "## Notes\n\nA pupil disclosed that his uncle shouts at him.\n"
    plan = plan_seal(BOOK, record(f"{SESSION}\n{text}"), random=os.urandom)

    assert [finding.code for finding in plan.findings] == ["CB419"]
    assert plan.tasks == ()
    assert plan.remarks == ()
    assert "uncle" not in str(plan.findings)


def test_a_name_does_not_stop_sealing() -> None:
    """A lint can be wrong, so the note is sealed and the place is told."""
    plan = plan_seal(
        BOOK, record(f"{SESSION}\n## Notes\n\nOnly Jayden spoke.\n"), random=os.urandom
    )

    assert plan.findings == ()
    assert [(one.code, one.span.line, one.span.column) for one in plan.remarks] == [
        ("CB416", 14, 6)
    ]
    assert len(plan.tasks) == 1
    assert "CB419" in plan.tasks[0].rules


def test_the_guide_line_is_not_searched() -> None:
    """Names that coachbook itself wrote under a heading are nobody's slip."""
    guide = (
        "<!-- guide: Wren, Idris and Petra can read this. The head cannot. "
        "How did the coaching itself develop over this cycle? "
        "No names, initials, grades or judgements of a teacher. -->\n"
    )

    assert found(f"{guide}The pair met each week.") == []


def test_a_text_for_governors_is_searched_for_people_and_grades() -> None:
    """Initials, a name and a grade are three findings."""
    assert [code for code, _ in found("W.A. moved from RI to good, said Idris.")] == [
        "CB417",
        "CB417",
        "CB418",
    ]


def test_a_policy_can_leave_that_search_out(workspace: Path) -> None:
    """With `identity.lint: no` a statement is searched for pupils and safeguarding alone."""
    path = workspace / POLICY
    text = path.read_text().replace("identity.lint: true", "identity.lint: false")
    path.write_text(text)
    policy = load_book(workspace, today=TODAY).policies["otterbeck"][0]
    form = builtin_forms().latest("impact-statement")
    assert form is not None

    assert lints_of(form.sections[0], policy) == ("pupils", "safeguarding")
    assert lints_of(form.sections[0], None) == (
        "pupils",
        "safeguarding",
        "identity",
        "judgement",
    )


def test_pairs_of_two_schools_know_the_people_of_both() -> None:
    """Whoever works at one of the schools is no pupil."""
    around = around_of(BOOK, ["otterbeck"])

    assert "Wren Ashgrove" in around.people
    assert "Otterbeck Primary" in around.places


def test_public_words_are_searched_by_every_check() -> None:
    """What everyone may read needs no key, so `check` reads it too."""
    praise = record(
        "---\ntype: good-practice\nid: gp-2b5n8v1c\nschool: otterbeck\ndate: 2026-11-12\n"
        "person: p-7kq2m4xa\n---\n\n## Public words\n\nFreya's class sang. It was outstanding.\n"
    )

    places = [
        (one.code, one.span.line, one.span.column)
        for one in check_section(BOOK, praise, praise.sections[0])
    ]

    assert places == [("CB416", 11, 1), ("CB418", 11, 28)]


@pytest.mark.parametrize(
    ("outcome", "codes"),
    [
        ("Outcome: met", ["CB424"]),
        ("Outcome: met\nEvidence: two films", []),
        ("Outcome: changed", []),
    ],
)
def test_a_goal_that_was_met_is_shown(outcome: str, codes: list[str]) -> None:
    """Only the outcome that claims success has to say what shows it."""
    cycle = BOOK.records["records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"]

    assert [one.code for one in check_text(BOOK, cycle, "Outcome", f"{outcome}\n")] == codes


@pytest.mark.parametrize(
    ("setting", "goal", "found"),
    [
        ("yes", "Children ask why.", 1),
        ("yes", "Rubric: Questioning\n\nChildren ask why.", 0),
        ("no", "Children ask why.", 0),
    ],
)
def test_a_goal_names_a_strand_where_the_policy_asks_for_it(
    workspace: Path, setting: str, goal: str, found: int
) -> None:
    """With `goal.rubric_required: yes` a goal has a strand of the rubric; Write asks for it too."""
    path = workspace / POLICY
    text = path.read_text().replace("rubric_required: false", f"rubric_required: {setting}")
    path.write_text(text)
    book = load_book(workspace, today=TODAY)
    cycle = book.records["records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"]
    form = book.forms.latest("cycle")
    assert form is not None

    (shown,) = [
        line["required"]
        for section in form_model(book, form, "otterbeck")["sections"]  # type: ignore[attr-defined]
        for line in section["lines"]
        if line["name"] == "Rubric"
    ]
    assert shown == (setting == "yes")
    assert len(check_text(book, cycle, "Goal", f"{goal}\n")) == found


OPEN_DOOR = """\
form: open-door
version: 1
like: observation@1
title: Open door
purpose: What worked, and for whom.
suits: [drop-in]
sections:
  Good things:
    row: observation form
    sealed: true
    author: [observers]
"""
VISIT = """\
---
type: observation
form: {form}
id: o-7h3k9m1p
school: otterbeck
kind: drop-in
observed: p-n9b4j2ys
observers: [p-m3v8x1ra]
date: 2026-11-05
status: held
---

## {section}

Next steps: try the same with division.
"""


@pytest.mark.parametrize(
    ("form", "section"),
    [
        ("slt-drop-in@1", "Good practice"),
        ("observation@1", "What was seen"),
        ("open-door@1", "Good things"),
    ],
)
def test_no_next_steps_on_a_drop_in_whatever_its_form(
    workspace: Path, form: str, section: str
) -> None:
    """A drop-in is one by its kind: on a form of the school's own, or on that for observations."""
    own = workspace / "records/forms/open-door.yml"
    own.parent.mkdir(exist_ok=True)
    own.write_text(OPEN_DOOR)
    policy = workspace / POLICY
    text = policy.read_text().replace("\n---\n", "\ndropin.next_steps: forbidden\n---\n", 1)
    policy.write_text(text)
    about = record(VISIT.format(form=form, section=section))

    found = check_section(load_book(workspace, today=TODAY), about, about.sections[0])

    assert [(one.code, one.span.line) for one in found] == [("CB431", 15)]


@pytest.mark.parametrize(
    ("decided", "found"),
    [("grades.allowed_to: none", ["CB442"]), ("grades.allowed_to: ect-form", ["CB442"])],
)
def test_no_grade_on_a_drop_in_whoever_may_give_one(
    workspace: Path, decided: str, found: list[str]
) -> None:
    """A grade has a form of its own; in the words about a drop-in it is told by its place."""
    policy = workspace / POLICY
    policy.write_text(policy.read_text().replace("grades.allowed_to: none", decided))
    text = VISIT.format(form="observation@1", section="What was seen")
    about = record(text.replace("Next steps: try", "Graded partly; next, try"))

    faults = check_section(load_book(workspace, today=TODAY), about, about.sections[0])

    assert [one.code for one in faults] == found
    assert "partly" not in faults[0].message + faults[0].hint


def test_words_of_a_schools_own_scale_are_grades(workspace: Path) -> None:
    """What the forms for grades have to choose from is known as a grade; a short word is none."""
    assert around_of(load_book(workspace, today=TODAY), ["otterbeck"]).grades == (
        "fully",
        "not",
        "partly",
    )

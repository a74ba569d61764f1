"""The four presets: documents that governors could ratify, and what each decides."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.clauses import Cell
from coachbook.errors import UsageError
from coachbook.forms import builtin_forms
from coachbook.frontmatter import parse_header
from coachbook.parameter_table import PARAMETERS
from coachbook.policycheck import policy_findings
from coachbook.policyconflicts import conflict_findings
from coachbook.policylimits import limit_findings
from coachbook.presets import (
    PRESETS,
    fill_preset,
    preset_document,
    preset_names,
    preset_values,
)
from tests.policies import parsed, policy

if TYPE_CHECKING:
    from coachbook.frontmatter import Value

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize("name", preset_names())
def test_every_setting_of_a_preset_fits_its_parameter(name: str) -> None:
    """The header of a preset's document holds parameters of the table, with values that fit."""
    fields = parse_header(preset_document(name)).fields

    assert set(fields) - {"type", "preset"} == set(preset_values(name))


def test_there_are_four_presets() -> None:
    """Every preset that is named has its document."""
    assert preset_names() == PRESETS


def test_a_preset_that_does_not_exist_is_named_with_those_that_do() -> None:
    """Asking for an unknown preset shows the choice."""
    with pytest.raises(UsageError, match="no preset 'head-included'") as caught:
        preset_document("head-included")

    assert caught.value.hint == (
        f"did you mean head-excluded? choose one of: {', '.join(preset_names())}"
    )


ANSWERS: dict[str, Value] = {
    "school": "otterbeck",
    "version": "2026-09",
    "effective_from": date(2026, 9, 1),
    "review_due": date(2027, 7, 31),
    "recovery.holder": "nobody",
    "repository.holders": ("office",),
    "keys.publish_protected": "no",
    "retention.notes": "until 31 August after the cycle closes",
    "retention.impact": "for three years",
    "retention.separate": "for six years",
}


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_with_its_answers_is_a_policy_in_order(name: str) -> None:
    """Once its questions are answered, a preset's document only waits to be ratified."""
    found = policy(fill_preset(name, ANSWERS))

    assert [one.code for one in policy_findings(found, builtin_forms(), TODAY)] == ["CB705"]
    assert conflict_findings(found) == ()


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_fits_on_four_pages(name: str) -> None:
    """Governors read at most 1,700 words, the names and cells of the table not counted."""
    text = policy(fill_preset(name, ANSWERS)).rendered("Otterbeck Primary")
    words = [line for line in text.splitlines() if not line.startswith("|")]

    assert len(" ".join(words).split()) <= 1700


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_says_how_coaching_links_to_appraisal_and_pay(name: str) -> None:
    """Staff can read in every policy how coaching, appraisal and pay are connected."""
    headings = [one.text for one in policy(fill_preset(name, ANSWERS)).headings]

    assert any(re.fullmatch(r"\d+ Appraisal and pay", heading) for heading in headings)


@pytest.mark.parametrize(
    ("name", "part", "readers"),
    [
        ("head-collates", "session notes", {"coachee", "coach", "members", "head"}),
        ("head-collates", "observation form", {"observed", "observers", "head"}),
        ("head-collates", "graded sheet", {"observed", "head"}),
        ("head-collates", "appraisal extract", {"subject", "head", "slt", "line-manager"}),
        ("head-excluded", "appraisal extract", {"subject", "head", "line-manager"}),
        ("trust-two-models", "appraisal extract", {"subject", "head", "line-manager"}),
        ("mentor-and-slt", "appraisal extract", {"subject", "head", "line-manager"}),
        ("head-excluded", "session notes", {"coachee", "coach", "monitor"}),
        ("head-excluded", "observation form", {"observed", "observers", "monitor"}),
        ("trust-two-models", "session notes", {"coachee", "coach"}),
        (
            "trust-two-models",
            "observation form",
            {"observed", "observers", "head", "line-manager"},
        ),
        ("mentor-and-slt", "general topics", {"coachee", "coach", "head", "slt"}),
        ("mentor-and-slt", "mentor notes", {"coachee", "coach"}),
        ("mentor-and-slt", "session notes", {"coachee", "coach", "members", "head", "slt"}),
    ],
)
def test_a_preset_opens_a_part_to_these_alone(name: str, part: str, readers: set[str]) -> None:
    """The head reads every note, none, or the forms alone, as the preset has it."""
    row = policy(fill_preset(name, ANSWERS)).row(part)

    assert row is not None
    assert set(row.readers()) == readers


MATRIX = """
                     | head-collates | head-excluded | trust-two-models | mentor-and-slt
session header       | R S S         | S S S         | R - S            | R R S
general topics       | - - -         | - - -         | - - -            | R R -
session notes        | R - -         | - - -         | - - -            | R R -
coach private notes  | - - -         | - - -         | - - -            | - - -
observation form     | R - -         | - - -         | R - R            | R R -
impact statement     | - - -         | R R -         | - - -            | - - -
concern              | R - -         | - - -         | - - -            | R R -
capability mentoring | R - -         | R - -         | R - -            | R - -
appraisal extract    | R R R         | R - R         | R - R            | R - R
"""
"""What the head, the senior leaders and a line manager see of a part: it, figures, or nothing."""

LETTERS = {"R": Cell.READ, "S": Cell.FIGURES, "-": Cell.NONE}


def matrix() -> list[tuple[str, str, list[str]]]:
    """Preset, part and the three letters of the matrix above."""
    presets, *rows = ([one.strip() for one in row.split("|")] for row in MATRIX.split("\n")[1:-1])
    return [
        (name, part, letters.split())
        for part, *cells in rows
        for name, letters in zip(presets[1:], cells, strict=True)
    ]


@pytest.mark.parametrize(("name", "part", "letters"), matrix())
def test_a_preset_shows_leaders_of_each_part_what_the_matrix_says(
    name: str, part: str, letters: list[str]
) -> None:
    """Head, senior leaders and line managers see of each part what their preset is meant to."""
    row = policy(fill_preset(name, ANSWERS)).row(part)
    cells = row.cells if row else {}

    assert [cells.get(role, Cell.NONE) for role in ("head", "slt", "line-manager")] == [
        LETTERS[letter] for letter in letters
    ]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("head-collates", "What a session was about stands in its notes, and in no summary"),
        ("trust-two-models", "belong to the two people in it, and nobody else is told its topics"),
        ("mentor-and-slt", "The head is one of them, and reads what they read"),
    ],
)
def test_a_preset_says_in_words_what_its_table_cannot_show(name: str, part: str) -> None:
    """Where a part has no row of its own, or a reader two titles, a clause says it."""
    assert part in preset_document(name)


@pytest.mark.parametrize("name", PRESETS)
def test_a_private_note_opens_for_its_coach_alone(name: str) -> None:
    """No preset gives anybody else a coach's private notes."""
    row = policy(fill_preset(name, ANSWERS)).row("coach private notes")

    assert row is not None
    assert row.readers() == ("coach",)


def test_an_answer_goes_before_the_value_of_the_preset() -> None:
    """A school may start from a preset and still set its own limit."""
    found = policy(fill_preset("head-excluded", ANSWERS | {"session.minutes.max": 20}))

    assert found.get("session.minutes.max") == 20


@pytest.mark.parametrize("name", preset_names())
def test_the_questions_of_a_preset_are_exactly_what_it_cannot_know(name: str) -> None:
    """What every policy has to say is in a preset or is asked, and never both."""
    asked = {key for key, spec in PARAMETERS.items() if spec.question}
    mandatory = {key for key, spec in PARAMETERS.items() if spec.mandatory}

    assert mandatory - set(preset_values(name)) == asked


@given(st.sampled_from(PRESETS), st.integers(min_value=0), st.integers(min_value=0))
def test_a_document_with_two_lines_lost_is_still_read(name: str, one: int, other: int) -> None:
    """A line that was deleted by mistake leads to findings, and never to a crash."""
    lines = fill_preset(name, ANSWERS).splitlines(keepends=True)
    begins = lines.index("---\n", 1) + 1
    lost = {begins + one % (len(lines) - begins), begins + other % (len(lines) - begins)}

    found, faults = parsed("".join(text for at, text in enumerate(lines) if at not in lost))

    shown = [
        *faults,
        *(policy_findings(found, builtin_forms(), TODAY) if found else ()),
        *(conflict_findings(found) if found else ()),
        *(limit_findings(found) if found else ()),
    ]
    assert all(one.message and one.span.line > 0 for one in shown)

"""Section text: the rules that the portal's script shares."""

from __future__ import annotations

import importlib.util
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.forms import LineForm, SectionForm, parse_section, section_json

VECTORS = Path(__file__).parents[2] / "vectors"
TODAY = date(2026, 11, 12)
STEPS = SectionForm("Action steps", steps=True)
FULL = SectionForm(
    "Outcome",
    required=True,
    steps=True,
    lines=(LineForm("Outcome", "choice", ("met", "not-met"), required=True), LineForm("Strand")),
)


def vectors() -> list[dict[str, object]]:
    """The cases that Python and TypeScript are held to."""
    found: list[dict[str, object]] = json.loads(
        (VECTORS / "text-rules.json").read_text(encoding="utf-8")
    )
    return found


def form_of(section: object) -> SectionForm:
    """The form of a case."""
    assert isinstance(section, dict)
    lines = tuple(
        LineForm(
            line["name"],
            line["type"],
            tuple(line["choices"]),
            line["required"],
            shown_by=tuple(line["shownBy"].items()),
            helped_by=tuple(line["helpedBy"].items()),
        )
        for line in section["lines"]
    )
    return SectionForm(
        section["name"],
        required=section["required"],
        steps=section["steps"],
        lines=lines,
        items=section["items"],
    )


@pytest.mark.parametrize("case", vectors(), ids=lambda case: str(case["name"]))
def test_text_is_read_as_the_shared_cases_say(case: dict[str, object]) -> None:
    """Data and faults are those of the file, to the column and the word."""
    words, filled = case["words"], case["filled"]
    assert words is None or isinstance(words, int)
    assert isinstance(filled, list)

    data, faults = parse_section(
        str(case["text"]),
        form_of(case["section"]),
        today=date.fromisoformat(str(case["today"])),
        words=words,
        filled=tuple(str(name) for name in filled),
    )

    assert section_json(data) == case["data"]
    found = [
        {"code": f.code, "line": f.line, "column": f.column, "message": f.message, "hint": f.hint}
        for f in faults
    ]
    assert found == case["faults"]


def test_the_shared_cases_are_those_of_their_script() -> None:
    """Nobody edits the file by hand; the cases are read there and rebuilt."""
    spec = importlib.util.spec_from_file_location("cases", VECTORS / "make_text_rules.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    assert module.document() == (VECTORS / "text-rules.json").read_text(encoding="utf-8")


def test_steps_know_their_line() -> None:
    """So that an overdue one can be shown in its place."""
    data, _ = parse_section("First.\n\n- [ ] Wait (by 19 Nov)\n", STEPS, today=TODAY)

    assert [step.line for step in data.steps] == [3]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80), st.integers(0, 5))
def test_faults_lie_in_the_text_and_never_quote_it(text: str, words: int) -> None:
    """Whatever somebody writes, a fault is a place and a sentence of ours."""
    _, faults = parse_section(text, FULL, today=TODAY, words=words)
    _, plain = parse_section("x y z x y z", FULL, today=TODAY, words=words)

    rows = text.split("\n")
    for fault in faults:
        assert 1 <= fault.line <= len(rows)
        assert 1 <= fault.column <= len(rows[fault.line - 1]) + 1
    templates = {fault.message for fault in plain} | MESSAGES
    assert all(
        fault.message in templates or fault.message.startswith("the section has ")
        for fault in faults
    )


MESSAGES = {
    "this action step has no date",
    "the date of this action step cannot be read",
    'the value of "Outcome" is not among its choices',
    '"Outcome" stands here a second time',
    '"Strand" stands here a second time',
    'section "Outcome" is empty and has to be filled in',
    '"Outcome" has to be filled in',
}


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.sampled_from(["{d} {m}", "{m} {d}"]))
def test_a_day_without_a_year_is_the_next_one(day: date, shape: str) -> None:
    """Within a year of the record's date, or eight for a 29 February."""
    written = shape.format(d=day.day, m=day.strftime("%b"))

    data, _ = parse_section(f"- [ ] Wait (by {written})", STEPS, today=TODAY)

    due = data.steps[0].due
    assert due is not None
    assert (due.day, due.month) == (day.day, day.month)
    assert TODAY <= due <= date(2028, 2, 29)


@pytest.mark.parametrize(
    "text", [" " * 1_000_000, "(by " * 250_000, "- " * 500_000, "x: " * 300_000]
)
def test_a_hostile_megabyte_is_read_in_one_pass(text: str) -> None:
    """Time grows with the length of a text, not with its square: such a text ends this test."""
    data, _ = parse_section(text, FULL, today=TODAY, words=5)

    assert data.lines == {}

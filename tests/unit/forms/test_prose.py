"""What running text may give away, held to the sentences that the portal is held to as well."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.forms import Around, check_prose

VECTORS = Path(__file__).parents[2] / "vectors" / "text"
LINTS = ("pupils", "identity", "judgement", "safeguarding", "steps", "grades")


def around() -> Around:
    """What the sentences take for granted."""
    raw = json.loads((VECTORS / "around.json").read_text(encoding="utf-8"))
    return Around(tuple(raw["people"]), tuple(raw["places"]), raw["route"], tuple(raw["grades"]))


def sentences(lint: str) -> list[str]:
    """The sentences of a file, with what has to be found between asterisks."""
    rows = (VECTORS / f"{lint}.txt").read_text(encoding="utf-8").splitlines()
    return [row for row in rows if row and not row.startswith("#")]


def columns(marked: str) -> list[int]:
    """Where the marked words begin once the marks are taken out."""
    parts = marked.split("*")
    starts = [sum(len(part) for part in parts[:at]) + 1 for at in range(len(parts))]
    return starts[1::2]


@pytest.mark.parametrize(
    ("lint", "marked"), [(lint, marked) for lint in LINTS for marked in sentences(lint)]
)
def test_what_is_marked_is_found_and_nothing_else(lint: str, marked: str) -> None:
    """A lint finds the marked words of each sentence, to the column."""
    found = check_prose(marked.replace("*", ""), (lint,), around())

    assert [fault.column for fault in found] == columns(marked)


def test_the_sentences_are_many() -> None:
    """A lint of names is only as good as the sentences it was tried on."""
    marked = [sentence for lint in LINTS for sentence in sentences(lint) if "*" in sentence]
    clean = [sentence for lint in LINTS for sentence in sentences(lint) if "*" not in sentence]

    assert len(marked) >= 60
    assert len(clean) >= 60


def test_a_name_is_told_once() -> None:
    """A note that names a pupil in every line is one thing to mend."""
    found = check_prose("Kai read.\nThen Kai wrote, and Freya read.\n", ("pupils",), Around())

    assert [(fault.line, fault.column) for fault in found] == [(1, 1), (2, 21)]


def test_whoever_the_records_know_is_no_pupil() -> None:
    """A colleague's name passes, also without its accents."""
    text = "Zoe asked, and Zoë answered.\n"

    assert check_prose(text, ("pupils",), Around(people=("Zoë Bjørnsdal",))) == ()
    assert len(check_prose(text, ("pupils",), Around())) == 1


def test_columns_count_characters_and_lines_are_those_of_the_text() -> None:
    """So that an editor jumps to the word."""
    (fault,) = check_prose("First.\n\n\U0001f642 \U0001f642 with Kai.\n", ("pupils",), Around())

    assert (fault.line, fault.column) == (3, 10)


def test_safeguarding_points_to_the_schools_own_form() -> None:
    """The message tells the way that is right, and nothing of the text."""
    text = "She disclosed that her stepdad is violent.\n"
    (fault,) = check_prose(text, ("safeguarding",), Around(route="https://otterbeck.example/form"))

    assert fault.code == "CB419"
    assert fault.hint.endswith("the school's own form: https://otterbeck.example/form")
    assert "stepdad" not in fault.message + fault.hint


def test_the_worked_example_of_a_statement() -> None:
    """Initials and a grade in one sentence are two findings, at their places."""
    text = "W.A. has improved from RI to good.\n"
    found = check_prose(text, ("identity", "judgement"), Around(people=("Wren Ashgrove",)))

    assert [(fault.code, fault.column) for fault in found] == [("CB417", 1), ("CB418", 19)]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_prose_faults_lie_in_the_text(text: str) -> None:
    """Whatever somebody writes, a fault is a place in it and a sentence of ours."""
    rows = text.split("\n")

    for fault in check_prose(text, LINTS, around()):
        assert 1 <= fault.line <= len(rows)
        assert 1 <= fault.column <= len(rows[fault.line - 1])
        assert fault.message.startswith("this ")


@pytest.mark.parametrize(
    "text",
    [
        "Kai " * 40_000,
        "A." * 50_000,
        "a-" * 300_000,
        "' " * 300_000,
        "Abcd, " * 25_000,
        "you should " * 20_000,
    ],
)
def test_a_hostile_text_is_searched_in_one_pass(text: str) -> None:
    """Time grows with the length of a text, not with its square: such a text ends this test."""
    found = check_prose(text, LINTS, Around())

    assert all(fault.line == 1 for fault in found)

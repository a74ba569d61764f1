"""Findings as text, JSON and annotations."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from coachbook.diagnostics import Diagnostic, Severity, Span
from coachbook.report import ANNOTATIONS, render_github, render_json, render_text
from coachbook.rules import Tally

PATH = "records/otterbeck/2026-27/c-0a1b2c3d/2026-11-12-s-7kq2m4xa.md"
SOURCE = "---\ntype: session\nid: s-7kq2m4xa\nminutes: 18\n---\n\n## Notes\n\nsecret text\n"
TALLY = Tally(files=46, sealed_sections=12)

MINUTES = Diagnostic(
    path=PATH,
    span=Span(4, 10, 12),
    code="CB302",
    severity=Severity.WARNING,
    message="18 minutes; the limit at Otterbeck Primary is 15",
    hint="if that is how long it took, leave it",
    clause="4.2",
    record="s-7kq2m4xa",
    school="otterbeck",
)
NOTES = Diagnostic(
    path=PATH,
    span=Span(9),
    code="CB501",
    severity=Severity.ERROR,
    message="section “Notes” is confidential and is not sealed",
    quotable=False,
)


def test_a_finding_is_printed_with_its_line_marked() -> None:
    """The text report shows place, code, clause, the line, the spot, and what to do."""
    text = render_text([MINUTES], {PATH: SOURCE}, TALLY)

    assert text == (
        f"{PATH}:4:10: CB302 warning: 18 minutes; the limit at Otterbeck Primary is 15 [4.2]\n"
        "  4 | minutes: 18\n"
        "    |          ^^\n"
        "  hint: if that is how long it took, leave it\n"
        "\n"
        "46 files checked: 0 errors, 1 warning\n"
        "12 sealed sections not looked into: their text is checked when it is sealed\n"
    )


def test_a_line_that_may_be_confidential_is_not_printed() -> None:
    """A finding about confidential text names its place and shows nothing of it."""
    text = render_text([NOTES], {PATH: SOURCE}, TALLY)

    assert "secret" not in text
    assert f"{PATH}:9:1: CB501 section “Notes”" in text


def test_a_clean_workspace_is_one_line() -> None:
    """Where nothing is wrong the report says what was checked."""
    assert render_text([], {}, Tally(1, 0)) == "1 file checked: 0 errors, 0 warnings\n"


def test_colour_is_only_added_on_request() -> None:
    """Escape codes appear on a terminal and nowhere else."""
    plain = render_text([MINUTES], {PATH: SOURCE}, TALLY)
    coloured = render_text([MINUTES], {PATH: SOURCE}, TALLY, colour=True)

    assert "\x1b" not in plain
    assert "\x1b[33mCB302\x1b[0m" in coloured


def test_a_record_cannot_write_to_the_terminal() -> None:
    """Control characters in a quoted line or a message arrive as replacement characters."""
    source = "one\ntwo\nthree\nmin\x1b]0;boo\x07utes: 18\n"
    finding = replace(MINUTES, message="18\x1b[2J minutes")

    text = render_text([finding], {PATH: source}, TALLY)

    assert "\x1b" not in text
    assert "\x07" not in text


def test_a_long_line_is_cut_round_the_place() -> None:
    """A line of a thousand characters is shown as far as it helps."""
    source = "\n" * 3 + "a" * 500 + "here" + "b" * 500
    finding = replace(MINUTES, span=Span(4, 501, 505))

    lines = render_text([finding], {PATH: source}, TALLY).splitlines()

    assert len(lines[1]) < 120
    start = lines[2].index("^")
    assert lines[1][start : start + 4] == "here"


def test_the_caret_stands_under_wide_characters() -> None:
    """The mark accounts for characters that take two columns."""
    finding = replace(MINUTES, span=Span(1, 8, 10))

    lines = render_text([finding], {PATH: "name: 😀 xy"}, TALLY).splitlines()

    assert lines[2].endswith(" " * 8 + "^" * 2 + "")
    assert lines[2].count("^") == 2


def test_a_place_behind_the_line_does_no_harm() -> None:
    """A span that lies outside the file is still reported."""
    finding = replace(MINUTES, span=Span(99, 7))

    assert "CB302" in render_text([finding], {PATH: SOURCE}, TALLY)


def test_json_is_the_documented_contract() -> None:
    """Programs find every part of a finding under its documented name."""
    report = json.loads(render_json([MINUTES, NOTES], TALLY))

    assert report == {
        "version": 1,
        "summary": {
            "errors": 1,
            "warnings": 1,
            "information": 0,
            "waived": 0,
            "files": 46,
            "sealed_sections": 12,
        },
        "findings": [
            {
                "path": PATH,
                "line": 4,
                "column": 10,
                "end_column": 12,
                "code": "CB302",
                "severity": "warning",
                "message": "18 minutes; the limit at Otterbeck Primary is 15",
                "hint": "if that is how long it took, leave it",
                "clause": "4.2",
                "consequence": "listed",
                "record": "s-7kq2m4xa",
                "school": "otterbeck",
                "waiver": None,
            },
            {
                "path": PATH,
                "line": 9,
                "column": 1,
                "end_column": 0,
                "code": "CB501",
                "severity": "error",
                "message": "section “Notes” is confidential and is not sealed",
                "hint": "",
                "clause": "",
                "consequence": "listed",
                "record": "",
                "school": "",
                "waiver": None,
            },
        ],
    }


def test_annotations_are_capped_for_each_level() -> None:
    """A git host shows ten of each level, so no more than ten are sent."""
    errors = [replace(NOTES, span=Span(line)) for line in range(1, 31)]
    warnings = [replace(MINUTES, span=Span(line)) for line in range(1, 31)]

    log = render_github([*errors, *warnings], TALLY).log

    assert log.count("::error ") == ANNOTATIONS
    assert log.count("::warning ") == ANNOTATIONS
    assert "40 more findings in the summary of this run" in log


def test_every_code_is_annotated_before_one_is_repeated() -> None:
    """Thirty findings of one kind do not hide the only one of another."""
    errors = [replace(NOTES, span=Span(line)) for line in range(1, 31)]
    last = replace(NOTES, code="CB604", span=Span(40))

    assert "title=CB604" in render_github([*errors, last], TALLY).log


@pytest.mark.parametrize(
    ("message", "escaped"),
    [
        ("two\nlines", "two%0Alines"),
        ("100 %", "100 %25"),
        ("\r\n::error::forged", "%0D%0A::error::forged"),
    ],
)
def test_a_message_stays_one_workflow_command(message: str, escaped: str) -> None:
    """What stands in a message cannot end the annotation or begin another."""
    log = render_github([replace(NOTES, message=message)], TALLY).log

    assert log.splitlines()[0].endswith(f"::{escaped}")


def test_a_path_cannot_add_properties() -> None:
    """Commas and colons in a path are escaped."""
    log = render_github([replace(NOTES, path="a,line=1::b.md")], TALLY).log

    assert "file=a%2Cline=1%3A%3Ab.md,line=9" in log


def test_the_summary_lists_everything_by_code() -> None:
    """The page about the run holds every finding, as text that is no HTML."""
    summary = render_github([MINUTES, replace(NOTES, message="<b>x</b> & y")], TALLY).summary

    assert "### CB302 (1)" in summary
    assert "### CB501 (1)" in summary
    assert "&lt;b>x&lt;/b> &amp; y" in summary

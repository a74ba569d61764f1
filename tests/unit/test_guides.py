"""What `new` writes under a heading, and how it goes away again."""

from __future__ import annotations

import pytest

from coachbook.forms import Form, load_forms
from coachbook.guides import (
    blank_lines,
    format_guide,
    guide_prompt,
    with_blank_lines,
    without_guides,
)
from coachbook.record import Record, parse_record

FORM = b"""form: visit
version: 1
type: visit
title: Visit
purpose: Somebody looks in.
prefix: v
place: "records/{school}/{id}.md"
row: visits
scales:
  seen: {choices: [n/a, not, fully], aside: [n/a]}
sections:
  Lesson:
    sealed: true
    prompt: What was seen.
    lines:
      Second adult: {type: boolean}
      1a Room: {scale: seen}
      1a comment: {type: text}
      1b Goals: {scale: seen}
  Notes: {sealed: true, prompt: What else.}
"""
NAMES = frozenset({"Wren"})
GUIDE = "<!-- guide: Only Wren can read this. What else. -->\n"


def visit() -> Form:
    """The form under test."""
    (form,) = load_forms([("visit.yml", FORM)])
    return form


def test_a_guide_line_names_the_answers() -> None:
    """Whoever fills in a form in a plain editor sees among what to choose."""
    lesson, notes = visit().sections

    assert guide_prompt(lesson) == (
        "What was seen. Second adult: yes or no. The other lines: n/a, not or fully."
    )
    assert guide_prompt(notes) == "What else."


def test_a_guide_line_says_what_a_line_without_answers_asks_for() -> None:
    """A number, a day, or whatever the form says of it; nobody has to look it up."""
    text = FORM.replace(b"1b Goals: {scale: seen}", b'Minutes: {type: integer}\n'
                        b'      Looked at again: {type: date, help: "When you meet."}')  # fmt: skip
    (form,) = load_forms([("visit.yml", text)])

    assert guide_prompt(form.sections[0]).endswith(
        "Minutes: a whole number. Looked at again: a day, such as 19 Nov; when you meet."
    )


def test_typed_lines_stand_ready_to_be_filled_in() -> None:
    """Each begins with its name; nobody has to remember how it is spelt."""
    assert blank_lines(visit().sections[0].lines) == (
        "Second adult: \n1a Room: \n1a comment: \n1b Goals: \n"
    )


def test_what_nobody_answered_is_no_text() -> None:
    """A section in which only the form has spoken is empty."""
    lesson = visit().sections[0]
    text = f"{format_guide('Only Wren can read this.', lesson)}\n{blank_lines(lesson.lines)}"

    assert without_guides(text, visit(), NAMES) == ""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_answers_stay_as_they_are(newline: str) -> None:
    """Only the lines without an answer go; the spaces of the others are the writer's."""
    text = newline.join(["Second adult: ", "1a Room:  fully ", "1a comment: ", "", "A calm room."])

    assert without_guides(text, visit(), NAMES) == newline.join(
        ["1a Room:  fully ", "1a comment: ", "", "A calm room."]
    )


def test_an_answer_may_stand_below_its_line() -> None:
    """A longer answer begins on the next line, and its name stays above it."""
    text = "1a comment:\nThe room was calm.\n1b Goals:\n"

    assert without_guides(text, visit(), NAMES) == "1a comment:\nThe room was calm.\n"


def test_a_line_that_the_form_does_not_know_is_text() -> None:
    """Somebody's own label is theirs, even with nothing behind it."""
    text = f"{GUIDE}To do:\n"

    assert without_guides(text, visit(), NAMES) == "To do:\n"


def test_in_a_whole_record_a_heading_ends_a_section() -> None:
    """What stands under the next heading is no answer to the line above it."""
    text = "## Lesson\n1a comment:\n\n## Notes\nA calm room.\n"

    assert without_guides(text, visit(), NAMES) == "## Lesson\n\n## Notes\nA calm room.\n"


HEAD = "---\ntype: visit\nid: v-7kq2m4xa\nschool: otterbeck\n---\n\n"


def ready(body: str, *closed: str) -> str:
    """The body of a visit as it is opened for editing."""
    one = parse_record("records/v.md", f"{HEAD}{body}".encode())
    assert isinstance(one, Record)
    return with_blank_lines(one, visit(), closed).removeprefix(HEAD)


def test_the_open_questions_stand_ready_again() -> None:
    """Whoever goes on with a form finds the lines that nobody has answered yet."""
    assert ready("## Lesson\n\n1a Room: fully\nCalm.\n\n## Notes\n") == (
        "## Lesson\n\n1a Room: fully\nCalm.\n\nSecond adult: \n1a comment: \n1b Goals: \n\n"
        "## Notes\n"
    )


def test_what_is_not_for_the_reader_stays_as_it_is() -> None:
    """Nothing is put into a section that somebody else writes."""
    assert ready("## Lesson\n\n## Notes\n", "Lesson") == "## Lesson\n\n## Notes\n"


@pytest.mark.parametrize(
    "text", ["", "Calm.\n", "1a comment:\nCalm.\n", "1b Goals: n/a\n\nCalm.\n"]
)
def test_open_questions_leave_no_trace(text: str) -> None:
    """A section that nobody goes on with keeps its text, and so its seal."""
    opened = ready(f"## Lesson\n{text}").removeprefix("## Lesson\n")

    assert without_guides(opened, visit(), NAMES).strip() == text.strip()

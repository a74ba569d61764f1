"""Rebuilds text-rules.json: run it, then read the difference.

    python tests/vectors/make_text_rules.py

The cases stand here; what is expected of each is what `parse_section` says today. A change of
the file is a change of what both the program and the portal find, and is reviewed as such.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from coachbook.forms import LineForm, SectionForm, parse_section, section_json

TODAY = date(2026, 11, 12)
TARGET = Path(__file__).with_name("text-rules.json")

NOTES = SectionForm("Notes")
STATEMENT = SectionForm("Statement", required=True, words="impact.words.max")
STEPS = SectionForm("Action steps", steps=True)
OUTCOME = SectionForm(
    "Outcome",
    lines=(
        LineForm("Outcome", "choice", ("met", "part-met", "not-met", "changed"), required=True),
        LineForm("Rubric strand"),
    ),
)

PLAN = SectionForm(
    "On track",
    lines=(
        LineForm("On track", "boolean", helped_by=(("no", "Support plan"),)),
        LineForm("Outcome", "choice", ("met", "not-met"), shown_by=(("met", "Evidence"),)),
        LineForm("Evidence"),
        LineForm("Minutes", "integer"),
        LineForm("Review", "date"),
    ),
)
GOAL = SectionForm(
    "Goal",
    lines=(
        LineForm("Rubric", choices=("Questioning and talk", "Early reading"), listed="rubric"),
        LineForm("Evidence base"),
    ),
)
STRENGTHS = SectionForm("Strengths", items=3)
FILLED = ("Notes", "Support plan")
"""Other sections in which something stands, for the cases that say so."""

Case: TypeAlias = "tuple[str, SectionForm, str] | tuple[str, SectionForm, str, int]"

CASES: list[Case] = [
    ("plain text has no data", NOTES, "We talked about wait time.\n\nIt went well."),
    ("tasks are text where no steps are asked for", NOTES, "- [ ] Wait three seconds"),
    ("an empty section is fine where none is asked for", NOTES, ""),
    ("a required section must not be empty", STATEMENT, ""),
    ("white space is empty", STATEMENT, " \n\t\n\u00a0"),
    ("words up to the limit are fine", STATEMENT, "one two three four five", 5),
    ("the first word over the limit is marked", STATEMENT, "one two three\nfour five six seven", 5),
    ("signs alone count as words", STATEMENT, "one - two", 2),
    ("a day without a year is the next one", STEPS, "- [ ] Wait three seconds (by 19 Nov)"),
    ("today counts as the next one", STEPS, "- [ ] Ring the parents (by 12 Nov)"),
    ("a day that has passed is next year's", STEPS, "- [ ] Plan the unit (by 11 Nov)"),
    ("a 29 February may be years away", STEPS, "- [ ] Look back (by 29 Feb)"),
    ("a full date is itself, even if past", STEPS, "- [ ] Look back (by 1 Sep 2026)"),
    ("an ISO date is itself", STEPS, "- [ ] Try it twice (by 2026-12-01)"),
    ("a weekday is understood", STEPS, "- [ ] Try it twice (by Thu 19 Nov)"),
    ("a wrong weekday cannot be read", STEPS, "- [ ] Try it twice (by Mon 19 Nov)"),
    ("month first is understood", STEPS, "- [ ] Try it twice (by Nov 19, 2026)"),
    ("long and ordinal dates are understood", STEPS, "- [ ] Try it (by 1st of December 2026)"),
    ("numbers that can mean one day are understood", STEPS, "- [ ] Try it (by 19/11/2026)"),
    ("numbers that can mean two days are not", STEPS, "- [ ] Try it (by 03/11/2026)"),
    ("a day that does not exist cannot be read", STEPS, "- [ ] Try it (by 31 Nov)"),
    ("words for a day cannot be read", STEPS, "Steps:\n\n- [ ] Try it (by next week)"),
    ("a year of two digits cannot be read", STEPS, "- [ ] Try it (by 19 Nov 26)"),
    ("a step needs a date", STEPS, "- [ ] Wait three seconds\n  - [ ] Smile"),
    ("a finished step needs none", STEPS, "- [x] Wait three seconds\n- [X] Smile"),
    ("a date may stand before the end", STEPS, "- [ ] Wait (by 19 Nov) in every lesson"),
    ("the last date of a step counts", STEPS, "- [ ] Wait (by 19 Nov) (by 26 Nov)"),
    ("an indented line goes on with the step", STEPS, "- [ ] Wait three\n  seconds (by 19 Nov)"),
    ("a bullet at the start of a line is a step", STEPS, "* Wait (by 19 Nov)\n\nThat is all."),
    ("an indented bullet is none", STEPS, "- [ ] Wait (by 19 Nov)\n  - in maths\n  - in writing"),
    ("a step nobody has filled in is none", STEPS, "- [ ] \n- []"),
    ("brackets may be tight", STEPS, "-[ ]Wait (by 19 Nov)"),
    ("lines may end as on Windows", STEPS, "- [ ] Wait (by 19 Nov)\r\n- [x] Smile\r"),
    ("columns count characters", STEPS, "- [ ] Smile \U0001f642 (by soon)"),
    ("a choice is read", OUTCOME, "Outcome: met\nRubric strand: Questioning: depth\n\nIt worked."),
    ("case, spaces and a full stop are forgiven", OUTCOME, "outcome:  Part met."),
    ("bold and bullets are forgiven", OUTCOME, "- **Outcome:** met\n* __Rubric Strand__: **3b**"),
    ("a misspelt choice is named", OUTCOME, "Outcome: nott met"),
    ("an unknown choice lists all", OUTCOME, "Outcome: brilliant"),
    ("a required line must be there", OUTCOME, "It worked."),
    ("a required line must not be empty", OUTCOME, "Outcome:\n\nIt worked."),
    ("an empty section has no missing lines", OUTCOME, "\n"),
    ("a line counts once", OUTCOME, "Outcome: met\nOutcome: not-met"),
    ("another line is text", OUTCOME, "Outcome: met\nFeeling: tired"),
    (
        "whole numbers, days and yes or no are read",
        PLAN,
        "Minutes: 15\nReview: 19 Nov\nOn track: Yes.",
    ),
    ("words are no number", PLAN, "Minutes: fifteen"),
    ("half a number is none", PLAN, "Minutes: 7.5"),
    ("next week is no day", PLAN, "Review: next week"),
    ("perhaps is neither yes nor no", PLAN, "On track: perhaps"),
    ("what was met has to be shown", PLAN, "Outcome: met"),
    ("evidence shows it", PLAN, "Outcome: met\nEvidence: two films"),
    ("what was not met needs no evidence", PLAN, "Outcome: not met"),
    ("off track asks for support", PLAN, "It is early.\n\nOn track: no"),
    (
        "three points are as many as there is room for",
        STRENGTHS,
        "- one\n- two\n1. three\n  - more",
    ),
    ("a word of the trust's list is fine", GOAL, "Rubric: Early reading"),
    (
        "a word near one of the list is named",
        GOAL,
        "Everyone speaks.\n\n- **Rubric:** Early Reading",
    ),
    ("a word off the list is told, and kept", GOAL, "Rubric: Oracy\nEvidence base: Oracy"),
    ("the fourth point is one too many", STRENGTHS, "- one\n* two\n- three\n\n4) four\n- five"),
]


FILLED_CASES: list[Case] = [
    ("a plan in its own section is support", PLAN, "On track: no"),
    ("another section is no evidence", PLAN, "Outcome: met"),
]


def vector(
    name: str,
    form: SectionForm,
    text: str,
    words: int | None = None,
    filled: tuple[str, ...] = (),
) -> dict[str, Any]:
    """One case with what is found in it."""
    data, faults = parse_section(text, form, today=TODAY, words=words, filled=filled)
    section = {
        "name": form.name,
        "required": form.required,
        "steps": form.steps,
        "lines": [
            {
                "name": x.name,
                "type": x.type,
                "choices": list(x.choices),
                "required": x.required,
                "shownBy": dict(x.shown_by),
                "helpedBy": dict(x.helped_by),
            }
            for x in form.lines
        ],
        "items": form.items,
    }
    return {
        "name": name,
        "section": section,
        "today": TODAY.isoformat(),
        "words": words,
        "filled": list(filled),
        "text": text,
        "data": section_json(data),
        "faults": [asdict(fault) for fault in faults],
    }


def document() -> str:
    """The whole file."""
    vectors = [vector(*case) for case in CASES]
    vectors += [vector(*case, filled=FILLED) for case in FILLED_CASES]
    return json.dumps(vectors, indent=1, sort_keys=False, ensure_ascii=True) + "\n"


if __name__ == "__main__":
    TARGET.write_text(document(), encoding="utf-8")

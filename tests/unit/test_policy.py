"""A policy document as data: parameters, clauses and the table of who can read what."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.diagnostics import Consequence, Diagnostic, Severity
from coachbook.errors import UsageError
from coachbook.forms import Forms, builtin_forms, load_forms
from coachbook.frontmatter import Value, parse_header
from coachbook.people import ROLE_TITLES
from coachbook.policy import (
    PARAMETERS,
    Cell,
    Policy,
    fill_preset,
    parse_policy,
    policy_in_force,
    preset_document,
    preset_names,
)
from coachbook.policycheck import clear_rows, policy_findings, row_names
from coachbook.presets import PRESETS, preset_values
from coachbook.record import Record, parse_record

OTTERBECK = Path(__file__).parents[2] / "records/otterbeck/policy-2026-09.md"

SMALL = """---
type: policy
school: otterbeck
version: 2026-09
effective_from: 2026-09-01
review_due: 2027-07-31
ratified_on: 2026-07-09
session.minutes.max: 15
recovery.holder: nobody
repository.holders: [monitor, lead-coach]
keys.publish_protected: no
retention.notes: until 31 August after the cycle closes
retention.impact: for three years
retention.separate: for six years
appraisal.use: none
---
# Coaching at {{ school.name }}

Version {{ policy.version }}, from {{ policy.effective_from }}.

## 4 Time

4.1 Coaching comes in cycles.

4.2 A session lasts at most {{ session.minutes.max }} minutes.
A longer one is recorded as it was.

## 10 Records

10.1 A copy is held by {{ repository.holders }}. Protected keys
{{ keys.publish_protected }}.

10.2 Notes are kept {{ retention.notes }}, statements {{ retention.impact }}, all
else {{ retention.separate }}. Later it is opened by {{ recovery.holder }}. Appraisal takes {{ appraisal.use }}.

## 11 Who can read what

| Part of a record | Coachee | Coach | Monitor | Lead coach |
|---|:-:|---|---|---|
| Session header | read | write | read | read |
| Session notes | write | write | read | - |
"""


def record(text: str) -> Record:
    """The record of a policy's text."""
    found = parse_record("records/otterbeck/policy-2026-09.md", text.encode())
    assert isinstance(found, Record)
    return found


def parsed(text: str) -> tuple[Policy | None, tuple[Diagnostic, ...]]:
    """The policy of a text, with its findings."""
    form = builtin_forms().latest("policy")
    assert form is not None
    return parse_policy(record(text), form)


def policy(text: str = SMALL) -> Policy:
    """The policy of a text that is as it should be."""
    found, faults = parsed(text)
    assert faults == ()
    assert found is not None
    return found


def faults(old: str, new: str) -> list[tuple[int, str, str, str]]:
    """Line, code, message and hint of what is wrong once `old` is changed to `new`."""
    assert old in SMALL
    _, found = parsed(SMALL.replace(old, new))
    return [(one.span.line, one.code, one.message, one.hint) for one in found]


def test_a_parameter_has_the_type_that_its_table_gives_it() -> None:
    """The header of a policy is read as numbers, yes or no, and lists."""
    found = policy()

    assert found.get("session.minutes.max") == 15
    assert found.get("keys.publish_protected") is False
    assert found.get("repository.holders") == ("monitor", "lead-coach")


def test_a_parameter_that_is_left_out_is_no_rule() -> None:
    """A policy without a target has none, so no session is judged by one."""
    assert policy().get("session.minutes.target") is None
    assert policy().clause_of("session.minutes.target") == ""


def test_the_clause_of_a_parameter_is_the_one_that_shows_it() -> None:
    """A finding about the length of a session quotes the clause with that placeholder."""
    assert policy().clause_of("session.minutes.max") == "4.2"
    assert policy().clause_of("recovery.holder") == "10.2"


def test_a_clause_runs_to_the_next_clause_or_heading() -> None:
    """A clause has its number, its heading, its line and the whole of its text."""
    found = policy().clauses[1]

    assert (found.number, found.heading, found.line) == ("4.2", "4 Time", 25)
    assert found.text == (
        "A session lasts at most {{ session.minutes.max }} minutes.\n"
        "A longer one is recorded as it was."
    )


def test_a_clause_is_read_with_the_values_in_their_places() -> None:
    """What governors read has words and numbers where the file has placeholders."""
    found = policy()
    shown = [clause.rendered(found) for clause in found.clauses]

    assert shown[1].startswith("A session lasts at most 15 minutes.")
    assert shown[2] == (
        "A copy is held by the impact monitor and the lead coaches. Protected keys\n"
        "stay with their owners."
    )


def test_a_document_is_read_with_the_name_of_its_school() -> None:
    """The whole text can be shown with the facts of the policy filled in."""
    shown = policy().rendered("Otterbeck Primary")

    assert "# Coaching at Otterbeck Primary" in shown
    assert "Version 2026-09, from 1 Sep 2026." in shown
    assert "{{" not in shown


def test_a_document_without_the_name_of_its_school_shows_the_id() -> None:
    """Until a school's record is at hand, its id in words stands for its name."""
    assert "# Coaching at Otterbeck\n" in policy().rendered()


def test_a_draft_says_that_it_is_one() -> None:
    """Where the day of ratification would stand, a draft says that it is still to come."""
    text = SMALL.replace("ratified_on: 2026-07-09\n", "")

    assert policy(text).words("policy.ratified_on") == "a day still to come"


def test_the_table_is_read_row_by_row() -> None:
    """Each row of the access table says what each column may do."""
    found = policy()
    row = found.row("session notes")

    assert found.columns == ("coachee", "coach", "monitor", "lead-coach")
    assert row is not None
    assert dict(row.cells) == {
        "coachee": Cell.WRITE,
        "coach": Cell.WRITE,
        "monitor": Cell.READ,
        "lead-coach": Cell.NONE,
    }
    assert row.readers() == ("coachee", "coach", "monitor")


def test_a_part_that_the_table_does_not_name_has_no_row() -> None:
    """There is no default row: a part without one is for nobody."""
    assert policy().row("coach private notes") is None


@pytest.mark.parametrize("dash", ["-", "—", "–"])
def test_any_dash_means_nothing_at_all(dash: str) -> None:
    """A hyphen and the two longer dashes all keep a column out."""
    text = SMALL.replace("| read | - |\n", f"| read | {dash} |\n")
    row = policy(text).row("session notes")

    assert row is not None
    assert row.cells["lead-coach"] is Cell.NONE


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            "A session lasts at most {{ session.minutes.max }} minutes.",
            "A session is short.",
            (
                8,
                "CB701",
                "`session.minutes.max` is set, and no numbered clause says so",
                "write {{ session.minutes.max }} into a clause, or take it out of the header",
            ),
            id="in no clause",
        ),
        pytest.param(
            "4.1 Coaching comes in cycles.",
            "4.1 At most {{ session.minutes.max }} minutes.",
            (
                8,
                "CB701",
                "`session.minutes.max` stands in more than one clause: 4.1, 4.2",
                "let one clause say it, so that a finding can quote that one",
            ),
            id="in two clauses",
        ),
        pytest.param(
            "4.1 Coaching",
            "4.2 Coaching",
            (
                23,
                "CB701",
                "the number 4.2 stands before more than one clause",
                "number each clause once",
            ),
            id="a number twice",
        ),
        pytest.param(
            "session.minutes.max: 15",
            "session.minutes.max: 15\nsession.minutes.targt: 15",
            (
                9,
                "CB702",
                "`session.minutes.targt` is nothing that a policy decides",
                "did you mean `session.minutes.target`?",
            ),
            id="unknown key",
        ),
        pytest.param(
            "4.1 Coaching comes in cycles.",
            "4.1 Coaching follows {{ sesion.models }}.",
            (
                23,
                "CB702",
                "`sesion.models` is nothing that a policy decides",
                "correct the name of the placeholder",
            ),
            id="unknown placeholder",
        ),
        pytest.param(
            "4.1 Coaching comes in cycles.",
            "4.1 It takes {{ session.minutes.target }} minutes.",
            (
                23,
                "CB702",
                "the text shows `session.minutes.target`, and the header does not set it",
                "set it in the header; it decides how long a session is meant to last, in minutes",
            ),
            id="placeholder without a value",
        ),
        pytest.param(
            "4.1 Coaching comes in cycles.",
            "4.1 It takes {{ session minutes }}.",
            (
                23,
                "CB702",
                "this is no placeholder that can be filled",
                "write two braces, the key and two braces, such as {{ session.minutes.max }}",
            ),
            id="broken placeholder",
        ),
        pytest.param(
            "session.minutes.max: 15",
            "session.minutes.max: fifteen",
            (
                8,
                "CB104",
                "`session.minutes.max` says fifteen, expected a whole number from 1 to 480",
                "it decides the longest a session should last, in minutes",
            ),
            id="value that does not fit",
        ),
        pytest.param(
            "[monitor, lead-coach]",
            "[monitor, janitor]",
            (
                10,
                "CB104",
                "`repository.holders` says [monitor, janitor], expected a list, each one of "
                + ", ".join(ROLE_TITLES),
                "it decides roles that hold a copy of all the records",
            ),
            id="list item that does not fit",
        ),
        pytest.param(
            "| Session notes | write | write | read | - |",
            "| Session notes | write | write | reed | - |",
            (
                41,
                "CB703",
                '"reed" is nothing a column can do',
                "write read, write, figures or –",
            ),
            id="unknown cell",
        ),
        pytest.param(
            "| Session notes | write | write | read | - |",
            "| Session notes | write | write | read | |",
            (
                41,
                "CB703",
                "an empty cell is nothing a column can do",
                "write read, write, figures or –",
            ),
            id="empty cell",
        ),
        pytest.param(
            "| Session notes | write | write | read | - |",
            "| Session notes | write | write | read |",
            (
                41,
                "CB703",
                "the row has 3 cells for 4 columns",
                "write – where a column may do nothing",
            ),
            id="short row",
        ),
        pytest.param(
            "| Session notes |",
            "| Session header |",
            (41, "CB703", 'there are two rows "Session header"', "keep one"),
            id="row twice",
        ),
        pytest.param(
            "| Monitor | Lead coach |",
            "| Coach | Lead coach |",
            (38, "CB703", 'there are 2 columns "coach"', "keep one"),
            id="column twice",
        ),
        pytest.param(
            "| Part of a record |",
            "| Coachee |",
            (
                38,
                "CB703",
                'the first column of the table is not "Part of a record"',
                "begin the table with | Part of a record |",
            ),
            id="first column",
        ),
        pytest.param(
            "|---|:-:|---|---|---|\n",
            "",
            (
                38,
                "CB703",
                "the line under the head of the table is no row of dashes",
                "write |---| for each column",
            ),
            id="no rule under the head",
        ),
        pytest.param(
            "| Session notes |",
            "\n| Session notes |",
            (
                42,
                "CB703",
                "this row stands apart from the table",
                "keep the rows together, each from its first bar",
            ),
            id="row apart",
        ),
        pytest.param(
            "| Session notes |",
            "    | Session notes |",
            (
                41,
                "CB703",
                "this row stands apart from the table",
                "keep the rows together, each from its first bar",
            ),
            id="indented row",
        ),
        pytest.param(
            "4.1 Coaching comes in cycles.",
            "<!--\n4.1 Coaching comes in cycles.\n-->",
            (
                23,
                "CB703",
                "HTML or a code block could hide a row or a clause from those who ratify this",
                "write it as plain headings, paragraphs and one table",
            ),
            id="hidden in a comment",
        ),
        pytest.param(
            "4.1 Coaching comes in cycles.",
            "```\n4.1 Coaching comes in cycles.\n```",
            (
                23,
                "CB703",
                "HTML or a code block could hide a row or a clause from those who ratify this",
                "write it as plain headings, paragraphs and one table",
            ),
            id="hidden in a fence",
        ),
    ],
)
def test_what_does_not_add_up_is_pointed_at(
    old: str, new: str, expected: tuple[int, str, str, str]
) -> None:
    """A fault of the document is named with its line, what is wrong and what to do."""
    assert expected in faults(old, new)


def test_a_fault_of_the_document_stops_publication() -> None:
    """Nothing of a school is published while its policy does not add up."""
    _, found = parsed(SMALL.replace("session.minutes.max: 15", "session.minutes.max: fifteen"))

    assert {one.consequence for one in found} == {Consequence.STOPS}
    assert {one.severity for one in found} == {Severity.ERROR}
    assert {one.school for one in found} == {"otterbeck"}


def test_a_value_that_does_not_fit_is_no_value() -> None:
    """A limit that cannot be read is not guessed."""
    found, _ = parsed(SMALL.replace("session.minutes.max: 15", "session.minutes.max: 0"))

    assert found is not None
    assert found.get("session.minutes.max") is None


@pytest.mark.parametrize("key", [key for key, spec in PARAMETERS.items() if spec.mandatory])
def test_what_every_school_must_decide_has_no_default(key: str) -> None:
    """Retention, recovery, holders and protected keys are asked for where they are missing."""
    lines = [line for line in SMALL.splitlines() if not line.startswith(f"{key}:")]
    found, wrong = parsed("\n".join(lines) + "\n")

    assert found is not None
    assert found.get(key) is None
    assert [one.message for one in wrong if one.code == "CB704"] == [
        f"the policy does not say `{key}`: {PARAMETERS[key].meaning}"
    ]


@pytest.mark.parametrize(
    "text",
    [
        SMALL.partition("## 11")[0],
        SMALL.replace("## 11 Who can read what", "## 11 Readers"),
        SMALL.replace("version: 2026-09\n", ""),
        SMALL.replace("effective_from: 2026-09-01\n", ""),
    ],
)
def test_a_document_without_table_or_dates_is_no_policy(text: str) -> None:
    """Without its access table, version or first day a policy decides nothing."""
    assert parsed(text)[0] is None


def test_a_missing_table_is_a_finding() -> None:
    """A policy that does not say who can read what says so itself."""
    _, found = parsed(SMALL.partition("## 11")[0])

    assert [(one.code, one.message) for one in found] == [
        ("CB703", 'there is no table under a heading "Who can read what"')
    ]


def test_a_document_with_windows_line_endings_reads_the_same() -> None:
    """It does not matter which editor wrote the policy."""
    found = policy(SMALL.replace("\n", "\r\n"))

    assert [clause.number for clause in found.clauses] == ["4.1", "4.2", "10.1", "10.2"]
    assert found.row("session notes") == policy().row("session notes")


def version(name: str, start: date, ratified: date | None) -> Policy:
    """A version of the small policy."""
    text = SMALL.replace("2026-09\n", f"{name}\n").replace("2026-09-01", start.isoformat())
    line = f"ratified_on: {ratified.isoformat()}\n" if ratified else ""
    return policy(text.replace("ratified_on: 2026-07-09\n", line))


FIRST = version("2026-09", date(2026, 9, 1), date(2026, 7, 9))
SECOND = version("2027-01", date(2027, 1, 4), date(2026, 12, 10))
DRAFT = version("2027-03", date(2027, 3, 1), None)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 8, 31), None),
        (date(2026, 9, 1), FIRST),
        (date(2027, 1, 3), FIRST),
        (date(2027, 1, 4), SECOND),
        (date(2027, 3, 2), SECOND),
    ],
)
def test_a_record_is_judged_by_the_version_of_its_day(on: date, expected: Policy | None) -> None:
    """The version in force is the latest ratified one that has begun."""
    assert policy_in_force([SECOND, DRAFT, FIRST], on) == expected


def test_a_first_draft_holds_until_something_is_ratified() -> None:
    """A school that has only a draft works by it, and is told that it is one."""
    assert policy_in_force([DRAFT], date(2027, 3, 2)) == DRAFT


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
    ("old", "new", "line", "message", "hint"),
    [
        pytest.param(
            "| Session notes | write | write | read | - |\n",
            "",
            38,
            'the table has no row "Session notes", so nobody could read that part',
            "add a row that begins | Session notes |",
            id="missing row",
        ),
        pytest.param(
            "| Session notes | write",
            "| Session notes | write | write | read | - |\n| Sesion note | write",
            42,
            'no form has a part called "Sesion note"',
            'did you mean "session notes"?',
            id="unknown row",
        ),
        pytest.param(
            "| Coachee | Coach |",
            "| Cochee | Coach |",
            38,
            '"cochee" is neither a relation nor a role',
            'did you mean "coachee"?',
            id="unknown column",
        ),
    ],
)
def test_a_table_that_does_not_fit_the_forms_is_pointed_at(
    old: str, new: str, line: int, message: str, hint: str
) -> None:
    """A missing row, a row of no form and a column for nobody are findings."""
    found = policy_findings(policy(SMALL.replace(old, new)), small_forms(), TODAY)

    assert [(one.span.line, one.code, one.message, one.hint) for one in found] == [
        (line, "CB703", message, hint)
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
    assert "session-notes" in row_names(small_forms())


@pytest.mark.parametrize(
    ("old", "new", "today", "message"),
    [
        ("ratified_on: 2026-07-09\n", "", TODAY, "the policy is not ratified"),
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


def test_the_table_of_the_example_has_exactly_the_rows_of_the_forms() -> None:
    """Every part that a form names has its row, and there is no other."""
    assert set(otterbeck().access) == set(row_names(builtin_forms()))


def test_the_head_of_the_example_has_a_key_to_no_part_of_coaching() -> None:
    """Otterbeck's head reads impact statements and what is kept apart, never a note."""
    found = otterbeck()
    opened = {row.key for row in found.access.values() if "head" in row.readers()}

    assert opened == {
        "people-and-roles",
        "impact-statement",
        "capability-mentoring",
        "probation-review",
    }


def test_private_notes_of_the_example_are_for_the_coach_alone() -> None:
    """A coach's private notes have one reader."""
    row = otterbeck().row("coach private notes")

    assert row is not None
    assert row.readers() == ("coach",)


def test_the_policy_of_the_example_fits_on_four_pages() -> None:
    """With its table, Otterbeck's policy has at most 1,650 words."""
    shown = otterbeck().rendered("Otterbeck Primary").replace("|", " ")

    assert len(shown.split()) <= 1650


@pytest.mark.parametrize("name", preset_names())
def test_every_setting_of_a_preset_fits_its_parameter(name: str) -> None:
    """The header of a preset's document holds parameters of the table, with values that fit."""
    fields = parse_header(preset_document(name)).fields

    assert set(fields) - {"type", "preset"} == set(preset_values(name))


def test_presets_come_in_the_order_of_the_table() -> None:
    """The presets that can be chosen are among those that have values."""
    assert "head-excluded" in preset_names()
    assert [name for name in PRESETS if name in preset_names()] == list(preset_names())


def test_a_preset_that_does_not_exist_is_named_with_those_that_do() -> None:
    """Asking for an unknown preset shows the choice."""
    with pytest.raises(UsageError, match="no preset 'head-included'") as caught:
        preset_document("head-included")

    assert caught.value.hint == f"choose one of: {', '.join(preset_names())}"


ANSWERS: dict[str, Value] = {
    "school": "otterbeck",
    "version": "2026-09",
    "effective_from": date(2026, 9, 1),
    "review_due": date(2027, 7, 31),
    "recovery.holder": "nobody",
    "repository.holders": ("monitor", "lead-coach", "office"),
    "keys.publish_protected": "no",
    "retention.notes": "until 31 August after the cycle closes",
    "retention.impact": "for three years",
    "retention.separate": "for six years",
}


def test_a_preset_with_its_answers_is_a_policy_in_order() -> None:
    """Once its questions are answered, a preset's document only waits to be ratified."""
    found = policy(fill_preset("head-excluded", ANSWERS))

    assert [one.code for one in policy_findings(found, builtin_forms(), TODAY)] == ["CB705"]


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


cells = st.sampled_from([cell.value for cell in Cell])


@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=6))
def test_a_table_is_read_as_it_is_written(rows: list[tuple[str, str, str]]) -> None:
    """Every cell of a table comes back under its row and column."""
    lines = [f"| Part {n} | {' | '.join(row)} |" for n, row in enumerate(rows)]
    head = "| Part of a record | Coachee | Coach | Head |\n|---|---|---|---|\n"
    text = SMALL.partition("| Part of a record")[0] + head + "\n".join(lines) + "\n"

    found = policy(text)

    assert [
        tuple(cell.value for cell in row.cells.values()) for row in found.access.values()
    ] == rows

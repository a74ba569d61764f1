"""A policy document as data: parameters, clauses and the table of who can read what."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.diagnostics import Consequence, Severity
from coachbook.people import ROLE_TITLES
from coachbook.policy import PARAMETERS, Cell, Policy, policy_in_force
from tests.policies import SMALL, parsed, policy


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


def test_a_column_may_be_headed_with_a_word_of_the_trust() -> None:
    """A trust that calls a coach a buddy heads the column so, and means the coach."""
    text = SMALL.replace("| Coachee | Coach |", "| Coachee | Buddy |")

    found, faults = parsed(text, {"buddy": "coach"})

    assert faults == ()
    assert found is not None
    assert found.columns == ("coachee", "coach", "monitor", "lead-coach")


def test_no_word_turns_a_column_into_a_role() -> None:
    """A role stands in the table under its own name, so that no word can name another."""
    text = SMALL.replace("| Monitor |", "| Impact watcher |")

    found, _ = parsed(text, {"impact watcher": "head"})

    assert text != SMALL
    assert found is not None
    assert "head" not in found.columns


def test_a_relation_under_two_names_is_one_column_too_many() -> None:
    """Of two columns that mean the same, one has to go."""
    text = SMALL.replace("| Coachee | Coach |", "| Coach | Buddy |")

    _, (fault,) = parsed(text, {"buddy": "coach"})

    assert (fault.code, fault.message) == ("CB703", 'there are 2 columns "coach"')


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
                "what stands here could hide a row or a clause from those who ratify this",
                "write it as plain headings, paragraphs and one table, without HTML or braces",
            ),
            id="hidden in a comment",
        ),
        pytest.param(
            "4.1 Coaching comes in cycles.",
            "```\n4.1 Coaching comes in cycles.\n```",
            (
                23,
                "CB703",
                "what stands here could hide a row or a clause from those who ratify this",
                "write it as plain headings, paragraphs and one table, without HTML or braces",
            ),
            id="hidden in a fence",
        ),
        *(
            pytest.param(
                "4.1 Coaching comes in cycles.",
                f"4.1 Coaching comes in cycles.{more}",
                (
                    24 if "\n" in more else 23,
                    "CB703",
                    "what stands here could hide a row or a clause from those who ratify this",
                    "write it as plain headings, paragraphs and one table, without HTML or braces",
                ),
                id=f"hidden by {more.strip()}",
            )
            for more in (
                "\n{: hidden }",
                " *All of them.*{ hidden }",
                "\n!!! visually-hidden",
                "\n[4.2]: https://example.org",
                "\n[//]: # (4.3 Or not)",
            )
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


def test_a_version_that_has_ended_holds_no_longer() -> None:
    """Where a version says on which day it ends, nothing is in force after that day."""
    ended = policy(SMALL.replace("review_due", "effective_to: 2027-03-31\nreview_due", 1))

    assert policy_in_force([ended], date(2027, 3, 31)) == ended
    assert policy_in_force([ended], date(2027, 4, 1)) is None


def test_a_first_draft_holds_until_something_is_ratified() -> None:
    """A school that has only a draft works by it, and is told that it is one."""
    assert policy_in_force([DRAFT], date(2027, 3, 2)) == DRAFT


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

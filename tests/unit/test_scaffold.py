"""Tests of starting a workspace: questions, answers and files."""

from __future__ import annotations

import os
import stat
from datetime import date
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.diagnostics import Severity
from coachbook.errors import UsageError
from coachbook.interview import (
    Given,
    complete,
    parse_answer,
    parse_person_line,
    parse_term,
    read_answers,
    read_people,
)
from coachbook.rules import check_book
from coachbook.scaffold import plan_workspace, sign_in_of, slug_of, write_files
from tests.unit.conftest import TODAY

if TYPE_CHECKING:
    from pathlib import Path

ANSWERS = b"""\
school: Otterbeck Primary
phase: primary
people:
  - Odalys Renwick-Tarn, senior-leader, head
  - Petra Quillfeather, senior-leader, deputy monitor
  - Idris Marlowe-Beck, teacher, lead-coach
  - Nell Ottaway, teacher
  - Nell Ottaway, other, office
calendar:
  autumn_1: 2026-09-02 to 2026-10-23
  autumn_2: 2026-11-02 to 2026-12-18
  spring_1: 2027-01-04 to 2027-02-12
  spring_2: 2027-02-22 to 2027-03-25
  summer_1: 2027-04-12 to 2027-05-28
  summer_2: 2027-06-07 to 2027-07-22
  inset: [2026-09-02]
policy:
  repository.holders: [monitor, lead-coach, office]
  keys.publish_protected: no
  recovery.holder: nobody
  retention.notes: until 31 August after the cycle closes
  retention.impact: for three years
  retention.separate: for six years
"""


_MENTORING = ("year 1: 1 a week", "later: 2 a term")


def _files() -> dict[str, str]:
    answers = complete(read_answers(ANSWERS, "answers.yml"), None)
    return plan_workspace(answers, preset="head-excluded", random=os.urandom)


def test_new_workspace_has_no_error(tmp_path: Path) -> None:
    """What `init` writes passes every check at once."""
    write_files(tmp_path, _files())

    findings = check_book(load_book(tmp_path, today=TODAY))

    assert [f.message for f in findings if f.severity is Severity.ERROR] == []


def test_hook_can_run(tmp_path: Path) -> None:
    """The hooks that seal before a commit and a merge are there and can be run."""
    write_files(tmp_path, _files())

    for name in ("pre-commit", "pre-merge-commit"):
        hook = tmp_path / ".githooks" / name
        assert hook.stat().st_mode & stat.S_IXUSR
        assert "seal --staged" in hook.read_text()


def test_editor_keeps_no_history() -> None:
    """The editor's settings turn the local history of records off."""
    assert '"workbench.localHistory.enabled": false' in _files()[".vscode/settings.json"]


def test_no_person_is_named_in_a_path() -> None:
    """No file of a new workspace is named after a person."""
    assert not any("ashgrove" in path or "ottaway" in path for path in _files())


def test_same_name_twice_gets_two_sign_ins() -> None:
    """Two people of one name get sign-ins that differ."""
    people = "".join(text for path, text in _files().items() if "/people/" in path)

    assert "sign_in: nell.ottaway\n" in people
    assert "sign_in: nell.ottaway2\n" in people


def test_every_open_question_must_be_answered() -> None:
    """With nobody to ask, all open questions are named at once, each with its flag."""
    given = read_answers(ANSWERS, "answers.yml")
    del given.policy["recovery.holder"], given.terms["spring_1"]

    with pytest.raises(UsageError, match="2 questions are open") as caught:
        complete(given, None)

    first, second = caught.value.hint.splitlines()
    assert first.startswith('--term "spring_1 FIRST to LAST"')
    assert second.startswith('--answer "recovery.holder=')
    assert "everyone who can read a note has left" in second


@pytest.mark.parametrize(
    ("preset", "roles"),
    [
        ("head-collates", "head or office"),
        ("head-excluded", "monitor, lead-coach, office or induction-tutor"),
        ("trust-two-models", "head, office or cpd-lead"),
        ("mentor-and-slt", "head, slt, office or induction-tutor"),
    ],
)
def test_who_may_hold_the_records_is_asked_in_the_words_of_the_preset(
    preset: str, roles: str
) -> None:
    """Only roles that the table lets read what stands in clear are offered as holders of it."""
    given = read_answers(ANSWERS, "answers.yml")
    del given.policy["repository.holders"]

    with pytest.raises(UsageError) as caught:
        complete(given, None, preset=preset)

    assert f"a list of {roles}, who can read what stands in clear" in caught.value.hint


def test_questions_are_asked_again_until_they_can_be_read() -> None:
    """An answer that cannot be read is asked for again, with what is expected."""
    given = read_answers(ANSWERS, "answers.yml")
    del given.policy["recovery.holder"]
    asked: list[str] = []

    def ask(words: str) -> str:
        asked.append(words)
        return ["the moon", "nobody"][len(asked) - 1]

    answers = complete(given, ask)

    assert answers.policy["recovery.holder"] == "nobody"
    assert "does not take 'the moon'" in asked[1]


def test_a_school_is_asked_everything_from_nothing() -> None:
    """A newcomer who only answers questions gets the same answers as from a file."""
    replies = iter(
        [
            "Otterbeck Primary",
            "primary",
            "Nell Ottaway, teacher",
            "",
            *(text for _, text in _terms()),
            "lead-coach",
            "no",
            "nobody",
            "one year",
            "three years",
            "six years",
        ]
    )

    answers = complete(Given(), lambda _: next(replies))

    assert answers.people[0].name == "Nell Ottaway"
    assert answers.policy["keys.publish_protected"] == "no"
    assert next(replies, None) is None


def _terms() -> list[tuple[str, str]]:
    lines = ANSWERS.decode().splitlines()
    return [
        parse_term(line.strip().replace(": ", " ", 1))
        for line in lines
        if "_" in line.split(":")[0] and " to " in line
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Nell Ottaway, techer", "needs a category"),
        ("Nell Ottaway, teacher, headteacher", "is not a role"),
        (", teacher", "a person without a name"),
        ("Nell Ottaway, teacher, lead-coach, soon", "cannot have begun on 'soon'"),
    ],
)
def test_person_that_cannot_be_read(text: str, words: str) -> None:
    """A person with an unknown category or role is refused, never guessed."""
    with pytest.raises(UsageError, match=words):
        parse_person_line(text)


@pytest.mark.parametrize(
    "text",
    ["autumn_3 2026-09-02 to 2026-10-23", "autumn_1 soon", "autumn_1 2026-10-23 to 2026-09-02"],
)
def test_term_that_cannot_be_read(text: str) -> None:
    """A half-term that does not exist, or runs backwards, is refused."""
    with pytest.raises(UsageError):
        parse_term(text)


def test_unknown_policy_question() -> None:
    """An answer to a question nobody asks is refused."""
    with pytest.raises(UsageError, match="not something a policy decides"):
        parse_answer("retention.forever", "yes")


def test_unknown_key_in_the_answers() -> None:
    """A misspelt key in the file of answers is refused, never passed over."""
    with pytest.raises(UsageError, match="is not a question"):
        read_answers(b"shcool: Otterbeck\n", "answers.yml")


def test_people_from_a_spreadsheet() -> None:
    """People can come from a CSV file."""
    people = read_people("name,category,roles\nNell Ottaway,teacher,lead-coach monitor\n", "p.csv")

    assert people[0].roles == ("lead-coach", "monitor")


def test_a_person_may_have_a_first_day() -> None:
    """New staff are given their first day, in a line or in a spreadsheet."""
    (row,) = read_people("name,category,start\nNell Ottaway,teacher,2026-11-02\n", "p.csv")

    assert row.start == date(2026, 11, 2)
    assert parse_person_line("Nell Ottaway, teacher, , 2026-11-02").start == date(2026, 11, 2)


def test_whoever_has_no_first_day_was_here_before() -> None:
    """People whom a workspace begins with are not new staff, unless a day says so."""
    starts = [text for path, text in _files().items() if "/people/" in path]

    assert all("start: 2026-09-01\n" in text for text in starts)


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("session.minutes.max", "45", 45),
        ("stop.by", "coach, coachee", ("coach", "coachee")),
        ("cadence.mentoring", "year 1: 1 a week; later: 2 a term", _MENTORING),
        ("concern.counsellor", "no", "no"),
    ],
)
def test_an_answer_in_one_line(key: str, text: str, value: object) -> None:
    """A flag answers with a number, with words, or with phrases between semicolons."""
    assert parse_answer(key, text) == value


def test_spreadsheet_without_columns() -> None:
    """A CSV file without the right columns is refused with the ones it needs."""
    with pytest.raises(UsageError, match="no columns name and category"):
        read_people("Nell Ottaway,teacher\n", "p.csv")


@pytest.mark.parametrize(
    ("name", "slug"), [("Otterbeck Primary", "otterbeck"), ("École Saint-Luc", "ecole")]
)
def test_slug(name: str, slug: str) -> None:
    """A school's short name is its first word in plain letters."""
    assert slug_of(name) == slug


@pytest.mark.parametrize(
    ("name", "sign_in"),
    [("Séverine O'Brannock", "severine.obrannock"), ("Idris Marlowe-Beck", "idris.marlowebeck")],
)
def test_sign_in(name: str, sign_in: str) -> None:
    """A sign-in is first and last name in plain letters."""
    assert sign_in_of(name) == sign_in

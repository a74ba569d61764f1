"""The table of parameters is data, read strictly."""

from __future__ import annotations

import pytest

from coachbook.errors import FrontMatterError
from coachbook.parameter_table import PARAMETERS, read_parameters
from coachbook.parameters import ParameterType, parse_setting
from coachbook.people import ROLE_TITLES

TABLE = """\
lists:
  sides:
    coach: the coach
    coachee: the coachee
parameters:
  session.minutes.max:
    type: integer
    decides: the longest a session should last
    from: 1
    to: 480
  goal.set_by:
    type: choice
    many: true
    required: true
    decides: who chooses the goal
    asks: Who chooses the goal?
    lists: [sides]
    choices:
      either: either of the two
  recovery.holder:
    type: choice
    decides: who may open it
    choices:
      nobody: nobody
    lists: [roles]
"""


def test_the_table_keeps_the_order_of_the_file() -> None:
    """Parameters come in the order in which the file has them."""
    found = read_parameters(TABLE.encode())

    assert list(found) == ["session.minutes.max", "goal.set_by", "recovery.holder"]
    assert found["session.minutes.max"].expected == "a whole number from 1 to 480"


def test_a_choice_takes_the_words_of_a_list_and_its_own() -> None:
    """A list that several parameters share stands in the file once."""
    spec = read_parameters(TABLE.encode())["goal.set_by"]

    assert dict(spec.choices) == {
        "coach": "the coach",
        "coachee": "the coachee",
        "either": "either of the two",
    }
    assert (spec.type, spec.many, spec.mandatory) == (ParameterType.CHOICE, True, True)
    assert spec.question == "Who chooses the goal?"


def test_the_roles_of_the_records_are_a_list() -> None:
    """Where a role may be written, every role that the records know may be."""
    spec = read_parameters(TABLE.encode())["recovery.holder"]

    assert list(spec.choices) == ["nobody", *ROLE_TITLES]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("type: integer", "type: number", "session.minutes.max has no known type"),
        ("    decides: the longest a session should last\n", "", "does not say what it decides"),
        ("    to: 480\n", "", "session.minutes.max needs a range"),
        ("from: 1", "from: 500", "session.minutes.max needs a range"),
        ("lists: [sides]", "lists: [ends]", "goal.set_by names unknown list 'ends'"),
        ("asks:", "ask:", "goal.set_by has unknown entry 'ask'"),
        ("      nobody: nobody", "      nobody:", "recovery.holder has a choice without words"),
        ("type: choice\n    many", "type: yes/no\n    many", "has a choice besides yes and no"),
        ("parameters:", "parameter:", "parameters is missing"),
        ("type: integer", "type: text", "session.minutes.max has a range and is no integer"),
        (
            "    choices:\n      nobody: nobody\n    lists: [roles]\n",
            "",
            "recovery.holder is a choice without choices",
        ),
        ("  goal.set_by:\n", "  goal.set_by: 1\n  other:\n", "goal.set_by has no entries"),
        ("    choices:\n      either: either of the two\n", "    choices: 1\n", "without words"),
    ],
)
def test_a_table_that_makes_no_sense_is_not_loaded(old: str, new: str, message: str) -> None:
    """A mistake in the table is named with its parameter."""
    assert old in TABLE

    with pytest.raises(ValueError, match=message):
        read_parameters(TABLE.replace(old, new, 1).encode())


def test_a_table_that_is_not_yaml_is_not_loaded() -> None:
    """A file that cannot be read is named with its line."""
    with pytest.raises(FrontMatterError, match=r"_parameters\.yml"):
        read_parameters(b"parameters: [")


def test_every_parameter_says_what_it_decides_in_words() -> None:
    """What a parameter decides goes on a sentence, so it begins small and has no full stop."""
    for spec in PARAMETERS.values():
        assert spec.meaning[0].islower(), spec.key
        assert not spec.meaning.endswith("."), spec.key


@pytest.mark.parametrize("kind", ["books", "groups"])
def test_a_school_decides_on_its_own_subjects(kind: str) -> None:
    """No list of subjects stands in the program: a policy names those that it means."""
    spec = PARAMETERS[f"subject.allowed.{kind}"]

    value = parse_setting(spec, ("science", "design and technology"))

    assert value == ("science", "design and technology")
    assert spec.in_words(value) == "science and design and technology"

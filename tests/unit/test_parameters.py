"""What the value of a parameter may be, and how it reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.parameters import (
    Cadence,
    ParameterSpec,
    ParameterType,
    parse_cadence,
    parse_setting,
)

MINUTES = ParameterSpec("m", ParameterType.INTEGER, "minutes", minimum=1, maximum=60)
ANSWER = ParameterSpec("a", ParameterType.YES_NO, "an answer")
WORDS = ParameterSpec("t", ParameterType.TEXT, "some words")
STYLE = ParameterSpec("s", ParameterType.CHOICE, "a style", choices={"open": "open", "set": "set"})
SIDES = ParameterSpec(
    "p",
    ParameterType.CHOICE,
    "who",
    many=True,
    choices={"coach": "the coach", "coachee": "the coachee", "head": "the head"},
)
FORMS = ParameterSpec("f", ParameterType.FORM, "which forms", many=True)
PHRASES = ParameterSpec("n", ParameterType.TEXT, "who does what", many=True)
RHYTHM = ParameterSpec("c", ParameterType.CADENCE, "how often", many=True)


@pytest.mark.parametrize(
    ("spec", "value", "expected"),
    [
        (MINUTES, 15, 15),
        (ANSWER, "yes", True),
        (ANSWER, "No", False),
        (ANSWER, True, True),
        (WORDS, "for three years", "for three years"),
        (STYLE, "open", "open"),
        (SIDES, ("coach", "coachee"), ("coach", "coachee")),
        (SIDES, "coach", ("coach",)),
        (RHYTHM, ("1 a week",), ("1 a week",)),
        (FORMS, ("grow", "our-own"), ("grow", "our-own")),
    ],
)
def test_a_value_that_fits_is_taken(spec: ParameterSpec, value: object, expected: object) -> None:
    """Numbers, yes and no, words of a list, rhythms and text are understood."""
    assert parse_setting(spec, value) == expected


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        (MINUTES, 0),
        (MINUTES, 61),
        (MINUTES, "15"),
        (MINUTES, True),
        (MINUTES, None),
        (ANSWER, "perhaps"),
        (ANSWER, 1),
        (WORDS, "  "),
        (WORDS, 3),
        (STYLE, "closed"),
        (STYLE, ("open",)),
        (SIDES, ("coach", "janitor")),
        (SIDES, ("coach", "coach")),
        (SIDES, ()),
        (SIDES, None),
        (RHYTHM, ("often",)),
        (FORMS, ("GROW conversation",)),
    ],
)
def test_a_value_that_does_not_fit_is_refused(spec: ParameterSpec, value: object) -> None:
    """What lies outside the range, the list or the type is not bent to fit."""
    assert parse_setting(spec, value) is None


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (MINUTES, "a whole number from 1 to 60"),
        (ANSWER, "yes or no"),
        (WORDS, "a few words"),
        (STYLE, "one of open, set"),
        (SIDES, "a list, each one of coach, coachee, head"),
        (FORMS, "a list, each the short name of a form, such as coaching-session"),
    ],
)
def test_a_parameter_says_what_it_expects(spec: ParameterSpec, words: str) -> None:
    """A finding about a value can say what would have been right."""
    assert spec.expected == words


@pytest.mark.parametrize(
    ("spec", "value", "words"),
    [
        (MINUTES, 15, "15"),
        (ANSWER, True, "yes"),
        (SIDES, ("coach",), "the coach"),
        (SIDES, ("coach", "coachee"), "the coach and the coachee"),
        (SIDES, ("coach", "coachee", "head"), "the coach, the coachee and the head"),
        (RHYTHM, ("1 a week",), "once a week"),
        (FORMS, ("see-name-do", "grow"), "see, name, do; GROW conversation"),
        (FORMS, ("coaching-session", "our-own"), "coaching session; our own"),
        (PHRASES, ("heads: one, two", "others: three"), "heads: one, two; others: three"),
        (
            RHYTHM,
            ("year 1: 2 a term", "later: 3 a year"),
            "twice a term (year 1) and 3 times a year (later)",
        ),
        (RHYTHM, ("groups: 1 a term for each subject",), "once a term for each subject (groups)"),
    ],
)
def test_a_value_reads_well_in_a_sentence(spec: ParameterSpec, value: object, words: str) -> None:
    """Governors read "the coach and the coachee", not a list of keys."""
    assert spec.in_words(value) == words  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "cadence"),
    [
        ("1 a week", Cadence("", 1, "week", "")),
        ("books: 2 a half-term", Cadence("books", 2, "half-term", "")),
        ("groups: 1 a term for each subject", Cadence("groups", 1, "term", "subject")),
        ("weekly", None),
        ("0 a week", None),
        ("1 a day", None),
    ],
)
def test_a_rhythm_is_a_count_in_a_period(text: str, cadence: Cadence | None) -> None:
    """A rhythm says how often in which period, for what, and for each of which."""
    assert parse_cadence(text) == cadence


@given(st.integers())
def test_a_number_is_taken_exactly_within_its_range(number: int) -> None:
    """No number outside the range of its parameter is taken, and none inside is refused."""
    assert (parse_setting(MINUTES, number) == number) is (1 <= number <= 60)

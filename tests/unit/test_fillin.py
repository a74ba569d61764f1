"""Tests of filling in a new record's header."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.candidates import choices_for, find_partnership, find_person
from coachbook.errors import UsageError
from coachbook.fillin import fill_in
from coachbook.formchoice import find_form
from tests.unit.conftest import TODAY
from tests.workspaces.otterbeck_small import COACH, COACHEE

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.book import Book
    from coachbook.frontmatter import Value


def _fill(book: Book, name: str, **given: str) -> dict[str, Value]:
    form = find_form(book.forms, name)
    return fill_in(book, form, given, school="", ask=None, random=os.urandom)


def test_the_only_open_cycle_is_meant(book: Book) -> None:
    """A session goes into the only open cycle without a question."""
    assert _fill(book, "session")["cycle"] == "c-0a1b2c3d"


def test_school_follows_from_the_cycle(book: Book) -> None:
    """A session's school is that of its cycle."""
    assert _fill(book, "session", cycle="c-0a1b2c3d")["school"] == "otterbeck"


def test_form_is_written_where_its_name_differs_from_the_type(book: Book) -> None:
    """A record names its form and version, so that it is judged by it for ever."""
    assert _fill(book, "session")["form"] == "coaching-session@1"
    assert "form" not in _fill(book, "cycle", partnership="pt-6r1e9k3w")


def test_a_new_record_names_a_later_version_of_its_form(workspace: Path) -> None:
    """A record without a form is of the first version, so one of the second says so."""
    own = workspace / "records/forms/cycle.yml"
    own.parent.mkdir()
    own.write_text(
        "form: cycle\nversion: 2\nlike: cycle@1\ntitle: Cycle\npurpose: A round of coaching.\n",
        encoding="utf-8",
    )
    book = load_book(workspace, today=TODAY)

    assert _fill(book, "cycle", partnership="pt-6r1e9k3w")["form"] == "cycle@2"


def test_unknown_field_names_the_nearest(book: Book) -> None:
    """A misspelt flag is refused with the one that was probably meant."""
    with pytest.raises(UsageError) as caught:
        _fill(book, "session", minuets="14")

    assert caught.value.hint == "did you mean --minutes?"


def test_missing_field_names_its_flag(book: Book) -> None:
    """Without a terminal, a field that nobody gave is an error that names its flag."""
    with pytest.raises(UsageError) as caught:
        _fill(book, "impact-statement", cycle="c-0a1b2c3d")

    assert "--author" in caught.value.hint


def test_a_probation_review_is_due_half_way(workspace: Path) -> None:
    """Nobody has to reckon the middle of a probation."""
    person = workspace / f"records/people/{COACHEE}.md"
    text = person.read_text(encoding="utf-8")
    dates = "category: teacher\nprobation_start: 2026-09-01\nprobation_end: 2027-02-28"
    person.write_text(text.replace("category: teacher", dates), encoding="utf-8")
    book = load_book(workspace, today=TODAY)

    values = _fill(book, "probation", person=COACHEE, outcome="on-track")

    assert values["due"] == date(2026, 11, 30)


def test_an_induction_review_is_due_when_its_term_ends(workspace: Path) -> None:
    """The next review of induction is that of the term that is going on."""
    person = workspace / f"records/people/{COACHEE}.md"
    text = person.read_text(encoding="utf-8")
    dates = "category: teacher\ninduction_start: 2026-09-01"
    person.write_text(text.replace("category: teacher", dates), encoding="utf-8")
    book = load_book(workspace, today=TODAY)

    values = _fill(book, "induction-review", person=COACHEE, on_track="yes")

    assert values["due"] == date(2026, 12, 18)


def test_without_dates_of_a_person_the_day_is_asked_for(book: Book) -> None:
    """Where nothing tells when a review is due, somebody has to."""
    with pytest.raises(UsageError) as caught:
        _fill(book, "probation", person=COACHEE, outcome="on-track")

    assert "--due" in caught.value.hint


def test_date_must_be_a_date(book: Book) -> None:
    """A date that is none is refused with how to write one."""
    with pytest.raises(UsageError, match="--date: "):
        _fill(book, "session", date="11/03/2026")


def test_choice_must_be_one(book: Book) -> None:
    """A value that is none of the choices is refused with the nearest."""
    with pytest.raises(UsageError) as caught:
        _fill(book, "session", style="dialogal")

    assert caught.value.hint == "did you mean `dialogical`?"


def test_unknown_form_names_the_nearest(book: Book) -> None:
    """A type that does not exist is refused with the nearest."""
    with pytest.raises(UsageError) as caught:
        find_form(book.forms, "sesion")

    assert caught.value.hint == "did you mean session?"


def test_person_by_any_name(book: Book) -> None:
    """A person is found by id, sign-in or name, whatever the capitals."""
    person = book.people[COACH]

    assert find_person(book, COACH) == COACH
    assert find_person(book, person.name.upper()) == COACH


def test_unknown_person_is_refused(book: Book) -> None:
    """A person who is not in the records is never made up."""
    with pytest.raises(UsageError, match="there is no person"):
        find_person(book, "Nobody Atall")


def test_question_lists_the_choices(book: Book) -> None:
    """Each open cycle is offered with the names of its pair and its first day."""
    (choice,) = choices_for(book, "cycle")

    assert choice.id == "c-0a1b2c3d"
    assert " with " in choice.words
    assert "since" in choice.words


def test_partnership_of_a_pair(book: Book) -> None:
    """A pair's partnership is found, and only that way round."""
    assert find_partnership(book, COACH, COACHEE, TODAY) == "pt-6r1e9k3w"
    assert find_partnership(book, COACHEE, COACH, TODAY) == ""

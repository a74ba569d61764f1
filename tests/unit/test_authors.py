"""Who writes each part of a form: said by the form, told on paper and on Write, and held."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coachbook.authors import authors_at, authors_in_words, told_to_writer
from coachbook.book import Book, access_of, load_book, policy_now
from coachbook.forms import ROW_WRITERS, WRITER, FieldForm, Form, SectionForm, builtin_forms
from coachbook.handbook.paper import paper_form
from coachbook.overviews.write_forms import form_model
from coachbook.people import ROLE_TITLES
from coachbook.strict_yaml import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coachbook.policy import Policy

ROOT = Path(__file__).parents[2]
FORMS = resources.files("coachbook") / "_forms"
NAMES = sorted(form.name for form in builtin_forms().newest())
RATED = ("rating", "grade", "demonstrated")


@pytest.fixture(scope="module")
def book() -> Book:
    """The example trust, whose four schools have four tables."""
    return load_book(ROOT)


def form(name: str) -> Form:
    """The latest version of a form."""
    found = builtin_forms().latest(name)
    assert found is not None
    return found


def section(name: str, part: str) -> SectionForm:
    """A part of a form."""
    found = form(name).section(part)
    assert found is not None
    return found


def policy(book: Book, school: str) -> Policy:
    """The policy of a school of the example."""
    found = policy_now(book, school)
    assert found is not None
    return found


def listed(sheet: Mapping[str, object], key: str) -> list[dict[str, str]]:
    """The parts or the entries of a blank sheet."""
    found = sheet[key]
    assert isinstance(found, list)
    return found


def data(name: str) -> dict[str, dict[str, dict[str, object]]]:
    """A form's file, as it stands."""
    return parse_yaml((FORMS / f"{name}.yml").read_bytes(), name)  # type: ignore[return-value]


@pytest.mark.parametrize("name", NAMES)
def test_every_part_of_every_form_names_its_author(name: str) -> None:
    """Each section says in the data who writes it; nothing is left to a default."""
    parts = data(name).get("sections", {})

    assert [part for part, said in parts.items() if not said.get("author")] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_author_is_somebody(name: str) -> None:
    """Authors are people of the record, roles, a field that names a person, or a row's writers."""
    found = form(name)
    people = {field.name for field in found.fields.values() if field.type == "person"}
    known = {*found.relations, *ROLE_TITLES, *people, ROW_WRITERS}
    parts: list[FieldForm | SectionForm] = [*found.sections, *found.fields.values()]

    assert [one.name for one in parts if not one.author or set(one.author) - known - {WRITER}] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_field_and_part_has_an_audience(name: str) -> None:
    """Each names a row of the table; the few that have none belong to everybody with a clone."""
    found = form(name)
    parts: list[FieldForm | SectionForm] = [*found.fields.values(), *found.sections]
    rows = {one.name: one.row or found.row for one in parts}

    without = [part for part, row in rows.items() if not row]

    assert without == [] or found.type in {"policy", "sealed", "trust"}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_free_text_is_sealed(name: str) -> None:
    """Prose is sealed; the words that somebody agreed to publish are the only ones in clear."""
    clear = [one.name for one in form(name).sections if not (one.sealed or form(name).whole)]

    assert clear in ([], ["Public words"])


@pytest.mark.parametrize("name", NAMES)
def test_whatever_is_rated_has_a_scale(name: str) -> None:
    """A rating is one of a form's words; a grade, which is never counted, one of the school's."""
    lines = [line for one in form(name).sections for line in one.lines]

    rated = [line for line in lines if any(word in line.name.lower() for word in RATED)]

    assert [one.name for one in rated if not one.choices and "own scale" not in one.help] == []


def test_the_table_says_who_writes_what_the_form_leaves_to_it(book: Book) -> None:
    """The overview of a school is the head's to write here, and the monitor's there."""
    parts = (form("school-overview"), section("school-overview", "Strengths"))

    assert authors_at(policy(book, "bramblewick"), *parts) == ("the head",)
    assert authors_at(policy(book, "otterbeck"), *parts) == ("the impact monitor",)


def test_a_row_is_not_written_by_people_whom_a_record_does_not_have(book: Book) -> None:
    """A course has no coach, so that column of the row writes nothing about it."""
    parts = (form("cpd-activity"), section("cpd-activity", "What it changed"))

    assert authors_at(policy(book, "bramblewick"), *parts) == (
        "the head",
        "the lead for professional development",
    )


def test_authors_read_as_words() -> None:
    """Nobody has to know how a form spells its authors."""
    assert authors_in_words(section("good-practice", "Praise")) == (
        "whoever raised it and the person it is about"
    )
    assert authors_in_words(section("survey", "Results")) == (
        "whoever the policy's table lets write it"
    )


@pytest.mark.parametrize(
    ("name", "part", "told"),
    [
        ("coaching-session", "Coachee reflection", "You alone write this."),
        ("coaching-session", "Notes", "The coach and the coachee can write this."),
        ("session-addendum", "Addendum", "You alone write this."),
        ("school-overview", "Next", "The head can write this."),
    ],
)
def test_the_write_page_tells_whose_part_it_is(book: Book, name: str, part: str, told: str) -> None:
    """Whoever writes knows whether somebody else can write there too."""
    assert told_to_writer(policy(book, "bramblewick"), form(name), section(name, part)) == told


def test_the_write_page_tells_the_same_of_several_parts_once(book: Book) -> None:
    """Four parts in a row that both may write say so above the first."""
    parts = form_model(book, form("coaching-session"), "bramblewick")["sections"]
    assert isinstance(parts, list)

    assert [(part["name"], part["author"]) for part in parts] == [
        ("Pupil learning", "The coach and the coachee can write this."),
        *((name, "") for name in ("Notes", "Practice", "Action steps")),
        ("Coachee reflection", "You alone write this."),
        ("Coach notes", "You alone write this."),
    ]


def test_the_blank_form_tells_who_writes_each_part(book: Book) -> None:
    """On paper each part begins with its author."""
    sheet = paper_form(policy(book, "bramblewick"), form("coaching-session"))

    assert [(part["name"], part["author"]) for part in listed(sheet, "parts")][-2:] == [
        ("Coachee reflection", "The coachee alone writes this."),
        ("Coach notes", "The coach alone writes this."),
    ]


def test_the_blank_form_tells_whose_word_a_field_is(book: Book) -> None:
    """The day of a consent is for the person to say who gives it."""
    sheet = paper_form(policy(book, "saltmere"), form("good-practice"))

    said = {entry["label"]: entry["author"] for entry in listed(sheet, "entries")}

    assert said["Consent on"] == "the person it is about"
    assert said["Date"] == ""


def test_an_addendum_is_written_by_whoever_it_says(book: Book) -> None:
    """Nobody writes an addendum in somebody else's name, whatever they may read."""
    addendum = next(one for one in book.records.values() if one.type == "addendum")
    found = book.forms.for_record(addendum)
    assert found is not None
    by, people = str(addendum.value("by")), access_of(book, addendum).parties
    others = {one for group in people.values() for one in group} - {by}
    assert others

    may = {
        one for one in (by, *others) if access_of(book, addendum).may_write(found.sections[0], one)
    }

    assert may == {by}


def test_what_the_form_leaves_to_the_table_is_for_nobody_else(book: Book) -> None:
    """Whoever reads an overview does not write it for that."""
    overview = next(
        one
        for one in book.records.values()
        if one.type == "school-overview" and one.school == "bramblewick"
    )
    access, part = access_of(book, overview), section("school-overview", "Next")
    readers = access.sealed_to("school overview")

    assert {one for one in book.people if access.may_write(part, one)} == {
        one.person for one in book.assignments if (one.role, one.school) == ("head", "bramblewick")
    }
    assert len(readers) > 1


def test_every_relation_and_role_that_writes_has_a_name() -> None:
    """No part is written by `row-writers` or `by` in anybody's eyes."""
    words = [authors_in_words(one) for each in builtin_forms() for one in each.sections]

    assert [said for said in words if ROW_WRITERS in said or "the by" in said or "_" in said] == []

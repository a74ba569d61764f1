"""People, their roles and their partnerships, by date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.forms import Form, builtin_forms
from coachbook.people import (
    ROLE_TITLES,
    Partnership,
    Person,
    RoleAssignment,
    active,
    holders,
    parse_partnership,
    parse_person,
    parse_role_assignment,
    roles_of,
    scoped_role,
    split_principal,
)
from coachbook.record import Record, parse_record

WREN = """---
type: person
id: p-7kq2m4xa
display_name: Wren Ashgrove
known_as: Wren
sign_in: wren.ashgrove
category: teacher
schools: [otterbeck, saltmere]
start: 2025-09-01
fte: 0.8
career_stage: ect-year-2
induction_end: 2027-07-21
---
"""

MONITOR = """---
type: role-assignment
id: r-5h2d9c1e
school: otterbeck
person: p-3fd0aaaa
role: monitor
from: 2024-09-01
to: 2027-08-31
---
"""

PAIR = """---
type: partnership
id: pt-2b8e4f6a
school: otterbeck
kind: coaching
coach: p-3fd0aaaa
coachee: p-7kq2m4xa
start: 2026-09-07
status: active
chosen_by: team
---
"""


def record(text: str) -> Record:
    """The record of a text."""
    found = parse_record("records/people/p-7kq2m4xa.md", text.encode())
    assert isinstance(found, Record)
    return found


def form(name: str) -> Form:
    """The newest built-in form of a name."""
    found = builtin_forms().latest(name)
    assert found is not None
    return found


def assignment(person: str, start: date, end: date | None, role: str = "monitor") -> RoleAssignment:
    """A role that a person holds at Otterbeck."""
    return RoleAssignment("r-5h2d9c1e", person, role, "otterbeck", start, end)


def test_a_person_is_read_from_a_record() -> None:
    """A person's record gives their names, category, schools, dates and share of full time."""
    assert parse_person(record(WREN), form("person")) == Person(
        id="p-7kq2m4xa",
        name="Wren Ashgrove",
        known_as="Wren",
        category="teacher",
        schools=("otterbeck", "saltmere"),
        start=date(2025, 9, 1),
        end=None,
        fte=0.8,
        career_stage="ect-year-2",
        induction_end=date(2027, 7, 21),
        sign_in="wren.ashgrove",
        path="records/people/p-7kq2m4xa.md",
    )


@pytest.mark.parametrize("key", ["id", "display_name", "category", "start"])
def test_a_person_without_a_needed_field_is_none(key: str) -> None:
    """A record that does not say who somebody is or since when stands for nobody."""
    lines = [line for line in WREN.splitlines() if not line.startswith(f"{key}:")]

    assert parse_person(record("\n".join(lines) + "\n"), form("person")) is None


@pytest.mark.parametrize(("known_as", "short"), [("known_as: Birdie\n", "Birdie"), ("", "Wren")])
def test_a_person_is_called_what_colleagues_call_them(known_as: str, short: str) -> None:
    """The short name is the one a person is known by, else the first of the full one."""
    found = parse_person(record(WREN.replace("known_as: Wren\n", known_as)), form("person"))

    assert found is not None
    assert found.short == short


def test_a_role_is_read_from_a_record() -> None:
    """A role has a holder, a school, a first and a last day."""
    found = parse_role_assignment(record(MONITOR), form("role-assignment"))

    assert found == RoleAssignment(
        "r-5h2d9c1e", "p-3fd0aaaa", "monitor", "otterbeck", date(2024, 9, 1), date(2027, 8, 31)
    )
    assert found is not None
    assert found.principal == "monitor@otterbeck"


def test_a_role_without_a_holder_is_none() -> None:
    """A role that names nobody is held by nobody."""
    text = MONITOR.replace("person: p-3fd0aaaa\n", "")

    assert parse_role_assignment(record(text), form("role-assignment")) is None


def test_a_partnership_is_read_from_a_record() -> None:
    """A partnership has a coach, a coachee and a kind."""
    assert parse_partnership(record(PAIR), form("partnership")) == Partnership(
        id="pt-2b8e4f6a",
        school="otterbeck",
        kind="coaching",
        coach="p-3fd0aaaa",
        coachee="p-7kq2m4xa",
        start=date(2026, 9, 7),
        end=None,
        status="active",
    )


def test_a_partnership_without_a_coachee_is_none() -> None:
    """One person alone is no partnership."""
    text = PAIR.replace("coachee: p-7kq2m4xa\n", "")

    assert parse_partnership(record(text), form("partnership")) is None


@pytest.mark.parametrize(
    ("on", "here"),
    [
        (date(2024, 8, 31), False),
        (date(2024, 9, 1), True),
        (date(2027, 8, 31), True),
        (date(2027, 9, 1), False),
    ],
)
def test_the_first_and_the_last_day_count(on: date, here: bool) -> None:  # noqa: FBT001 (a table)
    """Somebody who leaves on the 31st of August is still here on that day."""
    assert active(assignment("p-aaaa", date(2024, 9, 1), date(2027, 8, 31)), on) is here


def test_what_has_no_end_goes_on() -> None:
    """A role without a last day is held until one is written."""
    assert active(assignment("p-aaaa", date(2024, 9, 1), None), date(2060, 1, 1))


def test_a_role_passes_from_one_holder_to_the_next() -> None:
    """Who holds a role depends on the day."""
    held = [
        assignment("p-old", date(2020, 9, 1), date(2026, 8, 31)),
        assignment("p-new", date(2026, 9, 1), None),
    ]

    assert holders(held, "monitor", "otterbeck", date(2026, 8, 31)) == ("p-old",)
    assert holders(held, "monitor", "otterbeck", date(2026, 9, 1)) == ("p-new",)


def test_a_role_that_nobody_holds_is_vacant() -> None:
    """A role at another school, or on a day before it was given, has no holder."""
    held = [assignment("p-aaaa", date(2026, 9, 1), None)]

    assert holders(held, "monitor", "saltmere", date(2026, 9, 1)) == ()
    assert holders(held, "monitor", "otterbeck", date(2026, 8, 31)) == ()


def test_several_people_can_hold_one_role() -> None:
    """The lead coaches of a school come in order, each once."""
    held = [
        assignment(person, date(2026, 9, 1), None, "lead-coach")
        for person in ("p-cccc", "p-aaaa", "p-cccc")
    ]

    assert holders(held, "lead-coach", "otterbeck", date(2026, 9, 1)) == ("p-aaaa", "p-cccc")


def test_a_leaver_holds_no_role_even_if_nobody_ended_it() -> None:
    """Somebody who has left is no holder, though their role has no last day."""
    found = parse_person(record(WREN.replace("fte:", "end: 2026-12-31\nfte:")), form("person"))
    assert found is not None
    held = [assignment("p-7kq2m4xa", date(2026, 9, 1), None)]
    people = {found.id: found}

    on_last_day = holders(held, "monitor", "otterbeck", date(2026, 12, 31), people=people)
    after = holders(held, "monitor", "otterbeck", date(2027, 1, 1), people=people)

    assert (on_last_day, after) == (("p-7kq2m4xa",), ())


def test_an_unknown_person_holds_no_role() -> None:
    """A role given to an id without a record is vacant."""
    held = [assignment("p-zzzz", date(2026, 9, 1), None)]

    assert holders(held, "monitor", "otterbeck", date(2026, 9, 1), people={}) == ()


def test_the_roles_of_a_person_come_with_their_schools() -> None:
    """Somebody who is deputy and monitor holds both, each at its school."""
    held = [
        assignment("p-aaaa", date(2026, 9, 1), None, "monitor"),
        assignment("p-aaaa", date(2026, 9, 1), None, "deputy"),
        assignment("p-aaaa", date(2020, 9, 1), date(2026, 8, 31), "head"),
        assignment("p-bbbb", date(2026, 9, 1), None, "head"),
    ]

    assert roles_of(held, "p-aaaa", date(2026, 9, 1)) == ("deputy@otterbeck", "monitor@otterbeck")


def test_a_principal_is_a_person_or_a_role_at_a_school() -> None:
    """A scoped role comes apart into role and school; a person's id has no school."""
    assert split_principal(scoped_role("head", "otterbeck")) == ("head", "otterbeck")
    assert split_principal("p-7kq2m4xa") == ("p-7kq2m4xa", "")


def test_every_role_that_can_be_given_has_a_title() -> None:
    """The roles of the form and the roles that clauses can name are the same."""
    assert set(form("role-assignment").fields["role"].choices) == set(ROLE_TITLES)


days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(days, st.integers(0, 500), days)
def test_holding_a_role_and_having_it_is_the_same(start: date, length: int, on: date) -> None:
    """A person is among the holders of a role exactly when the role is among theirs."""
    held = [assignment("p-aaaa", start, start + timedelta(days=length))]

    assert ("p-aaaa" in holders(held, "monitor", "otterbeck", on)) is (
        "monitor@otterbeck" in roles_of(held, "p-aaaa", on)
    )

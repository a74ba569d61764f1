"""Tests of the roll-up over the schools of a trust."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from coachbook.book import load_book
from coachbook.overviews.trust import trust_pages
from coachbook.views import View, open_view
from tests.unit.overviews.test_head import ROOT, html, leaves, model

LEAD = "p-yq8d277y"


@pytest.fixture(scope="module")
def view() -> View:
    """The example trust on its own day."""
    return open_view(load_book(ROOT, today=date(2027, 3, 12)))


def tables(view: View) -> dict[str, Any]:
    """The figures of the page by their keys."""
    (page,) = trust_pages(view)
    found: Any = model(page)["tables"]
    return {one.value.key: one.value for one in found}


def test_the_page_is_for_whoever_leads_the_trust(view: View) -> None:
    """It is sealed to the one person who holds the role at every school, by a key of their own."""
    (page,) = trust_pages(view)

    assert page.audience.principals == {LEAD}
    assert all(leaf.audience.admits(page.audience) for leaf in leaves(page.model))


def test_a_role_that_one_school_has_not_given_opens_nothing(view: View) -> None:
    """Each school gives the role; until the last one has, there is no page."""
    left = {key: held for key, held in view.book.roles.items() if key != "trust-lead@saltmere"}
    assignments = tuple(one for one in view.book.assignments if one.principal in left)
    less = replace(view, book=replace(view.book, roles=left, assignments=assignments))

    assert trust_pages(less) == ()


def test_a_school_that_keeps_a_figure_is_named_with_the_reason(view: View) -> None:
    """Saltmere opens no figures of cycles to the trust lead, and the page says so."""
    left_out = dict(tables(view)["cycles"].left_out)

    assert left_out["Saltmere Primary Academy"] == (
        "its policy does not open this figure to the trust lead"
    )


def test_only_what_two_schools_define_is_compared(view: View) -> None:
    """A rule that a single policy has is no figure of the trust."""
    assert all(
        len(view.book.schools) - len(table.left_out) >= 1 and table.rows
        for table in tables(view).values()
    )
    assert "finished" not in tables(view)


def test_what_the_trust_shares_stands_side_by_side(view: View) -> None:
    """Learning characteristics and priorities of the trust are put beside each other by school."""
    (page,) = trust_pages(view)
    text = html(page)

    assert "Learning characteristics" in text
    assert "Priorities of the trust" in text
    grids: Any = model(page)["grids"]
    names = [[column.value for column in grid["columns"]] for grid in grids]
    assert all("Saltmere Primary Academy" not in row for row in names)


def without_people(view: View, *schools: str) -> View:
    """The trust with the people of some schools working nowhere."""
    people = {
        key: replace(one, schools=tuple(at for at in one.schools if at not in schools))
        for key, one in view.book.people.items()
    }
    return replace(view, book=replace(view.book, people=people))


def test_a_school_without_people_is_in_no_figure(view: View) -> None:
    """Where nobody is written down as working, nothing is counted, and the page says so."""
    (page,) = trust_pages(without_people(view, "bramblewick"))

    found: Any = model(page)["tables"]
    assert found
    for one in found:
        assert "bramblewick" not in {row.key for row in one.value.rows}
        reasons = dict(one.value.left_out)
        assert reasons["Bramblewick Primary"] == "nobody is written down as working there"
    assert "Nobody is written down as working at Bramblewick Primary." in html(page)


def test_a_new_school_without_people_takes_the_page_from_nobody(view: View) -> None:
    """Where nobody works, nobody can have given the role; the other schools still have the page."""
    empty = without_people(view, "saltmere")
    left = {key: held for key, held in view.book.roles.items() if key != "trust-lead@saltmere"}
    assignments = tuple(one for one in view.book.assignments if one.principal in left)

    (page,) = trust_pages(
        replace(empty, book=replace(empty.book, roles=left, assignments=assignments))
    )

    assert page.audience.principals == {LEAD}
    assert "Nobody is written down as working at Saltmere Primary Academy." in html(page)


def test_a_school_without_a_calendar_is_in_no_figure_that_needs_one(view: View) -> None:
    """Weeks and days cannot be counted without a calendar; sessions and minutes can."""
    left = {key: one for key, one in view.book.calendars.items() if key[0] != "otterbeck"}

    found = tables(replace(view, book=replace(view.book, calendars=left)))

    assert dict(found["gap"].left_out)["Otterbeck Primary"] == (
        "it has no calendar for this school year"
    )
    assert "otterbeck" in {row.key for row in found["minutes"].rows}


def test_a_trust_in_which_nobody_works_compares_nothing(view: View) -> None:
    """Without people in two schools there is no figure, and the page says what it takes."""
    (page,) = trust_pages(without_people(view, *view.book.schools))

    text = html(page)
    assert model(page)["tables"] == []
    assert "It takes two schools where somebody is written down as working." in text
    assert "[c]" not in text


def test_nobody_is_named(view: View) -> None:
    """The page of the trust names schools and no person."""
    (page,) = trust_pages(view)
    text = html(page)

    assert not [one.name for one in view.book.people.values() if one.name in text]

"""Tests of the page of the data protection lead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from coachbook.book import load_book
from coachbook.overviews.protection import protection_pages
from coachbook.views import View, open_view
from tests.unit.overviews.test_head import ROOT, html, leaves, model

if TYPE_CHECKING:
    from coachbook.overviews import Page

SCHOOLS = ("bramblewick", "fennimoor", "otterbeck", "saltmere")


@pytest.fixture(scope="module")
def view() -> View:
    """The example trust on its own day."""
    return open_view(load_book(ROOT, today=date(2027, 3, 12)))


def page_of(view: View, school: str) -> Page:
    """The one page of a school."""
    (page,) = protection_pages(view, school)
    return page


@pytest.mark.parametrize("school", SCHOOLS)
def test_the_page_is_for_the_role_alone(view: View, school: str) -> None:
    """It is sealed to the data protection lead of that school, and every value may be."""
    page = page_of(view, school)

    assert page.audience.principals == {f"data-protection@{school}"}
    assert all(leaf.audience.admits(page.audience) for leaf in leaves(page.model))
    assert page.blocks == {}


def test_who_reads_a_part_is_named(view: View) -> None:
    """Each row of the policy's table stands there with the people who hold its roles today."""
    rows: Any = model(page_of(view, "otterbeck"))["parts"]
    readers = {row["part"].value: row["readers"].value for row in rows}

    assert readers["What is written about sessions"] == (
        "The coachee, the coach, the impact monitor (Petra Quillfeather)"
    )
    assert readers["Coaches' private notes"] == "The coach"


def test_pages_that_were_given_out_are_listed(view: View) -> None:
    """What went to people without a key stands there with its hash."""
    (row,) = model(page_of(view, "bramblewick"))["given_out"]

    assert row["for_whom"].value == "the governors"
    assert len(row["hash"].value) == 64


def test_requests_are_listed_with_their_day(view: View) -> None:
    """A request for what is held shows by when it was to be answered, and names nobody."""
    page = page_of(view, "fennimoor")

    (row,) = model(page)["requests"]

    assert (row["due"].value, row["state"].value) == ("9 Dec 2026", "answered")
    assert "To be answered by" in html(page)


def test_a_request_that_nobody_answered_is_overdue() -> None:
    """From the day after the last one a request is shown as overdue."""
    book = load_book(ROOT, today=date(2027, 3, 12))
    path = next(path for path in book.entries if "/logs/2026-11-09-sl-" in path)
    entry = book.entries[path]
    values = {key: one for key, one in entry.values.items() if key != "answered_on"}
    changed = replace(book, entries={**book.entries, path: replace(entry, values=values)})

    (row,) = model(page_of(open_view(changed), "fennimoor"))["requests"]

    assert row["state"].value == "overdue"


def test_waivers_are_counted_where_the_policy_gives_figures(view: View) -> None:
    """The role learns how many findings were set aside, and not which."""
    page = page_of(view, "bramblewick")
    waivers: Any = model(page)["waivers"]

    assert waivers["known"].value == "count"
    assert waivers["count"].value == 1
    assert "1 finding has been set aside" in html(page)
    assert "s-anzn42e7" not in html(page)


def test_nothing_is_due_while_its_time_runs(view: View) -> None:
    """Notes of this year are kept until the end of the next, so that none has to go yet."""
    notes, _ = _retention(page_of(view, "bramblewick"))
    (year,) = notes["years"]

    assert year["first"].value == "31 Aug 2028"
    assert year["due"].value == 0


def test_what_has_outlived_its_time_is_due() -> None:
    """On the day after the last one, the records of that year are due to go."""
    view = open_view(load_book(ROOT, today=date(2028, 9, 1)))
    notes, _ = _retention(page_of(view, "bramblewick"))
    (year,) = notes["years"]

    assert year["due"].value == year["count"].value - year["open"].value > 0


def test_words_that_nobody_can_reckon_are_left_to_a_person(view: View) -> None:
    """A time that ends with a term is not guessed; how many wait for a person is said."""
    notes, _ = _retention(page_of(_kept(view, "until the term is over"), "otterbeck"))
    (year,) = notes["years"]

    assert year["first"].value == ""
    assert year["open"].value == year["count"].value


def test_those_who_left_are_named_with_their_last_day(view: View) -> None:
    """Whoever has left stands there until what is kept apart about them may go."""
    (gone,) = model(page_of(view, "otterbeck"))["leavers"]

    assert gone["name"].value == "Percival Hartnoll"
    assert gone["left"].value == "31 Dec 2026"
    assert gone["until"].value == "31 Dec 2032"


def test_a_key_that_nobody_needs_is_not_missed(view: View) -> None:
    """The trust lead opens figures with a key of their own, so the role needs none."""
    assert '<td class="col-text" data-label="Has a key">not needed</td>' in html(
        page_of(view, "otterbeck")
    )


def _kept(view: View, words: str) -> View:
    """Otterbeck with other words about how long its notes are kept."""
    (policy,) = view.book.policies["otterbeck"]
    stated = replace(policy.parameters["retention.notes"], value=words)
    changed = replace(policy, parameters={**policy.parameters, "retention.notes": stated})
    return replace(
        view, book=replace(view.book, policies={**view.book.policies, "otterbeck": (changed,)})
    )


def _retention(page: Page) -> Any:  # noqa: ANN401 (a model's part)
    return model(page)["retention"]

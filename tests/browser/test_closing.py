"""Closing a cycle in the portal, step by step, as coach, coachee and monitor would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.inbox import plan_delivery
from coachbook.record import Record, parse_record
from tests.browser.conftest import Desk, demonstration

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from coachbook.book import Book

    MakeDesk = Callable[..., Desk]

PEOPLE = demonstration()
COACHEE, MONITOR = PEOPLE["coachee@otterbeck"], PEOPLE["monitor@otterbeck"]
CYCLE = "c-5n7zakxp"


@pytest.fixture(scope="module")
def book(example: Path) -> Book:
    """The records that the example's site was built from."""
    return load_book(example.parent)


def _sealed(one: Desk) -> str:
    """The sealed record; a second press goes past warnings."""
    seal = one.page.get_by_role("button", name="Seal", exact=True)
    seal.click()
    if one.page.get_by_text("Press Seal again if it is.").is_visible():
        seal.click()
    one.page.get_by_role("button", name="Download").wait_for()
    text = one.page.locator(".handover pre").text_content()
    assert text is not None
    one.page.get_by_role("button", name="Copy").click(force=True)
    return text


def _parsed(path: str, text: str) -> Record:
    record = parse_record(path, text.encode())
    assert isinstance(record, Record)
    return record


def test_the_pair_writes_what_came_of_it(desk: MakeDesk, book: Book) -> None:
    """From the page of a cycle one is led to its outcome, and the inbox takes what is sealed."""
    one = desk()
    one.unlock(COACHEE)
    one.go(f"cycle/{CYCLE}")
    one.page.get_by_role("link", name="Close it step by step on the Write page").click()

    guide = one.page.locator(".closing-guide")
    guide.wait_for()
    assert "The outcome below" in guide.inner_text()
    assert "The impact statement still to do, by the monitor" in guide.inner_text()
    one.page.get_by_role("combobox", name="Outcome (needed)").select_option("part-met")
    one.page.locator("#section-outcome").fill("Waiting is a habit now; asking further is not.")
    delivery = plan_delivery(book, "cycle.md", (text := _sealed(one)).encode())

    assert delivery.refusals == ()
    assert delivery.is_closing
    closed = _parsed(delivery.path, text)
    assert closed.value("status") == "open"
    outcome = closed.section("Outcome")
    assert outcome is not None
    assert outcome.blocks[0].info == ("coachee", "coach", "monitor")


def test_the_monitor_writes_the_statement(desk: MakeDesk, book: Book) -> None:
    """The monitor's role has a page for statements, where names and grades are warned of."""
    one = desk()
    one.unlock(MONITOR)
    one.go("write/as/monitor@otterbeck")
    places = one.page.locator("#write-place option").all_inner_texts()
    assert any("On the cycle of Bryony" in place for place in places)

    label = next(place for place in places if "Bryony" in place)
    one.page.get_by_label("About", exact=True).select_option(label=label)
    one.page.locator("#section-statement").fill("Bryony is a good teacher now.")
    one.page.get_by_role("button", name="Seal", exact=True).click()
    assert "may tell who somebody is" in one.page.locator(".write-problems").inner_text()
    one.page.locator("#section-statement").fill("The pair met weekly and looked at film together.")
    record = _parsed("sent.md", text := _sealed(one))

    assert plan_delivery(book, "sent.md", text.encode()).refusals == ()
    assert record.value("author") == MONITOR.person
    assert record.value("cycle")


def test_the_next_cycle_follows_the_one_before(desk: MakeDesk, book: Book) -> None:
    """A new cycle of the same pair says which one it follows, and begins with its goal."""
    one = desk()
    one.unlock(COACHEE)
    one.go("write")
    places = one.page.locator("#write-place option").all_inner_texts()
    label = next(place for place in places if place.startswith("The next cycle with "))
    one.page.get_by_label("About", exact=True).select_option(label=label)
    one.page.locator("#section-goal").fill("Pupils ask each other the second question.")

    delivery = plan_delivery(book, "sent.md", (text := _sealed(one)).encode())

    assert delivery.refusals == ()
    assert _parsed(delivery.path, text).value("follows") == CYCLE

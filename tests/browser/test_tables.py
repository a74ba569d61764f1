"""Tables of private pages: sorted, filtered and taken along with the keyboard alone."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from tests.browser.barriers import barriers
from tests.browser.conftest import demonstration

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.browser.conftest import Desk

    MakeDesk = Callable[..., Desk]

pytestmark = pytest.mark.usefixtures("emptied_profile")

MONITOR = demonstration()["monitor@otterbeck"]
PAGE = "coverage/otterbeck"


def table_of(desk: Desk) -> Locator:
    """The table of who has been coached, once its page is open."""
    desk.unlock(MONITOR)
    desk.go(PAGE)
    return desk.page.get_by_role("table", name="Sessions of each person")


def names(table: Locator) -> list[str]:
    """The people in the rows that are shown, from the top."""
    return table.locator("tbody tr:visible th").all_inner_texts()


def test_enter_on_a_heading_sorts(desk: MakeDesk) -> None:
    """Enter on the heading of a column sorts by it, and the heading says which way."""
    one = desk()
    table = table_of(one)
    head = table.get_by_role("columnheader", name="Person")

    directions, first = [], []
    for _ in range(2):
        head.get_by_role("button").focus()
        one.page.keyboard.press("Enter")
        directions.append(head.get_attribute("aria-sort"))
        first.append(names(table)[0])

    assert directions == ["ascending", "descending"]
    assert first[0] < first[1]


def test_typing_narrows_the_rows(desk: MakeDesk) -> None:
    """Typing a name leaves its row alone, and how many rows are left is said aloud."""
    one = desk()
    table = table_of(one)
    everybody = names(table)

    one.page.get_by_label("Filter").focus()
    one.page.keyboard.type(everybody[-1].split()[-1].upper())

    assert names(table) == everybody[-1:]
    said = one.page.locator(".table-found").inner_text()
    assert said.startswith(f"1 of {len(everybody)} rows")


def test_table_is_taken_along_as_it_stands(desk: MakeDesk) -> None:
    """The file for a spreadsheet holds the rows that are shown, under their headings."""
    one = desk()
    table = table_of(one)
    button = one.page.get_by_role("button", name="Download as CSV")

    button.focus()
    with one.page.expect_download() as download:
        one.page.keyboard.press("Enter")

    text = download.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.reader(text.splitlines()))
    assert download.value.suggested_filename == "who-has-been-coached.csv"
    assert rows[0] == ["Person", "Sessions", "Coached yet", "Last"]
    assert [row[0] for row in rows[1:]] == names(table)
    assert "not sealed" in one.page.locator(".table-found").inner_text()


def test_paper_has_the_table_and_none_of_its_tools(desk: MakeDesk) -> None:
    """On paper a table has its rows and headings, and no filter, button or arrow.

    A heading inside a button would not be repeated on the next sheet.
    """
    one = desk()
    table = table_of(one)
    one.page.emulate_media(media="print")

    arrow = table.locator(".sort").first.evaluate("e => getComputedStyle(e, '::after').content")
    assert not one.page.get_by_label("Filter").is_visible()
    assert arrow == "none"
    assert names(table)
    assert table.locator(".sort").first.evaluate("e => getComputedStyle(e).display") == "contents"


def test_sorted_and_filtered_table_has_no_barrier(desk: MakeDesk) -> None:
    """A table in use is as accessible as a fresh one."""
    one = desk(bypass_csp=True)
    table = table_of(one)

    table.get_by_role("columnheader", name="Sessions").get_by_role("button").click()
    one.page.get_by_label("Filter").fill("zzz")

    assert barriers(one.page) == []

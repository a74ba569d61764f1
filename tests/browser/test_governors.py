"""The governors' page as the head makes it: one file without script, and the record of it."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.inbox import plan_delivery
from tests.browser.conftest import ROOT, demonstration

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Download

    from tests.browser.conftest import Desk

HEAD = demonstration()["head@otterbeck"]
STATEMENT = "The pair kept to one idea for long enough"


@pytest.fixture
def sheet(desk: Callable[..., Desk]) -> Desk:
    """The head of Otterbeck at the governors' page."""
    head = desk(accept_downloads=True, permissions=["clipboard-read", "clipboard-write"])
    head.unlock(HEAD)
    head.go("governors/otterbeck")
    return head


def made(sheet: Desk, folder: Path) -> Path:
    """The file that the button gives."""
    with sheet.page.expect_download() as waiting:
        sheet.page.get_by_role("button", name="Governors' page").click()
    return saved(waiting.value, folder)


def saved(download: Download, folder: Path) -> Path:
    """A download as a file of its own name."""
    place = folder / download.suggested_filename
    download.save_as(place)
    return place


def test_one_file_that_anybody_opens(sheet: Desk, chromium: Browser, tmp_path: Path) -> None:
    """The file has no script and no link, asks nothing of a network, and prints on one sheet."""
    sheet.page.get_by_label("Add the impact statements in full").check()
    file = made(sheet, tmp_path)
    text = file.read_text(encoding="utf-8")

    assert file.name == "governors-otterbeck-2027-03-12.html"
    assert not re.search(r"<script|<a |(?:src|href)=|\son\w+=", text)

    context = chromium.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    assert "Sessions that kept to time" in page.inner_text("body")
    assert STATEMENT in page.inner_text("body")
    assert "A figure stands on at least 5 different people" in page.inner_text("body")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
    assert asked == [file.as_uri()]
    context.close()


def test_statements_are_added_on_purpose(sheet: Desk, tmp_path: Path) -> None:
    """What nobody ticked is not given out, although the head's browser has opened it."""
    text = made(sheet, tmp_path).read_text(encoding="utf-8")

    assert "Coaching at Otterbeck Primary" in text
    assert STATEMENT not in text
    assert "Impact statements" not in text


def test_the_record_says_what_was_given_out(sheet: Desk, tmp_path: Path) -> None:
    """The record that goes with the file names its maker and its hash, and can be filed."""
    file = made(sheet, tmp_path)
    with sheet.page.expect_download() as waiting:
        sheet.page.get_by_role("button", name="Download the record").click()
    record = saved(waiting.value, tmp_path)
    text = record.read_text(encoding="utf-8")
    delivery = plan_delivery(load_book(ROOT), record.name, record.read_bytes())

    assert f"made_by: {HEAD.person}" in text
    assert hashlib.sha256(file.read_bytes()).hexdigest() in text
    assert delivery.refusals == ()
    assert delivery.path == f"records/otterbeck/logs/{record.name}"


def test_copied_for_a_word_processor(sheet: Desk) -> None:
    """What is copied keeps its tables, and has a plain form with a tab between cells."""
    sheet.page.get_by_role("button", name="Copy for Word").click()
    sheet.page.get_by_text("Copied. Paste it into a document").wait_for()
    html, text = sheet.page.evaluate(
        """async () => {
            const [item] = await navigator.clipboard.read();
            const kinds = ['text/html', 'text/plain'];
            return Promise.all(kinds.map(async k => (await item.getType(k)).text()));
        }"""
    )

    assert "<table" in html
    assert re.search(r"Sessions that kept to time[^\t\n]*\t100%\t41 of 41 sessions\t7", text)
    assert "Download as CSV" not in text


def test_a_copy_can_be_put_on_record(sheet: Desk) -> None:
    """A copy for somebody without a key has the same record; a copy of one's own needs none."""
    sheet.page.get_by_role("button", name="Copy for Word").click()
    sheet.page.get_by_text("Copied. Paste it into a document").wait_for()
    assert not sheet.page.locator(".given pre").is_visible()

    sheet.page.get_by_text("Is it for somebody who cannot open this page?").click()
    sheet.page.get_by_label("For", exact=True).select_option("inspectors")
    sheet.page.get_by_role("button", name="Make the record").click()
    record = sheet.page.locator(".given pre").inner_text()
    text = sheet.page.evaluate("() => navigator.clipboard.readText()")

    assert "what: governors-page\nfor_whom: inspectors\n" in record
    assert hashlib.sha256(text.encode()).hexdigest() in record

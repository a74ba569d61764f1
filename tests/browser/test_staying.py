"""Staying signed in on a device: opt-in, for hours, and gone when it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import demonstration

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Desk

    MakeDesk = Callable[..., Desk]

PEOPLE = demonstration()
COACHEE, HEAD = PEOPLE["coachee@otterbeck"], PEOPLE["head@otterbeck"]
NAME = "Bryony"
BOX = "Keep me signed in on this device for 8 hours"
DATABASES = "async () => (await indexedDB.databases()).length"
KEPT = """() => new Promise((resolve, reject) => {
    const asked = indexedDB.open('coachbook');
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
        const all = asked.result.transaction('kept').objectStore('kept').getAll();
        all.onsuccess = () => { asked.result.close(); resolve(all.result); };
    };
})"""
TAKE_OUT = f"async () => crypto.subtle.exportKey('raw', (await ({KEPT})())[0].key)"


def stay(one: Desk) -> None:
    """Unlocks as the coachee, with the box ticked."""
    one.page.goto(f"{one.url}/portal/index.html")
    one.page.get_by_label(BOX).check()
    one.fill(COACHEE.person, COACHEE.passphrase)
    one.page.wait_for_selector("#content h1", timeout=30_000)


def locked(page: Page) -> bool:
    """Waits for the locked page; whether it shows nothing of the person."""
    page.get_by_role("button", name="Unlock").wait_for()
    return NAME not in page.content()


def test_pages_open_without_the_passphrase(desk: MakeDesk) -> None:
    """Whoever ticked the box finds their pages open in the next tab, and is told until when."""
    one = desk()
    stay(one)

    other = one.page.context.new_page()
    other.goto(f"{one.url}/portal/index.html")

    other.wait_for_selector("#content h1", timeout=30_000)
    assert NAME in other.locator("#who").inner_text()
    assert "on this device until" in other.locator("#kept").inner_text()

"""Somebody makes their own key in the portal, before they can unlock anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.keyarrival import is_read_out, plan_key
from coachbook.keystore import unlock
from tests.browser.barriers import barriers
from tests.browser.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Desk

PERSON = "p-gz9x72dj"


def press(page: Page, name: str, step: str) -> None:
    """Presses a button, and waits for the step that it leads to."""
    page.get_by_role("button", name=name).click()
    page.wait_for_selector(f"#make-step-{step}:not([hidden])")


def taken(page: Page, half: str, folder: Path) -> Path:
    """The file that a button hands over."""
    with page.expect_download() as download:
        page.locator(f"#make-{half}").click()
    place = folder / download.value.suggested_filename
    download.value.save_as(place)
    return place


def test_a_key_made_in_the_portal_is_one_that_can_be_filed(
    desk: Callable[..., Desk], address: str, tmp_path: Path
) -> None:
    """From the link of an invitation to two files: the words open them, and stay nowhere."""
    page = desk().page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/portal/index.html#new-key={PERSON}.2")
    page.wait_for_selector("#make-key:not([hidden])")
    assert PERSON not in page.url
    found = [*barriers(page)]

    press(page, "Show me six words", "words")
    words = page.locator("#make-words li").all_inner_texts()
    found += barriers(page)
    press(page, "I have written them down", "typed")
    page.get_by_label("The six words").fill(" ".join(words[1:]))
    page.get_by_role("button", name="Make my key").click()
    page.get_by_text("Those are not the six words").wait_for()
    page.get_by_label("The six words").fill(" ".join(words).upper())
    found += barriers(page)
    press(page, "Make my key", "files")
    found += barriers(page)

    fingerprint = page.locator("#make-fingerprint").inner_text()
    public, private = (taken(page, half, tmp_path) for half in ("public", "private"))
    plan = plan_key(load_book(ROOT), public.name, public.read_bytes(), private.read_bytes())
    assert plan.refusals == ()
    assert plan.public is not None
    assert is_read_out(plan.public, fingerprint)
    key = unlock(private.read_text(), "-".join(words))[0]
    assert key.recipient() == plan.public.recipient
    page.get_by_role("button", name="Done").click()
    page.wait_for_selector("#gate:not([hidden])")
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, location.href])")
    assert not any(word in page.content() + kept for word in (" ".join(words), "-".join(words)))
    assert not any(word in url for word in words for url in asked)
    assert found == []


def test_whoever_leaves_before_saving_is_asked(desk: Callable[..., Desk], address: str) -> None:
    """A key that nobody has saved is not lost by a slip."""
    page = desk().page
    page.goto(f"{address}/portal/index.html")
    page.get_by_role("link", name="Make my key").click()
    page.get_by_label("Your id").fill(f"{PERSON}.2")
    press(page, "Show me six words", "words")

    with page.expect_event("dialog") as asked:
        page.evaluate("setTimeout(() => location.reload(), 0)")

    assert asked.value.type == "beforeunload"
    asked.value.dismiss()


@pytest.mark.parametrize("typed", ["wren.ashgrove", "../../p-7kq2m4xa"])
def test_what_is_no_id_is_told_at_once(desk: Callable[..., Desk], address: str, typed: str) -> None:
    """No key is made for a name that no file could have."""
    page = desk().page
    page.goto(f"{address}/portal/index.html#new-key")
    page.get_by_label("Your id").fill(typed)

    page.get_by_role("button", name="Show me six words").click()

    page.get_by_text("That is not an id such as").wait_for()

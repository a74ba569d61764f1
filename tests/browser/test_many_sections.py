"""Two hundred sealed sections on one page: one unlock, and the first is read before the rest.

How long a second is depends on the machine, so what is held here is the order of things: when
the first sections can be read, nearly all others are still to be opened.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from benchmarks.workspace import Size, make_workspace
from coachbook.age import ScryptRecipient, armor, encrypt
from coachbook.book import load_book
from coachbook.overviews import mysteps, stretches
from coachbook.publicpart import PORTAL
from coachbook.sealing import format_identity
from coachbook.site import Job, build_site
from tests.browser.conftest import served
from tests.workspaces.otterbeck_small import identity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.browser.conftest import Desk

COACH, WORDS = "p-bench00001", "kettle-larch-amber-gorse-heron-frost"
SESSIONS = 100
WATCH = """
window.seen = [];
new MutationObserver(() => {
  const opened = document.querySelectorAll("[data-sealed][data-state=opened]").length;
  if (opened > 0) {
    window.seen.push([performance.now(), opened]);
  }
}).observe(document, { subtree: true, childList: true, attributes: true });
"""
"""Notes how many sections were open whenever something on the page changed."""


@pytest.fixture(scope="module")
def long_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The site of one cycle that has all of its sessions on one page, and its coach's key."""
    folder = tmp_path_factory.mktemp("many")
    make_workspace(folder / "workspace", Size(SESSIONS, sessions_each=SESSIONS, coachees_each=1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stretches, "ROOM", 10_000_000)
        patch.setattr(mysteps, "ROOM", 1)
        book = load_book(folder / "workspace")
        build_site(Job(book, (), os.urandom, parts=(PORTAL,)), folder / "site")
    key = folder / "coach.age"
    text = format_identity([identity(COACH)], owner=COACH, generation=1)
    key.write_text(armor(encrypt(text.encode(), [ScryptRecipient(WORDS, 1)], random=os.urandom)))
    with served(folder / "site") as url:
        yield url, key


def test_the_first_of_two_hundred_is_read_before_the_rest(
    desk: Callable[..., Desk], long_page: tuple[str, Path]
) -> None:
    """One unlock opens 200 sections; on a slow machine too the first is read at once."""
    url, key = long_page
    one = desk(url)
    one.page.add_init_script(WATCH)
    one.page.goto(f"{url}/portal/index.html")
    one.fill(COACH, WORDS)
    one.page.locator("#key-file").set_input_files(key)
    one.page.get_by_role("button", name="Unlock").click()
    one.page.wait_for_selector("#content h1", timeout=60_000)
    one.page.evaluate("window.seen = []")
    page = one.page.locator("#pages a[href*='cycle/']").first.get_attribute("href") or ""
    start = one.page.evaluate("performance.now()")
    one.go(page.removeprefix("#/"))

    one.page.wait_for_function(
        "() => { const all = [...document.querySelectorAll('[data-sealed]')];"
        " return all.length >= 200 && all.every(e => e.dataset.state === 'opened') }",
        timeout=60_000,
    )

    seen = one.page.evaluate("window.seen")
    (first, opened), (last, everything) = seen[0], seen[-1]
    assert everything >= 200
    assert opened < everything / 10
    assert first - start < (last - start) / 2

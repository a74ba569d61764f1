"""A long cycle in the browser: what has moved to other pages is found, and no step is lost."""

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

WORDS = "kettle-larch-amber-gorse-heron-frost"
SESSIONS = 12


@pytest.fixture(scope="module")
def long_cycle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The site of a cycle of a whole year, and its coach's key, where a page has hardly any room.

    The pages so are those of a coach with hundreds of sessions.
    """
    folder = tmp_path_factory.mktemp("long")
    make_workspace(folder / "workspace", Size(SESSIONS, sessions_each=SESSIONS, coachees_each=1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stretches, "ROOM", 1)
        patch.setattr(mysteps, "ROOM", 1)
        book = load_book(folder / "workspace")
        build_site(Job(book, (), os.urandom, parts=(PORTAL,)), folder / "site")
    key = folder / "coach.age"
    text = format_identity([identity("p-bench00001")], owner="p-bench00001", generation=1)
    cheap = ScryptRecipient(WORDS, 1)
    key.write_text(armor(encrypt(text.encode(), [cheap], random=os.urandom)))
    with served(folder / "site") as url:
        yield url, key


def test_no_step_is_lost_on_the_way_to_other_pages(
    desk: Callable[..., Desk], long_cycle: tuple[str, Path]
) -> None:
    """A person's page follows a step through sessions that stand on pages of earlier half-terms."""
    url, key = long_cycle
    one = desk(url)
    one.page.goto(f"{url}/portal/index.html")
    one.fill("p-bench00001", WORDS)
    one.page.locator("#key-file").set_input_files(key)
    one.page.get_by_role("button", name="Unlock").click()

    thread = one.page.locator("[data-thread][data-state=opened]")
    assert f"From {SESSIONS} sessions" in thread.inner_text()
    first = thread.locator(".step-agreed a")
    assert first.inner_text() == "Mon 14 Sep"

    first.click()
    one.page.get_by_role("link", name="Back to the page of this cycle").wait_for()
    assert "Autumn 1" in one.page.locator(".crumbs").inner_text()
    assert "the room was silent" in one.opened()

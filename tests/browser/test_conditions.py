"""What browsers do around the portal: tabs, the way back, paper, caches, blocked things."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coachbook.age import ScryptRecipient, armor, encrypt
from coachbook.book import load_book
from coachbook.publickey import format_public_key, public_key_of
from coachbook.publicpart import PORTAL
from coachbook.sealing import format_identity
from coachbook.site import Job, build_site
from tests.browser.conftest import FLAGS, demonstration, served
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Desk

    MakeDesk = Callable[..., Desk]

PEOPLE = demonstration()
COACHEE = PEOPLE["coachee@otterbeck"]
NAME = "Bryony"
OPEN_CYCLE = "cycle/c-5n7zakxp"
TEXT = "tennis ball"
WORDS = "kettle-larch-amber-gorse-heron-frost"
OLDER = "This page is older than what it reads"


@pytest.fixture(scope="module")
def everyday(chromium: Browser) -> Iterator[Browser]:
    """A browser that keeps pages to bring them back, and knows a host with plain http."""
    browser = chromium.browser_type.launch(
        executable_path=shutil.which("chromium"),
        args=[*FLAGS, "--no-sandbox", "--host-resolver-rules=MAP portal.example 127.0.0.1"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser
    browser.close()


def locked(page: Page) -> bool:
    """Waits for the locked page; whether it shows nothing of the person."""
    page.get_by_role("button", name="Unlock").wait_for()
    return NAME not in page.content() and TEXT not in page.content()


def unlock(page: Page, person: str, passphrase: str) -> None:
    """Types both and presses Unlock."""
    page.get_by_label("Person").fill(person)
    page.get_by_label("Passphrase", exact=True).fill(passphrase)
    page.get_by_role("button", name="Unlock").click()


def test_lock_in_one_tab_locks_the_other(desk: MakeDesk) -> None:
    """Lock locks the portal in every tab of the browser."""
    one = desk()
    one.unlock(COACHEE)
    other = one.page.context.new_page()
    other.goto(f"{one.url}/portal/index.html#/{OPEN_CYCLE}")
    unlock(other, COACHEE.person, COACHEE.passphrase)
    other.wait_for_selector("#content h1", timeout=30_000)

    one.page.get_by_role("button", name="Lock").click()

    assert locked(other)
    assert "Locked in another tab" in other.locator("#gate-title").inner_text()


def test_who_works_in_one_tab_is_there_for_the_other(desk: MakeDesk) -> None:
    """A tab does not lock for want of use while its reader is busy in another one."""
    one = desk()
    one.page.clock.install()
    one.unlock(COACHEE)
    other = one.page.context.new_page()
    other.goto(f"{one.url}/portal/index.html")
    unlock(other, COACHEE.person, COACHEE.passphrase)
    other.wait_for_selector("#content h1", timeout=30_000)
    one.page.clock.fast_forward("09:30")
    one.page.get_by_role("dialog").wait_for()

    other.keyboard.press("Shift")

    one.page.get_by_role("dialog").wait_for(state="hidden")


def test_a_closed_tab_leaves_nothing(desk: MakeDesk) -> None:
    """Whoever closes the tab has locked it: the next tab asks for the passphrase."""
    one = desk()
    one.unlock(COACHEE)
    one.page.close()

    page = one.page.context.new_page()
    page.goto(f"{one.url}/portal/index.html#/{OPEN_CYCLE}")

    assert locked(page)


def test_the_browser_brings_back_a_page_it_kept(everyday: Browser, address: str) -> None:
    """A page that the browser kept whole and brings back is locked and empty all the same."""
    page = everyday.new_page()
    page.goto(f"{address}/portal/index.html#/{OPEN_CYCLE}")
    page.evaluate("window.addEventListener('pageshow', e => window.cameBack = e.persisted)")
    unlock(page, COACHEE.person, COACHEE.passphrase)
    page.wait_for_selector("#content h1", timeout=30_000)
    page.goto(f"{address}/handbook/index.html")

    page.go_back(wait_until="commit")

    assert locked(page)
    assert page.evaluate("window.cameBack") is True
    page.close()


def test_paper_of_a_locked_portal(desk: MakeDesk) -> None:
    """What is printed after locking holds neither a note nor the name of its reader."""
    one = desk()
    one.unlock(COACHEE)
    one.go(OPEN_CYCLE)
    one.opened()
    one.page.get_by_role("button", name="Lock").click()
    one.page.get_by_role("button", name="Unlock").wait_for()

    one.page.emulate_media(media="print")

    shown = one.page.locator("body").inner_text()
    assert not any(word in shown for word in (NAME, TEXT, "Confidential", "Passphrase"))


def test_http_is_explained(everyday: Browser, address: str) -> None:
    """Over plain http, from another computer, the portal says why it takes no passphrase."""
    port = address.rpartition(":")[2]
    page = everyday.new_page()

    page.goto(f"http://portal.example:{port}/portal/index.html")

    page.locator("#blocked").wait_for()
    assert "Use the address that starts with https" in page.locator("#blocked").inner_text()
    assert page.get_by_label("Passphrase", exact=True).is_hidden()
    assert page.get_by_label("Keep me signed in").is_hidden()
    page.close()


@dataclass(frozen=True)
class Renewed:
    """The portal of a small school, and how somebody's key in it is renewed."""

    url: str
    root: Path

    def let_stay(self) -> None:
        """Lets people stay signed in, and builds again."""
        policy = self.root / small.POLICY
        text = policy.read_text(encoding="utf-8")
        policy.write_text(
            text.replace("portal.idle_minutes:", "portal.stay_hours: 8\nportal.idle_minutes:", 1),
            encoding="utf-8",
            newline="\n",
        )
        self.build()

    def key_file(self, seed: str) -> Path:
        """The key of the coachee that is made from a seed, under a passphrase."""
        text = format_identity([small.identity(seed)], owner=small.COACHEE, generation=1)
        file = self.root / f"{seed}.age"
        cheap = ScryptRecipient(WORDS, 1)
        file.write_text(armor(encrypt(text.encode(), [cheap], random=os.urandom)))
        return file

    def build(self) -> None:
        """Builds the portal from the records as they are."""
        job = Job(load_book(self.root, today=date(2026, 11, 16)), (), os.urandom, parts=(PORTAL,))
        build_site(job, self.root / "site")

    def renew(self, seed: str) -> None:
        """Publishes another key for the coachee, and builds again."""
        key = public_key_of(
            small.identity(seed), owner=small.COACHEE, generation=1, created=small.MADE
        )
        (self.root / key.path).write_text(format_public_key(key), encoding="utf-8", newline="\n")
        self.build()


@pytest.fixture
def renewed(tmp_path: Path) -> Iterator[Renewed]:
    """The small school's portal, served without a word on how long it may be kept."""
    root = Path(shutil.copytree(small.ROOT, tmp_path / "small"))
    Renewed("", root).build()
    # The folder of the site is exchanged as a whole by each build.
    with served(root) as url:
        yield Renewed(f"{url}/site", root)


def unlock_with_file(page: Page, file: Path) -> None:
    """Unlocks as the coachee, whose key the small school does not publish."""
    unlock(page, small.COACHEE, WORDS)
    page.locator("#key-file").set_input_files(file)
    page.get_by_role("button", name="Unlock").click()


def test_an_old_page_after_a_key_was_renewed(desk: MakeDesk, renewed: Renewed) -> None:
    """A page from before a rotation says that it is old, and after a reload all is well."""
    one = desk(renewed.url)
    one.page.goto(f"{renewed.url}/portal/index.html")
    renewed.renew("another key")

    unlock_with_file(one.page, renewed.key_file(small.COACHEE))

    one.page.wait_for_function("() => document.querySelector('#problem').textContent")
    assert OLDER in one.page.locator("#problem").inner_text()
    one.page.reload()
    unlock_with_file(one.page, renewed.key_file("another key"))
    one.page.wait_for_selector("#content h1")


def test_signed_in_with_a_key_that_was_renewed(desk: MakeDesk, renewed: Renewed) -> None:
    """Whoever stays signed in, and whose key was renewed, is told so and forgotten."""
    renewed.let_stay()
    one = desk(renewed.url)
    one.page.goto(f"{renewed.url}/portal/index.html")
    one.page.get_by_label("Keep me signed in").check()
    unlock_with_file(one.page, renewed.key_file(small.COACHEE))
    one.page.wait_for_selector("#content h1")
    renewed.renew("another key")

    one.page.reload()

    one.page.wait_for_function("() => document.querySelector('#problem').textContent")
    said = one.page.locator("#problem").inner_text()
    assert "You were signed in on this device with an earlier key" in said
    one.page.reload()
    assert locked(one.page)
    assert one.page.locator("#problem").inner_text() == ""


def test_an_old_page_beside_a_new_script(desk: MakeDesk) -> None:
    """A page that the browser kept from before the portal was renewed asks to be loaded again."""
    one = desk()
    one.page.route(
        "**/portal/index.html",
        lambda route: route.fulfill(body=route.fetch().text().replace('id="kept"', "")),
    )

    one.page.goto(f"{one.url}/portal/index.html")

    one.page.locator("#blocked").wait_for()
    assert "This page is older than its script" in one.page.locator("#blocked").inner_text()


def test_no_cache_serves_data_of_another_edition(desk: MakeDesk) -> None:
    """Script, style and data are asked for by the edition of the page."""
    one = desk()
    asked: list[str] = []
    one.page.on("request", lambda request: asked.append(request.url))

    one.unlock(COACHEE)

    edition = one.page.locator("meta[name=coachbook-edition]").get_attribute("content")
    assert edition
    loaded = [url for url in asked if "/assets/" in url or "/data/" in url]
    assert len(loaded) > 3
    assert {url.rpartition("?")[2] for url in loaded} == {edition}

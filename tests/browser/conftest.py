"""Debian's Chromium, the example trust's site, and pages that fail on any complaint."""

from __future__ import annotations

import csv
import functools
import http.server
import os
import shutil
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from coachbook.book import load_book
from coachbook.site import Job, build_site
from tests.cheap_keys import copy_example

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, Request

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 900}
PATIENCE = 120_000
"""Milliseconds for anything a page is waited for: time never decides a test."""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder on http://localhost, for as long as the context lasts."""
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("localhost", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True)
class Tried:
    """Somebody whom the demonstration lets anybody be."""

    person: str
    roles: tuple[str, ...]
    passphrase: str


def demonstration() -> dict[str, Tried]:
    """The first person of each role, such as `head@otterbeck`."""
    found: dict[str, Tried] = {}
    with (ROOT / "records" / "demo-passphrases.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            tried = Tried(row["person"], tuple(row["roles"].split()), row["passphrase"])
            for role in tried.roles:
                found.setdefault(role, tried)
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; without it these tests fail, they are not skipped."""
    with sync_playwright() as playwright:
        started = launched(playwright.chromium)
        yield started
        started.close()


def launched(kind: BrowserType, *flags: str) -> Browser:
    """The machine's own Chromium at work, with more flags than usual if need be."""
    path = shutil.which("chromium")
    assert path, "chromium is needed for this test; .ci/run installs it"
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    sandbox = ["--no-sandbox"] if as_root else []
    return kind.launch(executable_path=path, args=[*FLAGS, *sandbox, *flags])


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the example trust, built once."""
    workspace = copy_example(tmp_path_factory.mktemp("example"))
    build_site(Job(load_book(workspace), (), os.urandom), workspace / "site")
    return workspace / "site"


@pytest.fixture(scope="session")
def address(example: Path) -> Iterator[str]:
    """Where the example's site is served."""
    with served(example) as url:
        yield url


@dataclass
class Desk:
    """One browser profile at work: its page, and everything the page complained about."""

    page: Page
    url: str
    complaints: list[str]

    def unlock(self, who: Tried, *, passphrase: str | None = None) -> None:
        """Opens the portal as somebody would: by hand."""
        self.page.goto(f"{self.url}/portal/index.html")
        self.fill(who.person, passphrase or who.passphrase)
        self.page.wait_for_selector("#content h1")

    def fill(self, person: str, passphrase: str) -> None:
        """Types both and presses Unlock."""
        self.page.get_by_label("Person").fill(person)
        self.page.get_by_label("Passphrase", exact=True).fill(passphrase)
        self.page.get_by_role("button", name="Unlock").click()

    def lock(self) -> None:
        """Presses Lock, and waits until it has asked the other tabs and is locked."""
        self.page.get_by_role("button", name="Lock").click()
        self.page.wait_for_selector("body[data-state=locked]")

    def go(self, path: str) -> None:
        """Follows a link of the portal."""
        self.page.evaluate(f"location.hash = '#/{path}'")
        self.page.wait_for_function(
            "path => document.querySelector('#pages [aria-current=page]')?.hash === '#/' + path",
            arg=path,
        )
        self.page.wait_for_selector("#content h1")

    def opened(self) -> str:
        """Everything that can be read once every sealed part has been tried."""
        self.filled()
        return self.page.locator("#content").inner_text()

    def filled(self) -> None:
        """Waits until nothing on the page says "Opening…" any more."""
        self.page.wait_for_function("() => !document.querySelector('#content .opening')")


def seated(context: BrowserContext, url: str) -> Desk:
    """A desk with an empty page, of which every complaint and request elsewhere is noted."""
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(f"console: {m.text}"))
    page.on("pageerror", lambda e: complaints.append(f"error: {e}"))
    page.on("request", lambda r: complaints.extend(_foreign(r, url)))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e =>"
        " console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI))"
    )
    return Desk(page, url, complaints)


@pytest.fixture(scope="session")
def emptied_profile(chromium: Browser, address: str) -> Iterator[BrowserContext]:
    """One profile for many tests, emptied after each: for those that ask what a page shows.

    A file that stays open in it keeps its process at work, which takes half of the time to start.
    """
    context = chromium.new_context(viewport=DESKTOP, locale="en-GB")
    context.new_page().goto(f"{address}/portal/assets/LICENSES.txt")
    yield context
    context.close()


@pytest.fixture
def desk(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Desk]]:
    """Makes browser profiles; at the end none may have complained or asked another host.

    They are for the example's site, which is built only if some test wants it. The first one
    is the emptied profile where a test uses that; every other is new.
    """
    made: list[tuple[BrowserContext, Desk]] = []
    lent: list[BrowserContext] = []
    if "emptied_profile" in request.fixturenames:
        lent.append(request.getfixturevalue("emptied_profile"))

    def make(url: str = "", *, fresh: bool = False, **options: object) -> Desk:
        plain = bool(lent) and not (url or fresh or options or made)
        url = url or request.getfixturevalue("address")
        context = (
            lent[0]
            if plain
            else chromium.new_context(**{"viewport": DESKTOP, "locale": "en-GB", **options})  # type: ignore[arg-type]
        )
        made.append((context, seated(context, url)))
        return made[-1][1]

    yield make
    for context, one in made:
        if context in lent:
            empty(context, one.url)
        else:
            context.close()
        assert one.complaints == []


def empty(context: BrowserContext, url: str) -> None:
    """Closes every page but the first, and leaves nothing that one of them has kept."""
    first, *others = context.pages
    for page in others:
        page.close()
    session = context.new_cdp_session(first)
    session.send("Storage.clearDataForOrigin", {"origin": url, "storageTypes": "all"})
    session.detach()
    context.clear_cookies()
    context.clear_permissions()


def _foreign(request: Request, url: str) -> list[str]:
    own = request.url.startswith((url, "data:"))
    return [] if own else [f"request: {request.url}"]

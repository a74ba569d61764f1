"""How quickly the portal answers in a browser: unlocking, a page of sealed sections, finding.

A coach of ten cycles opens the portal in Chromium. Their key is protected by a
passphrase that costs next to nothing, so what is measured is everything besides.
There is no peer: nothing else opens sealed notes in a reader's browser and
searches them there. The aims are times that people notice.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unittest.mock import patch

from playwright.sync_api import sync_playwright

from benchmarks.aside import folder
from benchmarks.table import OURS, Limit, Row, Table
from benchmarks.workspace import Size, make_workspace
from coachbook.age import ScryptRecipient, armor, encrypt
from coachbook.book import load_book
from coachbook.overviews import stretches
from coachbook.sealing import format_identity
from coachbook.site import Job, build_site
from tests.browser.conftest import FLAGS, served
from tests.workspaces.otterbeck_small import identity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

SECTIONS_EACH = 2
"""Sealed sections of a session in the workspace that is measured."""

SESSIONS_EACH = 100
"""Sessions of a cycle, whose page so holds 200 sealed sections.

The portal itself would give earlier half-terms of it pages of their own; here it is left whole.
"""

CYCLES_EACH = 10
FIRST_PAGE, FIRST_TEXT, FIRST_RESULT = 1.0, 1.0, 0.2
NEVER_LONGER = 0.1
"""A pause that people feel as one, by which a page is said to hold up scrolling."""

_PASSPHRASE = "kettle-larch-amber-gorse-heron-frost"
_CHEAP = 1
_MILLI = 1000
_LIMIT = 120_000
_WATCH = """
window.pauses = [];
new PerformanceObserver((seen) => {
    for (const one of seen.getEntries()) window.pauses.push(one.duration);
}).observe({ entryTypes: ["longtask"] });
"""
_UNTIL = """([start, selector, gone, limit]) => new Promise((done, fail) => {
    const since = performance.now();
    const look = () => {
        const waited = performance.now() - since;
        if (document.querySelector(selector) && !(gone && document.querySelector(gone))) {
            done(waited);
        } else if (waited > limit) {
            fail(new Error(`after ${limit} ms there is no ${selector}`));
        } else {
            setTimeout(look, 1);
        }
    };
    const actions = {
        unlock: () => document.querySelector("#go").click(),
        go: (hash) => { location.hash = hash; },
        type: (words) => {
            const input = document.querySelector("#find-words");
            input.value = words;
            input.dispatchEvent(new Event("input", { bubbles: true }));
        },
        wait: () => undefined,
    };
    const [name, argument] = start;
    actions[name](argument);
    look();
})"""


@dataclass(frozen=True, slots=True)
class Answers:
    """How long a reader waits, in seconds: to begin, for all of it, and the longest pause."""

    unlock: float
    first_text: float
    whole_page: float
    page_pause: float
    all_read: float
    first_result: float
    find_pause: float


def run(sections: int = 2000) -> Iterator[Table]:
    """Builds a workspace with so many sealed sections of one coach and opens it as they do."""
    sessions = sections // SECTIONS_EACH
    with folder() as place:
        root = place / "workspace"
        size = Size(sessions, min(SESSIONS_EACH, sessions), CYCLES_EACH)
        make_workspace(root, size)
        with patch.object(stretches, "ROOM", sys.maxsize):
            build_site(Job(load_book(root), (), os.urandom), root / "site")
        coach = f"p-bench{size.cycles:05}"
        key = _write_key(place / "coach.age", coach)
        with served(root / "site") as url, _chromium() as browser:
            page = browser.new_page()
            _unlock_with(page, url, coach, key)
            answers = _measure(page)
    yield from _tables(answers, sections, size.sessions_each * SECTIONS_EACH)


def _write_key(path: Path, owner: str) -> Path:
    """A protected key file whose passphrase is checked at once."""
    text = format_identity([identity(owner)], owner=owner, generation=1)
    recipient = ScryptRecipient(_PASSPHRASE, _CHEAP)
    path.write_text(armor(encrypt(text.encode(), [recipient], random=os.urandom)))
    return path


@contextmanager
def _chromium() -> Iterator[Browser]:
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[*FLAGS, *(["--no-sandbox"] if as_root else [])],
        )
        yield started
        started.close()


def _unlock_with(page: Page, url: str, person: str, key: Path) -> None:
    """Fills in all that unlocking needs, so that one press is left."""
    page.set_default_timeout(_LIMIT)
    page.add_init_script(_WATCH)
    page.goto(f"{url}/portal/index.html")
    page.get_by_label("Person").fill(person)
    page.get_by_label("Passphrase", exact=True).fill(_PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    page.locator("#key-file").wait_for()  # until then the button is at work
    page.locator("#go:enabled").wait_for()
    page.locator("#key-file").set_input_files(key)


def _measure(page: Page) -> Answers:
    unlock = _until(page, ("unlock", ""), "#content .page-head h1")
    cycle = page.locator("#pages a[href^='#/cycle/']").first.get_attribute("href")
    shown = "#content:has(> .crumbs)"
    opened = f"{shown} [data-sealed][data-state=opened]"
    closed = f"{shown} [data-sealed]:not([data-state])"
    _forget_pauses(page)
    first_text = _until(page, ("go", str(cycle)), opened)
    whole_page = first_text + _until(page, ("wait", ""), opened, closed)
    page_pause = _longest_pause(page)
    all_read = _until(page, ("go", "#/find"), ".find-form") + _read(page)
    find_pause = _longest_pause(page)
    first_result = _until(page, ("type", "seconds"), ".find-hit")
    return Answers(unlock, first_text, whole_page, page_pause, all_read, first_result, find_pause)


def _read(page: Page) -> float:
    """Until everything has been read into the index, seen from the page for finding."""
    return _until(page, ("wait", ""), ".find-state[data-read=all]")


def _until(page: Page, start: tuple[str, str], selector: str, gone: str = "") -> float:
    milliseconds: float = page.evaluate(_UNTIL, [start, selector, gone, _LIMIT])
    return milliseconds / _MILLI


def _forget_pauses(page: Page) -> None:
    page.evaluate("() => { window.pauses = []; }")


def _longest_pause(page: Page) -> float:
    """The longest time since the last look in which the page answered to nothing."""
    longest: float = page.evaluate("() => Math.max(0, ...window.pauses.splice(0))")
    return longest / _MILLI


def _tables(answers: Answers, sections: int, on_page: int) -> Iterator[Table]:
    yield _table("unlock to the first page, besides the passphrase", answers.unlock, FIRST_PAGE)
    yield _table(
        f"the first text of a page with {on_page} sealed sections",
        answers.first_text,
        FIRST_TEXT,
        f"all of them are open after {answers.whole_page:.2f} s, in the page's order",
        _pause(answers.page_pause),
    )
    yield _table(
        f"the first result over {sections:,} sealed sections",
        answers.first_result,
        FIRST_RESULT,
        f"reading them in takes {answers.all_read:.1f} s beside the page, once after unlocking",
        _pause(answers.find_pause),
    )


def _table(work: str, seconds: float, limit: float, *remarks: str) -> Table:
    aims = (Limit("wait", seconds, limit),)
    return Table(work, "time", (Row(OURS, seconds),), aims, remarks)


def _pause(longest: float) -> str:
    verdict = "never held up" if longest < NEVER_LONGER else "held up"
    return f"scrolling is {verdict}: the longest pause is {longest * _MILLI:.0f} ms"

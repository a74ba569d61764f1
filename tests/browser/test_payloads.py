"""Payloads in the portal, in a real browser: notes, names, titles and files are only text."""

from __future__ import annotations

import csv
import html
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coachbook.keystore import protect
from coachbook.shell import SCRIPT
from generator.build_browser import BROWSER, install_tools
from tests.attacks.payloads import payloads
from tests.browser.besieged import FILE_NAMES, besiege, in_names, words_of
from tests.browser.conftest import served
from tests.browser.siege import PORTAL_IDS, Besieger, Watched, besieger
from tests.workspaces.otterbeck_small import COACH, COACHEE, identity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    Inside = Callable[[str], Watched]

HEAD, MONITOR = "p-h7d2k9qm", "p-m3v8x1ra"
PASSPHRASE = "anchor-biscuit-candle-drummer-easel-falcon"  # noqa: S105 (made up for this test)
CYCLE = "cycle/c-0a1b2c3d"

FORMULA = re.compile(r"\s*(?:[=+@\t\r\uff1d\uff0b\uff0d\uff20]|-(?!\d+$))")
NOTE_TAGS = (
    *("p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
    *("table", "thead", "tbody", "tr", "th", "td", "div", "span"),
)
NOTE_ATTRIBUTES = ("class", "href", "rel", "start", "target")
PAGE_TAGS = (
    *NOTE_TAGS,
    *("abbr", "article", "b", "caption", "circle", "dd", "desc", "details", "dl", "dt", "figure"),
    *("figcaption", "form", "g", "h1", "h2", "h3", "h4", "h5", "header", "i", "input", "label"),
    *("line", "mark", "nav", "optgroup", "option", "path", "polyline", "rect", "section"),
    *("select", "small", "summary", "svg", "text", "textarea", "tfoot", "time", "title", "button"),
)
PAGE_ATTRIBUTES = (
    *NOTE_ATTRIBUTES,
    *("aria", "autocapitalize", "autocomplete", "colspan", "cx", "cy", "d", "data", "datetime"),
    *("disabled", "download", "dx", "focusable", "for", "height", "hidden", "id", "inputmode"),
    *("label", "lang", "max", "min", "multiple", "open", "points", "r", "required", "role"),
    *("rows", "rowspan", "rx", "scope", "selected", "spellcheck", "step", "tabindex", "title"),
    *("type", "value", "viewBox", "width", "x", "x1", "x2", "y", "y1", "y2"),
)
"""What the portal's own pages are made of: no name, no style, no source, no handler."""


@pytest.fixture(scope="module")
def siege(chromium: Browser) -> Iterator[Besieger]:
    """The browser that attacks happen in."""
    with besieger(chromium) as one:
        yield one


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the besieged school."""
    return besiege(tmp_path_factory.mktemp("besieged") / "workspace")


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where it is served."""
    with served(site) as url:
        yield url


@pytest.fixture(scope="module")
def inside(
    siege: Besieger, address: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Inside]:
    """The portal, unlocked once by each who is asked for."""
    folder = tmp_path_factory.mktemp("keys")
    unlocked: dict[str, Watched] = {}
    with ExitStack() as stack:

        def enter(person: str) -> Watched:
            if person not in unlocked:
                allowed = ["clipboard-read", "clipboard-write"]
                one = stack.enter_context(siege.watching(address, permissions=allowed))
                _unlock(one, person, folder / f"{person}.age")
                unlocked[person] = one
            return unlocked[person]

        yield enter


def _unlock(one: Watched, person: str, key_file: Path) -> None:
    key_file.write_text(protect([identity(person)], person, 1, PASSPHRASE, os.urandom))
    one.page.goto(f"{one.desk.url}/portal/index.html")
    one.desk.fill(person, PASSPHRASE)
    one.page.get_by_label("Key file").wait_for()
    one.page.get_by_label("Key file").set_input_files(key_file)
    one.desk.fill(person, PASSPHRASE)
    one.page.wait_for_selector("#content h1", timeout=60_000)


def test_there_are_enough_payloads() -> None:
    """More than 200 attempts, no two alike, and each named by what it tries."""
    assert len({one.text for one in payloads()}) == len(payloads()) >= 200
    assert len({(one.sort, one.name) for one in payloads()}) == len(payloads())


def test_every_payload_in_a_note_is_text(inside: Inside) -> None:
    """A note with any payload shows all its words, made of harmless elements, and does nothing."""
    one = inside(COACHEE)
    one.desk.go(CYCLE)
    one.desk.filled()

    shown = set(re.findall(r"(?:Before|Behind) \d+\.", one.page.inner_text("#content")))

    assert shown == {f"{at} {n}." for at in ("Before", "Behind") for n in range(len(payloads()))}
    one.require_known("[data-sealed]", NOTE_TAGS, NOTE_ATTRIBUTES)
    one.require_own(PORTAL_IDS)
    one.require_calm()


@pytest.mark.parametrize(
    ("person", "paths"),
    [
        (COACHEE, ["me", "take-away", CYCLE]),
        (COACH, ["me", "write", "school", "lead", "subject", "budget", "coverage", "checks"]),
        (HEAD, ["head", "head/otterbeck/term", "governors"]),
        (MONITOR, ["write"]),
    ],
    ids=["coachee", "coach", "head", "monitor"],
)
def test_names_titles_and_file_names_are_text(
    person: str, paths: list[str], inside: Inside
) -> None:
    """On every kind of page, names of people, schools, subjects and files are words as written."""
    one = inside(person)
    for path in paths:
        one.desk.go(
            path if "/" in path or path in {"me", "write", "take-away"} else f"{path}/otterbeck"
        )
        one.desk.filled()

        one.require_known("#content", PAGE_TAGS, PAGE_ATTRIBUTES)
        one.require_own(PORTAL_IDS)

    one.require_calm()


def test_every_name_is_shown_as_it_is_written(inside: Inside) -> None:
    """Whoever has a payload for a name stands in a list with it, letter for letter."""
    one = inside(COACH)
    one.desk.go("coverage/otterbeck")

    shown = " ".join(one.page.text_content("#content").split())  # type: ignore[union-attr]

    assert [who.name for who in in_names() if " ".join(who.line.split()) not in shown] == []


def test_file_names_are_text(inside: Inside) -> None:
    """A file with a payload for a name is not read, and the page of checks names it as it is."""
    one = inside(COACH)
    one.desk.go("checks/otterbeck")

    shown = one.page.text_content("#content") or ""

    assert [name for name in FILE_NAMES if f"{name}.md" not in shown] == []


def test_words_that_are_found_are_text(inside: Inside) -> None:
    """What is marked in the results of a search is marked text, and no element of the note."""
    one = inside(COACHEE)
    for words in ("harm", "onerror", "javascript", "Before 1"):
        one.desk.go("find")
        one.page.get_by_label("Words to look for").fill(words)
        one.page.locator(".find-state[data-read=all]").wait_for()
        one.page.locator(".find-hit mark").first.wait_for()

        one.require_known("#content", PAGE_TAGS, PAGE_ATTRIBUTES)

    one.require_calm()


def test_what_is_written_in_the_portal_is_text(inside: Inside) -> None:
    """Payloads typed into Write are sealed as they are, and nothing of them comes alive."""
    one = inside(COACH)
    one.desk.go("write")
    places = one.page.locator("#write-place option").all_inner_texts()
    own = next(place for place in places if place.startswith("With "))
    one.page.get_by_label("About", exact=True).select_option(label=own)
    for sort in ("html", "clobbering"):
        text = words_of(each for each in payloads() if each.sort == sort)
        one.page.get_by_label("Notes", exact=True).fill(text)
        one.require_known("#content", PAGE_TAGS, PAGE_ATTRIBUTES)
    seal = one.page.get_by_role("button", name="Seal", exact=True)
    seal.click()
    if one.page.get_by_text("Press Seal again if it is.").is_visible():
        seal.click()

    one.page.get_by_role("button", name="Download").wait_for()

    one.require_known("#content", PAGE_TAGS, PAGE_ATTRIBUTES)
    one.require_calm()
    one.page.get_by_role("button", name="Copy").click(force=True)


def test_a_take_away_file_is_text(inside: Inside) -> None:
    """What a person takes along is two files of fixed names, with every payload as text."""
    one = inside(COACHEE)
    one.desk.go("take-away")
    with one.page.expect_download() as waiting:
        one.page.get_by_role("button", name="Make my take-away file").click()

    with zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes())) as archive:
        names = archive.namelist()
        whole = json.loads(archive.read("about-me.json"))

    assert names == ["about-me.md", "about-me.json"]
    told = " ".join(
        part["text"] or "" for record in whole["records"] for part in record["sections"]
    )
    assert [each.name for each in payloads() if each.text not in told] == []
    one.require_calm()


def test_a_table_for_a_spreadsheet_holds_no_formula(inside: Inside) -> None:
    """Names that a spreadsheet would run are marked as text in every table that is taken along."""
    one = inside(COACH)
    one.desk.go("coverage/otterbeck")
    with one.page.expect_download() as waiting:
        one.page.get_by_role("button", name="CSV").first.click()

    rows = list(csv.reader(io.StringIO(Path(waiting.value.path()).read_text("utf-8-sig"))))

    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if FORMULA.match(cell)]
    names = [each for each in in_names() if each.sort == "spreadsheets"]
    assert [each.name for each in names if not any(each.line in cell for cell in cells)] == []


def _given(one: Watched) -> tuple[str, str]:
    """The governors' page as a file, and the same page as it is copied for a word processor."""
    one.desk.go("governors/otterbeck")
    one.page.get_by_label("Add the impact statements in full").check()
    with one.page.expect_download() as waiting:
        one.page.get_by_role("button", name="Governors' page").click()
    one.page.get_by_role("button", name="Copy for Word").click()
    one.page.get_by_text("Copied. Paste it into a document").wait_for()
    copied = one.page.evaluate(
        "async () => (await (await navigator.clipboard.read())[0].getType('text/html')).text()"
    )
    return Path(waiting.value.path()).read_text(encoding="utf-8"), copied


def test_what_leaves_the_portal_is_text(inside: Inside, siege: Besieger) -> None:
    """The governors' page and a copy for Word do nothing, even without the file's own policy."""
    file, copied = _given(inside(HEAD))
    assert "Before 40." in file
    assert "Before 40." in copied
    bare = re.sub(r"<meta http-equiv=.*?>", "", file)

    with siege.watching("about:") as one:
        for page in (file, bare, copied):
            one.page.set_content(page)

        one.require_calm()
    inside(HEAD).require_calm()


def test_nobody_was_asked(inside: Inside, siege: Besieger) -> None:
    """After all of it, no connection has come to the attacker's host."""
    for person in (COACH, COACHEE, HEAD, MONITOR):
        inside(person).require_calm()

    assert siege.connections == []


# What holds by itself


@pytest.fixture(scope="module")
def bare(address: str, site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same site with a script whose sanitizer, and whose Markdown, let everything through."""
    copy = tmp_path_factory.mktemp("bare") / "site"
    shutil.copytree(site, copy)
    folder, packages = Path(__file__).parent / "bare", BROWSER / "node_modules"
    aliases = {
        "dompurify": folder / "dompurify.js",
        "markdown-it": folder / "markdown-it.js",
        "whole-markdown-it": packages / "markdown-it" / "dist" / "markdown-it.mjs",
    }
    node = install_tools(BROWSER)
    command = [node, packages / "esbuild" / "bin" / "esbuild", "src/main.ts", "--bundle"]
    options = [f"--alias:{name}={path}" for name, path in aliases.items()]
    out = f"--outfile={copy / 'portal' / 'assets' / SCRIPT}"
    subprocess.run([*command, *options, "--format=iife", out], cwd=BROWSER, check=True)
    with served(copy) as url:
        yield url


def test_the_page_lets_nothing_run_that_the_sanitizer_let_through(
    bare: str, siege: Besieger, tmp_path: Path
) -> None:
    """With the sanitizer switched off every element is there, and its script still never runs."""
    with siege.watching(bare) as one:
        _unlock(one, COACHEE, tmp_path / "key.age")
        one.desk.go(CYCLE)
        one.desk.filled()
        alive = one.page.evaluate(_ALIVE)

        assert min(alive.values()) > 0, alive
        assert [words for words in one.said if "harmed" in words] == []
        assert sum(words.startswith("policy: ") for words in one.said) > len(payloads()) / 4


_ALIVE = """
    () => Object.fromEntries(['script', 'img', 'iframe', 'svg', 'form', 'style', '[onerror]',
        '[onload]', '[autofocus]', '[href^="javascript:" i]'].map(
            kind => [kind, document.querySelectorAll(`[data-sealed] ${kind}`).length]))
"""

SINKS = {
    "HTML of an element": "document.body.innerHTML = '<img src=x onerror=harm()>'",
    "HTML around an element": "document.getElementById('who').outerHTML = '<b></b>'",
    "HTML beside an element": "document.body.insertAdjacentHTML('beforeend', '<b></b>')",
    "HTML for a range": "document.createRange().createContextualFragment('<b></b>')",
    "HTML of a document": "document.write('<script>harm()</script>')",
    "HTML that is parsed": "new DOMParser().parseFromString('<b></b>', 'text/html')",
    "HTML without a sanitizer": "document.body.setHTMLUnsafe('<b></b>')",
    "page of a frame": "document.createElement('iframe').srcdoc = '<script>harm()</script>'",
    "text as a script": "eval('harm()')",
    "text as a function": "new Function('harm()')()",
    "text of a script": "document.createElement('script').text = 'harm()'",
    "address of a script": "document.createElement('script').src = 'https://attacker.example/'",
    "text after a while": "setTimeout('harm()', 0)",
    "worker": "new Worker('data:text/javascript,1')",
    "policy of one's own": "trustedTypes.createPolicy('own', {createHTML: text => text})",
    "the sanitizer's policy again": "trustedTypes.createPolicy('dompurify', {})",
    "the portal's policy again": "trustedTypes.createPolicy('coachbook', {})",
    "another function for fragments": "coachbook.put = harm",
    "another object for fragments": "Object.defineProperty(window, 'coachbook', {value: 1})",
}
"""Ways from text to script, each of which a strict page refuses with an exception."""


def test_text_becomes_no_script_in_the_portal(inside: Inside) -> None:
    """Whoever could call one function of the browser with a text still gets no script from it."""
    one = inside(HEAD)
    # From a timer, because what a debugger runs itself is let off the page's policy.
    tried = """() => new Promise(say => setTimeout(() => {
        'use strict'; try { %s; say(true); } catch { say(false); }
    }))"""

    assert [name for name, code in SINKS.items() if one.page.evaluate(tried % code)] == []
    assert [words for words in one.said if "harmed" in words] == []
    one.said.clear()


def test_the_payloads_are_no_blanks(siege: Besieger) -> None:
    """On a page without any protection, many of the payloads run, ask and connect."""
    chosen = [each.text for each in payloads() if each.sort in {"html", "svg"}]
    frames = "".join(f'<iframe srcdoc="{html.escape(text)}"></iframe>' for text in chosen)
    with siege.watching("about:") as one:
        one.page.set_content(frames, wait_until="commit")
        one.page.wait_for_function("() => window.timesHarmed >= 40")

        assert len(set(one.asked)) >= 5
    assert siege.connections

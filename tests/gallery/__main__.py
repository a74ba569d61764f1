"""Builds the example trust, photographs its private pages and tries every key on them.

python -m tests.gallery                     a page of each kind that each role opens
python -m tests.gallery --role head@otterbeck --role monitor@otterbeck
python -m tests.gallery --access-only       the table alone
python -m tests.gallery --states-only       locked, opened, damaged, unsigned, badly signed
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from coachbook.book import load_book
from coachbook.publicpart import PORTAL
from coachbook.rules import check_book
from coachbook.site import Job, build_site
from tests.browser.conftest import FLAGS, ROOT, demonstration, served
from tests.gallery.access import (
    access_table,
    demonstration_keys,
    first_of_each_kind,
    summary_table,
    try_every_key,
)
from tests.gallery.pictures import Visit, contact_sheet, photograph
from tests.gallery.states import tamper
from tests.gallery.states import visits as of_states

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.gallery.access import Keys, Opened


def main() -> None:
    """Leaves pictures, a sheet of them and the table of access in build/gallery."""
    asked = _parser().parse_args()
    folder: Path = asked.out
    folder.mkdir(parents=True, exist_ok=True)
    _write_states(folder / "states")
    if asked.states_only:
        sys.stdout.write(f"{folder}\n")
        return
    with tempfile.TemporaryDirectory() as temporary:
        workspace = Path(temporary)
        shutil.copytree(ROOT / "records", workspace / "records")
        book, site = load_book(workspace), workspace / "site"
        build_site(Job(book, check_book(book), os.urandom), site)
        keys = demonstration_keys(book)
        found = try_every_key(site, keys)
        _write_access(found, keys, folder)
        if not asked.access_only:
            _write_pictures(site, folder, _visits(found, asked.role))
    sys.stdout.write(f"{folder}\n")


def _write_states(folder: Path) -> None:
    """What the portal says of parts that somebody has tampered with, on pages of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        workspace = Path(temporary)
        shutil.copytree(ROOT / "records", workspace / "records")
        tamper(workspace)
        book, site = load_book(workspace), workspace / "site"
        build_site(Job(book, (), os.urandom, parts=(PORTAL,)), site)
        _write_pictures(site, folder, of_states(demonstration()["monitor@otterbeck"]))


def _visits(found: tuple[Opened, ...], roles: list[str]) -> Iterator[Visit]:
    """For each role somebody who has it, with a page of each kind that it opens.

    What somebody sees as themselves is photographed once, for the first of their roles.
    """
    seen: set[str] = set()
    for role, who in sorted(demonstration().items()):
        if not roles or role in roles:
            own = {} if who.person in seen else first_of_each_kind(found, who.person)
            seen.add(who.person)
            pages = own | first_of_each_kind(found, role)
            yield Visit(role, who, tuple(pages.values()))


def _write_access(found: tuple[Opened, ...], keys: Keys, folder: Path) -> None:
    text = (
        "# Who can open which page\n\nFound by trying every key of the demonstration.\n\n"
        f"## Pages of each kind that a role's key opens\n\n{summary_table(found)}\n"
        f"## Every page\n\n{access_table(found, keys)}"
    )
    (folder / "access.md").write_text(text, encoding="utf-8", newline="\n")


def _write_pictures(site: Path, folder: Path, visits: Iterable[Visit]) -> None:
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright, served(site) as url:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[*FLAGS, *(["--no-sandbox"] if as_root else [])],
        )
        taken = list(photograph(browser, url, visits, folder))
        browser.close()
    (folder / "index.html").write_text(contact_sheet(taken), encoding="utf-8", newline="\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.gallery", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "gallery")
    parser.add_argument("--role", action="append", default=[], help="only for this role")
    parser.add_argument("--access-only", action="store_true")
    parser.add_argument("--states-only", action="store_true")
    return parser


if __name__ == "__main__":
    main()

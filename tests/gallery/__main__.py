"""Builds the example trust, photographs its private pages and tries every key on them.

python -m tests.gallery                     one page of each kind for each role
python -m tests.gallery --every             every page in the menu of one person for each role
python -m tests.gallery --role head@otterbeck --role monitor@otterbeck
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from coachbook.book import load_book
from coachbook.book.demonstration import tries
from coachbook.cli.unlocking import with_roles
from coachbook.keystore import unlock
from coachbook.site import Job, build_site
from tests.browser.conftest import FLAGS, ROOT, demonstration, served
from tests.gallery.access import access_table, summary_table, try_every_key
from tests.gallery.pictures import contact_sheet, photograph


def main() -> None:
    """Leaves pictures, a sheet of them and the table of access in build/gallery."""
    asked = _parser().parse_args()
    folder: Path = asked.out
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        workspace = Path(temporary)
        shutil.copytree(ROOT / "records", workspace / "records")
        site = workspace / "site"
        build_site(Job(load_book(workspace), (), os.urandom), site)
        if not asked.pictures_only:
            _write_access(workspace, site, folder)
        if not asked.access_only:
            _write_pictures(site, folder, asked.role, every=asked.every)
    sys.stdout.write(f"{folder}\n")


def _write_access(workspace: Path, site: Path, folder: Path) -> None:
    book = load_book(workspace)
    words = {one.person: one.passphrase for one in tries(book)}
    keys = {
        person: with_roles(
            book.keyring, person, unlock(book.keyring.protected[person], words[person])
        )
        for person in sorted(words)
    }
    found = try_every_key(site, keys)
    text = (
        "# Who can open which page\n\nFound by trying every key of the demonstration.\n\n"
        f"## Pages of each kind that a role's key opens\n\n{summary_table(found)}\n"
        f"## Every page\n\n{access_table(found, keys)}"
    )
    (folder / "access.md").write_text(text, encoding="utf-8", newline="\n")


def _write_pictures(site: Path, folder: Path, roles: list[str], *, every: bool) -> None:
    people = {role: who for role, who in demonstration().items() if not roles or role in roles}
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright, served(site) as url:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[*FLAGS, *(["--no-sandbox"] if as_root else [])],
        )
        taken = list(photograph(browser, url, people, folder, every=every))
        browser.close()
    (folder / "index.html").write_text(contact_sheet(taken), encoding="utf-8", newline="\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.gallery", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "gallery")
    parser.add_argument("--role", action="append", default=[], help="only for this role")
    parser.add_argument("--every", action="store_true", help="every page, not one of each kind")
    parser.add_argument("--access-only", action="store_true")
    parser.add_argument("--pictures-only", action="store_true")
    return parser


if __name__ == "__main__":
    main()

"""Tests of the portal's own page."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from coachbook.book import Book, load_book
from coachbook.book.demonstration import TRIES_PATH, tries
from coachbook.pages import open_templates
from coachbook.shell import render_shell
from tests.workspaces import otterbeck_small as small

SECOND = """\
---
type: school
id: saltmere
name: Saltmere Primary Academy
phase: primary
---
"""
HEADER = "person,roles,passphrase\n"
OFFER = re.compile(r'data-person="([^"]*)"[^>]*>([^<]*)(?:<span[^>]*>([^<]*)</span>)?')


def demonstration(root: Path, rows: str) -> Book:
    """The small workspace as a demonstration of two schools, with these rows of passphrases."""
    copy = Path(shutil.copytree(small.ROOT, root / "workspace"))
    (copy / "records/saltmere").mkdir()
    (copy / "records/saltmere/school.md").write_text(SECOND, encoding="utf-8", newline="\n")
    (copy / TRIES_PATH).write_text(HEADER + rows, encoding="utf-8", newline="\n")
    trust = copy / "records/trust.md"
    text = trust.read_text(encoding="utf-8")
    if "demonstration" not in text:
        text = text.replace("format: 1", "format: 1\ndemonstration: true")
        trust.write_text(text, encoding="utf-8", newline="\n")
    return load_book(copy)


def offers(book: Book) -> list[tuple[str, str]]:
    """Whom the page offers to be, and in which part."""
    page = render_shell(open_templates(), book, "salt", tries(book))
    return [(person, label + where) for person, label, where in OFFER.findall(page)]


def test_one_person_for_each_part(tmp_path: Path) -> None:
    """Somebody who is offered as the head is not offered as one of the senior team as well."""
    rows = "p-1,head@otterbeck slt@otterbeck,a\np-2,slt@otterbeck coach@otterbeck,b\n"

    book = demonstration(tmp_path, rows)

    assert offers(book) == [("p-2", "Senior team"), ("p-1", "Head")]


def test_each_school_has_its_own_people(tmp_path: Path) -> None:
    """Buttons of a further school say aloud where the person works."""
    rows = "p-1,coachee@otterbeck,a\np-2,mentee@saltmere,b\np-3,head@saltmere,c\n"

    book = demonstration(tmp_path, rows)

    assert offers(book) == [
        ("p-1", "Coachee"),
        ("p-2", "Mentee at Saltmere Primary Academy"),
        ("p-3", "Head at Saltmere Primary Academy"),
    ]


@pytest.mark.parametrize("role", ["office@otterbeck", "head@nowhere"])
def test_nobody_to_offer(tmp_path: Path, role: str) -> None:
    """Parts that the page does not show, and schools that there are not, make no buttons."""
    book = demonstration(tmp_path, f"p-1,{role},a\n")

    assert offers(book) == []


def test_whoever_leads_the_trust_is_offered_once(tmp_path: Path) -> None:
    """A trust lead stands below the name of the trust, and in no part at a school besides."""
    rows = (
        "p-1,slt@saltmere trust-lead@otterbeck trust-lead@saltmere,a\n"
        "p-2,slt@saltmere,b\np-3,head@otterbeck,c\n"
    )

    book = demonstration(tmp_path, rows)

    assert offers(book) == [
        ("p-2", "Senior team"),
        ("p-3", "Head at Otterbeck Primary"),
        ("p-1", f"Trust lead at {book.trust.name}"),
    ]

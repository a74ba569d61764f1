"""Tests of the portal's own page."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from coachbook.book import Book, load_book
from coachbook.book.demonstration import TRIES_PATH, tries
from coachbook.edition import edition_of, format_edition
from coachbook.keyring import Keyring
from coachbook.pages import open_templates
from coachbook.shell import render_shell, stay_hours
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


STAYS = "portal.stay_hours: 8"
TODAY = date(2026, 11, 16)


def with_policy_lines(root: Path, *lines: str) -> Book:
    """The small workspace, with a second school, whose policies hold these lines."""
    copy = Path(shutil.copytree(small.ROOT, root / "workspace"))
    first = copy / small.POLICY
    text = first.read_text(encoding="utf-8")
    (copy / "records/saltmere").mkdir()
    (copy / "records/saltmere/school.md").write_text(SECOND, encoding="utf-8", newline="\n")
    other = text.replace("school: otterbeck", "school: saltmere")
    for place, policy, line in zip(
        (first, copy / "records/saltmere/policy-2026-09.md"), (text, other), lines, strict=True
    ):
        changed = policy.replace("portal.idle_minutes: 10\n", f"portal.idle_minutes: 10\n{line}\n")
        place.write_text(changed, encoding="utf-8", newline="\n")
    return load_book(copy, today=TODAY)


@pytest.mark.parametrize(
    ("lines", "hours"),
    [
        ((STAYS, "portal.stay_hours: 4"), 4),
        ((STAYS, "portal.stay_hours: 0"), 0),
        ((STAYS, ""), 0),
        (("", ""), 0),
    ],
    ids=["the shorter", "one says never", "one says nothing", "nobody says anything"],
)
def test_how_long_somebody_stays_signed_in(
    tmp_path: Path, lines: tuple[str, str], hours: int
) -> None:
    """The strictest school decides for how long, and without a word of all it is not offered."""
    book = with_policy_lines(tmp_path, *lines)

    page = render_shell(open_templates(), book, "salt", ())

    assert stay_hours(book) == hours
    assert ("Keep me signed in" in page) == bool(hours)
    assert ('name="coachbook-stay-hours"' in page) == bool(hours)


def test_an_edition_changes_with_keys_and_files() -> None:
    """A page's edition is the same for the same keys and files, and another for others."""
    ring = load_book(small.ROOT, today=TODAY).keyring
    files = {"assets/portal.js": b"one", "assets/portal.css": b"two"}
    fewer = Keyring({owner: keys for owner, keys in ring.keys.items() if owner != small.COACH})
    first = edition_of(ring, files, "salt")

    others = {
        edition_of(fewer, files, "salt"),
        edition_of(ring, files | {"assets/portal.js": b"another"}, "salt"),
        edition_of(ring, files, "another salt"),
    }

    assert edition_of(ring, dict(reversed(files.items())), "salt") == first
    assert len(others | {first}) == 4
    assert format_edition(first) == b'coachbook.put("edition","%s");\n' % first.encode()

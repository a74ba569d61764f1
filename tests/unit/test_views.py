"""Tests of what an audience may see."""

from __future__ import annotations

import base64
from datetime import date
from typing import TYPE_CHECKING

from coachbook.audience import Audience
from coachbook.book import load_book
from coachbook.publickey import format_public_key, public_key_of, public_key_path
from coachbook.rules import check_book
from coachbook.views import keyed, open_view
from tests.unit.conftest import TODAY
from tests.workspaces.otterbeck_small import COACH, COACHEE, SESSION, identity

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.book import Book


def test_header_audience(book: Book) -> None:
    """A session's clear header is for its pair and the roles the table names, not the head."""
    session = open_view(book).sessions_of("c-0a1b2c3d")[0]

    principals = session.audience.principals

    assert principals is not None
    assert {COACH, COACHEE, "monitor@otterbeck"} <= principals
    assert "head@otterbeck" not in principals


def test_field_is_labelled(book: Book) -> None:
    """A field leaves the records only with its audience, and its label does not show the value."""
    session = open_view(book).sessions_of("c-0a1b2c3d")[0]

    minutes = session.field("minutes")

    assert minutes.value == 14
    assert minutes.audience == session.audience
    assert "14" not in repr(minutes)


def test_sealed_section_says_who_reads(book: Book) -> None:
    """A sealed section is shown with the people it was sealed to, and whether the head is one."""
    session = open_view(book).sessions_of("c-0a1b2c3d")[0]

    notes = session.sealed("Notes")

    assert notes is not None
    assert {COACH, COACHEE, "monitor@otterbeck"} == set(notes.reader_ids)
    assert notes.line.value.endswith("can read this. The head cannot.")


def test_sealed_section_brings_the_keys_of_who_may_have_signed_it(book: Book) -> None:
    """The browser gets the signing keys of the pair and of a role's holders, and no name with them.

    Whose name stands beside a part is for the page to say: a statement of many shows none.
    """
    session = open_view(book).sessions_of("c-0a1b2c3d")[0]
    notes = session.sealed("Notes")
    assert notes is not None

    found = notes.as_json()["signers"]

    assert set(notes.signers) == {COACH, COACHEE, "p-m3v8x1ra"}
    assert notes.signers[COACH] == {
        "left": "",
        "keys": [
            {
                "fingerprint": book.keyring.keys[COACH][0].fingerprint,
                "signing": base64.b64encode(book.keyring.keys[COACH][0].signing).decode(),
                "until": "",
            }
        ],
    }
    assert "Idris" not in str(found)
    assert session.authors.value[COACH] == "Idris Marlowe-Beck"
    assert session.authors.audience == session.audience


def test_an_earlier_key_says_until_when_it_counted(workspace: Path) -> None:
    """The browser can tell a signature that was made with a key after it had been replaced."""
    old = load_book(workspace, today=TODAY).keyring.keys[COACH][0]
    new = public_key_of(
        identity("another key"), owner=COACH, generation=2, created=date(2026, 11, 13)
    )
    (workspace / public_key_path(COACH, 1, current=False)).write_text(format_public_key(old))
    (workspace / new.path).write_text(format_public_key(new))
    session = open_view(load_book(workspace, today=TODAY)).sessions_of("c-0a1b2c3d")[0]
    notes = session.sealed("Notes")
    assert notes is not None

    keys = notes.signers[COACH]["keys"]

    assert isinstance(keys, list)
    assert [key["until"] for key in keys] == ["", "2026-11-13"]


def test_section_without_block(book: Book) -> None:
    """A section that nobody wrote is not shown as sealed."""
    session = open_view(book).sessions_of("c-0a1b2c3d")[0]

    assert session.sealed("Practice") is None


def test_keyed_leaves_out_people_without_keys(book: Book) -> None:
    """Nothing is sealed to a role that has no key."""
    audience = Audience(frozenset({COACH, "office@otterbeck"}))

    assert keyed(book, audience).principals == {COACH}


def test_cycles_by_person(book: Book) -> None:
    """A person's cycles are those in which they coach or are coached."""
    view = open_view(book)

    assert [c.id for c in view.cycles_of(COACHEE)] == ["c-0a1b2c3d"]
    assert view.cycles_of("p-h7d2k9qm") == ()


def test_a_record_that_is_held_back_is_on_no_page(workspace: Path) -> None:
    """A record whose header does not fit its form is left out of all that outputs see."""
    path = workspace / SESSION
    path.write_text(path.read_text(encoding="utf-8").replace("minutes: 14", "minutes: many"))
    book = load_book(workspace, today=TODAY)

    view = open_view(book, check_book(book))

    assert "s-7kq2m4xa" not in {one.id for one in view.of_type("session")}
    assert view.held_back_for(COACH) == (SESSION,)


def test_a_record_that_leads_nowhere_is_seen_by_who_oversees_it(workspace: Path) -> None:
    """A cycle whose pair is gone is still there, for the roles that are left to read it."""
    for pair in (workspace / "records/otterbeck/partnerships").iterdir():
        pair.unlink()
    book = load_book(workspace, today=TODAY)

    (cycle,) = open_view(book, check_book(book)).of_type("cycle")

    principals = cycle.audience.principals or frozenset()
    assert "monitor@otterbeck" in principals
    assert principals.isdisjoint({COACH, COACHEE})

"""Tests of what an audience may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import Audience
from coachbook.views import keyed, open_view
from tests.workspaces.otterbeck_small import COACH, COACHEE

if TYPE_CHECKING:
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

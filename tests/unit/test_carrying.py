"""Tests of what goes along into a new school year, on the example trust."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from coachbook.book import Book, load_book
from coachbook.carrying import Choice, bare_source, choose
from coachbook.publickey import is_role
from coachbook.readers import stated_readers

ROOT = Path(__file__).parents[2]
FIRST = date(2027, 9, 1)
ID = re.compile(r"\b[a-z]{1,3}-[a-z0-9]{8}\b")


@pytest.fixture(scope="module")
def book() -> Book:
    """The example trust on the first day of its next year."""
    return load_book(ROOT, today=FIRST)


@pytest.fixture(scope="module")
def choice(book: Book) -> Choice:
    """What goes along of it."""
    return choose(book, FIRST)


def test_nothing_refers_to_what_stays_behind(book: Book, choice: Choice) -> None:
    """Every record that a carried record names goes along too, at least as its header."""
    for path in choice.all:
        record = book.records[path]
        whole = record.source[: record.body]
        header = whole if path in choice.whole else bare_source(book, record, "2026-27")
        for one in ID.findall(header):
            for target in book.by_id.get(one, ()):
                assert target.path in choice.all, (path, one)


def test_every_reader_of_a_sealed_part_is_there(book: Book, choice: Choice) -> None:
    """Whoever a carried part is sealed to goes along, also after leaving."""
    readers = {
        reader
        for path in choice.whole
        for block in book.records[path].blocks()
        for reader, _ in stated_readers(block.armor)
        if not is_role(reader)
    }

    assert {f"records/people/{one}.md" for one in readers} <= choice.whole


def test_what_is_over_goes_along_without_its_text(book: Book, choice: Choice) -> None:
    """A cycle that is over never goes along whole; its header says where the text is."""
    over = [
        path
        for path, entry in book.entries.items()
        if entry.form.type == "cycle" and entry.values.get("status") in {"closed", "ended"}
    ]

    assert over
    assert not choice.whole.intersection(over)
    for path in choice.bare.intersection(over):
        source = bare_source(book, book.records[path], "2026-27")
        assert "text_left_in: 2026-27" in source
        assert "BEGIN AGE" not in source
        assert "follows:" not in source


def test_all_that_is_sealed_whole_goes_along(book: Book, choice: Choice) -> None:
    """Nobody can tell without a key what such a record is about, so none is left behind."""
    sealed = {path for path, record in book.records.items() if record.type == "sealed"}

    assert sealed
    assert sealed <= choice.whole


def test_who_held_a_role_then_goes_along(book: Book, choice: Choice) -> None:
    """A role that ended goes along where a carried note was written while it was held."""
    for path in choice.whole:
        entry = book.entries[path]
        if entry.form.type != "session" or entry.day is None:
            continue
        for one in book.assignments:
            held = one.start <= entry.day and (one.end is None or one.end >= entry.day)
            if one.school == entry.record.school and held:
                assert f"records/{one.school}/roles/{one.id}.md" in choice.whole


def test_policies_and_calendars_of_carried_notes_go_along(book: Book, choice: Choice) -> None:
    """A note is judged by the policy of its day in the new repository too."""
    named = {
        policy.path
        for path in choice.whole
        if (day := book.entries[path].day) and book.entries[path].form.type == "session"
        for policy in book.policies[book.entries[path].record.school]
        if policy.holds_on(day)
    }

    assert named <= choice.whole

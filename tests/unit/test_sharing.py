"""Sharing a draft, and what an addendum makes of its note."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachbook.book import access_of, load_book
from coachbook.drafting import apply_seal, plan_seal
from coachbook.errors import UsageError
from coachbook.opening import open_record, reread
from coachbook.record import Record, parse_record
from coachbook.sharing import (
    finished_by,
    new_answer,
    plan_share,
    require_party,
    response_of,
    shared_source,
)
from tests.workspaces import otterbeck_small as small

BOOK = load_book(small.ROOT)
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
KEYS = {one: small.identity(one) for one in (small.COACH, small.COACHEE)}
DRAFT = f"""\
---
type: session
id: s-2b4d6f8h
school: otterbeck
cycle: c-0a1b2c3d
date: 2026-11-19
status: held
kind: coaching
note: draft
drafted_by: {small.COACH}
---

## Notes

"""
WORDS = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="#-=`~<"), min_size=5
)


def record(source: str) -> Record:
    """A session of the small school with this source."""
    found = parse_record("records/otterbeck/2026-27/c-0a1b2c3d/s.md", source.encode())
    assert isinstance(found, Record)
    return found


def sealed(plain: Record) -> Record:
    """The record with its confidential sections sealed."""
    plan = plan_seal(BOOK, plain, random=os.urandom)
    assert plan.findings == ()
    return reread(plain, apply_seal(plan, author=small.COACH, now=NOW, random=os.urandom))


@settings(max_examples=20, deadline=None)
@given(words=WORDS)
def test_sharing_changes_readers_and_no_word(words: str) -> None:
    """What was drafted is what the others read, and it stays the work of its author."""
    draft = sealed(record(f"{DRAFT}{words}\n"))
    opened = open_record(BOOK, draft, {small.COACH: KEYS[small.COACH]})

    plan = plan_share(BOOK, opened, random=os.urandom)
    source = shared_source(plan, author=small.COACH, now=NOW, random=os.urandom)

    theirs = open_record(BOOK, reread(draft, source), {small.COACHEE: KEYS[small.COACHEE]})
    assert theirs.payloads["Notes"].text == opened.payloads["Notes"].text
    assert theirs.payloads["Notes"].author == small.COACH


def test_a_draft_one_cannot_open_is_not_shared() -> None:
    """What cannot be read cannot be sealed for others."""
    draft = sealed(record(f"{DRAFT}Nine waits.\n"))
    opened = open_record(BOOK, draft, {small.COACHEE: KEYS[small.COACHEE]})

    with pytest.raises(UsageError, match="not sealed to you"):
        plan_share(BOOK, opened, random=os.urandom)


@pytest.mark.parametrize("response", ["agreed", "disagreed"])
def test_an_answer_is_read_by_those_who_read_the_note(response: str) -> None:
    """An answer goes to the readers of the note, who find in it what was said."""
    note = BOOK.records[small.SESSION]

    answer = new_answer(
        BOOK, note, by=small.COACHEE, response=response, words="Yes.", random=os.urandom
    )

    readers = [access_of(BOOK, one).sealed_to("session notes") for one in (note, answer)]
    assert readers[0] == readers[1]
    assert response_of(open_record(BOOK, sealed(answer), KEYS)) == response


def test_an_addendum_that_stays_shut_says_nothing() -> None:
    """Whether somebody agreed cannot be told without a key."""
    answer = new_answer(
        BOOK,
        BOOK.records[small.SESSION],
        by=small.COACHEE,
        response="disagreed",
        words="",
        random=os.urandom,
    )

    assert response_of(open_record(BOOK, sealed(answer), {})) == ""


def test_an_addendum_makes_its_note_final_once() -> None:
    """A note that is final already, or is a draft, is not made final by an addendum."""
    note = BOOK.records[small.SESSION]
    answer = new_answer(
        BOOK, note, by=small.COACHEE, response="agreed", words="", random=os.urandom
    )
    states = {}
    for line in (
        "",
        "note: final\nlocked: sha256-0\n",
        f"note: draft\ndrafted_by: {small.COACH}\n",
    ):
        changed = reread(note, note.source.replace("minutes: 14\n", f"minutes: 14\n{line}"))
        book = replace(BOOK, by_id=MappingProxyType({**BOOK.by_id, note.id: (changed,)}))
        states[line[:11]] = finished_by(book, answer) is not None

    assert states == {"": True, "note: final": False, "note: draft": False}


def test_only_who_takes_part_can_answer() -> None:
    """The monitor, who reads the note, is none of those whom it is about."""
    with pytest.raises(UsageError, match="takes no part"):
        require_party(BOOK, BOOK.records[small.SESSION], "p-m3v8x1ra")

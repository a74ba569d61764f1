"""Planning what to seal, and opening it again."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachbook.book import load_book
from coachbook.drafting import apply_seal, needs_sealing, plan_seal
from coachbook.errors import InputError, UsageError
from coachbook.opening import (
    Before,
    format_before,
    in_the_clear,
    is_sealed,
    open_record,
    parse_before,
    reread,
)
from coachbook.record import Record, parse_record
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from pathlib import Path

BOOK = load_book(small.ROOT)
NOW = datetime(2026, 11, 19, 16, 0, tzinfo=UTC)
PATH = "records/otterbeck/2026-27/c-0a1b2c3d/2026-11-19-s-2b4d6f8h.md"
HEADER = """\
---
type: session
id: s-2b4d6f8h
school: otterbeck
cycle: c-0a1b2c3d
date: 2026-11-19
status: held
kind: coaching
---
"""
KEYS = {owner: small.identity(owner) for owner in (small.COACH, small.COACHEE)}


def session(body: str, header: str = HEADER) -> Record:
    """A session of the small school with this body."""
    found = parse_record(PATH, (header + body).encode())
    assert isinstance(found, Record)
    return found


def sealed(record: Record, *before: Before) -> Record:
    """The record with its confidential sections sealed."""
    plan = plan_seal(BOOK, record, before, random=os.urandom)
    assert plan.findings == ()
    source = apply_seal(plan, author=small.COACH, now=NOW, random=os.urandom)
    return reread(record, source)


LINES = st.lists(
    st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="#-=`~"), min_size=9),
    min_size=1,
    max_size=4,
).map("\n".join)


@settings(max_examples=30, deadline=None)
@given(notes=LINES, steps=LINES)
def test_opening_gives_back_the_record(notes: str, steps: str) -> None:
    """What is sealed and opened again is the record as it was written."""
    record = session(f"\n## Notes\n\n{notes}\n\n## Action steps\n\n{steps}\n")

    closed = sealed(record)
    opened = open_record(BOOK, closed, KEYS)

    assert notes not in closed.source
    assert in_the_clear(opened, {}) == record.source


@settings(max_examples=15, deadline=None)
@given(notes=LINES, changed=LINES)
def test_unchanged_text_keeps_its_block(notes: str, changed: str) -> None:
    """A section keeps its block exactly as long as its text stays the same."""
    first = sealed(session(f"\n## Notes\n\n{notes}\n"))
    before = open_record(BOOK, first, KEYS).before(os.urandom)

    again = sealed(session(f"\n## Notes\n\n{changed}\n"), before)

    assert (again.source == first.source) == (changed == notes)
    assert again.sections[0].blocks[0].revision == 1 + (changed != notes)


def test_a_block_without_a_digest_is_never_kept() -> None:
    """A section that nobody opened here is sealed anew, with the next revision."""
    record = session("\n## Notes\n\nThe same words.\n")
    first = sealed(record)

    again = sealed(record, Before(first))

    assert again.source != first.source
    assert again.sections[0].blocks[0].revision == 2


def test_the_newest_block_counts() -> None:
    """Of two versions that are known, the later one is followed."""
    record = session("\n## Notes\n\nThe same words.\n")
    first = sealed(record)
    remembered = open_record(BOOK, first, KEYS).before(os.urandom)
    second = sealed(record, Before(first))

    third = sealed(record, remembered, Before(second))

    assert third.sections[0].blocks[0].revision == 3


def test_what_is_remembered_is_read_back() -> None:
    """What is remembered of an opened record is read as it was written."""
    closed = sealed(session("\n## Notes\n\nSome words.\n"))
    before = open_record(BOOK, closed, KEYS).before(os.urandom)

    kept = parse_before(format_before(before))

    assert kept.record.source == closed.source
    assert kept.holds("Notes", "Some words.")
    assert not kept.holds("Notes", "Other words.")
    assert not kept.holds("Practice", "Some words.")
    assert "words" not in repr(kept) + format_before(before).decode()


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"before": 1, "path": 3}'])
def test_a_broken_memory_stops(data: bytes) -> None:
    """What was remembered and cannot be read stops the command, and says what to do."""
    with pytest.raises(InputError, match="cannot be read"):
        parse_before(data)


def test_a_sealed_record_needs_nothing() -> None:
    """A sealed record, and one without anything confidential, need no sealing."""
    assert not needs_sealing(BOOK, sealed(session("\n## Notes\n\nSome words.\n")))
    assert not needs_sealing(BOOK, BOOK.records["records/otterbeck/school.md"])
    assert needs_sealing(BOOK, session("\n## Notes\n\nSome words.\n"))


def test_an_unknown_form_may_hide_something() -> None:
    """A record of an unknown type is taken for confidential until its form is known."""
    assert needs_sealing(BOOK, session("\n## Notes\n", HEADER.replace("session", "sesion")))


def test_nothing_is_sealed_where_the_head_is_named(tmp_path: Path) -> None:
    """A note of a pair with somebody whom the policy keeps out is not sealed, but asked about."""
    root = shutil.copytree(small.ROOT, tmp_path / "otterbeck")
    pair = root / "records/otterbeck/partnerships/pt-6r1e9k3w.md"
    pair.write_text(pair.read_text().replace(f"coach: {small.COACH}", "coach: p-h7d2k9qm"))

    plan = plan_seal(load_book(root), session("\n## Notes\n\nWords.\n"), random=os.urandom)

    assert [(finding.code, finding.clause) for finding in plan.findings] == [("CB203", "2.3")]
    assert "takes no part in coaching here" in plan.findings[0].message
    assert plan.tasks == ()


def test_a_refused_plan_is_not_applied() -> None:
    """A record that cannot be sealed safely is not sealed in part."""
    plan = plan_seal(BOOK, session("\n## Notes\n\nWords.\n\n## Nots\n\nMore.\n"), random=os.urandom)

    assert [finding.code for finding in plan.findings] == ["CB109"]
    with pytest.raises(UsageError):
        apply_seal(plan, author="", now=NOW, random=os.urandom)


def test_findings_are_not_quotable() -> None:
    """Nothing that is said about a confidential record quotes a line of it."""
    record = session("\n#Notes\n\nSome words.\n")

    plan = plan_seal(BOOK, record, random=os.urandom)

    assert plan.findings
    assert not any(finding.quotable for finding in plan.findings)


def test_a_section_that_is_empty_needs_nothing() -> None:
    """An empty confidential section stays as it is."""
    record = session("\n## Notes\n\n## Practice\n")

    assert not is_sealed(sealed(record))


def test_a_plan_does_not_show_text() -> None:
    """What a plan looks like in a log shows places only."""
    plan = plan_seal(BOOK, session("\n## Notes\n\nSome words.\n"), random=os.urandom)

    assert "words" not in repr(plan)

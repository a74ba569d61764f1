"""Tests of filing what arrives from the portal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coachbook.inbox import is_closing, plan_delivery
from coachbook.record import Record, parse_record
from tests.workspaces.otterbeck_small import SESSION_TEXT, seal_sections

if TYPE_CHECKING:
    from coachbook.book import Book

ARRIVED = SESSION_TEXT.replace("s-7kq2m4xa", "s-5b8n1c4d").replace("2026-11-12", "2026-11-13")
PLACE = "records/otterbeck/2026-27/c-0a1b2c3d/2026-11-13-s-5b8n1c4d.md"


def _sealed(book: Book, text: str = ARRIVED, **how: str) -> bytes:
    record = parse_record(PLACE, text.encode())
    assert isinstance(record, Record)
    return seal_sections(book, record, **how).encode()  # type: ignore[arg-type]


def test_sealed_record_finds_its_place(book: Book) -> None:
    """A record that is sealed as the policy says goes to its cycle's folder."""
    delivery = plan_delivery(book, "download.md", _sealed(book))

    assert delivery.refusals == ()
    assert delivery.path == PLACE


def test_wrong_readers_are_refused(book: Book) -> None:
    """A record that was sealed without one of its readers is refused."""
    delivery = plan_delivery(book, "download.md", _sealed(book, instead_of="monitor@otterbeck"))

    assert any("CB503" in reason for reason in delivery.refusals)


def test_extra_reader_is_refused(book: Book) -> None:
    """A record that the head could open too is refused."""
    sealed = _sealed(book, more_readers=("head@otterbeck",))  # type: ignore[arg-type]

    assert any("CB503" in reason for reason in plan_delivery(book, "x.md", sealed).refusals)


def test_clear_text_is_refused(book: Book) -> None:
    """A record with confidential text in the clear is refused, and its text is not repeated."""
    delivery = plan_delivery(book, "x.md", ARRIVED.encode())

    assert any("CB501" in reason for reason in delivery.refusals)
    assert not any("silent" in reason for reason in delivery.refusals)


def test_same_record_twice_is_refused(book: Book) -> None:
    """A record that is there already is refused with the place of the first."""
    delivery = plan_delivery(book, "x.md", _sealed(book, SESSION_TEXT))

    assert "is there already" in delivery.refusals[0]


def test_block_of_another_record_is_refused(book: Book) -> None:
    """A block that stands in another record already is refused."""
    copied = (
        next(r.source for r in book.records.values() if r.id == "s-7kq2m4xa")
        .replace("id: s-7kq2m4xa", "id: s-5b8n1c4d")
        .replace("2026-11-12", "2026-11-13")
    )

    assert plan_delivery(book, "x.md", copied.encode()).refusals


def test_breach_of_policy_is_only_a_remark(book: Book) -> None:
    """A session that took too long is filed; the length is listed, not refused."""
    long = _sealed(book, ARRIVED.replace("minutes: 14", "minutes: 25"))

    delivery = plan_delivery(book, "x.md", long)

    assert delivery.refusals == ()
    assert [r.code for r in delivery.remarks] == ["CB302"]


def test_something_else_is_refused(book: Book) -> None:
    """A file that is no record is refused with the reason."""
    assert plan_delivery(book, "x.md", b"PK\x03\x04").refusals
    assert plan_delivery(book, "x.md", b"---\ntype: novel\n---\n").refusals
    assert plan_delivery(book, "x.md", b"x" * 5_000_000).refusals


CYCLE = "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"


def _closing(book: Book, **changes: str) -> bytes:
    """The cycle as the portal hands it over when it is closed, with changes to its text."""
    before = book.records[CYCLE].source
    text = before.replace("phase: learn", "phase: done").replace("status: open", "status: ended")
    text = text.replace("\n---\n", "\nclosed_on: 2026-11-20\n---\n", 1)
    for old, new in changes.items():
        text = text.replace(old, new)
    record = parse_record(CYCLE, f"{text}\n## Outcome\n\nOutcome: stopped\n".encode())
    assert isinstance(record, Record)
    return seal_sections(book, record).encode()


def test_a_cycle_is_brought_to_its_end(book: Book) -> None:
    """A cycle that arrives with its outcome and its last status takes the place of the open one."""
    delivery = plan_delivery(book, "cycle.md", _closing(book))

    assert delivery.refusals == ()
    assert delivery.is_closing
    assert delivery.path == CYCLE


def test_a_close_changes_nothing_else(book: Book) -> None:
    """A cycle that is closed and says something new of its pair or its dates is refused."""
    for old, new in {"pt-6r1e9k3w": "pt-9z9z9z9z", "2026-09-14": "2026-09-15"}.items():
        delivery = plan_delivery(book, "cycle.md", _closing(book, **{old: new}))

        assert "is there already" in delivery.refusals[0]


def test_a_finished_cycle_is_not_opened_again(book: Book) -> None:
    """Whoever can send a file can bring a cycle to its end, and can't take that back."""
    before, after = (
        parse_record(CYCLE, data) for data in (_closing(book), book.records[CYCLE].source.encode())
    )
    assert isinstance(before, Record)
    assert isinstance(after, Record)

    assert not is_closing([before], after)


def test_an_outcome_for_the_wrong_readers_is_refused(book: Book) -> None:
    """The outcome of a cycle has to be sealed as the policy says, like any other text."""
    record = parse_record(CYCLE, book.records[CYCLE].source.encode() + b"\n## Outcome\n\nText.\n")
    assert isinstance(record, Record)
    sealed = seal_sections(book, record, more_readers=("head@otterbeck",)).encode()

    assert any("CB503" in reason for reason in plan_delivery(book, "x.md", sealed).refusals)


GIVEN_OUT = """\
---
type: declassification
id: dc-5b8n1c4d
school: otterbeck
what: governors-page
for_whom: governors
made_on: 2026-11-12
made_by: p-m3v8x1ra
hash: "335fca8574f060eea24ebcdae6b78f32414f5de03da1084fd0e73d710768e3a9"
---
"""


def test_the_record_of_a_page_given_out_is_filed(book: Book) -> None:
    """What the portal puts on record about a page it made goes among the school's logs."""
    delivery = plan_delivery(book, "download.md", GIVEN_OUT.encode())

    assert delivery.refusals == ()
    assert delivery.path == "records/otterbeck/logs/2026-11-12-dc-5b8n1c4d.md"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("p-m3v8x1ra", "p-n9b4j2ys", "Nerys Sallowfield held no role at Otterbeck Primary on"),
        ("made_on: 2026", "made_on: 2028", "12 Nov 2028 is still to come"),
        ('"335f', '"a page of 335f', "this is not the SHA-256 of a file"),
    ],
)
def test_whoever_sends_a_record_of_a_page_cannot_make_it_up(
    book: Book, old: str, new: str, reason: str
) -> None:
    """A record that a page was given out names somebody with a role, a day gone by and a hash."""
    delivery = plan_delivery(book, "download.md", GIVEN_OUT.replace(old, new).encode())

    assert [reason in one for one in delivery.refusals] == [True]

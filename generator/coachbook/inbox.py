"""What arrives from the portal: checked, placed, or refused with a reason.

    plan = plan_delivery(book, "2026-11-12-s-7kq2m4xa.md", data)

A record that was sealed to the wrong people, that holds confidential text in
the clear, that is there already or that the checks object to stays where it
is. So does one that says who people are, what they may do or what the policy
is: whoever can send a file must not be able to change who reads. An addendum
makes a note final in its author's name, so it has to be signed by them. Nothing
is opened: readers and signature stand on the block.

One change to a record that is there is taken: a cycle that has come to its end
gets its outcome and its status, and is otherwise the same to the letter.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from coachbook.book import access_of, expected_path, follow, form_of
from coachbook.book.files import read_file
from coachbook.diagnostics import Consequence, Diagnostic, Severity
from coachbook.life import ADDED_TO, ADDENDUM
from coachbook.record import Record, parse_record, replace_section
from coachbook.rules import check_record
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coachbook.book import Book
    from coachbook.forms import Form

SEALED = "sealed"
"""The type of a record of which nothing shows but its school."""

_MADE_IN_PORTAL = frozenset({SEALED, "declassification"})
"""Types without a sealed section that the portal makes; none decides who reads anything."""
_OUTCOME = "Outcome"
_RUNNING = ("open", "paused")
_OVER = ("closed", "ended")
_DONE = "done"
_AT_THE_CLOSE = ("status", "phase", "closed_on")

_LARGEST = 4 * 1024 * 1024


@frozen
class Delivery:
    """What becomes of a file: the place it goes to, or why it is refused."""

    name: str
    path: str
    refusals: tuple[str, ...]
    remarks: tuple[Diagnostic, ...] = ()
    is_filed: bool = False
    """True where the very same file lies in its place already."""
    is_closing: bool = False
    """True where it takes the place of the same cycle, which it brings to its end."""


def plan_delivery(book: Book, name: str, data: bytes) -> Delivery:
    """Says where a file belongs, or why it can't be filed; changes nothing."""
    if len(data) > _LARGEST:
        return Delivery(name, "", ("it is too large for a record",))
    found = parse_record(name, data)
    if not isinstance(found, Record):
        return Delivery(name, "", (found.message,))
    form = form_of(book, found)
    if form is None:
        return Delivery(name, "", (f"no form is known for a record of type {found.type!r}",))
    if not _may_arrive(form):
        reason = f"a {form.title.lower()} is made where the records are, and not sent in"
        return Delivery(name, "", (reason,))
    path = expected_path(book, found)
    if not path:
        return Delivery(name, "", ("it does not say which school, cycle or date it belongs to",))
    return _judge(book, name, replace(found, path=path), data)


def _may_arrive(form: Form) -> bool:
    """True for what people write about coaching, which is sealed, and for what they gave out."""
    return form.type in _MADE_IN_PORTAL or any(section.sealed for section in form.sections)


def _judge(book: Book, name: str, record: Record, data: bytes) -> Delivery:
    if record.id in book.by_id:
        there = book.by_id[record.id][0].path
        if there == record.path and read_file(book.root, there) == data:
            return Delivery(name, there, (), is_filed=True)
        if is_closing(book.by_id[record.id], record):
            return replace(_checked(book, name, record), is_closing=True)
        return Delivery(name, record.path, (f"{record.id} is there already, in {there}",))
    return _checked(book, name, record)


def is_closing(before: Sequence[Record], after: Record) -> bool:
    """True if a cycle gets its outcome or its last status, and nothing else in it is changed."""
    if len(before) != 1 or before[0].path != after.path or after.type != "cycle":
        return False
    (cycle,) = before
    return (
        cycle.value("status") in _RUNNING
        and after.value("status") in {cycle.value("status"), *_OVER}
        and after.value("phase") in {cycle.value("phase"), _DONE}
        and _rest_of_header(after) == _rest_of_header(cycle)
        and after.source[after.body :] == _body_with_outcome(cycle, after)
    )


def _rest_of_header(cycle: Record) -> dict[str, object]:
    return {key: field.value for key, field in cycle.fields.items() if key not in _AT_THE_CLOSE}


def _body_with_outcome(cycle: Record, after: Record) -> str:
    """The body of the cycle with the outcome that has arrived, unless it has one already."""
    old, new = cycle.section(_OUTCOME), after.section(_OUTCOME)
    if new is None or not new.blocks or (old is not None and old.blocks):
        return cycle.source[cycle.body :]
    return replace_section(cycle, _OUTCOME, after.source[new.start : new.end])[cycle.body :]


def _checked(book: Book, name: str, record: Record) -> Delivery:
    with_it = replace(
        book,
        records=MappingProxyType({**book.records, record.path: record}),
        by_id=MappingProxyType({**book.by_id, record.id: (record,)}),
    )
    findings = check_record(with_it, record)
    refusals = (
        *(_words(f) for f in findings if _is_refusal(f)),
        *_too_early(book, record),
        *_in_anybodys_name(record),
    )
    return Delivery(name, record.path, refusals, tuple(f for f in findings if not _is_refusal(f)))


def _too_early(book: Book, record: Record) -> Iterator[str]:
    """Why nothing is added to a draft: whoever sends it would make another's draft final."""
    notes = follow(book, record, ADDED_TO) if record.type == ADDENDUM else ()
    for note in (found for one in notes for found in book.by_id.get(one, ())):
        if access_of(book, note).life.is_draft:
            yield f"{note.id}, to which it is added, is a draft still; its author shares it first"


def _in_anybodys_name(record: Record) -> Iterator[str]:
    """Why an addendum that nobody signed is not taken: it would make a note final for its author.

    One in which nothing is sealed has no signature either. Whose signature it is, and whether it
    is true, is among the findings.
    """
    blocks = [block for section in record.sections for block in section.blocks]
    is_signed = bool(blocks) and all(block.signature for block in blocks)
    if record.type == ADDENDUM and not is_signed:
        yield (
            "nobody has signed it, and it would make a note final in somebody's name; they write "
            "it on their own page of the portal, or with coachbook agree or disagree"
        )


def _is_refusal(finding: Diagnostic) -> bool:
    """Faults of confidentiality, structure and reference; a breach of policy is only listed."""
    if finding.consequence in {Consequence.STOPS, Consequence.HELD_BACK}:
        return True
    return finding.severity is Severity.ERROR and finding.code[:3] in {"CB1", "CB2"}


def _words(finding: Diagnostic) -> str:
    return f"line {finding.span.line}: {finding.code} {finding.message}"

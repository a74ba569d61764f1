"""What arrives from the portal: checked, placed, or refused with a reason.

    plan = plan_delivery(book, "2026-11-12-s-7kq2m4xa.md", data)

A record that was sealed to the wrong people, that holds confidential text in
the clear, that is there already or that the checks object to stays where it
is. So does one that says who people are, what they may do or what the policy
is: whoever can send a file must not be able to change who reads. Nothing is
opened: the readers stand in the block.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from coachbook.book import expected_path, form_of
from coachbook.book.files import read_file
from coachbook.diagnostics import Consequence, Diagnostic, Severity
from coachbook.record import Record, parse_record
from coachbook.rules import check_record

if TYPE_CHECKING:
    from coachbook.book import Book
    from coachbook.forms import Form

SEALED = "sealed"
"""The type of a record of which nothing shows but its school."""

_MADE_IN_PORTAL = frozenset({SEALED, "declassification"})
"""Types without a sealed section that the portal makes; none decides who reads anything."""
_LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Delivery:
    """What becomes of a file: the place it goes to, or why it is refused."""

    name: str
    path: str
    refusals: tuple[str, ...]
    remarks: tuple[Diagnostic, ...] = ()
    is_filed: bool = False
    """True where the very same file lies in its place already."""


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
        return Delivery(name, record.path, (f"{record.id} is there already, in {there}",))
    with_it = replace(
        book,
        records=MappingProxyType({**book.records, record.path: record}),
        by_id=MappingProxyType({**book.by_id, record.id: (record,)}),
    )
    findings = check_record(with_it, record)
    refusals = tuple(_words(f) for f in findings if _is_refusal(f))
    return Delivery(name, record.path, refusals, tuple(f for f in findings if not _is_refusal(f)))


def _is_refusal(finding: Diagnostic) -> bool:
    """Faults of confidentiality, structure and reference; a breach of policy is only listed."""
    if finding.consequence in {Consequence.STOPS, Consequence.HELD_BACK}:
        return True
    return finding.severity is Severity.ERROR and finding.code[:3] in {"CB1", "CB2"}


def _words(finding: Diagnostic) -> str:
    return f"line {finding.span.line}: {finding.code} {finding.message}"

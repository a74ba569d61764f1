"""Which parts of a record stand in the clear and should not, as far as that is certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.book import form_of
from coachbook.diagnostics import Severity
from coachbook.drafting.plan import RefusalError, as_finding
from coachbook.record import section_faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.book import Book
    from coachbook.diagnostics import Diagnostic
    from coachbook.forms import Form, SectionForm
    from coachbook.record import Record, Section

SEALED_TYPE = "sealed"
"""The type of a record of which nothing shows but its school."""

_NO_SECTIONS = "this type of record has no sections; move the text to a note, and seal it there"


def needs_sealing(book: Book, record: Record) -> bool:
    """True where the record holds confidential text in the clear, or may do."""
    form = form_of(book, record)
    if record.type == SEALED_TYPE:
        return False
    if form is None or form.whole:
        return True
    return any(True for _ in clear_parts(record, form)) or any(shape_faults(record, form))


def shape_faults(record: Record, form: Form) -> Iterator[Diagnostic]:
    """Why parts of the record cannot be told apart with certainty.

    Asked of forms that seal nothing too: a note that was written into the record of a person
    stands in the clear, and has no place there.
    """
    if form.body == "policy":
        return
    names = [section.name for section in form.sections]
    yield from (fault for fault in record.faults if fault.severity is Severity.ERROR)
    yield from section_faults(record, names, form.has_line)
    for section in record.sections:
        if section.name not in names:
            reason = RefusalError(
                "this heading is not one of the form, so who may read it is not known",
                f"headings of the form: {', '.join(names)}" if names else _NO_SECTIONS,
                "CB109",
            )
            yield as_finding(record, section.heading, reason)
        elif section.blocks and section.stray:
            reason = RefusalError(
                "text stands beside a sealed block",
                f"move it away and add it with: coachbook edit {record.path}",
                "CB505",
            )
            yield as_finding(record, section.stray, reason)


def clear_parts(record: Record, form: Form) -> Iterator[tuple[Section, SectionForm]]:
    """Confidential sections that hold something in the clear."""
    forms = {section.name: section for section in form.sections if section.sealed}
    for section in record.sections:
        if section.name in forms and not section.blocks and section.stray:
            yield section, forms[section.name]

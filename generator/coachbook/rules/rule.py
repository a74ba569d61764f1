"""What a rule is: a code, what follows from it, a function, and its manual page.

A rule's function gets a `Case` (one record with its form), a `Passage` (the
plain text of one section, where it can be seen), the whole `Book`, or the book
`Since` an earlier state of it. It yields
a `Finding`, which says only where and what; code, weight and consequence come
from the rule's row in the table. A `Diagnostic` that an earlier module made is
passed on as it is.

The docstring of the function is what `coachbook explain` prints: a first line
that states the rule, a paragraph, then `Why:`, `Example:`, `Remedy:` and
`Source:`.
"""

from __future__ import annotations

import inspect
from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from coachbook.calendar import school_year
from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from coachbook.approvals import Approvals
    from coachbook.book import Access, Book, School
    from coachbook.calendar import SchoolYear
    from coachbook.forms import FieldValue, Form, SectionForm, TextFault
    from coachbook.policy import Policy
    from coachbook.record import Record, Section
    from coachbook.rules.blocks import StatedBlock
    from coachbook.rules.kinds import Kind, Lead
    from coachbook.rules.known import Known

S_contra = TypeVar("S_contra", contravariant=True)
F_co = TypeVar("F_co", covariant=True, bound="Finding | Diagnostic")

HEADER, TEXT, PLAIN, SINCE = "header", "text", "plain record", "earlier state"
_PARTS = ("Why", "Example", "Remedy", "Source")
_TOP = Span(1)


@frozen
class Finding:
    """Where something is wrong and what; severity is given only where the policy decides it.

    `school` is given where the record has none, as that of a person, and the finding has one.
    """

    span: Span
    message: str
    hint: str = ""
    clause: str = ""
    severity: Severity | None = None
    quotable: bool = True
    school: str = ""


@frozen
class Rule(Generic[S_contra, F_co]):
    """One row of the table of rules."""

    code: str
    name: str
    severity: Severity
    consequence: Consequence
    check: Callable[[S_contra], Iterable[F_co]]
    needs: str = HEADER

    @property
    def page(self) -> Page:
        """The rule's page in the manual."""
        return parse_page(inspect.getdoc(self.check) or "")


@frozen
class Page:
    """What the manual says about a rule."""

    title: str
    what: str
    why: str
    example: str
    remedy: str
    source: str


@frozen
class Case:
    """One record with its form, as a rule looks at it."""

    book: Book
    record: Record
    form: Form
    values: Mapping[str, FieldValue]
    access: Access
    known: Known
    faults: tuple[Diagnostic, ...] = ()
    blocks: tuple[StatedBlock, ...] = ()
    kind: Kind = field(init=False, repr=False, compare=False)
    """What it has in common with all records of the same form and fields."""
    day: date | None = field(init=False, compare=False)
    """The day the record belongs to."""
    leads: tuple[Lead, ...] = field(init=False, repr=False, compare=False)
    """The ids of other records and of people in its header, in the order of the file."""
    sections: tuple[tuple[SectionForm, Section], ...] = field(init=False, repr=False, compare=False)
    """Every section that its form knows, with what the form says of it."""

    def __post_init__(self) -> None:
        """Works out once what many rules ask for."""
        kind = self.known.kind(self.record, self.form)
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "day", self.day_of(self.form.on))
        object.__setattr__(self, "leads", kind.leads_of(self.values, self.book.by_id))
        object.__setattr__(self, "sections", kind.sections_of(self.record))

    @property
    def policy(self) -> Policy | None:
        """The policy that was in force on the record's date."""
        return self.access.then

    @property
    def parties(self) -> Mapping[str, tuple[str, ...]]:
        """The people in each relation of the record."""
        return self.access.parties

    @property
    def school(self) -> School | None:
        """The record's school, or None where there is no such school."""
        return self.book.schools.get(self.record.school)

    @property
    def school_name(self) -> str:
        """The name of the record's school as a message says it."""
        return self.school.name if self.school else self.record.school

    @property
    def calendar(self) -> SchoolYear | None:
        """The calendar of the record's school for the school year of its day."""
        day = self.day
        return self.book.calendars.get((self.record.school, school_year(day))) if day else None

    @property
    def this_year(self) -> SchoolYear | None:
        """The calendar of the record's school for the school year of today."""
        return self.book.calendars.get((self.record.school, school_year(self.book.today)))

    def value(self, key: str) -> object:
        """The typed value of a field; None where it is absent or does not fit."""
        return self.values.get(key)

    def day_of(self, key: str) -> date | None:
        """The value of a field that holds a date; None where it does not."""
        value = self.values.get(key)
        return value if isinstance(value, date) else None

    def span(self, key: str) -> Span:
        """Where the value of a field stands, or the top of the file."""
        field = self.record.fields.get(key)
        return field.span if field else _TOP

    def span_of(self, lead: Lead) -> Span:
        """Where an id stands: its own place in a list, or that of the field."""
        field = self.record.fields[lead.field.name]
        return field.items[lead.number] if len(field.items) == lead.of else field.span

    def setting(self, key: str) -> object:
        """The value of a policy parameter; None where the policy has no such rule."""
        then = self.access.then
        return then.get(key) if then else None

    def clause(self, key: str) -> str:
        """The number of the clause that holds a parameter."""
        return self.policy.clause_of(key) if self.policy else ""

    def found_earlier(self, code: str) -> Iterable[Diagnostic]:
        """What an earlier module has found under a code."""
        return (fault for fault in self.faults if fault.code == code)


@frozen(repr=False)
class Passage:
    """The plain text of one section, where it can be seen."""

    case: Case
    section: SectionForm
    text: str
    faults: tuple[TextFault, ...] = ()

    def __repr__(self) -> str:
        """Names the place; the text stays out of every message."""
        return f"Passage({self.case.record.id!r}, {self.section.name!r})"

    def found_earlier(self, code: str) -> Iterable[Finding]:
        """What reading the section has found under a code, by position."""
        return (
            Finding(Span(fault.line, fault.column), fault.message, fault.hint, quotable=False)
            for fault in self.faults
            if fault.code == code
        )


@frozen
class Since:
    """The workspace as it is, beside an earlier state of it, with the approvals of both."""

    before: Book
    now: Book
    earlier_approvals: Approvals
    approvals: Approvals
    revision: str


AnyRule: TypeAlias = (
    "Rule[Case, Finding | Diagnostic] | Rule[Book, Diagnostic] | Rule[Passage, Finding] "
    "| Rule[Since, Diagnostic]"
)


def as_diagnostic(rule: AnyRule, record: Record, finding: Finding) -> Diagnostic:
    """The finding with everything that the rule and the record add to it."""
    return Diagnostic(
        path=record.path,
        span=finding.span,
        code=rule.code,
        severity=finding.severity or rule.severity,
        message=finding.message,
        hint=finding.hint,
        clause=finding.clause,
        consequence=rule.consequence,
        quotable=finding.quotable,
        record=record.id,
        school=finding.school or record.school,
    )


def parse_page(text: str) -> Page:
    """The parts of a rule's docstring."""
    parts: dict[str, list[str]] = {"": []}
    current = ""
    for line in text.splitlines():
        name, colon, rest = line.partition(":")
        if colon and name in _PARTS:
            current = name
            parts[current] = [rest.strip()]
        else:
            parts[current].append(line)
    title, *what = parts.pop("")
    found = {name: "\n".join(lines).strip("\n") for name, lines in parts.items()}
    return Page(title, "\n".join(what).strip(), *(found.get(name, "") for name in _PARTS))

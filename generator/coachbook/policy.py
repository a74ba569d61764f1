"""Policy documents: parameters, clauses, access table, versions, presets.

The document that governors ratify is the file that is read here. Its header holds parameters,
its body numbered clauses whose placeholders show them, and one table says who can read what.

    4.2 A session lasts at most {{ session.minutes.max }} minutes.

The clause with the placeholder of a parameter *is* its clause: a finding about a session of 31
minutes quotes 4.2. What does not add up in a document is a finding that stops publication of
the school, because nobody could say any more what was ratified.
"""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from coachbook.calendar import format_date
from coachbook.clauses import (
    CLAUSE_FAULT,
    PLACEHOLDER_FAULT,
    AccessRow,
    Body,
    BodyFault,
    Cell,
    Clause,
    Heading,
    fill,
    parse_body,
    slug,
)
from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.forms import Form, field_value
from coachbook.parameters import Setting, parse_setting
from coachbook.people import RELATIONS, ROLE_TITLES
from coachbook.presets import PARAMETERS, fill_preset, preset_document, preset_names
from coachbook.spelling import closest
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from coachbook.frontmatter import Field
    from coachbook.record import Record

__all__ = [
    "PARAMETERS",
    "AccessRow",
    "Cell",
    "Clause",
    "Heading",
    "Parameter",
    "Policy",
    "fill_preset",
    "parse_policy",
    "policy_in_force",
    "preset_document",
    "preset_names",
    "slug",
]

_OWN_NAMES = RELATIONS | ROLE_TITLES.keys()
_NO_WORDS: Mapping[str, str] = MappingProxyType({})

MISSING_FAULT = "CB704"
VALUE_FAULT = "CB104"


@frozen
class Parameter:
    """What a policy decides in its header; `clause` is "" while no clause says so."""

    key: str
    value: Setting
    span: Span
    clause: str

    def in_words(self) -> str:
        """The value as a clause shows it."""
        return PARAMETERS[self.key].in_words(self.value)


@frozen
class Policy:
    """One version of a school's policy.

    `access` maps the key of a row to the row, `columns` are the keys of the table's columns in
    order, and `table_line` is where the table begins. `effective_to` is there only where a
    version ends before another begins.
    """

    school: str
    version: str
    effective_from: date
    review_due: date | None
    ratified_on: date | None
    preset: str
    path: str
    title: str
    parameters: Mapping[str, Parameter]
    headings: tuple[Heading, ...]
    clauses: tuple[Clause, ...]
    columns: tuple[str, ...]
    access: Mapping[str, AccessRow]
    table_line: int
    body: str
    effective_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the version has begun by a day and has not ended."""
        return self.effective_from <= day and (
            self.effective_to is None or day <= self.effective_to
        )

    def get(self, key: str) -> Setting | None:
        """The value of a parameter; None where the rule is absent, and never checked."""
        found = self.parameters.get(key)
        return None if found is None else found.value

    def clause_of(self, key: str) -> str:
        """The number of the clause that a parameter rests on, such as "4.2", or ""."""
        found = self.parameters.get(key)
        return "" if found is None else found.clause

    def row(self, name: str) -> AccessRow | None:
        """The row of the access table for a part of the records, by its name or its key."""
        return self.access.get(slug(name))

    def words(self, key: str, school_name: str = "") -> str:
        """What stands in a clause for a placeholder; "" for one that nothing fills."""
        fact = _FACTS.get(key)
        if fact is not None:
            return fact(self, school_name)
        found = self.parameters.get(key)
        return "" if found is None else found.in_words()

    def rendered(self, school_name: str = "") -> str:
        """The whole document as it is read, without its header."""
        return fill(self.body, lambda key: self.words(key, school_name))


_FACTS: Mapping[str, Callable[[Policy, str], str]] = {
    "school.name": lambda policy, name: name or policy.school.replace("-", " ").title(),
    "policy.version": lambda policy, _: policy.version,
    "policy.effective_from": lambda policy, _: format_date(policy.effective_from),
    "policy.review_due": lambda policy, _: _day(policy.review_due, "a day still to be set"),
    "policy.ratified_on": lambda policy, _: _day(policy.ratified_on, "a day still to come"),
}
"""The placeholders that are no parameters."""


def policy_in_force(policies: Sequence[Policy], on: date) -> Policy | None:
    """The version that holds on a day: the latest that has begun.

    A draft never takes the place of a version that was ratified; while nothing is ratified, the
    latest draft holds, so that a school can begin.
    """
    begun = [policy for policy in policies if policy.holds_on(on)]
    if len(begun) <= 1:
        return begun[0] if begun else None
    ratified = [policy for policy in begun if policy.ratified_on is not None]
    return max(ratified or begun, key=lambda one: (one.effective_from, one.version), default=None)


def parse_policy(
    record: Record, form: Form, words: Mapping[str, str] = _NO_WORDS
) -> tuple[Policy | None, tuple[Diagnostic, ...]]:
    """The policy of a record, and what does not add up in it.

    `words` are those that the trust uses, such as buddy for coach; a column of the table may be
    headed with one that stands for a relation. A role is always named by itself, and the name of
    a relation or a role means what it says, whatever the words make of it: else a word could
    turn a column that governors ratified into the head's. There is no policy where its version
    or first day is missing or its access table cannot be found.
    """
    text = record.source[record.body :]
    aliases = {slug(word): slug(meant) for word, meant in words.items()}
    aliases = {
        word: meant
        for word, meant in aliases.items()
        if meant in RELATIONS and word not in _OWN_NAMES
    }
    body = parse_body(text, record.source.count("\n", 0, record.body) + 1, aliases)
    parameters = {one.key: one for one in _parameters(record, body.clauses)}
    faults = (
        *_header_faults(record),
        *_missing_faults(record),
        *_placeholder_faults(body, parameters),
        *_clause_faults(body, parameters),
        *body.faults,
    )
    found = tuple(sorted((_diagnostic(record, one) for one in faults), key=lambda d: d.sort_key))
    return _policy(record, form, body, parameters, text), found


def _policy(
    record: Record, form: Form, body: Body, parameters: Mapping[str, Parameter], text: str
) -> Policy | None:
    version = field_value(record, form, "version")
    start = field_value(record, form, "effective_from")
    preset = field_value(record, form, "preset")
    if not isinstance(version, str) or not isinstance(start, date) or not body.access:
        return None
    return Policy(
        school=record.school,
        version=version,
        effective_from=start,
        review_due=_date_field(record, form, "review_due"),
        ratified_on=_date_field(record, form, "ratified_on"),
        preset=preset if isinstance(preset, str) else "",
        path=record.path,
        title=body.title,
        parameters=parameters,
        headings=body.headings,
        clauses=body.clauses,
        columns=body.columns,
        access=body.access,
        table_line=body.table_line,
        body=text,
        effective_to=_date_field(record, form, "effective_to"),
    )


def _day(day: date | None, otherwise: str) -> str:
    return format_date(day) if day else otherwise


def _date_field(record: Record, form: Form, key: str) -> date | None:
    value = field_value(record, form, key)
    return value if isinstance(value, date) else None


def _parameters(record: Record, clauses: Sequence[Clause]) -> Iterator[Parameter]:
    """The parameters whose value fits, each with the first clause that shows it."""
    shown = {key: one.number for one in reversed(clauses) for key in one.keys}
    for key, field in record.fields.items():
        spec = PARAMETERS.get(key)
        value = None if spec is None else parse_setting(spec, field.value)
        if value is not None:
            yield Parameter(key, value, field.key_span, shown.get(key, ""))


def _header_faults(record: Record) -> Iterator[BodyFault]:
    """Keys without a dot are fields of the form, which judges them by itself."""
    for key, field in record.fields.items():
        spec = PARAMETERS.get(key)
        if spec is not None and parse_setting(spec, field.value) is None:
            message = f"`{key}` says {_shown(field)}, expected {spec.expected}"
            yield BodyFault(VALUE_FAULT, field.span, message, f"it decides {spec.meaning}")
        elif spec is None and "." in key:
            message = f"`{key}` is nothing that a policy decides"
            hint = _meant(key, PARAMETERS) or "take it out, or correct its name"
            yield BodyFault(PLACEHOLDER_FAULT, field.key_span, message, hint)


def _missing_faults(record: Record) -> Iterator[BodyFault]:
    for key, spec in PARAMETERS.items():
        if spec.mandatory and key not in record.fields:
            message = f"the policy does not say `{key}`: {spec.meaning}"
            hint = f"answer it in the header and in a clause: {spec.question or spec.expected}"
            yield BodyFault(MISSING_FAULT, Span(1), message, hint)


def _placeholder_faults(body: Body, parameters: Mapping[str, Parameter]) -> Iterator[BodyFault]:
    for key, span in body.placeholders:
        if key in _FACTS or key in parameters:
            continue
        if key in PARAMETERS:
            message = f"the text shows `{key}`, and the header does not set it"
            hint = f"set it in the header; it decides {PARAMETERS[key].meaning}"
        else:
            message = f"`{key}` is nothing that a policy decides"
            hint = _meant(key, (*PARAMETERS, *_FACTS)) or "correct the name of the placeholder"
        yield BodyFault(PLACEHOLDER_FAULT, span, message, hint)


def _clause_faults(body: Body, parameters: Mapping[str, Parameter]) -> Iterator[BodyFault]:
    for key, parameter in parameters.items():
        numbers = [clause.number for clause in body.clauses if key in clause.keys]
        if not numbers:
            message = f"`{key}` is set, and no numbered clause says so"
            hint = f"write {{{{ {key} }}}} into a clause, or take it out of the header"
            yield BodyFault(CLAUSE_FAULT, parameter.span, message, hint)
        elif len(numbers) > 1:
            message = f"`{key}` stands in more than one clause: {', '.join(numbers)}"
            hint = "let one clause say it, so that a finding can quote that one"
            yield BodyFault(CLAUSE_FAULT, parameter.span, message, hint)


def _shown(field: Field) -> str:
    return field.raw if isinstance(field.raw, str) else f"[{', '.join(field.raw)}]"


def _meant(word: str, known: Iterable[str]) -> str:
    near = closest(word, known)
    return f"did you mean `{near}`?" if near else ""


def _diagnostic(record: Record, fault: BodyFault) -> Diagnostic:
    return Diagnostic(
        path=record.path,
        span=fault.span,
        code=fault.code,
        severity=Severity.ERROR,
        message=fault.message,
        hint=fault.hint,
        consequence=Consequence.STOPS,
        record=record.id,
        school=record.school,
    )

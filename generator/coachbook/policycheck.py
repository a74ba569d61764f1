"""A policy beside its forms, its holders and the day: what does not fit together.

`parse_policy` judges a document by itself. Here its access table meets the forms, which name the
rows, and the people who hold the repository, to whom everything in clear is open anyway: a table
that denies them a clear part would promise what nothing keeps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.calendar import format_date
from coachbook.clauses import TABLE_FAULT
from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.people import RELATIONS, ROLE_TITLES
from coachbook.policy import AccessRow, Policy, slug
from coachbook.spelling import closest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from coachbook.forms import Form, Forms

HOLDERS = "repository.holders"
STANDING_FAULT = "CB705"
HOLDER_FAULT = "CB706"


def policy_findings(policy: Policy, forms: Forms, today: date) -> tuple[Diagnostic, ...]:
    """CB703, CB705 and CB706 of one policy, in the order of the file."""
    found = (
        *_row_findings(policy, forms),
        *_column_findings(policy, forms),
        *_holder_findings(policy, forms),
        *_standing_findings(policy, today),
    )
    return tuple(sorted(found, key=lambda finding: finding.sort_key))


def row_names(forms: Forms) -> Mapping[str, str]:
    """Key and name of every row that a form in use asks the access table for."""
    named = (row for form in forms.newest() for row in _rows_of(form))
    return {slug(row): row for row in named if row}


def clear_rows(forms: Forms) -> Mapping[str, str]:
    """Key and name of the rows whose parts stand in clear, where every holder can read them."""
    named = (row for form in forms.newest() for row in _clear_rows_of(form))
    return {slug(row): row for row in named if row}


def _rows_of(form: Form) -> Iterator[str]:
    yield form.row
    yield from (field.row for field in form.fields.values())
    yield from (section.row for section in form.sections)


def _clear_rows_of(form: Form) -> Iterator[str]:
    if form.whole:
        return
    yield form.row
    yield from (field.row for field in form.fields.values())
    yield from (section.row for section in form.sections if not section.sealed)


def _row_findings(policy: Policy, forms: Forms) -> Iterator[Diagnostic]:
    wanted = row_names(forms)
    for key, name in wanted.items():
        if key not in policy.access:
            shown = name[:1].upper() + name[1:]
            message = f'the table has no row "{shown}", so nobody could read that part'
            yield _table(policy, policy.table_line, message, f"add a row that begins | {shown} |")
    for row in policy.access.values():
        if row.key not in wanted:
            message = f'no form has a part called "{row.name}"'
            yield _table(policy, row.line, message, _meant(row.key, wanted))


def _column_findings(policy: Policy, forms: Forms) -> Iterator[Diagnostic]:
    relations = {relation for form in forms.newest() for relation in form.relations}
    known = (*sorted(RELATIONS | relations), *ROLE_TITLES, *_roles(forms))
    for column in policy.columns:
        if column and column not in known:
            message = f'"{column}" is neither a relation nor a role'
            hint = _meant(column, {key: key.replace("-", " ") for key in known})
            yield _table(policy, policy.table_line, message, hint)


def _roles(forms: Forms) -> tuple[str, ...]:
    form = forms.latest("role-assignment")
    field = None if form is None else form.fields.get("role")
    return () if field is None else tuple(field.choices)


def _holder_findings(policy: Policy, forms: Forms) -> Iterator[Diagnostic]:
    holders = policy.get(HOLDERS)
    for key in clear_rows(forms):
        row = policy.access.get(key)
        if row is None:
            continue
        for role in holders if isinstance(holders, tuple) else ():
            if role not in row.readers():
                yield _denied(policy, row, role)


def _denied(policy: Policy, row: AccessRow, role: str) -> Diagnostic:
    title = ROLE_TITLES.get(role, role)
    return Diagnostic(
        path=policy.path,
        span=Span(row.line),
        code=HOLDER_FAULT,
        severity=Severity.ERROR,
        message=f'"{row.name}" stands in clear, and the table denies it to {title}, who can read '
        "every file",
        hint=f"write read in that column, or take {role} out of {HOLDERS}",
        clause=policy.clause_of(HOLDERS),
        consequence=Consequence.STOPS,
        school=policy.school,
    )


def _standing_findings(policy: Policy, today: date) -> Iterator[Diagnostic]:
    if policy.ratified_on is None:
        message = "the policy is not ratified"
        hint = "write ratified_on: with the day of the meeting that adopted it"
        yield _standing(policy, message, hint)
    if policy.review_due is not None and policy.review_due < today:
        message = f"the review of the policy was due on {format_date(policy.review_due)}"
        hint = "review it, and adopt a new version or a later review_due"
        yield _standing(policy, message, hint)


def _standing(policy: Policy, message: str, hint: str) -> Diagnostic:
    return Diagnostic(
        path=policy.path,
        span=Span(1),
        code=STANDING_FAULT,
        severity=Severity.WARNING,
        message=message,
        hint=hint,
        school=policy.school,
    )


def _table(policy: Policy, line: int, message: str, hint: str) -> Diagnostic:
    return Diagnostic(
        path=policy.path,
        span=Span(line or 1),
        code=TABLE_FAULT,
        severity=Severity.ERROR,
        message=message,
        hint=hint,
        consequence=Consequence.STOPS,
        school=policy.school,
    )


def _meant(key: str, known: Mapping[str, str]) -> str:
    near = closest(key, known)
    return f'did you mean "{known[near]}"?' if near else "take it out of the table"

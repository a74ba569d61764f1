"""A policy beside its forms, its holders and the day: what does not fit together.

`parse_policy` judges a document by itself. Here its access table meets the forms, which name the
rows, and the people who hold the repository, to whom everything in clear is open anyway: a table
that denies them a clear part would promise what nothing keeps.

Eight rows stand in every policy. Any other row is there if the school uses that part of the
records, and a school whose table lacks it does without the forms that need it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coachbook.calendar import format_date
from coachbook.clauses import PLACEHOLDER, TABLE_FAULT
from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.forms import builtin_forms
from coachbook.people import RELATIONS, ROLE_TITLES
from coachbook.policy import AccessRow, Policy, slug
from coachbook.presets import preset_names
from coachbook.spelling import closest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from coachbook.forms import Form, Forms

HOLDERS = "repository.holders"
STANDING_FAULT = "CB705"
HOLDER_FAULT = "CB706"
UNUSED_FAULT = "CB710"
NAME_FAULT = "CB714"
PRESET_FAULT = "CB715"

CORE_ROWS = (
    "People and roles",
    "Pairs and cycles",
    "Session header",
    "Session notes",
    "Coach private notes",
    "Stop",
    "Concern",
    "Wellbeing signpost",
)
"""The rows of every policy; each other row is there where its part of the records is used."""

FORMS_USED = "forms.used"
APPROACHES = "approaches.for_roles"
KNOWN_APPROACHES = (
    *("instructional", "basic", "facilitative", "dialogical"),
    *("directive", "advisory", "mentoring"),
)

_POINTER = re.compile(r"\b[Cc]lauses? (?P<number>\d+(?:\.\d+)+)|\b[Ss]ections? (?P<part>\d+)\b")
_APPROACH = re.compile(r"[^:]+: (?P<word>[A-Za-z]+)\b.*")


def policy_findings(policy: Policy, forms: Forms, today: date) -> tuple[Diagnostic, ...]:
    """What one policy shows beside the forms and the day, in the order of the file."""
    found = (
        *_row_findings(policy, forms),
        *_column_findings(policy, forms),
        *_holder_findings(policy, forms),
        *_name_findings(policy, forms),
        *_preset_findings(policy),
        *_standing_findings(policy, today),
    )
    return tuple(sorted(found, key=lambda finding: finding.sort_key))


def row_names(forms: Iterable[Form]) -> Mapping[str, str]:
    """Key and name of every row that one of the forms asks the access table for."""
    named = dict.fromkeys(row for form in forms for row in _rows_of(form))
    return {slug(row): row for row in named if row}


def clear_rows(forms: Forms) -> Mapping[str, str]:
    """Key and name of the rows whose parts stand in clear, where every holder can read them."""
    named = dict.fromkeys(row for form in forms.newest() for row in _clear_rows_of(form))
    return {slug(row): row for row in named if row}


def missing_rows(policy: Policy, form: Form) -> tuple[str, ...]:
    """The rows that a form needs and the policy's table does not have; none where it is used."""
    wanted = row_names([form])
    return tuple(name for key, name in wanted.items() if key not in policy.access)


def is_used(policy: Policy, form: Form) -> bool:
    """Whether a school with this policy writes on a form.

    It does if the access table has every row of the form and, where the policy lists the forms
    of its notes, the form is among them.
    """
    listed = policy.get(FORMS_USED)
    named = not form.life or not isinstance(listed, tuple) or form.name in listed
    return named and not missing_rows(policy, form)


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
    """Rows that every policy has, and rows of which no form knows."""
    known = row_names(forms.newest())
    for name in CORE_ROWS:
        if policy.row(name) is None and slug(name) in known:
            message = f'the table has no row "{name}", so nobody could read that part'
            hint = f"add a row that begins | {name} |"
            yield _finding(policy, policy.table_line, TABLE_FAULT, message, hint)
    for row in policy.access.values():
        if row.key not in known:
            message = f'no form has a part called "{row.name}"'
            yield _finding(policy, row.line, NAME_FAULT, message, _meant(row.key, known))


def own_form_findings(policies: Iterable[Policy], forms: Forms) -> Iterator[Diagnostic]:
    """CB710 for each form of the workspace's own that the table of no school knows."""
    every = tuple(policies)
    builtin = {form.key for form in builtin_forms()}
    own = [form for form in forms.newest() if form.key not in builtin]
    for form in own:
        missing = [missing_rows(policy, form) for policy in every]
        for policy, rows in zip(every, missing, strict=True):
            if all(missing):
                yield _unused(policy, form, rows[0])


def _unused(policy: Policy, form: Form, row: str) -> Diagnostic:
    shown = _capital(row)
    message = f'the form "{form.title}" has a part "{shown}", and the table has no such row'
    hint = f"add a row that begins | {shown} |, or take the form out of records/forms/"
    return _finding(policy, policy.table_line, UNUSED_FAULT, message, hint)


def _column_findings(policy: Policy, forms: Forms) -> Iterator[Diagnostic]:
    relations = {relation for form in forms.newest() for relation in form.relations}
    known = (*sorted(RELATIONS | relations), *ROLE_TITLES, *_roles(forms))
    for column in policy.columns:
        if column and column not in known:
            message = f'"{column}" is neither a relation nor a role'
            hint = _meant(column, {key: key.replace("-", " ") for key in known})
            yield _finding(policy, policy.table_line, NAME_FAULT, message, hint)


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
    message = (
        f'"{row.name}" stands in clear, and the table denies it to {title}, who can read every file'
    )
    hint = f"write read in that column, or take {role} out of {HOLDERS}"
    return _finding(policy, row.line, HOLDER_FAULT, message, hint, key=HOLDERS)


def _name_findings(policy: Policy, forms: Forms) -> Iterator[Diagnostic]:
    """Forms, approaches and clauses that the policy names and nobody knows."""
    yield from _form_findings(policy, forms)
    yield from _approach_findings(policy)
    yield from _pointer_findings(policy)


def _form_findings(policy: Policy, forms: Forms) -> Iterator[Diagnostic]:
    known = {form.name: form.name for form in forms.newest()}
    listed = policy.get(FORMS_USED)
    for name in listed if isinstance(listed, tuple) else ():
        if name not in known:
            yield _named(policy, FORMS_USED, f'there is no form "{name}"', _near(name, known))


def _approach_findings(policy: Policy) -> Iterator[Diagnostic]:
    known = {word: word for word in KNOWN_APPROACHES}
    entries = policy.get(APPROACHES)
    for entry in entries if isinstance(entries, tuple) else ():
        found = _APPROACH.fullmatch(entry)
        if found is None:
            message = f'"{entry}" does not say who uses which approach'
            hint = 'write it as "subject leads: instructional for their subject"'
            yield _named(policy, APPROACHES, message, hint)
        elif found["word"].casefold() not in known:
            word = found["word"]
            yield _named(
                policy, APPROACHES, f'there is no approach "{word}"', _near(word.casefold(), known)
            )


def _pointer_findings(policy: Policy) -> Iterator[Diagnostic]:
    """A clause that points to a clause or a section which the document does not have."""
    numbers = {clause.number for clause in policy.clauses}
    parts = {number.partition(".")[0] for number in numbers} | {
        heading.text.split(" ", 1)[0].rstrip(".") for heading in policy.headings
    }
    for clause in policy.clauses:
        for found in _POINTER.finditer(PLACEHOLDER.sub("", clause.text)):
            number = found["number"] or found["part"]
            if number not in (numbers if found["number"] else parts):
                message = f'{clause.number} points to "{found[0]}", which is not in this document'
                hint = "correct the number, or leave the pointer out"
                yield _finding(policy, clause.line, NAME_FAULT, message, hint)


def _preset_findings(policy: Policy) -> Iterator[Diagnostic]:
    known = {name: name for name in preset_names()}
    if policy.preset and policy.preset not in known:
        message = f'there is no preset "{policy.preset}"'
        hint = f"{_near(policy.preset, known)} or leave `preset` out"
        yield _finding(policy, 1, PRESET_FAULT, message, hint)


def _standing_findings(policy: Policy, today: date) -> Iterator[Diagnostic]:
    if policy.ratified_on is None:
        message = "the policy is not ratified"
        hint = "write ratified_on: with the day of the meeting that adopted it"
        yield _standing(policy, message, hint)
    elif policy.ratified_on > policy.effective_from:
        begun, adopted = format_date(policy.effective_from), format_date(policy.ratified_on)
        message = f"the policy is in force from {begun}, and adopted on {adopted} only"
        hint = "let it begin when it is adopted: who reads a note goes by the policy of its day"
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


def _named(policy: Policy, key: str, message: str, hint: str) -> Diagnostic:
    return _finding(policy, policy.parameters[key].span.line, NAME_FAULT, message, hint, key=key)


def _finding(
    policy: Policy, line: int, code: str, message: str, hint: str, *, key: str = ""
) -> Diagnostic:
    return Diagnostic(
        path=policy.path,
        span=Span(line or 1),
        code=code,
        severity=Severity.ERROR,
        message=message,
        hint=hint,
        clause=policy.clause_of(key) if key else "",
        consequence=Consequence.STOPS,
        school=policy.school,
    )


def _near(word: str, known: Mapping[str, str]) -> str:
    near = closest(word, known)
    return f'did you mean "{near}"?' if near else f"one of: {', '.join(sorted(known))}"


def _meant(key: str, known: Mapping[str, str]) -> str:
    near = closest(key, known)
    return f'did you mean "{known[near]}"?' if near else "take it out of the table"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

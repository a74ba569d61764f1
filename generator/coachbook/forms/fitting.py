"""Does a record fit its form: known keys, nothing missing, values that can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.forms.values import FieldValue, Unfit, read_value
from coachbook.sentences import join
from coachbook.spelling import closest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.forms.model import FieldForm, Form, SectionForm
    from coachbook.frontmatter import Field, Value
    from coachbook.record import Record, Section

_TOP = Span(1)
_STATUS, _HELD = "status", "held"


def check_record(record: Record, form: Form) -> tuple[Diagnostic, ...]:
    """The findings CB102, CB103, CB104 and CB109 of a record, in the order of the file."""
    found = [
        *_unknown_keys(record, form),
        *_missing_keys(record, form),
        *_unfit_values(record, form),
        *_sections(record, form),
    ]
    return tuple(sorted(found, key=lambda finding: finding.sort_key))


class ValueReader:
    """The typed values of many records on one form; what is written alike is read once."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._known: dict[tuple[str, Value, str | tuple[str, ...]], FieldValue] = {}

    def values(self, record: Record) -> dict[str, FieldValue]:
        """The value of each field of a record that has one, as `field_value` reads it."""
        found: dict[str, FieldValue] = {}
        for key, field in record.fields.items():
            written = (key, field.value, field.raw)
            if written not in self._known:
                self._known[written] = field_value(record, self._form, key)
            value = self._known[written]
            if value is not None:
                found[key] = value
        return found


def field_value(record: Record, form: Form, key: str) -> FieldValue:
    """The typed value of a field; None where it is absent, empty or does not fit.

    A field that may hold many has a tuple, also where the record writes a single value.
    """
    field = record.fields.get(key)
    if field is None:
        return None
    field_form = form.fields.get(key)
    if field_form is None:
        return field.raw if key in form.implied() and isinstance(field.raw, str) else None
    values = tuple(value for _, value in _read(field, field_form))
    if any(isinstance(value, Unfit) for value in values):
        return None
    typed = tuple(value for value in values if value is not None and not isinstance(value, Unfit))
    if field_form.many:
        return typed
    return typed[0] if len(typed) == 1 else None


def _read(field: Field, form: FieldForm) -> Iterator[tuple[Span, FieldValue | Unfit]]:
    """Each value of a field with its place."""
    if isinstance(field.value, tuple):
        if not form.many:
            message = f"`{field.key}` holds a list, expected one value"
            yield field.span, Unfit(message, "write one value without brackets")
            return
        for span, value, raw in zip(field.items, field.value, field.raw, strict=True):
            yield span, read_value(form, value, raw)
    else:
        yield field.span, read_value(form, field.value, str(field.raw))


def _unknown_keys(record: Record, form: Form) -> Iterator[Diagnostic]:
    known = (*form.implied(), *form.fields)
    for field in record.fields.values():
        if _is_known(field.key, form):
            continue
        near = closest(field.key, known)
        hint = f"did you mean `{near}`?" if near else f"fields here are: {', '.join(known)}"
        message = f"`{field.key}` is not a field here"
        yield _fault(record, form, "CB102", field.key_span, message, hint)


def _is_known(key: str, form: Form) -> bool:
    """A policy's parameters have a dot in their names; they are checked as a policy."""
    return key in form.fields or key in form.implied() or (form.body == "policy" and "." in key)


def _missing_keys(record: Record, form: Form) -> Iterator[Diagnostic]:
    required = [key for key in form.implied() if key != "form"]
    required += [field.name for field in form.fields.values() if field.required]
    for key in required:
        field = record.fields.get(key)
        if field is None:
            if _is_misspelt(record, form, key):
                continue  # CB102 names both
            hint = f"add a line to the header: {key}: {_example(form, key)}".rstrip()
            yield _fault(record, form, "CB103", _TOP, f"`{key}` is missing", hint)
        elif _is_empty(field):
            hint = f"write a value behind `{key}:`"
            yield _fault(record, form, "CB103", field.key_span, f"`{key}` is empty", hint)
    yield from _missing_choice(record, form)


def _missing_choice(record: Record, form: Form) -> Iterator[Diagnostic]:
    """Of the fields that a form needs one of, none is written."""
    written = [record.fields[key] for key in form.needs if key in record.fields]
    if not form.needs or any(not _is_empty(field) for field in written):
        return
    if any(_is_misspelt(record, form, key) for key in form.needs):
        return  # CB102 names both
    span = written[0].key_span if written else _TOP
    names = join([f"`{key}`" for key in form.needs], "or")
    hint = f"add a line to the header: {form.needs[0]}: {_example(form, form.needs[0])}".rstrip()
    yield _fault(record, form, "CB103", span, f"{names} is missing", hint)


def _is_misspelt(record: Record, form: Form, wanted: str) -> bool:
    """True if an unknown field of the record was probably meant to be this one."""
    known = (*form.implied(), *form.fields)
    return any(closest(key, known) == wanted for key in record.fields if not _is_known(key, form))


def _is_empty(field: Field) -> bool:
    values = field.raw if isinstance(field.raw, tuple) else (field.raw,)
    return field.value is None or not any(value.strip() for value in values)


_EXAMPLES = {
    "boolean": "yes",
    "date": "2026-11-12",
    "integer": "15",
    "interval": "2026-09-02 to 2026-10-23",
    "month": "2026-11",
    "number": "0.8",
    "person": "p-7kq2m4xa",
    "time": "15:40",
}


def _example(form: Form, key: str) -> str:
    if key == "type":
        return form.type
    field = form.fields.get(key)
    if field is None:
        return f"{form.prefix}-7kq2m4xa" if key == "id" and form.prefix else ""
    return field.choices[0] if field.choices else _EXAMPLES.get(field.type, "")


def _unfit_values(record: Record, form: Form) -> Iterator[Diagnostic]:
    for key, field_form in form.fields.items():
        field = record.fields.get(key)
        if field is None:
            continue
        for span, value in _read(field, field_form):
            if isinstance(value, Unfit):
                yield _fault(record, form, "CB104", span, value.message, value.hint)
    for key in form.implied():
        field = record.fields.get(key)
        if field is not None and isinstance(field.value, tuple):
            message = f"`{key}` holds a list, expected one value"
            yield _fault(record, form, "CB104", field.span, message, "write one value")


def _sections(record: Record, form: Form) -> Iterator[Diagnostic]:
    """Headings that the form does not know stop publication: nobody says who may read them."""
    if form.body == "policy":
        return
    names = tuple(section.name for section in form.sections)
    for section in record.sections:
        if section.name not in names and not section.name.endswith("#"):
            yield _unknown_section(record, form, section, names)
    for wanted in form.sections:
        found = record.section(wanted.name)
        if not _applies(record, form, wanted):
            if found is not None:
                yield _section_out_of_place(record, form, wanted, found)
        elif wanted.required and found is None and _took_place(record, form):
            hint = f"add the heading `## {wanted.name}` and write below it"
            message = f'section "{wanted.name}" is missing'
            yield _fault(record, form, "CB109", _TOP, message, hint, Consequence.LISTED)


def _took_place(record: Record, form: Form) -> bool:
    """False for a visit or a session that is still to come, or did not come about."""
    status = form.fields.get(_STATUS)
    if status is None or _HELD not in status.choices:
        return True
    return field_value(record, form, _STATUS) in {None, _HELD}


def _applies(record: Record, form: Form, section: SectionForm) -> bool:
    """Whether the record's header has what the section waits for."""
    if section.when is None:
        return True
    key = section.when[0]
    return section.applies({key: field_value(record, form, key)})


def _section_out_of_place(
    record: Record, form: Form, section: SectionForm, found: Section
) -> Diagnostic:
    key, values = section.when or ("", ())
    wanted = join(values, "or")
    message = f'section "{section.name}" belongs here only where `{key}` is {wanted}'
    hint = f"write `{key}: {values[0]}` in the header, or move the text to another section"
    return _fault(record, form, "CB109", found.heading, message, hint, Consequence.LISTED)


def _unknown_section(
    record: Record, form: Form, section: Section, names: tuple[str, ...]
) -> Diagnostic:
    """Names the form's sections and not the heading, which may be a line of somebody's note."""
    near = closest(section.name, names)
    if near:
        hint = f"did you mean `## {near}`?"
    elif names:
        hint = f"sections here are: {', '.join(names)}"
    else:
        hint = "this type of record has no sections"
    message = "this heading names no section of the form"
    return _fault(record, form, "CB109", section.heading, message, hint, Consequence.STOPS)


def _fault(
    record: Record,
    form: Form,
    code: str,
    span: Span,
    message: str,
    hint: str,
    consequence: Consequence = Consequence.HELD_BACK,
) -> Diagnostic:
    return Diagnostic(
        record.path,
        span,
        code,
        Severity.ERROR,
        message,
        hint,
        consequence=consequence,
        quotable=code != "CB109" and not form.whole,
        record=record.id,
        school=record.school,
    )

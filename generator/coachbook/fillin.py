"""The fields of a new record: from flags, the day, the policy, other records, or asked.

    values = fill_in(book, form, {"cycle": "c-0a1b2c3d"}, school="", ask=None, random=os.urandom)

A reference that only one record can be is filled in; of several, one is asked
for. Nothing that the form requires is guessed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeAlias

from coachbook.book import display, form_of, parties, short
from coachbook.calendar import format_date
from coachbook.errors import UsageError
from coachbook.forms import Unfit, field_value, read_value
from coachbook.newrecord import default_values, new_id
from coachbook.people import active
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coachbook.book import Book
    from coachbook.forms import FieldForm, Form, Forms
    from coachbook.frontmatter import Value
    from coachbook.record import Record

    Ask: TypeAlias = Callable[[str], str]
    Random = Callable[[int], bytes]

_OPEN = frozenset({"open", "planned", "active", "proposed", "paused"})


@dataclass(frozen=True, slots=True)
class Choice:
    """A record that a reference may mean: its id, and words to tell it from others."""

    id: str
    words: str


def find_form(forms: Forms, name: str) -> Form:
    """The newest form of a name or a record type; UsageError says which there are."""
    known = _forms_to_begin(forms)
    usual = forms.latest_of_type(name)
    found = [form for form in known if form.name == name or form is usual]
    found = found[:1] or [form for form in known if form.type == name]
    if len(found) == 1:
        return found[0]
    names = sorted(form.name for form in (found or known))
    if found:
        raise UsageError(
            f"there are several forms for {name}", hint=f"name one: {', '.join(names)}"
        )
    close = get_close_matches(name, [*names, *(form.type for form in known)], n=1)
    hint = f"did you mean {close[0]}?" if close else f"the forms are {', '.join(names)}"
    raise UsageError(f"there is no form {name!r}", hint=hint)


def describe_forms(forms: Forms) -> tuple[tuple[str, str], ...]:
    """What can be begun, each with its purpose, for the help page of `new`."""
    return tuple(sorted((form.type, form.purpose) for form in _forms_to_begin(forms)))


def _forms_to_begin(forms: Forms) -> list[Form]:
    return [form for form in forms.newest() if form.identity == "random" and form.type != "sealed"]


def fill_in(
    book: Book,
    form: Form,
    given: Mapping[str, str],
    *,
    school: str,
    ask: Ask | None,
    random: Random,
) -> dict[str, Value]:
    """The whole header of a new record, in the order of the form."""
    _require_known(form, given)
    values: dict[str, Value] = {}
    for field in form.fields.values():
        if field.name in given:
            values[field.name] = _given(book, field, given[field.name])
    for field in form.fields.values():
        if field.type == "reference" and field.required and field.name not in values:
            values[field.name] = _reference(book, field, ask)
    place = _school(book, form, values, school)
    for key, value in default_values(book, form, place).items():
        values.setdefault(key, value)
    missing = [f for f in form.fields.values() if f.required and f.name not in values]
    if missing and ask is None:
        raise _missing(form, missing)
    for field in missing:
        if ask is not None:
            values[field.name] = _asked(book, field, ask)
    return _header(book, form, values, place, random)


def find_person(book: Book, text: str) -> str:
    """The id of a person named by id, sign-in or name; UsageError where that is not one person."""
    wanted = text.strip().casefold()
    people = book.people.values()
    found = [
        p.id
        for p in people
        if wanted in {p.id, p.sign_in.casefold(), p.name.casefold(), p.short.casefold()}
    ]
    if len(found) == 1:
        return found[0]
    if found:
        names = [f"{one} ({display(book, one)})" for one in found]
        raise UsageError(f"{text!r} may be {join(names)}", hint="give the id")
    known = [name for p in people for name in (p.id, p.sign_in, p.name, p.short) if name]
    close = get_close_matches(text, known, n=1)
    hint = f"did you mean {close[0]}?" if close else "the people are in records/people"
    raise UsageError(f"there is no person {text!r}", hint=hint)


def choices_for(book: Book, target: str) -> tuple[Choice, ...]:
    """The records of a type that are not finished, newest first, in words."""
    records = [r for r in book.records.values() if r.type == target and _is_open(book, r)]
    return tuple(_choice(book, r) for r in sorted(records, key=_start(book), reverse=True))


def find_partnership(book: Book, coach: str, coachee: str, on: dt.date) -> str:
    """The id of the pair's partnership on a day, or an empty text where there is none."""
    found = (
        p.id
        for p in book.partnerships.values()
        if (p.coach, p.coachee) == (coach, coachee) and p.status != "ended" and active(p, on)
    )
    return next(found, "")


def _require_known(form: Form, given: Mapping[str, str]) -> None:
    for name in given:
        if name not in form.fields:
            close = get_close_matches(name, form.fields, n=1)
            hint = f"did you mean --{close[0].replace('_', '-')}?" if close else _flags(form)
            raise UsageError(f"{form.title.lower()} has no field {name!r}", hint=hint)


def _flags(form: Form) -> str:
    return f"its fields are {', '.join('--' + name.replace('_', '-') for name in form.fields)}"


def _given(book: Book, field: FieldForm, text: str) -> Value:
    """A field's value from text; UsageError where it does not fit or means nothing here."""
    parts = text.split(",") if field.many else [text]
    found = tuple(_one(book, field, part.strip()) for part in parts if part.strip())
    if not found:
        raise UsageError(
            f"{_flag(field)} has no value", hint=f"write {_flag(field)} ({_expected(field)})"
        )
    return found if field.many else found[0]


def _one(book: Book, field: FieldForm, text: str) -> str | int | bool | dt.date:
    if field.type == "person":
        return find_person(book, text)
    if field.type == "reference":
        return _referred(book, field, text)
    value = read_value(field, text, text)
    if isinstance(value, Unfit):
        raise UsageError(f"{_flag(field)}: {value.message}", hint=value.hint)
    is_kept = isinstance(value, bool | int) or field.type == "date"
    return value if is_kept and isinstance(value, bool | int | dt.date) else text


def _referred(book: Book, field: FieldForm, text: str) -> str:
    """The id of a record of the type that the field refers to."""
    if any(record.type == field.to for record in book.by_id.get(text, ())):
        return text
    ids = [record.id for record in book.records.values() if record.type == field.to]
    close = get_close_matches(text, ids, n=1)
    hint = f"did you mean {close[0]}?" if close else f"give the id of a {field.to}"
    raise UsageError(f"{_flag(field)}: there is no {field.to} {text!r}", hint=hint)


def _reference(book: Book, field: FieldForm, ask: Ask | None) -> str:
    choices = choices_for(book, field.to)
    if len(choices) == 1:
        return choices[0].id
    if not choices:
        raise UsageError(
            f"there is no open {field.to} yet", hint=f"start one with: coachbook new {field.to}"
        )
    lines = [f"{number}  {c.id}  {c.words}" for number, c in enumerate(choices, start=1)]
    if ask is None:
        lines = [f"{choice.id}  {choice.words}" for choice in choices]
        hint = "\n".join([f"say {_flag(field)} ID", *lines])
        raise UsageError(f"which {field.to}?", hint=hint)
    question = "\n".join([*lines, f"Which {field.to}? Its number"])
    while not (found := _pick(choices, ask(question))):
        question = f"it is a number from 1 to {len(choices)}"
    return found


def _pick(choices: tuple[Choice, ...], answer: str) -> str:
    """The id that a number or an id stands for; empty where it is none of them."""
    text = answer.strip()
    if text.isdecimal() and 1 <= int(text) <= len(choices):
        return choices[int(text) - 1].id
    return text if text in {choice.id for choice in choices} else ""


def _asked(book: Book, field: FieldForm, ask: Ask) -> Value:
    """Asks for a field until the answer can be used."""
    words = f"{field.name.replace('_', ' ').capitalize()} ({_expected(field)})"
    question = words
    while True:
        text = ask(question).strip()
        if not text:
            continue
        try:
            return _given(book, field, text)
        except UsageError as error:
            question = f"{error.message}; {error.hint}\n{words}"


def _missing(form: Form, fields: list[FieldForm]) -> UsageError:
    names = join([field.name.replace("_", " ") for field in fields])
    are = "is" if len(fields) == 1 else "are"
    return UsageError(
        f"{form.title.lower()}: {names} {are} missing",
        hint="\n".join(f"say {_flag(field)} ({_expected(field)})" for field in fields),
    )


def _flag(field: FieldForm) -> str:
    return f"--{field.name.replace('_', '-')}"


def _expected(field: FieldForm) -> str:
    kinds = {"person": "a name or id", "date": "such as 2026-11-12", "boolean": "yes or no"}
    kind = f"the id of a {field.to}" if field.type == "reference" else field.type
    return ", ".join(field.choices) or field.help or kinds.get(field.type, kind)


def describe_fields(form: Form) -> tuple[tuple[str, str], ...]:
    """Each flag of a form, with what it takes, for the help page of `new`."""
    return tuple(
        (_flag(field), f"{_expected(field)}{' [required]' if field.required else ''}")
        for field in form.fields.values()
    )


def _school(book: Book, form: Form, values: Mapping[str, Value], school: str) -> str:
    """The school of a new record: named, that of what it refers to, or the only one."""
    if form.level == "trust":
        return ""
    if school:
        if school not in book.schools:
            raise UsageError(
                f"there is no school {school!r}", hint=f"the schools are {', '.join(book.schools)}"
            )
        return school
    referred = {
        record.school
        for field in form.fields.values()
        if field.type == "reference" and field.name in values
        for record in book.by_id.get(str(values[field.name]), ())
    }
    candidates = referred or set(book.schools)
    if len(candidates) == 1:
        return candidates.pop()
    raise UsageError("which school?", hint=f"say --school with one of {', '.join(book.schools)}")


def _header(
    book: Book, form: Form, values: Mapping[str, Value], school: str, random: Random
) -> dict[str, Value]:
    header: dict[str, Value] = {"type": form.type}
    if form.identity == "random":
        header["id"] = new_id(form.prefix, random, book.by_id)
    if school:
        header["school"] = school
    if form.name != form.type:
        header["form"] = f"{form.name}@{form.version}"
    return header | {name: values[name] for name in form.fields if name in values}


def _is_open(book: Book, record: Record) -> bool:
    form = form_of(book, record)
    if form is None:
        return False
    status = field_value(record, form, "status") if "status" in form.fields else "open"
    return status in _OPEN


def _start(book: Book) -> Callable[[Record], tuple[str, str]]:
    def key(record: Record) -> tuple[str, str]:
        form = form_of(book, record)
        day = field_value(record, form, form.on) if form and form.on else None
        return (str(day or ""), record.id)

    return key


def _choice(book: Book, record: Record) -> Choice:
    people = parties(book, record)
    pair = [join([short(book, p) for p in people.get(r, ())]) for r in ("coachee", "coach")]
    words = " with ".join(filter(None, pair))
    form = form_of(book, record)
    day = field_value(record, form, form.on) if form and form.on else None
    since = f", since {format_date(day)}" if isinstance(day, dt.date) else ""
    return Choice(record.id, f"{words}{since}")

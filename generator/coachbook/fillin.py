"""The fields of a new record: from flags, the day, the policy, other records, or asked.

    values = fill_in(book, form, {"cycle": "c-0a1b2c3d"}, school="", ask=None, random=os.urandom)

A reference that only one record can be is filled in; of several, one is asked
for. Nothing that the form requires is guessed.
"""

from __future__ import annotations

import datetime as dt
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeAlias

from coachbook.book import access_of, short
from coachbook.candidates import find_person, options_for
from coachbook.errors import UsageError
from coachbook.formchoice import require_used, suited_form, with_note
from coachbook.forms import Unfit, read_value
from coachbook.newrecord import default_values, draft, due_values, new_id
from coachbook.people import ROLE_TITLES
from coachbook.rules import check_plain, forbids_sealing
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from coachbook.book import Book
    from coachbook.candidates import Choice
    from coachbook.formchoice import Wanted
    from coachbook.forms import FieldForm, FieldValue, Form
    from coachbook.frontmatter import Value
    from coachbook.record import Record

    Ask: TypeAlias = Callable[[str], str]
    Random = Callable[[int], bytes]


def begin(
    book: Book,
    wanted: Wanted,
    given: Mapping[str, str],
    *,
    school: str,
    ask: Ask | None,
    random: Random,
    person: str = "",
) -> tuple[Form, dict[str, Value]]:
    """The form that suits and the whole header of a new record on it.

    Of several cycles it can belong to, those at `school` and those of `person` come into question.

    Raises UsageError where something is missing or does not fit, where the school does not use
    the form, and where somebody would take part whom the policy keeps out of it.
    """
    wanted = with_note(book, wanted, given.get("to", ""))
    named = {**wanted.given, **given}
    _require_known_somewhere(book, wanted, named)
    linked = _linked(book, wanted.form, named, ask, school=school, person=person)
    place = _school(book, wanted.form, linked, school)
    form = suited_form(book, wanted, _typed(linked), place)
    require_used(book, form, place)
    texts = {**named, **{key: value for key, value in linked.items() if isinstance(value, str)}}
    values = fill_in(book, form, texts, school=place, ask=ask, random=random)
    _require_admitted(book, draft(form, values))
    return form, values


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
    values = _linked(book, form, given, ask)
    for field in form.fields.values():
        if field.name in given and field.name not in values:
            values[field.name] = _given(book, field, given[field.name])
    place = _school(book, form, values, school)
    for key, value in default_values(book, form, place).items():
        values.setdefault(key, value)
    for key, value in due_values(book, form, place, str(values.get("person", ""))).items():
        values.setdefault(key, value)
    values |= _what_is_missing(book, form, values, ask)
    return _header(book, form, values, place, random)


def _what_is_missing(
    book: Book, form: Form, values: Mapping[str, Value], ask: Ask | None
) -> dict[str, Value]:
    """The fields that have to be there and are not, asked for; UsageError where nobody can be."""
    missing = [f for f in form.fields.values() if f.required and f.name not in values]
    is_told = any(name in values for name in form.needs)
    one_of = [] if is_told else [form.fields[name] for name in form.needs]
    if ask is None:
        if missing or one_of:
            raise _missing(form, missing, one_of)
        return {}
    found = {field.name: _asked(book, field, ask) for field in missing}
    return found | (_asked_one_of(book, one_of, ask) if one_of else {})


def own_words(book: Book, school: str) -> Mapping[str, str]:
    """The words of a school, or of the trust where none is named, with what they stand for."""
    place = book.schools.get(school)
    return place.words if place else book.trust.words


def in_own_words(
    given: Mapping[str, str], fields: Iterable[str], words: Mapping[str, str]
) -> dict[str, str]:
    """The fields by their own names, where one was called by a word that stands for it."""
    known = set(fields)
    return {
        name if name in known else words.get(name.replace("_", " "), name): text
        for name, text in given.items()
    }


def _linked(
    book: Book,
    form: Form,
    given: Mapping[str, str],
    ask: Ask | None,
    *,
    school: str = "",
    person: str = "",
) -> dict[str, Value]:
    """The people and records that were named, and those that only one can be."""
    values: dict[str, Value] = {}
    for field in form.fields.values():
        if field.name in given and (field.type in {"person", "reference"} or field.name == "kind"):
            values[field.name] = _given(book, field, given[field.name])
    for field in form.fields.values():
        if field.type == "reference" and field.required and field.name not in values:
            values |= _reference(options_for(book, [field], school, person), [field], ask)
    links = [form.fields[name] for name in form.needs if form.fields[name].type == "reference"]
    if links and not any(name in values for name in form.needs):
        values |= _reference(options_for(book, links, school, person), links, ask)
    return values


def _typed(values: Mapping[str, Value]) -> dict[str, FieldValue]:
    return {key: value for key, value in values.items() if isinstance(value, str)}


def _require_admitted(book: Book, record: Record) -> None:
    """Raises UsageError for what would keep the record from being sealed.

    That is somebody who takes part and whose key must open no note, and what
    must not be written at all, such as an extract for somebody in induction.
    """
    access = access_of(book, record)
    for person, role in access.kept_out().items():
        raise UsageError(
            f"{ROLE_TITLES.get(role, role)} takes no part in coaching here, and {person} is "
            f"{short(book, person)}, who holds that role",
            hint="name somebody else; capability mentoring is recorded elsewhere",
        )
    for finding in check_plain(book, record):
        if forbids_sealing(finding):
            raise UsageError(finding.message, hint=finding.hint)


def _require_known_somewhere(book: Book, wanted: Wanted, given: Mapping[str, str]) -> None:
    """Raises UsageError for a field that none of the forms has that may be chosen yet."""
    forms = [form for form in book.forms.newest() if form.type == wanted.form.type]
    known = {name for form in forms for name in form.fields}
    unknown = given if wanted.fixed else {name: given[name] for name in given if name not in known}
    _require_known(wanted.form, unknown)


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
    book.require_all()
    ids = [record.id for record in book.records.values() if record.type == field.to]
    close = get_close_matches(text, ids, n=1)
    hint = f"did you mean {close[0]}?" if close else f"give the id of a {field.to}"
    raise UsageError(f"{_flag(field)}: there is no {field.to} {text!r}", hint=hint)


def _reference(
    found_options: Iterable[tuple[FieldForm, Choice]], fields: Sequence[FieldForm], ask: Ask | None
) -> dict[str, Value]:
    """The field and the record that are meant: the only one there is, or the one chosen."""
    options = {choice.id: (field, choice) for field, choice in found_options}
    choices = tuple(choice for _, choice in options.values())
    meant = [field for field, _ in options.values()] or fields
    targets = join(dict.fromkeys(field.to.replace("-", " ") for field in meant), "or")
    if not choices:
        raise UsageError(
            f"there is no open {targets} yet",
            hint=f"start one with: coachbook new {fields[0].to}",
        )
    if len(choices) == 1:
        found = choices[0].id
    elif ask is None:
        raise _which(targets, options.values())
    else:
        lines = [f"{number}  {c.id}  {c.words}" for number, c in enumerate(choices, start=1)]
        question = "\n".join([*lines, f"Which {targets}? Its number"])
        while not (found := _pick(choices, ask(question))):
            question = f"it is a number from 1 to {len(choices)}"
    field = options[found][0]
    return {field.name: (found,) if field.many else found}


def _which(targets: str, options: Iterable[tuple[FieldForm, Choice]]) -> UsageError:
    lines = [f"{_flag(field)} {choice.id}  {choice.words}" for field, choice in options]
    return UsageError(f"which {targets}?", hint="\n".join(["say one of:", *lines]))


def _pick(choices: tuple[Choice, ...], answer: str) -> str:
    """The id that a number or an id stands for; empty where it is none of them."""
    text = answer.strip()
    if text.isdecimal() and 1 <= int(text) <= len(choices):
        return choices[int(text) - 1].id
    return text if text in {choice.id for choice in choices} else ""


def _asked(book: Book, field: FieldForm, ask: Ask) -> Value:
    """Asks for a field until the answer can be used."""
    words = f"{_label(field)} ({_expected(field)})"
    question = words
    while True:
        text = ask(question).strip()
        if not text:
            continue
        try:
            return _given(book, field, text)
        except UsageError as error:
            question = f"{error.message}; {error.hint}\n{words}"


def _asked_one_of(book: Book, fields: Sequence[FieldForm], ask: Ask) -> dict[str, Value]:
    """Asks for each of the fields in turn until one is answered; an empty answer goes on."""
    while True:
        for field in fields:
            text = ask(f"{_label(field)} ({_expected(field)}), or nothing").strip()
            if text:
                return {field.name: _given(book, field, text)}


def _missing(form: Form, fields: Sequence[FieldForm], one_of: Sequence[FieldForm]) -> UsageError:
    names = [_label(field).lower() for field in fields]
    names += [join([_label(field).lower() for field in one_of], "or")] if one_of else []
    are = "is" if len(names) == 1 else "are"
    lines = [f"say {_flag(field)} ({_expected(field)})" for field in fields]
    lines += [f"or {_flag(field)} ({_expected(field)})" for field in one_of]
    hint = "\n".join(lines).removeprefix("or ")
    if one_of and not fields:
        hint = f"say {hint}"
    return UsageError(f"{form.title.lower()}: {join(names)} {are} missing", hint=hint)


def _label(field: FieldForm) -> str:
    return field.name.replace("_", " ").capitalize()


def _flag(field: FieldForm) -> str:
    return f"--{field.name.replace('_', '-')}"


def _expected(field: FieldForm) -> str:
    kinds = {"person": "a name or id", "date": "such as 2026-11-12", "boolean": "yes or no"}
    kind = f"the id of a {field.to}" if field.type == "reference" else field.type
    return ", ".join(field.choices) or field.help or kinds.get(field.type, kind)


def describe_fields(form: Form) -> tuple[tuple[str, str], ...]:
    """Each flag of a form, with what it takes, for the help page of `new`."""
    return tuple(
        (_flag(field), f"{_expected(field)}{_remark(form, field)}")
        for field in form.fields.values()
    )


def _remark(form: Form, field: FieldForm) -> str:
    several = " [several with commas]" if field.many else ""
    needed = " [one of these is required]" if field.name in form.needs else ""
    return f"{several}{' [required]' if field.required else needed}"


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
    candidates = referred or _schools_of(book, form, values) or set(book.schools)
    if len(candidates) == 1:
        return candidates.pop()
    raise UsageError("which school?", hint=f"say --school with one of {', '.join(book.schools)}")


def _schools_of(book: Book, form: Form, values: Mapping[str, Value]) -> set[str]:
    """The schools at which everybody works who is named."""
    named = [
        values[f.name] for f in form.fields.values() if f.type == "person" and f.name in values
    ]
    many = (value if isinstance(value, tuple) else (value,) for value in named)
    people = [one for value in many for one in value if isinstance(one, str)]
    schools = [set(book.people[one].schools) for one in people if one in book.people]
    return set.intersection(*schools) if schools else set()


def _header(
    book: Book, form: Form, values: Mapping[str, Value], school: str, random: Random
) -> dict[str, Value]:
    header: dict[str, Value] = {"type": form.type}
    if form.identity == "random":
        header["id"] = new_id(form.prefix, random, book.taken)
    if school:
        header["school"] = school
    if form.name != form.type or form is not book.forms.first_of_type(form.type):
        header["form"] = f"{form.name}@{form.version}"
    return header | {name: values[name] for name in form.fields if name in values}

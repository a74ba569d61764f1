"""Which form a new record is written on: by name, by word, or as its cycle and school have it.

    wanted = find_wanted(book.forms, "session")
    form = suited_form(book, wanted, {"cycle": "c-0a1b2c3d"}, "otterbeck")

A session of a cycle that follows a model is written on the form of that model, and a school is
offered only the forms whose parts stand in its policy's table.
"""

from __future__ import annotations

from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING

from coachbook.book import policy_now, values_of
from coachbook.errors import UsageError
from coachbook.policycheck import FORMS_USED, is_used, missing_rows
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coachbook.book import Book
    from coachbook.forms import FieldValue, Form, Forms
    from coachbook.policy import Policy
    from coachbook.record import Record

_NOTHING: Mapping[str, str] = MappingProxyType({})


@frozen
class Wanted:
    """What is to be begun: the form, what its name has said of the fields, and if it is final.

    A form that is not `fixed` stands for its type: another one of that type may suit better.
    """

    form: Form
    given: Mapping[str, str]
    fixed: bool


def find_form(forms: Forms, name: str, words: Mapping[str, str] = _NOTHING) -> Form:
    """The newest form of a name, a record type or a word for one; UsageError says which exist."""
    return find_wanted(forms, name, words).form


def find_wanted(forms: Forms, name: str, words: Mapping[str, str] = _NOTHING) -> Wanted:
    """The form that a name means: a form, a type, a kind such as `triplet`, or a word for one.

    Args:
        words: what the trust's own words stand for, such as `{"buddy": "coach"}`.
    """
    known = forms_to_begin(forms)
    meant = [name, *([words[name.casefold()]] if name.casefold() in words else [])]
    for one in meant:
        for found in (
            _named(known, one),
            _typed(forms, known, one),
            _kinds(known, one),
            _named(known, f"{one}-", begins=True),
        ):
            if len(found) == 1:
                return found[0]
            if found:
                raise _several(one, found)
    names = sorted({*(form.name for form in known), *(form.type for form in known), *words})
    close = get_close_matches(name, names, n=1)
    hint = f"did you mean {close[0]}?" if close else f"the forms are {', '.join(names)}"
    raise UsageError(f"there is no form {name!r}", hint=hint)


def forms_to_begin(forms: Forms) -> list[Form]:
    """The newest version of every form that a person begins a record on."""
    return [form for form in forms.newest() if form.identity == "random" and form.type != "sealed"]


def describe_types(forms: Forms) -> tuple[tuple[str, str], ...]:
    """Each type of record that can be begun, with its purpose, for the help page of `new`."""
    known = forms_to_begin(forms)
    kinds = sorted({form.type for form in known})
    return tuple((kind, _typed(forms, known, kind)[0].form.purpose) for kind in kinds)


def describe_forms(forms: Forms) -> tuple[tuple[str, str], ...]:
    """The forms beside the usual one of a type, each with its purpose; addenda find their own."""
    return tuple(
        (form.name, form.purpose)
        for form in forms_to_begin(forms)
        if form is not forms.latest_of_type(form.type) and not _is_addendum(form)
    )


def usable_forms(book: Book, kind: str, school: str) -> tuple[Form, ...]:
    """The forms of a type that a school writes on, the usual one first."""
    policy = policy_now(book, school)
    forms = [form for form in forms_to_begin(book.forms) if form.type == kind]
    used = [form for form in forms if policy is None or is_used(policy, form)]
    listed = policy.get(FORMS_USED) if policy else None
    order = [str(name) for name in listed] if isinstance(listed, tuple) else []
    usual = book.forms.latest_of_type(kind)
    return tuple(sorted(used, key=lambda form: _rank(form, usual, order)))


def with_note(book: Book, wanted: Wanted, note: str) -> Wanted:
    """The form of an addendum to a note, by the note's id; any other form as it is.

    Raises UsageError where the note is not known.
    """
    if wanted.fixed or not _is_addendum(wanted.form):
        return wanted
    for record in book.by_id.get(note, ()):
        return Wanted(addendum_form(book, record), wanted.given, fixed=True)
    book.require_all()
    known = [record.id for record in book.records.values() if record.id]
    close = get_close_matches(note, known, n=1)
    hint = f"did you mean {close[0]}?" if close else "say --to ID, of a session or an observation"
    raise UsageError("which note is it for?", hint=hint)


def suited_form(book: Book, wanted: Wanted, values: Mapping[str, FieldValue], school: str) -> Form:
    """The form that the record's kind, group, partnership or model asks for; or the usual one."""
    if wanted.fixed:
        return wanted.form
    of_type = wanted.form.type
    found = fitting_form(book, of_type, values, school)
    return found or next(iter(usable_forms(book, of_type, school)), wanted.form)


def fitting_form(
    book: Book, of_type: str, values: Mapping[str, FieldValue], school: str
) -> Form | None:
    """The form that is asked for, or one for all occasions; None where all are for others."""
    return pick_form(book, usable_forms(book, of_type, school), values)


def pick_form(book: Book, usable: Sequence[Form], values: Mapping[str, FieldValue]) -> Form | None:
    """The same among the forms of a type that a school writes on."""
    for word in _circumstances(book, values):
        for form in usable:
            if word in form.suits:
                return form
    return next((form for form in usable if not form.suits), None)


def require_used(book: Book, form: Form, school: str) -> None:
    """Raises UsageError where the school's policy has no row for a part of the form."""
    policy = policy_now(book, school)
    if policy is None or form.level == "trust" or is_used(policy, form):
        return
    place = book.schools[school].name if school in book.schools else school
    others = [one.name for one in usable_forms(book, form.type, school)]
    hint = f"write it on {' or '.join(others)}" if others else _remedy(policy, form)
    raise UsageError(f"{_reason(policy, form)}, so this form is not used at {place}", hint=hint)


def addendum_form(book: Book, note: Record) -> Form:
    """The form of an addendum whose readers are those of the note; UsageError without one."""
    form = book.forms.for_record(note)
    rows = [part.row for part in form.sections if part.sealed] if form else []
    found = [
        (rows.count(section.row), one)
        for one in forms_to_begin(book.forms)
        if _is_addendum(one) and one.fields["to"].to == note.type
        for section in one.sections
        if section.row in rows
    ]
    if not found:
        raise UsageError(
            f"no form is known for adding to {note.path}", hint="see: coachbook new --help"
        )
    return max(found, key=lambda pair: pair[0])[1]


def _named(known: Iterable[Form], name: str, *, begins: bool = False) -> list[Wanted]:
    return [
        Wanted(form, {}, form.name != form.type)
        for form in known
        if (form.name.startswith(name) and not _is_addendum(form) if begins else form.name == name)
    ]


def _is_addendum(form: Form) -> bool:
    """Whether what is written on the form is added to another record."""
    return "to" in form.fields and form.fields["to"].type == "reference"


def _typed(forms: Forms, known: Sequence[Form], name: str) -> list[Wanted]:
    """The usual form of a type; of a type that has none, the first, until it is told which."""
    usual = forms.latest_of_type(name)
    found = [form for form in known if form is usual] or [f for f in known if f.type == name]
    return [Wanted(form, {}, fixed=False) for form in found[:1]]


def _kinds(known: Sequence[Form], name: str) -> list[Wanted]:
    """The form that has this word for its kind, or for one of the people it begins with."""
    kinds = [(form, form.fields["kind"]) for form in known if "kind" in form.fields]
    own = [Wanted(form, {}, fixed=True) for form, kind in kinds if kind.default == name]
    first = [
        Wanted(form, {"kind": name}, fixed=False)
        for form, kind in kinds
        if name in kind.choices and not form.like
    ]
    people = [
        Wanted(form, {}, fixed=False)
        for form in known
        if form.relations.get(name) == name and form.row and not form.whole and not form.like
    ]
    return own or first or people


def _several(name: str, found: Iterable[Wanted]) -> UsageError:
    names = sorted(wanted.form.name for wanted in found)
    return UsageError(f"there are several forms for {name}", hint=f"name one: {', '.join(names)}")


def _rank(form: Form, usual: Form | None, order: Sequence[str]) -> tuple[int, bool, str]:
    place = order.index(form.name) if form.name in order else len(order)
    return (place, form is not usual, form.name)


def _circumstances(book: Book, values: Mapping[str, FieldValue]) -> Iterator[str]:
    """The words that tell which form suits, the nearest first."""
    yield from _words(values.get("kind"))
    if values.get("group"):
        yield "group"
    for cycle in _referred(book, values.get("cycle")):
        found = values_of(book, cycle)
        for partnership in _referred(book, found.get("partnership")):
            yield from _words(values_of(book, partnership).get("kind"))
        yield from _words(found.get("model"))
    for partnership in _referred(book, values.get("partnership")):
        yield from _words(values_of(book, partnership).get("kind"))


def _referred(book: Book, value: FieldValue) -> Iterator[Record]:
    yield from book.by_id.get(value, ())[:1] if isinstance(value, str) else ()


def _words(value: FieldValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value


def _reason(policy: Policy, form: Form) -> str:
    missing = missing_rows(policy, form)
    if missing:
        return f'the policy has no row "{missing[0][:1].upper()}{missing[0][1:]}"'
    return f'"{form.title}" is not among the forms that the policy names'


def _remedy(policy: Policy, form: Form) -> str:
    missing = missing_rows(policy, form)
    row = missing[0][:1].upper() + missing[0][1:] if missing else ""
    return (
        f"add a row that begins | {row} | to the table in {policy.path}"
        if row
        else f"add {form.name} to {FORMS_USED} in {policy.path}"
    )

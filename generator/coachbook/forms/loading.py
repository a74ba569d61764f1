"""Form files to Forms: every key is known, every reference leads somewhere.

form: coaching-session
version: 1
type: session
fields:
  date: {type: date, required: true}
sections:
  Notes: {sealed: true, row: session notes, author: [coach]}
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, NoReturn

from coachbook.errors import FormError
from coachbook.forms.model import ROW_WRITERS, WRITER, Form, Forms, version_number
from coachbook.forms.raw import Raw, read_raw, refuse
from coachbook.forms.reading import read_form
from coachbook.forms.strictness import require_strict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@cache
def builtin_forms() -> Forms:
    """The forms that come with coachbook."""
    folder = resources.files("coachbook") / "_forms"
    files = [(f.name, f.read_bytes()) for f in folder.iterdir() if f.name.endswith(".yml")]
    return load_forms(sorted(files))


def load_forms(files: Iterable[tuple[str, bytes]], base: Forms | None = None) -> Forms:
    """The forms in the files, added to those of `base`; raises FormError.

    A form of a name that `base` has already needs a version that it has not: records point at
    versions, and what they meant must not change under them.
    """
    found = dict(base.all) if base else {}
    waiting = [read_raw(name, data) for name, data in files]
    places: dict[tuple[str, int], str] = {}
    while waiting:
        ready = [raw for raw in waiting if _like(raw, found) or not raw.text("like")]
        if not ready:
            _refuse_like(waiting, found)
        for raw in ready:
            _add(read_form(raw, _like(raw, found)), raw.place, found, places)
        waiting = [raw for raw in waiting if raw not in ready]
    defaults = _defaults(found.values(), base.defaults if base else {})
    forms = Forms(MappingProxyType(dict(sorted(found.items()))), MappingProxyType(defaults))
    for key, place in places.items():
        _require_links(forms, found[key], place)
        if base:
            require_strict(forms, base, found[key], place)
    return forms


def _like(raw: Raw, found: Mapping[tuple[str, int], Form]) -> Form | None:
    """The form that a file's `like` names, such as `coaching-session@1`, if it is known already."""
    name, _, version = raw.text("like").partition("@")
    return found.get((name, version_number(version)))


def _refuse_like(waiting: Iterable[Raw], found: Mapping[tuple[str, int], Form]) -> NoReturn:
    """Raises for the first file whose `like` leads to no form, or round in a circle."""
    own = {f"{raw.text('form')}@{raw.text('version')}" for raw in waiting}
    for raw in waiting:
        if raw.text("like") not in own:
            known = [f"{name}@{version}" for name, version in found]
            refuse(raw.place, f"`like` names no form: `{raw.text('like')}`", known)
    raw = next(iter(waiting))
    raw.fail(
        f"`like: {raw.text('like')}` leads back to the form itself",
        "write the fields out in one of the forms, and let the others be like it",
    )


def _add(
    form: Form, place: str, found: dict[tuple[str, int], Form], places: dict[tuple[str, int], str]
) -> None:
    key = (form.name, form.version)
    if key in found:
        other = places.get(key, "coachbook itself")
        raise FormError(
            f"{place}: form {form.key} is already defined by {other}",
            hint=f"write `version: {form.version + 1}`, or give the form another name",
        )
    found[key] = form
    places[key] = place


def _defaults(forms: Iterable[Form], earlier: Mapping[str, str]) -> dict[str, str]:
    """The form of each type: the one named as the type, or the only one that is like no other.

    What was decided before stays, so that a second form of a type changes no old record.
    """
    everyone: dict[str, set[str]] = {}
    first: dict[str, set[str]] = {}
    for form in forms:
        everyone.setdefault(form.type, set()).add(form.name)
        if not form.like:
            first.setdefault(form.type, set()).add(form.name)
    found = {kind: min(names) for kind, names in everyone.items() if len(names) == 1}
    found |= {kind: min(names) for kind, names in first.items() if len(names) == 1}
    found |= {kind: kind for kind, names in everyone.items() if kind in names}
    return found | dict(earlier)


def _require_links(forms: Forms, form: Form, place: str) -> None:
    """References lead to types, and authors are people of the record, roles or a row's writers."""
    types = forms.types()
    for field in form.fields.values():
        if field.type == "reference" and field.to not in types:
            refuse(place, f"field `{field.name}` refers to unknown type `{field.to}`", types)
        for author in field.author:
            if author not in {*form.relations, WRITER}:
                message = f"field `{field.name}` has unknown author `{author}`"
                refuse(place, message, [*form.relations, WRITER])
    people = [field.name for field in form.fields.values() if field.type == "person"]
    known = {*form.relations, *_roles(forms), *people, ROW_WRITERS}
    for section in form.sections:
        for author in section.author:
            if author not in known:
                refuse(place, f'section "{section.name}" has unknown author `{author}`', known)


def _roles(forms: Forms) -> tuple[str, ...]:
    form = forms.latest("role-assignment")
    return form.fields["role"].choices if form and "role" in form.fields else ()

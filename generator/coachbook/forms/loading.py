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

import re
from dataclasses import replace
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from coachbook.errors import FormError, FrontMatterError
from coachbook.forms.model import IMPLIED, FieldForm, Form, Forms, LineForm, SectionForm
from coachbook.forms.values import TYPES
from coachbook.spelling import closest
from coachbook.strict_yaml import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LINE_TYPES = ("text", "choice")

_FORM_KEYS = [
    "form",
    "version",
    "type",
    "title",
    "purpose",
    "prefix",
    "identity",
    "place",
    "on",
    "level",
    "row",
    "whole",
    "body",
    "relations",
    "fields",
    "sections",
    "blank",
]
_FIELD_KEYS = ["type", "many", "required", "choices", "to", "min", "max", "row", "help", "default"]
_SECTION_KEYS = ["row", "sealed", "author", "prompt", "required", "steps", "lines", "words"]
_LINE_KEYS = ["type", "choices", "required", "help"]
_WORD = re.compile(r"[a-z][a-z0-9-]*")
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SECTION_NAME = re.compile(r"[A-Z][A-Za-z0-9 ,'&()/-]*[A-Za-z0-9)]")
_PART = re.compile(r"\{([^{}]*)\}")
_DERIVED = frozenset({"date", "year"})

Raw: TypeAlias = "Mapping[str, Any]"


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
    places: dict[tuple[str, int], str] = {}
    for name, data in files:
        form = _Reader(name, data).form()
        key = (form.name, form.version)
        if key in found:
            other = places.get(key, "coachbook itself")
            raise FormError(
                f"{name}: form {form.key} is already defined by {other}",
                hint=f"write `version: {form.version + 1}`, or give the form another name",
            )
        found[key] = form
        places[key] = name
    defaults = _defaults(found.values(), base.defaults if base else {})
    forms = Forms(MappingProxyType(dict(sorted(found.items()))), MappingProxyType(defaults))
    for key, place in places.items():
        _require_links(forms, found[key], place)
    return forms


def _defaults(forms: Iterable[Form], earlier: Mapping[str, str]) -> dict[str, str]:
    """The form of each type: the one named as the type, or the only one.

    What was decided before stays, so that a second form of a type changes no old record.
    """
    names: dict[str, set[str]] = {}
    for form in forms:
        names.setdefault(form.type, set()).add(form.name)
    found = {kind: kind for kind, known in names.items() if kind in known}
    found |= {kind: min(known) for kind, known in names.items() if len(known) == 1}
    return found | dict(earlier)


def _require_links(forms: Forms, form: Form, place: str) -> None:
    """References lead to types, and authors are people of the record or roles."""
    types = forms.types()
    for field in form.fields.values():
        if field.type == "reference" and field.to not in types:
            _refuse(place, f"field `{field.name}` refers to unknown type `{field.to}`", types)
    known = {*form.relations, *_roles(forms)}
    for section in form.sections:
        for author in section.author:
            if author not in known:
                _refuse(place, f'section "{section.name}" has unknown author `{author}`', known)


def _roles(forms: Forms) -> tuple[str, ...]:
    form = forms.latest("role-assignment")
    return form.fields["role"].choices if form and "role" in form.fields else ()


def _refuse(place: str, message: str, known: Iterable[str]) -> NoReturn:
    """Raises with the known word nearest to the last one in backquotes, or with all."""
    options = sorted(known)
    near = closest(message.rsplit("`", 2)[-2], options)
    hint = f"did you mean `{near}`?" if near else f"one of: {', '.join(options)}"
    raise FormError(f"{place}: {message}", hint=hint)


class _Reader:
    """One form file on its way to a Form."""

    def __init__(self, place: str, data: bytes) -> None:
        self._place = place
        try:
            self._raw: Raw = parse_yaml(data, place)
        except FrontMatterError as error:
            message = f"{error.message} (line {error.line})"
            raise FormError(message, hint=error.hint) from error

    def form(self) -> Form:
        raw = self._raw
        self._known("the form", raw, _FORM_KEYS)
        form = Form(
            name=self._word(raw, "form"),
            version=self._version(raw),
            type=self._word(raw, "type"),
            title=self._text(raw, "title", required=True),
            purpose=self._text(raw, "purpose", required=True),
            prefix=self._text(raw, "prefix"),
            identity=self._one_of(raw, "identity", ("random", "slug", "none"), "random"),
            place=self._text(raw, "place", required=True),
            on=self._text(raw, "on"),
            level=self._one_of(raw, "level", ("school", "trust"), "school"),
            row=self._text(raw, "row"),
            whole=self._flag(raw, "whole"),
            body=self._one_of(raw, "body", ("sections", "policy"), "sections"),
            relations=MappingProxyType(self._relations(raw)),
            fields=MappingProxyType(self._fields(raw)),
            sections=self._sections(raw),
            blank=self._flag(raw, "blank"),
        )
        self._require_sound(form)
        return self._with_rows(form)

    def _with_rows(self, form: Form) -> Form:
        """Fields and sections without a row of their own take the form's."""
        fields = {k: f if f.row else replace(f, row=form.row) for k, f in form.fields.items()}
        sections = tuple(s if s.row else replace(s, row=form.row) for s in form.sections)
        for section in sections:
            if section.sealed and not section.row:
                self._fail(f'section "{section.name}" is sealed and names no `row`', _ROW_HINT)
        return replace(form, fields=MappingProxyType(fields), sections=sections)

    def _require_sound(self, form: Form) -> None:
        if form.identity == "random" and not _WORD.fullmatch(form.prefix):
            self._fail("`prefix` is missing", "write the letters its ids begin with: prefix: s")
        dates = [field.name for field in form.fields.values() if field.type == "date"]
        if form.on and form.on not in dates:
            _refuse(self._place, f"`on` names no date field: `{form.on}`", dates)
        for part in _PART.findall(form.place):
            if part not in {*form.fields, *IMPLIED, *_DERIVED}:
                _refuse(self._place, f"`place` holds unknown part `{part}`", form.fields)
        links = [f.name for f in form.fields.values() if f.type in {"person", "reference"}]
        for relation, path in form.relations.items():
            first = path.partition(".")[0]
            if first not in links:
                message = f"relation `{relation}` starts at no person or reference: `{first}`"
                _refuse(self._place, message, links)

    def _relations(self, raw: Raw) -> dict[str, str]:
        entries = self._mapping(raw, "relations")
        return {name: self._text(entries, name, required=True) for name in entries}

    def _fields(self, raw: Raw) -> dict[str, FieldForm]:
        entries = self._mapping(raw, "fields")
        for name in entries:
            if not _FIELD_NAME.fullmatch(name) or name in IMPLIED:
                hint = "small letters, digits and _, and not type, id, school or form"
                self._fail(f"`{name}` cannot be the name of a field", hint)
        return {name: self._field(name, self._mapping(entries, name)) for name in entries}

    def _field(self, name: str, raw: Raw) -> FieldForm:
        self._known(f"field `{name}`", raw, _FIELD_KEYS)
        field = FieldForm(
            name=name,
            type=self._one_of(raw, "type", TYPES),
            many=self._flag(raw, "many"),
            required=self._flag(raw, "required"),
            choices=self._list(raw, "choices"),
            to=self._text(raw, "to"),
            minimum=self._number(raw, "min"),
            maximum=self._number(raw, "max"),
            row=self._text(raw, "row"),
            help=self._text(raw, "help"),
            default=self._text(raw, "default"),
        )
        self._require_choices(f"field `{name}`", field)
        return field

    def _sections(self, raw: Raw) -> tuple[SectionForm, ...]:
        entries = self._mapping(raw, "sections")
        for name in entries:
            if not _SECTION_NAME.fullmatch(name):
                hint = "begin with a capital letter, and use letters, digits and spaces"
                self._fail(f'"{name}" cannot be the name of a section', hint)
        return tuple(self._section(name, self._mapping(entries, name)) for name in entries)

    def _section(self, name: str, raw: Raw) -> SectionForm:
        self._known(f'section "{name}"', raw, _SECTION_KEYS)
        lines = self._mapping(raw, "lines")
        return SectionForm(
            name=name,
            row=self._text(raw, "row"),
            sealed=self._flag(raw, "sealed"),
            author=self._list(raw, "author"),
            prompt=self._text(raw, "prompt"),
            required=self._flag(raw, "required"),
            steps=self._flag(raw, "steps"),
            lines=tuple(self._line(line, self._mapping(lines, line)) for line in lines),
            words=self._text(raw, "words"),
        )

    def _line(self, name: str, raw: Raw) -> LineForm:
        self._known(f"line `{name}`", raw, _LINE_KEYS)
        line = LineForm(
            name=name,
            type=self._one_of(raw, "type", LINE_TYPES, "text"),
            choices=self._list(raw, "choices"),
            required=self._flag(raw, "required"),
            help=self._text(raw, "help"),
        )
        self._require_choices(f"line `{name}`", line)
        return line

    def _require_choices(self, what: str, form: FieldForm | LineForm) -> None:
        if (form.type == "choice") != bool(form.choices):
            self._fail(f"{what}: type choice and `choices` belong together", "write both, or none")

    def _known(self, what: str, raw: Raw, keys: Iterable[str]) -> None:
        for key in raw:
            if key not in keys:
                _refuse(self._place, f"{what} has unknown key `{key}`", keys)

    def _version(self, raw: Raw) -> int:
        version = raw.get("version")
        if isinstance(version, bool) or not isinstance(version, int) or version < 1:
            self._fail("`version` is not a whole number from 1", "write `version: 1`")
        return version

    def _word(self, raw: Raw, key: str) -> str:
        text = self._text(raw, key, required=True)
        if not _WORD.fullmatch(text):
            self._fail(f"`{key}` is not one word", "small letters, digits and hyphens")
        return text

    def _text(self, raw: Raw, key: str, *, required: bool = False) -> str:
        value = raw.get(key)
        if value is None and not required:
            return ""
        if value is None:
            self._fail(f"`{key}` is missing", f"write `{key}: ` and its value")
        if isinstance(value, dict | list):
            self._fail(f"`{key}` is not a text", f"write one value behind `{key}:`")
        return str(value)

    def _one_of(self, raw: Raw, key: str, options: tuple[str, ...], default: str = "") -> str:
        text = self._text(raw, key, required=not default) or default
        if text not in options:
            _refuse(self._place, f"`{key}` has unknown value `{text}`", options)
        return text

    def _flag(self, raw: Raw, key: str) -> bool:
        value = raw.get(key, False)
        if not isinstance(value, bool):
            self._fail(f"`{key}` is neither true nor false", f"write `{key}: true`")
        return value

    def _number(self, raw: Raw, key: str) -> float | None:
        value = raw.get(key)
        if value is None:
            return None
        try:
            return float(str(value))
        except ValueError:
            self._fail(f"`{key}` is not a number", f"write `{key}: 1`")

    def _list(self, raw: Raw, key: str) -> tuple[str, ...]:
        value = raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._fail(f"`{key}` is not a list of words", f"write `{key}: [one, two]`")
        return tuple(value)

    def _mapping(self, raw: Raw, key: str) -> Raw:
        value = raw.get(key, {})
        if not isinstance(value, dict):
            self._fail(f"`{key}` holds no names with values", f"write `{key}:` and lines below it")
        return value

    def _fail(self, message: str, hint: str) -> NoReturn:
        raise FormError(f"{self._place}: {message}", hint=hint)


_ROW_HINT = "name the row of the policy's table that says who can read it"

"""One form file to a Form: every key is known, every name leads somewhere in the form."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from coachbook.forms.model import (
    IMPLIED,
    ROW_WRITERS,
    WRITER,
    FieldForm,
    Form,
    LineForm,
    SectionForm,
    first_keys,
)
from coachbook.forms.raw import Raw, refuse
from coachbook.forms.values import TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

LINE_TYPES = ("text", "choice", "integer", "date", "boolean")
GRADES = ("head", "ect-form")
LINTS = ("identity", "judgement", "steps", "grades")
"""What a section may ask to be searched for beside what every section is."""
STEPS, GRADED = "steps", "grades"
DROP_IN = "drop-in"
"""The kind of visit that notes good practice; it is searched for next steps and grades."""
LISTS = ("subjects", "characteristics", "rubric")
"""The lists of the trust that the words of a line may be from."""
NOTE_FIELDS = ("note", "drafted_by", "locked")
"""The fields that a form with a life needs: how far the note is, whose draft it is, its digest."""

FORM_KEYS = [
    "form",
    "version",
    "like",
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
    "life",
    "grades",
    "suits",
    "relations",
    "needs",
    "fields",
    "scales",
    "sections",
    "blank",
]
FIELD_KEYS = [
    *("type", "many", "required", "choices", "to", "min", "max"),
    *("row", "help", "default", "author"),
]
SECTION_KEYS = [
    "row",
    "sealed",
    "author",
    "prompt",
    "required",
    "steps",
    "lines",
    "words",
    "when",
    "items",
    "lint",
]
LINE_KEYS = [
    *("type", "choices", "scale", "list", "required", "needed_by", "help"),
    *("shown_by", "helped_by"),
]
SCALE_KEYS = ["choices", "aside"]
_PREFIX = re.compile(r"[a-z][a-z0-9]*")
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SECTION_NAME = re.compile(r"[A-Z][A-Za-z0-9 ,'&()/-]*[A-Za-z0-9)]")
_LINE_NAME = re.compile(r"[A-Z0-9][^:*_]{0,79}")
_PART = re.compile(r"\{([^{}]*)\}")
_SEGMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]*")
_DERIVED = frozenset({"date", "year"})
_ROW_HINT = "name the row of the policy's table that says who can read it"


def read_form(raw: Raw, like: Form | None) -> Form:
    """The form of a file; `like` is the form whose header, people and place it takes over.

    Sections are never taken over: who may read a text must stand in the form that names it.
    """
    raw.require_known(FORM_KEYS)
    own = _fields(raw)
    form = Form(
        name=raw.word("form"),
        version=_version(raw),
        type=raw.word("type", like.type if like else ""),
        title=raw.text("title", required=True),
        purpose=raw.text("purpose", required=True),
        prefix=raw.text("prefix") or (like.prefix if like else ""),
        identity=raw.one_of(
            "identity", ("random", "slug", "none"), like.identity if like else "random"
        ),
        place=raw.text("place", required=like is None) or (like.place if like else ""),
        on=raw.text("on") or (like.on if like else ""),
        level=raw.one_of("level", ("school", "trust"), like.level if like else "school"),
        row=raw.text("row") or (like.row if like else ""),
        whole=raw.flag("whole", default=like is not None and like.whole),
        body=raw.one_of("body", ("sections", "policy"), like.body if like else "sections"),
        relations=MappingProxyType({**(like.relations if like else {}), **_relations(raw)}),
        fields=MappingProxyType({**(like.fields if like else {}), **own}),
        sections=_sections(raw),
        blank=raw.flag("blank"),
        like=raw.text("like"),
        needs=raw.words("needs") or (like.needs if like else ()),
        life=raw.flag("life", default=like is not None and like.life),
        grades=raw.one_of("grades", GRADES, ""),
        suits=raw.words("suits"),
    )
    _require_sound(raw, form)
    return _with_lints(_with_rows(raw, form))


def _with_lints(form: Form) -> Form:
    """A form for drop-ins is searched for next steps and grades, whether it says so or not."""
    kind = form.fields.get("kind")
    if DROP_IN not in form.suits and (kind is None or kind.default != DROP_IN):
        return form
    return replace(form, sections=tuple(_of_drop_in(one) for one in form.sections))


def _of_drop_in(section: SectionForm) -> SectionForm:
    wanted = (GRADED,) if section.steps else (STEPS, GRADED)
    return replace(section, lint=tuple(dict.fromkeys((*section.lint, *wanted))))


def _with_rows(raw: Raw, form: Form) -> Form:
    """Fields and sections without a row of their own take the form's."""
    fields = {k: f if f.row else replace(f, row=form.row) for k, f in form.fields.items()}
    sections = tuple(s if s.row else replace(s, row=form.row) for s in form.sections)
    for section in sections:
        if section.sealed and not section.row:
            raw.fail(f'section "{section.name}" is sealed and names no `row`', _ROW_HINT)
    return replace(form, fields=MappingProxyType(fields), sections=sections)


def _require_sound(raw: Raw, form: Form) -> None:
    if form.identity == "random" and not _PREFIX.fullmatch(form.prefix):
        raw.fail("`prefix` is missing", "write the letters its ids begin with: prefix: s")
    dates = [field.name for field in form.fields.values() if field.type == "date"]
    if form.on and form.on not in dates:
        refuse(raw.place, f"`on` names no date field: `{form.on}`", dates)
    _require_place(raw, form)
    for name in form.needs:
        if name not in form.fields:
            refuse(raw.place, f"`needs` names no field: `{name}`", form.fields)
    _require_people(raw, form)
    _require_life(raw, form)
    for section in form.sections:
        _require_condition(raw, form, section)
        for line in section.lines:
            _require_company(raw, form, section, line)


def _require_place(raw: Raw, form: Form) -> None:
    """A place is a Markdown file under `records/`, whatever its placeholders become."""
    top, *rest = _PART.sub("x", form.place).split("/")
    is_sound = top == "records" and all(_SEGMENT.fullmatch(one) for one in rest)
    if not (is_sound and form.place.endswith(".md")):
        raw.fail("`place` is no file under records/", "write it as records/{school}/…/{id}.md")
    for part in _PART.findall(form.place):
        for name in part.split("|"):
            if name not in {*form.fields, *IMPLIED, *_DERIVED}:
                refuse(raw.place, f"`place` holds unknown part `{name}`", form.fields)


def _require_people(raw: Raw, form: Form) -> None:
    links = [f.name for f in form.fields.values() if f.type in {"person", "reference"}]
    for relation, path in form.relations.items():
        for first in first_keys(path):
            if first not in links:
                message = f"relation `{relation}` starts at no person or reference: `{first}`"
                refuse(raw.place, message, links)


def _require_life(raw: Raw, form: Form) -> None:
    missing = [name for name in NOTE_FIELDS if name not in form.fields]
    if form.life and missing:
        raw.fail(
            f"`life: true` needs the field `{missing[0]}`",
            "write the fields note, drafted_by and locked, or be `like:` a form that has them",
        )


def _require_condition(raw: Raw, form: Form, section: SectionForm) -> None:
    """What a section waits for is a choice of the header."""
    if section.when is None:
        return
    key, values = section.when
    choices = {f.name: f.choices for f in form.fields.values() if f.choices}
    if key not in choices:
        refuse(raw.place, f'section "{section.name}" waits for unknown choice `{key}`', choices)
    for value in values:
        if value not in choices[key]:
            message = f'section "{section.name}" waits for unknown value `{value}`'
            refuse(raw.place, message, choices[key])


def _require_company(raw: Raw, form: Form, section: SectionForm, line: LineForm) -> None:
    """What stands beside a value is another line or section, and the value one of the line's."""
    values = ("yes", "no") if line.type == "boolean" else line.choices
    names = [one.name for one in section.lines if one is not line]
    names += [one.name for one in form.sections if one is not section]
    for value, wanted in (*line.shown_by, *line.helped_by):
        if value not in values:
            refuse(raw.place, f"line `{line.name}` asks for more at unknown `{value}`", values)
        if wanted not in names:
            message = f"line `{line.name}` asks for unknown line or section `{wanted}`"
            refuse(raw.place, message, names)


def _version(raw: Raw) -> int:
    version = raw.count("version")
    if version is None:
        raw.fail("`version` is missing", "write `version: 1`")
    return version


def _relations(raw: Raw) -> dict[str, str]:
    entries = raw.part("relations")
    return {name: entries.text(name, required=True) for name in entries}


def _fields(raw: Raw) -> dict[str, FieldForm]:
    entries = raw.part("fields")
    for name in entries:
        if not _FIELD_NAME.fullmatch(name) or name in IMPLIED:
            hint = "small letters, digits and _, and not type, id, school or form"
            raw.fail(f"`{name}` cannot be the name of a field", hint)
    return {name: _field(name, entries.part(name, f"field `{name}`")) for name in entries}


def _field(name: str, raw: Raw) -> FieldForm:
    raw.require_known(FIELD_KEYS)
    field = FieldForm(
        name=name,
        type=raw.one_of("type", TYPES),
        many=raw.flag("many"),
        required=raw.flag("required"),
        choices=raw.words("choices"),
        to=raw.text("to"),
        minimum=raw.number("min"),
        maximum=raw.number("max"),
        row=raw.text("row"),
        help=raw.text("help"),
        default=raw.text("default"),
        author=raw.words("author") or (WRITER,),
    )
    _require_choices(raw, field)
    return field


def _sections(raw: Raw) -> tuple[SectionForm, ...]:
    scales = _scales(raw)
    entries = raw.part("sections")
    for name in entries:
        if not _SECTION_NAME.fullmatch(name):
            hint = "begin with a capital letter, and use letters, digits and spaces"
            raw.fail(f'"{name}" cannot be the name of a section', hint)
    return tuple(
        _section(name, entries.part(name, f'section "{name}"'), scales) for name in entries
    )


def _section(name: str, raw: Raw, scales: Mapping[str, LineForm]) -> SectionForm:
    raw.require_known(SECTION_KEYS)
    lines = raw.part("lines")
    return SectionForm(
        name=name,
        row=raw.text("row"),
        sealed=raw.flag("sealed"),
        author=raw.words("author") or (ROW_WRITERS,),
        prompt=raw.text("prompt"),
        required=raw.flag("required"),
        steps=raw.flag("steps"),
        lines=tuple(_line(line, lines.part(line, f"line `{line}`"), scales) for line in lines),
        words=raw.text("words"),
        when=_condition(raw),
        items=raw.count("items"),
        lint=_lints(raw),
    )


def _condition(raw: Raw) -> tuple[str, tuple[str, ...]] | None:
    """The field and the values in `when: stage=eyfs,ks1`."""
    text = raw.text("when")
    if not text:
        return None
    key, _, values = text.partition("=")
    wanted = tuple(value.strip() for value in values.split(",") if value.strip())
    if not key.strip() or not wanted:
        raw.fail(f"{raw.what}: `when` is no field with a value", "write it as when: stage=eyfs")
    return key.strip(), wanted


def _lints(raw: Raw) -> tuple[str, ...]:
    lints = raw.words("lint")
    for lint in lints:
        if lint not in LINTS:
            refuse(raw.place, f"{raw.what} has unknown lint `{lint}`", LINTS)
    return lints


def _scales(raw: Raw) -> dict[str, LineForm]:
    """The scales of a form, as the lines that are written on them."""
    entries = raw.part("scales")
    return {name: _scale(name, entries.part(name, f"scale `{name}`")) for name in entries}


def _scale(name: str, raw: Raw) -> LineForm:
    raw.require_known(SCALE_KEYS)
    choices, aside = raw.words("choices"), raw.words("aside")
    if not choices:
        raw.fail(f"{raw.what} has no `choices`", "write `choices: [not, partly, fully]`")
    for value in aside:
        if value not in choices:
            refuse(raw.place, f"{raw.what} leaves out unknown value `{value}`", choices)
    return LineForm(name, "choice", choices, scale=name, aside=aside)


def _line(name: str, raw: Raw, scales: Mapping[str, LineForm]) -> LineForm:
    raw.require_known(LINE_KEYS)
    if not _LINE_NAME.fullmatch(name):
        hint = "begin with a capital letter or a digit, and use no colon, * or _"
        raw.fail(f'"{name}" cannot be the name of a line', hint)
    required, words = raw.flag("required"), raw.text("help")
    scale = raw.text("scale")
    if scale:
        if "type" in raw or "choices" in raw:
            raw.fail(f"{raw.what}: a scale brings its type and choices", "write `scale` alone")
        if scale not in scales:
            refuse(raw.place, f"{raw.what} has unknown scale `{scale}`", scales)
        line = replace(scales[scale], name=name, required=required, help=words)
        return _with_company(raw, line)
    line = LineForm(
        name=name,
        type=raw.one_of("type", LINE_TYPES, "text"),
        choices=raw.words("choices"),
        required=required,
        help=words,
        listed=_list(raw),
    )
    _require_choices(raw, line)
    return _with_company(raw, line)


def _list(raw: Raw) -> str:
    """The list of the trust that a line of text takes its words from; "" where from none."""
    name = raw.one_of("list", LISTS, "")
    if name and raw.text("type") not in {"", "text"}:
        raw.fail(f"{raw.what}: a line with a `list` is of type text", "leave `type` out")
    return name


def _with_company(raw: Raw, line: LineForm) -> LineForm:
    """The line with what some of its values have to have beside them, and who asks for it."""
    return replace(
        line,
        shown_by=_pairs(raw, "shown_by"),
        helped_by=_pairs(raw, "helped_by"),
        needed_by=raw.text("needed_by"),
    )


def _pairs(raw: Raw, key: str) -> tuple[tuple[str, str], ...]:
    pairs = raw.part(key)
    return tuple((value, pairs.text(value, required=True)) for value in pairs)


def _require_choices(raw: Raw, form: FieldForm | LineForm) -> None:
    if (form.type == "choice") != bool(form.choices):
        raw.fail(f"{raw.what}: type choice and `choices` belong together", "write both, or none")

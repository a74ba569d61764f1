"""Forms as blank sheets of paper, each saying who will read what is written on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coachbook.authors import authors_at
from coachbook.forms import WRITER
from coachbook.handbook.access import readers_in_words
from coachbook.people import title_of
from coachbook.policycheck import is_used
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coachbook.forms import FieldForm, Form, Forms, LineForm, SectionForm
    from coachbook.policy import Policy

_LINES = 20
_FEWEST_LINES = 6
_LINES_A_POINT = 2
_TASK = "- [ ] "
_FILLED_IN = "@policy"  # by whoever types the sheet into the records
_FOR_THE_RECORDS = frozenset(
    {"note", "drafted_by", "locked", "outside_term", "outside_term_reason", "text_left_in"}
)
"""What only says something about the file, and is not asked for on paper."""

_ABBREVIATIONS = frozenset(
    {"cpd", "ect", "eyfs", "inset", "ks1", "ks2", "ks3", "ks4", "ks5", "slt"}
)
_SHORT = frozenset({"integer", "number", "time", "month", "date"})
_YES_NO = ("yes", "no")
_COMMENT = " comment"
_SEVERAL = frozenset(
    {"the observers", "the members of the group", "the lead coaches", "the governors"}
)


def paper_forms(policy: Policy, forms: Forms) -> tuple[Form, ...]:
    """The printable forms that a school with this policy writes on."""
    used = [form for form in forms.newest() if form.blank and is_used(policy, form)]
    return tuple(sorted(used, key=lambda form: (form.whole, form.title)))


def paper_form(policy: Policy, form: Form) -> Mapping[str, object]:
    """A form as its sheet shows it."""
    rows = ["", *(section.row or form.row for section in form.sections)]
    return {
        "title": form.title,
        "purpose": form.purpose,
        "entries": [_entry(field) for field in form.fields.values() if _is_asked(field)],
        "readers": _readers(policy, form.row, sealed=form.whole),
        "whole": form.whole,
        "parts": [
            {**_section(policy, form, section), **_reading(policy, form, section, before)}
            for section, before in zip(form.sections, rows, strict=False)
        ],
    }


def label(name: str) -> str:
    """A field's or choice's name as its label reads: "Start time", "ECT mentoring", "Drop-in"."""
    words = re.split(r"[ _]|-(?!in\b)", name)
    text = " ".join(word.upper() if word in _ABBREVIATIONS else word for word in words)
    return text[:1].upper() + text[1:]


def _is_asked(field: FieldForm) -> bool:
    return field.default != _FILLED_IN and field.name not in _FOR_THE_RECORDS


def _room(form: Form, section: SectionForm) -> range:
    """The lines to write on: none under lines of text, which bring their own."""
    if section.items:
        return range(section.items * _LINES_A_POINT)
    if any(line.type == "text" for line in section.lines):
        return range(0)
    return range(max(_FEWEST_LINES, _LINES // max(1, len(form.sections))))


def _entry(field: FieldForm) -> Mapping[str, object]:
    choices = _YES_NO if field.type == "boolean" else field.choices
    return {
        "label": label(field.name),
        "choices": [label(choice) for choice in choices],
        "short": field.type in _SHORT,
        "required": field.required,
        "help": field.help,
        "author": ""
        if field.author == (WRITER,)
        else join([title_of(one) for one in field.author]),
    }


def _reading(policy: Policy, form: Form, section: SectionForm, before: str) -> Mapping[str, object]:
    """Who reads from here on, said once; paper has no keys, so other readers get a new sheet."""
    row = section.row or form.row
    # A record sealed whole has said who reads it at its top.
    told = form.whole or row == before
    return {
        "room": _room(form, section),
        "apart": bool(before) and row != before,
        "readers": "" if told else _readers(policy, row, sealed=section.sealed),
    }


def _section(policy: Policy, form: Form, section: SectionForm) -> Mapping[str, object]:
    return {
        "name": section.name,
        "prompt": section.prompt.replace(_TASK, ""),
        "only": _only(section),
        "author": _author(policy, form, section),
        "points": _LINES_A_POINT if section.items else 0,
        "steps": section.steps,
        "words": policy.get(section.words) if section.words else None,
        "typed": [_line(line) for line in section.lines],
    }


def _author(policy: Policy, form: Form, section: SectionForm) -> str:
    """Who writes a part, as a sentence; "" where the policy's table lets nobody."""
    named = authors_at(policy, form, section)
    if not named:
        return ""
    if len(named) > 1:
        return f"Written by {join(named)}."
    verb = "write" if named[0] in _SEVERAL else "writes"
    return f"{named[0][:1].upper()}{named[0][1:]} alone {verb} this."


def _only(section: SectionForm) -> str:
    """When a part belongs to the sheet at all: "stage is EYFS"; "" if always."""
    if section.when is None:
        return ""
    field, values = section.when
    return f"{label(field).lower()} is {' or '.join(label(value) for value in values)}"


def _line(line: LineForm) -> Mapping[str, object]:
    choices = _YES_NO if line.type == "boolean" else line.choices
    comment = line.type == "text" and line.name.endswith(_COMMENT)
    return {
        "label": "Comment" if comment else line.name,
        "choices": [label(choice) if line.type == "boolean" else choice for choice in choices],
        "short": line.type in _SHORT,
        "comment": comment,
        "help": line.help,
    }


def _readers(policy: Policy, name: str, *, sealed: bool) -> str:
    row = policy.row(name)
    return readers_in_words(policy, row, sealed=sealed) if row else ""

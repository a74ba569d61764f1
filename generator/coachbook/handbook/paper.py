"""Forms as blank sheets of paper, each saying who will read what is written on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coachbook.handbook.access import readers_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coachbook.forms import FieldForm, Form, Forms, LineForm, SectionForm
    from coachbook.policy import Policy

_LINES = 20
_FEWEST_LINES = 6
_TASK = "- [ ] "
_FILLED_IN = "@policy"  # by whoever types the sheet into the records
_ABBREVIATIONS = frozenset({"cpd", "ect", "inset", "slt"})
_SHORT = frozenset({"integer", "number", "time", "month", "date"})


def paper_forms(policy: Policy, forms: Forms) -> tuple[Form, ...]:
    """The printable forms that a school uses: those whose every part is in its table."""
    printable = [form for form in forms.newest() if form.blank]
    used = [form for form in printable if all(policy.row(row) for row in _rows(form))]
    return tuple(sorted(used, key=lambda form: (form.whole, form.title)))


def paper_form(policy: Policy, form: Form) -> Mapping[str, object]:
    """A form as its sheet shows it."""
    rows = [section.row or form.row for section in form.sections]
    return {
        "title": form.title,
        "purpose": form.purpose,
        "entries": [_entry(field) for field in form.fields.values() if field.default != _FILLED_IN],
        "readers": _readers(policy, form.row, sealed=form.whole),
        "whole": form.whole,
        "parts": [
            # Paper has no keys: what other people read goes on a sheet of its own.
            _section(policy, form, section) | {"apart": row != before}
            for section, row, before in zip(form.sections, rows, rows[:1] + rows, strict=False)
        ],
    }


def label(name: str) -> str:
    """A field's or choice's name as its label reads: "Start time", "ECT mentoring"."""
    words = re.split(r"[ _-]", name)
    text = " ".join(word.upper() if word in _ABBREVIATIONS else word for word in words)
    return text[:1].upper() + text[1:]


def _lines(form: Form) -> int:
    return max(_FEWEST_LINES, _LINES // max(1, len(form.sections)))


def _rows(form: Form) -> set[str]:
    return {row for row in (form.row, *(part.row for part in form.sections)) if row}


def _entry(field: FieldForm) -> Mapping[str, object]:
    choices = ["yes", "no"] if field.type == "boolean" else list(field.choices)
    return {
        "label": label(field.name),
        "choices": [label(choice) for choice in choices],
        "short": field.type in _SHORT,
        "required": field.required,
        "help": field.help,
    }


def _section(policy: Policy, form: Form, section: SectionForm) -> dict[str, object]:
    row = section.row or form.row
    return {
        "name": section.name,
        "prompt": section.prompt.replace(_TASK, ""),
        "room": range(_lines(form)),
        "steps": section.steps,
        "words": policy.get(section.words) if section.words else None,
        "typed": [_line(line) for line in section.lines],
        # A record sealed whole has said who reads it once, at its top.
        "readers": "" if form.whole else _readers(policy, row, sealed=section.sealed),
    }


def _line(line: LineForm) -> Mapping[str, object]:
    return {
        "label": line.name,
        "choices": [label(choice) for choice in line.choices],
        "help": line.help,
    }


def _readers(policy: Policy, name: str, *, sealed: bool) -> str:
    row = policy.row(name)
    return readers_in_words(policy, row, sealed=sealed) if row else ""

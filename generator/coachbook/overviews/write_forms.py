"""A form as the Write page shows it: fields to fill in, parts, lines and limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.authors import told_to_writer
from coachbook.book import policy_now
from coachbook.lints import lints_of
from coachbook.newrecord import default_values
from coachbook.sentences import join

if TYPE_CHECKING:
    from coachbook.book import Book
    from coachbook.forms import FieldForm, Form, LineForm, SectionForm
    from coachbook.policy import Policy

_FILLED_IN = frozenset(
    {
        "author",
        "by",
        "cycle",
        "drafted_by",
        "group",
        "locked",
        "note",
        "observed",
        "observers",
        "partnership",
        "policy",
        "text_left_in",
        "to",
    }
)
_PLURAL = {"group": "groups"}
"""What parameters call a kind of session, where they use another word."""
_LINKING = frozenset({"person", "reference", "interval"})


def form_model(book: Book, form: Form, school: str) -> dict[str, object]:
    """The form for the browser, with what the school's policy says about it."""
    defaults = default_values(book, form, school)
    policy = policy_now(book, school)
    asked = _asked(form, policy)
    return {
        "name": form.name,
        "version": form.version,
        "type": form.type,
        "title": form.title,
        "purpose": form.purpose,
        "prefix": form.prefix,
        "on": form.on,
        "life": form.life,
        "fields": [
            _field(field, defaults.get(field.name, ""), asked.get(field.name, ""))
            for field in form.fields.values()
            if field.name not in _FILLED_IN
            and field.name != form.on
            and (field.required or field.type not in _LINKING)
        ],
        "sections": _sections(form, policy),
    }


def field_label(name: str) -> str:
    """The name of a field as people write it: `cpd_need` is "CPD need"."""
    words = name.replace("_", " ")
    return "CPD" + words[3:] if words.startswith("cpd ") else words.capitalize()


def _asked(form: Form, policy: Policy | None) -> dict[str, str]:
    """What the policy decides about a field that a record may go without, in words, by field."""
    kind = str(form.fields["kind"].default) if "kind" in form.fields else ""
    allowed = policy.get(f"subject.allowed.{_PLURAL.get(kind, kind)}") if policy else None
    if not isinstance(allowed, tuple) or "subject" not in form.fields:
        return {}
    return {"subject": f"The policy has {join(map(str, allowed), 'or')} here."}


def _field(field: FieldForm, default: object, asked: str) -> dict[str, object]:
    return {
        "name": field.name,
        "label": field_label(field.name),
        "type": field.type,
        "many": field.many,
        "choices": field.choices,
        "required": field.required,
        "default": str(default),
        "help": asked or field.help,
        "inView": bool(asked),
        "min": field.minimum,
        "max": field.maximum,
    }


def _sections(form: Form, policy: Policy | None) -> list[dict[str, object]]:
    """The sealed parts; of those in a row with the same authors, the first says who they are."""
    found: list[dict[str, object]] = []
    before: tuple[str, ...] = ()
    for section in form.sections:
        if section.sealed:
            told = told_to_writer(policy, form, section) if policy else ""
            told = "" if section.author == before else told
            found.append({**_section(section, policy), "author": told})
            # A part that waits for a choice may not be there to say it for those below.
            before = before if section.when else section.author
    return found


def _section(section: SectionForm, policy: Policy | None) -> dict[str, object]:
    section = section.asking(lambda key: policy is not None and policy.get(key) is True)
    limit = policy.get(section.words) if policy and section.words else None
    when, values = section.when or ("", ())
    return {
        "name": section.name,
        "row": section.row,
        "prompt": section.prompt,
        "required": section.required,
        "steps": section.steps,
        "words": limit if isinstance(limit, int) else 0,
        "items": section.items or 0,
        "lints": lints_of(section, policy),
        "dropInLints": lints_of(section, policy, "drop-in"),
        "when": when,
        "values": values,
        "lines": [_line(line) for line in section.lines],
    }


def _line(line: LineForm) -> dict[str, object]:
    return {
        "name": line.name,
        "type": line.type,
        "choices": line.choices,
        "required": line.required,
        "help": line.help,
        "shownBy": dict(line.shown_by),
        "helpedBy": dict(line.helped_by),
    }

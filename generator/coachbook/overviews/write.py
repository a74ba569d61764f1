"""The Write page of one person: open cycles, their forms and who will read each part.

Unlike the other pages it is not rendered here: the browser builds the form
from this model, seals the text to the readers named in it and forgets both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachbook.audience import Audience, flow
from coachbook.book import access_of, policy_now, short
from coachbook.newrecord import default_values, draft, planned_line
from coachbook.overviews import Blocks
from coachbook.overviews.due import last_held

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coachbook.book import Book
    from coachbook.forms import FieldForm, Form, SectionForm
    from coachbook.views import RecordView, View

_TYPE = "session"
_FILLED_IN = frozenset({"cycle", "date", "policy"})


@dataclass(frozen=True, slots=True)
class Part:
    """A sealed section of a record yet to be written: who may write it, and who will read it."""

    form: SectionForm
    model: Mapping[str, object]


def write_models(view: View, people: Iterable[str]) -> dict[str, dict[str, object]]:
    """What the browser needs to write a session, for each of `people` with a cycle to write in.

    Raises FlowError where a cycle would be shown to somebody who may not see its header.
    """
    forms = _forms(view.book)
    parts = {
        cycle.id: {_name(form): _parts(view.book, cycle, form) for form in forms}
        for cycle in view.cycles.values()
        if cycle.raw("status") in {"open", "planned"}
    }
    shown = {
        school: {_name(form): _form(view.book, form, school) for form in forms}
        for school in {cycle.school for cycle in view.cycles.values()}
    }
    models = {person: _model(view, person, parts, shown) for person in people}
    return {person: model for person, model in models.items() if model is not None}


def _model(
    view: View,
    person: str,
    parts: Mapping[str, Mapping[str, list[Part]]],
    forms: Mapping[str, Mapping[str, object]],
) -> dict[str, object] | None:
    cycles = [cycle for cycle in view.cycles_of(person) if cycle.id in parts]
    cycles.sort(key=lambda cycle: cycle.raw("status") != "open")
    if not cycles:
        return None
    blocks = Blocks()
    return {
        "v": 1,
        "kind": "write",
        "title": "Write",
        "workspace": view.book.trust.workspace,
        "today": view.book.today.isoformat(),
        "newFileUrl": view.book.trust.new_file_url,
        "author": person,
        "cycles": [_cycle(view, c, person, parts[c.id], blocks) for c in cycles],
        "blocks": {name: section.as_json() for name, section in blocks.held.items()},
        "forms": forms[cycles[0].school],
    }


def _forms(book: Book) -> list[Form]:
    return [form for form in book.forms.newest() if form.type == _TYPE]


def _name(form: Form) -> str:
    return f"{form.name}@{form.version}"


def _cycle(
    view: View,
    cycle: RecordView,
    person: str,
    parts: Mapping[str, list[Part]],
    blocks: Blocks,
) -> dict[str, object]:
    audience = Audience(frozenset({person}))
    policy = policy_now(view.book, cycle.school)
    label = cycle.others(person).map(lambda others: f"With {others}{_since(cycle)}")
    parties = [[relation, one] for relation, ids in cycle.people.items() for one in ids]
    return {
        "id": flow(cycle.label(cycle.id, "id"), audience),
        "label": flow(label, audience),
        "school": cycle.school,
        "policy": policy.version if policy else "",
        "folder": f"records/{cycle.school}/{{year}}/{cycle.id}",
        "parties": flow(cycle.label(parties, "people"), audience),
        "forms": list(parts),
        "lastSteps": _last_steps(view, cycle, person, blocks),
        "sections": {
            form: {
                part.form.name: part.model for part in found if _may_write(part.form, cycle, person)
            }
            for form, found in parts.items()
        },
    }


def _since(cycle: RecordView) -> str:
    """Tells two cycles with one person apart."""
    return f", from {cycle.day:%B %Y}" if cycle.day else ""


def _last_steps(view: View, cycle: RecordView, person: str, blocks: Blocks) -> list[str]:
    last = last_held(view, cycle)
    steps = last.sealed("Action steps") if last else None
    return [blocks.add(steps)] if steps and person in steps.reader_ids else []


def _parts(book: Book, cycle: RecordView, form: Form) -> list[Part]:
    """The sealed sections of a new record; those in one row of the table have the same readers."""
    values = {"type": form.type, "id": f"{form.prefix}-00000000", "school": cycle.school}
    record = draft(form, values | {"cycle": cycle.id, form.on: book.today})
    sealed = [section for section in form.sections if section.sealed]
    rows = {section.row: section for section in sealed}
    access = access_of(book, record)
    models = {
        row: {
            "info": access.info(row),
            "readers": [_reader(book, reader) for reader in access.sealed_to(row)],
            "line": planned_line(book, form, record, section),
        }
        for row, section in rows.items()
    }
    return [Part(section, models[section.row]) for section in sealed]


def _may_write(section: SectionForm, cycle: RecordView, person: str) -> bool:
    """True where the form lets one of the person's relations write the section."""
    relations = {relation for relation, ids in cycle.people.items() if person in ids}
    return not section.author or bool(relations.intersection(section.author))


def _reader(book: Book, reader: str) -> dict[str, str]:
    key = book.keyring.current(reader)
    return {
        "id": reader,
        "label": short(book, reader),
        "fingerprint": key.fingerprint if key else "",
        "recipient": key.recipient.format() if key else "",
    }


def _form(book: Book, form: Form, school: str) -> dict[str, object]:
    defaults = default_values(book, form, school)
    return {
        "name": form.name,
        "version": form.version,
        "type": form.type,
        "title": form.title,
        "prefix": form.prefix,
        "fields": [
            _field(field, defaults.get(field.name, ""))
            for field in form.fields.values()
            if field.name not in _FILLED_IN
        ],
        "sections": [
            {
                "name": section.name,
                "prompt": section.prompt,
                "required": section.required,
                "steps": section.steps,
                "lines": [
                    {
                        "name": line.name,
                        "type": line.type,
                        "choices": line.choices,
                        "required": line.required,
                    }
                    for line in section.lines
                ],
            }
            for section in form.sections
        ],
    }


def _field(field: FieldForm, default: object) -> dict[str, object]:
    return {
        "name": field.name,
        "label": field.name.replace("_", " ").capitalize(),
        "type": field.type,
        "choices": field.choices,
        "required": field.required,
        "default": str(default),
        "help": field.help,
    }

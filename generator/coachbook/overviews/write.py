"""The Write page of one person: open cycles, their forms and who will read each part.

Unlike the other pages it is not rendered here: the browser builds the form
from this model, seals the text to the readers named in it and forgets both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import Audience, flow
from coachbook.book import policy_now, section_info, section_readers, short
from coachbook.newrecord import default_values, draft, planned_line
from coachbook.overviews import Blocks
from coachbook.overviews.due import last_held

if TYPE_CHECKING:
    from coachbook.book import Book
    from coachbook.forms import FieldForm, Form, SectionForm
    from coachbook.record import Record
    from coachbook.views import RecordView, View

_TYPE = "session"
_FILLED_IN = frozenset({"cycle", "date", "policy"})


def write_model(view: View, person: str) -> dict[str, object] | None:
    """What the browser needs to write a session, or None where there is nothing to write in.

    Raises FlowError where a cycle would be shown to somebody who may not see its header.
    """
    cycles = [c for c in view.cycles_of(person) if c.raw("status") in {"open", "planned"}]
    if not cycles:
        return None
    audience = Audience(frozenset({person}))
    forms = _forms(view.book)
    blocks = Blocks()
    return {
        "v": 1,
        "kind": "write",
        "title": "Write",
        "workspace": view.book.trust.workspace,
        "today": view.book.today.isoformat(),
        "newFileUrl": view.book.trust.new_file_url,
        "author": person,
        "cycles": [_cycle(view, c, person, audience, forms, blocks) for c in cycles],
        "blocks": {name: section.as_json() for name, section in blocks.held.items()},
        "forms": {_name(form): _form(view.book, form, cycles[0].school) for form in forms},
    }


def _forms(book: Book) -> list[Form]:
    return [form for form in book.forms.newest() if form.type == _TYPE]


def _name(form: Form) -> str:
    return f"{form.name}@{form.version}"


def _cycle(
    view: View,
    cycle: RecordView,
    person: str,
    audience: Audience,
    forms: list[Form],
    blocks: Blocks,
) -> dict[str, object]:
    policy = policy_now(view.book, cycle.school)
    label = cycle.others(person).map(lambda others: f"With {others}")
    parties = [[relation, one] for relation, ids in cycle.people.items() for one in ids]
    return {
        "id": flow(cycle.label(cycle.id, "id"), audience),
        "label": flow(label, audience),
        "school": cycle.school,
        "policy": policy.version if policy else "",
        "folder": f"records/{cycle.school}/{{year}}/{cycle.id}",
        "parties": flow(cycle.label(parties, "people"), audience),
        "forms": [_name(form) for form in forms],
        "lastSteps": _last_steps(view, cycle, person, blocks),
        "sections": {_name(form): _sections(view.book, cycle, form, person) for form in forms},
    }


def _last_steps(view: View, cycle: RecordView, person: str, blocks: Blocks) -> list[str]:
    last = last_held(view, cycle)
    steps = last.sealed("Action steps") if last else None
    return [blocks.add(steps)] if steps and person in steps.reader_ids else []


def _sections(book: Book, cycle: RecordView, form: Form, person: str) -> dict[str, object]:
    values = {"type": form.type, "id": f"{form.prefix}-00000000", "school": cycle.school}
    record = draft(form, values | {"cycle": cycle.id, form.on: book.today})
    return {
        section.name: _section(book, form, record, section)
        for section in form.sections
        if section.sealed and _may_write(section, cycle, person)
    }


def _may_write(section: SectionForm, cycle: RecordView, person: str) -> bool:
    """True where the form lets one of the person's relations write the section."""
    relations = {relation for relation, ids in cycle.people.items() if person in ids}
    return not section.author or bool(relations.intersection(section.author))


def _section(book: Book, form: Form, record: Record, section: SectionForm) -> dict[str, object]:
    readers = section_readers(book, record, section)
    return {
        "info": section_info(book, record, section),
        "readers": [_reader(book, reader) for reader in readers],
        "line": planned_line(book, form, record, section),
    }


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

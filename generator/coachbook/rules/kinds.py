"""What records of one kind have in common: the same form, and the same fields in the header.

A workspace has thousands of records of a few dozen kinds. Whatever follows from form and fields
alone is worked out once a kind: which fields lead to other records, which rows of the policy
stand in clear, and, for each policy, which rules can find anything at all (see `scope`).
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coachbook.forms import FieldForm, FieldValue, Form, SectionForm
    from coachbook.record import Record, Section

LEADS = ("reference", "person")
"""The types of field that hold the ids of records."""

SCHOOLS_IN = ("schools", "policy_of")
"""The fields that name schools beside the record's own."""


class Lead(NamedTuple):
    """An id in a header: its field, which of the field's ids it is, and the records that have it.

    `number` counts from 0 among the values of the field; `of` is how many there are.
    """

    field: FieldForm
    id: str
    found: tuple[Record, ...]
    number: int
    of: int


@frozen
class Kind:
    """What follows from a form and the fields of a header.

    `leads` are the fields that hold ids, `rows` the rows of the policy that the fields stand
    under, each once, and `parts` the sections of the form by name. `names_schools` tells whether
    a field may name schools beside the record's own. `kept` is for what others work out once a
    kind.
    """

    leads: tuple[FieldForm, ...]
    rows: tuple[str, ...]
    parts: Mapping[str, SectionForm]
    names_schools: bool
    kept: dict[object, object] = field(default_factory=dict, init=False, repr=False, compare=False)

    def leads_of(
        self, values: Mapping[str, FieldValue], by_id: Mapping[str, tuple[Record, ...]]
    ) -> tuple[Lead, ...]:
        """The ids in the header of a record, each with the records that have it."""
        return tuple(_leads(self.leads, values, by_id)) if self.leads else ()

    def sections_of(self, record: Record) -> tuple[tuple[SectionForm, Section], ...]:
        """The sections of a record that the form knows, with what it says of them."""
        parts = self.parts
        return tuple([(parts[one.name], one) for one in record.sections if one.name in parts])


def kind_of(form: Form, keys: tuple[str, ...]) -> Kind:
    """The kind of all records on a form whose headers have these fields."""
    fields = [form.fields.get(key) for key in keys]
    return Kind(
        leads=tuple(one for one in fields if one and one.type in LEADS),
        rows=tuple(dict.fromkeys((one.row if one else "") or form.row for one in fields)),
        parts={section.name: section for section in form.sections},
        names_schools=any(key in form.fields for key in SCHOOLS_IN),
    )


def _leads(
    fields: tuple[FieldForm, ...],
    values: Mapping[str, FieldValue],
    by_id: Mapping[str, tuple[Record, ...]],
) -> Iterator[Lead]:
    for one in fields:
        value = values.get(one.name)
        if isinstance(value, str):
            yield Lead(one, value, by_id.get(value, ()), 0, 1)
        elif isinstance(value, tuple):
            for number, id_ in enumerate(value):
                if isinstance(id_, str):
                    yield Lead(one, id_, by_id.get(id_, ()), number, len(value))

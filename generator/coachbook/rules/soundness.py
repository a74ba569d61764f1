"""A quick look that tells a plainly sound header, so that most are not read twice.

`check_record` of the forms says everything that is wrong with a header. Here is
only told, from values that are at hand, that it would say nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coachbook.forms import FieldValue, Form
    from coachbook.record import Record

_EMPTY = ("", ())


class Soundness:
    """What a form asks for, worked out once, and whether a record plainly has it."""

    def __init__(self, form: Form) -> None:
        implied = {key for key in form.implied() if key != "form"}
        self._keys = {field.name for field in form.fields.values() if field.required} | implied
        self._names = {section.name for section in form.sections}
        self._required = {section.name for section in form.sections if section.required}
        self._needs = set(form.needs)
        self._has_conditions = any(section.when for section in form.sections)
        self._is_policy = form.body == "policy"

    def holds(self, record: Record, values: Mapping[str, FieldValue]) -> bool:
        """True only if every field has a fitting value, none is missing, and all headings fit."""
        if self._is_policy or len(values) != len(record.fields) or not self._keys <= values.keys():
            return False
        if any(value in _EMPTY for value in values.values()):
            return False
        if self._has_conditions or (self._needs and not self._needs & values.keys()):
            return False
        names = {section.name for section in record.sections}
        return names <= self._names and self._required <= names

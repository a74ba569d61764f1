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
        always = [section for section in form.sections if section.when is None]
        self._required = {section.name for section in always if section.required}
        self._waiting = [section for section in form.sections if section.when is not None]
        self._needs = set(form.needs)
        self._is_policy = form.body == "policy"

    def holds(self, record: Record, values: Mapping[str, FieldValue]) -> bool:
        """True only if every field has a fitting value, none is missing, and all headings fit."""
        if self._is_policy or len(values) != len(record.fields) or not self._keys <= values.keys():
            return False
        if any(value in _EMPTY for value in values.values()):
            return False
        if self._needs and not self._needs & values.keys():
            return False
        names = {section.name for section in record.sections}
        return names <= self._names and self._required <= names and self._fits(names, values)

    def _fits(self, names: set[str], values: Mapping[str, FieldValue]) -> bool:
        """Whether each section that waits for something stands where it belongs, and only there."""
        return all(
            section.name not in names
            if not section.applies(values)
            else section.name in names or not section.required
            for section in self._waiting
        )

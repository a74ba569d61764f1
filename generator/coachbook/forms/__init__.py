"""Forms as data: what a record of a type holds, and whether a record fits.

    forms = builtin_forms()
    form = forms.for_record(record)
    findings = check_record(record, form)

A form is a YAML file. It names the fields of the header and the sections of the body and says
for each who may read and write it, so a new type of record needs no code. A form that is not
understood to the last key is refused: a misspelt `sealed` must not become a clear section.
"""

from __future__ import annotations

from coachbook.forms.faults import TextFault
from coachbook.forms.fitting import ValueReader, check_record, field_value
from coachbook.forms.loading import builtin_forms, load_forms
from coachbook.forms.model import (
    ALWAYS_LINTED,
    ROW_WRITERS,
    WRITER,
    FieldForm,
    Form,
    Forms,
    LineForm,
    SectionForm,
    alternatives,
    first_keys,
)
from coachbook.forms.prose import Around, check_prose
from coachbook.forms.reading import LISTS
from coachbook.forms.text import (
    ActionStep,
    SectionData,
    parse_section,
    section_json,
)
from coachbook.forms.values import FieldValue, Unfit, read_value

__all__ = [
    "ALWAYS_LINTED",
    "LISTS",
    "ROW_WRITERS",
    "WRITER",
    "ActionStep",
    "Around",
    "FieldForm",
    "FieldValue",
    "Form",
    "Forms",
    "LineForm",
    "SectionData",
    "SectionForm",
    "TextFault",
    "Unfit",
    "ValueReader",
    "alternatives",
    "builtin_forms",
    "check_prose",
    "check_record",
    "field_value",
    "first_keys",
    "load_forms",
    "parse_section",
    "read_value",
    "section_json",
]

"""What a rule says that it is about is there: a type, a field, a setting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coachbook.diagnostics import Consequence, Severity
from coachbook.forms import builtin_forms
from coachbook.presets import PARAMETERS
from coachbook.rules import RECORD_RULES, table
from coachbook.rules.about import ANY_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.rules.rule import Case, Finding

FORMS = tuple(builtin_forms())


def test_a_rule_that_does_not_say_what_it_is_about_is_none() -> None:
    """A function alone does not go into the table: it would be asked about nothing, or all."""

    def anything(case: Case) -> Iterator[Finding]:
        """Finds nothing."""
        yield from ()

    with pytest.raises(AttributeError, match="has no attribute"):
        table._record("CB999", "any", Severity.ERROR, Consequence.LISTED, anything)  # type: ignore[arg-type]


def test_a_rule_is_about_types_that_there_are() -> None:
    """A type that no form has would leave its rule unasked for ever."""
    types = {ANY_TYPE, *(form.type for form in FORMS)}

    assert {one for rule in RECORD_RULES for one in rule.about.types} <= types
    assert all(rule.about.types for rule in RECORD_RULES)


def test_a_rule_looks_at_fields_and_settings_that_there_are() -> None:
    """So would a field that no form has, or a setting that no policy can have."""
    fields = {*PARAMETERS, *(one for form in FORMS for one in form.fields)}

    assert {one for rule in RECORD_RULES for one in rule.about.fields} <= fields
    assert {one for rule in RECORD_RULES for one in rule.about.settings} <= PARAMETERS.keys()

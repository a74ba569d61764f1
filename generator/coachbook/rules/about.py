"""What a rule about one record is about: which types, and what must stand there for it to speak.

Of the rules about one record most have nothing to say of most records: they are about another
type, about a field that is not there, or about a setting that the policy leaves open. Each says
so where it is written, and is then asked about no other record (`scope`):

    @about("session", fields=("minutes",), settings=("session.minutes.max",))
    def too_long(case: Case) -> Iterator[Finding]: ...

A rule without `about` does not go into the table. All that is said here follows from a record's
form, from the names of its fields and from its policy, never from a value, so it is worked out
once for all records of a kind.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from coachbook.rules.rule import Case, Rule
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from coachbook.diagnostics import Diagnostic
    from coachbook.rules.rule import Finding

    Check: TypeAlias = Callable[[Case], Iterable[Finding | Diagnostic]]

ANY_TYPE = "any type"
"""Stands for every type of record."""


class Given(Enum):
    """What else a record must have before a rule about it can find anything."""

    NOTHING = "nothing"
    FAULTS = "what an earlier module has found"
    BLOCKS = "sealed blocks"
    SIGNATURES = "signatures below sealed blocks"


@frozen
class About:
    """The records that a rule is about.

    Attributes:
        types: of these types, or of `ANY_TYPE`.
        fields: whose header has one of these fields, if any are named.
        settings: whose policy has one of these settings, if any are named.
        given: which have this.
        where: and for which this is true, told from form and policy alone.
    """

    types: frozenset[str]
    fields: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    given: Given = Given.NOTHING
    where: Callable[[Case], bool] | None = None

    def fits(self, case: Case, given: frozenset[Given]) -> bool:
        """Whether the rule can find anything in this record, which has what is `given`."""
        if case.form.type not in self.types and ANY_TYPE not in self.types:
            return False
        if self.given not in given:
            return False
        if self.fields and not any(one in case.record.fields for one in self.fields):
            return False
        if self.settings and all(case.setting(one) is None for one in self.settings):
            return False
        return self.where is None or self.where(case)


@frozen
class RecordCheck:
    """A function that looks at one record, and the records that it is about."""

    run: Check
    about: About


@frozen(kw_only=True)
class RecordRule(Rule[Case, "Finding | Diagnostic"]):
    """A rule about one record, with the records that it is about."""

    about: About


def about(
    *types: str,
    fields: tuple[str, ...] = (),
    settings: tuple[str, ...] = (),
    given: Given = Given.NOTHING,
    where: Callable[[Case], bool] | None = None,
) -> Callable[[Check], RecordCheck]:
    """Declares which records a rule is about, in the words of `About`."""
    scope = About(frozenset(types), fields, settings, given, where)
    return lambda check: RecordCheck(check, scope)

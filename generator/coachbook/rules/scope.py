"""Which rules are asked about a record: told once for all of its kind and policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

from coachbook.rules.about import Given
from coachbook.rules.table import RECORD_RULES

if TYPE_CHECKING:
    from coachbook.rules.about import RecordRule
    from coachbook.rules.rule import Case

    Rules: TypeAlias = tuple[RecordRule, ...]


def rules_for(case: Case) -> Rules:
    """The rules about one record that can find anything in this one."""
    policy = case.policy
    signed = any(found.block.signature for found in case.blocks)
    key = (policy.path if policy else "", bool(case.faults), bool(case.blocks), signed)
    chosen = case.kind.kept.get(key)
    if chosen is None:
        given = _given(case, signed=signed)
        chosen = tuple(rule for rule in RECORD_RULES if rule.about.fits(case, given))
        case.kind.kept[key] = chosen
    return cast("Rules", chosen)


def _given(case: Case, *, signed: bool) -> frozenset[Given]:
    """What the record has besides its header."""
    has = {Given.FAULTS: case.faults, Given.BLOCKS: case.blocks, Given.SIGNATURES: signed}
    return frozenset({Given.NOTHING, *(one for one, found in has.items() if found)})

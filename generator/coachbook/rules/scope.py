"""Which rules can find anything in a record, told from its form, its fields and its policy.

Of the rules about one record most have nothing to say of most records: they are about another
type, about a field that is not there, or about a setting that the policy leaves open. Here that
is told once for all records alike. A test runs every rule on every record of the example and of
each rule's samples, and none that was left out finds anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

from coachbook.life import STATE
from coachbook.rules.dates import OUTSIDE
from coachbook.rules.people import asks_for_training
from coachbook.rules.policyfit import may_lack_a_row
from coachbook.rules.process import opens_after_induction
from coachbook.rules.references import LAST_DAYS
from coachbook.rules.table import RECORD_RULES
from coachbook.rules.vocabulary import WORDED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from coachbook.diagnostics import Diagnostic
    from coachbook.rules.rule import Case, Finding, Rule

    Rules: TypeAlias = tuple[Rule[Case, Finding | Diagnostic], ...]

_TYPES = {
    "accountability": ("CB213",),
    "addendum": ("CB508",),
    "calendar": ("CB305",),
    "comms-check": ("CB421", "CB438"),
    "cycle": ("CB219", "CB311", "CB319", "CB401", "CB402", "CB422", "CB423", "CB441"),
    "declassification": ("CB218",),
    "good-practice": ("CB429",),
    "group": ("CB208", "CB211", "CB307"),
    "impact-statement": ("CB427", "CB439"),
    "objective": ("CB314", "CB441"),
    "observation": ("CB216", "CB312", "CB320", "CB406", "CB407", "CB428", "CB443"),
    "partnership": ("CB210", "CB211", "CB217", "CB307", "CB314", "CB408"),
    "person": ("CB212", "CB214", "CB307", "CB313", "CB315", "CB322", "CB324", "CB325"),
    "policy": (
        *("CB314", "CB701", "CB702", "CB703", "CB704", "CB705", "CB706", "CB711"),
        *("CB713", "CB714", "CB715"),
    ),
    "programme-review": ("CB314",),
    "role-assignment": ("CB712",),
    "rotation": ("CB316",),
    "schedule": ("CB323",),
    "sealed": ("CB605",),
    "session": (
        *("CB209", "CB302", "CB308", "CB309", "CB310", "CB318", "CB321", "CB402", "CB404"),
        *("CB405", "CB408", "CB422", "CB426", "CB428", "CB436"),
    ),
    "survey": ("CB430",),
    "subject-access-log": ("CB330",),
    "training": ("CB317",),
    "trust": ("CB717",),
    "waiver": ("CB432",),
}
"""Rules about some types of record only; one that stands nowhere here looks at every type."""

_NARROW = frozenset(code for codes in _TYPES.values() for code in codes)

_FIELDS = {
    "CB202": ("coachee", "observers"),
    "CB207": LAST_DAYS,
    "CB215": WORDED,
    "CB302": ("minutes",),
    "CB303": ("closed_on", "status"),
    "CB309": ("start_time",),
    "CB310": ("setting",),
    "CB318": ("scheduled",),
    "CB402": ("model", "style"),
    "CB405": ("subject",),
    "CB507": (STATE,),
}
"""Rules that look at certain fields only, and say nothing where the header has none of them."""

_SETTINGS = {
    "CB203": ("participants.forbidden_roles",),
    "CB302": ("session.minutes.max", "session.minutes.target"),
    "CB309": ("session.school_hours_only",),
    "CB310": ("session.in_lesson",),
    "CB318": ("session.window",),
    "CB320": ("observation.limit.count", "observation.limit.minutes"),
    "CB402": ("cycle.models", "session.styles"),
    "CB405": ("subject.allowed.books", "subject.allowed.groups"),
    "CB428": ("feedback.required_after",),
}
"""Rules that hold a record against settings, and say nothing where the policy has none of them."""

_WHERE: Mapping[str, Callable[[Case], bool]] = {
    "CB105": lambda case: case.form.identity != "none",
    "CB209": asks_for_training,
    "CB301": lambda case: OUTSIDE in case.form.fields,
    "CB304": lambda case: OUTSIDE in case.form.fields,
    "CB308": lambda case: case.setting("session.window") == "scheduled-slot",
    "CB403": opens_after_induction,
    "CB426": lambda case: case.setting("cycle.required") is True,
    "CB436": lambda case: case.setting("agreement.required") is True,
    "CB708": lambda case: case.policy is None,
    "CB710": may_lack_a_row,
}
"""What else a rule says nothing without; told from form and policy alone, as all of this is."""

_PASSED_ON = frozenset({"CB102", "CB103", "CB104", "CB108", "CB109", "CB112"})
"""Rules that pass on what an earlier module has found, and find nothing themselves."""

_SEALED = frozenset({"CB503", "CB605"})
"""Rules about sealed blocks, where there are any."""

_SIGNED = frozenset({"CB511", "CB512", "CB513"})
"""Rules about the signatures below sealed blocks."""


def rules_for(case: Case) -> Rules:
    """The rules about one record that can find anything in this one."""
    policy = case.policy
    signed = any(found.block.signature for found in case.blocks)
    key = (policy.path if policy else "", bool(case.faults), bool(case.blocks), signed)
    chosen = case.kind.kept.get(key)
    if chosen is None:
        chosen = case.kind.kept[key] = tuple(_chosen(case, signed=signed))
    return cast("Rules", chosen)


def _chosen(case: Case, *, signed: bool) -> Iterator[Rule[Case, Finding | Diagnostic]]:
    own = _TYPES.get(case.form.type, ())
    idle: frozenset[str] = frozenset() if case.faults else _PASSED_ON
    idle |= frozenset() if case.blocks else _SEALED
    idle |= frozenset() if signed else _SIGNED
    for rule in RECORD_RULES:
        is_about = rule.code not in _NARROW or rule.code in own
        if is_about and rule.code not in idle and _has_what_it_asks(case, rule.code):
            yield rule


def _has_what_it_asks(case: Case, code: str) -> bool:
    """Whether the header has a field that the rule looks at, the policy a setting, and so on."""
    fields, settings = _FIELDS.get(code, ()), _SETTINGS.get(code, ())
    has_field = not fields or any(one in case.record.fields for one in fields)
    is_settled = not settings or any(case.setting(one) is not None for one in settings)
    return has_field and is_settled and (code not in _WHERE or _WHERE[code](case))

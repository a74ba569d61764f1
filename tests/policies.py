"""Policies for tests: a small one as text, and how a text becomes a policy."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from coachbook.forms import builtin_forms
from coachbook.policy import Policy, parse_policy
from coachbook.record import Record, parse_record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coachbook.diagnostics import Diagnostic

SMALL = """---
type: policy
school: otterbeck
version: 2026-09
effective_from: 2026-09-01
review_due: 2027-07-31
ratified_on: 2026-07-09
session.minutes.max: 15
recovery.holder: nobody
repository.holders: [monitor, lead-coach]
keys.publish_protected: no
retention.notes: until 31 August after the cycle closes
retention.impact: for three years
retention.separate: for six years
appraisal.use: none
---
# Coaching at {{ school.name }}

Version {{ policy.version }}, from {{ policy.effective_from }}.

## 4 Time

4.1 Coaching comes in cycles.

4.2 A session lasts at most {{ session.minutes.max }} minutes.
A longer one is recorded as it was.

## 10 Records

10.1 A copy is held by {{ repository.holders }}. Protected keys
{{ keys.publish_protected }}.

10.2 Notes are kept {{ retention.notes }}, statements {{ retention.impact }}, all
else {{ retention.separate }}. Then {{ recovery.holder }}; appraisal {{ appraisal.use }}.

## 11 Who can read what

| Part of a record | Coachee | Coach | Monitor | Lead coach |
|---|:-:|---|---|---|
| Session header | read | write | read | read |
| Session notes | write | write | read | - |
"""


def record(text: str) -> Record:
    """The record of a policy's text."""
    found = parse_record("records/otterbeck/policy-2026-09.md", text.encode())
    assert isinstance(found, Record)
    return found


def parsed(
    text: str, words: Mapping[str, str] = MappingProxyType({})
) -> tuple[Policy | None, tuple[Diagnostic, ...]]:
    """The policy of a text, with its findings; `words` are those of the trust."""
    form = builtin_forms().latest("policy")
    assert form is not None
    return parse_policy(record(text), form, words)


def changed(*pairs: tuple[str, str]) -> Policy:
    """The small policy with each first text changed to its second."""
    text = SMALL
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return policy(text)


def with_settings(settings: str, *pairs: tuple[str, str]) -> Policy:
    """The small policy with more lines in its header, each shown by a clause of its own."""
    keys = [line.partition(":")[0] for line in settings.splitlines()]
    clauses = "".join(
        f"4.{number} This is decided: {{{{ {key} }}}}.\n\n" for number, key in enumerate(keys, 3)
    )
    return changed(
        ("appraisal.use: none", f"appraisal.use: none\n{settings.strip()}"),
        ("## 10 Records", f"{clauses}## 10 Records"),
        *pairs,
    )


def policy(text: str = SMALL) -> Policy:
    """The policy of a text that is as it should be."""
    found, faults = parsed(text)
    assert faults == ()
    assert found is not None
    return found

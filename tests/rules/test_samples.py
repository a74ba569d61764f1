"""Every rule passes its good example and reports its bad one, word for word."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import pytest

from coachbook.rules import RULES, find_rule
from tests.rules.samples import codes, load_sample

if TYPE_CHECKING:
    from coachbook.rules import AnyRule
    from tests.rules.conftest import Checked

CODES = [rule.code for rule in RULES]
each_code = pytest.mark.parametrize("code", CODES)
each_rule = pytest.mark.parametrize("rule", RULES, ids=CODES)


def test_every_rule_has_an_example_and_every_example_a_rule() -> None:
    """A rule without an example does not exist, nor an example without a rule."""
    assert codes() == CODES


@each_code
def test_the_good_example_passes(code: str, checked: Checked) -> None:
    """What a rule's good example shows is without fault."""
    findings, _ = checked(code, "ok.md")

    assert [(finding.code, finding.message) for finding in findings] == []


@each_code
def test_the_bad_example_gives_exactly_its_report(code: str, checked: Checked) -> None:
    """What a rule's bad example shows is reported in exactly these words."""
    findings, report = checked(code, "bad.md")

    assert report == load_sample(code).expected
    assert code in {finding.code for finding in findings}


@each_code
def test_findings_keep_to_the_table(code: str, checked: Checked) -> None:
    """Weight and consequence of a finding are those that the table gives its rule."""
    rule = find_rule(code)
    assert rule is not None

    findings, _ = checked(code, "bad.md")

    own = [finding for finding in findings if finding.code == code]
    assert {(f.severity, f.consequence) for f in own} == {(rule.severity, rule.consequence)}


@each_rule
def test_every_rule_has_a_whole_page_in_the_manual(rule: AnyRule) -> None:
    """The manual says of each rule what it wants, why, by example, and what to do."""
    page = rule.page

    assert page.title.endswith(".")
    assert all([page.why, page.example, page.remedy, page.source])


@each_rule
def test_the_manual_shows_the_message_that_really_comes(rule: AnyRule, checked: Checked) -> None:
    """The example in the manual ends with the message as the rule words it."""
    findings, _ = checked(rule.code, "bad.md")
    messages = [finding.message for finding in findings if finding.code == rule.code]
    shown = rule.page.example.strip().splitlines()[-1].strip()

    likeness = max(SequenceMatcher(None, shown, message).ratio() for message in messages)

    assert likeness > 0.6, f"{shown!r} is not like {messages}"

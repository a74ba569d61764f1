"""A policy beside common limits is information, and never a fault."""

from __future__ import annotations

import pytest

from coachbook.diagnostics import Consequence, Severity
from coachbook.policylimits import limit_findings
from tests.policies import changed, policy, with_settings

UNIONS = (
    "no law sets a number, and the two largest unions work to three visits and three hours for all "
    "purposes"
)


def test_a_policy_within_common_limits_is_left_alone() -> None:
    """Nothing is said about what is usual."""
    assert limit_findings(policy()) == ()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            'cadence.mentoring: ["year 1: 1 a fortnight"]',
            "mentoring in the first year comes once a fortnight (year 1); an hour a week is common",
        ),
        (
            'cadence.mentoring: ["later: 2 a term"]',
            (
                "after the first year a mentor is met twice a term (later); for the second year of "
                "induction an hour a fortnight is common"
            ),
        ),
        (
            "cadence.visit: [2 a half-term]",
            f"visits twice a half-term are 12 a year; {UNIONS}",
        ),
        (
            "observation.limit.count: 4",
            f"up to 4 observations a year may be made; {UNIONS}",
        ),
        (
            "observation.limit.minutes: 200",
            f"up to 200 minutes of observation a year may be made; {UNIONS}",
        ),
        (
            "suppression.min_people: 3",
            (
                "a figure may stand for 3 people; "
                "five is a common threshold, and research services use ten"
            ),
        ),
    ],
)
def test_what_goes_beyond_a_common_limit_is_said(settings: str, message: str) -> None:
    """The finding says what the policy asks and what is usual, with the clause."""
    (found,) = limit_findings(with_settings(settings))

    assert found.message == message
    assert (found.code, found.severity) == ("CB713", Severity.INFO)
    assert (found.consequence, found.clause) == (Consequence.LISTED, "4.3")


@pytest.mark.parametrize(
    "settings",
    [
        'cadence.mentoring: ["year 1: 1 a week", "later: 1 a fortnight"]',
        "cadence.visit: [1 a term]",
        "observation.limit.count: 3",
        "observation.limit.minutes: 180",
        "suppression.min_people: 5",
    ],
)
def test_what_keeps_to_a_common_limit_is_not_mentioned(settings: str) -> None:
    """At the limit itself nothing is said."""
    assert limit_findings(with_settings(settings)) == ()


@pytest.mark.parametrize("kept", ["for seven years", "for 10 years", "permanently", "for ever"])
def test_notes_that_are_kept_longer_than_appraisal_are_mentioned(kept: str) -> None:
    """Notes for development are kept for a shorter time than records of appraisal."""
    (found,) = limit_findings(changed(("until 31 August after the cycle closes", kept)))

    assert found.message.startswith(f"notes are kept {kept}; records of appraisal")


@pytest.mark.parametrize("kept", ["for six years", "until the end of the year", "for 1 year"])
def test_notes_that_are_kept_a_shorter_time_are_not_mentioned(kept: str) -> None:
    """Up to six years, as for appraisal, nothing is said."""
    assert limit_findings(changed(("until 31 August after the cycle closes", kept))) == ()


def test_appraisal_that_uses_coaching_of_people_in_induction_is_mentioned() -> None:
    """Teachers in induction have no appraisal, so nothing of theirs can go into it."""
    found = with_settings("eligible.coachee: [everyone]", ("use: none", "use: own-log"))

    (finding,) = limit_findings(found)

    assert finding.message == (
        "coaching serves appraisal and is open to teachers in induction, whom appraisal leaves out"
    )

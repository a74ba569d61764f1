"""On each day one version of a policy is in force."""

from __future__ import annotations

from coachbook.diagnostics import Consequence
from coachbook.policyversions import version_findings
from tests.policies import changed

FIRST = changed(("2026-09\n", "2026-09\n"))
SECOND = changed(("version: 2026-09\n", "version: 2027-01\n"), ("2026-09-01", "2027-01-04"))


def test_a_version_that_follows_another_is_in_order() -> None:
    """A version holds until the next one begins, so nothing has to be said about its end."""
    assert list(version_findings([SECOND, FIRST])) == []


def test_two_versions_that_begin_on_one_day_collide() -> None:
    """Nobody could say by which of the two a record is judged."""
    other = changed(("version: 2026-09\n", "version: 2026-09b\n"))

    (found,) = version_findings([FIRST, other])

    assert (found.code, found.consequence) == ("CB709", Consequence.STOPS)
    assert found.message == "versions 2026-09 and 2026-09b both begin on 1 Sep 2026"
    assert found.hint == "give one of them another effective_from"


def test_a_draft_does_not_collide_with_what_is_in_force() -> None:
    """A draft for the same day is not in force, so there is only one version."""
    draft = changed(
        ("version: 2026-09\n", "version: 2026-09b\n"), ("ratified_on: 2026-07-09\n", "")
    )

    assert list(version_findings([FIRST, draft])) == []


def test_a_version_that_ends_after_the_next_has_begun_collides() -> None:
    """A version says that it ends on a day on which the next is in force already."""
    first = changed(("review_due", "effective_to: 2027-02-12\nreview_due"))

    (found,) = version_findings([first, SECOND])

    assert found.message == "version 2026-09 is still in force on 4 Jan 2027, and so is 2027-01"
    assert found.hint == "let 2026-09 end on 2027-01-03, or leave its effective_to out"


def test_days_without_a_version_are_a_gap() -> None:
    """Between the end of one version and the beginning of the next nothing is in force."""
    first = changed(("review_due", "effective_to: 2026-12-18\nreview_due"))

    (found,) = version_findings([first, SECOND])

    assert found.message == "no version is in force from 19 Dec 2026 to 3 Jan 2027"
    assert found.hint == "let 2027-01 begin on 2026-12-19, or let 2026-09 end later"


def test_a_version_that_ends_on_the_day_before_the_next_is_in_order() -> None:
    """An end that meets the next beginning leaves neither a gap nor a day with two."""
    first = changed(("review_due", "effective_to: 2027-01-03\nreview_due"))

    assert list(version_findings([first, SECOND])) == []

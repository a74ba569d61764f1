"""The versions of a school's policy side by side: two on one day, or a day without one."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from coachbook.calendar import format_date
from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coachbook.policy import Policy

VERSION_FAULT = "CB709"
_DAY = timedelta(days=1)


def version_findings(policies: Sequence[Policy]) -> Iterator[Diagnostic]:
    """CB709 for one school's policies; drafts are compared with drafts, as none is in force."""
    for drafts in (False, True):
        chosen = [one for one in policies if (one.ratified_on is None) is drafts]
        for earlier, later in pairwise(sorted(chosen, key=lambda one: one.effective_from)):
            yield from _between(earlier, later)


def _between(earlier: Policy, later: Policy) -> Iterator[Diagnostic]:
    begins, ends = later.effective_from, earlier.effective_to
    if begins == earlier.effective_from:
        message = f"versions {earlier.version} and {later.version} both begin on "
        hint = "give one of them another effective_from"
        yield _diagnostic(later, message + format_date(begins), hint)
    elif ends is not None and ends >= begins:
        message = (
            f"version {earlier.version} is still in force on {format_date(begins)}, and so is "
        )
        hint = f"let {earlier.version} end on {begins - _DAY}, or leave its effective_to out"
        yield _diagnostic(later, message + later.version, hint)
    elif ends is not None and ends + _DAY < begins:
        gap = f"{format_date(ends + _DAY)} to {format_date(begins - _DAY)}"
        message = f"no version is in force from {gap}"
        hint = f"let {later.version} begin on {ends + _DAY}, or let {earlier.version} end later"
        yield _diagnostic(later, message, hint)


def _diagnostic(policy: Policy, message: str, hint: str) -> Diagnostic:
    return Diagnostic(
        path=policy.path,
        span=Span(1),
        code=VERSION_FAULT,
        severity=Severity.ERROR,
        message=message,
        hint=hint,
        consequence=Consequence.STOPS,
        school=policy.school,
    )

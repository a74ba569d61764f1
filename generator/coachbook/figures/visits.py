"""What visits to lessons and surveys are counted for."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

from coachbook.book import policy_now
from coachbook.calendar import school_days_between
from coachbook.figures.model import Fact
from coachbook.figures.scope import staff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.figures.model import Period
    from coachbook.policy import Policy
    from coachbook.views import RecordView, View

COUNT_LIMIT, MINUTES_LIMIT = "observation.limit.count", "observation.limit.minutes"

COUNTED_KINDS = frozenset({"formal", "learning-walk"})
"""The visits that count towards an agreed limit."""


def visits(view: View, school: str, period: Period) -> Iterator[Fact]:
    """Every visit that took place."""
    for visit in held_visits(view, school, period):
        yield _of(visit, 1)


def feedback(view: View, school: str, period: Period) -> Iterator[Fact]:
    """Every visit that was talked through, with the school days until it was."""
    for visit in held_visits(view, school, period):
        day, told = visit.day, _told(view, visit)
        calendar = view.calendar_of(visit)
        if day and told and told >= day and calendar:
            yield _of(visit, school_days_between(calendar, day, told))


def budget(view: View, school: str, period: Period) -> Iterator[Fact]:
    """Everybody who works here, and whether their observations stay within the limit."""
    policy = policy_now(view.book, school)
    spent: dict[str, list[int]] = defaultdict(list)
    for visit in held_visits(view, school, period):
        minutes = visit.raw("minutes")
        for one in visit.people.get("observed", ()):
            if visit.raw("kind") in COUNTED_KINDS:
                spent[one].append(minutes if isinstance(minutes, int) else 0)
    for person in staff(view.book, school) if policy else ():
        within = policy is not None and _is_within(policy, spent[person.id])
        yield Fact(frozenset({person.id}), within, person=person)


def survey(view: View, school: str, period: Period) -> Iterator[Fact]:
    """Every survey, with those who answered of those who were invited.

    Nobody is known by name, so those of the fullest survey are taken to be all.
    """
    for one in view.of_type("survey"):
        answered, invited = one.raw("answered"), one.raw("invited")
        if one.school == school and period.holds(one.day):
            part = answered if isinstance(answered, int) else 0
            people = frozenset(f"{school}:{number}" for number in range(part))
            whole = invited if isinstance(invited, int) else 0
            yield Fact(people, part, whole, record=one, day=one.day)


def held_visits(view: View, school: str, period: Period) -> list[RecordView]:
    """The visits at a school that took place."""
    return [
        one
        for one in view.of_type("observation")
        if one.school == school and one.raw("status") == "held" and period.holds(one.day)
    ]


def _of(visit: RecordView, part: float) -> Fact:
    people = frozenset(visit.people.get("observed", ()))
    return Fact(people, part, record=visit, day=visit.day)


def _told(view: View, visit: RecordView) -> dt.date | None:
    """The day a visit was talked through: as it says, or of the session that gives feedback."""
    day = visit.raw("feedback_on")
    if isinstance(day, dt.date):
        return day
    held = (one.day for one in view.feedback.get(visit.id, ()) if one.raw("status") == "held")
    return min((one for one in held if one), default=None)


def _is_within(policy: Policy, minutes: list[int]) -> bool:
    count, limit = policy.get(COUNT_LIMIT), policy.get(MINUTES_LIMIT)
    few = not isinstance(count, int) or len(minutes) <= count
    return few and (not isinstance(limit, int) or sum(minutes) <= limit)

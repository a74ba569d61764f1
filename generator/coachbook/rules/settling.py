"""CB324: a coach, a focus and a time, settled by the day that the policy sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.calendar import format_date
from coachbook.rules.about import about
from coachbook.rules.rule import Case, Finding
from coachbook.sentences import join
from coachbook.settling import COACH, SETTLED_BY, TIME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.settling import Choice


@about("person")
def not_settled(case: Case) -> Iterator[Finding]:
    """Where coachees choose, each has a coach, a focus and a time by the day the policy sets.

    The day is the end of a term or of the first half-term, by the school's calendar. A focus
    shows in a cycle, in the pair's `purpose`, or in a session that says what it is about; a time
    shows in a slot of a schedule or in a session of this year. Members of groups, and those who
    were given a mentor, are left out.

    Why: a choice that nobody asks after is made by those who are quick, and the others
    go without coaching.
    Example:
        display_name: Petra Quillfeather
        Petra Quillfeather has settled no focus at Otterbeck Primary; it was due by 23 Oct 2026
    Remedy: ask what they would like; then record the pair, begin a cycle, or give it a slot.
    Source: A-06
    """
    person = case.book.people.get(case.record.id) if case.form.type == "person" else None
    for school in person.schools if person else ():
        day, choices = case.known.choices(school)
        found = choices.get(case.record.id)
        if day is None or found is None or day.day >= case.book.today:
            continue
        place = case.book.schools[school].name if school in case.book.schools else school
        yield Finding(
            case.span("display_name"),
            f"{found.person.name} has settled {join([f'no {one}' for one in found.missing])} at "
            f"{place}; it was due by {format_date(day.day)}",
            _remedy(found),
            day.policy.clause_of(SETTLED_BY),
            school=school,
        )


def _remedy(found: Choice) -> str:
    """What to type for the first thing that is missing."""
    if found.pair is None or COACH in found.missing:
        return (
            "ask whom they would like: coachbook new partnership --kind coaching "
            f"--coachee {found.person.id}"
        )
    pair = found.pair.record
    if found.missing == (TIME,):
        return f"give `{pair.id}` a slot in the schedule, or plan a session of it"
    cycle = f"coachbook new cycle --partnership {pair.id}"
    return f"begin a cycle: {cycle}; or say `purpose` in the pair"

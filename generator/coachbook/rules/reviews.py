"""CB3xx: reviews that fall due, of pairs, of the programme, of probation and induction.

The reviews of a person are sealed whole, so nobody can see without a key whether they were
written. What is said about those is a reminder around the day, which goes away by itself.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from coachbook.cadence import MENTORING_KINDS
from coachbook.calendar import TERMS, format_date, months_later, school_year, terms
from coachbook.induction import induction_reviews, probation_midpoint
from coachbook.people import active
from coachbook.policy import policy_in_force
from coachbook.rules.about import about
from coachbook.rules.rule import Case, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.people import Person
    from coachbook.policy import Policy

_INITIAL = "partnership.initial_length"
_PROGRAMME = "programme.review_by"
_MIDPOINT = "probation.midpoint"
_INDUCTION_ROW = "induction review"
_BEFORE, _AFTER = timedelta(days=14), timedelta(days=7)
"""How long before a day, and how long after it, a reminder is given."""


@about("objective", "partnership", "policy", "programme-review")
def review_overdue(case: Case) -> Iterator[Finding]:
    """A pair, an objective and the programme are reviewed when the policy or their record says.

    A pair that mentors is reviewed after the time that the policy has it begin
    with; any pair on the day that its record names, and so is an objective of appraisal.

    Why: after a year the two may want to go on, and may well want somebody new.
    Neither says so unasked.
    Example:
        start: 2025-09-03
        this pair was to be reviewed by 3 Sep 2026 [2.5]
    Remedy: talk it over, then write a new `review_on`, or end the pair.
    Source: D-07, D-57, A-09
    """
    match case.form.type:
        case "partnership":
            yield from _pair_review(case)
        case "programme-review":
            yield from _held_late(case)
        case "objective":
            yield from _met_late(case)
        case "policy":
            yield from _programme_review(case)


@about("person")
def probation_half_way(case: Case) -> Iterator[Finding]:
    """Half-way through probation there is a review, where the policy says so.

    A reminder from two weeks before that day until a week after it.

    Why: at half-way there is still time to help.
    Example:
        probation_end: 2027-02-26
        probation is half-way on 23 Nov 2026; it is reviewed then [8.3]
    Remedy: hold the review, and write it down: coachbook new probation
    Source: D-53
    """
    for person, school, policy in _schools_of(case):
        middle = probation_midpoint(person)
        if middle and policy.get(_MIDPOINT) is True and _is_near(case, middle):
            yield Finding(
                case.span("probation_end"),
                f"probation is half-way on {format_date(middle)}; it is reviewed then",
                f"hold the review, and write it down: coachbook new probation --person {person.id}",
                policy.clause_of(_MIDPOINT),
                school=school,
            )


@about("person")
def induction_review_due(case: Case) -> Iterator[Finding]:
    """Each term of induction ends with a formal assessment or a progress review.

    The term in which induction is half-way, and its last, have the assessment.
    A reminder from two weeks before the end of term until a week after it, at
    schools whose policy says who can read induction reviews.

    Why: the appropriate body asks for them, and a new teacher has a right to them.
    Example:
        induction_start: 2025-09-01
        a progress review of induction is due by 18 Dec 2026
    Remedy: hold it, and write it down: coachbook new induction-review
    Source: D-69, D-76, reference facts
    """
    for person, school, policy in _schools_of(case):
        calendar = case.book.calendars.get((school, school_year(case.book.today)))
        if calendar is None or policy.row(_INDUCTION_ROW) is None:
            continue
        for review in induction_reviews(person, calendar):
            if _is_near(case, review.due):
                yield Finding(
                    case.span("induction_start"),
                    f"a {review.kind} of induction is due by {format_date(review.due)}",
                    "hold it, and write it down: "
                    f"coachbook new induction-review --person {person.id}",
                    school=school,
                )


def _pair_review(case: Case) -> Iterator[Finding]:
    """That a pair at work is past its review, by the policy of today: the pair goes on today."""
    if case.value("status") != "active" or case.day is None:
        return
    policy, due = case.access.now, case.day_of("review_on")
    months = policy.get(_INITIAL) if policy else None
    named = due is not None
    if due is None and isinstance(months, int) and case.value("kind") in MENTORING_KINDS:
        due = months_later(case.day, months)
    if due and due < case.book.today:
        yield Finding(
            case.span("review_on" if named else case.form.on),
            f"this pair was to be reviewed by {format_date(due)}",
            "talk it over, then write a new `review_on`, or end the pair",
            policy.clause_of(_INITIAL) if policy else "",
        )


def _held_late(case: Case) -> Iterator[Finding]:
    due = case.day_of("due")
    if due and due < case.book.today and case.value("held_on") is None:
        yield Finding(
            case.span("due"),
            f"the programme was to be reviewed by {format_date(due)}",
            "write the day it was done as `held_on`, or agree on a new day",
        )


def _met_late(case: Case) -> Iterator[Finding]:
    due = case.day_of("review_on")
    person = case.book.people.get(str(case.value("person")))
    is_here = person is not None and active(person, case.book.today)
    if due and due < case.book.today and is_here and case.value("reviewed_on") is None:
        yield Finding(
            case.span("review_on"),
            f"this objective was to be talked through by {format_date(due)}",
            "meet about it, and write the day as `reviewed_on`; or agree on a new `review_on`",
        )


def _programme_review(case: Case) -> Iterator[Finding]:
    """That no review of the programme is on record for a year whose term for it is over."""
    school, today = case.record.school, case.book.today
    policy = policy_in_force(case.book.policies.get(school, ()), today)
    calendar = case.this_year
    if policy is None or policy.path != case.record.path or calendar is None:
        return
    term = dict(zip(TERMS, terms(calendar), strict=True)).get(str(policy.get(_PROGRAMME)))
    if term and term.end < today and not _reviewed(case, school):
        yield Finding(
            case.span(_PROGRAMME),
            f"the programme was to be reviewed by {format_date(term.end)}, and no review of "
            f"{calendar.year} is on record",
            "write it down: coachbook new programme-review",
            policy.clause_of(_PROGRAMME),
        )


def _reviewed(case: Case, school: str) -> bool:
    """Whether the programme of a school has been reviewed this school year."""
    return any(
        entry.record.school == school
        and isinstance(day := entry.values.get("held_on") or entry.values.get("due"), date)
        and school_year(day) == school_year(case.book.today)
        for entry in case.known.of_type["programme-review"]
    )


def _schools_of(case: Case) -> Iterator[tuple[Person, str, Policy]]:
    """The person of a record at each of their schools, with the policy there today."""
    person = case.book.people.get(case.record.id) if case.form.type == "person" else None
    for school in person.schools if person else ():
        policy = policy_in_force(case.book.policies.get(school, ()), case.book.today)
        if person and policy:
            yield person, school, policy


def _is_near(case: Case, day: date) -> bool:
    return day - _BEFORE <= case.book.today <= day + _AFTER

"""CB3xx: how often, and how soon again.

Only stretches of this school year that are over are looked at. What a policy aims for "wherever
possible", and what is good practice rather than an expectation, is information and never an
error; a missed session with its reason counts as accounted for.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from coachbook.book import Entry
from coachbook.cadence import (
    COACHING,
    VISIT,
    Shortfall,
    Spell,
    accounted,
    expectations,
    is_firm,
    sessions_of,
    shortfall,
)
from coachbook.calendar import format_day, half_term_of, school_days_between, school_year
from coachbook.diagnostics import Severity
from coachbook.induction import in_first_year
from coachbook.rules.about import about
from coachbook.rules.rule import Case, Finding
from coachbook.sentences import join
from coachbook.turns import answer_of, asked_of, missing_subjects
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.cadence import Expectation, Frame
    from coachbook.calendar import SchoolYear
    from coachbook.diagnostics import Span
    from coachbook.people import Person
    from coachbook.policy import Policy
    from coachbook.turns import Asked

_CHECK_BACK = "practice.check_back_days"
_SOFT = Severity.INFO
_SCHOOL_WEEK, _WEEKEND = 5, 2
_NOT_AT_WORK = frozenset({"proposed"})
_TEACHING = frozenset({"teacher", "senior-leader"})
_HINT = "record what is missing, or a missed one with its reason; if nothing is missing, leave it"


@about("group", "partnership", "person")
def cadence_missed(case: Case) -> Iterator[Finding]:
    """Coaching, mentoring and visits have the rhythm that the policy sets.

    One finding for each pair, group or person and each half-term, term or year that is over. How
    much it weighs is the policy's: information where the rhythm is aimed for wherever possible,
    reckoned from a pair's first session, and for everyone of whom it is good practice rather than
    an expectation. A session that was missed for a reason that was written down counts, and a
    pause asks for none.

    Why: coaching is the first thing to go when a week is full. Seen after each half-term, a gap
    can still be closed.
    Example:
        start: 2026-09-07
        Autumn 1 (2 Sep–23 Oct): no session is on record; once a half-term is expected [3.1]
    Remedy: record what is missing, or a missed session with its reason.
    Source: A-11, A-12, B-24, D-11, D-31, D-33, D-34, D-35
    """
    match case.form.type:
        case "partnership" | "group":
            yield from _of_thread(case)
        case "person":
            yield from _of_visits(case)


@about("cycle")
def check_back_late(case: Case) -> Iterator[Finding]:
    """What was agreed is looked at again within the days that the policy sets.

    The longest gap between two sessions of a cycle within a half-term is told, once. A session
    that was missed for a reason in between explains it.

    Why: what is rehearsed this week and not looked at before the next month is forgotten.
    Example:
        start: 2026-09-14
        16 school days from Mon 5 Oct to Tue 3 Nov; practice is looked at again within 5 [5.5]
    Remedy: plan the next session before the two part.
    Source: B-32
    """
    days, calendar = case.setting(_CHECK_BACK), case.this_year
    if case.form.type != "cycle" or not isinstance(days, int) or calendar is None:
        return
    gaps = [
        (school_days_between(calendar, first, last), first, last)
        for first, last in pairwise(accounted(sessions_of(case.book, case.record.id)))
        if (last - first).days > days + _WEEKEND * (days // _SCHOOL_WEEK)
        and half_term_of(calendar, first) == half_term_of(calendar, last)
    ]
    longest, first, last = max(gaps, default=(0, date.min, date.min))
    if longest > days:
        yield Finding(
            case.span(case.form.on),
            f"{longest} school days from {format_day(first)} to {format_day(last)}; "
            f"practice is looked at again within {days}",
            "plan the next session before the two part",
            case.clause(_CHECK_BACK),
        )


@frozen
class _Work:
    """What is held against a rhythm: the days that count, and when it went on."""

    place: Span
    school: str
    days: tuple[date, ...] = ()
    spells: tuple[Spell, ...] = ()
    nouns: tuple[str, str] = ("session", "sessions")
    at: str = ""


def _of_thread(case: Case) -> Iterator[Finding]:
    """The findings about a pair or a group: one for each rhythm and frame that fell short."""
    calendar = case.this_year
    if calendar is None:
        return
    work = _Work(case.span(case.form.on), case.school_name)
    for one in asked_of(case.book, _entry(case), calendar):
        for frame in one.frames:
            if frame.span.end < case.book.today:
                yield from _fallen_short(case, work, one, frame)


def _fallen_short(case: Case, work: _Work, one: Asked, frame: Frame) -> Iterator[Finding]:
    """The finding about a frame in which fewer sessions are accounted for than were asked for."""
    answers = [answer_of(one, turn) for turn in frame.turns]
    missing = sum(answer.missing for answer in answers)
    if missing:
        asked = sum(answer.asked for answer in answers)
        short = Shortfall(frame, one.rhythm, asked, asked - missing)
        subjects = [name for turn in frame.turns for name in missing_subjects(one, turn)]
        fact = (
            f"no session in {join(subjects, 'or')} is on record"
            if subjects
            else short.in_words(*work.nouns)
        )
        weight = _weight_of(case, one, frame)
        yield _finding(work, one, f"{frame}: {fact}", one.rhythm.in_words(), weight)


def _weight_of(case: Case, one: Asked, frame: Frame) -> Severity:
    """How much a frame that fell short weighs: by the policy, for mentoring by career stage."""
    if one.key == COACHING:
        return _weight(one.policy)
    mentee = case.book.people.get(str(case.value("coachee")))
    first = mentee is not None and in_first_year(mentee, frame.span.start)
    return weight_of_stage(one.policy, first_year=first)


def _of_visits(case: Case) -> Iterator[Finding]:
    person = case.book.people.get(case.record.id)
    if person is None or person.category not in _TEACHING:
        return
    for school in person.schools:
        calendar = case.book.calendars.get((school, school_year(case.book.today)))
        policies = case.book.policies.get(school, ())
        if calendar and policies:
            work = _Work(
                case.span("start"),
                case.book.schools[school].name if school in case.book.schools else school,
                _visit_days(case, person.id, school),
                (Spell(person.start, person.end),),
                nouns=("visit", "visits"),
                at=school,
            )
            for one in expectations(policies, calendar, VISIT, case.book.today):
                yield from _judge_visits(work, calendar, one, person)


def _judge_visits(
    work: _Work, calendar: SchoolYear, one: Expectation, person: Person
) -> Iterator[Finding]:
    """Of those for whom visits are good practice, the last frame alone is told."""
    everyone = one.policy.get("visit.expected_of") == "everyone"
    for frame in one.frames:
        first = in_first_year(person, frame.span.start)
        if first or everyone or frame is one.frames[-1]:
            weight = weight_of_stage(one.policy, first_year=first)
            firm = Severity.WARNING if everyone and not first else weight
            yield from _judge(work, calendar, one, frame, firm)


def _judge(
    work: _Work, calendar: SchoolYear, one: Expectation, frame: Frame, weight: Severity
) -> Iterator[Finding]:
    """The finding about a frame that fell short."""
    short = shortfall(calendar, frame, one.rhythm, work.days, work.spells)
    if short is not None:
        fact = short.in_words(*work.nouns)
        yield _finding(work, one, f"{frame}: {fact}", one.rhythm.in_words(), weight)


def _finding(
    work: _Work, one: Expectation | Asked, fact: str, rhythm: str, weight: Severity
) -> Finding:
    firmness = "aims at" if weight is _SOFT else "expects"
    return Finding(
        work.place,
        f"{fact}; {work.school} {firmness} {rhythm}",
        _HINT,
        one.policy.clause_of(one.key),
        weight,
        school=work.at,
    )


def _entry(case: Case) -> Entry:
    """The record of a case, which may be a draft that the book does not hold."""
    return Entry(case.record, case.form, case.values, case.day, case.parties)


def _visit_days(case: Case, person: str, school: str) -> tuple[date, ...]:
    """The days on which somebody visited a colleague, or was visited by one."""
    sides = ("observers", "observed")
    entries = {
        entry.record.path: entry
        for side in sides
        for entry in case.known.naming("observation", side).get(person, ())
        if entry.values.get("kind") == "peer-visit" and entry.record.school == school
    }
    return accounted(entries.values())


def _weight(policy: Policy) -> Severity:
    """How much a rhythm of coaching weighs: expected, or aimed for."""
    return Severity.WARNING if is_firm(policy) else _SOFT


def weight_of_stage(policy: Policy, *, first_year: bool) -> Severity:
    """How much it weighs by career stage: an expectation in the first year, good practice later."""
    if not first_year:
        return _SOFT
    return Severity.ERROR if policy.get("expectation.first_year") == "error" else Severity.WARNING

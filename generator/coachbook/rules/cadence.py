"""CB3xx: how often, and how soon again.

Only stretches of this school year that are over are looked at. What a policy aims for "wherever
possible", and what is good practice rather than an expectation, is information and never an
error; a missed session with its reason counts as accounted for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from coachbook.book import Entry
from coachbook.cadence import (
    COACHING,
    FIRST_YEAR,
    GROUPS,
    LATER,
    MENTORING,
    MENTORING_KINDS,
    VISIT,
    Spell,
    accounted,
    begun,
    coached,
    expectations,
    is_due,
    is_firm,
    lasting,
    missing_subjects,
    of_kind,
    pauses,
    sessions_of,
    shortfall,
)
from coachbook.calendar import (
    format_day,
    half_term_of,
    school_days_between,
    school_year,
)
from coachbook.diagnostics import Severity
from coachbook.induction import in_first_year
from coachbook.rules.rule import Case, Finding
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coachbook.cadence import Expectation, Frame
    from coachbook.calendar import SchoolYear
    from coachbook.diagnostics import Span
    from coachbook.people import Person
    from coachbook.policy import Policy

_CHECK_BACK = "practice.check_back_days"
_SOFT = Severity.INFO
_SCHOOL_WEEK, _WEEKEND = 5, 2
_NOT_AT_WORK = frozenset({"proposed"})
_TEACHING = frozenset({"teacher", "senior-leader"})
_HINT = "record what is missing, or a missed one with its reason; if nothing is missing, leave it"


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
        case "partnership":
            yield from _of_pair(case)
        case "group":
            yield from _of_group(case)
        case "person":
            yield from _of_visits(case)


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


@dataclass(frozen=True, slots=True)
class _Work:
    """What is held against a rhythm: the days that count, and when it went on or rested."""

    place: Span
    school: str
    days: tuple[date, ...]
    spells: tuple[Spell, ...]
    rests: tuple[Spell, ...] = ()
    nouns: tuple[str, str] = ("session", "sessions")
    at: str = ""


def _of_pair(case: Case) -> Iterator[Finding]:
    kind, calendar = case.value("kind"), case.this_year
    if calendar is None or case.value("status") in _NOT_AT_WORK:
        return
    if kind == "coaching":
        sessions = sessions_of(case.book, case.record.id)
        for one in _expected(case, calendar, COACHING):
            if one.rhythm.kind != GROUPS:
                weight = _weight(one.policy)
                days = accounted(of_kind(one.rhythm, sessions))
                spells = coached(case.book, _entry(case), one.policy)
                work = _work(case, days, begun(spells, days) if weight is _SOFT else spells)
                for frame in one.frames:
                    yield from _judge(work, calendar, one, frame, weight)
    elif kind in MENTORING_KINDS:
        yield from _of_mentoring(case, calendar)


def _of_mentoring(case: Case, calendar: SchoolYear) -> Iterator[Finding]:
    mentee = case.book.people.get(str(case.value("coachee")))
    work = _work(case, accounted(sessions_of(case.book, case.record.id)), lasting(_entry(case)))
    for one in _expected(case, calendar, MENTORING) if mentee else ():
        for frame in one.frames:
            first = mentee is not None and in_first_year(mentee, frame.span.start)
            if one.rhythm.kind in {"", FIRST_YEAR if first else LATER}:
                yield from _judge(work, calendar, one, frame, _weight_of_stage(one.policy, first))


def _of_group(case: Case) -> Iterator[Finding]:
    calendar = case.this_year
    if calendar is None or case.value("kind") == "team":
        return
    sessions = sessions_of(case.book, case.record.id)
    work = _work(case, accounted(sessions), lasting(_entry(case)))
    for one in _expected(case, calendar, COACHING):
        if one.rhythm.kind != GROUPS:
            continue
        for frame in one.frames:
            if one.rhythm.each == "subject":
                yield from _judge_subjects(work, calendar, one, frame, sessions)
            else:
                yield from _judge(work, calendar, one, frame, _weight(one.policy))


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
            weight = _weight_of_stage(one.policy, first)
            firm = Severity.WARNING if everyone and not first else weight
            yield from _judge(work, calendar, one, frame, firm)


def _judge(
    work: _Work, calendar: SchoolYear, one: Expectation, frame: Frame, weight: Severity
) -> Iterator[Finding]:
    """The finding about a frame that fell short."""
    short = shortfall(calendar, frame, one.rhythm, work.days, work.spells, work.rests)
    if short is not None:
        fact = short.in_words(*work.nouns)
        yield _finding(work, one, f"{frame}: {fact}", one.rhythm.in_words(), weight)


def _judge_subjects(
    work: _Work,
    calendar: SchoolYear,
    one: Expectation,
    frame: Frame,
    sessions: Sequence[Entry],
) -> Iterator[Finding]:
    """The finding about the subjects in which a group did not meet in a term."""
    subjects = one.policy.get("subject.allowed.groups")
    if not isinstance(subjects, tuple) or not is_due(calendar, frame.span, work.spells):
        return
    missing = missing_subjects(frame, one.rhythm, sessions, subjects)
    if missing:
        fact = f"{frame}: no session in {join(missing, 'or')} is on record"
        yield _finding(work, one, fact, one.rhythm.in_words(), _weight(one.policy))


def _finding(work: _Work, one: Expectation, fact: str, rhythm: str, weight: Severity) -> Finding:
    firmness = "aims at" if weight is _SOFT else "expects"
    return Finding(
        work.place,
        f"{fact}; {work.school} {firmness} {rhythm}",
        _HINT,
        one.policy.clause_of(one.key),
        weight,
        school=work.at,
    )


def _expected(case: Case, calendar: SchoolYear, key: str) -> Iterator[Expectation]:
    policies = case.book.policies.get(case.record.school, ())
    return expectations(policies, calendar, key, case.book.today)


def _work(case: Case, days: tuple[date, ...], spells: tuple[Spell, ...]) -> _Work:
    rests = pauses(_entry(case))
    return _Work(case.span(case.form.on), case.school_name, days, spells, rests)


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


def _weight_of_stage(policy: Policy, first_year: bool) -> Severity:  # noqa: FBT001 (private)
    """How much it weighs by career stage: an expectation in the first year, good practice later."""
    if not first_year:
        return _SOFT
    return Severity.ERROR if policy.get("expectation.first_year") == "error" else Severity.WARNING

"""CB2xx and CB3xx: who answers to whom, who looks after whom, and what training is still due."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from coachbook.book import display, role_holders
from coachbook.cadence import MENTORING_KINDS
from coachbook.calendar import format_date, months_later, school_days_between, school_year
from coachbook.induction import in_first_year
from coachbook.people import active, scoped_role
from coachbook.policy import policy_in_force
from coachbook.rules.about import about
from coachbook.rules.cadence import weight_of_stage
from coachbook.rules.rule import Case, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.book import Entry
    from coachbook.people import Person
    from coachbook.policy import Policy

_REQUIRED = "accountability.required"
_ON_APPOINTMENT = "mentor.on_appointment"
_INITIAL = "partnership.initial_length"
_OUTSIDE = frozenset({"governor", "external"})
_TOP = ("head", "deputy", "slt")
_FIRST_YEAR = 12
_BEGAN = {"start": "began", "induction_start": "began induction"}


@about("accountability")
def accountability_circle(case: Case) -> Iterator[Finding]:
    """Who answers to whom never leads back to where it began.

    It is told once, at the line that closed the circle.

    Why: in a circle nobody answers to the school, and whoever looks for the
    leader responsible for somebody never arrives.
    Example:
        accountable_to: p-7kq2m4xa
        this closes a circle: Petra is accountable to Idris, Idris to Petra
    Remedy: correct one of the lines, or end the one that no longer holds.
    Source: D-23
    """
    day, person = case.day or case.day_of("from"), case.value("person")
    if case.form.type != "accountability" or day is None or not isinstance(person, str):
        return
    circle = _circle(case, person, day)
    if circle and case.record.path == min(_begun_on(case, circle, day), default=case.record.path):
        yield Finding(
            case.span("accountable_to"),
            f"this closes a circle: {_circle_in_words(case, circle)}",
            "correct one of the lines, or write `to` where one no longer holds",
            case.clause(_REQUIRED),
        )


@about("person")
def accountable_to_nobody(case: Case) -> Iterator[Finding]:
    """Everyone who works at a school is accountable to somebody by name, where the policy says so.

    The head, the deputy and the senior leadership team, who answer for the whole, are left out.

    Why: a mentor answers to a senior leader, and everyone else to a mentor.
    Whoever is forgotten has nobody who asks how they are.
    Example:
        display_name: Nerys Sallowfield
        Nerys Sallowfield is accountable to nobody at Otterbeck Primary [3.4]
    Remedy: say to whom: coachbook new accountability --person ID
    Source: D-23
    """
    for person, school, policy in _staff(case, case.book.today):
        if policy.get(_REQUIRED) is not True or _leads(case, person, school, case.book.today):
            continue
        lines = case.known.naming("accountability", "person").get(person.id, ())
        if not any(_is_active(one, case.book.today) for one in lines if _at(one, school)):
            yield Finding(
                case.span("display_name"),
                f"{person.name} is accountable to nobody at {_school_name(case, school)}",
                f"say to whom: coachbook new accountability --person {person.id}",
                policy.clause_of(_REQUIRED),
                school=school,
            )


@about("person")
def no_mentor(case: Case) -> Iterator[Finding]:
    """New staff have a mentor from their first day, where the policy says so.

    It is asked for in the first year, or as long as the policy has a pair begin with.

    Why: the first weeks are when a mentor is worth most.
    Example:
        start: 2026-11-02
        Tobias Fallowfield began on 2 Nov 2026 and has no mentor [2.3]
    Remedy: make the partnership: coachbook new partnership --kind mentoring
    Source: D-05
    """
    today = case.book.today
    for person, school, _ in _staff(case, today):
        policy = policy_in_force(case.book.policies.get(school, ()), person.start)
        if policy is None or policy.get(_ON_APPOINTMENT) is not True:
            continue
        is_new = _is_new(policy, person.start, today)
        if is_new and not _leads(case, person, school, today) and not _mentored(case, person):
            yield Finding(
                case.span("start"),
                f"{person.name} began on {format_date(person.start)} and has no mentor at "
                f"{_school_name(case, school)}",
                f"make the pair: coachbook new partnership --kind mentoring --coachee {person.id}",
                policy.clause_of(_ON_APPOINTMENT),
                school=school,
            )


@about("person")
def mentor_late(case: Case) -> Iterator[Finding]:
    """New staff and those who begin induction had a mentor from that day, not from a later one.

    CB313 finds whoever has none. This is told once there is one, for as long as somebody counts
    as new, in school days where the calendar has them. In the first year of teaching it weighs
    what the policy says; for everyone else it is good practice.

    Why: the weeks without a mentor are over and cannot be repaired, and they explain much of
    what comes after. Whoever looks back should find them said.
    Example:
        start: 2026-11-02
        Tobias Fallowfield began on 2 Nov 2026 and had a mentor 10 school days late [2.2]
    Remedy: correct a slip in the dates. If that is how it was, leave it, and say why in a waiver:
        coachbook new waiver --code CB325 --about ID
    Source: D-05, D-31
    """
    today = case.book.today
    for person, school, _ in _staff(case, today):
        for key, day in _beginnings(person):
            policy = policy_in_force(case.book.policies.get(school, ()), day)
            if policy is None or policy.get(_ON_APPOINTMENT) is not True:
                continue
            first = _first_mentor_after(case, person, day)
            late = _lateness(case, school, day, first) if first else ""
            if late and _is_new(policy, day, today) and not _leads(case, person, school, today):
                yield Finding(
                    case.span(key),
                    f"{person.name} {_BEGAN[key]} on {format_date(day)} and had a mentor at "
                    f"{_school_name(case, school)} {late} late",
                    "if that is how it was, leave it, and say why: "
                    f"coachbook new waiver --code CB325 --about {person.id}",
                    policy.clause_of(_ON_APPOINTMENT),
                    weight_of_stage(policy, first_year=in_first_year(person, day)),
                    school=school,
                )


@about("training")
def training_overdue(case: Case) -> Iterator[Finding]:
    """Training that has to be done by a day is done by it.

    Why: some of it is required by law, and all of it was agreed with somebody.
    Example:
        due: 2026-10-23
        this was due by 23 Oct 2026, and is not marked as done
    Remedy: write the day it was done as `date`, or agree on a new day.
    Source: D-19
    """
    due = case.day_of("due")
    if case.form.type != "training" or due is None or due >= case.book.today:
        return
    person = case.book.people.get(str(case.value("person")))
    has_left = person is not None and not active(person, case.book.today)
    if case.value("date") is None and not has_left:
        yield Finding(
            case.span("due"),
            f"this was due by {format_date(due)}, and is not marked as done",
            "write the day it was done as `date`, or agree on a new day",
        )


def _circle(case: Case, person: str, day: date) -> tuple[str, ...]:
    """The people from one round to the same again; () where the way ends elsewhere."""
    first = case.value("accountable_to")
    paths: list[tuple[str, ...]] = [(person, first)] if isinstance(first, str) else []
    seen: set[str] = set()
    while paths:
        path = paths.pop()
        if path[-1] == person:
            return path
        if path[-1] not in seen:
            seen.add(path[-1])
            paths += [(*path, one) for one in _answers_to(case, path[-1], day)]
    return ()


def _answers_to(case: Case, person: str, day: date) -> Iterator[str]:
    for entry in _lines(case, person, day):
        above = entry.values.get("accountable_to")
        if isinstance(above, str):
            yield above


def _lines(case: Case, person: str, day: date) -> Iterator[Entry]:
    for entry in case.known.naming("accountability", "person").get(person, ()):
        if _is_active(entry, day):
            yield entry


def _begun_on(case: Case, circle: tuple[str, ...], day: date) -> Iterator[str]:
    """The paths of those lines of a circle that began on a day."""
    for person, above in pairwise(circle):
        for entry in _lines(case, person, day):
            if entry.values.get("accountable_to") == above and entry.values.get("from") == day:
                yield entry.record.path


def _circle_in_words(case: Case, circle: tuple[str, ...]) -> str:
    names = [display(case.book, one) for one in circle]
    (first, above), *rest = pairwise(names)
    if first == above:
        return f"{first} is accountable to themselves"
    steps = [f"{first} is accountable to {above}", *(f"{one} to {two}" for one, two in rest)]
    return ", ".join(steps)


def _is_active(entry: Entry, day: date) -> bool:
    first, last = entry.values.get("from"), entry.values.get("to")
    if not isinstance(first, date) or day < first:
        return False
    return not isinstance(last, date) or day <= last


def _staff(case: Case, today: date) -> Iterator[tuple[Person, str, Policy]]:
    """The person of a record at each school where they work today, with the policy there."""
    person = case.book.people.get(case.record.id) if case.form.type == "person" else None
    if person is None or person.category in _OUTSIDE or not active(person, today):
        return
    for school in person.schools:
        policy = policy_in_force(case.book.policies.get(school, ()), today)
        if policy is not None:
            yield person, school, policy


def _leads(case: Case, person: Person, school: str, day: date) -> bool:
    return any(person.id in role_holders(case.book, scoped_role(one, school), day) for one in _TOP)


def _is_new(policy: Policy, start: date, today: date) -> bool:
    length = policy.get(_INITIAL)
    return today < months_later(start, length if isinstance(length, int) else _FIRST_YEAR)


def _beginnings(person: Person) -> Iterator[tuple[str, date]]:
    """The days from which somebody is to have a mentor, each with its field."""
    yield "start", person.start
    if person.induction_start is not None and person.induction_start > person.start:
        yield "induction_start", person.induction_start


def _first_mentor_after(case: Case, person: Person, day: date) -> date | None:
    """When the first pair with a mentor began after a day; None where one held on it, or none has.

    A pair that is still to come is none yet.
    """
    pairs = [
        (entry.day, entry.values.get("end"))
        for entry in case.known.naming("partnership", "coachee").get(person.id, ())
        if entry.values.get("kind") in MENTORING_KINDS and entry.day is not None
    ]
    if any(first <= day and not (isinstance(end, date) and end < day) for first, end in pairs):
        return None
    return min((first for first, _ in pairs if day < first <= case.book.today), default=None)


def _lateness(case: Case, school: str, day: date, first: date) -> str:
    """How late a first day was in words; "" where no school day lies between."""
    before = timedelta(days=1)
    if (school, school_year(day)) not in case.book.calendars:
        return _counted((first - day).days, "day")
    years = {school_year(day), school_year(first)}
    calendars = (case.book.calendars.get((school, year)) for year in years)
    days = sum(school_days_between(one, day - before, first - before) for one in calendars if one)
    return _counted(days, "school day") if days else ""


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _mentored(case: Case, person: Person) -> bool:
    """Whether somebody has had a mentor by today."""
    pairs = case.known.naming("partnership", "coachee").get(person.id, ())
    return any(
        entry.values.get("kind") in MENTORING_KINDS
        and entry.day is not None
        and entry.day <= case.book.today
        for entry in pairs
    )


def _at(entry: Entry, school: str) -> bool:
    return entry.record.school in {"", school}


def _school_name(case: Case, school: str) -> str:
    return case.book.schools[school].name if school in case.book.schools else school

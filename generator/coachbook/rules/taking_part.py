"""CB2xx: whether these people may do this together, here and on this day."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from coachbook.book import FORBIDDEN_ROLES, display, follow, path_taken, record_date, role_holders
from coachbook.calendar import format_date
from coachbook.people import ROLE_TITLES, TAKING_PART, TRUST_WIDE, scoped_role
from coachbook.rules.about import ANY_TYPE, about
from coachbook.rules.rule import Case, Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from coachbook.people import Person
    from coachbook.record import Record
    from coachbook.rules.kinds import Lead
    from coachbook.rules.known import Spell


_GATHERING = frozenset({"cpd-activity", "schedule"})
"""Types of record that may bring people of several schools together."""


@about(ANY_TYPE, fields=("coachee", "observers"))
def coach_is_coachee(case: Case) -> Iterator[Finding]:
    """The coach and the coachee are two people, and so are an observer and the observed.

    Why: coaching takes two; the same id twice is a slip.
    Example:
        coachee: p-7kq2m4xa
        coach and coachee are both `p-7kq2m4xa`
    Remedy: correct one of the two lines.
    Source: B-17, mistake 3
    """
    if {"coach", "coachee"} <= case.form.fields.keys():
        both = case.value("coach")
        if both is not None and both == case.value("coachee"):
            yield Finding(
                case.span("coachee"),
                f"coach and coachee are both `{both}`",
                "which of the two is wrong?",
            )
    observers, observed = case.value("observers"), case.value("observed")
    watchers = observers if isinstance(observers, tuple) else (observers,)
    if observed is not None and observed in watchers:
        yield Finding(
            case.span("observers"),
            f"`{observed}` is both observer and observed",
            "which of the two is wrong?",
        )


@about(ANY_TYPE, settings=("participants.forbidden_roles",))
def forbidden_role(case: Case) -> Iterator[Finding]:
    """Nobody takes part in coaching whose role the policy keeps out of it.

    Why: where the policy keeps the head out, colleagues can speak freely. One
    session with the head would give the head a key to it.
    Example:
        coach: p-2hd8w5tn
        the head takes no part in coaching at Otterbeck Primary; this names Odalys as coach
    Remedy: name somebody else; capability mentoring is recorded elsewhere.
    Source: B-09, mistake 19
    """
    roles = case.setting(FORBIDDEN_ROLES)
    if not isinstance(roles, tuple) or not case.access.kept_out():
        return
    for relation, person, path in _taking_part(case):
        role = _role_held(case, roles, person, case.day or case.book.today)
        if role and not _reported(case, path, partial(_role_held, case, roles, person)):
            yield Finding(
                case.span(path.partition(".")[0]),
                f"{ROLE_TITLES.get(role, role)} takes no part in coaching at {case.school_name}; "
                f"this names {display(case.book, person)} as {relation.removesuffix('s')}",
                "name somebody else; capability mentoring is recorded elsewhere",
                case.clause(FORBIDDEN_ROLES),
            )


@about(ANY_TYPE)
def not_here(case: Case) -> Iterator[Finding]:
    """Everybody named works here on the record's date.

    Why: somebody who has left cannot have coached, and must not be given a key
    to what was written afterwards.
    Example:
        date: 2026-11-12
        Caius Threlk left on 31 Aug 2026; this is dated 12 Nov 2026
    Remedy: correct the person or the date; if they came back, correct their dates.
    Source: mistake 25
    """
    day = case.day
    if day is None or _all_here(case, day):
        return
    for person, path in _named(case):
        reason = _absence(case, person, day)
        if reason and not _reported(case, path, partial(_absence, case, person)):
            yield Finding(
                case.span(path.partition(".")[0]),
                f"{display(case.book, person)} {reason}; this is dated {format_date(day)}",
                f"correct the person or the date, or the dates in records/people/{person}.md",
            )


@about(ANY_TYPE)
def other_school(case: Case) -> Iterator[Finding]:
    """A record, what it belongs to and the people in it are of one school.

    Somebody of another school of the trust may take part in a pair, a group or a visit
    together with somebody of this one, and may stand in a schedule or in an activity. A
    trust lead may work at any school, or at none.

    Why: a record is judged by its own school's policy and sealed to that
    school's roles. A cycle of another school has other readers.
    Example:
        coach: p-c5t0w6ze, whose schools are [bramblewick]
        Idris Marlowe-Beck does not work at Otterbeck Primary
    Remedy: correct the school, or add it to the schools of the person who works at both.
    Source: C-14, C-30; domain section 6, wrong school's folder
    """
    school = case.record.school
    if school not in case.book.schools:
        return
    for lead in case.leads:
        yield from _foreign(case, lead)


@about(ANY_TYPE)
def outside_partnership(case: Case) -> Iterator[Finding]:
    """A record is dated within the cycle and the partnership that it belongs to.

    Why: a session before the two began to work together is a wrong date or a
    wrong cycle, and after the end it belongs to the next one.
    Example:
        date: 2026-09-03
        3 Sep 2026 is before the partnership began, on 14 Sep 2026
    Remedy: correct the date, name the right cycle, or correct the dates of the cycle.
    Source: domain section 6, session before the partnership started
    """
    day = case.day
    if day is None or not case.form.on:
        return
    spells = _spells(case)
    # Of a cycle and its pair the pair is told: where the two had not begun, no cycle had.
    for spell in reversed(spells):
        if spell.start and day < spell.start:
            yield _before(case, day, spell.record, spell.start)
            return
    for spell in spells if case.form.type == "session" else ():
        if spell.end and day > spell.end:
            yield _after(case, day, spell.record, spell.end)
            return


def _before(case: Case, day: date, record: Record, start: date) -> Finding:
    key = "from" if record.type == "group" else "start"
    return Finding(
        case.span(case.form.on),
        f"{format_date(day)} is before the {record.type} began, on {format_date(start)}",
        f"correct the date, or `{key}` in {record.path}",
    )


def _after(case: Case, day: date, record: Record, end: date) -> Finding:
    return Finding(
        case.span(case.form.on),
        f"{format_date(day)} is after the {record.type} ended, on {format_date(end)}",
        f"correct the date, or name the {record.type} it belongs to",
    )


def _taking_part(case: Case) -> Iterator[tuple[str, str, str]]:
    """(relation, person, path) of everyone who takes part; the path leads to where they stand."""
    for relation, path in case.form.relations.items():
        people = case.parties.get(relation, ()) if relation in TAKING_PART else ()
        taken = path_taken(case.book, case.record, path) if people and "|" in path else path
        for person in people:
            yield relation, person, taken


def _all_here(case: Case, day: date) -> bool:
    """Whether nobody whom `_named` may name was absent on a day: a first look, as most were not."""
    return not any(_absence(case, one, day) for one in _directly(case)) and not any(
        _absence(case, one, day) for people in case.parties.values() for one in people
    )


def _directly(case: Case) -> list[str]:
    """Everyone whom the header itself names."""
    return [lead.id for lead in case.leads if lead.field.type == "person"]


def _named(case: Case) -> Iterator[tuple[str, str]]:
    """(person, path) of everyone a record names, itself or by reference."""
    direct = set(_directly(case))
    for lead in case.leads:
        if lead.field.type == "person":
            yield lead.id, lead.field.name
    for _, person, path in _taking_part(case):
        if person not in direct:
            yield person, path


def _reported(case: Case, path: str, is_wrong: Callable[[date], object]) -> bool:
    """Whether what is wrong was so already in the record that names the people.

    It is reported there, once, and not on everything that refers to it.
    """
    owner = path.rpartition(".")[0]
    for one in follow(case.book, case.record, owner) if owner else ():
        for record in case.book.by_id.get(one, ())[:1]:
            day = record_date(case.book, record)
            return day is not None and bool(is_wrong(day))
    return False


def _role_held(case: Case, roles: tuple[object, ...], person: str, day: date) -> str:
    found = (
        str(role)
        for role in roles
        if person in role_holders(case.book, scoped_role(str(role), case.record.school), day)
    )
    return next(found, "")


def _absence(case: Case, person: str, day: date) -> str:
    """Why somebody was not here on a day; "" if they were, or are not known."""
    found = case.book.people.get(person)
    if found is None:
        return ""
    if found.end and day > found.end:
        return f"left on {format_date(found.end)}"
    return f"starts on {format_date(found.start)}" if day < found.start else ""


def _foreign(case: Case, lead: Lead) -> Iterator[Finding]:
    school = case.record.school
    if lead.field.type == "person":
        person = case.book.people.get(lead.id)
        if person and school not in person.schools and not _reaches_across(case, person):
            yield Finding(
                case.span_of(lead),
                f"{person.name} does not work at {case.school_name}",
                f"name somebody else, or add `{school}` to `schools` in {person.path}",
            )
        return
    for record in lead.found:
        if record.school and record.school != school:
            yield Finding(
                case.span_of(lead),
                f"{record.type.replace('-', ' ')} `{lead.id}` belongs to {record.school}, "
                f"this record to {school}",
                f"name one of {school}, or correct the school",
            )


def _reaches_across(case: Case, person: Person) -> bool:
    """Whether a person of another school of the trust takes part with somebody of this one."""
    if case.book.schools.keys().isdisjoint(person.schools):
        return False
    if case.form.type in _GATHERING or case.values.get("role") in TRUST_WIDE:
        return True
    together = {one for name in TAKING_PART for one in case.parties.get(name, ())}
    if person.id not in together:
        return False
    known = (case.book.people.get(one) for one in together)
    return any(one is not None and case.record.school in one.schools for one in known)


def _spells(case: Case) -> tuple[Spell, ...]:
    """Those of the cycle, the partnership and the group that a record belongs to."""
    found: tuple[Spell, ...] = ()
    for key in ("cycle", "partnership", "group"):
        if key in case.values:
            found += case.known.spells(key, case.values[key])
    return found

"""CB2xx: whether ids lead somewhere, and these people may do this together."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING

from coachbook.book import (
    FORBIDDEN_ROLES,
    display,
    find_hub,
    follow,
    path_taken,
    record_date,
    role_holders,
    values_of,
)
from coachbook.calendar import format_date
from coachbook.people import ROLE_TITLES, TAKING_PART, scoped_role
from coachbook.rules.rule import Case, Finding
from coachbook.timetable import parse_pair, parse_slot, slot_holder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coachbook.diagnostics import Span
    from coachbook.forms import FieldForm
    from coachbook.people import Person
    from coachbook.record import Record

_GATHERING = frozenset({"cpd-activity", "schedule"})
"""Types of record that may bring people of several schools together."""

_FIRST_AND_LAST = (
    ("start", "end"),
    ("start", "planned_end"),
    ("start", "closed_on"),
    ("from", "to"),
    ("effective_from", "review_due"),
    ("date", "feedback_on"),
    ("induction_start", "induction_end"),
    ("probation_start", "probation_end"),
    ("paused_from", "resumed_on"),
    ("raised_on", "met_on"),
)
_LEADS = ("reference", "person")
"""The types of field that hold the ids of records."""

_MANY_IDS = 500
_SLOT_EXAMPLE = "g-7kq2m4xa 2026-11-09 to 2026-11-20, or with 15:30-16:00 behind it"
_PAIR_EXAMPLE = "p-7kq2m4xa p-3x9p5w1d"


def unknown_reference(case: Case) -> Iterator[Finding]:
    """An id in a header leads to a record that is there.

    Why: a session whose cycle is a slip of the pen belongs to nobody, and its
    readers cannot be told.
    Example:
        coach: p-7kq
        there is no person `p-7kq`
    Remedy: correct the id, or make the record that is missing.
    Source: mistake 7
    """
    for field in _leading(case, *_LEADS):
        for one, span in _ids(case, field):
            yield from _unresolved(case, field.to or "person", one, span)
    yield from _unknown_schools(case)
    yield from _unknown_on_a_line(case)
    yield from _unknown_hub(case)


def coach_is_coachee(case: Case) -> Iterator[Finding]:
    """The coach and the coachee are two people.

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


def forbidden_role(case: Case) -> Iterator[Finding]:
    """Nobody takes part in coaching whose role the policy keeps out of it.

    Why: where the policy keeps the head out, colleagues can speak freely. One
    session with the head would give the head a key to it.
    Example:
        coach: p-2hd8w5tn
        the head takes no part in coaching at Otterbeck Primary, and `p-2hd8w5tn` is named as coach
    Remedy: name somebody else; capability mentoring is recorded elsewhere.
    Source: B-09, mistake 19
    """
    roles = case.setting(FORBIDDEN_ROLES)
    if not isinstance(roles, tuple):
        return
    for relation, person, path in _taking_part(case):
        role = _role_held(case, roles, person, case.day or case.book.today)
        if role and not _reported(case, path, partial(_role_held, case, roles, person)):
            yield Finding(
                case.span(path.partition(".")[0]),
                f"{ROLE_TITLES.get(role, role)} takes no part in coaching at {case.school_name}, "
                f"and `{person}` is named as {relation}",
                "name somebody else; capability mentoring is recorded elsewhere",
                case.clause(FORBIDDEN_ROLES),
            )


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
    if day is None:
        return
    for person, path in _named(case):
        reason = _absence(case, person, day)
        if reason and not _reported(case, path, partial(_absence, case, person)):
            yield Finding(
                case.span(path.partition(".")[0]),
                f"{display(case.book, person)} {reason}; this is dated {format_date(day)}",
                f"correct the person or the date, or the dates in records/people/{person}.md",
            )


def other_school(case: Case) -> Iterator[Finding]:
    """A record, what it belongs to and the people in it are of one school.

    Somebody of another school of the trust may take part in a pair, a group or a visit
    together with somebody of this one, and may stand in a schedule or in an activity.

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
    for field in _leading(case, *_LEADS):
        for one, span in _ids(case, field):
            yield from _foreign(case, field, one, span)


def outside_partnership(case: Case) -> Iterator[Finding]:
    """A record is dated within the cycle and the partnership that it belongs to.

    Why: a session before the two began to work together is a wrong date or a
    wrong cycle, and after the end it belongs to the next one.
    Example:
        date: 2026-09-03
        3 Sep 2026 is before the cycle began, on 14 Sep 2026
    Remedy: correct the date, name the right cycle, or correct the dates of the cycle.
    Source: domain section 6, session before the partnership started
    """
    day = case.day
    if day is None or not case.form.on:
        return
    for name, record in _belongs_to(case):
        start, end = _dates_of(case, record)
        where = case.span(case.form.on)
        if start and day < start:
            message = f"{format_date(day)} is before the {name} began, on {format_date(start)}"
            key = "from" if record.type == "group" else "start"
            yield Finding(where, message, f"correct the date, or `{key}` in {record.path}")
            return
        elif end and day > end and case.form.type == "session":
            message = f"{format_date(day)} is after the {name} ended, on {format_date(end)}"
            yield Finding(where, message, f"correct the date, or name the {name} it belongs to")
            return


def ends_before_start(case: Case) -> Iterator[Finding]:
    """Whatever has a first and a last day begins before it ends.

    Why: a role that ends before it begins is held by nobody, without a word.
    Example:
        end: 2026-08-31
        `end` is 31 Aug 2026, before `start`, 1 Sep 2026
    Remedy: correct one of the two dates.
    Source: domain section 3
    """
    for first, last in _FIRST_AND_LAST:
        end = case.day_of(last) if last in case.values else None
        start = case.day_of(first) if end else None
        if start and end and end < start:
            yield Finding(
                case.span(last),
                f"`{last}` is {format_date(end)}, before `{first}`, {format_date(start)}",
                "which of the two is wrong?",
            )


def _leading(case: Case, *types: str) -> Iterator[FieldForm]:
    """The fields of these types that a record has a value for."""
    fields = case.form.fields
    for key in case.values:
        field = fields.get(key)
        if field is not None and field.type in types:
            yield field


def _ids(case: Case, field: FieldForm) -> Iterator[tuple[str, Span]]:
    """(id, place) for every id in a field."""
    value, written = case.value(field.name), case.record.fields.get(field.name)
    if value is None or written is None:
        return
    values = value if isinstance(value, tuple) else (value,)
    places = written.items if len(written.items) == len(values) else (written.span,) * len(values)
    for one, span in zip(values, places, strict=True):
        if isinstance(one, str):
            yield one, span


def _unresolved(case: Case, wanted: str, one: str, span: Span) -> Iterator[Finding]:
    found = case.book.by_id.get(one, ())
    types = {record.type for record in found}
    if wanted in types:
        return
    if types:
        kind = types.pop().replace("-", " ")
        message = f"`{one}` is the id of another kind of record ({kind}); a {wanted} belongs here"
        yield Finding(span, message)
        return
    close = _close_ids(case, wanted, one)
    hint = f"did you mean `{close}`?" if close else f"make one with: coachbook new {wanted}"
    yield Finding(span, f"there is no {wanted.replace('-', ' ')} `{one}`", hint)


def _unknown_on_a_line(case: Case) -> Iterator[Finding]:
    """Ids on the lines of a schedule and a rotation, and lines that are none."""
    if case.form.type == "schedule":
        for line, span in _ids(case, case.form.fields["slots"]):
            slot = parse_slot(line)
            if slot is None:
                yield Finding(span, "this line is no slot", f"write it like: {_SLOT_EXAMPLE}")
            elif slot.who not in case.book.by_id:
                yield from _unresolved(case, slot_holder(slot.who), slot.who, span)
    elif case.form.type == "rotation":
        for line, span in _ids(case, case.form.fields["pairs"]):
            pair = parse_pair(line)
            if pair is None:
                yield Finding(span, "this line names no pair", f"write it like: {_PAIR_EXAMPLE}")
            for one in pair or ():
                yield from _unresolved(case, "person", one, span)


def _close_ids(case: Case, wanted: str, one: str) -> str:
    ids = [
        known
        for known, records in case.book.by_id.items()
        if records[0].type == wanted and (known[:4] == one[:4] or len(case.book.by_id) < _MANY_IDS)
    ]
    return next(iter(get_close_matches(one, ids, n=1, cutoff=0.6)), "")


def _unknown_schools(case: Case) -> Iterator[Finding]:
    """Schools named by a record: the field `school`, and `schools` where a form has it."""
    names = [(case.record.school, case.span("school"))] if case.record.school else []
    if "schools" in case.form.fields:
        names += _ids(case, case.form.fields["schools"])
    for name, span in names:
        if name not in case.book.schools:
            close = get_close_matches(name, case.book.schools, n=1)
            hint = (
                f"did you mean `{close[0]}`?"
                if close
                else (f"schools are: {', '.join(sorted(case.book.schools))}")
            )
            yield Finding(span, f"there is no school `{name}`", hint)


def _unknown_hub(case: Case) -> Iterator[Finding]:
    """The hub that a school names, where the trust has any."""
    named, hubs = case.value("hub"), case.book.hubs
    if case.form.type != "school" or not isinstance(named, str) or not hubs:
        return
    if find_hub(hubs, named) is None:
        names = [hub.name for hub in hubs.values()]
        close = get_close_matches(named, names, n=1)
        hint = f"did you mean `{close[0]}`?" if close else f"hubs are: {', '.join(sorted(names))}"
        yield Finding(case.span("hub"), f"there is no hub `{named}`", hint)


def _taking_part(case: Case) -> Iterator[tuple[str, str, str]]:
    """(relation, person, path) of everyone who takes part; the path leads to where they stand."""
    for relation, path in case.form.relations.items():
        people = case.parties.get(relation, ()) if relation in TAKING_PART else ()
        taken = path_taken(case.book, case.record, path) if people and "|" in path else path
        for person in people:
            yield relation, person, taken


def _named(case: Case) -> Iterator[tuple[str, str]]:
    """(person, path) of everyone a record names, itself or by reference."""
    direct = set()
    for field in _leading(case, "person"):
        for person, _ in _ids(case, field):
            direct.add(person)
            yield person, field.name
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


def _foreign(case: Case, field: FieldForm, one: str, span: Span) -> Iterator[Finding]:
    school = case.record.school
    if field.type == "person":
        person = case.book.people.get(one)
        if person and school not in person.schools and not _reaches_across(case, person):
            yield Finding(
                span,
                f"{person.name} does not work at {case.school_name}",
                f"name somebody else, or add `{school}` to `schools` in {person.path}",
            )
        return
    for record in case.book.by_id.get(one, ()):
        if record.school and record.school != school:
            yield Finding(
                span,
                f"{record.type.replace('-', ' ')} `{one}` belongs to {record.school}, "
                f"this record to {school}",
                f"name one of {school}, or correct the school",
            )


def _reaches_across(case: Case, person: Person) -> bool:
    """Whether a person of another school of the trust takes part with somebody of this one."""
    if case.book.schools.keys().isdisjoint(person.schools):
        return False
    if case.form.type in _GATHERING:
        return True
    together = {one for name in TAKING_PART for one in case.parties.get(name, ())}
    if person.id not in together:
        return False
    known = (case.book.people.get(one) for one in together)
    return any(one is not None and case.record.school in one.schools for one in known)


def _belongs_to(case: Case) -> Iterator[tuple[str, Record]]:
    """The cycle, the partnership and the group that a record belongs to, by its fields."""
    for key in ("cycle", "cycle.partnership", "partnership", "group"):
        if key.partition(".")[0] in case.values:
            for one in follow(case.book, case.record, key):
                for record in case.book.by_id.get(one, ())[:1]:
                    yield record.type, record


def _dates_of(case: Case, record: Record) -> tuple[date | None, date | None]:
    """First and last day of a cycle, a partnership or a group."""
    values = values_of(case.book, record)
    start = values.get("start") or values.get("from")
    end = values.get("closed_on") or values.get("end") or values.get("to")
    return start if isinstance(start, date) else None, end if isinstance(end, date) else None

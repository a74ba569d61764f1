"""CB2xx: whether ids lead somewhere, and what has a first day also ends after it."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from coachbook.book import find_hub, values_of
from coachbook.calendar import format_date
from coachbook.rules.about import ANY_TYPE, about
from coachbook.rules.kinds import SCHOOLS_IN
from coachbook.rules.rule import Case, Finding
from coachbook.timetable import parse_pair, parse_slot, slot_holder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from coachbook.diagnostics import Span
    from coachbook.forms import FieldForm
    from coachbook.record import Record

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
_LAST_DAYS = tuple(last for _, last in _FIRST_AND_LAST)
"""The fields with which something ends."""

_MANY_IDS = 500
_SLOT_EXAMPLE = "g-7kq2m4xa 2026-11-09 to 2026-11-20, or with 15:30-16:00 behind it"
_PAIR_EXAMPLE = "p-7kq2m4xa p-3x9p5w1d"


@about(ANY_TYPE)
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
    for lead in case.leads:
        wanted = lead.field.to or "person"
        if not any(record.type == wanted for record in lead.found):
            yield _unresolved(case, wanted, lead.id, case.span_of(lead))
    yield from _unknown_schools(case)
    if case.form.type in _SEARCHED:
        yield from _SEARCHED[case.form.type](case)


@about(ANY_TYPE, fields=_LAST_DAYS)
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


@about("cycle")
def follows_itself(case: Case) -> Iterator[Finding]:
    """A cycle goes on from an earlier one, and never from itself, however long the way.

    A circle is told once, at the first of its files.

    Why: whoever follows a goal back to where it began would never arrive.
    Example:
        follows: c-0a1b2c3d
        this cycle follows itself
    Remedy: write the cycle that came before, or take the line out.
    Source: B-22
    """
    way = _way_back(case) if case.form.type == "cycle" else ()
    if way and case.record.path == min(one.path for one in way):
        others = " and ".join(one.id for one in way[1:])
        yield Finding(
            case.span("follows"),
            f"this cycle follows itself, by way of {others}"
            if others
            else "this cycle follows itself",
            "write the cycle that came before, or take the line out",
        )


def _way_back(case: Case) -> tuple[Record, ...]:
    """The cycles from this one back to itself; () where the way ends elsewhere."""
    way: list[Record] = [case.record]
    before = case.value("follows")
    while isinstance(before, str) and before != case.record.id:
        found = next(iter(case.book.by_id.get(before, ())), None)
        if found is None or found in way:
            return ()
        way.append(found)
        before = values_of(case.book, found).get("follows")
    return tuple(way) if before else ()


def _entries_of(case: Case, field: FieldForm) -> Iterator[tuple[str, Span]]:
    """(text, place) for every entry of a field."""
    value, written = case.value(field.name), case.record.fields.get(field.name)
    if value is None or written is None:
        return
    values = value if isinstance(value, tuple) else (value,)
    places = written.items if len(written.items) == len(values) else (written.span,) * len(values)
    for one, span in zip(values, places, strict=True):
        if isinstance(one, str):
            yield one, span


def _unresolved(case: Case, wanted: str, one: str, span: Span) -> Finding:
    """What is said of an id that no record of the type that is wanted has."""
    types = {record.type for record in case.book.by_id.get(one, ())}
    if types:
        kind = types.pop().replace("-", " ")
        message = f"`{one}` is the id of another kind of record ({kind}); a {wanted} belongs here"
        return Finding(span, message)
    close = _close_ids(case, wanted, one)
    hint = f"did you mean `{close}`?" if close else f"make one with: coachbook new {wanted}"
    return Finding(span, f"there is no {wanted.replace('-', ' ')} `{one}`", hint)


def _unknown_in_slots(case: Case) -> Iterator[Finding]:
    """Ids on the lines of a schedule, and lines that are no slots."""
    for line, span in _entries_of(case, case.form.fields["slots"]):
        slot = parse_slot(line)
        if slot is None:
            yield Finding(span, "this line is no slot", f"write it like: {_SLOT_EXAMPLE}")
        elif slot.who not in case.book.by_id:
            yield _unresolved(case, slot_holder(slot.who), slot.who, span)


def _unknown_in_pairs(case: Case) -> Iterator[Finding]:
    """Ids on the lines of a rotation, and lines that are no pairs."""
    for line, span in _entries_of(case, case.form.fields["pairs"]):
        pair = parse_pair(line)
        if pair is None:
            yield Finding(span, "this line names no pair", f"write it like: {_PAIR_EXAMPLE}")
        elif len(set(pair)) == 1:
            yield Finding(span, f"`{pair[0]}` is paired with themselves", "name the other one")
        for one in pair or ():
            if not _is_person(case, one):
                yield _unresolved(case, "person", one, span)


def _is_person(case: Case, one: str) -> bool:
    return any(record.type == "person" for record in case.book.by_id.get(one, ()))


def _close_ids(case: Case, wanted: str, one: str) -> str:
    """The id that was probably meant, among those of the record's school and of the trust."""
    near = {"", case.record.school}
    ids = [
        known
        for known, records in case.book.by_id.items()
        if records[0].type == wanted and records[0].school in near
    ]
    if len(ids) > _MANY_IDS:
        ids = [known for known in ids if known[:4] == one[:4]]
    return next(iter(get_close_matches(one, ids, n=1, cutoff=0.6)), "")


def _unknown_schools(case: Case) -> Iterator[Finding]:
    """Schools named by a record: its own, those of a person, and the one a policy is taken from."""
    if case.record.school in case.book.schools and not case.kind.names_schools:
        return
    names = [(case.record.school, case.span("school"))] if case.record.school else []
    for key in SCHOOLS_IN:
        if key in case.form.fields:
            names += _entries_of(case, case.form.fields[key])
    for name, span in names:
        if name not in case.book.schools:
            close = get_close_matches(name, case.book.schools, n=1)
            hint = (
                f"did you mean `{close[0]}`?"
                if close
                else (f"schools are: {', '.join(sorted(case.book.schools))}")
            )
            yield Finding(span, f"there is no school `{name}`", hint)
        elif name == case.record.id and "policy_of" in case.form.fields:
            message = f"`policy_of` names `{name}` itself"
            hint = "name the school whose policy holds here too, or delete this line"
            yield Finding(span, message, hint)


def _unknown_hub(case: Case) -> Iterator[Finding]:
    """The hub that a school names, where the trust has any."""
    named, hubs = case.value("hub"), case.book.hubs
    if not isinstance(named, str) or not hubs:
        return
    if find_hub(hubs, named) is None:
        names = [hub.name for hub in hubs.values()]
        close = get_close_matches(named, names, n=1)
        hint = f"did you mean `{close[0]}`?" if close else f"hubs are: {', '.join(sorted(names))}"
        yield Finding(case.span("hub"), f"there is no hub `{named}`", hint)


_SEARCHED: Mapping[str, Callable[[Case], Iterator[Finding]]] = {
    "rotation": _unknown_in_pairs,
    "schedule": _unknown_in_slots,
    "school": _unknown_hub,
}
"""Types of record that name others in their own way."""

"""CB2xx and CB3xx: groups, the schedule they meet by, and rotations of pairs."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

from coachbook.book import display, follow, parties, role_holders
from coachbook.calendar import format_date
from coachbook.people import active, scoped_role
from coachbook.rules.about import about
from coachbook.rules.rule import Case, Finding
from coachbook.sentences import join
from coachbook.timetable import parse_pair, parse_slots

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.book import Entry
    from coachbook.timetable import Slot

_SIZE, _WINDOW, _AGREED = "group.size", "session.window", "schedule.agreed"
_WHOSE = ("group", "partnership", "cycle", "cycle.partnership")
"""Whose slot a session may fall into."""

_TITLES = {"support-triad": "triad", "triplet": "triplet", "co-coaching": "group"}
_TEACHERS = frozenset({"teacher", "senior-leader"})
_NAMED = 4
"""So many people are named in a message; of more it says how many there are."""


@about("group")
def group_size(case: Case) -> Iterator[Finding]:
    """A group that coaches together has as many members as the policy says.

    A coaching team is no such group, and neither is one that has ended.

    Why: in a three everyone coaches, is coached and looks on in turn. With two
    of them nobody looks on.
    Example:
        members: [p-7kq2m4xa, p-c5t0w6ze]
        triad `g-2k7m4q9x` has 2 members; it needs 3 [2.4]
    Remedy: add one, or end the group.
    Source: A-07, B-17, D-11, mistake 22
    """
    size, members, end = case.setting(_SIZE), case.value("members"), case.day_of("to")
    title = _TITLES.get(str(case.value("kind")))
    if case.form.type != "group" or title is None or not isinstance(size, int):
        return
    count = len(set(members)) if isinstance(members, tuple) else 0
    if count != size and (end is None or end >= case.book.today):
        noun = "member" if count == 1 else "members"
        yield Finding(
            case.span("members"),
            f"{title} `{case.record.id}` has {count} {noun}; it needs {size}",
            f"{'add one' if count < size else 'make two groups of it'}, or end the group with `to`",
            case.clause(_SIZE),
        )


@about("session", where=lambda case: case.setting("session.window") == "scheduled-slot")
def outside_window(case: Case) -> Iterator[Finding]:
    """A scheduled session falls into the slot that the schedule gives it.

    Where there is no schedule for the day, or it has no slot for these people,
    nothing is said about a session that does not call itself scheduled.

    Why: a slot is time that others gave up for it, by cover or by a free room.
    Example:
        date: 2026-11-25
        25 Nov 2026 is outside the slot of `g-2k7m4q9x` in the schedule: 9–20 Nov [4.3]
    Remedy: correct the date; or, if it came about otherwise, say `scheduled: no` and the trigger.
    Source: A-19
    """
    day, scheduled = case.day, case.value("scheduled")
    if case.setting(_WINDOW) != "scheduled-slot" or case.form.type != "session" or day is None:
        return
    if scheduled is False or case.value("status") == "missed":
        return
    schedules = [one for one in case.known.of_type["schedule"] if _covers(case, one, day)]
    whose = {one for path in _WHOSE for one in follow(case.book, case.record, path)}
    slots = [slot for one in schedules for slot in _slots(one) if slot.who in whose]
    at = case.value("start_time")
    hint = "correct the date; or, if it came about otherwise, write `scheduled: no` and a `trigger`"
    if slots and not any(slot.holds(day, at if isinstance(at, time) else None) for slot in slots):
        is_time = any(slot.holds(day, None) for slot in slots)
        what = f"{at:%H:%M}" if is_time and isinstance(at, time) else format_date(day)
        yield Finding(
            case.span("start_time" if is_time else case.form.on),
            f"{what} is outside the slot of `{slots[0].who}` in the schedule: "
            f"{join((str(one) for one in slots), 'or')}",
            hint,
            case.clause(_WINDOW),
        )
    elif schedules and not slots and scheduled is True:
        message = f"the schedule of {format_date(day)} has no slot for this session"
        yield Finding(case.span("scheduled"), message, hint, case.clause(_WINDOW))


@about("rotation")
def rotation_repeat(case: Case) -> Iterator[Finding]:
    """A rotation pairs nobody with somebody they were paired with before.

    Why: the point of a rotation is to learn from everyone in turn.
    Example:
        pairs: [p-7kq2m4xa p-c5t0w6ze]
        Nerys Sallowfield and Idris Marlowe-Beck were a pair already, in `ro-3d5f7h9k`
    Remedy: swap with another pair; keep it if both want to go on.
    Source: D-08
    """
    if case.form.type != "rotation":
        return
    lines, start = case.value("pairs"), case.day or case.day_of("from")
    field = case.record.fields.get("pairs")
    spans = field.items if field else ()
    seen: set[tuple[str, str]] = set()
    for number, line in enumerate(lines if isinstance(lines, tuple) else ()):
        pair = parse_pair(str(line))
        before = _paired_before(case, pair, start, seen) if pair else ""
        if pair and before:
            one, two = (display(case.book, person) for person in pair)
            yield Finding(
                spans[number] if number < len(spans) else case.span("pairs"),
                f"{one} and {two} were a pair already, {before}",
                "swap with another pair; keep it if both want to go on",
                case.clause("partnership.chosen_by"),
            )
        if pair:
            seen.add(pair)


@about("schedule")
def schedule_not_agreed(case: Case) -> Iterator[Finding]:
    """Everyone who stands in a schedule has agreed to it before it begins.

    So it is where the policy says so. In a schedule without slots, these are the
    teachers of the school.

    Why: a timetable that was agreed is kept; one that was handed out is endured.
    Example:
        acknowledged: [p-c5t0w6ze]
        Nerys Sallowfield has not agreed to this schedule, which began on 2 Nov 2026 [4.3]
    Remedy: ask them, and add them to `acknowledged`; or change the schedule.
    Source: A-14, A-15
    """
    start = case.day_of("from")
    if case.form.type != "schedule" or case.setting(_AGREED) is not True or start is None:
        return
    if start > case.book.today:
        return
    began = f"this schedule, which began on {format_date(start)}"
    missing = _not_agreed(case, start)
    if missing:
        few = len(missing) <= _NAMED
        who = join(missing) if few else f"{len(missing)} teachers"
        verb = "has" if len(missing) == 1 else "have"
        yield Finding(
            case.span("acknowledged" if "acknowledged" in case.record.fields else "from"),
            f"{who} {verb} not agreed to {began}",
            "ask them, and add them to `acknowledged`; or change the schedule",
            case.clause(_AGREED),
        )
    elif case.value("agreed_on") is None:
        yield Finding(
            case.span("from"),
            f"{began}, does not say when it was agreed",
            "add the line `agreed_on:` with the day",
            case.clause(_AGREED),
        )


def _slots(schedule: Entry) -> tuple[Slot, ...]:
    return parse_slots(schedule.values.get("slots"))


def _covers(case: Case, schedule: Entry, day: date) -> bool:
    """Whether a schedule is of the record's school and of a day."""
    first, last = schedule.values.get("from"), schedule.values.get("to")
    if schedule.record.school != case.record.school or not isinstance(first, date):
        return False
    return first <= day and (not isinstance(last, date) or day <= last)


def _paired_before(
    case: Case, pair: tuple[str, str], start: date | None, seen: set[tuple[str, str]]
) -> str:
    """Where two people were a pair before; "" if they were not."""
    if pair in seen:
        return "in this rotation"
    for entry in case.known.of_type["rotation"]:
        begun = entry.values.get("from")
        if not isinstance(begun, date) or start is None or begun >= start:
            continue
        lines = entry.values.get("pairs")
        if pair in {parse_pair(str(one)) for one in (lines if isinstance(lines, tuple) else ())}:
            return f"in `{entry.record.id}`"
    for one, two in (pair, pair[::-1]):
        for entry in case.known.naming("partnership", "coach").get(one, ()):
            earlier = entry.day is not None and start is not None and entry.day < start
            if earlier and entry.values.get("coachee") == two:
                return f"in `{entry.record.id}`"
    return ""


def _not_agreed(case: Case, start: date) -> list[str]:
    """The names of those who were here that day, stand in a schedule and have not agreed to it."""
    agreed = case.value("acknowledged")
    named = frozenset(agreed) if isinstance(agreed, tuple) else frozenset()
    people = (case.book.people.get(one) for one in _concerned(case, start) - named)
    return sorted(
        person.name
        for person in people
        if person and active(person, start) and active(person, case.book.today)
    )


def _concerned(case: Case, start: date) -> frozenset[str]:
    """Whoever stands in a schedule; where it has no slots, the teachers of the school."""
    slots = parse_slots(case.value("slots"))
    if slots:
        return frozenset(one for slot in slots for one in _people_of(case, slot.who))
    heads = role_holders(case.book, scoped_role("head", case.record.school), start)
    return frozenset(
        person.id
        for person in case.book.people.values()
        if person.category in _TEACHERS
        and case.record.school in person.schools
        and person.id not in heads
    )


def _people_of(case: Case, who: str) -> Iterator[str]:
    """The people of a group, a pair or a cycle."""
    for record in case.book.by_id.get(who, ())[:1]:
        for people in parties(case.book, record).values():
            yield from people

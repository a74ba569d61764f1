"""Closing a cycle on the Write page: its outcome, the monitor's statement, what comes after.

Coach and coachee write the outcome into the cycle's own record, which the
browser hands over as a whole: its sealed parts as they are, the outcome sealed
beside them, and the status they chose. The statement is written on a page of
the monitor's role, as it is that role which may know of the cycle.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coachbook.audience import Audience
from coachbook.book import role_holders
from coachbook.forms import FieldForm
from coachbook.overviews.closing import OUTCOME, RUNNING, State, closing_steps
from coachbook.overviews.write_places import Place, parts_of, since
from coachbook.overviews.write_readers import WRITER, Reading
from coachbook.record import replace_section
from coachbook.rules.closing import STATEMENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coachbook.forms import Form
    from coachbook.overviews.write_readers import Readings
    from coachbook.views import RecordView, View

SEALED_HERE = "{sealed}"
"""Stands in the source of a cycle where its sealed outcome will."""

_OVER = FieldForm(
    name="status",
    type="choice",
    required=True,
    choices=("closed", "ended"),
    default="closed",
    help="Closed: the round was finished. Ended: it stopped earlier.",
)
_WAITING = replace(
    _OVER,
    choices=("open", "ended"),
    default="open",
    help="Open: it waits for the monitor's impact statement. Ended: it stopped earlier.",
)


def closing_places(view: View, readings: Readings, person: str) -> Iterator[Place]:
    """Where the person can bring a cycle to its end, and begin the one that follows it."""
    for cycle in view.cycles_of(person):
        if cycle.raw("status") in RUNNING:
            yield _close(view, cycle, person)
        if not _is_followed(view, cycle, person):
            yield from _next(readings, cycle, person)


def statement_places(view: View, readings: Readings, role: str) -> Iterator[Place]:
    """The cycles whose impact statement the holders of a role have still to write."""
    holders = role_holders(view.book, role)
    own = Audience(frozenset({role}))
    for cycle in view.cycles.values() if holders else ():
        steps = {step.kind: step.state for step in closing_steps(view, cycle)}
        if steps.get("statement") is not State.OPEN or not cycle.audience.admits(own):
            continue
        forms = readings.usable(STATEMENT, cycle.school)[:1]
        links = {"cycle": cycle.id}
        reading = readings.of(forms, cycle.school, links) if forms else None
        parts = parts_of(reading, holders[0]) if reading else {}
        if reading and parts:
            label = cycle.label(f"On the cycle of {_people(cycle)}{since(cycle)}", "people")
            yield Place(
                kind="statement",
                label=label,
                school=cycle.school,
                links={**links, "author": WRITER},
                parts=parts,
                reading=reading,
                writer=holders[0],
                cycle=cycle.id,
            )


def closings_model(view: View, places: Sequence[Place], principal: str) -> list[dict[str, object]]:
    """The steps to the close of every cycle that one of these places helps to close."""
    own = Audience(frozenset({principal}))
    ids = dict.fromkeys(place.cycle for place in places if place.cycle)
    cycles = (view.cycles[one] for one in ids if one in view.cycles)
    return [
        {
            "cycle": cycle.id,
            "label": f"{_people(cycle)}{since(cycle)}",
            "steps": [
                {
                    "kind": step.kind,
                    "title": step.title,
                    "who": step.who,
                    "state": step.state.value,
                }
                for step in closing_steps(view, cycle)
            ],
        }
        for cycle in cycles
        if cycle.audience.admits(own)
    ]


def _close(view: View, cycle: RecordView, person: str) -> Place:
    """The cycle's own record, with a place for its outcome if it has none yet."""
    steps = {step.kind: step.state for step in closing_steps(view, cycle)}
    waits = steps.get("statement") is State.OPEN
    form = _closing_form(cycle.form, is_waiting=waits, is_told=cycle.sealed(OUTCOME) is not None)
    reading = Reading(cycle.access, (form,))
    names = tuple(section.name for section in reading.writable(form, person, by_table=False))
    source = cycle.record.source
    return Place(
        kind="close",
        label=cycle.others(person).map(lambda others: f"Close: with {others}{since(cycle)}"),
        school=cycle.school,
        links={},
        parts={form.key: names} if len(names) == len(form.sections) else {},
        reading=reading,
        writer=person,
        cycle=cycle.id,
        path=cycle.record.path,
        source=replace_section(cycle.record, OUTCOME, SEALED_HERE) if names else source,
    )


def _closing_form(form: Form, *, is_waiting: bool, is_told: bool) -> Form:
    """The form of a cycle as far as its close goes."""
    outcome = [replace(one, required=True) for one in form.sections if one.name == OUTCOME]
    field = _WAITING if is_waiting else _OVER
    return replace(
        form,
        name="cycle-waits" if is_waiting else "cycle-close",
        version=2 if is_told else 1,
        title="Close the cycle",
        on="closed_on",
        fields={field.name: field},
        sections=() if is_told else tuple(outcome),
    )


def _next(readings: Readings, cycle: RecordView, person: str) -> Iterator[Place]:
    """A new cycle of the same pair that follows this one."""
    links = {"partnership": str(cycle.raw("partnership") or ""), "follows": cycle.id}
    for form in readings.usable("cycle", cycle.school)[:1]:
        opening = replace(form, sections=tuple(one for one in form.sections if one.name != OUTCOME))
        reading = readings.of((opening,), cycle.school, links)
        yield Place(
            kind="next",
            label=cycle.others(person).map(
                lambda others: (
                    f"The next cycle with {others}, after the one{since(cycle).removeprefix(',')}"
                )
            ),
            school=cycle.school,
            links=links,
            parts=parts_of(reading, person),
            reading=reading,
            writer=person,
            cycle=cycle.id,
        )


def _is_followed(view: View, cycle: RecordView, person: str) -> bool:
    """True for a cycle that another follows, or that lies further back than the pair's latest."""
    later = (
        one
        for one in view.cycles_of(person)
        if one.raw("partnership") == cycle.raw("partnership") and one.id != cycle.id
    )
    return any(one.day and cycle.day and one.day > cycle.day for one in later)


def _people(cycle: RecordView) -> str:
    ids = [one for relation in ("coachee", "coach") for one in cycle.people.get(relation, ())]
    return " and ".join(dict.fromkeys(cycle.short_name(one) for one in ids))

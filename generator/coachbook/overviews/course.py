"""The course of a cycle as drawings: what happened when, and what each session covered."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from coachbook.calendar import format_date, format_day
from coachbook.overviews.wording import STATUS_WORDS, VISIT_WORDS, visit_href
from coachbook.views import public

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.audience import Audience, Labelled
    from coachbook.forms import Form
    from coachbook.views import RecordView, View

    Item = dict[str, object]

_STATES = {"held": "done", "planned": "planned", "missed": "missed", "cancelled": "off"}
_COVERED = {"done": "written", "off": "not written"}
_MANY = 12
_NAMES = 6  # how many names of half-terms have room beside each other
_NO_PART = frozenset({"Coachee reflection", "Coach notes"})


def course_model(view: View, cycle: RecordView, audience: Audience) -> Item:
    """Everything dated in a cycle on one line of time, with its half-terms; empty without a start.

    What not everybody on this page may know of is left out.
    """
    if cycle.day is None:
        return {}
    found = sorted(
        (one for one in _dated(view, cycle) if one[1].audience.admits(audience)),
        key=lambda one: (str(one[1].day), one[1].id),
    )
    items = [_item(words, record) for words, record in found[-_MANY:]]
    return {
        "items": [_whole(cycle), *items],
        "marks": _half_terms(view, cycle, [record for _, record in found]),
        "left_out": cycle.label(max(0, len(found) - _MANY), "sessions"),
        "today": public(view.book.today),
    }


def parts_grid(cycle: RecordView, sessions: tuple[RecordView, ...]) -> Item:
    """Which sections of the model's form each session covered; empty where it has no own form.

    A section was covered when something was written under its heading.
    """
    form = _model_form(cycle)
    held = [one for one in sessions if one.raw("status") == "held" and one.form.name == form.name]
    if not held:
        return {}
    names = [part.name for part in form.sections if part.sealed and part.name not in _NO_PART]
    return {
        "corner": public("Section"),
        "words": {state: public(words) for state, words in _COVERED.items()},
        "columns": [
            one.label(format_day(one.day) if one.day else "", "date") for one in held[-_MANY:]
        ],
        "rows": [
            {"label": public(name), "cells": [_covered(one, name) for one in held[-_MANY:]]}
            for name in names
        ],
    }


def _covered(session: RecordView, part: str) -> dict[str, Labelled[str]]:
    state = "done" if session.sealed(part) is not None else "off"
    return {"state": session.label(state, part), "text": session.label(_COVERED[state], part)}


def _model_form(cycle: RecordView) -> Form:
    """The form that sessions on the cycle's model are written on; the cycle's own if there is none.

    A cycle's own form is that of no session.
    """
    model = str(cycle.raw("model") or "")
    suited = (one for one in cycle.book.forms.newest() if model and model in one.suits)
    return next((one for one in suited if one.type == "session"), cycle.form)


def _dated(view: View, cycle: RecordView) -> Iterator[tuple[str, RecordView]]:
    for session in view.sessions_of(cycle.id):
        yield "Session", session
    for visit in view.visits_for(cycle.id):
        yield VISIT_WORDS.get(str(visit.raw("kind")), "Visit"), visit
    for check in view.goal_checks.get(cycle.id, ()):
        yield "Goal looked at", check
    for statement in view.statements.get(cycle.id, ()):
        yield "Impact statement", statement


def _item(words: str, record: RecordView) -> Item:
    status = str(record.raw("status") or "held")
    when = format_day(record.day) if record.day else ""
    told = "" if status == "held" else f", {STATUS_WORDS.get(status, status).lower()}"
    item: Item = {
        "label": record.label(words, "type"),
        "start": record.label(record.day, "date"),
        "when": record.label(f"{when}{told}", "date"),
        "state": record.label(_STATES.get(status, "done"), "status"),
    }
    return item | ({"href": visit_href(record)} if record.record.type == "observation" else {})


def _whole(cycle: RecordView) -> Item:
    """The cycle from its start to its close, or to the day it is planned to end."""
    end = _end(cycle)
    item: Item = {
        "label": cycle.label("The cycle", "start"),
        "start": cycle.label(cycle.day, "start"),
        "when": cycle.label(_span(cycle, end), "start"),
    }
    is_span = isinstance(end, dt.date) and cycle.day is not None and end >= cycle.day
    return item | ({"end": cycle.label(end, "planned_end")} if is_span else {})


def _end(cycle: RecordView) -> object:
    """The day on which a cycle was closed, or else is planned to end."""
    closed = cycle.raw("closed_on")
    return closed if isinstance(closed, dt.date) else cycle.raw("planned_end")


def _span(cycle: RecordView, end: object) -> str:
    start = format_date(cycle.day) if cycle.day else ""
    return f"{start} to {format_date(end)}" if isinstance(end, dt.date) else f"from {start}"


def _half_terms(view: View, cycle: RecordView, dated: list[RecordView]) -> list[Item]:
    """The half-terms of the cycle: the one that it begins in too, where its name has room."""
    days = [one.day for one in dated if one.day]
    end = _end(cycle)
    until = [end] if isinstance(end, dt.date) else []
    is_over = isinstance(cycle.raw("closed_on"), dt.date)
    first = min([*days, cycle.day or view.book.today])
    last = max([*days, *until, *([] if is_over and until else [view.book.today])])
    calendar = view.calendar_of(cycle)
    spans = [
        (max(span.start, first), span.name)
        for span in (calendar.half_terms if calendar and cycle.day else ())
        if span.end >= first and span.start <= last
    ]
    if len(spans) > 1 and (spans[1][0] - first) * _NAMES < last - first:
        del spans[0]
    return [{"at": public(day), "text": public(name)} for day, name in spans]

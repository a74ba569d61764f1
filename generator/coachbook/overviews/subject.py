"""What coaching is about and what it moves: priorities, subjects, staff groups, feedback.

Cycles, sessions and visits are counted by the priority and the subject that their headers name.
A cycle that names two priorities counts under both. Who has not been coached yet is named,
because this page goes only to those whom the policy lets read who was.
"""

from __future__ import annotations

import datetime as dt
from statistics import median
from typing import TYPE_CHECKING

from coachbook.calendar import school_days_between, school_year
from coachbook.figures import people_meant, year_to_date
from coachbook.overviews import Page
from coachbook.overviews.gaps import lacks
from coachbook.overviews.leading import HEADERS, PAIRS, PEOPLE, PLANS, Led, leaders
from coachbook.overviews.wording import roles_in_words
from coachbook.sentences import begin, join
from coachbook.values import frozen
from coachbook.views import public

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from coachbook.calendar import HalfTerm
    from coachbook.views import RecordView, View

_CATEGORIES = {
    "senior-leader": "Senior leaders",
    "teacher": "Teachers",
    "teaching-support": "Teaching support staff",
    "other": "Other staff",
    "governor": "Governors",
    "external": "Colleagues from outside",
}


@frozen
class Work:
    """What stands under one heading: cycles, the sessions held in them, visits and needs."""

    cycles: tuple[RecordView, ...]
    sessions: tuple[RecordView, ...]
    visits: tuple[RecordView, ...]
    needs: tuple[RecordView, ...] = ()

    def people(self) -> frozenset[str]:
        """Whom the work was for."""
        sides = ("coachee", "members")
        records = (*self.cycles, *self.sessions)
        return frozenset(
            person for one in records for side in sides for person in one.people.get(side, ())
        )


def subject_page(view: View, school: str) -> Page:
    """Builds the page of priorities and subjects, for those who lead coaching."""
    led = Led(view, school, leaders(view.book, school, (PEOPLE, PAIRS, HEADERS, PLANS)))
    work = _work(led)
    return Page(
        kind="subject",
        path=f"subject/{school}",
        title=public("Priorities and subjects"),
        group=public(view.school_name(school)),
        audience=led.audience,
        template="subject.html",
        model={
            "name": public(view.school_name(school)),
            "year": public(school_year(view.book.today)),
            "who": public(roles_in_words(led.audience)),
            "period": public(str(year_to_date(view.book, school))),
            "counted": led.label(_counted(work), "what is counted"),
            "gaps": lacks(led),
            "priorities": _priorities(led, work),
            "subjects": [_subject(led, work, one) for one in _subjects(work)],
            "grid": _grid(led, work),
            "coverage": _coverage(led),
            "planned": _planned(led, work),
        },
        blocks={},
    )


def _work(led: Led) -> Work:
    """Everything of this school year that is counted here."""
    cycles = tuple(one for one in led.cycles if _went_on(led, one))
    sessions = tuple(one for one in led.sessions if one.raw("status") == "held")
    visits = tuple(
        one
        for one in led.of_type("observation")
        if led.is_this_year(one) and one.raw("status") == "held"
    )
    needs = tuple(one for one in led.of_type("cpd-need") if led.is_this_year(one))
    return Work(cycles, sessions, visits, needs)


def _counted(work: Work) -> str:
    """How much there is of everything, in words."""
    parts = ((work.cycles, "cycle"), (work.sessions, "session"), (work.visits, "visit"))
    return join([f"{len(of)} {word}{'' if len(of) == 1 else 's'}" for of, word in parts])


def _went_on(led: Led, cycle: RecordView) -> bool:
    """Whether a cycle went on at some time of this school year."""
    end = cycle.raw("closed_on") or (
        cycle.raw("planned_end") if cycle.raw("status") in {"closed", "ended"} else None
    )
    last = end if isinstance(end, dt.date) else led.book.today
    return school_year(last) >= school_year(led.book.today)


def _about(work: Work, holds: Callable[[RecordView], bool]) -> Work:
    """The part of the work whose own header, or whose cycle's, says what is asked."""
    cycles = tuple(one for one in work.cycles if holds(one))
    ids = {one.id for one in cycles}
    return Work(
        cycles,
        tuple(one for one in work.sessions if holds(one) or str(one.raw("cycle")) in ids),
        tuple(one for one in work.visits if holds(one)),
        tuple(one for one in work.needs if holds(one) or str(one.raw("cycle")) in ids),
    )


def _priorities(led: Led, work: Work) -> list[list[object]]:
    """A row for each priority of the year, and one for what serves none of them."""
    names = {
        str(one.raw("name")): str(one.raw("title") or one.raw("name"))
        for one in (*led.of_type("priority"), *_shared(led))
        if str(one.raw("year")) == school_year(led.book.today)
    }
    rows = [_row(led, title, _about(work, _serves(name))) for name, title in names.items()]
    none = _about(work, lambda one: not set(_listed(one, "priority")) & names.keys())
    return [*rows, _row(led, "No priority named", none)] if none.cycles else rows


def _shared(led: Led) -> tuple[RecordView, ...]:
    """The priorities that the whole trust shares."""
    found = led.view.of_type("trust-priority")
    return tuple(one for one in found if one.audience.admits(led.audience))


def _in_subject(subject: str) -> Callable[[RecordView], bool]:
    return lambda one: one.raw("subject") == subject


def _serves(name: str) -> Callable[[RecordView], bool]:
    return lambda one: name in _listed(one, "priority")


def _row(led: Led, title: str, work: Work) -> list[object]:
    finished = [one for one in work.cycles if one.raw("status") == "closed"]
    stated = [one for one in finished if _seen(led, led.view.statements.get(one.id, ()))]
    met = sum(one.raw("status") == "met" for one in work.needs)
    numbers = (
        len(work.people()),
        len(work.cycles),
        len(work.sessions),
        len(work.visits),
        len(finished),
        len(stated),
    )
    needs = f"{met} of {len(work.needs)}" if work.needs else ""
    return [
        led.label(title, "priority"),
        *(led.label(number, "priority") for number in numbers),
        {"text": led.label(needs, "needs"), "sort": led.label(met, "needs")},
    ]


def _subjects(work: Work) -> list[str]:
    records = (*work.cycles, *work.sessions, *work.visits)
    return sorted({str(one.raw("subject")) for one in records if one.raw("subject")})


def _subject(led: Led, work: Work, subject: str) -> list[object]:
    part = _about(work, _in_subject(subject))
    days = [found for one in part.visits if (found := _days_to_feedback(led, one)) is not None]
    words = f"{median(days):g}" if days else ""
    return [
        led.label(begin(subject), "subject"),
        led.label(len(part.people()), "subject"),
        led.label(len(part.cycles), "subject"),
        led.label(len(part.sessions), "subject"),
        led.label(len(part.visits), "subject"),
        {
            "text": led.label(words, "subject"),
            "note": led.label(f"{len(days)} of {_visits(len(part.visits))}" if days else "", "n"),
        },
    ]


def _visits(number: int) -> str:
    return f"{number} visit{'' if number == 1 else 's'}"


def _seen(led: Led, records: Iterable[RecordView]) -> list[RecordView]:
    """Those that everybody on the page may read."""
    return [one for one in records if one.audience.admits(led.audience)]


def _days_to_feedback(led: Led, visit: RecordView) -> int | None:
    """The school days from a visit to its feedback; None where none is on record."""
    talks = _seen(led, led.view.feedback.get(visit.id, ()))
    told = [visit.raw("feedback_on"), *(one.day for one in talks)]
    days = [day for day in told if isinstance(day, dt.date)]
    if led.calendar is None or visit.day is None or not days:
        return None
    return school_days_between(led.calendar, visit.day, min(days))


def _grid(led: Led, work: Work) -> dict[str, object]:
    """Sessions and visits of each subject in each half-term."""
    spans = led.calendar.half_terms if led.calendar else ()
    rows = []
    for subject in _subjects(work):
        part = _about(work, _in_subject(subject))
        days = [one.day for one in (*part.sessions, *part.visits)]
        rows.append(
            {
                "label": led.label(begin(subject), "subject"),
                "cells": [_in_span(led, days, span) for span in spans],
            }
        )
    return {
        "corner": public("Subject"),
        "columns": [public(span.name) for span in spans],
        "rows": rows if spans else [],
        "words": {"off": public("still to come")},
    }


def _in_span(led: Led, days: Sequence[dt.date | None], span: HalfTerm) -> object:
    """How many of these days lie in a half-term; a sign where it is still to come."""
    if span.start > led.book.today:
        return {"state": public("off")}
    return led.label(sum(day in span for day in days if day), "subject")


def _coverage(led: Led) -> list[dict[str, object]]:
    """Each staff group that the policy means to reach, with those who had no session yet."""
    meant = people_meant(led.book, led.school)
    held = [one for one in led.sessions if one.raw("status") == "held"]
    reached = Work((), tuple(held), ()).people()
    return [
        {
            "label": public(words),
            "value": led.label(sum(one.id in reached for one in group), "coverage"),
            "of": led.label(len(group), "coverage"),
            "not_yet": [led.name(one.id) for one in group if one.id not in reached],
        }
        for category, words in _CATEGORIES.items()
        if (group := [one for one in meant if one.category == category])
    ]


def _planned(led: Led, work: Work) -> list[dict[str, object]]:
    """Sessions in the timetable beside those that came about when somebody needed one."""
    said = [one.raw("scheduled") for one in work.sessions]
    numbers = {"In the timetable": said.count(True), "When somebody needed one": said.count(False)}
    rows = _bars(led, numbers.items())
    return rows if any(numbers.values()) else []


def _bars(led: Led, numbers: Iterable[tuple[str, int]]) -> list[dict[str, object]]:
    return [
        {"label": public(name), "value": led.label(number, "sessions")} for name, number in numbers
    ]


def _listed(record: RecordView, key: str) -> Sequence[str]:
    value = record.raw(key)
    return [str(one) for one in value] if isinstance(value, tuple) else []

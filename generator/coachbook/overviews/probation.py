"""Probation: whose clock runs, and when it is half-way and over.

The reviews themselves are sealed whole, so this page says when one falls due, and no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.calendar import format_date
from coachbook.induction import next_probation_review, probation_midpoint
from coachbook.overviews import Page
from coachbook.overviews.coverage import readers_of
from coachbook.overviews.induction import STAYS, day_cell, when_due
from coachbook.overviews.leading import PEOPLE, Led
from coachbook.views import public

if TYPE_CHECKING:
    import datetime as dt

    from coachbook.people import Person
    from coachbook.views import View

PROBATION = "probation review"
"""The row whose readers have the page."""


def probation_page(view: View, school: str) -> Page:
    """Builds the page of everybody in probation, for those who read the reviews of it."""
    audience = readers_of(view.book, school, (PEOPLE, PROBATION))
    led = Led(view, school, audience)
    people = [person for person in led.people if _in_probation(person, view.book.today)]
    return Page(
        kind="probation",
        path=f"probation/{school}",
        title=public("Probation"),
        group=public(view.school_name(school)),
        audience=audience,
        template="probation.html",
        model={
            "name": public(view.school_name(school)),
            "today": public(view.book.today),
            "rows": [_probation(led, person) for person in people],
            "items": [item for person in people for item in _spans(led, person)],
        },
        blocks={},
    )


def _in_probation(person: Person, today: dt.date) -> bool:
    start, end = person.probation_start, person.probation_end
    return start is not None and end is not None and start <= today <= end + STAYS


def _probation(led: Led, person: Person) -> list[object]:
    following = next_probation_review(person, led.book.today)
    return [
        led.name(person.id),
        day_cell(led, person.probation_start),
        day_cell(led, probation_midpoint(person)),
        day_cell(led, person.probation_end),
        day_cell(led, following),
        when_due(led, following) if following else {"text": public("")},
    ]


def _spans(led: Led, person: Person) -> list[dict[str, object]]:
    """Somebody's probation as a bar, and its half-way day as a point."""
    start, end, middle = person.probation_start, person.probation_end, probation_midpoint(person)
    if start is None or end is None or middle is None:
        return []
    name = led.name(person.id).value
    return [
        {
            "label": led.label(name, "probation"),
            "start": led.label(start, "probation"),
            "end": led.label(end, "probation"),
            "when": led.label(f"{format_date(start)} to {format_date(end)}", "probation"),
        },
        {
            "label": led.label(f"{name}: half-way review", "probation"),
            "start": led.label(middle, "probation"),
            "when": led.label(format_date(middle), "probation"),
        },
    ]

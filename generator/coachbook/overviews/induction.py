"""Induction: whose clock runs, what is due, and which standards have been seen.

The reviews themselves are sealed whole, so that not even their number shows; this page says when
they fall due. What observations say beside the standards is opened in the reader's browser.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from coachbook.book import display
from coachbook.calendar import format_date, format_day
from coachbook.induction import (
    induction_midpoint,
    induction_over,
    induction_reviews,
    induction_share,
)
from coachbook.overviews import Blocks, Page
from coachbook.overviews.coverage import readers_of
from coachbook.overviews.gaps import lacks
from coachbook.overviews.given_out import to_give
from coachbook.overviews.leading import HEADERS, PEOPLE, Led, thread_href
from coachbook.overviews.standards import beside_standards, standards_model
from coachbook.sentences import begin
from coachbook.views import public

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.induction import ReviewDue
    from coachbook.people import Person
    from coachbook.views import RecordView, View

INDUCTION = "induction review"
"""The row whose readers have the page."""

_SOON = dt.timedelta(days=14)
STAYS = dt.timedelta(days=90)
"""So long after its end a clock still stands on the page."""


def induction_page(view: View, school: str) -> Page:
    """Builds the page of everybody in induction, for those who read the reviews and headers."""
    audience = readers_of(view.book, school, (PEOPLE, HEADERS, INDUCTION))
    led = Led(view, school, audience)
    blocks = Blocks()
    people = [person for person in led.people if _in_induction(person, view.book.today)]
    return Page(
        kind="induction",
        path=f"induction/{school}",
        title=public("Induction"),
        group=public(view.school_name(school)),
        audience=audience,
        template="induction.html",
        model={
            "name": public(view.school_name(school)),
            "today": public(view.book.today),
            "iso": public(view.book.today.isoformat()),
            "gaps": lacks(led),
            "given": to_give(view, school, for_whom="appropriate-body"),
            "marks": _marks(led),
            "due": [row for person in people for row in _reviews(led, person)],
            "people": [_clock(led, person, blocks) for person in people],
        },
        blocks=blocks.held,
        origins=blocks.origins,
    )


def _in_induction(person: Person, today: dt.date) -> bool:
    start, end = person.induction_start, induction_over(person)
    return start is not None and end is not None and start <= today <= end + STAYS


def _clock(led: Led, person: Person, blocks: Blocks) -> dict[str, object]:
    """One person: the clock, the reviews of this year, the mentor, the standards seen so far."""
    seen = beside_standards(led, person)
    return standards_model(seen, blocks) | {
        "id": led.label(person.id, "induction"),
        "name": led.name(person.id),
        "facts": _facts(led, person),
        "share": led.label(induction_share(person, led.book.today), "induction"),
        "reviews": [_point(led, one) for one in _of_this_year(led, person)],
        "meetings": _meetings(led, person),
        "visits": [_visit(led, one) for one in seen],
    }


def _facts(led: Led, person: Person) -> list[dict[str, object]]:
    """The clock in words: from when to when, how much of full time, how many days away."""
    end, middle = induction_over(person), induction_midpoint(person)
    written = "as agreed" if person.induction_end else "by reckoning"
    words = {
        "Began": _date(person.induction_start),
        "Half-way": f"{_date(middle)}, by reckoning" if middle else "",
        "Ends": f"{_date(end)}, {written}" if end else "",
        "Works": f"{(person.fte or 1) * 100:g}% of full time",
        "Absent": _days(person.induction_absence_days),
        "Schools": ", ".join(led.view.school_name(one) for one in person.schools),
    }
    return [
        {"name": public(name), "value": led.label(value, "induction")}
        for name, value in words.items()
        if value
    ]


def _days(number: int) -> str:
    return f"{number} school day{'' if number == 1 else 's'} so far" if number else ""


def _date(day: dt.date | None) -> str:
    return format_date(day) if day else ""


def _of_this_year(led: Led, person: Person) -> tuple[ReviewDue, ...]:
    return tuple(induction_reviews(person, led.calendar)) if led.calendar else ()


def _reviews(led: Led, person: Person) -> Iterator[list[object]]:
    """A row for each review of this year: who, what, by when, and whether that is soon."""
    for one in _of_this_year(led, person):
        yield [
            led.name(person.id),
            led.label(one.kind[:1].upper() + one.kind[1:], "review"),
            led.label(one.term, "review"),
            day_cell(led, one.due),
            when_due(led, one.due),
        ]


def day_cell(led: Led, day: dt.date | None) -> dict[str, object]:
    """A day as a cell that sorts by itself; empty where there is none."""
    return {
        "text": led.label(_date(day), "review"),
        "sort": led.label(day.isoformat() if day else "", "review"),
    }


def when_due(led: Led, day: dt.date) -> dict[str, object]:
    """Whether a day is past, near or to come. Past says nothing about whether it was done."""
    words, badge = "to come", "later"
    if day < led.book.today:
        words = "day is past"
    elif day - led.book.today <= _SOON:
        words, badge = "due soon", "warn"
    return {"text": led.label(words, "review"), "badge": public(badge)}


def _point(led: Led, one: ReviewDue) -> dict[str, object]:
    """A review as a point of the timeline."""
    near = led.book.today <= one.due <= led.book.today + _SOON
    return {
        "label": led.label(one.kind[:1].upper() + one.kind[1:], "review"),
        "start": led.label(one.due, "review"),
        "when": led.label(format_day(one.due), "review"),
        "state": led.label("due" if near else None, "review"),
    }


def _marks(led: Led) -> list[dict[str, object]]:
    spans = led.calendar.half_terms if led.calendar else ()
    return [{"at": public(span.start), "text": public(span.name)} for span in spans]


def _meetings(led: Led, person: Person) -> list[dict[str, object]]:
    """The pairs in which somebody is mentored, with how often they met this year."""
    pairs = [
        one
        for one in led.of_type("partnership")
        if person.id in one.people.get("coachee", ()) and one.raw("status") == "active"
    ]
    return [_meeting(led, pair) for pair in pairs]


def _meeting(led: Led, pair: RecordView) -> dict[str, object]:
    coach, coachee = pair.people.get("coach", ()), pair.people.get("coachee", ())
    held = [
        one
        for one in led.sessions
        if one.raw("status") == "held"
        and one.people.get("coach") == coach
        and one.people.get("coachee") == coachee
    ]
    last = max((one.day for one in held if one.day), default=None)
    return {
        "who": led.label(", ".join(display(led.book, one) for one in coach), "mentor"),
        "href": led.label(thread_href(led, pair), "mentor"),
        "held": led.label(len(held), "meetings"),
        "last": led.label(format_day(last) if last else "", "meetings"),
    }


def _visit(led: Led, visit: RecordView) -> dict[str, object]:
    return {
        "day": led.label(format_day(visit.day) if visit.day else "", "visit"),
        "href": led.label(f"#/visit/{visit.id}", "visit"),
        "who": led.names(visit.people.get("observers", ())),
        "subject": led.label(begin(str(visit.raw("subject") or "")), "visit"),
    }

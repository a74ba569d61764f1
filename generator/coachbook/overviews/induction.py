"""Induction and probation: whose clock runs, what is due, and which standards have been seen.

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
    next_probation_review,
    probation_midpoint,
)
from coachbook.overviews import Blocks, Page
from coachbook.overviews.coverage import readers_of
from coachbook.overviews.gaps import no_calendar
from coachbook.overviews.leading import HEADERS, PEOPLE, Led, thread_href
from coachbook.views import in_order, public

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coachbook.induction import ReviewDue
    from coachbook.people import Person
    from coachbook.views import RecordView, View

INDUCTION, PROBATION = "induction review", "probation review"
"""The rows whose readers have the pages."""

ON_TRACK = "On track"
"""The section of an observation, and its line, that say how induction is going."""

_SOON = dt.timedelta(days=14)
_STAYS = dt.timedelta(days=90)
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
            "gaps": no_calendar(led),
            "marks": _marks(led),
            "due": [row for person in people for row in _reviews(led, person)],
            "people": [_clock(led, person, blocks) for person in people],
        },
        blocks=blocks.held,
        origins=blocks.origins,
    )


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


def _in_induction(person: Person, today: dt.date) -> bool:
    start, end = person.induction_start, induction_over(person)
    return start is not None and end is not None and start <= today <= end + _STAYS


def _in_probation(person: Person, today: dt.date) -> bool:
    start, end = person.probation_start, person.probation_end
    return start is not None and end is not None and start <= today <= end + _STAYS


def _clock(led: Led, person: Person, blocks: Blocks) -> dict[str, object]:
    """One person: the clock, the reviews of this year, the mentor, the standards seen so far."""
    seen = _beside_standards(led, person)
    rated = [(visit, name) for visit in seen for name in _rated(visit)]
    return {
        "id": led.label(person.id, "induction"),
        "name": led.name(person.id),
        "facts": _facts(led, person),
        "share": led.label(induction_share(person, led.book.today), "induction"),
        "reviews": [_point(led, one) for one in _of_this_year(led, person)],
        "meetings": _meetings(led, person),
        "visits": [_visit(led, one) for one in seen],
        "standards": public(" ".join(_add(blocks, visit, name) for visit, name in rated)),
        "lines": public("|".join(_lines(seen))),
        "aside": public("|".join(_aside(seen))),
        "on_track": public(" ".join(_add(blocks, one, ON_TRACK) for one in _tracked(seen))),
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
            _day_cell(led, one.due),
            _when(led, one.due),
        ]


def _day_cell(led: Led, day: dt.date | None) -> dict[str, object]:
    return {
        "text": led.label(_date(day), "review"),
        "sort": led.label(day.isoformat() if day else "", "review"),
    }


def _when(led: Led, day: dt.date) -> dict[str, object]:
    """Whether a day is past, near or to come. Past says nothing about whether it was done."""
    words, badge = "to come", "later"
    if day < led.book.today:
        words, badge = "day is past", "held"
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
        "href": led.label(thread_href(pair), "mentor"),
        "held": led.label(len(held), "meetings"),
        "last": led.label(format_day(last) if last else "", "meetings"),
    }


def _beside_standards(led: Led, person: Person) -> list[RecordView]:
    """The observations of somebody on a form that rates, the oldest first."""
    visits = [
        one for one in led.of_type("observation") if person.id in one.people.get("observed", ())
    ]
    return [one for one in in_order(visits) if one.form.grades == "ect-form"]


def _rated(visit: RecordView) -> Iterator[str]:
    """The sealed sections of an observation that hold ratings."""
    for section in visit.form.sections:
        has_scale = any(line.scale for line in section.lines)
        if has_scale and visit.sealed(section.name) is not None:
            yield section.name


def _tracked(seen: Sequence[RecordView]) -> list[RecordView]:
    return [one for one in seen if one.sealed(ON_TRACK) is not None]


def _add(blocks: Blocks, visit: RecordView, name: str) -> str:
    """Puts a section among the blocks of the page, and gives its name there."""
    section = visit.sealed(name)
    return blocks.add(section, visit, f"visit/{visit.id}") if section else ""


def _lines(seen: Sequence[RecordView]) -> list[str]:
    """The standards in the order of the form, as lines of its sections name them."""
    forms = (section for visit in seen[-1:] for section in visit.form.sections)
    return [line.name for section in forms for line in section.lines if line.scale]


def _aside(seen: Sequence[RecordView]) -> list[str]:
    """The choices that say "not this time" rather than rate."""
    forms = (section for visit in seen[-1:] for section in visit.form.sections)
    lines = (line for section in forms for line in section.lines)
    return list(dict.fromkeys(choice for line in lines for choice in line.aside))


def _visit(led: Led, visit: RecordView) -> dict[str, object]:
    return {
        "day": led.label(format_day(visit.day) if visit.day else "", "visit"),
        "href": led.label(f"#/visit/{visit.id}", "visit"),
        "who": led.names(visit.people.get("observers", ())),
        "subject": led.label(str(visit.raw("subject") or ""), "visit"),
    }


def _probation(led: Led, person: Person) -> list[object]:
    following = next_probation_review(person, led.book.today)
    return [
        led.name(person.id),
        _day_cell(led, person.probation_start),
        _day_cell(led, probation_midpoint(person)),
        _day_cell(led, person.probation_end),
        _day_cell(led, following),
        _when(led, following) if following else {"text": public("")},
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

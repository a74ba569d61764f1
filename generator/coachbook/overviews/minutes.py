"""The minutes that one person spent in coaching and mentoring this school year, for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import Audience, told
from coachbook.calendar import school_year
from coachbook.views import calendar_now, public

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coachbook.audience import Labelled
    from coachbook.views import RecordView, View

_PARTS = {
    "coachee": "As the one who is coached or mentored",
    "coach": "As coach or mentor",
    "members": "In a group",
}
_OUTSIDE = "Outside term"


def minutes_model(view: View, person: str, sessions: Iterable[RecordView]) -> dict[str, object]:
    """Held sessions of this school year by part, and their minutes by half-term.

    Empty where none was held. A session without minutes is counted as a session and said to
    have none.
    """
    year = school_year(view.book.today)
    held = [
        one
        for one in sessions
        if one.raw("status") == "held" and one.day and school_year(one.day) == year
    ]
    if not held:
        return {}
    own = Audience(frozenset({person}))
    known = told(held, (one.audience for one in held), own, f"sessions of {person}")

    def label(value: object) -> Labelled[object]:
        return known.map(lambda _: value)

    def timed(found: list[RecordView]) -> dict[str, object]:
        minutes = _minutes(found)
        return {"text": label(f"{minutes:,}"), "sort": label(minutes)}

    return {
        "year": public(year),
        "rows": [
            [label(words), label(len(found)), timed(found)]
            for part, words in _PARTS.items()
            if (found := [one for one in held if person in one.people.get(part, ())])
        ],
        "total": [label("Together"), label(len(held)), timed(held)],
        "untimed": label(sum(1 for one in held if not _minutes([one]))),
        "trend": [
            {
                "label": public(name),
                "value": label(_minutes(found)),
                "text": label(f"{_minutes(found):,}"),
                "n": label(len(found)),
            }
            for name, found in _by_half_term(view, held).items()
        ],
    }


def schools_without_calendar(view: View, person: str) -> list[Labelled[str]]:
    """The schools of a person whose calendar for this school year is not there."""
    found = view.book.people.get(person)
    return [
        public(view.school_name(school))
        for school in (found.schools if found else ())
        if school in view.book.schools and calendar_now(view.book, school) is None
    ]


def _minutes(sessions: Iterable[RecordView]) -> int:
    return sum(found for one in sessions if isinstance(found := one.raw("minutes"), int))


def _by_half_term(view: View, held: list[RecordView]) -> dict[str, list[RecordView]]:
    """The sessions by half-term, those still without a session so far included."""
    found: dict[str, list[RecordView]] = {}
    for school in dict.fromkeys(one.school for one in held):
        calendar = calendar_now(view.book, school)
        for span in calendar.half_terms if calendar else ():
            if span.start <= view.book.today:
                found.setdefault(span.name, [])
    for one in held:
        found.setdefault(view.half_term(one) or _OUTSIDE, []).append(one)
    return found

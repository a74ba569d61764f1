"""By what a figure can be put into groups.

A grouping *of people* puts every person into one group that colleagues know: their sort of work,
their subject. There even a nought tells something about each of them. In the others nobody stands
behind a nought, and it is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.calendar import HALF_TERMS, TERMS, half_term_of, terms
from coachbook.figures.cycles import AGES
from coachbook.figures.scope import staff
from coachbook.sentences import begin
from coachbook.turns import NO_REASON, NOT_WRITTEN_UP, NOTHING
from coachbook.values import frozen
from coachbook.views import calendar_now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from coachbook.figures.model import Fact, Period
    from coachbook.views import View

    Labels = Mapping[str, str]

OUTSIDE = "outside"

_CATEGORIES = {
    "senior-leader": "Senior leaders",
    "teacher": "Teachers",
    "teaching-support": "Teaching support staff",
    "other": "Other staff",
}
_OTHER_PEOPLE = "others"
_PHASES = {
    "planned": "Planned",
    "identify": "Identify",
    "learn": "Learn",
    "improve": "Improve",
    "done": "Done",
}
_VISITS = {
    "formal": "Observations",
    "learning-walk": "Learning walks",
    "drop-in": "Drop-ins",
    "peer-visit": "Visits to colleagues",
    "book-look": "Looks at books",
}
_REASONS = {
    "cover": "No cover",
    "trip": "A trip",
    "training": "Training",
    "clash": "Another meeting",
    "other": "Another reason",
    NO_REASON: "No reason given",
    NOT_WRITTEN_UP: "Not written up yet",
    NOTHING: "Nothing on record",
}
_SCOPES = {"individual": "One person", "team": "A team", "whole-school": "Everybody"}


@frozen
class Grouping:
    """A way of putting facts into groups.

    `labels` are the groups that there are, in order. Of an `open` grouping those that cannot be
    shown are put together as one; `within` names the wider grouping that its groups lie in, and
    `leftover` the group that is there only if something falls into it. `by_day` says that facts of
    one day fall into the same groups.
    """

    key: str
    title: str
    find: Callable[[View, str, Fact], tuple[str, ...]]
    labels: Callable[[View, str, Period], Labels]
    of_people: bool = False
    is_open: bool = False
    within: str = ""
    leftover: str = ""
    by_day: bool = False


def _half_terms(view: View, school: str, period: Period) -> Labels:
    calendar = calendar_now(view.book, school)
    spans = calendar.half_terms if calendar else ()
    begun = {one.name for one in spans if one.start <= period.end and one.end >= period.start}
    return {name: name for name in HALF_TERMS.values() if name in begun} | {OUTSIDE: "Outside term"}


def _terms(view: View, school: str, period: Period) -> Labels:
    calendar = calendar_now(view.book, school)
    spans = terms(calendar) if calendar else ()
    begun = {one.name for one in spans if one.start <= period.end and one.end >= period.start}
    return {name: name for name in TERMS.values() if name in begun} | {OUTSIDE: "Outside term"}


def _half_term(view: View, school: str, fact: Fact) -> tuple[str, ...]:
    calendar = calendar_now(view.book, school)
    found = half_term_of(calendar, fact.day) if calendar and fact.day else None
    return (found.name if found else OUTSIDE,)


def _term(view: View, school: str, fact: Fact) -> tuple[str, ...]:
    """The term of the half-term that a fact lies in, so that a break belongs to neither."""
    (half,) = _half_term(view, school, fact)
    return (term_of(half),)


def term_of(half: str) -> str:
    """The term that a half-term is one half of."""
    season = half.partition(" ")[0]
    return next((name for name in TERMS.values() if name.startswith(season)), OUTSIDE)


def _categories(view: View, school: str, _period: Period) -> Labels:
    here = {person.category for person in staff(view.book, school)}
    found = {key: label for key, label in _CATEGORIES.items() if key in here}
    return found | {_OTHER_PEOPLE: "Others"}


def _category(view: View, _school: str, fact: Fact) -> tuple[str, ...]:
    people = (view.book.people.get(one) for one in sorted(fact.people))
    found = (one.category if one else "" for one in people)
    return tuple(dict.fromkeys(key if key in _CATEGORIES else _OTHER_PEOPLE for key in found))


def _fixed(labels: Labels) -> Callable[[View, str, Period], Labels]:
    return lambda _view, _school, _period: labels


def _marked(_view: View, _school: str, fact: Fact) -> tuple[str, ...]:
    return (fact.mark,) if fact.mark else ()


def _field(key: str, without: str) -> Callable[[View, str, Fact], tuple[str, ...]]:
    """Groups by a field of the record that a fact comes from."""

    def find(_view: View, _school: str, fact: Fact) -> tuple[str, ...]:
        value = fact.record.raw(key) if fact.record else None
        values = value if isinstance(value, tuple) else (value,)
        found = tuple(str(one) for one in values if one)
        return found or ((without,) if without else ())

    return find


UNNAMED = "none"
"""The group of what names no priority, no characteristic or no subject."""


def _priorities(view: View, school: str, _period: Period) -> Labels:
    """The priorities of the school and of the trust, by their short names."""
    found = {
        str(one.raw("name")): str(one.raw("title"))
        for one in view.of_type("priority")
        if one.school in {school, ""} and one.raw("name")
    }
    return dict(sorted(found.items())) | {UNNAMED: "No priority named"}


def _characteristics(view: View, _school: str, _period: Period) -> Labels:
    names = view.book.trust.characteristics
    return {name: name for name in names} | {UNNAMED: "None named"}


def _subjects(view: View, school: str, _period: Period) -> Labels:
    names = sorted(
        {
            str(one.raw("subject"))
            for kind in ("cycle", "session", "observation")
            for one in view.of_type(kind)
            if one.school == school and one.raw("subject")
        }
    )
    return {name: begin(name) for name in names} | {UNNAMED: "No subject named"}


def _all() -> Iterator[Grouping]:
    yield Grouping("term", "Term", _term, _terms, leftover=OUTSIDE, by_day=True)
    yield Grouping(
        "half-term",
        "Half-term",
        _half_term,
        _half_terms,
        within="term",
        leftover=OUTSIDE,
        by_day=True,
    )
    yield Grouping(
        "category", "Staff group", _category, _categories, of_people=True, leftover=_OTHER_PEOPLE
    )
    yield Grouping(
        "subject", "Subject", _field("subject", UNNAMED), _subjects, of_people=True, is_open=True
    )
    yield Grouping("phase", "Phase", _field("phase", "planned"), _fixed(_PHASES))
    yield Grouping("age", "How long so far", _marked, _fixed({one: one for one in AGES}))
    yield Grouping("reason", "Reason", _marked, _fixed(_REASONS))
    yield Grouping("kind", "Kind of visit", _field("kind", ""), _fixed(_VISITS))
    yield Grouping("scope", "Scope", _field("scope", ""), _fixed(_SCOPES))
    yield Grouping("priority", "Priority", _field("priority", UNNAMED), _priorities, is_open=True)
    yield Grouping(
        "characteristic",
        "Learning characteristic",
        _field("characteristic", UNNAMED),
        _characteristics,
        is_open=True,
    )


GROUPINGS: Mapping[str, Grouping] = {one.key: one for one in _all()}
"""Every grouping by its key."""

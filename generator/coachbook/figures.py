"""Counts, completion, suppression: each process figure defined once.

A figure comes from clear headers alone (`from: header`), states n, period and
audience, and is suppressed when fewer distinct people stand behind it than the
policy's `suppression.min_people` (domain.md, "Statistics, defined once").
Making one is a declassification by name: its audience is everyone whom the
policy's table grants `figures` on each row it was counted from.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachbook.audience import Audience, Labelled, narrow, row_principals
from coachbook.book import policy_for, policy_now
from coachbook.calendar import format_date, school_year
from coachbook.people import active
from coachbook.policy import Cell
from coachbook.views import calendar_now, keyed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from coachbook.book import Book
    from coachbook.people import Person
    from coachbook.policy import Policy
    from coachbook.views import RecordView, View

FIGURE_CELLS = (Cell.READ, Cell.WRITE, Cell.FIGURES)
SUPPRESSED = "[c]"

COVERAGE = "coverage.of"
"""The policy's answer to: whom is coaching meant to reach in the course of a year?"""

STAFF = frozenset({"senior-leader", "teacher", "teaching-support", "other"})
"""Everyone who works at a school: neither governors nor people from outside."""

_LIMIT = "session.minutes.max"
_PEOPLE = "people"
_EVERYONE = "everyone"
_DEFAULT_THRESHOLD = 5


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day that counts, both included."""

    start: dt.date
    end: dt.date

    def __str__(self) -> str:
        """Names the period as people write it."""
        return f"{format_date(self.start)} to {format_date(self.end)}"

    def holds(self, day: dt.date | None) -> bool:
        """Says whether a day counts."""
        return day is not None and self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted: `part` of `whole`, over `people` distinct people."""

    part: int
    whole: int
    people: int


def _always(_policy: Policy) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Definition:
    """A figure as it is defined: its title, its meaning and how it is counted.

    `applies` says whether a policy has the rule that the figure is about.
    """

    key: str
    title: str
    meaning: str
    unit: str
    rows: tuple[str, ...]
    count: Callable[[View, str, Period], Count]
    applies: Callable[[Policy], bool] = _always


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it is shown. `share` is 0 to 100, or None when suppressed or empty."""

    key: str
    title: str
    meaning: str
    value: str
    detail: str
    period: str
    share: int | None
    suppressed: bool


def _sessions(view: View, school: str, period: Period) -> list[RecordView]:
    """The sessions of a school, in a cycle or outside of one."""
    return [
        session
        for session in view.of_type("session")
        if session.school == school and period.holds(session.day)
    ]


def _held(view: View, school: str, period: Period) -> list[RecordView]:
    return [s for s in _sessions(view, school, period) if s.raw("status") == "held"]


def _coachees(records: Iterable[RecordView]) -> int:
    return len({person for record in records for person in _coached(record)})


def _coached(record: RecordView) -> tuple[str, ...]:
    """Whom a session or a cycle is for: the coachee, or the members of a group."""
    return (*record.people.get("coachee", ()), *record.people.get("members", ()))


def _completion(view: View, school: str, period: Period) -> Count:
    due = [s for s in _sessions(view, school, period) if s.raw("missed_reason") != "absence"]
    held = [s for s in due if s.raw("status") == "held"]
    return Count(len(held), len(due), _coachees(due))


def _on_length(view: View, school: str, period: Period) -> Count:
    timed = [s for s in _held(view, school, period) if isinstance(s.raw("minutes"), int)]
    within = [s for s in timed if _minutes(s) <= _limit(view, s)]
    return Count(len(within), len(timed), _coachees(timed))


def _limit(view: View, session: RecordView) -> int:
    """The longest that a session should take, by the policy of its day."""
    policy = policy_for(view.book, session.record)
    limit = policy.get(_LIMIT) if policy else None
    return limit if isinstance(limit, int) else _minutes(session)


def _minutes(session: RecordView) -> int:
    minutes = session.raw("minutes")
    return minutes if isinstance(minutes, int) else 0


def _finished(view: View, school: str, period: Period) -> Count:
    cycles = [
        c
        for c in view.cycles.values()
        if c.school == school and c.raw("status") == "closed" and period.holds(_closed(c))
    ]
    stated = [c for c in cycles if view.statements.get(c.id)]
    return Count(len(stated), len(cycles), _coachees(cycles))


def _reached(view: View, school: str, period: Period) -> Count:
    """How many of those whom the policy means to reach had a session."""
    meant = {person.id for person in people_meant(view.book, school)}
    reached = {person for s in _held(view, school, period) for person in _coached(s)}
    return Count(len(meant & reached), len(meant), len(meant))


def _planned(view: View, school: str, period: Period) -> Count:
    """How many sessions were in the timetable, of those that say whether they were."""
    said = [s for s in _held(view, school, period) if isinstance(s.raw("scheduled"), bool)]
    planned = [s for s in said if s.raw("scheduled") is True]
    return Count(len(planned), len(said), _coachees(said))


def _closed(cycle: RecordView) -> dt.date | None:
    day = cycle.raw("closed_on") or cycle.raw("planned_end")
    return day if isinstance(day, dt.date) else None


DEFINITIONS = (
    Definition(
        "completion",
        "Sessions that took place",
        "Sessions held, out of all that were due by today. Sessions missed because somebody was "
        "absent are left out of both.",
        "sessions",
        ("session header",),
        _completion,
    ),
    Definition(
        "length",
        "Sessions that kept to time",
        "Sessions no longer than the policy's limit, out of those with a length written down.",
        "sessions",
        ("session header",),
        _on_length,
        lambda policy: policy.get(_LIMIT) is not None,
    ),
    Definition(
        "finished",
        "Cycles with an impact statement",
        "Cycles finished this year that have an impact statement, out of all that finished. "
        "Those that ended early are left out of both, so that the figure does not point at them.",
        "cycles",
        ("pairs and cycles",),
        _finished,
        lambda policy: policy.get("cycle.close_requires") == "impact-statement",
    ),
    Definition(
        "reached",
        "People who have been coached or mentored",
        "People who had at least one session this year, out of all whom the policy means to reach "
        "and who work here today.",
        _PEOPLE,
        ("people and roles", "session header"),
        _reached,
        lambda policy: policy.get(COVERAGE) is not None,
    ),
    Definition(
        "planned",
        "Sessions that were in the timetable",
        "Sessions that were planned, out of those that say whether they were. The others came "
        "about when somebody needed them, and are worth as much.",
        "sessions",
        ("session header",),
        _planned,
        lambda policy: policy.get("session.window") is not None,
    ),
)


def year_to_date(book: Book, school: str) -> Period:
    """From the first school day of this school year (or 1 September) to today."""
    calendar = calendar_now(book, school)
    if calendar is not None:
        return Period(calendar.half_terms[0].start, book.today)
    year = int(school_year(book.today)[:4])
    return Period(dt.date(year, 9, 1), book.today)


def people_meant(book: Book, school: str) -> tuple[Person, ...]:
    """The people at a school today whom its policy means to coach or mentor, by name."""
    policy = policy_now(book, school)
    value = policy.get(COVERAGE) if policy else None
    wanted = frozenset(value) if isinstance(value, tuple) else frozenset({_EVERYONE})
    categories = STAFF if _EVERYONE in wanted else wanted
    people = (one for one in book.people.values() if school in one.schools)
    found = (one for one in people if one.category in categories and active(one, book.today))
    return tuple(sorted(found, key=lambda one: (one.name, one.id)))


def figure_audience(book: Book, school: str, rows: Sequence[str]) -> Audience:
    """The roles of a school that may see figures made from all of these rows."""
    policy = policy_now(book, school)
    if policy is None:
        return Audience(frozenset())
    allowed = (row_principals(policy, row, {}, cells=FIGURE_CELLS) for row in rows)
    return keyed(book, narrow(Audience(frozenset(principals)) for principals in allowed))


def threshold(book: Book, school: str) -> int:
    """The smallest number of distinct people a figure may stand on."""
    policy = policy_now(book, school)
    value = policy.get("suppression.min_people") if policy else None
    return value if isinstance(value, int) else _DEFAULT_THRESHOLD


def process_figures(view: View, school: str) -> tuple[Labelled[Figure], ...]:
    """The process figures of a school for the year so far, suppressed where too few.

    Figures about a rule that its policy does not have are left out.
    """
    period = year_to_date(view.book, school)
    least = threshold(view.book, school)
    policy = policy_now(view.book, school)
    return tuple(
        Labelled(
            _show(definition, definition.count(view, school, period), period, least),
            figure_audience(view.book, school, definition.rows),
            f"figure {definition.key} of {school}",
        )
        for definition in DEFINITIONS
        if policy is None or definition.applies(policy)
    )


def _show(definition: Definition, count: Count, period: Period, least: int) -> Figure:
    hidden = count.people < least
    share = None if hidden or not count.whole else round(100 * count.part / count.whole)
    return Figure(
        key=definition.key,
        title=definition.title,
        meaning=definition.meaning,
        value=SUPPRESSED if share is None else f"{share}%",
        detail=_detail(definition, count, least, hidden=hidden),
        period=str(period),
        share=share,
        suppressed=hidden,
    )


def _detail(definition: Definition, count: Count, least: int, *, hidden: bool) -> str:
    if hidden:
        return f"Not shown: fewer than {least} people stand behind it."
    fact = f"{count.part} of {count.whole} {definition.unit}"
    return fact if definition.unit == _PEOPLE else f"{fact}, {count.people} people coached"

"""How often and how long each person has been observed, beside the limit that was agreed.

Formal observations and learning walks count, planned ones too, as in the check of the same limit.
Drop-ins, visits between colleagues and looking at books stand beside them and do not count.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from coachbook.calendar import format_day
from coachbook.figures import COUNTED_KINDS, year_to_date
from coachbook.overviews import Page
from coachbook.overviews.leading import HEADERS, PEOPLE, Led, leaders
from coachbook.overviews.wording import is_untold, roles_in_words
from coachbook.values import frozen
from coachbook.views import in_order, public

if TYPE_CHECKING:
    import datetime as dt

    from coachbook.people import Person
    from coachbook.views import RecordView, View

COUNT, MINUTES = "observation.limit.count", "observation.limit.minutes"
"""The parameters that hold what was agreed."""

_TEACHING = frozenset({"teacher", "senior-leader"})
_MANY = 4


@frozen
class Budget:
    """The visits to one person this year: held and planned, counted and beside."""

    held: tuple[RecordView, ...] = ()
    planned: tuple[RecordView, ...] = ()
    beside: tuple[RecordView, ...] = ()

    @property
    def count(self) -> int:
        """How many observations count, planned ones too."""
        return len(self.held) + len(self.planned)

    @property
    def minutes(self) -> int:
        """How many minutes those take that say so."""
        found = (one.raw("minutes") for one in (*self.held, *self.planned))
        return sum(one for one in found if isinstance(one, int))


def budget_page(view: View, school: str) -> Page:
    """Builds the table of observations per person, for those who read every visit's header."""
    led = Led(view, school, leaders(view.book, school, (PEOPLE, HEADERS)))
    spent = budgets(led)
    people = [p for p in led.people if p.id in spent or p.category in _TEACHING]
    shown = sorted(people, key=lambda one: one.id not in spent)
    count, minutes = _limit(led, COUNT), _limit(led, MINUTES)
    return Page(
        kind="budget",
        path=f"budget/{school}",
        title=public("Observations of each person"),
        group=public(view.school_name(school)),
        audience=led.audience,
        template="budget.html",
        model={
            "name": public(view.school_name(school)),
            "who": public(roles_in_words(led.audience)),
            "period": public(str(year_to_date(view.book, school))),
            "count": public(count),
            "minutes": public(minutes),
            "clause": public(_clause(led)),
            "has_limit": public(count is not None or minutes is not None),
            "rows": [_row(led, one, spent.get(one.id, Budget())) for one in shown],
            "spread": _spread(led, shown, spent),
            "untold": [_untold(led, one) for one in _not_talked_through(led)],
        },
        blocks={},
    )


def budgets(led: Led) -> dict[str, Budget]:
    """The visits of this year by the person observed."""
    found: defaultdict[str, list[RecordView]] = defaultdict(list)
    for visit in _visits(led):
        for person in visit.people.get("observed", ()):
            found[person].append(visit)
    return {person: _budget(visits) for person, visits in found.items()}


def _visits(led: Led) -> list[RecordView]:
    """The visits of this year that were held or are planned, by day."""
    found = (one for one in led.of_type("observation") if led.is_this_year(one))
    return [one for one in in_order(found) if one.raw("status") in {"held", "planned"}]


def _budget(visits: list[RecordView]) -> Budget:
    counted = [one for one in visits if one.raw("kind") in COUNTED_KINDS]
    return Budget(
        tuple(one for one in counted if one.raw("status") == "held"),
        tuple(one for one in counted if one.raw("status") == "planned"),
        tuple(one for one in visits if one.raw("kind") not in COUNTED_KINDS),
    )


def _limit(led: Led, key: str) -> int | None:
    value = led.policy.get(key) if led.policy else None
    return value if isinstance(value, int) else None


def _clause(led: Led) -> str:
    if led.policy is None:
        return ""
    return led.policy.clause_of(COUNT) or led.policy.clause_of(MINUTES)


def _row(led: Led, person: Person, budget: Budget) -> list[object]:
    count, minutes = _limit(led, COUNT), _limit(led, MINUTES)
    visits = (*budget.held, *budget.planned, *budget.beside)
    last = max((one.day for one in visits if one.day), default=None)
    return [
        led.name(person.id),
        _of(led, budget.count, count),
        _of(led, budget.minutes, minutes),
        led.label(len(budget.planned), "visits"),
        led.label(len(budget.beside), "visits"),
        {
            "text": led.label(_last_or_next(led, last), "visits"),
            "sort": led.label(last.isoformat() if last else "", "visits"),
        },
        *([_state(led, budget, count, minutes)] if {count, minutes} != {None} else []),
    ]


def _last_or_next(led: Led, day: dt.date | None) -> str:
    """The day of the latest visit; one that is still to come is called so."""
    if day is None:
        return ""
    return f"next {format_day(day)}" if day > led.book.today else format_day(day)


def _of(led: Led, number: int, limit: int | None) -> dict[str, object]:
    """A number beside its limit, sorted by the number."""
    words = f"{number:,} of {limit:,}" if limit is not None else f"{number:,}"
    return {"text": led.label(words, "visits"), "sort": led.label(number, "visits")}


def _state(led: Led, budget: Budget, count: int | None, minutes: int | None) -> dict[str, object]:
    """How much is left, in a word that the table can be filtered by."""
    pairs = [(budget.count, count), (budget.minutes, minutes)]
    known = [(spent, limit) for spent, limit in pairs if limit is not None]
    words, badge = "room left", "good"
    if any(spent > limit for spent, limit in known):
        words, badge = "over the limit", "late"
    elif any(spent == limit for spent, limit in known):
        words, badge = "nothing left", "warn"
    return {"text": led.label(words, "visits"), "badge": led.label(badge, "visits")}


def _spread(led: Led, people: list[Person], spent: dict[str, Budget]) -> list[dict[str, object]]:
    """How many people were observed not at all, once, twice and so on."""
    counts = Counter(min(spent.get(one.id, Budget()).count, _MANY) for one in people)
    names = ("Not yet", "Once", "Twice", "Three times", "More often")
    return [
        {"label": public(name), "value": led.label(counts[number], "visits")}
        for number, name in enumerate(names)
    ]


def _not_talked_through(led: Led) -> list[RecordView]:
    """The visits held this year that no feedback is written down for."""
    return [one for one in _visits(led) if is_untold(led.view, one)]


def _untold(led: Led, visit: RecordView) -> list[object]:
    day = visit.day
    return [
        {
            "text": led.names(visit.people.get("observed", ())),
            "href": led.label(f"#/visit/{visit.id}", "visits"),
        },
        led.names(visit.people.get("observers", ())),
        {
            "text": led.label(format_day(day) if day else "", "visits"),
            "sort": led.label(day.isoformat() if day else "", "visits"),
        },
        led.label(max(0, (led.book.today - day).days) if day else None, "visits"),
    ]

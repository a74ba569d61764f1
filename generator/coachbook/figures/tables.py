"""Figures as they are shown: counted, suppressed, put into words."""

from __future__ import annotations

from operator import attrgetter
from statistics import median
from typing import TYPE_CHECKING

from coachbook.book import policy_now
from coachbook.calendar import format_date, half_term_of
from coachbook.declassified import FIGURE, declassify
from coachbook.figures.definitions import DEFINITIONS, definition
from coachbook.figures.grouped import Scope, facts_of, groups_of, hidden_groups, tells_reasons
from coachbook.figures.groupings import GROUPINGS
from coachbook.figures.model import NOTHING, PEOPLE, SUPPRESSED, Count, Figure, Row, Table
from coachbook.figures.scope import (
    SMALL_SCHOOL,
    figure_audience,
    staff_count,
    threshold,
    year_to_date,
)
from coachbook.figures.suppression import is_safe, people_behind
from coachbook.views import calendar_now

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from coachbook.audience import Labelled
    from coachbook.figures.definitions import Definition
    from coachbook.figures.groupings import Grouping
    from coachbook.figures.model import Fact, Period
    from coachbook.views import View

    Groups = Mapping[str, Sequence[Fact]]

MEASURES = {
    "share": "Share",
    "small-share": "Share",
    "total": "How many",
    "median": "Median",
}
_PART, _WHOLE, _ASIDE = attrgetter("part"), attrgetter("whole"), attrgetter("aside")
_SHARES = frozenset({"share", "small-share"})
_TOTAL = "total"
REST = "rest"
"""The key of the row in which groups stand together that may not stand alone."""

_HIDDEN = "Some values are not shown and marked [c]: fewer than {least} people stand behind them, "
_HIDDEN += "or a total would give one away."
_SCHOOL = "The whole school"
_NO_CALENDAR = "Not counted: there is no calendar for this school year."
_ALONE = "Not shown: fewer than {least} people stand behind it."
_OF_DUE = "completion"
_NOT_OVER = "{} is not over, so nothing is due in it yet."
_SMALL = "In a school with fewer than {staff} staff nothing is shown by {group}."


def figure_table(
    view: View, school: str, key: str, *, by: str = "", period: Period | None = None
) -> Labelled[Table]:
    """A figure of a school as a table, for those to whom its policy grants figures.

    Args:
        view: what outputs may use.
        school: whose figure it is.
        key: the key of a definition that is counted from clear headers.
        by: the grouping of its rows, one of those that the definition lists; "" for none.
        period: the days that count; the school year up to today where it is left out. Two periods
            that can be subtracted from each other do not belong on pages of one school.

    Raises:
        KeyError: there is no such figure.
        ValueError: it is counted in the browser, or is not shown by this grouping.
    """
    found = definition(key)
    if found.is_sealed:
        raise ValueError(f"{key} is counted in the reader's browser")
    if by and by not in found.by:
        raise ValueError(f"{key} is not shown by {by}")
    span = period or year_to_date(view.book, school)
    return declassify(
        _table(view, school, found, by, span),
        FIGURE,
        to=figure_audience(view.book, school, found.rows),
        source=f"figure {key} of {school}",
        school=school,
        rows=found.rows,
    )


def figure_tables(
    view: View, school: str, *, keys: Iterable[str] | None = None
) -> tuple[Labelled[Table], ...]:
    """Figures of a whole school for the year so far: those that its policy has the rule for."""
    wanted = set(keys) if keys is not None else None
    return tuple(
        figure_table(view, school, one.key)
        for one in defined(view, school)
        if wanted is None or one.key in wanted
    )


def defined(view: View, school: str) -> tuple[Definition, ...]:
    """The figures from headers that a school's policy has the rule for."""
    policy = policy_now(view.book, school)
    return tuple(
        one for one in DEFINITIONS if not one.is_sealed and (policy is None or one.applies(policy))
    )


PROCESS = ("completion", "kept", "length", "finished", "reached", "planned")
"""The shares that the page of a school opens with."""


def process_figures(view: View, school: str) -> tuple[Labelled[Figure], ...]:
    """The process figures of a school for the year so far, suppressed where too few.

    Figures about a rule that its policy does not have are left out.
    """
    return tuple(one.map(as_figure) for one in figure_tables(view, school, keys=PROCESS))


def as_figure(table: Table) -> Figure:
    """The total of a table as a figure by itself."""
    total = table.total
    detail = total.detail
    if total.hidden:
        detail = _ALONE.format(least=table.threshold)
    elif table.lacks:
        detail = table.lacks
    elif table.among and total.people:
        detail = f"{detail}, among {_units(total.people, PEOPLE)}"
    elif table.unit != PEOPLE and total.people is not None:
        detail = f"{detail}, {_units(total.people, PEOPLE)}"
    return Figure(
        key=table.key,
        title=table.title,
        meaning=table.meaning,
        value=total.value,
        detail=detail,
        period=table.period,
        share=total.share,
        suppressed=total.hidden,
    )


def count(facts: Iterable[Fact]) -> Count:
    """What some facts come to, added up."""
    known = tuple(facts)
    return Count(
        part=sum(map(_PART, known)),
        whole=sum(map(_WHOLE, known)),
        people=len(people_behind(known)),
    )


def make_row(
    found: Definition,
    key: str,
    label: str,
    facts: Sequence[Fact],
    *,
    least: int,
    reasons: bool = False,
) -> Row:
    """A row that may be shown.

    Args:
        found: the figure.
        key: the key of its group.
        label: what the group is called.
        facts: what is counted.
        least: the fewest people that a number may stand on.
        reasons: whether it may be said how much of what is left over has a reason.
    """
    counted = count(facts)
    number = _number(found, facts, counted)
    share = round(number) if number is not None and found.measure in _SHARES else None
    return Row(
        key=key,
        label=label,
        value=_value(found, number),
        detail=_detail(found, facts, counted) + _beside(found, facts, least, reasons=reasons),
        people=counted.people,
        share=share,
        hidden=False,
        number=number,
    )


def hidden_row(key: str, label: str, least: int) -> Row:
    """A row of which nothing is shown but that there is one."""
    return Row(key, label, SUPPRESSED, _ALONE.format(least=least), None, None, hidden=True)


def _table(view: View, school: str, found: Definition, by: str, period: Period) -> Table:
    scope = Scope(view, school, period)
    facts = facts_of(scope, found)
    least = threshold(view.book, school)
    grouping = GROUPINGS.get(by)
    small = grouping is not None and grouping.of_people and _is_small(view, school)
    lacks = _lacks(view, school, found)
    is_whole = small or bool(lacks)
    rows = _rows(view, school, found, grouping, period) if grouping and not is_whole else ()
    total = _uncounted() if lacks else _total(scope, found, facts, least)
    policy = policy_now(view.book, school)
    return Table(
        key=found.key,
        title=found.title,
        meaning=_joined(found.meaning, found.qualify(policy) if policy else ""),
        unit=found.unit,
        measure=MEASURES[found.measure],
        by=by,
        by_title=grouping.title if grouping else "",
        period=format_date(period.end) if found.is_of_today else str(period),
        counted=found.counts,
        note=_joined(
            _note(rows, total, least, grouping if small else None), _running(scope, found, rows)
        ),
        threshold=least,
        rows=rows,
        total=total,
        among=found.among,
        lacks=lacks,
    )


def _joined(*sentences: str) -> str:
    """The sentences that say something, one after the other."""
    return " ".join(filter(None, sentences))


def _lacks(view: View, school: str, found: Definition) -> str:
    """What is missing to count a figure; "" where nothing is."""
    is_missing = found.by_calendar and calendar_now(view.book, school) is None
    return _NO_CALENDAR if is_missing else ""


def _uncounted() -> Row:
    """The total of what cannot be counted: no nought, which would say that nothing took place."""
    return Row(_TOTAL, _SCHOOL, NOTHING, _NO_CALENDAR, 0, None, hidden=False)


def _is_small(view: View, school: str) -> bool:
    return staff_count(view.book, school) < SMALL_SCHOOL


def _total(scope: Scope, found: Definition, facts: Sequence[Fact], least: int) -> Row:
    if facts and not is_safe(facts, least, counts_people=found.counts_people):
        return hidden_row(_TOTAL, _SCHOOL, least)
    return make_row(found, _TOTAL, _SCHOOL, facts, least=least, reasons=tells_reasons(scope, found))


def _rows(
    view: View, school: str, found: Definition, grouping: Grouping, period: Period
) -> tuple[Row, ...]:
    least = threshold(view.book, school)
    labels = dict(grouping.labels(view, school, period))
    scope = Scope(view, school, period)
    groups = groups_of(scope, found, grouping)
    closed = _closed(scope, found, grouping)
    labels |= {key: key for key in groups if key not in labels}
    reasons = tells_reasons(scope, found)
    if grouping.is_open:
        return _merged(found, groups, closed, labels, least)
    return tuple(
        hidden_row(key, labels[key], least)
        if key in closed
        else make_row(found, key, labels[key], groups[key], least=least, reasons=reasons)
        for key in groups
    )


def _closed(scope: Scope, found: Definition, grouping: Grouping) -> frozenset[str]:
    """The groups of a table that are not shown.

    One group alone is the total, and is shown as that is. Where the total is hidden and every
    group is a nought, the noughts would say what the total is.
    """
    groups = groups_of(scope, found, grouping)
    facts, least = facts_of(scope, found), threshold(scope.view.book, scope.school)
    is_shown = is_safe(facts, least, counts_people=found.counts_people)
    if len(groups) == 1 and is_shown:
        return frozenset()
    closed = hidden_groups(scope, found, grouping)
    return closed if closed or is_shown or not facts else frozenset(groups)


def _merged(
    found: Definition, groups: Groups, closed: frozenset[str], labels: Mapping[str, str], least: int
) -> tuple[Row, ...]:
    """The groups that are shown, and the others put together, so that not even their names show."""
    rows = [
        make_row(found, key, labels[key], facts, least=least)
        for key, facts in groups.items()
        if facts and key not in closed
    ]
    rest = list({id(fact): fact for key in sorted(closed) for fact in groups[key]}.values())
    if closed and is_safe(rest, least, counts_people=found.counts_people):
        rows.append(make_row(found, REST, "All others", rest, least=least))
    elif closed:
        rows.append(hidden_row(REST, "All others", least))
    return tuple(rows)


def _note(rows: Sequence[Row], total: Row, least: int, small: Grouping | None) -> str:
    if small is not None:
        return _SMALL.format(staff=SMALL_SCHOOL, group=small.title.lower())
    if any(row.hidden for row in (*rows, total)):
        return _HIDDEN.format(least=least)
    return ""


def _running(scope: Scope, found: Definition, rows: Sequence[Row]) -> str:
    """Why a half-term under way has no number yet, where what is due in it counts at its end."""
    calendar = calendar_now(scope.view.book, scope.school)
    now = half_term_of(calendar, scope.period.end) if calendar else None
    bare = [row.key for row in rows if not row.hidden and row.number is None]
    is_told = found.key == _OF_DUE and len(bare) < len(rows)
    return _NOT_OVER.format(now.name) if now and is_told and now.name in bare else ""


def _number(found: Definition, facts: Sequence[Fact], counted: Count) -> float | None:
    """What a row comes to; None where there is nothing to make it of."""
    match found.measure:
        case "total":
            return counted.part
        case "median":
            return median(fact.part for fact in facts) if facts else None
        case _:
            return 100 * counted.part / counted.whole if counted.whole else None


def _value(found: Definition, number: float | None) -> str:
    if number is None:
        return NOTHING
    match found.measure:
        case "total":
            return f"{number:,.0f}"
        case "median":
            return f"{number:g} {_unit(number, found.unit)}"
        case "small-share":
            return f"{number:.1f}%"
        case _:
            return f"{round(number)}%"


def _detail(found: Definition, facts: Sequence[Fact], counted: Count) -> str:
    if found.measure == "total":
        return _units(counted.part, found.unit)
    if not counted.whole:
        return "Nothing to count yet"
    if found.measure == "median":
        return f"median of {len(facts)}"
    return f"{counted.part:,.0f} of {_units(counted.whole, found.unit)}"


def _beside(found: Definition, facts: Sequence[Fact], least: int, *, reasons: bool) -> str:
    """What a row says beside its count: reasons of what is left over, or who stands behind it."""
    if reasons and (aside := sum(map(_ASIDE, facts))):
        return f", {aside:,.0f} missed for a reason"
    return _behind(facts, least) if found.among else ""


def _behind(facts: Sequence[Fact], least: int) -> str:
    """Behind how many people a number stands, among those on record; not exactly where few do."""
    everybody = len(people_behind(facts))
    people = len(people_behind(fact for fact in facts if fact.part))
    if not people:
        return ""
    if people < least:
        return f", of fewer than {least} people"
    if 0 < everybody - people < least:
        return f", of {everybody - least + 1} people or more" if everybody > least else ""
    return f", of {people} people"


def _units(number: float, unit: str) -> str:
    """A number with its unit: "1 session", "1,536 minutes", "1 person"."""
    return f"{number:,.0f} {_unit(number, unit)}"


def _unit(number: float, unit: str) -> str:
    one = "person" if unit == PEOPLE else unit.removesuffix("s")
    return one if number == 1 else unit

"""Figures beside those that were given out before, so that the difference tells of nobody.

Whoever has two copies of a page can take the numbers of one from the other. What is left is what
changed in between, and that has to stand for enough people too. The record of an earlier page
says which numbers stood on it; what each was counted from is worked out again for its day. Where
that gives another number than was given out, nobody can tell any more whom the difference is
about, and the figure is not shown.

    beside_earlier(view, "otterbeck", tables, [Edition(period, lines)])
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from coachbook.figures.definitions import DEFINITIONS, definition
from coachbook.figures.grouped import Scope, facts_of
from coachbook.figures.groupings import GROUPINGS
from coachbook.figures.scope import threshold, year_to_date
from coachbook.figures.suppression import hidden, is_safe
from coachbook.figures.tables import REST, figure_table, hidden_row
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coachbook.figures.model import Fact, Period, Row, Table
    from coachbook.views import View

    Changes = Mapping[str, Sequence[Fact]]

_TOTAL = "total"
_NOTE = "Some are marked [c] because the difference to a page given out earlier would stand for "
_NOTE += "fewer than {least} people."


@frozen
class Edition:
    """A page that was given out: the days that it counts, and the lines that stood on it.

    `lines` are None where its record does not say: then whatever could be shown counts as shown.
    """

    period: Period
    lines: tuple[str, ...] | None = None


@frozen
class _Difference:
    """What the numbers of one table tell beside those of an earlier edition.

    `changes` are the facts by which each row that stood on both differs, `total` the same of the
    total, and `unknown` the rows of which nobody can tell any more; `apart` are the rows that
    cannot be compared, as one of the two does not show them.
    """

    changes: Changes
    total: Sequence[Fact]
    unknown: frozenset[str]
    apart: frozenset[str]


def edition_lines(tables: Iterable[Table]) -> tuple[str, ...]:
    """Every number that some tables show, as the record of what was given out keeps it."""
    shown = ((table, row) for table in tables for row in (*table.rows, table.total))
    lines = (f"{_name(table, row)}: {_number(row)}" for table, row in shown if not row.hidden)
    return tuple(dict.fromkeys(lines))


def beside_earlier(
    view: View, school: str, tables: Sequence[Table], editions: Sequence[Edition]
) -> tuple[Table, ...]:
    """The tables without whatever an earlier edition of the same school year would give away."""
    start = year_to_date(view.book, school).start
    same_year = [one for one in editions if one.period.end >= start]
    told = {(table.key, table.by): _told(view, school, table, same_year) for table in tables}
    totals = _with_counterparts({key for (key, _), rows in told.items() if _TOTAL in rows})
    return tuple(
        _without(view, school, table, told[table.key, table.by], is_total=table.key in totals)
        for table in tables
    )


def _with_counterparts(keys: set[str]) -> set[str]:
    """The figures with those that make up one whole with them: sessions held and missed."""
    pairs = [(one.key, one.beside) for one in DEFINITIONS if one.beside]
    return keys.union(*(pair for pair in pairs if keys & set(pair)))


def _told(view: View, school: str, table: Table, editions: Iterable[Edition]) -> frozenset[str]:
    """The rows of a table that an earlier edition would give away; `total` for the total."""
    least = threshold(view.book, school)
    found: frozenset[str] = frozenset()
    for edition in editions:
        found |= _too_telling(_difference(view, school, table, edition), least)
    return found


def _too_telling(found: _Difference, least: int) -> frozenset[str]:
    """The rows whose difference stands for too few, alone or left over from the total."""
    few = {key for key, facts in found.changes.items() if not _is_enough(facts, least)}
    closed = hidden(
        found.changes, least, counts_people=False, anyway=found.apart | found.unknown | few
    )
    rows = {key for key in closed if found.changes.get(key)} - found.apart
    if _TOTAL in found.unknown:
        return frozenset(found.changes) | {_TOTAL}
    is_total = found.unknown or not _is_enough(found.total, least)
    return frozenset(rows | found.unknown | ({_TOTAL} if is_total else set()))


def _is_enough(facts: Sequence[Fact], least: int) -> bool:
    return not facts or is_safe(facts, least, counts_people=False)


def _difference(view: View, school: str, table: Table, edition: Edition) -> _Difference:
    """By what each number of a table differs from the one that was given out."""
    found = definition(table.key)
    then = replace(view, book=replace(view.book, today=edition.period.end))
    before = figure_table(then, school, table.key, by=table.by, period=edition.period).value
    shown = _shown(edition, before)
    facts = _changed(
        facts_of(Scope(view, school, year_to_date(view.book, school)), found),
        facts_of(Scope(then, school, edition.period), found),
    )
    groups = _grouped(view, school, table, facts)
    again = {_name(before, row): _number(row) for row in (*before.rows, before.total)}
    names = {row.key: _name(table, row) for row in (*table.rows, table.total)}
    now = {row.key: _number(row) for row in (*table.rows, table.total)}
    apart = {key for key, name in names.items() if name not in shown}
    apart |= {row.key for row in table.rows if row.hidden}
    told = edition.lines is not None or not found.is_of_today
    same = {key for key in names if told and key not in apart and shown[names[key]] == now[key]}
    unknown = {
        key
        for key, name in names.items()
        if key not in apart | same and not (told and shown[name] == again.get(name))
    }
    return _Difference(
        {row.key: () if row.key in same else groups[row.key] for row in table.rows},
        () if _TOTAL in apart | same else facts,
        frozenset(unknown),
        frozenset(apart - {_TOTAL}),
    )


def _shown(edition: Edition, before: Table) -> Mapping[str, str]:
    """What each number was, by its name: as the record says, or as it can be worked out again."""
    lines = edition_lines([before]) if edition.lines is None else edition.lines
    parts = (line.rpartition(": ") for line in lines)
    return {name: number for name, _, number in parts}


def _grouped(view: View, school: str, table: Table, facts: Sequence[Fact]) -> dict[str, list[Fact]]:
    """Facts by the rows of a table; those of no row of their own stand in the rest."""
    groups: dict[str, list[Fact]] = {row.key: [] for row in table.rows}
    for fact in facts if groups else ():
        for key in GROUPINGS[table.by].find(view, school, fact):
            groups.setdefault(key if key in groups else REST, []).append(fact)
    return groups


def _changed(now: Sequence[Fact], then: Sequence[Fact]) -> tuple[Fact, ...]:
    """The facts that are in one of the two and not in the other."""
    return (*_beyond(now, then), *_beyond(then, now))


def _beyond(facts: Sequence[Fact], others: Sequence[Fact]) -> Iterator[Fact]:
    left = Counter(map(_identity, others))
    for fact in facts:
        name = _identity(fact)
        if left[name]:
            left[name] -= 1
        else:
            yield fact


def _identity(fact: Fact) -> tuple[object, ...]:
    record = fact.record.id if fact.record else ""
    return (fact.people, fact.part, fact.whole, fact.aside, fact.day, fact.mark, record)


def _without(
    view: View, school: str, table: Table, told: frozenset[str], *, is_total: bool
) -> Table:
    """A table without some rows, and without those that would give them away beside its total."""
    least = threshold(view.book, school)
    closed = _closed(view, school, table, told - {_TOTAL})
    if is_total and not closed:
        closed = frozenset(row.key for row in table.rows)
    rows = tuple(_hide(row, least) if row.key in closed else row for row in table.rows)
    total = _hide(table.total, least) if is_total else table.total
    if (rows, total) == (table.rows, table.total):
        return table
    note = f"{table.note} {_NOTE.format(least=least)}".strip()
    return replace(table, rows=rows, total=total, note=note)


def _closed(view: View, school: str, table: Table, rows: frozenset[str]) -> frozenset[str]:
    """The rows of a table that are hidden once these are, with those that were hidden already."""
    already = _already(table)
    if not rows - already:
        return already
    found = definition(table.key)
    facts = facts_of(Scope(view, school, year_to_date(view.book, school)), found)
    more = {REST} if GROUPINGS[table.by].is_open else set()
    return already | hidden(
        _grouped(view, school, table, facts),
        threshold(view.book, school),
        counts_people=found.counts_people,
        anyway=rows | already | more,
    )


def _already(table: Table) -> frozenset[str]:
    return frozenset(row.key for row in table.rows if row.hidden)


def _hide(row: Row, least: int) -> Row:
    return row if row.hidden else hidden_row(row.key, row.label, least)


def _name(table: Table, row: Row) -> str:
    """The name of a number; the total of a figure is the same number in all its tables."""
    return table.key if row.key == _TOTAL else f"{table.key} by {table.by}, {row.key}"


def _number(row: Row) -> str:
    return f"{row.value}, {row.detail}, {row.people} people"

"""An attacker who keeps an earlier governors' page learns of no few people from the next one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.figures import (
    GROUPINGS,
    Edition,
    beside_earlier,
    definition,
    edition_lines,
    year_to_date,
)
from coachbook.figures.suppression import people_behind
from coachbook.overviews.governors import governors_tables
from coachbook.views import open_view
from tests.attacks.attacker import Attacker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coachbook.figures import Fact, Table
    from coachbook.views import View

EXAMPLE = Path(__file__).parents[2]
DAYS = (date(2026, 12, 18), date(2027, 2, 5), date(2027, 2, 26), date(2027, 3, 12))
PAIRS = tuple(combinations(DAYS, 2))
ADDED_UP = {"How many", "Share"}
_COUNTS = re.compile(r"([\d,]+)")


@pytest.fixture(scope="module")
def view() -> View:
    """The example trust on the day of the demonstration."""
    return open_view(load_book(EXAMPLE, today=DAYS[-1]))


@pytest.mark.parametrize(("first", "second"), PAIRS, ids=str)
def test_the_difference_of_two_pages_tells_of_nobody(view: View, first: date, second: date) -> None:
    """Whatever follows from two pages given out stands for enough people, or nothing changed."""
    for school in view.book.schools:
        earlier = _tables(view, school, first)
        edition = Edition(year_to_date(_at(view, first).book, school), edition_lines(earlier))
        later = beside_earlier(_at(view, second), school, _tables(view, school, second), [edition])

        assert _learnt(view, school, (first, second), (earlier, later)) == {}


def test_the_attacker_learns_from_two_pages_that_nobody_compared(view: View) -> None:
    """The same attacker tells small groups from the same pages without the comparison."""
    learnt = {
        school: _learnt(
            view, school, (first, second), [_tables(view, school, one) for one in (first, second)]
        )
        for school in view.book.schools
        for first, second in PAIRS[:1]
    }

    assert any(learnt.values())


def test_a_record_that_names_no_figures_counts_as_one_with_all(view: View) -> None:
    """Where nobody wrote down what was given out, everything that could be shown counts as that."""
    first, second = DAYS[1], DAYS[-1]
    silent = Edition(year_to_date(_at(view, first).book, "otterbeck"))
    later = beside_earlier(view, "otterbeck", _tables(view, "otterbeck", second), [silent])

    assert (
        _learnt(view, "otterbeck", (first, second), (_tables(view, "otterbeck", first), later))
        == {}
    )


def test_a_number_that_cannot_be_worked_out_again_is_not_shown_beside_the_next(
    view: View,
) -> None:
    """Where records were altered since, nobody can tell whom the difference would be about."""
    day = DAYS[1]
    tables = _tables(view, "bramblewick", DAYS[-1])
    lines = edition_lines(_tables(view, "bramblewick", day))
    altered = tuple(
        re.sub(r"^minutes: .*", "minutes: 1, 1 minute, 30 people", one) for one in lines
    )
    edition = Edition(year_to_date(_at(view, day).book, "bramblewick"), altered)
    later = {one.key: one for one in beside_earlier(view, "bramblewick", tables, [edition])}

    assert altered != lines
    assert later["minutes"].total.hidden
    assert "given out earlier" in later["minutes"].note


def _at(view: View, day: date) -> View:
    return replace(view, book=replace(view.book, today=day))


def _tables(view: View, school: str, day: date) -> list[Table]:
    return [one.value for one in governors_tables(_at(view, day), school)]


def _learnt(
    view: View,
    school: str,
    days: tuple[date, date],
    pages: Sequence[Sequence[Table]],
) -> dict[str, int]:
    """The cells whose difference an attacker knows and that stands for too few, with how many."""
    attacker, seen, behind = Attacker(), set(), {}
    for first in pages[0]:
        for second in (one for one in pages[1] if (one.key, one.by) == (first.key, first.by)):
            changed = _changed(view, school, first.key, days)
            cells = {row.key: _cell(first, row.key) for row in (*second.rows, second.total)}
            for key, cell in cells.items():
                facts = [one for one in changed if _is_in(view, school, second, key, one)]
                behind[cell] = len(people_behind(facts))
            if first.measure in ADDED_UP:
                seen |= _differences(attacker, first, second, cells)
    least = pages[1][0].threshold
    solved = {cell.removesuffix(" change") for cell, change in attacker.solve().items() if change}
    known = seen | solved
    return {one: behind[one] for one in known if 0 < behind[one] < least}


def _differences(
    attacker: Attacker, first: Table, second: Table, cells: dict[str, str]
) -> set[str]:
    """Tells the attacker by what each number changed that is on both pages; those that changed."""
    seen = set()
    before = {row.key: row for row in (*first.rows, first.total) if not row.hidden}
    for row in (*second.rows, second.total):
        if not row.hidden and row.key in before:
            if (row.detail, row.people) != (before[row.key].detail, before[row.key].people):
                seen.add(cells[row.key])
            change = _count(row.detail) - _count(before[row.key].detail)
            attacker.sees(f"{cells[row.key]} change", change)
    if second.by == "half-term":
        rows = {f"{cells[row.key]} change": 1 for row in second.rows}
        attacker.knows(rows | {f"{cells['total']} change": -1})
    return seen


def _count(detail: str) -> int:
    found = _COUNTS.search(detail)
    return int(found[1].replace(",", "")) if found else 0


def _cell(table: Table, key: str) -> str:
    return table.key if key == "total" else f"{table.key} {table.by} {key}"


def _changed(view: View, school: str, key: str, days: tuple[date, date]) -> list[Fact]:
    """The facts that were counted on one of two days and not, or otherwise, on the other."""
    then, now = (_facts(_at(view, day), school, key) for day in days)
    return [one for name in then.keys() ^ now.keys() for one in (then | now)[name]]


def _facts(view: View, school: str, key: str) -> dict[object, list[Fact]]:
    found: dict[object, list[Fact]] = {}
    for one in definition(key).facts(view, school, year_to_date(view.book, school)):
        name = (one.people, one.part, one.whole, one.day, one.mark)
        found.setdefault(name, []).append(one)
    return found


def _is_in(view: View, school: str, table: Table, key: str, fact: Fact) -> bool:
    if key == "total":
        return True
    found = GROUPINGS[table.by].find(view, school, fact)
    own = {row.key for row in table.rows}
    return key in found or (key == "rest" and not own.intersection(found))

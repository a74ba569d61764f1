"""An attacker who has every page of figures finds no number that is not shown."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.book import load_book
from coachbook.figures import (
    GROUPINGS,
    REST,
    SUPPRESSED,
    TRUST_LEAD,
    Fact,
    comparable,
    defined,
    definition,
    figure_table,
    suppression,
    trust_table,
    year_to_date,
)
from coachbook.figures.grouped import Scope, facts_of, groups_of
from coachbook.figures.groupings import term_of
from coachbook.figures.suppression import hidden, is_safe, people_behind
from coachbook.overviews import trust
from coachbook.turns import UNEXPLAINED
from coachbook.views import open_view
from tests.attacks.attacker import Attacker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from coachbook.figures import Row, Table
    from coachbook.views import View

LEAST = 5
DAYS = (date(2026, 10, 9), date(2026, 12, 11), date(2027, 2, 5), date(2027, 3, 12))
ADDED_UP = {"share", "small-share", "total"}
SPLITS = {"term", "half-term", "phase", "age", "reason", "kind", "scope"}
"""Groupings in which everything stands in one group, so that the groups make the total."""

_PART, _WHOLE = re.compile(r"([\d,]+) of ([\d,]+)"), re.compile(r"([\d,]+) ")
_ASIDE, _BEHIND = re.compile(r"([\d,]+) missed for a reason"), re.compile(r"of (\d+) people$")
SHARED = {"Learning characteristics": "characteristic", "Priorities of the trust": "priority"}
"""The grids of the trust by their titles, and what their rows are."""

COUNTERPARTS = {"completion": "missed", "kept": "unkept"}
"""The share of sessions held, and the figure of those that are missing from it."""


@pytest.fixture(scope="module")
def view(example: Path) -> View:
    """The example trust on the day of the demonstration."""
    return open_view(load_book(example, today=date(2027, 3, 12)))


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_every_page_together_gives_no_hidden_number_away(view: View, today: date) -> None:
    """Rows, totals, terms and halves, sessions held and missed: nothing hidden follows."""
    then = replace(view, book=replace(view.book, today=today))
    attacker = Attacker()
    unseen = set()
    for school in then.book.schools:
        unseen |= _read_school(attacker, then, school)
    unseen |= _read_trust(attacker, then)

    assert unseen
    assert attacker.solve().keys() & unseen == set()
    assert attacker.narrow().keys() & unseen == set()


def test_the_attacker_knows_what_a_count_can_be() -> None:
    """Two hidden counts that add up to nought are both nought, and a part is within its whole."""
    attacker = Attacker()
    attacker.sees("total", 0)
    attacker.knows({"art": 1, "music": 1, "total": -1})
    attacker.sees("all", 4)
    attacker.knows({"maths whole": 1, "music": 1, "all": -1})
    attacker.knows_part("drama part", "drama whole")
    attacker.knows({"drama part": 1, "all": -1})
    attacker.knows({"drama whole": 1, "art": 1, "all": -1})

    found = attacker.narrow()

    assert found == {"art": 0, "music": 0, "maths whole": 4, "drama part": 4, "drama whole": 4}


def test_the_attacker_succeeds_where_a_total_is_not_guarded(
    view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same attacker solves for cells as soon as only small rows are hidden."""
    monkeypatch.setattr(suppression, "_is_safe_together", lambda *_: True)
    attacker = Attacker()
    unseen = set()
    for school in view.book.schools:
        unseen |= _read_school(attacker, view, school)

    assert attacker.solve().keys() & unseen


def test_the_attacker_reads_what_the_trust_shares(
    view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A grid of the trust that told all groups but one would give that one away."""
    told = {"Making": 2, "Reasoning": 4, "Belonging": 0}
    honest = trust._cell

    def careless(table: Table, key: str) -> str | int:
        return told.get(key, SUPPRESSED) if table.total.number == 14 else honest(table, key)

    attacker = Attacker()
    unseen = _read_school(attacker, view, "fennimoor")
    monkeypatch.setattr(trust, "_cell", careless)
    _read_trust(attacker, view)

    assert "fennimoor goals characteristic Speaking part" in unseen
    assert attacker.solve()["fennimoor goals characteristic Speaking part"] == 3


def test_no_shown_row_stands_on_too_few(view: View) -> None:
    """Whatever is shown at a school, at least as many people as the policy says stand behind it."""
    for table in _every_table(view):
        for row in (*table.rows, table.total):
            assert row.hidden or row.people == 0 or (row.people or 0) >= table.threshold


def test_a_hidden_row_holds_no_number(view: View) -> None:
    """In a row that is hidden no cell has a digit of what was counted."""
    rows = [row for table in _every_table(view) for row in table.rows if row.hidden]

    assert rows
    for row in rows:
        assert (row.value, row.people, row.share, row.number) == ("[c]", None, None, None)
        assert re.findall(r"\d+", row.detail) == [str(LEAST)]


def test_whoever_stands_behind_a_number_is_never_few(view: View) -> None:
    """How many people missed a session is said only where neither they nor the rest are few."""
    found = [
        (int(behind[1]), row.people or 0, table.threshold)
        for table in _every_table(view)
        for row in (*table.rows, table.total)
        if table.among and (behind := _BEHIND.search(row.detail)) and "than" not in row.detail
    ]

    assert all(
        people >= least and not 0 < everybody - people < least for people, everybody, least in found
    )


def test_small_schools_have_no_groups_of_people(view: View) -> None:
    """In a school with fewer than 30 staff no table has a row for a staff group or a subject."""
    people = {key for key, one in GROUPINGS.items() if one.of_people}
    shown = {
        school
        for school in view.book.schools
        for one in defined(view, school)
        for by in people.intersection(one.by)
        if figure_table(view, school, one.key, by=by).value.rows
    }

    assert shown == {"fennimoor"}


_PEOPLE = st.frozensets(st.sampled_from([f"p-{number}" for number in range(20)]), min_size=1)
_FACTS = st.lists(st.builds(Fact, people=_PEOPLE, part=st.integers(0, 1)), max_size=8)
_ROWS = st.dictionaries(st.sampled_from("abcdefg"), _FACTS, min_size=1)


@given(rows=_ROWS, counts_people=st.booleans())
def test_what_is_left_of_a_total_is_safe(
    rows: Mapping[str, Sequence[Fact]], *, counts_people: bool
) -> None:
    """Whoever takes the shown rows from the total is left with nothing, or with enough people."""
    closed = hidden(rows, LEAST, counts_people=counts_people)
    rest = [fact for key in closed for fact in rows[key]]

    is_all = all(key in closed for key, facts in rows.items() if facts)
    assert not closed or is_all or is_safe(rest, LEAST, counts_people=counts_people)
    for key in rows.keys() - closed:
        assert not rows[key] or len(people_behind(rows[key])) >= LEAST


@given(rows=_ROWS)
def test_one_row_is_never_hidden_alone_beside_a_total(rows: Mapping[str, Sequence[Fact]]) -> None:
    """One hidden row is the total less the others, so there are two or more, or all of them."""
    closed = hidden(rows, LEAST, counts_people=False)

    assert len(closed) != 1 or len(rows) == 1


@given(rows=_ROWS, anyway=st.frozensets(st.sampled_from("abcdefg")))
def test_what_another_table_hides_is_hidden_here(
    rows: Mapping[str, Sequence[Fact]], anyway: frozenset[str]
) -> None:
    """Two figures of the same records hide the same groups."""
    closed = hidden(rows, LEAST, counts_people=False, anyway=anyway)

    assert {key for key in anyway if rows.get(key)} <= closed


def _every_table(view: View) -> Iterator[Table]:
    for school in view.book.schools:
        for one in defined(view, school):
            for by in ("", *one.by):
                yield figure_table(view, school, one.key, by=by).value


def _read_school(attacker: Attacker, view: View, school: str) -> set[str]:
    """Tells the attacker all that the tables of a school say; the cells that are not shown."""
    unseen = set()
    for one in defined(view, school):
        for by in ("", *one.by) if one.measure in ADDED_UP else ():
            table = figure_table(view, school, one.key, by=by).value
            unseen |= _read_table(attacker, school, table)
            if by in SPLITS and table.rows:
                _add_up(attacker, school, table)
            elif by:
                unseen |= _overlap(attacker, view, school, table)
    _compare(attacker, view, school)
    return unseen


def _read_table(attacker: Attacker, school: str, table: Table) -> set[str]:
    unseen = set()
    for row in (*table.rows, table.total):
        name = _cell(school, table.key, table.by if row is not table.total else "", row.key)
        sides = _sides(table)
        if len(sides) > 1:
            attacker.knows_part(f"{name} part", f"{name} whole")
        if row.hidden:
            unseen |= {f"{name} {side}" for side in sides}
            continue
        part, whole = _numbers(row)
        attacker.sees(f"{name} part", part)
        attacker.sees(f"{name} whole", whole)
        aside = _ASIDE.search(row.detail)
        if aside:
            attacker.sees(f"{name} aside", _int(aside[1]))
    return unseen


def _add_up(attacker: Attacker, school: str, table: Table) -> None:
    total = _cell(school, table.key, "", "total")
    for side in ("part", "whole"):
        cells = {f"{_cell(school, table.key, table.by, row.key)} {side}": 1 for row in table.rows}
        if table.measure != "How many" or side == "part":
            attacker.knows(cells | {f"{total} {side}": -1})
    if table.by == "half-term":
        for term in {term_of(row.key) for row in table.rows}:
            halves = [row.key for row in table.rows if term_of(row.key) == term]
            for side in ("part", "whole"):
                cells = {
                    f"{_cell(school, table.key, 'half-term', one)} {side}": 1 for one in halves
                }
                attacker.knows(cells | {f"{_cell(school, table.key, 'term', term)} {side}": -1})


def _overlap(attacker: Attacker, view: View, school: str, table: Table) -> set[str]:
    """Groups that a thing can be in two of: each is within the total.

    Those that may not stand alone are in one row together; a group that is in no row of a table
    without that one is a nought. The attacker guesses, where it is so, that nothing is in two
    groups, or that everything is in one.
    """
    if not table.rows:
        return set()
    scope = Scope(view, school, year_to_date(view.book, school))
    groups = groups_of(scope, definition(table.key), GROUPINGS[table.by])
    held = Counter(id(fact) for facts in groups.values() for fact in facts)
    times = {held[id(fact)] for fact in facts_of(scope, definition(table.key))}
    unseen = set()
    for side in _sides(table):
        cells = {key: f"{_cell(school, table.key, table.by, key)} {side}" for key in groups}
        total = f"{_cell(school, table.key, '', 'total')} {side}"
        _make_up(attacker, list(cells.values()), total, times)
        gone = [cell for key, cell in cells.items() if key not in {row.key for row in table.rows}]
        if table.rows[-1].key == REST:
            rest = f"{_cell(school, table.key, table.by, REST)} {side}"
            _make_up(attacker, gone, rest, times - {0})
            unseen.update(gone)
        else:
            for cell in gone:
                attacker.sees(cell, 0)
    return unseen


def _make_up(attacker: Attacker, cells: Sequence[str], total: str, times: set[int]) -> None:
    """Cells that are parts of a total, and make it where everything is in `times` of them."""
    for cell in cells:
        attacker.knows_part(cell, total)
    terms = dict.fromkeys(cells, 1) | {total: -1}
    if times == {1}:
        attacker.knows(terms)
    elif 0 not in times:
        attacker.knows(terms | {f"{total} {cells[0]} twice": -1})


def _read_trust(attacker: Attacker, view: View) -> set[str]:
    """The tables over schools, and the grids of what the trust shares; the cells not shown."""
    for role in (TRUST_LEAD, "governors"):
        for key in comparable(view, role=role):
            _read_roll_up(attacker, role, trust_table(view, key, role=role).value)
    (page,) = trust.trust_pages(view)
    return set().union(*(_read_grid(attacker, view, grid) for grid in page.model["grids"]))


def _read_roll_up(attacker: Attacker, role: str, table: Table) -> None:
    """A table over schools: each row is a school, the total that of those in it, as it says."""
    rows = [_cell(row.key, table.key, "", "total") for row in table.rows]
    total = _cell(f"trust of {role}", table.key, "", "total")
    if table.measure == "In the middle":
        return
    for index, side in enumerate(_sides(table)):
        for name, row in zip(rows, table.rows, strict=True):
            attacker.sees(f"{name} {side}", _numbers(row)[index])
        if not table.total.hidden:
            attacker.sees(f"{total} {side}", _numbers(table.total)[index])
        attacker.knows({f"{name} {side}": 1 for name in rows} | {f"{total} {side}": -1})


def _read_grid(attacker: Attacker, view: View, grid: Mapping[str, Any]) -> set[str]:
    """Goals by what the trust shares, a column for each school that opens them."""
    by = SHARED[grid["title"].value]
    schools = {view.school_name(one): one for one in view.book.schools}
    unseen = set()
    for row in grid["rows"]:
        for column, cell in zip(grid["columns"], row["cells"], strict=True):
            school = schools[column.value]
            labels = GROUPINGS[by].labels(view, school, year_to_date(view.book, school))
            (key,) = (key for key, label in labels.items() if label == row["label"].value)
            name = f"{_cell(school, 'goals', by, key)} part"
            if cell.value == SUPPRESSED:
                unseen.add(name)
            else:
                attacker.sees(name, cell.value)
    return unseen


def _compare(attacker: Attacker, view: View, school: str) -> None:
    """What is missing from the sessions held is what was missed, in every group."""
    shown = {one.key for one in defined(view, school)}
    for held, lost in COUNTERPARTS.items():
        if held in shown:
            for by, key in _groups(view, school, held):
                cells = (_cell(school, held, by, key), _cell(school, lost, by, key))
                attacker.knows(
                    {f"{cells[0]} whole": 1, f"{cells[0]} part": -1, f"{cells[1]} part": -1}
                )
            _explain(attacker, view, school, held)


def _explain(attacker: Attacker, view: View, school: str, held: str) -> None:
    """What was missed for a reason is the sum of the reasons, and of what each group says of it."""
    total = f"{_cell(school, held, '', 'total')} aside"
    reasons = set(GROUPINGS["reason"].labels(view, school, year_to_date(view.book, school)))
    lost = COUNTERPARTS[held]
    cells = {f"{_cell(school, lost, 'reason', key)} part": 1 for key in reasons - UNEXPLAINED}
    attacker.knows(cells | {total: -1})
    for by in ("term", "half-term"):
        rows = [key for group, key in _groups(view, school, held) if group == by]
        attacker.knows({f"{_cell(school, held, by, key)} aside": 1 for key in rows} | {total: -1})


def _groups(view: View, school: str, key: str) -> set[tuple[str, str]]:
    return {
        ("", "total"),
        *(
            (by, row.key)
            for by in ("term", "half-term")
            for row in figure_table(view, school, key, by=by).value.rows
        ),
    }


def _sides(table: Table) -> tuple[str, ...]:
    """What a row of a table counts: of a share, both what is counted and out of how much."""
    return ("part",) if table.measure == "How many" else ("part", "whole")


def _cell(school: str, key: str, by: str, row: str) -> str:
    return f"{school} {key} {by} {row}"


def _numbers(row: Row) -> tuple[int, int]:
    """The counts that a row says in words."""
    both = _PART.match(row.detail)
    if both:
        return _int(both[1]), _int(both[2])
    one = _WHOLE.match(row.detail)
    return (_int(one[1]), 0) if one else (0, 0)


def _int(text: str) -> int:
    return int(text.replace(",", ""))

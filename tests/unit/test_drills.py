"""When recovery was proved: lines of a file that is only added to."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.drills import Drill, last_drill, parse_drills, with_drill

OWNER = "envelope@otterbeck"
DRILLS = st.builds(
    Drill,
    day=st.dates(),
    owner=st.sampled_from([OWNER, "head@fennimoor"]),
    generation=st.integers(1, 99),
    opened=st.integers(0, 10_000),
    stated=st.integers(0, 10_000),
)


@given(st.lists(DRILLS, min_size=1, max_size=5))
def test_lines_are_read_back_in_their_order(drills: list[Drill]) -> None:
    """Every drill that is noted is read again, and no earlier line is lost."""
    text = ""
    for one in drills:
        text = with_drill(text, one)

    assert parse_drills(text) == tuple(drills)


@pytest.mark.parametrize(
    "line",
    [
        "- 2026-02-30 envelope@otterbeck, key 1: 3 of 3 parts opened",
        "- 2026-02-20 envelope, key 1: 3 of 3 parts opened",
        "- 2026-02-20 envelope@otterbeck, key 0: 3 of 3 parts opened",
        "- 2026-02-20 envelope@otterbeck, key 1: all parts opened",
    ],
)
def test_a_line_that_is_none_counts_for_nothing(line: str) -> None:
    """What was written by hand and is no drill does not put off the next one."""
    assert parse_drills(f"# Drills\n\n{line}\n") == ()


def test_the_last_drill_is_that_of_the_latest_day() -> None:
    """Lines may come in any order, after a merge for instance."""
    days = (date(2026, 5, 1), date(2026, 9, 1), date(2025, 9, 1))
    drills = [Drill(day, OWNER, 1, 3, 3) for day in days]

    found = last_drill(drills, OWNER)

    assert found == drills[1]
    assert last_drill(drills, "head@otterbeck") is None

"""`coachbook retention`: how long everything is kept, and what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.desk import SESSION, as_json

if TYPE_CHECKING:
    from tests.cli.desk import Desk

CYCLE = "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"


def close(desk: Desk) -> None:
    """Closes the cycle."""
    text = desk.read(CYCLE)
    desk.write(CYCLE, text.replace("status: open", "status: closed\nclosed_on: 2026-12-18"))


def test_nothing_due_is_a_clean_end(desk: Desk) -> None:
    """While nothing is due the command says what is kept, and ends with 0."""
    result = desk.run("retention", words="")

    assert result.status == 0, result.err
    assert result.out.startswith("Otterbeck Primary\n  Notes of sessions, visits and cycles: kept")


def test_what_is_due_is_listed(desk: Desk) -> None:
    """With a day the records stand in a line each, with the last day on which they may be kept."""
    close(desk)

    result = desk.run("retention", "--due-by", "2027-09-01", words="")

    assert result.status == 1
    assert result.out.splitlines() == [
        f"2027-08-31  {SESSION}  Coaching session",
        f"2027-08-31  {CYCLE}  Coaching cycle",
    ]


def test_the_list_is_there_for_programs(desk: Desk) -> None:
    """Both answers can be had as JSON, with ids and days and no word of a note."""
    close(desk)

    rows = as_json(desk.run("retention", "--format", "json", words=""))
    due = as_json(desk.run("retention", "--due-by", "2027-09-01", "--format", "json", words=""))

    assert isinstance(rows, dict)
    assert isinstance(due, dict)
    assert rows["rows"][0]["clause"] == "10.4"
    assert {one["id"] for one in due["records"]} == {"s-7kq2m4xa", "c-0a1b2c3d"}

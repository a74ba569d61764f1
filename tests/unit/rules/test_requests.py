"""Tests of the rule about requests for what is held about somebody."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.rules import check_book
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from pathlib import Path

PATH = "records/otterbeck/logs/2027-01-11-sl-3c5e7g9j.md"
REQUEST = """\
---
type: subject-access-log
id: sl-3c5e7g9j
school: otterbeck
requested_on: 2027-01-11
due: {due}
by: p-m3v8x1ra
{more}---
"""


@pytest.mark.parametrize(
    ("due", "more", "today", "found"),
    [
        ("2027-02-11", "", date(2027, 2, 3), []),
        ("2027-02-11", "", date(2027, 2, 4), ["is to be answered by 11 Feb 2027"]),
        ("2027-02-11", "", date(2027, 2, 12), ["was to be answered by 11 Feb 2027"]),
        ("2027-02-11", "answered_on: 2027-02-01\n", date(2027, 3, 1), []),
        ("2027-02-11", "paused_from: 2027-01-14\n", date(2027, 3, 1), []),
        ("2027-02-12", "", date(2027, 1, 12), ["is later than one month after 11 Jan 2027"]),
        (
            "2027-04-12",
            "extended_on: 2027-02-01\nextension_reason: complex\n",
            date(2027, 2, 12),
            [],
        ),
        (
            "2027-02-17",
            "paused_from: 2027-01-14\npaused_to: 2027-01-20\n",
            date(2027, 1, 21),
            [],
        ),
    ],
)
def test_a_request_is_answered_in_time(
    tmp_path: Path, due: str, more: str, today: date, found: list[str]
) -> None:
    """A reminder comes a week before the day, a finding after it, and one on a day too late."""
    root = tmp_path / "otterbeck"
    shutil.copytree(small.ROOT, root)
    (root / PATH).parent.mkdir()
    (root / PATH).write_text(REQUEST.format(due=due, more=more), encoding="utf-8")

    findings = check_book(load_book(root, today=today), [PATH])

    assert [words in one.message for words, one in zip(found, findings, strict=True)] == [
        True for _ in found
    ]
    assert all(one.code == "CB330" for one in findings)

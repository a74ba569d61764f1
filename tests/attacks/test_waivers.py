"""Waivers in the hands of somebody who can write to the repository."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.rules import check_book
from tests.unit.conftest import TODAY
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.diagnostics import Diagnostic

MONITOR = "p-m3v8x1ra"
SESSION = """\
---
type: session
id: s-3x9p5w1d
school: otterbeck
cycle: c-0a1b2c3d
date: 2026-11-05
status: held
kind: coaching
minutes: 45
---
"""
ROLE = f"""\
---
type: role-assignment
id: r-3x9p5w1d
school: otterbeck
person: {MONITOR}
role: cpd-lead
from: 2026-10-01
to: 2026-09-01
---
"""
WAIVER = f"""\
---
type: waiver
id: w-4b7c1n9e
school: otterbeck
code: CB302
about: s-3x9p5w1d
reason: agreed-exception
granted_by: {MONITOR}
granted_on: 2026-11-06
until: 2027-07-21
---
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The small school with a session that was far too long."""
    shutil.copytree(small.ROOT, tmp_path / "school")
    write(tmp_path / "school", "2026-27/c-0a1b2c3d/2026-11-05-s-3x9p5w1d.md", SESSION)
    return tmp_path / "school"


def write(workspace: Path, name: str, text: str) -> None:
    """Puts a record into the school's folder."""
    place = workspace / "records/otterbeck" / name
    place.parent.mkdir(exist_ok=True)
    place.write_text(text, encoding="utf-8")


def waived(workspace: Path, waiver: str) -> list[Diagnostic]:
    """What is set aside with this waiver among the records."""
    write(workspace, "waivers/w-4b7c1n9e.md", waiver)
    return [one for one in check_book(load_book(workspace, today=TODAY)) if one.waiver]


def test_a_waiver_in_order_sets_its_finding_aside(workspace: Path) -> None:
    """What the other waivers are compared with does set something aside."""
    assert [one.code for one in waived(workspace, WAIVER)] == ["CB302"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"granted_by: {MONITOR}\n", ""),
        (MONITOR, "p-zzzz9999"),
        (MONITOR, f"[{small.COACH}, {small.COACHEE}]"),
        ("granted_on: 2026-11-06\n", ""),
        ("reason: agreed-exception\n", ""),
        ("agreed-exception", "because"),
    ],
    ids=["by nobody", "by a stranger", "by both", "on no day", "for nothing", "for what is none"],
)
def test_a_waiver_that_is_not_whole_sets_nothing_aside(workspace: Path, old: str, new: str) -> None:
    """Who granted it, when and why is known, or it counts for nothing."""
    assert waived(workspace, WAIVER.replace(old, new)) == []


def test_a_waiver_of_the_day_after_tomorrow_sets_nothing_aside(workspace: Path) -> None:
    """Written for years to come, a waiver does not last from today until then."""
    later = WAIVER.replace("2026-11-06", "2099-01-01").replace("2027-07-21", "2099-12-31")

    assert waived(workspace, later) == []


@pytest.mark.parametrize("code", ["CB3*", "CB30", "CB", "'*'", "CB\uff1302", "CB501, CB302"])
def test_a_waiver_is_for_one_code(workspace: Path, code: str) -> None:
    """No pattern, no part of a code and no other digits stand for a code."""
    assert waived(workspace, WAIVER.replace("CB302", code)) == []


@pytest.mark.parametrize(("by", "count"), [(MONITOR, 0), (small.COACH, 1)])
def test_nobody_sets_aside_what_is_about_themselves(workspace: Path, by: str, count: int) -> None:
    """Whoever may grant waivers has somebody else grant one for a record of their own."""
    write(workspace, "roles/r-3x9p5w1d.md", ROLE)
    waiver = WAIVER.replace("CB302", "CB207").replace("s-3x9p5w1d", "r-3x9p5w1d")

    assert len(waived(workspace, waiver.replace(MONITOR, by))) == count

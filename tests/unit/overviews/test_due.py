"""Tests of what is due: in pairs and groups, in training, and when a pair looks back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.overviews.due import due_for
from coachbook.views import open_view
from tests.workspaces.otterbeck_small import COACH, COACHEE

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 20)
HERE = "records/otterbeck"
PAIR = f"{HERE}/partnerships/pt-5q6r7s8t.md"
PAIR_TEXT = f"""\
---
type: partnership
id: pt-5q6r7s8t
school: otterbeck
kind: coaching
coach: {COACH}
coachee: p-x2a7o5kh
start: 2026-09-14
status: active
chosen_by: team
agreed_on: 2026-09-14
review_on: 2026-12-11
---
"""
MEETING = f"{HERE}/2026-27/pt-5q6r7s8t/2026-11-17-s-6h8j2k4m.md"
MEETING_TEXT = """\
---
type: session
id: s-6h8j2k4m
school: otterbeck
partnership: pt-5q6r7s8t
date: 2026-11-17
status: held
kind: coaching
---
"""
TRAINING = f"{HERE}/training/t-3w4x5y6z.md"
TRAINING_TEXT = f"""\
---
type: training
id: t-3w4x5y6z
school: otterbeck
person: {COACHEE}
kind: coach-training
title: Listening well
due: 2026-11-30
---
"""


def words(root: Path, person: str, *, today: date = TODAY) -> list[str]:
    """What is due for a person, in words."""
    view = open_view(load_book(root, today=today))
    return [item.words for item in due_for(view, person)]


def write(root: Path, path: str, text: str) -> None:
    """Puts a record into the workspace."""
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def test_a_pair_outside_cycles_has_its_rhythm(workspace: Path) -> None:
    """A pair that meets outside cycles is told when the usual rhythm would have it meet again."""
    write(workspace, PAIR, PAIR_TEXT)
    write(workspace, MEETING, MEETING_TEXT)

    found = words(workspace, "p-x2a7o5kh")

    assert "Plan the next session; the usual rhythm makes it Tue 24 Nov" in found


def test_a_pair_that_has_ended_has_nothing_due(workspace: Path) -> None:
    """Nothing is due for a pair that has ended."""
    write(workspace, PAIR, PAIR_TEXT.replace("status: active", "status: ended"))
    write(workspace, MEETING, MEETING_TEXT)

    assert words(workspace, "p-x2a7o5kh") == []


@pytest.mark.parametrize(("today", "times"), [(TODAY, 1), (date(2026, 10, 1), 0)])
def test_a_review_is_named_two_months_ahead(workspace: Path, today: date, times: int) -> None:
    """When a pair is to look back at its work, both are told two months ahead."""
    write(workspace, PAIR, PAIR_TEXT)

    found = words(workspace, "p-x2a7o5kh", today=today)

    assert found.count("Look together at how the pair works, by Fri 11 Dec") == times


def test_training_is_due_until_it_is_done(workspace: Path) -> None:
    """Training is due by its day, and no more once the day it was done is written down."""
    write(workspace, TRAINING, TRAINING_TEXT)
    text = "Training “Listening well” is due by Mon 30 Nov"
    assert text in words(workspace, COACHEE)

    write(workspace, TRAINING, TRAINING_TEXT.replace("due:", "date: 2026-11-18\ndue:"))

    assert text not in words(workspace, COACHEE)

"""Tests of what the Write page offers for the close of a cycle, and to whom."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from coachbook.book import load_book
from coachbook.views import View, open_view
from tests.unit.write_pages import write_models
from tests.workspaces.otterbeck_small import COACH, COACHEE, MONITOR, POLICY, ROOT

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 20)
CYCLE = "c-0a1b2c3d"
PLACE = f"records/otterbeck/2026-27/{CYCLE}/cycle.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the small school that a test may change."""
    shutil.copytree(ROOT, tmp_path / "workspace")
    return tmp_path / "workspace"


def _view(root: Path) -> View:
    return open_view(load_book(root, today=TODAY))


def _model(root: Path, writer: str) -> Any:  # noqa: ANN401 (JSON)
    return write_models(_view(root), [writer])[writer]


def _of_kind(model: Any, kind: str) -> list[Any]:  # noqa: ANN401 (JSON)
    return [place for place in model["places"] if place["kind"] == kind]


def _change(root: Path, place: str, old: str, new: str) -> None:
    text = (root / place).read_text(encoding="utf-8")
    assert old in text
    (root / place).write_text(text.replace(old, new), encoding="utf-8")


def test_both_of_a_pair_can_close_their_cycle(root: Path) -> None:
    """Coach and coachee are offered the outcome, with the cycle's record as it is now."""
    for person in (COACH, COACHEE):
        (place,) = _of_kind(_model(root, person), "close")

        assert list(place["forms"].values()) == [("Outcome",)]
        assert place["path"] == PLACE
        assert place["source"].startswith((root / PLACE).read_text(encoding="utf-8").rstrip())
        assert place["source"].endswith("## Outcome\n\n{sealed}\n")


def test_the_outcome_is_for_the_readers_of_the_cycle(root: Path) -> None:
    """What came of a cycle is sealed for the pair and the monitor, as its goal is."""
    (place,) = _of_kind(_model(root, COACHEE), "close")

    assert set(place["rows"]["session notes"]["readers"]) == {COACH, COACHEE, MONITOR}


def test_without_a_statement_the_cycle_waits(root: Path) -> None:
    """Where the policy asks for a statement, the pair leaves the cycle open for it."""
    model = _model(root, COACHEE)
    (place,) = _of_kind(model, "close")
    (name,) = place["forms"]

    (status,) = model["forms"][f"otterbeck/{name}"]["fields"]
    assert (status["choices"], status["default"]) == (("open", "ended"), "open")


def test_where_no_statement_is_asked_for_the_pair_closes_the_cycle(root: Path) -> None:
    """With a policy that asks for a review, the outcome and the end are one step."""
    _change(root, POLICY, "cycle.close_requires: impact-statement", "cycle.close_requires: review")
    model = _model(root, COACHEE)
    (place,) = _of_kind(model, "close")
    (name,) = place["forms"]

    (status,) = model["forms"][f"otterbeck/{name}"]["fields"]
    assert (status["choices"], status["default"]) == (("closed", "ended"), "closed")
    assert "statement" not in [step["kind"] for step in model["closings"][0]["steps"]]


def test_the_statement_is_offered_to_the_role_of_the_monitor(root: Path) -> None:
    """The monitor writes by the key of the role, and is named as the author by the browser."""
    model = _model(root, MONITOR)

    (place,) = model["places"]
    assert (place["kind"], place["links"]) == (
        "statement",
        {"cycle": CYCLE, "author": "{writer}"},
    )
    assert model["author"] == ""
    (statement,) = model["forms"]["otterbeck/impact-statement@1"]["sections"]
    assert "identity" in statement["lints"]


def test_a_statement_is_not_offered_to_the_pair(root: Path) -> None:
    """Neither coach nor coachee sums up their own cycle."""
    assert [_of_kind(_model(root, one), "statement") for one in (COACH, COACHEE)] == [[], []]


def test_a_cycle_that_follows_begins_without_an_outcome(root: Path) -> None:
    """The next cycle names the pair and the one before; how it will end is not asked yet."""
    (place,) = _of_kind(_model(root, COACHEE), "next")

    assert place["links"] == {"partnership": "pt-6r1e9k3w", "follows": CYCLE}
    (names,) = place["forms"].values()
    assert "Goal" in names
    assert "Outcome" not in names


def test_a_finished_cycle_is_not_closed_again(root: Path) -> None:
    """Once a cycle has ended, what is offered is the cycle that follows."""
    _change(root, PLACE, "status: open", "status: ended")

    model = _model(root, COACHEE)

    assert _of_kind(model, "close") == []
    assert len(_of_kind(model, "next")) == 1

"""What lets a value go to more people than may read what it was made from."""

from __future__ import annotations

from pathlib import Path

import pytest

from coachbook.audience import FlowError, audience, flow, told
from coachbook.declassified import FIGURE, GROUNDS, Declassified, Ground, declassify

COACH, HEAD = audience("p-7kq2m4xa"), audience("head@otterbeck")
BOTH = audience("p-7kq2m4xa", "head@otterbeck")
CANARY = "a canary that no message may show"


def test_a_value_told_from_what_some_may_not_read_is_refused() -> None:
    """What was made from a note of the coach is not told to the head, and the refusal says who."""
    with pytest.raises(FlowError) as caught:
        told(CANARY, [COACH, BOTH], BOTH, "sessions of p-7kq2m4xa")

    assert caught.value.new == {"head@otterbeck"}
    assert CANARY not in caught.value.message + caught.value.hint


def test_a_value_told_from_what_all_may_read_has_their_label() -> None:
    """What was made from records that everybody of a page reads goes on that page."""
    assert flow(told(3, [BOTH, BOTH], HEAD, "sessions"), HEAD) == 3


def test_what_goes_further_keeps_its_ground() -> None:
    """A figure stays a figure, with the rows it was made from, whatever is made of it."""
    label = declassify(
        7, FIGURE, to=HEAD, source="figure", school="otterbeck", rows=["session header"]
    )

    changed = label.map(str)

    assert flow(changed, HEAD) == "7"
    assert isinstance(changed, Declassified)
    assert (changed.ground, changed.rows) == (FIGURE, ("session header",))


def test_what_goes_further_does_not_go_everywhere() -> None:
    """A ground lets a value go to those it names, and to nobody else."""
    label = declassify(CANARY, FIGURE, to=HEAD, source="figure of otterbeck")

    with pytest.raises(FlowError, match=r"figure of otterbeck would be shown"):
        flow(label, BOTH)


def test_what_goes_further_never_shows_its_value() -> None:
    """Printed, such a value is its source and its readers alone."""
    label = declassify(CANARY, FIGURE, to=HEAD, source="figure of otterbeck")

    assert CANARY not in repr(label)
    assert "figure of otterbeck" in repr(label)


@pytest.mark.parametrize("ground", GROUNDS, ids=lambda one: one.key)
def test_a_ground_says_what_whose_and_why(ground: Ground) -> None:
    """Each ground says what sort of value goes, whose it was, and what lets it."""
    assert "" not in {ground.key, ground.value, ground.made_from, ground.rule}


@pytest.mark.parametrize("ground", GROUNDS, ids=lambda one: one.key)
def test_the_handbook_of_flows_names_each_ground(ground: Ground) -> None:
    """docs/flows.md has a line for each ground, with the setting that lets it."""
    text = (Path(__file__).parents[2] / "docs" / "flows.md").read_text(encoding="utf-8")

    (line,) = [one for one in text.splitlines() if one.startswith(f"| {ground.key} |")]

    assert ground.setting in line

"""Work that several processes share."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from coachbook.errors import BuildError
from coachbook.workers import Crew, processors

if TYPE_CHECKING:
    from pathlib import Path

NUMBERS = [("double", number) for number in range(20)]


@pytest.mark.parametrize("hands", [1, 2, 3])
def test_every_part_is_done_in_its_order(hands: int) -> None:
    """However many hands there are, what the parts give comes back in their order."""
    with Crew({"double": lambda number: 2 * number}, hands) as crew:
        found = crew.do(NUMBERS)

    assert found == [2 * number for number in range(20)]


def test_helpers_have_what_was_loaded_before(tmp_path: Path) -> None:
    """A helper works with the values of its parent, and what it writes is there for all."""
    text = "written by a helper"

    def write(name: str) -> int:
        (tmp_path / name).write_text(text)
        return os.getpid()

    with Crew({"write": write}, 2) as crew:
        writers = crew.do([("write", "one"), ("write", "two")])

    assert [(tmp_path / name).read_text() for name in ("one", "two")] == [text, text]
    assert sys.platform != "linux" or os.getpid() not in writers


def test_a_fault_shows_as_it_would_without_helpers() -> None:
    """A part that cannot be done ends in its own error, words and remedy included."""

    def refuse(_: object) -> None:
        raise BuildError("the page is too wide", hint="make it narrower")

    with Crew({"refuse": refuse}, 2) as crew, pytest.raises(BuildError) as caught:
        crew.do([("refuse", None)])

    assert (str(caught.value), caught.value.hint) == ("the page is too wide", "make it narrower")


def test_the_part_of_a_killed_helper_is_done_again() -> None:
    """Where a helper is killed, for want of memory say, nothing is missing."""
    parent = os.getpid()

    def die(number: int) -> int:
        if os.getpid() != parent and number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    with Crew({"die": die}, 2) as crew:
        found = crew.do([("die", number) for number in range(8)])
        again = crew.do([("die", 3)])

    assert found == list(range(8))
    assert again == [3]


def test_there_is_a_processor_at_least() -> None:
    """However little the system tells, one process can run."""
    assert processors() >= 1

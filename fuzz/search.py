"""The search without atheris: changes to the seeds, drawn and made small by Hypothesis."""

from __future__ import annotations

import random
import time
from itertools import count
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from fuzz.edits import edited
from fuzz.feed import Feed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fuzz.targets import Target

_AT_ONCE = 500
_MOST_EDITS = 4


class BrokenPromiseError(Exception):
    """A target failed; `data` is an input that makes it fail."""

    def __init__(self, data: bytes) -> None:
        super().__init__(f"{len(data)} bytes break a promise")
        self.data = data


def search(target: Target, *, examples: int, number: int) -> None:
    """Tries so many inputs, others for another number.

    Raises:
        BrokenPromiseError: from what the target failed with.
    """
    starts = tuple(target.seeds())
    changes = st.lists(st.binary(min_size=2, max_size=6), max_size=_MOST_EDITS)
    last = b""

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(st.sampled_from(starts) | st.binary(max_size=60), changes)
    def try_one(start: bytes, feeds: list[bytes]) -> None:
        nonlocal last
        last = start
        for feed in feeds:
            last = edited(last, Feed(feed))
        target.check(last)

    try:
        try_one()
    except Exception as error:
        raise BrokenPromiseError(last) from error


def draw(target: Target, number: int) -> Iterator[bytes]:
    """Seeds with random changes, without end, and the same ones for the same number."""
    choices = random.Random(number)  # noqa: S311 (nothing secret is drawn)
    starts = tuple(target.seeds())
    while True:
        data = choices.choice(starts)
        for _ in range(choices.randint(0, _MOST_EDITS)):
            data = edited(data, Feed(choices.randbytes(8)))
        yield data


def search_for(target: Target, seconds: int) -> int:
    """Tries inputs for so long, and returns how many."""
    end = time.monotonic() + seconds
    for number in count():
        if time.monotonic() >= end:
            return number * _AT_ONCE
        search(target, examples=_AT_ONCE, number=number)
    raise AssertionError  # pragma: no cover: counting has no end

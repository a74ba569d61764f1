"""What a guess at a passphrase costs, for IT: worked out, not claimed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import public
from coachbook.calendar import format_date
from coachbook.guessing import (
    PASSPHRASE_WORDS,
    WORK_FACTOR,
    Guesser,
    bits,
    count,
    duration,
    measured_cost,
    memory,
    passphrases,
    seconds_for,
    seconds_to_find,
)
from coachbook.wordlist import word_list

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coachbook.audience import Labelled

ONE, MANY, MOST = Guesser(1), Guesser(1000), Guesser(10_000, times_as_fast=10)
"""A computer, a rack that somebody rents, and more than anybody would spend on a school."""

FEWEST_WORDS = 3
CHOSEN = 1e9
"""A password that somebody chose is mostly among so many first guesses."""

_MILLI, _MEBI = 1000, 1 << 20


def guesses() -> Mapping[str, Labelled[object]]:
    """The values of the passage: what was measured, and how long each number of words holds."""
    cost = measured_cost()
    rows = [
        {
            "words": words,
            "bits": f"{bits(words):.0f}",
            "times": [duration(seconds_to_find(words, who, cost)) for who in (ONE, MANY, MOST)],
            "ours": words == PASSPHRASE_WORDS,
        }
        for words in range(FEWEST_WORDS, PASSPHRASE_WORDS + 1)
    ]
    said: Mapping[str, object] = {
        "words": PASSPHRASE_WORDS,
        "listed": f"{len(word_list()):,}",
        "work_factor": WORK_FACTOR,
        "megabytes": memory() // _MEBI,
        "milliseconds": f"{cost.seconds * _MILLI:.0f}",
        "a_second": count(1 / cost.seconds),
        "measured_on": format_date(cost.measured_on),
        "processor": cost.processor,
        "passphrases": count(passphrases()),
        "guessers": [
            "One core",
            f"{MANY.cores:,} cores",
            f"{MOST.cores:,} cores, {MOST.times_as_fast} times as fast",
        ],
        "many": f"{MANY.cores:,}",
        "most": f"{MOST.cores:,}",
        "chosen": [
            count(CHOSEN),
            *(duration(seconds_for(CHOSEN, who, cost)) for who in (MANY, MOST)),
        ],
        "rows": rows,
    }
    return {"guesses": public(said, "coachbook.guessing")}

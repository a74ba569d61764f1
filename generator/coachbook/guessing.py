"""What it costs to guess at a passphrase: how many there are, and how long trying them takes.

The cost of one guess is measured by `python -m benchmarks guess`, which writes it into
`_guess_cost.json` when it is told to; all else is worked out from that, the list of words and
the work factor, so that no figure on a page can be older than the code.
"""

from __future__ import annotations

import json
import math
from datetime import date
from functools import cache
from importlib import resources

from coachbook.values import frozen
from coachbook.wordlist import word_list

PASSPHRASE_WORDS = 6
"""Words of a passphrase."""

WORK_FACTOR = 15
"""scrypt runs with N = 2 to this power, r = 8 and p = 1."""

FILE = "_guess_cost.json"

_BLOCK = 128 * 8
_DAY = 86_400
_YEAR = 365.25 * _DAY
_UNITS = ((_YEAR, "years"), (_DAY, "days"), (3600, "hours"), (60, "minutes"), (1, "seconds"))
_MILLION = 10**6


@frozen
class Cost:
    """What one guess was measured to take: seconds of one core, at a work factor."""

    seconds: float
    work_factor: int
    measured_on: date
    processor: str


@frozen
class Guesser:
    """Somebody who tries, with so many cores, each so many times as fast as the measured one."""

    cores: int
    times_as_fast: int = 1

    @property
    def power(self) -> int:
        """How many of the measured core do as much."""
        return self.cores * self.times_as_fast


@cache
def measured_cost() -> Cost:
    """The cost that was measured last."""
    found = json.loads((resources.files("coachbook") / FILE).read_text(encoding="utf-8"))
    return Cost(
        found["seconds"],
        found["work_factor"],
        date.fromisoformat(found["measured_on"]),
        found["processor"],
    )


def passphrases(words: int = PASSPHRASE_WORDS) -> int:
    """How many passphrases of so many words there are, each as likely as the others."""
    return math.prod([len(word_list())] * words)


def bits(words: int = PASSPHRASE_WORDS) -> float:
    """The same as a power of two."""
    return math.log2(passphrases(words))


def memory() -> int:
    """Bytes that a guess takes while it runs."""
    return _BLOCK << WORK_FACTOR


def seconds_for(guesses: float, guesser: Guesser, cost: Cost) -> float:
    """How long so many guesses take somebody."""
    return guesses * cost.seconds / guesser.power


def seconds_to_find(words: int, guesser: Guesser, cost: Cost) -> float:
    """How long it takes on average to find a passphrase: half of all of them are tried."""
    return seconds_for(passphrases(words) / 2, guesser, cost)


def duration(seconds: float) -> str:
    """A time in words, to two figures: "19 hours", "2,400 million years"."""
    size, unit = next((one for one in _UNITS if seconds >= 2 * one[0]), _UNITS[-1])
    return f"{count(seconds / size)} {unit}"


def count(number: float) -> str:
    """A number in words, to two figures: "550", "4.8", "220,000 million million"."""
    millions = 0
    while number >= _MILLION:
        number, millions = number / _MILLION, millions + 1
    return " ".join([_two_figures(number), *["million"] * millions])


def _two_figures(number: float) -> str:
    if number < 1:
        return f"{number:.2g}"
    places = 1 - math.floor(math.log10(number))
    rounded = round(number, places)
    return f"{rounded:,.{1 if rounded < 10 and rounded % 1 else 0}f}"  # noqa: PLR2004

"""What was probably meant: the nearest known word to a misspelt one.

The portal's script finds the same word: both measure by insertions, deletions and exchanges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def normal(word: str) -> str:
    """The word in lower case, with hyphens where it has spaces or underscores."""
    return "-".join(word.lower().replace("_", " ").replace("-", " ").split())


def closest(word: str, options: Iterable[str]) -> str:
    """The nearest option, the earlier of two; empty if none is near.

    Near means that at most a third of the letters differ, and always that one may.
    """
    wanted = normal(word)
    reach = max(1, len(wanted) // 3)
    best, best_distance = "", reach + 1
    for option in options:
        candidate = normal(option)
        if abs(len(candidate) - len(wanted)) < best_distance:
            found = _distance(wanted, candidate)
            if found < best_distance:
                best, best_distance = option, found
    return best


def _distance(one: str, other: str) -> int:
    """How many letters have to be put in, taken out or exchanged (Levenshtein)."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        previous, row[0] = row[0], at
        for to, wanted in enumerate(other, start=1):
            replaced = previous + (letter != wanted)
            previous = row[to]
            row[to] = min(replaced, row[to] + 1, row[to - 1] + 1)
    return row[-1]

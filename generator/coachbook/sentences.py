"""Words as a sentence puts them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_FEW = 3


def join(words: Iterable[str], before_last: str = "and") -> str:
    """The words as English lists them: "Wren, Idris and Petra"."""
    *most, last = [*words] or [""]
    return f"{', '.join(most)} {before_last} {last}" if most else last


def one_of(names: Sequence[str]) -> str:
    """Any one of these, the first few by name: "Wren, Idris, Petra or one of 9 others"."""
    is_long = len(names) > _FEW + 1
    named = [*names[:_FEW], f"one of {len(names) - _FEW} others"] if is_long else names
    return join(named, "or")


def begin(word: str) -> str:
    """A word, of a subject for instance, as the first of a line: "Maths", "PE"."""
    is_initials = len(word) <= len("PE")
    return word.upper() if is_initials else word[:1].upper() + word[1:]

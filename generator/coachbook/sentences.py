"""Words as a sentence puts them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def join(words: Iterable[str], before_last: str = "and") -> str:
    """The words as English lists them: "Wren, Idris and Petra"."""
    *most, last = [*words] or [""]
    return f"{', '.join(most)} {before_last} {last}" if most else last


def begin(word: str) -> str:
    """A word, of a subject for instance, as the first of a line: "Maths", "PE"."""
    is_initials = len(word) <= len("PE")
    return word.upper() if is_initials else word[:1].upper() + word[1:]

"""Lines of text that two people changed, joined; marks where both changed the same ones."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Lines: TypeAlias = "tuple[str, ...]"
Hunk: TypeAlias = tuple[int, int, Lines]
"""Lines of the base, from and to, and what one side has in their place."""

_LIMIT = 2000
"""So many lines are compared; with a longer text, made to take for ever, both versions stay."""
OURS, BETWEEN, THEIRS = "<<<<<<< ours", "=======", ">>>>>>> theirs"
_MARKED = re.compile(
    r"^<{7} .*\n(?P<ours>(?:.*\n)*?)(?:\|{7} .*\n(?:.*\n)*?)?={7}\r?\n"
    r"(?P<theirs>(?:.*\n)*?)>{7} .*(?:\n|\Z)",
    re.MULTILINE,
)


def merge_lines(base: Lines, ours: Lines, theirs: Lines) -> tuple[Lines, bool]:
    """The joined lines, and whether both sides changed the same place differently."""
    whole = join_sides(base, ours, theirs)
    if whole is not None or max(map(len, (base, ours, theirs))) > _LIMIT:
        return (marked(ours, theirs), True) if whole is None else (whole, False)
    mine, yours = _hunks(base, ours), _hunks(base, theirs)
    merged: list[str] = []
    at, is_clash = 0, False
    for start, end in _stretches([*mine, *yours]):
        merged += base[at:start]
        at = end
        changed = [_changed(base, hunks, start, end) for hunks in (mine, yours)]
        found = join_sides(base[start:end], *changed)
        is_clash |= found is None
        merged += marked(*changed) if found is None else found
    return (*merged, *base[at:]), is_clash


def join_sides(base: Lines, ours: Lines, theirs: Lines) -> Lines | None:
    """What stands where at most one side changed something; None where both did."""
    if theirs in (base, ours):
        return ours
    return theirs if ours == base else None


def marked(ours: Lines, theirs: Lines) -> Lines:
    """Both versions between the marks that git writes too."""
    return (OURS, *ours, BETWEEN, *theirs, THEIRS)


def _hunks(base: Lines, side: Lines) -> list[Hunk]:
    codes = SequenceMatcher(None, base, side, autojunk=False).get_opcodes()
    return [(i, j, side[k:n]) for tag, i, j, k, n in codes if tag != "equal"]


def _stretches(hunks: Sequence[Hunk]) -> Iterator[tuple[int, int]]:
    """From and to of what was changed, with changes that overlap or touch taken together."""
    spans = sorted((start, end) for start, end, _ in hunks)
    while spans:
        start, end = spans.pop(0)
        while spans and spans[0][0] <= end:
            end = max(end, spans.pop(0)[1])
        yield start, end


def _changed(base: Lines, hunks: Sequence[Hunk], start: int, end: int) -> Lines:
    """What one side has in place of base[start:end]."""
    at, found = start, []
    for first, last, lines in hunks:
        if start <= first and last <= end:
            found += [*base[at:first], *lines]
            at = last
    return (*found, *base[at:end])


def has_marks(text: str) -> bool:
    """True where two versions of some lines stand between marks."""
    return _MARKED.search(text) is not None


def choose_side(text: str, side: str) -> str:
    """The text with one side's lines wherever marks stand; `side` is `ours` or `theirs`."""
    return _MARKED.sub(lambda found: found[side], text)

"""Somebody who has every page, and solves for the cells that are not shown.

A cell is a name; what the attacker knows is that some cells, added up with signs, come to a
number. Whatever follows from that alone is found, by exact elimination. Cells are counts, too: none
is below nought, and a part is no more than its whole. What that leaves one value is found by
narrowing the least and the most that each cell can be.
"""

from __future__ import annotations

from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Bounds = dict[str, tuple[float, float]]
"""The least and the most that each cell can be."""

Equation = tuple[dict[str, Fraction], Fraction]


class Attacker:
    """Collects what the pages say and adds it up."""

    def __init__(self) -> None:
        self._known: dict[str, Fraction] = {}
        self._sums: list[Equation] = []
        self._parts: list[tuple[str, str]] = []

    def sees(self, cell: str, value: float) -> None:
        """A page shows the value of a cell."""
        self._known[cell] = Fraction(value)

    def knows(self, terms: Mapping[str, int]) -> None:
        """These cells, with their signs, add up to nothing."""
        self._sums.append(({cell: Fraction(sign) for cell, sign in terms.items()}, Fraction(0)))

    def knows_part(self, part: str, whole: str) -> None:
        """The first of two cells is no more than the second."""
        self._parts.append((part, whole))

    def narrow(self) -> dict[str, float]:
        """Every cell that no page shows and that can be one count only."""
        bounds = self._bounds()
        while any(_narrow_sum(bounds, terms) for terms, _ in self._sums) or any(
            _narrow_part(bounds, part, whole) for part, whole in self._parts
        ):
            pass
        return {
            cell: least
            for cell, (least, most) in bounds.items()
            if least == most and cell not in self._known
        }

    def _bounds(self) -> Bounds:
        cells = {cell for terms, _ in self._sums for cell in terms}
        cells |= {cell for pair in self._parts for cell in pair}
        known = {cell: (float(value), float(value)) for cell, value in self._known.items()}
        return dict.fromkeys(cells, (0.0, inf)) | known

    def solve(self) -> dict[str, Fraction]:
        """Every cell that no page shows and that follows from the others."""
        rows = _eliminate([self._without_known(one) for one in self._sums])
        found = {}
        for terms, total in rows:
            if len(terms) == 1:
                ((cell, factor),) = terms.items()
                found[cell] = total / factor
        return found

    def _without_known(self, equation: Equation) -> Equation:
        terms, total = equation
        seen = sum(sign * self._known[cell] for cell, sign in terms.items() if cell in self._known)
        hidden = {cell: sign for cell, sign in terms.items() if cell not in self._known}
        return hidden, total - seen


def _narrow_sum(bounds: Bounds, terms: Mapping[str, Fraction]) -> bool:
    """Bounds each cell of a sum by what the others leave for it; true if any of them moved."""
    moved = False
    for cell, sign in terms.items():
        least = most = 0.0
        for other, by in terms.items():
            if other != cell:
                low, high = bounds[other]
                least += float(by) * (low if by > 0 else high)
                most += float(by) * (high if by > 0 else low)
        moved |= _tighten(bounds, cell, *((-most, -least) if sign > 0 else (least, most)))
    return moved


def _narrow_part(bounds: Bounds, part: str, whole: str) -> bool:
    is_lower = _tighten(bounds, part, 0, bounds[whole][1])
    return _tighten(bounds, whole, bounds[part][0], inf) or is_lower


def _tighten(bounds: Bounds, cell: str, low: float, high: float) -> bool:
    least, most = bounds[cell]
    bounds[cell] = max(low, least), min(high, most)
    return bounds[cell] != (least, most)


def _eliminate(equations: Iterable[Equation]) -> list[Equation]:
    """The equations in reduced echelon form; a cell that is determined stands alone in one."""
    done: list[tuple[str, Equation]] = []
    for equation in equations:
        fresh = equation
        for pivot, row in done:
            fresh = _subtract(fresh, row, pivot)
        if not fresh[0]:
            continue
        pivot = min(fresh[0])
        done = [(name, _subtract(row, fresh, pivot)) for name, row in done]
        done.append((pivot, fresh))
    return [row for _, row in done]


def _subtract(equation: Equation, other: Equation, pivot: str) -> Equation:
    """The equation without the pivot, by taking as much of the other from it as is needed."""
    terms, total = equation
    if pivot not in terms:
        return equation
    factor = terms[pivot] / other[0][pivot]
    cells = terms.keys() | other[0].keys()
    left = {one: terms.get(one, Fraction(0)) - factor * other[0].get(one, 0) for one in cells}
    return {one: value for one, value in left.items() if value}, total - factor * other[1]

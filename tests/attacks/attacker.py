"""Somebody who has every page, and solves for the cells that are not shown.

A cell is a name; what the attacker knows is that some cells, added up with signs, come to a
number. Whatever follows from that alone is found, by exact elimination.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Equation = tuple[dict[str, Fraction], Fraction]


class Attacker:
    """Collects what the pages say and adds it up."""

    def __init__(self) -> None:
        self._known: dict[str, Fraction] = {}
        self._sums: list[Equation] = []

    def sees(self, cell: str, value: float) -> None:
        """A page shows the value of a cell."""
        self._known[cell] = Fraction(value)

    def knows(self, terms: Mapping[str, int]) -> None:
        """These cells, with their signs, add up to nothing."""
        self._sums.append(({cell: Fraction(sign) for cell, sign in terms.items()}, Fraction(0)))

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

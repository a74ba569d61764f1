"""What changed from one version of a policy to the next, from the two documents as data."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from coachbook.handbook.access import column_title
from coachbook.handbook.document import clause_anchor
from coachbook.policy import PARAMETERS, Cell
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coachbook.policy import AccessRow, Clause, Parameter, Policy

_WIDTH = {Cell.NONE: 0, Cell.FIGURES: 1, Cell.READ: 2, Cell.WRITE: 3}
_MAY = {
    Cell.NONE: "nothing",
    Cell.FIGURES: "figures only",
    Cell.READ: "read",
    Cell.WRITE: "write",
}
_ALIKE = 0.6
"""How much of a clause has to be left for it to be the same clause, reworded."""


def changes(old: Policy, new: Policy) -> Mapping[str, object]:
    """Settings, clauses and rows of the access table that differ between two versions."""
    found = {
        "settings": list(_settings(old, new)),
        "clauses": list(_clauses(old, new)),
        "access": list(_access(old, new)),
    }
    return found | {"none": not any(found.values())}


def _settings(old: Policy, new: Policy) -> Iterator[Mapping[str, str]]:
    for key, spec in PARAMETERS.items():
        before, after = old.parameters.get(key), new.parameters.get(key)
        if _value(before) != _value(after):
            yield {
                "meaning": spec.meaning,
                "before": _words(before),
                "before_clause": before.clause if before else "",
                "after": _words(after),
                "after_clause": after.clause if after else "",
                "anchor": clause_anchor(after.clause) if after else "",
            }


def _value(parameter: Parameter | None) -> object:
    return None if parameter is None else parameter.value


def _words(parameter: Parameter | None) -> str:
    return "no rule" if parameter is None else parameter.in_words()


def _clauses(old: Policy, new: Policy) -> Iterator[Mapping[str, object]]:
    """Clauses reworded, added and removed. A clause that only moved has not changed."""
    before, after = _only(old.clauses, new.clauses), _only(new.clauses, old.clauses)
    for one in after:
        earlier = max(before, key=lambda other: _alike(other, one), default=None)
        words = one.rendered(new)
        if earlier is not None and _alike(earlier, one) >= _ALIKE:
            before.remove(earlier)
            marked = list(marked_words(earlier.rendered(old), words))
            yield _clause("reworded", one, marked, was=earlier.number)
        else:
            yield _clause("added", one, [("added", words)])
    for gone in before:
        yield _clause("removed", gone, [("removed", gone.rendered(old))])


def marked_words(before: str, after: str) -> Iterator[tuple[str, str]]:
    """The words of a clause in order, those taken out and those put in marked as such."""
    old, new = before.split(), after.split()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag == "equal":
            yield "same", " ".join(old[start:end])
            continue
        if end > start:
            yield "removed", " ".join(old[start:end])
        if last > first:
            yield "added", " ".join(new[first:last])


def _clause(
    kind: str, one: Clause, words: list[tuple[str, str]], was: str = ""
) -> Mapping[str, object]:
    return {
        "kind": kind,
        "number": one.number,
        "was": was if was != one.number else "",
        "anchor": clause_anchor(one.number),
        "words": [{"kind": mark, "text": text} for mark, text in words],
    }


def _only(clauses: Sequence[Clause], others: Sequence[Clause]) -> list[Clause]:
    """The clauses whose wording, apart from the values in it, is not among the others."""
    known = {" ".join(other.text.split()) for other in others}
    return [one for one in clauses if " ".join(one.text.split()) not in known]


def _alike(one: Clause, other: Clause) -> float:
    return SequenceMatcher(None, one.text.split(), other.text.split(), autojunk=False).ratio()


def _access(old: Policy, new: Policy) -> Iterator[Mapping[str, object]]:
    for key in dict.fromkeys((*old.access, *new.access)):
        before, after = old.access.get(key), new.access.get(key)
        if before is None and after is not None:
            yield {"row": after.name, "kind": "new", "cells": list(_all_cells(after))}
        elif after is None and before is not None:
            yield {"row": before.name, "kind": "removed", "cells": list(_all_cells(before))}
        elif before is not None and after is not None:
            cells = list(_cells(before, after))
            if cells:
                yield {"row": after.name, "kind": _direction(before, after), "cells": cells}


def _all_cells(row: AccessRow) -> Iterator[str]:
    for cell in (Cell.WRITE, Cell.READ, Cell.FIGURES):
        columns = [column_title(column) for column, found in row.cells.items() if found is cell]
        if columns:
            yield f"{join(columns)}: {_MAY[cell]}"


def _cells(before: AccessRow, after: AccessRow) -> Iterator[str]:
    for column in dict.fromkeys((*before.cells, *after.cells)):
        was, now = _cell(before, column), _cell(after, column)
        if was is not now:
            yield f"{column_title(column)}: {_MAY[was]}, now {_MAY[now]}"


def _cell(row: AccessRow, column: str) -> Cell:
    return row.cells.get(column, Cell.NONE)


def _direction(before: AccessRow, after: AccessRow) -> str:
    """Whether more or fewer can read a part, or some more and others less."""
    steps = {
        _WIDTH[_cell(after, column)] - _WIDTH[_cell(before, column)]
        for column in dict.fromkeys((*before.cells, *after.cells))
    }
    wider, narrower = any(step > 0 for step in steps), any(step < 0 for step in steps)
    return "changed" if wider and narrower else "wider" if wider else "narrower"

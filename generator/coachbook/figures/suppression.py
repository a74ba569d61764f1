"""Which rows of a table are not shown, so that no total gives a hidden one away.

A row stands on distinct people. It is hidden where they are too few; where people themselves are
counted, also where those counted or those left over are too few. Whoever has the total can take
the shown rows from it, so the hidden rows *together* have to be safe to show as well: while they
are not, one more row is hidden, the one that stands on the fewest people. Noughts are hidden
with them: if they stood there, every hidden row would be known to be at least one.

    rows = {"maths": [..], "art": [..], "drama": [..]}
    hidden(rows, least=5, counts_people=False)      # frozenset({"art", "drama"})
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from coachbook.figures.model import Fact

_PEOPLE: Callable[[Fact], frozenset[str]] = attrgetter("people")


def people_behind(facts: Iterable[Fact]) -> frozenset[str]:
    """The distinct people that some facts are about."""
    # Most facts are about people whom others are about too.
    return frozenset().union(*set(map(_PEOPLE, facts)))


def is_safe(facts: Sequence[Fact], least: int, *, counts_people: bool) -> bool:
    """Whether a number over these facts may be shown.

    Everybody having been reached leaves nobody over, and may be said.
    """
    if len(people_behind(facts)) < least:
        return False
    if not counts_people:
        return True
    reached = people_behind(fact for fact in facts if fact.part)
    left = people_behind(fact for fact in facts if not fact.part) - reached
    return len(reached) >= least and not 0 < len(left) < least


def hidden(
    rows: Mapping[str, Sequence[Fact]],
    least: int,
    *,
    counts_people: bool,
    anyway: frozenset[str] = frozenset(),
) -> frozenset[str]:
    """The keys of the rows that are not shown beside the total of all of them.

    Args:
        rows: the facts of each row; a row without any is a nought.
        least: the fewest people that a number may stand on.
        counts_people: whether the rows count people themselves.
        anyway: rows that are hidden already, for example in another table of the same records.
    """
    filled = {key: facts for key, facts in rows.items() if facts}
    found = {
        key
        for key, facts in filled.items()
        if key in anyway or not is_safe(facts, least, counts_people=counts_people)
    }
    shown = sorted(set(filled) - found, key=lambda key: (len(people_behind(rows[key])), key))
    while found and shown and not _is_safe_together(rows, found, least, counts_people):
        found.add(shown.pop(0))
    return frozenset(found | (set(rows) - set(filled) if found else set()))


def _is_safe_together(
    rows: Mapping[str, Sequence[Fact]],
    keys: Iterable[str],
    least: int,
    counts_people: bool,  # noqa: FBT001 (passed on)
) -> bool:
    """Whether what is left of the total, once the shown rows are taken from it, may be known."""
    rest = list({id(fact): fact for key in keys for fact in rows[key]}.values())
    return is_safe(rest, least, counts_people=counts_people)

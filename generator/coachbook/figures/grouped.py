"""The facts of a figure put into groups, and which of the groups are not shown.

Several pages show the same figures, so what is worked out for one is kept for the others.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

from coachbook.book import policy_now
from coachbook.figures.definitions import DEFINITIONS, definition
from coachbook.figures.groupings import GROUPINGS, term_of
from coachbook.figures.scope import threshold
from coachbook.figures.suppression import hidden
from coachbook.turns import UNEXPLAINED
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from coachbook.figures.definitions import Definition
    from coachbook.figures.groupings import Grouping
    from coachbook.figures.model import Fact, Period
    from coachbook.views import View

    Groups = Mapping[str, Sequence[Fact]]

T = TypeVar("T")


@frozen(eq=False)
class Scope:
    """What figures are made of: the records of a school in a period."""

    view: View
    school: str
    period: Period

    def once(self, key: tuple[str, ...], work_out: Callable[[], T]) -> T:
        """What `work_out` gives, worked out the first time that it is asked for."""
        return self.view.once((self.school, self.period, *key), work_out)


def facts_of(scope: Scope, found: Definition) -> tuple[Fact, ...]:
    """Everything that a figure counts."""
    return scope.once(
        ("facts", found.key), lambda: tuple(found.facts(scope.view, scope.school, scope.period))
    )


def groups_of(scope: Scope, found: Definition, grouping: Grouping) -> Groups:
    """The facts of each group; one without facts is there too, unless it is what is left over."""
    return scope.once(("groups", found.key, grouping.key), lambda: _groups(scope, found, grouping))


def hidden_groups(scope: Scope, found: Definition, grouping: Grouping) -> frozenset[str]:
    """The groups that are not shown, in any figure of the family.

    What one hides the others have to hide as well, which may be more than it would alone.
    """
    name = found.family or found.key
    return scope.once(("hidden", name, grouping.key), lambda: _closure(scope, found, grouping))


def tells_reasons(scope: Scope, found: Definition) -> bool:
    """Whether it may be said how much of what is left over has a reason.

    It may where the table of reasons says how much has none: otherwise the two together would
    give a reason away that is hidden there.
    """
    if not found.beside:
        return False
    reasons = GROUPINGS["reason"]
    return not UNEXPLAINED & hidden_groups(scope, definition(found.beside), reasons)


def _groups(scope: Scope, found: Definition, grouping: Grouping) -> Groups:
    labels = grouping.labels(scope.view, scope.school, scope.period)
    groups: dict[str, list[Fact]] = {key: [] for key in labels}
    find = _finding(scope, grouping, groups)
    for fact in facts_of(scope, found):
        for group in find(fact):
            group.append(fact)
    return {key: one for key, one in groups.items() if one or key != grouping.leftover}


def _finding(
    scope: Scope, grouping: Grouping, groups: dict[str, list[Fact]]
) -> Callable[[Fact], Sequence[list[Fact]]]:
    """What finds the groups of a fact; where its day tells them, once for each day."""
    known: dict[date | None, Sequence[list[Fact]]] = {}

    def find(fact: Fact) -> Sequence[list[Fact]]:
        keys = grouping.find(scope.view, scope.school, fact)
        return [groups.setdefault(key, []) for key in keys]

    def find_by_day(fact: Fact) -> Sequence[list[Fact]]:
        if fact.day not in known:
            known[fact.day] = find(fact)
        return known[fact.day]

    return find_by_day if grouping.by_day else find


def _closure(scope: Scope, found: Definition, grouping: Grouping) -> frozenset[str]:
    """Hides groups in each figure of the family, until none of them hides another one."""
    policy = policy_now(scope.view.book, scope.school)
    shown = [one for one in DEFINITIONS if policy is None or one.applies(policy)]
    family = [found, *(one for one in shown if _is_kin(one, found, grouping))]
    wider = GROUPINGS.get(grouping.within)
    outer = hidden_groups(scope, found, wider) if wider else frozenset()
    closed: frozenset[str] = frozenset()
    while True:
        more = closed.union(*(_hidden_in(scope, one, grouping, outer, closed) for one in family))
        if more == closed:
            return closed
        closed = more


def _is_kin(one: Definition, other: Definition, grouping: Grouping) -> bool:
    is_family = bool(one.family) and one.family == other.family
    return one is not other and is_family and grouping.key in one.by


def _hidden_in(
    scope: Scope,
    found: Definition,
    grouping: Grouping,
    outer: frozenset[str],
    anyway: frozenset[str],
) -> frozenset[str]:
    """The groups of one figure that are not shown; a half-term no more than its term."""
    groups = groups_of(scope, found, grouping)
    least = threshold(scope.view.book, scope.school)
    people = found.counts_people
    if not grouping.within:
        return hidden(groups, least, counts_people=people, anyway=anyway)
    parts: dict[str, dict[str, Sequence[Fact]]] = defaultdict(dict)
    for key, facts in groups.items():
        parts[term_of(key)][key] = facts
    return frozenset().union(
        *(
            halves if key in outer else hidden(halves, least, counts_people=people, anyway=anyway)
            for key, halves in parts.items()
        )
    )

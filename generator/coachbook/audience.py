"""Audiences, who is in one on a date, Labelled values, and what may flow where.

An audience is a set of principals: person ids and scoped roles such as `monitor@otterbeck`.
Everything that leaves the records carries one, and `flow` is the only gate: it hands a value to
a page whose whole audience is already in the value's own.

    note = Labelled("…", audience("p-7kq2m4xa", "monitor@otterbeck"), "s-7kq2m4xa, Notes")
    flow(note, audience("p-7kq2m4xa"))      # the text
    flow(note, PUBLIC)                      # FlowError: everyone would newly see it

Neither a label nor an error ever shows the value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from coachbook.errors import CoachbookError
from coachbook.people import RELATIONS, scoped_role
from coachbook.policy import Cell, Policy
from coachbook.values import frozen

T = TypeVar("T")
U = TypeVar("U")


@frozen
class Audience:
    """The people and roles who may see something; `principals` is None for everyone."""

    principals: frozenset[str] | None

    @property
    def is_public(self) -> bool:
        """True where everyone may see it."""
        return self.principals is None

    def admits(self, page: Audience) -> bool:
        """True when everyone who can see `page` is in this audience."""
        return not newly_seeing(self, page)

    def __str__(self) -> str:
        """The principals in order, as a message names them."""
        if self.principals is None:
            return "everyone"
        return ", ".join(sorted(self.principals)) or "nobody"


PUBLIC = Audience(None)
"""Everyone, signed in or not."""

NOBODY = Audience(frozenset())
"""Not one person: what is left when audiences have nobody in common."""

_EVERYONE = frozenset({"everyone"})


def audience(*principals: str) -> Audience:
    """The audience of exactly these people and roles."""
    return Audience(frozenset(principals))


def newly_seeing(own: Audience, page: Audience) -> frozenset[str]:
    """Those who see `page` and are not in `own`; "everyone" when `page` is public."""
    if own.principals is None:
        return frozenset()
    if page.principals is None:
        return _EVERYONE
    return page.principals - own.principals


def narrow(audiences: Iterable[Audience]) -> Audience:
    """Those who are in every one of `audiences`; everyone when there is none."""
    limited = [one.principals for one in audiences if one.principals is not None]
    return Audience(frozenset.intersection(*limited)) if limited else PUBLIC


@frozen(repr=False)
class Labelled(Generic[T]):
    """A value with those who may see it and the place it came from."""

    value: T
    audience: Audience
    source: str

    def __repr__(self) -> str:
        """The label alone: a value may be confidential, its source never is."""
        return f"Labelled(source={self.source!r}, audience={str(self.audience)!r})"

    def map(self, change: Callable[[T], U]) -> Labelled[U]:
        """What `change` makes of the value, under the same label."""
        return Labelled(change(self.value), self.audience, self.source)


def public(value: T, source: str) -> Labelled[T]:
    """A value that everyone may see, said aloud where it is made."""
    return Labelled(value, PUBLIC, source)


def combine(labels: Iterable[Labelled[T]]) -> Labelled[tuple[T, ...]]:
    """The values together, for those alone who may see every one of them."""
    kept = tuple(labels)
    return Labelled(
        tuple(one.value for one in kept),
        narrow(one.audience for one in kept),
        "; ".join(dict.fromkeys(one.source for one in kept)),
    )


def told(value: T, made_from: Iterable[Audience], to: Audience, source: str) -> Labelled[T]:
    """A value for `to`; FlowError where somebody of them may not read all it was made from."""
    new = newly_seeing(narrow(made_from), to)
    if new:
        raise FlowError(source, new)
    return Labelled(value, to, source)


class FlowError(CoachbookError):
    """A value would be shown to people who are not in its audience."""

    def __init__(self, source: str, new: frozenset[str]) -> None:
        """Words the error: `source` is where the value came from, `new` who would see it."""
        self.source = source
        self.new = new
        names = ", ".join(sorted(new))
        super().__init__(
            f"{source} would be shown to people it is not meant for: {names}",
            hint="show it on a page for fewer people, or change the policy's table "
            '"Who can read what"',
        )


def flow(value: Labelled[T], page: Audience) -> T:
    """The value itself, if everyone who sees `page` may see it; FlowError otherwise."""
    new = newly_seeing(value.audience, page)
    if new:
        raise FlowError(value.source, new)
    return value.value


Parties = Mapping[str, tuple[str, ...]]
"""Relation -> the people who stand in it, such as coach -> ("p-7kq2m4xa",)."""

OPENING = (Cell.READ, Cell.WRITE)
"""The cells that give a key."""


def row_principals(
    policy: Policy, row: str, parties: Parties, *, cells: Sequence[Cell] = OPENING
) -> tuple[str, ...]:
    """Whom a row of the access table names with one of `cells`, in the order of its columns.

    A relation becomes the people who stand in it, a role its name at the policy's school. A row
    that the table does not have admits nobody.
    """
    found = policy.row(row)
    columns = [] if found is None else [c for c in policy.columns if found.cells[c] in cells]
    named = (one for column in columns for one in _principals(policy, column, parties))
    return tuple(dict.fromkeys(named))


def readers(then: Policy, now: Policy, row: str, parties: Parties) -> tuple[str, ...]:
    """Readers under `then`, without those whom `now` no longer admits; `now` never adds one."""
    still = set(row_principals(now, row, parties))
    return tuple(one for one in row_principals(then, row, parties) if one in still)


def info_names(policy: Policy, row: str, parties: Parties) -> tuple[str, ...]:
    """The columns that give a key to somebody here, as the info line of a block names them."""
    found = policy.row(row)
    opening = () if found is None else found.readers()
    return tuple(column for column in opening if _principals(policy, column, parties))


def _principals(policy: Policy, column: str, parties: Parties) -> tuple[str, ...]:
    if column in parties or column in RELATIONS:
        return parties.get(column, ())
    return (scoped_role(column, policy.school),)

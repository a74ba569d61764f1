"""Values that go to more people than may read what they were made from.

Nothing else in the package gives a label that is wider than its inputs: `told` checks what a
value was made from, `public` is for the tool's own words and for documents that everyone may
read, and whatever is left is handed on here, under one of these grounds.

    declassify(table, FIGURE, to=figure_audience(…), school="otterbeck", rows=found.rows, source=…)

`coachbook build --explain-flow` lists every value that such a ground let through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from coachbook.audience import Labelled
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from coachbook.audience import Audience

T = TypeVar("T")
U = TypeVar("U")


@frozen
class Ground:
    """What lets a value go to people who may not read all that it was made from.

    `value` is the sort of value, `made_from` whose it was, `rule` what lets it go, and `setting`
    the parameter of the policy, or the key of the trust, that says so, if one does. `goes_to` is
    said where that is not simply the readers of its page.
    """

    key: str
    value: str
    made_from: str
    rule: str
    setting: str = ""
    goes_to: str = ""


FIGURE = Ground(
    "figure",
    "a number counted from headers, hidden where too few people stand behind it",
    "whoever reads the rows it is counted from",
    'the table "Who can read what" has `figures`, or more, for all of these rows',
    "suppression.min_people",
)
FINDING = Ground(
    "finding",
    "what the checks found in a record: place, code and words, never its text",
    "whoever reads that record",
    "whoever holds a copy of the records has the file itself",
    "repository.holders",
)
HELD_BACK = Ground(
    "held back",
    "that a record could not be read, and where it lies",
    "nobody: it can't be told who reads it",
    "whoever takes part in the cycle, pair or group of its folder may put it right",
)
CONSENT = Ground(
    "name",
    "the name of somebody who holds a role",
    "whoever reads people and roles",
    "the policy wants names, and the person has agreed to it",
    "handbook.names",
)
DEMONSTRATION = Ground(
    "demonstration",
    "the sign-in and the passphrase of an invented person",
    "that person",
    "the trust says that it is a demonstration, and every page says so too",
    "demonstration",
)
PROTECTED_KEY = Ground(
    "protected key",
    "a private key under its passphrase of six words",
    "the person whose key it is",
    "the policy publishes protected keys, for a portal behind a sign-in",
    "keys.publish_protected",
)
GIVEN_OUT = Ground(
    "given out",
    "the page itself, as one file without script or key, when one of its readers makes it",
    "whoever reads the page",
    "a reader of the page makes a file of it and gives it out; a record says what, when, to whom",
    goes_to="people who hold no key, as that reader decides",
)
GROUNDS = (FIGURE, FINDING, HELD_BACK, CONSENT, DEMONSTRATION, PROTECTED_KEY, GIVEN_OUT)
"""Every ground there is."""


@frozen(repr=False)
class Declassified(Labelled[T]):
    """A value with the ground on which it goes further than what it was made from.

    `rows` are the rows of the access table that it was made from, at the school whose policy
    settles it.
    """

    ground: Ground
    school: str = ""
    rows: tuple[str, ...] = ()

    def map(self, change: Callable[[T], U]) -> Labelled[U]:
        """What `change` makes of the value, on the same ground."""
        return Declassified(
            change(self.value), self.audience, self.source, self.ground, self.school, self.rows
        )


def declassify(
    value: T,
    ground: Ground,
    *,
    to: Audience,
    source: str,
    school: str = "",
    rows: Sequence[str] = (),
) -> Labelled[T]:
    """The value for all of `to`, whoever may read what it was made from, on a stated ground."""
    return Declassified(value, to, source, ground, school, tuple(rows))

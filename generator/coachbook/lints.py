"""What a section's text is searched for, and the names that the records know around it.

The rules and the Write page of the portal search alike, so both ask here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.forms import ALWAYS_LINTED, Around

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coachbook.book import Book
    from coachbook.forms import SectionForm
    from coachbook.policy import Policy

IDENTITY_LINT = "identity.lint"
"""The parameter by which a policy leaves out the search of what governors read."""

NEXT_STEPS = "dropin.next_steps"
"""The parameter by which a policy asks that drop-ins hold no next steps."""

_STEPS = "steps"
_DROP_IN = "drop-in"


def lints_of(section: SectionForm, policy: Policy | None, kind: object = None) -> tuple[str, ...]:
    """What the section is searched for; a policy can leave out what its form adds.

    Args:
        kind: the kind of visit that the record is of: what is written about a drop-in is searched
            for next steps on whatever form it stands.
    """
    wanted = section.lints
    if kind == _DROP_IN and not section.steps and _STEPS not in wanted:
        wanted = (*wanted, _STEPS)
    told = policy is None or policy.get(IDENTITY_LINT) is not False
    steps = policy is not None and policy.get(NEXT_STEPS) == "forbidden"
    return tuple(
        lint for lint in wanted if lint in ALWAYS_LINTED or (steps if lint == _STEPS else told)
    )


def around_of(book: Book, schools: Iterable[str]) -> Around:
    """The people and places that a text of these schools may speak of.

    The first school's own safeguarding form is the one that a text is sent to.
    """
    chosen = tuple(dict.fromkeys(schools))
    people = [one for one in book.people.values() if not set(chosen).isdisjoint(one.schools)]
    names = (name for one in people for name in (one.name, one.known_as) if name)
    own = book.schools.get(chosen[0]) if chosen else None
    places = (book.trust.name, *(school.name for school in book.schools.values()))
    return Around(
        people=tuple(dict.fromkeys(names)),
        places=places,
        route=own.safeguarding_form if own else "",
    )


def schools_around(book: Book, school: str, people: Iterable[str]) -> tuple[str, ...]:
    """A record's school, then those of the people it is about."""
    others = (place for one in people if one in book.people for place in book.people[one].schools)
    return tuple(dict.fromkeys((school, *others)))

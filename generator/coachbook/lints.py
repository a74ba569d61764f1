"""What a section's text is searched for, and the names that the records know around it.

The rules and the Write page of the portal search alike, so both ask here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coachbook.forms import ALWAYS_LINTED, Around

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coachbook.book import Book
    from coachbook.forms import Forms, SectionForm
    from coachbook.policy import Policy

IDENTITY_LINT = "identity.lint"
"""The parameter by which a policy leaves out the search of what governors read."""

NEXT_STEPS = "dropin.next_steps"
"""The parameter by which a policy asks that drop-ins hold no next steps."""

GRADES_GIVEN = "grades.allowed_to"
"""The parameter by which a policy says who gives grades; none of them stand on a drop-in."""

_STEPS, _GRADES = "steps", "grades"
_DROP_IN = "drop-in"
_WORD = re.compile(r"[a-z][a-z -]{2,}")


def lints_of(section: SectionForm, policy: Policy | None, kind: object = None) -> tuple[str, ...]:
    """What the section is searched for; a policy can leave out what its form adds.

    Args:
        kind: the kind of visit that the record is of: what is written about a drop-in is searched
            for next steps and grades on whatever form it stands.
    """
    wanted = section.lints
    if kind == _DROP_IN:
        added = (_GRADES,) if section.steps else (_STEPS, _GRADES)
        wanted = tuple(dict.fromkeys((*wanted, *added)))
    return tuple(lint for lint in wanted if lint in ALWAYS_LINTED or _is_asked(lint, policy))


def _is_asked(lint: str, policy: Policy | None) -> bool:
    match lint:
        case "steps":
            return policy is not None and policy.get(NEXT_STEPS) == "forbidden"
        case "grades":
            return policy is not None and policy.get(GRADES_GIVEN) is not None
        case _:
            return policy is None or policy.get(IDENTITY_LINT) is not False


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
        grades=tuple(sorted(set(_grades(book.forms)))),
    )


def _grades(forms: Forms) -> Iterator[str]:
    """The words of the scales on forms for grades."""
    graded = (form for form in forms.newest() if form.grades)
    lines = (line for form in graded for section in form.sections for line in section.lines)
    choices = (choice.lower() for line in lines if line.scale for choice in line.choices)
    return (choice for choice in choices if _WORD.fullmatch(choice))


def schools_around(book: Book, school: str, people: Iterable[str]) -> tuple[str, ...]:
    """A record's school, then those of the people it is about."""
    others = (place for one in people if one in book.people for place in book.people[one].schools)
    return tuple(dict.fromkeys((school, *others)))

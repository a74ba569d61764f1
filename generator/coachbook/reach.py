"""Whom a policy means to coach or mentor at a school."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.book import FORBIDDEN_ROLES, policy_now, role_holders
from coachbook.induction import induction_over
from coachbook.people import active, scoped_role

if TYPE_CHECKING:
    import datetime as dt

    from coachbook.book import Book
    from coachbook.people import Person
    from coachbook.policy import Policy

COVERAGE = "coverage.of"
"""The policy's answer to: whom is coaching meant to reach in the course of a year?"""

STAFF = frozenset({"senior-leader", "teacher", "teaching-support", "other"})
"""Everyone who works at a school: neither governors nor people from outside."""

_ELIGIBLE = "eligible.coachee"
_EVERYONE = "everyone"
_AFTER_INDUCTION = "teacher-after-induction"
_TEACHERS = frozenset({"teacher", "senior-leader"})


def people_meant(book: Book, school: str) -> tuple[Person, ...]:
    """The people at a school today whom its policy means to coach or mentor, by name.

    They are those it wants to reach or, where it does not say, those it lets be coached; never
    somebody with a role that it keeps out.
    """
    policy = policy_now(book, school)
    wanted = (policy.get(COVERAGE) or policy.get(_ELIGIBLE)) if policy else None
    words = wanted if isinstance(wanted, tuple) else (_EVERYONE,)
    out = _kept_out(book, school, policy)
    people = (one for one in book.people.values() if school in one.schools)
    found = (
        one
        for one in people
        if active(one, book.today)
        and one.id not in out
        and any(_is_meant(one, word, book.today) for word in words)
    )
    return tuple(sorted(found, key=lambda one: (one.name, one.id)))


def _is_meant(person: Person, word: str, today: dt.date) -> bool:
    """Whether one word of the policy names somebody."""
    if word == _EVERYONE:
        return person.category in STAFF
    if word == _AFTER_INDUCTION:
        end = induction_over(person)
        return person.category in _TEACHERS and (end is None or end < today)
    return person.category == word


def _kept_out(book: Book, school: str, policy: Policy | None) -> frozenset[str]:
    """Who holds a role today that the policy keeps out of coaching."""
    roles = policy.get(FORBIDDEN_ROLES) if policy else None
    return frozenset(
        person
        for role in (roles if isinstance(roles, tuple) else ())
        for person in role_holders(book, scoped_role(str(role), school))
    )

"""Where a sign-in leads: to the name of an index, and to a protected key where published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from coachbook.audience import PUBLIC, Audience, Labelled, flow, public
from coachbook.book import policy_now
from coachbook.declassified import PROTECTED_KEY, declassify
from coachbook.errors import BuildError
from coachbook.fragments import Names
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.book import Book
    from coachbook.people import Person


@frozen
class Entry:
    """Where a sign-in leads: the name of an index, and the protected key where published."""

    name: str
    index: str
    identity: Labelled[str]


def plan_entries(book: Book) -> tuple[Entry, ...]:
    """Where each sign-in leads; raises BuildError where two people have the same one."""
    names = Names(book.trust.fragments)
    people = [person for person in book.people.values() if book.keyring.current(person.id)]
    found: dict[str, tuple[Person, Entry]] = {}
    for person in people:
        for entry in _entries(book, person, names):
            other, _ = found.setdefault(entry.name, (person, entry))
            if other is not person:
                raise BuildError(
                    f"{other.id} and {person.id} would sign in with the same word",
                    hint="give one of them another `sign_in`, which is nobody's id",
                )
    return tuple(entry for _, entry in found.values())


def format_entry(entry: Entry) -> bytes:
    """The classic script that a sign-in leads to."""
    content = orjson.dumps({"identity": flow(entry.identity, PUBLIC), "index": entry.index})
    return b'coachbook.put("%s",%s);\n' % (entry.name.encode(), content)


def _entries(book: Book, person: Person, names: Names) -> Iterator[Entry]:
    index = names.fragment("index", "index", Audience(frozenset({person.id})))
    identity = _identity(book, person)
    for sign_in in dict.fromkeys(filter(None, (person.id, person.sign_in))):
        yield Entry(names.entry(sign_in), index, identity)


def _identity(book: Book, person: Person) -> Labelled[str]:
    """The protected key, where the policy of a school of theirs publishes it; else nothing."""
    publishing = (one for one in person.schools if _publishes(book, one))
    school = next(publishing, "")
    found = book.keyring.protected.get(person.id, "") if school else ""
    source = f"protected key of {person.id}"
    if not found:
        return public("", source)
    return declassify(found, PROTECTED_KEY, to=PUBLIC, source=source, school=school)


def _publishes(book: Book, school: str) -> bool:
    policy = policy_now(book, school)
    return policy is not None and policy.get(PROTECTED_KEY.setting) is True

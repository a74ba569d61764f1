"""Where a sign-in leads: to the name of an index, and to a protected key where published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from coachbook.audience import Audience
from coachbook.book import policy_now
from coachbook.errors import BuildError
from coachbook.fragments import Names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.book import Book
    from coachbook.people import Person

_PUBLISH = "keys.publish_protected"


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a sign-in leads: the name of an index, and the protected key where published."""

    name: str
    index: str
    identity: str


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
    content = orjson.dumps({"identity": entry.identity, "index": entry.index})
    return b'coachbook.put("%s",%s);\n' % (entry.name.encode(), content)


def _entries(book: Book, person: Person, names: Names) -> Iterator[Entry]:
    index = names.fragment("index", "index", Audience(frozenset({person.id})))
    identity = book.keyring.protected.get(person.id, "") if _published(book, person) else ""
    for sign_in in dict.fromkeys(filter(None, (person.id, person.sign_in))):
        yield Entry(names.entry(sign_in), index, identity)


def _published(book: Book, person: Person) -> bool:
    """True where a school of this person publishes protected keys by its policy."""
    policies = (policy_now(book, school) for school in person.schools)
    return any(policy is not None and policy.get(_PUBLISH) is True for policy in policies)

"""What each sign-in finds in the portal: the pages that it opens, and the roles that go with it.

Only what is known of a page without its text is listed, and a title reaches an index through
the same gate as a page (`audience.flow`).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from coachbook.audience import Audience, Labelled, flow
from coachbook.book import display, short
from coachbook.errors import BuildError
from coachbook.fragments import VERSION
from coachbook.githost import edit_page
from coachbook.people import roles_of
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coachbook.book import Book
    from coachbook.fragments import Names
    from coachbook.people import Person

    Listing = dict[str, str]

INDEX, SHELF = "index", "shelf"
"""Kinds of fragments that nobody opens as a page: an index itself, and parts of Write pages."""


@frozen
class Shown:
    """What is known of a fragment once it is handed on: enough to list it, without its text.

    `print` tells whether another has the same plaintext, and `holds` names the sealed sections
    on it, by record and name.
    """

    kind: str
    path: str
    title: Labelled[str]
    group: Labelled[str]
    audience: Audience
    name: str
    print: bytes
    holds: tuple[tuple[str, str], ...] = ()


def index_contents(
    book: Book, names: Names, people: Sequence[Person], shown: Iterable[Shown]
) -> Iterator[tuple[str, dict[str, object]]]:
    """Each of these people, and each role that one of them holds, with what they can open.

    BuildError where a role has a private key and no public one.
    """
    listings = _listings(shown)
    held = {role for person in people for role in held_roles(book, person)}
    for reader in [*(person.id for person in people), *sorted(held)]:
        yield (
            reader,
            {
                "v": VERSION,
                "kind": INDEX,
                "reader": {
                    "id": reader,
                    "label": display(book, reader),
                    "short": short(book, reader),
                },
                "pages": listings.get(reader, []),
                "roles": _roles(book, names, reader),
                "edit": edit_page(book.trust.new_file_url),
            },
        )


def held_roles(book: Book, person: Person) -> tuple[str, ...]:
    """The roles a person holds today whose key they can open."""
    held = roles_of(book.assignments, person.id, book.today)
    return tuple(role for role in held if role in book.keyring.sealed_roles)


def _listings(shown: Iterable[Shown]) -> Mapping[str, list[Listing]]:
    """What each reader's index lists, in the order of the pages; Write comes last."""
    found: dict[str, list[Listing]] = defaultdict(list)
    for one in shown:
        if one.kind != SHELF:
            for reader in one.audience.principals or ():
                found[reader].append(_listing(one, Audience(frozenset({reader}))))
    return found


def _listing(one: Shown, audience: Audience) -> Listing:
    return {
        "kind": one.kind,
        "title": flow(one.title, audience),
        "group": flow(one.group, audience),
        "path": one.path,
        "name": one.name,
    }


def _roles(book: Book, names: Names, reader: str) -> list[Listing]:
    person = book.people.get(reader)
    return [_role(book, names, role) for role in held_roles(book, person)] if person else []


def _role(book: Book, names: Names, role: str) -> Listing:
    key = book.keyring.current(role)
    if key is None:
        raise BuildError(f"{role} has a sealed private key and no public one")
    return {
        "id": role,
        "label": display(book, role),
        "identity": book.keyring.sealed_roles[role],
        "recipient": key.recipient.format(),
        "index": names.fragment(INDEX, INDEX, Audience(frozenset({role}))),
    }

"""Who can read a section, in words that a teacher would use.

    >>> reader_line(book, "otterbeck", ("p-7kq2", "p-3fd0", "monitor@otterbeck"))
    'Wren, Idris and Petra can read this. The head cannot.'

The words follow the block's stated readers or the policy's planned ones; they
never decide anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.book import role_holders, short
from coachbook.people import ENVELOPE, ROLE_TITLES, role_title
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coachbook.book import Book


def reader_names(book: Book, principals: Sequence[str]) -> tuple[str, ...]:
    """Names the people behind each principal once, in the order given."""
    names: dict[str, None] = {}
    for principal in principals:
        for name in _names_of(book, principal):
            names.setdefault(name)
    return tuple(names)


def all_names(book: Book) -> frozenset[str]:
    """Everything that a reader can be called in this workspace: people and roles."""
    people = (short(book, person) for person in book.people)
    return frozenset({*people, *ROLE_TITLES.values(), role_title(ENVELOPE)})


def reader_line(book: Book, school: str, principals: Sequence[str]) -> str:
    """Says who can read, and whether the head of `school` can."""
    people = reader_names(book, principals)
    if not people:
        return "Nobody can read this."
    if len(people) == 1:
        return f"Only {people[0]} can read this."
    line = f"{join(people)} can read this."
    return line if _head_reads(book, school, principals) else f"{line} The head cannot."


def draft_line(book: Book, author: str, principals: Sequence[str]) -> str:
    """Says to its author who can read a draft."""
    others = reader_names(book, [one for one in principals if one != author])
    return f"Only {join(['you', *others])} can read this while it is a draft."


def shown_draft_line(book: Book, principals: Sequence[str]) -> str:
    """Says to everybody who can read a draft."""
    return f"A draft. Only {join(reader_names(book, principals))} can read this until it is shared."


def _names_of(book: Book, principal: str) -> tuple[str, ...]:
    if "@" not in principal:
        return (short(book, principal),)
    people = role_holders(book, principal)
    return tuple(short(book, person) for person in people) or (short(book, principal),)


def _head_reads(book: Book, school: str, principals: Sequence[str]) -> bool:
    head = f"head@{school}"
    return head in principals or bool(set(role_holders(book, head)) & set(principals))

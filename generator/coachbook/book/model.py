"""The values of a loaded workspace: Book, Trust, Hub, School."""

from __future__ import annotations

from dataclasses import field
from itertools import chain
from typing import TYPE_CHECKING, Protocol

from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from coachbook.calendar import SchoolYear
    from coachbook.diagnostics import Diagnostic
    from coachbook.forms import FieldValue, Form, Forms
    from coachbook.keyring import Keyring
    from coachbook.people import Partnership, Person, RoleAssignment
    from coachbook.policy import Policy
    from coachbook.reads import Reads
    from coachbook.record import Record

FORMAT = 1
"""The version of the workspace's format that this coachbook reads."""


class MoreNeededError(Exception):
    """What is asked of the book of one school follows from records that it does not hold."""


class Elsewhere(Protocol):
    """What can be told of the records that the book of one school does not hold."""

    def ids(self) -> Iterable[str]:
        """The id of every record in the workspace."""
        ...

    def is_at_home(self, record: str) -> bool:
        """Whether a record belongs to the school: so does whatever names it, if it is a person."""
        ...


@frozen
class Trust:
    """What belongs to the whole workspace.

    `words` maps the trust's own words to those of coachbook, such as buddy to coach; `subjects`,
    `characteristics` and `rubric` are the names that its schools share.
    """

    name: str
    workspace: str
    fragments: str
    demonstration: bool
    as_of: date | None
    new_file_url: str
    path: str
    words: Mapping[str, str]
    subjects: tuple[str, ...]
    characteristics: tuple[str, ...]
    rubric: tuple[str, ...]
    portal_url: str = ""


@frozen
class Hub:
    """A group of schools inside the trust."""

    id: str
    name: str
    path: str


@frozen
class School:
    """One school of the trust.

    `hub` is the name of its hub; `words` are those of the trust and its own; `policy_of` names
    the school whose policy holds here too.
    """

    id: str
    name: str
    phase: str
    hub: str
    path: str
    words: Mapping[str, str]
    policy_of: str
    safeguarding_form: str
    wellbeing_contact: str


@frozen(eq=False, repr=False)
class Entry:
    """A record read by its form, once: typed values by key, the day it belongs to, its people.

    A key that is absent, or does not fit, has no value. `parties` maps each
    relation of the form to the people who stand in it.
    """

    record: Record
    form: Form
    values: Mapping[str, FieldValue]
    day: date | None
    parties: Mapping[str, tuple[str, ...]]

    def __repr__(self) -> str:
        """Shows the path only: values may be confidential."""
        return f"Entry({self.record.path!r})"


@frozen(eq=False)
class Named:
    """Whom a row names by two policies, and the columns of the first that stand for them."""

    then: Policy
    now: Policy
    people: tuple[str, ...]
    columns: tuple[str, ...]


@frozen(eq=False, repr=False)
class Book:
    """Everything loaded, frozen, with what was found wrong while loading.

    `entries` holds every record that has a form, read by it. `by_id` holds all
    records of an id, so that a duplicate can be reported; `referring` the
    records that name an id in a reference field; `roles` the assignments of each
    role such as `monitor@otterbeck`. `unreadable` are the paths of files that
    are held back because nobody can read them. `prints` are hashes of the files
    by path, and `reads` notes which records are looked up. `elsewhere` is there
    where the book is that of one school.
    """

    root: Path
    trust: Trust
    today: date
    forms: Forms
    records: Mapping[str, Record]
    entries: Mapping[str, Entry]
    by_id: Mapping[str, tuple[Record, ...]]
    referring: Mapping[str, tuple[Record, ...]]
    hubs: Mapping[str, Hub]
    schools: Mapping[str, School]
    people: Mapping[str, Person]
    assignments: tuple[RoleAssignment, ...]
    roles: Mapping[str, tuple[RoleAssignment, ...]]
    partnerships: Mapping[str, Partnership]
    policies: Mapping[str, tuple[Policy, ...]]
    calendars: Mapping[tuple[str, str], SchoolYear]
    keyring: Keyring
    findings: tuple[Diagnostic, ...]
    unreadable: tuple[str, ...]
    prints: Mapping[str, bytes]
    reads: Reads
    elsewhere: Elsewhere | None = None
    held: dict[tuple[str, date], tuple[str, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Who holds a role on a day, as far as somebody has asked; see `role_holders`."""
    signing: dict[str, dict[str, object]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """The signing keys of people as pages hold them, kept for as long as the book is."""
    named: dict[tuple[object, ...], Named] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Whom a row of a policy names among the people of a record; see `Access.readers`."""
    namesakes: frozenset[str] = field(init=False, repr=False, compare=False)
    """Those whom somebody else at their school is called the same as; see `short`."""

    def __post_init__(self) -> None:
        """Looks once for people who share a name."""
        object.__setattr__(self, "namesakes", _namesakes(self.people.values()))

    @property
    def taken(self) -> Iterator[str]:
        """Every id in the workspace that no new record may have."""
        return chain(self.by_id, self.elsewhere.ids() if self.elsewhere else ())

    def require_all(self, person: str = "") -> None:
        """Raises MoreNeededError where the book does not hold all records, or all of a person's."""
        if self.elsewhere is not None and not (person and self.elsewhere.is_at_home(person)):
            raise MoreNeededError

    def __repr__(self) -> str:
        """Shows where it was loaded from and how much, never what."""
        return f"Book({str(self.root)!r}, {len(self.records)} records)"


def _namesakes(people: Iterable[Person]) -> frozenset[str]:
    """The people of whom a school has another by the same short name."""
    called: dict[tuple[str, str], list[str]] = {}
    for person in people:
        for school in person.schools:
            called.setdefault((school, person.short.casefold()), []).append(person.id)
    return frozenset(one for found in called.values() if len(found) > 1 for one in found)

"""CB6xx: whether the public keys are those of the people and roles they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.book import RECOVERY, is_filled, policy_now, recovery_role, role_holders
from coachbook.diagnostics import Span
from coachbook.keycheck import (
    demonstration_findings,
    demonstration_fingerprints,
    missing_key_findings,
    role_holder_findings,
    stranger_findings,
)
from coachbook.people import RELATIONS, active, scoped_role
from coachbook.policy import slug

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coachbook.book import Book
    from coachbook.diagnostics import Diagnostic
    from coachbook.policy import Policy


def demonstration_key(book: Book) -> Iterable[Diagnostic]:
    """No key of the demonstration is used in a real school.

    Why: the passphrases of the example trust are printed for everybody to try.
    Example:
        a copy of the example's `records/keys` in a trust without `demonstration: true`
        this key of p-7kq2m4xa belongs to the demonstration, so anyone can open it
    Remedy: delete the file and make a key with `coachbook keys new`.
    Source: design, "Keys"
    """
    return demonstration_findings(
        book.keyring,
        demonstration=book.trust.demonstration,
        known=demonstration_fingerprints(),
    )


def reader_without_key(book: Book) -> Iterable[Diagnostic]:
    """Everyone whom a policy lets read has a public key.

    Roles count from the day that somebody holds them. The other way round, a key
    under an id that no person has is reported too.

    Why: what is sealed without a reader's key stays shut for them for good.
    Example:
        the table lets the monitor read, and records/keys/roles has no key of monitor@otterbeck
        monitor@otterbeck may read what is sealed and has no key
    Remedy: make one with `coachbook keys new`, on the reader's own computer.
    Source: B-12; design, "Keys"
    """
    return (*unkeyed_readers(book), *unknown_owners(book, book.unreadable))


def unkeyed_readers(book: Book) -> Iterable[Diagnostic]:
    """The findings CB602 about readers in the records of a book who have no key."""
    needed: dict[str, tuple[str, Span]] = {}
    for school in book.schools:
        policy = policy_now(book, school)
        rows = _sealed_rows(book)
        for role, line in _reading_roles(policy, rows).items() if policy else ():
            principal = scoped_role(role, school)
            if policy and role_holders(book, principal):
                needed.setdefault(principal, (policy.path, Span(line)))
        needed |= _needed_for_recovery(book, school, policy)
    for pair in book.partnerships.values():
        policy = policy_now(book, pair.school)
        if policy and pair.status == "active":
            for person in (pair.coach, pair.coachee):
                if person in book.people and active(book.people[person], book.today):
                    needed.setdefault(person, (book.people[person].path, Span(1)))
    return missing_key_findings(book.keyring, needed)


def unknown_owners(book: Book, unreadable: Iterable[str]) -> Iterable[Diagnostic]:
    """The findings CB602 about keys of nobody: somebody whose file cannot be read is somebody."""
    names = (path.rsplit("/", 1)[-1].removesuffix(".md") for path in unreadable)
    return stranger_findings(book.keyring, frozenset((*book.people, *names)))


def malformed_key(book: Book) -> Iterable[Diagnostic]:
    """A key file is whole, has the name of its owner, and a role's key is sealed to its holders.

    Why: a line that is altered here makes somebody else a reader of everything
    that is sealed from then on.
    Example:
        recipient: age1… with a character changed
        line 4 of the public key: the key does not agree with its own checksum
    Remedy: restore the file from the last good commit, or make the key again.
    Source: design, "Threat model", adding or swapping a key line
    """
    holders = {role: role_holders(book, role) for role in book.keyring.sealed_roles}
    yield from (finding for finding in book.findings if finding.code == "CB603")
    yield from role_holder_findings(book.keyring, holders)


def shared_key(book: Book) -> Iterable[Diagnostic]:
    """No two people or roles have one key.

    Why: two owners of one key are one reader under two names, and nobody can
    tell which of them opened a note.
    Example:
        the same recipient in p-7kq2m4xa.pub and p-3fd0aaaa.pub
        p-3fd0aaaa has the same key as p-7kq2m4xa, generation 1
    Remedy: make a key of their own for one of the two.
    Source: B-08
    """
    return (finding for finding in book.findings if finding.code == "CB604")


def _needed_for_recovery(
    book: Book, school: str, policy: Policy | None
) -> dict[str, tuple[str, Span]]:
    """Whoever may open everything in need is a reader of all that is sealed from now on."""
    role = recovery_role(policy, policy)
    principal = scoped_role(role, school)
    if policy is None or not role or not is_filled(book, principal, book.today):
        return {}
    parameter = policy.parameters.get(RECOVERY)
    return {principal: (policy.path, parameter.span if parameter else Span(1))}


def _sealed_rows(book: Book) -> frozenset[str]:
    """The rows of the access table that stand for something sealed."""
    forms = book.forms.newest()
    sections = ((form, section) for form in forms for section in form.sections)
    parts = {section.row or form.row for form, section in sections if section.sealed}
    return frozenset(slug(row) for row in parts | {form.row for form in forms if form.whole})


def _reading_roles(policy: Policy, rows: frozenset[str]) -> dict[str, int]:
    """Role -> line of the first of these rows that lets it read."""
    roles: dict[str, int] = {}
    for row in policy.access.values():
        for column in row.readers() if row.key in rows else ():
            if column not in RELATIONS:
                roles.setdefault(column, row.line)
    return roles

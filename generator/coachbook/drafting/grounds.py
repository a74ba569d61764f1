"""What has to be certain before a part is sealed: the policy, the people and their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.book import (
    FORBIDDEN_ROLES,
    access_of,
    display,
    form_of,
    parties,
    policy_for,
    policy_now,
)
from coachbook.diagnostics import Severity
from coachbook.drafting.plan import RefusalError
from coachbook.payload import TEXT_LIMIT
from coachbook.people import ROLE_TITLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coachbook.book import Book
    from coachbook.diagnostics import Diagnostic
    from coachbook.policy import Policy
    from coachbook.readers import Reader
    from coachbook.record import Record

_POLICY_FAULTS = frozenset({"CB701", "CB702", "CB703", "CB704"})


def require_policy(book: Book, record: Record) -> Policy:
    """The policy of the record's date; raises RefusalError while it cannot tell who may read."""
    if record.school not in book.schools:
        raise RefusalError(
            f"there is no school {record.school!r}, so who may read this is not known",
            f"schools are: {', '.join(sorted(book.schools))}",
        )
    then, now = policy_for(book, record), policy_now(book, record.school)
    if then is None or now is None:
        raise RefusalError(
            f"{record.school} has no policy in force, so who may read this is not known",
            "write and ratify one, then seal again",
        )
    for policy in (then, now):
        fault = next((f for f in book.findings if _is_policy_fault(f, policy)), None)
        if fault is not None:
            raise RefusalError(f"the policy has to be mended first: {fault.message}", fault.hint)
    return then


def _is_policy_fault(finding: Diagnostic, policy: Policy) -> bool:
    return (
        finding.path == policy.path
        and finding.code in _POLICY_FAULTS
        and finding.severity is Severity.ERROR
    )


def require_relations(book: Book, record: Record) -> None:
    """Raises RefusalError where it cannot be told whom the record is about, or may not be them."""
    form = form_of(book, record)
    if form and not form.whole:
        _require_nobody_kept_out(book, record)
    found = parties(book, record)
    for relation, path in form.relations.items() if form else ():
        key = path.partition(".")[0]
        if form and form.fields[key].required and not found.get(relation):
            raise RefusalError(
                f"who is the {relation} here cannot be told from `{key}`, nor who may read it",
                f"correct `{key}` in the header, or the record it leads to",
            )


def _require_nobody_kept_out(book: Book, record: Record) -> None:
    """Raises RefusalError where somebody takes part whose key must open no note."""
    access = access_of(book, record)
    for person, role in access.kept_out().items():
        raise RefusalError(
            f"{ROLE_TITLES.get(role, role)} takes no part in coaching here, and this record is "
            f"about a pair with `{person}`, so nothing was sealed",
            "name somebody else first; capability mentoring is recorded elsewhere",
            "CB203",
            access.then.clause_of(FORBIDDEN_ROLES) if access.then else "",
        )


def require_readers(book: Book, principals: Iterable[str]) -> tuple[Reader, ...]:
    """The keys of these people and roles; raises RefusalError where one has none."""
    owners = tuple(principals)
    if not owners:
        raise RefusalError(
            "the policy names nobody who may read this",
            'look at its row in the table "Who can read what"',
        )
    readers = []
    for owner in owners:
        key = book.keyring.current(owner)
        if key is None:
            raise RefusalError(
                f"{display(book, owner)} may read this and has no key",
                f"run: coachbook keys new {'--role ' if '@' in owner else ''}{owner}",
                "CB602",
            )
        readers.append(key.reader)
    return tuple(readers)


def require_length(text: str) -> str:
    """The text, if a section can hold it; raises RefusalError if not."""
    if len(text.encode()) > TEXT_LIMIT:
        raise RefusalError("more text than one section can hold", "divide it into two records")
    return text

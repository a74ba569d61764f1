"""What has to be certain before a part is sealed: the policy, the people and their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.authors import authors_in_words
from coachbook.book import (
    FORBIDDEN_ROLES,
    access_of,
    display,
    form_of,
    lost_relation,
    policy_for,
    policy_now,
    recovery_role,
    short,
)
from coachbook.diagnostics import Severity
from coachbook.drafting.plan import RefusalError
from coachbook.keycheck import making
from coachbook.life import AUTHOR, STATE, UNKNOWN
from coachbook.payload import TEXT_LIMIT
from coachbook.people import ROLE_TITLES, scoped_role
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coachbook.book import Book
    from coachbook.diagnostics import Diagnostic
    from coachbook.drafting.plan import SealTask
    from coachbook.forms import SectionForm
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
    lost = lost_relation(book, record, form) if form else None
    if lost:
        relation, key = lost
        raise RefusalError(
            f"who is the {relation} here cannot be told from `{key}`, nor who may read it",
            f"correct `{key}` in the header, or the record it leads to",
        )


def require_life(book: Book, record: Record) -> None:
    """Raises RefusalError for a note that is final, or is not told apart from a draft."""
    access = access_of(book, record)
    life = access.life
    if life.state == UNKNOWN:
        raise RefusalError(
            f"`{STATE}` says none of draft, shared and final, so who may read this is not known",
            f"write it as {STATE}: draft, or take the line out where the note is shared",
        )
    if life.is_final:
        raise RefusalError(
            "this note is final, and what stands in the clear in it was added later",
            f"take it out, and say it with: coachbook new addendum --to {record.id}",
            "CB506",
        )
    if life.is_draft and not life.author:
        raise RefusalError(
            f"this is a draft, and `{AUTHOR}` does not say whose",
            f"add the person who writes it: {AUTHOR}: p-…",
            "CB507",
        )


def require_author(book: Book, record: Record, section: SectionForm, author: str) -> None:
    """Raises RefusalError where the form does not let the writer write a section."""
    access = access_of(book, record)
    if author and not access.may_write(section, author):
        raise RefusalError(
            f'section "{section.name}" is not for {short(book, author)} to write',
            f"it is written by {authors_in_words(section)}; take out what stands there",
            "CB508",
        )
    if author and access.life.is_draft and author != access.life.author:
        raise RefusalError(
            f"this is a draft of {short(book, access.life.author)}, and nobody else writes in it",
            f"ask for it to be shared first: coachbook share {record.id}",
            "CB508",
        )


def require_same_life(book: Book, record: Record, task: SealTask) -> None:
    """Raises RefusalError where a word in the header would share a draft, or take a note back.

    Anybody who can write to the repository can change that word. It must not be enough to have
    the author's next edit open what was theirs alone, or close what others could read.
    """
    form, access = form_of(book, record), access_of(book, record)
    if form is None or not form.life or not task.previous:
        return
    role = recovery_role(access.then, access.now)
    recovery = {scoped_role(role, record.school)} if role else set()
    were = {reader for reader, _ in task.previous} - recovery
    are = {reader.id for reader in task.readers} - recovery
    if len(were) == 1 and are - were:
        raise RefusalError(
            f"only {short(book, min(were))} could read this so far, as of a draft, and it would "
            f"be sealed for {_names(book, are - were)} too",
            f"if that is meant, its author runs: coachbook share {record.id}; "
            f"if not, the header has to say {STATE}: draft",
            "CB507",
        )
    if access.life.is_draft and were - are:
        raise RefusalError(
            f"{_names(book, were - are)} could read this already, so it is no draft any more",
            f"take `{STATE}: draft` out of the header",
            "CB507",
        )


def _names(book: Book, readers: set[str]) -> str:
    return join(short(book, one) for one in sorted(readers))


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
                f"run: {making(owner)}",
                "CB602",
            )
        readers.append(key.reader)
    return tuple(readers)


def require_length(text: str) -> str:
    """The text, if a section can hold it; raises RefusalError if not."""
    if len(text.encode()) > TEXT_LIMIT:
        raise RefusalError("more text than one section can hold", "divide it into two records")
    return text

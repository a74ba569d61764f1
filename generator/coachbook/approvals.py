"""Changes of readers, approved in a signed line by somebody who could read before.

    - 2026-11-20 p-m3v8x1ra approves `holder monitor@otterbeck p-c5t0w6ze` with MEUCIQ…

The lines stand in `records/keys/approvals.md`, are only ever added to, and count for the change
that came with them: a line that was there before approves nothing any more. So an approval from
last year lets nobody in who was shut out since.
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import date
from typing import TYPE_CHECKING

from coachbook.book import role_holders
from coachbook.people import ENVELOPE, scoped_role
from coachbook.publickey import FOLDER, is_role, is_signed_by, sign
from coachbook.values import frozen
from coachbook.widening import (
    HOLDER,
    KEY,
    READER,
    openers,
    readers_of,
    schools_of,
    steady_people,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from coachbook.age import X25519Identity
    from coachbook.book import Book
    from coachbook.publickey import PublicKey
    from coachbook.widening import Widening

PATH = f"{FOLDER}/approvals.md"

HEAD = """\
# Approvals

Each line lets somebody read more than before. It is signed by one who could read before, with
`coachbook keys approve`, and is never changed or taken out.

"""

_LINE = re.compile(
    r"- (\d{4}-\d{2}-\d{2}) (p-[a-z0-9]{4,16}|envelope@[a-z][a-z0-9-]*) approves `([^`]+)` "
    r"with ([A-Za-z0-9+/]{86}==)"
)


@frozen
class Approval:
    """One line: who approves what, on which day, and the signature under it."""

    day: date
    person: str
    statement: str
    signature: bytes


@frozen
class Approvals:
    """The lines of the file by number, and the numbers of those that are none."""

    lines: Mapping[int, Approval]
    unread: tuple[int, ...]


def parse_approvals(text: str) -> Approvals:
    """The approvals in the file; prose around them is passed over."""
    lines: dict[int, Approval] = {}
    unread = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("-"):
            found = _approval(line.rstrip())
            if found is None:
                unread.append(number)
            else:
                lines[number] = found
    return Approvals(lines, tuple(unread))


def format_approval(one: Approval) -> str:
    """The line of the file."""
    signature = base64.b64encode(one.signature).decode("ascii")
    return f"- {one.day} {one.person} approves `{one.statement}` with {signature}\n"


def with_approvals(text: str, added: Iterable[Approval]) -> str:
    """The file with more lines at its end."""
    start = text or HEAD
    return start.rstrip("\n") + "\n" * (1 if text else 2) + "".join(map(format_approval, added))


def approve(
    statement: str, *, workspace: str, person: str, day: date, identity: X25519Identity
) -> Approval:
    """The person's approval of a change, signed with the key that follows from theirs."""
    message = _signed_text(statement, workspace, person, day)
    return Approval(day, person, statement, sign(identity, message))


def is_sound(one: Approval, key: PublicKey | None, workspace: str) -> bool:
    """True if the line was signed with this key, for this workspace, as it stands."""
    message = _signed_text(one.statement, workspace, one.person, one.day)
    return key is not None and is_signed_by(key, one.signature, message)


def approvers(change: Widening, before: Book, now: Book) -> tuple[str, ...]:
    """Who may approve a change: those who could read before, are here, and do not gain by it.

    Where nobody of them is left, those who open a role's key at the school; where there is nobody
    either, anybody of the school whose key is the one it was; and in the end whoever breaks the
    sealed envelope of the school, if its key is the one it was.
    """
    gaining = {change.subject, *role_holders(now, change.subject)} if change.kind != KEY else set()
    if change.kind not in {KEY, HOLDER, READER}:
        gaining |= set(role_holders(now, f"{change.subject}@{change.school}"))
    steady = [one for one in steady_people(before, now) if one not in {*gaining, change.subject}]
    schools = schools_of(change, before, now)
    for group in (
        _could_read(change, before, now),
        _stewards(before, schools),
        {one.id for one in before.people.values() if set(one.schools) & set(schools)},
    ):
        found = tuple(sorted(one for one in steady if one in group))
        if found:
            return found
    return _envelopes(change, before, now, schools)


def _envelopes(
    change: Widening, before: Book, now: Book, schools: Collection[str]
) -> tuple[str, ...]:
    """The envelopes of the schools whose key was there before and is the same."""
    owners = (scoped_role(ENVELOPE, school) for school in schools)
    found = ((owner, before.keyring.current(owner), now.keyring.current(owner)) for owner in owners)
    return tuple(
        owner
        for owner, old, key in found
        if old and key and old.fingerprint == key.fingerprint and owner != change.subject
    )


def _could_read(change: Widening, before: Book, now: Book) -> Collection[str]:
    """The people who could read it before: the readers of a record, or who holds a role still."""
    if change.kind == READER:
        readers = readers_of(before, before.by_id[change.record][0])
        return {person for reader in readers for person in _people(before, reader)}
    if change.kind == HOLDER or (change.kind == KEY and is_role(change.subject)):
        role = change.statement.split()[1]
        return set(_people(before, role)) & set(role_holders(now, role))
    return ()


def _people(book: Book, reader: str) -> Collection[str]:
    if not is_role(reader):
        return (reader,)
    return openers(book.keyring, reader) & set(role_holders(book, reader))


def _stewards(book: Book, schools: Collection[str]) -> Collection[str]:
    """Those who hold and open a role's key at one of the schools."""
    roles = (owner for owner in book.keyring.sealed_roles if owner.partition("@")[2] in schools)
    return {person for role in roles for person in _people(book, role)}


def _signed_text(statement: str, workspace: str, person: str, day: date) -> bytes:
    lines = ("coachbook approval v1", workspace, day.isoformat(), person, statement)
    return "\n".join(lines).encode()


def _approval(line: str) -> Approval | None:
    found = _LINE.fullmatch(line)
    try:
        if found is None:
            return None
        signature = base64.b64decode(found[4], validate=True)
        return Approval(date.fromisoformat(found[1]), found[2], found[3], signature)
    except (ValueError, binascii.Error):
        return None


def new_lines(before: Approvals, now: Approvals) -> Iterator[tuple[int, Approval]]:
    """The lines that came since, which alone can approve what came with them."""
    old = set(before.lines.values())
    yield from ((number, one) for number, one in now.lines.items() if one not in old)


def lost_lines(before: Approvals, now: Approvals) -> tuple[Approval, ...]:
    """The lines that were taken out since."""
    kept = set(now.lines.values())
    return tuple(one for one in before.lines.values() if one not in kept)

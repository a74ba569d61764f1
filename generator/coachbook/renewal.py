"""What has to be sealed anew after somebody's key has changed, and what stays shut.

    for record in due_records(book, {"p-7kq2m4xa"}):
        found = plan_renewal(book, record, identities, random=os.urandom, name=name)

Only what the policy asks is sealed anew: parts whose stated readers differ from those whom it
names, in one of the people or roles that were asked about. What the given keys do not open is left
as it is and listed. None of it takes back what somebody could read before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.disclosure import disclosures
from coachbook.errors import CoachbookError
from coachbook.opening import open_record
from coachbook.payload import WHOLE
from coachbook.sharing import plan_again, shared_source
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from coachbook.age import Random, X25519Identity
    from coachbook.book import Book
    from coachbook.record import Record
    from coachbook.sharing import SharePlan
    from coachbook.signatures import Signer


@frozen
class Left:
    """A part that was left as it is, and why, without a word of what is in it."""

    path: str
    part: str
    reason: str

    def __str__(self) -> str:
        """The place and the reason in one line."""
        name = "the whole record" if self.part == WHOLE else f'"{self.part}"' if self.part else ""
        return f"{self.path}: {f'{name}: ' if name else ''}{self.reason}"


@frozen
class Renewal:
    """How one record is sealed anew, None where nothing of it can be, and what is left."""

    plan: SharePlan | None
    left: tuple[Left, ...]


def due_parts(book: Book, record: Record, owners: Collection[str]) -> tuple[str, ...]:
    """The sealed parts that state one of these owners otherwise than policy and keys do now."""
    if not any(True for _ in record.blocks()):
        return ()
    return tuple(
        dict.fromkeys(
            found.part
            for found in disclosures(book, record)
            if found.state == "sealed"
            and (
                any(one in owners for one in (*found.missing, *found.unexpected))
                or any(
                    one.id in owners and one.key in {"earlier", "unknown"} for one in found.readers
                )
            )
        )
    )


def due_records(book: Book, owners: Collection[str]) -> tuple[Record, ...]:
    """The records with such parts."""
    return tuple(one for one in book.records.values() if due_parts(book, one, owners))


def plan_renewal(
    book: Book,
    record: Record,
    owners: Collection[str],
    identities: Mapping[str, X25519Identity],
    *,
    random: Random,
    name: Callable[[str], str] = str,
) -> Renewal:
    """How the parts of a record are sealed for the keys that their readers have now."""
    due = due_parts(book, record, owners)
    opened = open_record(book, record, identities, name)
    shut = {**opened.strangers, **opened.damaged}
    left = [Left(record.path, part, shut[part].message) for part in due if part in shut]
    left += [
        Left(record.path, part, "stands there twice and has to be merged first")
        for part in due
        if part not in shut and part not in opened.payloads
    ]
    if opened.damaged or not any(part in opened.payloads for part in due):
        return Renewal(None, tuple(left))
    try:
        plan = plan_again(book, opened, random=random)
    except CoachbookError as error:
        return Renewal(None, (*left, Left(record.path, "", error.message)))
    if plan.seal.findings:
        reasons = (Left(record.path, "", one.message) for one in plan.seal.findings)
        return Renewal(None, (*left, *reasons))
    return Renewal(plan if plan.seal.fresh else None, tuple(left))


def renewed_source(
    plan: SharePlan, *, author: str, now: datetime, random: Random, signer: Signer | None = None
) -> str:
    """The source of the record, sealed anew; one that was final is final again.

    A text stays signed by its author, whoever seals it; nobody signs one that they only carry.
    """
    return shared_source(plan, author=author, now=now, random=random, signer=signer)

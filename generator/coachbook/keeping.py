"""Until when each record may be kept, by the policy that is in force today.

    for one in kept_records(book):
        one.until, one.clause

How long is the policy's to say, in its own words; from which day, the record's: the end of its
cycle, or its own day. What nobody can reckon without a key, or at all, is said to be so.
"""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import TYPE_CHECKING

from coachbook.book import follow, policy_now
from coachbook.retention import kept_under, last_day
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.book import Book, Entry

TEXT_LEFT = "text_left_in"
"""The field of a cycle that is over, whose text stayed in the repository of an earlier year."""

_CYCLE = "cycle"
_TO_A_CYCLE = (_CYCLE, f"to.{_CYCLE}", f"session.{_CYCLE}")
_SEALED = "sealed"


class State(Enum):
    """What can be told of how long a record is kept."""

    KEPT = "kept"
    DUE = "due to go"
    RUNNING = "cycle still open"
    BY_HAND = "to be worked out by hand"
    SEALED = "only its readers can tell"
    SILENT = "the policy does not say"


@frozen
class Kept:
    """One record with the day its time began and the last day on which it may be kept.

    `parameter` is what the policy says it by, "" where it says nothing.
    """

    path: str
    id: str
    type: str
    title: str
    school: str
    parameter: str
    since: dt.date | None
    until: dt.date | None
    state: State


def kept_records(book: Book) -> tuple[Kept, ...]:
    """Every record of a school that is about work with people, in the order of the book."""
    return tuple(kept(book, entry) for entry in _about_work(book))


def kept(book: Book, entry: Entry) -> Kept:
    """What is known of one record."""
    kind = entry.form.type
    policy = policy_now(book, entry.record.school)
    parameter = kept_under(kind, whole=entry.form.whole)
    words = str(policy.get(parameter) or "") if policy and parameter else ""
    since = None if kind == _SEALED else since_when(book, entry)
    until = last_day(words, since) if since and words else None
    return Kept(
        path=entry.record.path,
        id=entry.record.id,
        type=kind,
        title=entry.form.title,
        school=entry.record.school,
        parameter=parameter if words else "",
        since=since,
        until=until,
        state=_state(book, kind, words, since, until),
    )


def since_when(book: Book, entry: Entry) -> dt.date | None:
    """The day a record's time begins: its cycle's end, or its own day; None while that runs."""
    cycle = entry if entry.form.type == _CYCLE else _cycle_of(book, entry)
    if cycle is None:
        return entry.day
    closed = cycle.values.get("closed_on")
    return closed if isinstance(closed, dt.date) else None


def _cycle_of(book: Book, entry: Entry) -> Entry | None:
    for way in _TO_A_CYCLE:
        for one in follow(book, entry.record, way):
            found = book.by_id.get(one, ())
            target = book.entries.get(found[0].path) if len(found) == 1 else None
            if target is not None and target.form.type == _CYCLE:
                return target
    return None


def _state(
    book: Book, kind: str, words: str, since: dt.date | None, until: dt.date | None
) -> State:
    if not words:
        return State.SILENT
    if kind == _SEALED:
        return State.SEALED
    if since is None:
        return State.RUNNING
    if until is None:
        return State.BY_HAND
    return State.DUE if until < book.today else State.KEPT


def _about_work(book: Book) -> Iterator[Entry]:
    for entry in book.entries.values():
        if entry.record.school in book.schools and entry.form.type not in STANDING:
            yield entry


STANDING = frozenset({"school", "policy", "calendar", "role-assignment", "person", "trust", "hub"})
"""What a workspace needs in order to be one, for as long as there is any record in it."""


def is_open_request(book: Book, school: str) -> bool:
    """True while somebody at the school waits for what is held about them."""
    return any(
        entry.record.school == school
        and entry.form.type == "subject-access-log"
        and entry.values.get("answered_on") is None
        for entry in book.entries.values()
    )

"""CB608: whether recovery was proved of late."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from coachbook.book import RECOVERY, policy_now, read_text, recovery_role, short
from coachbook.calendar import format_date
from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.drills import PATH, last_drill, parse_drills
from coachbook.people import scoped_role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coachbook.book import Book
    from coachbook.drills import Drill
    from coachbook.policy import Policy
    from coachbook.publickey import PublicKey

_YEAR = timedelta(days=366)


def recovery_unproved(book: Book) -> Iterable[Diagnostic]:
    """Whoever may open a part in the end proves once a year that they can.

    A drill opens, on a copy, every part that is sealed to the recovery key. The file
    `records/keys/drills.md` says when that was, and how many parts opened. A year counts from the
    last drill, or from the day on which the key was made.

    Why: a paper that nobody can read, or a key that its holder has lost, is noticed otherwise on
    the day on which it is needed.
    Example:
        the envelope was last broken for a drill in September a year ago
        the last drill that proved recovery was on 30 Sep 2025
    Remedy: run `coachbook keys drill SCHOOL` with the words or as the holder, and commit the line.
    Source: issue "Keys over time", recovery
    """
    drills = parse_drills(read_text(book, PATH))
    for school in book.schools:
        policy = policy_now(book, school)
        owner = scoped_role(recovery_role(policy, policy), school)
        key = book.keyring.current(owner)
        if policy is None or key is None:
            continue
        words = _overdue(book, key, last_drill(drills, owner))
        if words:
            yield _finding(policy, words)


def _overdue(book: Book, key: PublicKey, last: Drill | None) -> str:
    """What is to be said about the last drill of a key, or ""."""
    who = short(book, key.owner)
    if last and last.opened < last.stated:
        shut = last.stated - last.opened
        return (
            f"in the drill of {format_date(last.day)} {shut} of {last.stated} parts stayed shut "
            f"to {who}"
        )
    since = max(last.day, key.created) if last else key.created
    if book.today - since <= _YEAR:
        return ""
    if last and last.day >= key.created:
        return f"the last drill that proved recovery was on {format_date(since)}"
    return (
        f"the key of {who} was made on {format_date(since)}, and no drill since has proved that it "
        "opens anything"
    )


def _finding(policy: Policy, words: str) -> Diagnostic:
    parameter = policy.parameters.get(RECOVERY)
    return Diagnostic(
        path=policy.path,
        span=parameter.span if parameter else Span(1),
        code="CB608",
        severity=Severity.INFO,
        message=words,
        hint=f"prove it on a copy: coachbook keys drill {policy.school}",
        clause=policy.clause_of(RECOVERY),
        consequence=Consequence.LISTED,
        school=policy.school,
    )

"""What a school has to do next when its new year begins in a repository of its own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from coachbook.book import access_of, policy_now, role_holders
from coachbook.book.files import RECORDS
from coachbook.calendar import format_date, school_year
from coachbook.people import ROLE_TITLES, TRUST_WIDE, active, scoped_role
from coachbook.policy import policy_in_force
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coachbook.book import Book
    from coachbook.carrying import Choice


@frozen
class Step:
    """Something that is to be done next, and how."""

    words: str
    remedy: str = ""


def next_steps(
    book: Book, choice: Choice, first: dt.date, calendars: Mapping[str, bytes]
) -> Iterator[Step]:
    """What is still to be written or decided before work goes on in the new repository.

    Args:
        book: the old year's.
        choice: what goes along.
        first: the first day of the new year.
        calendars: those of the new year that the new repository begins with.
    """
    year = school_year(first)
    for school in without_calendar(book, year):
        path = f"{RECORDS}/{school}/calendar-{year}.md"
        if path not in calendars:
            yield Step(
                f"{book.schools[school].name} has no calendar for {year} yet",
                f"write {path}, or run this again with --term for each half-term",
            )
    if book.today < first:
        yield Step(
            f"the year begins on {format_date(first)}: what is written in the old repository from "
            "now on does not go along",
            "write in the new one alone, or delete it and run this again on that day",
        )
    yield from _policies(book, first)
    yield from _vacancies(book, first)
    yield from _partings(book, choice, first)
    drafts = sum(_is_draft(book, path) for path in book.entries.keys() - choice.all)
    if drafts:
        yield Step(
            f"{drafts} {'draft stays' if drafts == 1 else 'drafts stay'} behind, and nobody but "
            "their authors can open them",
            "ask those who coach to share or delete what is unfinished, then run this again",
        )


def without_calendar(book: Book, year: str) -> list[str]:
    """The schools that have no calendar of a school year."""
    return [school for school in sorted(book.schools) if (school, year) not in book.calendars]


def _policies(book: Book, first: dt.date) -> Iterator[Step]:
    last = first.replace(year=first.year + 1) - dt.timedelta(days=1)
    for school in sorted(book.schools):
        policy = policy_in_force(book.policies.get(school, ()), first)
        name = book.schools[school].name
        if policy is None:
            yield Step(f"{name} has no policy in force", "coachbook new policy")
        elif policy.review_due and policy.review_due <= last:
            yield Step(
                f"the policy of {name} is due for review by {format_date(policy.review_due)}",
                f"write its next version beside {policy.path}",
            )


def _vacancies(book: Book, first: dt.date) -> Iterator[Step]:
    """Roles of the policy that nobody holds on the first day who holds them now."""
    for school in sorted(book.schools):
        policy = policy_now(book, school)
        for column in policy.columns if policy else ():
            role = scoped_role(column, school)
            if column not in ROLE_TITLES or column in TRUST_WIDE or not role_holders(book, role):
                continue
            if not any(_holds_on(book, role, person, first) for person in role_holders(book, role)):
                yield Step(
                    f"nobody holds {role} from {format_date(first)} on",
                    f"coachbook new role-assignment, then: coachbook keys grant {role} PERSON",
                )


def _holds_on(book: Book, role: str, person: str, day: dt.date) -> bool:
    return active(book.people[person], day) and any(
        one.person == person and (one.end is None or one.end >= day)
        for one in book.roles.get(role, ())
    )


def _partings(book: Book, choice: Choice, first: dt.date) -> Iterator[Step]:
    """Pairs, groups and cycles that go along with somebody who does not."""
    for path in sorted(choice.whole):
        entry = book.entries[path]
        people = {one for found in entry.parties.values() for one in found}
        gone = [one for one in people if one in book.people and not _stays(book, one, first)]
        if gone and entry.form.type in {"cycle", "partnership", "group"}:
            yield Step(
                f"{path}: goes on with somebody who has left by {format_date(first)}",
                f"coachbook edit {entry.record.id}: end it, or go on without them",
            )


def _stays(book: Book, person: str, first: dt.date) -> bool:
    end = book.people[person].end
    return end is None or end >= first


def _is_draft(book: Book, path: str) -> bool:
    return access_of(book, book.records[path]).life.is_draft

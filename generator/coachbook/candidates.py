"""The people and the records that a field of a new record may mean."""

from __future__ import annotations

import datetime as dt
from difflib import get_close_matches
from typing import TYPE_CHECKING

from coachbook.book import display, form_of, parties, policy_now, record_date, short, values_of
from coachbook.calendar import format_date
from coachbook.errors import UsageError
from coachbook.people import active
from coachbook.sentences import join
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from coachbook.book import Book
    from coachbook.forms import FieldForm
    from coachbook.record import Record

CYCLE_REQUIRED = "cycle.required"
"""The policy's answer to: does every session belong to a cycle?"""

_OPEN = frozenset({"open", "planned", "active", "proposed", "paused"})


@frozen
class Choice:
    """A record that a reference may mean: its id, and words to tell it from others."""

    id: str
    words: str


def find_person(book: Book, text: str) -> str:
    """The id of a person named by id, sign-in or name; UsageError where that is not one person."""
    wanted = text.strip().casefold()
    people = book.people.values()
    found = [
        p.id
        for p in people
        if wanted in {p.id, p.sign_in.casefold(), p.name.casefold(), p.short.casefold()}
    ]
    if len(found) == 1:
        return found[0]
    if found:
        names = [f"{one} ({display(book, one)})" for one in found]
        raise UsageError(f"{text!r} may be {join(names)}", hint="give the id")
    known = [name for p in people for name in (p.id, p.sign_in, p.name, p.short) if name]
    close = get_close_matches(text, known, n=1)
    hint = f"did you mean {close[0]}?" if close else "the people are in records/people"
    raise UsageError(f"there is no person {text!r}", hint=hint)


def choices_for(book: Book, target: str) -> tuple[Choice, ...]:
    """The records of a type that are not finished, newest first, in words."""
    records = [r for r in book.records.values() if r.type == target and _is_open(book, r)]
    return tuple(_choice(book, r) for r in sorted(records, key=_start(book), reverse=True))


def find_partnership(book: Book, coach: str, coachee: str, on: dt.date) -> str:
    """The id of the pair's partnership on a day, or an empty text where there is none."""
    found = (
        p.id
        for p in book.partnerships.values()
        if (p.coach, p.coachee) == (coach, coachee) and p.status != "ended" and active(p, on)
    )
    return next(found, "")


def options_for(
    book: Book, fields: Sequence[FieldForm], school: str = "", person: str = ""
) -> tuple[tuple[FieldForm, Choice], ...]:
    """The open records that the fields may refer to: of a school, and of a person, if of any.

    A partnership with an open cycle is not one of them beside that cycle, nor is one of a school
    in which every session belongs to a cycle.
    """
    names = {field.name for field in fields}
    found = [
        (field, choice)
        for field in fields
        for choice in choices_for(book, field.to)
        if not (field.name == "partnership" and "cycle" in names and _has_cycle(book, choice))
        and (not school or book.by_id[choice.id][0].school in {school, ""})
    ]
    own = [option for option in found if _takes_part(book, option[1], person)]
    if not school:
        book.require_all(person if own else "")
    return tuple(own or found)


def _takes_part(book: Book, choice: Choice, person: str) -> bool:
    return any(person in people for people in parties(book, book.by_id[choice.id][0]).values())


def _has_cycle(book: Book, choice: Choice) -> bool:
    """Whether a session of the pair belongs to a cycle: by the policy, or as there is one."""
    record = book.by_id[choice.id][0]
    return _needs_cycle(book, record) or _has_open_cycle(book, record)


def _needs_cycle(book: Book, record: Record) -> bool:
    policy = policy_now(book, record.school)
    return policy is not None and policy.get(CYCLE_REQUIRED) is True


def _has_open_cycle(book: Book, record: Record) -> bool:
    return any(
        one.type == "cycle" and _is_open(book, one) for one in book.referring.get(record.id, ())
    )


def _is_open(book: Book, record: Record) -> bool:
    form = form_of(book, record)
    if form is None:
        return False
    values = values_of(book, record)
    last = values.get("end") or values.get("to")
    is_over = isinstance(last, dt.date) and last < book.today
    return not is_over and ("status" not in form.fields or values.get("status") in _OPEN)


def _start(book: Book) -> Callable[[Record], tuple[str, str]]:
    def key(record: Record) -> tuple[str, str]:
        return (str(record_date(book, record) or ""), record.id)

    return key


def _choice(book: Book, record: Record) -> Choice:
    people = parties(book, record)
    pair = [join([short(book, p) for p in people.get(r, ())]) for r in ("coachee", "coach")]
    others = next((people[r] for r in ("members", "observed", "subject") if r in people), ())
    words = " with ".join(filter(None, pair)) or join([short(book, p) for p in others])
    day = record_date(book, record)
    since = f", since {format_date(day)}" if day else ""
    return Choice(record.id, f"{words}{since}")

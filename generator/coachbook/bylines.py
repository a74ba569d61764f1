"""Who wrote what was opened, in words: sealed by somebody, not signed, or falsely signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from coachbook.book import place_of
from coachbook.dates import spell
from coachbook.opening import Before
from coachbook.signatures import Authorship, State, authorship_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from coachbook.book import Book
    from coachbook.opening import Opened

LEFT = "it was made after {} had left"
SWAPPED = "the signing key of {} is not the one that this device has met before"


def authorships(
    book: Book, opened: Opened, swapped: Collection[tuple[str, str]] = ()
) -> Mapping[str, Authorship]:
    """Section -> who wrote it, for every part that was opened.

    Args:
        swapped: (person, fingerprint) of keys whose signing line is not the one met before.
    """
    before = Before(opened.record)
    found = {}
    for section, payload in opened.payloads.items():
        block = before.block(section)
        if block is not None:
            place = place_of(book, opened.record, section)
            one = _here(book, authorship_of(payload, block, place, book.keyring))
            is_swapped = payload.written and (payload.author, payload.written.key) in swapped
            found[section] = (
                replace(one, state=State.MISMATCH, fault=SWAPPED) if is_swapped else one
            )
    return found


def byline(found: Authorship, name: Callable[[str], str]) -> str:
    """The same as half a sentence: "sealed by Wren Abara on 12 Nov 2026".

    Who sealed it again is not said: they carried a text that stays its author's.
    """
    who = name(found.person) if found.person else ""
    if found.state is State.MISMATCH:
        return f"signature does not match: {found.fault.format(who)}"
    if found.state is State.UNSIGNED:
        return f"not signed; {who} is named as its author" if who else "not signed"
    if found.sealed == found.written:
        return f"sealed by {who} on {_day(found.written)}"
    return f"written by {who} on {_day(found.written)}, sealed again on {_day(found.sealed)}"


def _day(moment: str) -> str:
    return spell(date.fromisoformat(moment[:10]))


def _here(book: Book, found: Authorship) -> Authorship:
    """The same, where it does not count if its author had left by then."""
    person = book.people.get(found.person)
    if found.state is not State.SIGNED or person is None or person.end is None:
        return found
    if found.written[:10] <= person.end.isoformat():
        return found
    return replace(found, state=State.MISMATCH, fault=LEFT)

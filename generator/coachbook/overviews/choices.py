"""The one list of people who lack a coach, a focus or a time, where coachees choose them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.calendar import format_day
from coachbook.settling import RECORDS, SETTLED_BY, deadline, unsettled
from coachbook.views import public

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coachbook.book import Entry
    from coachbook.overviews.leading import Led
    from coachbook.settling import Choice


def still_to_settle(led: Led) -> list[dict[str, object]]:
    """The list, once; none where the policy sets no day, or there is no calendar to find it by."""
    if led.policy is None or led.calendar is None:
        return []
    by = deadline(led.book.policies.get(led.school, ()), led.calendar)
    if by is None:
        return []
    found = unsettled(led.book, led.school, by.day, _readable(led))
    return [
        {
            "by": public(format_day(by.day)),
            "is_over": public(by.day < led.book.today),
            "clause": public(by.policy.clause_of(SETTLED_BY)),
            "rows": [_row(led, one) for one in found],
        }
    ]


def _readable(led: Led) -> Mapping[str, Sequence[Entry]]:
    """The records of all schools that everybody on the page may read, by type."""
    return {
        kind: [
            led.book.entries[one.record.path]
            for one in led.view.of_type(kind)
            if one.audience.admits(led.audience)
        ]
        for kind in RECORDS
    }


def _row(led: Led, choice: Choice) -> list[object]:
    """A row of the table: who, with whom they work, and what is still missing."""
    pair = choice.pair
    coaches = pair.parties.get("coach", ()) if pair else ()
    has_page = pair is not None and pair.record.id in led.view.pairs
    return [
        led.name(choice.person.id),
        {
            "text": led.names(coaches),
            "href": led.label(f"#/pair/{pair.record.id}" if pair and has_page else "", "pair"),
        },
        led.label(", ".join(choice.missing), "what is missing"),
    ]

"""Slots of a schedule and pairs of a rotation, as the lines of their records say them.

g-2k7m4q9x 2026-11-09 to 2026-11-20 15:30-16:00
p-7kq2m4xa p-c5t0w6ze
"""

from __future__ import annotations

import re
from datetime import date, time
from typing import TYPE_CHECKING

from coachbook.calendar import format_span
from coachbook.dates import DateFault, parse_date
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

_ID = r"[a-z]+-[a-z0-9-]+"
_TIME = r"(?:[01]?\d|2[0-3]):[0-5]\d"
_SLOT = re.compile(
    rf"(?P<who>{_ID})\s+(?P<first>\S.*?)\s+(?:to|–|until)\s+(?P<last>\S.*?)"
    rf"(?:\s+(?P<opens>{_TIME})\s*[-–]\s*(?P<closes>{_TIME}))?"
)
_HOLDERS = {"pt": "partnership", "c": "cycle", "g": "group"}
_PAIR = re.compile(rf"({_ID})\s+(?:and\s+)?({_ID})")


@frozen
class Slot:
    """When a group, a pair or a cycle meets: the days, and the time of day where it is set."""

    who: str
    first: date
    last: date
    opens: time | None = None
    closes: time | None = None

    def holds(self, day: date, at: time | None) -> bool:
        """Whether a session then is inside; a time that nobody wrote down is not outside."""
        if not self.first <= day <= self.last:
            return False
        return at is None or self.opens is None or self.opens <= at <= (self.closes or at)

    def __str__(self) -> str:
        """Names the slot as people write it: "9–20 Nov, 15:30–16:00"."""
        days = format_span(self.first, self.last)
        if self.opens is None or self.closes is None:
            return days
        return f"{days}, {self.opens:%H:%M}–{self.closes:%H:%M}"


def parse_slot(text: str) -> Slot | None:
    """The slot of a line of a schedule; None if it is none."""
    found = _SLOT.fullmatch(text.strip())
    if found is None:
        return None
    first, last = parse_date(found["first"]), parse_date(found["last"])
    if isinstance(first, DateFault) or isinstance(last, DateFault):
        return None
    return Slot(found["who"], first, last, _time(found["opens"]), _time(found["closes"]))


def parse_slots(lines: object) -> tuple[Slot, ...]:
    """The slots among the lines of a field; the others have findings of their own."""
    found = (parse_slot(line) for line in _texts(lines))
    return tuple(slot for slot in found if slot is not None)


def slot_holder(who: str) -> str:
    """The type of record that an id in a slot should be of."""
    return _HOLDERS.get(who.partition("-")[0], "group")


def parse_pair(text: str) -> tuple[str, str] | None:
    """The two people of a line of a rotation, in the order of their ids; None if it has no two."""
    found = _PAIR.fullmatch(text.strip())
    if found is None:
        return None
    one, two = sorted(found.groups())
    return one, two


def _texts(lines: object) -> Iterable[str]:
    entries = lines if isinstance(lines, tuple) else ()
    return (entry for entry in entries if isinstance(entry, str))


def _time(text: str | None) -> time | None:
    if text is None:
        return None
    hours, minutes = text.split(":")
    return time(int(hours), int(minutes))

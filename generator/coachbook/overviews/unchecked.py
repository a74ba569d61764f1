"""What no check of this build could look at: records that cannot be read, and sealed text.

The text rules run where the plaintext is, before it is sealed, and the seal holds which of them
ran. Nothing of that stands in the clear, where anybody could write it: the page tells what the
clear part does say, the policy that a record was written under, and how to have the text checked.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from coachbook.book import policy_for
from coachbook.calendar import format_date
from coachbook.overviews.leading import COUNTED
from coachbook.views import public

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from coachbook.overviews.leading import Led
    from coachbook.views import RecordView

_UNREAD = "They stand on no page until they are mended; Checks says where."
_SEALED = (
    "Sealed text can't be checked from outside. Which checks ran before it was sealed stands "
    "inside the seal. Records sealed whole are not in this number."
)


def unchecked(led: Led) -> list[dict[str, object]]:
    """What no check of this build could look at: how much, and what is known of it; no noughts."""
    held_back = {f.path for f in led.view.held_back if f.school == led.school}
    numbers = {
        "Records that could not be read": (len(held_back), _UNREAD),
        "Sealed sections": (sum(_sections(one) for one in _sealed(led)), _SEALED),
    }
    return [
        {"title": public(title), "value": led.label(number, "checks"), "meaning": public(meaning)}
        for title, (number, meaning) in numbers.items()
        if number
    ]


def sealed_by_form(led: Led) -> list[list[object]]:
    """Sealed sections by sort of record: how many, under which policy, and the last day."""
    by_title: dict[str, list[RecordView]] = defaultdict(list)
    for one in _sealed(led):
        by_title[one.form.title].append(one)
    return [_row(led, title, by_title[title]) for title in sorted(by_title)]


def _row(led: Led, title: str, records: Sequence[RecordView]) -> list[object]:
    """A sort of record: its sealed sections, those under an earlier policy, the days it spans."""
    version = led.policy.version if led.policy else ""
    earlier = [one for one in records if _version(led, one) != version]
    days = sorted(one.day for one in records if one.day)
    return [
        led.label(title, "sort"),
        led.label(sum(map(_sections, records)), "sealed sections"),
        led.label(sum(map(_sections, earlier)), "sealed sections"),
        _day(led, days[0] if days else None),
        _day(led, days[-1] if days else None),
    ]


def _version(led: Led, record: RecordView) -> str:
    """The version of the policy that a record was written under, or that held on its day."""
    said = record.raw("policy")
    policy = policy_for(led.book, record.record)
    return str(said) if said else policy.version if policy else ""


def _sealed(led: Led) -> Iterator[RecordView]:
    """The records with a sealed section of which everybody on the page may know."""
    yield from (one for kind in COUNTED for one in led.of_type(kind) if _sections(one))


def _sections(record: RecordView) -> int:
    return sum(bool(section.blocks) for section in record.record.sections)


def _day(led: Led, day: dt.date | None) -> dict[str, object]:
    return {
        "text": led.label(format_date(day) if day else "", "day"),
        "sort": led.label(day.isoformat() if day else "", "day"),
    }

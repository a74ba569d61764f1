"""What leaves the portal for people who hold no key: what a record of it says, and those there."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from coachbook.audience import PUBLIC
from coachbook.book import display
from coachbook.calendar import format_date
from coachbook.declassified import GIVEN_OUT, declassify
from coachbook.figures import Edition, Period, threshold
from coachbook.views import in_order, public

if TYPE_CHECKING:
    from coachbook.views import RecordView, View

DECLASSIFICATION = "declassification"
"""The type of a record that says what was given out."""

GOVERNORS_PAGE = "governors-page"

_WHAT = {
    GOVERNORS_PAGE: "Governors' page",
    "supplement": "Supplement",
    "induction": "Induction of one person",
    "other": "Another page",
}
_FOR = {
    "governors": "the governors",
    "trust": "the trust",
    "inspectors": "inspectors",
    "appropriate-body": "the appropriate body",
    "staff": "the staff",
    "other": "others",
}


def to_give(
    view: View, school: str, period: Period | None = None, *, for_whom: str = "governors"
) -> dict[str, object]:
    """What the browser writes into the record of a part given out; `for_whom` is proposed."""
    return {
        "for_whom": declassify(for_whom, GIVEN_OUT, to=PUBLIC, source="this page", school=school),
        "school": public(school),
        "day": public(view.book.today.isoformat()),
        "start": public(period.start.isoformat() if period else ""),
        "end": public(period.end.isoformat() if period else ""),
        "least": public(threshold(view.book, school) if period else 0),
        "new_file": public(view.book.trust.new_file_url),
    }


def given_out(view: View, school: str) -> list[dict[str, object]]:
    """Each page given out at a school, the newest first."""
    found = (one for one in in_order(view.of_type(DECLASSIFICATION)) if one.school == school)
    return [_row(view, one) for one in [*found][::-1]]


def governors_editions(view: View, school: str) -> list[Edition]:
    """The pages for governors that were given out by today, with what stood on each."""
    return [
        Edition(Period(first, last), tuple(map(str, lines)) if isinstance(lines, tuple) else None)
        for one in view.of_type(DECLASSIFICATION)
        if one.school == school and one.raw("what") == GOVERNORS_PAGE
        if isinstance(first := one.raw("from"), dt.date)
        if isinstance(last := one.raw("to"), dt.date) and last <= view.book.today
        for lines in (one.raw("figures"),)
    ]


def _row(view: View, record: RecordView) -> dict[str, object]:
    statements = record.raw("statements")
    return {
        "day": record.label(_date(record.raw("made_on")), "made_on"),
        "iso": record.label(str(record.raw("made_on") or ""), "made_on"),
        "what": record.label(_WHAT.get(str(record.raw("what")), ""), "what"),
        "for_whom": record.label(_FOR.get(str(record.raw("for_whom")), ""), "for_whom"),
        "by": record.label(display(view.book, str(record.raw("made_by") or "")), "made_by"),
        "period": record.label(_period(record), "from"),
        "statements": record.label(statements if isinstance(statements, int) else 0, "statements"),
        "hash": record.label(str(record.raw("hash") or ""), "hash"),
        "path": record.label(record.record.path, "path"),
    }


def _period(record: RecordView) -> str:
    first, last = _date(record.raw("from")), _date(record.raw("to"))
    return f"{first} to {last}" if first and last else first or last


def _date(value: object) -> str:
    return format_date(value) if isinstance(value, dt.date) else ""

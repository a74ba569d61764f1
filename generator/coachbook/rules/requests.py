"""CB330: requests for what is held about somebody, and by when they are answered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from coachbook.answertime import due_day
from coachbook.calendar import format_date
from coachbook.diagnostics import Severity
from coachbook.rules.about import about
from coachbook.rules.rule import Case, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

_REQUEST = "subject-access-log"
_SOON = timedelta(days=7)


@about("subject-access-log")
def request_overdue(case: Case) -> Iterator[Finding]:
    """Whoever asks what is held about them is answered within a month.

    The month begins with the day the request came, spoken or written, and stands still while
    the school waits to hear what is meant. Two more months are possible where a request is
    complex or one of several; the person is told why within the first. A week before the day
    there is a reminder. Who asked stands nowhere.

    Why: it is the law, and the person can complain from the day after.
    Example:
        due: 2027-02-11, and on 12 Feb 2027 no answered_on
        a request for what is held about somebody was to be answered by 11 Feb 2027
    Remedy: answer it, and write the day as `answered_on`. If it takes longer, tell the person why
    and write `extended_on` and `extension_reason`.
    Source: UK GDPR, Articles 12(3) and 15; domain section 8
    """
    due = case.day_of("due")
    if case.form.type != _REQUEST or due is None:
        return
    yield from _too_late(case, due)
    waits = case.value("paused_from") is not None and case.value("paused_to") is None
    if case.value("answered_on") is not None or waits:
        return
    today = case.book.today
    if today > due:
        yield Finding(
            case.span("due"),
            f"a request for what is held about somebody was to be answered by {format_date(due)}",
            "answer it and write the day as `answered_on`; or, where the person was told why it "
            "takes longer, `extended_on`, `extension_reason` and the new `due`",
        )
    elif due - today <= _SOON:
        yield Finding(
            case.span("due"),
            f"a request for what is held about somebody is to be answered by {format_date(due)}",
            "coachbook subject-access PERSON gathers what there is",
            severity=Severity.INFO,
        )


def _too_late(case: Case, due: date) -> Iterator[Finding]:
    """Where the day that was written is later than the law's."""
    received = case.day
    if received is None:
        return
    extended = case.value("extended_on") is not None
    last = due_day(received, extended=extended, paused=_pause(case), holidays=_holidays(case))
    if due > last:
        months = "three months" if extended else "one month"
        yield Finding(
            case.span("due"),
            f"{format_date(due)} is later than {months} after {format_date(received)}, which is "
            f"{format_date(last)}",
            "write the day that the law sets, or why it is later: a pause, or an extension",
            severity=Severity.WARNING,
        )


def _pause(case: Case) -> tuple[date, date] | None:
    start, end = case.day_of("paused_from"), case.day_of("paused_to")
    return (start, end or case.book.today) if start else None


def _holidays(case: Case) -> frozenset[date]:
    """The bank holidays that the school's calendars name."""
    return frozenset(
        day
        for (school, _), calendar in case.book.calendars.items()
        if school == case.record.school
        for day in calendar.bank_holidays
    )

"""CB3xx: when it was, and how long it took.

None of these rules asks for a fact to be altered: what took place outside
term, at a weekend or for longer than intended is said so and counted.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from coachbook.calendar import (
    break_name,
    calendar_findings,
    format_date,
    format_day,
    half_term_of,
    is_weekend,
    next_school_day,
    school_year,
)
from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.rules.about import ANY_TYPE, about
from coachbook.rules.rule import Case, Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coachbook.book import Book
    from coachbook.record import Record

_OUTSIDE = "outside_term"
"""The field by which a form accepts a date outside term; these rules apply where it has one."""

_REASON = "outside_term_reason"


def _knows_terms(case: Case) -> bool:
    """Whether the form is of what takes place in term: it can say that it was outside."""
    return _OUTSIDE in case.form.fields


@about(ANY_TYPE, where=_knows_terms)
def outside_term(case: Case) -> Iterator[Finding]:
    """A session takes place in term, unless its record says that it did not.

    Why: a date in the holidays is usually a slip. When it is none, one line
    says so and the session counts like any other.
    Example:
        date: 2026-10-27
        27 Oct 2026 is in the autumn half-term break (26-30 Oct); the next school day is Mon 2 Nov
    Remedy: correct the date, or add `outside_term: yes` with a reason.
    Source: mistake 2
    """
    day = case.day
    calendar = case.calendar if _knows_terms(case) else None
    if day is None or calendar is None:
        return
    if case.value(_OUTSIDE) is True:
        yield from _without_reason(case)
        return
    name = break_name(calendar, day)
    if not name or (is_weekend(day) and half_term_of(calendar, day)):
        return
    following = next_school_day(calendar, day)
    then = f"; the next school day is {format_day(following)}" if following else ""
    place = f"on the {name}" if name.startswith("bank") else f"in the {name}"
    yield Finding(
        case.span(case.form.on),
        f"{format_date(day)} is {place}{then}",
        f"if it really happened then, add the lines `{_OUTSIDE}: yes` and `{_REASON}: …`",
    )


@about("session", fields=("minutes",), settings=("session.minutes.max", "session.minutes.target"))
def too_long(case: Case) -> Iterator[Finding]:
    """A session lasts no longer than the policy intends.

    A longer one is counted as over the limit. The policy decides whether that
    is a reminder or a breach.

    Why: short sessions are what makes coaching possible beside teaching. A
    record that is true is worth more than one that fits.
    Example:
        minutes: 18
        18 minutes; the limit at Otterbeck Primary is 15 [4.2]
    Remedy: if that is how long it took, leave it; if it is a slip, correct it.
    Source: A-20, B-25, promise 7, mistake 1
    """
    minutes = case.value("minutes")
    if not isinstance(minutes, int) or case.form.type != "session":
        return
    limit, target = case.setting("session.minutes.max"), case.setting("session.minutes.target")
    if isinstance(limit, int) and minutes > limit:
        error = case.setting("session.minutes.over") == "error"
        yield Finding(
            case.span("minutes"),
            f"{minutes} minutes; the limit at {case.school_name} is {limit}",
            "if that is how long it took, leave it: it is counted as over the limit; "
            "if it is a slip, correct it",
            case.clause("session.minutes.max"),
            Severity.ERROR if error else Severity.WARNING,
        )
    elif isinstance(target, int) and minutes > target:
        yield Finding(
            case.span("minutes"),
            f"{minutes} minutes; {case.school_name} aims at {target}",
            "nothing to do if that is how long it took",
            case.clause("session.minutes.target"),
            Severity.INFO,
        )


@about(ANY_TYPE, fields=("closed_on", "status"))
def still_to_come(case: Case) -> Iterator[Finding]:
    """What has happened is not dated in the future.

    Why: a session that is held next month is planned, and counting it as held
    would make every figure wrong.
    Example:
        date: 2026-12-14 with status: held
        14 Dec 2026 is still to come, and the session is marked as held
    Remedy: write `status: planned`, or correct the date.
    Source: mistake 17
    """
    today, day = case.book.today, case.day
    if day and day > today and case.value("status") in {"held", "missed"}:
        status = case.value("status")
        yield Finding(
            case.span(case.form.on),
            f"{format_date(day)} is still to come, and this is marked as {status}",
            "write `status: planned`, or correct the date",
        )
    closed = case.value("closed_on")
    if isinstance(closed, date) and closed > today:
        yield Finding(
            case.span("closed_on"),
            f"{format_date(closed)} is still to come",
            "leave `closed_on` out until then, or correct the date",
        )


@about(ANY_TYPE, where=_knows_terms)
def weekend(case: Case) -> Iterator[Finding]:
    """A session takes place on a weekday, unless its record says that it did not.

    Why: a Saturday is usually a slip of one day.
    Example:
        date: 2026-11-14
        14 Nov 2026 is a Saturday
    Remedy: correct the date, or add `outside_term: yes` if it is right.
    Source: mistake 18
    """
    day = case.day
    if day is None or not _knows_terms(case) or case.value(_OUTSIDE) is True:
        return
    if is_weekend(day):
        name = "Saturday" if day.weekday() == 5 else "Sunday"  # noqa: PLR2004 (Saturday)
        yield Finding(
            case.span(case.form.on),
            f"{format_date(day)} is a {name}",
            f"correct the date, or add `{_OUTSIDE}: yes` if it is right",
        )


@about("calendar")
def calendar_contradiction(case: Case) -> Iterable[Diagnostic]:
    """The half-terms of a calendar follow one another, and its special days lie in term.

    Why: every date is judged by the calendar; one wrong line there makes
    twenty right sessions look wrong.
    Example:
        autumn_2: 2026-10-19 to 2026-12-18
        Autumn 2 starts on 19 Oct 2026, before Autumn 1 is over
    Remedy: copy the dates from the school's published calendar once more.
    Source: domain section 3, reference facts
    """
    calendars = case.book.calendars
    calendar = calendars.get((case.record.school, str(case.value("year"))))
    if case.form.type != "calendar" or calendar is None:
        return ()
    return calendar_findings(case.record, calendar)


def calendar_missing(book: Book) -> Iterator[Diagnostic]:
    """There is a calendar for every school year in which sessions took place.

    Why: without it nobody can say whether a date is in term or what is due.
    Example:
        date: 2027-09-14
        there is no calendar of Otterbeck Primary for 2027-28
    Remedy: make one with `coachbook new calendar` from the school's published dates.
    Source: domain section 3, reference facts
    """
    reported = set()
    for entry in book.entries.values():
        record, day = entry.record, entry.day
        if day is None or _OUTSIDE not in entry.form.fields:
            continue
        year = (record.school, school_year(day))
        if year not in book.calendars and year not in reported and record.school in book.schools:
            reported.add(year)
            yield _missing_calendar(book, record, year[1])


def _missing_calendar(book: Book, record: Record, year: str) -> Diagnostic:
    form = book.forms.for_record(record)
    field = record.fields.get(form.on) if form else None
    school = book.schools[record.school]
    return Diagnostic(
        path=record.path,
        span=field.span if field else Span(1),
        code="CB306",
        severity=Severity.WARNING,
        message=f"there is no calendar of {school.name} for {year}, so no date in it is checked",
        hint=f"make one with: coachbook new calendar --school {school.id}",
        consequence=Consequence.LISTED,
        record=record.id,
        school=record.school,
    )


def _without_reason(case: Case) -> Iterator[Finding]:
    if _REASON in case.form.fields and case.value(_REASON) is None:
        choices = ", ".join(case.form.fields[_REASON].choices)
        yield Finding(
            case.span(_OUTSIDE),
            f"`{_OUTSIDE}` is yes, and there is no `{_REASON}`",
            f"add it; choose one of: {choices}",
            severity=Severity.WARNING,
        )

"""CB4xx: agreement, stopping, concerns, and what goes on to appraisal.

Concerns, stops and extracts are sealed whole. Rules about them run while they are plain, before
they are sealed, and name nothing but the place.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from coachbook.book import calendar_for, role_holders, values_of
from coachbook.calendar import add_school_days, format_date
from coachbook.diagnostics import Severity
from coachbook.people import ROLE_TITLES, scoped_role
from coachbook.rules.about import about
from coachbook.rules.known import CONTRACTING
from coachbook.rules.rule import Case, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coachbook.calendar import SchoolYear
    from coachbook.forms import FieldValue
    from coachbook.record import Record

STOPS = "stop.by"
_ROUTE = "concern.route"
_SHARE = "concern.share_within_days"
_AGREEMENT = "agreement.required"
_USE = "appraisal.use"
_ECT_STAGES = ("ect-year-1", "ect-year-2")
_MENTEE = "mentee"


@about("partnership", "session")
def while_stopped(case: Case) -> Iterator[Finding]:
    """No session is held while its partnership is paused.

    Either person may stop the coaching at any time, and why is nobody else's business. In clear
    the partnership is paused, as it is for an absence, and says since when.

    Why: the right to stop is worth what follows from it.
    Example:
        date: 2026-11-26, with the partnership paused from 20 Nov 2026
        26 Nov 2026 is after the partnership was paused, on 20 Nov 2026 [8.1]
    Remedy: if both have agreed to go on, write `resumed_on` into the partnership; else
    correct the date.
    Source: A-25
    """
    if case.form.type == "partnership":
        yield from _since_when(case)
    day = case.day
    if case.form.type != "session" or case.value("status") != "held" or day is None:
        return
    record = case.known.partnership_of(case.values)
    if record is not None:
        values = values_of(case.book, record)
        paused = values.get("paused_from")
        if isinstance(paused, date) and paused < day and not _is_resumed(values, day):
            yield Finding(
                case.span(case.form.on),
                f"{format_date(day)} is after the partnership was paused, on {format_date(paused)}",
                f"if both have agreed to go on, add `resumed_on` in {record.path}; "
                "else correct the date",
                case.clause(STOPS),
            )


def _since_when(case: Case) -> Iterator[Finding]:
    if case.value("status") == "paused" and case.value("paused_from") is None:
        yield Finding(
            case.span("status"),
            "this partnership is paused and does not say since when",
            "add the line `paused_from:` with the first day",
            case.clause(STOPS),
            Severity.WARNING,
        )


def _is_resumed(values: Mapping[str, FieldValue], day: date) -> bool:
    resumed = values.get("resumed_on")
    return isinstance(resumed, date) and resumed <= day


@about("session", where=lambda case: case.setting("agreement.required") is True)
def agreement_missing(case: Case) -> Iterator[Finding]:
    """A pair agrees how it will work before its first session, where the policy asks for it.

    Why: confidence, time and place, and how to stop are talked through once, by
    both, before anything else is.
    Example:
        date: 2026-11-05, and no `agreed_on` in the partnership
        the pair had not yet agreed how it will work on 5 Nov 2026 [2.4]
    Remedy: write the day into the partnership as `agreed_on`.
    Source: A-23, C-08
    """
    day = case.day
    if case.form.type != "session" or day is None or case.setting(_AGREEMENT) is not True:
        return
    if case.value("status") != "held" or case.value("kind") == CONTRACTING:
        return
    record = case.known.partnership_of(case.values)
    if record is not None:
        values = values_of(case.book, record)
        agreed, start = values.get("agreed_on"), values.get("start")
        if isinstance(start, date) and day < start:
            return  # told as a session before its partnership
        if not (isinstance(agreed, date) and agreed <= day) and _is_first(case, record, day):
            yield Finding(
                case.span(case.form.on),
                f"the pair had not yet agreed how it will work on {format_date(day)}",
                f"once both have agreed, write the day as `agreed_on` in {record.path}",
                case.clause(_AGREEMENT),
            )


def _is_first(case: Case, partnership: Record, day: date) -> bool:
    """Whether the pair has held no session before, so that one finding is enough."""
    this = (day, case.record.id)
    return this <= case.known.first_sessions.get(partnership.id, this)


def concern_route(case: Case) -> Iterator[Finding]:
    """A concern is reported to somebody whom the policy's route names.

    Where the route begins with the mentee, it is talked through with the person it is about first.

    Why: a concern that reaches the wrong desk reaches nobody.
    Example:
        reported_to: somebody who is neither the head nor the deputy head
        who this was reported to is none of those the policy names: the head or the deputy head
    Remedy: report it to one of them today, and name them here.
    Source: A-27, D-52
    """
    route, person = case.setting(_ROUTE), case.value("reported_to")
    if case.form.type != "concern" or not isinstance(route, tuple) or not isinstance(person, str):
        return
    if _MENTEE in route and case.value("shared_with_subject_on") is None:
        yield _not_first(case)
    roles = [str(role) for role in route if role != _MENTEE]
    day, school = case.day or case.book.today, case.record.school
    held = (role_holders(case.book, scoped_role(one, school), day) for one in roles)
    if not roles or any(person in holders for holders in held):
        return
    names = " or ".join(ROLE_TITLES.get(one, one) for one in roles)
    yield Finding(
        case.span("reported_to"),
        f"who this was reported to is none of those the policy names: {names}",
        "report it to one of them today, and name them here; if it was reported to nobody else, "
        "leave it as it is: it is true",
        case.clause(_ROUTE),
        quotable=False,
    )


def _not_first(case: Case) -> Finding:
    return Finding(
        case.span(case.form.on),
        "by the policy a concern is talked through with the person it is about first, and no day "
        "is given for that",
        "talk it through, and write the day as `shared_with_subject_on`",
        case.clause(_ROUTE),
        Severity.WARNING,
        quotable=False,
    )


def concern_not_shared(case: Case) -> Iterator[Finding]:
    """A concern is talked through with the person it is about, within the days the policy gives.

    Why: nobody should find out later that something was written down about them.
    Example:
        raised_on: 2026-11-02 and no shared_with_subject_on
        10 school days are over, and this has not been talked through with the person it is about
    Remedy: talk it through, and write the day as `shared_with_subject_on`.
    Source: D-52
    """
    days, raised = case.setting(_SHARE), case.day
    if case.form.type != "concern" or not isinstance(days, int) or raised is None:
        return
    due = _school_days_after(calendar_for(case.book, case.record), raised, days)
    shared = case.value("shared_with_subject_on")
    if isinstance(shared, date):
        if shared > due:
            message = (
                f"this was talked through with the person it is about after {format_date(due)}"
            )
            yield Finding(
                case.span("shared_with_subject_on"),
                message,
                "nothing to do if that is the day",
                case.clause(_SHARE),
                quotable=False,
            )
    elif case.book.today > due:
        yield Finding(
            case.span(case.form.on),
            f"{days} school days are over, and this has not been talked through with the person "
            "it is about",
            "talk it through, and write the day as `shared_with_subject_on`",
            case.clause(_SHARE),
            quotable=False,
        )


def _school_days_after(calendar: SchoolYear | None, day: date, count: int) -> date:
    """The day so many school days later; weeks of five days where no calendar reaches so far."""
    found = add_school_days(calendar, day, count) if calendar else None
    return found or day + timedelta(weeks=count // 5, days=count % 5)


def extract_not_for_them(case: Case) -> Iterator[Finding]:
    """Nobody in induction has an extract for appraisal.

    Appraisal leaves out teachers in induction and those in the capability procedure. That
    somebody is in that procedure stands in no clear line, so only induction is checked here.

    Why: they are judged by other rules, with other safeguards, and two at once
    would be unfair.
    Example:
        person: somebody whose induction ends later
        appraisal does not apply to somebody in induction, and this is an extract for appraisal
    Remedy: delete it; induction has reviews of its own.
    Source: domain section 3, reference facts; A-29, E-13
    """
    person = case.book.people.get(str(case.value("person")))
    if case.form.type != "appraisal-extract" or person is None:
        return
    day = case.day or case.book.today
    in_induction = person.induction_end is not None and day <= person.induction_end
    if in_induction or (person.induction_end is None and person.career_stage in _ECT_STAGES):
        yield Finding(
            case.span("person"),
            "appraisal does not apply to somebody in induction, and this is an extract for "
            "appraisal",
            "delete it; induction has reviews of its own",
            case.clause(_USE),
            quotable=False,
        )


def stop_without_pause(case: Case) -> Iterator[Finding]:
    """When coaching is stopped, its partnership is paused from that day.

    The stop itself is sealed, so the clear records would go on to count sessions as due.

    Why: the right to stop has to have an effect that everybody can see, without
    anybody seeing why.
    Example:
        a stop, and the partnership still says status: active
        the partnership that this stops still stands as active [8.1]
    Remedy: in the partnership write `status: paused` and `paused_from` with the day.
    Source: A-25
    """
    if case.form.type != "stop" or case.value("resolved_on") is not None:
        return
    record = case.known.partnership_of(case.values)
    if record is not None:
        status = values_of(case.book, record).get("status")
        if status in {"active", "proposed"}:
            yield Finding(
                case.span("partnership"),
                f"the partnership that this stops still stands as {status}",
                "in its file, in records/…/partnerships, write `status: paused` and "
                "`paused_from` with the day",
                case.clause(STOPS),
                quotable=False,
            )

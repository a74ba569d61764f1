"""CB3xx: at what time of day, planned or not, how long and how much.

A record says what happened, and no rule asks for it to be changed: what lies
outside the policy is told, with the clause, and counted.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from coachbook.book import calendar_for, display, values_of
from coachbook.calendar import add_school_days, format_day, half_term_of, school_year
from coachbook.presets import PARAMETERS
from coachbook.rules.about import about
from coachbook.rules.rule import Case, Finding
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coachbook.forms import FieldValue

_HOURS = "session.school_hours_only"
_IN_LESSON = "session.in_lesson"
_WINDOW = "session.window"
_LIMITS = ("session.minutes.max", "session.minutes.target")
_END = "cycle.end_date"
_COUNT, _MINUTES = "observation.limit.count", "observation.limit.minutes"
_FEEDBACK, _WITHIN = "feedback.required_after", "feedback.within_days"
_COUNTED = frozenset({"formal", "learning-walk"})
_PROTECTED = "learning_and_safety_protected"
_ORDINALS = {1: "1st", 2: "2nd", 3: "3rd", 21: "21st", 22: "22nd", 23: "23rd"}


@about("session", fields=("start_time",), settings=("session.school_hours_only",))
def outside_school_hours(case: Case) -> Iterator[Finding]:
    """Development is timetabled within school hours for those whom the policy names.

    The school's record says when its day begins and ends.

    Why: support staff are paid by the hour. What is put behind the school day
    is asked of them for nothing.
    Example:
        start_time: 16:10
        16:10 is outside the school day, 08:40 to 15:20; for teaching support staff it is within
    Remedy: plan it within the day; if it took place then, leave it and make up the time.
    Source: D-54
    """
    whose, start = case.setting(_HOURS), case.value("start_time")
    if not isinstance(whose, tuple) or case.form.type != "session":
        return
    categories = _categories(case).intersection(str(one) for one in whose)
    hours = _school_day(case)
    if not categories or hours is None or not isinstance(start, time):
        return
    if not hours[0] <= start or _ends(case, start) > hours[1]:
        names = join(PARAMETERS[_HOURS].choices[one] for one in sorted(categories))
        yield Finding(
            case.span("start_time"),
            f"{_stretch(case, start)} is outside the school day, {hours[0]:%H:%M} to "
            f"{hours[1]:%H:%M}; for {names} it is timetabled within it",
            "plan it within the day; if it took place then, leave it: it is true",
            case.clause(_HOURS),
        )


@about("session", fields=("setting",), settings=("session.in_lesson",))
def in_lesson_unprotected(case: Case) -> Iterator[Finding]:
    """Coaching during a lesson happens only where pupils' learning and safety are looked after.

    Why: the lesson belongs to the pupils. Coaching in it can help them, or be
    in their way.
    Example:
        setting: in-lesson
        coaching in a lesson needs `learning_and_safety_protected: yes` [4.4]
    Remedy: say yes if that is how it was; if not, leave it out and tell who oversees coaching.
    Source: A-22
    """
    rule = case.setting(_IN_LESSON)
    if case.value("setting") != "in-lesson" or rule is None:
        return
    if rule == "never":
        yield Finding(
            case.span("setting"),
            f"coaching during a lesson is not done at {case.school_name}",
            "correct the setting; if that is how it was, leave it: it is true",
            case.clause(_IN_LESSON),
        )
    elif case.value(_PROTECTED) is not True:
        said = ", and this says no" if case.value(_PROTECTED) is False else ""
        yield Finding(
            case.span(_PROTECTED if said else "setting"),
            f"coaching in a lesson needs `{_PROTECTED}: yes`{said}",
            "say yes if that is how it was; if not, leave it and tell who oversees coaching",
            case.clause(_IN_LESSON),
        )


@about("observation")
def feedback_overdue(case: Case) -> Iterator[Finding]:
    """A visit after which the policy asks for feedback is talked through in time.

    The day stands in `feedback_on`, or a coaching session refers to the visit.
    Without a number of days in the policy, it is due by the end of the half-term.

    Why: what somebody hears three weeks later is no help any more, and until
    then they wonder.
    Example:
        date: 2026-11-03
        feedback on this visit was due by Tue 10 Nov, and is not on record [5.2]
    Remedy: write the day it was given as `feedback_on`.
    Source: A-17, C-09, D-26
    """
    day, after = case.day, case.setting(_FEEDBACK)
    if case.form.type != "observation" or day is None or not isinstance(after, tuple):
        return
    if case.value("status") != "held" or not _asks_for_feedback(case, after):
        return
    due = _feedback_due(case, day)
    if due and due < case.book.today and not _has_feedback(case):
        yield Finding(
            case.span(case.form.on),
            f"feedback on this visit was due by {format_day(due)}, and is not on record",
            "write the day it was given as `feedback_on`, or name this visit in the session on it",
            case.clause(_FEEDBACK),
        )


@about("session", fields=("scheduled",), settings=("session.window",))
def unplanned_without_trigger(case: Case) -> Iterator[Finding]:
    """A session outside the schedule says what it came from, where sessions have a schedule.

    Why: planned and unplanned are both good. What the unplanned ones come from
    shows what the schedule leaves out.
    Example:
        scheduled: no
        an unscheduled session says what it came from [4.3]
    Remedy: add the line `trigger:` with one of the words of the form.
    Source: A-21
    """
    if case.form.type != "session" or case.setting(_WINDOW) is None:
        return
    field = case.form.fields.get("trigger")
    if case.value("scheduled") is False and field and "trigger" not in case.record.fields:
        yield Finding(
            case.span("scheduled"),
            "an unscheduled session says what it came from",
            f"add the line `trigger:` with one of: {', '.join(field.choices)}",
            case.clause(_WINDOW),
        )


@about("cycle")
def no_planned_end(case: Case) -> Iterator[Finding]:
    """A cycle has a planned end, where the policy says so.

    Why: coaching that has an end is asked about at its end.
    Example:
        start: 2026-09-14
        a cycle has a planned end, and this has none [5.6]
    Remedy: add the line `planned_end:`, six weeks later for instance.
    Source: D-12
    """
    if case.form.type != "cycle" or case.setting(_END) is not True:
        return
    if "planned_end" not in case.record.fields:
        yield Finding(
            case.span(case.form.on),
            "a cycle has a planned end, and this has none",
            "add the line `planned_end:` with a day; it can be changed later",
            case.clause(_END),
        )


@about("observation", settings=("observation.limit.count", "observation.limit.minutes"))
def observation_limit(case: Case) -> Iterator[Finding]:
    """Nobody is observed more often, or longer, in a school year than the policy allows.

    Formal observations and learning walks count, planned ones too; drop-ins,
    visits between colleagues and looking at books do not.

    Why: most schools have agreed on a limit with their staff, and it is easier
    to keep before a visit than after it.
    Example:
        observed: p-n9b4j2ys
        this is the 4th observation of Nerys Sallowfield in 2026-27; the limit is 3 [5.1]
    Remedy: leave this one out, or agree on it with the person first.
    Source: A-16, reference facts
    """
    day, count, minutes = case.day, case.setting(_COUNT), case.setting(_MINUTES)
    if case.form.type != "observation" or day is None or count is minutes is None:
        return
    for person in case.parties.get("observed", ()) if _counts(case.values) else ():
        so_far = _observed_until(case, person, day)
        spent = [value for one in so_far if isinstance(value := one.get("minutes"), int)]
        who = f"of {display(case.book, person)} in {school_year(day)}"
        if isinstance(count, int) and len(so_far) > count:
            number = _ORDINALS.get(len(so_far), f"{len(so_far)}th")
            message = f"this is the {number} observation {who}; the limit is {count}"
            yield _over(case, message, _COUNT)
        elif isinstance(minutes, int) and sum(spent) > minutes:
            message = f"with this, observations {who} take {sum(spent)} minutes; "
            yield _over(case, f"{message}the limit is {minutes}", _MINUTES)


@about("session")
def no_minutes(case: Case) -> Iterator[Finding]:
    """A session that was held says how long it took, where the policy has an intended length.

    Why: the time that coaching takes can be planned for only if it is known.
    Example:
        status: held
        this session does not say how long it took [4.2]
    Remedy: add the line `minutes:`.
    Source: E-12, A-20, B-25
    """
    if case.form.type != "session" or case.value("status") != "held":
        return
    key = next((one for one in _LIMITS if case.setting(one) is not None), "")
    misspelt = any(case.found_earlier("CB102"))
    if key and "minutes" not in case.record.fields and not misspelt:
        message = "this session does not say how long it took"
        yield Finding(case.span("status"), message, "add the line `minutes:`", case.clause(key))


def _categories(case: Case) -> frozenset[str]:
    """The categories of those whose development a session is."""
    people = (*case.parties.get("coachee", ()), *case.parties.get("members", ()))
    return frozenset(
        person.category for one in people if (person := case.book.people.get(one)) is not None
    )


def _school_day(case: Case) -> tuple[time, time] | None:
    """When the school day begins and ends; None where the school does not say."""
    record = case.book.records.get(case.school.path) if case.school else None
    values = values_of(case.book, record) if record else {}
    first, last = values.get("day_starts"), values.get("day_ends")
    return (first, last) if isinstance(first, time) and isinstance(last, time) else None


def _ends(case: Case, start: time) -> time:
    minutes = case.value("minutes")
    length = timedelta(minutes=minutes if isinstance(minutes, int) else 0)
    end = datetime.combine(date.min, start) + length
    return end.time() if end.date() == date.min else time.max


def _stretch(case: Case, start: time) -> str:
    end = _ends(case, start)
    return f"{start:%H:%M}" if end == start else f"{start:%H:%M} to {end:%H:%M}"


def _asks_for_feedback(case: Case, after: tuple[object, ...]) -> bool:
    kind = case.value("kind")
    if kind == "formal":
        return "observation" in after or (
            "scheduled-observation" in after and case.value("scheduled") is True
        )
    return kind in after


def _feedback_due(case: Case, day: date) -> date | None:
    """The last day for feedback; None where no calendar reaches so far."""
    calendar, within = calendar_for(case.book, case.record), case.setting(_WITHIN)
    if calendar is None:
        return None
    if isinstance(within, int):
        return add_school_days(calendar, day, within)
    half_term = half_term_of(calendar, day)
    return half_term.end if half_term else None


def _has_feedback(case: Case) -> bool:
    if case.value("feedback_on") is not None or case.value("session") is not None:
        return True
    referring = case.book.referring.get(case.record.id, ())
    return any(record.type == "session" for record in referring)


def _counts(values: Mapping[str, FieldValue]) -> bool:
    """Whether an observation counts towards the limit."""
    return values.get("kind") in _COUNTED and values.get("status") in {"held", "planned"}


def _observed_until(case: Case, person: str, day: date) -> list[Mapping[str, FieldValue]]:
    """The observations of somebody in a school year that count, up to this one and with it."""
    others = (
        entry.values
        for entry in case.known.naming("observation", "observed").get(person, ())
        if entry.record.id != case.record.id
        and entry.day is not None
        and school_year(entry.day) == school_year(day)
        and (entry.day, entry.record.id) < (day, case.record.id)
    )
    return [*(values for values in others if _counts(values)), case.values]


def _over(case: Case, message: str, key: str) -> Finding:
    return Finding(
        case.span("observed"),
        message,
        "leave this one out, or agree on it with the person first; "
        "if it took place, leave it: it is counted",
        case.clause(key),
    )

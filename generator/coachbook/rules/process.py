"""CB4xx: whether the work follows the school's own policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.book import follow, record_date, values_of
from coachbook.calendar import format_date
from coachbook.rules.about import ANY_TYPE, about
from coachbook.rules.rule import Case, Finding
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

AFTER_INDUCTION = "teacher-after-induction"
_MENTORING = ("mentoring", "ect-mentoring")
_WITHOUT_CYCLE = ("contracting", "group", *_MENTORING)
_OWN_MODEL = (("style", "session.styles"), ("model", "cycle.models"))


@about("cycle", "session", fields=("model", "style"), settings=("cycle.models", "session.styles"))
def unintended_style(case: Case) -> Iterator[Finding]:
    """Style and model are among those that the policy intends.

    Mentoring has no model of coaching to keep to. Approaches may be mixed in any conversation, so
    they are listed and never judged.

    Why: a school that means to coach without directing wants to see when it
    does, and a record that says so honestly is useful.
    Example:
        style: directive
        Otterbeck Primary intends facilitative or dialogical coaching; this says directive [4.5]
    Remedy: keep it if it is true.
    Source: B-02, B-28, C-24, mistake 21
    """
    for key, parameter in _OWN_MODEL:
        value, intended = case.value(key), case.setting(parameter)
        if not isinstance(value, str) or not isinstance(intended, tuple) or value in intended:
            continue
        if not _is_mentoring(case):
            names = join((str(one) for one in intended), "or")
            what = f"{names} coaching" if key == "style" else f"the model {names}"
            yield Finding(
                case.span(key),
                f"{case.school_name} intends {what}; this says {value}",
                "keep it if it is true",
                case.clause(parameter),
            )


def _opens_after_induction(case: Case) -> bool:
    """Whether coaching is open to teachers only once their induction is over."""
    eligible = case.setting("eligible.coachee")
    return isinstance(eligible, tuple) and AFTER_INDUCTION in eligible


@about(ANY_TYPE, where=_opens_after_induction)
def before_induction_ends(case: Case) -> Iterator[Finding]:
    """Where coaching begins after induction, an early career teacher is mentored until then.

    Why: a new teacher has a mentor and a programme of their own. Coaching
    opens when induction is over, however long that takes part time.
    Example:
        kind: coaching
        coaching opens after induction, which ends on 21 Jul 2027 for Wren Ashgrove [3.2]
    Remedy: record it as `kind: ect-mentoring`, or correct the end of induction.
    Source: B-26, B-27, mistake 20
    """
    day = case.day
    if day is None or not _opens_after_induction(case) or not _is_coaching(case):
        return
    for person in case.parties.get("coachee", ()):
        end = _induction_end(case, person)
        if end and day <= end and not _reported_earlier(case, end):
            name = case.book.people[person].name
            yield Finding(
                case.span("kind" if "kind" in case.form.fields else case.form.on),
                f"coaching opens after induction, which ends on {format_date(end)} for {name}",
                "record this as `kind: ect-mentoring`",
                case.clause("eligible.coachee"),
            )


@about("session")
def missed_without_reason(case: Case) -> Iterator[Finding]:
    """A missed session says why, in one word.

    Why: "cover" twelve times in a term is something a school can act on.
    Example:
        status: missed
        a missed session needs a reason
    Remedy: add the line `missed_reason:` with one of the words of the form.
    Source: B-24
    """
    if case.value("status") != "missed" or "missed_reason" not in case.form.fields:
        return
    if case.value("missed_reason") is None and "missed_reason" not in case.record.fields:
        choices = ", ".join(case.form.fields["missed_reason"].choices)
        yield Finding(
            case.span("status"),
            "a missed session needs a reason",
            f"add the line `missed_reason:` with one of: {choices}",
        )


@about("session", where=lambda case: case.setting("cycle.required") is True)
def session_without_cycle(case: Case) -> Iterator[Finding]:
    """A coaching session belongs to a cycle, where the policy says so.

    The first meeting, at which a pair agrees how it will work, comes before the cycle. Groups and
    mentoring go on from meeting to meeting, and need none.

    Why: one talk changes little. A cycle says what it was for, and when it is over.
    Example:
        partnership: pt-6r1e9k3w, and no cycle
        at Otterbeck Primary a session belongs to a cycle, and this one names none [5.6]
    Remedy: add the line `cycle:`; begin one with coachbook new cycle.
    Source: B-22, D-12
    """
    if case.form.type != "session" or case.setting("cycle.required") is not True:
        return
    if case.value("cycle") is not None or "cycle" in case.record.fields or _stands_alone(case):
        return
    yield Finding(
        case.span("partnership"),
        f"at {case.school_name} a session belongs to a cycle, and this one names none",
        "add the line `cycle:`; begin one with: coachbook new cycle",
        case.clause("cycle.required"),
    )


def _is_mentoring(case: Case) -> bool:
    """Whether the partnership that a record belongs to is one of mentor and mentee."""
    pair = case.known.partnership_of(case.values)
    return pair is not None and values_of(case.book, pair).get("kind") in _MENTORING


def _stands_alone(case: Case) -> bool:
    """Whether this is a meeting of a kind that goes on without cycles."""
    if case.value("group") is not None or case.value("kind") in _WITHOUT_CYCLE:
        return True
    return _is_mentoring(case)


def _is_coaching(case: Case) -> bool:
    """Whether the record says, itself or by its partnership, that this is coaching."""
    if "kind" in case.form.fields:
        return case.value("kind") == "coaching"
    return "coaching" in follow(case.book, case.record, "partnership.kind")


def _induction_end(case: Case, person: str) -> date | None:
    found = case.book.people.get(person)
    return found.induction_end if found else None


def _reported_earlier(case: Case, end: date) -> bool:
    """Whether the partnership says the same already, at its own date."""
    pair = case.known.partnership_of(case.values)
    day = record_date(case.book, pair) if pair else None
    if pair is None or day is None or day > end:
        return False
    return values_of(case.book, pair).get("kind") == "coaching"

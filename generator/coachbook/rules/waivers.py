"""Waivers: findings that somebody who may has set aside, with a reason and until when.

    waive(book, findings)     # the same findings; those set aside lead to nothing

A waiver is a record: `code`, the id it is `about`, `reason`, `until`, `granted_by`. What holds a
record back, stops publication, or is about confidentiality or keys is never set aside.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from coachbook.book import FORBIDDEN_ROLES, display, policy_now, role_holders
from coachbook.calendar import format_date
from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span, Waiver
from coachbook.people import ROLE_TITLES, scoped_role
from coachbook.rules.about import about
from coachbook.rules.rule import Case, Finding
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coachbook.book import Book, Entry
    from coachbook.record import Record

WAIVER = "waiver"
"""The type of a record that sets a finding aside."""

_CODE = "CB432"
_NEVER = ("CB5", "CB6", _CODE)
_GRANTING = ("head", "deputy", "lead-coach", "monitor")
_LONGEST = timedelta(days=366)


@frozen
class _Fault:
    """What keeps a waiver from being in force; `key` is the field it lies in."""

    key: str
    message: str
    hint: str
    severity: Severity | None = None


@about("waiver")
def waiver_unfit(case: Case) -> Iterator[Finding]:
    """A waiver sets aside one finding about one record, for a time, with a reason.

    It is granted by the head, a deputy, a lead coach or the impact monitor of the school: not by
    somebody who takes part in the record, nor by a role that the policy keeps out of coaching.
    It lasts for a year at most. Nothing about confidentiality (CB5xx) or keys (CB6xx) is ever
    set aside, nor what holds a record back or stops publication.

    Why: a breach that is known and accepted should not hide the next one; one that
    is set aside for good, by nobody in particular, is a change of policy.
    Example:
        until: 2026-10-01
        this waiver ran out on 1 Oct 2026, so the finding counts again
    Remedy: correct it, or delete it: the finding then counts as any other.
    Source: design, "Findings"; issue 3, "Rules"
    """
    entry = case.book.entries.get(case.record.path)
    if case.form.type != WAIVER or entry is None:
        return
    for fault in _faults(case.book, entry):
        yield Finding(case.span(fault.key), fault.message, fault.hint, severity=fault.severity)


@frozen
class InForce:
    """A waiver in force: code, id and school it is about, and what is said where it is idle."""

    code: str
    about: str
    school: str
    waiver: Waiver
    idle: Diagnostic


def waive(book: Book, findings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The findings, those under a waiver without consequence, and CB432 for each idle waiver."""
    return set_aside(waivers_in_force(book), findings)


def set_aside(waivers: Iterable[InForce], findings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The same with the waivers by themselves, in the order of their paths."""
    by_finding = {(one.code, one.about, one.school): one for one in waivers}
    used = set()
    for finding in findings:
        found = by_finding.get((finding.code, finding.record, finding.school))
        if found is None or not _may_be_waived(finding):
            yield finding
            continue
        used.add(found.waiver.id)
        yield replace(
            finding, severity=Severity.INFO, consequence=Consequence.NONE, waiver=found.waiver
        )
    yield from (one.idle for one in by_finding.values() if one.waiver.id not in used)


def waivers_in_force(book: Book) -> Iterator[InForce]:
    """The waivers of a book that set something aside today."""
    for entry in book.entries.values():
        if entry.form.type == WAIVER and _is_whole(book, entry) and not any(_faults(book, entry)):
            until = entry.values["until"]
            if isinstance(until, date):
                waiver = Waiver(entry.record.id, str(entry.values["reason"]), until)
                code, about = (str(entry.values[key]) for key in ("code", "about"))
                idle = _idle(entry.record, code.upper(), about)
                yield InForce(code.upper(), about, entry.record.school, waiver, idle)


def _is_whole(book: Book, entry: Entry) -> bool:
    """True if a waiver has every field that it must have, and is granted by somebody known."""
    fields = entry.form.fields.items()
    is_complete = all(key in entry.values for key, field in fields if field.required)
    return is_complete and entry.values["granted_by"] in book.people


def _may_be_waived(finding: Diagnostic) -> bool:
    return finding.consequence in {Consequence.LISTED, Consequence.NONE} and not (
        finding.code.startswith(_NEVER)
    )


def _faults(book: Book, entry: Entry) -> Iterator[_Fault]:
    yield from _code_faults(entry)
    yield from _about_faults(book, entry)
    yield from _time_faults(book, entry)
    yield from _giver_faults(book, entry)


def _code_faults(entry: Entry) -> Iterator[_Fault]:
    code = str(entry.values.get("code", "")).upper()
    if code.startswith(_NEVER):
        what = {"CB5": "confidentiality", "CB6": "keys"}.get(code[:3], "a waiver")
        message = f"what is found about {what} is never set aside, so `{code}` still counts"
        yield _Fault("code", message, "mend what was found, and delete this file", Severity.ERROR)


def _about_faults(book: Book, entry: Entry) -> Iterator[_Fault]:
    about = str(entry.values.get("about", ""))
    found = book.by_id.get(about, ())
    if about and not found:
        message = f"there is no record `{about}`, so this waiver is about nothing"
        yield _Fault("about", message, "correct the id, or delete this file")
    if found and entry.record.school not in _schools_of(book, found[0]):
        message = "the record is another school's, and this waiver does not reach it"
        yield _Fault("about", message, "grant it at the school of the record")


def _schools_of(book: Book, record: Record) -> tuple[str, ...]:
    """The school of a record; of a person, who stands above the schools, each they work at."""
    person = book.people.get(record.id)
    return (record.school,) if record.school or person is None else person.schools


def _time_faults(book: Book, entry: Entry) -> Iterator[_Fault]:
    until = entry.values.get("until")
    if entry.day and entry.day > book.today:
        message = f"this waiver is granted on {format_date(entry.day)}, which is still to come"
        yield _Fault("granted_on", message, "write the day on which it was granted")
    if not isinstance(until, date):
        return
    if until < book.today:
        message = f"this waiver ran out on {format_date(until)}, so the finding counts again"
        yield _Fault("until", message, "delete this file, or grant it again with a later day")
    elif until - (entry.day or book.today) > _LONGEST:
        message = f"{format_date(until)} is more than a year ahead"
        hint = "grant it for a shorter time; what is always so belongs in the policy"
        yield _Fault("until", message, hint)


def _giver_faults(book: Book, entry: Entry) -> Iterator[_Fault]:
    person, school = entry.values.get("granted_by"), entry.record.school
    if not isinstance(person, str) or person not in book.people:
        return
    roles = _granting_roles(book, school)
    day = entry.day or book.today
    if not any(person in role_holders(book, scoped_role(one, school), day) for one in roles):
        names = " or ".join(ROLE_TITLES[one] for one in roles) or "the governors for such a role"
        message = f"{display(book, person)} does not hold a role that grants waivers here"
        yield _Fault("granted_by", message, f"ask {names}")
    for record in book.by_id.get(str(entry.values.get("about")), ())[:1]:
        if person in _concerned(book, record):
            message = f"{display(book, person)} takes part in the record that this is about"
            yield _Fault("granted_by", message, "ask somebody who does not")


def _concerned(book: Book, record: Record) -> set[str]:
    """The people whom a record is about: those of its relations, or its `person`."""
    entry = book.entries.get(record.path)
    if entry is None:
        return set()
    found = {one for people in entry.parties.values() for one in people}
    return found | {str(entry.values.get("person"))}


def _granting_roles(book: Book, school: str) -> tuple[str, ...]:
    """The roles that may grant a waiver: not those that the policy keeps out of coaching."""
    policy = policy_now(book, school)
    out = policy.get(FORBIDDEN_ROLES) if policy else None
    return tuple(role for role in _GRANTING if not isinstance(out, tuple) or role not in out)


def _idle(record: Record, code: str, about: str) -> Diagnostic:
    field = record.fields.get("code")
    return Diagnostic(
        record.path,
        field.span if field else Span(1),
        _CODE,
        Severity.WARNING,
        f"there is no `{code}` about `{about}` that could be set aside",
        "delete this file if the finding is gone; else correct the code or the id",
        record=record.id,
        school=record.school,
    )

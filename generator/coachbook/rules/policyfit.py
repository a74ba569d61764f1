"""CB7xx: whether a policy fits the records: its versions, the forms and roles in use, the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from coachbook.book import FORBIDDEN_ROLES, policy_now, short
from coachbook.book.files import RECORDS
from coachbook.calendar import format_date
from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.people import ROLE_TITLES, scoped_role
from coachbook.policycheck import FORMS_USED, own_form_findings
from coachbook.policyversions import version_findings
from coachbook.rules.about import ANY_TYPE, about
from coachbook.rules.rule import Case, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.book import Book, School
    from coachbook.people import Dated
    from coachbook.policy import Policy

_NOTES = ("session notes", "mentor notes", "coach private notes")
"""The rows of what is said in coaching."""


def no_policy(book: Book) -> Iterator[Diagnostic]:
    """Every school has a policy in force, on the date of each of its records.

    Why: without a policy nobody is named who may read, so nothing can be sealed
    or published.
    Example:
        records/otterbeck without policy-2026-09.md
        Otterbeck Primary has no policy in force
    Remedy: start one with `coachbook init`, or correct `effective_from`.
    Source: C-36
    """
    for school in book.schools.values():
        if policy_now(book, school.id) is None:
            yield _none_in_force(school)


def _none_in_force(school: School) -> Diagnostic:
    message = f"{school.name} has no policy in force"
    hint = f"start one: coachbook init . --preset head-excluded --slug {school.id}"
    if school.policy_of:
        message += f", and takes over that of `{school.policy_of}`, which has none"
        hint = f"name a school that has a policy as policy_of, or {hint}"
    return Diagnostic(
        path=school.path,
        span=Span(1),
        code="CB707",
        severity=Severity.ERROR,
        message=message,
        hint=hint,
        consequence=Consequence.STOPS,
        record=school.id,
        school=school.id,
    )


@about(ANY_TYPE, where=lambda case: case.policy is None)
def before_the_policy(case: Case) -> Iterator[Finding]:
    """A record with sealed parts is dated in the time of a policy.

    Why: who may read it is decided by the policy on its date. Before the first
    policy that is nobody.
    Example:
        date: 2025-11-12, and the first policy holds from 1 Sep 2026
        no policy of Otterbeck Primary was in force on this date
    Remedy: correct the date, or add the policy that was in force then.
    Source: promise 1
    """
    if case.policy is not None or not case.book.policies.get(case.record.school):
        return
    if any(form.sealed for form in case.form.sections):
        yield Finding(
            case.span(case.form.on),
            f"no policy of {case.school_name} was in force on this date",
            "correct the date, or add the policy that was in force then",
        )


def versions_collide(book: Book) -> Iterator[Diagnostic]:
    """On each day one version of a policy is in force, and never two.

    A version holds until the next one begins. Only where `effective_to` says
    when it ends can there be a day without one, or a day with two.

    Why: a record is judged by the version of its day. With two of them, or
    none, nobody could say what was allowed.
    Example:
        policy-2026-09 and policy-2026-09b, both with effective_from: 2026-09-01
        versions 2026-09 and 2026-09b both begin on 1 Sep 2026
    Remedy: correct `effective_from`, or the day on which the earlier one ends.
    Source: design, "Policy"; issue 3, bad input
    """
    for school, policies in book.policies.items():
        own = [policy for policy in policies if policy.path.startswith(f"{RECORDS}/{school}/")]
        yield from (_at(book, finding, "effective_from") for finding in version_findings(own))


def _may_lack_a_row(case: Case) -> bool:
    """Whether the policy lacks a row for the form, or does not list it; or this is a policy."""
    policy, form = case.policy, case.form
    return form.body == "policy" or (
        policy is not None and case.known.standing(policy, form) != ((), True)
    )


@about(ANY_TYPE, where=_may_lack_a_row)
def form_without_row(case: Case) -> Iterator[Diagnostic | Finding]:
    """The policy knows every part of a record that is written under it.

    A school uses a form by giving its parts a row in the table "Who can read
    what". Where `forms.used` lists the forms of notes, the form is among them.

    Why: a part without a row has no readers, so nobody could open it.
    Example:
        form: graded-sheet@1, in a school whose table has no row "Graded sheet"
        the policy has no row "Graded sheet", so this form is not used at Otterbeck Primary
    Remedy: write it on a form that the school uses, or add the row in a new version.
    Source: C-36, D-78; issue 3, bad input
    """
    policy, form = case.policy, case.form
    if form.body == "policy":
        yield from _own_forms(case)
    if policy is None or form.whole or form.level == "trust" or form.body == "policy":
        return
    missing, used = case.known.standing(policy, form)
    if missing:
        shown = f"{missing[0][:1].upper()}{missing[0][1:]}"
        yield Finding(
            case.span("form"),
            f'the policy has no row "{shown}", so this form is not used at {case.school_name}',
            f"write it on another form, or add a row that begins | {shown} |",
        )
    elif not used:
        yield _not_listed(case, policy)


def _own_forms(case: Case) -> Iterator[Diagnostic]:
    """What this policy lacks for forms of the workspace's own that no school has a row for."""
    book = case.book
    now = [policy for school in book.schools if (policy := policy_now(book, school))]
    found = own_form_findings(now, book.forms)
    return (finding for finding in found if finding.path == case.record.path)


def _not_listed(case: Case, policy: Policy) -> Diagnostic:
    return Diagnostic(
        path=case.record.path,
        span=case.span("form"),
        code="CB710",
        severity=Severity.WARNING,
        message=f'the form "{case.form.title}" is not among those that {case.school_name} uses',
        hint=f"write it on one of these: {', '.join(_listed(policy.get(FORMS_USED)))}",
        clause=policy.clause_of(FORMS_USED),
        consequence=Consequence.LISTED,
        record=case.record.id,
        school=case.record.school,
    )


@about("role-assignment")
def conflicting_roles(case: Case) -> Iterator[Finding]:
    """Nobody holds two roles that stand in each other's way without it being said.

    They are: the impact monitor who coaches, the ECT coach who is also the
    capability mentor, and the induction tutor who is also a mentor of early
    career teachers. It is an error where the policy keeps a role out of coaching,
    such as the head's, and whoever holds it takes on another whose key opens notes.

    Why: whoever judges should not judge their own work, and what is confided in
    one role should not be read in another. Each role has a key of its own.
    Example:
        role: induction-tutor, for somebody who mentors an early career teacher
        Idris is induction tutor and also mentors early career teachers
    Remedy: share the roles out, or keep the keys apart and say which one is used.
    Source: B-06, B-07, B-08; domain section 3, role_assignment
    """
    held, person = case.value("role"), case.value("person")
    if case.form.type != "role-assignment" or not isinstance(person, str):
        return
    yield from _let_in_by_a_role(case, str(held), person)
    what = _in_the_way(case, str(held), person)
    if what:
        name = short(case.book, person)
        yield Finding(
            case.span("role"),
            f"{name} is {_title(str(held))} and also {what}",
            "share the two out, or keep the keys of both apart and say each time which one is used",
        )


def _let_in_by_a_role(case: Case, role: str, person: str) -> Iterator[Finding]:
    """Somebody whom the policy keeps out of coaching, in a role that reads what is said there."""
    policy = policy_now(case.book, case.record.school)
    out = _listed(policy.get(FORBIDDEN_ROLES)) if policy else ()
    rows = [policy.row(name) for name in _NOTES] if policy else []
    if not policy or role in out or not any(row and role in row.readers() for row in rows):
        return
    for kept in out:
        if _holds(case, kept, person):
            yield Finding(
                case.span("role"),
                f"{short(case.book, person)} is {_title(kept)}, whom the policy keeps out of "
                f"coaching, and also {_title(role)}, whose key opens notes",
                "give the role to somebody else; until then its key opens them",
                policy.clause_of(FORBIDDEN_ROLES),
                severity=Severity.ERROR,
            )


def _in_the_way(case: Case, role: str, person: str) -> str:
    """What a person does beside a role that does not go with it; "" if there is nothing."""
    kinds = {
        pair.kind
        for pair in case.book.partnerships.values()
        if pair.coach == person and pair.school == case.record.school and _overlaps(case, pair)
    }
    if role == "monitor" and kinds - {"ect-mentoring"}:
        return "coaches"
    if role == "induction-tutor" and "ect-mentoring" in kinds:
        return "mentors early career teachers"
    if role == "ect-coach" and _holds(case, "capability-mentor", person):
        return "the capability mentor"
    return ""


def _holds(case: Case, role: str, person: str) -> bool:
    principal = scoped_role(role, case.record.school)
    return any(
        one.person == person and _overlaps(case, one) for one in case.book.roles.get(principal, ())
    )


def _overlaps(case: Case, other: Dated) -> bool:
    """Whether something goes on while the role of this record is held."""
    start, end = case.value("from"), case.value("to")
    first = start if isinstance(start, date) else date.min
    last = end if isinstance(end, date) else date.max
    return other.start <= last and first <= (other.end or date.max)


def _title(role: str) -> str:
    return ROLE_TITLES.get(role, role).removeprefix("the ")


@about("trust")
def fixed_day(case: Case) -> Iterator[Finding]:
    """Only a demonstration has a fixed day instead of today.

    Why: with a fixed day nothing falls due and nothing is overdue any more.
    Example:
        as_of: 2027-03-12, without demonstration: true
        the day is fixed at 12 Mar 2027, and this is no demonstration
    Remedy: take `as_of` out.
    Source: design, "Keys"
    """
    day = case.value("as_of")
    if case.form.type == "trust" and isinstance(day, date) and not case.book.trust.demonstration:
        yield Finding(
            case.span("as_of"),
            f"the day is fixed at {format_date(day)}, and this is no demonstration",
            "take as_of out, so that what is due is reckoned from today",
        )


def _at(book: Book, finding: Diagnostic, key: str) -> Diagnostic:
    """The finding at the value of a field, which a policy does not keep the place of."""
    field = book.records[finding.path].fields.get(key)
    return replace(finding, span=field.span) if field else finding


def _listed(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()

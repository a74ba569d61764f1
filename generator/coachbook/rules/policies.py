"""CB7xx: whether the ratified document says all it decides, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.book import policy_now
from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.policycheck import policy_findings
from coachbook.rules.rule import Case, Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coachbook.book import Book


def parameter_without_clause(case: Case) -> Iterable[Diagnostic]:
    """Every parameter of a policy stands in exactly one clause of its text.

    Why: governors ratify the text. A number that only the header knows would
    be checked without ever having been agreed.
    Example:
        session.minutes.max: 15, and no clause with {{ session.minutes.max }}
        `session.minutes.max` is set, and no numbered clause says so
    Remedy: write the placeholder into the clause that decides it.
    Source: promise 1
    """
    return case.found_earlier("CB701")


def unknown_parameter(case: Case) -> Iterable[Diagnostic]:
    """A policy sets and shows only parameters that there are.

    Why: a misspelt parameter is a rule that is never checked.
    Example:
        sesion.minutes.max: 15
        `sesion.minutes.max` is nothing that a policy decides
    Remedy: correct the name as the message shows it.
    Source: promise 6
    """
    return case.found_earlier("CB702")


def access_table(case: Case) -> Iterable[Diagnostic]:
    """The table "Who can read what" has every part of the records and only known readers.

    Why: the table is the access rule. A row or a cell that cannot be understood
    admits nobody, and a school would find out when a note cannot be opened.
    Example:
        | Session notes | reed |
        "reed" is nothing a column can do
    Remedy: write read, write, figures or a dash in each cell.
    Source: design, "Policy"
    """
    yield from case.found_earlier("CB703")
    yield from _of_this(case, "CB703")


def missing_decision(case: Case) -> Iterable[Diagnostic]:
    """A policy answers the four questions that no preset can answer.

    They are: how long records are kept, who may open a part when everyone who
    could has left, who holds the repository, and whether protected keys are
    published.

    Why: a default here would be a decision that nobody took.
    Example:
        a header without `recovery.holder`
        the policy does not say `recovery.holder`: who may open a part when everyone has left
    Remedy: answer it in the header and in a clause.
    Source: domain section 3, retention; design, "Keys"
    """
    return case.found_earlier("CB704")


def not_in_good_standing(case: Case) -> Iterable[Diagnostic]:
    """A policy is ratified, and its review is not overdue.

    Why: a draft guides nobody, and an old policy describes a school that was.
    Example:
        ratified_on: left out
        the policy is not ratified
    Remedy: add the day of the meeting, or plan the review.
    Source: domain section 6, draft policy not ratified
    """
    return _of_this(case, "CB705")


def denied_holder(case: Case) -> Iterable[Diagnostic]:
    """The table denies no holder of the repository what stands in clear.

    Why: who has a copy of the records reads every clear line in it, whatever
    the table says.
    Example:
        | Session header | with a dash for the office, and repository.holders: [office]
        "Session header" stands in clear, and the table denies it to the school office
    Remedy: write `read` in that column, or take the role out of `repository.holders`.
    Source: design, "Records"
    """
    return _of_this(case, "CB706")


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
            yield Diagnostic(
                path=school.path,
                span=Span(1),
                code="CB707",
                severity=Severity.ERROR,
                message=f"{school.name} has no policy in force",
                hint=f"start one: coachbook init --preset head-excluded --school {school.id}",
                consequence=Consequence.STOPS,
                record=school.id,
                school=school.id,
            )


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
    sealed = any(form.sealed for form in case.form.sections)
    policies = case.book.policies.get(case.record.school, ())
    if sealed and policies and case.policy is None:
        yield Finding(
            case.span(case.form.on),
            f"no policy of {case.school_name} was in force on this date",
            "correct the date, or add the policy that was in force then",
        )


def _of_this(case: Case, code: str) -> Iterator[Diagnostic]:
    """What a policy shows beside the forms and the day, for the version that the file holds."""
    if case.form.body != "policy":
        return
    for policy in case.book.policies.get(case.record.school, ()):
        if policy.path == case.record.path:
            found = policy_findings(policy, case.book.forms, case.book.today)
            yield from (finding for finding in found if finding.code == code)

"""CB7xx: whether the ratified document says all it decides, once, and without contradiction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coachbook.policyconflicts import conflict_findings, rubric_findings, schedule_findings
from coachbook.policylimits import limit_findings
from coachbook.rules.about import about

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coachbook.book import Book
    from coachbook.diagnostics import Diagnostic
    from coachbook.policy import Policy
    from coachbook.rules.rule import Case


@about("policy")
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


@about("policy")
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


@about("policy")
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


@about("policy")
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


@about("policy")
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


@about("policy")
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


@about("policy")
def contradiction(case: Case) -> Iterable[Diagnostic]:
    """What a policy decides can all hold at once.

    Why: of two settings that contradict each other one is not what was meant,
    and nobody could keep both.
    Example:
        session.minutes.target: 20 and session.minutes.max: 15
        a session is meant to take 20 minutes, and takes 15 at most
    Remedy: change one of the two, as the message shows.
    Source: design, "Policy"; issue 3, part 2
    """
    for policy in _policy_here(case):
        yield from conflict_findings(policy)
        yield from rubric_findings(policy, has_rubric=_has_rubric(case.book))
        yield from schedule_findings(policy, has_schedule=_has_schedule(case, policy))


@about("policy")
def common_limits(case: Case) -> Iterable[Diagnostic]:
    """A policy that goes beyond common limits says so knowingly.

    Why: a number that staff or unions elsewhere would question is better
    questioned before it is adopted. This is information, and never a fault.
    Example:
        suppression.min_people: 3
        a figure may stand for 3 people; five is a common threshold, and research services use ten
    Remedy: none is needed; keep it if it is meant.
    Source: domain section 3, reference facts; D-33, D-35
    """
    for policy in _policy_here(case):
        yield from limit_findings(policy)


@about("policy")
def unknown_name(case: Case) -> Iterable[Diagnostic]:
    """Every form, part, role, approach and clause that a policy names is there.

    Why: a name that nobody knows decides nothing, and what it was meant to
    decide is open.
    Example:
        7.1 Section 14 says who can read a part, and the policy has 11 sections
        7.1 points to "Section 14", which is not in this document
    Remedy: correct the name as the message shows it.
    Source: promise 6; issue 3, bad input
    """
    return _of_this(case, "CB714")


@about("policy")
def unknown_preset(case: Case) -> Iterable[Diagnostic]:
    """The preset that a policy was started from is one that there is.

    Why: the line tells readers what to compare the policy with.
    Example:
        preset: head-included
        there is no preset "head-included"
    Remedy: correct the name, or leave the line out.
    Source: issue 3, bad input
    """
    found = _of_this(case, "CB715")
    return (replace(finding, span=case.span("preset")) for finding in found)


def _policy_here(case: Case) -> Iterator[Policy]:
    """The version that the record holds, where it is a policy that can be read."""
    if case.form.body == "policy":
        for policy in case.book.policies.get(case.record.school, ()):
            if policy.path == case.record.path:
                yield policy


def _has_rubric(book: Book) -> bool:
    entry = book.entries.get(book.trust.path)
    return entry is not None and bool(entry.values.get("rubric"))


def _has_schedule(case: Case, policy: Policy) -> bool:
    """Whether there is a schedule, or no scheduled session yet that would need one."""
    of_school = [
        entry
        for kind in ("schedule", "session")
        for entry in case.known.of_type[kind]
        if entry.record.school == policy.school
    ]
    kinds = {entry.form.type for entry in of_school if entry.values.get("scheduled") is not False}
    return "schedule" in kinds or "session" not in kinds


def _of_this(case: Case, code: str) -> Iterator[Diagnostic]:
    """What a policy shows beside the forms and the day, for the version that the file holds."""
    for policy in _policy_here(case):
        found = case.known.about_policy(policy)
        yield from (finding for finding in found if finding.code == code)

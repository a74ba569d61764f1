"""What one policy says twice and differently: settings that cannot both hold.

Each check looks at a few settings and, where they contradict each other, yields the one that is
to be changed, what contradicts what, and the way out.

    conflicts(policy)       # session.minutes.target is 20, and session.minutes.max is 15
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coachbook.clauses import Cell
from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.parameters import Cadence, parse_cadence
from coachbook.people import ROLE_TITLES
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coachbook.policy import Policy

CONFLICT_FAULT = "CB711"


@frozen
class Conflict:
    """Two things that cannot both hold; `key` is the setting whose line and clause are shown."""

    key: str
    message: str
    hint: str


def conflict_findings(policy: Policy) -> tuple[Diagnostic, ...]:
    """CB711 of one policy, in the order of the file."""
    found = (conflict for check in CHECKS for conflict in check(policy))
    return tuple(
        sorted((_diagnostic(policy, one) for one in found), key=lambda finding: finding.sort_key)
    )


def rubric_findings(policy: Policy, *, has_rubric: bool) -> Iterator[Diagnostic]:
    """CB711 where a goal must name a strand of a rubric that the trust does not have."""
    key = "goal.rubric_required"
    if policy.get(key) is True and not has_rubric:
        message = (
            "a goal must name a strand of the rubric, and the trust has written down no rubric"
        )
        hint = f"write the strands as rubric: in records/trust.md, or set {key}: no"
        yield _diagnostic(policy, Conflict(key, message, hint))


def schedule_findings(policy: Policy, *, has_schedule: bool) -> Iterator[Diagnostic]:
    """CB711, as a warning, where sessions belong in the slots of a schedule that is not there."""
    key = "session.window"
    if policy.get(key) == "scheduled-slot" and not has_schedule:
        message = "a session takes place in its scheduled slot, and there is no schedule"
        hint = f"write one: coachbook new schedule; or take {key} out"
        found = _diagnostic(policy, Conflict(key, message, hint))
        yield replace(found, severity=Severity.WARNING, consequence=Consequence.LISTED)


def _times(policy: Policy) -> Iterator[Conflict]:
    target, most = policy.get("session.minutes.target"), policy.get("session.minutes.max")
    if isinstance(target, int) and isinstance(most, int) and target > most:
        message = f"a session is meant to take {target} minutes, and takes {most} at most"
        yield Conflict("session.minutes.target", message, "make the target no more than the limit")


def _idle(policy: Policy) -> Iterator[Conflict]:
    """Settings that say something about another one that is not there."""
    for key, needed in _ABOUT.items():
        if policy.get(key) is not None and not any(policy.get(other) for other in needed):
            message = f"`{key}` is set, and `{needed[0]}` is not, so it says nothing"
            yield Conflict(key, message, f"set {needed[0]}, or take {key} out")


_ABOUT = {
    "session.minutes.over": ("session.minutes.max",),
    "feedback.within_days": ("feedback.required_after",),
    "cadence.expectation": ("cadence.coaching",),
    "expectation.first_year": ("cadence.mentoring", "cadence.visit"),
    "visit.expected_of": ("cadence.visit",),
    "group.of": ("group.size",),
    "concern.share_within_days": ("concern.route",),
    "impact.words.max": ("cycle.close_requires",),
}


def _groups(policy: Policy) -> Iterator[Conflict]:
    key = "cadence.coaching"
    rhythms = _rhythms(policy, key)
    if any(one.kind == "groups" for one in rhythms) and policy.get("group.size") is None:
        message = "groups are to meet, and the policy does not say how many people a group has"
        yield Conflict(key, message, "set group.size, such as group.size: 3")
    subjects = [one.kind or "groups" for one in rhythms if one.each == "subject"]
    for kind in subjects:
        if policy.get(f"subject.allowed.{kind}") is None:
            message = (
                f"coaching is to take place for each subject, and no subjects of {kind} are set"
            )
            yield Conflict(key, message, f"set subject.allowed.{kind}")


def _grades(policy: Policy) -> Iterator[Conflict]:
    key, row = "grades.allowed_to", policy.row("graded sheet")
    allowed = policy.get(key)
    if allowed == "head" and (row is None or row.cells.get("head") is not Cell.WRITE):
        message = 'the head may give a grade, and the table lets the head write no "Graded sheet"'
        yield Conflict(key, message, "add that row with write for the head, or set another answer")
    if allowed == "head" and "head" in _listed(policy, "participants.forbidden_roles"):
        message = "the head may give a grade, and takes part in nothing"
        yield Conflict(key, message, "choose one of the two")
    if allowed == "ect-form" and policy.row("observation form") is None:
        message = 'a form holds grades, and the table has no row "Observation form"'
        yield Conflict(key, message, "add the row, or set grades.allowed_to: none")
    if allowed == "none" and row is not None and Cell.WRITE in row.cells.values():
        message = 'nobody may give a grade, and the table lets somebody write a "Graded sheet"'
        yield Conflict(key, message, "take the row out, or say who may give a grade")


def _kept_out(policy: Policy) -> Iterator[Conflict]:
    """A role that takes no part in coaching, and is let in all the same."""
    key = "participants.forbidden_roles"
    for role in _listed(policy, key):
        title = ROLE_TITLES[role]
        for name in ("session notes", "coach private notes"):
            row = policy.row(name)
            if row is not None and role in row.readers():
                message = f'{title}: no part in coaching, and the table opens "{row.name}" to them'
                yield Conflict(key, message, "write a dash in that cell, or take the role out")
        if role in _COACHING_ROLES or _IS_CATEGORY.get(role) in _listed(policy, "eligible.coach"):
            message = f"{title}: no part in coaching, and among those who coach"
            yield Conflict(key, message, "take the role out of one of the two")
        if policy.get("recovery.holder") == role:
            message = f"{title}: no part in coaching, and may open every note in the end"
            yield Conflict(key, message, "choose another recovery.holder")


_COACHING_ROLES = ("lead-coach", "ect-coach")
_IS_CATEGORY = {"slt": "senior-leader", "governors": "governor"}


def _drop_ins(policy: Policy) -> Iterator[Conflict]:
    key = "dropin.next_steps"
    if policy.get(key) == "forbidden" and "drop-in" in _listed(policy, "feedback.required_after"):
        message = "a drop-in may set no next steps, and feedback must follow it"
        yield Conflict(key, message, "take drop-in out of feedback.required_after, or allow steps")


def _figures(policy: Policy) -> Iterator[Conflict]:
    key = "suppression.min_people"
    own, trust = policy.get(key), policy.get(f"{key}.trust")
    if isinstance(own, int) and isinstance(trust, int) and own > trust:
        message = f"a figure of one school stands for {own} people, one of several for only {trust}"
        yield Conflict(key, message, f"make {key}.trust at least {own}")


def _concerns(policy: Policy) -> Iterator[Conflict]:
    key, row = "concern.route", policy.row("concern")
    for role in _listed(policy, key):
        column = "subject" if role == "mentee" else role
        if row is not None and column not in row.readers():
            title = "the mentee" if role == "mentee" else ROLE_TITLES[role]
            message = f"a concern goes to {title}, and the table does not open it to them"
            hint = f'in the row "Concern", write read in the column of {column}'
            yield Conflict(key, message, hint)


def _stops(policy: Policy) -> Iterator[Conflict]:
    key, row = "stop.by", policy.row("stop")
    for side in _listed(policy, key):
        if row is not None and row.cells.get(side) is not Cell.WRITE:
            message = f"the {side} may stop the coaching, and cannot write that they did"
            yield Conflict(key, message, f'in the row "Stop", write write in the column of {side}')


def _statements(policy: Policy) -> Iterator[Conflict]:
    if policy.row("impact statement") is not None:
        return
    wanting = {
        "cycle.close_requires": policy.get("cycle.close_requires") == "impact-statement",
        "reports.made": "impact-statements" in _listed(policy, "reports.made"),
    }
    for key in (key for key, wants in wanting.items() if wants):
        message = 'impact statements are asked for, and the table has no row "Impact statement"'
        yield Conflict(key, message, "add the row with write for whoever writes them")


def _shared(policy: Policy) -> Iterator[Conflict]:
    """Whom a note is shared with, beside whom the table opens it to."""
    key, row = "notes.shared_with", policy.row("session notes")
    wanted = _SHARED_WITH.get(str(policy.get(key)))
    if row is None or wanted is None:
        return
    readers = set(row.readers()) & {"coach", "coachee", "monitor"}
    if readers != set(wanted):
        message = 'a note is shared with others than those to whom the table opens "Session notes"'
        yield Conflict(key, message, "make the answer and the row say the same")


_SHARED_WITH = {
    "other-side": ("coach", "coachee"),
    "pair-and-monitor": ("coach", "coachee", "monitor"),
}

CHECKS: tuple[Callable[[Policy], Iterator[Conflict]], ...] = (
    _times,
    _idle,
    _groups,
    _grades,
    _kept_out,
    _drop_ins,
    _figures,
    _concerns,
    _stops,
    _statements,
    _shared,
)
"""Every check, in the order of the table of parameters."""


def _listed(policy: Policy, key: str) -> tuple[str, ...]:
    value = policy.get(key)
    return value if isinstance(value, tuple) else ()


def _rhythms(policy: Policy, key: str) -> list[Cadence]:
    found = (parse_cadence(entry) for entry in _listed(policy, key))
    return [one for one in found if one is not None]


def _diagnostic(policy: Policy, conflict: Conflict) -> Diagnostic:
    parameter = policy.parameters.get(conflict.key)
    return Diagnostic(
        path=policy.path,
        span=parameter.span if parameter else Span(1),
        code=CONFLICT_FAULT,
        severity=Severity.ERROR,
        message=conflict.message,
        hint=conflict.hint,
        clause=policy.clause_of(conflict.key),
        consequence=Consequence.STOPS,
        school=policy.school,
    )

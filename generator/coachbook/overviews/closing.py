"""What a cycle still needs before it can close, step by step, by the policy of today."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from coachbook.book import policy_now
from coachbook.calendar import format_day
from coachbook.rules.closing import STATEMENT
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.views import RecordView, View
    from coachbook.views.threads import Threads

REQUIRES = "cycle.close_requires"
RUNNING = frozenset({"open", "paused"})
GOAL, OUTCOME = "Goal", "Outcome"
MONITOR = "monitor"
"""The role that writes the impact statement of a cycle."""


class State(Enum):
    """How far a step towards the close has come."""

    DONE = "done"
    OPEN = "open"
    OPTIONAL = "optional"


@frozen
class ClosingStep:
    """One step towards the close: `kind` names it for programs, the rest is for people.

    `missing` says what is lacking, to follow "It needs"; empty where nothing is.
    """

    kind: str
    title: str
    who: str
    state: State
    missing: str = ""


def closing_steps(view: View, cycle: RecordView) -> tuple[ClosingStep, ...]:
    """The steps from an open cycle to a closed one, in the order in which they are taken."""
    if cycle.raw("status") not in RUNNING:
        return ()
    return tuple(_steps(view, cycle))


def missing_words(view: View, cycle: RecordView) -> list[str]:
    """What stands between an open cycle and its close."""
    return [step.missing for step in closing_steps(view, cycle) if step.state is State.OPEN]


def _steps(view: View, cycle: RecordView) -> Iterator[ClosingStep]:
    policy = policy_now(view.book, cycle.school)
    required = policy.get(REQUIRES) if policy else None
    yield from _unwritten(view, cycle)
    yield _step(
        "goal",
        "The goal",
        "coach and coachee",
        is_done=cycle.sealed(GOAL) is not None,
        is_needed=True,
        missing="a goal, written by coach and coachee",
    )
    yield _step(
        "outcome",
        "The outcome",
        "coach and coachee",
        is_done=cycle.sealed(OUTCOME) is not None,
        is_needed=bool(required),
        missing="an outcome, written by coach and coachee",
    )
    if required == STATEMENT:
        yield _step(
            "statement",
            "The impact statement",
            "the monitor",
            is_done=bool(view.statements.get(cycle.id)),
            is_needed=True,
            missing="an impact statement, written by the monitor",
        )
    yield _beside(cycle, "need", "A development need it showed", view.needs)
    yield _beside(cycle, "next", "The next cycle", view.followers)


def _step(
    kind: str, title: str, who: str, *, is_done: bool, is_needed: bool, missing: str
) -> ClosingStep:
    if is_done:
        return ClosingStep(kind, title, who, State.DONE)
    state = State.OPEN if is_needed else State.OPTIONAL
    return ClosingStep(kind, title, who, state, missing if is_needed else "")


def _unwritten(view: View, cycle: RecordView) -> Iterator[ClosingStep]:
    """Planned sessions whose day has passed: nobody has said whether they took place."""
    for session in view.sessions_of(cycle.id):
        if session.raw("status") == "planned" and session.day and session.day < view.book.today:
            day = format_day(session.day)
            yield ClosingStep(
                "session",
                f"The session planned for {day}",
                "coach or coachee",
                State.OPEN,
                f"the session planned for {day} to be written up, or marked as missed",
            )


def _beside(cycle: RecordView, kind: str, title: str, threads: Threads) -> ClosingStep:
    """What may follow from the cycle and is a record of its own."""
    found = threads.get(cycle.id, ())
    is_there = any(one.audience.admits(cycle.audience) for one in found)
    return ClosingStep(kind, title, "", State.DONE if is_there else State.OPTIONAL)

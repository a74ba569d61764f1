"""What ties coaching to appraisal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.workspaces.otterbeck_small import COACH, COACHEE

if TYPE_CHECKING:
    from tests.unit.rules.conftest import School

CYCLE = "otterbeck/2026-27/c-0a1b2c3d/cycle.md"
PLACE = "otterbeck/objectives/ob-4b6d8f2h.md"
OBJECTIVE = f"""\
type: objective
id: ob-4b6d8f2h
school: otterbeck
person: {COACHEE}
year: 2026-27
agreed_on: 2026-09-18
"""
UNAGREED = "this ties a cycle to an objective of appraisal, and no day of consent is on record"


def tie(school: School) -> None:
    """Names the objective in the cycle."""
    school.change(CYCLE, "status: open\n", "status: open\nobjective: ob-4b6d8f2h\n")


def test_a_cycle_names_an_objective_only_with_consent(school: School) -> None:
    """The day of it stands in the objective, which is the person's."""
    tie(school)
    school.write(PLACE, OBJECTIVE)
    (finding,) = school.found("CB441")
    assert (finding.path, finding.message) == (f"records/{CYCLE}", UNAGREED)

    school.write(PLACE, OBJECTIVE + "linked_with_consent_on: 2026-10-05\n")
    assert school.messages("CB441") == []


def test_an_objective_of_somebody_else_is_none_of_the_cycles(school: School) -> None:
    """The coach's own appraisal has no place in the coachee's cycle."""
    tie(school)
    own = OBJECTIVE.replace(COACHEE, COACH)
    school.write(PLACE, own + "linked_with_consent_on: 2026-10-05\n")

    assert school.messages("CB441") == [
        "this objective is of somebody who is not coached in this cycle"
    ]


def test_an_objective_without_a_cycle_needs_no_consent(school: School) -> None:
    """Most have nothing to do with coaching."""
    school.write(PLACE, OBJECTIVE)

    assert school.messages("CB441") == []

"""Reviews of pairs, of the programme, of probation and induction."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.rules.conftest import School

PAIR = """\
type: partnership
id: pt-8k2d4f6h
school: otterbeck
kind: {kind}
coach: p-m3v8x1ra
coachee: p-n9b4j2ys
start: 2025-11-16
status: {status}
chosen_by: slt
"""
PERSON = """\
type: person
id: p-4t6y8u2i
display_name: Tobias Fallowfield
category: teacher
schools: [otterbeck]
start: 2026-09-01
"""
REVIEW = """\
type: programme-review
id: pv-4b6d8f2h
school: otterbeck
title: Review of the year
due: 2026-11-13
"""


def pair(school: School, kind: str = "mentoring", status: str = "active", more: str = "") -> None:
    """Adds a pair that began a year ago."""
    text = PAIR.format(kind=kind, status=status) + more
    school.write("otterbeck/partnerships/pt-8k2d4f6h.md", text)


def test_a_mentoring_pair_is_reviewed_after_its_first_months(school: School) -> None:
    """The day after the year is over it is told, with the clause that says a year."""
    school.settle("partnership.initial_length: 12")
    pair(school)

    assert school.messages("CB314", date(2026, 11, 16)) == []
    (finding,) = school.found("CB314", date(2026, 11, 17))
    assert finding.message == "this pair was to be reviewed by 16 Nov 2026"
    assert finding.clause


def test_a_new_day_for_the_review_is_what_counts(school: School) -> None:
    """A pair that was reviewed and goes on has written its next day."""
    school.settle("partnership.initial_length: 6")
    pair(school, more="review_on: 2027-07-16\n")

    assert school.messages("CB314") == []


@pytest.mark.parametrize("status", ["ended", "paused", "proposed"])
def test_only_a_pair_at_work_is_reviewed(school: School, status: str) -> None:
    """What is over or rests has nothing to review."""
    school.settle("partnership.initial_length: 6")
    pair(school, status=status, more="review_on: 2026-10-16\n")

    assert school.messages("CB314") == []


def test_a_coaching_pair_is_reviewed_on_the_day_it_chose(school: School) -> None:
    """The policy's months are for mentoring; a day in the record is for everyone."""
    school.settle("partnership.initial_length: 6")
    pair(school, kind="peer")
    assert school.messages("CB314") == []

    pair(school, kind="peer", more="review_on: 2026-10-16\n")
    assert school.messages("CB314") == ["this pair was to be reviewed by 16 Oct 2026"]


def test_a_review_of_the_programme_that_was_due_is_told(school: School) -> None:
    """Planned and not held is late after its day."""
    school.write("otterbeck/2026-27/reviews/pv-4b6d8f2h.md", REVIEW)
    assert school.messages("CB314") == ["the programme was to be reviewed by 13 Nov 2026"]

    school.write("otterbeck/2026-27/reviews/pv-4b6d8f2h.md", REVIEW + "held_on: 2026-11-13\n")
    assert school.messages("CB314") == []


def test_a_year_without_a_review_of_the_programme_is_told_at_the_policy(school: School) -> None:
    """Where the policy reviews the programme by the end of a term, a record says that it was."""
    school.settle("programme.review_by: autumn")
    assert school.messages("CB314", date(2026, 12, 18)) == []

    (finding,) = school.found("CB314", date(2026, 12, 19))
    assert finding.message == (
        "the programme was to be reviewed by 18 Dec 2026, and no review of 2026-27 is on record"
    )
    assert finding.path == "records/otterbeck/policy-2026-09.md"

    school.write("otterbeck/2026-27/reviews/pv-4b6d8f2h.md", REVIEW + "held_on: 2026-11-13\n")
    assert school.messages("CB314", date(2026, 12, 19)) == []


@pytest.mark.parametrize(
    ("today", "told"),
    [("2026-11-14", False), ("2026-11-15", True), ("2026-12-06", True), ("2026-12-07", False)],
)
def test_half_way_through_probation_is_recalled_around_the_day(
    school: School,
    today: str,
    told: bool,  # noqa: FBT001
) -> None:
    """Two weeks before and one week after; whether it was held, only a key can tell."""
    school.settle("probation.midpoint: yes")
    more = "probation_start: 2026-09-01\nprobation_end: 2027-02-26\n"
    school.write("people/p-4t6y8u2i.md", PERSON + more)

    assert bool(school.messages("CB315", date.fromisoformat(today))) is told


def test_without_the_policys_word_probation_is_not_recalled(school: School) -> None:
    """A rule that a policy does not have is never checked."""
    more = "probation_start: 2026-09-01\nprobation_end: 2027-02-26\n"
    school.write("people/p-4t6y8u2i.md", PERSON + more)

    assert school.messages("CB315", date(2026, 11, 20)) == []


def test_a_term_of_induction_ends_with_what_is_due(school: School) -> None:
    """Before the end of term the review is recalled by name."""
    school.write("people/p-4t6y8u2i.md", PERSON + "induction_start: 2026-09-01\n")

    assert school.messages("CB322", date(2026, 12, 3)) == []
    assert school.messages("CB322", date(2026, 12, 4)) == [
        "a progress review of induction is due by 18 Dec 2026"
    ]


def test_a_school_without_induction_reviews_is_not_reminded_of_them(school: School) -> None:
    """Where no row of the table says who reads them, they are kept elsewhere."""
    policy = school.root / "records/otterbeck/policy-2026-09.md"
    lines = policy.read_text(encoding="utf-8").splitlines(keepends=True)
    policy.write_text(
        "".join(line for line in lines if not line.startswith("| Induction review")),
        encoding="utf-8",
    )
    school.write("people/p-4t6y8u2i.md", PERSON + "induction_start: 2026-09-01\n")

    assert school.messages("CB322", date(2026, 12, 10)) == []


OBJECTIVE = """\
type: objective
id: ob-4b6d8f2h
school: otterbeck
person: p-n9b4j2ys
year: 2026-27
agreed_on: 2026-09-18
review_on: 2026-11-13
"""


def test_a_meeting_about_an_objective_is_in_good_time(school: School) -> None:
    """The day after it was to be is late; the day it took place settles it."""
    place = "otterbeck/objectives/ob-4b6d8f2h.md"
    school.write(place, OBJECTIVE)
    assert school.messages("CB314", date(2026, 11, 13)) == []
    assert school.messages("CB314", date(2026, 11, 14)) == [
        "this objective was to be talked through by 13 Nov 2026"
    ]

    school.write(place, OBJECTIVE + "reviewed_on: 2026-11-12\n")
    assert school.messages("CB314", date(2026, 11, 14)) == []


def test_whoever_has_left_meets_about_no_objective(school: School) -> None:
    """Nobody is reminded of a meeting that cannot be."""
    school.write("otterbeck/objectives/ob-4b6d8f2h.md", OBJECTIVE.replace("n9b4j2ys", "l8q3i0vp"))

    assert school.messages("CB314", date(2026, 11, 14)) == []

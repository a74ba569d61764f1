"""How often and how soon again, as the policy, the career stage and a pause decide."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from coachbook.diagnostics import Severity

if TYPE_CHECKING:
    from tests.unit.rules.conftest import School

AFTER_AUTUMN = date(2026, 12, 21)
PAIR = "otterbeck/partnerships/pt-6r1e9k3w.md"
CYCLE = "otterbeck/2026-27/c-0a1b2c3d/cycle.md"
GROUP = """\
type: group
id: g-2k7m4q9x
school: otterbeck
kind: triplet
members: [p-c5t0w6ze, p-m3v8x1ra, p-n9b4j2ys]
from: 2026-09-07
"""
WREN = "people/p-e6f1u8gd.md"


def session(school: School, day: str, number: int = 1, more: str = "") -> None:
    """Adds a session of the pair's cycle."""
    one = f"s-3x9p5w{number:02d}"
    school.write(
        f"otterbeck/2026-27/c-0a1b2c3d/{day}-{one}.md",
        f"type: session\nid: {one}\nschool: otterbeck\ncycle: c-0a1b2c3d\ndate: {day}\n"
        f"kind: coaching\n{more or 'status: held'}\nminutes: 14\n",
    )


def meeting(school: School, day: str, number: int, more: str = "status: held") -> None:
    """Adds a session of the group."""
    one = f"s-4g7m2r{number:02d}"
    school.write(
        f"otterbeck/2026-27/g-2k7m4q9x/{day}-{one}.md",
        f"type: session\nform: group-session@1\nid: {one}\nschool: otterbeck\n"
        f"group: g-2k7m4q9x\ndate: {day}\nkind: group\n{more}\nminutes: 14\n",
    )


def test_a_rhythm_that_is_aimed_for_is_information(school: School) -> None:
    """Wherever possible is no must: the remark says how it went and weighs nothing."""
    (finding,) = school.found("CB307", AFTER_AUTUMN)

    assert finding.severity is Severity.INFO
    assert finding.message == (
        "Autumn 2 (2 Nov–18 Dec): 1 of 6 weeks have a session on record; "
        "Otterbeck Primary aims at once a week"
    )


def test_a_half_term_that_is_not_over_is_not_judged(school: School) -> None:
    """On the last day of a half-term there may still be a session."""
    assert school.messages("CB307", date(2026, 12, 18)) == []


def test_a_rhythm_that_is_expected_is_a_warning(school: School) -> None:
    """Where the policy expects it, the same gap is a warning, from the first day of the pair."""
    school.settle("cadence.expectation: required")
    found = school.found("CB307", AFTER_AUTUMN)

    assert [finding.severity for finding in found] == [Severity.WARNING] * 2
    assert [finding.message[:8] for finding in found] == ["Autumn 1", "Autumn 2"]


def test_a_missed_week_with_its_reason_counts(school: School) -> None:
    """Cover that fell through is written down, and the week is accounted for."""
    school.settle("cadence.coaching: [1 a half-term]", "cadence.expectation: required")
    session(school, "2026-10-07", more="status: missed\nmissed_reason: cover")

    assert school.messages("CB307") == []


def test_a_missed_week_without_a_reason_does_not_count(school: School) -> None:
    """A session that was not held and has no reason is missing."""
    school.settle("cadence.coaching: [1 a half-term]", "cadence.expectation: required")
    session(school, "2026-10-07", more="status: missed")

    assert len(school.messages("CB307")) == 1


def test_a_planned_session_is_no_session_yet(school: School) -> None:
    """What was planned and never written up is not on record."""
    school.settle("cadence.coaching: [1 a half-term]", "cadence.expectation: required")
    session(school, "2026-10-07", more="status: planned")

    assert len(school.messages("CB307")) == 1


def test_a_pause_of_the_pair_asks_for_nothing(school: School) -> None:
    """While a pair rests, no half-term is due."""
    school.settle("cadence.coaching: [1 a half-term]", "cadence.expectation: required")
    school.change(
        PAIR, "status: active", "status: active\npaused_from: 2026-09-21\nresumed_on: 2026-11-02"
    )

    assert school.messages("CB307") == []


def test_between_two_cycles_nothing_is_due(school: School) -> None:
    """Where coaching comes in cycles, a pair without one owes no session."""
    school.settle("cadence.coaching: [1 a half-term]", "cadence.expectation: required")
    school.change(CYCLE, "start: 2026-09-14", "start: 2026-11-02")

    assert school.messages("CB307") == []


def test_where_sessions_need_no_cycle_the_pair_counts_from_its_start(school: School) -> None:
    """Without cycles the rhythm holds from the day on which the two began."""
    school.settle(
        "cadence.coaching: [1 a half-term]", "cadence.expectation: required", "cycle.required: no"
    )
    school.change(CYCLE, "start: 2026-09-14", "start: 2026-11-02")

    assert len(school.messages("CB307")) == 1


def test_a_kind_of_session_has_a_rhythm_of_its_own(school: School) -> None:
    """Coaching on books is counted by itself."""
    school.settle('cadence.coaching: ["books: 1 a half-term"]', "cadence.expectation: required")
    session(school, "2026-10-07")
    assert len(school.messages("CB307")) == 1

    session(school, "2026-10-08", 2)
    school.change(
        "otterbeck/2026-27/c-0a1b2c3d/2026-10-08-s-3x9p5w02.md", "kind: coaching", "kind: books"
    )
    assert school.messages("CB307") == []


def test_a_group_has_each_subject_in_a_term(school: School) -> None:
    """A triplet that met in maths alone is told which subjects are missing."""
    school.settle(
        'cadence.coaching: ["groups: 1 a term for each subject"]',
        "subject.allowed.groups: [maths, reading, writing]",
        "cadence.expectation: required",
    )
    school.write("otterbeck/groups/g-2k7m4q9x.md", GROUP)
    meeting(school, "2026-10-08", 1, "subject: maths\nstatus: held")
    meeting(school, "2026-11-26", 2, "subject: reading\nstatus: planned")

    assert school.messages("CB307", AFTER_AUTUMN) == [
        (
            "Autumn term (2 Sep–18 Dec): no session in reading or writing is on record; "
            "Otterbeck Primary expects once a term for each subject (groups)"
        )
    ]


def test_a_group_that_met_owes_nothing(school: School) -> None:
    """One meeting in the half-term is what was asked for."""
    school.settle('cadence.coaching: ["groups: 1 a half-term"]', "cadence.expectation: required")
    school.write("otterbeck/groups/g-2k7m4q9x.md", GROUP)
    meeting(school, "2026-10-08", 1)

    assert school.messages("CB307") == []


def test_a_coaching_team_has_no_rhythm(school: School) -> None:
    """A team runs the programme and coaches nobody as a group."""
    school.settle('cadence.coaching: ["groups: 1 a half-term"]', "cadence.expectation: required")
    school.write("otterbeck/groups/g-2k7m4q9x.md", GROUP.replace("triplet", "team"))

    assert school.messages("CB307") == []


MENTOR = """\
type: partnership
id: pt-8k2d4f6h
school: otterbeck
kind: ect-mentoring
coach: p-c5t0w6ze
coachee: p-e6f1u8gd
start: {start}
status: active
chosen_by: slt
"""
STAGES = 'cadence.mentoring: ["year 1: 1 a half-term", "later: 2 a term"]'


@pytest.mark.parametrize(
    ("word", "severity"), [("error", Severity.ERROR), ("warning", Severity.WARNING)]
)
def test_in_the_first_year_the_policy_says_how_much_it_weighs(
    school: School, word: str, severity: Severity
) -> None:
    """What is good practice for everyone is an expectation of those who begin."""
    school.settle(STAGES, f"expectation.first_year: {word}")
    school.change(WREN, "fte: 0.8", "fte: 0.8\ninduction_start: 2026-09-01")
    school.write("otterbeck/partnerships/pt-8k2d4f6h.md", MENTOR.format(start="2026-09-02"))
    (finding,) = school.found("CB307")

    assert finding.severity is severity
    assert finding.message.endswith("Otterbeck Primary expects once a half-term (year 1)")


def test_after_the_first_year_another_rhythm_holds(school: School) -> None:
    """A mentee in the second year is met twice a term, and that is good practice."""
    school.settle(STAGES, "expectation.first_year: error")
    school.change(WREN, "fte: 0.8", "fte: 0.8\ninduction_start: 2025-09-01")
    school.write("otterbeck/partnerships/pt-8k2d4f6h.md", MENTOR.format(start="2025-09-02"))
    found = [one for one in school.found("CB307", AFTER_AUTUMN) if "pt-8k2d4f6h" in one.path]

    assert [(one.severity, one.message) for one in found] == [
        (
            Severity.INFO,
            (
                "Autumn term (2 Sep–18 Dec): no session is on record; "
                "Otterbeck Primary aims at twice a term (later)"
            ),
        )
    ]


def visits(school: School, *days: str) -> None:
    """Visits of the new teacher to a colleague."""
    for number, day in enumerate(days):
        one = f"o-5v8n2k{number:02d}"
        school.write(
            f"otterbeck/2026-27/visits/{day}-{one}.md",
            f"type: observation\nid: {one}\nschool: otterbeck\nkind: peer-visit\n"
            f"observed: p-n9b4j2ys\nobservers: [p-e6f1u8gd]\ndate: {day}\nstatus: held\n",
        )


def test_visits_are_expected_of_those_who_begin(school: School) -> None:
    """A new teacher who visited once in a half-term is told, with the weight of the policy."""
    school.settle(
        "cadence.visit: [2 a half-term]",
        "visit.expected_of: first-year",
        "expectation.first_year: error",
    )
    school.change(WREN, "fte: 0.8", "fte: 0.8\ninduction_start: 2026-09-01")
    visits(school, "2026-09-17")
    found = {one.record: one for one in school.found("CB307")}

    assert found["p-e6f1u8gd"].severity is Severity.ERROR
    assert found["p-e6f1u8gd"].message == (
        "Autumn 1 (2 Sep–23 Oct): 1 of 2 visits is on record; "
        "Otterbeck Primary expects twice a half-term"
    )
    assert found["p-c5t0w6ze"].severity is Severity.INFO
    assert found["p-c5t0w6ze"].school == "otterbeck"


def test_whoever_is_visited_has_learned_as_well(school: School) -> None:
    """A visit counts for both who were there."""
    school.settle("cadence.visit: [1 a half-term]", "visit.expected_of: everyone")
    visits(school, "2026-09-17")
    missing = {one.record for one in school.found("CB307")}

    assert not missing & {"p-e6f1u8gd", "p-n9b4j2ys"}
    assert "p-c5t0w6ze" in missing


def test_a_policy_from_january_judges_nothing_before_it(school: School) -> None:
    """A half-term is judged by the version that was in force when it began."""
    policy = school.root / "records/otterbeck/policy-2026-09.md"
    text = policy.read_text(encoding="utf-8")
    later = text.replace("version: 2026-09", "version: 2027-01").replace(
        "effective_from: 2026-09-01", "effective_from: 2027-01-01"
    )
    (policy.parent / "policy-2027-01.md").write_text(
        later.replace("where-possible", "required", 1), encoding="utf-8"
    )
    found = school.found("CB307", date(2027, 2, 15))

    assert [(one.message[:8], one.severity) for one in found] == [
        ("Autumn 2", Severity.INFO),
        ("Spring 1", Severity.WARNING),
    ]


def test_the_longest_gap_of_a_cycle_is_told_once(school: School) -> None:
    """Of several gaps the longest is enough to talk about."""
    session(school, "2026-09-15", 1)
    session(school, "2026-09-24", 2)
    session(school, "2026-10-08", 3)

    assert school.messages("CB311") == [
        "10 school days from Thu 24 Sep to Thu 8 Oct; practice is looked at again within 5"
    ]


def test_a_missed_session_explains_a_gap(school: School) -> None:
    """What was missed for a reason in between is no forgetting."""
    session(school, "2026-11-19", 1)
    session(school, "2026-11-26", 2, "status: missed\nmissed_reason: absence")
    session(school, "2026-12-03", 3)

    assert school.messages("CB311", AFTER_AUTUMN) == []


def test_a_break_is_no_gap(school: School) -> None:
    """Over the holidays nothing is practised."""
    session(school, "2026-10-22", 1)
    session(school, "2026-11-05", 2)

    assert school.messages("CB311") == []


def test_without_a_number_of_days_no_gap_is_too_long(school: School) -> None:
    """A rule that a policy does not have is never checked."""
    policy = school.root / "records/otterbeck/policy-2026-09.md"
    text = policy.read_text(encoding="utf-8")
    gone = text.replace("practice.check_back_days: 5\n", "")
    policy.write_text(gone.replace("{{ practice.check_back_days }}", "some"), encoding="utf-8")
    session(school, "2026-11-03", 1)

    assert school.messages("CB311") == []

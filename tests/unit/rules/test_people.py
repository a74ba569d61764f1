"""Who may coach and be coached, and who answers to whom, at the edges."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from coachbook.diagnostics import Consequence, Severity

if TYPE_CHECKING:
    from tests.unit.rules.conftest import School

PAIR = "otterbeck/partnerships/pt-8k2d4f6h.md"
TRAINING = """\
type: training
id: t-4m6p8r2s
school: otterbeck
person: p-c5t0w6ze
kind: coach-training
title: Learning to coach
"""
LINE = """\
type: accountability
id: {id}
school: otterbeck
person: {person}
accountable_to: {above}
from: {start}
"""


def pair(coach: str, coachee: str, kind: str = "coaching") -> str:
    """A partnership of two people."""
    return (
        "type: partnership\nid: pt-8k2d4f6h\nschool: otterbeck\n"
        f"kind: {kind}\ncoach: {coach}\ncoachee: {coachee}\n"
        "start: 2026-09-14\nstatus: active\nchosen_by: team\n"
    )


def line(school: School, person: str, above: str, start: str = "2026-09-01") -> None:
    """Says to whom somebody is accountable."""
    one = f"ac-{person[2:]}"
    text = LINE.format(id=one, person=person, above=above, start=start)
    school.write(f"otterbeck/accountability/{one}.md", text)


def test_training_on_the_day_of_the_first_session_is_in_time(school: School) -> None:
    """Whoever was trained in the morning may coach in the afternoon."""
    school.settle("training.required_before: [coach-training]")
    school.write("otterbeck/training/t-4m6p8r2s.md", TRAINING + "date: 2026-11-12\n")

    assert school.messages("CB209") == []


def test_training_that_is_still_due_trains_nobody(school: School) -> None:
    """A course that somebody is booked on counts from the day it is done."""
    school.settle("training.required_before: [coach-training]")
    school.write("otterbeck/training/t-4m6p8r2s.md", TRAINING + "due: 2026-12-18\n")

    assert school.messages("CB209") == [
        (
            "Idris Marlowe-Beck coaches here, and training as a coach is not on record "
            "before 12 Nov 2026"
        )
    ]


def test_only_the_first_session_of_a_pair_is_told(school: School) -> None:
    """What began too early is said once, not every week."""
    school.settle("training.required_before: [coach-training]")
    school.write(
        "otterbeck/2026-27/c-0a1b2c3d/2026-11-05-s-3x9p5w1d.md",
        "type: session\nid: s-3x9p5w1d\nschool: otterbeck\ncycle: c-0a1b2c3d\n"
        "date: 2026-11-05\nstatus: held\nkind: coaching\nminutes: 14\n",
    )
    (finding,) = school.found("CB209")

    assert finding.record == "s-3x9p5w1d"


def test_a_mentor_needs_no_training_as_a_coach(school: School) -> None:
    """What the policy asks of coaches it does not ask of mentors."""
    school.settle("training.required_before: [coach-training]")
    school.change("otterbeck/partnerships/pt-6r1e9k3w.md", "kind: coaching", "kind: mentoring")

    assert school.messages("CB209") == []


def test_where_training_makes_a_coach_others_named_need_none(school: School) -> None:
    """Of several words in `eligible.coach` one is enough."""
    school.settle("eligible.coach: [coach-trained, experienced]")

    assert school.messages("CB209") == []


def test_both_approaches_are_asked_for_where_the_policy_names_both(school: School) -> None:
    """A leader who coaches both ways has learned both."""
    school.settle("eligible.coach: [trained-in-both]")
    text = TRAINING.replace("coach-training", "instructional") + "date: 2025-07-10\n"
    school.write("otterbeck/training/t-4m6p8r2s.md", text)

    assert school.messages("CB209") == [
        (
            "Idris Marlowe-Beck coaches here, and training in BASIC coaching is not on record "
            "before 12 Nov 2026"
        )
    ]


def test_a_role_that_uses_one_approach_is_trained_in_that_one(school: School) -> None:
    """The policy's table of roles and approaches says what somebody needs."""
    school.settle(
        "eligible.coach: [trained-in-both]",
        'approaches.for_roles: ["lead coaches: instructional for a subject"]',
    )
    text = TRAINING.replace("coach-training", "instructional") + "date: 2025-07-10\n"
    school.write("otterbeck/training/t-4m6p8r2s.md", text)

    assert school.messages("CB209") == []


@pytest.mark.parametrize("coach", ["p-x2a7o5kh", "p-m3v8x1ra", "p-c5t0w6ze"])
def test_external_senior_and_experienced_coaches_may_coach(school: School, coach: str) -> None:
    """Each word of the policy opens coaching to those whom it names."""
    school.write(PAIR, pair(coach, "p-n9b4j2ys"))

    assert school.messages("CB210") == []


def test_a_deputy_is_a_senior_leader_whatever_the_category_says(school: School) -> None:
    """Whoever holds a leading role may coach where leaders may."""
    school.settle("eligible.coach: [senior-leader]")
    school.change("people/p-m3v8x1ra.md", "category: senior-leader", "category: teacher")
    school.write(PAIR, pair("p-m3v8x1ra", "p-n9b4j2ys"))

    assert [m for m in school.messages("CB210") if "Petra" in m] == []


def test_colleagues_who_learn_from_each_other_need_no_permission(school: School) -> None:
    """A pair of peers is no coaching by one of them."""
    school.write(PAIR, pair("p-e6f1u8gd", "p-o1g6s4tn", kind="peer"))

    assert school.messages("CB210") == []
    assert school.messages("CB211") == []


def test_governors_are_left_out_until_the_policy_lets_them_in(school: School) -> None:
    """Coaching that reaches out to governors is a decision of the school."""
    school.change("people/p-n9b4j2ys.md", "category: teacher", "category: governor")

    assert school.messages("CB211") == [
        (
            "Nerys Sallowfield is one of the governors; coaching at Otterbeck Primary is open to "
            "teachers whose induction is complete"
        )
    ]

    school.settle("eligible.coachee: [teacher-after-induction, governor]")

    assert school.messages("CB211") == []


def test_members_of_a_group_are_coached_too(school: School) -> None:
    """A group is open to those whom coaching is open to."""
    school.write(
        "otterbeck/groups/g-2k7m4q9x.md",
        "type: group\nid: g-2k7m4q9x\nschool: otterbeck\nkind: co-coaching\n"
        "members: [p-n9b4j2ys, p-o1g6s4tn]\nfrom: 2026-11-02\n",
    )

    assert school.messages("CB211") == [
        (
            "Sunniva Pell is one of the other staff; coaching at Otterbeck Primary is open to "
            "teachers whose induction is complete"
        )
    ]


def test_a_few_days_make_no_induction_too_short(school: School) -> None:
    """Terms end on different days, so a reckoning allows for a fortnight."""
    school.change("people/p-e6f1u8gd.md", "fte: 0.8", "fte: 1\ninduction_start: 2025-09-01")
    assert school.messages("CB212") == []

    school.change("people/p-e6f1u8gd.md", "2027-07-21", "2027-07-01")
    assert school.messages("CB212") == [
        "induction ends on 1 Jul 2027 here; from 1 Sep 2025 it takes until about 21 Jul 2027"
    ]


def test_absence_is_named_where_it_makes_the_difference(school: School) -> None:
    """The message says what it reckoned with."""
    school.change(
        "people/p-e6f1u8gd.md",
        "fte: 0.8",
        "fte: 1\ninduction_start: 2025-09-01\ninduction_absence_days: 40",
    )

    assert school.messages("CB212") == [
        (
            "induction ends on 21 Jul 2027 here; from 1 Sep 2025 with 40 days of absence it takes "
            "until about 6 Nov 2027"
        )
    ]


def test_a_circle_is_told_once_however_long(school: School) -> None:
    """Three people who answer to each other are one finding, and it stops the school."""
    line(school, "p-n9b4j2ys", "p-c5t0w6ze")
    line(school, "p-c5t0w6ze", "p-m3v8x1ra")
    line(school, "p-m3v8x1ra", "p-n9b4j2ys", "2026-11-02")
    (finding,) = school.found("CB213")

    assert finding.message == (
        "this closes a circle: Petra Quillfeather is accountable to Nerys Sallowfield, "
        "Nerys Sallowfield to Idris Marlowe-Beck, Idris Marlowe-Beck to Petra Quillfeather"
    )
    assert finding.consequence is Consequence.STOPS


def test_a_circle_that_began_on_one_day_is_told_once_too(school: School) -> None:
    """Lines that begin together are one circle."""
    line(school, "p-n9b4j2ys", "p-c5t0w6ze")
    line(school, "p-c5t0w6ze", "p-n9b4j2ys")

    assert len(school.messages("CB213")) == 1


def test_nobody_is_accountable_to_themselves(school: School) -> None:
    """The smallest circle has one person."""
    line(school, "p-n9b4j2ys", "p-n9b4j2ys")

    assert school.messages("CB213") == [
        "this closes a circle: Nerys Sallowfield is accountable to themselves"
    ]


def test_a_line_that_ended_closes_no_circle(school: School) -> None:
    """Who answered to whom last year is no circle with who does now."""
    line(school, "p-n9b4j2ys", "p-c5t0w6ze")
    school.change(
        "otterbeck/accountability/ac-n9b4j2ys.md", "2026-09-01", "2025-09-01\nto: 2026-08-31"
    )
    line(school, "p-c5t0w6ze", "p-n9b4j2ys")

    assert school.messages("CB213") == []


def test_without_the_policys_word_nobody_has_to_be_accountable(school: School) -> None:
    """Where the policy has no such rule, no line is missing."""
    assert school.messages("CB214") == []


def test_those_who_lead_answer_for_the_whole(school: School) -> None:
    """The head, the deputy and people from outside are not asked to whom they answer."""
    school.settle("accountability.required: yes")
    names = {message.split(" is accountable")[0] for message in school.messages("CB214")}

    assert names == {"Idris Marlowe-Beck", "Nerys Sallowfield", "Sunniva Pell", "Wren Ashgrove"}


def test_a_finding_about_a_person_belongs_to_their_school(school: School) -> None:
    """People stand above the schools; what is missing at one of them is shown there."""
    school.settle("accountability.required: yes")

    assert {finding.school for finding in school.found("CB214")} == {"otterbeck"}


NEW = """\
type: person
id: p-4t6y8u2i
display_name: Tobias Fallowfield
category: teacher
schools: [otterbeck]
start: 2026-11-02
"""


def test_new_staff_with_a_mentor_need_no_word(school: School) -> None:
    """A mentoring partnership by today is enough."""
    school.settle("mentor.on_appointment: yes")
    school.write("people/p-4t6y8u2i.md", NEW)
    school.write(PAIR, pair("p-c5t0w6ze", "p-4t6y8u2i", kind="mentoring"))

    assert school.messages("CB313") == []


def test_a_coach_is_no_mentor(school: School) -> None:
    """Being coached does not take the place of a mentor."""
    school.settle("mentor.on_appointment: yes")
    school.write("people/p-4t6y8u2i.md", NEW)
    school.write(PAIR, pair("p-c5t0w6ze", "p-4t6y8u2i"))

    assert len(school.messages("CB313")) == 1


@pytest.mark.parametrize("start", ["2026-11-17", "2025-09-01"])
def test_who_is_still_to_come_or_was_here_before_the_policy_is_not_asked(
    school: School, start: str
) -> None:
    """The policy in force on the first day decides, and only from that day on."""
    school.settle("mentor.on_appointment: yes")
    school.write("people/p-4t6y8u2i.md", NEW.replace("2026-11-02", start))

    assert school.messages("CB313") == []


def test_a_mentor_is_asked_for_as_long_as_the_policy_has_a_pair_begin_with(school: School) -> None:
    """After the first half-year, where that is the policy's length, nobody is new any more."""
    school.settle("mentor.on_appointment: yes", "partnership.initial_length: 6")
    school.write("people/p-4t6y8u2i.md", NEW)

    assert len(school.messages("CB313", date(2027, 5, 1))) == 1
    assert school.messages("CB313", date(2027, 5, 2)) == []


LATE = """\
type: person
id: p-e6f1u8gd
display_name: Wren Ashgrove
category: teacher
schools: [otterbeck]
"""


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("start: 2026-09-14", []),
        ("start: 2026-09-12", []),
        ("start: 2026-09-11", ["began on 11 Sep 2026 and had a mentor at {} 1 school day late"]),
        ("start: 2026-09-02", ["began on 2 Sep 2026 and had a mentor at {} 8 school days late"]),
        (
            "start: 2018-09-01\ninduction_start: 2026-09-09",
            ["began induction on 9 Sep 2026 and had a mentor at {} 3 school days late"],
        ),
        ("start: 2018-09-01\ninduction_start: 2026-09-14", []),
    ],
)
def test_a_mentor_who_came_late_is_told_of_once_there_is_one(
    school: School, lines: str, told: list[str]
) -> None:
    """What lies between the first day, or that of induction, and the mentor is school days."""
    school.settle("mentor.on_appointment: yes")
    school.write("people/p-e6f1u8gd.md", f"{LATE}{lines}\n")
    school.write(PAIR, pair("p-c5t0w6ze", "p-e6f1u8gd", kind="mentoring"))

    assert school.messages("CB313") == []
    assert school.messages("CB325") == [
        f"Wren Ashgrove {one.format('Otterbeck Primary')}" for one in told
    ]


@pytest.mark.parametrize(
    ("stage", "setting", "weight"),
    [
        ("ect-year-1", "expectation.first_year: error", Severity.ERROR),
        ("ect-year-1", "handbook.names: roles-only", Severity.WARNING),
        ("experienced", "expectation.first_year: error", Severity.INFO),
    ],
)
def test_how_much_a_late_mentor_weighs_is_a_matter_of_the_stage(
    school: School, stage: str, setting: str, weight: Severity
) -> None:
    """In the first year of teaching it is what the policy says, for others good practice."""
    school.settle("mentor.on_appointment: yes", setting)
    school.write("people/p-e6f1u8gd.md", f"{LATE}start: 2026-09-02\ncareer_stage: {stage}\n")
    school.write(PAIR, pair("p-c5t0w6ze", "p-e6f1u8gd", kind="mentoring"))

    assert [one.severity for one in school.found("CB325")] == [weight]


def test_a_late_mentor_is_set_aside_by_a_waiver_with_a_reason(school: School) -> None:
    """What cannot be repaired any more is explained, and weighs nothing then."""
    school.settle("mentor.on_appointment: yes")
    school.write("people/p-e6f1u8gd.md", f"{LATE}start: 2026-09-02\ncareer_stage: ect-year-1\n")
    school.write(PAIR, pair("p-c5t0w6ze", "p-e6f1u8gd", kind="mentoring"))
    school.write(
        "otterbeck/waivers/w-2b4d6f8h.md",
        "type: waiver\nid: w-2b4d6f8h\nschool: otterbeck\ncode: CB325\nabout: p-e6f1u8gd\n"
        "reason: staffing\ngranted_by: p-m3v8x1ra\ngranted_on: 2026-09-20\nuntil: 2027-07-31\n",
    )

    assert [(one.severity, bool(one.waiver)) for one in school.found("CB325")] == [
        (Severity.INFO, True)
    ]


@pytest.mark.parametrize(
    ("lines", "late"),
    [
        ("due: 2026-11-15", True),
        ("due: 2026-11-16", False),
        ("due: 2026-11-13\ndate: 2026-11-15", False),
        ("date: 2026-11-13", False),
    ],
)
def test_training_is_late_after_its_day_until_it_is_done(
    school: School,
    lines: str,
    late: bool,  # noqa: FBT001
) -> None:
    """The day itself is in time, and so is what was done later and is done now."""
    school.write("otterbeck/training/t-4m6p8r2s.md", TRAINING + lines)

    assert bool(school.messages("CB317")) is late


def test_nobody_who_has_left_owes_training(school: School) -> None:
    """A leaver's dates are history."""
    text = TRAINING.replace("p-c5t0w6ze", "p-l8q3i0vp")
    school.write("otterbeck/training/t-4m6p8r2s.md", text + "due: 2026-07-10\n")

    assert school.messages("CB317") == []


VISIT = """\
type: observation
id: o-9r3s5t7v
school: otterbeck
observed: p-n9b4j2ys
observers: [p-c5t0w6ze]
date: 2026-11-12
status: held
"""


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("kind: formal\nscheduled: yes", True),
        ("kind: formal\nscheduled: no", False),
        ("kind: peer-visit\nscheduled: yes", False),
    ],
)
def test_only_a_planned_observation_needs_a_leader(school: School, more: str, told: bool) -> None:  # noqa: FBT001
    """Everyone can learn from everyone; what is planned and formal is made by those who lead."""
    school.settle("visit.arranged: leadership-timetable")
    school.write("otterbeck/2026-27/visits/2026-11-12-o-9r3s5t7v.md", VISIT + more)

    assert bool(school.messages("CB216")) is told


def test_induction_that_is_over_is_not_asked_about(school: School) -> None:
    """What was agreed on years ago is not reckoned again."""
    school.change(
        "people/p-n9b4j2ys.md",
        "start: 2018-09-01",
        "start: 2018-09-01\ninduction_start: 2018-09-01\ninduction_end: 2019-07-20",
    )

    assert school.messages("CB212") == []


@pytest.mark.parametrize(
    ("kind", "told"),
    [("coaching", True), ("mentoring", True), ("ect-mentoring", False), ("peer", False)],
)
def test_who_chose_a_pair_matters_where_the_policy_speaks_of_it(
    school: School,
    kind: str,
    told: bool,  # noqa: FBT001
) -> None:
    """Peers find each other, and new teachers are given a mentor."""
    text = pair("p-x2a7o5kh", "p-n9b4j2ys", kind=kind)
    school.write(PAIR, text.replace("chosen_by: team", "chosen_by: coachee"))

    assert bool(school.messages("CB217")) is told


def test_nobody_visits_their_own_lesson(school: School) -> None:
    """Whoever is observed is not among the observers."""
    school.write(
        "otterbeck/2026-27/visits/2026-11-05-o-5t8w2k4m.md",
        """\
        type: observation
        id: o-5t8w2k4m
        school: otterbeck
        observed: p-c5t0w6ze
        observers: [p-n9b4j2ys, p-c5t0w6ze]
        kind: peer-visit
        date: 2026-11-05
        status: planned
        """.replace("        ", ""),
    )

    assert school.messages("CB202") == ["`p-c5t0w6ze` is both observer and observed"]

"""Rules of process, at their edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.diagnostics import Diagnostic, Severity
from coachbook.rules import check_book, check_plain, forbids_sealing
from tests.rules.samples import decide
from tests.unit.conftest import TODAY
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.rules.conftest import School

FOLDER = "records/otterbeck/2026-27/c-0a1b2c3d"
SESSION = f"{FOLDER}/2026-11-05-s-3x9p5w1d.md"
VISIT = "records/otterbeck/2026-27/visits/2026-11-05-o-7h3k9m1p.md"
PAIR = "records/otterbeck/partnerships/pt-6r1e9k3w.md"
CYCLE = f"{FOLDER}/cycle.md"
CONCERN = "records/otterbeck/sealed/k-5b9d3f7h.md"
HEAD, COACH, COACHEE = "p-h7d2k9qm", small.COACH, small.COACHEE


def write(workspace: Path, path: str, body: str = "", **values: object) -> None:
    """Puts a record into the workspace."""
    rows = "".join(f"{key}: {value}\n" for key, value in values.items())
    place = workspace / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"---\n{rows}---\n{body}", encoding="utf-8")


def session(workspace: Path, body: str = "", **values: object) -> None:
    """Adds a session of the pair, with some lines changed or added."""
    usual = {
        "type": "session",
        "id": "s-3x9p5w1d",
        "school": "otterbeck",
        "cycle": "c-0a1b2c3d",
        "date": "2026-11-05",
        "status": "held",
        "kind": "coaching",
        "minutes": 14,
    }
    write(workspace, SESSION, body, **(usual | values))


def visit(workspace: Path, body: str = "", **values: object) -> None:
    """Adds a visit to the coachee by the monitor, with some lines changed or added."""
    usual = {
        "type": "observation",
        "id": "o-7h3k9m1p",
        "school": "otterbeck",
        "kind": "formal",
        "observed": COACHEE,
        "observers": "[p-m3v8x1ra]",
        "date": "2026-11-05",
        "status": "held",
        "minutes": 20,
    }
    write(workspace, VISIT, body, **(usual | values))


def change(workspace: Path, path: str, old: str, new: str) -> None:
    """Replaces a text that has to be there."""
    source = (workspace / path).read_text(encoding="utf-8")
    assert old in source
    (workspace / path).write_text(source.replace(old, new), encoding="utf-8")


def settle(workspace: Path, *lines: str) -> None:
    """Lets the policy say so, in its header and in a clause."""
    place = workspace / small.POLICY
    place.write_text(decide(place.read_text(encoding="utf-8"), [*lines]), encoding="utf-8")


def found(workspace: Path, code: str) -> list[Diagnostic]:
    """The findings of one rule."""
    return [one for one in check_book(load_book(workspace, today=TODAY)) if one.code == code]


def plain(workspace: Path, path: str) -> tuple[Diagnostic, ...]:
    """What is found about a record that is sealed whole, while it is plain."""
    book = load_book(workspace, today=TODAY)
    return check_plain(book, book.records[path])


@pytest.mark.parametrize("subject", ["maths", "Maths", "writing"])
def test_a_subject_that_the_policy_names_passes(workspace: Path, subject: str) -> None:
    """Capital letters make no other subject."""
    settle(workspace, "subject.allowed.books: [maths, writing]")
    session(workspace, kind="books", subject=subject)

    assert found(workspace, "CB405") == []


def test_a_subject_of_another_kind_of_session_is_free(workspace: Path) -> None:
    """The limit on coaching about books is none on other coaching."""
    settle(workspace, "subject.allowed.books: [maths, writing]")
    session(workspace, subject="science")

    assert found(workspace, "CB405") == []


def test_a_group_has_its_own_subjects(workspace: Path) -> None:
    """A session of a group is judged by what groups are for."""
    settle(workspace, "subject.allowed.groups: [reading]")
    session(workspace, kind="group", subject="writing")

    (finding,) = found(workspace, "CB405")
    assert finding.message == "coaching in groups is about reading; this says writing"


def test_a_drop_in_may_have_steps_where_the_policy_says_so(workspace: Path) -> None:
    """Only a policy that forbids them makes steps on a drop-in a finding."""
    settle(workspace, "dropin.next_steps: allowed")
    visit(workspace, "\n## What was seen\n\n## Action steps\n\n- [ ] Ask\n", kind="drop-in")

    assert found(workspace, "CB406") == []


def test_steps_in_a_section_for_steps_count(workspace: Path) -> None:
    """A drop-in on a form that has steps must leave them empty."""
    settle(workspace, "dropin.next_steps: forbidden")
    visit(workspace, "\n## What was seen\n\n## Action steps\n\n- [ ] Ask\n", kind="drop-in")

    (finding,) = found(workspace, "CB406")
    assert finding.span.line == 15
    assert not finding.quotable


def test_an_empty_section_for_steps_is_no_step(workspace: Path) -> None:
    """The heading that the form brings says nothing."""
    settle(workspace, "dropin.next_steps: forbidden")
    visit(workspace, "\n## What was seen\n\n## Action steps\n", kind="drop-in")

    assert found(workspace, "CB406") == []


def test_only_the_head_uses_the_head_s_sheet(workspace: Path) -> None:
    """Where the head may grade, nobody else may."""
    settle(workspace, "grades.allowed_to: head")
    visit(workspace, "\n## Evidence\n", form="graded-sheet@1")

    (finding,) = found(workspace, "CB407")
    assert finding.message == (
        "only the head gives grades here, and Petra Quillfeather is named as observer"
    )


def test_the_head_may_grade_where_the_policy_says_so(workspace: Path) -> None:
    """The head's own sheet is then no finding."""
    settle(workspace, "grades.allowed_to: head")
    visit(workspace, "\n## Evidence\n", form="graded-sheet@1", observers=f"[{HEAD}]")

    assert found(workspace, "CB407") == []


def test_the_form_for_early_career_teachers_is_for_them(workspace: Path) -> None:
    """Its scale is used on nobody whose induction is over."""
    settle(workspace, "grades.allowed_to: ect-form")
    visit(workspace, form="ect-observation@1")

    (finding,) = found(workspace, "CB407")
    assert "Nerys Sallowfield is not in induction" in finding.message


def test_an_early_career_teacher_is_observed_on_their_form(workspace: Path) -> None:
    """During induction the scale of the form is allowed."""
    settle(workspace, "grades.allowed_to: ect-form")
    visit(workspace, form="ect-observation@1", observed="p-e6f1u8gd")

    assert found(workspace, "CB407") == []


def test_a_form_without_grades_is_free(workspace: Path) -> None:
    """An ordinary observation is nobody's grade."""
    visit(workspace, "\n## What was seen\n")

    assert found(workspace, "CB407") == []


def test_a_session_after_going_on_again_is_sound(workspace: Path) -> None:
    """A pause that is over stops nothing."""
    change(
        workspace,
        PAIR,
        "status: active",
        "status: active\npaused_from: 2026-10-01\nresumed_on: 2026-11-12",
    )

    assert found(workspace, "CB408") == []


def test_the_session_at_which_it_was_stopped_was_held(workspace: Path) -> None:
    """A pause begins after the session of its day."""
    change(workspace, PAIR, "status: active", "status: paused\npaused_from: 2026-11-12")

    assert found(workspace, "CB408") == []


def test_only_the_first_session_waits_for_the_agreement(workspace: Path) -> None:
    """What was missed once is said once."""
    change(workspace, PAIR, "agreed_on: 2026-09-14\n", "")
    session(workspace)

    assert [one.path for one in found(workspace, "CB436")] == [SESSION]


def test_the_meeting_that_agrees_comes_first(workspace: Path) -> None:
    """Agreeing how to work is itself a meeting."""
    change(workspace, PAIR, "agreed_on: 2026-09-14\n", "")
    session(workspace, kind="contracting")

    assert [one.path for one in found(workspace, "CB436")] != [SESSION]


def test_a_session_cannot_improve_what_has_no_goal(workspace: Path) -> None:
    """A session in the phase improve needs a cycle with a goal."""
    session(workspace, phase="improve")

    (finding,) = found(workspace, "CB422")
    assert finding.path == SESSION


def test_a_missing_goal_is_told_at_the_cycle_alone(workspace: Path) -> None:
    """Once the cycle is told so, its sessions are not."""
    session(workspace, phase="improve")
    change(workspace, CYCLE, "phase: learn", "phase: improve")

    assert [one.path for one in found(workspace, "CB422")] == [CYCLE]


def test_a_cycle_that_ended_early_needs_no_goal(workspace: Path) -> None:
    """Whoever stops owes no explanation."""
    change(workspace, CYCLE, "phase: learn", "phase: done")
    change(workspace, CYCLE, "status: open", "status: ended\nclosed_on: 2026-11-13")

    assert found(workspace, "CB422") == []


def test_mentoring_has_no_model_to_keep_to(workspace: Path) -> None:
    """The models of coaching are none of a mentor's business."""
    change(workspace, PAIR, "kind: coaching", "kind: ect-mentoring")
    change(workspace, CYCLE, "model: impact-cycle", "model: mentoring")

    assert found(workspace, "CB402") == []


def test_a_letter_goes_past_the_mentor(workspace: Path) -> None:
    """Whoever has a mentor shows them a letter that matters before it goes."""
    settle(workspace, "proofreading.required: [letters]")
    change(workspace, PAIR, "kind: coaching", "kind: mentoring")
    write(
        workspace,
        "records/otterbeck/2026-27/letters/2026-11-12-cc-8b2d4f6h.md",
        type="comms-check",
        id="cc-8b2d4f6h",
        school="otterbeck",
        kind="letter",
        author=COACHEE,
        reader="p-m3v8x1ra",
        checked_on="2026-11-12",
    )

    (finding,) = found(workspace, "CB421")
    assert "the writer's mentor, Idris Marlowe-Beck" in finding.message


def test_more_answers_than_people_asked_is_a_slip(workspace: Path) -> None:
    """One of the two numbers is wrong."""
    write(
        workspace,
        "records/otterbeck/2026-27/surveys/2026-11-12-sv-6a8c0e2g.md",
        "\n## Results\n",
        type="survey",
        id="sv-6a8c0e2g",
        school="otterbeck",
        date="2026-11-12",
        title="How are we doing?",
        invited=9,
        answered=12,
    )

    (finding,) = found(workspace, "CB430")
    assert finding.message == "12 people answered, and 9 were asked"


def test_consent_that_is_still_to_come_is_none(workspace: Path) -> None:
    """A day in the future is no agreement."""
    write(
        workspace,
        "records/otterbeck/2026-27/praise/2026-11-12-gp-1c3e5g7i.md",
        "\n## Praise\n\n## Public words\n\nA calm start.\n",
        type="good-practice",
        id="gp-1c3e5g7i",
        school="otterbeck",
        date="2026-11-12",
        person=COACHEE,
        consent_on="2026-12-01",
    )

    (finding,) = found(workspace, "CB429")
    assert finding.message.endswith("1 Dec 2026, which is still to come")


def test_praise_without_public_words_needs_no_consent(workspace: Path) -> None:
    """What stays sealed was never published."""
    write(
        workspace,
        "records/otterbeck/2026-27/praise/2026-11-12-gp-1c3e5g7i.md",
        "\n## Praise\n\n## Public words\n",
        type="good-practice",
        id="gp-1c3e5g7i",
        school="otterbeck",
        date="2026-11-12",
        person=COACHEE,
    )

    assert found(workspace, "CB429") == []


def concern(workspace: Path, **values: object) -> None:
    """Writes a concern about the coachee, with some lines changed or added."""
    usual = {
        "type": "concern",
        "id": "k-5b9d3f7h",
        "school": "otterbeck",
        "raised_on": "2026-11-02",
        "raised_by": COACH,
        "about": COACHEE,
        "reported_to": "p-m3v8x1ra",
        "status": "open",
    }
    text = "\n## What was noticed\n\nPlanning came in late.\n"
    write(workspace, CONCERN, text, **(usual | values))


def test_a_concern_on_its_route_is_sealed_in_silence(workspace: Path) -> None:
    """Reported to the deputy, where the deputy is on the route."""
    settle(workspace, "concern.route: [head, deputy]")
    concern(workspace)

    assert plain(workspace, CONCERN) == ()


def test_a_concern_is_told_by_its_place_alone(workspace: Path) -> None:
    """No message about it names a person, a day or a word of it."""
    settle(workspace, "concern.route: [head]", "concern.share_within_days: 5")
    concern(workspace)

    said = [f"{one.message} {one.hint}" for one in plain(workspace, CONCERN)]

    assert len(said) == 2
    for word in ("Nerys", "Idris", "Petra", COACHEE, "Nov", "2026", "late"):
        assert not any(word in line for line in said)
    assert not any(one.quotable for one in plain(workspace, CONCERN))


def test_a_concern_has_school_days_and_not_weekends(workspace: Path) -> None:
    """Ten school days from 2 November end on Monday 16 November."""
    settle(workspace, "concern.route: [deputy]", "concern.share_within_days: 10")
    concern(workspace)

    assert plain(workspace, CONCERN) == ()


def test_a_concern_shared_late_is_true_and_told(workspace: Path) -> None:
    """The day is never to be altered, and the message says so."""
    settle(workspace, "concern.route: [deputy]", "concern.share_within_days: 3")
    concern(workspace, shared_with_subject_on="2026-11-11")

    (finding,) = plain(workspace, CONCERN)
    assert (finding.code, finding.hint) == ("CB410", "nothing to do if that is the day")


def test_a_concern_on_the_wrong_desk_can_still_be_sealed(workspace: Path) -> None:
    """It is better sealed with a reminder than left lying in the clear."""
    settle(workspace, "concern.route: [head]")
    concern(workspace)

    (finding,) = plain(workspace, CONCERN)
    assert finding.severity is Severity.ERROR
    assert not forbids_sealing(finding)


def test_a_concern_without_a_name_is_not_sealed(workspace: Path) -> None:
    """A field that the form requires is asked for while somebody can still add it."""
    concern(workspace, about="")

    missing = [one for one in plain(workspace, CONCERN) if one.code == "CB103"]

    assert [forbids_sealing(one) for one in missing] == [True]


def test_an_extract_of_somebody_in_induction_is_not_sealed(workspace: Path) -> None:
    """Appraisal begins when induction is over."""
    write(
        workspace,
        "records/otterbeck/sealed/k-2d6f8h4j.md",
        "\n## Extract\n\nI changed how I begin.\n",
        type="appraisal-extract",
        id="k-2d6f8h4j",
        school="otterbeck",
        person="p-e6f1u8gd",
        written_on="2026-11-12",
    )

    (finding,) = plain(workspace, "records/otterbeck/sealed/k-2d6f8h4j.md")
    assert finding.code == "CB433"
    assert forbids_sealing(finding)


def test_an_unsealed_concern_is_looked_at_by_check_too(workspace: Path) -> None:
    """What lies in the clear by mistake is told with everything that is wrong with it."""
    settle(workspace, "concern.route: [head]")
    concern(workspace)

    assert found(workspace, "CB501")
    assert not found(workspace, "CB409")[0].quotable


def test_a_route_may_begin_with_the_person_themselves(workspace: Path) -> None:
    """Where the policy says so, nobody hears of a concern before the one it is about."""
    settle(workspace, "concern.route: [mentee, deputy]")
    concern(workspace)

    (finding,) = [one for one in plain(workspace, CONCERN) if one.code == "CB409"]
    assert finding.severity is Severity.WARNING
    assert "with the person it is about first" in finding.message


def test_no_cycle_is_turned_into_capability_mentoring(workspace: Path) -> None:
    """Such a record has no line that leads to a cycle, and is not sealed with one."""
    path = "records/otterbeck/sealed/k-8h6f4d2b.md"
    write(
        workspace,
        path,
        "\n## Notes\n\nPlanning.\n",
        type="capability-mentoring",
        id="k-8h6f4d2b",
        school="otterbeck",
        cycle="c-0a1b2c3d",
        person=COACHEE,
        mentor="p-m3v8x1ra",
        held_on="2026-11-12",
    )

    (finding,) = plain(workspace, path)
    assert (finding.code, finding.span.line) == ("CB102", 5)
    assert "c-0a1b2c3d" not in finding.message + finding.hint
    assert forbids_sealing(finding)


def test_a_value_that_does_not_fit_is_not_repeated(workspace: Path) -> None:
    """A slip in a concern is told by its line."""
    concern(workspace, status="very worried")

    (finding,) = [one for one in plain(workspace, CONCERN) if one.code == "CB104"]
    assert finding.span.line == 9
    assert "worried" not in finding.message + finding.hint


def test_a_pause_says_since_when(workspace: Path) -> None:
    """Without its first day nobody could say which sessions came after."""
    change(workspace, PAIR, "status: active", "status: paused")

    (finding,) = found(workspace, "CB408")
    assert (finding.severity, finding.path) == (Severity.WARNING, PAIR)


def test_a_meeting_outside_a_cycle_is_not_told_what_its_pair_is_told(workspace: Path) -> None:
    """A pair with somebody in induction is reported once, at the partnership."""
    change(workspace, PAIR, f"coachee: {COACHEE}", "coachee: p-e6f1u8gd")
    write(
        workspace,
        "records/otterbeck/2026-27/pt-6r1e9k3w/2026-11-05-s-3x9p5w1d.md",
        type="session",
        id="s-3x9p5w1d",
        school="otterbeck",
        partnership="pt-6r1e9k3w",
        date="2026-11-05",
        status="held",
        kind="coaching",
        minutes=14,
    )

    assert [one.path for one in found(workspace, "CB403")] == [PAIR]


@pytest.mark.parametrize(("follows", "found"), [("c-0a1b2c3d", 1), ("c-9z9z9z9z", 0)])
def test_a_cycle_does_not_follow_itself(school: School, follows: str, found: int) -> None:
    """A cycle that names itself as the one before is told; one that is not there is CB201."""
    cycle = "otterbeck/2026-27/c-0a1b2c3d/cycle.md"
    school.change(cycle, "\nstatus: ", f"\nfollows: {follows}\nstatus: ")

    assert school.messages("CB219") == ["this cycle follows itself"] * found

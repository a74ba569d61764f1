"""`coachbook new`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.desk import COACH, COACHEE, HEAD, MONITOR
from tests.cli.terminal import at_terminal

if TYPE_CHECKING:
    from tests.cli.desk import Desk

CYCLE = "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"
POLICY = "records/otterbeck/policy-2026-09.md"

# Every form that `new` can begin, with what only a person can say.
FORMS = {
    "session": ("--minutes", "14"),
    "impact-statement": ("--author", COACHEE),
    "partnership": ("--coach", MONITOR, "--coachee", COACHEE),
    "cycle": ("--coach", COACH, "--coachee", COACHEE),
    "person": (
        *("--display-name", "Ivo Tarrant", "--category", "teacher"),
        *("--schools", "otterbeck", "--start", "2026-09-02"),
    ),
    "role-assignment": ("--person", COACH, "--role", "slt", "--from", "2026-09-02"),
    "concern": ("--raised-by", MONITOR, "--about", COACH, "--reported-to", HEAD),
    "stop": ("--by", "coach"),
    "signpost": ("--person", COACHEE, "--by", MONITOR),
    "probation": ("--person", COACHEE, "--due", "2026-12-01", "--outcome", "on-track"),
    "capability-mentoring": ("--person", COACHEE, "--mentor", MONITOR),
    "appraisal-extract": ("--person", COACHEE),
    "contracting": ("--minutes", "20"),
    "observation": ("--observed", COACHEE, "--observers", COACH),
    "group": ("--members", f"{COACH},{COACHEE},{MONITOR}"),
    "goal-check": (),
    "waiver": (
        *("--code", "CB302", "--about", "s-7kq2m4xa", "--reason", "timetable"),
        *("--granted-by", MONITOR, "--until", "2026-12-18"),
    ),
    "accountability": ("--person", COACHEE, "--accountable-to", COACH),
    "training": ("--person", COACHEE, "--title", "Safe handling", "--due", "2026-11-30"),
    "comms-check": ("--author", COACHEE, "--reader", COACH),
}


@pytest.mark.parametrize("name", FORMS)
def test_each_form_can_be_begun(desk: Desk, name: str) -> None:
    """Every type of record is begun with its id, place and headings filled in."""
    result = desk.run("new", name, *FORMS[name], "--yes")

    assert result.status == 0, result.err
    record = desk.record(result.out.strip())
    assert record.id
    assert [f.message for f in desk.book.findings if f.path == record.path] == []


def test_new_says_what_else_the_header_can_hold(desk: Desk) -> None:
    """Whoever goes on in Notepad sees what a line may be called, and not what is there already."""
    result = desk.run("new", "session", "--minutes", "14", "--yes")

    (told,) = [line for line in result.err.splitlines() if "header can also say" in line]
    assert "start_time, scheduled" in told
    assert not {"minutes", "locked", "drafted_by"} & set(told.replace(",", "").split())


def test_guide_lines_are_never_sealed(desk: Desk) -> None:
    """What stands under a heading to guide the writer does not end up in the sealed text."""
    path = desk.run("new", "session", "--yes", person=COACH).out.strip()
    guide = "## Notes\n"
    desk.write(path, desk.read(path).replace(guide, f"{guide}We counted to three.\n"))
    assert desk.run("seal", path).status == 0

    text = desk.run("open", path, person=COACH).out

    assert "We counted to three." in text
    assert "guide" not in text
    assert "guide" not in desk.read(path)


def test_a_stop_says_how_to_pause_the_pair(desk: Desk) -> None:
    """Nobody has to know that the clear record of the pair goes on as if nothing were (A-25)."""
    result = desk.run("new", "stop", *FORMS["stop"], "--yes")

    assert "then pause the pair: write `status: paused` and `paused_from: 2026-" in result.err
    assert "in records/otterbeck/partnerships/pt-" in result.err


def test_a_cycle_of_a_new_pair_says_that_it_has_to_agree_first(desk: Desk) -> None:
    """The day is asked for at the beginning, not when the first note is saved (A-23)."""
    first = desk.run("new", "cycle", "--coach", MONITOR, "--coachee", COACHEE, "--yes")
    (pair,) = [line.split(": ")[-1] for line in first.err.splitlines() if "began a" in line]

    assert f"write the day as `agreed_on` in {pair}" in first.err


def test_whole_record_is_sealed(desk: Desk) -> None:
    """A stop becomes a sealed record of which type, people and day do not show."""
    path = desk.run("new", "stop", *FORMS["stop"], "--yes").out.strip()
    text = desk.read(path)
    desk.write(path, text.replace("## Reason\n", "## Reason\nToo much at once.\n"))

    result = desk.run("seal", path)

    assert result.status == 0, result.err
    assert not (desk.root / path).exists()
    (sealed,) = (desk.root / "records/otterbeck/sealed").glob("x-*.md")
    assert "type: sealed" in sealed.read_text()
    assert b"Too much at once" not in desk.everything()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--minutes", "fifteen"), "is not a whole number"),
        (("--minutes", ""), "--minutes has no value"),
        (("--start-time", "25:00"), "is not a time of day"),
        (("--cycle", "c-ffffffff"), "there is no cycle 'c-ffffffff'"),
        (("--minuets", "5"), "has no field"),
        (("--date",), "--date has no value"),
        (("14",), "belongs to no field"),
    ],
)
def test_what_does_not_fit_is_refused(desk: Desk, arguments: tuple[str, ...], words: str) -> None:
    """A value that the form would not take is refused before a file is written."""
    result = desk.run("new", "session", *arguments, "--yes")

    assert result.status == 2
    assert words in result.err
    assert result.out == ""


def test_everyday_dates(desk: Desk) -> None:
    """A date may be written as people write it; the record has it as 2026-11-19."""
    path = desk.run("new", "session", "--date", "19 Nov 2026", "--yes").out.strip()

    assert "\ndate: 2026-11-19\n" in desk.read(path)


def test_all_that_is_missing_is_named(desk: Desk) -> None:
    """Where nobody can be asked, every missing field is named with its flag."""
    result = desk.run("new", "concern", "--yes")

    assert result.status == 2
    assert "raised by, about and reported to are missing" in result.err
    assert "hint: say --about (a name or id)" in result.err


def test_a_cycle_that_cannot_be_begun_leaves_no_partnership(desk: Desk) -> None:
    """A partnership that was begun for a cycle is taken back where the cycle fails."""
    before = {p.name for p in (desk.root / "records/otterbeck/partnerships").iterdir()}

    result = desk.run("new", "cycle", "--coach", MONITOR, "--coachee", COACH, "--phase", "late")

    assert result.status == 2
    assert {p.name for p in (desk.root / "records/otterbeck/partnerships").iterdir()} == before


def test_which_cycle_is_a_question(desk: Desk) -> None:
    """Of several open cycles, one is asked for at a terminal, and named elsewhere."""
    second = CYCLE.replace("c-0a1b2c3d", "c-9z8y7x6w")
    desk.write(second, desk.read(CYCLE).replace("c-0a1b2c3d", "c-9z8y7x6w"))
    refused = desk.run("new", "session")
    assert refused.status == 2
    assert "which cycle?" in refused.err
    assert "hint: --cycle c-9z8y7x6w  " in refused.err

    status, out, screen = at_terminal(("new", "session"), ("seven", "2"), desk.root)

    assert status == 0, screen
    assert "it is a number from 1 to 2" in screen
    assert (desk.root / out.strip()).is_file()


def test_help_lists_the_fields(desk: Desk) -> None:
    """`new TYPE --help` lists the fields of the form, with their choices."""
    text = desk.run("new", "session", "--help").out

    assert "--status" in text
    assert "planned, held, missed" in text
    assert "concern" in desk.run("new", "--help").out
    assert "did you mean session?" in desk.run("new", "sesion", "--help").err


def test_a_form_is_named_with_its_type(desk: Desk) -> None:
    """--form chooses among the forms of a type, and not one of another type."""
    fields = ("--observed", COACHEE, "--observers", COACH, "--yes")
    path = desk.run("new", "observation", "--form", "peer-visit", *fields).out.strip()
    refused = desk.run("new", "observation", "--form", "contracting", *fields)

    assert "\nform: peer-visit@1\n" in desk.read(path)
    assert "kind: peer-visit" in desk.read(path)
    assert "contracting is for another type of record: session" in refused.err


def test_an_id_says_what_the_record_belongs_to(desk: Desk) -> None:
    """What a message advises can be typed as it stands: new impact, and the id of the cycle."""
    path = desk.run("new", "impact", "c-0a1b2c3d", "--author", MONITOR, "--yes").out.strip()
    unknown = desk.run("new", "impact", "c-0a1b2c3e", "--author", MONITOR, "--yes")

    assert "\ncycle: c-0a1b2c3d\n" in desk.read(path)
    assert "there is no record 'c-0a1b2c3e'" in unknown.err
    assert "hint: did you mean c-0a1b2c3d?" in unknown.err


def test_the_words_of_the_trust_are_understood(desk: Desk) -> None:
    """Where a coachee is called mentee and a partnership begins with a buddy, so does `new`."""
    trust = desk.read("records/trust.md")
    words = 'words: ["buddy = coach", "mentee = coachee"]\nname:'
    desk.write("records/trust.md", trust.replace("name:", words, 1))

    path = desk.run("new", "buddy", "--buddy", MONITOR, "--mentee", COACHEE, "--yes").out.strip()

    assert desk.record(path).type == "partnership"
    assert f"coach: {MONITOR}\ncoachee: {COACHEE}\n" in desk.read(path)


def test_a_form_that_the_school_does_not_use_is_refused(desk: Desk) -> None:
    """Nothing is written on a form whose readers the policy does not know."""
    result = desk.run("new", "graded-sheet", "--observed", COACHEE, "--observers", COACH, "--yes")

    assert result.status == 2
    assert 'the policy has no row "Graded sheet"' in result.err
    assert not (desk.root / "records/otterbeck/2026-27/visits").exists()


def test_the_head_is_refused_where_the_policy_keeps_the_head_out(desk: Desk) -> None:
    """What saving would refuse is not begun."""
    result = desk.run("new", "partnership", "--coach", HEAD, "--coachee", COACHEE, "--yes")

    assert result.status == 2
    assert "the head takes no part in coaching here" in result.err


def test_one_of_two_fields_is_asked_for(desk: Desk) -> None:
    """Training is done or due; an empty answer to the first goes on to the second."""
    fields = ("new", "training", "--person", COACHEE, "--title", "Safe handling")
    refused = desk.run(*fields, "--yes")

    status, out, screen = at_terminal(fields, ("", "30 Nov 2026"), desk.root)

    assert "training: date or due is missing" in refused.err
    assert status == 0, screen
    assert "\ndue: 2026-11-30\n" in desk.read(out.strip())


def test_open_steps_of_a_partnership_are_carried_on(desk: Desk) -> None:
    """A session outside a cycle follows on the last of its partnership, on whatever form."""
    policy = desk.read(POLICY).replace("cycle.required: yes", "cycle.required: no")
    desk.write(POLICY, policy.replace("forms.used: [", "forms.used: [basic, "))
    desk.write(CYCLE, desk.read(CYCLE).replace("status: open", "status: ended"))
    first = desk.run("new", "basic", "pt-6r1e9k3w", "--date", "2026-11-16", "--yes").out.strip()
    steps = "- [ ] Ask two colleagues (by 26 Nov)\n- [x] Listen for three minutes (by 19 Nov)\n"
    head, line, rest = desk.read(first).partition("\n## Commitment")
    desk.write(first, f"{head}{steps}{line}{rest}")
    assert desk.run("seal", first).status == 0

    second = desk.run("new", "session", "pt-6r1e9k3w", "--yes", person=COACH).out.strip()

    assert "\nform: coaching-session@1\n" in desk.read(second)
    assert "- [ ] Ask two colleagues (by 26 Nov)\n" in desk.read(second)
    assert "Listen for three minutes" not in desk.read(second)


def test_typed_lines_stand_ready(desk: Desk) -> None:
    """What has to be answered need not be remembered."""
    path = desk.run("new", "cycle", *FORMS["cycle"], "--yes").out.strip()

    assert "Outcome: met, part-met" in desk.read(path)
    assert "\nOutcome: \n" in desk.read(path)
    assert desk.run("check", path).status == 0

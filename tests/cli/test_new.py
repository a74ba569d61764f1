"""`coachbook new`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.desk import COACH, COACHEE, HEAD, MONITOR
from tests.cli.terminal import at_terminal

if TYPE_CHECKING:
    from tests.cli.desk import Desk

CYCLE = "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"

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
}


@pytest.mark.parametrize("name", FORMS)
def test_each_form_can_be_begun(desk: Desk, name: str) -> None:
    """Every type of record is begun with its id, place and headings filled in."""
    result = desk.run("new", name, *FORMS[name], "--yes")

    assert result.status == 0, result.err
    record = desk.record(result.out.strip())
    assert record.id
    assert [f.message for f in desk.book.findings if f.path == record.path] == []


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

"""Forms, words and policies in the hands of somebody who can write to the repository."""

from __future__ import annotations

from time import process_time
from typing import TYPE_CHECKING

import pytest

from coachbook.clauses import parse_body
from tests.cli.desk import COACH, DRAFT, DRAFT_TEXT, HEAD, NOTE, make_desk

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.desk import Desk, Result

ID = "s-2b4d6f8h"
POLICY = "records/otterbeck/policy-2026-09.md"
FORM = "records/forms/other.yml"
OTHER = """\
form: other
version: 1
like: coaching-session@1
title: Other
purpose: What somebody else would like.
"""
CLEAR = """\
sections:
  Notes: {row: session header}
  Action steps: {row: session header}
  Coach notes: {row: session header}
"""
REFLECTION = """\
sections:
  Coachee reflection: {sealed: true, row: session notes, author: [coach]}
"""
CHANGE = "path.write_text(path.read_text().replace('Two pupils', 'Three pupils'))"


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """The small school with a sealed session of the pair, on a device that knows every key."""
    desk = make_desk(tmp_path, monkeypatch, capsys)
    desk.write(DRAFT, DRAFT_TEXT)
    assert desk.run("seal", DRAFT, person=COACH).status == 0
    desk.commit_all()
    desk.editor(CHANGE)
    return desk


def replace_in(desk: Desk, path: str, old: str, new: str) -> None:
    """Changes a word of a file, as anybody with a copy can."""
    text = desk.read(path)
    assert old in text
    desk.write(path, text.replace(old, new))


def admit_head(desk: Desk, row: str) -> None:
    """Lets the head read a row of the policy, in the version that is in force."""
    cells = f"| {row} | write | write | read | – |"
    replace_in(desk, POLICY, f"{cells} – |", f"{cells} read |")


def refused_edit(desk: Desk) -> Result:
    """What the coach is told who edits the note now; not one byte of it is changed."""
    before = desk.read(DRAFT)
    result = desk.run("edit", ID, person=COACH)
    assert result.status != 0
    assert desk.read(DRAFT) == before
    assert desk.run("open", ID, person=HEAD).status == 2
    return result


def test_a_wider_policy_opens_no_older_note_by_the_next_edit(desk: Desk) -> None:
    """Whom somebody writes into the policy's table, the next edit lets in only when it is told."""
    admit_head(desk, "Session notes")

    result = refused_edit(desk)

    assert "more people would read the text" in result.err
    assert "--new-reader head@otterbeck" in result.err
    agreed = desk.run("edit", ID, "--new-reader", "head@otterbeck", person=COACH)
    assert agreed.status == 0, agreed.err


def test_another_form_in_the_header_lets_nobody_in(desk: Desk) -> None:
    """A form whose notes more people read opens no older note by a word in its header."""
    admit_head(desk, "Mentor notes")
    replace_in(desk, DRAFT, "type: session\n", "type: session\nform: mentor-meeting@1\n")

    assert "--new-reader head@otterbeck" in refused_edit(desk).err


def test_a_note_open_in_place_is_sealed_for_nobody_new(desk: Desk) -> None:
    """A note that its author has open is not sealed for more people by a change meanwhile."""
    assert desk.run("open", ID, "--in-place", person=COACH).status == 0
    admit_head(desk, "Session notes")

    result = desk.run("seal", DRAFT, person=COACH)

    assert result.status == 2
    assert "could not read it before" in result.err


def test_a_form_of_ones_own_puts_no_note_in_the_clear(desk: Desk) -> None:
    """A form that calls notes clear is refused, before a note on it is opened or saved."""
    desk.write(FORM, OTHER + CLEAR)
    replace_in(desk, DRAFT, "type: session\n", "type: session\nform: other@1\n")

    result = refused_edit(desk)

    assert 'section "Notes" is sealed in form coaching-session@1, and not here' in result.err


def test_a_note_open_in_place_is_not_saved_in_the_clear(desk: Desk) -> None:
    """If a form calls notes clear while one is open in its file, nothing of it is committed."""
    assert desk.run("open", ID, "--in-place", person=COACH).status == 0
    desk.write(FORM, OTHER + CLEAR)
    replace_in(desk, DRAFT, "type: session\n", "type: session\nform: other@1\n")

    result = desk.run("save", person=COACH)

    assert result.status == 2
    assert "is sealed in form coaching-session@1" in result.err
    assert NOTE not in desk.git("log", "-p", "--all")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            "row: plans and priorities\n",
            "the header of a session belongs to the row session header",
        ),
        (
            "fields:\n  missed_reason: {type: text, row: plans and priorities}\n",
            "field `missed_reason` belongs to the row session header, not here",
        ),
        (
            REFLECTION,
            'section "Coachee reflection" is for the coachee alone to write, not here',
        ),
        (
            "sections:\n  Coach notes: {sealed: true, row: coach private notes}\n",
            'section "Coach notes" is for the coach alone to write, not here',
        ),
    ],
    ids=["header", "field", "author", "anybody"],
)
def test_a_form_of_ones_own_shows_and_gives_nothing_to_others(
    desk: Desk, more: str, message: str
) -> None:
    """No form moves a header to a wider row, or what one person writes into another's hands."""
    desk.write(FORM, OTHER + more)

    result = desk.run("check")

    assert result.status == 2
    assert message in result.err


def test_a_draft_is_one_on_every_form(desk: Desk) -> None:
    """A form without a life of its own, named in the header, does not share a draft."""
    life = f"minutes: 15\nnote: draft\ndrafted_by: {COACH}\n"
    path = DRAFT.replace(ID, "s-3b4d6f8h")
    text = DRAFT_TEXT.replace(ID, "s-3b4d6f8h").replace("minutes: 15\n", life)
    desk.write(path, text)
    assert desk.run("seal", path, person=COACH).status == 0
    sections = CLEAR.replace("{row: session header}", "{sealed: true, row: session notes}")
    desk.write(FORM, f"{OTHER}life: false\n{sections}")
    replace_in(desk, path, "type: session\n", "type: session\nform: other@1\n")
    before = desk.read(path)

    result = desk.run("edit", path, person=COACH)

    assert result.status == 2
    assert desk.read(path) == before


@pytest.mark.parametrize("path", ["records/trust.md", "records/otterbeck/school.md"])
def test_words_swap_no_columns(desk: Desk, path: str) -> None:
    """A word for a role never takes the name of another: each column stays whose it was."""
    before = desk.book.policies["otterbeck"][0].access
    swapped = '\nwords: ["coach = head", "head = coach", "monitor = lead-coach"]\n---\n'
    desk.write(path, desk.read(path).replace("\n---\n", swapped, 1))

    assert desk.book.policies["otterbeck"][0].access == before


def test_a_version_of_thousands_of_digits_is_no_version(desk: Desk) -> None:
    """A record that names a form's version in five thousand digits is a finding, not a crash."""
    version = "9" * 5000
    replace_in(desk, DRAFT, "type: session\n", f"type: session\nform: other@{version}\n")

    result = desk.run("check")

    assert result.status == 1, result.err


def test_a_form_like_a_version_of_thousands_of_digits_is_refused(desk: Desk) -> None:
    """So is a form that is to be like such a one."""
    desk.write(FORM, OTHER.replace("session@1", "session@" + "9" * 5000))

    result = desk.run("check")

    assert result.status == 2
    assert "`like` names no form" in result.err


def test_a_heading_made_to_be_slow_is_read_at_once() -> None:
    """A heading of thousands of blanks and signs costs no more than its length."""
    start = process_time()

    body = parse_body("# " + " " * 20_000 + "#" * 20_000 + "x\n\n# Coaching ##\n", 1)

    assert process_time() - start < 1
    assert body.headings[-1].text == "Coaching"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("| Session notes |", "| \u202eSession notes |"),
        ("| Head |", "| He\u00adad\u2069 |"),
        ("1.1 Coaching helps", "1.1 \u2067Coaching helps"),
        ("1.1 Coaching helps", "1.1 Coaching\u200b helps"),
        ("retention.notes: until", "retention.notes: \u202euntil"),
        ("retention.notes: until 31 August after the cycle closes", r'retention.notes: "\u202e1"'),
    ],
    ids=["row", "column", "clause", "no width", "setting", "setting as a code"],
)
def test_nothing_in_a_policy_reads_otherwise_than_it_is(desk: Desk, old: str, new: str) -> None:
    """Letters that nobody sees, and that turn a row round, are in no policy that is published."""
    replace_in(desk, POLICY, old, new)

    result = desk.run("build", "--only", "handbook")

    assert result.status == 1, result.err
    assert not (desk.root / "site").exists()


def test_a_name_turns_no_sentence_round(desk: Desk) -> None:
    """The line that says who can read a note can't be turned round by a name in it."""
    person = f"records/people/{HEAD}.md"
    replace_in(desk, person, "Odalys Renwick-Tarn", r'"Odalys\u202e"')

    assert f"{person}:4:15: CB101 an invisible control" in desk.run("check").out

"""`coachbook edit`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from coachbook.cli.editor import editor_command
from coachbook.readers import stated_readers
from tests.cli.desk import (
    COACH,
    COACHEE,
    DRAFT,
    DRAFT_TEXT,
    HEAD,
    MONITOR,
    NOTE,
    PLAIN_WHOLE,
    PLAIN_WHOLE_TEXT,
    WORDS,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.desk import Desk

REPLACE = "path.write_text(path.read_text().replace({!r}, {!r}))"


@pytest.fixture
def sealed(desk: Desk) -> Desk:
    """The small school with one more sealed session."""
    desk.write(DRAFT, DRAFT_TEXT)
    assert desk.run("seal", person=COACH).status == 0
    return desk


def blocks(desk: Desk) -> dict[str, str]:
    """Section -> its block as it lies on disk."""
    record = desk.record(DRAFT)
    return {
        section.name: record.source[block.start : block.end]
        for section in record.sections
        for block in section.blocks
    }


def test_only_what_was_changed_is_sealed_anew(sealed: Desk) -> None:
    """Sections that were not changed keep their seal byte for byte."""
    before = blocks(sealed)
    sealed.editor(REPLACE.format("Two pupils", "Three pupils"))

    result = sealed.run("edit", DRAFT, person=COACH)

    assert result.status == 0, result.err
    after = blocks(sealed)
    assert after["Notes"] != before["Notes"]
    assert after["Action steps"] == before["Action steps"]
    assert after["Coach notes"] == before["Coach notes"]
    assert "Three pupils" in sealed.run("open", DRAFT, person=COACHEE).out


def test_nothing_stays_behind(sealed: Desk) -> None:
    """After editing, no private copy and no word of the text is left."""
    sealed.editor(REPLACE.format("Two pupils", "Three pupils"))

    sealed.run("edit", DRAFT, person=COACH)

    assert sealed.leftovers() == []
    assert b"waited for each other" not in sealed.everything()


def test_the_private_copy_is_private(sealed: Desk) -> None:
    """While the editor runs, the text lies outside the workspace and only its owner reads it."""
    note = sealed.home / "seen.txt"
    sealed.editor(
        f"import os\nPath({str(note)!r}).write_text("
        "f'{path.stat().st_mode & 0o777:o} {path.parent.stat().st_mode & 0o777:o} {path}')"
    )

    sealed.run("edit", DRAFT, person=COACH)

    file, folder, path = note.read_text().split(" ", 2)
    assert (file, folder) == (("600", "700") if os.name == "posix" else ("666", "777"))
    assert str(sealed.root) not in path


def test_the_editor_does_not_get_the_passphrase(sealed: Desk) -> None:
    """A passphrase in the environment is not handed on to the editor."""
    sealed.editor("import os\nsys.exit('COACHBOOK_PASSPHRASE' in os.environ)")

    assert sealed.run("edit", DRAFT, person=COACH).status == 0


def test_an_unchanged_record_is_left_alone(sealed: Desk) -> None:
    """Closing the editor without a change leaves the file as it is."""
    before = sealed.read(DRAFT)
    sealed.editor("pass")

    result = sealed.run("edit", DRAFT, person=COACH)

    assert f"{DRAFT} is unchanged" in result.err
    assert sealed.read(DRAFT) == before


def test_sections_of_others_stay_sealed(sealed: Desk) -> None:
    """A section one cannot read stays as it is, while the others are edited."""
    before = blocks(sealed)["Coach notes"]
    sealed.editor(REPLACE.format("Two pupils", "Three pupils"))

    assert sealed.run("edit", DRAFT, person=COACHEE).status == 0

    assert blocks(sealed)["Coach notes"] == before
    assert "spoke more" in sealed.run("open", DRAFT, person=COACH).out


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("leave this line where it is", "please"),
        ("<!-- sealed for Idris", "My own words.\n<!-- sealed for Idris"),
        ("## Coach notes", "## Practice"),
        ("cycle: c-0a1b2c3d", "cycle: c-00000000"),
    ],
)
def test_the_line_of_a_sealed_section_must_stay(sealed: Desk, old: str, new: str) -> None:
    """The line that stands for a section of others may not be moved or changed."""
    before = sealed.read(DRAFT)
    sealed.editor(REPLACE.format(old, new))

    result = sealed.run("edit", DRAFT, person=COACHEE)

    assert result.status == 1
    assert "section “Coach notes” is sealed for others" in result.err
    assert sealed.read(DRAFT) == before
    assert sealed.leftovers() == []


def test_what_cannot_be_sealed_is_not_saved(sealed: Desk) -> None:
    """A slip that would leave text in the clear stops the edit and names the place."""
    before = sealed.read(DRAFT)
    sealed.editor(REPLACE.format("## Coach notes", "#Coach notes"))

    result = sealed.run("edit", DRAFT, person=COACH)

    assert result.status == 1
    assert "CB108" in result.err
    assert NOTE not in result.err
    assert sealed.read(DRAFT) == before


def test_the_editor_opens_again_at_a_terminal(
    sealed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a terminal, one may go on with what could not be sealed; nothing typed is lost."""
    sealed.editor(
        "text = path.read_text()\n"
        "slip = text.replace('## Coach notes', '#Coach notes').replace('Two', 'Three')\n"
        "path.write_text(slip if slip != text and 'Three' not in text else "
        "text.replace('#Coach notes', '## Coach notes'))\n"
    )
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.confirm", lambda *_args, **_options: True)

    result = sealed.run("edit", DRAFT, person=COACH)

    assert result.status == 0, result.err
    assert "Three pupils" in sealed.run("open", DRAFT, person=COACH).out


def test_an_editor_that_fails_changes_nothing(sealed: Desk) -> None:
    """An editor that is killed or fails changes nothing and leaves nothing."""
    before = sealed.read(DRAFT)
    sealed.editor(REPLACE.format("Two", "Three") + "\nsys.exit(3)")

    result = sealed.run("edit", DRAFT, person=COACH)

    assert result.status == 2
    assert "the editor ended with status 3, so nothing was changed" in result.err
    assert sealed.read(DRAFT) == before
    assert sealed.leftovers() == []


def test_an_editor_that_is_not_there(sealed: Desk) -> None:
    """An editor that cannot be started is named, and nothing stays behind."""
    sealed.monkeypatch.setenv("VISUAL", "no-such-editor")

    result = sealed.run("edit", DRAFT, person=COACH)

    assert result.status == 2
    assert "the editor 'no-such-editor' cannot be started" in result.err
    assert sealed.leftovers() == []


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_being_ended_leaves_nothing(sealed: Desk, name: str) -> None:
    """A command that is told to end while the editor runs leaves no text behind."""
    before = sealed.read(DRAFT)
    ready = sealed.home / "ready"
    sealed.editor(f"import time\nPath({str(ready)!r}).touch()\ntime.sleep(60)")
    running = subprocess.Popen(
        [sys.executable, "-m", "coachbook", "edit", DRAFT],
        cwd=sealed.root,
        env={**os.environ, "COACHBOOK_PERSON": COACH, "COACHBOOK_PASSPHRASE": WORDS},
        stderr=subprocess.PIPE,
    )
    while not ready.exists() and running.poll() is None:
        time.sleep(0.02)
    assert sealed.leftovers() != []

    running.send_signal(getattr(signal, name))

    _, said = running.communicate(timeout=20)
    assert running.returncode == 130
    assert b"stopped" in said
    assert sealed.leftovers() == []
    assert sealed.read(DRAFT) == before


def test_ctrl_c_in_the_editor_leaves_nothing(sealed: Desk) -> None:
    """An editor that is interrupted with Ctrl-C changes nothing and leaves nothing."""
    before = sealed.read(DRAFT)
    ready = sealed.home / "ready"
    sealed.editor(
        f"import time\npath.write_text('half')\nPath({str(ready)!r}).touch()\ntime.sleep(60)"
    )
    running = subprocess.Popen(
        [sys.executable, "-m", "coachbook", "edit", DRAFT],
        cwd=sealed.root,
        env={**os.environ, "COACHBOOK_PERSON": COACH, "COACHBOOK_PASSPHRASE": WORDS},
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    while not ready.exists() and running.poll() is None:
        time.sleep(0.02)

    os.killpg(running.pid, signal.SIGINT)

    _, said = running.communicate(timeout=20)
    assert running.returncode == 2
    assert b"nothing was changed" in said
    assert sealed.leftovers() == []
    assert sealed.read(DRAFT) == before


def test_who_can_read_nothing_edits_the_header(sealed: Desk) -> None:
    """Who can read no section of a record may still correct its header."""
    before = blocks(sealed)
    sealed.editor(REPLACE.format("minutes: 15", "minutes: 14"))

    assert sealed.run("edit", DRAFT, person=HEAD).status == 0

    assert "minutes: 14" in sealed.read(DRAFT)
    assert blocks(sealed) == before


def test_a_plain_draft_needs_no_key(desk: Desk) -> None:
    """A new record is written and sealed without a passphrase."""
    desk.write(DRAFT, DRAFT_TEXT)
    desk.editor(REPLACE.format("Two pupils", "Three pupils"))

    assert desk.run("edit", DRAFT, words="").status == 0

    assert "pupils" not in desk.read(DRAFT)


def test_new_people_in_the_header_seal_all_anew(sealed: Desk) -> None:
    """When the people of a record change, it is sealed anew once the new reader is named."""
    cycle = "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"
    pair = "records/otterbeck/partnerships/pt-6r1e9k3w.md"
    sealed.write(
        pair.replace("pt-6r1e9k3w", "pt-newpair0"),
        sealed.read(pair).replace("pt-6r1e9k3w", "pt-newpair0").replace(COACHEE, "p-e6f1u8gd"),
    )
    sealed.write(
        cycle.replace("c-0a1b2c3d", "c-newcycle"),
        sealed.read(cycle)
        .replace("c-0a1b2c3d", "c-newcycle")
        .replace("pt-6r1e9k3w", "pt-newpair0"),
    )
    sealed.editor(REPLACE.format("cycle: c-0a1b2c3d", "cycle: c-newcycle"))

    before = sealed.read(DRAFT)
    refused = sealed.run("edit", DRAFT, person=COACH)
    assert refused.status == 1
    assert "Wren Ashgrove (p-e6f1u8gd) could not read it before" in refused.err
    assert sealed.read(DRAFT) == before

    result = sealed.run("edit", DRAFT, "--new-reader", "p-e6f1u8gd", person=COACH)

    assert result.status == 0, result.err
    found = sealed.record(DRAFT).section("Notes")
    assert found is not None
    assert "p-e6f1u8gd" in dict(stated_readers(found.blocks[0].armor))
    assert NOTE in sealed.run("open", DRAFT, person=COACH).out


def test_a_new_reader_is_asked_before_the_editor(sealed: Desk) -> None:
    """A reader with a swapped key stops the command before anything is typed."""
    sealed.editor("raise SystemExit('the editor ran')")
    key = sealed.root / f"records/keys/{COACHEE}.pub"
    other = (sealed.root / "records/keys/p-e6f1u8gd.pub").read_text()
    key.write_text(other.replace("p-e6f1u8gd", COACHEE))

    result = sealed.run("edit", DRAFT, person=COACH)

    assert result.status == 2
    assert f"({COACHEE}) has another key than before" in result.err


def test_a_whole_record_is_edited(desk: Desk) -> None:
    """A record that is sealed whole is edited as one text and sealed under the same name."""
    desk.write(PLAIN_WHOLE, PLAIN_WHOLE_TEXT)
    path = desk.run("seal", person=MONITOR).out.split(":")[0]
    desk.editor(REPLACE.format("late twice", "late once"))

    assert desk.run("edit", path, person=HEAD).status == 0

    assert "revision: 2" in desk.read(path)
    assert "late once" in desk.run("open", path, person=HEAD).out


def test_a_whole_record_of_others_is_refused(desk: Desk) -> None:
    """A record that is sealed whole for others cannot be edited."""
    desk.write(PLAIN_WHOLE, PLAIN_WHOLE_TEXT)
    path = desk.run("seal", person=MONITOR).out.split(":")[0]
    desk.editor("raise SystemExit('the editor ran')")

    result = desk.run("edit", path, person=COACH)

    assert result.status == 2
    assert "this is sealed to" in result.err


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({"VISUAL": "vim -n", "EDITOR": "ed"}, "linux", ["vim", "-n"]),
        ({"EDITOR": "ed"}, "linux", ["ed"]),
        ({"EDITOR": "code"}, "linux", ["code", "--wait"]),
        ({"EDITOR": "code -w"}, "linux", ["code", "-w"]),
        ({}, "win32", ["notepad"]),
        ({"PATH": ""}, "linux", ["vi"]),
    ],
)
def test_the_editor_is_chosen(
    environment: dict[str, str], platform: str, expected: list[str]
) -> None:
    """The editor is what the person chose, told to wait where it would not, or the system's."""
    assert editor_command(environment, platform) == expected


def test_nano_comes_before_vi(tmp_path: Path) -> None:
    """Where nano is there, nobody has to know how to leave vi."""
    nano = tmp_path / "nano"
    nano.write_text("#!/bin/sh\n")
    nano.chmod(0o755)

    assert editor_command({"PATH": str(tmp_path)}, "linux") == ["nano"]


def test_an_editor_with_a_space_in_its_path(tmp_path: Path) -> None:
    """An editor whose path has spaces is taken as one word."""
    editor = tmp_path / "my editor"
    editor.write_text("")

    assert editor_command({"EDITOR": str(editor)}, "linux") == [str(editor)]

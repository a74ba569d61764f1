"""`coachbook open`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

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
    SESSION,
    WORDS,
)

if TYPE_CHECKING:
    from tests.cli.desk import Desk


@pytest.fixture
def sealed(desk: Desk) -> Desk:
    """The small school with one more sealed session."""
    desk.write(DRAFT, DRAFT_TEXT)
    assert desk.run("seal", person=COACH).status == 0
    return desk


def test_a_reader_reads_the_record(sealed: Desk) -> None:
    """`open` prints the record with every section that the reader's key opens."""
    result = sealed.run("open", DRAFT, person=COACH)

    assert (result.status, result.out) == (0, DRAFT_TEXT)


def test_nothing_is_written(sealed: Desk) -> None:
    """Opening a record for reading leaves no trace of it on the disk.

    On first use the device notes the public signing keys it meets, whatever is opened.
    """
    sealed.run("open", DRAFT, person=MONITOR)
    before = sealed.everything()

    sealed.run("open", DRAFT, person=COACH)

    assert sealed.everything() == before


def test_what_one_cannot_read_is_one_line(sealed: Desk) -> None:
    """A section that is sealed for others is shown as one line that says for whom."""
    result = sealed.run("open", "s-2b4d6f8h", person=COACHEE)

    assert NOTE in result.out
    assert "spoke more" not in result.out
    assert "<!-- sealed for Idris; leave this line where it is -->" in result.out


def test_a_role_opens_for_its_holder(sealed: Desk) -> None:
    """Who holds a role reads with their own passphrase what is sealed to the role."""
    result = sealed.run("open", DRAFT, "--section", "notes", person=MONITOR)

    assert (result.status, result.out) == (0, f"{NOTE}\n")


def test_not_a_reader(sealed: Desk) -> None:
    """Someone who is not a reader is told who could open it and which key was tried."""
    result = sealed.run("open", DRAFT, person=HEAD)

    assert (result.status, result.out) == (2, "")
    assert (
        "coachbook: this is sealed to Nerys, Idris and the impact monitor (Petra); tried the "
        "key of Odalys and the head (Odalys)" in result.err
    )


def test_a_wrong_passphrase(sealed: Desk) -> None:
    """A wrong passphrase says what to check, and where to go when it is lost."""
    result = sealed.run("open", DRAFT, person=COACH, words="wrong-words")

    assert (result.status, result.out) == (2, "")
    assert "coachbook: the passphrase does not open this key" in result.err
    assert "coachbook keys advice forgotten" in result.err


def test_a_damaged_section(sealed: Desk) -> None:
    """A damaged section gives a third message and no part of its text; the others open."""
    lines = sealed.read(DRAFT).splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if line.startswith("-----END"))
    other = "A" if lines[at - 3][8] != "A" else "B"
    lines[at - 3] = lines[at - 3][:8] + other + lines[at - 3][9:]
    sealed.write(DRAFT, "".join(lines))

    result = sealed.run("open", DRAFT, person=COACH)

    assert result.status == 1
    assert NOTE not in result.out
    assert "<!-- damaged; leave this line where it is -->" in result.out
    assert "I spoke more than I meant to." in result.out
    assert f"{DRAFT}:" in result.err
    assert 'section "Notes": the sealed text is damaged: ' in result.err
    assert f"hint: restore the last good copy: git checkout HEAD -- {DRAFT}" in result.err


def test_a_block_of_another_section(sealed: Desk) -> None:
    """A block that was copied to another section does not open there."""
    text = sealed.read(DRAFT)
    notes, steps = text.index("## Notes\n"), text.index("## Action steps")
    block = text[notes + len("## Notes\n") : steps]
    sealed.write(DRAFT, text[:steps] + "## Practice\n" + block + text[steps:])

    result = sealed.run("open", DRAFT, "--section", "Practice", person=COACH)

    assert result.status == 2
    assert "it was sealed for another section of this record" in result.err


def test_an_unknown_section_lists_the_sealed_ones(sealed: Desk) -> None:
    """A section that is not there is answered with those that are."""
    result = sealed.run("open", DRAFT, "--section", "Note", person=COACH)

    assert result.status == 2
    assert "sealed sections: Notes, Action steps, Coach notes" in result.err


def test_an_unknown_record_names_the_nearest(desk: Desk) -> None:
    """A misspelt id is answered with the nearest one."""
    result = desk.run("open", "s-7kq2m4xb", person=COACH)

    assert result.status == 2
    assert "did you mean s-7kq2m4xa?" in result.err


def test_in_place_leaves_the_text_until_sealed(sealed: Desk) -> None:
    """`open --in-place` leaves the text in the file, and says what to run afterwards."""
    before = sealed.read(DRAFT)

    opened = sealed.run("open", DRAFT, "--in-place", person=COACH)

    assert opened.status == 0
    assert f"run: coachbook seal {DRAFT}" in opened.err
    assert sealed.read(DRAFT) == DRAFT_TEXT
    assert sealed.run("seal", DRAFT, person=COACH).status == 0
    assert sealed.read(DRAFT) == before
    assert list((sealed.home / "opened").rglob("*.json")) == []


def test_changed_text_is_sealed_anew(sealed: Desk) -> None:
    """Only what was changed in place is sealed anew; the rest keeps its block."""
    sealed.run("open", DRAFT, "--in-place", person=COACH)
    sealed.write(DRAFT, DRAFT_TEXT.replace("Two pupils", "Three pupils"))

    result = sealed.run("seal", DRAFT, person=COACH)

    assert "1 section sealed" in result.err
    assert "Action steps (unchanged)" in result.out
    revisions = [s.blocks[0].revision for s in sealed.record(DRAFT).sections]
    assert revisions == [2, 1, 1]


def test_what_is_remembered_holds_no_text(sealed: Desk) -> None:
    """What is remembered while a record lies open holds none of its text."""
    sealed.run("open", DRAFT, "--in-place", person=COACH)

    (memory,) = (sealed.home / "opened").rglob("*.json")

    assert "pupils" not in memory.read_text()
    assert set(json.loads(memory.read_text())["digests"]) == {
        "Notes",
        "Action steps",
        "Coach notes",
    }


def test_in_place_keeps_what_one_cannot_read(sealed: Desk) -> None:
    """Opening in place leaves the sections of others sealed in the file."""
    result = sealed.run("open", DRAFT, "--in-place", person=COACHEE)

    assert "section Coach notes stays sealed" in result.err
    assert sealed.read(DRAFT).count("```age") == 1


def test_a_whole_record_opens_and_closes_in_place(desk: Desk) -> None:
    """A record that is sealed whole opens in place and is sealed under the same name again."""
    desk.write(PLAIN_WHOLE, PLAIN_WHOLE_TEXT)
    path = desk.run("seal", person=MONITOR).out.split(":")[0]
    sealed = desk.read(path)

    assert desk.run("open", path, "--in-place", person=HEAD).status == 0
    assert desk.read(path) == PLAIN_WHOLE_TEXT
    assert desk.run("seal", path, person=HEAD).status == 0

    assert desk.read(path) == sealed


def test_a_published_key_is_used(sealed: Desk) -> None:
    """Where the policy publishes protected keys, the passphrase alone is needed."""
    keys = next((sealed.home / "keys").iterdir())
    (keys / f"{COACH}.age").rename(sealed.root / f"records/keys/{COACH}.age")

    assert sealed.run("open", DRAFT, person=COACH).out == DRAFT_TEXT


def test_a_key_that_is_not_here(sealed: Desk) -> None:
    """Someone whose key lies on another device is told where it belongs."""
    keys = next((sealed.home / "keys").iterdir())
    (keys / f"{COACH}.age").unlink()

    result = sealed.run("open", DRAFT, person=COACH)

    assert result.status == 2
    assert "the key of Idris Marlowe-Beck is not on this device" in result.err
    assert str(keys) in result.err


def test_whose_key_is_asked(sealed: Desk) -> None:
    """Where several keys lie on a device, the command asks which one is meant."""
    result = sealed.run("open", DRAFT)

    assert result.status == 2
    assert "whose key is to be used?" in result.err
    assert f"{COACH} (Idris Marlowe-Beck)" in result.err


def test_the_only_key_is_taken(sealed: Desk) -> None:
    """The only key on a device needs no name."""
    keys = next((sealed.home / "keys").iterdir())
    for person in (COACHEE, HEAD, MONITOR):
        (keys / f"{person}.age").unlink()

    assert sealed.run("open", DRAFT).out == DRAFT_TEXT


def test_a_passphrase_file(sealed: Desk) -> None:
    """A passphrase may come from a file, whatever ends its line."""
    file = sealed.home / "words.txt"
    file.write_bytes(f"\ufeff{WORDS}\r\n".encode())

    result = sealed.run("open", DRAFT, "--as", COACH, "--passphrase-file", str(file), words="")

    assert (result.status, result.out) == (0, DRAFT_TEXT)


def test_a_passphrase_is_not_guessed(sealed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal, file or variable the command says what it needs."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)

    result = sealed.run("open", DRAFT, person=COACH, words="")

    assert result.status == 2
    assert "the passphrase of Idris Marlowe-Beck is needed" in result.err


def test_an_unknown_person_names_the_nearest(sealed: Desk) -> None:
    """A misspelt person is answered with the nearest one."""
    result = sealed.run("open", DRAFT, "--as", COACH[:-1])

    assert result.status == 2
    assert f"did you mean {COACH}?" in result.err


def test_a_clear_record_is_printed(desk: Desk) -> None:
    """A record in which nothing is sealed is printed as it is."""
    path = "records/otterbeck/school.md"

    result = desk.run("open", path)

    assert (result.status, result.out) == (0, desk.read(path))


def test_the_sealed_session_of_the_workspace_opens(desk: Desk) -> None:
    """What another program sealed in the same format opens too."""
    assert "equal fractions" in desk.run("open", SESSION, person=COACHEE).out

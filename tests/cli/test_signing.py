"""Signing what one seals, and what everybody is told of it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from coachbook.publickey import format_public_key, public_key_of
from tests.cli.desk import (
    COACH,
    COACHEE,
    DRAFT,
    DRAFT_TEXT,
    MONITOR,
    PLAIN_WHOLE,
    PLAIN_WHOLE_TEXT,
    make_desk,
)
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.record import Record
    from coachbook.sections import SealedBlock
    from tests.cli.desk import Desk

ID = "s-2b4d6f8h"
CHANGE = "path.write_text(path.read_text().replace('Two pupils', 'Three pupils'))"


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """The small school, with a note of the coach's that is not sealed yet."""
    made = make_desk(tmp_path, monkeypatch, capsys)
    made.write(DRAFT, DRAFT_TEXT)
    return made


def signers(record: Record) -> list[str]:
    """Who signed each sealed section, "" for one that nobody did."""
    blocks: list[SealedBlock] = [block for part in record.sections for block in part.blocks]
    return [block.signature.signer if block.signature else "" for block in blocks]


def test_sealing_needs_no_passphrase_and_signs_nothing(desk: Desk) -> None:
    """Whoever seals without their key is no liar; readers are told that nobody signed."""
    assert desk.run("seal", DRAFT, person=COACH, words="").status == 0

    opened = desk.run("open", ID, person=COACHEE)

    assert signers(desk.record(DRAFT)) == ["", "", ""]
    assert opened.status == 0
    assert (
        "Notes and Action steps: not signed; Idris Marlowe-Beck is named as its author"
        in opened.err
    )


def test_what_is_sealed_with_sign_says_by_whom(desk: Desk) -> None:
    """A coachee who opens a note sees that it is the coach's own, and no claim."""
    assert desk.run("seal", DRAFT, "--sign", person=COACH).status == 0

    opened = desk.run("open", ID, person=COACHEE)

    assert signers(desk.record(DRAFT)) == [COACH, COACH, COACH]
    assert opened.status == 0
    assert re.search(
        r"Notes and Action steps: sealed by Idris Marlowe-Beck on \d+ \w{3} \d{4}", opened.err
    )


def test_a_wrong_passphrase_signs_and_seals_nothing(desk: Desk) -> None:
    """`--sign` without the right words changes no file."""
    result = desk.run("seal", DRAFT, "--sign", person=COACH, words="not these words at all")

    assert result.status == 2
    assert "the passphrase does not open this key" in result.err
    assert desk.read(DRAFT) == DRAFT_TEXT


def test_nothing_is_asked_where_nothing_is_to_seal(desk: Desk) -> None:
    """`--sign` wants the passphrase only for something that is to be signed."""
    assert desk.run("seal", DRAFT, "--sign", person=COACH).status == 0

    assert desk.run("seal", DRAFT, "--sign", person=COACH, words="").status == 0


def test_a_key_that_was_replaced_signs_nothing(desk: Desk) -> None:
    """Whoever still has the old key on a device is told, and nothing is sealed unsigned instead."""
    old = desk.book.keyring.keys[COACH][0]
    new = public_key_of(
        small.identity("a second key"), owner=COACH, generation=2, created=date(2026, 11, 20)
    )
    desk.write(f"records/keys/{COACH}.1.pub", format_public_key(old))
    desk.write(f"records/keys/{COACH}.pub", format_public_key(new))

    result = desk.run("seal", DRAFT, "--sign", "--new-reader", COACH, person=COACH)

    assert result.status == 2
    assert "nothing was sealed, as it could not be signed" in result.err
    assert desk.read(DRAFT) == DRAFT_TEXT


def test_save_signs_on_request(desk: Desk) -> None:
    """`save --sign` fixes, seals, signs, checks and commits in one go."""
    (desk.root / DRAFT).unlink()
    desk.commit_all()
    desk.write(DRAFT, DRAFT_TEXT)

    assert desk.run("save", "--sign", person=COACH).status == 0

    assert signers(desk.record(DRAFT)) == [COACH, COACH, COACH]


def test_nobody_signs_what_is_for_others_to_write(desk: Desk) -> None:
    """A coach's own notes are not signed by the coachee, whoever happens to seal them."""
    result = desk.run("seal", DRAFT, "--sign", person=COACHEE)

    assert result.status == 1
    assert 'CB508 section "Coach notes" is not for Nerys to write' in result.out + result.err
    assert desk.read(DRAFT) == DRAFT_TEXT


def test_a_note_that_is_edited_is_signed_by_who_edits(desk: Desk) -> None:
    """Whoever opens a note with their key and changes a section signs that one, as their own."""
    assert desk.run("seal", DRAFT, "--sign", person=COACH).status == 0
    desk.editor(CHANGE)

    assert desk.run("edit", ID, person=COACHEE).status == 0

    assert signers(desk.record(DRAFT)) == [COACHEE, COACH, COACH]
    assert desk.run("open", ID, person=COACH).status == 0
    assert desk.run("check").status == 0


def test_a_new_note_is_signed_in_the_editor_on_request(desk: Desk) -> None:
    """Nothing of a new note is sealed, so the editor asks for a key only with `--sign`."""
    desk.editor(CHANGE)

    assert desk.run("edit", ID, "--sign", person=COACH).status == 0

    assert signers(desk.record(DRAFT)) == [COACH, COACH, COACH]


def test_an_answer_is_signed_by_who_gives_it(desk: Desk) -> None:
    """That somebody agreed is theirs to have said, and can be shown to be."""
    assert desk.run("seal", DRAFT, "--sign", person=COACH).status == 0

    answered = desk.run("agree", ID, person=COACHEE)

    (path,) = answered.out.split()
    assert signers(desk.record(path)) == [COACHEE]
    assert desk.run("check").status == 0


def test_a_record_sealed_whole_shows_nobody_outside(desk: Desk) -> None:
    """Who wrote about capability is known to the readers, and to nobody else."""
    desk.write(PLAIN_WHOLE, PLAIN_WHOLE_TEXT)

    sealed = desk.run("seal", PLAIN_WHOLE, "--sign", person=MONITOR)

    path = re.findall(r"records/otterbeck/sealed/x-\w+\.md", sealed.out)[0]
    assert "age-signature" not in desk.read(path)
    assert MONITOR not in desk.read(path)
    opened = desk.run("open", path, person=COACHEE)
    assert "the whole record: sealed by Petra" in opened.err


def test_a_draft_that_is_shared_is_signed(desk: Desk) -> None:
    """A draft may have been sealed without a key; its author says that they have read it."""
    text = DRAFT_TEXT.replace("minutes: 15\n", f"minutes: 15\nnote: draft\ndrafted_by: {COACH}\n")
    desk.write(DRAFT, text)
    assert desk.run("seal", DRAFT, person=COACH, words="").status == 0

    assert desk.run("share", ID, "--yes", "--sign", person=COACH).status == 0

    assert signers(desk.record(DRAFT))[:2] == [COACH, COACH]


def test_a_diff_says_who_sealed_each_part(desk: Desk) -> None:
    """In a diff stands who wrote a section, with a key or without one."""
    assert desk.run("seal", DRAFT, "--sign", person=COACH).status == 0

    with_key = desk.run("textconv", DRAFT, person=COACHEE).out
    without = desk.run("textconv", DRAFT, words="").out

    assert with_key.count("; sealed by Idris on ") == 2
    assert without.count("; signed as Idris)") == 3

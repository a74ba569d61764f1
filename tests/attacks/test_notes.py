"""Drafts, final notes and addenda in the hands of somebody who can write to the repository."""

from __future__ import annotations

import os
import re
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.drafting import apply_seal, plan_seal
from coachbook.opening import open_record, reread
from coachbook.presets import fill_preset
from coachbook.publickey import format_public_key, public_key_of
from coachbook.record import Record, parse_record
from tests.cli.desk import COACH, COACHEE, DRAFT, DRAFT_TEXT, HEAD, MONITOR, NOTE, make_desk
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.age import X25519Identity
    from coachbook.book import Book
    from tests.cli.desk import Desk

ID = "s-2b4d6f8h"
MINE = DRAFT_TEXT.replace("minutes: 15\n", f"minutes: 15\nnote: draft\ndrafted_by: {COACH}\n")
CHANGE = "path.write_text(path.read_text().replace('Two pupils', 'Three pupils'))"
BLOCK = re.compile(r"```age [^\n]*\nrevision: \d+\n-----BEGIN.*?-----END[^\n]*\n```", re.DOTALL)


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """The small school with a sealed draft of the coach, under git."""
    desk = make_desk(tmp_path, monkeypatch, capsys)
    desk.write(DRAFT, MINE)
    assert desk.run("seal", DRAFT, person=COACH).status == 0
    desk.commit_all()
    return desk


def codes(desk: Desk) -> set[str]:
    """The codes of what `check` finds, for which no key is at hand."""
    return set(re.findall(r"CB5\d{2}", desk.run("check").out))


def change(desk: Desk, old: str, new: str) -> None:
    """Changes a word of the header, as anybody with a copy can."""
    text = desk.read(DRAFT)
    assert old in text
    desk.write(DRAFT, text.replace(old, new))


# Drafts


@pytest.mark.parametrize("state", ["note: shared\n", ""])
def test_a_word_in_the_header_does_not_share_a_draft(desk: Desk, state: str) -> None:
    """If somebody takes the word `draft` away, the author's next edit does not share the draft."""
    change(desk, "note: draft\n", state)
    before = desk.read(DRAFT)
    desk.editor(CHANGE)

    result = desk.run("edit", ID, person=COACH)

    assert result.status == 1
    assert "CB507 only Idris could read this so far" in result.err
    assert desk.read(DRAFT) == before
    assert desk.run("open", ID, person=COACHEE).status == 2


def test_a_word_in_the_header_does_not_take_a_note_back(desk: Desk) -> None:
    """If somebody calls a shared note a draft, the author's next edit closes it to nobody."""
    assert desk.run("share", ID, "--yes", person=COACH).status == 0
    change(desk, "note: shared", "note: draft")
    desk.editor(CHANGE)

    result = desk.run("edit", ID, person=COACH)

    assert result.status == 1
    assert "could read this already, so it is no draft any more" in result.err
    assert NOTE in desk.run("open", ID, person=COACHEE).out


def test_a_draft_that_was_open_in_place_is_not_shared_by_a_word(desk: Desk) -> None:
    """A draft opened in its file and called shared meanwhile is not sealed for others."""
    assert desk.run("open", ID, "--in-place", person=COACH).status == 0
    change(desk, "note: draft\n", "")

    result = desk.run("seal", DRAFT, person=COACH)

    assert result.status == 1
    assert "CB507" in result.err


def test_a_draft_does_not_change_hands(desk: Desk) -> None:
    """If somebody writes themselves down as the author, nothing is sealed to them."""
    change(desk, f"drafted_by: {COACH}", f"drafted_by: {COACHEE}")
    before = desk.read(DRAFT)
    desk.editor(CHANGE)

    assert "CB507" in codes(desk)
    assert desk.run("edit", ID, person=COACH).status == 2
    assert desk.run("share", ID, "--yes", person=COACH).status == 2
    taken = desk.run("share", ID, "--yes", person=COACHEE)
    assert taken.status == 2
    assert NOTE not in taken.out + taken.err
    assert desk.read(DRAFT) == before


def test_a_draft_sealed_to_one_more_is_found(desk: Desk) -> None:
    """A draft that was sealed to a second reader stops the school without anybody's key."""
    plain = parse_record(DRAFT, MINE.encode())
    assert isinstance(plain, Record)
    desk.write(DRAFT, small.seal_sections(desk.book, plain, more_readers=[HEAD]))

    assert codes(desk) == {"CB507"}


# Final notes


@pytest.fixture
def final(desk: Desk) -> Desk:
    """The same school, where the draft was shared and the coachee agreed."""
    assert desk.run("share", ID, "--yes", person=COACH).status == 0
    result = desk.run("agree", ID, person=COACHEE)
    assert result.status == 0, result.err
    desk.git("add", "-A")
    desk.git("commit", "-q", "-m", "agreed")
    return desk


def test_a_final_note_with_its_older_blocks_is_found(final: Desk) -> None:
    """Putting back a block from before the note was final shows in its digest."""
    older = BLOCK.findall(final.git("show", f"HEAD~1:{DRAFT}"))
    newer = BLOCK.findall(final.read(DRAFT))
    final.write(DRAFT, final.read(DRAFT).replace(newer[0], older[0]))

    assert "CB506" in codes(final)


def test_a_final_note_without_its_digest_is_found(final: Desk) -> None:
    """Taking the digest out, or the word final with it, leaves the addendum to tell."""
    text = final.read(DRAFT)

    for taken in ("locked: .*\n", "(?:locked|note): .*\n"):
        final.write(DRAFT, re.sub(taken, "", text))
        assert final.read(DRAFT) != text
        assert "CB506" in codes(final)


def test_a_final_note_that_was_altered_is_answered_by_nobody(final: Desk) -> None:
    """Nobody is led to agree to a final note whose blocks are not those that it had."""
    newer = BLOCK.findall(final.read(DRAFT))
    final.write(DRAFT, final.read(DRAFT).replace(newer[1], ""))

    result = final.run("agree", ID, person=COACH)

    assert result.status == 1
    assert "CB506" in result.err


def test_an_answer_belongs_to_one_note(final: Desk) -> None:
    """What somebody said to one note opens for nobody as their word on another of the pair."""
    other = DRAFT.replace(ID, "s-3b4d6f8h")
    final.write(other, DRAFT_TEXT.replace(ID, "s-3b4d6f8h"))
    assert final.run("seal", other, person=COACH).status == 0
    answer = next((final.root / "records/otterbeck/2026-27/addenda").iterdir())
    path = answer.relative_to(final.root).as_posix()
    final.write(path, final.read(path).replace(f"to: {ID}", "to: s-3b4d6f8h"))

    result = final.run("open", path, person=COACH)

    assert result.status == 2
    assert "its note" in result.err
    assert "agreed" not in result.out


# The head, by the policy of each preset

ROWS = {
    "head-collates": {"session notes", "observation form", "graded sheet"},
    "head-excluded": set(),
    "trust-two-models": {"observation form", "drop-in"},
    "mentor-and-slt": {"general topics", "session notes", "observation form", "drop-in"},
}
"""The rows of notes that the head's key opens."""

SESSION = "type: session\nid: s-2b4d6f8h\nschool: otterbeck\ncycle: c-0a1b2c3d\n"
VISIT = (
    "type: observation\nid: o-2b4d6f8h\nschool: otterbeck\n"
    f"observed: {COACHEE}\nobservers: [{COACH}]\n"
)
FORMS = {
    "coaching-session": SESSION,
    "mentor-meeting": SESSION,
    "observation": VISIT,
    "graded-sheet": VISIT,
    "slt-drop-in": VISIT,
}


@pytest.mark.parametrize("preset", sorted(ROWS))
def test_the_head_opens_what_the_preset_lets_them(preset: str, tmp_path: Path) -> None:
    """The head's keys, their own and the role's, open the rows of the table and no other."""
    book = _school(preset, tmp_path)
    keys = {one: small.identity(one) for one in (HEAD, "head@otterbeck")}

    assert _opened_rows(book, keys) == ROWS[preset]


def test_the_senior_team_reads_topics_and_forms(tmp_path: Path) -> None:
    """Where mentors report to the senior team, its key opens topics and forms, no mentor's note."""
    book = _school("mentor-and-slt", tmp_path)

    found = _opened_rows(book, {"slt@otterbeck": small.identity("slt@otterbeck")})

    assert found == ROWS["mentor-and-slt"]


@pytest.mark.parametrize("preset", sorted(ROWS))
def test_nobody_but_the_author_opens_a_draft(preset: str, tmp_path: Path) -> None:
    """Whatever the policy says of notes, a draft of the coachee opens for no other key."""
    book = _school(preset, tmp_path)
    others = (COACH, HEAD, MONITOR, "head@otterbeck", "monitor@otterbeck", "slt@otterbeck")
    keys = {one: small.identity(one) for one in others}
    life = f"note: draft\ndrafted_by: {COACHEE}\n"

    assert _opened_rows(book, {COACHEE: small.identity(COACHEE)}, life) >= {"session notes"}
    assert _opened_rows(book, keys, life) == set()


def _school(preset: str, folder: Path) -> Book:
    """The small school under another preset, with a senior team of its own."""
    root = folder / "workspace"
    shutil.copytree(small.ROOT, root)
    (root / small.POLICY).write_text(fill_preset(preset, small.ANSWERS), encoding="utf-8")
    role = "slt@otterbeck"
    key = public_key_of(small.identity(role), owner=role, generation=1, created=small.MADE)
    (root / key.path).write_text(format_public_key(key), encoding="utf-8")
    holder = root / "records/otterbeck/roles/ra-5l6t7m8n.md"
    holder.write_text(
        "---\ntype: role-assignment\nid: ra-5l6t7m8n\nschool: otterbeck\n"
        f"person: {MONITOR}\nrole: slt\nfrom: 2026-09-01\n---\n",
        encoding="utf-8",
    )
    return load_book(root)


def _opened_rows(book: Book, keys: dict[str, X25519Identity], life: str = "") -> set[str]:
    """The rows of which these keys open a section, in one note on each form."""
    rows = set()
    for name, header in FORMS.items():
        form = book.forms.latest(name)
        assert form is not None
        for section in form.sections:
            text = (
                f"---\n{header}form: {name}@{form.version}\ndate: 2026-11-19\nstatus: held\n"
                f"{life}---\n\n## {section.name}\n\nWords of the note.\n"
            )
            record = parse_record(f"records/otterbeck/{name}.md", text.encode())
            assert isinstance(record, Record)
            plan = plan_seal(book, record, random=os.urandom)
            if plan.findings:
                continue
            source = apply_seal(
                plan, author=COACH, now=datetime(2026, 11, 19, tzinfo=UTC), random=os.urandom
            )
            if open_record(book, reread(record, source), keys).payloads:
                rows.add(section.row)
    return rows

"""Signatures in the hands of somebody who can write to the repository, or send a file in."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING

import pytest

from coachbook.book import form_of, place_of, section_info, section_readers
from coachbook.drafting import apply_seal, plan_seal
from coachbook.publickey import format_public_key, public_key_of, sign
from coachbook.record import Record, format_block, parse_record, replace_section
from coachbook.sealing import Reader, seal
from coachbook.signatures import Signer, sign_seal, signer_of
from tests.cli.desk import COACH, COACHEE, DRAFT, DRAFT_TEXT, HEAD, NOTE, make_desk
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.age import X25519Identity
    from tests.cli.desk import Desk

ID = "s-2b4d6f8h"
OTHER = "records/otterbeck/2026-27/c-0a1b2c3d/2026-11-17-s-9k8j7h6g.md"
OTHER_TEXT = DRAFT_TEXT.replace(ID, "s-9k8j7h6g").replace("2026-11-19", "2026-11-17")
FORGED = "Nobody waited, and I saw no reason why they should."
FENCE = re.compile(r"\n\n```age-signature\n[^`]*```")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """The small school with a note that the coach has signed, under git."""
    made = make_desk(tmp_path, monkeypatch, capsys)
    made.write(DRAFT, DRAFT_TEXT)
    assert made.run("seal", DRAFT, "--sign", person=COACH).status == 0
    made.commit_all()
    return made


@pytest.fixture
def draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """The small school with a draft that the coach has signed."""
    made = make_desk(tmp_path, monkeypatch, capsys)
    state = f"minutes: 15\nnote: draft\ndrafted_by: {COACH}\n"
    made.write(DRAFT, DRAFT_TEXT.replace("minutes: 15\n", state))
    assert made.run("seal", DRAFT, "--sign", person=COACH).status == 0
    return made


def signer(person: str, identity: X25519Identity | None = None) -> Signer:
    """A person, unlocked; or somebody with a key of their own under that person's name."""
    key = identity or small.identity(person)
    return signer_of(key, public_key_of(key, owner=person, generation=1, created=date(2026, 9, 1)))


def forge(
    desk: Desk,
    *,
    author: str,
    inside: Signer | None = None,
    outside: Signer | None = None,
    section: str = "Notes",
    revision: int = 2,
) -> None:
    """Puts another text in place of a section, sealed to its readers as anybody can."""
    book, record = desk.book, desk.record(DRAFT)
    form = form_of(book, record)
    part = form.section(section) if form else None
    assert part is not None
    place = place_of(book, record, section)
    readers = [
        Reader(one, small.identity(one).recipient()) for one in section_readers(book, record, part)
    ]
    armor = seal(
        FORGED,
        {"lines": {}, "steps": []},
        place=place,
        readers=readers,
        revision=revision,
        author=author,
        sealed_at=NOW,
        policy="2026-09",
        rules=(),
        random=os.urandom,
        signer=inside,
    )
    lines = sign_seal(armor, place, revision, outside, "2026-11-20") if outside else None
    block = format_block(section_info(book, record, part), revision, armor, lines)
    desk.write(DRAFT, replace_section(record, section, block))


def codes(desk: Desk, *arguments: str) -> set[str]:
    """The codes of what `check` finds about signatures and history."""
    return set(re.findall(r"CB51\d", desk.run("check", *arguments).out))


def said(desk: Desk, person: str = COACHEE) -> str:
    """What a reader is told of who wrote the note."""
    return desk.run("open", ID, person=person).err


def block_of(desk: Desk, path: str, section: str) -> str:
    """A sealed section as it stands in its file, with its signature."""
    found = desk.record(path).section(section)
    assert found is not None
    return desk.record(path).source[found.blocks[0].start : found.blocks[0].end]


def test_a_forged_text_is_not_signed(desk: Desk) -> None:
    """Whoever knows the public keys can seal a text in the coach's name, and not sign it."""
    forge(desk, author=COACH)

    assert "Notes: not signed; Idris Marlowe-Beck is named as its author" in said(desk)
    assert codes(desk) == set()


def test_a_draft_that_was_slipped_in_is_not_signed_by_sharing_it(draft: Desk) -> None:
    """A draft sealed in the author's name does not become theirs because they share it."""
    forge(draft, author=COACH)

    shared = draft.run("share", ID, "--yes", person=COACH)

    assert "Notes: nobody has signed this, so anybody may have sealed it" in shared.err
    assert "Notes: not signed" in said(draft)
    assert re.search("Action steps: (sealed|written) by Idris Marlowe-Beck", said(draft))


@pytest.mark.parametrize("asked", [(), ("--sign",)])
def test_a_draft_under_a_false_signature_is_not_shared(draft: Desk, asked: tuple[str, ...]) -> None:
    """What somebody else signed in the author's name is not shared, whatever they say to it."""
    forge(draft, author=COACH, inside=signer(COACH, small.identity(HEAD)))
    before = draft.read(DRAFT)

    shared = draft.run("share", ID, "--yes", *asked, person=COACH)

    assert shared.status == 2
    assert 'the signature under section "Notes" does not match' in shared.err
    assert draft.read(DRAFT) == before


@pytest.mark.parametrize("answer", ["agree", "disagree"])
def test_a_note_under_a_false_signature_is_not_made_final(desk: Desk, answer: str) -> None:
    """Nobody answers what somebody else signed in the author's name."""
    forge(desk, author=COACH, inside=signer(COACH, small.identity(HEAD)))

    answered = desk.run(answer, ID, person=COACHEE)

    assert answered.status == 2
    assert 'the signature under section "Notes" does not match' in answered.err
    assert "note: final" not in desk.read(DRAFT)


def test_a_signature_of_the_text_before_does_not_go_with_another(desk: Desk) -> None:
    """A signature that is left standing under a forged block is found without a key."""
    signature = FENCE.search(block_of(desk, DRAFT, "Notes"))
    assert signature
    forge(desk, author=COACH)
    record = desk.record(DRAFT)
    desk.write(
        DRAFT, replace_section(record, "Notes", block_of(desk, DRAFT, "Notes") + signature[0])
    )

    assert "CB511" in codes(desk)
    assert "Notes: signature does not match" in said(desk)


def test_a_signed_block_does_not_move_to_another_record(desk: Desk) -> None:
    """A block with its signature, copied into another session of the same pair, is found out."""
    desk.write(OTHER, OTHER_TEXT)
    assert desk.run("seal", OTHER, "--sign", person=COACH).status == 0
    copied = block_of(desk, OTHER, "Notes")
    desk.write(DRAFT, replace_section(desk.record(DRAFT), "Notes", copied))
    (desk.root / OTHER).unlink()

    assert "CB511" in codes(desk)
    assert desk.run("open", ID, person=COACHEE).status == 1


def test_a_signed_block_does_not_move_to_another_section(desk: Desk) -> None:
    """Two sections of one note with the same readers can't change places."""
    notes, steps = (block_of(desk, DRAFT, name) for name in ("Notes", "Action steps"))
    text = desk.read(DRAFT).replace(notes, "HERE").replace(steps, notes).replace("HERE", steps)
    desk.write(DRAFT, text)

    assert "CB511" in codes(desk)


def test_an_older_block_under_a_newer_number_is_found(desk: Desk) -> None:
    """A replayed block with its old signature and today's revision is found without a key."""
    text = desk.read(DRAFT).replace("revision: 1", "revision: 2", 1)
    desk.write(DRAFT, text)

    assert codes(desk) == {"CB511"}


def test_the_people_of_a_signed_note_are_not_changed_in_silence(desk: Desk) -> None:
    """A partnership led to somebody else makes every signature below it false."""
    partnership = next(
        one
        for one in desk.book.records.values()
        if one.type == "partnership" and COACH in one.source
    )
    desk.write(partnership.path, partnership.source.replace(COACHEE, HEAD))

    assert "CB511" in codes(desk)


def test_taking_a_signature_away_shows_beside_the_history(desk: Desk) -> None:
    """Without it the part looks as if nobody had signed outside; the earlier state tells."""
    desk.write(DRAFT, FENCE.sub("", desk.read(DRAFT)))

    assert codes(desk) == set()
    assert codes(desk, "--since", "HEAD") == {"CB510"}
    assert "Notes and Action steps: sealed by Idris Marlowe-Beck" in said(desk)


def test_nobody_signs_over_the_text_of_another(desk: Desk) -> None:
    """Whoever puts their own signature under a block that they did not write is named."""
    record = desk.record(DRAFT)
    found = record.section("Notes")
    assert found is not None
    block = found.blocks[0]
    place = place_of(desk.book, record, "Notes")
    lines = sign_seal(block.armor, place, 1, signer(COACHEE), "2026-11-20")
    text = format_block(block.info, 1, block.armor, lines)
    desk.write(DRAFT, replace_section(record, "Notes", text))

    assert "signed the sealed block, and somebody else the text inside it" in said(desk)


def test_nobody_claims_a_text_that_they_cannot_read(desk: Desk) -> None:
    """The head, who reads no note, signs one from outside: both `check` and its readers say so."""
    record = desk.record(DRAFT)
    found = record.section("Notes")
    assert found is not None
    block = found.blocks[0]
    place = place_of(desk.book, record, "Notes")
    lines = sign_seal(block.armor, place, 1, signer(HEAD), "2026-11-20")
    desk.write(
        DRAFT,
        replace_section(record, "Notes", format_block(block.info, 1, block.armor, lines)),
    )

    assert codes(desk) == {"CB512"}
    assert "somebody else the text inside it" in said(desk)


def test_a_reader_does_not_seal_under_the_author_s_signature(desk: Desk) -> None:
    """A reader knows all that is needed to seal another text, except how to sign it."""
    forge(desk, author=COACH, inside=signer(COACHEE), outside=signer(COACHEE))

    assert "signature does not match" in said(desk, COACH)
    assert FORGED in desk.run("open", ID, person=COACH).out


def test_a_key_of_one_s_own_under_another_name_signs_nothing(desk: Desk) -> None:
    """A signature with a key that is not in records/keys is by nobody who is known."""
    stranger = signer(COACH, small.identity("a stranger"))
    forge(desk, author=COACH, inside=stranger, outside=stranger)

    assert codes(desk) == {"CB511"}
    assert "the key it names is not among the keys of Idris Marlowe-Beck" in said(desk)


def test_a_swapped_signing_key_shows_beside_the_history(desk: Desk) -> None:
    """Whoever puts their own signing key into another's line can't do it in silence."""
    key = desk.book.keyring.keys[COACH][0]
    own = public_key_of(
        small.identity("a stranger"), owner=COACH, generation=1, created=date(2026, 9, 1)
    )
    text = format_public_key(key).replace(
        format_public_key(key).splitlines()[4], format_public_key(own).splitlines()[4]
    )
    desk.write(key.path, text)

    assert "CB510" in codes(desk, "--since", "HEAD")
    assert "CB511" in codes(desk)


def test_a_swapped_signing_key_is_noticed_by_who_met_the_right_one(desk: Desk) -> None:
    """A text forged with a swapped key fits the swapped line, and a device that knows better."""
    assert desk.run("open", ID, person=COACHEE).status == 0
    stranger = small.identity("a stranger")
    key = desk.book.keyring.keys[COACH][0]
    other = public_key_of(stranger, owner=COACH, generation=1, created=date(2026, 9, 1))
    swapped = replace(key, signing=other.signing)
    desk.write(key.path, format_public_key(swapped))
    forger = Signer(swapped, partial(sign, stranger))
    forge(desk, author=COACH, inside=forger, outside=forger)

    result = desk.run("open", ID, person=COACHEE)

    assert result.status == 1
    assert (
        "Notes and Action steps: signature does not match: the signing key of Idris Marlowe-Beck "
        "is not the one that this device has met before"
    ) in result.err


def test_who_signs_next_learns_that_their_line_was_swapped(desk: Desk) -> None:
    """The person themself is stopped before they sign under a line that is not theirs."""
    key = desk.book.keyring.keys[COACH][0]
    other = public_key_of(
        small.identity("a stranger"), owner=COACH, generation=1, created=date(2026, 9, 1)
    )
    lines = format_public_key(key).splitlines()
    lines[4] = format_public_key(other).splitlines()[4]
    desk.write(key.path, "\n".join(lines) + "\n")
    desk.editor("path.write_text(path.read_text().replace('Two pupils', 'Three pupils'))")

    result = desk.run("edit", ID, person=COACH)

    assert result.status == 2
    assert "is not the one that was unlocked" in result.err


@pytest.mark.parametrize("kept", ["reseal", "share"])
def test_sealing_again_for_a_new_key_keeps_who_wrote_it(desk: Desk, kept: str) -> None:
    """When another reader seals a note anew, its text stays its author's, signed as it was."""
    record = desk.record(DRAFT)
    coachee = small.identity("a second key")
    pub = public_key_of(coachee, owner=COACHEE, generation=2, created=date(2026, 11, 20))
    old = desk.book.keyring.keys[COACHEE][0]
    desk.write(f"records/keys/{COACHEE}.1.pub", format_public_key(old))
    desk.write(f"records/keys/{COACHEE}.pub", format_public_key(pub))
    arguments = ["keys", "reseal", COACHEE] if kept == "reseal" else ["share", ID, "--yes"]

    done = desk.run(*arguments, "--new-reader", COACHEE, person="p-m3v8x1ra")

    assert done.status in {0, 1}
    assert "age-signature" not in block_of(desk, DRAFT, "Notes")
    assert desk.record(DRAFT).source != record.source
    told = said(desk, COACH)
    assert "not signed" not in told
    assert "by Idris Marlowe-Beck on " in told


def test_sealing_again_signs_nothing_that_was_not_signed(desk: Desk) -> None:
    """A forged text in somebody's name does not become theirs because they renew a key."""
    forge(desk, author=COACH)
    pub = public_key_of(
        small.identity("a second key"), owner=COACHEE, generation=2, created=date(2026, 11, 20)
    )
    old = desk.book.keyring.keys[COACHEE][0]
    desk.write(f"records/keys/{COACHEE}.1.pub", format_public_key(old))
    desk.write(f"records/keys/{COACHEE}.pub", format_public_key(pub))

    assert desk.run("keys", "reseal", COACHEE, "--new-reader", COACHEE, person=COACH).status in {
        0,
        1,
    }

    assert "Notes: not signed" in said(desk, COACH)
    assert "Action steps" in said(desk, COACH)


def answer(desk: Desk, *, by: str, signer: Signer | None) -> Path:
    """An addendum in somebody's name, as it arrives by post."""
    text = (
        f"---\ntype: addendum\nid: ad-2b4d6f8h\nschool: otterbeck\nform: session-addendum@1\n"
        f"to: {ID}\nby: {by}\non: 2026-11-20\n---\n\n## Addendum\n\nResponse: agreed\n"
    )
    path = "records/otterbeck/2026-27/addenda/2026-11-20-ad-2b4d6f8h.md"
    record = parse_record(path, text.encode())
    assert isinstance(record, Record)
    plan = plan_seal(desk.book, record, random=os.urandom)
    source = apply_seal(plan, author=by, now=NOW, random=os.urandom, signer=signer)
    place = desk.home / "inbox" / "arrived.md"
    place.parent.mkdir(exist_ok=True)
    place.write_text(source, encoding="utf-8")
    return place


def test_nobody_makes_a_note_final_by_post_in_another_s_name(desk: Desk) -> None:
    """An answer in the coachee's name that nobody signed is refused, and the note stays open."""
    place = answer(desk, by=COACHEE, signer=None)

    result = desk.run("inbox", str(place.parent))

    assert result.status == 1
    assert "nobody has signed it" in result.err
    assert "note: final" not in desk.read(DRAFT)


def test_an_answer_signed_by_another_is_refused(desk: Desk) -> None:
    """The coach's signature does not stand for the coachee's agreement."""
    place = answer(desk, by=COACHEE, signer=None)
    record = parse_record("records/otterbeck/2026-27/addenda/x.md", place.read_bytes())
    assert isinstance(record, Record)
    block = record.sections[0].blocks[0]
    place_ = place_of(desk.book, record, "Addendum")
    lines = sign_seal(block.armor, place_, 1, signer(COACH), "2026-11-20")
    text = format_block(block.info, 1, block.armor, lines)
    place.write_text(replace_section(record, "Addendum", text), encoding="utf-8")

    result = desk.run("inbox", str(place.parent))

    assert result.status == 1
    assert "CB512" in result.err
    assert "note: final" not in desk.read(DRAFT)


def test_an_answer_that_its_author_signed_makes_the_note_final(desk: Desk) -> None:
    """What the coachee wrote on their own page is taken, and the note is final."""
    place = answer(desk, by=COACHEE, signer=signer(COACHEE))

    result = desk.run("inbox", str(place.parent))

    assert result.status == 0, result.err
    assert "note: final" in desk.read(DRAFT)


def test_an_intercepted_answer_does_not_go_to_another_note(desk: Desk) -> None:
    """Whoever carries the post can't have the coachee agree to another note than they did."""
    desk.write(OTHER, OTHER_TEXT)
    assert desk.run("seal", OTHER, "--sign", person=COACH).status == 0
    place = answer(desk, by=COACHEE, signer=signer(COACHEE))
    place.write_text(place.read_text().replace(f"to: {ID}", "to: s-9k8j7h6g"), encoding="utf-8")

    result = desk.run("inbox", str(place.parent))

    assert result.status == 1
    assert "CB511" in result.err
    assert "note: final" not in desk.read(OTHER)


def test_a_damaged_signature_hides_no_text(desk: Desk) -> None:
    """Plain text inside the fence of a signature would pass for sealed, so it stops everything."""
    text = FENCE.sub(f"\n\n```age-signature\n{NOTE}\n```", desk.read(DRAFT), count=1)
    desk.write(DRAFT, text)

    result = desk.run("check")

    assert "CB504 the signature here is damaged" in result.out
    assert NOTE not in result.out

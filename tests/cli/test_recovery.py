"""`coachbook keys recovery`: a key that is on paper alone, and what it is for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from coachbook.age import X25519Identity
from coachbook.paperkey import read_paper_key
from coachbook.publickey import format_public_key, public_key_of
from coachbook.readers import stated_readers
from tests.cli.desk import COACH, COACHEE, DRAFT, DRAFT_TEXT, MONITOR
from tests.cli.envelope import ENVELOPE, print_key, reader, with_envelope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.cli.desk import Desk
    from tests.cli.envelope import Reader


def sealed_note(desk: Desk) -> None:
    """A session of the day on which the envelope has to open everything, sealed by its coach."""
    desk.write(DRAFT, DRAFT_TEXT)
    assert desk.run("seal", "--new-reader", ENVELOPE, person=COACH).status == 0


def readers(desk: Desk, path: str = DRAFT) -> list[list[str]]:
    """The readers of each sealed part of the record."""
    blocks = [block for section in desk.record(path).sections for block in section.blocks]
    return [[reader for reader, _ in stated_readers(block.armor)] for block in blocks]


def test_the_key_of_the_envelope_is_on_paper_alone(desk: Desk) -> None:
    """After `keys recovery new` the words stand nowhere on the computer, nor does the key."""
    with_envelope(desk)

    paper, result = print_key(desk)

    assert result.status == 0, result.err
    line = read_paper_key(" ".join(paper.words)).reveal_private_key().encode()
    assert line not in desk.everything()
    assert " ".join(paper.words[:3]).encode() not in desk.everything()
    assert desk.book.keyring.current(ENVELOPE) is not None


def test_the_page_is_there_only_while_it_is_printed(desk: Desk) -> None:
    """The sheet lies in a private folder until words were typed back, and then it is gone."""
    with_envelope(desk)
    paper = reader(desk)

    result = desk.run("keys", "recovery", "new", "otterbeck")

    assert result.status == 0, result.err
    assert len(paper.words) == 12
    assert [file for file in desk.home.rglob("*.html") if file.is_file()] == []


@pytest.mark.parametrize("wrong", [["no"] * 3, ["", "", ""]])
def test_no_key_is_made_while_the_paper_cannot_be_read(desk: Desk, wrong: Sequence[str]) -> None:
    """Where words are not typed back as they are on the paper, nothing is written."""
    with_envelope(desk)
    paper = reader(desk)
    paper.answers = list(wrong)

    result = desk.run("keys", "recovery", "new", "otterbeck", "--text")

    assert result.status == 2
    assert "so no key was made" in result.err
    assert desk.book.keyring.current(ENVELOPE) is None


def test_an_envelope_is_made_where_the_policy_names_one(desk: Desk) -> None:
    """Where the policy keeps no key in an envelope, none is made, and the answer is told."""
    reader(desk)

    result = desk.run("keys", "recovery", "new", "otterbeck")

    assert result.status == 2
    assert "who may open a part when everyone has left: nobody" in result.err


def test_nothing_is_sealed_before_the_envelope_has_a_key(desk: Desk) -> None:
    """A part that the policy wants sealed to the envelope too is not sealed without it."""
    with_envelope(desk)
    desk.write(DRAFT, DRAFT_TEXT)

    result = desk.run("seal", person=COACH)

    assert result.status == 1
    assert "run: coachbook keys recovery new otterbeck" in result.err


def test_every_part_is_sealed_to_the_envelope(desk: Desk) -> None:
    """Where the policy names the envelope, it is in the list of readers of every part."""
    with_envelope(desk)
    print_key(desk)

    sealed_note(desk)

    assert all(ENVELOPE in found for found in readers(desk))


def test_a_lost_key_is_made_good_with_the_words(desk: Desk) -> None:
    """With the words, what was sealed to a lost key is sealed for the new one, and opens."""
    with_envelope(desk)
    paper, _ = print_key(desk)
    sealed_note(desk)
    words = desk.run("keys", "replace", COACHEE, "--lost").out.strip().splitlines()[0]
    assert desk.run("open", DRAFT, person=COACHEE, words=words).status != 0

    result = desk.run(
        "keys", "recovery", "open", "otterbeck", COACHEE, "--new-reader", COACHEE, words=""
    )

    assert paper.words
    assert DRAFT in result.out
    assert "the seal is broken" in result.err
    opened = desk.run("open", DRAFT, person=COACHEE, words=words)
    assert "both spoke" in opened.out
    assert all(ENVELOPE in found for found in readers(desk))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("one two three", "12 words are on the paper, 3 were typed"),
        (" ".join(["zzz"] * 12), "words 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 are not on the list"),
        (" ".join(["kettle"] * 12), "the words do not belong together"),
        ("AGE-SECRET-KEY-1QQQQ", "the secret line was not typed as it is on the paper"),
    ],
)
def test_a_misread_word_is_noticed(desk: Desk, typed: str, said: str) -> None:
    """What was misread is told by its position, and nothing is changed."""
    with_envelope(desk)
    paper, _ = print_key(desk)
    sealed_note(desk)
    before = desk.everything()
    paper.answers = [typed]

    result = desk.run("keys", "recovery", "open", "otterbeck", COACHEE, words="")

    assert result.status == 2
    assert said in result.err
    assert desk.everything() == before


def test_the_paper_of_another_school_opens_nothing(desk: Desk) -> None:
    """Sound words that belong to another key are told apart from misread ones."""
    with_envelope(desk)
    first, _ = print_key(desk)
    words = " ".join(first.words)
    key = desk.book.keyring.keys[ENVELOPE][0]
    (desk.root / key.path).unlink()
    second, _ = print_key(desk)
    second.answers = [words]

    result = desk.run("keys", "recovery", "open", "otterbeck", COACHEE)

    assert result.status == 2
    assert "the words are a key, and not one of the sealed envelope of Otterbeck" in result.err


def test_a_swapped_line_of_the_envelope_is_noticed(desk: Desk) -> None:
    """Another key in the envelope's place stops the next seal and a drill, and shows."""
    with_envelope(desk)
    print_key(desk)
    sealed_note(desk)
    desk.commit_all()
    key = desk.book.keyring.keys[ENVELOPE][0]
    theirs = public_key_of(
        X25519Identity.generate(os.urandom), owner=ENVELOPE, generation=1, created=key.created
    )
    desk.write(key.path, format_public_key(theirs))

    desk.write(DRAFT, DRAFT_TEXT.replace("s-2b4d6f8h", "s-0p9o8i7u"))
    sealed = desk.run("seal", DRAFT, person=COACH)
    drilled = desk.run("keys", "drill", "otterbeck")
    found = desk.run("check", "--since", "HEAD").out

    assert sealed.status == 2
    assert theirs.fingerprint in f"{sealed.err}"
    assert drilled.status == 2
    assert "not one of the sealed envelope of Otterbeck" in drilled.err
    assert " CB509 " in found


def test_a_broken_seal_is_followed_by_another_key(desk: Desk) -> None:
    """The next key has its own paper; a reader seals for it, and the old paper opens no more."""
    with_envelope(desk)
    old, _ = print_key(desk)
    old_words = list(old.words)
    sealed_note(desk)
    print_key(desk)

    result = desk.run("keys", "reseal", ENVELOPE, "--new-reader", ENVELOPE, person=COACH)

    assert result.status == 0, result.err
    keys = desk.book.keyring.keys[ENVELOPE]
    assert [key.generation for key in keys] == [2, 1]
    assert read_paper_key(" ".join(old_words)).recipient() == keys[1].recipient
    blocks = [block for section in desk.record(DRAFT).sections for block in section.blocks]
    assert {dict(stated_readers(block.armor))[ENVELOPE] for block in blocks} == {
        keys[0].fingerprint
    }


def test_a_private_half_beside_the_public_line_is_a_fault(desk: Desk) -> None:
    """A private key of the envelope in the repository is found, whoever it is sealed to."""
    with_envelope(desk)
    print_key(desk)
    holder = desk.read("records/keys/roles/monitor@otterbeck.1.age")
    desk.write(f"records/keys/roles/{ENVELOPE}.1.age", holder)

    result = desk.run("check")

    assert result.status == 1
    assert "a private key of the sealed envelope, which belongs on paper alone" in result.out


def test_an_envelope_is_no_role_that_somebody_is_given(desk: Desk) -> None:
    """Nobody can be granted the envelope, and its key can't be made as that of a role."""
    for command in (
        ["keys", "grant", ENVELOPE, COACH],
        ["keys", "rotate", ENVELOPE],
        ["keys", "new", "--role", ENVELOPE],
    ):
        result = desk.run(*command, person=COACH)
        assert result.status == 2
        assert "on paper, and nobody holds it" in result.err


def alone(desk: Desk) -> Reader:
    """One person of the school has a key, and the school an envelope; all is committed."""
    with_envelope(desk)
    paper, _ = print_key(desk)
    for file in (desk.root / "records/keys").rglob("*"):
        if file.is_file() and not file.name.startswith((COACHEE, "envelope@")):
            file.unlink()
    desk.commit_all()
    return paper


def test_the_only_key_holder_is_let_in_again_by_the_envelope(desk: Desk) -> None:
    """Where nobody else is left to approve a replaced key, the envelope approves it."""
    alone(desk)
    desk.run("keys", "replace", COACHEE, "--lost")
    waiting = desk.run("check", "--since", "HEAD").out
    assert "whoever breaks the sealed envelope runs: coachbook keys approve HEAD" in waiting
    assert "--envelope otterbeck" in waiting

    result = desk.run("keys", "approve", "HEAD", "--yes", "--envelope", "otterbeck")

    assert result.status == 0, result.err
    assert " CB509 " not in desk.run("check", "--since", "HEAD").out


def test_the_envelope_approves_nothing_while_others_can(desk: Desk) -> None:
    """While somebody who could read before is here, what they approve is theirs to approve."""
    with_envelope(desk)
    print_key(desk)
    desk.commit_all()
    desk.run("keys", "replace", COACHEE, "--lost")

    result = desk.run("keys", "approve", "HEAD", "--yes", "--envelope", "otterbeck")

    assert result.status == 1
    assert "to approve: Nerys has another key than before" in result.err


def test_the_paper_of_an_earlier_key_approves_nothing(desk: Desk) -> None:
    """Only the newest paper signs: an old one may have been seen by others when it was used."""
    old = alone(desk)
    words = " ".join(old.words)
    print_key(desk)
    desk.git("add", "-A")
    desk.git("commit", "-q", "-m", "another paper")
    desk.run("keys", "replace", COACHEE, "--lost")
    paper = reader(desk)
    paper.answers = [words]

    result = desk.run("keys", "approve", "HEAD", "--yes", "--envelope", "otterbeck")

    assert result.status == 2
    assert "this is the paper of an earlier key" in result.err


def test_what_only_the_paper_opens_is_told(desk: Desk) -> None:
    """When every reader of a part has left, `doctor` says that the envelope opens it still."""
    with_envelope(desk)
    print_key(desk)
    sealed_note(desk)
    for person in (COACH, COACHEE, MONITOR):
        path = f"records/people/{person}.md"
        desk.write(path, desk.read(path).replace("\n---\n", "\nend: 2026-11-19\n---\n", 1))

    said = desk.run("doctor").out

    assert "3 sealed parts of Otterbeck Primary open with the sealed envelope alone" in said
    assert "2 sealed parts of Otterbeck Primary open for nobody who is here" in said


def test_a_leaver_is_told_what_the_paper_opens_after_them(desk: Desk) -> None:
    """What only the envelope opens after somebody has left is good to know, and not lost."""
    with_envelope(desk)
    print_key(desk)
    sealed_note(desk)

    said = desk.run("leaver", COACH).out

    assert f" -  {DRAFT}: 1 part of it only the sealed envelope opens after them" in said
    assert f"[ ] {DRAFT}: nobody opens" not in said

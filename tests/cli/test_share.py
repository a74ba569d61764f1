"""`coachbook share`, `agree` and `disagree`, and what a draft and a final note are to others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from coachbook.life import block_digest
from coachbook.readers import stated_readers
from coachbook.sharing import addenda
from tests.cli.desk import COACH, COACHEE, DRAFT, DRAFT_TEXT, HEAD, MONITOR, NOTE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.desk import Desk

ID = "s-2b4d6f8h"
MINE = DRAFT_TEXT.replace("minutes: 15\n", f"minutes: 15\nnote: draft\ndrafted_by: {COACH}\n")
REPLACE = "path.write_text(path.read_text().replace({!r}, {!r}))"


@pytest.fixture
def draft(desk: Desk) -> Desk:
    """The small school with a sealed draft of the coach."""
    desk.write(DRAFT, MINE)
    result = desk.run("seal", person=COACH)
    assert result.status == 0, result.err
    return desk


@pytest.fixture
def shared(desk: Desk) -> Desk:
    """The small school with a note that both can read."""
    desk.write(DRAFT, DRAFT_TEXT)
    result = desk.run("seal", person=COACH)
    assert result.status == 0, result.err
    return desk


@pytest.fixture
def final(shared: Desk) -> Desk:
    """The small school with a note that the coachee has agreed to."""
    result = shared.run("agree", ID, person=COACHEE)
    assert result.status == 0, result.err
    return shared


def readers(desk: Desk) -> dict[str, tuple[str, ...]]:
    """Section -> its readers, as its block states them."""
    return {
        section.name: tuple(one for one, _ in stated_readers(block.armor))
        for section in desk.record(DRAFT).sections
        for block in section.blocks
    }


def codes(desk: Desk) -> set[str]:
    """The codes of what stops the school from being published."""
    return set(re.findall(r"CB5\d{2}", desk.run("check").out))


# A draft


def test_a_draft_is_sealed_to_its_author_alone(draft: Desk) -> None:
    """Every part of a draft has one reader."""
    assert set(readers(draft).values()) == {(COACH,)}
    assert codes(draft) == set()


@pytest.mark.parametrize("person", [COACHEE, MONITOR, HEAD])
def test_nobody_else_opens_a_draft(draft: Desk, person: str) -> None:
    """The key of the coachee, the monitor or the head opens nothing of a draft."""
    result = draft.run("open", ID, person=person)

    assert (result.status, result.out) == (2, "")
    assert NOTE not in result.err


def test_the_author_goes_on_writing(draft: Desk) -> None:
    """A draft that its author edits stays a draft."""
    draft.editor(REPLACE.format("Two pupils", "Three pupils"))

    result = draft.run("edit", ID, person=COACH)

    assert result.status == 0, result.err
    assert readers(draft)["Notes"] == (COACH,)
    assert "Three pupils" in draft.run("open", ID, person=COACH).out


def test_nobody_else_edits_a_draft(draft: Desk) -> None:
    """Not even the header of a draft is another person's to change in the editor."""
    before = draft.read(DRAFT)
    draft.editor(REPLACE.format("minutes: 15", "minutes: 16"))

    result = draft.run("edit", ID, person=COACHEE)

    assert result.status == 2
    assert "is a draft of Idris" in result.err
    assert draft.read(DRAFT) == before


def test_a_draft_without_an_author_is_not_sealed(desk: Desk) -> None:
    """A draft has to say whose it is, or nobody could be its reader."""
    desk.write(DRAFT, MINE.replace(f"drafted_by: {COACH}\n", ""))

    result = desk.run("seal", person=COACH)

    assert result.status == 1
    assert "CB507 this is a draft, and `drafted_by` does not say whose" in result.err
    assert NOTE in desk.read(DRAFT)


def test_a_draft_of_a_stranger_is_not_sealed(desk: Desk) -> None:
    """Whoever takes no part in a note cannot have it sealed to themselves as their draft."""
    desk.write(DRAFT, MINE.replace(COACH, HEAD))

    result = desk.run("seal", person=HEAD)

    assert result.status == 1
    assert NOTE in desk.read(DRAFT)


def test_a_misspelt_state_is_not_taken_for_shared(desk: Desk) -> None:
    """A slip in `note` seals nothing, as it may have been meant as a draft."""
    desk.write(DRAFT, MINE.replace("note: draft", "note: drat"))

    result = desk.run("seal", person=COACH)

    assert result.status == 1
    assert "`note` says none of draft, shared and final" in result.err
    assert NOTE in desk.read(DRAFT)


def test_who_can_read_a_draft(draft: Desk) -> None:
    """It is said that a draft is its author's alone until it is shared."""
    result = draft.run("who-can-read", ID)

    assert result.status == 0
    assert "a draft: its author's alone until it is shared" in result.out


# Shared


def test_sharing_seals_for_those_whom_the_policy_names(draft: Desk) -> None:
    """A shared note opens for its readers; what is the coach's alone stays so."""
    result = draft.run("share", ID, "--yes", person=COACH)

    assert result.status == 0, result.err
    assert "will be able to read this" in result.err
    assert COACHEE in readers(draft)["Notes"]
    assert readers(draft)["Coach notes"] == (COACH,)
    assert NOTE in draft.run("open", ID, person=COACHEE).out
    assert "note: shared" in draft.read(DRAFT)
    assert codes(draft) == set()


def test_only_its_author_shares_a_draft(draft: Desk) -> None:
    """Nobody else can share a draft, and nobody else could open it to do so."""
    before = draft.read(DRAFT)

    result = draft.run("share", ID, "--yes", person=COACHEE)

    assert result.status == 2
    assert "is a draft of" in result.err
    assert draft.read(DRAFT) == before


def test_sharing_asks(draft: Desk) -> None:
    """Without somebody to ask and without --yes, nothing is shared."""
    before = draft.read(DRAFT)

    result = draft.run("share", ID, person=COACH)

    assert result.status == 2
    assert "add --yes" in result.err
    assert draft.read(DRAFT) == before


def test_a_shared_note_has_nothing_to_share(shared: Desk) -> None:
    """Sharing what is sealed for its readers already changes nothing."""
    before = shared.read(DRAFT)

    result = shared.run("share", ID, "--yes", person=COACH)

    assert result.status == 0
    assert shared.read(DRAFT) == before


def test_sharing_that_is_cut_short_loses_nothing(
    draft: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the machine stops while a draft is shared, the draft is as it was and opens."""
    before = draft.read(DRAFT)

    def power_cut(self: Path, target: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr("pathlib.Path.replace", power_cut)
        assert draft.run("share", ID, "--yes", person=COACH).status != 0

    assert draft.read(DRAFT) == before
    assert NOTE in draft.run("open", ID, person=COACH).out
    assert draft.run("share", ID, "--yes", person=COACH).status == 0


def test_calling_a_draft_shared_opens_it_for_nobody(draft: Desk) -> None:
    """The word in the header alone shares nothing, and is found."""
    draft.write(DRAFT, draft.read(DRAFT).replace("note: draft", "note: shared"))

    assert "CB503" in codes(draft)
    assert draft.run("open", ID, person=COACHEE).status == 2


def test_calling_a_shared_note_a_draft_is_found(shared: Desk) -> None:
    """A note that others can read is no draft, whatever its header says."""
    text = shared.read(DRAFT).replace("minutes: 15\n", f"note: draft\ndrafted_by: {COACH}\n")
    shared.write(DRAFT, text)

    assert "CB507" in codes(shared)


# Who writes what


def test_a_reflection_is_not_offered_to_the_coach(shared: Desk) -> None:
    """The coach who edits a note finds a line where the coachee's reflection stands."""
    shared.editor("path.write_text(path.read_text() + '\\n## Coachee reflection\\n\\nI wait.\\n')")
    assert shared.run("edit", ID, person=COACHEE).status == 0
    reflection = shared.record(DRAFT).section("Coachee reflection")
    assert reflection is not None
    before = shared.read(DRAFT)[reflection.start :]
    shared.editor(
        "text = path.read_text()\n"
        "assert 'I wait.' not in text\n"
        "assert '<!-- for the coachee to write' in text\n" + REPLACE.format("Two", "Three")
    )

    result = shared.run("edit", ID, person=COACH)

    assert result.status == 0, result.err
    assert shared.read(DRAFT).endswith(before)


def test_the_coach_does_not_write_a_reflection(shared: Desk) -> None:
    """Words that the coach puts under the coachee's heading are not sealed."""
    before = shared.read(DRAFT)
    shared.editor("path.write_text(path.read_text() + '\\n## Coachee reflection\\n\\nI wait.\\n')")

    result = shared.run("edit", ID, person=COACH)

    assert result.status == 1
    assert 'CB508 section "Coachee reflection" is not for' in result.err
    assert shared.read(DRAFT) == before


# Final


def test_agreeing_makes_a_note_final(final: Desk) -> None:
    """The header says that the note is final, with a digest; the answer is a sealed addendum."""
    note = final.record(DRAFT)
    (answer,) = addenda(final.book, note)

    assert note.value("note") == "final"
    assert note.value("locked") == block_digest(note)
    assert answer.value("by") == COACHEE
    assert "agreed" not in answer.source
    assert "Response: agreed" in final.run("open", answer.id, person=COACH).out
    assert codes(final) == set()


def test_whether_somebody_disagreed_is_sealed(shared: Desk) -> None:
    """A note that somebody disagreed with looks like one that they agreed to."""
    words = shared.home / "words.txt"
    words.write_text("The second count was mine.\n", encoding="utf-8")

    result = shared.run("disagree", ID, "--words", str(words), person=COACHEE)

    assert result.status == 0, result.err
    (answer,) = addenda(shared.book, shared.record(DRAFT))
    assert b"disagree" not in shared.everything()
    assert "The second count was mine." in shared.run("open", answer.id, person=COACH).out


def test_a_final_note_is_not_edited(final: Desk) -> None:
    """Whoever wants to change a final note is told to write an addendum."""
    before = final.read(DRAFT)
    final.editor(REPLACE.format("Two", "Three"))

    for command in (["edit", ID], ["open", ID, "--in-place"]):
        result = final.run(*command, person=COACH)
        assert result.status == 2
        assert f"coachbook new addendum --to {ID}" in result.err

    assert final.read(DRAFT) == before


def test_a_final_note_that_was_altered_is_found(final: Desk) -> None:
    """A sealed part that went, or was sealed again, shows without a key."""
    text = final.read(DRAFT)
    section = final.record(DRAFT).section("Action steps")
    assert section is not None

    final.write(DRAFT, text[: section.start] + "\n" + text[section.end :])

    assert "CB506" in codes(final)


@pytest.mark.parametrize("state", ["note: shared", "note: draft", ""])
def test_a_final_note_does_not_go_back(final: Desk, state: str) -> None:
    """A note that says it is final no more is found by its digest."""
    final.write(DRAFT, final.read(DRAFT).replace("note: final", state))

    assert "CB506" in codes(final)


def test_text_that_is_added_to_a_final_note_is_not_sealed(final: Desk) -> None:
    """`seal` does not take up what was written into a final note."""
    final.write(DRAFT, final.read(DRAFT) + "\n## Practice\n\nWe tried it once more.\n")

    result = final.run("seal", DRAFT, person=COACH)

    assert result.status == 1
    assert "CB506" in result.err


def test_both_can_answer(final: Desk) -> None:
    """The second answer is added, and the note stays as it is."""
    before = final.read(DRAFT)

    result = final.run("disagree", ID, person=COACH)

    assert result.status == 0, result.err
    assert len(addenda(final.book, final.record(DRAFT))) == 2
    assert final.read(DRAFT) == before


def test_nobody_answers_twice(final: Desk) -> None:
    """Saying the same again adds nothing, and saying the opposite is an addendum."""
    assert final.run("agree", ID, person=COACHEE).status == 0
    assert len(addenda(final.book, final.record(DRAFT))) == 1

    result = final.run("disagree", ID, person=COACHEE)

    assert result.status == 2
    assert "you have agreed with" in result.err


def test_a_stranger_answers_nothing(shared: Desk) -> None:
    """Who takes no part in a note cannot agree to it, even if they can read it."""
    before = shared.read(DRAFT)

    for person in (MONITOR, HEAD):
        result = shared.run("agree", ID, person=person)
        assert result.status == 2
        assert "takes no part" in result.err

    assert shared.read(DRAFT) == before


def test_a_draft_is_not_agreed_to(draft: Desk) -> None:
    """A draft has to be shared before anybody can answer it."""
    result = draft.run("agree", ID, person=COACHEE)

    assert result.status == 2
    assert "is a draft still" in result.err


def test_an_answer_that_was_cut_short_is_taken_up(
    shared: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the machine stops after the addendum, the same command makes the note final."""
    with monkeypatch.context() as cut:
        cut.setattr("coachbook.cli.share.final_source", _stopped, raising=False)
        cut.setattr("coachbook.sharing.final_source", _stopped)
        assert shared.run("agree", ID, person=COACHEE).status != 0
    assert shared.record(DRAFT).value("note") is None

    result = shared.run("agree", ID, person=COACHEE)

    assert result.status == 0, result.err
    assert shared.record(DRAFT).value("note") == "final"
    assert len(addenda(shared.book, shared.record(DRAFT))) == 1


def _stopped(*_: object) -> str:
    raise KeyboardInterrupt


# Addenda that were written by hand or in the portal

ADDENDUM = "records/otterbeck/2026-27/addenda/2026-11-20-ad-4h2k8m0q.md"
ADDENDUM_TEXT = f"""\
---
type: addendum
id: ad-4h2k8m0q
school: otterbeck
form: session-addendum@1
to: {ID}
by: {COACHEE}
on: 2026-11-20
---

## Addendum

Response: addition

I tried it with the other class, too.
"""


def test_an_addendum_that_arrives_makes_the_note_final(shared: Desk) -> None:
    """A signed addendum from the portal is filed, and the note it adds to is final."""
    shared.write(ADDENDUM, ADDENDUM_TEXT)
    assert shared.run("seal", ADDENDUM, "--sign", person=COACHEE).status == 0
    folder = shared.root.parent / "notes"
    folder.mkdir()
    (shared.root / ADDENDUM).rename(folder / "download.md")

    result = shared.run("inbox", str(folder))

    assert result.status == 0, result.err
    assert "is final now, as somebody added to it" in result.err
    assert shared.record(DRAFT).value("note") == "final"
    assert codes(shared) == set()


def test_saving_an_addendum_makes_the_note_final(shared: Desk) -> None:
    """An addendum that is saved makes the note final in the same commit."""
    shared.commit_all()
    shared.write(ADDENDUM, ADDENDUM_TEXT)

    result = shared.run("save", person=COACHEE)

    assert result.status == 0, result.err
    assert result.out.split() == sorted([DRAFT, ADDENDUM])
    assert shared.record(DRAFT).value("note") == "final"


def test_an_addendum_of_a_stranger_is_not_filed(shared: Desk) -> None:
    """Somebody who takes no part in a note cannot send in an addendum to it."""
    shared.write(ADDENDUM, ADDENDUM_TEXT.replace(f"by: {COACHEE}", f"by: {HEAD}"))
    assert shared.run("seal", ADDENDUM, person=HEAD).status == 0
    folder = shared.root.parent / "notes"
    folder.mkdir()
    (shared.root / ADDENDUM).rename(folder / "download.md")

    result = shared.run("inbox", str(folder))

    assert result.status == 1
    assert "CB508" in result.err
    assert shared.record(DRAFT).value("note") is None


def test_words_in_the_name_of_another_show_when_they_are_opened(final: Desk) -> None:
    """An addendum whose inside names another author than its header is told to who opens it."""
    final.write(ADDENDUM, ADDENDUM_TEXT)
    assert final.run("seal", ADDENDUM, person=HEAD).status == 0

    result = final.run("open", ADDENDUM, person=COACH)

    assert result.status == 0
    assert 'section "Addendum" says that Odalys wrote it' in result.err


def test_a_new_addendum_fits_its_note(shared: Desk) -> None:
    """`new addendum` takes the form for the note, and the person at work as its author."""
    result = shared.run("new", "addendum", "--to", ID, "--yes", person=COACHEE)

    assert result.status == 0, result.err
    (added,) = addenda(shared.book, shared.record(DRAFT))
    assert (added.value("form"), added.value("by")) == ("session-addendum@1", COACHEE)


def test_a_new_draft_is_that_of_the_person_at_work(desk: Desk) -> None:
    """`new` with `--note draft` says whose draft it is, and under each heading who reads it."""
    result = desk.run("new", "session", "--cycle", "c-0a1b2c3d", "--note", "draft", person=COACH)

    assert result.status == 0, result.err
    text = desk.read(result.out.strip())
    assert f"drafted_by: {COACH}\n" in text
    assert "<!-- guide: Only you can read this while it is a draft." in text


# Readers that have changed


def test_a_final_note_is_sealed_anew_where_its_readers_changed(final: Desk) -> None:
    """When the policy names fewer readers, `share` seals a final note for them, text unchanged."""
    policy = "records/otterbeck/policy-2026-09.md"
    row = next(line for line in final.read(policy).splitlines() if line.startswith("| Session no"))
    final.write(policy, final.read(policy).replace(row, row.replace("read", "–", 1)))
    private = final.record(DRAFT).section("Coach notes")
    assert private is not None
    before = final.read(DRAFT)[private.start : private.end]
    assert codes(final) == {"CB503"}
    old = final.record(DRAFT).value("locked")

    result = final.run("share", ID, "--yes", person=COACHEE)

    assert result.status == 0, result.err
    assert readers(final)["Notes"] == (COACHEE, COACH)
    assert before in final.read(DRAFT)
    assert final.record(DRAFT).value("note") == "final"
    assert final.record(DRAFT).value("locked") not in {old, None}
    assert NOTE in final.run("open", ID, person=COACH).out

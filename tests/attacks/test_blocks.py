"""Sealed blocks in the hands of somebody who can write to the repository."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import pytest

from coachbook.age import armor, dearmor, decrypt, encrypt
from coachbook.readers import Reader, readers_stanza, stated_readers
from tests.cli.desk import (
    COACH,
    COACHEE,
    DRAFT,
    DRAFT_TEXT,
    HEAD,
    NOTE,
    PLAIN_WHOLE,
    PLAIN_WHOLE_TEXT,
    SESSION,
    make_desk,
)
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.desk import Desk, Result

BLOCK = re.compile(r"```age [^\n]*\nrevision: \d+\n(-----BEGIN.*?-----END[^\n]*\n)```", re.DOTALL)
ONE = "We counted the waits"


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """The small school with two sealed sessions, under git."""
    desk = make_desk(tmp_path, monkeypatch, capsys)
    desk.write(DRAFT, DRAFT_TEXT)
    assert desk.run("seal", DRAFT, person=COACH).status == 0
    desk.commit_all()
    return desk


def block(desk: Desk, path: str, number: int = 0) -> str:
    """One fenced block of a record, from its first line to its last."""
    return list(BLOCK.finditer(desk.read(path)))[number][0]


def put(desk: Desk, path: str, number: int, new: str) -> None:
    """Puts something in the place of a record's block."""
    source = desk.read(path)
    old = list(BLOCK.finditer(source))[number]
    desk.write(path, source[: old.start()] + new + source[old.end() :])


def read(desk: Desk, path: str, section: str = "Notes") -> Result:
    """What the coach, who is a reader, gets to see."""
    return desk.run("open", path, "--section", section, person=COACH)


def require_nothing_opened(result: Result, words: str) -> None:
    """Fails unless the command refused with these words and printed no part of a text."""
    assert (result.status, result.out) == (2, "")
    assert words in result.err
    assert NOTE not in result.err
    assert ONE not in result.err


def codes(desk: Desk) -> set[str]:
    """The codes of what `check` finds, for which no key is at hand."""
    return set(re.findall(r"CB\d{3}", desk.run("check").out))


# Moved


def test_a_block_copied_to_another_record(desk: Desk) -> None:
    """A note copied into another session is found without a key, and opens for nobody there."""
    put(desk, SESSION, 0, block(desk, DRAFT, 0))

    assert "CB504" in codes(desk)
    require_nothing_opened(read(desk, SESSION), "sealed for another record")


def test_a_record_sealed_whole_at_another_school(desk: Desk) -> None:
    """A record of which nothing shows but its school opens for nobody as another school's."""
    desk.write(PLAIN_WHOLE, PLAIN_WHOLE_TEXT)
    path = desk.run("seal", PLAIN_WHOLE, person=COACH).out.partition(":")[0]
    desk.write(path, desk.read(path).replace("school: otterbeck", "school: saltmere"))

    result = desk.run("open", path, person=COACHEE)

    assert (result.status, result.out) == (2, "")
    assert "it was sealed at another school" in result.err


def test_a_block_moved_to_another_record(desk: Desk) -> None:
    """Where the first place is emptied too, the block still opens for nobody in the second."""
    put(desk, SESSION, 0, block(desk, DRAFT, 0))
    put(desk, DRAFT, 0, "")

    require_nothing_opened(read(desk, SESSION), "sealed for another record")


def test_blocks_of_two_sections_swapped(desk: Desk) -> None:
    """Two sections of one session that change places open for nobody, though readers agree."""
    notes, steps = block(desk, SESSION, 0), block(desk, SESSION, 1)
    put(desk, SESSION, 0, steps)
    put(desk, SESSION, 1, notes)

    require_nothing_opened(read(desk, SESSION), "sealed for another section")
    require_nothing_opened(read(desk, SESSION, "Action steps"), "sealed for another section")


def test_a_record_copied_under_another_id(desk: Desk) -> None:
    """A whole record copied under a new id and date is no second session with the same notes."""
    copy = DRAFT.replace("2b4d6f8h", "9z9z9z9z")
    desk.write(copy, desk.read(DRAFT).replace("s-2b4d6f8h", "s-9z9z9z9z"))

    assert "CB504" in codes(desk)
    require_nothing_opened(read(desk, copy), "sealed for another record")


def test_a_record_given_to_other_people(desk: Desk) -> None:
    """A session that is made to belong to another pair opens for nobody, old readers or new."""
    pair = next((desk.root / "records/otterbeck/partnerships").iterdir())
    pair.write_bytes(pair.read_bytes().replace(COACHEE.encode(), b"p-e6f1u8gd"))

    assert "CB503" in codes(desk)
    require_nothing_opened(read(desk, DRAFT), "the people of this record were others")


# Replayed


def resealed(desk: Desk) -> str:
    """The first block of the draft as it was, after its text has been changed once."""
    old = block(desk, DRAFT, 0)
    assert desk.run("open", DRAFT, "--in-place", person=COACH).status == 0
    desk.write(DRAFT, desk.read(DRAFT).replace(NOTE, "They waited, all of them."))
    assert desk.run("seal", DRAFT, person=COACH).status == 0
    assert "revision: 2" in block(desk, DRAFT, 0)
    return old


def test_an_earlier_block_put_back(desk: Desk) -> None:
    """An earlier version under the present revision is refused."""
    put(desk, DRAFT, 0, resealed(desk).replace("revision: 1", "revision: 2"))

    require_nothing_opened(read(desk, DRAFT), "it is revision 1, the line above it says 2")


def test_a_later_revision_claimed(desk: Desk) -> None:
    """A revision line that was raised does not make a block newer than it is."""
    put(desk, DRAFT, 0, block(desk, DRAFT, 0).replace("revision: 1", "revision: 9"))

    require_nothing_opened(read(desk, DRAFT), "it is revision 1, the line above it says 9")


# Readers altered


def with_header(change: Callable[[bytes], bytes]) -> Callable[[str], str]:
    """A change to the header of the age file inside a block."""

    def changed(fence: str) -> str:
        found = BLOCK.fullmatch(fence)
        assert found is not None
        return fence.replace(found[1], armor(change(dearmor(found[1]))))

    return changed


STANZA = re.compile(rb"-> X25519 \S+\n\S+\n")
STATED = re.compile(rb" \S+:[a-z2-7]{26}(?=[ \n])")


def drop_slot(data: bytes) -> bytes:
    """The file without its last slot."""
    last = list(STANZA.finditer(data))[-1]
    return data[: last.start()] + data[last.end() :]


def add_slot(data: bytes) -> bytes:
    """The file with its last slot twice."""
    last = list(STANZA.finditer(data))[-1]
    return data[: last.end()] + last[0] + data[last.end() :]


def swap_slots(data: bytes) -> bytes:
    """The file with its first two slots in each other's place."""
    first, second = list(STANZA.finditer(data))[:2]
    return data[: first.start()] + second[0] + first[0] + data[second.end() :]


def drop_stated(data: bytes) -> bytes:
    """The file that states one reader fewer."""
    return STATED.sub(b"", data, count=1)


def add_stated(data: bytes) -> bytes:
    """The file that states the head as one more reader."""
    key = small.identity("head@otterbeck").recipient().fingerprint()
    first = STATED.search(data)
    assert first is not None
    return data[: first.start()] + f" head@otterbeck:{key}".encode() + data[first.start() :]


def double_stated(data: bytes) -> bytes:
    """The file that states its first reader twice."""
    first = STATED.search(data)
    assert first is not None
    return data[: first.start()] + first[0] + data[first.start() :]


def relabel_stated(data: bytes) -> bytes:
    """The file that states the head's name with another's fingerprint."""
    return data.replace(b" monitor@otterbeck:", b" head@otterbeck:")


def drop_list(data: bytes) -> bytes:
    """The file without the list of readers, as any age program would write it."""
    return re.sub(rb"-> coachbook/readers [^\n]*\n\n", b"", data)


def drop_pair(data: bytes) -> bytes:
    """The file that neither states its last reader nor has a slot for them."""
    last = list(STATED.finditer(data))[-1]
    return drop_slot(data[: last.start()] + data[last.end() :])


@pytest.mark.parametrize(
    ("change", "found_without_a_key"),
    [
        (drop_slot, {"CB504"}),
        (add_slot, {"CB504"}),
        (drop_stated, {"CB504"}),
        (add_stated, {"CB504"}),
        (double_stated, {"CB504"}),
        (drop_list, {"CB504"}),
        (relabel_stated, {"CB503"}),
        (drop_pair, {"CB503"}),
        (swap_slots, set()),
    ],
)
def test_altered_readers(
    desk: Desk, change: Callable[[bytes], bytes], found_without_a_key: set[str]
) -> None:
    """A reader dropped, added, doubled, renamed or swapped: the block opens for nobody.

    All but a swap of two slots is found by `check` too, which has no key.
    """
    altered = with_header(change)(block(desk, DRAFT, 0))
    assert altered != block(desk, DRAFT, 0)
    put(desk, DRAFT, 0, altered)

    assert found_without_a_key <= codes(desk)
    require_nothing_opened(read(desk, DRAFT), "damaged")


def test_a_reader_lets_somebody_in(desk: Desk) -> None:
    """A reader who seals what they were given for one more person too is found out by all."""
    found = BLOCK.fullmatch(block(desk, DRAFT, 0))
    assert found is not None
    stated = [owner for owner, _ in stated_readers(found[1])]
    readers = [Reader(one, small.identity(one).recipient()) for one in (*stated, HEAD)]
    text = decrypt(dearmor(found[1]), [small.identity(COACH)])
    again = encrypt(text, [one.recipient for one in readers], extra=[readers_stanza(readers)])
    put(desk, DRAFT, 0, found[0].replace(found[1], armor(again)))

    require_nothing_opened(read(desk, DRAFT), "the list of readers inside is not the one outside")
    require_nothing_opened(desk.run("open", DRAFT, "--section", "Notes", person=HEAD), "damaged")
    assert "CB503" in codes(desk)


def test_a_line_for_people_that_lies(desk: Desk) -> None:
    """The line that names readers for people cannot say anything but what the block states."""
    put(desk, DRAFT, 0, re.sub(r"^```age .*", "```age coach", block(desk, DRAFT, 0), count=1))

    found = desk.run("check")

    assert "names other readers than the block itself" in found.out
    assert found.status == 1


def test_a_block_sealed_to_one_more_reader(desk: Desk) -> None:
    """A coach who also seals a note to the head is contradicted by the policy, without a key."""
    record = desk.record(SESSION)
    plain = record.source
    for number, text in ((1, "- [ ] Wait (by 19 Nov)"), (0, NOTE)):
        found = list(BLOCK.finditer(plain))[number]
        plain = plain[: found.start()] + text + plain[found.end() :]
    desk.write(SESSION, plain)
    source = small.seal_sections(desk.book, desk.record(SESSION), more_readers=["head@otterbeck"])
    desk.write(SESSION, source)

    found = desk.run("check")
    seen = desk.run("who-can-read", SESSION)
    built = desk.run("build", "--only", "portal")

    assert "sealed to the head, whom the policy does not name" in found.out
    assert "! the policy does not name Head, Otterbeck" in seen.out
    assert (seen.status, built.status) == (1, 1)
    assert not (desk.root / "site").exists()


# Damaged on the way


@pytest.mark.parametrize(
    "travel",
    [
        lambda source: source.replace("\n", "\r\n"),
        lambda source: "\ufeff" + source,
        lambda source: "\ufeff" + source.replace("\n", "\r\n"),
        lambda source: source.rstrip("\n"),
        lambda source: source + "\n\n\n",
        lambda source: re.sub(r"(?m)^(?=[A-Za-z0-9+/=]{4,64}$)", "\t", source),
    ],
    ids=["crlf", "bom", "bom and crlf", "no last newline", "more newlines", "tabs"],
)
def test_what_windows_and_editors_do_to_a_file(desk: Desk, travel: Callable[[str], str]) -> None:
    """Other line endings, a byte order mark, blank lines or tabs leave a sealed part whole."""
    desk.write(DRAFT, travel(desk.read(DRAFT)))

    assert read(desk, DRAFT).out == f"{NOTE}\n"


def rewrapped(fence: str, width: int) -> str:
    """The block with its base64 broken at another place."""
    found = BLOCK.fullmatch(fence)
    assert found is not None
    first, *body, last = found[1].splitlines()
    joined = "".join(body)
    lines = [joined[start : start + width] for start in range(0, len(joined), width)]
    return fence.replace(found[1], "\n".join([first, *lines, last]) + "\n")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda fence: rewrapped(fence, 76),
        lambda fence: rewrapped(fence, 20),
        lambda fence: fence.replace("-----BEGIN AGE", "----- BEGIN AGE"),
        lambda fence: re.sub(r"(?m)^([A-Za-z0-9+/]{10})", r"\1 ", fence),
        lambda fence: re.sub(r"(?m)^([A-Za-z0-9+/]{64})\n", "", fence, count=1),
        lambda fence: fence.replace("YWdl", "YWdm", 1),
        str.swapcase,
        lambda fence: fence[: len(fence) // 2] + "\n```",
        lambda fence: fence.removesuffix("```"),
        lambda fence: re.sub(r"(?s)-----BEGIN.*\n(?=```)", "", fence),
    ],
    ids=[
        "wide lines",
        "short lines",
        "another first line",
        "blanks inside",
        "a line missing",
        "a letter retyped",
        "capitals and small letters",
        "cut in half",
        "no closing fence",
        "nothing inside",
    ],
)
def test_a_spoilt_block_is_named_and_not_opened(desk: Desk, spoil: Callable[[str], str]) -> None:
    """Re-wrapped, indented, cut or retyped, a block is a fault without a key, and stays shut."""
    spoilt = spoil(block(desk, DRAFT, 0))
    assert spoilt != block(desk, DRAFT, 0)
    put(desk, DRAFT, 0, spoilt)

    result = desk.run("open", DRAFT, person=COACH)
    built = desk.run("build", "--only", "portal")

    assert codes(desk) & {"CB504", "CB501", "CB505", "CB503"}
    assert NOTE not in result.out + result.err
    assert built.status == 1
    assert not (desk.root / "site").exists()


def test_every_byte_counts(desk: Desk) -> None:
    """Whichever letter of a block is changed, it opens with the right text or not at all."""
    whole = block(desk, DRAFT, 0)
    start, end = whole.index("YWdl"), whole.index("-----END")
    for place in range(start, end, 41):
        if whole[place] == "\n":
            continue
        other = "A" if whole[place] != "A" else "B"
        put(desk, DRAFT, 0, whole[:place] + other + whole[place + 1 :])

        require_nothing_opened(read(desk, DRAFT), "damaged")


# Sizes and letters


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "0",
        "😀",
        "👩🏽\u200d🏫 spoke; the room listened 🇬🇧",
        unicodedata.normalize("NFC", "Zoë, Renée and Siân"),
        unicodedata.normalize("NFD", "Zoë, Renée and Siân"),
        "ﬁ ﬂ \u202eright to left\u202c \u200bno width",
        "ordinary words, many times over. " * 30_000,
    ],
    ids=["one byte", "nought", "emoji", "joined emoji", "nfc", "nfd", "odd letters", "1 MB"],
)
def test_any_text_comes_back(desk: Desk, text: str) -> None:
    """One byte, a megabyte, emoji, and letters in either form come back as they were written."""
    draft = DRAFT.replace("2b4d6f8h", "5k5k5k5k")
    source = DRAFT_TEXT.replace("s-2b4d6f8h", "s-5k5k5k5k").replace(NOTE, text.strip())
    desk.write(draft, source)

    sealed = desk.run("seal", draft, person=COACH)
    result = read(desk, draft)

    assert sealed.status == 0
    assert text.strip() not in desk.read(draft) or text in {"x", "0"}
    assert result.out == f"{text.strip()}\n"


def test_an_empty_section_is_not_sealed(desk: Desk) -> None:
    """A section without text becomes no block, so that nobody wonders what it hides."""
    draft = DRAFT.replace("2b4d6f8h", "5k5k5k5k")
    source = DRAFT_TEXT.replace("s-2b4d6f8h", "s-5k5k5k5k").replace(NOTE, "")
    desk.write(draft, source)

    assert desk.run("seal", draft, person=COACH).status == 0
    assert len(BLOCK.findall(desk.read(draft))) == 2


def test_more_than_a_section_can_hold(desk: Desk) -> None:
    """Text beyond the limit is refused before anything is sealed, and stays where it is."""
    draft = DRAFT.replace("2b4d6f8h", "5k5k5k5k")
    source = DRAFT_TEXT.replace("s-2b4d6f8h", "s-5k5k5k5k").replace(NOTE, "word " * 250_000)
    desk.write(draft, source)

    result = desk.run("seal", draft, person=COACH)

    assert result.status == 1
    assert "more text than one section can hold" in result.err
    assert desk.read(draft) == source


# Three messages


def test_three_refusals_are_three_messages(desk: Desk) -> None:
    """A wrong passphrase, somebody else's key and a damaged block are told apart, each calmly."""
    wrong = desk.run("open", DRAFT, person=COACH, words="these are not the right six")
    stranger = desk.run("open", DRAFT, person=HEAD)
    put(desk, DRAFT, 0, with_header(swap_slots)(block(desk, DRAFT, 0)))
    damaged = read(desk, DRAFT)

    require_nothing_opened(wrong, "the passphrase does not open this key")
    require_nothing_opened(stranger, "this is sealed to ")
    require_nothing_opened(damaged, "the sealed text is damaged")
    assert len({result.err.splitlines()[0] for result in (wrong, stranger, damaged)}) == 3
    assert all("hint: " in result.err for result in (wrong, stranger, damaged))

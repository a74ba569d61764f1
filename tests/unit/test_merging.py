"""Two versions of a record joined."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachbook.age.armor import armor
from coachbook.frontmatter import format_header
from coachbook.linemerge import choose_side, merge_lines
from coachbook.merging import Merged, merge_records
from coachbook.record import Record, format_block, parse_record
from coachbook.signature_lines import SignatureLines, format_signature
from tests.strategies import SECTION_NAMES, blocks, keys, paragraphs, sources, values

HEADER = "---\ntype: session\nid: s-7kq2m4xa\nstatus: held\n---\n"


def block(words: str, revision: int = 1) -> str:
    """A sealed block; the words are the noise in it."""
    return format_block(("coach", "coachee"), revision, armor(words.encode() * 9))


def session(header: str = HEADER, **sections: str) -> bytes:
    """A session with these sections."""
    parts = [f"\n## {name}\n\n{text}\n" for name, text in sections.items()]
    return (header + "".join(parts)).encode()


def merged(base: bytes, ours: bytes, theirs: bytes) -> Merged:
    """The merge of versions that can be taken apart."""
    found = merge_records(base, ours, theirs)
    assert found is not None
    return found


def test_each_side_changed_another_section() -> None:
    """Sections that one side changed are taken from that side, block for block."""
    one, two, new_one, new_two = (block(words) for words in ("1", "2", "one", "two"))

    found = merged(
        session(Notes=one, Practice=two),
        session(Notes=new_one, Practice=two),
        session(Notes=one, Practice=new_two),
    )

    assert found.data == session(Notes=new_one, Practice=new_two)
    assert found.clashes == ()


def test_a_signature_stays_with_its_block() -> None:
    """A block that is taken from one side brings its signature along, and no other."""
    lines = SignatureLines("p-7kq2m4xa", "a" * 26, "2026-11-12", "A" * 86 + "==")
    old, plain = block("old"), block("new", 2)
    signed = f"{plain}\n\n{format_signature(lines)}"

    taken = merged(session(Notes=old), session(Notes=old), session(Notes=signed))
    both = merged(session(Notes=old), session(Notes=signed), session(Notes=block("theirs", 2)))

    assert taken.data == session(Notes=signed)
    assert both.data == session(Notes=f"{signed}\n\n{block('theirs', 2)}")


def test_both_changed_one_section() -> None:
    """Both sealed versions stay side by side, ours first, and no mark stands among them."""
    ours, theirs = block("ours", 2), block("theirs", 2)

    found = merged(session(Notes=block("base")), session(Notes=ours), session(Notes=theirs))

    assert found.data == session(Notes=f"{ours}\n\n{theirs}")
    assert found.clashes == ('section "Notes"',)


def test_a_section_that_both_sealed_alike_is_one() -> None:
    """The same block on both sides is no clash."""
    same = block("same", 2)

    found = merged(
        session(Notes=block("base"), Practice="a"),
        session(Notes=same, Practice="b"),
        session(Notes=same, Practice="a"),
    )

    assert found == Merged(session(Notes=same, Practice="b"))


def test_fields_are_joined_by_key() -> None:
    """Fields next to each other that each side changed, added or took out are joined."""
    base = "---\ntype: session\nstatus: planned\nminutes: 10\nstyle: open\n---\n"
    ours = "---\ntype: session\nstatus: held\nminutes: 10\nstyle: open\n---\n"
    theirs = "---\ntype: session\nstatus: planned\nminutes: 15\nphase: learn\n---\n"

    found = merged(*(one.encode() for one in (base, ours, theirs)))

    expected = "---\ntype: session\nstatus: held\nminutes: 15\nphase: learn\n---\n"
    assert found == Merged(expected.encode())


def test_a_field_that_both_changed_shows_both() -> None:
    """The two lines stand between marks, and the rest of the header is joined."""
    base = session()
    ours = session(HEADER.replace("held", "moved").replace("s-7kq2m4xa", "s-7kq2m4xb"))
    theirs = session(HEADER.replace("held", "missed"))

    found = merged(base, ours, theirs)

    assert found.data.decode() == (
        "---\ntype: session\nid: s-7kq2m4xb\n<<<<<<< ours\nstatus: moved\n=======\n"
        "status: missed\n>>>>>>> theirs\n---\n"
    )
    assert found.clashes == ("`status` in the header",)


def test_a_field_that_one_took_out_and_the_other_changed() -> None:
    """The changed line is not lost: it stands alone between the marks."""
    base, ours = session(), session(HEADER.replace("status: held\n", ""))
    theirs = session(HEADER.replace("held", "missed"))

    text = merged(base, ours, theirs).data.decode()

    assert "<<<<<<< ours\n=======\nstatus: missed\n>>>>>>> theirs\n---\n" in text


def test_comments_of_a_header_are_kept() -> None:
    """A line for people that one side added to the header stays."""
    theirs = session(HEADER.replace("status", "# ask Petra\n  # today\nstatus"))
    ours = session(HEADER.replace("held", "missed"))

    assert b"# ask Petra\n  # today\n" in merged(session(), ours, theirs).data


def test_new_sections_stand_where_they_were_written() -> None:
    """A section that one side added comes behind the one it followed there."""
    base = session(Notes="n", Practice="p")
    ours = session(Notes="n", Practice="p", Last="l")
    theirs = session(Notes="n", Between="b", Practice="p")

    assert merged(base, ours, theirs).data == session(
        Notes="n", Between="b", Practice="p", Last="l"
    )


def test_a_section_taken_out_by_one_side() -> None:
    """A section that one side took out and the other left alone is gone; a changed one stays."""
    base = session(Notes=block("n"), Practice=block("p"))
    ours = session()

    gone = merged(base, ours, session(Notes=block("n"), Practice=block("new")))

    assert gone.data == session(Practice=block("new"))
    assert gone.clashes == ('section "Practice"',)


def test_what_one_side_sealed_and_the_other_wrote_on() -> None:
    """Text that the other side left in the clear stands beside the block, and is a clash."""
    sealed = block("sealed")

    found = merged(session(Notes="Text."), session(Notes=sealed), session(Notes="More."))

    assert found.data == session(Notes=f"{sealed}\n\nMore.")
    assert found.clashes == ('section "Notes"',)


def test_clear_text_is_joined_by_lines() -> None:
    """In a part that stands in the clear, as a policy's clauses do, lines are joined."""
    base = session(Clauses="One.\n\nTwo.\n\nThree.")
    ours = session(Clauses="One, changed.\n\nTwo.\n\nThree.")
    theirs = session(Clauses="One.\n\nTwo.\n\nThree, changed.")

    found = merged(base, ours, theirs)

    assert found == Merged(session(Clauses="One, changed.\n\nTwo.\n\nThree, changed."))


def test_a_line_that_both_changed_is_marked() -> None:
    """In clear text, both versions of a line stand between marks."""
    found = merged(session(Clauses="One."), session(Clauses="Uno."), session(Clauses="Un."))

    expected = "<<<<<<< ours\nUno.\n=======\nUn.\n>>>>>>> theirs"
    assert found.data == session(Clauses=expected)
    assert found.clashes == ('section "Clauses"',)


def test_clear_text_that_one_side_emptied_and_the_other_changed() -> None:
    """What was changed stays, and that the other side had emptied it is a clash."""
    found = merged(session(Clauses="One."), session(Clauses=""), session(Clauses="Un."))

    assert b"\nUn.\n" in found.data
    assert found.clashes == ('section "Clauses"',)


def test_a_record_sealed_whole_on_both_sides() -> None:
    """Both versions of a record that is one block stay, one after the other."""
    header = "---\ntype: sealed\nid: x-7kq2m4xa\n---\n\n"
    texts = [f"{header}{block(words)}\n" for words in ("base", "ours", "theirs")]

    found = merged(*(text.encode() for text in texts))

    assert found.data.decode() == f"{header}{block('ours')}\n\n{block('theirs')}\n"
    assert found.clashes == ("what stands under the header",)


def test_both_began_the_record() -> None:
    """Without a common version, what is the same is joined and the rest stands side by side."""
    found = merged(b"", session(Notes=block("o"), Topics="t"), session(Notes=block("t")))

    assert found.data == session(Notes=f"{block('o')}\n\n{block('t')}", Topics="t")


def test_line_endings_and_byte_order_mark_are_ours() -> None:
    """A version with other line endings is joined as if it had ours."""
    base = session(Notes="a", Practice="b")
    ours = b"\xef\xbb\xbf" + session(Notes="new", Practice="b").replace(b"\n", b"\r\n")

    found = merged(base, ours, session(Notes="a", Practice="c"))

    expected = session(Notes="new", Practice="c").replace(b"\n", b"\r\n")
    assert found == Merged(b"\xef\xbb\xbf" + expected)


@pytest.mark.parametrize(
    "broken",
    [
        b"no header\n",
        b"",
        session(Notes="```age coach\nrevision: 1\nnever closed"),
        b"---\ntype: session\n---\n\n## Notes\n\na\n\n## Notes\n\nb\n",
        b"\xff\xfe---\n",
    ],
)
def test_what_cannot_be_taken_apart_is_left_to_git(broken: bytes) -> None:
    """A version that is no record, is damaged or has a heading twice is not joined by section."""
    assert merge_records(session(Notes="a"), session(Notes="b"), broken) is None
    assert merge_records(session(Notes="a"), broken, session(Notes="b")) is None


def test_lines_that_close_a_fence_elsewhere_are_a_clash() -> None:
    """Where lines of both sides together swallow a heading, the merge is not called clean."""
    base = session(Notes="a\n\nb\n\nc\n\nd\n\ne", Practice="p")
    ours = session(Notes="```\na\n```\n\nb\n\nc\n\nd\n\ne", Practice="p")
    theirs = session(Notes="a\n\nb\n\nc\n\nd\n\n```\ne\n```", Practice="p")
    cut = theirs.replace(b"```\ne", b"e")

    assert merged(base, ours, theirs).clashes == ()
    assert merge_records(base, ours, cut) is None


@st.composite
def versions(draw: st.DrawFn) -> tuple[bytes, bytes, bytes]:
    """A record and two versions that came from it, each with its own changes."""
    header = {
        "type": "session",
        "id": "s-7kq2m4xa",
        **draw(st.dictionaries(keys, values, max_size=4)),
    }
    names = draw(st.lists(st.sampled_from(SECTION_NAMES), unique=True))
    content = paragraphs | blocks()
    body = {name: draw(content) for name in names}
    found = []
    for _ in range(2):
        mine, parts = dict(header), dict(body)
        for key in draw(st.lists(st.sampled_from([*header, "minutes", "style"]), max_size=2)):
            mine[key] = draw(values)
        for name in draw(st.lists(st.sampled_from(SECTION_NAMES), max_size=2)):
            parts[name] = draw(content)
        for name in draw(st.lists(st.sampled_from(SECTION_NAMES), max_size=1)):
            parts.pop(name, None)
        found.append(session(format_header(mine), **parts))
    return session(format_header(header), **body), found[0], found[1]


def record(data: bytes) -> Record:
    """The record in the bytes."""
    found = parse_record("", data)
    assert isinstance(found, Record)
    return found


def armored(data: bytes) -> set[str]:
    """Every sealed block in the bytes."""
    one = record(data)
    return {found.armor for section in one.sections for found in section.blocks}


@given(sources(), sources())
@settings(max_examples=60)
def test_an_unchanged_side_gives_the_other(base: bytes, changed: bytes) -> None:
    """Where one side changed nothing, the merge is the other side, byte for byte."""
    assert merge_records(base, base, changed) == Merged(changed)
    assert merge_records(base, changed, base) == Merged(changed)
    assert merge_records(base, changed, changed) == Merged(changed)


@given(versions())
@settings(max_examples=150)
def test_nothing_that_either_side_wrote_is_lost(three: tuple[bytes, bytes, bytes]) -> None:
    """Each block that a side sealed anew, and each section it changed, is there after a merge."""
    base, ours, theirs = three
    found = merged(base, ours, theirs)
    text = found.data.decode()

    for one, other in ((ours, theirs), (theirs, ours)):
        for section in record(one).sections:
            before = record(base).section(section.name)
            is_same = before and record(base).text(before) == record(one).text(section)
            assert f"## {section.name}\n" in text or (
                is_same and not record(other).section(section.name)
            )
        new = armored(one) - armored(base)
        assert all(block in text for block in new)


@given(versions())
@settings(max_examples=150)
def test_no_block_appears_that_neither_side_had(three: tuple[bytes, bytes, bytes]) -> None:
    """What is sealed after a merge was sealed on one of the sides: nobody reads more than there."""
    base, ours, theirs = three
    found = choose_side(merged(base, ours, theirs).data.decode(), "ours").encode()

    assert armored(found) <= armored(ours) | armored(theirs)


@given(versions())
@settings(max_examples=100)
def test_a_clean_merge_is_the_same_from_both_sides(three: tuple[bytes, bytes, bytes]) -> None:
    """Without a clash, it makes no difference on whose side one stands, but for the order."""
    base, ours, theirs = three
    mine, yours = merged(base, ours, theirs), merged(base, theirs, ours)

    assert set(mine.clashes) == set(yours.clashes)
    if not mine.clashes:
        assert {k: f.value for k, f in record(mine.data).fields.items()} == {
            k: f.value for k, f in record(yours.data).fields.items()
        }
        assert armored(mine.data) == armored(yours.data)


lines = st.lists(st.sampled_from(["a", "b", "c", "d", ""]), max_size=8).map(tuple)


@given(lines, lines, lines)
def test_lines_joined(
    base: tuple[str, ...], ours: tuple[str, ...], theirs: tuple[str, ...]
) -> None:
    """An unchanged side gives the other, and every line a side added is still there."""
    assert merge_lines(base, base, theirs) == (theirs, False)
    assert merge_lines(base, ours, base) == (ours, False)

    found, _ = merge_lines(base, ours, theirs)

    for side in (ours, theirs):
        for line in set(side) - set(base):
            assert line in found


def test_a_text_that_is_made_to_take_for_ever_is_not_compared() -> None:
    """Of a very long text that both sides changed, both versions stay as they are."""
    base = ("a",) * 100_000

    found, is_clash = merge_lines(base, (*base, "b"), ("c", *base))

    assert is_clash
    assert len(found) == 2 * len(base) + 5

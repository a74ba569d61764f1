"""Parts of a record with more than one version."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.age.armor import armor
from coachbook.clashes import Version, find_clashes, format_versions, one_side, parse_joined
from coachbook.errors import InputError
from coachbook.linemerge import choose_side, has_marks
from coachbook.merging import unmarked
from coachbook.payload import WHOLE
from coachbook.record import Record, format_block, parse_record, trim

HEADER = "---\ntype: session\nid: s-7kq2m4xa\n---\n"


def block(words: str) -> str:
    """A sealed block; the words are the noise in it."""
    return format_block(("coach",), 1, armor(words.encode() * 9))


def record(text: str) -> Record:
    """The record of a text."""
    found = parse_record("records/a.md", text.encode())
    assert isinstance(found, Record)
    return found


TWO = record(
    f"{HEADER}\n## Notes\n\n{block('one')}\n\n{block('two')}\n\n## Practice\n\n{block('three')}\n"
    f"\n## Coach notes\n\n{block('four')}\n\nIn the clear.\n"
)


def test_two_blocks_or_text_beside_one_are_a_clash() -> None:
    """A section with two sealed versions is found, and one where text stands beside the block."""
    found = [(one.section, len(one.blocks), one.plain) for one in find_clashes(TWO)]

    assert found == [("Notes", 2, ""), ("Coach notes", 1, "In the clear.")]


def test_a_record_sealed_whole_with_two_versions() -> None:
    """Two blocks under the header of a record that is sealed whole are versions of all of it."""
    text = f"---\ntype: sealed\nid: x-7kq2m4xa\n---\n\n{block('one')}\n\n{block('two')}\n"

    assert [(one.section, len(one.blocks)) for one in find_clashes(record(text))] == [(WHOLE, 2)]
    assert one_side(record(text), 0).source == text.replace(f"\n\n{block('two')}", "")


@pytest.mark.parametrize(("at", "gone"), [(0, "two"), (-1, "one")])
def test_one_side_of_a_record(at: int, gone: str) -> None:
    """A side is the record with its version alone; what has one version stays as it is."""
    source = one_side(TWO, at).source

    assert block(gone) not in source
    assert source.count("```age") == 3
    assert "## Practice" in source


def test_a_side_of_a_record_without_a_clash_is_the_record() -> None:
    """Where nothing clashes, both sides are the record."""
    text = f"{HEADER}\n## Notes\n\n{block('one')}\n"

    assert one_side(record(text), 0).source == text


texts = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="#`~<=>"))


@given(texts, texts)
def test_what_is_left_under_the_headings_is_the_text(one: str, other: str) -> None:
    """Taking out the marks and one version leaves the other, to the letter."""
    pair = [Version(one, "p-a"), Version(other, "p-b")]
    shown = format_versions({"Notes": pair, "Topics": pair[::-1]})
    rows = [row for row in shown.split("\n") if row[:7] not in {"<" * 7, "=" * 7, ">" * 7}]
    both = parse_joined("\n".join(rows), ("Notes", "Topics"))

    assert both["Notes"].split() == f"{one}\n{other}".split()
    assert both["Topics"].split() == f"{other}\n{one}".split()
    assert parse_joined(f"## Notes\n\n{one}\n", ("Notes",)) == {"Notes": trim(one)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("## Notes\n\na\n=======\nb\n", "line 4 still begins with the signs"),
        ("## Notes\n\na\n\n## New\n\nb\n", "expected the headings Notes as they were"),
        ("Above.\n\n## Notes\n\na\n", "expected the headings Notes as they were"),
        ("a\n", "expected the headings Notes as they were"),
        ("## Notes\n\n```age coach\nnever closed\n", "expected the headings Notes as they were"),
    ],
)
def test_what_cannot_be_told_apart_is_refused(text: str, said: str) -> None:
    """Marks that were left in, and headings that are others, are named without the text."""
    with pytest.raises(InputError, match=said):
        parse_joined(text, ("Notes",))


@pytest.mark.parametrize("between", ["=======", "||||||| base\nc\n======="])
def test_a_side_of_lines_that_git_marked(between: str) -> None:
    """Either side can be taken of what git marked, in both of its styles."""
    text = f"x\n<<<<<<< HEAD\na\n{between}\nb\n>>>>>>> side\ny\n"

    assert has_marks(text)
    assert choose_side(text, "ours") == "x\na\ny\n"
    assert choose_side(text, "theirs") == "x\nb\ny\n"


def test_a_record_that_git_merged_by_line_is_joined_by_section() -> None:
    """Marks that run through a block become two whole blocks, one after the other."""
    one, two = block("one").split("\n"), block("two").split("\n")
    lines = [*one[:3], "<<<<<<< HEAD", *one[3:-2], "=======", *two[3:-2], ">>>>>>> side", *one[-2:]]
    text = f"{HEADER}\n## Notes\n\n" + "\n".join(lines) + "\n"

    found = unmarked(text.encode())

    assert found is not None
    assert found.data.decode() == f"{HEADER}\n## Notes\n\n{block('one')}\n\n{block('two')}\n"
    assert found.clashes == ('section "Notes"',)


def test_without_marks_there_is_nothing_to_join_anew() -> None:
    """A record without marks is left alone."""
    assert unmarked(HEADER.encode()) is None

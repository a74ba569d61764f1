"""Records: sections, sealed blocks, what looks like a heading, and edits."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachbook.age.armor import armor, dearmor
from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.errors import UsageError
from coachbook.record import (
    Record,
    format_block,
    parse_record,
    remove_field,
    replace_field,
    replace_section,
    section_faults,
    trim,
)
from tests.strategies import SECTION_NAMES, blocks, keys, paragraphs, sources, values

PATH = "records/otterbeck/2026-27/c-0a1b2c3d/2026-11-12-s-7kq2m4xa.md"
HEADER = "---\ntype: session\nid: s-7kq2m4xa\nschool: otterbeck\n---\n"
ARMOR = armor(b"what is sealed here is not to be read")
BLOCK = format_block(("coach", "coachee"), 3, ARMOR)
NAMES = ("Topics", "Coach notes", "Goal")


def record(text: str) -> Record:
    """The record of a text that can be read."""
    found = parse_record(PATH, text.encode())
    assert isinstance(found, Record)
    return found


def body(text: str) -> Record:
    """The record of a session with this body."""
    return record(HEADER + text)


def unreadable(data: bytes) -> Diagnostic:
    """The finding for a file that cannot be read."""
    found = parse_record(PATH, data)
    assert isinstance(found, Diagnostic)
    return found


def faults(text: str, *names: str) -> list[tuple[str, int, str]]:
    """Code, line and message of each fault of a body."""
    one = body(text)
    return [
        (fault.code, fault.span.line, fault.message)
        for fault in (*one.faults, *section_faults(one, names or NAMES))
    ]


def test_a_record_knows_its_type_id_and_school() -> None:
    """The three fields that every other part asks for are at hand."""
    one = record(HEADER)

    assert (one.type, one.id, one.school) == ("session", "s-7kq2m4xa", "otterbeck")


def test_a_field_that_is_absent_or_no_text_is_empty_where_a_word_is_expected() -> None:
    """A record without a type has an empty one, and no crash."""
    one = record("---\ntype: 12\n---\n")

    assert (one.type, one.id, one.value("id"), one.value("type")) == ("", "", None, 12)


def test_a_section_reaches_from_its_heading_to_the_next() -> None:
    """Name, place and text of each section are known."""
    one = body("\n## Topics\n\nWait time.\n\n## Goal\nMore talk.\n")

    topics, goal = one.sections
    assert (topics.name, topics.heading, topics.first_line) == ("Topics", Span(7, 1, 10), 8)
    assert one.source[topics.start : topics.end] == "\nWait time.\n\n"
    assert (one.text(topics), one.text(goal)) == ("Wait time.", "More talk.")
    assert (topics.stray, goal.stray) == (Span(9, 1), Span(12, 1))


def test_a_heading_on_the_last_line_has_an_empty_section() -> None:
    """A file may end without a line break."""
    one = body("## Topics")

    assert one.text(one.sections[0]) == ""
    assert one.sections[0].stray is None


def test_spaces_behind_the_hashes_are_forgiven_by_the_reader() -> None:
    """Two spaces or a tab before the name, and space behind it, change nothing."""
    one = body("##  Topics \n\n##\tGoal\n")

    assert [section.name for section in one.sections] == ["Topics", "Goal"]


def test_plain_text_keeps_its_indentation_and_loses_blank_lines_round_it() -> None:
    """What is sealed is what was written, with one kind of line ending."""
    one = parse_record(
        PATH, (HEADER + "## Goal\n\n  - one\n\n  two \n\n\n").replace("\n", "\r\n").encode()
    )

    assert isinstance(one, Record)
    assert one.text(one.sections[0]) == "  - one\n\n  two"


def test_a_sealed_section_holds_its_block() -> None:
    """Readers for people, revision and armor are read; nothing stands beside them."""
    one = body(f"\n## Goal\n\n{BLOCK}\n")

    (section,) = one.sections
    (block,) = section.blocks
    assert (block.info, block.revision, block.armor) == (("coach", "coachee"), 3, ARMOR)
    assert one.source[block.start : block.end] == BLOCK
    assert (block.span, section.stray, one.text(section)) == (Span(9, 1), None, "")
    assert one.faults == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace(BLOCK, "\n".join("\t" + row for row in BLOCK.split("\n"))),
        lambda text: text.replace(BLOCK, "\n".join("      " + row for row in BLOCK.split("\n"))),
        lambda text: text.replace(BLOCK, "\n".join(row + " \t" for row in BLOCK.split("\n"))),
        lambda text: text.replace("```", "~~~~~"),
        lambda text: text.replace("revision: 3\n", "\nrevision: 3\n\n"),
    ],
    ids=["crlf", "bom", "tabs", "indented", "space behind", "tildes", "blank lines"],
)
def test_a_block_survives_what_editors_and_mail_do_to_it(change: object) -> None:
    """Line endings, a byte order mark, indentation and space behind lines are taken off."""
    assert callable(change)
    one = record(change(HEADER + f"## Goal\n\n{BLOCK}\n"))

    (block,) = one.sections[0].blocks
    assert block.armor == ARMOR
    assert dearmor(block.armor) == dearmor(ARMOR)
    assert one.sections[0].stray is None


def test_text_beside_a_block_is_found() -> None:
    """A line under a sealed block stands in the clear, and its place is known."""
    one = body(f"## Goal\n\n{BLOCK}\n\nAnd one more thing.\n")

    (section,) = one.sections
    assert section.stray == Span(15, 1)
    assert one.text(section) == "And one more thing."


@pytest.mark.parametrize(
    "damaged",
    [
        BLOCK.replace("revision: 3\n", ""),
        BLOCK.replace("revision: 3", "revision: 0"),
        BLOCK.replace("revision: 3", "revision: three"),
        BLOCK.replace("-----BEGIN", "----BEGIN"),
        BLOCK.replace("-----END AGE ENCRYPTED FILE-----\n", ""),
        BLOCK.replace("\n-----END", "\nno armor, but plain text\n-----END"),
        BLOCK.replace("\n-----END", "\n<<<<<<< HEAD\n-----END"),
        BLOCK.replace("FILE-----\n```", "FILE-----\nplain text\n```"),
        BLOCK.replace("\nrevision", "\nplain text\nrevision"),
        BLOCK.replace("\n```", f"\n{ARMOR}```"),
        "```age coach\n```",
    ],
)
def test_a_fence_that_is_called_age_and_is_no_block_stops_publication(damaged: str) -> None:
    """Plain text in such a fence would pass for sealed."""
    one = body(f"## Goal\n\n{damaged}\n")

    (fault,) = one.faults
    assert (fault.code, fault.span.line, fault.consequence) == ("CB504", 8, Consequence.STOPS)
    assert fault.severity is Severity.ERROR
    assert not fault.quotable
    assert one.sections[0].blocks == ()
    assert one.sections[0].stray is not None


def test_a_block_that_never_ends_swallows_no_heading_in_silence() -> None:
    """The rest of the file belongs to the open fence, and that is a fault."""
    one = body(f"## Goal\n\n{BLOCK.removesuffix('```')}\n## Topics\n\nText\n")

    assert [(f.code, f.message) for f in one.faults] == [
        ("CB504", "the sealed block that opens here never ends")
    ]
    assert [section.name for section in one.sections] == ["Goal"]


def test_two_blocks_in_a_section_are_both_kept() -> None:
    """An addendum is a block of its own."""
    one = body(f"## Goal\n\n{BLOCK}\n\n{BLOCK}\n")

    assert len(one.sections[0].blocks) == 2
    assert one.sections[0].stray is None


def test_a_record_sealed_whole_is_one_block() -> None:
    """Behind its header stands one sealed block and nothing else."""
    one = record(f"---\ntype: sealed\nid: x-7kq2m4xa\nschool: otterbeck\n---\n\n{BLOCK}\n")

    assert one.whole is not None
    assert one.whole.armor == ARMOR
    assert one.faults == ()


@pytest.mark.parametrize(
    ("rest", "code", "line"),
    [
        (f"\n{BLOCK}\n\nA word more.\n", "CB505", 12),
        (f"\nA word before.\n{BLOCK}\n", "CB505", 5),
        (f"\n{BLOCK}\n\n## Reason\n", "CB505", 12),
        (f"\n{BLOCK}\n\n{BLOCK}\n", "CB504", 4),
        ("", "CB504", 4),
    ],
)
def test_anything_beside_the_block_of_a_whole_record_stops_publication(
    rest: str, code: str, line: int
) -> None:
    """Text before or behind it, a heading, a second block, or no block at all."""
    one = record(f"---\ntype: sealed\n---\n{rest}")

    assert [(f.code, f.span.line, f.consequence) for f in one.faults] == [
        (code, line, Consequence.STOPS)
    ]


def test_a_byte_order_mark_is_a_warning() -> None:
    """It is read over, kept, and named."""
    one = parse_record(PATH, b"\xef\xbb\xbf" + HEADER.encode())

    assert isinstance(one, Record)
    assert [(f.code, f.severity) for f in one.faults] == [("CB112", Severity.WARNING)]
    assert one.encode() == b"\xef\xbb\xbf" + HEADER.encode()


def test_an_unreadable_header_holds_the_record_back() -> None:
    """The finding has the place of the fault, and may quote a header that is closed."""
    finding = unreadable(b"---\ntype: session\nfocus: Writing: stems\n---\n")

    assert (finding.code, finding.span) == ("CB101", Span(3, 15))
    assert (finding.consequence, finding.quotable) == (Consequence.HELD_BACK, True)


@pytest.mark.parametrize(
    "data",
    [
        b"---\ntype: session\nshe was: upset\n\n## Notes\n\nshe was: upset: again\n",
        b"---\ntype: session\n ---\nshe was: upset: again\n---\n",
        b"she was: upset: again\n",
        b"PK\x03\x04 she was upset",
        b"---\ntype: session\n---\nshe was \xff\n",
    ],
)
def test_nothing_is_quoted_where_a_body_could_stand_in_the_header(data: bytes) -> None:
    """If the header has no sure end, its lines may be somebody's notes."""
    finding = unreadable(data)

    assert not finding.quotable
    assert "upset" not in finding.message + finding.hint


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("#Coach notes", "a heading with one `#` begins no section"),
        ("# Coach notes", "a heading with one `#` begins no section"),
        ("# x", "a heading with one `#` begins no section"),
        ("##Coach notes", "a space is missing after `##`"),
        ("##\u00a0Coach notes", "a space is missing after `##`"),
        ("##x", "a space is missing after `##`"),
        (" ## Coach notes", "space stands before `##`"),
        ("\t## Coach notes", "space stands before `##`"),
        ("## Coach notes ##", "this heading ends with `#`"),
        ("##", "this heading has no name"),
        ("a\rb", "a bare carriage return breaks this line"),
    ],
)
def test_a_heading_that_is_written_wrong_is_named(line: str, message: str) -> None:
    """Hashes, spaces and line breaks have one way to be right."""
    assert faults(f"## Topics\n\nFirst.\n\n{line}\n\nLast.\n") == [("CB108", 10, message)]


@pytest.mark.parametrize(
    "line",
    [
        "### Coach notes",
        "**Coach notes**",
        "__COACH NOTES:__",
        "Coach notes:",
        "Coach  Notes",
        "- Coach notes",
        "3. Coach notes",
        "> Coach notes",
        "<h2>Coach notes</h2>",
        "\uff23oach notes",
    ],
)
def test_a_line_that_reads_like_a_section_and_is_none_is_named(line: str) -> None:
    """The name of a section alone on a line is taken for a heading by anybody but a program."""
    message = 'this line reads like the heading of section "Coach notes" and is none'

    assert faults(f"## Topics\n\nFirst.\n\n{line}\n\nLast.\n") == [("CB108", 10, message)]


@pytest.mark.parametrize("underline", ["---", "===", "-", "  ====  "])
def test_an_underlined_line_is_named(underline: str) -> None:
    """Markdown makes it a heading, whatever it says."""
    message = "the line above is underlined, which makes it a heading"

    assert faults(f"## Topics\n\nFeelings\n{underline}\n") == [("CB108", 9, message)]


def test_an_underlined_section_name_is_named_once() -> None:
    """The line that reads like a section is the place to look at."""
    assert [(code, line) for code, line, _ in faults("## Topics\n\nGoal\n----\n")] == [("CB108", 8)]


@pytest.mark.parametrize(
    "text",
    [
        "Text\n\n---\n\nMore text",
        "- one\n- two\n---",
        "| a | b |\n|---|---|\n",
        "### Another thing",
        "#1 of three",
        "#maths",
        "The goal: more talk",
        "We met the Goal",
        "```\n## Coach notes\nGoal:\n```",
        "~~~ text\n# Goal\n~~~",
        "````\n```\n## Goal\n````",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    """Rules, lists, tables, subheadings and code are what they are in Markdown."""
    assert faults(f"## Topics\n\n{text}\n") == []


def test_a_fence_that_is_never_closed_is_named() -> None:
    """Behind it nothing is a heading any more, which nobody would see."""
    assert faults("## Topics\n\n```\nText\n\n## Goal\n\nMore\n") == [
        ("CB108", 8, "the code fence that opens here is never closed")
    ]


def test_a_shorter_fence_or_other_signs_close_nothing() -> None:
    """Only as many of the same signs close a fence."""
    one = body("## Topics\n\n````\n```\n~~~~\n## Goal\n`````\n\n## Goal\n")

    assert [section.name for section in one.sections] == ["Topics", "Goal"]


def test_text_before_the_first_heading_is_named() -> None:
    """It belongs to no section, so nobody has said who may read it."""
    message = "text stands before the first heading"

    assert faults("\nHello.\n\n## Topics\n") == [("CB108", 7, message)]
    assert faults("\nHello.\n") == [("CB108", 7, message)]


def test_a_heading_that_comes_twice_is_named() -> None:
    """Only the first would be sealed or read as the section."""
    assert faults("## Topics\n\n## Goal\n\n## topics\n") == [
        ("CB108", 10, "a heading of line 6 stands here a second time")
    ]


def test_a_typed_line_may_be_called_like_the_section_it_stands_in() -> None:
    """`Goal:` is a line of the section "Goal" there, and reads like a heading anywhere else."""
    one = body("## Topics\n\nGoal:\n\n## Goal\n\nGoal:\nGoal\n")

    def has_line(section: str, line: str) -> bool:
        return (section, line) == ("Goal", "Goal")

    assert [fault.span.line for fault in section_faults(one, NAMES, has_line)] == [8, 13]


def test_what_is_wrong_with_a_heading_stops_publication_and_is_not_quoted() -> None:
    """The line may be the beginning of a confidential note."""
    (fault,) = section_faults(body("## Topics\n\n# Wren cried\n"), NAMES)

    assert fault.consequence is Consequence.STOPS
    assert not fault.quotable
    assert "Wren" not in fault.message + fault.hint


def test_neither_record_nor_block_shows_its_text() -> None:
    """A repr in a log or a traceback names the place alone."""
    one = body(f"## Goal\n\nWren cried.\n\n{BLOCK}\n")

    assert repr(one) == f"Record({PATH!r})"
    assert repr(one.sections[0].blocks[0]) == "SealedBlock(line 10, revision=3)"


def test_the_digest_is_that_of_the_source() -> None:
    """SHA-256 of the text without a byte order mark."""
    expected = hashlib.sha256(HEADER.encode()).hexdigest()

    assert record(HEADER).digest() == record("\ufeff" + HEADER).digest() == expected


def test_a_sealed_block_takes_the_place_of_the_text() -> None:
    """Blank lines round it and everything else stay."""
    one = body("\n## Topics\n\nSecret.\nMore.\n\n## Goal\n\nTalk.\n")

    new = replace_section(one, "Topics", BLOCK)

    assert new == HEADER + f"\n## Topics\n\n{BLOCK}\n\n## Goal\n\nTalk.\n"


def test_text_comes_under_an_empty_heading() -> None:
    """A blank line stands on each side of it."""
    one = body("\n## Topics\n## Goal\n")

    assert replace_section(one, "Topics", "Talk.") == HEADER + "\n## Topics\n\nTalk.\n\n## Goal\n"
    assert replace_section(one, "Goal", "Talk.") == HEADER + "\n## Topics\n## Goal\n\nTalk.\n"


def test_a_section_can_be_emptied() -> None:
    """The heading stays."""
    one = body("## Topics\n\nText.\n\n## Goal\n")

    two = record(replace_section(one, "Topics", ""))

    assert [(s.name, two.text(s)) for s in two.sections] == [("Topics", ""), ("Goal", "")]


def test_a_new_section_comes_at_the_end_or_where_it_belongs() -> None:
    """Behind the section that is named, or behind all."""
    one = body("\n## Topics\n\nTalk.\n\n## Practice\n\nDo.\n")

    assert replace_section(one, "Goal", "Aim.") == one.source + "\n## Goal\n\nAim.\n"
    assert replace_section(one, "Goal", "Aim.", after="Topics") == (
        HEADER + "\n## Topics\n\nTalk.\n\n## Goal\n\nAim.\n\n## Practice\n\nDo.\n"
    )


def test_a_field_changes_on_its_line() -> None:
    """Other fields, comments and the body stay as they are."""
    one = record("---\ntype: session\n# when\ndate:   12 Nov 2026\nkind: peer\n---\n\n## Goal\n")

    assert replace_field(one, "date", date(2026, 11, 12)) == one.source.replace(
        "date:   12 Nov 2026", "date: 2026-11-12"
    )


def test_a_new_field_becomes_the_last_of_the_header() -> None:
    """With the line ending that the file has."""
    one = record("---\r\ntype: session\r\n---\r\nBody --- end\r\n")

    assert replace_field(one, "minutes", 15) == (
        "---\r\ntype: session\r\nminutes: 15\r\n---\r\nBody --- end\r\n"
    )


def test_a_field_goes_with_its_line() -> None:
    """A list goes with all of its lines."""
    one = record("---\ntype: session\nschools:\n  - a\n  - b\nkind: peer\n---\n")

    assert remove_field(one, "schools") == "---\ntype: session\nkind: peer\n---\n"


def test_a_field_that_is_not_there_cannot_be_removed() -> None:
    """Asking for it is a mistake of the caller."""
    with pytest.raises(UsageError, match="has no field `minutes`"):
        remove_field(record(HEADER), "minutes")


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("## Goal\nx\n" * 20_000, 19_999),
        ("# x\n" * 20_000, 20_001),
        ("## " + " " * 1_000_000 + "x\n", 0),
        ("#" * 1_000_000 + "x\n", 1),
        ("```\n\n```\n" * 20_000, 1),
        ("`" * 1_000_000 + " " * 1_000_000 + "\n", 2),
        ("```age\n" + "-" * 1_000_000 + "\n```\n", 2),
        ("```age\nrevision: 1\n" + "A" * 1_000_000 + "\n```\n", 2),
        ("<" * 1_000_000, 1),
        ("\n" + "\t" * 1_000_000, 0),
    ],
    ids=lambda value: value[:8].strip() or "space" if isinstance(value, str) else "",
)
def test_a_hostile_megabyte_is_read_in_one_pass(body: str, count: int) -> None:
    """Time grows with the length of a file, not with its square, and every fault is found."""
    one = record(HEADER + body)

    assert len((*one.faults, *section_faults(one, NAMES))) == count


@settings(max_examples=150)
@given(sources(), st.sampled_from(SECTION_NAMES), paragraphs | blocks())
def test_editing_a_section_leaves_every_other_byte_alone(
    data: bytes, name: str, content: str
) -> None:
    """Header, other sections and line endings are the same; the section says what was written."""
    one = parse_record(PATH, data)
    assert isinstance(one, Record)
    two = parse_record(PATH, one.encode(replace_section(one, name, content)))
    assert isinstance(two, Record)

    assert two.bom == one.bom
    old, new = one.section(name), two.section(name)
    assert new is not None
    if old is not None:
        assert two.source[: new.start] in {one.source[: old.start], one.source + "\n"}
        assert two.source[new.end :] == one.source[old.end :]
    else:
        assert two.source.startswith(one.source)
    if new.blocks:
        assert two.source[new.blocks[0].start : new.blocks[0].end].replace("\r\n", "\n") == content
    else:
        assert two.text(new) == trim(content)


@settings(max_examples=150)
@given(sources())
def test_writing_back_what_a_section_says_changes_nothing(data: bytes) -> None:
    """Replacing a section by its own text gives the same file."""
    one = parse_record(PATH, data)
    assert isinstance(one, Record)

    for section in one.sections:
        if not section.blocks and "\r" not in one.text(section):
            assert one.encode(replace_section(one, section.name, one.text(section))) == data


@settings(max_examples=150)
@given(sources(), keys, values)
def test_editing_a_field_leaves_every_other_byte_alone(
    data: bytes, key: str, value: object
) -> None:
    """The body and the other fields are the same; taking a new field out gives the old file."""
    one = parse_record(PATH, data)
    assert isinstance(one, Record)
    source = replace_field(one, key, value)  # type: ignore[arg-type]
    two = parse_record(PATH, one.encode(source))
    assert isinstance(two, Record)

    assert two.value(key) == value
    assert two.source[two.body :] == one.source[one.body :]
    others = {k: f.value for k, f in one.fields.items() if k != key}
    assert {k: f.value for k, f in two.fields.items() if k != key} == others
    if key not in one.fields:
        assert remove_field(two, key) == one.source


@settings(max_examples=150)
@given(sources(), st.data())
def test_random_edits_never_crash_and_never_hide_text_in_a_block(
    data: bytes, choice: st.DataObject
) -> None:
    """Whatever happens to a file, a block that is still read holds armor alone."""
    at = choice.draw(st.integers(0, len(data)))
    cut = choice.draw(st.integers(0, 40))
    junk = choice.draw(
        st.binary(max_size=3) | st.sampled_from([b"\n", b"\n```\n", b"## ", b"---\n"])
    )

    found = parse_record(PATH, data[:at] + junk + data[at + cut :])

    if isinstance(found, Record):
        section_faults(found, SECTION_NAMES)
        for section in found.sections:
            for block in section.blocks:
                assert set("".join(block.armor.split("\n")[1:-2])) <= _BASE64
                assert found.source[block.start :].lstrip().startswith(("`", "~"))


_BASE64 = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")

"""What `fix` repairs, and what it leaves alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachbook.age.armor import armor
from coachbook.errors import FrontMatterError
from coachbook.fix import Fixed, fix_source
from coachbook.forms import builtin_forms
from coachbook.record import Record, format_block, parse_record
from tests.strategies import sources

PATH = "records/otterbeck/2026-27/c-0a1b2c3d/2026-11-12-s-7kq2m4xa.md"
BLOCK = format_block(("coach",), 1, armor(b"sealed"))


def fix(text: str) -> Fixed:
    """The text after fixing, with what was changed."""
    return fix_source(PATH, text.encode(), builtin_forms())


def fixed_header(rows: str) -> tuple[str, tuple[str, ...]]:
    """The rows of a session's header after fixing, with what was changed."""
    fixed = fix(f"---\ntype: session\n{rows}\n---\n")
    return fixed.text.removeprefix("---\ntype: session\n").removesuffix("\n---\n"), fixed.changes


@pytest.mark.parametrize(
    ("rows", "fixed", "change"),
    [
        ("style: “directive”", 'style: "directive"', "curly quotes became straight quotes"),
        ("style: \u2018directive\u2019", 'style: "directive"',
         "curly quotes became straight quotes"),
        ("focus: “Writing: stems”", 'focus: "Writing: stems"',
         "curly quotes became straight quotes"),
        ('focus: “The "why"”', "focus: 'The \"why\"'", "curly quotes became straight quotes"),
        ("priority:\n  - “talk”", 'priority:\n  - "talk"', "curly quotes became straight quotes"),
        ("minutes:\t15", "minutes: 15", "tabs became spaces"),
        ("priority:\n\t- talk", "priority:\n  - talk", "tabs became spaces"),
        ("\tminutes: 15", "minutes: 15", "tabs became spaces"),
        ("minutes:\u00a015", "minutes: 15", "hard spaces became spaces"),
        ("minutes: 15\u202f", "minutes: 15 ", "hard spaces became spaces"),
        ("date: 12 Nov 2026", "date: 2026-11-12", "the date is written as year, month and day"),
        ("date: 'Thu 12th November 2026'", "date: 2026-11-12",
         "the date is written as year, month and day"),
        ("date: 2026-11-2", "date: 2026-11-02", "the date is written as year, month and day"),
        ("date: 25/12/2026", "date: 2026-12-25", "the date is written as year, month and day"),
    ],
)  # fmt: skip
def test_a_slip_in_the_header_has_one_repair(rows: str, fixed: str, change: str) -> None:
    """The line is put right, and the change is told by its line."""
    text, changes = fixed_header(rows)

    assert text == fixed
    assert changes == (f"line {2 + len(rows.splitlines())}: {change}",)


@pytest.mark.parametrize(
    "rows",
    [
        "date: 2026-11-12",
        "date: 11/03/2026",
        "date: soon",
        "date: 2027-02-31",
        "focus: pupils\u2019 talk",
        "focus: \u2019tis",
        "focus: the “why” of it",
        'focus: "kept"',
        "policy: 12 Nov 2026",
        "focus: Writing: stems",
    ],
)
def test_what_leaves_a_doubt_is_left_to_a_person(rows: str) -> None:
    """A date that could be two, a quote that belongs to the text, a second colon."""
    assert fixed_header(rows) == (rows, ())


def test_dates_in_lists_and_stretches_are_rewritten_one_by_one() -> None:
    """What is right already stays as it is written."""
    text = (
        "---\ntype: calendar\nautumn_1: 2 Sep 2026 – 23 Oct 2026\n"
        "autumn_2: 2026-11-02 to 2026-12-18\ninset: [2026-09-02, 4 Jan 2027]\n---\n"
    )

    assert fix(text).text == (
        "---\ntype: calendar\nautumn_1: 2026-09-02 to 2026-10-23\n"
        "autumn_2: 2026-11-02 to 2026-12-18\ninset: [2026-09-02, 2027-01-04]\n---\n"
    )


def test_a_byte_order_mark_goes() -> None:
    """The rest of the file stays as it is, line endings too."""
    text = "---\r\ntype: session\r\n---\r\n"

    fixed = fix_source(PATH, b"\xef\xbb\xbf" + text.encode(), builtin_forms())

    assert fixed == Fixed(text, ("line 1: the byte order mark is gone",))


@pytest.mark.parametrize(
    "heading",
    [
        "## coach notes",
        "##Coach notes",
        "##  Coach  notes",
        "  ## COACH NOTES",
        "##\u00a0Coach notes",
    ],
)
def test_a_heading_gets_the_case_and_spacing_of_its_form(heading: str) -> None:
    """Only the heading line changes."""
    body = "\n\n  Some text “as it is”\twith 12 Nov 2026 and a tab.\n"

    fixed = fix(f"---\ntype: session\n---\n\n{heading}{body}")

    assert fixed.text == f"---\ntype: session\n---\n\n## Coach notes{body}"
    assert fixed.changes == ("line 5: the heading is `## Coach notes`",)


@pytest.mark.parametrize(
    "line",
    ["**Coach notes**", "# Coach notes", "### Coach notes", "## Thoughts", "## Coach notes ##",
     "    ## Coach notes", "Coach notes:", "```\n## coach notes\n```"],
)  # fmt: skip
def test_a_line_that_may_not_be_a_heading_is_left_to_a_person(line: str) -> None:
    """Making it one could open or close somebody's text."""
    text = f"---\ntype: session\n---\n\n## Notes\n\n{line}\n"

    assert fix(text) == Fixed(text, ())


def test_a_heading_that_is_there_already_is_not_made_twice() -> None:
    """Two of a name would leave the second unsealed."""
    text = "---\ntype: session\n---\n\n## Notes\n\n## notes\n"

    assert fix(text) == Fixed(text, ())


def test_a_sealed_block_is_never_touched() -> None:
    """Not even where its info string could be tidied."""
    text = f"---\ntype: session\ndate: 12 Nov 2026\n---\n\n## notes\n\n\t{BLOCK}\n"

    assert fix(text).text.endswith(f"\n## Notes\n\n\t{BLOCK}\n")


def test_a_header_without_an_end_is_left_alone() -> None:
    """What stands in it may be a note."""
    text = "---\ntype: session\nfocus: “talk”\n\n## Notes\n"

    assert fix(text) == Fixed(text, ())


def test_a_file_that_is_not_text_is_refused() -> None:
    """There is nothing to fix in a Word document."""
    with pytest.raises(FrontMatterError, match="Word document"):
        fix_source(PATH, b"PK\x03\x04", builtin_forms())


def test_the_values_of_a_fixed_header_are_those_that_were_meant() -> None:
    """The record can be read and its values are the same, without the quotes from Word."""
    fixed = fix("---\ntype:\u00a0session\nfocus: “Writing: stems”\ndate:\t12 Nov 2026\n---\n")

    record = parse_record(PATH, fixed.text.encode())
    assert isinstance(record, Record)
    assert record.value("focus") == "Writing: stems"
    assert str(record.value("date")) == "2026-11-12"


_SLIPS = st.sampled_from(
    [
        "“",
        "”",
        "\u2018",
        "\u2019",
        "\t",
        "\u00a0",
        " ",
        "#",
        "##",
        "\n",
        "12 Nov 2026",
        "- ",
        ": ",
        '"',
        "'",
    ]
)


@settings(max_examples=150)
@given(sources(), st.data())
def test_fixing_twice_changes_nothing_the_second_time(data: bytes, choice: st.DataObject) -> None:
    """Whatever slips a record has, one pass repairs all that can be repaired."""
    text = data.decode()
    at = choice.draw(st.integers(4, len(text)))
    text = text[:at] + "".join(choice.draw(st.lists(_SLIPS, max_size=4))) + text[at:]
    text = text.replace("type: session\n", "type: session\ndate: “Thu 12 Nov 2026”\n", 1)

    once = fix_source(PATH, text.encode(), builtin_forms())
    twice = fix_source(PATH, once.text.encode(), builtin_forms())

    assert twice == Fixed(once.text, ())


@settings(max_examples=150)
@given(sources())
def test_fixing_leaves_blocks_and_text_of_sections_alone(data: bytes) -> None:
    """Sections say what they said before, byte for byte."""
    before = parse_record(PATH, data)
    after = parse_record(PATH, fix_source(PATH, data, builtin_forms()).text.encode())
    assert isinstance(before, Record)
    assert isinstance(after, Record)

    assert [before.source[s.start : s.end] for s in before.sections] == [
        after.source[s.start : s.end] for s in after.sections
    ]


@pytest.mark.parametrize("dash", ["\u2013", "\u2011"])
def test_a_dash_from_word_becomes_the_hyphen_of_the_form(dash: str) -> None:
    """Word makes a dash of a hyphen between spaces; the heading is the same."""
    header = "---\ntype: observation\nform: ect-observation@1\n---\n\n"

    fixed = fix(f"{header}## Standard 1 {dash} High expectations\n\nA pause \u2013 and on.\n")

    assert fixed.text == (f"{header}## Standard 1 - High expectations\n\nA pause \u2013 and on.\n")

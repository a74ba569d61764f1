"""Headers: what is read, what is refused, and where."""

from __future__ import annotations

from datetime import date
from typing import Any

import frontmatter
import pytest
import yaml
from frontmatter.default_handlers import YAMLHandler
from hypothesis import given, settings
from hypothesis import strategies as st

from coachbook.diagnostics import Span
from coachbook.errors import FrontMatterError
from coachbook.frontmatter import (
    _read_simple,
    _read_yaml,
    decode,
    encode,
    format_field,
    format_header,
    parse_header,
    parse_yaml,
)
from tests.strategies import headers, sources


def refusal(text: str) -> FrontMatterError:
    """The error for a text whose header cannot be read."""
    with pytest.raises(FrontMatterError) as caught:
        parse_header(text)
    return caught.value


def value(row: str) -> object:
    """The value of the only field of a header."""
    (field,) = parse_header(f"---\n{row}\n---\n").fields.values()
    return field.value


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("true", True),
        ("false", False),
        ("", None),
        ("null", None),
        ("~", None),
        ("31", 31),
        ("-4", -4),
        ("0", 0),
        ("2026-11-12", date(2026, 11, 12)),
        ("[a, 3, 2026-11-12, true]", ("a", 3, date(2026, 11, 12), True)),
        ("[]", ()),
    ],
)
def test_a_plain_value_has_the_type_it_shows(written: str, expected: object) -> None:
    """A yes or no, whole numbers, ISO dates and lists are read as what they are."""
    assert value(f"key: {written}") == expected
    assert type(value(f"key: {written}")) is type(expected)


@pytest.mark.parametrize(
    "written",
    ["no", "No", "yes", "on", "off", "True", "012", "0x1f", "12:30", "1.10", "1e3", "1_000", "=",
     ".inf", "2026-11-12T10:00:00", "2027-02-31", "2026-13-01", "0000-01-01"],
)  # fmt: skip
def test_everything_else_stays_text(written: str) -> None:
    """A time of day is not turned into seconds, nor a version number into a fraction."""
    assert value(f"key: {written}") == written


@pytest.mark.parametrize("written", ["'31'", '"true"', "'2026-11-12'", '""', "'null'"])
def test_what_stands_in_quotes_is_text(written: str) -> None:
    """Quotes keep a value from being read as a number, a date or yes and no."""
    assert value(f"key: {written}") == written[1:-1]


def test_fields_know_their_place_and_how_they_were_written() -> None:
    """Key and value have each a line and columns, and the raw text without its quotes."""
    text = "---\nfocus: 'It''s time'\nschools:\n  - otterbeck\n  - saltmere\n---\nBody\n"

    header = parse_header(text)

    focus, schools = header.fields["focus"], header.fields["schools"]
    assert focus.key_span == Span(2, 1, 6)
    assert focus.span == Span(2, 8, 20)
    assert focus.raw == "It's time"
    assert text[focus.start : focus.end] == "focus: 'It''s time'"
    assert schools.items == (Span(4, 5, 14), Span(5, 5, 13))
    assert text[schools.start : schools.end] == "schools:\n  - otterbeck\n  - saltmere"
    assert (header.body_offset, header.body_line) == (text.index("Body"), 7)


def test_an_empty_value_is_marked_behind_its_colon() -> None:
    """A field without a value still has a place."""
    header = parse_header("---\nminutes:\nkind: coaching\n---\n")

    assert header.fields["minutes"].value is None
    assert header.fields["minutes"].span == Span(2, 9)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty, expected a header"),
        ("## Notes\n", "the file does not begin with a header"),
        ("\n---\na: b\n---\n", "blank lines stand before the header"),
        (" ---\na: b\n---\n", "the first line is not exactly `---`"),
        ("--- \na: b\n---\n", "the first line is not exactly `---`"),
        ("—\na: b\n---\n", "the first line is not exactly `---`"),
        ("+++\na = 1\n+++\n", "the file does not begin with a header"),
        ('{"type": "session"}\n', "the file does not begin with a header"),
    ],
)
def test_a_file_begins_with_three_hyphens(text: str, message: str) -> None:
    """Nothing else opens a header, not even what other tools would accept."""
    error = refusal(text)

    assert (error.line, error.message) == (1, message)
    assert error.hint == "make `---` the first line of the file"


@pytest.mark.parametrize(
    "body", ["", "\n## Notes\n\nText\n", "\n## Notes\n\nText\n\n---\n\nMore\n"]
)
def test_an_unclosed_header_says_where_to_close_it(body: str) -> None:
    """The closing line belongs behind the last line that looks like a field."""
    error = refusal(f"---\ntype: session\nminutes: 15\n{body}")

    assert (error.line, error.message) == (1, "the header opened on line 1 is never closed")
    assert error.hint == "add `---` after line 3"


@pytest.mark.parametrize("closing", [" ---", "--- ", "...", "—", "--", "\t---", "----"])
def test_a_line_that_almost_closes_the_header_is_named(closing: str) -> None:
    """A space before the closing hyphens is seen, not taken for the end or for a value."""
    error = refusal(f"---\ntype: session\n{closing}\n\n## Notes\n\ncoach: a secret\n---\n")

    assert error.line == 3
    assert error.message == "this line looks like the end of the header, and is not exactly `---`"


def test_both_line_endings_open_and_close_a_header() -> None:
    """A file from Windows is read like any other."""
    header = parse_header("---\r\ntype: session\r\n---\r\n\r\n## Notes\r\n")

    assert header.fields["type"].value == "session"
    assert header.body_line == 4


_ONE_WORD = "write names without spaces or signs, such as start_time; not true, false or null"
REFUSED = [
    (
        "focus: Writing: stems",
        "2:15 a second colon needs quotes",
        'put the value in quotes: focus: "Writing: stems"',
    ),
    (
        'focus: The "why": stems',
        "2:17 a second colon needs quotes",
        "put the value in quotes: focus: 'The \"why\": stems'",
    ),
    (
        "focus: “Writing: stems”",
        "2:16 curly quotes came from Word and stand where straight quotes belong",
        'replace them with straight quotes ("), `coachbook fix` will do it',
    ),
    (
        "date:2026-11-12\nminutes: 5",
        "2:6 a space is missing after the colon",
        "write `date: ` and then the value",
    ),
    ("focus: @home", "2:8 a value cannot begin with `@`", "put the value in quotes"),
    ("focus: `home`", "2:8 a value cannot begin with ```", "put the value in quotes"),
    ("focus: %", "2:8 a value cannot begin with `%`", "put the value in quotes"),
    ("focus: &a b", "2:8 a value cannot begin with `&`", "put the value in quotes"),
    ("focus: *a", "2:8 a value cannot begin with `*`", "put the value in quotes"),
    ("focus: !!str b", "2:8 a value cannot begin with `!`", "put the value in quotes"),
    ("focus: ! b", "2:8 a value cannot begin with `!`", "put the value in quotes"),
    ("focus: [&a b]", "2:9 a value cannot begin with `&`", "put the value in quotes"),
    ("focus: 'open\nkind: b", "2:8 the quote that opens here is never closed", "close the quote"),
    (
        "focus: [a, b\nkind: c",
        "2:8 the list that opens here is never closed",
        "write lists as [one, two], and put an item that holds a comma or bracket in quotes",
    ),
    (
        'focus: "a" b',
        "2:12 something stands behind the closing quote",
        "put the whole value in quotes",
    ),
    (
        'focus: "C:\\home"',
        "2:11 a backslash inside double quotes starts a code",
        "use single quotes",
    ),
    (
        "focus: - a",
        "2:8 a list cannot start with `-` on this line",
        "write [one, two], or each item on a line of its own",
    ),
    ("focus: ,", "2:8 a value is missing here", "put a value that begins with a sign in quotes"),
    (
        "kind: a\nwords without a colon",
        "3:1 this line has no field name",
        (
            "each line of a header is `name: value`;"
            " text belongs under a section heading, below the header"
        ),
    ),
    (
        "kind: a\n  minutes: 5",
        "3:10 this line is indented, and a header has no fields inside fields",
        "begin the line at the left edge",
    ),
    (
        "kind:\n  minutes: 5",
        "3:3 a header has no fields inside fields",
        "write one field a line, and put a value that begins with `{` in quotes",
    ),
    (
        "kind: {a: b}",
        "2:7 a header has no fields inside fields",
        "write one field a line, and put a value that begins with `{` in quotes",
    ),
    ("kind: [a, [b]]", "2:11 a header has no lists or fields inside lists", "write [one, two]"),
    (
        "kind: a\n  b",
        "2:7 the value goes over more than one line",
        "put it on one line; longer text belongs under a section heading",
    ),
    (
        "kind: |\n  a\n  b",
        "2:7 the value goes over more than one line",
        "put it on one line; longer text belongs under a section heading",
    ),
    (
        "focus: Maths #1",
        "2:13 `#` starts a comment here, and the rest of the line would be lost",
        "put the value in quotes, or the comment on a line of its own",
    ),
    (
        "focus: [a] # b",
        "2:11 `#` starts a comment here, and the rest of the line would be lost",
        "put the value in quotes, or the comment on a line of its own",
    ),
    (
        "members: [a, # b,\n c]",
        "2:13 `#` starts a comment here, and the rest of the line would be lost",
        "put the value in quotes, or the comment on a line of its own",
    ),
    (
        "minutes: # 30\n 20",
        "2:9 `#` starts a comment here, and the rest of the line would be lost",
        "put the value in quotes, or the comment on a line of its own",
    ),
    (
        "members:\n - # a\n   b",
        "3:3 `#` starts a comment here, and the rest of the line would be lost",
        "put the value in quotes, or the comment on a line of its own",
    ),
    (
        "- a\n- b",
        "2:1 the header is a list",
        "each line of a header is `name: value`, with a space after the colon",
    ),
    (
        "just words",
        "2:1 the header has no field names",
        "each line of a header is `name: value`, with a space after the colon",
    ),
    (
        "--- a: b",
        "2:1 this line looks like the end of the header, and is not exactly `---`",
        "write three hyphens from the start of the line, with nothing behind them",
    ),
    (
        "<<: {a: b}",
        "2:1 a field name is one word of letters, digits, dots, `_` and `-`",
        _ONE_WORD,
    ),
    (
        "12: a",
        "2:1 a field name is one word of letters, digits, dots, `_` and `-`",
        _ONE_WORD,
    ),
    (
        "2026-11-12: a",
        "2:1 a field name is one word of letters, digits, dots, `_` and `-`",
        _ONE_WORD,
    ),
    (
        "null: a",
        "2:1 a field name is one word of letters, digits, dots, `_` and `-`",
        _ONE_WORD,
    ),
    ("true: a", "2:1 a field name is one word of letters, digits, dots, `_` and `-`", _ONE_WORD),
    (
        "Start time: 10:00",
        "2:1 a field name is one word of letters, digits, dots, `_` and `-`",
        _ONE_WORD,
    ),
    ("? [a]\n: b", "2:3 a field name is one word of letters, digits, dots, `_` and `-`", _ONE_WORD),
    (
        "\tkind: a",
        "2:1 a tab is used for indentation",
        "begin the line at the left edge, `coachbook fix` will do it",
    ),
    (
        "kinds:\n\t- a",
        "3:1 a tab is used for indentation",
        "use two spaces, `coachbook fix` will do it",
    ),
    ("kind:\ta", "2:6 a tab stands in the header", "use a space, `coachbook fix` will do it"),
    (
        "kind:\xa0a",
        "2:6 a hard space came from Word and stands where a space belongs",
        "replace it with an ordinary space, `coachbook fix` will do it",
    ),
    (
        "kind: a\xa0",
        "2:8 a hard space came from Word and stands where a space belongs",
        "replace it with an ordinary space, `coachbook fix` will do it",
    ),
    (
        "kind: a\u2028b: c",
        "2:8 an invisible control character stands here",
        "delete it and write the line again",
    ),
    (
        "kind: a\rb: c",
        "2:8 an invisible control character stands here",
        "delete it and write the line again",
    ),
    (
        "kind: \ufeffa",
        "2:7 an invisible control character stands here",
        "delete it and write the line again",
    ),
    (
        "<<<<<<< HEAD\nkind: a\n=======\nkind: b\n>>>>>>> other",
        "2:1 a merge was left unfinished here: two versions of `kind`",
        "choose one side, and delete the lines with <<<<<<<, ======= and >>>>>>>",
    ),
    (
        "kind: a\n<<<<<<< ours\n=======\nstyle: b\n>>>>>>> theirs",
        "3:1 a merge was left unfinished here: two versions of `style`",
        "choose one side, and delete the lines with <<<<<<<, ======= and >>>>>>>",
    ),
    (
        "kind: a\n=======",
        "3:1 a merge was left unfinished here",
        "choose one side, and delete the lines with <<<<<<<, ======= and >>>>>>>",
    ),
    (
        "date: 2026-11-12\nkind: a\ndate: 2026-11-13",
        "4:1 `date` appears on lines 2 and 4 with different values",
        "keep one",
    ),
    ("kind: a\nkind: a", "3:1 `kind` appears on lines 2 and 3 with the same value", "keep one"),
]


@pytest.mark.parametrize(("rows", "found", "hint"), REFUSED)
def test_what_cannot_be_read_is_named_with_its_place_and_remedy(
    rows: str, found: str, hint: str
) -> None:
    """Each slip has a line, a column, what was found and what to write instead."""
    error = refusal(f"---\n{rows}\n---\n")

    assert f"{error.line}:{error.column} {error.message}" == found
    assert error.hint == hint


def test_hard_spaces_between_the_words_of_a_value_are_text() -> None:
    """Only where a space has a meaning does a hard one stand in its way."""
    assert value("focus: Year\u00a04 maths") == "Year\u00a04 maths"
    assert value("focus: «\u202fstems\u202f»") == "«\u202fstems\u202f»"


def test_comments_and_blank_lines_of_their_own_are_fine() -> None:
    """Somebody may leave a remark for the next reader of the header."""
    assert value("# who comes\n\nkind: a\n\n# end") == "a"


def test_a_hash_inside_a_word_or_in_quotes_is_text() -> None:
    """Only a hash behind a space starts a comment."""
    assert value("focus: C#4") == "C#4"
    assert value("focus: 'Maths #1'") == "Maths #1"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("a: " + "[" * 200_000, "the header is 196 KiB long, 16 KiB is the most"),
        ("a: " + "[" * 65, "the header holds 65 opening brackets, 64 is the most"),
        ("a: " + "{" * 65, "the header holds 65 opening brackets, 64 is the most"),
        ("a: " + "x" * 16_384, "the header is 17 KiB long, 16 KiB is the most"),
    ],
)
def test_a_header_that_could_overrun_the_parser_is_refused_before_it(
    rows: str, message: str
) -> None:
    """Size and brackets are counted before any YAML is read."""
    assert refusal(f"---\n{rows}\n---\n").message == message


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("\u00a0 " * 4000, "a hard space came from Word and stands where a space belongs"),
        ("a: " + " " * 16_000 + "@", "a value cannot begin with `@`"),
        ("a " * 8000, "the header has no field names"),
        ("a: b\n" * 3000, "`a` appears on lines 2 and 3 with the same value"),
    ],
)
def test_a_hostile_header_is_refused_in_one_pass(rows: str, message: str) -> None:
    """Time grows with the length of a header, not with its square."""
    assert refusal(f"---\n{rows}\n---\n").message == message


def test_deep_nesting_without_brackets_is_refused_at_its_second_level() -> None:
    """Eight thousand hyphens in a row end at the first list inside a list."""
    error = refusal("---\na:\n" + "- " * 8000 + "\n---\n")

    assert error.message == "a header has no lists or fields inside lists"


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"PK\x03\x04\x14\x00", 1, "this is a Word document or zip file, not text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", 1, "this is an old Word document, not text"),
        (b"{\\rtf1 Notes}", 1, "this is a rich text document, not text"),
        (b"%PDF-1.7", 1, "this is a PDF, not text"),
        ("---\na: b\n---\n".encode("utf-16"), 1, "this is saved as UTF-16, expected UTF-8"),
        ("---\na: b\n---\n".encode("utf-16-be"), 1, "this is saved as UTF-16, expected UTF-8"),
        (b"---\na: b\x00\n---\n", 2, "a NUL byte stands here, expected text"),
        (b"---\nname: Ren\xe9\n---\n", 2, "a character here is not UTF-8"),
    ],
)
def test_bytes_that_are_not_utf8_text_are_named_for_what_they_are(
    data: bytes, line: int, message: str
) -> None:
    """A Word document, a PDF or another encoding is recognised, with a way out."""
    with pytest.raises(FrontMatterError) as caught:
        decode(data)

    assert (caught.value.line, caught.value.message) == (line, message)
    assert caught.value.hint.startswith("save it again as plain text, encoding UTF-8")


def test_the_column_of_a_bad_byte_counts_characters() -> None:
    """Letters with accents before it count once."""
    with pytest.raises(FrontMatterError) as caught:
        decode("---\nname: Zoë Réné".encode() + b"\xff")

    assert (caught.value.line, caught.value.column) == (2, 15)


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufeff")),
    st.booleans(),
)
def test_decoding_undoes_encoding(text: str, bom: bool) -> None:  # noqa: FBT001 (drawn)
    """A byte order mark is taken off, remembered and put back."""
    if not text.startswith(("PK\x03\x04", "{\\rtf", "%PDF")):
        assert decode(encode(text, bom=bom)) == (text, bom)


@given(headers)
def test_a_header_that_was_written_reads_the_same(fields: dict[str, object]) -> None:
    """Whatever a field holds comes back with the same value and type."""
    header = parse_header(format_header(fields))  # type: ignore[arg-type]

    found = {key: field.value for key, field in header.fields.items()}
    assert found == fields
    assert [type(v) for v in found.values()] == [type(v) for v in fields.values()]


def test_a_day_is_written_as_everybody_types_it() -> None:
    """The day of an addendum has a plain name; quoted, as it used to be, it is read alike."""
    written = format_field("on", date(2027, 3, 9))

    assert written == "on: 2027-03-09"
    quoted = parse_header("---\n'on': 2027-03-09\n---\n").fields["on"]
    assert quoted.value == parse_header(f"---\n{written}\n---\n").fields["on"].value


@given(headers.filter(lambda fields: "on" not in fields))
def test_another_reader_agrees_on_every_header_we_write(fields: dict[str, object]) -> None:
    """python-frontmatter finds the same values, although it takes a field "on" for yes."""
    post = frontmatter.loads(format_header(fields))  # type: ignore[arg-type]

    expected = {k: list(v) if isinstance(v, tuple) else v for k, v in fields.items()}
    assert post.metadata == expected


@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["type", "date", "start_time", "session.minutes.max", "no", "true"]),
            st.text("aZ09_.@/+-: #'\t\n\r~[", max_size=8)
            | st.sampled_from(
                ["10:00", "2026-11-12", "12 Nov 2026", "null", "a: b", "a #b", "1_0"]
            ),
        ),
        max_size=3,
    )
)
def test_the_quick_way_and_yaml_read_the_same(rows: list[tuple[str, str]]) -> None:
    """What is beyond doubt is read without YAML; value, raw text and places are YAML's."""
    text = "---\n" + "".join(f"{key}: {value}\n" for key, value in rows) + "---\nBody\n"

    quick = _read_simple(text)

    if quick is not None:
        assert quick == _read_yaml(text)


def test_an_ordinary_header_is_read_the_quick_way() -> None:
    """Words, numbers, dates and times need no YAML."""
    text = "---\ntype: session\ndate: 2026-11-12\nstart_time: 10:00\nfocus: Wait time\n---\n"

    assert _read_simple(text) == _read_yaml(text)
    assert _read_simple(text) is not None


class _TextHandler(YAMLHandler):
    """Reads every scalar as text, so that only structure is compared."""

    def load(self, fm: str, **_kwargs: object) -> dict[str, Any]:
        found = yaml.load(fm, Loader=yaml.BaseLoader)  # noqa: S506 (builds only text and lists)
        return dict(found)


@settings(max_examples=60)
@given(sources())
def test_another_reader_agrees_on_every_record(data: bytes) -> None:
    """Keys and raw texts are the same in python-frontmatter's reading of a whole record."""
    text, _ = decode(data)

    header = parse_header(text)
    post = frontmatter.loads(text, handler=_TextHandler())

    raw = {k: list(f.raw) if isinstance(f.raw, tuple) else f.raw for k, f in header.fields.items()}
    assert post.metadata == raw


@settings(max_examples=150)
@given(sources(), st.data())
def test_random_edits_never_crash_the_reader(data: bytes, choice: st.DataObject) -> None:
    """A damaged header is read or refused with a place inside the file."""
    text, _ = decode(data)
    at = choice.draw(st.integers(0, len(text)))
    cut = choice.draw(st.integers(0, 5))
    junk = choice.draw(
        st.text(st.sampled_from("-:#[]{}&*!'\"\\\t\n\r %@`|>,?a\u00a0“"), max_size=4)
    )
    damaged = text[:at] + junk + text[at + cut :]

    refused = None
    try:
        parse_header(damaged)
    except FrontMatterError as error:
        refused = error

    if refused:
        assert 1 <= refused.line <= damaged.count("\n") + 1
        assert refused.column >= 1
        assert refused.message


def test_a_field_is_written_as_it_stands_in_a_file() -> None:
    """Lists are short, and text that could be misread is put in quotes."""
    assert format_field("schools", ("otterbeck", "saltmere")) == "schools: [otterbeck, saltmere]"
    assert format_field("start_time", "10:00") == "start_time: '10:00'"
    assert format_field("name", "Renée O'Dowd") == "name: Renée O'Dowd"


def test_a_key_that_could_not_be_read_back_is_not_written() -> None:
    """Writing fails rather than making a header that reading refuses."""
    with pytest.raises(FrontMatterError):
        format_header({"start time": "10:00"})


def test_form_files_may_nest() -> None:
    """YAML for forms has the same scalars, and mappings inside mappings."""
    found = parse_yaml(b"form: x\nfields:\n  on: {type: date, choices: [no, 1]}\n", "x.yml")

    assert found == {"form": "x", "fields": {"on": {"type": "date", "choices": ["no", 1]}}}


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"a: 1\na: 2\n", 2, "x.yml: `a` appears twice"),
        (b"a: {b: 1, b: 2}\n", 1, "x.yml: `b` appears twice"),
        (b"a: b\n---\nc: d\n", 2, "x.yml: a second header starts here"),
        (b"- a\n", 1, "x.yml: the file is not a mapping"),
        (b"", 1, "x.yml: the file is not a mapping"),
        (b"a: &b c\nd: *b\n", 1, "x.yml: a value cannot begin with `&`"),
        (b"1: a\n", 1, "x.yml: a name here must be a word"),
        (b"[a]: b\n", 1, "x.yml: a name here must be a word"),
        (b"<<: {a: b}\n", 1, "x.yml: a name here must be a word"),
        (b"a: [[[[[[[[[[1]]]]]]]]]]\n", 1, "x.yml: too many levels of nesting"),
        (b"a: b: c\n", 1, "x.yml: a second colon needs quotes"),
        (b"a: \xff\n", 1, "x.yml: not UTF-8 text"),
        (
            b"a: " + b"[" * 5000,
            1,
            "x.yml: the header holds 5000 opening brackets, 4096 is the most",
        ),
    ],
)
def test_form_files_are_read_as_strictly(data: bytes, line: int, message: str) -> None:
    """Doubled names, anchors, merges and deep nesting are refused, with the file's name."""
    with pytest.raises(FrontMatterError) as caught:
        parse_yaml(data, "x.yml")

    assert (caught.value.line, caught.value.message) == (line, message)

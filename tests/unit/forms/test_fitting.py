"""Does a record fit its form? Every slip has its own message."""

from __future__ import annotations

from datetime import date, time

import pytest

from coachbook.diagnostics import Consequence
from coachbook.forms import Form, builtin_forms, check_record, field_value, load_forms
from coachbook.record import Record, parse_record

SHAPE = "write year, month and day, such as 2026-11-12"
FORM = b"""form: visit
version: 1
type: visit
title: Visit
purpose: Somebody looks in.
prefix: v
place: "records/{school}/{date}-{id}.md"
on: date
row: visits
fields:
  date: {type: date, required: true}
  coachee: {type: person}
  minutes: {type: integer, min: 1, max: 480}
  fte: {type: number, min: 0, max: 1}
  on_track: {type: boolean}
  start_time: {type: time}
  month: {type: month}
  rating: {type: choice, choices: [not, partly, fully]}
  term: {type: interval}
  inset: {type: date, many: true}
  schools: {type: text, many: true}
  version: {type: text}
sections:
  Coach notes: {sealed: true, required: true}
  Topics: {}
"""
HEADER = "type: visit\nid: v-7kq2m4xa\nschool: otterbeck\n"
BODY = "\n## Coach notes\n\nText\n"


def visit() -> Form:
    """The form under test."""
    (form,) = load_forms([("visit.yml", FORM)])
    return form


def record(fields: str, body: str = BODY) -> Record:
    """A visit with these fields beside its type, id and school."""
    found = parse_record("records/v.md", f"---\n{HEADER}{fields}\n---\n{body}".encode())
    assert isinstance(found, Record)
    return found


def found(fields: str, body: str = BODY) -> list[str]:
    """The findings of a visit as `code line message -> hint`."""
    return [
        f"{one.code} {one.span.line} {one.message} -> {one.hint}"
        for one in check_record(record(fields, body), visit())
    ]


def value(row: str) -> object:
    """The typed value of the only field of a visit beside its date."""
    return field_value(record(f"date: 2026-11-12\n{row}"), visit(), row.partition(":")[0])


def test_a_record_that_fits_has_no_findings() -> None:
    """A date and the required section are all it needs."""
    assert found("date: 2026-11-12") == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("date: 2026-11-12", date(2026, 11, 12)),
        ("minutes: 31", 31),
        ("minutes: '31'", 31),
        ("fte: 0.8", 0.8),
        ("fte: 1", 1.0),
        ("on_track: No", False),
        ("on_track: yes", True),
        ("on_track: true", True),
        ("start_time: 10:00", time(10)),
        ("start_time: 9:05", time(9, 5)),
        ("month: 2026-11", date(2026, 11, 1)),
        ("rating: fully", "fully"),
        ("coachee: p-7kq2m4xa", "p-7kq2m4xa"),
        ("term: 2026-09-02 to 2026-10-23", (date(2026, 9, 2), date(2026, 10, 23))),
        ("term: 2 Sep 2026 – 23 Oct 2026", (date(2026, 9, 2), date(2026, 10, 23))),
        ("inset: [2026-09-02, 4 Jan 2027]", (date(2026, 9, 2), date(2027, 1, 4))),
        ("inset: 2026-09-02", (date(2026, 9, 2),)),
        ("schools: [otterbeck, saltmere]", ("otterbeck", "saltmere")),
        ("schools: []", ()),
        ("version: 1.10", "1.10"),
        ("version: no", "no"),
        ("version: 2026-09-01", "2026-09-01"),
        ("version:", None),
        ("version: ''", None),
        ("school: otterbeck", "otterbeck"),
    ],
)
def test_a_value_has_the_type_of_its_field(row: str, expected: object) -> None:
    """`No` is an answer in one field and a name in another: the form decides."""
    text = row if row.startswith(("date", "school:")) else f"date: 2026-11-12\n{row}"
    source = f"---\n{HEADER if not row.startswith('school:') else 'type: visit'}\n{text}\n---\n"
    one = parse_record("records/v.md", source.encode())
    assert isinstance(one, Record)

    typed = field_value(one, visit(), row.partition(":")[0])

    assert typed == expected
    assert type(typed) is type(expected)


@pytest.mark.parametrize(
    "row", ["minutes: fifteen", "rating: [fully]", "inset: [2026-09-02, soon]"]
)
def test_a_value_that_does_not_fit_is_none(row: str) -> None:
    """Nobody works on with half of a value."""
    assert value(row) is None


def test_a_field_that_the_form_does_not_know_has_no_value() -> None:
    """What is unknown is never a default."""
    assert value("mood: fine") is None


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("minutes: fifteen", "`fifteen` is not a whole number -> write it in digits, such as 15"),
        ('minutes: "fifteen"',
         "`fifteen` is not a whole number -> write it in digits, such as 15"),
        ("minutes: 15.5", "`15.5` is not a whole number -> write it in digits, such as 15"),
        ("minutes: 0", "0 is less than 1, the least there can be -> correct the number"),
        ("minutes: 500",
         "500 is more than 480, the most there can be -> is it 50? If not, correct the number"),
        ("minutes: 9999", "9999 is more than 480, the most there can be -> correct the number"),
        ("fte: 0,8", "`0,8` is not a number -> write it in digits, such as 0.8"),
        ("fte: half", "`half` is not a number -> write it in digits, such as 0.8"),
        ("fte: 80", "80 is more than 1, the most there can be -> correct the number"),
        ("on_track: maybe", "`maybe` is neither yes nor no -> say yes or no"),
        ("start_time: 25:00",
         "`25:00` is not a time of day -> write it on the 24-hour clock, such as 15:40"),
        ("start_time: 3.40pm",
         "`3.40pm` is not a time of day -> write it on the 24-hour clock, such as 15:40"),
        ("month: 2026-13", "`2026-13` is not a month -> write it as 2026-11"),
        ("rating: Partly", "`Partly` is not among the choices -> did you mean `partly`?"),
        ("rating: Mostly", "`Mostly` is not among the choices -> choose not, partly or fully"),
        ("coachee: Wren Ashgrove",
         "`Wren Ashgrove` is not an id -> write the id of the record, such as p-7kq2m4xa"),
        ("coachee: [p-7kq2m4xa]",
         "`coachee` holds a list, expected one value -> write one value without brackets"),
        ("term: autumn", ("`autumn` is not a stretch of days"
         " -> write two dates, such as 2026-09-02 to 2026-10-23")),
        ("term: 2026-09-02 to 2026-09-31",
         "there is no 31 September 2026 -> September 2026 has 30 days"),
        ("version: “2026-09”", ("curly quotes came from Word and have become part of the value"
         " -> replace them with straight quotes, `coachbook fix` will do it")),
        ("inset: 11/03/2026",
         "is this 11 March or 3 November? -> write 2026-03-11 or 2026-11-03"),
        ("inset: 2027-02-31", "there is no 31 February 2027 -> February 2027 has 28 days"),
        ("inset: 2026-13-01", f"there is no month 13 -> {SHAPE}"),
        ("inset: 202-11-12", f"the year 202 has 3 digits, expected four -> {SHAPE}"),
        ("inset: 12 Nov 26", f"the year 26 has 2 digits, expected four -> {SHAPE}"),
        ("inset: 12 Nov", f"`12 Nov` has no year -> {SHAPE}"),
        ("inset: 1026-11-12", f"the year 1026 cannot be right -> {SHAPE}"),
        ("inset: Mon 12 Nov 2026",
         "12 Nov 2026 is a Thursday -> write 2026-11-12, or the day you mean"),
        ("inset: soon", f"`soon` is not a date -> {SHAPE}"),
        ("inset: 2026-11-12T10:00", f"`2026-11-12T10:00` is not a date -> {SHAPE}"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_explained(row: str, message: str) -> None:
    """What was found, and what to write instead."""
    assert found(f"date: 2026-11-12\n{row}") == [f"CB104 6 {message}"]


@pytest.mark.parametrize(
    "written",
    ["12 Nov 2026", "Thu 12 Nov 2026", "Thursday, 12th November 2026", "12-Nov-2026",
     "Nov 12, 2026", "November 12 2026", "2026/11/12", "2026-11-12", "12 nov. 2026"],
)  # fmt: skip
def test_everyday_dates_are_understood(written: str) -> None:
    """As long as they can mean one day only."""
    assert value(f"inset: ['{written}']") == (date(2026, 11, 12),)


@pytest.mark.parametrize("written", ["25/12/2026", "12/25/2026", "25.12.2026"])
def test_numbers_that_can_mean_one_day_only_are_understood(written: str) -> None:
    """There is no month 25."""
    assert value(f"inset: {written}") == (date(2026, 12, 25),)


def test_each_item_of_a_list_has_its_own_place() -> None:
    """The finding points at the item, not at the list."""
    (finding,) = check_record(record("date: 2026-11-12\ninset: [2026-09-02, soon]"), visit())

    assert (finding.span.line, finding.span.column, finding.span.end_column) == (6, 21, 25)


def test_a_misspelt_field_is_named_with_what_was_meant() -> None:
    """One finding for one slip: the field that was meant is not called missing as well."""
    assert found("dat: 2026-11-12") == ["CB102 5 `dat` is not a field here -> did you mean `date`?"]
    assert found("date: 2026-11-12\ncochee: p-7kq2m4xa") == [
        "CB102 6 `cochee` is not a field here -> did you mean `coachee`?"
    ]


def test_an_unknown_field_lists_the_fields_there_are() -> None:
    """If nothing is near, all are shown."""
    (finding,) = found("date: 2026-11-12\nmood: fine")

    assert finding.startswith("CB102 6 `mood` is not a field here -> fields here are: type, id,")


def test_what_is_missing_or_empty_is_named_with_an_example() -> None:
    """The line to add can be pasted."""
    assert found("minutes: 5") == [
        "CB103 1 `date` is missing -> add a line to the header: date: 2026-11-12"
    ]
    assert found("date:") == ["CB103 5 `date` is empty -> write a value behind `date:`"]
    assert found("date: ''") == ["CB103 5 `date` is empty -> write a value behind `date:`"]


def test_type_id_and_school_are_asked_for_too() -> None:
    """Unless the form has no ids or belongs to the whole trust."""
    one = parse_record(
        "records/trust.md", b"---\ntype: visit\ndate: 2026-11-12\n---\n" + BODY.encode()
    )
    assert isinstance(one, Record)

    assert [x.message for x in check_record(one, visit())] == [
        "`id` is missing",
        "`school` is missing",
    ]
    trust = builtin_forms().latest("trust")
    assert trust is not None
    assert trust.implied() == ("type", "form")


def test_a_heading_that_the_form_does_not_know_stops_publication() -> None:
    """Its text may be confidential, so it is not quoted."""
    body = BODY + "\n## Wren cried\n\n## coach Notes\n"

    first, second = check_record(record("date: 2026-11-12", body), visit())

    assert (first.code, first.consequence, first.quotable) == ("CB109", Consequence.STOPS, False)
    assert "Wren" not in first.message + first.hint
    assert first.hint == "sections here are: Coach notes, Topics"
    assert second.hint == "did you mean `## Coach notes`?"


def test_a_required_section_that_is_missing_is_listed() -> None:
    """Nothing confidential is at stake, so the record is published."""
    (finding,) = check_record(record("date: 2026-11-12", ""), visit())

    assert (finding.code, finding.consequence) == ("CB109", Consequence.LISTED)
    assert finding.message == 'section "Coach notes" is missing'


def test_a_policy_has_parameters_and_headings_of_its_own() -> None:
    """They are checked as a policy, not as fields and sections."""
    form = builtin_forms().latest("policy")
    text = (
        "---\ntype: policy\nschool: otterbeck\nversion: 2026-09\neffective_from: 2026-09-01\n"
        "review_due: 2027-07-31\nsession.minutes.max: 15\nsesion: 1\n---\n\n# Policy\n\n## 1 Aims\n"
    )
    one = parse_record("records/otterbeck/policy-2026-09.md", text.encode())
    assert isinstance(one, Record)
    assert form is not None

    assert [x.message for x in check_record(one, form)] == ["`sesion` is not a field here"]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("type: cycle", "cycle"),
        ("type: session", "coaching-session"),
        ("type: session\nform: coaching-session@1", "coaching-session"),
        ("type: session\nform: coaching-session@9", None),
        ("type: session\nform: coaching-session", None),
        ("type: session\nform: cycle@1", None),
        ("type: sesion", None),
        ("id: s-7kq2m4xa", None),
    ],
)
def test_a_record_finds_its_form(header: str, name: str | None) -> None:
    """By its type, or by the form and version it names; the two must agree."""
    one = parse_record("records/x.md", f"---\n{header}\n---\n".encode())
    assert isinstance(one, Record)

    form = builtin_forms().for_record(one)

    assert (form.name if form else None) == name


MEETING = b"""form: meeting
version: 1
type: meeting
title: Meeting
purpose: Colleagues meet.
prefix: m
place: "records/{school}/{cycle|group}/{date}-{id}.md"
on: date
row: visits
needs: [cycle, group]
fields:
  date: {type: date, required: true}
  cycle: {type: text}
  group: {type: text}
  stage: {type: choice, choices: [eyfs, ks1]}
  class_size: {type: integer, min: 1, max: 60}
  words: {type: alias, many: true}
sections:
  Notes: {sealed: true}
  Early years: {sealed: true, required: true, when: "stage=eyfs"}
"""
EARLY = "## Early years\n\nText\n"


def met(fields: str, body: str = "") -> list[str]:
    """The findings of a meeting as `code line message -> hint`."""
    (form,) = load_forms([("meeting.yml", MEETING)])
    header = f"type: meeting\nid: m-7kq2m4xa\nschool: otterbeck\ndate: 2026-11-12\n{fields}"
    one = parse_record("records/m.md", f"---\n{header}---\n\n{body}".encode())
    assert isinstance(one, Record)
    return [f"{x.code} {x.span.line} {x.message} -> {x.hint}" for x in check_record(one, form)]


@pytest.mark.parametrize("fields", ["cycle: one\n", "group: two\n", "cycle:\ngroup: two\n"])
def test_one_of_several_fields_is_enough(fields: str) -> None:
    """A meeting belongs to a cycle or to a group; an empty line is none."""
    assert met(fields) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("", "CB103 1 `cycle` or `group` is missing -> add a line to the header: cycle:"),
        ("group:\n", "CB103 6 `cycle` or `group` is missing -> add a line to the header: cycle:"),
        ("grup: two\n", "CB102 6 `grup` is not a field here -> did you mean `group`?"),
    ],
)
def test_without_any_of_them_the_record_belongs_nowhere(fields: str, expected: str) -> None:
    """The message names all of them; one that is misspelt is reported as that alone."""
    assert met(fields) == [expected]


def test_a_section_that_waits_is_asked_for_only_then() -> None:
    """A record of the early years has the section, and any other does without."""
    missing = 'CB109 1 section "Early years" is missing -> '

    assert met("group: two\nstage: ks1\n") == []
    assert met("group: two\n") == []
    assert [one.startswith(missing) for one in met("group: two\nstage: eyfs\n")] == [True]
    assert met("group: two\nstage: eyfs\n", EARLY) == []


@pytest.mark.parametrize(("status", "asked"), [("held", 1), ("planned", 0), ("cancelled", 0)])
def test_what_did_not_take_place_has_nothing_to_fill_in(status: str, asked: int) -> None:
    """A visit that is planned, or was cancelled, is asked for none of its sections (D-26)."""
    form = builtin_forms().latest("feedback-sheet")
    assert form is not None
    text = (
        "---\ntype: observation\nid: o-7kq2m4xa\nschool: otterbeck\nform: feedback-sheet@1\n"
        "kind: formal\nobserved: p-7kq2m4xa\nobservers: [p-3x9p5w1d]\ndate: 2026-11-12\n"
        f"status: {status}\n---\n"
    )
    one = parse_record("records/o.md", text.encode())
    assert isinstance(one, Record)

    assert [finding.code for finding in check_record(one, form)] == ["CB109"] * asked


def test_a_section_in_a_record_that_it_does_not_belong_to_is_told() -> None:
    """Its readers are known, so the record stays; the message says what the section waits for."""
    (form,) = load_forms([("meeting.yml", MEETING)])
    text = "---\ntype: meeting\nid: m-7kq2m4xa\nschool: otterbeck\ndate: 2026-11-12\ngroup: two\n"
    one = parse_record("records/m.md", f"{text}stage: ks1\n---\n\n{EARLY}".encode())
    assert isinstance(one, Record)

    (finding,) = check_record(one, form)

    assert finding.message == 'section "Early years" belongs here only where `stage` is eyfs'
    assert finding.consequence is Consequence.LISTED


def test_three_hundred_pupils_are_thirty() -> None:
    """A digit that was typed once too often is found where the number fits without it."""
    assert met("group: two\nclass_size: 300\n") == [
        "CB104 7 300 is more than 60, the most there can be -> is it 30? If not, correct the number"
    ]


def test_a_word_says_what_it_stands_for() -> None:
    """A word of one's own has its meaning behind an equals sign."""
    assert met('group: two\nwords: ["buddy = coach", "PPDR=appraisal"]\n') == []
    assert met("group: two\nwords: [buddy]\n") == [
        "CB104 7 `buddy` does not say what the word stands for -> write it as buddy = coach"
    ]

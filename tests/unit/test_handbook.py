"""The public handbook: the policy in full, what it asks, who can read what, blank forms."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from coachbook.audience import PUBLIC
from coachbook.calendar import HalfTerm, SchoolYear
from coachbook.forms import Forms, builtin_forms, load_forms
from coachbook.handbook import Handbook, SchoolPart, banner, handbook_nav, handbook_pages
from coachbook.handbook.access import access_table
from coachbook.handbook.document import document_blocks, settings_by_heading
from coachbook.handbook.paper import paper_form, paper_forms
from coachbook.pages import open_templates, render_page
from coachbook.policy import Policy, parse_policy
from coachbook.record import Record, parse_record

TODAY = datetime.date(2026, 11, 20)
POLICY = """---
type: policy
school: otterbeck
version: 2026-09
effective_from: 2026-09-01
review_due: 2027-07-31
ratified_on: 2026-07-09
session.minutes.max: 15
repository.holders: [monitor, office]
recovery.holder: data-protection
retention.notes: until the cycle has been closed for a year
---

# Coaching at {{ school.name }}

Adopted on {{ policy.ratified_on }}.

## 4 Time

4.1 Sessions are short.

4.2 A session lasts at most {{ session.minutes.max }} minutes. <b>No</b> more.

## 10 Records

10.1 A copy is held by {{ repository.holders }}. Notes are kept {{ retention.notes }}.
When nobody is left, they may be opened by {{ recovery.holder }}.

## 11 Who can read what

| Part of a record | Coachee | Coach | Monitor | Head | Office |
|---|---|---|---|---|---|
| Session header | read | write | read | figures | write |
| Session notes | write | write | read | – | – |
| Coach private notes | – | write | – | – | – |
"""
FORM = b"""
form: chat
version: 1
type: session
title: Chat
purpose: A short talk.
prefix: s
identity: random
place: "records/{school}/{year}/{date}-{id}.md"
on: date
row: session header
blank: true
relations:
  coach: coach
  coachee: coachee
fields:
  coach: {type: person, required: true}
  coachee: {type: person, required: true}
  date: {type: date, required: true}
  ect_stage: {type: choice, choices: [ect-year-1, later]}
  scheduled: {type: boolean}
sections:
  Notes:
    row: session notes
    sealed: true
    prompt: What we said.
  Action steps:
    row: session notes
    sealed: true
    steps: true
    prompt: "One each: - [ ] Wait (by 19 Nov)"
  Coach notes:
    row: coach private notes
    sealed: true
    prompt: For the coach alone.
"""


def forms() -> Forms:
    """One form of a conversation."""
    return load_forms([("chat.yml", FORM)])


def policy(text: str = POLICY) -> Policy:
    """The policy that a document stands for."""
    record = parse_record("records/otterbeck/policy-2026-09.md", text.encode())
    assert isinstance(record, Record)
    form = builtin_forms().latest("policy")
    assert form is not None
    found, _ = parse_policy(record, form)
    assert found is not None
    return found


def handbook(*policies: Policy) -> Handbook:
    """A trust of one school with these versions of its policy."""
    calendar = SchoolYear(
        "otterbeck",
        "2026-27",
        (HalfTerm("Autumn 1", datetime.date(2026, 9, 2), datetime.date(2026, 10, 23)),),
        inset=(datetime.date(2026, 9, 2),),
    )
    school = SchoolPart("otterbeck", "Otter*beck <Primary>", policies, (calendar,))
    return Handbook("Lantern Hill", (school,), forms(), TODAY, demonstration=False)


def texts(book: Handbook) -> dict[str, str]:
    """Every page of the handbook as it is staged."""
    templates = open_templates()
    return {
        page.path: render_page(templates, page.template, page.model, PUBLIC)
        for page in handbook_pages(book)
    }


def test_clauses_stand_in_full_with_their_values() -> None:
    """The policy's page shows every clause as it is read, at an address of its own."""
    clause = next(
        block for block in document_blocks(policy(), "Otterbeck") if block.get("number") == "4.2"
    )

    assert clause["text"] == "A session lasts at most 15 minutes. <b>No</b> more."
    assert clause["anchor"] == "clause-4-2"


def test_document_keeps_its_order_and_its_table() -> None:
    """Nothing of the ratified document is left out or moved."""
    kinds = [block["kind"] for block in document_blocks(policy(), "Otterbeck")]

    assert kinds == [
        *("heading", "prose"),
        *("heading", "clause", "clause"),
        *("heading", "clause"),
        *("heading", "table"),
    ]


def test_html_in_a_policy_is_shown_as_text() -> None:
    """A policy can't bring HTML into the handbook."""
    page = texts(handbook(policy()))["otterbeck/policy.md"]

    assert "15 minutes. &lt;b&gt;No&lt;/b&gt; more." in page


def test_settings_name_their_clause() -> None:
    """What the policy asks is listed with its value in words and its clause."""
    groups = settings_by_heading(policy())

    assert [group["heading"] for group in groups] == ["4 Time", "10 Records"]
    assert groups[0]["rows"] == [
        {
            "meaning": "the longest a session should last, in minutes",
            "value": "15",
            "clause": "4.2",
            "anchor": "clause-4-2",
        }
    ]


def test_sealed_part_is_read_by_key() -> None:
    """Whoever reads a sealed part reads it with a key, even with a copy of all records."""
    table = access_table(policy(), forms())

    cells = {row["name"]: [cell["how"] for cell in row["cells"]] for row in table["rows"]}
    assert cells["Session notes"] == ["by key", "by key", "by key", "", ""]


def test_clear_part_is_read_by_repository_access() -> None:
    """A clear part is marked as open to those who hold a copy of all records."""
    table = access_table(policy(), forms())

    cells = {row["name"]: [cell["how"] for cell in row["cells"]] for row in table["rows"]}
    assert cells["Session header"] == [
        *("by key", "by key"),
        "by repository access",
        "",
        "by repository access",
    ]


def test_readers_stand_in_words() -> None:
    """Each part says in words who reads it, who sees figures, and that nobody else does."""
    words = {row["name"]: row["words"] for row in access_table(policy(), forms())["rows"]}

    assert words["Session header"] == (
        "Written and read by the coach and the school office. Read by the coachee and the impact "
        "monitor. Only figures for the head. Nobody else is shown it."
    )


def test_recovery_holder_is_named_as_a_reader() -> None:
    """Whoever may open sealed parts for recovery is named wherever readers are."""
    words = {row["name"]: row["words"] for row in access_table(policy(), forms())["rows"]}

    assert words["Coach private notes"] == (
        "Written and read by the coach. Kept for recovery by the data protection lead. "
        "Nobody else can open it."
    )


def test_no_recovery_is_no_reader() -> None:
    """Where nobody may recover, nobody is named."""
    text = POLICY.replace("recovery.holder: data-protection", "recovery.holder: nobody")

    assert access_table(policy(text), forms())["recovery"] == ""


def test_form_says_who_reads_each_part() -> None:
    """A blank form tells before each part who will read it, once for parts in a row."""
    form = forms().latest("chat")
    assert form is not None

    parts = paper_form(policy(), form)["parts"]

    assert [part["name"] for part in parts] == ["Notes", "Action steps", "Coach notes"]
    assert str(parts[0]["readers"]).startswith("Written and read by the coachee and the coach. ")
    assert parts[1]["readers"] == ""
    assert str(parts[2]["readers"]).startswith("Written and read by the coach. ")


def test_part_for_other_readers_has_a_sheet_of_its_own() -> None:
    """Paper has no keys, so a part that other people read begins a new sheet."""
    form = forms().latest("chat")
    assert form is not None

    assert [part["apart"] for part in paper_form(policy(), form)["parts"]] == [False, False, True]


def test_form_reads_like_a_form() -> None:
    """Labels and choices are words, and the marks of the file format are left out."""
    form = forms().latest("chat")
    assert form is not None

    paper = paper_form(policy(), form)

    entries = {entry["label"]: entry["choices"] for entry in paper["entries"]}
    assert entries["ECT stage"] == ["ECT year 1", "Later"]
    assert entries["Scheduled"] == ["Yes", "No"]
    assert paper["parts"][1]["prompt"] == "One each: Wait (by 19 Nov)"


def test_form_outside_the_table_is_not_offered() -> None:
    """A form with a part that the policy's table doesn't have is not printed."""
    text = POLICY.replace("| Coach private notes | – | write | – | – | – |\n", "")

    assert paper_forms(policy(text), forms()) == ()


def test_names_are_shown_as_they_are_written() -> None:
    """Marks in a school's name are letters, not formatting."""
    page = texts(handbook(policy()))["otterbeck/index.md"]

    assert "# Otter\\*beck &lt;Primary&gt;\n" in page


def test_school_without_policy_is_listed_and_has_no_pages() -> None:
    """A school that has no policy yet is named on the first page only."""
    pages = texts(handbook())

    assert "No policy yet" in pages["index.md"]
    assert not [path for path in pages if path.startswith("otterbeck/")]


def test_policy_that_nobody_ratified_says_so() -> None:
    """A draft is published with a warning on its pages."""
    draft = replace(policy(), ratified_on=None)
    pages = texts(handbook(draft))

    assert "Not ratified" in pages["otterbeck/policy.md"]
    assert "Not ratified" in pages["otterbeck/index.md"]


def test_review_that_is_overdue_says_so() -> None:
    """A policy past its review is published with a warning."""
    late = replace(policy(), review_due=datetime.date(2026, 11, 19))

    assert "Review overdue" in texts(handbook(late))["otterbeck/index.md"]


def test_version_to_come_is_announced() -> None:
    """The next version is announced with its first day, and the present one is shown."""
    coming = replace(policy(), version="2027-01", effective_from=datetime.date(2027, 1, 4))
    page = texts(handbook(policy(), coming))["otterbeck/index.md"]

    assert "[2027\\-01](policy-2027-01.md), takes effect on 4 Jan 2027" in page
    assert "Policy 2026\\-09 has been in force since 1 Sep 2026" in page


def test_calendar_is_shown() -> None:
    """The school year shows its half-terms and its training days."""
    page = texts(handbook(policy()))["otterbeck/year.md"]

    assert "<td>2 Sep–23 Oct</td>" in page
    assert "2 Sep 2026" in page


def test_navigation_groups_by_title() -> None:
    """Pages that share a title stand in a group of that name, in order."""
    nav = handbook_nav(handbook_pages(handbook(policy())))

    assert [title for title, _ in nav] == [
        *("Start", "Otter*beck <Primary>", "The whole trust"),
        *("How this is kept private", "About"),
    ]
    school = nav[1][1]
    assert not isinstance(school, str)
    assert [title for title, _ in school] == [
        *("Overview", "How we coach", "Who does what", "What is expected"),
        *("If something is not right", "Appraisal and pay", "Who can read what", "School year"),
        *("Policy", "What it asks", "What has changed", "Forms", "Data protection"),
    ]


@pytest.mark.parametrize(("demonstration", "words"), [(True, "Demonstration: "), (False, "")])
def test_demonstration_has_a_banner(*, demonstration: bool, words: str) -> None:
    """Only a demonstration has the banner, and it says that nothing in it is real."""
    text = banner(replace(handbook(), demonstration=demonstration))

    assert text.startswith(words)
    assert bool(text) == demonstration

"""The pages of the handbook: what they say of a policy, and of several side by side."""

from __future__ import annotations

import datetime
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from coachbook.audience import PUBLIC
from coachbook.book import load_book
from coachbook.calendar import HalfTerm, SchoolYear
from coachbook.forms import builtin_forms
from coachbook.handbook import (
    Handbook,
    NamedHolder,
    SchoolPart,
    agreed_names,
    handbook_of,
    handbook_pages,
)
from coachbook.handbook.about import coverage
from coachbook.handbook.changes import changes, marked_words
from coachbook.handbook.comparison import side_by_side
from coachbook.handbook.expectations import by_person, falls_in
from coachbook.handbook.explanations import explanations
from coachbook.handbook.paper import paper_form
from coachbook.pages import open_templates, render_page
from coachbook.people import ROLE_TITLES
from coachbook.policy import PARAMETERS, Policy, fill_preset, parse_policy
from coachbook.record import Record, parse_record
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from pathlib import Path

TODAY = datetime.date(2026, 11, 20)
HEADER = """---
type: policy
school: saltmere
version: 2026-09
effective_from: 2026-09-01
ratified_on: 2026-07-09
"""
TABLE = """
## 11 Who can read what

| Part of a record | Coachee | Coach | SLT | Head |
|---|---|---|---|---|
| Session notes | write | write | – | – |
"""


def policy(settings: str, clauses: str, table: str = TABLE) -> Policy:
    """The policy that a header and clauses stand for."""
    text = f"{HEADER}{settings}---\n\n# Coaching\n\n{clauses}\n{table}"
    record = parse_record("records/saltmere/policy-2026-09.md", text.encode())
    assert isinstance(record, Record)
    form = builtin_forms().latest("policy")
    assert form is not None
    found, _ = parse_policy(record, form)
    assert found is not None
    return found


def handbook(*policies: Policy, **more: object) -> Handbook:
    """A trust with a school for each policy."""
    names = ("Bramblewick", "Saltmere", "Otterbeck")
    schools = [
        SchoolPart(name.lower(), name, (one,), ())
        for name, one in zip(names, policies, strict=False)
    ]
    made = Handbook("Lantern Hill", tuple(schools), builtin_forms(), TODAY, demonstration=False)
    return replace(made, **more)


def pages(book: Handbook) -> dict[str, str]:
    """Every page as it is staged."""
    templates = open_templates()
    return {
        page.path: render_page(templates, page.template, page.model, PUBLIC)
        for page in handbook_pages(book)
    }


def page(name: str, settings: str, clauses: str, **of_the_school: object) -> str:
    """One page of a school whose policy says this."""
    book = handbook(policy(settings, clauses))
    school = replace(book.schools[0], **of_the_school)
    return pages(replace(book, schools=(school,)))[f"bramblewick/{name}.md"]


MENTORING = """cadence.mentoring: ["year 1: 1 a week", "later: 2 a term"]
cadence.visit: [2 a half-term]
visit.expected_of: first-year
"""
MENTORED = """## 4 Time

4.1 A mentor and a mentee meet {{ cadence.mentoring }}.

4.2 Colleagues are visited {{ cadence.visit }}; this is for {{ visit.expected_of }}.
"""


def test_what_is_firm_for_some_is_good_practice_for_others() -> None:
    """What is expected in the first year of teaching is good practice after it."""
    groups = {group["of"]: group["rows"] for group in by_person(policy(MENTORING, MENTORED))}

    found = {of: [(row["often"], row["firmness"]) for row in rows] for of, rows in groups.items()}
    assert found == {
        "In the first year of teaching": [
            ("once a week", "expected"),
            ("twice a half-term", "expected"),
        ],
        "After the first year of teaching": [
            ("twice a term", "good practice"),
            ("twice a half-term", "good practice"),
        ],
    }


@pytest.mark.parametrize(
    ("settings", "clauses", "firmness"),
    [
        (
            "cadence.visit: [2 a term]\nvisit.expected_of: everyone\n",
            "{{ cadence.visit }} {{ visit.expected_of }}",
            {"Everyone": "expected"},
        ),
        (
            "cadence.visit: [2 a term]\nexpectation.first_year: warning\n",
            "{{ cadence.visit }} {{ expectation.first_year }}",
            {
                "In the first year of teaching": "good practice",
                "After the first year of teaching": "good practice",
            },
        ),
        (
            "cadence.coaching: [1 a week]\ncadence.expectation: where-possible\n",
            "{{ cadence.coaching }} {{ cadence.expectation }}",
            {"Everyone": "wherever possible"},
        ),
        (
            "cadence.coaching: ['groups: 1 a term']\ngroup.of: [teaching-support]\n",
            "{{ cadence.coaching }} {{ group.of }}",
            {"Teaching support staff": "expected"},
        ),
    ],
)
def test_firmness_is_the_policy_s(settings: str, clauses: str, firmness: dict[str, str]) -> None:
    """How firmly a rhythm is meant, and for whom, is what the policy says."""
    groups = by_person(policy(settings, f"4.1 So: {clauses}."))

    assert {group["of"]: group["rows"][0]["firmness"] for group in groups} == firmness


def test_expectation_names_its_clause() -> None:
    """Each expectation leads to the clause that it rests on."""
    text = page("expectations", MENTORING, MENTORED)

    assert '<a href="policy.html#clause-4-2">4.2</a>' in text


def test_policy_without_a_rhythm_counts_nothing_as_missed() -> None:
    """Where the policy sets no rhythm, the page says that nothing is counted as missed."""
    text = page("expectations", "goal.set_by: coachee\n", "1.1 {{ goal.set_by }} chooses.")

    assert "Nothing is ever counted as missed" in text


@pytest.mark.parametrize(
    ("rhythm", "ends_term", "due"),
    [
        ("1 a week", False, ["A coaching session: once a week, in 7 weeks"]),
        ("1 a half-term", False, ["A coaching session: once"]),
        ("2 a term", False, []),
        ("2 a term", True, ["A coaching session: twice by the end of term"]),
        ("1 a year", True, []),
    ],
)
def test_year_says_what_falls_in_a_half_term(
    rhythm: str, due: list[str], *, ends_term: bool
) -> None:
    """A rhythm is told half-term by half-term; one of the term falls into its second half."""
    half_term = HalfTerm("Autumn 2", datetime.date(2026, 11, 2), datetime.date(2026, 12, 18))
    one = policy(f"cadence.coaching: [{rhythm}]\n", "4.1 We meet {{ cadence.coaching }}.")

    assert falls_in(one, half_term, ends_term=ends_term) == due


def test_rotation_stands_beside_the_school_year() -> None:
    """Where pairs rotate, the page of the year quotes the clause that says so."""
    text = page(
        "year",
        "partnership.chosen_by: [rotation]\n",
        "## 2 Pairs\n\n2.1 Pairs come about by {{ partnership.chosen_by }}.\n\n2.2 Nothing else.",
        calendars=(SchoolYear("bramblewick", "2026-27", ()),),
    )

    assert "Pairs come about by rotation" in text
    assert "Nothing else" not in text


def test_models_of_the_policy_are_explained() -> None:
    """Each model that the policy names is told step by step, and no other is."""
    text = page("coaching", "cycle.models: [impact-cycle]\n", "5.1 We use {{ cycle.models }}.")

    assert "## The impact cycle" in text
    assert "<strong>Identify</strong>" in text
    assert "GROW" not in text


def test_every_choice_of_a_policy_is_explained() -> None:
    """Whatever model, style, role or use in appraisal a policy can name, the handbook explains."""
    known = explanations()

    assert set(PARAMETERS["cycle.models"].choices) == set(known.models)
    assert set(PARAMETERS["session.styles"].choices) == set(known.styles)
    assert set(PARAMETERS["appraisal.use"].choices) == set(known.appraisal)
    assert set(ROLE_TITLES) == set(known.roles)


def test_model_names_a_form_that_there_is() -> None:
    """The form that a model is noted on is among the forms."""
    forms = {form.name for form in builtin_forms()}

    assert {model.form for model in explanations().models.values()} <= forms


def test_page_on_concerns_names_the_counsellor() -> None:
    """Where the school has a counsellor, the page says that anybody can contact them."""
    text = page(
        "concerns", "concern.counsellor: true\n", "7.3 A counsellor: {{ concern.counsellor }}."
    )

    assert "The school has a counsellor" in text
    assert "Nobody has to say why" in text


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", 'https://a.example/"><script>alert(1)</script>']
)
def test_address_of_a_school_brings_no_script(address: str) -> None:
    """What stands in a school's record as the address of its form is text, whatever it says."""
    text = page("concerns", "stop.by: [coach]\n", "8.1 {{ stop.by }} stops.", safeguarding=address)

    assert 'href="javascript' not in text
    assert "<script" not in text


def test_page_on_concerns_keeps_safeguarding_out() -> None:
    """The page says first that a worry about a child goes elsewhere, and where."""
    text = page(
        "concerns",
        "concern.route: [head, deputy]\n",
        "7.2 A concern goes to {{ concern.route }}.",
        safeguarding="https://safeguarding.bramblewick.example",
        wellbeing="the staff helpline, 01632 960 001",
    )

    assert text.index("Speak to the safeguarding lead today") < text.index("## To stop")
    assert '<a href="https://safeguarding.bramblewick.example"' in text
    assert "the staff helpline" in text
    assert text.index("The head") < text.index("The deputy head")


@pytest.mark.parametrize("use", list(PARAMETERS["appraisal.use"].choices))
def test_link_to_appraisal_is_told(use: str) -> None:
    """The page on appraisal says in plain words what each answer of a policy means."""
    text = page("appraisal", f"appraisal.use: {use}\n", "9.1 Appraisal takes {{ appraisal.use }}.")

    assert explanations().appraisal[use][:30].replace(".", "\\.") in text
    assert "No record here has a place for pay" in text


def test_link_to_appraisal_is_told_even_where_the_policy_is_silent() -> None:
    """A school whose policy forgets appraisal has the page all the same, and it says so."""
    text = page("appraisal", "goal.set_by: coachee\n", "1.1 {{ goal.set_by }} chooses.")

    assert "# How this links to appraisal and pay" in text
    assert "The policy does not say yet what appraisal takes" in text


NAMED = (NamedHolder("slt", "Odalys Renwick-Tarn"),)


@pytest.mark.parametrize(
    ("setting", "named", "shown"),
    [("opt-in", NAMED, True), ("roles-only", NAMED, False), ("opt-in", (), False)],
)
def test_names_need_policy_and_consent(
    setting: str, named: tuple[NamedHolder, ...], *, shown: bool
) -> None:
    """A name stands in the handbook only if the policy wants names and the person agreed."""
    text = page(
        "people",
        f"handbook.names: {setting}\n",
        "7.4 The handbook shows {{ handbook.names }}.",
        named=named,
    )

    assert ("Odalys Renwick" in text) is shown


@pytest.mark.parametrize(
    ("setting", "consent", "named"),
    [
        ("opt-in", "2026-11-01", True),
        ("opt-in", "2026-12-01", False),
        ("opt-in", None, False),
        ("roles-only", "2026-11-01", False),
    ],
)
def test_only_who_agreed_by_today_is_named(
    tmp_path: Path, setting: str, consent: str | None, *, named: bool
) -> None:
    """A name is passed on from the day its owner agreed, where the policy wants names at all."""
    root = tmp_path / "workspace"
    shutil.copytree(small.ROOT, root)
    agreed = f"type: person\nhandbook_name_consent_on: {consent}\n" if consent else "type: person\n"
    for file in root.glob("records/**/*.md"):
        text = file.read_text(encoding="utf-8")
        text = text.replace("handbook.names: roles-only", f"handbook.names: {setting}")
        file.write_text(text.replace("type: person\n", agreed), encoding="utf-8")

    book = load_book(root, today=TODAY)

    assert any(school.named for school in handbook_of(book).schools) is named
    assert bool(agreed_names(book)) is named


def test_schools_stand_in_their_hubs() -> None:
    """The first page groups the schools by the hub that stands between them and the trust."""
    one = policy("goal.set_by: coachee\n", "1.1 {{ goal.set_by }} chooses.")
    book = handbook(one, one)
    north, south = (
        replace(school, hub=hub)
        for school, hub in zip(book.schools, ("Hub North", "Hub South"), strict=True)
    )

    text = pages(replace(book, schools=(north, south)))["index.md"]

    places = [text.index(word) for word in ("Hub North", "Bramblewick", "Hub South", "Saltmere")]
    assert places == sorted(places)


def test_words_of_the_trust_are_listed_once() -> None:
    """A school's page of words repeats nothing that the whole trust says already."""
    one = policy("goal.set_by: coachee\n", "1.1 {{ goal.set_by }} chooses.")
    book = handbook(one, words={"buddy": "coach"}, shared={"Subjects": ("maths", "music")})
    school = replace(book.schools[0], words={"buddy": "coach", "trio": "group"})

    text = pages(replace(book, schools=(school,)))["trust/words.md"]

    assert text.count("is also called buddy") == 1
    assert "### At Bramblewick" in text
    assert "**Group**\n:   is also called trio" in text
    assert "<li>music</li>" in text


def test_policies_stand_side_by_side() -> None:
    """What schools decide differently stands in one row, and silence is called no rule."""
    short = policy("session.minutes.max: 15\n", "4.2 At most {{ session.minutes.max }} minutes.")
    silent = policy("goal.set_by: coachee\n", "1.1 {{ goal.set_by }} chooses.")

    text = pages(handbook(short, silent))["trust/compare.md"]

    row = next(line for line in text.splitlines() if "Length of a session" in line)
    assert '<td data-label="Bramblewick">15 minutes at most</td>' in row
    assert '<td data-label="Saltmere"><em class="absent">no rule</em></td>' in row


@pytest.mark.parametrize(
    ("preset", "title", "lines"),
    [
        ("head-excluded", "Early career teachers", ["Coached once their induction is complete"]),
        ("head-excluded", "Support staff", []),
        ("head-collates", "Support staff", ["Coached in groups of 3"]),
        ("trust-two-models", "Early career teachers", []),
        (
            "mentor-and-slt",
            "Support staff",
            ["Can be coached", "Developed within school hours"],
        ),
    ],
)
def test_what_is_decided_for_some_is_told_for_them(
    preset: str, title: str, lines: list[str]
) -> None:
    """What a policy decides for early career teachers and support staff is one row each."""
    answers = {"school": "saltmere", "version": "1", "effective_from": "2026-09-01"}
    record = parse_record("records/saltmere/policy-1.md", fill_preset(preset, answers).encode())
    form = builtin_forms().latest("policy")
    assert isinstance(record, Record)
    assert form is not None
    one, _ = parse_policy(record, form)
    assert one is not None

    table = side_by_side([(SchoolPart("saltmere", "Saltmere", (one,), ()), one)])

    rows = {row["title"]: row["cells"][0]["lines"] for g in table["groups"] for row in g["rows"]}
    assert rows[title] == lines


def test_what_is_the_same_everywhere_says_so() -> None:
    """A row on which all schools agree says so in words, not by its colour alone."""
    one = policy("stop.by: [coach, coachee]\n", "8.1 {{ stop.by }} may stop.")
    school = SchoolPart("a", "A", (one,), ())

    table = side_by_side([(school, one), (replace(school, name="B"), one)])

    rows = {row["title"]: row["alike"] for group in table["groups"] for row in group["rows"]}
    assert rows["Who may stop the coaching"] is True
    assert "the same everywhere" in pages(handbook(one, one))["trust/compare.md"]


def test_one_school_has_nothing_beside_it() -> None:
    """A trust of one school has no page that compares policies."""
    one = policy("goal.set_by: coachee\n", "1.1 {{ goal.set_by }} chooses.")

    assert "trust/compare.md" not in pages(handbook(one))


OLD = policy(
    "session.minutes.max: 40\n",
    "4.2 At most {{ session.minutes.max }} minutes.\n\n4.3 Tea is served.\n\n"
    "4.4 A coach listens first and speaks later in the talk.",
)


def later(settings: str, clauses: str, table: str = TABLE) -> Policy:
    """The next version of the policy."""
    made = policy(settings, clauses, table)
    return replace(made, version="2027-01", effective_from=datetime.date(2027, 1, 4))


def test_setting_that_changed_names_both_clauses() -> None:
    """A setting that changed shows its value before and after, each with its clause."""
    new = later("session.minutes.max: 30\n", "5.1 At most {{ session.minutes.max }} minutes.")

    (found,) = changes(OLD, new)["settings"]

    assert (found["before"], found["before_clause"]) == ("40", "4.2")
    assert (found["after"], found["after_clause"]) == ("30", "5.1")


def test_setting_that_was_dropped_is_no_rule() -> None:
    """A setting that a new version leaves out is shown as no rule from then on."""
    (found,) = changes(OLD, later("", "4.2 As long as it takes."))["settings"]

    assert (found["before"], found["after"]) == ("40", "no rule")


def test_clauses_that_came_went_or_were_reworded() -> None:
    """Clauses are told apart: new ones, removed ones, and those worded differently."""
    new = later(
        "session.minutes.max: 40\n",
        "4.2 At most {{ session.minutes.max }} minutes.\n\n"
        "4.3 A coach listens first and speaks later in the session.\n\n"
        "4.4 Films are never kept.",
    )

    found = [(one["kind"], one["number"], one["was"]) for one in changes(OLD, new)["clauses"]]

    assert found == [("reworded", "4.3", "4.4"), ("added", "4.4", ""), ("removed", "4.3", "")]


def test_clause_that_only_moved_has_not_changed() -> None:
    """A clause under another number, in the same words, is no change."""
    moved = later(
        "session.minutes.max: 40\n",
        "6.1 At most {{ session.minutes.max }} minutes.\n\n6.2 Tea is served.\n\n"
        "6.3 A coach listens first and speaks later in the talk.",
    )

    assert changes(OLD, moved)["none"] is True


def test_reworded_clause_marks_its_words() -> None:
    """Of a reworded clause, only the words that differ are marked."""
    words = list(marked_words("Tea is served at four", "Coffee is served at four daily"))

    assert words == [
        ("removed", "Tea"),
        ("added", "Coffee"),
        ("same", "is served at four"),
        ("added", "daily"),
    ]


@pytest.mark.parametrize(
    ("row", "kind", "detail"),
    [
        ("| Session notes | write | write | read | – |", "wider", "SLT: nothing, now read"),
        ("| Session notes | write | – | – | – |", "narrower", "Coach: write, now nothing"),
        ("| Session notes | write | read | – | read |", "changed", "Coach: write, now read"),
    ],
)
def test_row_that_got_wider_or_narrower_says_so(row: str, kind: str, detail: str) -> None:
    """A row of the table says whether more or fewer can read that part now, and who."""
    old_row = "| Session notes | write | write | – | – |"
    new = later("", "4.3 Tea is served.", TABLE.replace(old_row, row))

    (found,) = changes(OLD, new)["access"]

    assert found["kind"] == kind
    assert detail.lower() in [cell.lower() for cell in found["cells"]]


def test_rows_that_came_and_went_are_named() -> None:
    """A part that is new to the table, and one that left it, are named with their readers."""
    table = TABLE.replace("| Session notes |", "| Stop |")

    found = {one["row"]: one for one in changes(OLD, later("", "4.3 Tea.", table))["access"]}

    assert found["Session notes"]["kind"] == "removed"
    assert found["Stop"]["kind"] == "new"
    assert found["Stop"]["cells"] == ["Coachee and Coach: write"]


def test_draft_is_shown_as_what_would_change() -> None:
    """A version that nobody ratified has its page and its changes, and says that it is a draft."""
    draft = replace(later("session.minutes.max: 30\n", "4.2 {{ session.minutes.max }}"))
    draft = replace(draft, ratified_on=None)
    book = handbook(OLD)
    school = replace(book.schools[0], policies=(OLD, draft))

    found = pages(replace(book, schools=(school,)))

    assert "**Not ratified.** A draft, meant for 4 Jan 2027" in found["bramblewick/changes.md"]
    assert "This version is a draft" in found["bramblewick/policy-2027-01.md"]
    assert "Not ratified" not in found["bramblewick/policy.md"]


def test_version_of_any_name_stays_in_its_folder() -> None:
    """A version with slashes and dots in its name has a page beside the others all the same."""
    odd = replace(later("", "4.2 Tea."), version="../../2027 / spring")
    book = handbook(OLD)
    school = replace(book.schools[0], policies=(OLD, odd))

    found = pages(replace(book, schools=(school,)))

    assert "bramblewick/policy-2027-spring.md" in found
    assert "(policy-2027-spring.md)" in found["bramblewick/index.md"]


def test_first_version_has_nothing_to_compare() -> None:
    """A school with its first policy is told that there is nothing to compare it with."""
    assert "is the first one" in pages(handbook(OLD))["bramblewick/changes.md"]


def test_part_for_some_records_only_says_for_which() -> None:
    """A part of a form that belongs to some records only says so on paper."""
    form = builtin_forms().latest("mentor-meeting")
    assert form is not None

    parts = {part["name"]: part["only"] for part in paper_form(OLD, form)["parts"]}

    assert parts["Early years"] == "stage is EYFS"
    assert parts["Notes"] == ""


def test_paper_does_not_ask_what_only_the_file_says() -> None:
    """A sheet leaves out fields that coachbook writes, such as where an older text stayed."""
    form = builtin_forms().latest("cycle")
    assert form is not None

    labels = {entry["label"] for entry in paper_form(OLD, form)["entries"]}

    assert "Planned end" in labels
    assert "Text left in" not in labels


def test_points_are_numbered_on_paper() -> None:
    """Where a form takes at most three points, its sheet has room for three."""
    form = builtin_forms().latest("feedback-sheet")
    assert form is not None

    parts = {part["name"]: part for part in paper_form(OLD, form)["parts"]}

    assert len(parts["Coaching points"]["room"]) == 3 * parts["Coaching points"]["points"]


def test_sheet_does_not_ask_what_only_the_file_needs() -> None:
    """The state of a note and its seal are no questions on paper."""
    form = builtin_forms().latest("coaching-session")
    assert form is not None

    labels = {entry["label"] for entry in paper_form(OLD, form)["entries"]}

    assert labels.isdisjoint({"Note", "Drafted by", "Locked", "Policy"})


def test_a_blank_form_names_its_school() -> None:
    """A sheet that lies on a desk says which school it is of (D-61, D-69)."""
    rows = ("Session header", "Session notes", "Coach private notes")
    table = "| Part of a record | Coachee | Coach |\n|---|---|---|\n" + "".join(
        f"| {row} | write | write |\n" for row in rows
    )
    one = policy("", "1.1 We write.", f"\n## 11 Who can read what\n\n{table}")

    text = pages(handbook(one))["bramblewick/forms/coaching-session.md"]

    assert "# Coaching session\n\n**Bramblewick.** " in text


def test_forms_are_listed_by_what_they_are_for() -> None:
    """The list of forms tells sessions, visits, and what is sealed as a whole apart."""
    rows = ("Session header", "Session notes", "Coach private notes", "Observation form", "Stop")
    table = "| Part of a record | Coachee | Coach |\n|---|---|---|\n" + "".join(
        f"| {row} | write | write |\n" for row in rows
    )
    one = policy("", "1.1 We write.", f"\n## 11 Who can read what\n\n{table}")

    text = pages(handbook(one))["bramblewick/forms/index.md"]

    places = [
        text.index(words)
        for words in (
            "## Sessions",
            "[Coaching session]",
            "## Visits to lessons",
            "[Observation]",
            "## Sealed as a whole",
            "[Stop]",
        )
    ]
    assert places == sorted(places)


def test_every_page_renders() -> None:
    """Every page of a small trust comes out, with one title and nothing left to fill in."""
    found = pages(handbook(OLD, OLD))

    assert [
        name for name, text in found.items() if text.count("\n# ") + text.startswith("# ") != 1
    ] == []
    assert [name for name, text in found.items() if "{{" in text or "{%" in text] == []


def test_about_page_counts_requirements_and_rules() -> None:
    """The About page says how many requirements there are and how many rules."""
    text = pages(handbook(OLD))["about.md"]

    assert f"ask {coverage().total} things" in text
    assert "CB7xx</td>" in text

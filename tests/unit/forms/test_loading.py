"""Form files: what they may say, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from coachbook.errors import FormError
from coachbook.forms import Form, alternatives, builtin_forms, first_keys, load_forms
from tests.strategies import form_files

SMALL = """form: visit
version: 1
type: visit
title: Visit
purpose: Somebody looks in.
prefix: v
place: "records/{school}/{year}/{date}-{id}.md"
on: date
row: visits
relations:
  observer: observer
fields:
  date: {type: date, required: true, default: '@today'}
  observer: {type: person}
  subject: {type: choice, choices: [maths, writing]}
  minutes: {type: integer, min: 1, max: 480, row: figures}
sections:
  Seen:
    sealed: true
    author: [observer]
    lines:
      Rating: {type: choice, choices: [fully, partly], required: true}
  Topics: {row: topics}
"""


def form(text: str = SMALL) -> Form:
    """The only form of a file."""
    (found,) = load_forms([("visit.yml", text.encode())])
    return found


def refusal(text: str) -> tuple[str, str]:
    """Message and hint for a file that is refused."""
    with pytest.raises(FormError) as caught:
        load_forms([("visit.yml", text.encode())], base=builtin_forms())
    return caught.value.message, caught.value.hint


def test_a_form_file_becomes_a_form() -> None:
    """Fields, sections and lines are read in their order, with their own words."""
    visit = form()

    assert (visit.key, visit.identity, visit.level, visit.whole) == (
        "visit@1",
        "random",
        "school",
        False,
    )
    assert list(visit.fields) == ["date", "observer", "subject", "minutes"]
    assert visit.fields["date"].default == "@today"
    assert (visit.fields["minutes"].minimum, visit.fields["minutes"].maximum) == (1, 480)
    assert visit.sections[0].lines[0].choices == ("fully", "partly")
    assert visit.implied() == ("type", "id", "school", "form")


def test_fields_and_sections_without_a_row_have_the_form_s() -> None:
    """A row of its own comes first."""
    visit = form()

    assert [field.row for field in visit.fields.values()] == [
        "visits", "visits", "visits", "figures",
    ]  # fmt: skip
    assert [section.row for section in visit.sections] == ["visits", "topics"]


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        ("purpose:", "porpose:", "the form has unknown key `porpose`", "did you mean `purpose`?"),
        ("min: 1", "mini: 1", "field `minutes` has unknown key `mini`", "did you mean `min`?"),
        ("sealed:", "seeled:", 'section "Seen" has unknown key `seeled`', "did you mean `sealed`?"),
        ("required: true}\n  Topics", "requierd: true}\n  Topics",
         "line `Rating` has unknown key `requierd`", "did you mean `required`?"),
        ("type: integer", "type: intger", "`type` has unknown value `intger`",
         "did you mean `integer`?"),
        ("version: 1", "version: one", "`version` is not a whole number from 1",
         "write `version: 1`"),
        ("version: 1", "version: 0", "`version` is not a whole number from 1",
         "write `version: 1`"),
        ("title: Visit\n", "", "`title` is missing", "write `title: ` and its value"),
        ("title: Visit", "title: [Visit]", "`title` is not a text",
         "write one value behind `title:`"),
        ("form: visit", "form: A visit", "`form` is not one word",
         "small letters, digits and hyphens"),
        ("prefix: v\n", "", "`prefix` is missing",
         "write the letters its ids begin with: prefix: s"),
        ("on: date", "on: dat", "`on` names no date field: `dat`", "did you mean `date`?"),
        ("on: date", "on: minutes", "`on` names no date field: `minutes`",
         "one of: date"),
        ("{date}", "{dote}", "`place` holds unknown part `dote`", "did you mean `date`?"),
        ("observer: observer", "observer: obsrver",
         "relation `observer` starts at no person or reference: `obsrver`",
         "did you mean `observer`?"),
        ("author: [observer]", "author: [obsever]", 'section "Seen" has unknown author `obsever`',
         "did you mean `observer`?"),
        ("author: [observer]", "author: observer", "`author` is not a list of words",
         "write `author: [one, two]`"),
        ("choices: [maths, writing]", "help: which",
         "field `subject`: type choice and `choices` belong together", "write both, or none"),
        ("sealed: true", "sealed: yes", "`sealed` is neither true nor false",
         "write `sealed: true`"),
        ("min: 1", "min: one", "`min` is not a number", "write `min: 1`"),
        ("row: visits\n", "", 'section "Seen" is sealed and names no `row`',
         "name the row of the policy's table that says who can read it"),
        ("subject:", "Subject:", "`Subject` cannot be the name of a field",
         "small letters, digits and _, and not type, id, school or form"),
        ("subject:", "school:", "`school` cannot be the name of a field",
         "small letters, digits and _, and not type, id, school or form"),
        ("  Topics:", "  topics:", '"topics" cannot be the name of a section',
         "begin with a capital letter, and use letters, digits and spaces"),
        ("{type: person}", "person", "`observer` holds no names with values",
         "write `observer:` and lines below it"),
        ("{type: person}", "{type: reference, to: cicle}",
         "field `observer` refers to unknown type `cicle`", "did you mean `cycle`?"),
        ("version: 1", "version: 1\nversion: 2", "`version` appears twice (line 3)", "keep one"),
    ],
)  # fmt: skip
def test_a_form_that_is_not_understood_is_refused(
    old: str, new: str, message: str, hint: str
) -> None:
    """The file, what was found and what was meant are named."""
    assert old in SMALL
    assert refusal(SMALL.replace(old, new, 1)) == (f"visit.yml: {message}", hint)


def test_a_form_of_a_name_and_version_that_exist_is_refused() -> None:
    """What a record was written under must not change."""
    text = SMALL.replace("form: visit", "form: cycle")

    assert refusal(text) == (
        "visit.yml: form cycle@1 is already defined by coachbook itself",
        "write `version: 2`, or give the form another name",
    )


def test_a_workspace_overrides_a_form_by_a_higher_version() -> None:
    """New records take the new one; old ones may still name theirs."""
    text = SMALL.replace("form: visit", "form: survey").replace("version: 1", "version: 2")
    text = text.replace("type: visit", "type: survey").replace("visits", "plans and priorities")

    forms = load_forms([("survey.yml", text.encode())], base=builtin_forms())

    latest = forms.latest("survey")
    assert latest is not None
    assert latest.version == 2
    assert forms.latest_of_type("survey") is latest
    assert forms.find("survey", 1) is not None


def test_a_new_type_needs_no_code() -> None:
    """A form file alone makes a type of record."""
    forms = load_forms([("visit.yml", SMALL.encode())], base=builtin_forms())

    assert "visit" in forms.types()
    assert forms.latest_of_type("visit") == form()


def test_a_second_form_of_a_type_changes_no_old_record() -> None:
    """Records that name no form keep the one they had."""
    text = SMALL.replace("type: visit", "type: survey").replace("visits", "plans and priorities")

    forms = load_forms([("visit.yml", text.encode())], base=builtin_forms())

    assert forms.latest_of_type("survey") == builtin_forms().latest("survey")


def test_two_forms_of_a_new_type_leave_it_without_a_default() -> None:
    """Each record has to say which it is written on, unless one is named as the type."""
    one = ("a.yml", SMALL.replace("form: visit", "form: long-visit").encode())
    two = ("b.yml", SMALL.replace("form: visit", "form: brief-visit").encode())

    assert load_forms([one, two]).latest_of_type("visit") is None
    assert load_forms([one, two, ("c.yml", SMALL.encode())]).latest_of_type("visit") == form()


LIKE = """form: brief-visit
version: 1
like: visit@1
title: Brief visit
purpose: Somebody looks in for five minutes.
fields:
  subject: {type: choice, choices: [music]}
  room: {type: text}
sections:
  Noticed: {sealed: true, author: [observer], prompt: What did you notice?}
"""


def likeness(text: str = LIKE) -> Form:
    """The form that is like the small one."""
    forms = load_forms([("brief.yml", text.encode()), ("visit.yml", SMALL.encode())])
    found = forms.latest("brief-visit")
    assert found is not None
    return found


def test_a_form_like_another_takes_over_its_header_and_people() -> None:
    """Type, place, date, row, relations and fields are the other's; own fields come first."""
    visit, brief = form(), likeness()

    assert (brief.type, brief.prefix, brief.place, brief.on, brief.row) == (
        visit.type, visit.prefix, visit.place, visit.on, visit.row,
    )  # fmt: skip
    assert brief.relations == visit.relations
    assert list(brief.fields) == [*visit.fields, "room"]
    assert brief.fields["subject"].choices == ("music",)


def test_sections_are_never_taken_over() -> None:
    """Who reads a text must stand in the very form that it is written on."""
    assert [section.name for section in likeness().sections] == ["Noticed"]


def test_a_form_like_one_that_is_sealed_whole_is_sealed_whole() -> None:
    """What is confidential there cannot come into the clear by leaving a line out."""
    text = LIKE.replace("like: visit@1", "like: concern@1").replace("[observer]", "[raiser]")

    forms = load_forms([("brief.yml", text.encode())], base=builtin_forms())

    assert [one.whole for one in forms if one.name == "brief-visit"] == [True]


def test_a_form_like_another_does_not_become_the_usual_one() -> None:
    """Records of the type that name no form keep the form that stands by itself."""
    forms = load_forms([("brief.yml", LIKE.encode()), ("visit.yml", SMALL.encode())])

    assert forms.latest_of_type("visit") == form()


def test_forms_that_are_like_each_other_are_refused() -> None:
    """Neither of them says what the fields are."""
    other = LIKE.replace("form: brief-visit", "form: long-visit").replace(
        "visit@1", "brief-visit@1"
    )
    files = [("a.yml", LIKE.replace("visit@1", "long-visit@1").encode()), ("b.yml", other.encode())]

    with pytest.raises(FormError) as caught:
        load_forms(files)

    assert caught.value.message == "a.yml: `like: long-visit@1` leads back to the form itself"


def test_a_scale_gives_its_choices_to_every_line_that_names_it() -> None:
    """What counts in no average is known of the line, so that no figure counts it."""
    text = SMALL.replace(
        "{type: choice, choices: [fully, partly], required: true}", "{scale: seen, required: true}"
    ).replace("sections:", "scales:\n  seen: {choices: [n/a, not, fully], aside: [n/a]}\nsections:")

    (line,) = form(text).sections[0].lines

    assert (line.name, line.type, line.scale, line.required) == ("Rating", "choice", "seen", True)
    assert (line.choices, line.aside) == (("n/a", "not", "fully"), ("n/a",))


def test_a_section_can_wait_for_a_choice_of_the_header() -> None:
    """It belongs to a record with one of the values that it names, and to no other."""
    text = SMALL.replace("Topics: {row: topics}", "Topics: {row: topics, when: 'subject=maths'}")
    visit = form(text)

    assert [section.name for section in visit.applying({"subject": "maths"})] == ["Seen", "Topics"]
    assert [section.name for section in visit.applying({"subject": "writing"})] == ["Seen"]
    assert [section.name for section in visit.applying({})] == ["Seen"]


def test_a_section_can_limit_its_points() -> None:
    """At most three strengths is what the form says, and the text is held to."""
    assert form(SMALL.replace("row: topics}", "row: topics, items: 3}")).sections[1].items == 3


def test_a_relation_can_have_alternatives() -> None:
    """The people of a session come from its cycle, or else from its partnership."""
    session = builtin_forms().latest("coaching-session")
    assert session is not None

    assert alternatives(session.relations["coach"]) == (
        "cycle.partnership.coach", "partnership.coach",
    )  # fmt: skip
    assert first_keys(session.relations["coach"]) == ("cycle", "partnership")


SCALE = "scales:\n  seen: {choices: [not, fully], aside: [not]}\nsections:"


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        ("type: visit", "like: vist@1", "`like` names no form: `vist@1`",
         "did you mean `visit@1`?"),
        ("row: topics}", "row: topics, when: subject}",
         'section "Topics": `when` is no field with a value', "write it as when: stage=eyfs"),
        ("row: topics}", "row: topics, when: 'subjct=maths'}",
         'section "Topics" waits for unknown choice `subjct`', "did you mean `subject`?"),
        ("row: topics}", "row: topics, when: 'subject=math'}",
         'section "Topics" waits for unknown value `math`', "did you mean `maths`?"),
        ("row: topics}", "row: topics, items: 0}", "`items` is not a whole number from 1",
         "write `items: 1`"),
        ("sections:", SCALE.replace("aside: [not]", "aside: [nut]"),
         "scale `seen` leaves out unknown value `nut`", "did you mean `not`?"),
        ("sections:", "scales:\n  seen: {aside: [not]}\nsections:", "scale `seen` has no `choices`",
         "write `choices: [not, partly, fully]`"),
        ("{type: choice, choices: [fully, partly], required: true}", "{scale: sean}",
         "line `Rating` has unknown scale `sean`", "one of: "),
        ("{type: choice, choices: [fully, partly], required: true}", "{scale: seen, type: text}",
         "line `Rating`: a scale brings its type and choices", "write `scale` alone"),
        ("Rating:", "'Rating: now':", '"Rating: now" cannot be the name of a line',
         "begin with a capital letter or a digit, and use no colon, * or _"),
        ("row: visits\n", "row: visits\nlife: true\n", "`life: true` needs the field `note`",
         "write the fields note, drafted_by and locked, or be `like:` a form that has them"),
        ("row: visits\n", "row: visits\ngrades: all\n", "`grades` has unknown value `all`",
         "one of: ect-form, head"),
        ("row: visits\n", "row: visits\nneeds: [minuts]\n", "`needs` names no field: `minuts`",
         "did you mean `minutes`?"),
        ("observer: observer", "observer: observer | group.member",
         "relation `observer` starts at no person or reference: `group`", "one of: observer"),
        ("{date}", "{date|subjct}", "`place` holds unknown part `subjct`",
         "did you mean `subject`?"),
    ],
)  # fmt: skip
def test_what_a_form_says_of_itself_must_hold_together(
    old: str, new: str, message: str, hint: str
) -> None:
    """A condition, scale, limit or likeness that leads nowhere is refused with what was meant."""
    assert old in SMALL
    base = load_forms([("visit.yml", SMALL.encode())])
    text = SMALL.replace("form: visit", "form: my-visit").replace(old, new, 1)

    with pytest.raises(FormError) as caught:
        load_forms([("visit.yml", text.encode())], base=base)

    assert (caught.value.message, caught.value.hint) == (f"visit.yml: {message}", hint)


TYPES = {
    "accountability",
    "addendum",
    "appraisal-extract",
    "calendar",
    "capability-mentoring",
    "comms-check",
    "concern",
    "cpd-activity",
    "cpd-need",
    "cycle",
    "declassification",
    "disposal-log",
    "goal-check",
    "good-practice",
    "group",
    "hub",
    "impact-statement",
    "induction-review",
    "objective",
    "observation",
    "partnership",
    "person",
    "personal-overview",
    "policy",
    "priority",
    "probation",
    "programme-review",
    "role-assignment",
    "rotation",
    "schedule",
    "school",
    "school-overview",
    "sealed",
    "session",
    "signpost",
    "stop",
    "subject-access-log",
    "survey",
    "training",
    "trust",
    "waiver",
}  # fmt: skip


def test_every_type_of_record_has_a_form() -> None:
    """A record of each type can be read; but for an addendum, it need not say on which form."""
    forms = builtin_forms()

    assert set(forms.types()) == TYPES
    assert {kind for kind in TYPES if not forms.latest_of_type(kind)} == {"addendum"}


def test_whole_forms_stand_for_records_whose_existence_is_confidential() -> None:
    """Every section of such a form is sealed too, should it ever be written alone."""
    whole = [one for one in builtin_forms() if one.whole]

    assert {"concern", "stop", "signpost", "probation"} <= {one.type for one in whole}
    assert all(section.sealed for one in whole for section in one.sections)


def test_free_text_is_sealed_in_every_form_that_comes_along() -> None:
    """Only words that somebody has agreed to see published stand in the clear."""
    clear = {(one.name, s.name) for one in builtin_forms() for s in one.sections if not s.sealed}

    assert clear == {("good-practice", "Public words")}


def test_every_sealed_section_says_who_reads_it_and_what_belongs_there() -> None:
    """No form leaves a writer without a prompt, or a section without a row of the table."""
    sections = [section for one in builtin_forms() for section in one.sections]

    assert [section.name for section in sections if not (section.prompt and section.row)] == []


def outcome(data: bytes) -> tuple[str, str]:
    """Place and message of the refusal of a file; a form that was understood has none."""
    try:
        load_forms([("tried.yml", data)], base=builtin_forms())
    except FormError as error:
        place, _, message = error.message.partition(":")
        return place, message and error.hint
    return "tried.yml", "understood"


@settings(max_examples=150)
@given(form_files())
def test_a_form_is_understood_or_refused(data: bytes) -> None:
    """Whatever stands in a form file, it becomes a form, or a message with place and remedy."""
    place, remedy = outcome(data)

    assert place == "tried.yml"
    assert remedy


LOOSER = """form: own
version: 1
like: coaching-session@1
title: Own
purpose: What a school writes down.
place: "records/{school}/{year}/{date}-{id}.md"
sections:
  Notes: {sealed: true, row: session notes}
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("sealed: true, ", "",
         'section "Notes" is sealed in form coaching-session@1, and not here'),
        ("session notes", "people and roles",
         'section "Notes" belongs to the row mentor notes or session notes, not here'),
        ("sections:", "life: false\nsections:",
         "a note on form basic@1 begins as a draft, and one on this form would not"),
        ("sections:", "relations: {coach: drafted_by}\nsections:",
         "relation `coach` is found in another way than in other forms of type session"),
        ("like: coaching-session@1", "like: concern@1\ntype: worry\nwhole: false",
         "form concern@1 is sealed whole, and this one is not"),
        ("like: coaching-session@1", "like: concern@1\nwhole: false",
         "form concern@1 is sealed whole, and this one is not"),
        ("records/{school}/", ".git/hooks/{school}/", "`place` is no file under records/"),
        ("records/{school}/", "records/../{school}/", "`place` is no file under records/"),
        ("{id}.md", "{id}.yml", "`place` is no file under records/"),
    ],
)  # fmt: skip
def test_a_form_loosens_nothing_that_others_promise(old: str, new: str, message: str) -> None:
    """What one form seals, another of its type seals too, for the same row and people."""
    text = LOOSER.replace("    ", "")
    assert old in text
    changed = text.replace(old, new)

    found, _ = refusal(changed)

    assert found == f"visit.yml: {message}"


STATEMENT = """form: impact-statement
version: 2
like: impact-statement@1
title: Impact statement
purpose: How the coaching developed.
sections:
  Statement:
    row: impact statement
    sealed: true
    author: [monitor]
    words: impact.words.max
    lint: [identity, judgement]
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    lint: [identity, judgement]\n", "",
         'section "Statement" is not searched for identity and judgement, as "Statement" is'),
        ("identity, ", "", 'section "Statement" is not searched for identity, as "Statement" is'),
        ("    words: impact.words.max\n", "",
         'section "Statement" has not the most words that "Statement" has'),
        ("  Statement:\n",
         "  Account:\n    row: impact statement\n    author: [monitor]\n  Statement:\n",
         'section "Account" is not searched for identity and judgement, as "Statement" is'),
    ],
)  # fmt: skip
def test_what_governors_read_is_searched_and_capped_on_every_form(
    old: str, new: str, message: str
) -> None:
    """A school's own version of a form does not escape the search for names, nor the word cap."""
    assert old in STATEMENT
    text = STATEMENT.replace(old, new)

    found, _ = refusal(text)

    assert found == f"visit.yml: {message} in form impact-statement@1"


def test_a_version_of_a_statement_may_ask_more_than_the_one_before() -> None:
    """A school's own version may call the section something else, and search it for more."""
    text = STATEMENT.replace("Statement:", "Account:").replace("judgement]", "judgement, steps]")

    forms = load_forms([("visit.yml", text.encode())], base=builtin_forms())

    found = forms.latest("impact-statement")
    assert found is not None
    assert found.sections[0].lint == ("identity", "judgement", "steps")


def test_a_later_form_seals_what_an_earlier_one_sealed() -> None:
    """Two forms of a workspace's own agree on what is sealed, so that a header decides nothing."""
    later = SMALL.replace("version: 1", "version: 2").replace("    sealed: true\n", "")

    with pytest.raises(FormError) as caught:
        load_forms([("a.yml", SMALL.encode()), ("b.yml", later.encode())], base=builtin_forms())

    assert 'section "Seen" is ' in caught.value.message


@pytest.mark.parametrize(
    "says",
    [
        "suits: [drop-in]\n",
        "fields:\n  kind: {type: choice, choices: [formal, drop-in], default: drop-in}\n",
    ],
)
def test_a_form_for_drop_ins_is_searched_for_next_steps(says: str) -> None:
    """A school's own form need not ask for it: that it is for drop-ins is enough."""
    own = (
        "form: open-door\nversion: 1\nlike: observation@1\ntitle: Open door\n"
        f"purpose: What worked.\n{says}"
        "sections:\n  Good things: {row: drop-in, sealed: true, author: [observers]}\n"
    )

    forms = load_forms([("open-door.yml", own.encode())], base=builtin_forms())

    found = forms.latest("open-door")
    assert found is not None
    assert "steps" in found.sections[0].lints
    assert "steps" not in builtin_forms().all["observation", 1].sections[2].lints


def test_a_line_takes_its_words_from_a_list_of_the_trust() -> None:
    """The list is the trust's: another trust, or none, gives the same form other words."""
    forms = builtin_forms()
    own = forms.with_lists({"rubric": ("Questioning and talk", "Early reading")})

    (rubric,) = (
        line
        for section in own.all["cycle", 1].sections
        for line in section.lines
        if line.name == "Rubric"
    )

    assert rubric.type == "text"
    assert rubric.choices == ("Questioning and talk", "Early reading")
    assert forms.with_lists({"rubric": ()}) is forms


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{list: rubrik}", "`list` has unknown value `rubrik`"),
        ("{type: date, list: rubric}", "a line with a `list` is of type text"),
        ("{list: rubric, choices: [one]}", "type choice and `choices` belong together"),
    ],
)
def test_a_list_is_one_of_the_trusts_and_for_text_alone(line: str, message: str) -> None:
    """A misspelt list would never be held against anything."""
    said, _ = refusal(SMALL.replace("      Rating:", f"      Strand: {line}\n      Rating:"))

    assert message in said

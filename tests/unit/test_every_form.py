"""Every form that comes along: begun, filled in, and found to fit."""

from __future__ import annotations

import itertools
import os
import re
from typing import TYPE_CHECKING

import pytest

from coachbook.book import expected_path, load_book
from coachbook.book.relations import read_entry
from coachbook.fillin import begin
from coachbook.formchoice import Wanted, find_form, forms_to_begin
from coachbook.forms import (
    Form,
    LineForm,
    SectionForm,
    builtin_forms,
    parse_section,
)
from coachbook.forms import check_record as check_form
from coachbook.guides import without_guides
from coachbook.newrecord import HALF_WAY, NEXT_REVIEW, draft, new_source
from coachbook.policycheck import row_names
from coachbook.readership import all_names
from coachbook.record import Record, parse_record
from coachbook.rules import check_record
from coachbook.rules.soundness import Soundness
from tests.unit.conftest import TODAY
from tests.workspaces.otterbeck_small import COACH, COACHEE, ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.book import Book
    from coachbook.forms import FieldForm

POLICY = "records/otterbeck/policy-2026-09.md"
FORMS = sorted(form.name for form in forms_to_begin(builtin_forms()))

# What a group session and the addenda belong to, and what a need was raised by.
ALSO = {
    "groups/g-2b4d6f8h.md": f"""\
---
type: group
id: g-2b4d6f8h
school: otterbeck
kind: co-coaching
members: [{COACH}, {COACHEE}]
from: 2026-09-14
---
""",
    "2026-27/visits/2026-11-11-o-3x9p5w1d.md": f"""\
---
type: observation
id: o-3x9p5w1d
school: otterbeck
observed: {COACHEE}
observers: [{COACH}]
kind: formal
date: 2026-11-11
status: held
---

## What was seen
""",
    "2026-27/development/n-4k2m7x9a.md": """\
---
type: cpd-need
id: n-4k2m7x9a
school: otterbeck
raised_on: 2026-11-11
scope: individual
cycle: c-0a1b2c3d
status: raised
---
""",
    "objectives/ob-5t7u9w2x.md": f"""\
---
type: objective
id: ob-5t7u9w2x
school: otterbeck
person: {COACHEE}
year: 2026-27
agreed_on: 2026-11-11
---
""",
}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """The small workspace with a policy whose table has a row for every form."""
    root = tmp_path_factory.mktemp("forms")
    for file in ROOT.rglob("*.md"):
        put(root, file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))
    for path, text in ALSO.items():
        put(root, f"records/otterbeck/{path}", text)
    put(root, POLICY, with_every_form((ROOT / POLICY).read_text(encoding="utf-8")))
    return load_book(root, today=TODAY)


def put(root: Path, path: str, text: str) -> None:
    """A file of the workspace."""
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def with_every_form(policy: str) -> str:
    """The policy with every form in use, and a row in its table for each of their parts."""
    notes = ", ".join(form.name for form in builtin_forms() if form.life)
    policy = re.sub(r"\nforms\.used: .*", f"\nforms.used: [{notes}]", policy)
    head, line, rest = policy.partition("\n| People and roles |")
    columns = head.rsplit("\n| Part of a record |", 1)[1].split("\n")[0].count("|")
    names = [name.capitalize() for name in row_names(builtin_forms()).values()]
    added = [f"| {name} |" + " read |" * columns for name in names if f"\n| {name} |" not in policy]
    return head + "".join(f"\n{row}" for row in added) + line + rest


def sample(field: FieldForm, book: Book) -> str:
    """A value that a field may have."""
    if field.choices:
        return field.choices[0]
    if field.type == "person":
        return COACH if field.name in {"coach", "observers", "reader", "raised_by"} else COACHEE
    if field.type == "reference":
        return next(record.id for record in book.records.values() if record.type == field.to)
    values = {"date": "2026-11-12", "integer": "12", "number": "1", "boolean": "yes"}
    values |= {"time": "15:40", "interval": "2026-09-02 to 2026-10-23"}
    return values.get(field.type, "2026-27")


def answered(section: SectionForm) -> str:
    """A section's text with every line filled in and a step where the form has steps."""
    lines = "".join(f"{line.name}: {answer(line)}\n" for line in section.lines)
    step = "- [ ] Wait three seconds after a question (by 19 Nov)\n" if section.steps else ""
    return f"{lines}We looked at one thing at a time.\n{step}"


def answer(line: LineForm) -> str:
    """A value that a typed line may have."""
    plain = {"integer": "8", "date": "19 Nov", "boolean": "yes"}
    return line.choices[0] if line.choices else plain.get(line.type, "in three lessons")


def begin_on(book: Book, form: Form, *, every_field: bool) -> Record:
    """A new record on a form, with what has to be there or with everything that can be."""
    fields = [
        field
        for field in form.fields.values()
        if field.default in {"", HALF_WAY, NEXT_REVIEW}
        and (field.required or field.name in form.needs[:1] or every_field)
    ]
    given = {field.name: sample(field, book) for field in fields}
    wanted = Wanted(form, {}, fixed=True)
    _, values = begin(book, wanted, given, school="", ask=None, random=os.urandom)
    path = expected_path(book, draft(form, values))
    found = parse_record(path, new_source(book, form, values, {}).encode())
    assert isinstance(found, Record)
    return found


def structural(book: Book, record: Record) -> list[str]:
    """What is wrong with the shape and the place of a record."""
    return [
        f"{one.code} {one.message}"
        for one in check_record(book, record)
        if one.code.startswith("CB1")
    ]


@pytest.mark.parametrize(
    ("name", "every_field"), list(itertools.product(FORMS, [False, True])), ids=str
)
def test_what_new_writes_fits_the_form(book: Book, name: str, every_field: bool) -> None:  # noqa: FBT001 (two runs of one test)
    """A record is as its form wants it from the first moment, few fields or all of them."""
    record = begin_on(book, find_form(book.forms, name), every_field=every_field)

    assert structural(book, record) == []


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_is_filled_in_has_nothing_to_correct(book: Book, name: str) -> None:
    """Each typed line takes the answers that the form offers, and steps have their dates."""
    faults = [
        f"{section.name}: {fault.message}"
        for section in find_form(book.forms, name).sections
        for fault in parse_section(answered(section), section, today=TODAY)[1]
    ]

    assert faults == []


@pytest.mark.parametrize("name", FORMS)
def test_what_nobody_has_filled_in_is_never_sealed(book: Book, name: str) -> None:
    """Guide lines and empty lines are gone when a record that was only begun is sealed."""
    form = find_form(book.forms, name)
    record = begin_on(book, form, every_field=True)
    left = [
        without_guides(record.text(section), form, all_names(book)).strip()
        for section in record.sections
    ]

    assert [text for text in left if text] == []


@pytest.mark.parametrize("name", FORMS)
def test_the_quick_look_is_never_kinder_than_the_form(book: Book, name: str) -> None:
    """Whatever line of a record is lost, the short way to a clean header sees it too."""
    form = find_form(book.forms, name)
    lines = begin_on(book, form, every_field=True).source.splitlines(keepends=True)
    shorter = ["".join(lines[:at] + lines[at + 1 :]) for at in range(1, len(lines))]
    records = [parse_record("records/new.md", text.encode()) for text in shorter]

    missed = [
        [fault.message for fault in check_form(record, form)]
        for record in records
        if isinstance(record, Record)
        and Soundness(form).holds(record, read_entry(record, form).values)
        and check_form(record, form)
    ]

    assert missed == []


def test_the_quick_look_knows_of_sections_that_wait(book: Book) -> None:
    """A meeting about the early years has their section, one about other years has not."""
    form = find_form(book.forms, "mentor-meeting")
    early = begin_on(book, form, every_field=True)
    assert early.value("stage") == "eyfs"
    other = parse_record(early.path, early.source.replace("stage: eyfs", "stage: ks2").encode())
    assert isinstance(other, Record)

    sound = [Soundness(form).holds(one, read_entry(one, form).values) for one in (early, other)]

    assert sound == [True, False]

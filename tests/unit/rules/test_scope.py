"""Which rules are asked about a record, and that none is left out which would find something."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coachbook.book import access_of, load_book
from coachbook.rules import RECORD_RULES
from coachbook.rules.blocks import stated_blocks
from coachbook.rules.known import Known
from coachbook.rules.rule import Case
from coachbook.rules.scope import rules_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.book import Book
    from tests.unit.rules.conftest import School

EXAMPLE = Path(__file__).parents[3] / "records"

EVERYTHING = (
    "accountable_to: p-nobody00\nagreed_on: 2027-01-01\nchosen_by: nobody\ncharacteristic: none\n"
    "closed_on: 2020-01-01\ncoach: p-c5t0w6ze\ncoachee: p-c5t0w6ze\ncycle: c-0a1b2c3d\n"
    "drafted_by: p-c5t0w6ze\nend: 2020-01-01\nfeedback_on: 2020-01-01\nfollows: c-0a1b2c3d\n"
    "kind: drop-in\nminutes: 300\nmodel: none\nnote: draft\nobserved: p-c5t0w6ze\n"
    "observers: [p-c5t0w6ze]\nplanned_end: 2020-01-01\npriority: none\nrubric: none\n"
    "scheduled: no\nsetting: in-lesson\nstart_time: 03:00\nstatus: held\nstyle: none\n"
    "subject: alchemy\nto: 2020-01-01\nwords: [coach = head]\n"
)
"""Fields with which most rules find something wherever they are asked."""


@pytest.fixture(scope="module")
def example_book() -> Book:
    """The whole trust of the example."""
    return load_book(EXAMPLE.parent)


def cases(book: Book) -> Iterator[Case]:
    """Every record as rules look at it."""
    known = Known(book)
    for entry in book.entries.values():
        access = access_of(book, entry.record)
        blocks = stated_blocks(entry.record, entry.form, access)
        yield Case(book, entry.record, entry.form, entry.values, access, known, (), blocks)


def missed(book: Book) -> set[tuple[str, str]]:
    """(code, type) of each rule that was not asked about a record and finds something in it."""
    return {
        (rule.code, case.form.type)
        for case in cases(book)
        if not case.form.whole
        for rule in frozenset(RECORD_RULES).difference(rules_for(case))
        if any(rule.check(case))
    }


def write_every_field(root: Path) -> None:
    """Gives every record all fields with which something could be wrong, where it has none."""
    for place in (root / "records").rglob("*.md"):
        text = place.read_text(encoding="utf-8")
        header, mark, body = text.removeprefix("---\n").partition("\n---\n")
        keys = {line.partition(":")[0] for line in header.splitlines()}
        more = [one for one in EVERYTHING.splitlines() if one.partition(":")[0] not in keys]
        place.write_text(f"---\n{header}\n{chr(10).join(more)}{mark}{body}", encoding="utf-8")


def test_a_rule_that_is_not_asked_about_a_record_would_find_nothing(example_book: Book) -> None:
    """Of the records of the whole trust none has a fault that nobody looks for."""
    assert missed(example_book) == set()


def test_a_rule_is_asked_wherever_its_fields_are(workspace: Path) -> None:
    """Whatever stands in a header, each rule that would find something is asked."""
    write_every_field(workspace)

    assert missed(load_book(workspace)) == set()


def test_a_rule_is_asked_wherever_its_setting_is(school: School) -> None:
    """A setting that the policy gains puts its rule to every record that it is about."""
    write_every_field(school.root)
    school.settle(
        "session.window: scheduled-slot",
        "session.minutes.max: 1",
        "session.in_lesson: never",
        "agreement.required: yes",
        "cycle.required: yes",
        "eligible.coachee: [teacher-after-induction]",
        "training.required_before: [coach-training]",
        "observation.limit.count: 0",
    )

    assert missed(load_book(school.root)) == set()


def test_most_rules_are_not_asked_about_most_records(example_book: Book) -> None:
    """Of the hundred rules about one record, some thirty look at a session."""
    sessions = [case for case in cases(example_book) if case.form.type == "session"]

    assert max(len(rules_for(case)) for case in sessions) < len(RECORD_RULES) / 2

"""How records hang together."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from coachbook.book import (
    calendar_for,
    expected_path,
    follow,
    form_of,
    load_book,
    lost_relation,
    parties,
    path_taken,
    policy_for,
    policy_now,
    record_date,
    values_of,
)
from coachbook.record import Record, parse_record
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.book import Book

DRAFT = """\
---
type: session
id: s-3x9p5w1d
school: otterbeck
cycle: c-0a1b2c3d
date: 5 Nov 2026
status: held
kind: coaching
---
"""


@pytest.fixture(scope="module")
def book() -> Book:
    """The small workspace, loaded."""
    return load_book(small.ROOT)


def draft(text: str = DRAFT, path: str = "records/otterbeck/draft.md") -> Record:
    """A record that the book does not have."""
    record = parse_record(path, text.encode())
    assert isinstance(record, Record)
    return record


def test_a_path_of_fields_leads_from_record_to_record(book: Book) -> None:
    """The coach of a session stands in the partnership of its cycle."""
    session = book.records[small.SESSION]

    assert follow(book, session, "cycle") == ("c-0a1b2c3d",)
    assert follow(book, session, "cycle.partnership.coach") == (small.COACH,)
    assert follow(book, session, "cycle.partnership.kind") == ("coaching",)


@pytest.mark.parametrize("path", ["nothing", "cycle.nothing", "date.partnership", "minutes"])
def test_a_path_that_leads_nowhere_ends_in_nothing(book: Book, path: str) -> None:
    """A field that is absent, or is no id, ends the path."""
    assert follow(book, book.records[small.SESSION], path) == ()


def test_an_unknown_id_ends_in_nothing(book: Book) -> None:
    """A reference to a record that is not there has no people behind it."""
    session = draft(DRAFT.replace("c-0a1b2c3d", "c-unknown1"))

    assert follow(book, session, "cycle.partnership.coach") == ()
    assert parties(book, session) == {}


def test_the_people_of_a_record_are_found_by_its_form(book: Book) -> None:
    """A session's coach and coachee come from its cycle's partnership."""
    expected = {"coach": (small.COACH,), "coachee": (small.COACHEE,)}

    assert parties(book, book.records[small.SESSION]) == expected
    assert parties(book, draft()) == expected


def test_a_draft_is_read_where_it_stands(book: Book) -> None:
    """A record that the book does not have at its path is read by itself."""
    changed = draft(DRAFT.replace("5 Nov 2026", "6 Nov 2026"), small.SESSION)

    assert record_date(book, changed) == date(2026, 11, 6)
    assert record_date(book, book.records[small.SESSION]) == date(2026, 11, 12)


def test_values_have_the_types_of_the_form(book: Book) -> None:
    """A date as people write it is a date, and what does not fit is absent."""
    values = values_of(book, draft(DRAFT.replace("held", "perhaps")))

    assert values["date"] == date(2026, 11, 5)
    assert "status" not in values


def test_a_record_without_a_form_has_no_date_people_or_place(book: Book) -> None:
    """What cannot be told from a faulty record is empty, never an error."""
    record = draft(DRAFT.replace("type: session", "type: sesion"))

    assert form_of(book, record) is None
    assert record_date(book, record) is None
    assert parties(book, record) == {}
    assert expected_path(book, record) == ""
    assert calendar_for(book, record) is None


def test_a_record_is_judged_by_the_policy_of_its_date(book: Book) -> None:
    """Before the first version there is no policy; a record without a date has today's."""
    old = draft(DRAFT.replace("5 Nov 2026", "5 Nov 2025"))
    school = book.records["records/otterbeck/roles/r-2k7m4q9x.md"]

    assert policy_for(book, draft()) is policy_now(book, "otterbeck")
    assert policy_for(book, old) is None
    assert policy_for(book, school) is None
    assert policy_now(book, "nowhere") is None


def test_a_record_has_the_calendar_of_its_school_year(book: Book) -> None:
    """A date in November belongs to the school year that began in September."""
    calendar = calendar_for(book, draft())

    assert calendar is book.calendars["otterbeck", "2026-27"]
    assert calendar_for(book, draft(DRAFT.replace("2026", "2027"))) is None


def test_every_record_of_the_workspace_lies_where_it_belongs(book: Book) -> None:
    """The place of a record can be told from its header alone."""
    assert [(record.path, expected_path(book, record)) for record in book.records.values()] == [
        (path, path) for path in book.records
    ]


def test_a_summer_session_belongs_to_the_year_before(book: Book) -> None:
    """The folder of the year changes in September."""
    session = draft(DRAFT.replace("5 Nov 2026", "31 Aug 2027"))

    assert expected_path(book, session) == (
        "records/otterbeck/2026-27/c-0a1b2c3d/2027-08-31-s-3x9p5w1d.md"
    )


def test_a_record_that_lacks_a_part_of_its_path_has_no_place(book: Book) -> None:
    """Without its cycle nobody can say where a session belongs."""
    assert expected_path(book, draft(DRAFT.replace("cycle: c-0a1b2c3d\n", ""))) == ""


PAIR = DRAFT.replace("cycle: c-0a1b2c3d", "partnership: pt-6r1e9k3w")
ADDENDUM = """\
---
type: addendum
id: ad-5h7j9k2m
school: otterbeck
form: session-addendum@1
to: s-7kq2m4xa
by: p-n9b4j2ys
on: 2026-11-19
---
"""


def test_a_session_without_a_cycle_has_the_people_of_its_partnership(book: Book) -> None:
    """It lies in the folder of the partnership, and is as confidential as any other."""
    session = draft(PAIR)

    assert parties(book, session) == {"coach": (small.COACH,), "coachee": (small.COACHEE,)}
    assert path_taken(book, session, "cycle.coach | partnership.coach") == "partnership.coach"
    assert expected_path(book, session) == (
        "records/otterbeck/2026-27/pt-6r1e9k3w/2026-11-05-s-3x9p5w1d.md"
    )


@pytest.mark.parametrize("cycle", ["c-unknown1", "[]", "c 0a1b"])
def test_a_cycle_that_leads_nowhere_is_not_made_good_by_a_partnership(
    book: Book, cycle: str
) -> None:
    """Nobody is told to be a reader by a field that the record does not go by."""
    session = draft(PAIR.replace("partnership:", f"cycle: {cycle}\npartnership:"))

    assert parties(book, session) == {}
    assert path_taken(book, session, "cycle.coach | partnership.coach") == "cycle.coach"


def test_an_empty_line_is_no_cycle(book: Book) -> None:
    """A field that was left open does not decide where the record belongs."""
    session = draft(PAIR.replace("partnership:", "cycle:\npartnership:"))

    assert parties(book, session)["coach"] == (small.COACH,)


def test_an_addendum_has_the_people_of_its_note(book: Book) -> None:
    """A path may end in a relation of the record that it leads to."""
    addendum = draft(ADDENDUM)
    form = form_of(book, addendum)
    assert form is not None

    assert parties(book, addendum) == {"coach": (small.COACH,), "coachee": (small.COACHEE,)}
    assert lost_relation(book, addendum, form) is None


def test_an_addendum_to_nothing_has_nobody(book: Book) -> None:
    """Whom it is for cannot be told, and the field that should tell is named."""
    addendum = draft(ADDENDUM.replace("s-7kq2m4xa", "s-unknown1"))
    form = form_of(book, addendum)
    assert form is not None

    assert parties(book, addendum) == {}
    assert lost_relation(book, addendum, form) == ("coach", "to")


def test_an_addendum_to_itself_has_nobody(root: Path) -> None:
    """A circle of records ends in nothing, and is no endless way."""
    path = "records/otterbeck/2026-27/addenda/2026-11-19-ad-5h7j9k2m.md"
    (root / path).parent.mkdir()
    (root / path).write_text(ADDENDUM.replace("s-7kq2m4xa", "ad-5h7j9k2m"), encoding="utf-8")
    book = load_book(root)
    form = form_of(book, book.records[path])
    assert form is not None

    assert parties(book, book.records[path]) == {}
    assert lost_relation(book, book.records[path], form) == ("coach", "to")

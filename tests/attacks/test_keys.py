"""Who can read what is decided by keys: each of them is tried on everything that is sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyrage
import pytest

from coachbook.age import dearmor
from coachbook.book import access_of, form_of, record_readers
from coachbook.errors import NotAReaderError
from coachbook.payload import WHOLE
from coachbook.record import Record, parse_record
from coachbook.sealing import open_block
from tests.attacks.blocks import Part, sealed_parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from coachbook.age import X25519Identity
    from coachbook.book import Book

    Keys = dict[str, dict[str, X25519Identity]]
    Attempt = Callable[[Part, dict[str, X25519Identity]], bool]

COACHING_ROWS = {"session notes", "coach private notes"}
HEADS_ROWS = {"impact statement"}
HEADS_TYPES = {"capability-mentoring", "probation"}

ROWS_OF_NOTES = {
    "general topics",
    "session notes",
    "mentor notes",
    "coach private notes",
    "observation form",
    "graded sheet",
    "drop-in",
}
NOTES_FOR_HEADS = {
    "bramblewick": {"session notes", "observation form", "graded sheet"},
    "fennimoor": {"observation form", "drop-in"},
    "otterbeck": set(),
    "saltmere": {"general topics", "session notes", "observation form", "drop-in"},
}
"""What the table of each school's policy gives its head of the notes of others."""


@pytest.fixture(scope="module")
def parts(book: Book) -> list[Part]:
    """Everything that is sealed in the example."""
    return list(sealed_parts(book))


@pytest.fixture(scope="module")
def head(book: Book, keys: Keys) -> dict[str, X25519Identity]:
    """Every key of Otterbeck's head: their own and those of their roles."""
    person = next(p for p, own in keys.items() if "head@otterbeck" in own)
    return keys[person]


@pytest.fixture(scope="module")
def types(parts: list[Part], keys: Keys) -> dict[str, str]:
    """What the records that are sealed whole are, which only a reader can tell."""
    everybody = {name: key for own in keys.values() for name, key in own.items()}
    whole = [part for part in parts if part.section == WHOLE]
    return {part.record.id: inner_record(part, everybody).type for part in whole}


def opens(part: Part, identities: dict[str, X25519Identity]) -> bool:
    """Whether our own code opens a part with these keys."""
    try:
        return bool(open_block(part.block.armor, identities, part.place, revision=None).text)
    except NotAReaderError:
        return False


def opens_by_force(part: Part, identities: dict[str, X25519Identity]) -> bool:
    """Whether another program opens it, which tries each key on each slot and reads no list."""
    theirs = [
        pyrage.x25519.Identity.from_str(identity.reveal_private_key())
        for identity in identities.values()
    ]
    try:
        return bool(pyrage.decrypt(dearmor(part.block.armor), theirs))
    except pyrage.DecryptError:
        return False


def inner_record(part: Part, identities: dict[str, X25519Identity]) -> Record:
    """The record inside one that is sealed whole."""
    text = open_block(part.block.armor, identities, part.place, revision=None).text
    found = parse_record(part.record.path, text.encode())
    assert isinstance(found, Record)
    return found


def test_the_example_is_worth_trying(parts: list[Part], types: dict[str, str]) -> None:
    """There are notes, private notes, impact statements and records sealed whole to be tried."""
    rows = [part.row for part in parts]

    assert min(rows.count(row) for row in COACHING_ROWS | HEADS_ROWS) >= 3
    assert set(types.values()) >= HEADS_TYPES


@pytest.mark.parametrize("attempt", [opens, opens_by_force], ids=["coachbook", "pyrage"])
def test_the_head_opens_no_coaching_note(
    parts: list[Part],
    head: dict[str, X25519Identity],
    attempt: Attempt,
) -> None:
    """No key of Otterbeck's head, their own or a role's, opens any part of a coaching session."""
    coaching = [part for part in parts if part.row in COACHING_ROWS]

    assert len(coaching) > 150
    assert "head@otterbeck" in head
    assert [part for part in coaching if attempt(part, head)] == []


@pytest.mark.parametrize("attempt", [opens, opens_by_force], ids=["coachbook", "pyrage"])
def test_the_head_opens_what_the_policy_gives_them(
    parts: list[Part],
    types: dict[str, str],
    head: dict[str, X25519Identity],
    attempt: Attempt,
) -> None:
    """Impact statements, probation reviews and capability mentoring open for Otterbeck's head."""
    theirs = [
        part
        for part in parts
        if part.record.school == "otterbeck"
        and (part.row in HEADS_ROWS or types.get(part.record.id) in HEADS_TYPES)
    ]

    assert len(theirs) >= 5
    assert [part for part in theirs if not attempt(part, head)] == []


@pytest.mark.parametrize("school", sorted(NOTES_FOR_HEADS))
def test_what_a_head_opens_is_the_policys_choice(
    book: Book, parts: list[Part], keys: Keys, school: str
) -> None:
    """The head of each school opens the notes that its own policy gives them, and no others."""
    head = next(own for own in keys.values() if f"head@{school}" in own)
    notes = [
        part
        for part in parts
        if part.record.school == school
        and part.row in ROWS_OF_NOTES
        and not access_of(book, part.record).life.is_draft
    ]

    theirs = {part.row for part in notes} & NOTES_FOR_HEADS[school]
    assert len(notes) > 30
    assert {part.row for part in notes if opens(part, head)} == theirs
    assert {part.row for part in notes if not opens(part, head)} & theirs == set()


def test_each_key_opens_exactly_what_the_policy_says(
    book: Book, parts: list[Part], keys: Keys
) -> None:
    """The keys of those whom the table names open a part, and all others together do not."""
    everybody = {name: key for own in keys.values() for name, key in own.items()}

    wrong = []
    for part in parts:
        readers = part.readers
        if readers is None:
            inner = inner_record(part, everybody)
            form = form_of(book, inner)
            assert form is not None
            readers = record_readers(book, inner, form)
        of_reader = {
            reader: {name: key for name, key in everybody.items() if name.split()[0] == reader}
            for reader in readers
        }
        strangers = {
            name: key for name, key in everybody.items() if name.split()[0] not in of_reader
        }
        wrong += [(part, one) for one, own in of_reader.items() if own and not opens(part, own)]
        wrong += [(part, "a stranger")] if opens(part, strangers) else []

    assert wrong == []


def test_a_private_note_opens_for_one_person(parts: list[Part], keys: Keys) -> None:
    """A coach's private notes open for one person in the whole trust, with any program."""
    notes = [part for part in parts if part.row == "coach private notes"]

    readers = {
        part.record.path: [p for p, own in keys.items() if opens_by_force(part, own)]
        for part in notes
    }

    assert len(readers) >= 3
    assert {len(people) for people in readers.values()} == {1}

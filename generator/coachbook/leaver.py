"""What to do before somebody leaves: one checklist, told without a key.

    for point in checklist(book, "p-7kq2m4xa"):
        print(point)

Most of it can be done only while the person still has their key: a draft that nobody else can
open, their take-away file, a role of which they are the last holder. The list says too what they
can still open afterwards, because nothing takes that back.
"""

from __future__ import annotations

from collections import Counter
from enum import Enum
from typing import TYPE_CHECKING

from coachbook.book import access_of, role_holders, short
from coachbook.life import AUTHOR
from coachbook.openers import no_recovery, openers_of, stranded_in
from coachbook.readers import stated_readers
from coachbook.sentences import join
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coachbook.book import Book, Entry
    from coachbook.people import Person

VERSION = 1

_OVER = frozenset({"ended", "closed"})


class State(Enum):
    """Whether a point is done, still to do, only for the person to say, or good to know."""

    DONE = "done"
    OPEN = "to do"
    ASK = "to ask"
    KNOW = "to know"


_MARKS = {State.DONE: "[x]", State.OPEN: "[ ]", State.ASK: "[?]", State.KNOW: " - "}


@frozen
class Point:
    """One point of the list: what it is, where, and what is done about it."""

    state: State
    words: str
    remedy: str = ""
    path: str = ""


def checklist(book: Book, person: str) -> tuple[Point, ...]:
    """Every point about a person who leaves, in the order in which to go through them."""
    one = book.people[person]
    return (
        _last_day(book, one),
        _take_away(book, one),
        *_drafts(book, one),
        *_work(book, one),
        *_alone(book, one),
        *_roles(book, one),
        *_reach(book, one),
    )


def format_checklist(book: Book, person: str, points: Sequence[Point]) -> str:
    """The list for people."""
    lines = [f"Before {book.people[person].name} leaves, and before their key goes", ""]
    for point in points:
        place = f"{point.path}: " if point.path else ""
        lines.append(f"{_MARKS[point.state]} {place}{point.words}")
        if point.remedy:
            lines.append(f"      {point.remedy}")
    lines += ["", _LEGEND]
    return "\n".join(lines) + "\n"


_LEGEND = "[x] done   [ ] to do   [?] ask them   - good to know"


def checklist_json(person: str, points: Sequence[Point]) -> dict[str, object]:
    """The same for programs; a documented contract like the findings."""
    return {
        "version": VERSION,
        "person": person,
        "points": [
            {
                "state": one.state.value,
                "words": one.words,
                "remedy": one.remedy,
                "path": one.path,
            }
            for one in points
        ],
    }


def _last_day(book: Book, person: Person) -> Point:
    if person.end is None:
        return Point(
            State.OPEN, "their last day is not written down", "add it as `end:`", person.path
        )
    begins = "was" if person.end < book.today else "is"
    return Point(State.DONE, f"their last day {begins} {person.end}", path=person.path)


def _take_away(book: Book, person: Person) -> Point:
    if book.keyring.current(person.id) is None:
        return Point(State.DONE, "they have no key, so nothing of theirs is sealed to one")
    return Point(
        State.ASK,
        "they have their take-away file",
        'in the portal, with their passphrase: the page "Take-away file"',
    )


def _drafts(book: Book, person: Person) -> Iterator[Point]:
    """Notes that nobody else can open."""
    for entry in book.entries.values():
        life = access_of(book, entry.record).life if AUTHOR in entry.record.fields else None
        if life and life.is_draft and life.author == person.id:
            yield Point(
                State.OPEN,
                "a draft of theirs, which nobody else can open",
                f"they share it, or delete it: coachbook share {entry.record.id}",
                entry.record.path,
            )


def _work(book: Book, person: Person) -> Iterator[Point]:
    """Pairs, cycles and groups that go on without them."""
    for entry in book.entries.values():
        if entry.form.type not in _ENDINGS or not _takes_part(book, entry, person.id):
            continue
        words, remedy = _ENDINGS[entry.form.type]
        yield Point(State.OPEN, words, remedy.format(entry.record.id), entry.record.path)


_ENDINGS = {
    "partnership": (
        "a pair that has not ended",
        "coachbook edit {}: status ended, the day, and end_reason",
    ),
    "cycle": (
        "a cycle that has not ended",
        "coachbook edit {}: status ended, the day, and the reason in its outcome",
    ),
    "group": ("a group that goes on", "coachbook edit {}: without them, or with its last day"),
}


def _takes_part(book: Book, entry: Entry, person: str) -> bool:
    """True if the person takes part in work that has not ended."""
    people = {one for found in entry.parties.values() for one in found}
    is_over = entry.values.get("status") in _OVER or entry.values.get("to") is not None
    return person in people and not is_over and book.records[entry.record.path] is entry.record


def _alone(book: Book, person: Person) -> Iterator[Point]:
    """What nobody who is here opens any more once this person's key is gone."""
    for record in book.records.values():
        found = stranded_in(book, record, person.id)
        if access_of(book, record).life.is_draft:  # told above, with what to do about it
            continue
        if found.lost:
            ending = no_recovery(book, record.school)
            yield Point(
                State.OPEN,
                f"nobody opens {_parts(found.lost)} of it after them{ending}",
                "what has to stay, they write into a record that others read",
                record.path,
            )
        if found.on_paper:
            yield Point(
                State.KNOW,
                f"{_parts(found.on_paper)} of it only the sealed envelope opens after them",
                path=record.path,
            )


def _parts(count: int) -> str:
    return "1 part" if count == 1 else f"{count} parts"


def _roles(book: Book, person: Person) -> Iterator[Point]:
    """Roles that they hold, and keys of roles that they open without holding them."""
    for role, armor in sorted(book.keyring.sealed_roles.items()):
        holders = role_holders(book, role)
        others = [one for one in holders if one != person.id and book.keyring.current(one)]
        is_opener = person.id in dict(stated_readers(armor))
        path = book.keyring.keys[role][0].path
        if person.id in holders and not others:
            yield Point(
                State.OPEN,
                f"they are the last who open what is sealed to {role}",
                f"first: coachbook keys grant {role} SUCCESSOR",
                path,
            )
        elif person.id in holders:
            yield Point(
                State.OPEN,
                f"they hold {role}, as {join(short(book, one) for one in others)} "
                f"{'does' if len(others) == 1 else 'do'}",
                f"coachbook keys revoke {role} {person.id}",
                path,
            )
        elif is_opener:
            yield Point(
                State.OPEN, f"they open {role} still", f"coachbook keys rotate {role}", path
            )


def _reach(book: Book, person: Person) -> Iterator[Point]:
    """What they can open for as long as they have their key and a copy of the records."""
    counts: Counter[str] = Counter()
    for record in book.records.values():
        parts = sum(person.id in openers_of(book, block.armor) for block in record.blocks())
        counts["parts"] += parts
        counts["records"] += bool(parts)
    found = _parts(counts["parts"])
    yield Point(
        State.KNOW,
        f"with their key they open {found} in {counts['records']} "
        f"{'record' if counts['records'] == 1 else 'records'}; nothing takes back what they could "
        "read, and a copy of the records that they keep stays readable for them",
    )

"""The take-away page of one person: all that is about them, ready for one file.

Here stand the clear facts of every record that names the person. The browser
opens the sections that were sealed to them, on the pages where they are shown,
and makes the file in memory.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

from coachbook.audience import Audience, Labelled
from coachbook.book import display
from coachbook.calendar import format_date
from coachbook.overviews import Blocks, Page
from coachbook.overviews.aboutme import records_about
from coachbook.sentences import join
from coachbook.views import public

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coachbook.views import RecordView, SealedView, View

    Section = tuple[str, str]
    """The record of a sealed section, and its name."""

    Held = tuple[Audience, str, tuple[Section, ...]]
    Homes = Mapping[Section, str]
    Clear = tuple[Mapping[str, Labelled[object]], Sequence[Labelled[object]]]

PATH = "take-away"
_LEFT_OUT = frozenset({"type", "id", "school", "form", "policy", "locked"})
_PERSON = "person"


def takeaway_pages(view: View, homes: Mapping[str, Homes]) -> Iterator[Page]:
    """The page of each of these people of whom something is recorded."""
    for person, own in homes.items():
        if records_about(view, person):
            yield takeaway_page(view, person, own)


def takeaway_page(view: View, person: str, homes: Homes) -> Page:
    """Builds the page, for that person alone.

    Args:
        homes: where the portal shows a section to the person, by record and name of section.
    """
    own = Audience(frozenset({person}))
    blocks = Blocks()
    found = sorted(records_about(view, person), key=lambda one: (str(one.day or ""), one.id))
    name = Labelled(display(view.book, person), own, f"name of {person}")
    return Page(
        kind="take-away",
        path=PATH,
        title=public("Take-away file"),
        group=public(""),
        audience=own,
        template="take-away.html",
        model={"name": name, "rows": _rows(found, person, own)},
        blocks=blocks.held,
        data={
            "person": name,
            "day": public(view.book.today.isoformat()),
            "records": [_record(view, one, person, homes, blocks) for one in found],
        },
    )


def homes_of(pages: Iterable[Held]) -> dict[str, dict[Section, str]]:
    """Where each reader is shown each sealed section: the first of their pages that holds it.

    Args:
        pages: the audience of each page, its path, and the sections on it.
    """
    found: dict[str, dict[Section, str]] = {}
    for audience, path, sections in pages:
        for reader in audience.principals or ():
            homes = found.setdefault(reader, {})
            for section in sections:
                homes.setdefault(section, path)
    return found


def _rows(records: list[RecordView], person: str, own: Audience) -> list[list[Labelled[object]]]:
    """How many records of each kind there are, and how many of their sections are in the file."""
    kinds: dict[str, list[RecordView]] = {}
    for record in records:
        kinds.setdefault(record.form.title, []).append(record)
    return [
        [
            Labelled(value, own, f"what is about {person}")
            for value in (
                title,
                len(found),
                sum(len(_mine(one, person)) for one in found),
                sum(len(one.sealed_sections()) - len(_mine(one, person)) for one in found),
            )
        ]
        for title, found in sorted(kinds.items())
    ]


def _mine(record: RecordView, person: str) -> list[SealedView]:
    """The sections sealed to the person by name; what a post opens stays with the post."""
    return [section for section in record.sealed_sections() if person in section.reader_ids]


def _record(
    view: View, record: RecordView, person: str, homes: Homes, blocks: Blocks
) -> dict[str, object]:
    header, facts = _clear(view, record)
    own = Audience(frozenset({person}))
    return {
        **header,
        "facts": [fact for fact in facts if fact.audience.admits(own)],
        "sections": [
            _section(section, person, homes, blocks) for section in record.sealed_sections()
        ],
    }


def _clear(view: View, record: RecordView) -> Clear:
    """What is clear of a record: made once, as it stands in the files of several people."""
    return view.once(
        ("take-away", record.record.path), lambda: (_header(view, record), _facts(record))
    )


def _header(view: View, record: RecordView) -> dict[str, Labelled[object]]:
    people = [
        {"relation": relation, "names": join([display(view.book, one) for one in ids])}
        for relation, ids in record.people.items()
        if ids
    ]
    return {
        "id": record.label(record.id, "id"),
        "type": record.label(record.record.type, "type"),
        "title": public(record.form.title),
        "school": public(view.school_name(record.school) if record.school else ""),
        "date": record.label(record.day.isoformat() if record.day else "", "date"),
        "path": record.label(record.record.path, "path"),
        "people": record.label(people, "people"),
    }


def _facts(record: RecordView) -> tuple[Labelled[object], ...]:
    """The clear fields that hold something, each for those who may read it.

    People are called by their names; who is in the record stands apart already.
    """
    told = {*record.form.relations, *record.form.relations.values(), *_LEFT_OUT}
    keys = (key for key in record.form.fields if key not in told and record.raw(key) is not None)
    return tuple(_named(record, key).map(partial(_fact, key)) for key in keys)


def _fact(key: str, value: object) -> dict[str, object]:
    """A field for people and for programs."""
    return {"name": key, "value": _plain(value), "text": _words(value)}


def _named(record: RecordView, key: str) -> Labelled[object]:
    field = record.field(key)
    if record.form.fields[key].type != _PERSON:
        return field
    return field.map(lambda value: [display(record.book, str(one)) for one in _listed(value)])


def _section(section: SealedView, person: str, homes: Homes, blocks: Blocks) -> dict[str, object]:
    """Where the browser finds a section: on one of the person's pages, or with this one."""
    is_mine = person in section.reader_ids
    home = homes.get((section.place.record, section.name), "")
    block = blocks.add(section) if is_mine and not home else ""
    return {
        "name": public(section.name),
        "line": section.line,
        "mine": public(is_mine),
        "page": public(home if is_mine else ""),
        "block": public(block),
    }


def _listed(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def _plain(value: object) -> object:
    """The value as JSON has it."""
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    return value if isinstance(value, (bool, int, str)) else str(value)


def _words(value: object) -> str:
    """The value as people write it."""
    if isinstance(value, (tuple, list)):
        return join([_words(one) for one in value])
    if isinstance(value, bool):
        return "yes" if value else "no"
    return format_date(value) if isinstance(value, dt.date) else str(value)

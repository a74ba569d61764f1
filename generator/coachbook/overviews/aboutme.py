"""Everything that is about one person, and who can read each part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import Audience, Labelled
from coachbook.readership import reader_line

if TYPE_CHECKING:
    from coachbook.views import RecordView, SealedView, View

_HEADERS = ("session", "observation")
_HEADER_WORDS = "That it took place, when, how long and with whom"
_CAN = " can read this"
"""Stands in every line of readers; here the head of the column says it."""


def records_about(view: View, person: str) -> list[RecordView]:
    """Every record that names the person as one of its people and whose header they may read."""
    own = Audience(frozenset({person}))
    return [one for one in view.about.get(person, ()) if one.audience.admits(own)]


def readers_model(view: View, person: str) -> list[list[Labelled[object]]]:
    """What there is about a person: kind of record, parts, who can read them, how many there are.

    A part that they can't open themselves is among them: that it exists is no secret from them.
    """
    own = Audience(frozenset({person}))
    found: dict[tuple[str, str], dict[str, int]] = {}
    for record in records_about(view, person):
        for part, readers in _parts(view, record):
            line = readers.replace(_CAN, "")
            parts = found.setdefault((record.form.title, line), {})
            parts[part] = parts.get(part, 0) + 1
    return [
        [
            Labelled(value, own, f"readers of what is about {person}")
            for value in (title, "; ".join(parts), line, sum(parts.values()))
        ]
        for (title, line), parts in sorted(found.items())
    ]


def _parts(view: View, record: RecordView) -> list[tuple[str, str]]:
    found = [(section.name, section.line.value) for section in record.sealed_sections()]
    if record.record.type in _HEADERS:
        principals = sorted(record.audience.principals or ())
        found.insert(0, (_HEADER_WORDS, _line(view, record.school, tuple(principals))))
    return found


def _line(view: View, school: str, principals: tuple[str, ...]) -> str:
    """Who can read a header, in words; worked out once for all records of the same people."""
    return view.once(
        ("line of readers", school, principals),
        lambda: reader_line(view.book, school, principals),
    )


def sections_for(record: RecordView, person: str, name: str) -> list[SealedView]:
    """The section of that name, if it was sealed to the person."""
    section = record.sealed(name)
    return [section] if section is not None and person in section.reader_ids else []

"""The Write page of one person: what they can write about, on which form, and who will read it.

Unlike the other pages it is not rendered here: the browser builds the form
from this model, seals the text to the readers named in it and forgets both.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coachbook.audience import Audience, flow
from coachbook.book import short
from coachbook.life import DRAFT, Life
from coachbook.lints import around_of, schools_around
from coachbook.overviews import Blocks
from coachbook.overviews.write_forms import form_model
from coachbook.overviews.write_places import (
    STAND_IN,
    may_know_people,
    places_of,
    role_bearers,
    writable,
)
from coachbook.readership import draft_line, reader_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coachbook.book import Access, Book
    from coachbook.overviews.write_places import Place
    from coachbook.views import View


def write_models(view: View, people: Iterable[str]) -> dict[str, dict[str, object]]:
    """What the browser needs, for each of `people` who has something to write about.

    Raises FlowError where a cycle would be shown to somebody who may not see its header.
    """
    models = {person: _model(view, person) for person in people}
    return {person: model for person, model in models.items() if model is not None}


def _model(view: View, person: str) -> dict[str, object] | None:
    places = places_of(view, person)
    if not places:
        return None
    book, blocks = view.book, Blocks()
    arounds: list[Mapping[str, object]] = []
    shown = [_place(book, place, person, blocks, arounds) for place in places]
    forms = {
        f"{place.school}/{form.key}": form_model(book, form, place.school)
        for place in places
        for form in place.forms
    }
    readers = {one for place in places for one in _everyone(place, person)}
    return {
        "v": 1,
        "kind": "write",
        "title": "Write",
        "workspace": book.trust.workspace,
        "today": book.today.isoformat(),
        "newFileUrl": book.trust.new_file_url,
        "author": person,
        "places": shown,
        "arounds": arounds,
        "readers": {one: _reader(book, one) for one in sorted(readers)},
        "blocks": {name: section.as_json() for name, section in blocks.held.items()},
        "forms": forms,
    }


def _place(
    book: Book, place: Place, person: str, blocks: Blocks, arounds: list[Mapping[str, object]]
) -> dict[str, object]:
    audience = Audience(frozenset({person}))
    access = place.access
    bearers = role_bearers(book, place.school) if place.visited else frozenset()
    around = _around(book, place, person)
    if around not in arounds:
        arounds.append(around)
    return {
        "kind": place.kind,
        "label": flow(place.label, audience),
        "school": place.school,
        "policy": access.then.version if access.then else "",
        "path": _path(place),
        "links": place.links,
        "parties": [[relation, one] for relation, ids in access.parties.items() for one in ids],
        "forms": {
            form.key: [section.name for section in writable(place, form, person)]
            for form in place.forms
        },
        "rows": _rows(book, place, access),
        "draft": _draft(book, place, person),
        "people": [
            {
                "id": one.id,
                "label": one.name,
                "short": one.short,
                "rows": _rows(book, place, place.access_for(one.id)) if one.id in bearers else None,
            }
            for one in sorted(place.visited, key=lambda one: one.name)
        ],
        "lastSteps": [blocks.add(section) for section in place.steps],
        "around": arounds.index(around),
    }


def _path(place: Place) -> str:
    """The record's place; the browser fills in {year}, {day} and {id}."""
    form = place.forms[0]
    path = form.place.replace("{school}", place.school)
    for key, value in place.links.items():
        path = path.replace("{cycle|group|partnership}", str(value)).replace(
            f"{{{key}}}", str(value)
        )
    return path.replace("{date}", "{day}").replace(f"{{{form.on}}}", "{day}")


def _rows(book: Book, place: Place, access: Access) -> dict[str, object]:
    """Who will read each row that one of the place's forms has a part in."""
    rows = {section.row for form in place.forms for section in form.sections if section.sealed}
    return {
        row: {
            "info": access.info(row),
            "readers": access.sealed_to(row),
            "line": reader_line(book, place.school, access.sealed_to(row)),
        }
        for row in sorted(rows)
        if access.sealed_to(row)
    }


def _draft(book: Book, place: Place, person: str) -> dict[str, object] | None:
    """The same while the note is a draft, which is alike for every row."""
    rows = [section.row for form in place.forms for section in form.sections if section.sealed]
    access = replace(place.access, life=Life(DRAFT, person))
    row = next((row for row in rows if access.sealed_to(row)), None)
    if row is None or not place.forms[0].life:
        return None
    readers = access.sealed_to(row)
    return {
        "info": access.info(row),
        "readers": readers,
        "line": draft_line(book, person, readers),
    }


def _everyone(place: Place, person: str) -> set[str]:
    """Everyone whom a part written here may be sealed to."""
    rows = {section.row for form in place.forms for section in form.sections if section.sealed}
    found = {one for row in rows for one in place.access.sealed_to(row)}
    return (found | {one.id for one in place.visited} | {person}) - {STAND_IN}


def _reader(book: Book, reader: str) -> dict[str, str]:
    key = book.keyring.current(reader)
    return {
        "id": reader,
        "label": short(book, reader),
        "fingerprint": key.fingerprint if key else "",
        "recipient": key.recipient.format() if key else "",
    }


def _around(book: Book, place: Place, person: str) -> Mapping[str, object]:
    """What the text may speak of; names of colleagues only where the policy lets them be known."""
    found = around_of(book, schools_around(book, place.school, place.about))
    own = tuple(book.people[one].name for one in place.about if one in book.people)
    people = found.people if may_know_people(place.access, person) else own
    return {"people": people, "places": found.places, "route": found.route}

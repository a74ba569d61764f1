"""The Write page of one person: what they can write about, on which form, and who will read it.

Unlike the other pages it is not rendered here: the browser builds the form
from this model, seals the text to the readers named in it and forgets both.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from coachbook.audience import Audience, flow
from coachbook.book import short
from coachbook.life import ADDED_TO
from coachbook.lints import around_of, schools_around
from coachbook.overviews import Blocks
from coachbook.overviews.write_closing import closing_places, closings_model, statement_places
from coachbook.overviews.write_forms import form_model
from coachbook.overviews.write_places import places_of, shared_notes
from coachbook.overviews.write_readers import VISITED, WRITER, Readings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coachbook.forms import Around, Form
    from coachbook.overviews.write_places import Place
    from coachbook.people import Person
    from coachbook.views import View

_TITLE = "Write"
_TITLE_OF_ROLE = "Write impact statements"


def write_models(view: View, writers: Iterable[str]) -> dict[str, dict[str, object]]:
    """What the browser needs, for each person and each role with something to write about.

    What only a role may know of is written on the page of that role, by whoever holds it.

    Raises FlowError where a place would be shown to somebody who may not see its header.
    """
    desks = _Desks(view)
    models = {writer: desks.model(writer) for writer in writers}
    return {writer: model for writer, model in models.items() if model is not None}


class _Desks:
    """Makes the models one after another; what many have in common is made once."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._book = view.book
        self._readings = Readings(view.book)
        self._notes = shared_notes(view)
        self._reader = cache(self._make_reader)
        self._forms: dict[str, dict[str, object]] = {}
        self._around = cache(self._make_around)

    def model(self, person: str) -> dict[str, object] | None:
        places = self._places(person)
        if not places:
            return None
        blocks = Blocks()
        arounds: list[Mapping[str, object]] = []
        shown = [self._place(place, person, blocks, arounds) for place in places]
        readers = {one for place in places for one in self._everyone(place, person)}
        return {
            "v": 1,
            "kind": "write",
            "title": _TITLE if "@" not in person else _TITLE_OF_ROLE,
            "workspace": self._book.trust.workspace,
            "today": self._book.today.isoformat(),
            "newFileUrl": self._book.trust.new_file_url,
            "author": person if "@" not in person else "",
            "places": shown,
            "closings": closings_model(self._view, places, person),
            "arounds": arounds,
            "readers": {one: self._reader(one) for one in sorted(readers)},
            "blocks": {name: section.as_json() for name, section in blocks.held.items()},
            "forms": {
                f"{place.school}/{form.key}": self._form(place, form)
                for place in places
                for form in place.reading.forms
                if form.key in place.parts
            },
        }

    def _places(self, writer: str) -> list[Place]:
        if "@" in writer:
            return list(statement_places(self._view, self._readings, writer))
        own = Audience(frozenset({writer}))
        closing = [
            place
            for place in closing_places(self._view, self._readings, writer)
            if place.parts
            and place.label.audience.admits(own)
            and writer not in place.reading.access.kept_out()
        ]
        return [*places_of(self._view, self._readings, self._notes, writer), *closing]

    def _place(
        self, place: Place, person: str, blocks: Blocks, arounds: list[Mapping[str, object]]
    ) -> dict[str, object]:
        access = place.reading.access
        around = self._known(place, person)
        if around not in arounds:
            arounds.append(around)
        draft = place.reading.draft(place.writer)
        return {
            "kind": place.kind,
            "label": flow(place.label, Audience(frozenset({person}))),
            "school": place.school,
            "policy": access.then.version if access.then else "",
            "path": place.path or _path(place),
            "links": place.links,
            "parties": [
                [relation, person if one == WRITER else one]
                for relation, ids in access.parties.items()
                for one in ids
            ]
            + [[key, value] for key, value in place.links.items() if key == ADDED_TO],
            "forms": place.parts,
            "rows": self._rows(place.reading.rows, person),
            "draft": self._row(draft, person) if draft else None,
            "people": [self._visited(place, one, person) for one in place.visited],
            "lastSteps": [blocks.add(section) for section in place.steps],
            "around": arounds.index(around),
            "cycle": place.cycle,
            "source": place.source,
        }

    def _visited(self, place: Place, visited: Person, person: str) -> dict[str, object]:
        """Somebody to visit; with readers of their own where a role of theirs changes them."""
        rows = None
        if visited.id in self._readings.bearers(place.school):
            forms, school = place.reading.forms, place.school
            own = self._readings.of_visit(forms, school, visited.id, place.writer)
            rows = self._rows(own.rows, person)
        return {"id": visited.id, "label": visited.name, "short": visited.short, "rows": rows}

    def _rows(
        self, rows: Mapping[str, Mapping[str, object]], person: str
    ) -> dict[str, dict[str, object]]:
        return {name: self._row(row, person) for name, row in rows.items()}

    def _row(self, row: Mapping[str, object], person: str) -> dict[str, object]:
        """The row with the person in the place of the stand-in."""
        readers, line = row["readers"], str(row["line"])
        ids = readers if isinstance(readers, tuple) else ()
        return {
            "info": row["info"],
            "readers": [person if one == WRITER else one for one in ids],
            "line": line.replace(WRITER, short(self._book, person)),
        }

    def _everyone(self, place: Place, person: str) -> set[str]:
        """Everyone for whom a part written here may be sealed."""
        found = set(place.reading.readers | {one.id for one in place.visited} | {person})
        return found - {VISITED, WRITER}

    def _known(self, place: Place, person: str) -> Mapping[str, object]:
        """What the text may speak of; names of colleagues where the policy lets them be known."""
        about = (*place.about, person)
        found = self._around(schools_around(self._book, place.school, about))
        own = tuple(self._book.people[one].name for one in about if one in self._book.people)
        known = found.people if place.reading.lets_know_people(place.writer) else own
        return {"people": known, "places": found.places, "route": found.route}

    def _make_around(self, schools: tuple[str, ...]) -> Around:
        return around_of(self._book, schools)

    def _form(self, place: Place, form: Form) -> dict[str, object]:
        key = f"{place.school}/{place.kind}/{form.key}"
        if key not in self._forms:
            self._forms[key] = form_model(self._book, form, place.school)
        return self._forms[key]

    def _make_reader(self, reader: str) -> dict[str, str]:
        key = self._book.keyring.current(reader)
        return {
            "id": reader,
            "label": short(self._book, reader),
            "fingerprint": key.fingerprint if key else "",
            "recipient": key.recipient.format() if key else "",
        }


def _path(place: Place) -> str:
    """The record's place; the browser fills in {year}, {day} and {id}."""
    form = place.reading.forms[0]
    path = form.place.replace("{school}", place.school)
    for key, value in place.links.items():
        path = path.replace("{cycle|group|partnership}", str(value))
        path = path.replace(f"{{{key}}}", str(value))
    return path.replace("{date}", "{day}").replace(f"{{{form.on}}}", "{day}")

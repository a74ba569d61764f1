"""The Write page of one person: what they can write about, on which form, and who will read it.

Unlike the other pages it is not rendered here: the browser builds the form
from this model, seals the text to the readers named in it and forgets both.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from coachbook.audience import Audience, flow
from coachbook.life import ADDED_TO
from coachbook.lints import schools_around
from coachbook.overviews import Blocks
from coachbook.overviews.write_closing import closing_places, closings_model, statement_places
from coachbook.overviews.write_places import is_open, places_of, shared_notes, visits_of
from coachbook.overviews.write_readers import VISITED, WRITER, Readings
from coachbook.overviews.write_shelves import Shelf, Stock, shelves_of, visit_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from coachbook.overviews.write_places import Place
    from coachbook.views import RecordView, View

    Model = dict[str, object]

_TITLE = "Write"
_NOTES = "notes of a desk"
_TITLE_OF_ROLE = "Write impact statements"


class Desks:
    """The Write page of each writer, and the shelves that stand beside many of them.

    What many have in common is made once. A page is the same whichever others are made.
    """

    def __init__(self, view: View, writers: Iterable[str]) -> None:
        """Takes everyone who may have something to write about: people and roles."""
        self._view = view
        self._book = view.book
        self._writers = tuple(writers)
        self._readings = Readings(view.book, view.stopped)
        view.book.reads.offer(_NOTES, lambda _: self._notes)
        self._stock = Stock(view.book, self._readings)

    @cached_property
    def _notes(self) -> Mapping[str, tuple[RecordView, ...]]:
        """The notes that each person takes part in; whose they are looked up for is noted."""
        with self._book.reads.unnoted():
            return self._book.reads.watching(_NOTES, shared_notes(self._view))

    @cached_property
    def shelves(self) -> tuple[Shelf, ...]:
        """What the pages of a school have in common."""
        people = (one for one in self._writers if "@" not in one)
        visits = {one: visits_of(self._book, self._readings, one) for one in people}
        return shelves_of(self._stock, visits)

    def page(self, writer: str) -> Model | None:
        """What the browser needs; None for who has nothing to write about.

        What only a role may know of is written on the page of that role, by whoever holds it.

        Raises FlowError where a place would be shown to somebody who may not see its header.
        """
        places = self._places(writer)
        return self._page(writer, places) if places else None

    def _places(self, writer: str) -> list[Place]:
        if "@" in writer:
            return list(statement_places(self._view, self._readings, writer))
        found = closing_places(self._view, self._readings, writer)
        closing = (place for place in found if is_open(place, writer))
        return [*places_of(self._view, self._readings, self._notes, writer), *closing]

    def _page(self, writer: str, places: Sequence[Place]) -> Model:
        mine = {shelf.school: shelf for shelf in self.shelves if writer in shelf.writers}
        blocks, arounds = Blocks(), list[object]()
        shown = [self._place(place, writer, blocks, arounds, mine) for place in places]
        return {
            "v": 1,
            "kind": "write",
            "title": _TITLE if "@" not in writer else _TITLE_OF_ROLE,
            "workspace": self._book.trust.workspace,
            "today": self._book.today.isoformat(),
            "newFileUrl": self._book.trust.new_file_url,
            "author": writer if "@" not in writer else "",
            "places": shown,
            "closings": closings_model(self._view, places, writer),
            "arounds": arounds,
            "readers": self._readers(places, writer, mine),
            "blocks": {name: section.as_json() for name, section in blocks.held.items()},
            "forms": self._forms(places, mine),
        }

    def _readers(
        self, places: Sequence[Place], writer: str, shelves: Mapping[str, Shelf]
    ) -> dict[str, Model]:
        """Everyone for whom a part written here may be sealed, and who stands on no shelf."""
        found = {writer}.union(*(place.reading.readers for place in places))
        for place in places:
            if place.school not in shelves:
                found |= {one.id for one in place.visited}
        held = {VISITED, WRITER}.union(*(shelf.readers for shelf in shelves.values()))
        return {one: self._stock.reader(one) for one in sorted(found - held)}

    def _forms(self, places: Sequence[Place], shelves: Mapping[str, Shelf]) -> dict[str, Model]:
        """The forms of these places that stand on no shelf."""
        held = {key for shelf in shelves.values() for key in shelf.forms}
        found = self._stock.forms_of(places)
        return {key: form for key, form in found.items() if key not in held}

    def _place(
        self,
        place: Place,
        writer: str,
        blocks: Blocks,
        arounds: list[object],
        shelves: Mapping[str, Shelf],
    ) -> Model:
        access = place.reading.access
        around = self._around(place, writer, shelves)
        if around not in arounds:
            arounds.append(around)
        draft = place.reading.draft(place.writer)
        return {
            "kind": place.kind,
            "label": flow(place.label, Audience(frozenset({writer}))),
            "school": place.school,
            "policy": access.then.version if access.then else "",
            "path": place.path or _path(place),
            "links": place.links,
            "parties": [
                [relation, writer if one == WRITER else one]
                for relation, ids in access.parties.items()
                for one in ids
            ]
            + [[key, value] for key, value in place.links.items() if key == ADDED_TO],
            "forms": place.parts,
            "order": list(place.parts),
            "rows": self._stock.rows(place.reading.rows, writer),
            "draft": self._stock.row(draft, writer) if draft else None,
            "people": self._visited(place, writer, shelves),
            "lastSteps": [blocks.add(section) for section in place.steps],
            "around": arounds.index(around),
            "cycle": place.cycle,
            "source": place.source,
            "prefilled": place.prefilled,
        }

    def _visited(
        self, place: Place, writer: str, shelves: Mapping[str, Shelf]
    ) -> list[Model] | str:
        """Whom a visit can be about, or where on a shelf they stand."""
        shelf = shelves.get(place.school)
        key = visit_key(place)
        if shelf and key in shelf.visits and place.writer == WRITER:
            return key
        return [one for one in self._stock.visited(place, writer) if one["id"] != writer]

    def _around(
        self, place: Place, writer: str, shelves: Mapping[str, Shelf]
    ) -> Mapping[str, object] | str:
        """What the text may speak of; names of colleagues where the policy lets them be known.

        That of a whole school stands on its shelf, if the writer has it.
        """
        about = (*place.about, writer)
        schools = schools_around(self._book, place.school, about)
        is_let = place.reading.lets_know_people(place.writer)
        if is_let and schools == (place.school,) and place.school in shelves:
            return place.school
        found = self._stock.around(schools)
        own = tuple(self._book.people[one].name for one in about if one in self._book.people)
        return found if is_let else {**found, "people": own}


def _path(place: Place) -> str:
    """The record's place; the browser fills in {year}, {day} and {id}."""
    form = place.reading.forms[0]
    path = form.place.replace("{school}", place.school)
    for key, value in place.links.items():
        path = path.replace("{cycle|group|partnership}", str(value))
        path = path.replace(f"{{{key}}}", str(value))
    return path.replace("{date}", "{day}").replace(f"{{{form.on}}}", "{day}")

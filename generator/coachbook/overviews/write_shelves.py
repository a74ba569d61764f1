"""What the Write pages of one school have in common, sealed once for all who have it.

Whoever holds no role can visit the same colleagues on the same forms as the others, and their
texts may speak of the same people. In a school of 60 that is nearly all of such a page. A shelf
holds it once; its audience is exactly the writers on whose pages it would stand.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from coachbook.audience import Audience
from coachbook.book import short
from coachbook.lints import around_of
from coachbook.overviews.write_forms import form_model
from coachbook.overviews.write_readers import VISITED, WRITER
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from coachbook.book import Book
    from coachbook.forms import Form
    from coachbook.overviews.write_places import Place
    from coachbook.overviews.write_readers import Reading, Readings
    from coachbook.people import Person

    Model = dict[str, object]


_USUAL = ("session", "addendum", "goal-check", "cpd-need")
"""The types of record whose forms stand on a shelf beside those of visits."""


@frozen
class Shelf:
    """What these writers of a school share: whom they visit, who may read it, on which forms.

    In `visits`, by `visit_key`, a stand-in has the place of whoever writes.
    """

    school: str
    writers: frozenset[str]
    visits: Mapping[str, list[Model]]
    readers: Mapping[str, Model]
    forms: Mapping[str, Model]
    around: Mapping[str, object]

    @property
    def audience(self) -> Audience:
        """The writers, and nobody else."""
        return Audience(self.writers)

    def as_json(self) -> Model:
        """What the browser is given."""
        return {
            "v": 1,
            "kind": "shelf",
            "school": self.school,
            "visits": self.visits,
            "readers": self.readers,
            "forms": self.forms,
            "around": self.around,
        }


class Stock:
    """Forms, readers and rows for the browser, each made once for everyone who needs it."""

    def __init__(self, book: Book, readings: Readings) -> None:
        """Takes the readings that the places were found with."""
        self._book = book
        self._readings = readings
        self._forms: dict[str, Model] = {}
        # Not of methods: what holds itself is not let go without a search.
        self.reader = cache(partial(_reader, book))
        self.around = cache(partial(_around, book))

    def visited(self, place: Place, writer: str) -> list[Model]:
        """Everyone whom a visit can be about."""
        return [self._visited(place, one, writer) for one in place.visited]

    def rows(self, rows: Mapping[str, Mapping[str, object]], writer: str) -> dict[str, Model]:
        """Who reads each row, by row."""
        return {name: self.row(row, writer) for name, row in rows.items()}

    def row(self, row: Mapping[str, object], writer: str) -> Model:
        """Who reads a row, with the writer in the place of the stand-in."""
        readers, line = row["readers"], str(row["line"])
        ids = readers if isinstance(readers, tuple) else ()
        name = writer if writer == WRITER else short(self._book, writer)
        return {
            "info": row["info"],
            "readers": [writer if one == WRITER else one for one in ids],
            "line": line.replace(WRITER, name),
        }

    def forms_of(self, places: Iterable[Place]) -> dict[str, Model]:
        """The forms on which something can be written there, by school and form."""
        return {
            f"{place.school}/{form.key}": self._form(place, form)
            for place in places
            for form in place.reading.forms
            if form.key in place.parts
        }

    def usual_forms(self, school: str) -> dict[str, Model]:
        """The forms on which nearly everyone at the school writes something."""
        forms = (form for kind in _USUAL for form in self._readings.usable(kind, school))
        return {f"{school}/{form.key}": form_model(self._book, form, school) for form in forms}

    def readers_of(self, place: Place) -> set[str]:
        """Everyone for whom a part of a visit may be sealed, whoever of these is visited."""
        readings = [place.reading, *(self._own(place, one) for one in place.visited)]
        found = {one for reading in readings if reading for one in reading.readers}
        return found | {one.id for one in place.visited}

    def _visited(self, place: Place, visited: Person, writer: str) -> Model:
        """Somebody to visit; with readers of their own where a role of theirs changes them."""
        own = self._own(place, visited)
        rows = self.rows(own.rows, writer) if own else None
        return {"id": visited.id, "label": visited.name, "short": visited.short, "rows": rows}

    def _own(self, place: Place, visited: Person) -> Reading | None:
        if visited.id not in self._readings.bearers(place.school):
            return None
        forms, school = place.reading.forms, place.school
        return self._readings.of_visit(forms, school, visited.id, place.writer)

    def _form(self, place: Place, form: Form) -> Model:
        key = f"{place.school}/{place.kind}/{form.key}"
        if key not in self._forms:
            self._forms[key] = form_model(self._book, form, place.school)
        return self._forms[key]


def _reader(book: Book, reader: str) -> Model:
    key = book.keyring.current(reader)
    return {
        "id": reader,
        "label": short(book, reader),
        "fingerprint": key.fingerprint if key else "",
        "recipient": key.recipient.format() if key else "",
    }


def _around(book: Book, schools: tuple[str, ...]) -> Mapping[str, object]:
    found = around_of(book, schools)
    return {
        "people": found.people,
        "places": found.places,
        "route": found.route,
        "grades": found.grades,
    }


def shelves_of(stock: Stock, visits: Mapping[str, Sequence[Place]]) -> tuple[Shelf, ...]:
    """A shelf for each school and all who can visit the same people there.

    Args:
        visits: whom each writer can visit.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for writer, places in visits.items():
        shared = [place for place in places if place.writer == WRITER and place.visited]
        for school in dict.fromkeys(place.school for place in shared):
            keys = [visit_key(place) for place in shared if place.school == school]
            groups.setdefault((school, *keys), []).append(writer)
    return tuple(
        _shelf(stock, writers, [one for one in visits[writers[0]] if one.school == school])
        for (school, *_), writers in groups.items()
    )


def visit_key(place: Place) -> str:
    """What a visit is called on a shelf: the forms it can be written on."""
    return " ".join(form.key for form in place.reading.forms)


def _shelf(stock: Stock, writers: Sequence[str], visits: Sequence[Place]) -> Shelf:
    school = visits[0].school
    readers = {one for place in visits for one in stock.readers_of(place)} - {VISITED, WRITER}
    return Shelf(
        school=school,
        writers=frozenset(writers),
        visits={visit_key(place): stock.visited(place, WRITER) for place in visits},
        readers={one: stock.reader(one) for one in sorted(readers)},
        forms=stock.forms_of(visits) | stock.usual_forms(school),
        around=stock.around((school,)),
    )

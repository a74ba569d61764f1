"""Where somebody can write: their cycles, pairs, groups, visits and notes to add to."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from coachbook.audience import Audience, Labelled
from coachbook.book import policy_now
from coachbook.formchoice import pick_form
from coachbook.overviews.due import last_held
from coachbook.overviews.wording import PHASES
from coachbook.overviews.write_readers import GOVERNOR, VISITED, WRITER, alike
from coachbook.people import active
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coachbook.book import Book
    from coachbook.forms import Form
    from coachbook.frontmatter import Value
    from coachbook.overviews.write_readers import Reading, Readings
    from coachbook.people import Person
    from coachbook.views import RecordView, SealedView, View

CYCLE_REQUIRED = "cycle.required"

_WORKING = frozenset({"open", "planned", "active"})
_MENTORING = frozenset({"mentoring", "ect-mentoring"})
_NO_COACHING = "capability"
_BESIDE_SESSIONS = ("goal-check", "cpd-need")
_LATEST_NOTES = 12


@frozen
class Place:
    """Something that a record can be written about.

    `links` are the header's fields that lead to it, `parts` the parts of each form that may be
    written, `writer` who writes: a person, or the stand-in where many write alike. `cycle` is the
    cycle that it helps to close. A record that is there already has its `path` and its `source`.
    `prefilled` are fields of the header that begin with a value.
    """

    kind: str
    label: Labelled[str]
    school: str
    links: Mapping[str, Value]
    parts: Mapping[str, tuple[str, ...]]
    reading: Reading
    writer: str
    steps: tuple[SealedView, ...] = ()
    visited: tuple[Person, ...] = ()
    cycle: str = ""
    path: str = ""
    source: str = ""
    prefilled: Mapping[str, str] = field(default_factory=dict)

    @property
    def about(self) -> tuple[str, ...]:
        """Everyone whom the record is about, as far as that is settled."""
        found = (one for group in self.reading.access.parties.values() for one in group)
        return tuple(dict.fromkeys(one for one in found if one not in {VISITED, WRITER}))


def places_of(
    view: View, readings: Readings, notes: Mapping[str, tuple[RecordView, ...]], person: str
) -> list[Place]:
    """Every place where the person can write, in the order in which the page offers them.

    A place of whose header the policy lets the person read nothing is none.

    Args:
        notes: what `shared_notes` has found.
    """
    places = (
        *_cycles(view, readings, person),
        *_pairs(view, readings, person),
        *_visits(view.book, readings, person),
        *_notes(readings, notes, person),
    )
    return [place for place in places if is_open(place, person)]


def visits_of(book: Book, readings: Readings, person: str) -> list[Place]:
    """The visits among the places where the person can write."""
    return [place for place in _visits(book, readings, person) if is_open(place, person)]


def is_open(place: Place, person: str) -> bool:
    """Whether the person can write there, and may know of it."""
    return (
        bool(place.parts)
        and place.label.audience.admits(Audience(frozenset({person})))
        and person not in place.reading.access.kept_out()
    )


def shared_notes(view: View) -> Mapping[str, tuple[RecordView, ...]]:
    """The notes that each person takes part in, newest first; drafts are their authors' own."""
    found: dict[str, list[RecordView]] = {}
    for note in (*view.of_type("session"), *view.of_type("observation")):
        if note.day and not note.life.is_draft:
            for person in {one for people in note.people.values() for one in people}:
                found.setdefault(person, []).append(note)
    return {
        person: tuple(sorted(notes, key=lambda note: (str(note.day), note.id), reverse=True))
        for person, notes in found.items()
    }


def parts_of(
    reading: Reading, person: str, *, by_table: bool = False
) -> dict[str, tuple[str, ...]]:
    """The parts that the person may write, by form; a form without any is left out."""
    found = {
        form.key: tuple(s.name for s in reading.writable(form, person, by_table=by_table))
        for form in reading.forms
    }
    return {key: names for key, names in found.items() if names}


def _cycles(view: View, readings: Readings, person: str) -> Iterator[Place]:
    for cycle in sorted(_open_cycles(view, person), key=lambda one: one.raw("status") != "open"):
        last = last_held(view, cycle)
        steps = last.sealed("Action steps") if last else None
        mine = (steps,) if steps and person in steps.reader_ids else ()
        label = _with(cycle, person, since(cycle))
        yield from _sessions(view, readings, person, label, cycle, mine)
        yield from _beside(readings, person, cycle)


def _beside(readings: Readings, person: str, cycle: RecordView) -> Iterator[Place]:
    """What is written about a cycle beside its sessions: a look at its goal, a need it shows."""
    links = {"cycle": cycle.id}
    for kind in _BESIDE_SESSIONS:
        for forms in readings.alike(kind, cycle.school):
            reading = readings.of(forms, cycle.school, links)
            label = _with(cycle, person, since(cycle), f"{forms[0].title}, with")
            parts = parts_of(reading, person)
            yield Place(
                "beside", label, cycle.school, links, parts, reading, person, cycle=cycle.id
            )


def _open_cycles(view: View, person: str) -> list[RecordView]:
    return [one for one in view.cycles_of(person) if one.raw("status") in _WORKING]


def _with(record: RecordView, person: str, after: str, before: str = "With") -> Labelled[str]:
    """Names everybody else in the record."""
    return record.others(person).map(lambda others: f"{before} {others}{after}")


def since(cycle: RecordView) -> str:
    """Tells two cycles with one person apart."""
    return f", from {cycle.day:%B %Y}" if cycle.day else ""


def _pairs(view: View, readings: Readings, person: str) -> Iterator[Place]:
    """Pairs and groups that can meet outside a cycle."""
    busy = {str(cycle.raw("partnership")) for cycle in _open_cycles(view, person)}
    groups = (one for one in view.of_type("group") if person in one.people.get("members", ()))
    for pair in (*view.partnerships.get(person, ()), *groups):
        if _meets(view.book, pair):
            label = _with(pair, person, ", outside the cycle" if pair.id in busy else "")
            yield from _sessions(view, readings, person, label, pair, ())


def _meets(book: Book, pair: RecordView) -> bool:
    """Whether a pair or group is at work and may meet without a cycle."""
    ended = pair.raw("to") or pair.raw("end") or pair.raw("status") not in {None, *_WORKING}
    if ended or pair.raw("kind") == _NO_COACHING:
        return False
    policy = policy_now(book, pair.school)
    is_free = pair.record.type == "group" or pair.raw("kind") in _MENTORING
    return is_free or policy is None or policy.get(CYCLE_REQUIRED) is not True


def _sessions(
    view: View,
    readings: Readings,
    person: str,
    label: Labelled[str],
    owner: RecordView,
    steps: tuple[SealedView, ...],
) -> Iterator[Place]:
    link, school = owner.record.type, owner.school
    links = {link: owner.id}
    last = last_held(view, owner)
    used = last.form.name if last else ""
    for forms in alike(_session_forms(view.book, readings, school, links, used)):
        reading = readings.of(forms, school, links)
        parts = parts_of(reading, person)
        yield Place(
            link, label, school, links, parts, reading, person, steps, prefilled=_phase(owner)
        )


def _phase(owner: RecordView) -> dict[str, str]:
    """The phase that a cycle is in, with which its next session begins."""
    phase = str(owner.raw("phase") or "")
    return {"phase": phase} if phase in PHASES[1:4] else {}


def _session_forms(
    book: Book, readings: Readings, school: str, links: Mapping[str, str], used: str
) -> list[Form]:
    """The forms that a session there can be written on, the one that suits it best first.

    Where none suits, the form that was `used` last comes first.
    """
    usable = readings.usable("session", school)
    usual = book.forms.latest_of_type("session")
    if usual is None or not usable:
        return []
    best = pick_form(book, usable, links)
    suited = best or usable[0]
    fitting = [form for form in usable if _fits(book, form, *links) or form is suited]
    return sorted(
        fitting, key=lambda form: (form is not best, form.name != used, form is not suited)
    )


def _fits(book: Book, form: Form, link: str) -> bool:
    """A form that suits some kind of pair is offered to that kind alone."""
    pair = book.forms.latest("partnership")
    kinds = pair.fields["kind"].choices if pair and "kind" in pair.fields else ()
    return link in form.fields and not set(form.suits).intersection((*kinds, "group"))


def _visits(book: Book, readings: Readings, person: str) -> Iterator[Place]:
    me = book.people.get(person)
    if me is None or not active(me, book.today):
        return
    for school in me.schools:
        is_known = person in readings.bearers(school) or me.category == GOVERNOR
        writer = person if is_known else WRITER
        for forms in readings.alike("observation", school):
            reading = readings.of_visit(forms, school, VISITED, writer)
            if not reading.lets_know_people(writer):
                continue
            name = book.schools[school].name if school in book.schools else school
            own = Audience(frozenset({person}))
            yield Place(
                kind="visit",
                label=Labelled(f"A visit at {name}", own, school),
                school=school,
                links={"observed": VISITED, "observers": (person,)},
                parts=parts_of(reading, writer, by_table=True),
                reading=reading,
                writer=writer,
                visited=readings.colleagues(school, forms),
            )


def _notes(
    readings: Readings, notes: Mapping[str, tuple[RecordView, ...]], person: str
) -> Iterator[Place]:
    """The latest notes that the person takes part in and can add to."""
    mine = [note for note in notes.get(person, ()) if _is_sealed(note)]
    for note in mine[:_LATEST_NOTES]:
        form = readings.addendum(note)
        if form is not None:
            reading = readings.of_note(form, note)
            label = _with(note, person, "", f"Add to the note of {_day(note)}, with")
            links: Mapping[str, Value] = {"to": note.id, "by": person}
            parts = parts_of(reading, person)
            yield Place("note", label, note.school, links, parts, reading, person)


def _is_sealed(note: RecordView) -> bool:
    return any(section.blocks for section in note.record.sections)


def _day(note: RecordView) -> str:
    return f"{note.day.day} {note.day:%B %Y}" if note.day else ""

"""Where somebody can write: their cycles, pairs, groups, visits and notes to add to.

Each place says which forms fit it and, by the policy, who will read every part. A visit can be
about many people, and its readers are worked out once, for a stand-in; those whose roles change
who reads are worked out by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from coachbook.audience import Audience, Labelled, row_principals
from coachbook.book import access_of, policy_now, role_holders
from coachbook.clauses import Cell
from coachbook.errors import UsageError
from coachbook.formchoice import Wanted, addendum_form, suited_form, usable_forms
from coachbook.newrecord import draft
from coachbook.overviews.due import last_held
from coachbook.people import active, scoped_role
from coachbook.policycheck import is_used

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from coachbook.book import Access, Book
    from coachbook.forms import Form, SectionForm
    from coachbook.frontmatter import Value
    from coachbook.people import Person
    from coachbook.views import RecordView, SealedView, View

STAND_IN = "{observed}"
"""Stands for whoever is visited, until the browser knows."""

PEOPLE_ROW = "people and roles"
CYCLE_REQUIRED = "cycle.required"

_LINKS = ("cycle", "partnership", "group")
_WORKING = frozenset({"open", "planned", "active"})
_NO_COACHING = "capability"
_LATEST_NOTES = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Something that a record can be written about; `links` are the fields that lead to it."""

    kind: str
    label: Labelled[str]
    school: str
    links: Mapping[str, Value]
    forms: tuple[Form, ...]
    access: Access
    steps: tuple[SealedView, ...] = ()
    visited: tuple[Person, ...] = ()

    @property
    def about(self) -> tuple[str, ...]:
        """Everyone whom the record is about, but for who is visited."""
        found = (one for group in self.access.parties.values() for one in group)
        return tuple(dict.fromkeys(one for one in found if one != STAND_IN))

    def access_for(self, person: str) -> Access:
        """The access with the person in the place of the stand-in."""
        parties = {
            relation: tuple(person if one == STAND_IN else one for one in people)
            for relation, people in self.access.parties.items()
        }
        return replace(self.access, parties=MappingProxyType(parties))


def places_of(view: View, person: str) -> list[Place]:
    """Every place where the person can write, in the order in which the page offers them."""
    places = (
        *_cycles(view, person),
        *_pairs(view, person),
        *_visits(view, person),
        *_notes(view, person),
    )
    reader = Audience(frozenset({person}))
    return [
        place
        for place in places
        if place.forms
        and person not in place.access.kept_out()
        and place.label.audience.admits(reader)
    ]


def writable(place: Place, form: Form, person: str) -> tuple[SectionForm, ...]:
    """The sealed parts of the form that the person may write there, and somebody may read."""
    return tuple(
        section
        for section in form.sections
        if section.sealed
        and place.access.sealed_to(section.row)
        and place.access.may_write(section, person)
        and (place.kind != "visit" or _row_lets(place.access, section.row, person))
    )


def may_know_people(access: Access, person: str) -> bool:
    """Whether the policy lets somebody who takes part here read who works at the school."""
    if access.then is None:
        return False
    principals = row_principals(access.then, PEOPLE_ROW, access.parties)
    return person in principals or any(
        person in role_holders(access.book, one) for one in principals if "@" in one
    )


def _row_lets(access: Access, row: str, person: str) -> bool:
    """Whether the table lets the person write the row, by a relation or by a role."""
    if access.then is None:
        return False
    found = row_principals(access.then, row, access.parties, cells=(Cell.WRITE,))
    return any(
        person in (role_holders(access.book, one) if "@" in one else (one,)) for one in found
    )


def _cycles(view: View, person: str) -> Iterator[Place]:
    for cycle in sorted(_open_cycles(view, person), key=lambda one: one.raw("status") != "open"):
        label = _with(cycle, person, _since(cycle))
        last = last_held(view, cycle)
        steps = last.sealed("Action steps") if last else None
        mine = (steps,) if steps and person in steps.reader_ids else ()
        yield from _sessions(view.book, label, cycle, mine)


def _open_cycles(view: View, person: str) -> list[RecordView]:
    return [one for one in view.cycles_of(person) if one.raw("status") in _WORKING]


def _with(record: RecordView, person: str, after: str, before: str = "With") -> Labelled[str]:
    """Names everybody else in the record."""
    return record.others(person).map(lambda others: f"{before} {others}{after}")


def _since(cycle: RecordView) -> str:
    """Tells two cycles with one person apart."""
    return f", from {cycle.day:%B %Y}" if cycle.day else ""


def _pairs(view: View, person: str) -> Iterator[Place]:
    """Pairs and groups that can meet outside a cycle."""
    busy = {str(cycle.raw("partnership")) for cycle in _open_cycles(view, person)}
    for pair in (*view.partnerships.get(person, ()), *_groups(view, person)):
        policy = policy_now(view.book, pair.school)
        ended = pair.raw("to") or pair.raw("end") or pair.raw("status") not in {None, *_WORKING}
        needs_cycle = (
            pair.record.type == "partnership"
            and policy is not None
            and policy.get(CYCLE_REQUIRED) is True
            and pair.raw("kind") not in {"mentoring", "ect-mentoring"}
        )
        if ended or needs_cycle or pair.raw("kind") == _NO_COACHING:
            continue
        label = _with(pair, person, ", outside the cycle" if pair.id in busy else "")
        yield from _sessions(view.book, label, pair, ())


def _groups(view: View, person: str) -> Iterator[RecordView]:
    return (one for one in view.of_type("group") if person in one.people.get("members", ()))


def _sessions(
    book: Book, label: Labelled[str], owner: RecordView, steps: tuple[SealedView, ...]
) -> Iterator[Place]:
    link = owner.record.type
    links = {link: owner.id}
    usable = usable_forms(book, "session", owner.school)
    usual = book.forms.latest_of_type("session")
    if usual is None or not usable:
        return
    suited = suited_form(book, Wanted(usual, {}, fixed=False), links, owner.school)
    fitting = [form for form in usable if _fits(book, form, link) or form is suited]
    ordered = sorted(fitting, key=lambda form: form is not suited)
    for forms in _alike(ordered):
        access = _access(book, forms[0], owner.school, links)
        yield Place(link, label, owner.school, links, forms, access, steps)


def _fits(book: Book, form: Form, link: str) -> bool:
    """A form that suits some kind of pair is offered to that kind alone."""
    pair = book.forms.latest("partnership")
    kinds = pair.fields["kind"].choices if pair and "kind" in pair.fields else ()
    return link in form.fields and not set(form.suits).intersection((*kinds, "group"))


def _visits(view: View, person: str) -> Iterator[Place]:
    book = view.book
    me = book.people.get(person)
    for school in me.schools if me and active(me, book.today) else ():
        colleagues = tuple(
            one
            for one in book.people.values()
            if one.id != person and school in one.schools and active(one, book.today)
        )
        usable = usable_forms(book, "observation", school)
        for forms in _alike(usable) if colleagues else ():
            place = _visit(book, school, person, forms, colleagues)
            if may_know_people(place.access, person):
                fitting = tuple(form for form in forms if writable(place, form, person))
                yield replace(place, forms=fitting)


def _visit(
    book: Book, school: str, person: str, forms: tuple[Form, ...], colleagues: tuple[Person, ...]
) -> Place:
    access = _access(book, forms[0], school, {"observed": person, "observers": (person,)})
    parties = MappingProxyType({"observed": (STAND_IN,), "observers": (person,)})
    access = replace(access, parties=parties)
    name = book.schools[school].name if school in book.schools else school
    return Place(
        kind="visit",
        label=Labelled(f"A visit at {name}", Audience(frozenset({person})), school),
        school=school,
        links={"observed": STAND_IN, "observers": (person,)},
        forms=forms,
        access=access,
        visited=tuple(one for one in colleagues if not _is_kept_out(access, one.id)),
    )


def _is_kept_out(access: Access, person: str) -> bool:
    return person in replace(access, parties={"observed": (person,)}).kept_out()


def _notes(view: View, person: str) -> Iterator[Place]:
    """The latest notes that the person takes part in and can add to."""
    mine = [
        one
        for one in (*view.of_type("session"), *view.of_type("observation"))
        if one.day
        and one.sealed_sections()
        and not one.life.is_draft
        and any(person in people for people in one.people.values())
    ]
    mine.sort(key=lambda one: (one.day, one.id), reverse=True)
    for note in mine[:_LATEST_NOTES]:
        form = _addendum(view.book, note)
        if form is not None:
            links: Mapping[str, Value] = {"to": note.id, "by": person}
            label = _with(note, person, "", f"Add to the note of {_day(note)}, with")
            access = _access(view.book, form, note.school, links)
            yield Place("note", label, note.school, links, (form,), access)


def _day(note: RecordView) -> str:
    return f"{note.day:%-d %B %Y}" if note.day else ""


def _addendum(book: Book, note: RecordView) -> Form | None:
    """The form of an addendum to a note, if the school's policy has its rows."""
    policy = policy_now(book, note.school)
    try:
        form = addendum_form(book, note.record)
    except UsageError:
        return None
    return form if policy is not None and is_used(policy, form) else None


def _alike(forms: Iterable[Form]) -> list[tuple[Form, ...]]:
    """The forms by what decides people and place; all of one group share their readers."""
    found: dict[tuple[object, ...], list[Form]] = {}
    for form in forms:
        key = (form.place, form.on, form.life, tuple(sorted(form.relations.items())))
        found.setdefault(key, []).append(form)
    return [tuple(group) for group in found.values()]


def _access(book: Book, form: Form, school: str, links: Mapping[str, Value]) -> Access:
    header = {"type": form.type, "id": f"{form.prefix}-00000000", "school": school}
    return access_of(book, draft(form, {**header, "form": form.key, **links, form.on: book.today}))


def role_bearers(book: Book, school: str) -> frozenset[str]:
    """Everyone who holds a role at the school today: who reads may depend on them."""
    return frozenset(
        person
        for assignment in book.assignments
        if assignment.school == school
        for person in role_holders(book, scoped_role(assignment.role, school))
    )

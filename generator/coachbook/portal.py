"""Private pages and the indexes that list them: planned, rendered, handed on to be sealed.

The plan is deterministic and holds plaintext (design, "From record to page").
A person's index says what they can open; each page is a fragment sealed to
exactly its audience. A portal is made in parts that know nothing of each other,
so that several processes can share them: the pages first, then what needs to
know of all pages, which is everybody's take-away file and index.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from functools import cache, partial
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from coachbook.age import load_primitives
from coachbook.audience import Audience, Labelled, flow
from coachbook.fragments import VERSION, Fragment, Names, make_fragment
from coachbook.listings import INDEX, SHELF, Shown, held_roles, index_contents
from coachbook.memory import Made, unmarked
from coachbook.overviews.closing import MONITOR
from coachbook.overviews.takeaway import homes_of, takeaway_pages
from coachbook.overviews.write import Desks
from coachbook.pages import unwrap
from coachbook.people import split_principal
from coachbook.privatepages import page_units
from coachbook.publickey import is_role
from coachbook.reads import gathered
from coachbook.values import frozen
from coachbook.workers import Crew, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from coachbook.book.parts import Part
    from coachbook.memory import Memory, Pack
    from coachbook.overviews import Page
    from coachbook.overviews.takeaway import Homes
    from coachbook.privatepages import Unit
    from coachbook.views import View
    from coachbook.workers import Tasks

    Renderer = Callable[[str, Mapping[str, object], Audience], str]
    Keep = Callable[[Fragment], object]
    Order = tuple[int, str]

T = TypeVar("T")

MadeUnit: TypeAlias = "Made[tuple[Shown, ...]]"
MadeUnits: TypeAlias = "Pack[tuple[Shown, ...]]"

_parts_of = partial(parts_of, size=24)
"""So many people, cycles, pairs or visits are one part: enough to be worth handing over."""

_WRITE, _FILE = "write", "take-away"


@frozen
class Before:
    """What an earlier build has left: what hung on what, and whether a fragment is there yet.

    `take` is told of fragments as soon as it is known that they are not made again.
    """

    memory: Memory[tuple[Shown, ...]]
    is_there: Callable[[Shown], bool]
    take: Callable[[Iterable[Shown]], object] = lambda _: None

    def known(self, name: str) -> tuple[Shown, ...] | None:
        """What a unit made, if it would make the same again and all of it is there."""
        row = self.memory.known(name)
        return row.value if row and all(map(self.is_there, row.value)) else None


@frozen
class Held:
    """What a portal, or a part of it, holds beside the indexes: pages in the order of a menu.

    Take-away files and Write pages are by reader; shelves are what Write pages have in common.
    """

    pages: tuple[tuple[Order, Shown], ...]
    files: Mapping[str, tuple[Shown, ...]]
    writing: Mapping[str, tuple[Shown, ...]]
    shelves: tuple[Shown, ...]

    def everything(self) -> tuple[Shown, ...]:
        """All of it, as indexes list it."""
        by_reader = (*self.files.values(), *self.writing.values())
        return (*(one for _, one in self.pages), *chain.from_iterable(by_reader), *self.shelves)


class PortalMaker:
    """Makes a portal's units and hands each fragment on; units share nothing but the records."""

    def __init__(
        self,
        view: View,
        render: Renderer,
        keep: Keep,
        before: Before | None = None,
        part: Part | None = None,
    ) -> None:
        """Takes what may be shown, how pages are rendered, and where fragments go.

        Args:
            view: what may be shown.
            render: how pages are rendered.
            keep: takes each fragment.
            before: what an earlier build has left; what it has need not be made and is not
                handed on.
            part: the part of a workspace whose pages are meant; all are where it is left out.
        """
        self._view = view
        self._render = render
        self._keep = keep
        self._before = before
        self._part = part
        self._names = Names(view.book.trust.fragments)
        self._shelf_name = cache(self._names.fragment)
        self._everyone = [p for p in view.book.people.values() if view.book.keyring.current(p.id)]
        own = None if part is None else frozenset(part.own)
        self._people = [one for one in self._everyone if own is None or one.path in own]
        self._units = {unit.name: unit for unit in page_units(view, self._people, part)}
        self._desks = Desks(view, [*self._at_desks(), *self._writing_roles()])

    def make(self, hands: int = 1) -> tuple[Shown, ...]:
        """Everything that the portal holds; FlowError where a page would be too wide.

        Args:
            hands: how many processes may share the work.
        """
        everything = self.make_held(hands).everything()
        return (*everything, *self.indexes(everything))

    def make_held(self, hands: int = 1, later: frozenset[str] = frozenset()) -> Held:
        """Everything but the indexes.

        Args:
            hands: how many processes may share the work.
            later: people whose take-away files are made later, by `make_files`.
        """
        people = [person.id for person in self._people]
        writers = {f"{_WRITE} {one}": one for one in (*people, *self._writing_roles())}
        first = (*self._units, *writers, SHELF)
        found = self._found(first)
        with Crew(self._tasks(), hands) as crew:
            # All at once, so that nobody waits for the last page before Write begins.
            parts = self._parts(found, writers)
            if parts:
                load_primitives()  # helpers begin as copies of this process
            begun = crew.begin(parts)
            if self._before:
                self._before.take(chain.from_iterable(found.values()))
            made = begun()
            found |= _values(made)
            shown = [one for name in self._units for one in found[name]]
            homes = homes_of((one.audience, one.path, one.holds) for one in shown)
            wanted = {one: homes.get(one, {}) for one in people if one not in later}
            names = {one: _file_name(one, own) for one, own in wanted.items()}
            found |= self._found(names.values())
            anew = {one: own for one, own in wanted.items() if names[one] not in found}
            made += crew.do(_file_parts(anew))
        found |= _values(made)
        if self._before:
            self._before.memory.keep((*first, *names.values()), made)
        return Held(
            pages=tuple(
                (unit.order, one) for name, unit in self._units.items() for one in found[name]
            ),
            files={one: found[name] for one, name in names.items()},
            writing={one: found[name] for name, one in writers.items()},
            shelves=found[SHELF],
        )

    def make_files(self, homes: Mapping[str, Homes]) -> dict[str, tuple[Shown, ...]]:
        """The take-away files of people, and where each is shown what is sealed to them."""
        return {person: tuple(self._file((person, own))) for person, own in homes.items()}

    def make_units(self, units: Iterable[Unit]) -> tuple[tuple[Order, Shown], ...]:
        """The pages of units beside those of the records, such as the page about the trust."""
        return tuple((unit.order, one) for unit in units for one in self._unit(unit))

    def _tasks(self) -> Tasks:
        return {
            "pages": self._pages,
            SHELF: self._shelves,
            _WRITE: self._write,
            _FILE: self._files,
        }

    def _at_desks(self) -> list[str]:
        """Everyone who has a shelf in common with one of these people, or is to have one here."""
        if self._part is None:
            return [one.id for one in self._everyone]
        schools = {self._part.school, *chain.from_iterable(one.schools for one in self._people)}
        return [one.id for one in self._everyone if not schools.isdisjoint(one.schools)]

    def _found(self, names: Iterable[str]) -> dict[str, tuple[Shown, ...]]:
        """What need not be made: it is there from an earlier build, and would be the same."""
        if self._before is None:
            return {}
        known = ((name, self._before.known(name)) for name in names)
        return {name: shown for name, shown in known if shown is not None}

    def _parts(
        self, found: Mapping[str, object], writers: Mapping[str, str]
    ) -> list[tuple[str, object]]:
        """What is to be made, in parts that are worth being handed over."""
        groups: dict[str, list[str]] = defaultdict(list)
        for name, unit in self._units.items():
            if name not in found:
                groups[unit.group].append(name)
        singles = groups.pop("", [])
        writing = [one for name, one in writers.items() if name not in found]
        return [
            *(("pages", tuple(group)) for group in groups.values()),
            # A role writes about a whole school, a person about few others.
            *((_WRITE, (one,)) for one in writing if is_role(one)),
            *(("pages", part) for part in _parts_of(singles)),
            *((_WRITE, part) for part in _parts_of(one for one in writing if not is_role(one))),
            *([(SHELF, None)] if SHELF not in found else []),
        ]

    def _pages(self, names: Iterable[str]) -> MadeUnits:
        return self._packed(self._noted(name, self._unit, self._units[name]) for name in names)

    def _unit(self, unit: Unit) -> Iterator[Shown]:
        return (self._page(page) for page in unit.pages())

    def _files(self, homes: Mapping[str, Homes]) -> MadeUnits:
        return self._packed(
            self._noted(_file_name(one, own), self._file, (one, own)) for one, own in homes.items()
        )

    def _file(self, wanted: tuple[str, Homes]) -> Iterator[Shown]:
        person, homes = wanted
        return (self._page(page) for page in takeaway_pages(self._view, {person: homes}))

    def _shelves(self, _: None) -> MadeUnits:
        return self._packed([self._noted(SHELF, self._shelf, None)])

    def _shelf(self, _: None) -> Iterator[Shown]:
        """What many Write pages of a school have in common."""
        return (
            self._made(SHELF, shelf.school, shelf.audience, shelf.as_json())
            for shelf in self._desks.shelves
            if self._part is None or shelf.school == self._part.school
        )

    def _write(self, writers: Sequence[str]) -> MadeUnits:
        return self._packed(self._noted(f"{_WRITE} {one}", self._desk, one) for one in writers)

    def _desk(self, writer: str) -> Iterator[Shown]:
        """The Write page of one who has something to write about, with its shelves by name."""
        page = self._desks.page(writer)
        if page:
            content = {**page, "shelves": self._names_of(writer)}
            yield self._made(_WRITE, _WRITE, Audience(frozenset({writer})), content)

    def _packed(self, made: Iterable[MadeUnit]) -> MadeUnits:
        return self._before.memory.pack(made) if self._before else unmarked(made)

    def _noted(self, name: str, make: Callable[[T], Iterable[Shown]], wanted: T) -> MadeUnit:
        """What a unit gives, with what was looked up for it."""
        with self._view.book.reads.noting() as seen:
            made = tuple(make(wanted))
        return Made(name, gathered(seen), made)

    def _names_of(self, writer: str) -> list[str]:
        """The shelves of a writer, by the names of their files."""
        mine = (shelf for shelf in self._desks.shelves if writer in shelf.writers)
        return [self._shelf_name(SHELF, shelf.school, shelf.audience) for shelf in mine]

    def _page(self, page: Page) -> Shown:
        name = self._names.fragment("page", page.path, page.audience)
        fragment = page_fragment(page, name, self._render)
        self._keep(fragment)
        held = _held(page)
        return Shown(
            page.kind, page.path, page.title, page.group, page.audience, name, fragment.print, held
        )

    def _made(
        self, kind: str, path: str, audience: Audience, content: Mapping[str, object]
    ) -> Shown:
        name = self._names.fragment(kind, path, audience)
        fragment = make_fragment(name, audience, content)
        self._keep(fragment)
        title = Labelled(str(content.get("title", "")), audience, kind)
        nothing = Labelled("", audience, kind)
        return Shown(kind, path, title, nothing, audience, name, fragment.print)

    def indexes(self, shown: Sequence[Shown]) -> Iterator[Shown]:
        """What every person and every role that somebody holds can open."""
        for reader, content in index_contents(self._view.book, self._names, self._people, shown):
            yield self._made(INDEX, INDEX, Audience(frozenset({reader})), content)

    def _writing_roles(self) -> list[str]:
        """The roles whose holders write what only the role may know of."""
        book = self._view.book
        held = {role for person in self._everyone for role in held_roles(book, person)}
        return sorted(
            role for role in held if role.startswith(f"{MONITOR}@") and self._is_here(role)
        )

    def _is_here(self, role: str) -> bool:
        """Whether the part has what the role writes about: what belongs to its school."""
        school = split_principal(role)[1]
        home = school if school in self._view.book.schools else ""
        return self._part is None or home == self._part.school


def private_pages(view: View) -> Iterator[Page]:
    """Every private page before it is rendered. Write, shelves and indexes are not among them."""
    people = [one for one in view.book.people.values() if view.book.keyring.current(one.id)]
    shown = [page for unit in page_units(view, people) for page in unit.pages()]
    held = ((page.audience, page.path, _held(page)) for page in shown)
    homes = homes_of(held)
    yield from shown
    yield from takeaway_pages(view, {one.id: homes.get(one.id, {}) for one in people})


def _held(page: Page) -> tuple[tuple[str, str], ...]:
    """The sealed sections on a page, by record and name."""
    return tuple((block.place.record, block.name) for block in page.blocks.values())


def plan_portal(view: View, render: Renderer) -> tuple[Fragment, ...]:
    """Every private page and index, before it is sealed; FlowError where one is too wide."""
    found: list[Fragment] = []
    PortalMaker(view, render, found.append).make()
    return tuple(found)


def page_fragment(page: Page, name: str, render: Renderer) -> Fragment:
    """The page rendered, with its sealed sections as they lie in the records."""
    content = {
        "v": VERSION,
        "kind": "page",
        "title": flow(page.title, page.audience),
        "html": render(f"pages/{page.template}", page.model, page.audience),
        "blocks": {
            block: section.as_json() | _origin(page, block)
            for block, section in page.blocks.items()
        },
        **({"data": unwrap(page.data, page.audience)} if page.data else {}),
    }
    return make_fragment(name, page.audience, content)


def _file_parts(homes: Mapping[str, Homes]) -> list[tuple[str, object]]:
    """Take-away files to be made, in parts that are worth being handed over."""
    return [(_FILE, {one: homes[one] for one in part}) for part in _parts_of(homes)]


def _values(packs: Iterable[MadeUnits]) -> dict[str, tuple[Shown, ...]]:
    """What each unit made, by its name."""
    return {name: row.value for pack in packs for name, row in pack.rows.items()}


def _file_name(person: str, homes: Homes) -> str:
    """The unit of a take-away file, which tells where each section is shown."""
    places = repr(sorted(homes.items())).encode()
    return f"{_FILE} {person} {hashlib.blake2b(places, digest_size=16).hexdigest()}"


def _origin(page: Page, name: str) -> dict[str, object]:
    """The day of the block's record, its place in the portal, and names, where the page says so."""
    origin = page.origins.get(name)
    if origin is None:
        return {}
    return {
        "date": flow(origin.date, page.audience),
        "path": flow(origin.path, page.audience),
        "authors": flow(origin.authors, page.audience),
    }

"""Private pages and the indexes that list them: planned, rendered, handed on to be sealed.

The plan is deterministic and holds plaintext (design, "From record to page").
A person's index says what they can open; each page is a fragment sealed to
exactly its audience. A portal is made in parts that know nothing of each other,
so that several processes can share them: the pages first, then what needs to
know of all pages, which is everybody's take-away file and index.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from coachbook.audience import Audience, Labelled, flow
from coachbook.book import display, policy_now, short
from coachbook.errors import BuildError
from coachbook.fragments import VERSION, Fragment, Names, make_fragment
from coachbook.githost import edit_page
from coachbook.overviews.budget import budget_page
from coachbook.overviews.checks import checks_page
from coachbook.overviews.closing import MONITOR
from coachbook.overviews.counted import counted_pages
from coachbook.overviews.coverage import coverage_page
from coachbook.overviews.cycle import cycle_page
from coachbook.overviews.earlier import earlier_pages
from coachbook.overviews.governors import governors_pages
from coachbook.overviews.groups import group_pages
from coachbook.overviews.head import head_pages
from coachbook.overviews.induction import induction_page
from coachbook.overviews.lead import lead_page
from coachbook.overviews.me import me_page
from coachbook.overviews.pair import pair_page
from coachbook.overviews.probation import probation_page
from coachbook.overviews.protection import protection_pages
from coachbook.overviews.school import school_page
from coachbook.overviews.subject import subject_page
from coachbook.overviews.takeaway import homes_of, takeaway_pages
from coachbook.overviews.trust import trust_pages
from coachbook.overviews.visit import visit_page
from coachbook.overviews.visits import visits_pages
from coachbook.overviews.write import Desks
from coachbook.pages import unwrap
from coachbook.people import roles_of
from coachbook.workers import Crew, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from coachbook.book import Book
    from coachbook.overviews import Page
    from coachbook.overviews.takeaway import Homes
    from coachbook.people import Person
    from coachbook.views import View
    from coachbook.workers import Tasks

    Renderer = Callable[[str, Mapping[str, object], Audience], str]
    Listing = dict[str, str]

    Keep = Callable[[Fragment], object]
    Single = Callable[[], Page]
    Source = Callable[[], Iterable[Page]]

_parts_of = partial(parts_of, size=24)
"""So many people, cycles, pairs or visits are one part: enough to be worth handing over."""

_WRITE, _SHELF, _INDEX = "write", "shelf", "index"


@dataclass(frozen=True, slots=True)
class Shown:
    """What is known of a fragment once it is handed on: enough to list it, without its text."""

    kind: str
    path: str
    title: Labelled[str]
    group: Labelled[str]
    audience: Audience
    name: str
    holds: tuple[tuple[str, str], ...] = ()
    """The sealed sections on it, by record and name."""


class PortalMaker:
    """Makes a portal's parts and hands each fragment on; parts share nothing but the records."""

    def __init__(self, view: View, render: Renderer, keep: Keep) -> None:
        """Takes what may be shown, how pages are rendered, and where fragments go."""
        self._view = view
        self._render = render
        self._keep = keep
        self._names = Names(view.book.trust.fragments)
        self._people = [p for p in view.book.people.values() if view.book.keyring.current(p.id)]
        self._parts = tuple(_sources(view, self._people))
        self._desks = Desks(view, [*(one.id for one in self._people), *self._writing_roles()])

    def make(self, hands: int = 1) -> tuple[Shown, ...]:
        """Everything that the portal holds; FlowError where a page would be too wide.

        Args:
            hands: how many processes may share the work.
        """
        tasks: Tasks = {
            "pages": self._pages,
            "shelves": self._shelves,
            "write": self._write,
            "take-away": self._take_away,
        }
        people = [person.id for person in self._people]
        with Crew(tasks, hands) as crew:
            pages = [("pages", part) for part in range(len(self._parts))]
            writing = [("write", part) for part in _parts_of([*people, *self._writing_roles()])]
            # All at once, so that nobody waits for the last page before Write begins.
            found = crew.do([*pages, *writing, ("shelves", None)])
            shown, written = _joined(found[: len(pages)]), _joined(found[len(pages) :])
            homes = homes_of((one.audience, one.path, one.holds) for one in shown)
            known = [{one: homes.get(one, {}) for one in part} for part in _parts_of(people)]
            files = _joined(crew.do([("take-away", part) for part in known]))
        everything = (*shown, *files, *written)
        return (*everything, *self._indexes(everything))

    def _pages(self, part: int) -> list[Shown]:
        return [self._page(page) for page in self._parts[part]() if page.audience.principals]

    def _take_away(self, homes: Mapping[str, Homes]) -> list[Shown]:
        return [self._page(page) for page in takeaway_pages(self._view, homes)]

    def _shelves(self, _: None) -> list[Shown]:
        """What many Write pages have in common."""
        return [
            self._made(_SHELF, shelf.school, shelf.audience, shelf.as_json())
            for shelf in self._desks.shelves
        ]

    def _write(self, writers: Sequence[str]) -> list[Shown]:
        """The Write page of each who has something to write about, with its shelves by name."""
        pages = ((writer, self._desks.page(writer)) for writer in writers)
        return [
            self._made(
                _WRITE,
                _WRITE,
                Audience(frozenset({writer})),
                {**page, "shelves": self._names_of(writer)},
            )
            for writer, page in pages
            if page
        ]

    def _names_of(self, writer: str) -> list[str]:
        """The shelves of a writer, by the names of their files."""
        mine = (shelf for shelf in self._desks.shelves if writer in shelf.writers)
        return [self._names.fragment(_SHELF, shelf.school, shelf.audience) for shelf in mine]

    def _page(self, page: Page) -> Shown:
        name = self._names.fragment("page", page.path, page.audience)
        self._keep(page_fragment(page, name, self._render))
        held = _held(page)
        return Shown(page.kind, page.path, page.title, page.group, page.audience, name, held)

    def _made(
        self, kind: str, path: str, audience: Audience, content: Mapping[str, object]
    ) -> Shown:
        name = self._names.fragment(kind, path, audience)
        self._keep(make_fragment(name, audience, content))
        title = Labelled(str(content.get("title", "")), audience, kind)
        return Shown(kind, path, title, Labelled("", audience, kind), audience, name)

    def _indexes(self, shown: Sequence[Shown]) -> Iterator[Shown]:
        """What every person and every role that somebody holds can open."""
        book = self._view.book
        listings = _listings(shown)
        held = {role for person in self._people for role in _roles(book, person)}
        for reader in [*(person.id for person in self._people), *sorted(held)]:
            content = {
                "v": VERSION,
                "kind": _INDEX,
                "reader": {
                    "id": reader,
                    "label": display(book, reader),
                    "short": short(book, reader),
                },
                "pages": listings.get(reader, []),
                "roles": self._held_roles(reader),
                "edit": edit_page(book.trust.new_file_url),
            }
            yield self._made(_INDEX, _INDEX, Audience(frozenset({reader})), content)

    def _writing_roles(self) -> list[str]:
        """The roles whose holders write what only the role may know of."""
        book = self._view.book
        held = {role for person in self._people for role in _roles(book, person)}
        return sorted(role for role in held if role.startswith(f"{MONITOR}@"))

    def _held_roles(self, reader: str) -> list[Listing]:
        book = self._view.book
        person = book.people.get(reader)
        return [self._role(role) for role in _roles(book, person)] if person else []

    def _role(self, role: str) -> Listing:
        book = self._view.book
        key = book.keyring.current(role)
        if key is None:
            raise BuildError(f"{role} has a sealed private key and no public one")
        return {
            "id": role,
            "label": display(book, role),
            "identity": book.keyring.sealed_roles[role],
            "recipient": key.recipient.format(),
            "index": self._names.fragment(_INDEX, _INDEX, Audience(frozenset({role}))),
        }


def private_pages(view: View) -> Iterator[Page]:
    """Every private page before it is rendered. Write, shelves and indexes are not among them."""
    people = [one for one in view.book.people.values() if view.book.keyring.current(one.id)]
    shown = [
        page for source in _sources(view, people) for page in source() if page.audience.principals
    ]
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


def _sources(view: View, people: list[Person]) -> Iterator[Source]:
    """What makes the pages of each part; all together in the order of a menu."""
    singles: Iterable[Single] = (
        *(partial(me_page, view, person.id) for person in people),
        *(partial(cycle_page, view, cycle) for cycle in view.cycles.values()),
        *(partial(pair_page, view, pair) for pair in view.pairs.values()),
        *(partial(visit_page, view, visit) for visit in view.of_type("observation")),
    )
    for batch in _parts_of(singles):
        yield partial(_each, batch)
    for school in view.book.schools:
        if policy_now(view.book, school) is not None:
            yield partial(_school_pages, view, school)
    yield partial(trust_pages, view)


def _each(makers: Iterable[Single]) -> Iterator[Page]:
    return (make() for make in makers)


def _school_pages(view: View, school: str) -> Iterator[Page]:
    """The pages of one school, which have much of their reckoning in common."""
    yield school_page(view, school)
    yield lead_page(view, school)
    yield from group_pages(view, school)
    yield from earlier_pages(view, school)
    yield subject_page(view, school)
    yield budget_page(view, school)
    yield induction_page(view, school)
    yield probation_page(view, school)
    yield coverage_page(view, school)
    yield from visits_pages(view, school)
    yield checks_page(view, school)
    yield from head_pages(view, school)
    yield from counted_pages(view, school)
    yield from governors_pages(view, school)
    yield from protection_pages(view, school)


def _joined(parts: Iterable[list[Shown]]) -> list[Shown]:
    return list(chain.from_iterable(parts))


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


def _listings(shown: Iterable[Shown]) -> Mapping[str, list[Listing]]:
    """What each reader's index lists, in the order of the pages; Write comes last."""
    found: dict[str, list[Listing]] = defaultdict(list)
    for one in shown:
        if one.kind != _SHELF:
            for reader in one.audience.principals or ():
                found[reader].append(_listing(one, Audience(frozenset({reader}))))
    return found


def _listing(one: Shown, audience: Audience) -> Listing:
    return {
        "kind": one.kind,
        "title": flow(one.title, audience),
        "group": flow(one.group, audience),
        "path": one.path,
        "name": one.name,
    }


def _roles(book: Book, person: Person) -> tuple[str, ...]:
    """The roles a person holds today whose key they can open."""
    held = roles_of(book.assignments, person.id, book.today)
    return tuple(role for role in held if role in book.keyring.sealed_roles)

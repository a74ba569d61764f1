"""The portal of a workspace, school by school: each is made on top of what all share, and let go.

    made = PartedPortal(workspace, findings, tools).make(hands=2)

It is the portal that `PortalMaker` makes of the whole workspace, fragment by fragment. What a
school brings to the page about the trust comes along without the records behind it. Take-away
files of people who take part at several schools are made when all pages are known, and indexes
last. A school in which nothing has changed, and whose fragments are all there, is not loaded.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import replace
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

from coachbook.age import load_primitives
from coachbook.diagnostics import Consequence
from coachbook.errors import BuildError
from coachbook.overviews.takeaway import homes_of
from coachbook.overviews.trust import trust_share
from coachbook.portal import Held, PortalMaker
from coachbook.privatepages import stopped_unit, trust_unit
from coachbook.values import frozen
from coachbook.views import open_view
from coachbook.workers import Crew, left_over

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from coachbook.book.parts import Part
    from coachbook.book.workspace import Workspace
    from coachbook.cache import Cache
    from coachbook.diagnostics import Diagnostic
    from coachbook.listings import Shown
    from coachbook.overviews.takeaway import Homes
    from coachbook.portal import Before, Keep, Order, Renderer
    from coachbook.views import View

T = TypeVar("T")

FilesOfPart: TypeAlias = "Mapping[str, tuple[Shown, ...]]"
"""Take-away files by the person whose they are."""

_SIZE = 16
_ALONE = 0.25
"""How much of making a school's pages helpers cannot share: loading and looking through it."""


@frozen
class Tools:
    """How pages are rendered, where fragments go, and what an earlier build has left.

    `before` gives what is left of one school; `is_there` says whether a fragment is there as it
    would be made again; `stamp` is a hash of everything else that pages hang on. `later` is the
    workspace's store as what is published is written to it, which may count only once it is; by
    default it counts at once.
    """

    render: Renderer
    keep: Keep
    before: Callable[[View, str], Before | None]
    is_there: Callable[[Shown], bool]
    stamp: bytes = b""
    later: Cache | None = None


@frozen
class HeldByPart:
    """What a part of a portal holds, and what its school brings to the page about the trust."""

    held: Held
    share: Mapping[object, object]

    def older(self, is_wanted: Callable[[Shown], bool]) -> HeldByPart:
        """What stays of it where nothing new is published: its pages, as far as they are wanted.

        Of what somebody has to take away, and of a Write page, there is all or nothing.
        """
        return HeldByPart(
            Held(
                pages=tuple(page for page in self.held.pages if is_wanted(page[1])),
                files=_whole(self.held.files, is_wanted),
                writing=_whole(self.held.writing, is_wanted),
                shelves=tuple(filter(is_wanted, self.held.shelves)),
            ),
            {},
        )


_NOTHING = HeldByPart(Held((), {}, {}, ()), {})


class PartedPortal:
    """Makes a portal from the parts of a workspace."""

    def __init__(
        self,
        workspace: Workspace,
        findings: Iterable[Diagnostic],
        tools: Tools,
        stopped: Iterable[str] = (),
    ) -> None:
        """Takes what pages are made of, and what with.

        Args:
            workspace: the files and books.
            findings: what their check has found.
            tools: what pages are made with.
            stopped: schools of which the last good pages stay, as far as they are there.
        """
        self._workspace = workspace
        self._findings = tuple(findings)
        self._tools = tools
        self._later = tools.later or workspace.cache
        self._stopped = frozenset(stopped)
        self._parts = {part.school: part for part in workspace.plan.parts}
        self._homes = self._homes_asked_for()
        self._shared = frozenset(workspace.plan.shared)

    def make(self, hands: int = 1) -> tuple[Shown, ...]:
        """Everything that the portal holds; FlowError where a page would be too wide.

        Args:
            hands: how many processes may share the work.
        """
        shared = self._workspace.shared  # before helpers are made
        view = open_view(shared, self._findings, self._stopped)
        parts = self._without_older(self._parts_made(hands))
        for one in parts.values():
            for key, value in one.share.items():
                _bring(view, key, value)
        maker = PortalMaker(view, self._tools.render, self._tools.keep)
        notices = (
            stopped_unit(view, school, is_kept=bool(parts[school].held.pages))
            for school in sorted(self._stopped)
        )
        more = maker.make_units((*notices, trust_unit(view)))
        pages = chain(*(one.held.pages for one in parts.values()), more)
        ordered = tuple(sorted(pages, key=itemgetter(0)))
        files = self._files_made(homes_of((o.audience, o.path, o.holds) for _, o in ordered), hands)
        everything = Held(
            pages=ordered,
            files=self._by_reader((*(one.held.files for one in parts.values()), *files)),
            writing=self._by_reader(one.held.writing for one in parts.values()),
            shelves=tuple(chain(*(one.held.shelves for one in parts.values()))),
        ).everything()
        return (*everything, *maker.indexes(everything))

    def _homes_asked_for(self) -> Mapping[str, str]:
        """The school of each file that something was found in, or that is somebody's own."""
        people = (one.path for one in self._workspace.shared.people.values())
        asked = frozenset(chain((one.path for one in self._findings), people))
        return {
            path: part.school
            for part in self._parts.values()
            for path in asked.intersection(part.own)
        }

    def _parts_made(self, hands: int) -> dict[str, HeldByPart]:
        """What each part holds, by school."""
        found = {
            school: self._last_part(school) if school in self._stopped else self._known_part(school)
            for school in self._parts
        }
        anew = sorted((one for one in found if found[one] is None), key=self._size)
        found |= dict(zip(anew, self.make_parts(anew, hands), strict=True))
        return {school: one for school, one in found.items() if one is not None}

    def _without_older(self, parts: Mapping[str, HeldByPart]) -> dict[str, HeldByPart]:
        """The parts, those of stopped schools first and without pages that another part has.

        Whoever has gone from a stopped school to another one has the same pages there, anew.
        """
        found = {school: one for school, one in parts.items() if school not in self._stopped}
        names = {shown.name for one in found.values() for shown in one.held.everything()}
        older: dict[str, HeldByPart] = {}
        for school in sorted(self._stopped & parts.keys()):
            older[school] = parts[school].older(lambda shown: shown.name not in names)
            names.update(shown.name for shown in older[school].held.everything())
        return {**older, **found}

    def make_parts(self, schools: Sequence[str], hands: int) -> Sequence[HeldByPart]:
        """What the parts of these schools hold, each made by one process or by all together."""
        sizes = [len(self._parts[school].own) for school in schools]
        shared = left_over(sizes, hands, _ALONE)
        apart = [school for number, school in enumerate(schools) if number != shared]
        if apart:
            load_primitives()  # helpers begin as copies of this process
        with Crew({"part": self._make_part}, hands if len(apart) > 1 else 1) as crew:
            made = crew.do([("part", school) for school in apart])
        if shared is not None:
            made.insert(shared, self._make_part(schools[shared], hands))
        return made

    def _make_part(self, school: str, hands: int = 1) -> HeldByPart:
        part, tools = self._parts[school], self._tools
        view = self._open(part)
        maker = PortalMaker(view, tools.render, tools.keep, tools.before(view, school), part)
        found = held_by_part(maker, view, school, self._workspace.plan.crossing, hands)
        return self.keep_part(school, found)

    def keep_part(self, school: str, found: HeldByPart) -> HeldByPart:
        """Leaves to the next build what a part holds, once it is published."""
        part = self._parts[school]
        self._later.write(f"held {school}", (self._key(part), found))
        return found

    def _known_part(self, school: str) -> HeldByPart | None:
        """What an earlier build has made of a part, if it would be the same and is all there."""
        found = self._workspace.cache.kept(f"held {school}", self._key(self._parts[school]))
        if not isinstance(found, HeldByPart):
            return None
        return found if all(map(self._tools.is_there, found.held.everything())) else None

    def _last_part(self, school: str) -> HeldByPart:
        """What the last good build made of a school, as far as it is there for the same keys."""
        found = self._workspace.cache.read(f"held {school}")
        last = found[1] if isinstance(found, tuple) else None
        if not isinstance(last, HeldByPart):
            return _NOTHING
        return last.older(self._tools.is_there)

    def _files_made(self, homes: Mapping[str, Homes], hands: int) -> list[FilesOfPart]:
        """The take-away files of people who take part at several schools."""
        people = self._workspace.shared.people
        keyring = self._workspace.shared.keyring
        wanted: defaultdict[str, dict[str, Homes]] = defaultdict(dict)
        for person in sorted(self._workspace.plan.crossing):
            home = self._homes[people[person].path] if person in people else None
            if home is not None and home not in self._stopped and keyring.current(person):
                wanted[home][person] = homes.get(person, {})
        found = {school: self._known_files(school, own) for school, own in wanted.items()}
        anew = {school: own for school, own in wanted.items() if found[school] is None}
        made = dict(zip(anew, self.make_files(anew, hands), strict=True))
        return [  # what is older comes first: whoever has gone to another school has newer ones
            *map(self._last_files, sorted(self._stopped)),
            *(made.get(school) or found[school] or {} for school in wanted),
        ]

    def make_files(
        self, wanted: Mapping[str, Mapping[str, Homes]], hands: int
    ) -> Sequence[FilesOfPart]:
        """Makes take-away files of people, by the school that they are at home in."""
        with Crew({"files": self._make_files}, hands) as crew:
            return crew.do([("files", both) for both in wanted.items()])

    def _last_files(self, school: str) -> FilesOfPart:
        """The same of a school that is stopped, as the last good build made them."""
        found = self._workspace.cache.read(f"files {school}")
        last = found[1] if isinstance(found, tuple) else None
        if not isinstance(last, dict):
            return {}
        return _whole(last, self._tools.is_there)

    def _known_files(self, school: str, homes: Mapping[str, Homes]) -> FilesOfPart | None:
        """What an earlier build has made of them, if it would be the same and is all there."""
        found = self._workspace.cache.kept(f"files {school}", self._files_key(school, homes))
        is_whole = isinstance(found, dict) and all(
            map(self._tools.is_there, chain(*found.values()))
        )
        return cast("FilesOfPart", found) if is_whole else None

    def _make_files(self, given: tuple[str, Mapping[str, Homes]]) -> FilesOfPart:
        school, homes = given
        part, tools = self._parts[school], self._tools
        maker = PortalMaker(self._open(part), tools.render, tools.keep, part=part)
        return self.keep_files(school, homes, maker.make_files(homes))

    def keep_files(self, school: str, homes: Mapping[str, Homes], made: FilesOfPart) -> FilesOfPart:
        """Leaves take-away files to the next build, once they are published."""
        self._later.write(f"files {school}", (self._files_key(school, homes), made))
        return made

    def _files_key(self, school: str, homes: Mapping[str, Homes]) -> bytes:
        places = hashlib.blake2b(repr(homes).encode(), digest_size=_SIZE).digest()
        return self._key(self._parts[school]) + places

    def _open(self, part: Part) -> View:
        """The view of a part as it was checked; BuildError where somebody has written to it since.

        What nobody has checked must not be shown.
        """
        book = self._workspace.book_of(part)
        if not self._workspace.is_as_indexed(book):
            raise BuildError(
                "a record was changed while the site was being built", hint="build again"
            )
        return open_view(book, self._about(part), self._stopped)

    def _about(self, part: Part) -> tuple[Diagnostic, ...]:
        """What was found that a page of the part may show or heed."""
        visiting = frozenset(part.visiting)
        return tuple(
            one
            for one in self._findings
            if one.consequence is Consequence.HELD_BACK
            or one.school == part.school
            or one.path in visiting
            or self._homes.get(one.path, part.school) == part.school
            or one.path in self._shared
        )

    def _key(self, part: Part) -> bytes:
        """A hash of everything that the pages of a part follow from."""
        found = hashlib.blake2b(self._workspace.prints[part.school], digest_size=_SIZE)
        found.update(self._tools.stamp)
        found.update(repr(self._about(part)).encode("utf-8", "surrogatepass"))
        found.update(repr((sorted(self._workspace.plan.crossing), sorted(self._stopped))).encode())
        return found.digest()

    def _size(self, school: str) -> int:
        """The largest part is begun first."""
        return -len(self._parts[school].own)

    def _by_reader(self, found: Iterable[Mapping[str, T]]) -> dict[str, T]:
        """What there is for each reader: people in the order of the book, and then roles."""
        joined = {reader: one for part in found for reader, one in part.items()}
        people = [one for one in self._workspace.shared.people if one in joined]
        return {one: joined[one] for one in (*people, *sorted(joined.keys() - set(people)))}


def held_by_part(
    maker: PortalMaker, view: View, school: str, crossing: frozenset[str], hands: int = 1
) -> HeldByPart:
    """What the part of a school holds; `crossing` are the people whose files are made later."""
    held = maker.make_held(hands, later=crossing)
    share = trust_share(view, school) if school in view.book.schools else {}
    pages = tuple(_let_go(page, crossing) for page in held.pages)
    return HeldByPart(replace(held, pages=pages), share)


def _let_go(page: tuple[Order, Shown], crossing: frozenset[str]) -> tuple[Order, Shown]:
    """A page without the list of what stands on it, where only its own part asks for that."""
    order, one = page
    is_asked = not crossing.isdisjoint(one.audience.principals or ())
    return page if is_asked else (order, replace(one, holds=()))


def _whole(
    found: Mapping[str, tuple[Shown, ...]], is_wanted: Callable[[Shown], bool]
) -> dict[str, tuple[Shown, ...]]:
    """What there is for each reader of whose fragments every one is wanted."""
    return {one: kept for one, kept in found.items() if all(map(is_wanted, kept))}


def _bring(view: View, key: object, value: object) -> None:
    """Lets a view know what was worked out where the records are."""
    view.once(key, lambda: value)

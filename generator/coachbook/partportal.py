"""The portal of a workspace, school by school: each is made on top of what all share, and let go.

    made = PartedPortal(workspace, findings, tools).make(hands=2)

It is the portal that `PortalMaker` makes of the whole workspace, fragment by fragment. What a
school brings to the page about the trust comes along without the records behind it. Take-away
files of people who take part at several schools are made when all pages are known, and indexes
last. A school in which nothing has changed, and whose fragments are all there, is not loaded.
"""

from __future__ import annotations

import gc
import hashlib
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, TypeVar

from coachbook.diagnostics import Consequence
from coachbook.overviews.takeaway import homes_of
from coachbook.overviews.trust import trust_share
from coachbook.portal import Held, PortalMaker
from coachbook.views import open_view
from coachbook.workers import Crew

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from coachbook.book.parts import Part
    from coachbook.book.workspace import Workspace
    from coachbook.diagnostics import Diagnostic
    from coachbook.overviews.takeaway import Homes
    from coachbook.portal import Before, Keep, Order, Renderer, Shown
    from coachbook.views import View

T = TypeVar("T")

_SIZE = 16


@dataclass(frozen=True, slots=True)
class Tools:
    """How pages are rendered, where fragments go, and what an earlier build has left.

    `before` gives what is left of one school; `is_there` says whether a fragment is there as it
    would be made again; `stamp` is a hash of everything else that pages hang on.
    """

    render: Renderer
    keep: Keep
    before: Callable[[View, str], Before | None]
    is_there: Callable[[Shown], bool]
    stamp: bytes = b""


@dataclass(frozen=True, slots=True)
class HeldByPart:
    """What a part of a portal holds, and what its school brings to the page about the trust."""

    held: Held
    share: Mapping[object, object]


class PartedPortal:
    """Makes a portal from the parts of a workspace."""

    def __init__(self, workspace: Workspace, findings: Iterable[Diagnostic], tools: Tools) -> None:
        """Takes the workspace, what its check has found, and what pages are made with."""
        self._workspace = workspace
        self._findings = tuple(findings)
        self._tools = tools
        self._parts = {part.school: part for part in workspace.plan.parts}
        self._homes = {path: part.school for part in self._parts.values() for path in part.own}
        self._shared = frozenset(workspace.plan.shared)

    def make(self, hands: int = 1) -> tuple[Shown, ...]:
        """Everything that the portal holds; FlowError where a page would be too wide.

        Args:
            hands: how many processes may share the work.
        """
        view = open_view(self._workspace.shared, self._findings)  # before helpers are made
        parts = self._parts_made(hands)
        for part in parts:
            for key, value in part.share.items():
                _bring(view, key, value)
        maker = PortalMaker(view, self._tools.render, self._tools.keep)
        pages = chain(*(part.held.pages for part in parts), maker.make_trust())
        ordered = tuple(sorted(pages, key=itemgetter(0)))
        files = self._files_made(homes_of((o.audience, o.path, o.holds) for _, o in ordered), hands)
        everything = Held(
            pages=ordered,
            files=self._by_reader((*(part.held.files for part in parts), *files)),
            writing=self._by_reader(part.held.writing for part in parts),
            shelves=tuple(chain(*(part.held.shelves for part in parts))),
        ).everything()
        return (*everything, *maker.indexes(everything))

    def _parts_made(self, hands: int) -> list[HeldByPart]:
        """What each part holds, in the order of the parts."""
        found = {school: self._known_part(school) for school in self._parts}
        anew = [school for school, one in found.items() if one is None]
        if len(anew) == 1:
            found[anew[0]] = self._make_part(anew[0], hands)
        else:
            with Crew({"part": self._make_part}, hands) as crew:
                made = crew.do([("part", school) for school in sorted(anew, key=self._size)])
            found |= dict(zip(sorted(anew, key=self._size), made, strict=True))
        return [one for one in found.values() if one is not None]

    def _make_part(self, school: str, hands: int = 1) -> HeldByPart:
        part, tools = self._parts[school], self._tools
        view = self._open(part)
        maker = PortalMaker(view, tools.render, tools.keep, tools.before(view, school), part)
        held = maker.make_held(hands, later=self._workspace.plan.crossing)
        share = trust_share(view, school) if school in view.book.schools else {}
        found = HeldByPart(replace(held, pages=tuple(map(self._let_go, held.pages))), share)
        self._workspace.cache.write(f"held {school}", (self._key(part), found))
        del view, maker
        gc.collect()  # a book that nobody needs any more goes before the next one comes
        return found

    def _known_part(self, school: str) -> HeldByPart | None:
        """What an earlier build has made of a part, if it would be the same and is all there."""
        found = self._workspace.cache.kept(f"held {school}", self._key(self._parts[school]))
        if not isinstance(found, HeldByPart):
            return None
        return found if all(map(self._tools.is_there, found.held.everything())) else None

    def _let_go(self, page: tuple[Order, Shown]) -> tuple[Order, Shown]:
        """A page without the list of what stands on it, where only its own part asks for that."""
        order, one = page
        is_asked = not self._workspace.plan.crossing.isdisjoint(one.audience.principals or ())
        return page if is_asked else (order, replace(one, holds=()))

    def _files_made(
        self, homes: Mapping[str, Homes], hands: int
    ) -> list[Mapping[str, tuple[Shown, ...]]]:
        """The take-away files of people who take part at several schools."""
        people = self._workspace.shared.people
        keyring = self._workspace.shared.keyring
        wanted: defaultdict[str, dict[str, Homes]] = defaultdict(dict)
        for person in sorted(self._workspace.plan.crossing):
            if person in people and keyring.current(person):
                wanted[self._homes[people[person].path]][person] = homes.get(person, {})
        with Crew({"files": self._make_files}, hands) as crew:
            made: list[Mapping[str, tuple[Shown, ...]]] = crew.do(
                [("files", (school, own)) for school, own in wanted.items()]
            )
        return made

    def _make_files(
        self, given: tuple[str, Mapping[str, Homes]]
    ) -> Mapping[str, tuple[Shown, ...]]:
        school, homes = given
        part, tools, cache = self._parts[school], self._tools, self._workspace.cache
        key = self._key(part) + hashlib.blake2b(repr(homes).encode(), digest_size=_SIZE).digest()
        found = cache.kept(f"files {school}", key)
        if isinstance(found, dict) and all(map(tools.is_there, chain(*found.values()))):
            return found
        maker = PortalMaker(self._open(part), tools.render, tools.keep, part=part)
        made = maker.make_files(homes)
        cache.write(f"files {school}", (key, made))
        gc.collect()
        return made

    def _open(self, part: Part) -> View:
        return open_view(self._workspace.book_of(part), self._about(part))

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
        found.update(repr(sorted(self._workspace.plan.crossing)).encode())
        return found.digest()

    def _size(self, school: str) -> int:
        """The largest part is begun first."""
        return -len(self._parts[school].own)

    def _by_reader(self, found: Iterable[Mapping[str, T]]) -> dict[str, T]:
        """What there is for each reader: people in the order of the book, and then roles."""
        joined = {reader: one for part in found for reader, one in part.items()}
        people = [one for one in self._workspace.shared.people if one in joined]
        return {one: joined[one] for one in (*people, *sorted(joined.keys() - set(people)))}


def _bring(view: View, key: object, value: object) -> None:
    """Lets a view know what was worked out where the records are."""
    view.once(key, lambda: value)

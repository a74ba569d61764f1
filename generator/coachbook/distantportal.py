"""The portal of a workspace whose schools are made by the workers of a cluster.

    DistantPortal(workspace, findings, tools, stopped, away).make()

A worker reads the records of a school, makes its pages and seals them; sealed is all that comes
back, and only where the last site does not have the page just so. Everything that needs to know
of several schools is made here: the page about the trust, and indexes. What a worker gives is
written as it comes, so that nobody holds more than a school of it.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from coachbook.book.portion import PortionError, load_portion, portion_of
from coachbook.cluster import ClusterError, Distant, Failed, StrangeWorkerError
from coachbook.errors import BuildError
from coachbook.fragments import seal_fragment
from coachbook.lastsite import sealed_print
from coachbook.pages import open_templates, render_page, templates_stamp
from coachbook.partportal import HeldByPart, PartedPortal, held_by_part
from coachbook.portal import PortalMaker
from coachbook.values import frozen
from coachbook.views import open_view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from coachbook.audience import Audience
    from coachbook.book.portion import Portion
    from coachbook.book.workspace import Workspace
    from coachbook.cluster import Cluster
    from coachbook.diagnostics import Diagnostic
    from coachbook.fragments import Fragment
    from coachbook.overviews.takeaway import Homes
    from coachbook.pages import Templates
    from coachbook.partportal import FilesOfPart, Tools

_NAME = re.compile(r"[0-9a-f]{32}")


class SchoolsError(BuildError):
    """Schools that no worker could make, by their ids and each with the reason."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        """Takes the reasons by school."""
        super().__init__("; ".join(f"{school}: {why}" for school, why in reasons.items()))
        self.reasons = reasons


@frozen
class Away:
    """The cluster, what the last site has, and where a sealed fragment of a name is put."""

    cluster: Cluster
    prints: Mapping[str, bytes]
    put: Callable[[str, bytes], object]


@frozen(repr=False)
class Request:
    """What a worker is to make: the pages of a part, or some people's take-away files."""

    portion: Portion
    findings: tuple[Diagnostic, ...]
    stopped: frozenset[str]
    crossing: frozenset[str]
    look: bytes
    prints: Mapping[str, bytes]
    homes: Mapping[str, Homes] | None = None


@frozen(repr=False)
class MadeAway:
    """What a worker has made, and the sealed fragments of it that are new, by name."""

    held: HeldByPart | None
    files: FilesOfPart
    sealed: Mapping[str, bytes]


class DistantPortal(PartedPortal):
    """Makes a portal by the workers of a cluster."""

    def __init__(
        self,
        workspace: Workspace,
        findings: Iterable[Diagnostic],
        tools: Tools,
        stopped: Iterable[str],
        away: Away,
    ) -> None:
        """Takes what a `PartedPortal` takes, and who makes its parts."""
        super().__init__(workspace, findings, tools, stopped)
        self._away = away

    def make_parts(self, schools: Sequence[str], _hands: int) -> Sequence[HeldByPart]:
        """What workers made of these schools; SchoolsError where one could not be made."""

        def take(school: str, made: MadeAway) -> HeldByPart:
            self._put(made)
            if made.held is None:
                raise ClusterError(f"a worker has made something else of {school}")
            return self.keep_part(school, made.held)

        answers = self._ask_for("part", Distant(make_away, self._request, take), schools)
        return [one for one in answers if isinstance(one, HeldByPart)]

    def make_files(
        self, wanted: Mapping[str, Mapping[str, Homes]], _hands: int
    ) -> Sequence[FilesOfPart]:
        """The files that workers made; SchoolsError where a school's could not be made."""

        def ask(school: str) -> Request:
            return self._request(school, wanted[school])

        def take(school: str, made: MadeAway) -> FilesOfPart:
            self._put(made)
            return self.keep_files(school, wanted[school], made.files)

        return self._ask_for("files", Distant(make_away, ask, take), tuple(wanted))

    def _ask_for(self, name: str, task: Distant, schools: Sequence[str]) -> list[Any]:
        crew = self._away.cluster.crew({name: task})
        answers = crew.do([(name, school) for school in schools])
        pairs = zip(schools, answers, strict=True)
        failed = {school: one.reason for school, one in pairs if isinstance(one, Failed)}
        if "" in failed:
            raise ClusterError(f"what belongs to no school was not made: {failed['']}")
        if failed:
            raise SchoolsError(failed)
        return answers

    def _request(self, school: str, homes: Mapping[str, Homes] | None = None) -> Request:
        part = self._parts[school]
        return Request(
            portion=portion_of(self._workspace, part),
            findings=self._about(part),
            stopped=self._stopped,
            crossing=self._workspace.plan.crossing,
            look=self._tools.stamp,
            prints=self._away.prints,
            homes=homes,
        )

    def _put(self, made: MadeAway) -> None:
        for name, sealed in made.sealed.items():
            if not _NAME.fullmatch(name):
                raise ClusterError("a worker has named a page as none is named")
            self._away.put(name, sealed)


def make_away(request: Request) -> MadeAway:
    """In a worker: what was asked for, sealed with random numbers of the worker's own."""
    try:
        book = load_portion(request.portion)
    except PortionError as error:
        raise StrangeWorkerError(error.message, hint=error.hint) from error
    if templates_stamp(book.root) != request.look:
        raise StrangeWorkerError(
            "a worker does not see the same templates or settings",
            hint="let every computer see the whole workspace, and not its records alone",
        )
    templates = _templates_at(book.root, request.look)
    sealed: dict[str, bytes] = {}

    def render(name: str, model: Mapping[str, object], audience: Audience) -> str:
        return render_page(templates, name, model, audience)

    def keep(fragment: Fragment) -> None:
        print_ = sealed_print(fragment.print, fragment.audience, book)
        if request.prints.get(fragment.name) != print_:
            sealed[fragment.name] = seal_fragment(fragment, book, os.urandom)

    view, part = open_view(book, request.findings, request.stopped), request.portion.part
    maker = PortalMaker(view, render, keep, part=part)
    if request.homes is not None:
        return MadeAway(None, maker.make_files(request.homes), sealed)
    held = held_by_part(maker, view, part.school, request.crossing)
    return MadeAway(held, {}, sealed)


@lru_cache(maxsize=1)
def _templates_at(root: Path, _look: bytes) -> Templates:
    """The templates of a workspace, compiled once for as long as they look the same."""
    return open_templates(root)

"""The check of a workspace, school by school: what has not changed since is not even loaded.

    checked = check_workspace(workspace, hands=2)
    checked.findings, checked.tally(("records/otterbeck",))
    check_workspace(workspace, chosen=(session,)).about((session,))     # its school alone

Each school is checked by whichever process is free, the largest first, and let go again; what
comes back is what was found. In the cache it stands beside a hash of everything that it follows
from, so a school in which nothing has changed is taken over as it was. The workers of a cluster
check schools in the same way; one that they cannot check is named, and all others are checked.
"""

from __future__ import annotations

import hashlib
from dataclasses import field, replace
from typing import TYPE_CHECKING, cast

from coachbook.book import covers
from coachbook.book.files import covered, is_under
from coachbook.book.portion import PortionError, load_portion, portion_of
from coachbook.cluster import ClusterError, Distant, Failed, StrangeWorkerError
from coachbook.copies import without_collection
from coachbook.rules import Tally
from coachbook.rules.parting import FoundInPart, check_part, joined
from coachbook.values import frozen
from coachbook.workers import Crew, left_over

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from coachbook.book import Book
    from coachbook.book.parts import Part
    from coachbook.book.portion import Portion
    from coachbook.book.workspace import Workspace
    from coachbook.cluster import Cluster
    from coachbook.diagnostics import Diagnostic

_JOINED_TYPES = frozenset({"person", "waiver"})
"""Types of record about which another school may have something to say."""

_BESIDE = ("records/keys", "records/forms")
_ALONE = 0.5
"""How much of the check of a school helpers cannot share: loading it."""


@frozen
class Checked:
    """What was found in a workspace: all findings, in the order of reports, and by school."""

    findings: tuple[Diagnostic, ...]
    paths: tuple[str, ...]
    parts: Mapping[str, FoundInPart]
    own: Mapping[str, tuple[str, ...]]
    """The files that each part is judged by, in the order of what was found in it."""
    failed: Mapping[str, str] = field(default_factory=dict)
    """The schools that could not be checked, each with the reason."""

    def about(self, chosen: Sequence[str] | None) -> tuple[Diagnostic, ...]:
        """The findings in some files and folders; all of them where none are chosen."""
        if chosen is None:
            return self.findings
        names = frozenset(one.rstrip("/") or "." for one in chosen)
        return tuple(one for one in self.findings if is_under(one.path, names))

    @property
    def unreadable(self) -> frozenset[str]:
        """The files that hold no record, of those that were looked at."""
        return frozenset(path for part in self.parts.values() for path in part.unreadable)

    def tally(self, chosen: Sequence[str] | None = None) -> Tally:
        """How many files were checked, and how many sealed sections whose text nobody could see."""
        paths = self.paths if chosen is None else covered(self.paths, chosen)
        asked = None if chosen is None else frozenset(paths)
        sealed = sum(
            count
            for school, part in self.parts.items()
            for path, count in zip(self.own[school], part.sealed, strict=True)
            if asked is None or path in asked
        )
        return Tally(files=len(paths), sealed_sections=sealed)


def check_workspace(
    workspace: Workspace,
    *,
    hands: int = 1,
    cluster: Cluster | None = None,
    chosen: Sequence[str] | None = None,
) -> Checked:
    """Everything that is wrong in a workspace.

    Args:
        workspace: its files and books.
        hands: how many processes may share the work.
        cluster: whose workers check the schools, where there are several.
        chosen: the files and folders that are asked about; what is found in them is what there
            is to find, and no school is looked at that nothing in them hangs on.
    """
    asked = workspace.plan.parts if chosen is None else parts_about(workspace, chosen)
    is_all = len(asked) == len(workspace.plan.parts)
    with without_collection():
        checking = _Parts(workspace, hands, cluster)
        parts = checking.check(asked)
        key = _key(workspace)
        known = workspace.cache.kept("found", key) if workspace.is_parted else None
        findings = known or joined(workspace.shared, tuple(parts.values()))
        is_lasting = not checking.failed and all(part.is_lasting for part in parts.values())
        if workspace.is_parted and is_all and known is None and is_lasting:
            workspace.cache.write("found", (key, findings))
    everything = cast("tuple[Diagnostic, ...]", findings)
    own = {part.school: part.own for part in asked}
    return Checked(everything, workspace.listing.records, parts, own, checking.failed)


def parts_about(workspace: Workspace, chosen: Sequence[str]) -> tuple[Part, ...]:
    """The parts in which anything about these files and folders can be found.

    A record is judged where it is at home. What is found about a person, a key or a form, or
    about a waiver, is put together from all of them.
    """
    lines = workspace.lines if workspace.is_parted else None
    asked = covered(workspace.listing.records, chosen)
    kinds = zip(lines.paths, lines.types, strict=True) if lines else ()
    is_joined = any(kind in _JOINED_TYPES for path, kind in kinds if path in asked)
    if is_joined or lines is None or any(map(_is_beside, chosen)):
        return workspace.plan.parts
    return tuple(part for part in workspace.plan.parts if not asked.isdisjoint(part.own))


def _is_beside(path: str) -> bool:
    """Whether a file or folder is or may hold a key or a form."""
    return any(covers(path, (folder,)) or covers(folder, (path,)) for folder in _BESIDE)


def check_portion(portion: Portion) -> FoundInPart:
    """In a worker of a cluster: what is found in a part."""
    try:
        book = load_portion(portion)
    except PortionError as error:
        raise StrangeWorkerError(error.message, hint=error.hint) from error
    return check_part(book, portion.part)


class _Parts:
    """The parts of a workspace, as they are checked."""

    def __init__(self, workspace: Workspace, hands: int, cluster: Cluster | None) -> None:
        self._workspace = workspace
        self._hands = hands
        self._cluster = cluster
        self.failed: dict[str, str] = {}

    def check(self, parts: Sequence[Part]) -> dict[str, FoundInPart]:
        """What is found in each part, by school."""
        found = {part.school: self._known(part) for part in parts}
        anew = sorted((p for p in parts if found[p.school] is None), key=_size, reverse=True)
        if anew and self._cluster and self._workspace.is_parted:
            found |= self._handed_over(anew, self._cluster)
        else:
            found |= self._shared_out(anew)
        return {school: one for school, one in found.items() if one is not None}

    def _shared_out(self, parts: Sequence[Part]) -> dict[str, FoundInPart]:
        """Checks each part in one process, but for one that all of them share."""
        shared = left_over([_size(part) for part in parts], self._hands, _ALONE)
        by_school = {one.school: one for number, one in enumerate(parts) if number != shared}
        if by_school:
            _ = self._workspace.shared  # so that each helper begins with it

        def check(school: str) -> FoundInPart:
            return self._check(by_school[school], 1)

        with Crew({"check": check}, self._hands if len(by_school) > 1 else 1) as crew:
            made = crew.do([("check", school) for school in by_school])
        found = dict(zip(by_school, made, strict=True))
        if shared is not None:
            found[parts[shared].school] = self._check(parts[shared], self._hands)
        return found

    def _handed_over(self, parts: Iterable[Part], cluster: Cluster) -> dict[str, FoundInPart]:
        by_school = {part.school: part for part in parts}
        book = self._workspace.shared

        def ask(school: str) -> Portion:
            return portion_of(self._workspace, by_school[school])

        def take(school: str, found: FoundInPart) -> FoundInPart:
            return self._kept(school, found, book)

        crew = cluster.crew({"check": Distant(check_portion, ask, take)})
        answers = crew.do([("check", school) for school in by_school])
        found = dict(zip(by_school, answers, strict=True))
        self.failed = {one: why.reason for one, why in found.items() if isinstance(why, Failed)}
        if "" in self.failed:
            raise ClusterError(f"what belongs to no school was not checked: {self.failed['']}")
        return {one: kept for one, kept in found.items() if one not in self.failed}

    def _check(self, part: Part, hands: int) -> FoundInPart:
        workspace = self._workspace
        book = workspace.book_of(part)
        found = check_part(book, part, workspace.cache, hands)
        return self._kept(part.school, found, book) if workspace.is_parted else found

    def _kept(self, school: str, found: FoundInPart, book: Book) -> FoundInPart:
        """What was found, left to the next run where the files are still those of the index."""
        workspace = self._workspace
        if not workspace.is_as_indexed(book):
            return replace(found, is_lasting=False)
        workspace.cache.write(f"found {school}", (workspace.prints[school], found))
        return found

    def _known(self, part: Part) -> FoundInPart | None:
        if not self._workspace.is_parted:
            return None
        key = self._workspace.prints[part.school]
        found = self._workspace.cache.kept(f"found {part.school}", key)
        return found if isinstance(found, FoundInPart) else None


def _size(part: Part) -> int:
    return len(part.own) + len(part.visiting)


def _key(workspace: Workspace) -> bytes:
    """A hash of everything that the findings in the whole workspace follow from."""
    if not workspace.is_parted:
        return b""
    found = hashlib.blake2b(repr(workspace.listing.findings).encode("utf-8", "surrogatepass"))
    for print_ in workspace.prints.values():
        found.update(print_)
    return found.digest()

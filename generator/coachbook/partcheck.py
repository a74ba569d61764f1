"""The check of a workspace, school by school: what has not changed since is not even loaded.

    checked = check_workspace(workspace, hands=2)
    checked.findings, checked.tally(("records/otterbeck",))

Each school is checked by whichever process is free, the largest first, and let go again; what
comes back is what was found. In the cache it stands beside a hash of everything that it follows
from, so a school in which nothing has changed is taken over as it was.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from coachbook.book import covers, without_collection
from coachbook.rules import Tally
from coachbook.rules.parting import FoundInPart, check_part, joined
from coachbook.workers import Crew

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from coachbook.book.parts import Part
    from coachbook.book.workspace import Workspace
    from coachbook.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in a workspace: all findings, in the order of reports, and by school."""

    findings: tuple[Diagnostic, ...]
    paths: tuple[str, ...]
    parts: Mapping[str, FoundInPart]

    def about(self, chosen: Sequence[str] | None) -> tuple[Diagnostic, ...]:
        """The findings in some files and folders; all of them where none are chosen."""
        return tuple(one for one in self.findings if chosen is None or covers(one.path, chosen))

    def tally(self, chosen: Sequence[str] | None = None) -> Tally:
        """How many files were checked, and how many sealed sections whose text nobody could see."""
        paths = [one for one in self.paths if chosen is None or covers(one, chosen)]
        sealed: dict[str, int] = {}
        for part in self.parts.values():
            sealed |= part.sealed
        return Tally(files=len(paths), sealed_sections=sum(sealed.get(one, 0) for one in paths))


def check_workspace(workspace: Workspace, *, hands: int = 1) -> Checked:
    """Everything that is wrong in a workspace.

    Args:
        workspace: its files and books.
        hands: how many processes may share the work.
    """
    plan = workspace.plan
    with without_collection():
        parts = _Parts(workspace, hands).check(plan.parts)
        key = _key(workspace)
        known = workspace.cache.kept("found", key) if workspace.is_parted else None
        findings = known or joined(workspace.shared, tuple(parts.values()))
        is_lasting = all(part.is_lasting for part in parts.values())
        if workspace.is_parted and known is None and is_lasting:
            workspace.cache.write("found", (key, findings))
    return Checked(cast("tuple[Diagnostic, ...]", findings), workspace.listing.records, parts)


class _Parts:
    """The parts of a workspace, as they are checked."""

    def __init__(self, workspace: Workspace, hands: int) -> None:
        self._workspace = workspace
        self._hands = hands

    def check(self, parts: Sequence[Part]) -> dict[str, FoundInPart]:
        """What is found in each part, by school."""
        found = {part.school: self._known(part) for part in parts}
        anew = sorted((p for p in parts if found[p.school] is None), key=_size, reverse=True)
        if len(anew) == 1:
            found[anew[0].school] = self._check(anew[0], self._hands)
        elif anew:
            found |= self._shared_out(anew)
        return {school: one for school, one in found.items() if one is not None}

    def _shared_out(self, parts: Iterable[Part]) -> dict[str, FoundInPart]:
        _ = self._workspace.shared  # so that each helper begins with it
        by_school = {part.school: part for part in parts}

        def check(school: str) -> FoundInPart:
            return self._check(by_school[school], 1)

        with Crew({"check": check}, self._hands) as crew:
            found = crew.do([("check", school) for school in by_school])
        return dict(zip(by_school, found, strict=True))

    def _check(self, part: Part, hands: int) -> FoundInPart:
        workspace = self._workspace
        book = workspace.book_of(part)
        found = check_part(book, part, workspace.cache, hands)
        if workspace.is_parted and not workspace.is_as_indexed(book):
            return replace(found, is_lasting=False)
        if workspace.is_parted:
            key = workspace.prints[part.school]
            workspace.cache.write(f"found {part.school}", (key, found))
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

"""Two states of a workspace beside each other, as far as their records differ.

    before, now = states_of(workspace, tracked, contents)

Where people, roles, policies, keys and forms are what they were, a record has other readers than
before only if it, or what it leads to, has changed. So the schools in which something has changed
are loaded in both states, with those that have to do with them, and the others not at all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coachbook.book.assembly import assemble_on
from coachbook.book.files import IGNORED, print_of
from coachbook.book.lines import scan
from coachbook.book.loading import extend
from coachbook.book.parsed import Parsed
from coachbook.book.parts import plan_parts
from coachbook.book.reading import ReadRecords, read_records
from coachbook.cache import FORGETFUL
from coachbook.record import Record, parse_record
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from coachbook.book.model import Book
    from coachbook.book.parts import Plan
    from coachbook.book.workspace import Workspace

_RECORD = re.compile(r"records/(?!keys/|forms/)(?:[A-Za-z0-9][A-Za-z0-9._@-]*/)*[^/]*\.md")
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]*")


def states_of(
    workspace: Workspace, tracked: Collection[str], contents: Mapping[str, bytes]
) -> tuple[Book, Book] | None:
    """The books of the earlier state and of this one; None where they have to be whole.

    They hold every record that differs, and every record whose readers may. Where it can't be
    read, a record of the earlier state is left out without a word.

    Args:
        workspace: as it is now.
        tracked: the files that there were.
        contents: what was in those of them that are different now, or gone.
    """
    if not workspace.is_parted:
        return None
    listing = workspace.listing
    there = {*listing.records, *listing.forms, *listing.keys}
    there |= {path for path in IGNORED if (workspace.root / path).is_file()}
    added = there.difference(tracked)
    differing = added.union(contents)
    if not all(map(_is_record, differing)):
        return None
    now = _Homes.of(workspace.plan)
    then = _Homes.of(_plan_then(workspace, added, contents))
    if not now.common.isdisjoint(differing) or not then.common.isdisjoint(differing):
        return None
    schools = now.around(differing) | then.around(differing)
    book = extend(workspace.shared, sorted(now.beside(schools)))
    return _earlier(book, workspace.shared, then.beside(schools), contents), book


def _plan_then(workspace: Workspace, added: Collection[str], contents: Mapping[str, bytes]) -> Plan:
    """The parts of the earlier state."""
    lines = workspace.lines.lines()
    changed = {path: scan(path, data) for path, data in contents.items()}
    if not added and all(lines.get(path) == line for path, line in changed.items()):
        return workspace.plan
    kept = {path: line for path, line in lines.items() if path not in added}
    return plan_parts(dict(sorted({**kept, **changed}.items())))


def _is_record(path: str) -> bool:
    """Whether a file is a record by its name, so neither a key nor a form nor anything else."""
    name = path.rpartition("/")[2]
    return bool(_RECORD.fullmatch(path) and _PLAIN.fullmatch(name)) and path not in IGNORED


@frozen
class _Homes:
    """A plan, and the school at which each record is at home."""

    plan: Plan
    schools: Mapping[str, str]
    common: frozenset[str]

    @classmethod
    def of(cls, plan: Plan) -> _Homes:
        schools = {path: part.school for part in plan.parts for path in part.own}
        return cls(plan, schools, frozenset(plan.shared))

    def around(self, paths: Collection[str]) -> set[str]:
        """The schools of some records, and those of whatever has to do with one of these."""
        near = {self.schools[path] for path in paths if path in self.schools}
        parts = [part for part in self.plan.parts if part.school in near]
        return near.union(self.schools[path] for part in parts for path in part.visiting)

    def beside(self, schools: Collection[str]) -> set[str]:
        """What some schools have beside what all share."""
        parts = [part for part in self.plan.parts if part.school in schools]
        return {path for part in parts for path in self.plan.beside(part)}


def _earlier(
    now: Book, shared: Book, paths: Collection[str], contents: Mapping[str, bytes]
) -> Book:
    """The book of these files as they were; what has not changed is taken from the one of now."""
    same = {path: now.records[path] for path in paths if path in now.records.keys() - contents}
    unread = sorted(set(paths).difference(same, contents))
    read = read_records(now.root, unread, now.forms, Parsed(FORGETFUL, "", now.forms))
    found = {path: parse_record(path, contents[path]) for path in paths if path in contents}
    was = {path: one for path, one in found.items() if isinstance(one, Record)}
    prints = {path: now.prints[path] for path in same}
    prints |= {path: print_of(contents[path]) for path in was}
    merged = ReadRecords({**same, **read.records, **was}, (), (), {**read.prints, **prints})
    return assemble_on(shared, merged, now)

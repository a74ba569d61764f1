"""What one record hangs on, loaded without the other schools.

    for near in near_each(workspace, paths):
        near.book, near.own            # a school, and those of the records that are at home there
        near.knows(data)               # also all that this new record would hang on?

A school's part holds whatever its own records may look at, so each of them has the readers and
the findings there that it has in the whole. A record that is only being written may name somebody
or something of another school: then nothing less than the whole will do.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from coachbook.book.lines import armors_in, kept_name, names_in, scan, word_of
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from coachbook.book.model import Book
    from coachbook.book.parts import Part
    from coachbook.book.workspace import Workspace


@frozen
class Near:
    """A school of a workspace: its part and its book, and the records that were asked about."""

    workspace: Workspace
    part: Part
    book: Book
    own: tuple[str, ...] = ()

    def knows(self, data: bytes, path: str = "") -> bool:
        """Whether the book holds all that a record with these bytes would hang on.

        It does where nothing that is at home elsewhere is named in it, names it, or has its id or
        a sealed block of it, beside what the record that lies at `path` has in common already.
        """
        if not self.workspace.is_parted:
            return True
        names, blocks = names_in(data), armors_in(data)
        if path in self.book.records:
            known = self.book.records[path].encode()
            names, blocks = names - names_in(known), blocks - armors_in(known)
        here, lines = self.workspace.common.union(self.part.own), self.workspace.lines
        own = scan(path, data).id
        led_from = lines.naming(word_of(own)) if own in names else ()
        return here.issuperset(chain(lines.holders(names, blocks), led_from))


def near_each(workspace: Workspace, paths: Iterable[str]) -> Iterator[Near]:
    """The schools to which records belong, one after the other; what is no record is left out.

    A book is there until the next one is asked for.
    """
    wanted = frozenset(paths)
    for part in workspace.plan.parts:
        own = tuple(path for path in part.own if path in wanted)
        if own:
            yield _near(workspace, part, own)


def near_one(workspace: Workspace, paths: Iterable[str], school: str = "") -> Near | None:
    """The school to which records belong; None where they belong to several, or to none.

    Args:
        workspace: the files.
        paths: where the records lie.
        school: a school that it has to be, too.
    """
    if not workspace.is_parted:
        return _near(workspace, workspace.plan.parts[0], paths)
    wanted = frozenset(paths)
    found = [
        part
        for part in workspace.plan.parts
        if not wanted.isdisjoint(part.own) or (school and part.school == school)
    ]
    return _near(workspace, found[0], sorted(wanted)) if len(found) == 1 else None


def settled_in(workspace: Workspace, paths: Collection[str]) -> frozenset[str]:
    """Those of the records that belong to schools of which `settle` has been said.

    Nothing has changed in such a school since, nor in what all share.
    """
    if not workspace.is_parted:
        return frozenset()
    wanted = frozenset(paths)
    settled: set[str] = set()
    for part in workspace.plan.parts:
        is_whole = len(part.own) <= len(wanted) and wanted.issuperset(part.own)
        if is_whole and workspace.cache.kept(_settled(part), workspace.prints[part.school]):
            settled.update(part.own)
    return frozenset(settled)


def settle(near: Near) -> None:
    """Keeps that every record of a school can be read and has nothing to be sealed.

    Said of less than the whole school, or of files that have changed meanwhile, it is not kept.
    """
    workspace, part = near.workspace, near.part
    if workspace.is_parted and near.own == part.own and workspace.is_as_indexed(near.book):
        workspace.cache.write(_settled(part), (workspace.prints[part.school], True))


def _settled(part: Part) -> str:
    return f"settled {part.school}"


def near_for(workspace: Workspace, data: bytes) -> Near | None:
    """The school of a record that is not there yet; None where it would hang on others too."""
    near = near_one(workspace, (), scan("", data).school)
    return near if near is not None and near.knows(data) else None


def find_paths(workspace: Workspace, name: str) -> tuple[str, ...]:
    """The files of the records with an id."""
    if not workspace.is_parted:
        return tuple(record.path for record in workspace.shared.by_id.get(name, ()))
    return tuple(workspace.lines.holders(frozenset({kept_name(name)}), frozenset()))


def _near(workspace: Workspace, part: Part, own: Iterable[str]) -> Near:
    book = workspace.book_of(part)
    rest = _Rest(workspace, part) if workspace.is_parted else None
    return Near(workspace, part, replace(book, elsewhere=rest), tuple(own))


@frozen
class _Rest:
    """The records of a workspace beside those of one part, for whoever has to ask about them."""

    workspace: Workspace
    part: Part

    def ids(self) -> Iterable[str]:
        """The id of every record."""
        return self.workspace.ids

    def is_at_home(self, record: str) -> bool:
        """Whether the records with an id belong to the part."""
        found = find_paths(self.workspace, record)
        return bool(found) and frozenset(self.part.own).issuperset(found)

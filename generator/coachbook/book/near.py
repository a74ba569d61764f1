"""What one record hangs on, loaded without the other schools.

    for near in near_each(workspace, paths):
        near.book, near.own            # a school, and those of the records that are at home there
        near.knows(data)               # also all that this new record would hang on?

A school's part holds whatever its own records may look at, so each of them has the readers and
the findings there that it has in the whole. A record that is only being written may name somebody
or something of another school: then nothing less than the whole will do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coachbook.book.lines import armors_in, kept_name, names_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coachbook.book.model import Book
    from coachbook.book.parts import Part
    from coachbook.book.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Near:
    """A school of a workspace: its part and its book, and the records that were asked about."""

    workspace: Workspace
    part: Part
    book: Book
    own: tuple[str, ...] = ()

    def knows(self, data: bytes, path: str = "") -> bool:
        """Whether the book holds all that a record with these bytes would hang on.

        It does where the record names nothing, and has no id and no sealed block, that is at home
        elsewhere, or else only what the record that lies at `path` has already.
        """
        if not self.workspace.is_parted:
            return True
        names, blocks = names_in(data), armors_in(data)
        if path in self.book.records:
            known = self.book.records[path].encode()
            names, blocks = names - names_in(known), blocks - armors_in(known)
        here = frozenset(self.part.own)
        return here.issuperset(self.workspace.lines.holders(names, blocks))


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


def find_paths(workspace: Workspace, name: str) -> tuple[str, ...]:
    """The files of the records with an id."""
    if not workspace.is_parted:
        return tuple(record.path for record in workspace.shared.by_id.get(name, ()))
    return tuple(workspace.lines.holders(frozenset({kept_name(name)}), frozenset()))


def _near(workspace: Workspace, part: Part, own: Iterable[str]) -> Near:
    book = workspace.book_of(part)
    rest = _Rest(workspace, part) if workspace.is_parted else None
    return Near(workspace, part, replace(book, elsewhere=rest), tuple(own))


@dataclass(frozen=True, slots=True)
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

"""The desk with no more loaded than a command asks about: one school at a time.

    desk = open_desk_at("s-7kq2m4xa", directory, today)       # the school of one record
    for near, own in by_school(open_shared_desk(directory, today), paths):
        near.book, own

Where more is needed than one school, everything is loaded: nobody sees less for it.
"""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from coachbook.book.files import covered
from coachbook.book.near import find_paths, near_each, near_one
from coachbook.cli.context import open_workspace, relative_paths
from coachbook.cli.desk import desk_with
from coachbook.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from coachbook.book.workspace import Workspace
    from coachbook.cli.desk import Desk
    from coachbook.diagnostics import Diagnostic
    from coachbook.record import Record


def open_shared_desk(
    directory: Path | None,
    today: date | None,
    *,
    paths: tuple[Path, ...] = (),
    person: str = "",
) -> Desk:
    """The desk with no more than what all schools share; `by_school` and `desk_of` bring more."""
    existing = tuple(path for path in paths if path.exists())
    workspace = open_workspace(directory, today, paths=existing)
    return replace(desk_with(workspace.shared, person), workspace=workspace)


def open_desk_at(
    name: str, directory: Path | None, today: date | None, *, person: str = ""
) -> Desk:
    """The desk with the school of one record, by path or id; with everything if it isn't one's."""
    return desk_of(open_shared_desk(directory, today, paths=(Path(name),), person=person), name)


def desk_of(desk: Desk, *names: str, school: str = "") -> Desk:
    """The desk with the school to which all of these records belong, or else with everything."""
    if desk.workspace is None:
        return desk
    found = [_paths_of(desk.workspace, name) for name in names]
    paths = chain.from_iterable(found)
    near = near_one(desk.workspace, paths, school) if all(found) else None
    return replace(desk, book=near.book, near=near) if near else with_everything(desk)


def _paths_of(workspace: Workspace, name: str) -> tuple[str, ...]:
    """The files that are meant by an id, or by a path from here or from the workspace."""
    found = find_paths(workspace, name)
    if not found and name in workspace.listing.records:
        found = (name,)
    here = Path(os.path.abspath(name))  # noqa: PTH100 (resolve would follow links)
    if here.is_relative_to(workspace.root):
        where = here.relative_to(workspace.root).as_posix()
        found += tuple(covered(workspace.listing.records, (where,)))
    return found


def by_school(desk: Desk, paths: Iterable[str]) -> Iterator[tuple[Desk, tuple[str, ...]]]:
    """The desk with each school to which some of these records belong, and which of them do.

    A desk has its book until the next is asked for.
    """
    if desk.workspace is None:
        yield desk, tuple(path for path in paths if path in desk.book.records)
        return
    for near in near_each(desk.workspace, paths):
        yield replace(desk, book=near.book, near=near), near.own


def record_paths(desk: Desk) -> frozenset[str]:
    """Every file that has to be a record, whether it can be read or not."""
    if desk.workspace is None:
        return frozenset((*desk.book.records, *desk.book.unreadable))
    return frozenset(desk.workspace.listing.records)


def findings_in(desk: Desk, paths: Sequence[str]) -> tuple[tuple[Diagnostic, ...], frozenset[str]]:
    """What the check finds in some files and folders, and which of the files hold no record."""
    from coachbook.partcheck import check_workspace
    from coachbook.rules import check_book
    from coachbook.workers import processors

    if desk.workspace is None:
        return check_book(desk.book, paths), frozenset(desk.book.unreadable).intersection(paths)
    checked = check_workspace(desk.workspace, hands=processors(), chosen=paths)
    return checked.about(paths), checked.unreadable.intersection(paths)


def with_everything(desk: Desk) -> Desk:
    """The same desk with all schools."""
    if desk.workspace is None:
        return desk
    return replace(desk, book=desk.workspace.load_whole(), workspace=None, near=None)


def desk_for(desk: Desk, record: Record) -> Desk:
    """The same desk, or one with everything, where a record leads to what this one does not have.

    Args:
        desk: the desk.
        record: as it is to be written, or as it was.
    """
    is_known = desk.near is None or desk.near.knows(record.encode(), record.path)
    return desk if is_known else with_everything(desk)


def select_paths(desk: Desk, paths: Sequence[Path]) -> tuple[str, ...]:
    """The files at the paths and in the folders that have to be records; all without a path.

    Raises UsageError for a path with no record: a slip must not seal nothing in silence.
    """
    every = sorted(record_paths(desk))
    found: dict[str, None] = {} if paths else dict.fromkeys(every)
    for path, wanted in zip(paths, relative_paths(desk.book, paths), strict=True):
        under = covered(every, (wanted,))
        if not under:
            raise UsageError(f"there is no record at {path}", hint="records lie under records/")
        found |= dict.fromkeys(sorted(under))
    return tuple(found)

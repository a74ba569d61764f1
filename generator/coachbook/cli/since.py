"""The workspace beside an earlier state of it, for `check --since` and `keys approve`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.approvals import PATH, parse_approvals
from coachbook.book import load_book, read_text
from coachbook.book.states import states_of
from coachbook.errors import InputError, UsageError
from coachbook.private import explained, private_folder
from coachbook.rules import Since

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from coachbook.book import Book
    from coachbook.book.workspace import Workspace
    from coachbook.repository import Repository


def since_in(
    workspace: Workspace, repository: Repository, revision: str, environment: Mapping[str, str]
) -> Since:
    """The same from the files of a workspace, of which no more is loaded than has to be."""
    commit = repository.commit_of(revision)
    states = states_of(workspace, *repository.differing_since(commit))
    if states is None:
        return since_revision(workspace.load_whole(), repository, revision, environment)
    approvals = parse_approvals(read_text(workspace.shared, PATH))
    return Since(*states, approvals, approvals, revision)


def since_revision(
    book: Book, repository: Repository, revision: str, environment: Mapping[str, str]
) -> Since:
    """The book beside its state at a revision; both are looked at as of the same day.

    What git hands out lies in a private folder for as long as it is read. It holds what is
    committed, so nothing that is not in every clone.
    """
    commit = repository.commit_of(revision)
    with private_folder(environment) as folder:
        for path, content in repository.files_at(commit):
            _put(folder, path, content)
        try:
            before = load_book(folder, today=book.today)
        except InputError as error:
            raise UsageError(
                f"the records at {revision!r} cannot be looked at: {error.message}",
                hint="name a revision at which there were records already",
            ) from error
        earlier = parse_approvals(read_text(before, PATH))
    return Since(before, book, earlier, parse_approvals(read_text(book, PATH)), revision)


def _put(folder: Path, path: str, content: bytes) -> None:
    """Writes one file under the folder; git itself refuses paths that lead out of it."""
    place = folder / path
    if not place.resolve().is_relative_to(folder.resolve()):
        raise UsageError(f"the file {path!r} of that revision lies outside its folder")
    with explained(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)

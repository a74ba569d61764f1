"""`coachbook disposal`: the certificate that a repository and its copies were deleted."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import ask, is_at_terminal, say, workspace_options
from coachbook.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

    from coachbook.book import Book
    from coachbook.cli.desk import Desk

_NAME = "certificate-of-disposal"
_QUESTIONS = {
    "clones": "Who had a clone of the repository, and is each of them deleted?",
    "portal": "Where did portal and handbook lie, and are they taken down?",
    "backups": "Where were backups, and when are they overwritten or deleted?",
    "signed_by": "Who signs for it?",
}
_SHOWN = 5


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder for the certificate; not in the workspace.",
)
@click.option(
    "--next",
    "following",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The workspace in which work goes on, made by `coachbook rollover`.",
)
@click.option("--clones", help=_QUESTIONS["clones"])
@click.option("--portal", help=_QUESTIONS["portal"])
@click.option("--backups", help=_QUESTIONS["backups"])
@click.option("--signed-by", help=_QUESTIONS["signed_by"])
@click.option("--early", default="", help="Why records go whose time is not over.")
@workspace_options
def disposal(
    out: Path,
    following: Path | None,
    clones: str | None,
    portal: str | None,
    backups: str | None,
    signed_by: str | None,
    early: str,
    directory: Path | None,
    today: date | None,
) -> int:
    """Write the certificate for a repository that is being deleted.

    Run it in the old repository, last thing. It counts what was held, names
    the last commit, and asks where clones, portal and backups were. It stops
    where a record would go whose time is not over and that is not in the new
    repository. It deletes nothing. Two files: one to keep as text, one to
    print and sign.

    Example: coachbook disposal --out ../certificates --next ../coaching-2027
    """
    from coachbook.cli.desk import open_desk

    desk = open_desk(directory, today)
    _require_outside(desk, out)
    after = _following(desk, following)
    count = _require_time_over(desk.book, after, early)
    given = {"clones": clones, "portal": portal, "backups": backups, "signed_by": signed_by}
    answers = {name: text or _asked(name) for name, text in given.items()}
    for path in _write(desk, out, after, answers, (count, early)):
        click.echo(path)
    say("print the page and sign it; then delete the repository, its clones, backups and portal")
    return 0


def _require_outside(desk: Desk, out: Path) -> None:
    if out.resolve().is_relative_to(desk.book.root.resolve()):
        raise UsageError(
            f"{out} lies in the workspace that is being deleted",
            hint="keep the certificate elsewhere, such as ../certificates",
        )


def _following(desk: Desk, folder: Path | None) -> Book | None:
    from coachbook.book import find_root, load_book

    if folder is None:
        return None
    found = load_book(find_root(folder), today=desk.book.today)
    if found.trust.workspace != desk.book.trust.workspace or found.root == desk.book.root:
        raise UsageError(
            f"{folder} does not go on from this workspace",
            hint="name the folder that coachbook rollover made from it",
        )
    return found


def _require_time_over(book: Book, after: Book | None, early: str) -> int:
    """How many records go before their time; raises UsageError where nobody has said why."""
    from coachbook.disposal import gone_too_early, open_requests

    waiting = open_requests(after or book)
    if waiting:
        raise UsageError(
            f"{waiting[0]}: somebody waits for what is held about them",
            hint="answer the request first, and write the day into its record as `answered_on`",
        )
    found = gone_too_early(book, after)
    if found and not early.strip():
        listed = "\n".join(
            f"{one.path}: {f'until {one.until}' if one.until else one.state.value}"
            for one in found[:_SHOWN]
        )
        raise UsageError(
            f"{len(found)} {'record is' if len(found) == 1 else 'records are'} to be kept for "
            "longer, or nobody can tell, and not in a new repository",
            hint=f"{listed}\nname the new repository with --next, or say with --early why they go",
        )
    return len(found)


def _asked(name: str) -> str:
    if not is_at_terminal():
        raise UsageError(
            f"the certificate needs an answer: {_QUESTIONS[name]}",
            hint=f"add --{name.replace('_', '-')}, or run this at a terminal",
        )
    answer = ""
    while not answer.strip():
        answer = ask(_QUESTIONS[name])
    return answer


def _write(
    desk: Desk,
    out: Path,
    after: Book | None,
    answers: dict[str, str],
    early: tuple[int, str],
) -> tuple[Path, ...]:
    from coachbook.disposal import (
        Certificate,
        Copies,
        format_certificate,
        format_certificate_page,
        what_was_held,
    )
    from coachbook.private import replace_file

    book = desk.book
    commit, commits = _commits(desk, book.root)
    one = Certificate(
        trust=book.trust.name,
        workspace=book.trust.workspace,
        commit=commit,
        commits=commits,
        day=book.today,
        signed_by=answers["signed_by"],
        held=what_was_held(book, after),
        copies=Copies(answers["clones"], answers["portal"], answers["backups"]),
        following=_commits(desk, after.root)[0] if after else "",
        early=early[0],
        reason=early[1].strip(),
    )
    files = {".md": format_certificate(one), ".html": format_certificate_page(one)}
    paths = [out / f"{_NAME}-{book.today}{ending}" for ending in files]
    for path in paths:
        if os.path.lexists(path):
            raise UsageError(f"{path} is there already", hint="name another folder with --out")
    for path, text in zip(paths, files.values(), strict=True):
        replace_file(path, text.encode())
    return tuple(paths)


def _commits(desk: Desk, root: Path) -> tuple[str, int]:
    """The last commit and how many there are; nothing where there is no repository."""
    from coachbook.repository import Repository

    repository = Repository(root, desk.repository.environment)
    if repository.settings() is None:
        return "", 0
    return repository.commit_of("HEAD"), repository.count_commits()

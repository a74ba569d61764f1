"""What commands share: options, where the workspace is, what today is.

Writing to the terminal: the answer to stdout with `click.echo`, talk to
stderr with `say`. Nothing here decides anything about records.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coachbook.book import Book, find_root, load_book
from coachbook.book.workspace import Workspace
from coachbook.cache import FOLDER, FORGETFUL, Cache, open_cache
from coachbook.dates import DateFault, parse_date
from coachbook.errors import UsageError
from coachbook.workers import processors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from coachbook.cluster import Cluster

Command = Any


class DateType(click.ParamType[dt.date]):
    """An ISO date on the command line, such as 2026-11-12."""

    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.date:
        """Reads the date, or says how to write one; it is one that a record could have."""
        if isinstance(value, dt.date):
            return value
        try:
            found = parse_date(dt.date.fromisoformat(str(value)).isoformat())
        except ValueError:
            self.fail(f"{value!r} is not a date; write it as 2026-11-12", param, ctx)
        if isinstance(found, DateFault):
            self.fail(f"{value!r}: {found.message}", param, ctx)
        return found


def today_option(command: Command) -> Command:
    """Adds `--today DATE`."""
    return click.option(
        "--today", type=DateType(), help="Take this day as today, such as 2026-11-12."
    )(command)


def directory_option(command: Command) -> Command:
    """Adds `-C DIR`, the workspace."""
    return click.option(
        "-C",
        "--directory",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        default=None,
        help="The workspace; by default the folder you are in or one above it.",
    )(command)


def workspace_options(command: Command) -> Command:
    """Adds `-C DIR` and `--today DATE`."""
    return directory_option(today_option(command))


def cache_option(command: Command) -> Command:
    """Adds `--no-cache`."""
    return click.option(
        "--no-cache", is_flag=True, help="Take nothing over from an earlier run, and keep nothing."
    )(command)


def scheduler_option(command: Command) -> Command:
    """Adds `--scheduler ADDRESS`."""
    return click.option(
        "--scheduler",
        metavar="ADDRESS",
        help="Share the schools out among the workers of a dask cluster, such as "
        "tcp://host:8786, or `local` for this computer's own. They read the records from a "
        "folder that all of them see under the same name.",
    )(command)


@contextmanager
def cluster_at(address: str | None, workspace: Workspace) -> Iterator[Cluster | None]:
    """The cluster whose scheduler has this address; None where there is no address.

    The records are looked through before: processes can't be copied any more once it is there.
    """
    if address is None:
        yield None
        return
    from coachbook.cluster import open_cluster

    _ = workspace.plan
    with open_cluster(address) as cluster:
        yield cluster


def workspace_cache(root: Path, *, unused: bool) -> Cache:
    """The store of what an earlier run has worked out; a forgetful one where none is wanted.

    Says so where one was asked for by name and can't be used: every run would take its full time.
    """
    if unused:
        return FORGETFUL
    variables = environment()
    found = open_cache(variables, root)
    if variables.get(FOLDER) and not found.is_lasting:
        say(f"nothing is kept for the next run: {FOLDER} names {variables[FOLDER]}")
        say("hint: name a folder that is your own, that nobody else may look into")
    return found


def say(text: str) -> None:
    """Prints talk to stderr."""
    click.echo(text, err=True)


def is_at_terminal() -> bool:
    """True where somebody can be asked: the input is a terminal, not a pipe or closed."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask(words: str) -> str:
    """Asks on the terminal; an empty answer is an answer."""
    end = " " if words.endswith("?") else ": "
    answer: str = click.prompt(words, default="", show_default=False, err=True, prompt_suffix=end)
    return answer


def system_clock() -> dt.datetime:
    """Now, in UTC; the one place where a command asks the clock."""
    return dt.datetime.now(tz=dt.UTC)


def environment() -> dict[str, str]:
    """The environment, read once; handed on as an argument."""
    return dict(os.environ)


def open_book(
    directory: Path | None,
    today: dt.date | None,
    *,
    paths: tuple[Path, ...] = (),
    clock: Callable[[], dt.datetime] = system_clock,
) -> Book:
    """Loads the workspace around `directory`, the first path, or the current folder."""
    return load_book(root_of(directory, paths), today=today, clock=lambda: clock().date())


def open_workspace(
    directory: Path | None,
    today: dt.date | None,
    *,
    paths: tuple[Path, ...] = (),
    no_cache: bool = False,
) -> Workspace:
    """The files of the workspace, with the store in which an earlier run has left what it read."""
    root = root_of(directory, paths)
    return Workspace(
        root,
        today=today,
        clock=lambda: system_clock().date(),
        cache=workspace_cache(root, unused=no_cache),
        hands=processors(),
    )


def root_of(directory: Path | None, paths: tuple[Path, ...]) -> Path:
    """The workspace around `directory`, the first path, or the current folder."""
    return find_root(directory or (paths[0] if paths else Path.cwd()))


def relative_paths(place: Book | Workspace, paths: Sequence[Path]) -> tuple[str, ...]:
    """The paths as findings name them; raises UsageError for one that leads nowhere."""
    return tuple(_relative(place.root, path) for path in paths)


def _relative(root: Path, path: Path) -> str:
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 (resolve would follow links)
    if not os.path.lexists(absolute):
        raise UsageError(f"there is no file or folder {path}", hint="check the spelling")
    if not absolute.is_relative_to(root):
        raise UsageError(f"{path} is not in the workspace {root}")
    return absolute.relative_to(root).as_posix()

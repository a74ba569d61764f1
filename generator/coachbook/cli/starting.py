"""The git repository of a new workspace: made, set up for coachbook, and committed to once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from coachbook.cli.context import environment, say
from coachbook.cli.desk import for_programs
from coachbook.errors import UsageError
from coachbook.repository import Repository, has_git
from coachbook.scaffold import GIT_SETTINGS, git_files, git_scripts, write_files

if TYPE_CHECKING:
    from collections.abc import Iterable

_NOBODY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Demonstration"), ("EMAIL", "demonstration@school.example"))
}


def start_git(folder: Path, message: str, scripts: Iterable[str] | None = None) -> None:
    """Makes a repository, turns the hooks on and commits; says what git did not do."""
    if not has_git():
        say("git is not installed: records are files all the same, but nothing keeps their history")
        return
    repository = Repository(folder, for_programs(environment()))
    try:
        repository.start(_settings())
        repository.commit_first(message, tuple(git_scripts() if scripts is None else scripts))
    except UsageError as error:
        say(f"the new files are not committed yet: {error.message}")
        say('if git does not know you: git config --global user.name "Your Name"')
        say("and git config --global user.email YOU@SCHOOL")
        say(f'then, in the new folder: git commit -m "{message}"')


def try_git(folder: Path, message: str) -> bool:
    """Makes a demonstration a repository, by nobody's hand; False where that was not possible.

    Its hooks are turned on after the commit: they would look at what is known to be sealed.
    """
    if not has_git() or (folder / ".git").exists():
        return False
    repository = Repository(folder, {**for_programs(environment()), **_NOBODY})
    try:
        write_files(folder, git_files())
        repository.start({})
        repository.commit_first(message, tuple(git_scripts()))
        repository.set_up(_settings())
    except UsageError as error:
        say(f"    without a git repository: {error.message}")
        return False
    return True


def _settings() -> dict[str, str]:
    return {**GIT_SETTINGS, "coachbook.python": Path(sys.executable).as_posix()}

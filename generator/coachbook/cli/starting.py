"""The git repository of a new workspace: made, set up for coachbook, and committed to once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from coachbook.cli.context import environment, say
from coachbook.cli.desk import for_programs
from coachbook.errors import UsageError
from coachbook.repository import Repository, has_git
from coachbook.scaffold import GIT_SETTINGS, git_scripts

if TYPE_CHECKING:
    from collections.abc import Iterable


def start_git(folder: Path, message: str, scripts: Iterable[str] | None = None) -> None:
    """Makes a repository, turns the hooks on and commits; says what git did not do."""
    if not has_git():
        say("git is not installed: records are files all the same, but nothing keeps their history")
        return
    repository = Repository(folder, for_programs(environment()))
    python = Path(sys.executable).as_posix()
    try:
        repository.start({**GIT_SETTINGS, "coachbook.python": python})
        repository.commit_first(message, tuple(git_scripts() if scripts is None else scripts))
    except UsageError as error:
        say(f"the new files are not committed yet: {error.message}")
        say('if git does not know you: git config --global user.name "Your Name"')
        say("and git config --global user.email YOU@SCHOOL")
        say(f'then, in the new folder: git commit -m "{message}"')

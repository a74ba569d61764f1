"""The program that `running` starts: MkDocs, loaded, which waits to be told that it may build.

It is run by its place, not imported, so that nothing of coachbook is in the process.
"""

from __future__ import annotations

import sys

import mkdocs.commands.build  # what `build` would import when it begins
from mkdocs.__main__ import cli


def run() -> None:
    """Builds the folder that it was started in; does nothing where nobody tells it to."""
    if sys.stdin.readline():
        cli(["--no-color", "build", "--strict"], prog_name=mkdocs.__name__)


if __name__ == "__main__":
    run()

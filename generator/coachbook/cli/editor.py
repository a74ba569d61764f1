"""The user's own editor, run on a private copy of what is confidential."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import is_at_terminal
from coachbook.cli.desk import for_programs
from coachbook.errors import FindingsError, UsageError
from coachbook.private import explained

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType

_WAITS = {"code": "--wait", "codium": "--wait", "subl": "--wait", "gedit": "--standalone"}
"""Editors that return at once unless they are told to wait."""

_FILE_MODE = 0o600


def write_copy(copy: Path, data: bytes) -> None:
    """Puts a new file there that only this user may read."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with explained(copy), os.fdopen(os.open(copy, flags, _FILE_MODE), "wb") as file:
        file.write(data)


def read_copy(copy: Path) -> bytes:
    """The file as the editor left it."""
    with explained(copy):
        return copy.read_bytes()


def run_editor(environment: Mapping[str, str], copy: Path) -> None:
    """Waits for the editor; raises UsageError if it could not start or ended badly."""
    command = editor_command(environment, sys.platform)
    handler = signal.signal(signal.SIGINT, _stay)
    try:
        done = subprocess.run(  # noqa: S603 (the user's own editor)
            [*command, str(copy)], env=for_programs(environment), check=False
        )
    except OSError as error:
        raise UsageError(
            f"the editor {command[0]!r} cannot be started",
            hint="set VISUAL or EDITOR to one that is there, such as nano or notepad",
        ) from error
    finally:
        signal.signal(signal.SIGINT, handler)
    if done.returncode != 0:
        raise UsageError(
            f"the editor ended with status {done.returncode}, so nothing was changed",
            hint="what you wrote there was removed with the private copy",
        )


def editor_command(environment: Mapping[str, str], platform: str) -> list[str]:
    """The editor's command line: $VISUAL, $EDITOR, or what the system has."""
    chosen = environment.get("VISUAL") or environment.get("EDITOR")
    if not chosen:
        if platform == "win32":
            return ["notepad"]
        return ["nano" if shutil.which("nano", path=environment.get("PATH")) else "vi"]
    words = [chosen] if Path(chosen).is_file() else shlex.split(chosen, posix=platform != "win32")
    wait = _WAITS.get(Path(words[0]).stem.lower())
    return [*words, wait] if wait and not {wait, "-w"} & set(words) else words


def ask_again() -> None:
    """Returns if the editor is to be opened again; raises FindingsError if not."""
    again = is_at_terminal() and click.confirm(
        "Open the editor again? No throws away what you wrote", default=True, err=True
    )
    if not again:
        raise FindingsError(
            "nothing was saved: what you wrote could not be sealed",
            hint="the file is as it was before",
        )


def _stay(_signal: int, _frame: FrameType | None) -> None:
    """Leaves Ctrl-C to the editor."""

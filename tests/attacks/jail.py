"""Commands run where there is no environment, no network, and nothing is thrown away unseen.

`sitecustomize.py` is what Python runs first in every process whose path begins with the jail:
the command itself, and the site builder that it starts. An audit hook can't be taken out
again, so whatever asks for the network stops there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SITECUSTOMIZE = """
import os, shutil, sys

JAIL = os.path.dirname(os.path.abspath(__file__))
copying = False


def watch(event, arguments):
    global copying
    if event.startswith("socket."):
        raise OSError("there is no network here")
    if event in ("shutil.rmtree", "os.remove") and not copying:
        copying = True
        try:
            keep(arguments[0])
        finally:
            copying = False


def keep(path):
    kept = os.path.join(JAIL, "thrown-away", str(len(os.listdir(JAIL + "/thrown-away"))))
    if os.path.isdir(path):
        shutil.copytree(path, kept, symlinks=True)
    elif os.path.isfile(path):
        shutil.copyfile(path, kept)


sys.addaudithook(watch)
with open(os.path.join(JAIL, "seen.txt"), "a", encoding="utf-8") as seen:
    words = [*sys.orig_argv[1:], "VARIABLES", *sorted(os.environ)]
    seen.write(" ".join(words).replace("\\n", " ") + "\\n")
"""
_START = """
import sys
sys.path[:1] = [{jail!r}]
import sitecustomize, runpy
sys.argv[:1] = ["coachbook"]
runpy.run_module({module!r}, run_name="__main__", alter_sys=True)
"""
_NEEDED_BY_WINDOWS = ("SYSTEMROOT",)


@dataclass(frozen=True)
class Ran:
    """What a command in the jail returned and said."""

    status: int
    out: bytes
    err: bytes


@dataclass(frozen=True)
class Jail:
    """A folder that commands are run from, with its record of what happened."""

    folder: Path

    @property
    def thrown_away(self) -> Path:
        """A copy of every folder and file that a command removed."""
        return self.folder / "thrown-away"

    @property
    def processes(self) -> list[str]:
        """Arguments, then names of variables, of each Python process that ran in the jail."""
        return (self.folder / "seen.txt").read_text(encoding="utf-8").splitlines()

    @property
    def temporary(self) -> Path:
        """The folder for temporary files."""
        return self.folder / "tmp"

    def run(self, *arguments: str, module: str = "coachbook", **variables: str) -> Ran:
        """Runs a module with these variables alone, by default with none at all."""
        code = _START.format(jail=str(self.folder), module=module)
        needed = {name: os.environ[name] for name in _NEEDED_BY_WINDOWS if name in os.environ}
        done = subprocess.run(
            [*_without_network(), sys.executable, "-c", code, *arguments],
            env={**needed, **variables},
            cwd=self.folder / "empty",
            capture_output=True,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)


def make_jail(folder: Path) -> Jail:
    """A new jail in a folder of its own."""
    for name in ("empty", "thrown-away", "tmp"):
        (folder / name).mkdir(parents=True)
    (folder / "sitecustomize.py").write_text(_SITECUSTOMIZE, encoding="utf-8")
    return Jail(folder)


@cache
def _without_network() -> tuple[str, ...]:
    """What a command begins with so that even the kernel knows no network, where that works."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return ()
    tried = subprocess.run([unshare, "-n", "true"], capture_output=True, check=False)
    return (unshare, "-n") if tried.returncode == 0 else ()

"""`coachbook` kept warm: a process that has loaded it runs each command in a copy of itself.

A story of ninety commands would load the same modules ninety times, which takes most of its time.
The command that is put on the path hands its arguments, folder, environment and open files over,
and ends with the status that comes back. What runs is `coachbook` itself. Beside it lies a `python`
for git's hooks and drivers, which run `python -P -m coachbook`; whatever else it is asked to do,
it leaves to the real one.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import coachbook.cli

if TYPE_CHECKING:
    from collections.abc import Iterator

_TREE = Path(__file__).parents[1]

_CLIENT = """\
#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as line:
    line.connect({address!r})
    socket.send_fds(line, [b"x"], [0, 1, 2])
    asked = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)])
    line.sendall(asked.encode("utf-8", "surrogateescape") + b"\\n")
    status = line.recv(1)
sys.exit(status[0] if status else 2)
"""

_PYTHON = """\
#!/bin/sh
case "$*" in
"-P -m coachbook "*) shift 3; exec "${{0%/*}}/coachbook" "$@" ;;
*) exec {python} "$@" ;;
esac
"""


@contextmanager
def warm_coachbook(folder: Path) -> Iterator[Path]:
    """A folder with `coachbook` and `python` in it, which work as long as the context lasts."""
    command, python = folder / "coachbook", folder / "python"
    with socket.socket(socket.AF_UNIX) as line:
        line.bind(str(folder / "warm.sock"))
        line.listen()
        command.write_text(_CLIENT.format(python=sys.executable, address=line.getsockname()))
        python.write_text(_PYTHON.format(python=sys.executable))
        for program in (command, python):
            program.chmod(0o755)
        asked = [sys.executable, "-m", "tests.warm", str(line.fileno()), str(python)]
        with subprocess.Popen(asked, cwd=_TREE, pass_fds=[line.fileno()]) as server:
            yield folder
            server.terminate()


def serve(line: socket.socket, python: str) -> None:
    """Loads every command, then has each caller answered by a copy of this process.

    Where a command notes down for git which Python to run, it is `python`.
    """
    sys.executable = python
    for module in iter_modules(coachbook.cli.__path__, "coachbook.cli."):
        import_module(module.name)
    while True:
        caller, _ = line.accept()
        with caller:
            if not os.fork():
                _answer(caller)
                os._exit(0)
        _bury()


def _bury() -> None:
    """Takes notice of the copies that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _answer(caller: socket.socket) -> None:
    """Runs one command as its caller would, and tells the status."""
    _, files, _, _ = socket.recv_fds(caller, 1, 3)
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    with caller.makefile("rb") as asked:
        arguments, folder, environment = json.loads(asked.readline())
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    with open(0, closefd=False) as stdin, open(1, "w") as stdout, open(2, "w", 1) as stderr:
        sys.stdin, sys.stdout, sys.stderr = stdin, stdout, stderr
        status = coachbook.cli.main(arguments)
    caller.sendall(bytes([status]))


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2])

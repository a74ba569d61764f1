"""Whole processes, measured from outside: how long they take, how much memory at the peak.

Each is started by a small Python of its own, because Linux counts the memory of
whoever starts a process towards that process.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_LAST = 2000
_UNIT = 1024 * 1024 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Spent:
    """What one run cost, the processes it started included."""

    seconds: float
    megabytes: float


def race(candidates: Mapping[str, Callable[[], Spent]], runs: int) -> dict[str, Spent]:
    """Lets the candidates take turns; the quickest run and the highest peak of each.

    Whatever else a machine does can only make a run slower, so the quickest
    comes nearest to what the work takes.
    """
    spent: dict[str, list[Spent]] = {name: [] for name in candidates}
    for _ in range(runs):
        for name, candidate in candidates.items():
            spent[name].append(candidate())
    return {
        name: Spent(min(one.seconds for one in all_), max(one.megabytes for one in all_))
        for name, all_ in spent.items()
    }


def spend(command: Sequence[str], folder: Path) -> Spent:
    """Runs a Python module with its arguments in `folder`; ends the benchmark where it fails."""
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, __file__, sys.executable, "-m", *command],
            cwd=folder,
            env=_environment(home),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:2])} failed:\n{done.stderr[-_LAST:]}")
    return Spent(**json.loads(done.stdout))


def _environment(home: str) -> dict[str, str]:
    """The environment, with nobody's keys in it, and compiled modules kept as they usually are."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return kept | {"COACHBOOK_HOME": home, "PYTHONPATH": path, "NO_MKDOCS_2_WARNING": "1"}


def _measure(command: Sequence[str]) -> int:
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        done = subprocess.run(command, stdout=output, stderr=output, check=False)
        seconds = time.perf_counter() - start
        if done.returncode:
            output.seek(0)
            sys.stderr.write(output.read().decode("utf-8", "replace"))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    sys.stdout.write(json.dumps(asdict(Spent(seconds, peak / _UNIT))))
    return done.returncode


if __name__ == "__main__":
    sys.exit(_measure(sys.argv[1:]))

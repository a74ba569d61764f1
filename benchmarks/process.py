"""Whole processes, measured from outside: how long they take, how much memory at the peak.

Each is started by a small Python of its own, because Linux counts the memory of
whoever starts a process towards that process. Memory is that of the process and
of all that it started, together: what several of them share is counted once.
Where the system does not tell it, it is the memory of the largest of them.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.aside import folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

CACHE = "COACHBOOK_CACHE"
"""Names the folder in which coachbook keeps what it may use again."""

_LAST = 2000
_UNIT = 1024 * 1024 if sys.platform == "darwin" else 1024
_EVERY, _RARELY = 0.05, 50
"""Seconds between two looks at memory, and how many times longer than a look that is at least:
looking through hundreds of megabytes takes a while itself."""
_SHARED_ONCE = b"Pss:"


@dataclass(frozen=True, slots=True)
class Spent:
    """What one run cost, the processes it started included."""

    seconds: float
    megabytes: float
    """All processes together, what several of them share counted once."""
    cpu: float
    """Seconds of all cores together: what a busy machine changes least."""
    largest: float = 0
    """Megabytes of the largest process, as `/usr/bin/time -v` tells them."""

    def __add__(self, other: Spent) -> Spent:
        """Both, one after the other."""
        return Spent(
            self.seconds + other.seconds,
            max(self.megabytes, other.megabytes),
            self.cpu + other.cpu,
            max(self.largest, other.largest),
        )


def race(candidates: Mapping[str, Callable[[], Spent]], runs: int) -> dict[str, Spent]:
    """Lets the candidates take turns; the quickest run and the highest peak of each.

    Whatever else a machine does can only make a run slower, so the quickest
    comes nearest to what the work takes.
    """
    spent: dict[str, list[Spent]] = {name: [] for name in candidates}
    for _ in range(runs):
        for name, candidate in candidates.items():
            spent[name].append(candidate())
    return {name: best(all_) for name, all_ in spent.items()}


def best(runs: Sequence[Spent]) -> Spent:
    """The least time of some runs, with the highest peak of all of them."""
    return Spent(
        min(one.seconds for one in runs),
        max(one.megabytes for one in runs),
        min(one.cpu for one in runs),
        max(one.largest for one in runs),
    )


def spend(command: Sequence[str], place: Path, cache: Path | None = None) -> Spent:
    """Runs a Python module with its arguments in a place; ends the benchmark where it fails.

    Args:
        cache: what coachbook may use again lies there; by default there is nothing to begin with.
    """
    return spend_program([sys.executable, "-m", *command], place, cache)


def spend_program(command: Sequence[str], place: Path, cache: Path | None = None) -> Spent:
    """Runs any program, as above."""
    with folder() as home:
        done = subprocess.run(
            [sys.executable, __file__, *command],
            cwd=place,
            env=environment(home, cache),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:4])} failed:\n{done.stderr[-_LAST:]}")
    return Spent(**json.loads(done.stdout))


def environment(home: Path, cache: Path | None = None) -> dict[str, str]:
    """The environment, with nobody's keys in it, and compiled modules kept as they usually are."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    path = os.pathsep.join(entry for entry in sys.path if entry)
    own = {"COACHBOOK_HOME": str(home), CACHE: str(cache or home / "cache")}
    return kept | own | {"PYTHONPATH": path, "NO_MKDOCS_2_WARNING": "1"}


def _measure(command: Sequence[str]) -> int:
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        with subprocess.Popen(command, stdout=output, stderr=output) as process:
            together = _watch(process)
        seconds = time.perf_counter() - start
        if process.returncode:
            output.seek(0)
            sys.stderr.write(output.read().decode("utf-8", "replace"))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    largest = used.ru_maxrss / _UNIT
    spent = Spent(seconds, together or largest, used.ru_utime + used.ru_stime, largest)
    sys.stdout.write(json.dumps(asdict(spent)))
    return process.returncode


def _watch(process: subprocess.Popen[bytes]) -> float:
    """Waits for a process; the megabytes that it and all that it started held at once."""
    peak, over = 0.0, threading.Event()

    def look() -> None:
        nonlocal peak
        took = 0.0
        while not over.wait(max(_EVERY, took * _RARELY)):
            start = time.thread_time()
            peak = max(peak, sum(_megabytes(one) for one in _family(process.pid)))
            took = time.thread_time() - start

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        process.wait()
    finally:
        over.set()
        watcher.join()
    return peak


def _family(pid: int) -> Iterator[int]:
    """A process and all that it started, as Linux lists them; elsewhere it alone."""
    yield pid
    for child in _children(pid):
        yield from _family(child)


def _children(pid: int) -> list[int]:
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:  # it has ended by now, or this is not Linux
        return []
    lists = (_read(thread / "children") for thread in threads)
    return [int(child) for found in lists for child in found.split()]


def _megabytes(pid: int) -> float:
    """The share of a process in all memory; nothing once it has ended."""
    for line in _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines():
        if line.startswith(_SHARED_ONCE):
            return int(line.split()[1]) / 1024
    return 0.0


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it has ended by now
        return b""


if __name__ == "__main__":
    sys.exit(_measure(sys.argv[1:]))

"""Runs the benchmarks and prints their tables."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

from benchmarks import bench_age, bench_build, bench_check, bench_guess, bench_portal
from coachbook import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from benchmarks.table import Table

LIBRARIES = ("cryptography", "PyYAML", "Jinja2", "markdown-it-py", "mkdocs", "mkdocs-material")
PEERS = ("check-jsonschema", "pyrage", "mkdocs-encryptcontent-plugin")
PARTS: dict[str, Callable[[argparse.Namespace], Iterable[Table]]] = {
    "age": lambda _: bench_age.run(),
    "guess": lambda asked: (_guess(record=asked.record),),
    "check": lambda asked: (bench_check.run(asked.sessions),),
    "build": lambda asked: (bench_build.run(asked.sessions, asked.peer_pages),),
    "portal": lambda asked: bench_portal.run(asked.sections),
}


def main(arguments: list[str] | None = None) -> int:
    """Prints what is measured with what, then each table as soon as it is there."""
    asked = _parser().parse_args(arguments)
    print("\n".join(_heading()), flush=True)
    for part in asked.parts or PARTS:
        for table in PARTS[part](asked):
            print("", *table.lines(), sep="\n", flush=True)
    return 0


def _guess(*, record: bool) -> Table:
    """What a guess costs; written down for the handbook where that is asked for."""
    table = bench_guess.run()
    if record:
        bench_guess.record(table)
    return table


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all of them by default")
    parser.add_argument("--sessions", type=int, default=2000)
    parser.add_argument("--sections", type=int, default=2000)
    parser.add_argument("--record", action="store_true", help="keep the cost of a guess")
    parser.add_argument("--peer-pages", type=int, nargs="+", default=bench_build.PEER_PAGES)
    return parser


def _heading() -> Iterable[str]:
    system = f"{platform.system()} {platform.machine()}"
    busy = f"{os.getloadavg()[0]:.1f} programs busy in the last minute"
    yield f"coachbook {__version__}, Python {platform.python_version()}, {system}"
    yield f"{len(os.sched_getaffinity(0))} cores, {busy}"
    yield f"with {_versions(LIBRARIES)}"
    yield f"beside {_versions(PEERS)}"


def _versions(names: Iterable[str]) -> str:
    return ", ".join(f"{name} {version(name)}" for name in names)


if __name__ == "__main__":
    sys.exit(main())

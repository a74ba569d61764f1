"""Runs the benchmarks and prints their tables."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

import benchmarks
from benchmarks import (
    bench_age,
    bench_build,
    bench_check,
    bench_guess,
    bench_large,
    bench_portal,
    bench_serve,
    chart,
    kept,
    measured,
    peers,
)
from benchmarks.aside import deleting_at_the_end
from benchmarks.trust import WEEKS, Trust
from coachbook import __version__

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from benchmarks.table import Table

LIBRARIES = ("cryptography", "PyYAML", "Jinja2", "markdown-it-py", "mkdocs", "mkdocs-material")
PEERS = ("check-jsonschema", "pyrage", "mkdocs-encryptcontent-plugin")
SESSIONS = 2000
"""So many where nothing else is asked for, but for a build, which is measured by its pages."""
PARTS: dict[str, Callable[[Namespace], Iterable[Table]]] = {
    "age": lambda _: bench_age.run(),
    "guess": lambda asked: (_guess(record=asked.record),),
    "check": lambda asked: (bench_check.run(asked.sessions or SESSIONS),),
    "build": lambda asked: bench_build.run(
        asked.sessions or bench_build.SESSIONS, asked.peer_pages or bench_build.PEER_PAGES
    ),
    "portal": lambda asked: bench_portal.run(asked.sections),
}
"""What is measured where nothing is asked for."""

MORE: dict[str, Callable[[Namespace], Iterable[Table]]] = {
    "large": lambda asked: _large(asked, _run_in_words),
    "serve": lambda asked: bench_serve.run(asked.sessions or SESSIONS),
    "chart": lambda _: _chart(),
}
"""What takes long, or is made from what was measured: each only where it is asked for."""


def main(arguments: list[str] | None = None) -> int:
    """Prints what is measured with what, then each table as soon as it is there."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if unknown := [one for one in asked.parts if one not in PARTS | MORE]:
        parser.error(f"there is no part {unknown[0]}: choose from {', '.join(PARTS | MORE)}")
    if asked.record and asked.sessions_each != WEEKS:
        parser.error(f"--record keeps trusts of {WEEKS} sessions a pair, which the chart is about")
    print("\n".join((*_heading(), _business())), flush=True)
    with deleting_at_the_end():
        for part in asked.parts or PARTS:
            for table in (PARTS | MORE)[part](asked):
                print("", *table.lines(), sep="\n", flush=True)
    return 0


def _guess(*, record: bool) -> Table:
    """What a guess costs; written down for the handbook where that is asked for."""
    table = bench_guess.run()
    if record:
        bench_guess.record(table)
    return table


def _large(asked: Namespace, run: Callable[[], str]) -> Iterator[Table]:
    """Every size that is asked for; written down for the chart where that is asked for.

    Args:
        run: the day, the machine and the versions, as they are when a size is begun.
    """
    asked_for = bench_large.Limits(pages=max(asked.peer_pages)) if asked.peer_pages else None
    for records in asked.sizes:
        trust = Trust(records, sessions_each=asked.sessions_each)
        limits = asked_for or bench_large.Limits.at(records)
        found = bench_large.measure(trust, run(), limits, asked.runs, kept.FOLDER)
        if asked.record:
            measured.record(found)
        yield from bench_large.tables(found)


def _run_in_words() -> str:
    return "; ".join((datetime.now(tz=UTC).date().isoformat(), *_heading()))


def _chart() -> tuple[Table, ...]:
    for path in chart.draw(measured.load_measured()):
        print(path)
    return ()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=benchmarks.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS | MORE)}")
    parser.add_argument("--sessions", type=int, help="for check, build and serve")
    parser.add_argument("--sections", type=int, default=2000, help="for portal")
    parser.add_argument("--sizes", type=_records, nargs="+", default=bench_large.SIZES)
    parser.add_argument("--sessions-each", type=int, default=WEEKS, help="of a pair in a trust")
    parser.add_argument("--runs", type=int, help="how often each is run on a trust")
    parser.add_argument("--record", action="store_true", help="keep what was measured")
    parser.add_argument("--peer-pages", type=int, nargs="+", help="pages of encryptcontent")
    return parser


def _records(text: str) -> int:
    """How many records a trust is to have, if there are trusts of that size."""
    try:
        records = int(text)
        return sum(school.records for school in Trust(records).schools) + 1
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _heading() -> Iterable[str]:
    system = f"{platform.system()} {platform.machine()}"
    cores = len(os.sched_getaffinity(0))
    yield f"coachbook {__version__}, Python {platform.python_version()}, {system}, {cores} cores"
    yield f"with {_versions(LIBRARIES)}"
    yield f"beside {_versions(PEERS)}, {_joined(peers.versions())}"


def _business() -> str:
    """What else the machine does, which can only make times longer."""
    busy, cores = os.getloadavg()[0], len(os.sched_getaffinity(0))
    warning = ": too many for times to mean much" if busy > cores else ""
    return f"{busy:.1f} programs busy in the last minute{warning}"


def _versions(names: Iterable[str]) -> str:
    return _joined({name: version(name) for name in names})


def _joined(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in versions.items())


if __name__ == "__main__":
    sys.exit(main())

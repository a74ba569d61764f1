"""The command: fuzzes each target for so long, and says how it went.

python -m fuzz --seconds 60 [TARGET…]
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fuzz.search import BrokenPromiseError, search_for
from fuzz.targets import MODULES, find_target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fuzz.targets import Target

ROOT = Path(__file__).resolve().parents[1]
REGRESSIONS = ROOT / "tests" / "fuzz" / "regressions"
CORPUS = ROOT / ".cache" / "fuzz"
WORDS = Path(__file__).with_name("words.dict")
_ONE_INPUT = 60
"""Seconds that one input may take; longer is a hang."""
_MEGABYTES = 2048
_LONGEST = 12_000
_SMALL = ("/bin/sh", "-c", '"$@"; exit $?', "sh")
"""Begins a program from a small process: one that a large process begins counts the most memory
that it ever had as its own (getrusage(2)), and would seem to have passed the limit."""
_TRIED = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_COVERED = re.compile(r"\bcov: (\d+)")
_NO_ATHERIS = (
    "atheris has no build for this computer (it has them for Linux on x86-64): Hypothesis "
    "searches instead, without seeing which code an input reaches"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a search went; `found` is what broke a promise, and `said` how."""

    tried: int
    covered: int = 0
    found: tuple[Path, ...] = ()
    said: str = ""


def fuzz_guided(target: Target, seconds: int, kept: Path) -> Outcome:
    """Lets atheris search; whatever breaks a promise is written into the folder `kept`."""
    corpus = CORPUS / target.name
    corpus.mkdir(parents=True, exist_ok=True)
    before = set(kept.iterdir())
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        seeds = Path(name)
        for seed in target.seeds():
            write(seeds, "seed", seed)
        options = {
            "max_total_time": seconds,
            "timeout": _ONE_INPUT,
            "report_slow_units": _ONE_INPUT,
            "rss_limit_mb": _MEGABYTES,
            "max_len": _LONGEST,
            "dict": WORDS,
            "artifact_prefix": f"{kept}/",
            "print_final_stats": 1,
        }
        arguments = [f"-{key}={value}" for key, value in options.items()]
        done = subprocess.run(
            [*_SMALL, sys.executable, "-m", "fuzz.guided", target.name, *arguments, corpus, name],
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    tried, covered = _TRIED.search(done.stderr), _COVERED.findall(done.stderr)
    found = tuple(sorted(set(kept.iterdir()) - before))
    if done.returncode and not found:
        raise RuntimeError(done.stderr[-2000:])
    return Outcome(
        int(tried[1]) if tried else 0,
        int(covered[-1]) if covered else 0,
        found,
        done.stdout[-2000:] if found else "",
    )


def fuzz_drawn(target: Target, seconds: int, kept: Path) -> Outcome:
    """The same where atheris can't be installed."""
    try:
        return Outcome(search_for(target, seconds))
    except BrokenPromiseError as error:
        return Outcome(0, 0, (write(kept, "found", error.data),), repr(error.__cause__))


def write(folder: Path, kind: str, data: bytes) -> Path:
    """The file with these bytes, named by what they are."""
    path = folder / f"{kind}-{hashlib.sha256(data).hexdigest()[:16]}"
    path.write_bytes(data)
    return path


def main(arguments: Sequence[str]) -> int:
    """Fuzzes what the command line names; 1 if a promise was broken."""
    asked = _parser().parse_args(arguments)
    guided = importlib.util.find_spec("atheris") is not None
    if not guided:
        print(_NO_ATHERIS, file=sys.stderr)
    broken = 0
    for name in asked.targets or MODULES:
        kept = REGRESSIONS / name
        kept.mkdir(parents=True, exist_ok=True)
        outcome = (fuzz_guided if guided else fuzz_drawn)(find_target(name), asked.seconds, kept)
        broken += bool(outcome.found)
        print(_line(name, outcome, asked.seconds), flush=True)
    return 1 if broken else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fuzz")
    parser.add_argument("--seconds", type=int, default=60, help="how long each target is tried")
    parser.add_argument("targets", nargs="*", metavar="TARGET", type=_name, help=", ".join(MODULES))
    return parser


def _name(word: str) -> str:
    if word not in MODULES:
        raise argparse.ArgumentTypeError(f"{word!r} is no target; there are {', '.join(MODULES)}")
    return word


def _line(name: str, outcome: Outcome, seconds: int) -> str:
    reached = f", {outcome.covered:,} places of the code reached" if outcome.covered else ""
    line = f"{name:<13} {outcome.tried:>9,} tried in {seconds} s{reached}"
    if not outcome.found:
        return f"{line}: nothing broken"
    kept = "\n".join(f"  kept in {path.relative_to(ROOT)}" for path in outcome.found)
    return f"{line}: BROKEN\n{kept}\n{outcome.said}"


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("stopped; what was found before lies in tests/fuzz/regressions")

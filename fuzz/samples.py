"""What to begin from: records and forms of the example, and randomness that stays the same."""

from __future__ import annotations

import hashlib
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import coachbook

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
SMALL = ROOT / "tests" / "workspaces" / "otterbeck-small"
LARGEST = 6000
"""Longer files than this are left to the tests of size."""


@cache
def records() -> tuple[bytes, ...]:
    """The first file of each folder of the example, and the small workspace that tests use."""
    folders = sorted({path.parent for path in (ROOT / "records").rglob("*.md")})
    some = [min(folder.glob("*.md")) for folder in folders]
    own = sorted(SMALL.rglob("*.md"))
    by_type = {_type(path): path for path in (*own, *reversed(some))}
    return tuple(_read(path) for path in by_type.values() if path.stat().st_size < LARGEST)


def _type(path: Path) -> str:
    """What the header says the file is."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((line for line in lines if line.startswith("type:")), str(path))


@cache
def forms() -> tuple[bytes, ...]:
    """The forms that come along."""
    folder = Path(coachbook.__file__).parent / "_forms"
    return tuple(_read(path) for path in sorted(folder.iterdir())[:6])


def _read(path: Path) -> bytes:
    return path.read_bytes()


def stream(seed: str) -> Callable[[int], bytes]:
    """Random bytes that are the same in every run, and other ones at every call."""
    numbers = count()

    def take(length: int) -> bytes:
        return hashlib.shake_256(f"{seed} {next(numbers)}".encode()).digest(length)

    return take

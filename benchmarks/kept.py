"""Trusts that are made once and kept between runs, and copies of them to work on.

Making 100,000 records takes minutes, so what was made stays in build/bench/, under a name that
changes whenever the maker or what it is made of does. Nobody works in a kept trust: each run
borrows a copy, whose files are links until one of them is replaced.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.aside import folder
from benchmarks.trust import Trust, make_trust
from coachbook.workers import processors

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build/bench"
_MADE_OF = (
    "benchmarks/trust.py",
    "benchmarks/workspace.py",
    "tests/workspaces/otterbeck_small.py",
    "generator/coachbook/_forms/*",
    "generator/coachbook/_presets/*",
    "generator/coachbook/payload.py",
    "generator/coachbook/sealing.py",
    "generator/coachbook/signatures.py",
)


def keep_trust(trust: Trust, home: Path = FOLDER) -> Path:
    """The folder of a trust, made if it is not there; one made by an earlier maker goes."""
    shape = f"{trust.records}-{trust.school_records}-{trust.sessions_each}-{trust.pairs_each}"
    place = home / f"trust-{shape}-{_maker()}"
    if place.is_dir():
        return place
    home.mkdir(parents=True, exist_ok=True)
    for old in home.glob(f"trust-{shape}-*"):
        shutil.rmtree(old)
    with tempfile.TemporaryDirectory(dir=home, prefix="making-") as making:
        made = Path(making, "trust")
        make_trust(made, trust, processors())
        if not place.is_dir():  # nor has another run made it meanwhile
            made.rename(place)
    return place


@contextmanager
def borrowed(kept: Path) -> Iterator[Path]:
    """A copy of a kept trust to work on: a link a file, so a file is replaced, never written to."""
    with folder(prefix="work-", where=kept.parent) as place:
        yield Path(shutil.copytree(kept, place / "trust", copy_function=_link))


@contextmanager
def store() -> Iterator[Path]:
    """A new folder for what coachbook may use again, which it takes from outside a repository."""
    with folder(prefix="store-") as place:
        yield place / "cache"


def replace_text(path: Path, text: str) -> None:
    """Puts a new file in the place of one, whose bytes others may share, as editors do."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without links
        shutil.copyfile(source, target)


def _maker() -> str:
    """A short hash of what a trust is made by and of."""
    digest = hashlib.sha256()
    for pattern in _MADE_OF:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(f"{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:12]

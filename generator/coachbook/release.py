"""What this program is made of, so that another computer can tell whether it has the same.

    differences(release(), theirs)      # ["jinja2 3.1.5 there, 3.1.6 here"]

Two computers give the same pages byte for byte only where the program, its language and the
libraries that shape records and pages are the same on both.
"""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from coachbook import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHAPING = ("cryptography", "jinja2", "markupsafe", "orjson", "PyYAML")
"""The libraries that records are read, pages written and fragments sealed with."""

_MADE = frozenset({"_assets", "_example", "_site_templates"})
"""Folders that only an installed package has, or that are compared by themselves."""


@cache
def release() -> Mapping[str, str]:
    """By name the version of everything that decides what comes out."""
    found = {"python": "{}.{}".format(*sys.version_info)}
    found |= {"coachbook": f"{__version__} ({_files_print()})"}
    return found | {name: _version_of(name) for name in _SHAPING}


def differences(here: Mapping[str, str], there: Mapping[str, str]) -> list[str]:
    """What is not the same, in words."""
    return [
        f"{name} {there.get(name, 'missing')} there, {here.get(name, 'missing')} here"
        for name in sorted({*here, *there})
        if here.get(name) != there.get(name)
    ]


def _files_print() -> str:
    """A short hash of the program's own files, which also tells two states of one version apart."""
    package, found = Path(__file__).parent, hashlib.blake2b(digest_size=4)
    for path in sorted(package.rglob("*")):
        name = path.relative_to(package)
        if path.suffix in {".py", ".yml", ".md"} and name.parts[0] not in _MADE:
            data = path.read_bytes()
            found.update(f"{name.as_posix()} {len(data)}\n".encode() + data)
    return found.hexdigest()


def _version_of(name: str) -> str:
    # Slow to import, and asked for only where there is another computer.
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"

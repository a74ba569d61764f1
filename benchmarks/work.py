"""A workspace that is worked on as people do: checked, built, edited, and built again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import cycle
from typing import TYPE_CHECKING

from benchmarks.aside import put_aside
from benchmarks.kept import replace_text
from benchmarks.process import spend

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.process import Spent

_MINUTES = re.compile(r"^minutes: \d+$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Work:
    """A workspace, with a cache and a site of its own."""

    root: Path
    cache: Path
    minutes: Iterator[int] = field(default_factory=lambda: cycle(range(1, 15)))

    @property
    def site(self) -> Path:
        """Where its site is built."""
        return self.root / "site"

    def check(self) -> Spent:
        """Checks everything, with what is in the cache."""
        return spend(["coachbook", "check"], self.root, self.cache)

    def build(self) -> Spent:
        """Builds everything, with what is in the cache and in the site."""
        return spend(["coachbook", "build"], self.root, self.cache)

    def forget(self) -> None:
        """Takes the cache and the site away."""
        put_aside(self.cache, self.cache.parent)
        put_aside(self.site, self.root.parent)

    def edit(self) -> None:
        """Changes how long one session in the middle of a pair's year was."""
        sessions = sorted((self.root / "records").glob("*/*/*/????-??-??-s-*.md"))
        first = [path for path in sessions if path.parent == sessions[0].parent]
        path = first[len(first) // 2]
        text = path.read_text(encoding="utf-8")
        replace_text(path, _MINUTES.sub(f"minutes: {next(self.minutes)}", text, count=1))

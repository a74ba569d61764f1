"""What is fuzzed: each target's name, its promise as a function, and where it begins."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MODULES = {
    "front-matter": "fuzz.front_matter",
    "record": "fuzz.record",
    "age": "fuzz.age_file",
    "payload": "fuzz.payload",
    "merge": "fuzz.merge",
}
"""The module of each target; only the one that is asked for is imported."""


@dataclass(frozen=True, slots=True)
class Target:
    """A promise about any bytes; `check` fails where it is broken."""

    name: str
    check: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]


def find_target(name: str) -> Target:
    """The target of this name."""
    module = import_module(MODULES[name])
    return Target(name, module.check, module.seeds)

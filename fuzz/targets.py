"""What is fuzzed: each target's name, its promise as a function, and where it begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fuzz import age_file, front_matter, merge, payload, record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True, slots=True)
class Target:
    """A promise about any bytes; `check` fails where it is broken."""

    name: str
    check: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]


TARGETS = {
    target.name: target
    for target in (
        Target("front-matter", front_matter.check, front_matter.seeds),
        Target("record", record.check, record.seeds),
        Target("age", age_file.check, age_file.seeds),
        Target("payload", payload.check, payload.seeds),
        Target("merge", merge.check, merge.seeds),
    )
}

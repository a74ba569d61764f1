"""What was measured at each size, kept as JSON, so that a chart can be drawn from it later."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.table import OURS, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FILE = Path(__file__).with_name("size.json")

CHECK, CHECK_EDIT = "check, cold", "check after one edit"
BUILD, BUILD_EDIT, BUILD_SAME = "build, cold", "build after one edit", "build again, unchanged"
WORKS = (CHECK, CHECK_EDIT, BUILD, BUILD_EDIT, BUILD_SAME)


@dataclass(frozen=True, slots=True)
class Measured:
    """One run at one size: how much there was, on what, and what each work took whom."""

    records: int
    sessions: int
    schools: int
    pages: int
    megabytes: float
    site_megabytes: float
    run: str
    """Day, machine and versions, in words."""
    busy: float
    """How many programs the machine was busy with when it began."""
    works: Mapping[str, tuple[Row, ...]]

    def own(self, work: str) -> Row:
        """Coachbook's own row of a work."""
        return next(row for row in self.works[work] if row.by == OURS)


def load_measured(file: Path | None = None) -> tuple[Measured, ...]:
    """Every size that was measured and kept, the smallest first."""
    place = file or FILE
    if not place.is_file():
        return ()
    kept = json.loads(place.read_text(encoding="utf-8"))
    return tuple(
        Measured(**{**one, "works": {name: _rows(rows) for name, rows in one["works"].items()}})
        for one in kept
    )


def _rows(rows: Iterable[Mapping[str, object]]) -> tuple[Row, ...]:
    return tuple(Row(**row) for row in rows)  # type: ignore[arg-type]


def record(new: Measured, file: Path | None = None) -> None:
    """Keeps a size, in the place of an earlier run of the same size."""
    others = [one for one in load_measured(file) if one.records != new.records]
    kept = sorted((*others, new), key=lambda one: one.records)
    text = json.dumps([asdict(one) for one in kept], indent=1)
    (file or FILE).write_text(text + "\n", encoding="utf-8")

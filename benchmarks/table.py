"""Rows of measurements, and how they are printed: coachbook first, its peers below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

OURS = "coachbook"
_MILLI = 1000
_NAMES = 28


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: who did how many pieces of work in how many seconds.

    `megabytes` is the peak of memory of all processes together, `largest` that of the
    largest of them, `overhead` the bytes that a piece weighs
    beyond what was put into it, `cpu` the seconds of all cores together; each
    is None where it was not measured.
    """

    by: str
    seconds: float
    pieces: int = 1
    megabytes: float | None = None
    overhead: float | None = None
    cpu: float | None = None
    largest: float | None = None

    @property
    def each(self) -> float:
        """Seconds for one piece."""
        return self.seconds / self.pieces


@dataclass(frozen=True, slots=True)
class Aim:
    """How many times faster than a peer coachbook is to be; below 1, how much it may lose."""

    by: str
    factor: float

    def __str__(self) -> str:
        """The aim in words."""
        if self.factor == 1:
            return f"level with {self.by}"
        bound = "at least" if self.factor > 1 else "at most"
        return f"{bound} {in_words(self.factor)} than {self.by}"


@dataclass(frozen=True, slots=True)
class Limit:
    """What coachbook is to stay under, whatever a peer does: so many seconds or megabytes."""

    what: str
    found: float
    under: float
    unit: str = "s"

    def __str__(self) -> str:
        """The limit in words."""
        return f"{self.what} under {self.under:g} {self.unit}"

    @property
    def verdict(self) -> str:
        """Whether it is kept, and by how much it is not."""
        return "reached" if self.found < self.under else f"missed: {self.found:.2f} {self.unit}"


@dataclass(frozen=True, slots=True)
class Table:
    """What was compared: the work, the name of one piece, the rows, the aims, and remarks."""

    work: str
    unit: str
    rows: tuple[Row, ...]
    aims: tuple[Aim | Limit, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def own(self) -> Row:
        """Coachbook's own row."""
        return self.row(OURS)

    def row(self, by: str) -> Row:
        """The row of one candidate."""
        return next(row for row in self.rows if row.by == by)

    def factor(self, by: str) -> float:
        """How many times faster than `by` coachbook does one piece."""
        return self.row(by).each / self.own.each

    def lines(self) -> Iterator[str]:
        """The table as it is printed."""
        yield self.work
        width = max([_NAMES, *(len(row.by) + 1 for row in self.rows)])
        for row in self.rows:
            beside = "" if row.by == OURS else f"{OURS} is {in_words(self.factor(row.by))}"
            yield f"  {row.by:<{width}}{_figures(row, self.unit)}  {beside}".rstrip()
        for aim in self.aims:
            yield f"  aim: {aim}: {self.verdict(aim)}"
        for remark in self.remarks:
            yield f"  {remark}"

    def verdict(self, aim: Aim | Limit) -> str:
        """Whether an aim is reached, and how far it is missed."""
        if isinstance(aim, Limit):
            return aim.verdict
        reached = self.factor(aim.by) / aim.factor
        return "reached" if reached >= 1 else f"missed, {reached:.0%} of it"


def in_words(factor: float) -> str:
    """A factor of speed: "6.8 times faster", or how many times as long it takes."""
    return f"{factor:.1f} times faster" if factor >= 1 else f"{1 / factor:.2f} times slower"


def _figures(row: Row, unit: str) -> str:
    figures = f"{row.each * _MILLI:9.3f} ms a {unit}"
    if row.pieces > 1:
        figures = f"{row.seconds:8.2f} s {figures} ({row.pieces:,})"
    if row.cpu is not None:
        figures += f"{row.cpu:8.2f} s of cores"
    if row.megabytes is not None:
        figures += f"{row.megabytes:8.0f} MB"
    if row.largest:
        figures += f" (largest process {row.largest:.0f} MB)"
    if row.overhead is not None:
        figures += f"{row.overhead / _MILLI:8.1f} kB over a {unit}"
    return figures

"""Time against size as a drawing and a page for the documents, from what was measured.

Both scales are logarithmic: a straight line that rises with the records is linear. Coachbook's
lines are whole and the others' broken; each has a mark of its own, and its name at its end. A
site builder stands where it made as many pages as there are private pages in a trust of that
size, so its line ends where it was not taken any further.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from benchmarks import bare, headers, reading
from benchmarks.bench_large import BUILD_AIM_PAGES, tables
from benchmarks.kept import ROOT, replace_text
from benchmarks.measured import BUILD, BUILD_EDIT, CHECK, CHECK_EDIT, WORKS
from benchmarks.peers import ENCRYPTCONTENT, HUGO
from benchmarks.table import OURS, in_words
from benchmarks.trust import SCHOOL_RECORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from benchmarks.measured import Measured
    from benchmarks.table import Row

DOCS = ROOT / "docs"
DRAWING, PAGE = "size.svg", "size.md"

_WIDTH, _HEIGHT = 920, 520
_LEFT, _RIGHT, _TOP, _BOTTOM = 72, 604, 64, 464
_GAP = 17
_TITLE = "Time against the size of a trust"
_STYLE = """
svg { --paper: #ffffff; --ink: #1f2328; --soft: #59636e; --grid: #d8dee4;
  --build: #9a3412; --check: #1d4ed8; --other: #59636e;
  font: 13px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
@media (prefers-color-scheme: dark) {
  svg { --paper: #0d1117; --ink: #f0f6fc; --soft: #aab4bf; --grid: #30363d;
    --build: #fdba74; --check: #93c5fd; --other: #aab4bf; } }
.paper { fill: var(--paper); } .grid { stroke: var(--grid); }
text { fill: var(--ink); } .soft { fill: var(--soft); }
.title { font-size: 17px; font-weight: 600; }
.line { fill: none; stroke-width: 2; } .join { fill: none; stroke-width: 0.75; opacity: 0.7; }
.build { stroke: var(--build); } .check { stroke: var(--check); } .other { stroke: var(--other); }
.mark { fill: var(--paper); stroke-width: 1.75; } .broken { stroke-dasharray: 6 4; }
.end.build { fill: var(--build); stroke: none; } .end.check { fill: var(--check); stroke: none; }
.end.other { fill: var(--other); stroke: none; }
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its name, what it is drawn as, and seconds by records."""

    name: str
    look: str
    mark: str
    points: tuple[tuple[int, float], ...]

    @property
    def is_peer(self) -> bool:
        """Whether it is somebody else's, which is drawn broken."""
        return self.look == "other"


def draw(found: Sequence[Measured], folder: Path = DOCS) -> tuple[Path, ...]:
    """Writes the drawing and its page; SystemExit where nothing was measured yet."""
    if not found:
        raise SystemExit("nothing was measured yet: run python -m benchmarks large --record")
    texts = {DRAWING: format_drawing(found), PAGE: format_page(found)}
    for name, text in texts.items():
        replace_text(folder / name, text)
    return tuple(folder / name for name in texts)


def lines_of(found: Sequence[Measured]) -> tuple[Line, ...]:
    """Every line that was measured, coachbook's first."""
    lines = (
        Line("coachbook build", "build", "square", _own(found, BUILD)),
        Line("coachbook build after one edit", "build", "triangle", _own(found, BUILD_EDIT)),
        Line("coachbook check", "check", "circle", _own(found, CHECK)),
        Line("coachbook check after one edit", "check", "diamond", _own(found, CHECK_EDIT)),
        Line("bare primitives of a build", "other", "wedge", _of(found, BUILD, bare.NAME)),
        Line("bare primitives of a check", "other", "plus", _of(found, CHECK, bare.NAME)),
        Line("reading and hashing", "other", "circle", _of(found, CHECK, reading.NAME)),
        Line("check-jsonschema", "other", "diamond", _of(found, CHECK, headers.PEER)),
        Line("Hugo + staticrypt", "other", "square", _of(found, BUILD, HUGO.name)),
        Line(
            "Material + encryptcontent",
            "other",
            "triangle",
            _of(found, BUILD, ENCRYPTCONTENT.name),
        ),
    )
    return tuple(line for line in lines if line.points)


def _own(found: Iterable[Measured], work: str) -> tuple[tuple[int, float], ...]:
    return tuple((one.records, one.own(work).seconds) for one in found)


def _of(found: Iterable[Measured], work: str, name: str) -> tuple[tuple[int, float], ...]:
    """Where a peer did as much as there was to do at that size."""
    return tuple(
        (one.records, row.seconds)
        for one in found
        for row in one.works[work]
        if row.by.startswith(name) and row.pieces in {one.records, one.sessions, one.pages}
    )


def format_drawing(found: Sequence[Measured]) -> str:
    """The drawing as SVG."""
    lines = lines_of(found)
    scale = Scale.of(lines)
    described = (
        f"Two logarithmic scales: records from {found[0].records:,} to {found[-1].records:,}, "
        "and seconds. The numbers stand in the tables of size.md."
    )
    box = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-labelledby="title desc"'
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box}>',
        f'<title id="title">{_TITLE}</title>',
        f'<desc id="desc">{described}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="paper" width="{_WIDTH}" height="{_HEIGHT}"/>',
        f'<text class="title" x="{_LEFT}" y="30">{_TITLE}</text>',
        *_axes(scale, [one.records for one in found]),
        *(part for line in lines for part in _drawn(line, scale)),
        *_names(lines, scale),
        "</svg>",
    )
    return "\n".join(parts) + "\n"


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a number of records and of seconds stands; the ends are powers of ten of seconds."""

    least: float
    most: float
    low: int
    high: int

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Scale:
        """The scale that has room for all of them."""
        records = [record for line in lines for record, _ in line.points]
        seconds = [second for line in lines for _, second in line.points]
        low, high = math.floor(math.log10(min(seconds))), math.ceil(math.log10(max(seconds)))
        return cls(min(records), max(*records, min(records) + 1), low, max(high, low + 1))

    def across(self, records: float) -> float:
        """The place of a number of records, from the left."""
        share = math.log(records / self.least) / math.log(self.most / self.least)
        return round(_LEFT + share * (_RIGHT - _LEFT), 1)

    def down(self, seconds: float) -> float:
        """The place of a time, from the top."""
        share = (math.log10(seconds) - self.low) / (self.high - self.low)
        return round(_BOTTOM - share * (_BOTTOM - _TOP), 1)


def _axes(scale: Scale, sizes: Sequence[int]) -> Iterator[str]:
    for power in range(scale.low, scale.high + 1):
        y = scale.down(10.0**power)
        yield f'<line class="grid" x1="{_LEFT}" x2="{_RIGHT}" y1="{y}" y2="{y}"/>'
        label = f"{10.0**power:,.{max(0, -power)}f} s"
        yield f'<text class="soft" x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{label}</text>'
    for size in sizes:
        x = scale.across(size)
        yield f'<line class="grid" x1="{x}" x2="{x}" y1="{_TOP}" y2="{_BOTTOM}"/>'
        yield f'<text class="soft" x="{x}" y="{_BOTTOM + 20}" text-anchor="middle">{size:,}</text>'
    middle = (_LEFT + _RIGHT) / 2
    yield f'<text class="soft" x="{middle}" y="{_BOTTOM + 42}" text-anchor="middle">records</text>'


def _drawn(line: Line, scale: Scale) -> Iterator[str]:
    places = [(scale.across(records), scale.down(seconds)) for records, seconds in line.points]
    broken = " broken" if line.is_peer else ""
    joined = " ".join(f"{x},{y}" for x, y in places)
    yield f'<polyline class="line {line.look}{broken}" points="{joined}"/>'
    for (x, y), (records, seconds) in zip(places, line.points, strict=True):
        told = f"{line.name}, {records:,} records: {in_seconds(seconds)}"
        yield f'<path class="mark {line.look}" d="{_mark(line.mark, x, y)}">'
        yield f"<title>{escape(told)}</title></path>"


def _mark(kind: str, x: float, y: float) -> str:
    """The outline of a mark around a place."""
    shapes = {
        "square": "m-4,-4 h8 v8 h-8 z",
        "triangle": "m0,-5 l5,9 h-10 z",
        "diamond": "m0,-5.5 l5.5,5.5 l-5.5,5.5 l-5.5,-5.5 z",
        "wedge": "m0,5 l5,-9 h-10 z",
        "plus": "m-1.5,-5 h3 v3.5 h3.5 v3 h-3.5 v3.5 h-3 v-3.5 h-3.5 v-3 h3.5 z",
        "circle": "m-4.5,0 a4.5,4.5 0 1,0 9,0 a4.5,4.5 0 1,0 -9,0 z",
    }
    return f"M{x},{y} {shapes[kind]}"


def _names(lines: Sequence[Line], scale: Scale) -> Iterator[str]:
    """The name of each line beside its end, none on top of another."""
    y = -math.inf
    for line in sorted(lines, key=lambda one: -one.points[-1][1]):
        place = scale.down(line.points[-1][1])
        y = max(place, y + _GAP)
        x = scale.across(line.points[-1][0])
        yield (
            f'<path class="join {line.look}" '
            f'd="M{x + 7},{place} H{max(x + 7, _RIGHT + 6)} L{_RIGHT + 22},{y}"/>'
        )
        name = escape(_told(line, scale))
        yield f'<text class="end {line.look}" x="{_RIGHT + 26}" y="{y + 4}">{name}</text>'


def _told(line: Line, scale: Scale) -> str:
    """A line by its name and its end, which may come before that of others."""
    records, seconds = line.points[-1]
    at = f" at {records:,}" if records < scale.most else ""
    return f"{line.name}, {in_seconds(seconds)}{at}"


def in_seconds(seconds: float) -> str:
    """A time with two figures that count."""
    if seconds >= 10:  # noqa: PLR2004
        return f"{seconds:,.0f} s"
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds:.2f} s"


def format_page(found: Sequence[Measured]) -> str:
    """The page of the documents: the drawing, what it is drawn from, and how it was measured."""
    told = "coachbook and what was measured beside it, as lines; the numbers stand below"
    parts = (
        f"# {_TITLE}",
        _INTRODUCTION,
        f"![{_TITLE}: {told}]({DRAWING})",
        "## Coachbook",
        _table(_OWN_HEAD, (_own_cells(one) for one in found)),
        _OWN_WORDS,
        "## Aims",
        _table(("Records", "Work", "Aim", "Reached?"), _aims(found)),
        _AIMS_WORDS,
        "## Beside it",
        _table(_BESIDE_HEAD, (cells for one in found for cells in _beside(one))),
        _BESIDE_WORDS,
        "## The machine",
        "\n".join(_runs(found)),
        _AGAIN,
    )
    return "\n\n".join(parts) + "\n"


def _runs(found: Sequence[Measured]) -> Iterator[str]:
    """Each machine with its versions, and how busy it was when each size was begun."""
    for run in dict.fromkeys(one.run for one in found):
        sizes = (f"{one.records:,} ({one.busy:.1f})" for one in found if one.run == run)
        yield f"- {run}; programs busy when a size was begun: {', '.join(sizes)}"


_INTRODUCTION = f"""\
`python -m benchmarks chart` writes this page and its drawing from what `make bench-large` has
measured. A trust of so many records has schools of {SCHOOL_RECORDS:,} records each: people, keys,
roles, a policy and a calendar of its own, and pairs who meet every week. Each session has two
sealed sections with three readers, and half of the pairs sign them. Every trust passes
`coachbook check`."""

_OWN_HEAD = (
    *("Records", "Schools", "Private pages", "Check", "after one edit", "Build", "after one edit"),
    *(
        "again, unchanged",
        "Check, all cores",
        "Build, all cores",
        "Memory of check",
        "of build",
        "Records on disk",
        "Site",
    ),
)
_OWN_WORDS = """\
Check and build begin with an empty cache and no site. Then the length of one session is changed,
and the same command runs again. Memory is the peak of the largest process, as `/usr/bin/time -v`
tells it, and behind it that of all processes together. A time of all cores is what they worked,
waiting left out, and changes little on a busy machine."""

_AIMS_WORDS = """\
The aims for a check are set for 100,000 records, those for a build for 2,000 private pages and the
handbook; at more pages the same is asked."""

_BESIDE_HEAD = ("Records", "Work", "Who", "Pieces", "Time", "All cores", "A piece", "Coachbook is")
_BESIDE_WORDS = """\
Reading and hashing opens every file of the records and does nothing else; all of them were read
once before, so that nobody waited for the disk. Bare primitives are what cannot be done without,
one after the other: for a check reading, hashing, the headers as YAML by libyaml, and as many
signatures verified; for a build the handbook by mkdocs-material, and as many bytes sealed to as
many readers. check-jsonschema looks at headers alone. A page
of the two site builders holds one note under one password, where a private page holds up to a
year of notes, each for its own readers. Pages are compared by the piece where a builder was not
given as many as there are."""

_AGAIN = """\
With more programs busy than there are cores, times mean little. To measure again:
`make bench-large`, on a machine that does nothing else."""


def _own_cells(one: Measured) -> Iterator[str]:
    yield from (f"{one.records:,}", str(one.schools), f"{one.pages:,}")
    yield from (in_seconds(one.own(work).seconds) for work in WORKS)
    yield from (in_seconds(one.own(work).cpu or 0) for work in (CHECK, BUILD))
    for work in (CHECK, BUILD):
        yield _memory(one.own(work))
    yield from (f"{one.megabytes:.0f} MB", f"{one.site_megabytes:.0f} MB")


def _memory(own: Row) -> str:
    together = own.megabytes or 0
    return f"{own.largest or together:.0f} MB ({together:.0f} MB together)"


def _beside(one: Measured) -> Iterator[Iterable[str]]:
    for work in WORKS:
        own = one.own(work)
        for row in one.works[work]:
            if row.by != OURS:
                yield _compared(one.records, work, own, row)


def _aims(found: Sequence[Measured]) -> Iterator[tuple[str, str, str, str]]:
    """Every aim, at the largest size and at the first with as many pages as aims are set for."""
    many = next((one for one in found if one.pages >= BUILD_AIM_PAGES), found[-1])
    for one in {one.records: one for one in (many, found[-1])}.values():
        for table in tables(one):
            work, _, _ = table.work.partition(":")
            for aim in table.aims:
                yield f"{one.records:,}", work, str(aim), table.verdict(aim)


def _compared(records: int, work: str, own: Row, row: Row) -> Iterator[str]:
    who, _, _ = row.by.partition(",")
    yield from (f"{records:,}", work, who, f"{row.pieces:,}", in_seconds(row.seconds))
    yield from (
        in_seconds(row.cpu or 0),
        f"{row.each * 1000:.2f} ms",
        in_words(row.each / own.each),
    )


def _table(head: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)

"""How `check` and `build` grow with the size of a trust, beside what people would use instead.

Everything is a whole process. A cold run begins with an empty cache and no site; after it one
session is edited, and the same command runs again with what is there. Beside it are reading and
hashing the files, bare primitives, check-jsonschema on the sessions' headers, and two sites with a
page for each private page, encrypted under one password, as far as they can finish.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks import aside, bare, headers, reading
from benchmarks.handbook import stage_handbook
from benchmarks.kept import borrowed, keep_trust, store
from benchmarks.measured import BUILD, BUILD_EDIT, BUILD_SAME, CHECK, CHECK_EDIT, Measured
from benchmarks.peers import ENCRYPTCONTENT, HUGO
from benchmarks.process import best, spend
from benchmarks.table import OURS, Aim, Limit, Row, Table
from benchmarks.work import Work
from coachbook.manifest import FRAGMENT, load_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from benchmarks.peers import Site
    from benchmarks.process import Spent
    from benchmarks.trust import Trust

SIZES = (500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
OFTEN, FEW = 3, 1
FEW_FROM = 20_000
"""From so many records on everything is run once: each run takes long enough by itself."""

FEWER_PAGES_FROM = 20_000
HEADERS, PAGES, FEW_PAGES, HUGO_PAGES = 5000, 2200, 500, 25_000
"""How far the peers go. encryptcontent is taken to the pages that its aim is set for once, which
takes minutes; beside larger trusts it is there for the ratio a page."""

READING_AIM = Aim(reading.NAME, 1 / 6)
LEAST_AIM, LEAST_BUILD_AIM = Aim(bare.NAME, 1 / 2), Aim(bare.NAME, 1 / 3)
EDIT_AIM, REBUILD_AIM, MEMORY_AIM = 3.0, 1.5, 400.0
BUILD_AIM, BUILD_AIM_PAGES = 50, 2000

_MEGA = 1_000_000
_LEAST_OF_CHECK, _LEAST_OF_BUILD = "least of a check", "least of a build"


@dataclass(frozen=True, slots=True)
class Limits:
    """How far the peers go: headers, and pages of either site builder."""

    headers: int = HEADERS
    pages: int = PAGES
    hugo_pages: int = HUGO_PAGES

    @classmethod
    def at(cls, records: int) -> Limits:
        """How far they go beside a trust of so many records, where nothing else is asked for."""
        return cls(pages=PAGES if records < FEWER_PAGES_FROM else FEW_PAGES)


def measure(
    trust: Trust,
    run: str,
    limits: Limits,
    runs: int | None,
    folder: Path,
) -> Measured:
    """Makes the trust, if it is not there, and measures everybody on it in turn.

    Args:
        run: day, machine and versions, in words.
        runs: how often each is run; None for less often where a run takes long.
        folder: where trusts are kept.
    """
    _say(f"{trust.records:,} records: making the trust, unless an earlier run did")
    kept = keep_trust(trust, folder)
    busy = os.getloadavg()[0]
    often = runs or (FEW if trust.records >= FEW_FROM else OFTEN)
    with (
        borrowed(kept) as root,
        store() as cache,
        aside.folder(where=folder) as beside,
    ):
        work = Work(root, cache)
        spent = _spent(work, beside, limits, often)
        return Measured(
            records=trust.records,
            sessions=sum(school.sessions for school in trust.schools),
            schools=len(trust.schools),
            pages=_pages(work.site),
            megabytes=_megabytes(root / "records"),
            site_megabytes=_megabytes(work.site),
            run=run,
            busy=round(busy, 1),
            works=spent,
        )


def _spent(work: Work, beside: Path, limits: Limits, runs: int) -> dict[str, tuple[Row, ...]]:
    """What each work took each, coachbook first."""
    count = headers.write_headers(work.root, beside / "headers", limits.headers)
    records = sum(1 for _ in (work.root / "records").rglob("*.md"))
    handbook = stage_handbook(work.root, beside / "handbook")
    rounds = [_round(work, beside / "headers", handbook) for _ in range(runs)]
    pages = _pages(work.site)
    mine = {name: best([one[name] for one in rounds]) for name in rounds[0]}
    read = _row(reading.NAME, mine[reading.NAME], records)
    least = _row(bare.NAME, mine[_LEAST_OF_CHECK], records)
    sealed = _row(bare.NAME, mine[_LEAST_OF_BUILD], pages)
    schema = _row(f"{headers.PEER}, {count:,} headers", mine[headers.PEER], count)
    sites = [
        ENCRYPTCONTENT.site(beside, min(pages, limits.pages)),
        HUGO.site(beside, min(pages, limits.hugo_pages)),
    ]
    cold, again = _sites(sites)
    return {
        CHECK: (_row(OURS, mine[CHECK], records), least, read, schema),
        CHECK_EDIT: (_row(OURS, mine[CHECK_EDIT], records), read),
        BUILD: (_row(OURS, mine[BUILD], pages), sealed, *cold),
        BUILD_EDIT: (_row(OURS, mine[BUILD_EDIT], pages), *again),
        BUILD_SAME: (_row(OURS, mine[BUILD_SAME], pages), *again),
    }


def _round(work: Work, folder: Path, handbook: Path) -> dict[str, Spent]:
    """Everything once, in an order in which each finds what it is to find."""
    spent = {}
    _say("  reading and hashing, bare primitives, check-jsonschema")
    spend(["benchmarks.reading", "records"], work.root)  # from now on nobody waits for the disk
    spent[reading.NAME] = spend(["benchmarks.reading", "records"], work.root)
    spent[_LEAST_OF_CHECK] = bare.check(work.root)
    spent[headers.PEER] = headers.check_headers(folder)
    _say("  check, and check after an edit")
    work.forget()
    spent[CHECK] = work.check()
    work.edit()
    spent[CHECK_EDIT] = work.check()
    _say("  build, build after an edit, and once more")
    work.forget()
    spent[BUILD] = work.build()
    spent[_LEAST_OF_BUILD] = bare.build(handbook, work.root)
    work.edit()
    spent[BUILD_EDIT] = work.build()
    spent[BUILD_SAME] = work.build()
    return spent


def _sites(sites: Sequence[Site]) -> tuple[list[Row], list[Row]]:
    """Each peer's site built, and built again after an edit."""
    cold, again = [], []
    for site in sites:
        _say(f"  {site.name}")
        cold.append(site.row(site.build()))
        site.edit("anew")
        again.append(site.row(site.build()))
    return cold, again


def tables(found: Measured) -> Iterator[Table]:
    """What was measured at one size, work by work, with the aims of each."""
    yield Table(
        f"{CHECK}: {found.records:,} records, {found.schools} school{'s' * (found.schools > 1)}, "
        f"{found.sessions:,} of them sessions with sealed sections ({found.megabytes:.0f} MB)",
        "record",
        found.works[CHECK],
        (READING_AIM, LEAST_AIM, *_memory(found, CHECK)),
    )
    yield Table(
        CHECK_EDIT, "record", found.works[CHECK_EDIT], (_limit(found, CHECK_EDIT, EDIT_AIM),)
    )
    yield Table(
        f"{BUILD}: the handbook and {found.pages:,} private pages ({found.site_megabytes:.0f} MB, "
        f"{found.site_megabytes * 1000 / found.pages:.1f} kB a page)",
        "page",
        found.works[BUILD],
        (*_build_aims(found.works[BUILD]), LEAST_BUILD_AIM, *_memory(found, BUILD)),
        ("a page of a peer holds one note, a private page up to a year of them",),
    )
    yield Table(
        BUILD_EDIT,
        "page",
        found.works[BUILD_EDIT],
        (_limit(found, BUILD_EDIT, REBUILD_AIM),),
        (f"the aim is for {BUILD_AIM_PAGES:,} private pages; here are {found.pages:,}",),
    )
    yield Table(BUILD_SAME, "page", found.works[BUILD_SAME])


def _build_aims(rows: Sequence[Row]) -> Iterator[Aim]:
    """Level with Hugo, and far ahead of a peer that takes longer a page the more there are."""
    for row in rows:
        if row.by.startswith(HUGO.name):
            yield Aim(row.by, 1)
        elif row.by.startswith(ENCRYPTCONTENT.name) and row.pieces >= BUILD_AIM_PAGES:
            yield Aim(row.by, BUILD_AIM)


def _limit(found: Measured, work: str, under: float) -> Limit:
    return Limit("time", found.own(work).seconds, under)


def _memory(found: Measured, work: str) -> tuple[Limit, Limit]:
    """The memory of the largest process, as `/usr/bin/time -v` tells it, and of all together."""
    own = found.own(work)
    return (
        Limit("memory of a process", own.largest or own.megabytes or 0, MEMORY_AIM, "MB"),
        Limit("memory of all processes together", own.megabytes or 0, MEMORY_AIM, "MB"),
    )


def _row(name: str, spent: Spent, pieces: int) -> Row:
    return Row(name, spent.seconds, pieces, spent.megabytes, cpu=spent.cpu, largest=spent.largest)


def _pages(site: Path) -> int:
    return sum(item.kind == FRAGMENT for item in load_manifest(site).values())


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / _MEGA


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)

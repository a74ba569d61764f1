"""How long `check` takes on 2,000 sessions, beside check-jsonschema on the same headers.

All are whole processes that keep nothing from an earlier run. The peer
validates each session's header against a JSON Schema made from the form; it
follows no reference and knows no policy, no calendar and no seal. Bare
primitives are what no check can do without.
"""

from __future__ import annotations

from functools import partial

from benchmarks import bare, reading
from benchmarks.aside import folder
from benchmarks.headers import PEER, check_headers, write_headers
from benchmarks.process import race, spend
from benchmarks.table import OURS, Aim, Row, Table
from benchmarks.workspace import Size, make_workspace

AIM, LEAST_AIM = Aim(PEER, 10), Aim(bare.NAME, 1 / 3)
"""The design's, and what is asked beside it; a third of so small a check is its start."""


def run(sessions: int = 2000, runs: int = 3) -> Table:
    """Makes a workspace with so many sessions, and measures everybody on it in turn."""
    with folder() as place:
        root, headers = place / "workspace", place / "headers"
        make_workspace(root, Size(sessions))
        files = sum(1 for _ in (root / "records").rglob("*.md"))
        known = write_headers(root, headers, sessions)
        pieces = {OURS: files, PEER: known, bare.NAME: files, reading.NAME: files}
        spent = race(
            {
                OURS: partial(spend, ["coachbook", "check"], root),
                PEER: partial(check_headers, headers),
                bare.NAME: partial(bare.check, root),
                reading.NAME: partial(spend, ["benchmarks.reading", "records"], root),
            },
            runs,
        )
    return Table(
        f"check, cold: {files:,} records, of which {sessions:,} are sessions with sealed sections",
        "record",
        tuple(
            Row(name, one.seconds, pieces[name], one.megabytes, cpu=one.cpu)
            for name, one in spent.items()
        ),
        (AIM, LEAST_AIM),
        (_remark(spent[PEER].seconds / known, spent[bare.NAME].seconds / files),),
    )


def _remark(peer: float, least: float) -> str:
    """Why the aim beside the peer is as far away as it is."""
    return (
        f"ten times faster than the peer were {peer * 100:.2f} ms a record; bare primitives take "
        f"{least * 1000:.2f} ms"
    )

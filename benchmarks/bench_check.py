"""How long `check` takes on 2,000 sessions, beside check-jsonschema on the same headers.

Both are whole processes that keep nothing from an earlier run. The peer
validates each session's header against a JSON Schema made from the form; it
follows no reference and knows no policy, no calendar and no seal.
"""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from benchmarks import reading
from benchmarks.headers import PEER, check_headers, write_headers
from benchmarks.process import race, spend
from benchmarks.table import OURS, Aim, Row, Table
from benchmarks.workspace import Size, make_workspace

AIM = Aim(PEER, 10)


def run(sessions: int = 2000, runs: int = 3) -> Table:
    """Makes a workspace with so many sessions, and measures everybody on it in turn."""
    with tempfile.TemporaryDirectory() as folder:
        root, headers = Path(folder) / "workspace", Path(folder) / "headers"
        make_workspace(root, Size(sessions))
        files = sum(1 for _ in (root / "records").rglob("*.md"))
        pieces = {OURS: files, PEER: write_headers(root, headers, sessions), reading.NAME: files}
        spent = race(
            {
                OURS: partial(spend, ["coachbook", "check"], root),
                PEER: partial(check_headers, headers),
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
        (AIM,),
        (_remark(spent[PEER].seconds / sessions),),
    )


def _remark(each: float) -> str:
    """Why the aim is as far away as it is."""
    return (
        f"the aim was set when the peer took 2.8 ms a header; here it takes {each * 1000:.1f} ms, "
        f"so ten times faster is {each * 100:.2f} ms a record, sealed parts, references, "
        "calendar and policy included"
    )

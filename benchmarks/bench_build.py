"""How long `build` takes, beside mkdocs-material with mkdocs-encryptcontent-plugin.

Both are whole processes that keep nothing from an earlier run. Coachbook checks
every record, builds the handbook, seals about 2,000 private pages and audits
the result. The peer encrypts one short note a page, under one password.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.process import race, spend
from benchmarks.table import OURS, Aim, Row, Table
from benchmarks.workspace import Size, make_workspace
from coachbook.book import load_book
from coachbook.manifest import FRAGMENT, load_manifest
from coachbook.pages import open_templates, render_page
from coachbook.portal import plan_portal
from coachbook.views import open_view
from tests.workspaces.otterbeck_small import SESSION_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.process import Spent

SESSIONS_EACH = 5
"""Few sessions a cycle make many cycles and people, and so about a private page a session."""

PEER = "encryptcontent"
PEER_PAGES = (100, 200)
AIM = 50
AT_PAGES = 2000
"""How many pages the peer has to build for the aim to be judged."""

PEER_AT_AIM = 0.0545
"""Seconds a page that the peer took at so many pages, measured once on two such cores."""

SET_BY = 0.1555
"""Seconds a page that it took when the aim was set."""

REMARKS = (
    "each of the peer's pages holds the whole navigation, so that twice the pages take up to four",
    "times as long: 400 took 8 s, 800 took 23 s, 2,000 took 109 s (55 ms and 504 kB a page) on two",
    "such cores",
)

_NOTE = SESSION_TEXT.split("---\n", 2)[2]
_TELLTALE = b"equal fractions"
_PASSWORD = "kettle-larch-amber-gorse-heron-frost"


def run(sessions: int = 2000, peer_pages: Sequence[int] = PEER_PAGES, runs: int = 3) -> Table:
    """Builds a workspace of so many sessions, and sites of the peer with so many pages."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "workspace"
        make_workspace(root, Size(sessions, SESSIONS_EACH))
        peers = {
            f"{PEER}, {count:,} pages": _write_peer(Path(folder) / f"peer-{count}", count)
            for count in peer_pages
        }
        candidates = {OURS: lambda: _build(root)} | {
            name: partial(spend, ["mkdocs", "build", "-q"], place) for name, place in peers.items()
        }
        spent = race(candidates, runs)
        rows = [_own_row(root, spent[OURS])]
        rows += [_peer_row(name, place, spent[name]) for name, place in peers.items()]
    return Table(
        f"build, cold: handbook and portal of {sessions:,} sessions",
        "page",
        tuple(rows),
        Aim(rows[-1].by, AIM) if rows[-1].pieces >= AT_PAGES else None,
        (*REMARKS, *_outlook(rows[0])),
    )


def _outlook(own: Row) -> Iterator[str]:
    """How far away the aim is, by what the peer took at that size, and the budget it stands for."""
    taken, budget = own.each * AT_PAGES, SET_BY * AT_PAGES / AIM
    held = "kept" if taken <= budget else "not kept"
    yield f"{AT_PAGES:,} pages and the handbook: {taken:.1f} s. The budget is {budget:.1f} s, a"
    yield f"{AIM}th of the {SET_BY * AT_PAGES:.0f} s that the peer took when it was set: {held}."
    factor = PEER_AT_AIM / own.each
    reached = "reached" if factor >= AIM else f"missed, {factor / AIM:.0%} of it"
    yield f"Beside the 109 s above coachbook is {factor:.0f} times faster a page; the aim is {AIM}:"
    yield f"{reached} (--peer-pages {AT_PAGES} measures it anew, and takes minutes)"


def _build(root: Path) -> Spent:
    shutil.rmtree(root / "site", ignore_errors=True)
    return spend(["coachbook", "build"], root)


def _own_row(root: Path, spent: Spent) -> Row:
    site = root / "site"
    names = [name for name, item in load_manifest(site).items() if item.kind == FRAGMENT]
    size = sum((site / name).stat().st_size for name in names)
    overhead = (size - _carried(root)) / len(names)
    return Row(OURS, spent.seconds, len(names), spent.megabytes, overhead)


def _carried(root: Path) -> int:
    """The bytes of sealed text that all private pages carry, each block as it lies in a record."""
    templates = open_templates(root)
    plan = plan_portal(
        open_view(load_book(root)),
        lambda name, model, audience: render_page(templates, name, model, audience),
    )
    pages = (json.loads(fragment.plaintext) for fragment in plan)
    return sum(len(block["armor"]) for page in pages for block in page.get("blocks", {}).values())


def _write_peer(folder: Path, pages: int) -> Path:
    (folder / "docs").mkdir(parents=True)
    for number in range(pages):
        text = f"# Session {number}\n\n{_NOTE}"
        (folder / "docs" / f"session-{number:05}.md").write_text(text, encoding="utf-8")
    (folder / "docs/index.md").write_text("# Sessions\n", encoding="utf-8")
    settings = {
        "site_name": "Peer",
        "theme": {"name": "material", "font": False},
        "plugins": ["search", {"encryptcontent": {"global_password": _PASSWORD}}],
    }
    (folder / "mkdocs.yml").write_text(json.dumps(settings), encoding="utf-8")
    return folder


def _peer_row(name: str, folder: Path, spent: Spent) -> Row:
    pages = sum(1 for _ in folder.glob("docs/session-*.md"))
    built = [path.read_bytes() for path in folder.glob("site/session-*/index.html")]
    if len(built) != pages or any(_TELLTALE in page for page in built):
        raise SystemExit("the peer did not encrypt every page; the comparison means nothing")
    overhead = sum(map(len, built)) / pages - len(_NOTE.encode())
    return Row(name, spent.seconds, pages, spent.megabytes, overhead)

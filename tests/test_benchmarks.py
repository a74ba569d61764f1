"""Tests that the benchmarks run, and compare what they say they do; no time decides here."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import __main__ as command
from benchmarks import aside, bench_age, bench_build, bench_check, bench_guess, bench_portal
from benchmarks.bare import NAME as BARE
from benchmarks.table import OURS, Aim, Row, Table
from benchmarks.workspace import Size, make_workspace
from coachbook.book import load_book
from coachbook.diagnostics import Severity
from coachbook.guessing import WORK_FACTOR
from coachbook.rules import check_book

if TYPE_CHECKING:
    import pytest

SESSIONS = 10
ROOT = Path(__file__).parent.parent


def test_workspace_passes_every_rule(tmp_path: Path) -> None:
    """What is measured is a workspace without faults, every confidential part of it sealed."""
    root = tmp_path / "workspace"

    paths = make_workspace(root, Size(SESSIONS, sessions_each=5))

    book = load_book(root)
    assert [one for one in check_book(book) if one.severity is not Severity.INFO] == []
    assert set(paths) <= set(book.records)
    assert sum(record.type == "session" for record in book.records.values()) == SESSIONS + 1


def test_sealing_is_measured() -> None:
    """Sealing and opening are measured beside bare primitives and another implementation."""
    for table in bench_age.run(rounds=1):
        assert [row.by for row in table.rows] == [OURS, BARE, "pyrage"]
        assert all(row.seconds > 0 for row in table.rows)


def test_a_guess_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A guess is measured as three programs make it, and the cheapest is what can be kept."""
    monkeypatch.setattr(bench_guess, "FILE", tmp_path / "cost.json")
    table = bench_guess.run(rounds=1)

    cost = bench_guess.record(table)

    assert [row.by for row in table.rows] == [OURS, "bare scrypt", "pyrage"]
    assert cost.seconds == round(min(row.seconds for row in table.rows), 4)
    kept = json.loads((tmp_path / "cost.json").read_text(encoding="utf-8"))
    assert (kept["seconds"], kept["work_factor"]) == (cost.seconds, WORK_FACTOR)


def test_check_is_measured() -> None:
    """Checking is measured beside one that only knows the headers, and beside bare primitives."""
    table = bench_check.run(SESSIONS, runs=1)

    peers = ["check-jsonschema", BARE, "reading and hashing"]
    assert [row.by for row in table.rows] == [OURS, *peers]
    assert table.own.pieces > SESSIONS
    assert table.row("check-jsonschema").pieces == SESSIONS


def test_build_is_measured() -> None:
    """Building is measured with its memory, and what a page weighs beyond its sealed text."""
    table, again = bench_build.run(SESSIONS, peer_pages=(2,), runs=1)

    pages = SESSIONS * bench_build.AT_PAGES // bench_build.SESSIONS
    peers = ["encryptcontent, 2 pages", f"Hugo + staticrypt, {pages} pages"]
    assert [row.by for row in table.rows] == [OURS, BARE, *peers]
    assert [row.by for row in again.rows] == [OURS, *peers]
    assert all(row.megabytes and (row.overhead or row.by == BARE) for row in table.rows)
    assert "  aim: time under 1.5 s: " in "\n".join(again.lines())


def test_bare_primitives_look_at_all_there_is(tmp_path: Path) -> None:
    """What coachbook is measured against reads every record, and verifies every signature."""
    record = (
        "---\ntype: school\n---\n\n```age-signature\nsigner: p-1\n```\n\n```age-signature\n```\n"
    )
    (tmp_path / "school.md").write_text(record, encoding="utf-8")
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper/plain.md").write_text("---\ntype: note\n---\n", encoding="utf-8")

    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.bare", "check", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        check=True,
        encoding="utf-8",
    ).stdout

    assert told.split()[:2] == ["2", "2"]


def test_nothing_is_deleted_while_somebody_is_measured(tmp_path: Path) -> None:
    """What one leaves stays where it is until all are measured: deleting it slows the next."""
    with aside.deleting_at_the_end():
        with aside.folder(where=tmp_path) as one:
            (one / "site").mkdir()
            (one / "site/page.html").touch()
            aside.put_aside(one / "site", one)
            aside.put_aside(one / "site", one)  # which is not there any more
        with aside.folder(where=tmp_path) as other:
            pass

        assert not (one / "site").exists()
        assert [path.name for path in one.rglob("*.html")] == ["page.html"]
        assert other.is_dir()
    assert not list(tmp_path.iterdir())


def test_a_folder_goes_after_its_use_where_nothing_else_is_measured(tmp_path: Path) -> None:
    """A test that measures a single thing leaves nothing behind."""
    with aside.folder(where=tmp_path):
        assert list(tmp_path.iterdir())

    assert not list(tmp_path.iterdir())


def test_portal_is_measured() -> None:
    """Unlocking, a page of sealed sections and finding are measured in a browser."""
    # A thread of its own: a browser of another test may be open in this one.
    with ThreadPoolExecutor(1) as aside:
        tables = aside.submit(lambda: list(bench_portal.run(sections=20))).result()

    assert [table.row(OURS).seconds > 0 for table in tables] == [True] * 3
    assert all("  aim: wait under" in "\n".join(table.lines()) for table in tables)


def test_table_says_how_many_times() -> None:
    """A table puts each peer beside coachbook, piece by piece, and says what was aimed at."""
    rows = (Row(OURS, 2.0, pieces=1000), Row("peer", 1.0, pieces=100))

    lines = list(Table("check", "record", rows, (Aim("peer", 10),)).lines())

    assert lines[2].endswith("coachbook is 5.0 times faster")
    assert lines[3] == "  aim: at least 10.0 times faster than peer: missed, 50% of it"


def test_aim_may_allow_a_loss() -> None:
    """An aim can be to lose no more than so much against what is only a part of the work."""
    rows = (Row(OURS, 0.0012), Row("bare", 0.001))

    lines = list(Table("seal", "note", rows, (Aim("bare", 1 / 1.5),)).lines())

    assert lines[2].endswith("coachbook is 1.20 times slower")
    assert lines[3] == "  aim: at most 1.50 times slower than bare: reached"


def test_command_names_machine_and_versions(capsys: pytest.CaptureFixture[str]) -> None:
    """What is printed begins with the machine's cores and the versions of all that takes part."""
    status = command.main(["age"])

    printed = capsys.readouterr().out
    assert status == 0
    assert printed.splitlines()[0].endswith(" cores")
    assert "programs busy" in printed
    for name in (*command.LIBRARIES, *command.PEERS):
        assert f"{name} " in printed
    assert "open it as the third" in printed

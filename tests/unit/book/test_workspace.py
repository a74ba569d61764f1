"""The files of a workspace, and what tells that nothing about them has changed."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest

from coachbook.book import index as index_module
from coachbook.book import load_book
from coachbook.book.files import LIMIT, not_a_record, read_file
from coachbook.book.workspace import Workspace
from coachbook.cache import Cache, open_cache
from coachbook.copies import without_collection
from coachbook.partcheck import check_workspace
from coachbook.readers import forget_blocks, stated_block
from coachbook.rules import check_book
from coachbook.rules.parting import check_part
from tests.schools import FIRST, SECOND, make_schools

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.diagnostics import Diagnostic

SESSION = f"records/{SECOND}/2026-27/c-1a1b2c3d/2026-11-12-s-1kq2m4xa.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace of two schools."""
    make_schools(tmp_path / "workspace")
    return tmp_path / "workspace"


@pytest.fixture(params=["commands", "a program that runs on"])
def cache(tmp_path: Path, root: Path, request: pytest.FixtureRequest) -> Cache:
    """A store that nothing has been left in, on the disk or in memory."""
    found = open_cache({"COACHBOOK_CACHE": str(tmp_path / "cache")}, root)
    return found if request.param == "commands" else found.remembering()


def check(root: Path, cache: Cache) -> None:
    """Fails where what is taken over from an earlier check is not what there is to find."""
    found = check_workspace(Workspace(root, cache=cache)).findings
    assert found == check_book(load_book(root))


def test_a_file_that_is_too_large_is_no_empty_one(root: Path, cache: Cache) -> None:
    """An empty file that grows until nobody reads it has another finding, and another yet."""
    (root / SESSION).write_bytes(b"")
    check(root, cache)
    for size in (LIMIT + 1, 2 * LIMIT):
        with (root / SESSION).open("r+b") as file:
            file.truncate(size)
        check(root, cache)


def test_a_name_that_clashes_no_more_is_said_no_more(root: Path, cache: Cache) -> None:
    """A file that is no record may still be at fault for a finding about one."""
    other = root / f"records/{SECOND}/SCHOOL.MD"
    other.write_bytes(b"")
    check(root, cache)

    other.unlink()

    check(root, cache)


def test_a_spare_copy_is_compared_anew(root: Path, cache: Cache) -> None:
    """Where it differs from the record is told as it is now."""
    spare = root / f"records/{SECOND}/school (1).md"
    for text in (b"one\n", b"two\n"):
        spare.write_bytes((root / f"records/{SECOND}/school.md").read_bytes() + text)
        check(root, cache)
    spare.unlink()
    check(root, cache)


def test_a_file_that_was_locked_for_a_moment_is_read_again(
    root: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that holds a file for a moment leaves no trace in what is kept."""

    def locked(root: Path, path: str) -> bytes | Diagnostic:
        if path == SESSION:
            return not_a_record(path, "cannot be read: permission denied", "ask")
        return read_file(root, path)

    monkeypatch.setattr(index_module, "_RACY", -(10**15))  # as if files had not changed for days
    with monkeypatch.context() as patch:
        patch.setattr(index_module, "read_file", locked)
        check_workspace(Workspace(root, cache=cache))

    check(root, cache)


def test_a_check_at_midnight_has_one_day(root: Path) -> None:
    """The clock is asked once, or what is found today would be kept for tomorrow."""
    text = (root / "records/trust.md").read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if not line.startswith("as_of:")]
    (root / "records/trust.md").write_text("\n".join(lines), encoding="utf-8", newline="\n")
    days = (date(2026, 11, 20) + timedelta(days=number) for number in count())
    workspace = Workspace(root, clock=lambda: next(days))

    today = workspace.shared.today

    assert {workspace.book_of(part).today for part in workspace.plan.parts} == {today}
    assert workspace.prints == Workspace(root, today=today).prints


@pytest.mark.parametrize("path", [SESSION, f"records/{FIRST}/school.md", "records/keys/drills.md"])
def test_what_was_written_since_is_noticed(root: Path, path: str) -> None:
    """Records, and what lies beside them, are those of the index or others."""
    (root / "records/keys/drills.md").write_bytes(b"")
    workspace = Workspace(root)
    (part,) = (one for one in workspace.plan.parts if one.school == SECOND)
    assert workspace.is_as_indexed(workspace.book_of(part))
    again = Workspace(root)
    assert again.prints.keys() >= {SECOND}

    (root / path).write_bytes((root / path).read_bytes() + b"\n")

    assert not again.is_as_indexed(again.book_of(part))


_APART = """
import os, sys
from pathlib import Path
from coachbook.book import workspace
from coachbook.cache import open_cache

root, folder, work = map(Path, sys.argv[1:])
here = workspace.Workspace(root).plan
indexed, trace = workspace.Workspace._indexed, folder.with_name("trace")

def noted(self, name, paths):
    with trace.open("a") as file:
        file.write(f"{os.getpid()}\\n")
    return indexed(self, name, paths)

workspace._MANY = 0
workspace.Workspace._indexed = noted
if work.name == "killed":
    workspace.Workspace._leave_plan = lambda self: os._exit(9)
found = workspace.Workspace(root, cache=open_cache({"COACHBOOK_CACHE": str(folder)}, root))
print(found.plan == here, len(set(trace.read_text().split())))
"""


@pytest.mark.parametrize(("work", "processes"), [("done", 2), ("killed", 1)])
def test_a_large_workspace_is_planned_by_a_process_of_its_own(
    root: Path, tmp_path: Path, work: str, processes: int
) -> None:
    """The plan is the same, whether that process leaves it or it has to be made here."""
    command = [sys.executable, "-c", _APART, str(root), str(tmp_path / "cache"), work]

    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")

    expected = processes if sys.platform == "linux" else 1
    assert (done.stdout, done.stderr) == (f"True {expected}\n", "")


def test_a_book_goes_before_the_next_one_comes(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a workspace of many schools one is in memory at a time, and no search frees it."""
    monkeypatch.setattr(gc, "collect", lambda: pytest.fail("memory was searched for a book"))
    cache = open_cache({"COACHBOOK_CACHE": str(tmp_path / "cache")}, root)
    workspace = Workspace(root, cache=cache)
    with without_collection():
        one, other = (part for part in workspace.plan.parts if part.school)
        book = workspace.book_of(one)
        check_part(book, one, cache)
        reads = weakref.ref(book.reads)
        del book
        assert reads() is not None
        workspace.book_of(other)
        assert reads() is None


def test_blocks_go_with_the_book_that_held_them(root: Path) -> None:
    """What is remembered of the sealed blocks of a school does not pile up with every school."""
    workspace = Workspace(root)
    one, other = (part for part in workspace.plan.parts if part.school)
    forget_blocks()
    check_part(workspace.book_of(one), one)
    assert stated_block.cache_info().currsize > 0

    workspace.book_of(other)

    assert stated_block.cache_info().currsize == 0


def test_the_hash_of_a_record_is_found_by_its_path(root: Path) -> None:
    """Of every record there is, and of none that there is not."""
    workspace = Workspace(root)

    found = {path: workspace.print_of(path) for path in workspace.listing.records}

    assert found == workspace.record_prints == dict(load_book(root).prints.items() & found.items())
    for path in ("", "records", f"{SESSION}x", "records/~"):
        with pytest.raises(KeyError):
            workspace.print_of(path)

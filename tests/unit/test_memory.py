"""What an earlier run has worked out, for as long as nothing has changed that it hangs on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.cache import FORGETFUL, Cache, open_cache
from coachbook.memory import Made, Memory
from tests.unit.conftest import TODAY

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

CYCLE = "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"
OTHER = "records/otterbeck/2026-27/c-0a1b2c3d/2026-11-12-s-7kq2m4xa.md"


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    """A store that nothing has been left in."""
    return open_cache({"COACHBOOK_CACHE": str(tmp_path / "cache")}, tmp_path / "workspace")


def remember(
    workspace: Path, cache: Cache, today: date = TODAY, ground: bytes = b""
) -> Memory[str]:
    """What is known by now."""
    return Memory(load_book(workspace, today=today), cache, "pages", ground)


@pytest.fixture
def page(workspace: Path, cache: Cache) -> str:
    """The name of a page for which a cycle was looked up, and a record that is not there."""
    book = load_book(workspace, today=TODAY)
    with book.reads.noting() as seen:
        value = f"{book.records[CYCLE].id}, {book.records.get('records/none.md')}"
    memory: Memory[str] = Memory(book, cache, "pages")
    memory.keep(["page"], [memory.pack([Made("page", frozenset(seen), value)])])
    return "page"


def test_what_nothing_has_changed_for_is_known(workspace: Path, cache: Cache, page: str) -> None:
    """The next run takes it over, also when another record has changed."""
    (workspace / OTHER).write_bytes((workspace / OTHER).read_bytes() + b"\n")

    known = remember(workspace, cache).known(page)

    assert known is not None
    assert known.value == "c-0a1b2c3d, None"


def test_a_record_that_was_looked_up_and_changes_counts(
    workspace: Path, cache: Cache, page: str
) -> None:
    """One more byte is a change."""
    (workspace / CYCLE).write_bytes((workspace / CYCLE).read_bytes() + b"\n")

    assert remember(workspace, cache).known(page) is None


def test_a_record_that_was_missed_and_comes_counts(
    workspace: Path, cache: Cache, page: str
) -> None:
    """What was looked up in vain is there now."""
    (workspace / "records/none.md").write_bytes((workspace / CYCLE).read_bytes())

    assert remember(workspace, cache).known(page) is None


@pytest.mark.parametrize(
    "path", ["records/people/p-c5t0w6ze.md", "records/keys/drills.md", "records/keys/approvals.md"]
)
def test_everything_hangs_on_the_ground(
    workspace: Path, cache: Cache, page: str, path: str
) -> None:
    """People, keys and what was proved with them are looked up everywhere, so nobody notes it."""
    place = workspace / path
    place.write_bytes((place.read_bytes() if place.exists() else b"") + b"\n")

    assert remember(workspace, cache).known(page) is None


def test_another_day_or_another_template_is_another_ground(
    workspace: Path, cache: Cache, page: str
) -> None:
    """What a caller adds to the ground counts as well."""
    assert remember(workspace, cache, today=TODAY + timedelta(days=1)).known(page) is None
    assert remember(workspace, cache, ground=b"templates").known(page) is None
    assert remember(workspace, cache).known(page) is not None


def test_what_is_wanted_no_more_is_forgotten(workspace: Path, cache: Cache, page: str) -> None:
    """Nothing of a page that is gone stays in the store, nor what only it had looked up."""
    memory = remember(workspace, cache)
    memory.keep([page, "new"], [memory.pack([Made("new", frozenset(), "x")])])
    remember(workspace, cache).keep(["new"], [])

    again = remember(workspace, cache)

    assert (again.known(page), again.known("new") is not None) == (None, True)
    assert CYCLE not in repr(cache.read("pages"))


def test_what_lies_there_under_its_name_need_not_be_ours(workspace: Path, cache: Cache) -> None:
    """An entry of another kind is as good as none."""
    cache.write("pages", {"page": "x"})

    assert remember(workspace, cache).known("page") is None


def test_what_has_changed_and_was_not_made_again_is_forgotten(
    workspace: Path, cache: Cache, page: str
) -> None:
    """It would otherwise pass for what the changed records give."""
    (workspace / CYCLE).write_bytes((workspace / CYCLE).read_bytes() + b"\n")
    memory = remember(workspace, cache)
    memory.keep([page, "new"], [memory.pack([Made("new", frozenset(), "x")])])

    again = remember(workspace, cache)

    assert (again.known(page), again.known("new") is not None) == (None, True)


def test_what_several_have_made_is_kept_together(workspace: Path, cache: Cache) -> None:
    """Each row still hangs on what was looked up for it, whoever has numbered the look-ups."""
    book = load_book(workspace, today=TODAY)
    memory: Memory[str] = Memory(book, cache, "pages")
    on_cycle, on_other = (frozenset({("records", path)}) for path in (CYCLE, OTHER))
    packs = [
        memory.pack([Made("a", on_cycle, "1")]),
        memory.pack([Made("b", on_other, "2"), Made("c", on_cycle | on_other, "3")]),
    ]
    memory.keep(["a", "b", "c"], packs)
    (workspace / OTHER).write_bytes((workspace / OTHER).read_bytes() + b"\n")

    again = remember(workspace, cache)

    assert [name for name in ("a", "b", "c") if again.known(name)] == ["a"]


def test_without_a_store_nothing_is_marked(workspace: Path) -> None:
    """Marks are for the next run; a run that leaves nothing has no use for them."""
    memory: Memory[str] = Memory(load_book(workspace, today=TODAY), FORGETFUL, "pages")

    pack = memory.pack([Made("a", frozenset({("records", CYCLE)}), "1")])

    assert (pack.seen, pack.marks, pack.rows["a"].value) == ((), (), "1")

"""The check of a workspace of several schools, and what an earlier one has left to it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.book.workspace import Workspace
from coachbook.cache import FORGETFUL, Cache, open_cache
from coachbook.errors import InputError
from coachbook.partcheck import check_workspace
from coachbook.rules import check_book, tally
from tests.schools import FIRST, SECOND, make_schools

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.book import Book
    from coachbook.book.parts import Part

SESSION = f"records/{SECOND}/2026-27/c-1a1b2c3d/2026-11-12-s-1kq2m4xa.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace of two schools."""
    make_schools(tmp_path / "workspace")
    return tmp_path / "workspace"


@pytest.fixture
def cache(tmp_path: Path, root: Path) -> Cache:
    """A store that nothing has been left in."""
    return open_cache({"COACHBOOK_CACHE": str(tmp_path / "cache")}, root)


class Watched(Workspace):
    """A workspace that says which of its schools were loaded."""

    def book_of(self, part: Part) -> Book:
        """The book of a part, which is noted down."""
        self.loaded = [*getattr(self, "loaded", []), part.school]
        return super().book_of(part)


def loaded(root: Path, cache: Cache, today: date | None = None) -> list[str]:
    """The schools that a check loads; what it finds is what there is to find."""
    workspace = Watched(root, cache=cache, today=today)
    assert check_workspace(workspace).findings == check_book(load_book(root, today=today))
    return getattr(workspace, "loaded", [])


def edit(root: Path, path: str, old: str, new: str) -> None:
    """Replaces a text that has to be there."""
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def test_helpers_find_what_one_process_finds(root: Path) -> None:
    """Schools are shared out among processes, and the findings are in one order."""
    assert check_workspace(Workspace(root), hands=2) == check_workspace(Workspace(root))


def test_what_was_checked_is_counted_as_in_the_whole(root: Path) -> None:
    """Files and sealed sections are counted once, wherever they were looked at."""
    checked = check_workspace(Workspace(root))
    book = load_book(root)

    assert checked.tally() == tally(book)
    assert checked.tally([f"records/{FIRST}"]) == tally(book, [f"records/{FIRST}"])
    assert checked.about([SESSION]) == check_book(book, [SESSION])


def test_nothing_is_loaded_where_nothing_has_changed(root: Path, cache: Cache) -> None:
    """A second check looks at the files' times, and takes over what the first has found."""
    assert sorted(loaded(root, cache)) == ["", FIRST, SECOND]
    assert loaded(root, cache) == []


def test_one_edit_loads_the_school_that_it_is_in(root: Path, cache: Cache) -> None:
    """The other schools stay as they are on the disk."""
    make_different(root)
    loaded(root, cache)
    edit(root, SESSION, "minutes: ", "minutes: 1")

    assert loaded(root, cache) == [SECOND]


def asked(root: Path, chosen: list[str], cache: Cache = FORGETFUL) -> list[str]:
    """The schools that are loaded to check some files; what is found is what there is to find."""
    workspace = Watched(root, cache=cache)
    assert check_workspace(workspace, chosen=chosen).about(chosen) == check_book(
        load_book(root), chosen
    )
    return getattr(workspace, "loaded", [])


def test_a_file_is_checked_without_the_other_schools(root: Path, cache: Cache) -> None:
    """Whoever asks about one record waits for its school alone; the whole is checked later."""
    make_different(root)

    assert asked(root, [SESSION], cache) == [SECOND]
    assert loaded(root, cache) == [FIRST, ""]


@pytest.mark.parametrize(
    "path", ["records/people/p-c5t0w6ze.md", f"records/{FIRST}/waivers/w-3f7k9d2s.md"]
)
def test_what_several_schools_say_is_asked_of_all(root: Path, path: str) -> None:
    """About a person, and about what a waiver sets aside, another school may find something."""
    assert sorted(asked(root, [path])) == ["", FIRST, SECOND]


@pytest.mark.parametrize("path", ["records/keys", "records/keys/p-c5t0w6ze.pub", "records", "."])
def test_a_key_is_asked_of_all(root: Path, path: str) -> None:
    """What is still sealed to a key is counted in every school."""
    assert sorted(asked(root, [path])) == ["", FIRST, SECOND]


def test_every_file_alone_has_the_findings_of_the_whole(root: Path) -> None:
    """Whichever record is asked about, nothing is missed and nothing added."""
    edit(root, SESSION, "minutes: ", "minutes: 9")
    book, workspace = load_book(root), Workspace(root)
    everything = check_book(book)

    assert everything
    for path in workspace.listing.records:
        found = check_workspace(workspace, chosen=[path]).about([path])
        assert found == tuple(one for one in everything if one.path == path)


def make_different(root: Path) -> None:
    """Takes out of the second school what it has in common with the first: the sealed blocks."""
    for path in (root / f"records/{SECOND}").rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        if "```age" in text:
            path.write_text(text.partition("\n## ")[0] + "\n", encoding="utf-8", newline="\n")


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (f"records/{FIRST}/policy-2026-09.md", "session.minutes.max: 15", "session.minutes.max: 9"),
        ("records/people/p-c5t0w6ze.md", "start: 20", "start: 21"),
        ("records/trust.md", "as_of: 2026-11-20", "as_of: 2026-11-27"),
    ],
)
def test_what_all_share_is_looked_at_by_all(
    root: Path, cache: Cache, path: str, old: str, new: str
) -> None:
    """After a change of a person, a policy or the day every school is checked again."""
    loaded(root, cache)
    edit(root, path, old, new)

    assert sorted(loaded(root, cache)) == ["", FIRST, SECOND]


def test_another_day_is_another_check(root: Path, cache: Cache) -> None:
    """What falls due tomorrow is not found today."""
    loaded(root, cache, date(2026, 11, 20))

    assert sorted(loaded(root, cache, date(2027, 3, 1))) == ["", FIRST, SECOND]


def test_a_key_that_changes_is_seen(root: Path, cache: Cache) -> None:
    """Keys are no records, and a check hangs on them as well."""
    loaded(root, cache)
    (root / "records/keys/p-c5t0w6ze.pub").unlink()

    assert loaded(root, cache) != []


def test_a_file_that_is_no_record_is_seen(root: Path, cache: Cache) -> None:
    """A spare copy that appears beside the records is told, though no record has changed."""
    loaded(root, cache)
    (root / f"records/{FIRST}/school (1).md").write_bytes(b"")

    found = check_workspace(Workspace(root, cache=cache)).findings

    assert [one.code for one in found if "school (1).md" in one.path] == ["CB110"]


def test_a_damaged_store_is_no_store(tmp_path: Path, root: Path, cache: Cache) -> None:
    """Half an entry, or one that somebody else wrote, is as good as none."""
    loaded(root, cache)
    for path in (tmp_path / "cache").rglob("*"):
        if path.is_file() and path.name != "key":
            path.write_bytes(path.read_bytes()[:-1] + b"x")

    assert sorted(loaded(root, cache)) == ["", FIRST, SECOND]


def test_what_was_written_meanwhile_is_not_taken_for_what_was_there_before(
    root: Path, cache: Cache
) -> None:
    """A file that changes between two looks at it leaves nothing behind under its earlier hash."""
    text = (root / SESSION).read_text(encoding="utf-8")
    workspace = Workspace(root, cache=cache)
    assert workspace.lines.lines()[SESSION].school == SECOND
    edit(root, SESSION, "minutes: ", "minutes: 9")
    check_workspace(workspace)
    (root / SESSION).write_text(text, encoding="utf-8", newline="\n")

    assert SECOND in loaded(root, cache)


def test_one_school_is_checked_as_a_whole(tmp_path: Path) -> None:
    """Where there is nothing to divide, nothing is divided."""
    make_schools(tmp_path, [FIRST])
    workspace = Workspace(tmp_path)

    assert not workspace.is_parted
    assert check_workspace(workspace).findings == check_book(load_book(tmp_path))


def test_a_trust_that_cannot_be_read_is_said_at_once(root: Path) -> None:
    """Without its own record there is no workspace to speak of."""
    edit(root, "records/trust.md", "format: 1", "format: 99")

    with pytest.raises(InputError, match="format 99"):
        check_workspace(Workspace(root))

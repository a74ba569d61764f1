"""The store of what was worked out before: derived, private, and never believed unseen."""

from __future__ import annotations

import errno
import hashlib
import multiprocessing
import os
import pickle
import shutil
import stat
from typing import TYPE_CHECKING

import pytest

from coachbook import cache as module
from coachbook.cache import FOLDER, FORGETFUL, Cache, held_back, open_cache
from coachbook.diagnostics import Diagnostic, Severity, Span
from coachbook.errors import InputError
from coachbook.record import Record, parse_record

if TYPE_CHECKING:
    from pathlib import Path

ROOT = "/somewhere/workspace"


class Bomb:
    """A pickle that does something when it is opened."""

    def __reduce__(self) -> tuple[object, ...]:
        """Would end the test with an error of its own."""
        return (pytest.fail, ("a foreign entry was unpickled",))


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    """A store in a folder of its own."""
    return opened(tmp_path)


def opened(folder: Path, root: str = ROOT) -> Cache:
    """The store of a workspace below the folder."""
    return open_cache({FOLDER: str(folder)}, type(folder)(root))


def entries(folder: Path) -> list[Path]:
    """The files of all stores below a folder but their keys."""
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "key"]


def test_what_is_written_is_read_in_the_next_run(tmp_path: Path, cache: Cache) -> None:
    """An entry outlives the process that wrote it."""
    cache.write("findings", {"a": 1})

    assert opened(tmp_path).read("findings") == {"a": 1}


def test_values_of_our_own_are_read_as_they_were(tmp_path: Path, cache: Cache) -> None:
    """With what is in them, down to enums and places."""
    record = parse_record("a.md", b"---\ntype: session\nid: s-7kq2m4xa\n---\n\n## Notes\n")
    assert isinstance(record, Record)
    finding = Diagnostic("a.md", Span(1, 2), "CB101", Severity.ERROR, "message")
    value = {"finding": finding, "section": record.sections}
    cache.write("values", value)

    assert opened(tmp_path).read("values") == value


def test_another_workspace_has_nothing_of_it(tmp_path: Path, cache: Cache) -> None:
    """Two copies of one trust never share a store."""
    cache.write("findings", 1)

    assert opened(tmp_path, "/elsewhere").read("findings") is None


def test_it_is_for_this_user_alone(tmp_path: Path, cache: Cache) -> None:
    """Nobody else on the computer may look into the folder or read the key."""
    cache.write("findings", 1)

    assert cache.folder is not None
    assert stat.S_IMODE(cache.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((cache.folder / "key").stat().st_mode) == 0o600


@pytest.mark.parametrize("cut", [0, 5, 40, -1])
def test_a_half_written_entry_is_none(tmp_path: Path, cache: Cache, cut: int) -> None:
    """What a full disk or a power cut has left of an entry is not believed."""
    cache.write("findings", list(range(100)))
    (entry,) = entries(tmp_path)
    entry.write_bytes(entry.read_bytes()[:cut])

    assert cache.read("findings") is None


def test_a_damaged_entry_is_none(tmp_path: Path, cache: Cache) -> None:
    """One changed byte is enough."""
    cache.write("findings", list(range(100)))
    (entry,) = entries(tmp_path)
    data = bytearray(entry.read_bytes())
    data[-1] ^= 1
    entry.write_bytes(bytes(data))

    assert cache.read("findings") is None


def test_a_foreign_entry_is_never_unpickled(tmp_path: Path, cache: Cache) -> None:
    """A file that somebody else has put there does nothing, however it is made up."""
    cache.write("findings", 1)
    (entry,) = entries(tmp_path)
    for data in (pickle.dumps(Bomb()), b"coachbook cache 1\n" + bytes(32) + pickle.dumps(Bomb())):
        entry.write_bytes(data)
        assert cache.read("findings") is None


def test_an_entry_has_its_own_name_alone(tmp_path: Path, cache: Cache) -> None:
    """An entry that was moved to the place of another is none."""
    cache.write("findings", 1)
    (first,) = entries(tmp_path)
    cache.write("pages", 2)
    (second,) = set(entries(tmp_path)) - {first}
    second.write_bytes(first.read_bytes())

    assert (cache.read("findings"), cache.read("pages")) == (1, None)


def test_another_version_begins_anew(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another version of the program has worked out is not believed."""
    cache.write("findings", 1)
    monkeypatch.setattr(module, "tool_stamp", lambda: b"another")

    assert cache.read("findings") is None


def test_a_key_that_was_changed_begins_anew(tmp_path: Path, cache: Cache) -> None:
    """Who changes the key takes every entry away, and cannot bring one."""
    cache.write("findings", 1)
    assert cache.folder is not None
    (cache.folder / "key").write_bytes(bytes(7))

    again = opened(tmp_path)

    assert again.read("findings") is None
    again.write("findings", 2)
    assert opened(tmp_path).read("findings") == 2


def test_two_processes_may_write_at_once(tmp_path: Path, cache: Cache) -> None:
    """The later of two entries stays, whole, and no draft of either is left."""
    cache.write("findings", 1)
    opened(tmp_path).write("findings", 2)

    assert cache.read("findings") == 2
    assert len(entries(tmp_path)) == 1


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    """A folder that cannot be made is no reason to stop."""
    blocked = tmp_path / "file"
    blocked.write_text("")

    found = opened(blocked)
    found.write("findings", 1)

    assert found == FORGETFUL
    assert found.read("findings") is None


@pytest.mark.parametrize("mode", [0o777, 0o750, 0o755])
def test_a_folder_that_others_may_look_into_is_not_used(
    tmp_path: Path, cache: Cache, mode: int
) -> None:
    """Who can write there could bring a key and the entries that fit it."""
    cache.write("findings", 1)
    assert cache.folder is not None
    cache.folder.chmod(mode)

    assert opened(tmp_path) == FORGETFUL


def test_a_folder_of_somebody_else_is_not_used(
    tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it was there first, with a key that looks right."""
    cache.write("findings", 1)
    monkeypatch.setattr("os.geteuid", lambda: 4711)

    assert opened(tmp_path) == FORGETFUL


def test_a_link_in_the_place_of_the_folder_is_not_followed(tmp_path: Path, cache: Cache) -> None:
    """What it leads to is neither used nor changed."""
    assert cache.folder is not None
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    shutil.rmtree(cache.folder)
    cache.folder.symlink_to(elsewhere)

    assert opened(tmp_path) == FORGETFUL
    assert list(elsewhere.iterdir()) == []
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o755


def test_a_key_that_others_could_read_is_replaced(tmp_path: Path, cache: Cache) -> None:
    """What was written under it is believed no more."""
    cache.write("findings", 1)
    assert cache.folder is not None
    (cache.folder / "key").chmod(0o644)

    again = opened(tmp_path)

    assert again.read("findings") is None
    assert again.key != cache.key
    assert stat.S_IMODE((cache.folder / "key").stat().st_mode) == 0o600


@pytest.mark.parametrize("place", [".cache", "site/cache", "trust/.cache"])
def test_a_folder_inside_the_repository_is_refused(tmp_path: Path, place: str) -> None:
    """What comes along with records could tell that nothing is wrong with them."""
    (tmp_path / ".git").mkdir()
    workspace = tmp_path / "trust"

    with pytest.raises(InputError, match="COACHBOOK_CACHE names a folder inside the repository"):
        open_cache({FOLDER: str(tmp_path / place)}, workspace)
    assert [path.name for path in tmp_path.iterdir()] == [".git"]


def test_a_link_into_the_repository_is_seen_through(tmp_path: Path) -> None:
    """A folder is where it leads to, not what it is called."""
    workspace = tmp_path / "trust"
    workspace.mkdir()
    (tmp_path / "outside").symlink_to(workspace)

    with pytest.raises(InputError, match="inside the repository"):
        open_cache({FOLDER: str(tmp_path / "outside")}, workspace)


def test_somebody_whose_home_is_a_repository_has_no_store(tmp_path: Path) -> None:
    """Where nobody named a folder, none is used rather than one of the repository."""
    (tmp_path / ".git").mkdir()

    assert open_cache({"HOME": str(tmp_path)}, tmp_path / "trust") == FORGETFUL


def test_what_is_old_goes(tmp_path: Path, cache: Cache) -> None:
    """Drafts of processes that were killed stay for a day, entries for sixty."""
    for name in ("new", "old", "oldest"):
        cache.write(name, name)
    assert cache.folder is not None
    for name, days in (("old", 59), ("oldest", 61)):
        age(cache.folder / hashlib.blake2b(name.encode(), digest_size=16).hexdigest(), days)
    for name, days in (("a.new", 0), ("b.new", 2)):
        (cache.folder / name).write_bytes(b"half")
        age(cache.folder / name, days)
    age(cache.folder / "key", 900)

    again = opened(tmp_path)

    assert [again.read(name) for name in ("new", "old", "oldest")] == ["new", "old", None]
    assert [path.name for path in entries(tmp_path) if path.suffix] == ["a.new"]


def age(path: Path, days: int) -> None:
    """Makes a file look as if nobody had written to it for some days."""
    long_ago = path.stat().st_mtime - days * 24 * 60 * 60
    os.utime(path, (long_ago, long_ago))


@pytest.mark.parametrize("failing", ["write_bytes", "replace"])
def test_a_disk_that_is_full_keeps_what_is_there(
    tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    """Nor does a draft that another program holds stop anybody (so it is on Windows)."""
    cache.write("findings", 1)

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(type(tmp_path), failing, fail)
        patch.setattr(type(tmp_path), "unlink", fail)
        cache.write("findings", 2)

    assert cache.read("findings") == 1


def test_an_empty_name_of_a_folder_means_no_store(tmp_path: Path) -> None:
    """COACHBOOK_CACHE= switches it off."""
    assert open_cache({FOLDER: "", "HOME": str(tmp_path)}, tmp_path) == FORGETFUL
    assert list(tmp_path.iterdir()) == []


def test_it_shows_no_key(cache: Cache) -> None:
    """What a log may show of it is the place."""
    assert repr(cache) == f"Cache({str(cache.folder)!r})"


@pytest.fixture(params=["for a command", "for a program that runs on"])
def either(request: pytest.FixtureRequest, cache: Cache) -> Cache:
    """A store that writes at once, and one that holds its entries in memory."""
    return cache if request.param == "for a command" else cache.remembering()


def test_what_is_held_back_counts_when_all_went_well(either: Cache) -> None:
    """Until then an earlier entry is read, and nobody finds the later one."""
    either.write("pages", "earlier")

    with held_back(either) as later:
        later.write("pages", "later")
        before = either.read("pages"), later.read("pages")

    assert before == ("earlier", "earlier")
    assert either.read("pages") == "later"


def test_what_is_held_back_is_gone_when_something_failed(either: Cache, tmp_path: Path) -> None:
    """Neither an entry nor a file is left of it."""

    def fail() -> None:
        with held_back(either) as later:
            later.write("pages", "later")
            raise InputError("the site could not be put in place")

    with pytest.raises(InputError):
        fail()

    assert either.read("pages") is None
    assert entries(tmp_path) == []


def test_what_a_helper_writes_is_there_for_a_program_that_runs_on(cache: Cache) -> None:
    """A copy of its process shares the disk with it, and not the memory."""
    live = cache.remembering()

    with held_back(live) as later:
        for store, name in ((live, "findings"), (later, "pages")):
            helper = multiprocessing.get_context("fork").Process(
                target=store.write, args=(name, "by a helper")
            )
            helper.start()
            helper.join()
        before = live.read("findings"), live.read("pages")

    assert before == ("by a helper", None)
    assert live.read("pages") == "by a helper"

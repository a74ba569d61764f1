"""One build of a site at a time, however the other one ends."""

from __future__ import annotations

import errno
import fcntl
import multiprocessing
import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from coachbook.cache import FORGETFUL
from coachbook.cli import serve
from coachbook.errors import BuildError
from coachbook.lock import UnderWayError, build_alone, lock_of
from tests.staged import staged_handbook
from tests.unit.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where a site goes, in a folder that is not there yet."""
    return tmp_path / "public" / "site"


def _build(out: Path, said: Connection) -> None:
    with build_alone(out):
        said.send("begun")
        said.recv()


@contextmanager
def another(out: Path) -> Iterator[tuple[BaseProcess, Connection]]:
    """A process that builds the site until something is sent to it."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    process = context.Process(target=_build, args=(out, there))
    process.start()
    there.close()
    assert here.recv() == "begun"
    yield process, here
    process.kill()
    process.join()


def test_another_build_is_under_way(out: Path) -> None:
    """The second one says so at once, and names the site and what to do."""
    with (
        another(out),
        pytest.raises(UnderWayError, match=r"another build of .* is under") as raised,
    ):
        build_alone(out).__enter__()

    assert str(out) in raised.value.message
    assert "wait until it has ended" in raised.value.hint


def test_it_has_ended(out: Path) -> None:
    """The next one begins, and at its end nothing is left beside the site."""
    with another(out) as (process, pipe):
        pipe.send("enough")
        process.join()

        with build_alone(out):
            pass

    assert list(out.parent.iterdir()) == []


def test_it_was_killed(out: Path) -> None:
    """What it leaves locks nobody out, and goes with the next build."""
    with another(out) as (process, _):
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
    assert lock_of(out).exists()

    with build_alone(out):
        pass

    assert list(out.parent.iterdir()) == []


def test_a_build_that_fails_lets_the_next_one_begin(out: Path) -> None:
    """Whatever it fails with."""
    with pytest.raises(KeyboardInterrupt), build_alone(out):
        raise KeyboardInterrupt

    with build_alone(out):
        pass


def test_another_site_in_the_same_folder_is_built_meanwhile(out: Path) -> None:
    """Each site has a lock of its own."""
    with another(out), build_alone(out.with_name("preview")):
        pass


def test_the_lock_was_removed_while_one_waited_for_it(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has locked a file that is no longer there has locked nothing, and begins anew."""
    lock, locked = fcntl.lockf, []

    def late(handle: int, how: int) -> None:
        lock(handle, how)
        if not locked:
            lock_of(out).unlink()
        locked.append(handle)

    monkeypatch.setattr(fcntl, "lockf", late)

    with build_alone(out):
        assert lock_of(out).exists()

    assert len(locked) == 2


def test_a_disk_that_knows_no_locks(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There a build goes on: two at once would harm no site."""

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "lockf", refuse)

    with build_alone(out):
        pass


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_something_else_has_that_name(out: Path, kind: str) -> None:
    """It is not followed or removed; the build says where it lies."""
    out.parent.mkdir()
    place = lock_of(out)
    if kind == "folder":
        place.mkdir()
    else:
        place.symlink_to(out.parent / "elsewhere")

    with pytest.raises(BuildError, match=r"\.site-building could not be written"):
        build_alone(out).__enter__()

    assert [path.name for path in out.parent.iterdir()] == [place.name]


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Locks of Windows, where no file is removed that anybody has open."""
    opened: dict[int, Path] = {}
    unlink, start, close = Path.unlink, os.open, os.close

    def note(path: Path, flags: int, mode: int = 0o777) -> int:
        handle = start(path, flags, mode)
        opened[handle] = path
        return handle

    def forget(handle: int) -> None:
        opened.pop(handle, None)
        close(handle)

    def locking(handle: int, _how: int, _size: int) -> None:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def refuse(path: Path, missing_ok: bool = False) -> None:  # noqa: FBT001, FBT002 (as Path has it)
        if path in opened.values():
            raise PermissionError(errno.EACCES, "in use")
        unlink(path, missing_ok)

    monkeypatch.setattr(sys, "platform", "win32")
    api = SimpleNamespace(locking=locking, LK_NBLCK=2)
    monkeypatch.setattr("coachbook.lock.msvcrt", api, raising=False)
    monkeypatch.setattr("coachbook.lock.os.open", note)
    monkeypatch.setattr("coachbook.lock.os.close", forget)
    monkeypatch.setattr(Path, "unlink", refuse)


@pytest.mark.usefixtures("windows")
def test_on_windows(out: Path) -> None:
    """The lock is that of Windows, and its file is closed before it is removed."""
    with another(out), pytest.raises(UnderWayError):
        build_alone(out).__enter__()

    with build_alone(out):
        assert lock_of(out).exists()

    assert list(out.parent.iterdir()) == []


def test_serve_waits_for_another_build(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What somebody saved meanwhile is built once the other has ended, and it says so once."""
    desk = serve._Desk(workspace, TODAY, FORGETFUL)
    waited = []
    with another(workspace / "site") as (process, pipe), staged_handbook():

        def pass_the_time(seconds: float) -> None:
            waited.append(seconds)
            if len(waited) == 2:
                pipe.send("enough")
                process.join()

        monkeypatch.setattr(serve.time, "sleep", pass_the_time)
        desk.renew(["records/trust.md"])

    said = capsys.readouterr().err
    assert said.count("another build of") == 1
    assert said.endswith("; waiting for it\nbuilt\n")
    assert (workspace / "site/portal/index.html").is_file()

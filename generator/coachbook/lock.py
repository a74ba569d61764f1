"""One build of a site at a time.

    with build_alone(Path("site")):     # raises UnderWayError while another build of it goes on
        ...

The system locks a file beside the site for as long as a process lives that builds it: whoever is
killed, or loses power, leaves no lock behind. Two builds would harm no site without it, as each
has a folder of its own; but one of them would fail at its end, with words about the disk.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from coachbook.errors import BuildError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_MODE = 0o644
_HELD = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
"""What the system says where another process has the lock."""
_UNKNOWN = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL}
"""What it says where the disk knows no locks, as some shared folders."""


class UnderWayError(BuildError):
    """Another process builds the same site."""

    def __init__(self, out: Path) -> None:
        """Names the site."""
        super().__init__(
            f"another build of {out} is under way",
            hint="wait until it has ended, then build again",
        )


@contextmanager
def build_alone(out: Path) -> Iterator[None]:
    """Keeps others from building the site meanwhile.

    Raises UnderWayError where one of them does, and BuildError where nothing can be written there.
    """
    place = lock_of(out)
    try:
        handle = _locked(place)
    except OSError as error:
        raise BuildError(
            f"{place} could not be written: {(error.strerror or type(error).__name__).lower()}",
            hint="name another folder with --out, or make room on the disk",
        ) from error
    if handle is None:
        raise UnderWayError(out)
    try:
        yield
    finally:
        _let_go(place, handle)


def lock_of(out: Path) -> Path:
    """The file beside a site that is there while somebody builds it."""
    return out.with_name(f".{out.name}-building")


def _locked(place: Path) -> int | None:
    """The file, open and locked by this process; None where another has locked it.

    Whoever had the lock may have removed the file between our two steps: what we have locked is
    then no longer the file of that name, and it begins anew.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    while True:
        handle = os.open(place, _FLAGS, _MODE)
        if not _lock(handle):
            os.close(handle)
            return None
        if _is_there(place, handle):
            return handle
        os.close(handle)


def _lock(handle: int) -> bool:
    """Whether nobody else has the file locked; from now on this process has, where that goes."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            return False
        if error.errno not in _UNKNOWN:
            os.close(handle)
            raise
    return True


def _is_there(place: Path, handle: int) -> bool:
    """Whether the open file is still the one of that name."""
    with suppress(FileNotFoundError):
        return os.path.samestat(place.lstat(), os.fstat(handle))
    return False


def _let_go(place: Path, handle: int) -> None:
    """Removes the file, by then ours or nobody's.

    Windows removes no file that is open, by us or by another who waits for it.
    """
    if sys.platform == "win32":
        os.close(handle)
        with suppress(OSError):
            place.unlink()
    else:
        with suppress(OSError):
            place.unlink()
        os.close(handle)

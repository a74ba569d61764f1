"""Files that only this user may read, and whole files or none.

On Windows a file has the access of its folder, and the application folder of a user is
private there; the modes below do the same on every other system.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from coachbook.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_FILE_MODE = 0o600
_FOLDER_MODE = 0o700
_OTHERS = 0o077


def write_private(path: Path, data: bytes) -> None:
    """Puts a file of mode 0600 into a folder of mode 0700, whole or not at all."""
    with explained(path):
        path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        path.parent.chmod(_FOLDER_MODE)
        _replace(path, data, _FILE_MODE)


def replace_file(path: Path, data: bytes) -> None:
    """Puts a file of the workspace in place, whole or not at all, with the mode it had."""
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        _replace(path, data, mode)


def read_private(path: Path) -> bytes | None:
    """The content of a file, or None where there is none."""
    with explained(path):
        return path.read_bytes() if path.is_file() else None


def read_own(path: Path) -> bytes | None:
    """The content of a file that is this user's own and no other's to read; None for another."""
    with explained(path):
        try:
            handle = os.open(path, _READ)
        except FileNotFoundError:
            return None
        with os.fdopen(handle, "rb") as file:
            return file.read() if _is_own(os.fstat(file.fileno())) else None


def is_private(folder: Path) -> bool:
    """Whether a folder, which is no link, is this user's own and nobody else may look into it."""
    with explained(folder):
        found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and _is_own(found)


def remove_private(path: Path) -> None:
    """Removes a file, if it is there."""
    with explained(path):
        path.unlink(missing_ok=True)


@contextmanager
def private_folder(environment: Mapping[str, str]) -> Iterator[Path]:
    """A new folder outside the workspace that is gone at the end, whatever happens.

    It lies in memory where the system offers that.
    """
    memory = environment.get("XDG_RUNTIME_DIR", "")
    place = memory if memory and Path(memory).is_dir() and os.access(memory, os.W_OK) else None
    with explained(Path(place or tempfile.gettempdir())):
        folder = Path(tempfile.mkdtemp(prefix="coachbook-", dir=place))
    try:
        yield folder
    finally:
        _remove(folder)


def copy_folder(source: Path, target: Path) -> None:
    """A copy of a folder with all that is in it; links stay links and are not followed."""
    with explained(source):
        try:
            shutil.copytree(source, target, symlinks=True)
        except shutil.Error as error:
            place, _, _ = error.args[0][0]
            raise InputError(
                f"{place}: cannot be copied", hint="check the disk and who may read there"
            ) from error


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns what the system says about a file into an InputError that names it."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InputError(
            f"{path}: {reason}", hint="nothing was changed; check the disk and who may write there"
        ) from error


def _replace(path: Path, data: bytes, mode: int) -> None:
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(draft, _CREATE, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def _is_own(found: os.stat_result) -> bool:
    """Whether a file is this user's own, and its mode keeps all others out."""
    if sys.platform == "win32":
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & _OTHERS


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise InputError(
            f"the private copy in {folder} could not be removed",
            hint="close the editor and delete that folder yourself",
        ) from error


def _umask() -> int:
    current = os.umask(0o077)
    os.umask(current)
    return current

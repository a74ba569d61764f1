"""Files that only this user may read, and whole files or none."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from coachbook.errors import InputError
from coachbook.private import (
    private_folder,
    read_private,
    remove_private,
    replace_file,
    write_private,
)

if TYPE_CHECKING:
    from pathlib import Path

POSIX = os.name == "posix"


def mode(path: Path) -> int:
    """The file's permissions."""
    return path.stat().st_mode & 0o777


def test_a_private_file_is_read_back(tmp_path: Path) -> None:
    """A private file holds what was written, and only its owner reads it."""
    path = tmp_path / "keys" / "one.age"

    write_private(path, b"first")
    write_private(path, b"second")

    assert read_private(path) == b"second"
    assert mode(path) == (0o600 if POSIX else 0o666)
    assert [file.name for file in path.parent.iterdir()] == ["one.age"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A file that is not there is nothing, and removing it is nothing."""
    remove_private(tmp_path / "none")

    assert read_private(tmp_path / "none") is None


def test_a_replaced_file_keeps_its_mode(tmp_path: Path) -> None:
    """A record that is replaced stays as readable as it was."""
    path = tmp_path / "record.md"
    path.write_bytes(b"old")
    path.chmod(0o640 if POSIX else 0o666)

    replace_file(path, b"new")

    assert path.read_bytes() == b"new"
    assert mode(path) == (0o640 if POSIX else 0o666)


def test_a_new_file_follows_the_umask(tmp_path: Path) -> None:
    """A new record is as readable as the system makes new files."""
    (tmp_path / "other.md").write_bytes(b"")

    replace_file(tmp_path / "record.md", b"new")

    assert mode(tmp_path / "record.md") == mode(tmp_path / "other.md")


def test_a_failed_replacement_leaves_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fills up while writing leaves the old file whole."""
    path = tmp_path / "record.md"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", _full)

    with pytest.raises(InputError, match="no space left"):
        replace_file(path, b"new")

    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["record.md"]


def test_a_private_folder_is_gone_afterwards(tmp_path: Path) -> None:
    """A private folder is gone at the end, whatever was left in it."""
    with private_folder({"XDG_RUNTIME_DIR": str(tmp_path)}) as folder:
        assert folder.parent == tmp_path
        assert mode(folder) == (0o700 if POSIX else 0o777)
        (folder / "swap").mkdir()
        (folder / "swap" / ".note.md.swp").write_bytes(b"text")

    assert list(tmp_path.iterdir()) == []


def test_a_private_folder_is_gone_after_an_error(tmp_path: Path) -> None:
    """A private folder is gone when something goes wrong too."""
    with pytest.raises(KeyboardInterrupt):
        _interrupted(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_private_folder_without_a_runtime_folder() -> None:
    """Where the system has no folder in memory, the usual place for such files is taken."""
    with private_folder({}) as folder:
        assert folder.is_dir()

    assert not folder.exists()


def _interrupted(place: Path) -> None:
    with private_folder({"XDG_RUNTIME_DIR": str(place)}) as folder:
        (folder / "note.md").write_bytes(b"text")
        raise KeyboardInterrupt


def _full(_handle: int) -> None:
    raise OSError(28, "No space left on device")

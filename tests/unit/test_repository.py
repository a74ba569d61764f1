"""The git repository that a workspace lies in."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from coachbook.errors import UsageError
from coachbook.repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Office",
    "GIT_AUTHOR_EMAIL": "office@example.org",
    "GIT_COMMITTER_NAME": "Office",
    "GIT_COMMITTER_EMAIL": "office@example.org",
}


def run(folder: Path, *arguments: str) -> None:
    """Runs git in the folder."""
    subprocess.run(["git", *arguments], cwd=folder, env=ENVIRONMENT, check=True)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A workspace in a folder of a repository, with one record committed."""
    run(tmp_path, "init", "-q", "-b", "main")
    root = tmp_path / "our school"
    (root / "records").mkdir(parents=True)
    (root / "records" / "a.md").write_bytes(b"first\n")
    found = Repository(root, ENVIRONMENT)
    assert found.commit(["records/a.md"], "start")
    return found


def test_the_last_commit_is_read(repository: Repository) -> None:
    """A record is read as it was last committed, whatever lies on the disk."""
    (repository.root / "records" / "a.md").write_bytes(b"second\n")

    assert repository.committed("records/a.md") == b"first\n"
    assert repository.committed("records/b.md") is None


def test_no_filter_runs_on_what_is_read(repository: Repository) -> None:
    """No program that git is told to convert text with gets to see a record."""
    (repository.root / ".gitattributes").write_text("*.md diff=leak\n")
    run(repository.root, "config", "diff.leak.textconv", "tr a-z A-Z <")

    assert repository.committed("records/a.md") == b"first\n"


def test_changes_are_listed(repository: Repository) -> None:
    """New, changed and deleted files under records are listed, and no others."""
    records = repository.root / "records"
    (records / "new folder").mkdir()
    (records / "new folder" / "b c.md").write_bytes(b"new\n")
    (records / "é.md").write_bytes(b"new\n")
    (records / "a.md").unlink()
    (repository.root / "elsewhere.md").write_bytes(b"")

    assert repository.changed() == ("records/a.md", "records/new folder/b c.md", "records/é.md")


def test_only_the_named_paths_are_committed(repository: Repository) -> None:
    """A commit takes the named files alone, even if others were added before."""
    for name in ("b.md", "c.md"):
        (repository.root / "records" / name).write_bytes(b"new\n")
    run(repository.root, "add", "records/c.md")

    assert repository.commit(["records/b.md"], "one")

    assert repository.changed() == ("records/c.md",)


def test_nothing_to_commit(repository: Repository) -> None:
    """A commit without a change is none."""
    assert repository.commit(["records/a.md"], "again") is False


def test_outside_a_repository(tmp_path: Path) -> None:
    """Outside a repository nothing was committed, and asking for changes is an error."""
    outside = Repository(tmp_path, {**ENVIRONMENT, "GIT_CEILING_DIRECTORIES": str(tmp_path)})

    assert outside.committed("records/a.md") is None
    with pytest.raises(UsageError, match="git status did not work"):
        outside.changed()


def test_without_git(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a computer without git, one is told what else to do."""
    monkeypatch.setattr("shutil.which", lambda _name: None)

    assert repository.committed("records/a.md") is None
    with pytest.raises(UsageError, match="git is not on this computer"):
        repository.changed()


def test_a_revision_names_one_commit(repository: Repository) -> None:
    """A branch, a tag and a short name all mean one commit; nothing else is taken for one."""
    full = repository.commit_of("main")

    assert len(full) == 40
    assert repository.commit_of(full[:8]) == full
    for unknown in ("nowhere", "main:records/a.md", "--all", ""):
        with pytest.raises(UsageError, match="there is no revision"):
            repository.commit_of(unknown)


def test_records_are_read_as_they_were_at_a_commit(repository: Repository) -> None:
    """The files of a commit come byte by byte, whatever is on the disk now; links stay out."""
    records = repository.root / "records"
    (records / "b ä.md").write_bytes(b"x\r\n\n")
    (records / "empty.md").write_bytes(b"")
    (records / "link.md").symlink_to("a.md")
    assert repository.commit(["records"], "more")
    (records / "a.md").unlink()

    assert dict(repository.files_at(repository.commit_of("HEAD"))) == {
        "records/a.md": b"first\n",
        "records/b ä.md": b"x\r\n\n",
        "records/empty.md": b"",
    }


def test_an_attribute_hides_no_record_of_a_commit(repository: Repository) -> None:
    """A record that is left out of archives is looked at all the same."""
    (repository.root / ".gitattributes").write_text("*.md export-ignore\n")
    assert repository.commit([".gitattributes"], "hide")

    assert dict(repository.files_at(repository.commit_of("HEAD"))) == {"records/a.md": b"first\n"}

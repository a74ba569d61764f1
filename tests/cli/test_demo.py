"""`coachbook demo` and `coachbook doctor`."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import partial
from typing import TYPE_CHECKING

import pytest

from coachbook.cli import demo, main, starting
from tests.cli.desk import as_json
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.desk import Desk


@pytest.fixture
def _small_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An example of one school; the whole one is built from the wheel, in test_wheel.py."""
    records = tmp_path / "example" / "records"
    shutil.copytree(small.ROOT / "records", records)
    tried = f"person,roles,passphrase\n{small.COACHEE},coachee@otterbeck,six words of nobody\n"
    (records / "demo-passphrases.csv").write_text(tried, encoding="utf-8")
    monkeypatch.setattr(demo, "example_folder", lambda: records)


@pytest.mark.usefixtures("_small_example")
def test_it_is_a_repository_to_try(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy is committed with hooks and drivers on, also where git does not know its user."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    for name in [name for name in os.environ if name.startswith(("GIT_AUTHOR", "GIT_COMMITTER"))]:
        monkeypatch.delenv(name)
    folder = tmp_path / "demo"

    assert main(["demo", str(folder)]) == 0

    git = partial(subprocess.run, cwd=folder, capture_output=True, text=True, check=True)
    assert git(["git", "log", "--format=%an: %s"]).stdout == "Demonstration: the example trust\n"
    assert git(["git", "status", "--porcelain"]).stdout == ""
    assert git(["git", "config", "core.hooksPath"]).stdout == ".githooks\n"
    assert main(["check", "--since", "HEAD", "-C", str(folder)]) == 0


@pytest.mark.usefixtures("_small_example")
def test_without_git_it_is_a_demonstration_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where git is not installed, there is no repository, and everything else as ever."""
    monkeypatch.setattr(starting, "has_git", lambda: False)

    assert main(["demo", str(tmp_path / "demo")]) == 0

    assert not (tmp_path / "demo" / ".git").exists()


@pytest.mark.usefixtures("_small_example")
def test_twice_in_a_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The demonstration is copied, checked and built, and again over itself."""
    folder = tmp_path / "demo"
    assert main(["demo", str(folder)]) == 0
    (folder / "records" / "trust.md").write_text("---\ntype: trust\ndemonstration: true\n---\n")

    assert main(["demo", str(folder)]) == 0

    assert "\nname: " in (folder / "records" / "trust.md").read_text()
    assert "try: " in capsys.readouterr().out
    ours = {"records", "site", ".git", ".gitattributes", ".gitignore", ".githooks"}
    assert {entry.name for entry in folder.iterdir()} == ours


@pytest.mark.parametrize("name", ["thesis.txt", "records/trust.md", "records/note.md"])
def test_other_folders_are_left_alone(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that holds anything but a demonstration is refused and stays as it is."""
    mine = tmp_path / "mine" / name
    mine.parent.mkdir(parents=True)
    mine.write_text("---\nname: My own school\n---\n")

    assert main(["demo", str(tmp_path / "mine")]) == 2

    assert "is not a demonstration" in capsys.readouterr().err
    assert mine.read_text() == "---\nname: My own school\n---\n"


def test_the_example_does_not_replace_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder that the example is copied from is never replaced."""
    shutil.copytree(demo.example_folder(), tmp_path / "records")
    monkeypatch.setattr(demo, "example_folder", lambda: tmp_path / "records")

    assert main(["demo", str(tmp_path)]) == 2
    assert (tmp_path / "records" / "trust.md").is_file()


def test_doctor_names_what_is_amiss(desk: Desk) -> None:
    """Each remark has a remedy, and the status tells that there are some."""
    desk.commit_all()

    result = desk.run("doctor", "--format", "json", words="")

    assert result.status == 1
    remarks = as_json(result)
    assert isinstance(remarks, list)
    assert [remark["name"] for remark in remarks] == [
        "no-hook",
        "no-drivers",
        "local-history",
    ]
    assert all(remark["remedy"] for remark in remarks)


def test_doctor_without_git(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without git, `doctor` says so and goes on."""
    monkeypatch.setenv("PATH", str(desk.home))

    assert "no-git: " in desk.run("doctor", words="").out

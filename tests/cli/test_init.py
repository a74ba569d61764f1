"""`coachbook init`."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml

from coachbook.cli import main
from tests.cli.beginnings import sit_at_office
from tests.cli.terminal import at_terminal

if TYPE_CHECKING:
    from pathlib import Path

ANSWERS = """\
school: Hill Primary
phase: primary
people:
  - Odalys Renwick-Tarn, senior-leader, head
  - Petra Quillfeather, senior-leader, deputy monitor
  - Wren Ashgrove, teacher, lead-coach
calendar:
  autumn_1: 2026-09-02 to 2026-10-23
  autumn_2: 2026-11-02 to 2026-12-18
  spring_1: 2027-01-04 to 2027-02-12
  spring_2: 2027-02-22 to 2027-03-25
  summer_1: 2027-04-12 to 2027-05-28
  summer_2: 2027-06-07 to 2027-07-22
policy:
  repository.holders: [monitor, lead-coach]
  keys.publish_protected: no
  recovery.holder: nobody
  retention.notes: until 31 August after the cycle closes
  retention.impact: for three years
  retention.separate: for six years
"""

# What somebody types who gets every answer wrong once.
TYPED = (
    *("best", "Hill Primary", "infants", "primary"),
    *("", "Odalys Renwick-Tarn, boss", "Odalys Renwick-Tarn, senior-leader, head"),
    *("Wren Ashgrove, teacher, coaching", "Wren Ashgrove, teacher, lead-coach monitor", ""),
    *("soon", "2026-09-02 to 2026-10-23", "2026-11-02", "2026-11-02 to 2026-12-18"),
    *("2027-02-12 to 2027-01-04", "2027-01-04 to 2027-02-12", "", "2027-02-22 to 2027-03-25"),
    *("x", "2027-04-12 to 2027-05-28", "x", "2027-06-07 to 2027-07-22"),
    *("everybody", "monitor, lead-coach", "maybe", "no", "somebody", "nobody"),
    *("", "until 31 August after the cycle closes", "", "for three years", "", "for six years"),
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with answers in a file, and a git that knows its user."""
    sit_at_office(monkeypatch, tmp_path)
    (tmp_path / "answers.yml").write_text(ANSWERS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def start(folder: str, *arguments: str) -> int:
    """Runs `init` with all answers from the file."""
    given = ("--preset", "head-excluded", "--yes", "--answers", "answers.yml")
    return main(["init", folder, *given, *arguments])


def git(folder: Path, *arguments: str) -> str:
    """What git answers in a folder."""
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True)  # noqa: PLW1510
    return done.stdout


def test_it_checks_and_builds_at_once(place: Path) -> None:
    """A new workspace, whatever its folder is called, passes `check` and builds."""
    assert start("Schöne Schule") == 0

    folder = place / "Schöne Schule"
    assert git(folder, "log", "--format=%s") == "a new workspace\n"
    assert git(folder, "status", "--porcelain") == ""
    assert git(folder, "ls-files", "-s", ".githooks").startswith("100755 ")
    assert main(["check", "-C", str(folder)]) == 0
    assert main(["build", "-C", str(folder)]) == 0


def test_every_answer_wrong_once(place: Path) -> None:
    """On a terminal each question is asked until its answer can be read."""
    asked = ("init", "hill", "--preset", "head-excluded")

    status, out, screen = at_terminal(asked, TYPED[1:], place)

    assert status == 0, screen
    assert out == "hill\n"
    for words in ("is not a phase", "needs a category", "is not a role", "is not two dates"):
        assert words in screen
    assert main(["check", "-C", "hill"]) == 0


def test_all_open_questions_are_named(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody can be asked, every open question is named with its flag."""
    assert main(["init", "hill", "--preset", "head-excluded", "--yes"]) == 2

    said = capsys.readouterr().err
    assert "15 questions are open" in said
    for flag in ("--school NAME", "--phase", "--person", "--term", '--answer "recovery.holder='):
        assert f"hint: {flag}" in said
    assert not (place / "hill").exists()


def test_presets_are_named(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a preset, or with one that is not there, the presets are named."""
    assert main(["init", "hill", "--yes"]) == 2
    assert "head-excluded" in capsys.readouterr().err
    assert main(["init", "hill", "--yes", "--preset", "open-door"]) == 2
    assert "head-excluded" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--phase", "infants"), "is not a phase"),
        (("--slug", "../elsewhere"), "cannot be the short name"),
        (("--school", "People Primary"), "cannot be the short name"),
        (("--term", "spring_1 2026-09-04 to 2026-09-09"), "do not go together"),
    ],
)
def test_what_does_not_fit_leaves_nothing(
    place: Path, arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An answer that cannot be used is named, and no folder is begun."""
    assert start("hill", *arguments) in {1, 2}

    assert words in capsys.readouterr().err
    assert sorted(entry.name for entry in place.iterdir()) == ["answers.yml"]


def test_a_fresh_clone_is_filled(place: Path) -> None:
    """A folder that holds nothing but a repository is used as it is."""
    (place / "clone").mkdir()
    git(place / "clone", "init", "-q")

    assert start("clone") == 0
    assert git(place / "clone", "log", "--format=%s") == "a new workspace\n"


def test_twice(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A school that is there is never written over."""
    assert start("hill") == 0
    before = (place / "hill/records/trust.md").read_bytes()

    assert start("hill") == 2

    assert "Hill Primary is here already, with a policy" in capsys.readouterr().err
    assert (place / "hill/records/trust.md").read_bytes() == before


def test_a_folder_with_something_else_in_it(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that holds other files is left alone."""
    (place / "hill").mkdir()
    (place / "hill/notes.txt").write_text("mine")

    assert start("hill") == 2

    assert "hill is not empty" in capsys.readouterr().err
    assert [entry.name for entry in (place / "hill").iterdir()] == ["notes.txt"]


def test_git_that_does_not_know_its_user(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where git cannot commit yet, the workspace is there and the commands are said."""
    for name in ("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL", "GIT_AUTHOR_NAME"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "user.useConfigOnly")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "true")

    assert start("hill") == 0

    assert "not committed yet" in capsys.readouterr().err
    assert (place / "hill/records/trust.md").is_file()


def test_no_git(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without git there is a workspace all the same."""
    monkeypatch.setenv("PATH", str(place))

    assert start("hill") == 0
    assert "git is not installed" in capsys.readouterr().err


def test_people_that_are_not_utf8(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A table of people in another encoding is refused with how to save it."""
    (place / "people.csv").write_bytes("name,category\nZoë,teacher\n".encode("cp1252"))

    assert start("hill", "--people", "people.csv") == 2
    assert "CSV UTF-8" in capsys.readouterr().err


def test_publishing_workflow(place: Path) -> None:
    """The workflow file is YAML, and checks, builds and audits."""
    assert start("hill") == 0

    flow = yaml.safe_load((place / "hill/.github/workflows/publish.yml").read_text())

    runs = " ".join(step.get("run", "") for step in flow["jobs"]["check-and-build"]["steps"])
    assert all(f"coachbook {name}" in runs for name in ("seal --check", "check", "build", "audit"))


def test_a_sealed_envelope_is_the_next_step(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A school that answers recovery with an envelope is told how its key is made."""
    answers = ANSWERS.replace("recovery.holder: nobody", "recovery.holder: envelope")
    (place / "answers.yml").write_text(answers)

    assert start("school") == 0

    assert "for the sealed envelope: coachbook keys recovery new" in capsys.readouterr().err

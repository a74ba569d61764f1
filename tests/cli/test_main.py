"""How any command ends."""

from __future__ import annotations

import os
import subprocess
import sys
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

import coachbook.__main__
from coachbook.cli import COMMANDS, cli, main
from coachbook.cli.ending import run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.desk import Desk


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (("chekc",), "there is no command 'chekc'", "did you mean check?"),
        (("check", "--strcit"), "there is no option --strcit", "did you mean --strict?"),
        (("open",), "missing argument 'RECORD'", "see: coachbook open --help"),
        (("check", "--today", "soon"), "'soon' is not a date", "see: coachbook check --help"),
        (
            ("check", "--today", "9999-12-31"),
            "'9999-12-31': the year 9999 cannot be right",
            "see: coachbook check --help",
        ),
    ],
)
def test_wrong_use(
    arguments: tuple[str, ...], message: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A slip on the command line is named in one line, with what to do, and status 2."""
    assert main(arguments) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert message in said.err
    assert f"hint: {hint}" in said.err


@pytest.mark.parametrize("name", ["check", "build", "doctor", "serve", "save", "seal", "fix"])
def test_no_workspace(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Outside a workspace every command says how to start one."""
    monkeypatch.chdir(tmp_path)

    assert main([name]) == 2
    assert "start one with: coachbook init DIR" in capsys.readouterr().err


def test_what_the_system_refuses(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A file that cannot be written is named, and no traceback is shown."""
    wall = tmp_path / "wall"
    wall.write_text("")

    assert main(["demo", str(wall / "demo")]) == 2

    said = capsys.readouterr().err
    assert said.startswith(f"coachbook: {wall}")
    assert "not a directory\nhint: " in said


def test_ctrl_c(capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C ends a command with status 130."""

    def interrupted() -> object:
        raise KeyboardInterrupt

    assert run(interrupted) == 130
    assert capsys.readouterr().err == "coachbook: stopped\n"


def test_a_bug_is_shown_as_one() -> None:
    """What nobody foresaw is not dressed up as a message."""

    def broken() -> object:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(broken)


def _piped(
    script: str, folder: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    command = f'"{sys.executable}" -P -m coachbook'
    return subprocess.run(
        ["bash", "-c", script.replace("coachbook", command)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    ("script", "status", "said"),
    [
        ("coachbook explain | head -1", 0, ""),
        ("coachbook explain > /dev/full", 2, "no space left on device"),
        ("coachbook new impact-statement <&-", 2, "is missing"),
        ("coachbook explain >&-", 0, ""),
        ("PYTHONIOENCODING=ascii coachbook check", 0, ""),
    ],
)
def test_pipes(script: str, status: int, said: str, unbuffered: str, desk: Desk) -> None:
    """A closed, full or broken pipe, or one without our letters, gives no traceback."""
    done = _piped(script, desk.root, {**os.environ, "PYTHONUNBUFFERED": unbuffered})

    assert done.returncode == status, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_help_speaks_with_one_voice() -> None:
    """Each command's help begins with what one asks for: "Seal …", not "Seals …"."""
    context = cli.make_context("coachbook", ["--version"], resilient_parsing=True)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        assert not command.get_short_help_str().split()[0].endswith("s"), name


def test_stopped_before_a_command_has_begun(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C while Python still loads what a command needs ends in a word as well."""
    monkeypatch.setitem(sys.modules, "coachbook.cli", _Loading("coachbook.cli"))

    assert coachbook.__main__.run() == 130
    assert capsys.readouterr().err == "coachbook: stopped\n"


class _Loading(ModuleType):
    """A module that somebody stops while it is loaded."""

    @property
    def main(self) -> object:
        """What is asked for when Ctrl-C comes."""
        raise KeyboardInterrupt

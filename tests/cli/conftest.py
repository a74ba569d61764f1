"""The desk that commands are tried at."""

from __future__ import annotations

import shutil
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

from tests.cli.beginnings import begin
from tests.cli.desk import Desk, make_desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Kills: TypeAlias = Callable[[list[str], str], Iterator[tuple[int, str]]]


@pytest.fixture(scope="session")
def beginnings(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Preset -> the folder of a new school that nobody has changed; it is to be copied."""
    return partial(begin, tmp_path_factory.mktemp("beginnings"))


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """A small school on disk, with the keys of four people on this device."""
    return make_desk(tmp_path, monkeypatch, capsys)


class Killed(BaseException):
    """The process ends between two steps."""


@pytest.fixture
def kills(desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kills:
    """Runs a command again and again from the same start, and kills it one step later each time.

    It is killed when it is about to put its n-th file in place, which lies half-written beside it.
    Each time comes the step, and what the command had answered by then.
    """
    replace, start = Path.replace, desk.root.parent / "start"
    tops = (desk.root, desk.home)

    def begin_again() -> None:
        monkeypatch.chdir(desk.root.parent)
        for top in tops:
            shutil.rmtree(top)
            shutil.copytree(start / top.name, top)
        monkeypatch.chdir(desk.root)

    def is_killed(step: int, arguments: list[str], person: str) -> bool:
        left = [step]

        def place(self: Path, target: Path) -> Path:
            left[0] -= 1
            if left[0]:
                return replace(self, target)
            self.write_bytes(self.read_bytes()[:-10])
            raise Killed

        with monkeypatch.context() as patch, suppress(Killed):
            patch.setattr(Path, "replace", place)
            desk.run(*arguments, person=person)
        return left[0] <= 0

    def run(arguments: list[str], person: str) -> Iterator[tuple[int, str]]:
        for top in tops:
            shutil.copytree(top, start / top.name)
        for step in count(1):
            begin_again()
            if not is_killed(step, arguments, person):
                return
            yield step, capsys.readouterr().out

    return run

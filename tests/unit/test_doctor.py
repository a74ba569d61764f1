"""Tests of what `doctor` looks for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.doctor import Surroundings, examine
from coachbook.pins import Pins
from tests.workspaces.otterbeck_small import COACH

if TYPE_CHECKING:
    from pathlib import Path

GIT = {"core.hookspath": ".githooks"}


@pytest.fixture
def well(workspace: Path) -> Surroundings:
    """A workspace in which nothing is amiss."""
    (workspace / ".githooks").mkdir()
    (workspace / ".githooks" / "pre-commit").write_text("#!/bin/sh\n")
    (workspace / ".githooks" / "pre-commit").chmod(0o755)
    (workspace / ".vscode").mkdir()
    (workspace / ".vscode" / "settings.json").write_text(
        '{"workbench.localHistory.enabled": false}'
    )
    return Surroundings(load_book(workspace), None, GIT, {})


def _names(place: Surroundings) -> list[str]:
    return [remark.name for remark in examine(place)]


def test_all_is_well(well: Surroundings) -> None:
    """A workspace as `init` makes it gives no remark."""
    assert _names(well) == []


@pytest.mark.parametrize("folder", ["OneDrive - Lantern Hill", "Dropbox", "My Drive"])
def test_synced_folder(well: Surroundings, tmp_path: Path, folder: str) -> None:
    """A folder that a service copies is named, because every saved version goes with it."""
    moved = tmp_path / folder / "coaching"
    moved.parent.mkdir()
    well.book.root.rename(moved)

    assert "synced-folder" in _names(replace(well, book=load_book(moved)))


def test_missing_hook(well: Surroundings) -> None:
    """A clone without the hook is named."""
    (well.book.root / ".githooks" / "pre-commit").unlink()

    assert _names(well) == ["no-hook"]


def test_hook_that_may_not_be_run(well: Surroundings) -> None:
    """A hook that git would pass over is named."""
    (well.book.root / ".githooks" / "pre-commit").chmod(0o644)

    assert _names(well) == ["hook-off"]


def test_hook_that_is_off(well: Surroundings) -> None:
    """A clone in which the hook is not turned on is told the command."""
    (remark,) = examine(replace(well, git={}))

    assert remark.name == "hook-off"
    assert remark.remedy == "run: git config core.hooksPath .githooks"


def test_no_git(well: Surroundings) -> None:
    """A folder that is no repository is named."""
    assert _names(replace(well, git=None)) == ["no-git"]


def test_cached_text(well: Surroundings) -> None:
    """A git setting that stores opened text is refused."""
    place = replace(well, git={**GIT, "diff.age.cachetextconv": "true"})

    assert _names(place) == ["cached-text"]


def test_local_history(well: Surroundings) -> None:
    """An editor that keeps a local history is named."""
    (well.book.root / ".vscode" / "settings.json").write_text("{}")

    assert _names(well) == ["local-history"]


def test_stale_pin(well: Surroundings) -> None:
    """A key that is not the one this device has met is named with the reader."""
    (remark,) = examine(replace(well, pins=Pins({COACH: "a" * 26})))

    assert remark.name == "stale-pin"
    assert COACH in remark.words


def test_known_pin(well: Surroundings) -> None:
    """A key that this device has met is not remarked on."""
    key = well.book.keyring.current(COACH)
    assert key is not None

    assert _names(replace(well, pins=Pins({COACH: key.fingerprint}))) == []


def test_passphrase_in_the_environment(well: Surroundings) -> None:
    """A passphrase in the environment is remarked on, and not shown."""
    (remark,) = examine(replace(well, environment={"COACHBOOK_PASSPHRASE": "six-words"}))

    assert remark.name == "passphrase-in-environment"
    assert "six-words" not in remark.words + remark.remedy

"""Tests of what `doctor` looks for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.doctor import Surroundings, examine
from coachbook.pins import Pins
from coachbook.scaffold import DRIVERS, GIT_SETTINGS, plan_drivers, write_files
from tests.workspaces.otterbeck_small import COACH, COACHEE

if TYPE_CHECKING:
    from pathlib import Path

GIT = {key.lower(): value for key, value in GIT_SETTINGS.items()}


@pytest.fixture
def well(workspace: Path) -> Surroundings:
    """A workspace in which nothing is amiss."""
    write_files(workspace, plan_drivers(workspace))
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


@pytest.mark.parametrize("name", ["pre-commit", "pre-merge-commit", "coachbook"])
def test_missing_hook(well: Surroundings, name: str) -> None:
    """A clone without one of the hooks, or the script behind them, is named."""
    (well.book.root / ".githooks" / name).unlink()

    assert _names(well) == ["no-hook"]


def test_hook_that_may_not_be_run(well: Surroundings) -> None:
    """A hook that git would pass over is named."""
    (well.book.root / ".githooks" / "pre-commit").chmod(0o644)

    assert _names(well) == ["hook-off"]


def test_hook_that_is_off(well: Surroundings) -> None:
    """A clone in which the hook is not turned on is told the command."""
    (remark,) = examine(replace(well, git={**GIT, "core.hookspath": "elsewhere"}))

    assert remark.name == "hook-off"
    assert remark.remedy == "run: coachbook doctor --mend"


def test_drivers_that_are_off(well: Surroundings) -> None:
    """A clone that does not know how records are shown and merged is told the command."""
    (remark,) = examine(replace(well, git={"core.hookspath": ".githooks"}))

    assert remark.name == "drivers-off"
    assert remark.remedy == "run: coachbook doctor --mend"


def test_records_that_no_driver_is_for(well: Surroundings) -> None:
    """A workspace from before there were drivers is told to name them, and commit that."""
    (well.book.root / ".gitattributes").write_text("*.md text eol=lf\n")

    assert _names(well) == ["no-drivers"]


def test_what_is_missing_is_added_and_nothing_replaced(well: Surroundings) -> None:
    """Files that are there stay as they are; only a line of `.gitattributes` is added."""
    root = well.book.root
    (root / ".githooks" / "pre-commit").write_text("#!/bin/sh\nexit 1\n")
    (root / ".githooks" / "coachbook").unlink()
    (root / ".gitattributes").write_text("*.md text eol=lf")

    planned = plan_drivers(root)

    assert set(planned) == {".githooks/coachbook", ".gitattributes"}
    assert planned[".gitattributes"] == f"*.md text eol=lf\n{DRIVERS}\n"


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


def _leave(place: Surroundings, *people: str) -> Surroundings:
    """The same after these people have left."""
    for person in people:
        file = place.book.root / f"records/people/{person}.md"
        text = file.read_text(encoding="utf-8").replace("\n---\n", "\nend: 2026-10-30\n---\n", 1)
        file.write_text(text, encoding="utf-8")
    return replace(place, book=load_book(place.book.root))


def test_what_nobody_opens_any_more_is_told(well: Surroundings) -> None:
    """Parts whose every reader has left are counted, with the policy's answer beside them."""
    place = _leave(well, COACH, COACHEE, "p-m3v8x1ra")

    (remark,) = examine(place)

    assert remark.name == "lost-parts"
    assert "2 sealed parts of Otterbeck Primary open for nobody who is here" in remark.words
    assert "the policy keeps no key for recovery [10.3]" in remark.words

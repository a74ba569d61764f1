"""The portal's script: its own tests in Node, its types, and how it is bundled."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from generator import build_browser
from generator.build_browser import BROWSER, BrowserBuildError, bundle

if TYPE_CHECKING:
    from pathlib import Path


def _run(tool: str) -> str:
    command = [sys.executable, build_browser.__file__, tool]
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_script_passes_its_own_tests() -> None:
    """The portal's script reads the same payload and text vectors as Python."""
    said = _run("test")

    assert re.search(r"pass [1-9]\d\d", said)
    assert re.search(r"fail 0\b", said)


def test_the_script_has_no_type_errors() -> None:
    """The portal's TypeScript is strict and has no type errors."""
    assert _run("check") == ""


@pytest.fixture(scope="module")
def packages() -> Path:
    """The installed npm packages."""
    build_browser.install_tools(BROWSER)
    return BROWSER / "node_modules"


@pytest.fixture
def sources(tmp_path: Path, packages: Path) -> Path:
    """A copy of the script's sources that a test may change."""
    copy = tmp_path / "generator" / "browser"
    shutil.copytree(BROWSER, copy, ignore=shutil.ignore_patterns("node_modules", "test"))
    (copy / "node_modules").symlink_to(packages, target_is_directory=True)
    (copy.parent / "coachbook").mkdir()
    for words in (BROWSER.parent / "coachbook").glob("_text_*.json"):
        shutil.copy(words, copy.parent / "coachbook" / words.name)
    return copy


def test_the_bundle_is_one_classic_script(sources: Path, tmp_path: Path) -> None:
    """One script holds it all: it imports nothing and makes no code of text."""
    bundle(browser=sources, assets=tmp_path / "assets")

    script = (tmp_path / "assets" / "portal.js").read_text(encoding="utf-8")
    assert script.startswith('"use strict";(()=>{')
    assert not re.search(r"\bimport\s*\(|\beval\s*\(|new Function\b", script)


def test_the_bundle_carries_the_licences_of_what_is_in_it(sources: Path, tmp_path: Path) -> None:
    """Each package in the script is named beside it, with its licence in full."""
    bundle(browser=sources, assets=tmp_path / "assets")

    notices = (tmp_path / "assets" / "LICENSES.txt").read_text(encoding="utf-8")
    for package in ("age-encryption", "markdown-it", "dompurify", "@noble/hashes"):
        assert re.search(rf"^{package} [0-9.]+ \(", notices, re.MULTILINE)
    assert "esbuild" not in notices


def test_nothing_is_bundled_twice(sources: Path, tmp_path: Path) -> None:
    """The script is bundled anew only when something that it is made of has changed."""
    assets = tmp_path / "assets"
    assert bundle(browser=sources, assets=assets)
    assert not bundle(browser=sources, assets=assets)

    with (sources / "src" / "dates.ts").open("a", encoding="utf-8") as file:
        file.write("\nexport const NOON = 12;\n")

    assert bundle(browser=sources, assets=assets)


def test_a_script_that_cannot_be_bundled_says_why(sources: Path, tmp_path: Path) -> None:
    """A mistake in the script stops the build with the place of the mistake."""
    (sources / "src" / "main.ts").write_text("const = 1;\n", encoding="utf-8")

    with pytest.raises(BrowserBuildError, match=r"(?s)could not bundle.*main\.ts:1:6"):
        bundle(browser=sources, assets=tmp_path / "assets")

    assert not (tmp_path / "assets" / "inputs.sha256").exists()


def test_the_lock_file_names_no_registry() -> None:
    """The packages come from whichever registry npm is set up for here."""
    lock = (BROWSER / "package-lock.json").read_text(encoding="utf-8")

    assert '"resolved"' not in lock
    assert '"integrity"' in lock

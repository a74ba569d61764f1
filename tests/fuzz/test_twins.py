"""Python and the portal's script read the same payloads, and refuse the same ones."""

from __future__ import annotations

import base64
import random
import subprocess
from typing import TYPE_CHECKING

from coachbook.errors import DamagedError
from coachbook.payload import format_payload, parse_payload
from fuzz.edits import edited
from fuzz.feed import Feed
from fuzz.payload import vectors
from generator.build_browser import BROWSER, install_tools

if TYPE_CHECKING:
    from pathlib import Path

EDITS = 2000
TWIN = "tests/fuzz/twin.mjs"


def drawn() -> list[bytes]:
    """Payloads of the vectors, as they are and with random edits."""
    choices = random.Random(2026)  # noqa: S311 (the same edits in every run)
    starts = [one for one in vectors() if one and len(one) < 5000]
    changed = [edited(choices.choice(starts), Feed(choices.randbytes(8))) for _ in range(EDITS)]
    return [one for one in (*starts, *changed) if one]


def in_python(data: bytes) -> bytes | None:
    """What is written for the payload, or None where it is refused."""
    try:
        return format_payload(parse_payload(data))
    except DamagedError:
        return None


def in_the_portal(payloads: list[bytes], folder: Path) -> list[bytes | None]:
    """The same by the portal's script, in Node."""
    node = install_tools(BROWSER)
    bundle = folder / "twin.mjs"
    source = BROWSER.parents[1] / TWIN
    subprocess.run(
        [
            *(node, BROWSER / "node_modules" / "esbuild" / "bin" / "esbuild", source),
            *("--bundle", "--platform=node", "--format=esm", "--log-level=warning"),
            *(f"--alias:portal={BROWSER / 'src'}", f"--outfile={bundle}"),
        ],
        cwd=BROWSER,
        check=True,
    )
    lines = "\n".join(base64.b64encode(one).decode() for one in payloads)
    said = subprocess.run(
        [node, bundle], input=lines, capture_output=True, check=True, encoding="utf-8"
    ).stdout.splitlines()
    return [None if line == "-" else base64.b64decode(line) for line in said]


def without_data(payload: bytes | None) -> list[bytes] | None:
    """The lines of a payload but for its JSON, which each implementation spells in its own way."""
    if payload is None:
        return None
    return [line for line in payload.rstrip().split(b"\n") if not line.startswith(b"data: ")]


def test_both_read_and_refuse_the_same(tmp_path: Path) -> None:
    """Of 2,000 payloads that were changed at random, no two are told apart by who reads them."""
    payloads = drawn()
    ours, theirs = list(map(in_python, payloads)), in_the_portal(payloads, tmp_path)

    apart = [
        payload
        for payload, one, other in zip(payloads, ours, theirs, strict=True)
        if without_data(one) != without_data(other)
    ]
    assert apart == []
    assert 100 < sum(one is not None for one in ours) < len(ours) - 1000

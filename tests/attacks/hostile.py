"""A workspace that somebody else could write to, in the hands of whoever builds it."""

from __future__ import annotations

import base64
import re
from contextlib import suppress
from typing import TYPE_CHECKING

import orjson

from coachbook.age import decrypt
from coachbook.errors import AgeNoMatchError
from coachbook.manifest import FRAGMENT, load_manifest
from coachbook.packing import unpack
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.desk import Desk

MKDOCS = (small.ROOT.parents[2] / "mkdocs.yml").read_text(encoding="utf-8")
POLICY = "records/otterbeck/policy-2026-09.md"
TODAY = "2026-11-16"
VARIABLE = "zqsecret4f1d"
LIVE = '"><zq-live onerror=zq()></zq-live><script>zq()</script>'


def build(desk: Desk, *options: str) -> tuple[int, str]:
    """Status of a build, and everything it said."""
    result = desk.run("build", "--today", TODAY, *options)
    return result.status, result.out + result.err


def require_refused(desk: Desk, *options: str) -> str:
    """Fails unless the build stops, publishes nothing and says no secret; returns what it said."""
    status, said = build(desk, *options)
    assert status in {1, 2}
    assert VARIABLE not in said
    assert not (desk.root / "site").exists()
    return said


def replace_in(desk: Desk, path: str, pattern: str, new: str) -> None:
    """Changes the first place in a file that fits the pattern."""
    changed, count = re.subn(pattern, lambda _: new, desk.read(path), count=1)
    assert count == 1
    desk.write(path, changed)


def opened(site: Path, owner: str) -> list[dict[str, str]]:
    """The private pages of a site that one of the small school's keys opens."""
    found = []
    for name, item in load_manifest(site).items():
        if item.kind == FRAGMENT:
            sealed = re.findall(rb'","([^"]*)"\);', (site / name).read_bytes())[0]
            with suppress(AgeNoMatchError):
                found.append(
                    orjson.loads(unpack(decrypt(base64.b64decode(sealed), [small.identity(owner)])))
                )
    return [page for page in found if page["kind"] == "page"]

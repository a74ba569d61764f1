"""What a check and a build cannot do without: bare primitives, and nothing of coachbook.

    python -m benchmarks.bare check records
    python -m benchmarks.bare seal site

A check reads and hashes every record, reads its header as YAML with libyaml, and verifies as many
signatures as there are. A build lets mkdocs-material make the handbook, and seals as many bytes as
each private page has to as many readers. No rule is asked, no reference followed, no page made.
All of it is done on one core, one after the other.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from benchmarks.aside import put_aside
from benchmarks.process import spend
from benchmarks.sealing import seal_bare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.process import Spent

NAME = "bare primitives"

_SIGNED = b"\n```age-signature"
_FENCE = b"---\n"
_MANIFEST = "coachbook-manifest.json"
_ABOUT = b"what a signature is about: a record, a section, and the hash of a block" * 3


def check(root: Path) -> Spent:
    """What the least of a check takes, of a workspace."""
    return spend(["benchmarks.bare", "check", "records"], root)


def build(handbook: Path, root: Path) -> Spent:
    """What the least of a build takes: the handbook as staged, then what is in `root/site`."""
    put_aside(handbook / "site", handbook.parent)
    made = spend(["mkdocs", "build", "-q"], handbook)
    return made + spend(["benchmarks.bare", "seal", "site"], root)


def _check(folder: Path) -> None:
    """Prints how many records and signatures there are, and a hash of all."""
    key = Ed25519PrivateKey.generate()
    public, signature = key.public_key(), key.sign(_ABOUT)
    found, signed = hashlib.sha256(), 0
    records = [path.read_bytes() for path in folder.rglob("*.md")]
    for record in records:
        found.update(hashlib.sha256(record).digest())
        header = record.split(_FENCE, 2)[1]
        yaml.load(header, Loader=yaml.CSafeLoader)
        for _ in range(record.count(_SIGNED)):
            public.verify(signature, _ABOUT)
            signed += 1
    print(len(records), signed, found.hexdigest())


def _seal(site: Path) -> None:
    """Prints how many fragments were sealed."""
    key = X25519PrivateKey.generate().public_key().public_bytes_raw()
    sealed = [seal_bare(data, [key] * readers) for data, readers in _fragments(site)]
    print(len(sealed))


def _fragments(site: Path) -> Iterator[tuple[bytes, int]]:
    """As many bytes as each fragment holds, and for how many readers it is."""
    files = json.loads((site / _MANIFEST).read_text(encoding="utf-8"))["files"]
    for name, item in files.items():
        if item["stanzas"]:
            yield os.urandom((site / name).stat().st_size * 3 // 4), item["stanzas"]


if __name__ == "__main__":
    {"check": _check, "seal": _seal}[sys.argv[1]](Path(sys.argv[2]))

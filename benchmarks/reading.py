"""The least that anybody does who looks at every record: reads it, and hashes what is in it.

    python -m benchmarks.reading records

A program of its own, and a small one, so that it can be measured like the others.
"""

from __future__ import annotations

import hashlib
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "reading and hashing"


def main(folder: str) -> None:
    """Prints how many files there are in a folder, and a hash of their hashes."""
    found = sorted((path, _hash(path)) for path in _files(folder))
    print(len(found), hashlib.sha256(repr(found).encode()).hexdigest())


def _files(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path)
            else:
                yield entry.path


def _hash(path: str) -> str:
    with open(path, "rb") as file:  # noqa: PTH123 - the quickest way is the one to beat
        return hashlib.sha256(file.read()).hexdigest()


if __name__ == "__main__":
    main(sys.argv[1])

"""Text that tries to be more than text: each payload is named by what it tries.

They stand in Markdown files of this folder, one for each sort, so that a person can read what
is tried: a heading, and below it the payload between two rows of tildes. `harm()` is what a
script would call if one ever ran, and `attacker.example` where anything sent would arrive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PAYLOAD = re.compile(r"^## (?P<name>[^\n]+)\n~{5}\n(?P<text>.*?)\n~{5}$", re.MULTILINE | re.DOTALL)
HOST = "attacker.example"


@dataclass(frozen=True, slots=True)
class Payload:
    """One attempt; `line` is the text as far as it fits on one line of a header."""

    sort: str
    name: str
    text: str

    @property
    def line(self) -> str:
        """The payload as a value: one line, without what a header refuses by itself."""
        return re.sub("[\u00ad\u200b\u202a-\u202e\\s]+", " ", self.text).strip()


@cache
def payloads() -> tuple[Payload, ...]:
    """Every payload, by sort and then as they stand in the files."""
    return tuple(
        Payload(path.stem, found["name"], found["text"])
        for path in sorted(Path(__file__).parent.glob("*.md"))
        for found in _PAYLOAD.finditer(path.read_text(encoding="utf-8"))
    )

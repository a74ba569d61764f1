"""A workspace of several schools, made of the small one: each has all of its records again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FIRST, SECOND = "otterbeck", "saltmere"
NAMES = {FIRST: "Otterbeck Primary", SECOND: "Saltmere Primary Academy"}

MORE = {
    "training/t-6h4g2f1d.md": (
        "---\ntype: training\nid: t-6h4g2f1d\nschool: otterbeck\nperson: p-c5t0w6ze\n"
        "kind: coach-training\ntitle: Training as a coach\ndate: 2026-09-03\n---\n"
    ),
    "groups/g-2k7m4q9x.md": (
        "---\ntype: group\nid: g-2k7m4q9x\nschool: otterbeck\nkind: co-coaching\n"
        "members: [p-c5t0w6ze, p-e6f1u8gd]\nfrom: 2026-09-07\n---\n"
    ),
    "2026-27/visits/2026-11-10-o-5m8n2b7v.md": (
        "---\ntype: observation\nid: o-5m8n2b7v\nschool: otterbeck\nkind: peer-visit\n"
        "date: 2026-11-10\nobserved: p-e6f1u8gd\nobservers: [p-c5t0w6ze]\nstatus: held\n---\n"
    ),
    "waivers/w-3f7k9d2s.md": (
        "---\ntype: waiver\nid: w-3f7k9d2s\nschool: otterbeck\ncode: CB308\nabout: s-7kq2m4xa\n"
        "reason: The hall was closed.\ngranted_on: 2026-11-13\nuntil: 2027-03-26\n"
        "granted_by: p-m3v8x1ra\n---\n"
    ),
}
"""Records that the small workspace has none of, by their place in a school's folder."""

_ID = re.compile(r"\b([a-z]{1,2})-([a-z0-9]{8})\b")


def make_schools(root: Path, schools: Iterable[str] = (FIRST, SECOND)) -> dict[str, bytes]:
    """Writes a workspace of these schools; all of its files by path.

    Each has people, pairs and notes of its own, whose ids begin anew. Only the first has keys;
    sealed blocks are copies of its own, which is found.
    """
    files = {
        path.relative_to(small.ROOT).as_posix(): path.read_bytes()
        for path in sorted(small.ROOT.rglob("*"))
        if path.is_file()
    }
    files |= {f"records/{FIRST}/{place}": text.encode() for place, text in MORE.items()}
    found: dict[str, bytes] = {}
    for number, school in enumerate(schools):
        for path, content in files.items():
            if number and not path.endswith(".md"):
                continue
            found[_renamed(path, school, number)] = _moved(path, content, school, number)
    for path, content in found.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return found


def _moved(path: str, content: bytes, school: str, number: int) -> bytes:
    if not path.endswith(".md"):
        return content
    header, line, body = content.decode().partition("\n---\n")
    return f"{_renamed(header, school, number)}{line}{body}".encode()


def _renamed(text: str, school: str, number: int) -> str:
    """The text of the first school as that of another: its name and all of its ids."""
    ids = _ID.sub(lambda found: f"{found[1]}-{number or found[2][0]}{found[2][1:]}", text)
    return ids.replace(NAMES[FIRST], NAMES.get(school, school.title())).replace(FIRST, school)

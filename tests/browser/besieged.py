"""A school in which every note, name, title and file name holds a payload."""

from __future__ import annotations

import os
import shutil
from datetime import date
from typing import TYPE_CHECKING

from coachbook.book import load_book
from coachbook.frontmatter import format_header
from coachbook.record import Record, parse_record, replace_field
from coachbook.rules import check_book
from coachbook.site import Job, build_site
from tests.attacks.payloads import payloads
from tests.workspaces.otterbeck_small import (
    COACH,
    COACHEE,
    ROOT,
    SESSION,
    SESSION_TEXT,
    seal_sections,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from coachbook.frontmatter import Value
    from tests.attacks.payloads import Payload

TODAY = date(2026, 11, 16)
IN_ONE_NOTE = 20
LETTERS = "abcdefghjkmnpqrstuvwxyz"
CYCLE = "records/otterbeck/2026-27/c-0a1b2c3d"
NAMED = ("values", "spreadsheets", "links", "svg", "mutation")
"""Sorts of which each payload is somebody's name."""
FILE_NAMES = (
    "<img src=x onerror=harm()>",
    '"><img src=x onerror=harm()>',
    "javascript:harm()",
    "a' onmouseover=harm() b='",
    "{{ 7 * 191 }}",
    "=HYPERLINK(1)",
)


def besiege(root: Path) -> Path:
    """Writes the school into a folder and builds its site; returns the folder of the site."""
    shutil.copytree(ROOT, root)
    for path, fields in _names().items():
        _change(root / path, fields)
    for path, fields in _people():
        _write(root / path, format_header(fields))
    book = load_book(root, today=TODAY)
    for path, text in (*_sessions(), *_statements()):
        record = parse_record(path, text.encode())
        assert isinstance(record, Record)
        _write(root / path, seal_sections(book, record))
    book = load_book(root, today=TODAY)
    build_site(Job(book, check_book(book), os.urandom), root / "site")
    return root / "site"


def in_notes() -> list[tuple[Payload, ...]]:
    """The payloads of each note."""
    every = payloads()
    return [every[at : at + IN_ONE_NOTE] for at in range(0, len(every), IN_ONE_NOTE)]


def in_names() -> tuple[Payload, ...]:
    """The payloads that are somebody's name."""
    return tuple(one for one in payloads() if one.sort in NAMED)


def words_of(chosen: Iterable[Payload]) -> str:
    """The payloads in a note, each between two lines that have to be there afterwards."""
    numbers = {one.name + one.sort: at for at, one in enumerate(payloads())}
    return "\n\n".join(
        f"Before {(at := numbers[one.name + one.sort])}.\n\n{one.text}\n\nBehind {at}."
        for one in chosen
    )


def _names() -> dict[str, dict[str, Value]]:
    """Names of people and places that everybody meets."""
    live = '"><img src=live onerror=harm()>'
    return {
        "records/trust.md": {"name": f"Trust {live}", "subjects": (f"Maths {live}", "=1+1")},
        "records/otterbeck/school.md": {"name": f"Otterbeck {live}", "hub": f"North {live}"},
        f"records/people/{COACH}.md": {"display_name": f"Petra <svg onload=harm()> {live}"},
        f"records/people/{COACHEE}.md": {"display_name": '=HYPERLINK("//attacker.example") N'},
        f"{CYCLE}/cycle.md": {"subject": f"Maths {live}", "characteristic": (live, "__proto__")},
    }


def _people() -> Iterator[tuple[str, dict[str, Value]]]:
    for at, one in enumerate(in_names()):
        name = f"p-{_id(at)}"
        yield (
            f"records/people/{name}.md",
            {
                "type": "person",
                "id": name,
                "display_name": one.line,
                "category": "teacher",
                "schools": ("otterbeck",),
                "start": date(2020, 9, 1),
            },
        )


def _sessions() -> Iterator[tuple[str, str]]:
    head = SESSION_TEXT.split("## Notes")[0]
    for at, chosen in enumerate(in_notes()):
        name = f"s-{_id(at)}"
        path = SESSION if at == 0 else f"{CYCLE}/2026-10-{at:02}-{name}.md"
        text = (
            head
            if at == 0
            else head.replace("s-7kq2m4xa", name).replace("2026-11-12", f"2026-10-{at:02}")
        )
        yield path, f"{text}## Notes\n\n{words_of(chosen)}\n"
    for at, name in enumerate(FILE_NAMES):
        own = f"s-zz{_id(at)[2:]}"
        text = head.replace("s-7kq2m4xa", own)
        yield f"{CYCLE}/{name}.md", f"{text}## Notes\n\nA note in a file with a name.\n"


def _statements() -> Iterator[tuple[str, str]]:
    chosen = [one for one in payloads() if one.sort in {"html", "svg", "links"}]
    header = format_header(
        {
            "type": "impact-statement",
            "id": "i-2b4d6f8h",
            "school": "otterbeck",
            "cycle": "c-0a1b2c3d",
            "date": date(2026, 11, 13),
            "author": "p-m3v8x1ra",
            "cpd_need": "none",
        }
    )
    yield f"{CYCLE}/2026-11-13-i-2b4d6f8h.md", f"{header}\n## Statement\n\n{words_of(chosen)}\n"


def _id(number: int) -> str:
    """Eight letters and digits that stand for a number."""
    return "".join(LETTERS[number // len(LETTERS) ** place % len(LETTERS)] for place in range(8))


def _change(path: Path, fields: dict[str, Value]) -> None:
    for key, value in fields.items():
        record = parse_record(path.name, path.read_bytes())
        assert isinstance(record, Record)
        _write(path, replace_field(record, key, value))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")

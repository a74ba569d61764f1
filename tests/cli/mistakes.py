"""The mistakes that people make, each typed into a small school, and what they are told.

`mistakes.txt` holds every message as it is printed. To write it anew, after
looking at what has changed: python -m tests.cli.mistakes_typed
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from coachbook.book import load_book
from coachbook.cli import main as coachbook
from coachbook.presets import fill_preset
from coachbook.publickey import format_public_key, public_key_of
from tests.rules.samples import decide
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

GOLDEN = Path(__file__).parent / "mistakes.txt"
SCHOOLS = {
    "head-excluded": ("otterbeck", "Otterbeck Primary"),
    "head-collates": ("bramblewick", "Bramblewick Primary"),
    "mentor-and-slt": ("saltmere", "Saltmere Primary Academy"),
}
_FINDING = re.compile(r":\d+:\d+: CB\d\d\d ")
HOLDERS = {"head-collates": ("head", "office"), "mentor-and-slt": ("head", "slt")}
FOLDER = "records/otterbeck/2026-27/c-0a1b2c3d"
SESSION = f"{FOLDER}/2026-11-05-s-3x9p5w1d.md"
CYCLE = f"{FOLDER}/cycle.md"
PAIR = "records/otterbeck/partnerships/pt-6r1e9k3w.md"
VISITS = "records/otterbeck/2026-27/visits"


TRAINED = f"""\
---
type: training
id: t-6h4g2f1d
school: otterbeck
person: {small.COACH}
kind: coach-training
title: Training as a coach
date: 2026-09-03
---
"""


@dataclass(frozen=True)
class Mistake:
    """What is typed where, at a school with which policy, and how it is looked at.

    `files` are texts or bytes by path. They are changed from what the small school has there, if
    `change` says how: the line before and the line after.
    """

    number: str
    typed: str
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    change: tuple[str, str, str] | None = None
    preset: str = "head-excluded"
    command: str = "check"
    settings: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    """The paths that are looked at, where they are others than those of the files."""


def told(mistake: Mistake, folder: Path) -> str:
    """What the command prints about a mistake."""
    school, _ = SCHOOLS[mistake.preset]
    root = make_school(mistake.preset, folder / "workspace", mistake.settings)
    paths = [path.replace("otterbeck", school) for path in mistake.seen or _write(mistake, root)]
    out, err = StringIO(), StringIO()
    variables = {"COACHBOOK_HOME": str(folder / "home"), "HOME": str(folder / "home")}
    with patch.dict(os.environ, variables), redirect_stdout(out), redirect_stderr(err):
        coachbook(_arguments(mistake, root, paths))
    return "\n".join(_lines(out.getvalue() + err.getvalue(), str(root)))


def _arguments(mistake: Mistake, root: Path, paths: list[str]) -> list[str]:
    person = ["--as", small.COACH] if mistake.command == "seal" else []
    where = [str(root / path) for path in paths if (root / path).exists()]
    return [mistake.command, *where, "--directory", str(root), *person]


def _write(mistake: Mistake, root: Path) -> list[str]:
    """Puts what was typed into the school; the paths, as the small workspace has them."""
    school = SCHOOLS[mistake.preset][0]
    for path, text in mistake.files.items():
        place = root / path.replace("otterbeck", school)
        place.parent.mkdir(parents=True, exist_ok=True)
        data = text.replace("otterbeck", school).encode() if isinstance(text, str) else text
        place.write_bytes(data)
    if mistake.change is None:
        return [*mistake.files]
    path, before, after = mistake.change
    place = root / path.replace("otterbeck", school)
    source = place.read_text(encoding="utf-8")
    assert before in source, f"{mistake.number}: {before!r} is not in {path}"
    place.write_text(source.replace(before, after, 1), encoding="utf-8", newline="\n")
    return [*mistake.files, path]


def _lines(text: str, root: str) -> Iterator[str]:
    """The findings alone, with what belongs to each: no other talk, no path of this computer."""
    for line in text.replace(f"{root}/", "").splitlines():
        if _FINDING.search(line) or line.startswith(" "):
            yield line


def make_school(preset: str, root: Path, settings: tuple[str, ...]) -> Path:
    """The small workspace as a school with this policy, with new keys for its people and roles."""
    shutil.copytree(small.ROOT, root)
    policy = root / small.POLICY
    if preset != "head-excluded":
        answers = small.ANSWERS | {"repository.holders": HOLDERS[preset]}
        policy.write_text(fill_preset(preset, answers), encoding="utf-8", newline="\n")
        (root / small.SESSION).unlink()
        _move(root, *SCHOOLS[preset])
        policy = root / small.POLICY.replace("otterbeck", SCHOOLS[preset][0])
        _make_keys(root)
    if settings:
        text = decide(policy.read_text(encoding="utf-8"), list(settings))
        policy.write_text(text, encoding="utf-8", newline="\n")
    return root


def _move(root: Path, school: str, name: str) -> None:
    """Gives the school of the small workspace another name."""
    shutil.rmtree(root / "records/keys")
    training = root / "records/otterbeck/training/t-6h4g2f1d.md"
    training.parent.mkdir()
    training.write_text(TRAINED, encoding="utf-8", newline="\n")
    (root / "records/otterbeck").rename(root / "records" / school)
    for file in root.rglob("*.md"):
        text = file.read_text(encoding="utf-8")
        text = text.replace("Otterbeck Primary", name).replace("otterbeck", school)
        text = text.replace("chosen_by: team", "chosen_by: coachee\nagreed_on: 2026-09-14")
        file.write_text(text, encoding="utf-8", newline="\n")


def _make_keys(root: Path) -> None:
    book = load_book(root)
    for owner in (*book.people, *book.roles):
        key = public_key_of(small.identity(owner), owner=owner, generation=1, created=small.MADE)
        place = root / key.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(format_public_key(key), encoding="utf-8", newline="\n")


def session(*, without: str = "", **lines: object) -> str:
    """A session of the small workspace with some lines of its header changed or added."""
    values: dict[str, object] = {
        "type": "session",
        "id": "s-3x9p5w1d",
        "school": "otterbeck",
        "cycle": "c-0a1b2c3d",
        "date": "2026-11-05",
        "status": "held",
        "kind": "coaching",
        "minutes": 14,
    }
    values |= lines
    rows = "".join(f"{key}: {value}\n" for key, value in values.items() if key != without)
    return f"---\n{rows}---\n"


def page(mistake: Mistake, folder: Path) -> str:
    """What the golden file holds of a mistake."""
    said = told(mistake, folder) or "(nothing is wrong with it)"
    _, school = SCHOOLS[mistake.preset]
    return f"{mistake.number}. {mistake.typed} (at {school})\n\n{said}\n"


def pages() -> dict[str, str]:
    """The parts of the golden file by number."""
    found = {}
    for part in GOLDEN.read_text(encoding="utf-8").split("\n\n\n")[1:]:
        number, _, _ = part.partition(". ")
        found[number] = part.rstrip("\n") + "\n"
    return found


HEAD = """\
What people type, and what they are told
========================================
Written by `python -m tests.cli.mistakes_typed`; read it before you accept it.
"""


def write(mistakes: Iterable[Mistake]) -> None:
    """Writes the golden file."""
    found = []
    for mistake in mistakes:
        with tempfile.TemporaryDirectory() as folder:
            found.append(page(mistake, Path(folder)))
    GOLDEN.write_text("\n\n".join([HEAD, *found]), encoding="utf-8", newline="\n")

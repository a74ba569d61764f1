"""A small school on disk with private keys on "this device", for tests of commands."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachbook.age import ScryptRecipient, armor, encrypt
from coachbook.book import load_book
from coachbook.cli import main
from coachbook.keystore import normalise_passphrase, open_keystore
from coachbook.sealing import format_identity
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from coachbook.book import Book
    from coachbook.keystore import Keystore
    from coachbook.record import Record

COACH, COACHEE, HEAD, MONITOR = small.COACH, small.COACHEE, "p-h7d2k9qm", "p-m3v8x1ra"
WORDS = "correct-horse-battery-staple-at-dawn"
SESSION = small.SESSION
DRAFT = "records/otterbeck/2026-27/c-0a1b2c3d/2026-11-19-s-2b4d6f8h.md"
NOTE = "Two pupils waited for each other, then both spoke."

DRAFT_TEXT = f"""\
---
type: session
id: s-2b4d6f8h
school: otterbeck
cycle: c-0a1b2c3d
date: 2026-11-19
status: held
kind: coaching
minutes: 15
---

## Notes

{NOTE}

## Action steps

- [ ] Count to three after every question (by 26 Nov)

## Coach notes

I spoke more than I meant to.
"""

PLAIN_WHOLE = "records/otterbeck/sealed/k-8h6f4d2b.md"
PLAIN_WHOLE_TEXT = """\
---
type: capability-mentoring
id: k-8h6f4d2b
school: otterbeck
person: p-n9b4j2ys
mentor: p-m3v8x1ra
held_on: 2026-11-18
---

## Notes

Planning came in late twice.
"""


@dataclass(frozen=True)
class Result:
    """What a command answered, said, and returned."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Desk:
    """The workspace under test, and commands run in it."""

    root: Path
    home: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def run(self, *arguments: str, person: str = "", words: str = WORDS) -> Result:
        """Runs `coachbook` in this process, as the person with the passphrase."""
        for name, value in {"COACHBOOK_PERSON": person, "COACHBOOK_PASSPHRASE": words}.items():
            if value:
                self.monkeypatch.setenv(name, value)
            else:
                self.monkeypatch.delenv(name, raising=False)
        self.capsys.readouterr()
        status = main(arguments)
        said = self.capsys.readouterr()
        return Result(status, said.out, said.err)

    def write(self, path: str, text: str) -> Path:
        """Puts a file into the workspace."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode())
        return place

    def read(self, path: str) -> str:
        """The file in the workspace, line endings as they are."""
        return (self.root / path).read_bytes().decode()

    @property
    def keystore(self) -> Keystore:
        """The private keys on this device."""
        return open_keystore({"COACHBOOK_HOME": str(self.home)}, self.book.trust.workspace)

    @property
    def book(self) -> Book:
        """The workspace as it is now."""
        return load_book(self.root)

    def record(self, path: str) -> Record:
        """The record as it is now."""
        return self.book.records[path]

    def git(self, *arguments: str) -> str:
        """Runs git in the workspace."""
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, check=True, capture_output=True, text=True
        )
        return done.stdout

    def commit_all(self) -> None:
        """Makes the workspace a git repository with everything committed."""
        self.git("init", "-q", "-b", "main")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "start")

    def editor(self, script: str) -> None:
        """Makes the editor a Python script that finds the file's path in `path`."""
        place = self.home / "editor.py"
        head = "import sys\nfrom pathlib import Path\npath = Path(sys.argv[1])\n"
        place.write_text(head + script, encoding="utf-8")
        command = f"{sys.executable} {place}"
        self.monkeypatch.setenv("VISUAL", command.replace("\\", "\\\\"))

    def leftovers(self) -> list[Path]:
        """What is left in the folder that private copies are made in."""
        return list((self.home / "run").iterdir())

    def empty_files(self) -> list[Path]:
        """The files of the workspace in which nothing stands."""
        files = (self.root / "records").rglob("*")
        return [file for file in files if file.is_file() and not file.stat().st_size]

    def everything(self) -> bytes:
        """Every byte in the workspace and in the application folder."""
        files = [f for top in (self.root, self.home) for f in top.rglob("*") if f.is_file()]
        return b"\n".join(f.read_bytes() for f in files if f.name != "editor.py")


def make_desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """A copy of the small workspace, with the keys of four people on this device."""
    root, home = tmp_path / "otterbeck", tmp_path / "home"
    shutil.copytree(small.ROOT, root)
    (home / "run").mkdir(parents=True, mode=0o700)
    for name in [name for name in os.environ if name.startswith(("COACHBOOK_", "GIT_"))]:
        monkeypatch.delenv(name)
    for name, value in {
        "COACHBOOK_HOME": str(home),
        "XDG_RUNTIME_DIR": str(home / "run"),
        "HOME": str(home),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "Office",
        "GIT_AUTHOR_EMAIL": "office@example.org",
        "GIT_COMMITTER_NAME": "Office",
        "GIT_COMMITTER_EMAIL": "office@example.org",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(root)
    keystore = open_keystore({"COACHBOOK_HOME": str(home)}, load_book(root).trust.workspace)
    for person in (COACH, COACHEE, HEAD, MONITOR):
        keystore.save(person, protected(person))
    return Desk(root, home, monkeypatch, capsys)


_PROTECTED: dict[str, str] = {}


def protected(person: str) -> str:
    """The person's key under the passphrase, made once.

    Hundreds of tests unlock it, so it asks for little work. What the keystore makes asks for
    all of it, and is unlocked in the tests of the keystore, of `keys` and of the example.
    """
    if person not in _PROTECTED:
        text = format_identity([small.identity(person)], owner=person, generation=1)
        words = ScryptRecipient(normalise_passphrase(WORDS), log_n=10)
        _PROTECTED[person] = armor(encrypt(text.encode("ascii"), [words]))
    return _PROTECTED[person]


def as_json(result: Result) -> object:
    """The answer of a command, read as JSON."""
    return json.loads(result.out)

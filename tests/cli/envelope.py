"""A person at a terminal with the paper of a sealed envelope, for tests of recovery."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlparse
from urllib.request import url2pathname

import click

from coachbook.cli import drill, paperwords, recovery
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from tests.cli.desk import Desk, Result

ENVELOPE = "envelope@otterbeck"
NEXT = "records/otterbeck/policy-2026-11.md"

_PAGE = re.compile(r"file://\S+")


def with_envelope(desk: Desk) -> None:
    """A policy from mid-November on, in which a sealed envelope answers who may open a part."""
    with_recovery(desk, "envelope")


def with_recovery(desk: Desk, holder: str) -> None:
    """A policy from mid-November on with this answer to who may open a part in the end."""
    text = desk.read(small.POLICY)
    for old, new in {
        "version: 2026-09": "version: 2026-11",
        "effective_from: 2026-09-01": "effective_from: 2026-11-15",
        "recovery.holder: nobody": f"recovery.holder: {holder}",
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    desk.write(NEXT, text)


@dataclass
class Reader:
    """Somebody who reads what is printed and types it back; `said` is what came to the screen."""

    desk: Desk
    out: str = ""
    said: str = ""
    page: str = ""
    answers: list[str] = field(default_factory=list)
    """What is typed instead of the right word, while there is any."""

    def prompt(self, question: str, **_: object) -> str:
        """Types the word that is asked for, as it stands on the paper."""
        shown = self.desk.capsys.readouterr()
        self.out, self.said = self.out + shown.out, self.said + shown.err
        found = _PAGE.search(self.said)
        if found:
            page = Path(url2pathname(urlparse(found[0]).path))
            self.page = page.read_text(encoding="utf-8")
        if self.answers:
            return self.answers.pop(0)
        number = re.search(r"Word (\d+) ", question)
        return self.words[int(number[1]) - 1] if number else " ".join(self.words)

    @property
    def words(self) -> list[str]:
        """The twelve words of the sheet in their order."""
        if self.page:
            return re.findall(r'<span class="word">([a-z]+)</span>', self.page)
        found = dict(re.findall(r"\b(\d\d?) ([a-z]+)", self.out.partition("What it opens")[0]))
        return [found[str(number)] for number in range(1, 13)]


def reader(desk: Desk) -> Reader:
    """Somebody at the terminal from now on."""
    one = Reader(desk)
    for module in (recovery, paperwords, drill):
        desk.monkeypatch.setattr(module, "is_at_terminal", lambda: True, raising=False)
    desk.monkeypatch.setattr(click, "prompt", one.prompt)
    return one


def print_key(desk: Desk, *options: str) -> tuple[Reader, Result]:
    """A new key of the envelope, printed as text unless options say otherwise."""
    one = reader(desk)
    return one, desk.run("keys", "recovery", "new", "otterbeck", *(options or ("--text",)))

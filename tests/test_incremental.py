"""What an earlier run has left is used again only where nothing would come out otherwise.

A thousand edits are drawn at random, of every sort that people make in files: some sensible, some
slips, some damage. After every few of them the records are checked and the pages made with what
the last run left, and once more from nothing. The same is done for two schools that share people,
one after the other, by commands and by a program that runs on.
"""

from __future__ import annotations

import os
import random
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from coachbook.book import load_book
from coachbook.book.workspace import Workspace
from coachbook.cache import FOLDER, FORGETFUL, Cache, open_cache
from coachbook.errors import CoachbookError
from coachbook.memory import Memory
from coachbook.pages import Templates, open_templates, render_page, templates_stamp
from coachbook.partcheck import check_workspace
from coachbook.partportal import PartedPortal, Tools
from coachbook.portal import Before, PortalMaker
from coachbook.rules import check_book
from coachbook.views import open_view

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from coachbook.book import Book
    from coachbook.diagnostics import Diagnostic
    from coachbook.fragments import Fragment
    from coachbook.listings import Shown
    from coachbook.views import View

EXAMPLE = Path(__file__).parents[1] / "records"
SCHOOL, OTHER = "otterbeck", "bramblewick"
OF_EACH_TYPE = 3
"""So many records of a type are kept of the school: enough to hang together."""

EDITS = int(os.environ.get("INCREMENTAL_EDITS", "1000"))
MOST_AT_ONCE = int(os.environ.get("INCREMENTAL_AT_ONCE", "29"))
EDITS_OF_TWO = int(os.environ.get("INCREMENTAL_EDITS_OF_TWO", "40"))
MOST_AT_ONCE_OF_TWO = int(os.environ.get("INCREMENTAL_AT_ONCE_OF_TWO", "7"))
SEED = int(os.environ.get("INCREMENTAL_SEED", "20261122"))

WORDS = ("held", "planned", "missed", "open", "closed", "active", "ended", "coaching", "drop-in")
DAYS = ("2026-11-19", "2026-10-05", "2027-02-01", "2025-09-01")
VALUES = (*WORDS, *DAYS, "45", "0", "yes", "no", "p-nobody00", "'x'")
STRAY = ("## Notes\n\nIn the clear.\n", "Plain text.\n", "## What is this\n", "\nage:\n")


@dataclass
class Run:
    """One way of checking and making pages, with what it has made so far by name."""

    cache: Cache
    made: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def results(self, root: Path, templates: Templates) -> tuple[object, ...]:
        """The findings, and every page's readers and plaintext; or why there are none."""
        try:
            book = load_book(root, cache=self.cache)
            findings = check_book(book, cache=self.cache)
        except CoachbookError as error:
            return (error.message,)
        try:
            if self.cache is not FORGETFUL:
                book = load_book(root, cache=self.cache)  # as a build after a check does
            return findings, self._pages(book, templates, findings)
        except CoachbookError as error:
            return findings, error.message

    def _pages(
        self, book: Book, templates: Templates, findings: tuple[Diagnostic, ...]
    ) -> dict[str, tuple[str, bytes]]:
        def keep(fragment: Fragment) -> None:
            self.made[fragment.name] = (str(fragment.audience), fragment.plaintext)

        memory: Memory[tuple[Shown, ...]] = Memory(
            book, self.cache, "portal", templates_stamp(book.root)
        )
        maker = PortalMaker(
            open_view(book, findings),
            lambda name, model, audience: render_page(templates, name, model, audience),
            keep,
            Before(memory, lambda shown: shown.name in self.made),
        )
        return {shown.name: self.made[shown.name] for shown in maker.make()}


@dataclass
class RunOfTwo(Run):
    """The same, school by school; it counts the pages that were made."""

    prints: dict[str, bytes] = field(default_factory=dict)
    handed_on: int = 0

    def results(self, root: Path, templates: Templates) -> tuple[object, ...]:
        """The findings, and every page's readers and plaintext; or why there are none."""
        workspace = Workspace(root, cache=self.cache)
        try:
            findings = check_workspace(workspace).findings
        except CoachbookError as error:
            return (error.message,)
        try:
            shown = PartedPortal(workspace, findings, self._tools(root, templates)).make()
        except CoachbookError as error:
            return findings, error.message
        return findings, {one.name: self.made[one.name] for one in shown}

    def _tools(self, root: Path, templates: Templates) -> Tools:
        stamp = templates_stamp(root)

        def keep(fragment: Fragment) -> None:
            self.made[fragment.name] = (str(fragment.audience), fragment.plaintext)
            self.prints[fragment.name] = fragment.print
            self.handed_on += 1

        def is_there(shown: Shown) -> bool:
            return self.prints.get(shown.name) == shown.print

        def before(view: View, school: str) -> Before:
            return Before(Memory(view.book, self.cache, f"portal {school}", stamp), is_there)

        return Tools(
            lambda name, model, audience: render_page(templates, name, model, audience),
            keep,
            before,
            is_there,
            stamp,
        )


class Editor:
    """Somebody who changes files of a workspace at random."""

    def __init__(self, root: Path, draw: random.Random) -> None:
        """Takes the workspace as it is now for what can be put back."""
        self._root, self._draw = root, draw
        self._original = {
            path: path.read_text(encoding="utf-8") for path in sorted(root.rglob("*.md"))
        }
        self._ids = sorted({one for text in self._original.values() for one in _ids(text)})
        self._edits: tuple[Callable[[Path, str], str], ...] = (
            *([self._other_value] * 6),
            *([self._put_back] * 6),
            self._without_a_line,
            self._another_line,
            self._stray_text,
            self._other_text,
            self._gone,
            self._copied,
            self._same_again,
            self._swapped,
            self._beside,
        )

    def edit(self) -> str:
        """Makes one change and says what it was; a file that cannot be told is put back."""
        draw = self._draw
        year = "/2026-27/"  # most of what people change; the rest changes everything
        likely = [path for path in sorted(self._original) if year in path.as_posix()]
        path = draw.choice((*likely * 4, *sorted(self._original)))
        text = path.read_text(encoding="utf-8") if path.exists() else self._original[path]
        how = draw.choice(self._edits)
        new = how(path, text)
        if new:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(new, encoding="utf-8")
        else:
            path.unlink(missing_ok=True)
        return f"{how.__name__} {path.relative_to(self._root)}"

    def _other_value(self, _: Path, text: str) -> str:
        """A field gets another value, sensible or not."""
        lines = text.split("\n")
        fields = [n for n, line in enumerate(lines[: lines[1:].index("---")]) if ": " in line]
        number = self._draw.choice(fields)
        key = lines[number].split(": ")[0]
        lines[number] = f"{key}: {self._draw.choice((*VALUES, *self._ids))}"
        return "\n".join(lines)

    def _put_back(self, path: Path, _: str) -> str:
        return self._original[path]

    def _without_a_line(self, _: Path, text: str) -> str:
        lines = text.split("\n")
        del lines[self._draw.randrange(len(lines))]
        return "\n".join(lines)

    def _another_line(self, _: Path, text: str) -> str:
        return text.replace("---\n", f"---\nextra: {self._draw.choice(VALUES)}\n", 1)

    def _stray_text(self, _: Path, text: str) -> str:
        return f"{text}\n{self._draw.choice(STRAY)}"

    def _other_text(self, _: Path, text: str) -> str:
        """A sealed part, or a sentence, of another record."""
        other = self._draw.choice(sorted(self._original.values()))
        return text.split("\n---\n", maxsplit=1)[0] + "\n---\n" + other.partition("\n---\n")[2]

    def _gone(self, _path: Path, _text: str) -> str:
        return ""

    def _copied(self, path: Path, text: str) -> str:
        """A second record beside the first, with an id of its own or the same."""
        name = f"s-{self._draw.randrange(16**8):08x}"
        beside = path.with_name(path.name.replace(path.stem[-10:], name))
        found = _ids(text)
        same = self._draw.random() < 0.3 or not found
        beside.write_text(text if same else text.replace(found[0], name), encoding="utf-8")
        self._original.setdefault(beside, text)
        return text

    def _swapped(self, path: Path, text: str) -> str:
        """Two files change places."""
        other = self._draw.choice(sorted(self._original))
        if not other.exists():
            return text
        theirs = other.read_text(encoding="utf-8")
        other.write_text(text, encoding="utf-8")
        return theirs if other != path else text

    def _beside(self, path: Path, text: str) -> str:
        """A file that is no record comes or goes."""
        stray = path.with_name("notes (1).docx")
        if stray.exists():
            stray.unlink()
        else:
            stray.write_text(text, encoding="utf-8")
        return text

    def _same_again(self, path: Path, text: str) -> str:
        """Nothing changes but the time of the file."""
        path.touch()
        return text


def test_a_thousand_edits_come_out_as_if_everything_were_made_anew(tmp_path: Path) -> None:
    """What is taken over from an earlier run is what would be found and shown anyway."""
    root, draw = tmp_path / "workspace", random.Random(SEED)  # noqa: S311 (nothing secret)
    make_workspace(root, SCHOOL)
    editor, templates = Editor(root, draw), open_templates(root)
    remembering = Run(open_cache({FOLDER: str(tmp_path / "cache")}, root))
    edits = 0
    while edits < EDITS:
        told = [editor.edit() for _ in range(draw.randint(1, MOST_AT_ONCE))]
        edits += len(told)

        found = remembering.results(root, templates)

        assert found == Run(FORGETFUL).results(root, templates), "\n".join(told)


def test_two_schools_come_out_as_if_everything_were_made_anew(tmp_path: Path) -> None:
    """So it is where each school is made for itself, and people work at both."""
    root, draw = tmp_path / "workspace", random.Random(SEED)  # noqa: S311 (nothing secret)
    make_workspace(root, SCHOOL, OTHER)
    editor, templates = Editor(root, draw), open_templates(root)
    store = open_cache({FOLDER: str(tmp_path / "cache")}, root)
    beside = open_cache({FOLDER: str(tmp_path / "beside")}, root)
    runs = (RunOfTwo(store), RunOfTwo(beside.remembering()))
    edits = made_anew = 0
    while edits < EDITS_OF_TWO:
        told = [editor.edit() for _ in range(draw.randint(1, MOST_AT_ONCE_OF_TWO))]
        edits += len(told)

        found = [run.results(root, templates) for run in runs]

        forgetful = RunOfTwo(FORGETFUL)
        anew = forgetful.results(root, templates)
        assert found == [anew, anew], "\n".join(told)
        made_anew += forgetful.handed_on
    assert all(run.handed_on < made_anew for run in runs)


def make_workspace(root: Path, *schools: str) -> None:
    """Schools of the example with their people, and a few records of each type."""
    taken: dict[tuple[str, str], int] = {}
    for path in sorted(EXAMPLE.rglob("*")):
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        name = path.relative_to(EXAMPLE)
        if not text or not _is_wanted(name, text, taken, schools):
            continue
        place = root / "records" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)


def _is_wanted(
    name: Path, text: str, taken: dict[tuple[str, str], int], schools: Collection[str]
) -> bool:
    top = name.parts[0]
    if top in {"people", "keys"}:
        person = name.stem.split(".")[0]
        home = EXAMPLE / "people" / f"{person}.md"
        is_role = name.match("keys/roles/*")
        told = home.read_text(encoding="utf-8") if home.is_file() else ""
        if is_role:
            return any(f"@{school}." in name.name for school in schools)
        return any(school in told for school in schools)
    if top not in schools:
        return name.name == "trust.md"
    kind = re.search(r"^type: (\S+)", text, re.MULTILINE)
    of = (top, kind[1] if kind else "")
    taken[of] = taken.get(of, 0) + 1
    return taken[of] <= OF_EACH_TYPE or of[1] in {"role-assignment", "policy", "calendar", "school"}


def _ids(text: str) -> list[str]:
    return re.findall(r"\b[a-z]{1,3}-[0-9a-z]{8}\b", text.split("-----BEGIN", maxsplit=1)[0])

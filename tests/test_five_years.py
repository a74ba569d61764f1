"""The story of five years at a small school: how it ends, and what each key opens there."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.cli import main
from coachbook.cli.unlocking import with_roles
from coachbook.keystore import open_keystore, unlock
from coachbook.opening import open_record
from coachbook.readerlist import reader_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.book import Book

EXAMPLES = Path(__file__).parents[1] / "examples"
REPOSITORIES = ("larkenfold", "larkenfold-2028", "larkenfold-2030", "office", "corin")
WRITTEN = ("thinks before", "Three hands", "quiet table", "two questions", "built upon")
"""Words of what people write in the story, of which nothing may lie anywhere in clear."""


@dataclass(frozen=True)
class Story:
    """What was told, and the folder in which everything of it lies."""

    told: str
    folder: Path

    @property
    def book(self) -> Book:
        """The last repository as it is at the end."""
        return load_book(self.folder / "larkenfold-2030")


@pytest.fixture(scope="module")
def story(warm: Path, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The story, told once."""
    folder = tmp_path_factory.mktemp("story")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["sh", str(EXAMPLES / "five-years.sh"), str(folder)],
        env={**kept, "PATH": f"{warm}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Story(done.stdout, folder)


def ending(told: str) -> list[str]:
    """The last chapter without what is made by chance, and lines in an order of their own."""
    last = told[told.index("How it stands") :]
    lines = re.sub(r"\b(p|s|c|i|pt|r)-[a-z0-9]{8}\b", r"\1-xxxxxxxx", last).splitlines()
    table = next(n for n, line in enumerate(lines) if line.startswith("Record "))
    end = lines.index("", table)
    return [*lines[: table + 1], *sorted(lines[table + 1 : end]), *lines[end:]]


def test_it_ends_as_it_is_written_down(story: Story) -> None:
    """After five years `keys audit` finds nothing to put right, and the table is the expected."""
    expected = (EXAMPLES / "five-years.txt").read_text(encoding="utf-8")

    assert ending(story.told) == expected.splitlines()
    assert "nothing to put right" in expected


def test_its_records_are_in_order(story: Story) -> None:
    """On the last day `check` finds no error in the repository of the fifth year."""
    assert (
        main(["check", "-C", str(story.folder / "larkenfold-2030"), "--today", "2030-09-09"]) == 0
    )


def opened(story: Story, book: Book) -> Iterator[tuple[str, str, str]]:
    """Every person, record and part of which that person's keys open the seal."""
    keystore = open_keystore({"COACHBOOK_HOME": str(story.folder / "device")}, book.trust.workspace)
    for person in keystore.people():
        words = (story.folder / "words" / book.people[person].sign_in).read_text().strip()
        own = unlock(keystore.find(person) or "", words)
        identities = with_roles(book.keyring, person, own)
        for record in book.records.values():
            for part in open_record(book, record, identities).payloads:
                yield person, record.id, part


def test_nobody_opens_more_or_less_than_the_table_says(story: Story) -> None:
    """Every person's keys are tried on every sealed part: they open what the table says."""
    book = story.book

    found = set(opened(story, book))

    assert found == {
        (opener.person, one.record.id, part)
        for one in reader_list(book, book.records.values())
        for opener in one.openers
        for part in one.parts
    }


def test_nothing_was_ever_in_clear(story: Story) -> None:
    """No object that git keeps in any of the repositories, and no file, holds what was written."""
    for name in REPOSITORIES:
        found = subprocess.run(
            ["git", "cat-file", "--batch-all-objects", "--batch", "--unordered"],
            cwd=story.folder / name,
            capture_output=True,
            check=True,
        ).stdout
        assert found.count(b"-----BEGIN AGE ENCRYPTED FILE-----") > len(WRITTEN)
        assert not [words for words in WRITTEN if words.encode() in found]
    files = [file for file in story.folder.rglob("*") if file.is_file()]
    assert not [one for one in files if any(w.encode() in one.read_bytes() for w in WRITTEN)]

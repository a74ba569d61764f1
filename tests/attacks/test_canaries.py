"""A word in every sealed part, looked for in every byte that coachbook writes anywhere."""

from __future__ import annotations

import base64
import gzip
import html
import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.handbook import agreed_names
from coachbook.sealing import open_block
from tests.attacks.aviary import MARK, that_open
from tests.gallery.access import open_found

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from coachbook.book import Book
    from tests.attacks.aviary import Aviary
    from tests.gallery.access import Keys, Opened


def _in_base64(word: bytes) -> list[bytes]:
    """How a word looks in base64, wherever in a longer text it stands."""
    found = []
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + word).rstrip(b"=")
        whole = len(encoded) - bool((before + len(word)) % 3)
        found.append(encoded[-(-before * 8 // 6) : whole])
    return found


_LOOKED_FOR = (MARK.encode(), *_in_base64(MARK.encode()))


def is_marked(data: bytes) -> bool:
    """Whether a canary can be found in the bytes, also in gzip, base64 or two-byte letters."""
    if data[:2] == b"\x1f\x8b" and is_marked(gzip.decompress(data)):
        return True
    joined = re.sub(rb"[\x00\r\n]", b"", data)
    return MARK.encode() in joined.lower() or any(look in joined for look in _LOOKED_FOR)


def marked_files(*folders: Path) -> list[str]:
    """Every file and folder below that has a canary in it or in its name."""
    return [
        str(path)
        for folder in folders
        for path in folder.rglob("*")
        if MARK in path.name or (path.is_file() and is_marked(path.read_bytes()))
    ]


@pytest.mark.parametrize(
    "hide",
    [
        bytes,
        gzip.compress,
        base64.b64encode,
        lambda data: base64.encodebytes(b"x" + data),
        lambda data: base64.b64encode(b"xx" + data),
        lambda data: data.decode().encode("utf-16"),
        lambda data: data.upper(),
    ],
)
def test_the_search_finds_a_canary(tmp_path: Path, hide: Callable[[bytes], bytes]) -> None:
    """The search of these tests finds a canary however a file might hide it."""
    (tmp_path / "file").write_bytes(hide(b"Some words, then zqcanary0123456789ab and more words."))

    assert marked_files(tmp_path) == [str(tmp_path / "file")]


def test_every_sealed_part_has_a_canary(aviary: Aviary, keys: Keys) -> None:
    """Each sealed part of the copy opens for its readers with its own canary in it."""
    everybody = {name: key for own in keys.values() for name, key in own.items()}
    parts = list(that_open(load_book(aviary.marked.root), everybody))

    found = [
        open_block(p.block.armor, everybody, p.place, revision=p.block.revision) for p in parts
    ]

    assert len(set(aviary.marked.canaries)) == len(parts) > 200
    assert all(MARK in payload.text for payload in found)


def test_every_command_has_run(aviary: Aviary) -> None:
    """The commands without a key all work on the copy; only `doctor` has something to say."""
    assert {name.split()[0]: ran.status for name, ran in aviary.said.items()} == {
        "check": 0,
        "build": 0,
        "audit": 0,
        "who-can-read": 0,
        "explain": 0,
        "seal": 0,
        "doctor": 1,
    }
    assert (aviary.site / "handbook" / "index.html").is_file()
    assert any(path.name == "mkdocs.yml" for path in aviary.jail.thrown_away.rglob("*"))


def test_no_canary_in_any_file(aviary: Aviary) -> None:
    """No canary is in the site, the staged pages, a temporary file, a cache or a file's name."""
    assert marked_files(*aviary.places) == []


def test_no_canary_in_any_answer(aviary: Aviary) -> None:
    """No command prints a canary, as text, as JSON, or as annotations for a git host."""
    assert [name for name, ran in aviary.said.items() if is_marked(ran.out + ran.err)] == []


def test_no_canary_in_an_opened_page(aviary: Aviary, keys: Keys, found: tuple[Opened, ...]) -> None:
    """Inside a private page the sections stay sealed: whoever opens the page sees no canary."""
    pages = open_found(aviary.site, keys, found).values()

    assert len(pages) > 50
    assert any(b"BEGIN AGE ENCRYPTED FILE" in page for page in pages)
    assert not any(is_marked(page) for page in pages)


def test_no_canary_in_the_repository(aviary: Aviary, tmp_path: Path) -> None:
    """Committed as it is, the copy has no canary in any object of its repository."""
    root = shutil.copytree(aviary.marked.root, tmp_path / "repository")
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "all of it"]):
        _git(root, *command)

    objects = _git(root, "cat-file", "--batch-all-objects", "--batch")

    assert b"BEGIN AGE ENCRYPTED FILE" in objects
    assert not is_marked(objects)


def test_no_private_value_in_the_handbook(aviary: Aviary, book: Book) -> None:
    """The handbook holds no sign-in, no id of a record, and no full name but with consent."""
    agreed = agreed_names(book)
    private = {record.id for record in book.records.values() if "-" in record.id}
    private |= {p.name for p in book.people.values()} | {p.sign_in for p in book.people.values()}
    private = {value.casefold() for value in private - agreed - {""}}
    pages = [path for path in (aviary.site / "handbook").rglob("*") if path.is_file()]

    texts = [html.unescape(path.read_bytes().decode(errors="replace")).casefold() for path in pages]

    assert len(private) > 150
    assert 0 < len(agreed) < 10
    assert [value for value in private if any(value in text for text in texts)] == []


def _git(folder: Path, *arguments: str) -> bytes:
    identity = {"GIT_AUTHOR_NAME": "Office", "GIT_AUTHOR_EMAIL": "office@example.org"}
    identity |= {name.replace("AUTHOR", "COMMITTER"): value for name, value in identity.items()}
    clean = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull}
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env={**clean, **identity}, capture_output=True, check=True
    )
    return done.stdout

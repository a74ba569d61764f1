"""The example trust with its keys, and its site as CI would build it, each made once.

The site is that of a copy with a word in each sealed part, so that every attack on it would
bring one to light.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from tests.attacks.aviary import Aviary, Marked, keep, mark
from tests.attacks.hostile import VARIABLE
from tests.attacks.jail import Jail, Ran, make_jail
from tests.cheap_keys import copy_example
from tests.cli.desk import make_desk
from tests.gallery.access import demonstration_keys, try_every_key

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.book import Book
    from tests.cli.desk import Desk
    from tests.gallery.access import Keys, Opened


@dataclass(frozen=True)
class BuiltSite:
    """A site, the jail it was built in, and what the command said."""

    site: Path
    jail: Jail
    ran: Ran


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example trust that no test changes."""
    return copy_example(tmp_path_factory.mktemp("example"))


@pytest.fixture(scope="session")
def book(example: Path) -> Book:
    """The example trust, loaded."""
    return load_book(example)


@pytest.fixture(scope="session")
def keys(book: Book) -> Keys:
    """Everybody's keys, their own and those of their roles, unlocked with the passphrases."""
    return demonstration_keys(book)


@pytest.fixture(scope="session")
def marked(book: Book, keys: Keys, tmp_path_factory: pytest.TempPathFactory) -> Marked:
    """A copy of the example with a word of its own in each sealed part; nobody changes it."""
    everybody = {name: key for own in keys.values() for name, key in own.items()}
    return mark(book, everybody, tmp_path_factory.mktemp("marked") / "workspace")


@pytest.fixture(scope="session")
def built(marked: Marked, tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The site of that copy, built without environment and network; nobody changes it."""
    jail = make_jail(tmp_path_factory.mktemp("jail"))
    site = tmp_path_factory.mktemp("site") / "site"
    ran = jail.run("build", "-C", str(marked.root), "--out", str(site))
    assert (ran.status, ran.out.decode().strip()) == (0, str(site)), ran.err.decode()
    return BuiltSite(site, jail, ran)


@pytest.fixture(scope="session")
def found(built: BuiltSite, keys: Keys) -> tuple[Opened, ...]:
    """Which keys open what of the site: each of them is tried on every sealed file."""
    return try_every_key(built.site, keys)


@pytest.fixture(scope="session")
def aviary(marked: Marked, tmp_path_factory: pytest.TempPathFactory) -> Aviary:
    """What every command without a key makes of that copy, with a token in the environment."""
    return keep(marked, tmp_path_factory.mktemp("aviary"), tmp_path_factory.mktemp("out") / "site")


@pytest.fixture
def hostile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """The small school, with a secret in the environment and files outside the workspace."""
    desk = make_desk(tmp_path, monkeypatch, capsys)
    monkeypatch.setenv("CI_VARIABLE", VARIABLE)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "diary.md").write_text(f"{VARIABLE}\n", encoding="utf-8")
    (tmp_path / "outside" / "face.png").write_bytes(VARIABLE.encode())
    return desk

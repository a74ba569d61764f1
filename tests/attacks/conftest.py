"""The example trust with its keys, and its site as CI would build it, each made once."""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.cli.unlocking import with_roles
from coachbook.keystore import unlock
from tests.attacks.hostile import VARIABLE
from tests.attacks.jail import Jail, Ran, make_jail
from tests.cli.desk import make_desk

if TYPE_CHECKING:
    from coachbook.age import X25519Identity
    from coachbook.book import Book
    from tests.cli.desk import Desk

RECORDS = Path(__file__).parents[2] / "records"


@dataclass(frozen=True)
class BuiltSite:
    """A site, the jail it was built in, and what the command said."""

    site: Path
    jail: Jail
    ran: Ran


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example trust that no test changes."""
    root = tmp_path_factory.mktemp("example")
    shutil.copytree(RECORDS, root / "records")
    return root


@pytest.fixture(scope="session")
def book(example: Path) -> Book:
    """The example trust, loaded."""
    return load_book(example)


@pytest.fixture(scope="session")
def keys(book: Book) -> dict[str, dict[str, X25519Identity]]:
    """Everybody's keys, their own and those of their roles, unlocked with the passphrases."""
    with (RECORDS / "demo-passphrases.csv").open(encoding="utf-8") as file:
        words = {row["person"]: row["passphrase"] for row in csv.DictReader(file)}
    return {
        person: with_roles(book.keyring, person, unlock(protected, words[person]))
        for person, protected in book.keyring.protected.items()
    }


@pytest.fixture(scope="session")
def built(example: Path, tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The example's site, built without environment and network; nobody changes it."""
    jail = make_jail(tmp_path_factory.mktemp("jail"))
    site = tmp_path_factory.mktemp("site") / "site"
    ran = jail.run("build", "-C", str(example), "--out", str(site))
    assert (ran.status, ran.out.decode().strip()) == (0, str(site)), ran.err.decode()
    return BuiltSite(site, jail, ran)


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

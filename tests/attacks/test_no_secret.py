"""A build needs no secret: no variable, no key, no network, and it gives the same twice."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

import pytest

from coachbook.manifest import FRAGMENT, load_manifest
from tests.attacks.aviary import VARIABLE
from tests.attacks.jail import make_jail
from tests.gallery.access import open_found

if TYPE_CHECKING:
    from pathlib import Path

    from tests.attacks.aviary import Aviary
    from tests.attacks.conftest import BuiltSite
    from tests.gallery.access import Keys, Opened

_SITE_BUILDER = r"-P \S+/builder/waiting\.py "
"""The program that makes the handbook: no module is taken from where it is started."""


def public_files(site: Path) -> dict[str, bytes]:
    """Everything in a site that is not sealed."""
    items = load_manifest(site).items()
    return {name: (site / name).read_bytes() for name, item in items if item.kind != FRAGMENT}


def sealed_files(site: Path) -> dict[str, bytes]:
    """The age file in each sealed fragment, by its place."""
    items = load_manifest(site).items()
    return {
        name: base64.b64decode(re.findall(rb'"([^"]*)"\);\n\Z', (site / name).read_bytes())[0])
        for name, item in items
        if item.kind == FRAGMENT
    }


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('example.org', 443)",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')",
    ],
)
def test_the_jail_holds(tmp_path: Path, attempt: str) -> None:
    """Where these tests run a command, nothing that asks for the network gets further."""
    jail = make_jail(tmp_path)
    (tmp_path / "reach.py").write_text(f"import sys\n{attempt}\n", encoding="utf-8")

    ran = jail.run(module="reach")

    assert (ran.status, ran.out) == (1, b"")
    assert b"there is no network here" in ran.err


def test_build_without_environment_and_network(built: BuiltSite) -> None:
    """The example builds with no variable set, no home, and no way to reach a network."""
    processes = "\n".join(built.jail.processes)

    assert built.ran.status == 0
    assert re.search(_SITE_BUILDER, processes)
    assert (built.site / "handbook" / "index.html").is_file()
    assert len(sealed_files(built.site)) > 50


def test_build_writes_nothing_beside_the_site(built: BuiltSite) -> None:
    """A build leaves nothing in the folder it was started from, or beside the site."""
    assert list((built.jail.folder / "empty").iterdir()) == []
    assert [path.name for path in built.site.parent.iterdir()] == ["site"]


def test_same_records_same_public_files(built: BuiltSite, aviary: Aviary) -> None:
    """Handbook, portal page and entries come out byte for byte the same, wherever built.

    The second time with other variables, another order of sets and another working folder.
    """
    assert public_files(built.site) == public_files(aviary.site)


def test_same_records_same_private_pages(
    built: BuiltSite, aviary: Aviary, keys: Keys, found: tuple[Opened, ...]
) -> None:
    """Each private page has the same name and the same text in both, under a fresh seal."""
    first, second = (open_found(site, keys, found) for site in (built.site, aviary.site))

    assert len(first) > 50
    assert first == second
    sealed, again = sealed_files(built.site), sealed_files(aviary.site)
    assert sealed.keys() == again.keys()
    assert not set(sealed.values()) & set(again.values())


def test_a_secret_in_the_environment_goes_nowhere(aviary: Aviary) -> None:
    """A token that CI has in its environment is in no byte that a command writes or says."""
    token = VARIABLE.encode()
    files = [path for place in aviary.places for path in place.rglob("*") if path.is_file()]

    assert "mkdocs.yml" in {path.name for path in files}  # the staged tree is among them
    assert not any(token in path.read_bytes() for path in files)
    assert not any(token in ran.out + ran.err for ran in aviary.said.values())


def test_the_site_builder_is_told_no_secret(aviary: Aviary) -> None:
    """The program that makes the handbook is started without the variables of the environment."""
    builders = [words for words in aviary.jail.processes if re.search(_SITE_BUILDER, words)]
    commands = [words for words in aviary.jail.processes if words not in builders]

    assert len(commands) == len(aviary.said)
    assert all("CI_VARIABLE" in words.split() for words in commands)
    assert len(builders) == 2  # of `build` and of `audit`
    assert not any({"CI_VARIABLE", "PATH", "HOME"} & set(words.split()) for words in builders)

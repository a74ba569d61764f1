"""A build needs no secret: no variable, no key, no network, and it gives the same twice."""

from __future__ import annotations

import base64
import re
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from coachbook.age import decrypt
from coachbook.errors import AgeNoMatchError
from coachbook.manifest import FRAGMENT, load_manifest
from coachbook.packing import unpack
from tests.attacks.jail import make_jail

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.age import X25519Identity
    from tests.attacks.conftest import BuiltSite

    Keys = dict[str, dict[str, X25519Identity]]


@pytest.fixture(scope="module")
def again(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site built a second time, with another order of sets and another working folder."""
    jail = make_jail(tmp_path_factory.mktemp("another-jail"))
    site = tmp_path_factory.mktemp("another") / "elsewhere"
    ran = jail.run("build", "-C", str(example), "--out", str(site), PYTHONHASHSEED="4711")
    assert ran.status == 0, ran.err.decode()
    return site


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


def opened(site: Path, keys: Keys) -> dict[str, bytes]:
    """The plaintext of each fragment that one of Otterbeck's keys opens."""
    everybody = [identity for own in keys.values() for identity in own.values()]
    found = {}
    for name, data in sealed_files(site).items():
        with suppress(AgeNoMatchError):  # for the other schools, who publish no private key
            found[name] = unpack(decrypt(data, everybody))
    return found


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
    assert "-P -m mkdocs" in processes
    assert (built.site / "handbook" / "index.html").is_file()
    assert len(sealed_files(built.site)) > 50


def test_build_writes_nothing_beside_the_site(built: BuiltSite) -> None:
    """A build leaves nothing in the folder it was started from, or beside the site."""
    assert list((built.jail.folder / "empty").iterdir()) == []
    assert [path.name for path in built.site.parent.iterdir()] == ["site"]


def test_same_records_same_public_files(built: BuiltSite, again: Path) -> None:
    """Handbook, portal page and entries come out byte for byte the same, wherever built."""
    assert public_files(built.site) == public_files(again)


def test_same_records_same_private_pages(built: BuiltSite, again: Path, keys: Keys) -> None:
    """Each private page has the same name and the same text in both, under a fresh seal."""
    first, second = opened(built.site, keys), opened(again, keys)

    assert len(first) > 50
    assert first == second
    assert not set(sealed_files(built.site).values()) & set(sealed_files(again).values())


def test_a_secret_in_the_environment_goes_nowhere(example: Path, tmp_path: Path) -> None:
    """A token that CI has in its environment is in no byte that the build writes."""
    jail = make_jail(tmp_path / "jail")
    site = tmp_path / "out" / "site"

    ran = jail.run(
        "build",
        "-C",
        str(example),
        "--only",
        "handbook",
        "--out",
        str(site),
        CI_VARIABLE="zqtoken5f0d7a",
        PATH="/zqtoken5f0d7a",
    )

    assert ran.status == 0, ran.err.decode()
    places = [site, jail.thrown_away]
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    assert "mkdocs.yml" in {path.name for path in files}  # the staged tree is among them
    assert not any(b"zqtoken" in path.read_bytes() for path in files)
    command, builder = jail.processes
    assert "CI_VARIABLE" in command
    assert "-m mkdocs" in builder
    assert not {"CI_VARIABLE", "PATH", "HOME"} & set(builder.split())

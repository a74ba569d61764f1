"""Tests of building a site as a whole, and of its audit."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from coachbook.audit import audit_site, watch
from coachbook.book import load_book
from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.errors import BuildError, FindingsError
from coachbook.manifest import NAME, format_manifest, load_manifest
from coachbook.site import Job, LeakError, build_site
from tests.searching import searched_once
from tests.unit.conftest import TODAY
from tests.workspaces.otterbeck_small import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coachbook.book import Book

STOP = Diagnostic(
    "records/otterbeck/x.md",
    Span(1),
    "CB501",
    Severity.ERROR,
    "a confidential part is not sealed",
    consequence=Consequence.STOPS,
)


@pytest.fixture(scope="module", autouse=True)
def _searched_once() -> Iterator[None]:
    """Lets the audits of these tests search again only what was changed."""
    with searched_once():
        yield


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small workspace's site, built once."""
    out = tmp_path_factory.mktemp("site") / "site"
    build_site(Job(load_book(ROOT, today=TODAY), (), os.urandom), out)
    return out


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Path:
    """A copy of the built site that a test may tamper with."""
    return shutil.copytree(built, tmp_path / "site")


def _words(site: Path, book: Book) -> list[str]:
    return [leak.words for leak in audit_site(site, watch(book))]


def _rewrite(site: Path, name: str, data: bytes) -> None:
    """Alters a file and the manifest, as somebody could who controls the build."""
    import hashlib

    (site / name).write_bytes(data)
    items = load_manifest(site)
    items[name] = replace(items[name], sha256=hashlib.sha256(data).hexdigest())
    (site / NAME).write_bytes(format_manifest(items))


def test_built_site_is_clean(built: Path, book: Book) -> None:
    """A site that was just built passes its audit."""
    assert audit_site(built, watch(book)) == ()


_LOOKED_AT = """
import datetime, sys
from pathlib import Path
from coachbook import audit
from coachbook.book import load_book
from coachbook.rules import check_book, checking

book = load_book(Path(sys.argv[1]), today=datetime.date(2028, 2, 1))
site = Path(sys.argv[2])
(site / "portal/data").joinpath("0.js").write_text("not of the build")
next(site.glob("handbook/*.html")).write_text("changed")
audit._A_PART = checking._A_PART = 5
print(len(check_book(book)) > 0, check_book(book, hands=2) == check_book(book))
print(len(audit.audit_site(site, audit.watch(book))) > 1)
print(audit.audit_site(site, audit.watch(book), 2) == audit.audit_site(site, audit.watch(book)))
"""


def test_shared_work_finds_the_same(site: Path) -> None:
    """Check and audit find the same whether one process does the work or helpers share it."""
    # In a process of its own, as helpers are copied from one without threads only.
    command = [sys.executable, "-c", _LOOKED_AT, str(ROOT), str(site)]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8")

    assert (done.stderr, done.stdout.split()) == ("", ["True"] * 4)


def test_handbook_and_portal_stand_apart(built: Path) -> None:
    """Handbook and portal are two folders that can be hosted apart."""
    assert (built / "handbook" / "index.html").is_file()
    assert (built / "portal" / "index.html").is_file()


_SHARED = """
import datetime, os, sys
from pathlib import Path
from coachbook.book import load_book
from coachbook.site import Job, build_site

book = load_book(Path(sys.argv[1]), today=datetime.date.fromisoformat(sys.argv[2]))
build_site(Job(book, (), os.urandom, hands=3), Path(sys.argv[3]))
"""


def test_several_processes_build_what_one_builds(built: Path, tmp_path: Path) -> None:
    """However many processes share the work, the site has the same files for the same readers."""
    # In a process of its own, as the one that runs the tests may have threads.
    again = tmp_path / "again"
    command = [sys.executable, "-c", _SHARED, str(ROOT), str(TODAY), str(again)]
    subprocess.run(command, check=True)

    one, other = load_manifest(built), load_manifest(again)
    assert {name: (item.kind, item.stanzas) for name, item in one.items()} == {
        name: (item.kind, item.stanzas) for name, item in other.items()
    }
    assert len(one) > 10


def test_same_records_same_handbook(built: Path, book: Book, tmp_path: Path) -> None:
    """Two builds of the same records give the same handbook, byte for byte."""
    again = tmp_path / "again"
    build_site(Job(book, (), os.urandom), again)

    first = {n: i.sha256 for n, i in load_manifest(built).items() if n.startswith("handbook/")}
    second = {n: i.sha256 for n, i in load_manifest(again).items() if n.startswith("handbook/")}
    assert first == second


def test_fault_of_confidentiality_publishes_nothing(book: Book, tmp_path: Path) -> None:
    """Where a confidential part is not sealed, nothing is published."""
    with pytest.raises(FindingsError, match="CB501"):
        build_site(Job(book, (STOP,), os.urandom), tmp_path / "site")

    assert not (tmp_path / "site").exists()


def test_failed_build_leaves_the_last_good_site(site: Path, book: Book) -> None:
    """A build that fails leaves the site before it as it was, and no half-built folder."""
    before = (site / NAME).read_bytes()

    with pytest.raises(FindingsError):
        build_site(Job(book, (STOP,), os.urandom), site)

    assert (site / NAME).read_bytes() == before
    assert [p.name for p in site.parent.iterdir()] == ["site"]


def test_build_never_replaces_a_foreign_folder(book: Book, tmp_path: Path) -> None:
    """A folder that coachbook did not build is not replaced."""
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "holiday.jpg").write_bytes(b"x")

    with pytest.raises(BuildError, match="did not build"):
        build_site(Job(book, (), os.urandom), folder)

    assert (folder / "holiday.jpg").is_file()


def test_killed_swap_is_mended(site: Path, book: Book) -> None:
    """Where a build was killed between its two renames, the next one begins from the last site."""
    spare = site.with_name(".site-last")
    site.rename(spare)

    with pytest.raises(FindingsError):
        build_site(Job(book, (STOP,), os.urandom), site)
    assert not site.exists()

    build_site(Job(book, (), os.urandom, parts=("handbook",)), site)
    assert (site / "portal" / "index.html").is_file()


def test_one_part_keeps_the_other(site: Path, book: Book) -> None:
    """`build --only handbook` keeps the portal that is there."""
    before = {n: i for n, i in load_manifest(site).items() if n.startswith("portal/")}

    build_site(Job(book, (), os.urandom, parts=("handbook",)), site)

    after = {n: i for n, i in load_manifest(site).items() if n.startswith("portal/")}
    assert after == before


def test_one_part_keeps_nothing_that_no_build_made(site: Path, book: Book) -> None:
    """What somebody has put into the other part, such as a cache, is not published with it."""
    (site / "handbook/cache").mkdir()
    (site / "handbook/cache/key").write_bytes(b"0123")

    build_site(Job(book, (), os.urandom, parts=("portal",)), site)

    assert (site / "handbook/index.html").is_file()
    assert not (site / "handbook/cache").exists()


def test_audit_finds_a_name(site: Path, book: Book) -> None:
    """The audit finds the full name of a person in a public page."""
    person = next(iter(book.people.values()))
    page = site / "handbook" / "index.html"

    _rewrite(site, "handbook/index.html", page.read_bytes() + person.name.encode())

    assert _words(site, book) == ["names a person"]


def test_audit_finds_an_id_inside_gzip(site: Path, book: Book) -> None:
    """The audit looks inside gzip files too."""
    name = "handbook/assets/hidden.txt.gz"
    (site / name).write_bytes(gzip.compress(b"see s-7kq2m4xa"))
    items = load_manifest(site)
    items[name] = replace(items["handbook/index.html"])
    (site / NAME).write_bytes(format_manifest(items))
    _rewrite(site, name, (site / name).read_bytes())

    assert _words(site, book) == ["names the id of a record or person"]


def test_audit_finds_an_unlisted_file(site: Path, book: Book) -> None:
    """A file that is not in the manifest is reported."""
    (site / "portal" / "notes.txt").write_text("something")

    assert _words(site, book) == ["is in the site and not in its manifest"]


def test_audit_finds_an_empty_folder(site: Path, book: Book) -> None:
    """A folder with nothing in it is reported, as its name may say something too."""
    (site / "handbook" / "wren.ashgrove").mkdir()

    assert _words(site, book) == ["is a folder with nothing in it"]


def test_audit_finds_a_changed_script(site: Path, book: Book) -> None:
    """A portal script that was changed after the build is reported."""
    script = site / "portal" / "assets" / "portal.js"
    script.write_bytes(script.read_bytes() + b"\n//")

    assert _words(site, book) == ["was changed after the build"]


def test_audit_finds_a_fragment_with_one_more_reader(site: Path, book: Book) -> None:
    """A fragment that is sealed to another number of keys than planned is reported."""
    items = load_manifest(site)
    name = next(n for n, i in items.items() if i.kind == "fragment")
    items[name] = replace(items[name], stanzas=items[name].stanzas + 1)
    (site / NAME).write_bytes(format_manifest(items))

    assert len(_words(site, book)) == 1
    assert "were planned" in _words(site, book)[0]


def test_audit_finds_text_beside_a_fragment(site: Path, book: Book) -> None:
    """A data file that holds anything beside its sealed fragment is reported."""
    items = load_manifest(site)
    name = next(n for n, i in items.items() if i.kind == "fragment")

    _rewrite(site, name, (site / name).read_bytes() + b"// and a word\n")

    assert _words(site, book) == ["is not one sealed fragment and nothing else"]


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ('<script src="https://example.org/x.js"></script>', "asks a third party for something"),
        ('<img src="//example.org/x.png">', "asks a third party for something"),
        ('<meta http-equiv="Content-Security-Policy" content="default-src *">', "has 2 content"),
    ],
)
def test_audit_finds_requests_and_loose_policies(
    site: Path, book: Book, tag: str, words: str
) -> None:
    """A page that would ask another host for anything, or loosens its policy, is reported."""
    page = site / "handbook" / "index.html"

    _rewrite(site, "handbook/index.html", page.read_bytes() + tag.encode())

    found = _words(site, book)
    assert len(found) == 1
    assert found[0].startswith(words)


def test_leak_is_not_published(book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build whose audit finds anything publishes nothing."""
    import coachbook.publicpart as module

    real = module.render_shell
    monkeypatch.setattr(module, "render_shell", lambda *a: real(*a) + "p-c5t0w6ze")

    with pytest.raises(LeakError):
        build_site(Job(book, (), os.urandom, parts=("portal",)), tmp_path / "site")

    assert list(tmp_path.iterdir()) == []


def test_no_canary_anywhere(built: Path) -> None:
    """A word that stands in a sealed section stands in no byte and no file name of the site."""
    secret = b"answered it myself"
    assert not any(secret in p.read_bytes() for p in built.rglob("*") if p.is_file())

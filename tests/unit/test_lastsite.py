"""What of the last site is used again: what is there, unaltered, and would be made the same."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import coachbook.site
from coachbook.audit import Leak
from coachbook.book import load_book
from coachbook.cache import Cache, open_cache
from coachbook.lastsite import LastSite, find_last, write_apart
from coachbook.manifest import NAME, PUBLIC, Item, format_manifest, load_manifest
from coachbook.site import Built, Job, LeakError, build_site
from tests.staged import staged_handbook
from tests.unit.conftest import TODAY
from tests.workspaces.otterbeck_small import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


PAGE = "handbook/index.md"


@pytest.fixture(scope="module", autouse=True)
def _plain_handbook() -> Iterator[None]:
    """Lets every site have the pages of its handbook as they are staged."""
    with staged_handbook():
        yield


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small school, its last site, and the store that knows of it."""
    folder = tmp_path_factory.mktemp("last") / "here"
    shutil.copytree(ROOT, folder / "workspace")
    build(folder / "workspace", store(folder))
    return shutil.copytree(folder, folder.with_name("good"))


@pytest.fixture
def root(good: Path) -> Path:
    """The workspace in that folder, as it was when the site had just been built."""
    folder = good.with_name("here")
    shutil.rmtree(folder)
    shutil.copytree(good, folder)
    return folder / "workspace"


@pytest.fixture
def site(root: Path) -> Path:
    """The last site."""
    return root / "site"


@pytest.fixture
def cache(root: Path) -> Cache:
    """The store that knows of it."""
    return store(root.parent)


def store(folder: Path) -> Cache:
    """The store of the workspace in a folder."""
    return open_cache({"COACHBOOK_CACHE": str(folder / "cache")}, folder / "workspace")


def build(root: Path, cache: Cache, out: str = "site") -> Built:
    """Builds the site of what is there now."""
    book = load_book(root, today=TODAY, cache=cache)
    return build_site(Job(book, (), os.urandom, cache=cache), root / out)


def rename(root: Path) -> None:
    """Gives the trust and with it the whole handbook another name."""
    path = root / "records/trust.md"
    text = path.read_text(encoding="utf-8")
    lines = [
        "name: Another Trust" if line.startswith("name:") else line for line in text.split("\n")
    ]
    path.write_text("\n".join(lines), encoding="utf-8", newline="\n")


def fragments(site: Path) -> dict[str, bytes]:
    """The sealed files of a site."""
    return {path.name: path.read_bytes() for path in (site / "portal/data").iterdir()}


def change_file(site: Path, name: str, data: bytes, *, and_manifest: bool) -> None:
    """Alters a file of a site, or the manifest with it."""
    (site / name).write_bytes(data)
    items = load_manifest(site)
    if and_manifest:
        items[name] = replace(items[name], sha256=hashlib.sha256(data).hexdigest())
        (site / NAME).write_bytes(format_manifest(items))


CHANGES = pytest.mark.parametrize("and_manifest", [False, True], ids=["file", "and manifest"])


def test_where_nothing_has_changed_every_file_is_taken(
    site: Path, root: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No page is made and none is sealed; only the indexes are looked at."""
    before = fragments(site)
    monkeypatch.setattr(coachbook.site, "write_handbook", None)
    monkeypatch.setattr(coachbook.site, "seal_fragment", None)

    build(root, cache)

    assert fragments(site) == before


def test_the_handbook_of_a_build_that_failed_is_not_taken_for_made(
    site: Path, root: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was made and never published is made once more, and audited once more."""
    rename(root)
    with monkeypatch.context() as patch:
        patch.setattr(coachbook.site, "audit_site", lambda *_, **__: (Leak("x", "leaks"),))
        with pytest.raises(LeakError):
            build(root, cache)
    assert "Another Trust" not in (site / PAGE).read_text(encoding="utf-8")

    build(root, cache)

    assert "Another Trust" in (site / PAGE).read_text(encoding="utf-8")


def test_the_handbook_of_another_place_is_not_taken(root: Path, cache: Cache) -> None:
    """Two sites of one workspace, built in turn: each has the handbook of today."""
    build(root, cache, "site")
    rename(root)
    build(root, cache, "beside")

    build(root, cache, "site")

    assert "Another Trust" in (root / "site" / PAGE).read_text(encoding="utf-8")


@CHANGES
def test_a_page_that_somebody_has_changed_is_made_again(
    site: Path, root: Path, cache: Cache, *, and_manifest: bool
) -> None:
    """Whoever can write to the site brings no sentence into the next one."""
    good = (site / PAGE).read_bytes()
    change_file(site, PAGE, b"A sentence of mine.\n", and_manifest=and_manifest)

    build(root, cache)

    assert (site / PAGE).read_bytes() == good


def test_a_page_that_is_gone_is_made_again(site: Path, root: Path, cache: Cache) -> None:
    """A file that somebody has deleted from the site is no reason to stop."""
    good = (site / PAGE).read_bytes()
    (site / PAGE).unlink()

    build(root, cache)

    assert (site / PAGE).read_bytes() == good


@CHANGES
def test_a_sealed_page_that_somebody_has_changed_is_sealed_again(
    site: Path, root: Path, cache: Cache, *, and_manifest: bool
) -> None:
    """A valid fragment in the place of another does not come into the next site."""
    before = fragments(site)
    first, second, *others = sorted(before)
    put = before[second].replace(second[:-3].encode(), first[:-3].encode())
    change_file(site, f"portal/data/{first}", put, and_manifest=and_manifest)

    build(root, cache)

    after = fragments(site)
    assert after[first] not in {before[first], put}
    assert [one for one in (second, *others) if after[one] != before[one]] == []


def test_a_page_that_became_a_link_is_made_again(site: Path, root: Path, cache: Cache) -> None:
    """What a link leads to is never published in the place of a page."""
    outside = root.parent / "outside.md"
    outside.write_text("Not for the site.\n", encoding="utf-8")
    (site / PAGE).unlink()
    (site / PAGE).symlink_to(outside)

    build(root, cache)

    assert not (site / PAGE).is_symlink()
    assert "Not for the site" not in (site / PAGE).read_text(encoding="utf-8")


@pytest.mark.parametrize("code", [errno.EXDEV, errno.EPERM])
def test_a_disk_without_second_names_gets_copies(
    site: Path, root: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Some drives know one name for a file only; the site is the same there."""
    before = fragments(site)

    def refuse(*_: object) -> None:
        raise OSError(code, "no second names")

    monkeypatch.setattr(os, "link", refuse)
    build(root, cache)

    assert fragments(site) == before


def test_a_file_that_was_taken_already_stays(tmp_path: Path) -> None:
    """When the part of a killed helper is done again, what it had taken is there as it was."""
    last, staged = LastSite(tmp_path / "site"), tmp_path / "staged"
    last.folder.mkdir()
    (last.folder / "a.js").write_text("sealed", encoding="utf-8")

    last.take(["a.js"], staged)
    last.take(["a.js"], staged)

    assert (staged / "a.js").read_text(encoding="utf-8") == "sealed"
    assert (last.folder / "a.js").read_text(encoding="utf-8") == "sealed"


def test_what_is_written_anew_leaves_the_last_site_alone(tmp_path: Path) -> None:
    """A file that was taken over and is made after all is a new one: the last good site stays."""
    last, staged = LastSite(tmp_path / "site"), tmp_path / "staged"
    last.folder.mkdir()
    (last.folder / "a.js").write_text("sealed", encoding="utf-8")
    last.take(["a.js"], staged)

    write_apart(staged / "a.js", b"sealed again")

    assert (staged / "a.js").read_text(encoding="utf-8") == "sealed again"
    assert (last.folder / "a.js").read_text(encoding="utf-8") == "sealed"


def test_a_site_from_elsewhere_is_none_of_ours(site: Path, root: Path, tmp_path: Path) -> None:
    """A store that has never seen it takes nothing from it, whatever its manifest says."""
    other = open_cache({"COACHBOOK_CACHE": str(tmp_path / "other")}, root)

    assert find_last(site, other) == LastSite(site)


def test_a_manifest_that_is_none_is_no_last_site(site: Path, root: Path, cache: Cache) -> None:
    """Where the manifest is damaged nothing is taken."""
    (site / NAME).write_bytes(b"{")

    assert find_last(site, cache) == LastSite(site)


def test_files_are_left_out_by_name(tmp_path: Path) -> None:
    """A fragment that is left out is not known by what it holds either."""
    item = Item(PUBLIC, "0" * 64)
    last = LastSite(tmp_path, {"portal/data/a.js": item, PAGE: item}, {"a": b"1", "b": b"2"})

    left = last.without({"portal/data/a.js"})

    assert (left.items, left.prints) == ({PAGE: item}, {"b": b"2"})

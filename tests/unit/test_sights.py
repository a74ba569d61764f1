"""The files of the last site, read beside what a build does before it needs them."""

from __future__ import annotations

import hashlib
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from coachbook.manifest import NAME, format_manifest, list_site
from coachbook.sights import looked_ahead, sights_of

if TYPE_CHECKING:
    from pathlib import Path


def add_manifest(site: Path) -> None:
    """Lets a folder be a site whose files are those that lie there now."""
    (site / NAME).write_bytes(format_manifest(list_site(site, {}, frozenset())))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with two files, one of them in a folder of its own, written a while ago."""
    for name in ("handbook/index.html", "portal/index.html"):
        place = tmp_path / "site" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"what {name} says", encoding="utf-8")
        os.utime(place, (1_700_000_000, 1_700_000_000))
    add_manifest(tmp_path / "site")
    return tmp_path / "site"


def test_each_file_is_told_by_its_hash(site: Path) -> None:
    """What was read of a file is its hash, by its name in the site."""
    found = {name: sight.sha256 for name, sight in sights_of(site).items()}

    assert found == {
        name: hashlib.sha256(f"what {name} says".encode()).hexdigest()
        for name in ("handbook/index.html", "portal/index.html")
    }


def test_a_second_name_is_the_same_file(site: Path) -> None:
    """A file that goes on under another name need not be read again."""
    sight = sights_of(site)["portal/index.html"]

    os.link(site / "portal/index.html", site / "again.html")

    assert sight.is_still(f"{site}/again.html")


def test_a_copy_is_another_file(site: Path) -> None:
    """Of a copy nobody has read the bytes."""
    sight = sights_of(site)["handbook/index.html"]

    shutil.copy2(site / "handbook/index.html", site / "copy.json")

    assert not sight.is_still(f"{site}/copy.json")


def test_a_file_written_to_since_is_not_as_it_was(site: Path) -> None:
    """As many other bytes in the very same file are seen by its time."""
    sight = sights_of(site)["handbook/index.html"]

    with (site / "handbook/index.html").open("r+b") as file:
        file.write(b"W")

    assert not sight.is_still(f"{site}/handbook/index.html")


def test_a_link_is_not_the_file(site: Path) -> None:
    """What leads to a file that was read may lead elsewhere the next moment."""
    sight = sights_of(site)["handbook/index.html"]

    (site / "link.json").symlink_to(site / "handbook/index.html")

    assert not sight.is_still(f"{site}/link.json")


def test_what_is_gone_is_not_there_still(site: Path) -> None:
    """A file that somebody took away is looked for by the audit itself."""
    sight = sights_of(site)["handbook/index.html"]

    (site / "handbook/index.html").unlink()

    assert not sight.is_still(f"{site}/handbook/index.html")


def test_links_are_not_followed(site: Path) -> None:
    """What a link in the site leads to is not read: it is no file of the site."""
    (site / "portal/index.html").unlink()
    (site / "portal/index.html").symlink_to(site / "handbook/index.html")

    assert set(sights_of(site)) == {"handbook/index.html"}


def test_a_folder_that_no_build_made_is_not_read(tmp_path: Path) -> None:
    """Whoever names another folder by a slip waits for none of its files."""
    (tmp_path / "film.mp4").write_bytes(b"long")

    assert sights_of(tmp_path) == {}


def test_what_somebody_put_into_a_site_is_not_read(site: Path) -> None:
    """A file that no build made goes on to no other site, so nobody needs its hash."""
    (site / "film.mp4").write_bytes(b"long")

    assert "film.mp4" not in sights_of(site)


def test_a_site_that_is_not_there_has_no_files(tmp_path: Path) -> None:
    """Before a first build there is nothing to read, and nothing is wrong."""
    with looked_ahead(tmp_path / "site") as sights:
        found = sights()

    assert found == {}

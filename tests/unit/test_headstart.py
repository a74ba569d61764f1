"""What a build does beside reading the records."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.builder.running import site_builder
from coachbook.cache import open_cache
from coachbook.errors import BuildError
from coachbook.headstart import HeadStart, head_start
from coachbook.manifest import NAME, format_manifest, list_site
from coachbook.publicpart import HANDBOOK
from coachbook.site import Job, build_site
from tests.unit.conftest import TODAY
from tests.workspaces.otterbeck_small import ROOT

if TYPE_CHECKING:
    from pathlib import Path

_OF_TEMPLATES = """
import sys
from pathlib import Path
from coachbook.cache import open_cache
from coachbook.headstart import head_start

root, cache = Path(sys.argv[1]), open_cache({"COACHBOOK_CACHE": sys.argv[2]}, Path(sys.argv[1]))
with head_start(root, Path(sys.argv[3]), cache, has_handbook=False) as early:
    print("jinja2" in sys.modules, cache.is_empty("templates"))
    early.templates()
    print("jinja2" in sys.modules, cache.is_empty("templates"), len(cache.read("templates")) > 5)
"""


def _public(site: Path) -> dict[str, bytes]:
    files = (path for path in (site / HANDBOOK).rglob("*") if path.is_file())
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in files}


def test_where_there_is_no_site_the_site_builder_begins(tmp_path: Path) -> None:
    """It is given away once, since it builds once, and has ended when the context does."""
    with head_start(ROOT, tmp_path / "site") as early:
        builder = next(early.builders)

        assert builder.process.poll() is None
        assert builder.folder.is_dir()
        assert next(early.builders, None) is None
    assert builder.process.poll() is not None
    assert not builder.folder.exists()


def test_a_build_of_the_portal_alone_begins_no_site_builder(tmp_path: Path) -> None:
    """Nothing begins that will not be needed."""
    with head_start(ROOT, tmp_path / "site", has_handbook=False) as early:
        assert next(early.builders, None) is None


def test_where_there_is_a_site_its_files_are_read(tmp_path: Path) -> None:
    """Most of a handbook is taken as it was, so no site builder begins."""
    site, root = tmp_path / "site", tmp_path / "workspace"
    site.mkdir()
    root.mkdir()
    (site / "page.html").write_text("a page", encoding="utf-8")
    (site / NAME).write_bytes(format_manifest(list_site(site, {}, frozenset())))
    code = (
        "import sys; from pathlib import Path\n"
        "from coachbook.cache import open_cache\n"
        "from coachbook.headstart import head_start\n"
        "root, site = map(Path, sys.argv[1:3])\n"
        "cache = open_cache({'COACHBOOK_CACHE': sys.argv[3]}, root)\n"
        "with head_start(root, site, cache) as early:\n"
        "    print(*early.sights(), next(early.builders, None))\n"
    )

    told = _run(code, root, site, tmp_path / "cache")

    assert told.split() == ["page.html", "None"]


def test_templates_are_compiled_by_a_copy(tmp_path: Path) -> None:
    """Whoever reads the records meanwhile need not even import what compiles them."""
    told = _run(_OF_TEMPLATES, ROOT, tmp_path / "cache", tmp_path / "site")

    assert told.split() == ["False", "True", "False", "False", "True"]


def test_a_build_with_a_head_start_is_the_same(tmp_path: Path) -> None:
    """The handbook is the same, byte for byte, whoever began when."""
    book = load_book(ROOT, today=TODAY)
    cache = open_cache({"COACHBOOK_CACHE": str(tmp_path / "cache")}, ROOT)
    sites = tmp_path / "one", tmp_path / "other"

    with head_start(ROOT, sites[0], cache) as early:
        build_site(Job(book, (), bytes, cache=cache, parts=(HANDBOOK,), early=early), sites[0])
        assert next(early.builders, None) is None
    build_site(Job(book, (), bytes, parts=(HANDBOOK,), early=HeadStart()), sites[1])

    assert _public(sites[0]) == _public(sites[1])
    assert f"{HANDBOOK}/index.html" in _public(sites[0])


def test_the_site_builder_has_ended_once_the_site_is_in_place(tmp_path: Path) -> None:
    """Nothing is left to fail then, and its folder takes no room while the site is audited."""
    book = load_book(ROOT, today=TODAY)

    with head_start(ROOT, tmp_path / "site") as early:
        builder = next(early.builders)
        again = HeadStart(builders=iter([builder]))
        build_site(Job(book, (), bytes, parts=(HANDBOOK,), early=again), tmp_path / "site")

        assert builder.process.poll() is not None
        assert not builder.folder.exists()


def test_a_place_that_no_file_can_have_is_told_by_the_build(tmp_path: Path) -> None:
    """A name that is too long is refused where the site would be written, in those words."""
    with head_start(ROOT, tmp_path / ("a" * 300)) as early:
        assert next(early.builders, None) is not None


def test_a_second_build_has_a_site_builder_of_its_own(tmp_path: Path) -> None:
    """Where a build is done again, as after a fault of one school, another one builds it."""
    book = load_book(ROOT, today=TODAY)

    with head_start(ROOT, tmp_path / "one") as early:
        for name in ("one", "other"):
            build_site(Job(book, (), bytes, parts=(HANDBOOK,), early=early), tmp_path / name)

    assert _public(tmp_path / "one") == _public(tmp_path / "other")


def test_a_site_builder_that_cannot_begin_yet_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No room for its folder is told when the handbook is to be built, not before."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "not-there"))

    with head_start(ROOT, tmp_path / "site") as early:
        assert next(early.builders, None) is None


def test_a_site_builder_that_was_ended_is_told_in_words() -> None:
    """Such as one that a machine short of memory has ended while it waited."""
    with site_builder() as builder:
        builder.process.kill()
        builder.process.wait()
        with (
            pytest.raises(BuildError, match="could not be run: it ended with status"),
            builder.building(),
        ):
            pass


def test_a_site_builder_that_nobody_needs_builds_nothing() -> None:
    """Where whoever began it is gone, it ends without a word."""
    with site_builder() as builder:
        (builder.folder / "mkdocs.yml").write_text("site_name: x\n", encoding="utf-8")
        assert builder.process.stdin is not None
        builder.process.stdin.close()

        assert builder.process.wait(60) == 0
        assert (builder.log.read_bytes(), (builder.folder / "site").exists()) == (b"", False)


def _run(code: str, *arguments: Path) -> str:
    """What a program says in a process of its own: only one without threads can be copied."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    return done.stdout

"""A build that fails, at any point and for any reason, leaves the last good site as it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

import coachbook.privatepages
import coachbook.publicpart
import coachbook.site
from coachbook.audience import Audience, FlowError, Labelled
from coachbook.audit import Leak
from coachbook.book import load_book
from coachbook.builder import build_handbook
from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.errors import BuildError, CoachbookError, FindingsError
from coachbook.site import Job, LeakError, build_site
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from coachbook.book import Book

TODAY = date(2026, 11, 16)
PORTAL = ("portal",)


@pytest.fixture(scope="module")
def book() -> Book:
    """The small school."""
    return load_book(small.ROOT, today=TODAY)


@pytest.fixture(scope="module")
def good(book: Book, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The last good site."""
    site = tmp_path_factory.mktemp("good") / "site"
    build_site(Job(book, (), os.urandom), site)
    return site


@pytest.fixture
def site(good: Path, tmp_path: Path) -> Path:
    """The last good site, alone in a folder, about to be built again."""
    return shutil.copytree(good, tmp_path / "public" / "site")


def everything(folder: Path) -> dict[str, bytes | None]:
    """Every file and folder below, hidden ones too, with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


@pytest.fixture
def untouched(site: Path) -> Iterator[None]:
    """Fails a test after which one byte around the site is another."""
    before = everything(site.parent)
    yield
    assert everything(site.parent) == before


class Killed(BaseException):
    """What no part of the program expects."""


def fail_with(error: BaseException) -> Callable[..., object]:
    """Something that raises instead of doing its work."""

    def fail(*_: object, **__: object) -> object:
        raise error

    return fail


FULL = OSError(28, "No space left on device")
STAGES = (
    "open_templates",
    "open_view",
    "PortalMaker",
    "write_portal_page",
    "seal_fragment",
    "write_handbook",
    "list_site",
    "format_manifest",
    "audit_site",
    "swap",
)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (BuildError("refused"), BuildError),
        (FULL, BuildError),
        (MemoryError(), MemoryError),
        (KeyboardInterrupt(), KeyboardInterrupt),
        (Killed(), Killed),
    ],
    ids=["refused", "disk full", "no memory", "interrupted", "unforeseen"],
)
@pytest.mark.usefixtures("untouched")
def test_any_stage_may_fail(
    site: Path,
    book: Book,
    monkeypatch: pytest.MonkeyPatch,
    stage: str,
    error: BaseException,
    raised: type[BaseException],
) -> None:
    """Refused, out of space or memory, interrupted: every stage leaves the last site alone."""
    monkeypatch.setattr(coachbook.site, stage, fail_with(error))
    parts = ("handbook",) if stage == "write_handbook" else PORTAL

    with pytest.raises(raised):
        build_site(Job(book, (), os.urandom, parts=parts), site)


@pytest.mark.usefixtures("untouched")
def test_a_finding_that_stops(site: Path, book: Book) -> None:
    """A fault of confidentiality publishes nothing, and takes nothing away."""
    stop = Diagnostic(
        small.SESSION,
        Span(1),
        "CB501",
        Severity.ERROR,
        "a confidential part is not sealed",
        consequence=Consequence.STOPS,
    )

    with pytest.raises(FindingsError):
        build_site(Job(book, (stop,), os.urandom), site)


@pytest.mark.usefixtures("untouched")
def test_a_page_that_would_be_wider_than_its_values(
    site: Path, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that would show one value to one more reader is not built, nor is anything else."""
    real = coachbook.privatepages.me_page
    narrow = Labelled("for the coach alone", Audience(frozenset({small.COACH})), "a note")

    def widened(view: object, person: str) -> object:
        page = real(view, person)
        return replace(page, model={**page.model, "name": narrow})

    monkeypatch.setattr(coachbook.privatepages, "me_page", widened)

    with pytest.raises(FlowError) as caught:
        build_site(Job(book, (), os.urandom, parts=PORTAL), site)

    assert "for the coach alone" not in f"{caught.value} {caught.value.hint}"


@pytest.mark.usefixtures("untouched")
def test_an_audit_that_objects(site: Path, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """A leak that the audit finds is not published, and its words are not repeated."""
    leak = Leak("handbook/index.html", "names a person")
    monkeypatch.setattr(coachbook.site, "audit_site", lambda *_: (leak,))

    with pytest.raises(LeakError, match="would leak in 1 places"):
        build_site(Job(book, (), os.urandom, parts=PORTAL), site)


@pytest.mark.parametrize("after", [0, 1, 40, 400, 1000])
@pytest.mark.usefixtures("untouched")
def test_randomness_that_runs_out(site: Path, book: Book, after: int) -> None:
    """Where no randomness is to be had, nothing is sealed with less."""
    left = after

    def random(length: int) -> bytes:
        nonlocal left
        left -= length
        if left < 0:
            raise OSError(11, "Resource temporarily unavailable")
        return os.urandom(length)

    with pytest.raises(CoachbookError):
        build_site(Job(book, (), random, parts=PORTAL), site)


@pytest.mark.parametrize("failing", ["handbook", "both"])
@pytest.mark.usefixtures("untouched")
def test_the_two_parts_built_side_by_side(
    site: Path, book: Book, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    """Handbook and portal are built at once; where one fails, neither is published."""
    monkeypatch.setattr(coachbook.site, "write_handbook", fail_with(BuildError("the handbook")))
    if failing == "both":
        monkeypatch.setattr(coachbook.site, "PortalMaker", fail_with(BuildError("the portal")))

    with pytest.raises(BuildError):
        build_site(Job(book, (), os.urandom), site)


@pytest.mark.parametrize("moment", [1, 2])
def test_a_rename_that_fails(
    site: Path, book: Book, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    """Where the system refuses to put the new site in place, the old one is put back."""
    before = everything(site.parent)
    real, calls = type(site).replace, []

    def refuse(path: Path, target: Path) -> Path:
        calls.append(path)
        if len(calls) == moment:
            raise PermissionError(13, "Permission denied")
        return real(path, target)

    monkeypatch.setattr(type(site), "replace", refuse)

    with pytest.raises(BuildError, match="could not be replaced"):
        build_site(Job(book, (), os.urandom, parts=PORTAL), site)

    assert everything(site.parent) == before


def test_a_build_killed_between_the_renames(
    site: Path, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A computer that goes off between the two renames has lost nothing; the next build mends."""
    before = everything(site)
    real, calls = type(site).replace, []

    def stop(path: Path, target: Path) -> Path:
        calls.append(path)
        if len(calls) == 2:
            raise Killed
        return real(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(type(site), "replace", stop)
        with pytest.raises(Killed):
            build_site(Job(book, (), os.urandom, parts=PORTAL), site)
    monkeypatch.setattr(coachbook.site, "PortalMaker", fail_with(BuildError("refused")))
    with pytest.raises(BuildError):
        build_site(Job(book, (), os.urandom, parts=PORTAL), site)

    assert everything(site) == before


_FULL_DISK = """
import sys


def refuse(event, arguments):
    if event == "open" and arguments[1] in ("w", "wb", "x", "xb"):
        raise OSError(28, "No space left on device")


try:
    import resource, signal
except ImportError:  # Windows limits no file's size, so there no file can be begun
    sys.addaudithook(refuse)
else:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))
from coachbook.cli import main

sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("size", [0, 1_000, 100_000])
@pytest.mark.usefixtures("untouched")
def test_a_full_disk(site: Path, size: int) -> None:
    """A disk that takes no more in the middle of a file is a plain message, and no new site."""
    done = subprocess.run(
        [
            *(sys.executable, "-c", _FULL_DISK.format(size=size)),
            *("build", "-C", str(small.ROOT), "--out", str(site), "--today", TODAY.isoformat()),
        ],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "could not be written" in done.stderr or "site builder" in done.stderr


@pytest.mark.usefixtures("untouched")
def test_a_folder_that_may_not_be_written(site: Path, book: Book, tmp_path: Path) -> None:
    """A place that is a file, or lies in one, is refused before anything is built."""
    (tmp_path / "file").write_text("words", encoding="utf-8")

    for place in (tmp_path / "file", tmp_path / "file" / "site"):
        with pytest.raises(BuildError):
            build_site(Job(book, (), os.urandom, parts=PORTAL), place)

    assert (tmp_path / "file").read_text(encoding="utf-8") == "words"


@pytest.mark.usefixtures("untouched")
def test_a_builder_that_fails_leaves_no_staged_page(
    site: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The folder in which pages are staged is gone when the site builder fails."""
    staging = tmp_path / "staging"
    staging.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(staging))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python-here"))

    with (
        pytest.raises(BuildError, match="could not be run"),
        build_handbook(
            [("index.md", "# Start\n")],
            (("Start", "index.md"),),
            site_name="Otterbeck",
            config=b"theme: {name: material, font: false}\n",
            theme=coachbook.pages.open_templates().theme,
            out=site / "handbook",
        ),
    ):
        pass

    assert list(staging.iterdir()) == []

"""What an earlier run has left, in the hands of others, of two programs at once, or of a kill."""

from __future__ import annotations

import errno
import multiprocessing
import os
import re
import shutil
import signal
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

import coachbook.site
import coachbook.swap
from coachbook.audit import Passed, audit_site, watch
from coachbook.book import load_book
from coachbook.book.workspace import Workspace
from coachbook.cache import FOLDER, Cache, open_cache
from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.entries import plan_entries
from coachbook.errors import BuildError
from coachbook.headstart import HeadStart
from coachbook.lock import UnderWayError
from coachbook.manifest import NAME, format_manifest, load_manifest
from coachbook.partcheck import check_workspace
from coachbook.partportal import PartedPortal, Tools
from coachbook.rules import check_book
from coachbook.sights import sights_of
from coachbook.site import Job, build_site
from tests.schools import FIRST, SECOND, make_schools
from tests.staged import staged_handbook
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


CANARY = "heliotrope"
SESSION = f"records/{SECOND}/2026-27/c-1a1b2c3d/2026-11-12-s-1kq2m4xa.md"
NOTE = small.SESSION
KILLS = range(0, 120, 11)
"""After so many files were written, moved or removed."""


@pytest.fixture(scope="module", autouse=True)
def _plain_handbook() -> Iterator[None]:
    """Lets every site have the pages of its handbook as they are staged."""
    with staged_handbook():
        yield


def store(folder: Path, name: str = "cache") -> Cache:
    """A store of the workspace in a folder."""
    return open_cache({FOLDER: str(folder / name)}, folder / "workspace")


def build(folder: Path, cache: Cache) -> dict[str, bytes]:
    """Builds the site; what each of its private pages holds and for whom, as hashes by name."""
    book = load_book(folder / "workspace", cache=cache)
    build_site(Job(book, (), os.urandom, cache=cache), folder / "workspace/site")
    sealed = cast("dict[str, tuple[bytes, str]]", cache.read("sealed"))
    return {name: print_ for name, (print_, _) in sealed.items()}


def handbook(folder: Path) -> dict[str, bytes]:
    """The files of the handbook."""
    site = folder / "workspace/site"
    return {name: (site / name).read_bytes() for name in load_manifest(site) if "handbook/" in name}


def test_a_file_is_changed_once_it_was_read(here: Path) -> None:
    """What was read beside a build, and was written to before its end, is read again."""
    site, cache = here / "workspace/site", store(here)
    before, sights = build(here, cache), sights_of(site)
    page = next((site / "portal/data").glob("*.js"))
    data = page.read_bytes()
    page.write_bytes(data[:-40] + b"A" * 30 + data[-10:])
    book = load_book(here / "workspace", cache=cache)

    build_site(Job(book, (), os.urandom, cache=cache, early=HeadStart(sights=lambda: sights)), site)

    require_whole(here)
    assert page.stat().st_mtime_ns != sights[page.relative_to(site).as_posix()].time
    assert build(here, cache) == before


def test_files_that_were_read_are_not_read_again(here: Path) -> None:
    """A file that was read within the build, and is the same still, passes the audit unread."""
    site, cache = here / "workspace/site", store(here)
    build(here, cache)
    book, sights = load_book(here / "workspace", cache=cache), sights_of(site)
    items = load_manifest(site)
    passed = Passed(watch(book).print, items)
    name = next(name for name in items if name.startswith("portal/data/"))
    other = "0" * 64  # what the file would be found not to be, if it was read
    (site / NAME).write_bytes(format_manifest({**items, name: replace(items[name], sha256=other)}))
    told = {**sights, name: sights[name]._replace(sha256=other)}
    claimed = replace(passed, items={**items, name: replace(items[name], sha256=other)})

    assert audit_site(site, watch(book), passed=claimed, sights=told) == ()
    assert [leak.file for leak in audit_site(site, watch(book), passed=claimed)] == [name]


def edit(path: Path, old: str, new: str) -> None:
    """Replaces a text that has to be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def rename_trust(folder: Path) -> None:
    """Changes every page of the handbook, and many private ones."""
    path = folder / "workspace/records/trust.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^name: .*", "name: Another Trust", text), encoding="utf-8")


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small school, its last site, and the store that knows of it."""
    folder = tmp_path_factory.mktemp("kept") / "here"
    shutil.copytree(small.ROOT, folder / "workspace")
    build(folder, store(folder))
    return shutil.copytree(folder, folder.with_name("good"))


@pytest.fixture
def here(good: Path) -> Path:
    """That folder, as it was when the site had just been built."""
    folder = good.with_name("here")
    shutil.rmtree(folder)
    return shutil.copytree(good, folder)


@pytest.fixture(scope="module")
def wanted(good: Path) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The private pages and the handbook of the renamed trust, made from nothing."""
    folder = good.with_name("here")
    shutil.rmtree(folder)
    shutil.copytree(good, folder)
    shutil.rmtree(folder / "workspace/site")
    rename_trust(folder)
    return build(folder, store(folder, "another")), handbook(folder)


def require_whole(folder: Path) -> None:
    """Fails unless the site is one whole site that keeps its promises."""
    site = folder / "workspace/site"
    assert audit_site(site, watch(load_book(folder / "workspace"))) == ()
    assert {*load_manifest(site)} == {
        path.relative_to(site).as_posix()
        for path in site.rglob("*")
        if path.is_file() and path.name != NAME
    }


def test_entries_of_an_earlier_day_are_put_back(
    here: Path, wanted: tuple[dict[str, bytes], dict[str, bytes]]
) -> None:
    """Each is valid and of this workspace, and nothing that it says is believed any more."""
    earlier = shutil.copytree(here / "cache", here / "kept")
    rename_trust(here)
    build(here, store(here))
    shutil.rmtree(here / "cache")
    earlier.rename(here / "cache")

    assert (build(here, store(here)), handbook(here)) == wanted


def test_a_whole_earlier_site_is_put_back_with_its_entries(
    here: Path, wanted: tuple[dict[str, bytes], dict[str, bytes]]
) -> None:
    """What fits together and is old is made anew as well."""
    for name in ("cache", "workspace/site"):
        shutil.copytree(here / name, here / "kept" / name)
    rename_trust(here)
    build(here, store(here))
    for name in ("cache", "workspace/site"):
        shutil.rmtree(here / name)
        (here / "kept" / name).rename(here / name)

    assert (build(here, store(here)), handbook(here)) == wanted


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    """A folder with a workspace of two schools."""
    make_schools(tmp_path / "workspace")
    return tmp_path


def test_findings_of_an_earlier_day_are_put_back(trust: Path) -> None:
    """A check that found nothing, put back after something is wrong, hides nothing."""
    root = trust / "workspace"
    check_workspace(Workspace(root, cache=store(trust)))
    shutil.copytree(trust / "cache", trust / "kept")
    edit(root / SESSION, "minutes: ", "minutes: 1")
    check_workspace(Workspace(root, cache=store(trust)))
    shutil.rmtree(trust / "cache")
    (trust / "kept").rename(trust / "cache")

    found = check_workspace(Workspace(root, cache=store(trust))).findings

    assert found == check_book(load_book(root))


def test_a_record_is_changed_between_check_and_build(trust: Path) -> None:
    """What nobody has checked is on no page."""
    workspace = Workspace(trust / "workspace", cache=store(trust))
    findings = check_workspace(workspace).findings
    tools = Tools(lambda *_: "", lambda _: None, lambda _view, _school: None, lambda _: False)
    edit(trust / "workspace" / SESSION, "minutes: ", "minutes: 1")

    with pytest.raises(BuildError, match="a record was changed while the site was being built"):
        PartedPortal(workspace, findings, tools).make()


def test_pages_that_were_never_put_in_place_are_nobodys_last_good_ones(
    trust: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build that fails at the very end leaves what a stopped school keeps as it was."""
    published = build_parted(trust)
    edit(trust / "workspace" / NOTE, "minutes: ", "minutes: 1")
    with monkeypatch.context() as patch:
        patch.setattr(coachbook.site, "swap", refuse)
        with pytest.raises(BuildError, match="could not be replaced"):
            build_parted(trust)

    kept = build_parted(trust, stopped=FIRST)

    changed = published.items() - kept.items()
    assert len(published) > 10
    assert {name for name, _ in changed} <= indexes(trust)


def build_parted(folder: Path, stopped: str = "") -> dict[str, bytes]:
    """Builds the portal school by school; what each of its pages holds and for whom, by name."""
    cache = store(folder)
    workspace = Workspace(folder / "workspace", cache=cache)
    fault = Diagnostic(
        f"records/{stopped}/school.md",
        Span(1),
        "CB701",
        Severity.ERROR,
        "no policy is in force",
        consequence=Consequence.STOPS,
        school=stopped,
    )
    findings = (fault,) if stopped else ()
    job = Job(workspace.shared, findings, os.urandom, ("portal",), cache=cache, workspace=workspace)
    build_site(job, folder / "workspace/site")
    sealed = cast("dict[str, tuple[bytes, str]]", cache.read("sealed"))
    return {name: print_ for name, (print_, _) in sealed.items()}


def indexes(folder: Path) -> set[str]:
    """The names of each reader's list of pages, which tells of a school that is stopped."""
    book = load_book(folder / "workspace")
    return {entry.index for entry in plan_entries(book)}


def refuse(staged: Path, out: Path) -> None:
    """A swap on Windows while somebody has the site open."""
    del staged
    raise BuildError(f"{out} could not be replaced: access is denied")


PLACES: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("text below a block", lambda text: f"{text}\n{CANARY} wept.\n"),
    ("a heading of one's own", lambda text: f"{text}\n## {CANARY} wept\n\nYes.\n"),
    (
        "text before the first heading",
        lambda text: text.replace("\n---\n", f"\n---\n{CANARY}\n", 1),
    ),
    ("no seal", lambda text: re.sub(r"(?s)```age.*?```", f"{CANARY} wept.", text)),
    ("within a block", lambda text: text.replace("FILE-----\n", f"FILE-----\n{CANARY}\n", 1)),
    ("beside a block", lambda text: re.sub("```age[^\n]*", f"```age {CANARY}", text)),
    ("a field of one's own", lambda text: text.replace("---\n", f"---\nmore: {CANARY} x\n", 1)),
    ("a line that is none", lambda text: text.replace("---\n", f"---\n{CANARY} wept\n", 1)),
    ("no header", lambda text: text.replace("---\n", "", 1) + CANARY),
)


@pytest.mark.parametrize(("place", "change"), PLACES, ids=[place for place, _ in PLACES])
def test_nothing_that_should_be_sealed_is_kept(
    trust: Path, place: str, change: Callable[[str], str]
) -> None:
    """Whatever was not sealed by mistake is in no entry, under any name and in any packing."""
    del place
    for school, session in ((FIRST, NOTE), (SECOND, SESSION)):
        path = trust / "workspace" / session
        text = path.read_text(encoding="utf-8")
        changed = change(text)
        assert CANARY in changed, school
        path.write_text(changed, encoding="utf-8", newline="\n")
    cache = store(trust)

    workspace = Workspace(trust / "workspace", cache=cache)
    findings = check_workspace(workspace).findings
    check_book(load_book(trust / "workspace", cache=cache), cache=cache)

    assert [one for one in findings if CANARY in f"{one.message} {one.hint}"] == []
    assert [one for one in entries(cache) if CANARY in one] == []
    assert NOTE in repr(cache.read("index"))


def entries(cache: Cache) -> Iterator[str]:
    """The bytes of every entry, as text."""
    assert cache.folder is not None
    return (path.read_bytes().decode("latin-1").lower() for path in cache.folder.iterdir())


def _dying(work: Callable[[], object], after: int) -> None:
    """Ends this process without a word after so many changes of the disk."""
    left = [after]

    def counted(change: Callable[..., object]) -> Callable[..., object]:
        def do(*given: object, **more: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return change(*given, **more)

        return do

    for name in ("write_bytes", "replace", "unlink"):
        setattr(Path, name, counted(getattr(Path, name)))
    for name in ("link", "unlink", "rmdir"):
        setattr(os, name, counted(getattr(os, name)))
    work()


def in_a_process(work: Callable[..., object], *given: object) -> multiprocessing.Process:
    """A copy of this process that does something."""
    context = multiprocessing.get_context("fork")
    process = context.Process(target=work, args=given)
    process.start()
    return cast("multiprocessing.Process", process)


@pytest.mark.parametrize("after", KILLS)
def test_a_build_is_killed_at_any_moment(
    here: Path, wanted: tuple[dict[str, bytes], dict[str, bytes]], after: int
) -> None:
    """One whole site is there, or comes back; the next build makes what there is to make."""
    rename_trust(here)
    killed = in_a_process(_dying, lambda: build(here, store(here)), after)
    killed.join()
    assert killed.exitcode in {-signal.SIGKILL, 0}
    coachbook.swap._recover(here / "workspace/site")  # as the next build begins
    require_whole(here)

    assert (build(here, store(here)), handbook(here)) == wanted
    require_whole(here)


def test_two_builds_at_once(here: Path, wanted: tuple[dict[str, bytes], dict[str, bytes]]) -> None:
    """One comes to its end; the other has its turn after it, or says that one is under way."""
    rename_trust(here)
    both = [in_a_process(_tried, here) for _ in range(2)]
    for one in both:
        one.join()

    assert {one.exitcode for one in both} in ({0}, {0, 3})
    require_whole(here)
    assert (build(here, store(here)), handbook(here)) == wanted


def _tried(folder: Path) -> None:
    try:
        build(folder, store(folder))
    except UnderWayError:
        os._exit(3)


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> set[Path]:
    """Folders that cannot be renamed, as a program has a file in them open."""
    held: set[Path] = set()
    replace = Path.replace

    def refuse(path: Path, target: Path) -> Path:
        if path in held or (path.is_dir() and target.exists()):
            raise PermissionError(errno.EACCES, "Access is denied")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    return held


def test_a_reader_holds_a_file_of_the_site(here: Path, windows: set[Path]) -> None:
    """On Windows its folder cannot be renamed: the site stays as it was, and the build says so."""
    site = here / "workspace/site"
    before = handbook(here)
    rename_trust(here)
    windows.add(site)

    with pytest.raises(BuildError, match="could not be replaced: access is denied") as raised:
        build(here, store(here))

    assert "close the programs" in raised.value.hint
    assert handbook(here) == before
    require_left_nothing(here)


def test_a_scanner_holds_the_new_site(
    here: Path, windows: set[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old one is put back."""
    before = handbook(here)
    rename_trust(here)
    monkeypatch.setattr("secrets.token_hex", lambda _: "0a0b0c0d")
    windows.add(here / "workspace/.site-0a0b0c0d")

    with pytest.raises(BuildError, match="could not be replaced"):
        build(here, store(here))

    assert handbook(here) == before
    require_left_nothing(here)


def test_a_scanner_holds_both(
    here: Path,
    windows: set[Path],
    monkeypatch: pytest.MonkeyPatch,
    wanted: tuple[dict[str, bytes], dict[str, bytes]],
) -> None:
    """Where the old site cannot be put back, the build says where it is; the next puts it back."""
    rename_trust(here)
    with monkeypatch.context() as patch:
        patch.setattr("secrets.token_hex", lambda _: "0a0b0c0d")
        windows |= {here / "workspace/.site-0a0b0c0d", here / "workspace/.site-last"}
        with pytest.raises(BuildError, match="could not be replaced") as raised:
            build(here, store(here))
    windows.clear()

    assert str(here / "workspace/.site-last") in raised.value.hint
    assert (build(here, store(here)), handbook(here)) == wanted


def require_left_nothing(folder: Path) -> None:
    """Fails where anything lies beside the site."""
    assert {path.name for path in (folder / "workspace").iterdir()} == {"records", "site"}


def test_what_killed_builds_have_left_goes_after_a_day(here: Path) -> None:
    """A folder that is younger may belong to a build that goes on."""
    for name, days in ((".site-00000001", 0), (".site-00000002", 2), (".site-notes", 2)):
        place = here / "workspace" / name
        place.mkdir()
        then = place.stat().st_mtime - days * 24 * 60 * 60
        os.utime(place, (then, then))

    build(here, store(here))

    left = {path.name for path in (here / "workspace").iterdir()}
    assert left == {"records", "site", ".site-00000001", ".site-notes"}


def test_a_link_lies_in_the_place_of_the_site(here: Path) -> None:
    """Whoever can write files there does not choose what is replaced."""
    (here / "workspace/site").rename(here / "public")
    (here / "workspace/site").symlink_to(here / "public")

    with pytest.raises(BuildError, match="is a link to another place"):
        build(here, store(here))

    assert (here / "workspace/site").is_symlink()
    assert (here / "public" / NAME).is_file()

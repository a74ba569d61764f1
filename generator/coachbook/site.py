"""check → stage → builder → portal → audit → swap, or nothing.

    build_site(Job(book, findings, os.urandom), Path("site"))

No step needs a private key, the network or a variable of the environment. A
site is built beside the old one and takes its place only when the audit has
found nothing; any failure leaves the last good site as it was.
"""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import field, replace
from typing import TYPE_CHECKING

from coachbook.audit import NOTHING_PASSED, Passed, audit_site, watch
from coachbook.cache import FORGETFUL, Cache, held_back
from coachbook.copies import beside as done_beside
from coachbook.diagnostics import Consequence
from coachbook.distantportal import Away, DistantPortal, SchoolsError
from coachbook.entries import plan_entries
from coachbook.errors import BuildError
from coachbook.fragments import seal_fragment
from coachbook.headstart import HeadStart
from coachbook.lastsite import (
    LastSite,
    file_of,
    find_last,
    fragments_of,
    keep_prints,
    sealed_print,
    write_apart,
)
from coachbook.lock import build_alone
from coachbook.manifest import NAME, format_manifest, list_site, load_manifest
from coachbook.memory import Made, Memory
from coachbook.pages import compile_pages, open_templates, render_page, templates_stamp
from coachbook.partportal import PartedPortal, Tools
from coachbook.portal import Before, PortalMaker
from coachbook.publicpart import (
    HANDBOOK,
    PARTS,
    PORTAL,
    handbook_texts,
    keep_texts,
    write_handbook,
    write_portal_page,
)
from coachbook.stopped import nothing_published, stopped_schools
from coachbook.storage import require_apart, require_no_source
from coachbook.swap import beside, remove_left_over, require_place, swap
from coachbook.values import frozen
from coachbook.views import open_view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from coachbook.age import Random
    from coachbook.audit import Leak
    from coachbook.book import Book
    from coachbook.book.workspace import Workspace
    from coachbook.cluster import Cluster
    from coachbook.diagnostics import Diagnostic
    from coachbook.fragments import Fragment
    from coachbook.listings import Shown
    from coachbook.manifest import Item
    from coachbook.pages import Templates
    from coachbook.portal import Keep, Renderer
    from coachbook.publicpart import PublicText
    from coachbook.reads import Seen

    Progress = Callable[[str], None]
    Take = Callable[[Iterable[Shown]], None]


_PASSED = "passed"


@frozen
class Built:
    """What a build put in place: the folder, and how many private pages it has."""

    site: Path
    fragments: int
    held_back: int
    stopped: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The schools of which nothing new was published, each with the codes of what was found."""
    failed: Mapping[str, str] = field(default_factory=dict)
    """Those among them that no worker of a cluster could make, each with the reason."""


class LeakError(BuildError):
    """The audit found something that may not be published."""

    def __init__(self, leaks: tuple[Leak, ...]) -> None:
        """Names the first ten places; the words of a leak never quote it."""
        super().__init__(
            f"the built site would leak in {len(leaks)} places; nothing was published",
            hint="\n".join(f"{leak.file} {leak.words}" for leak in leaks[:10]),
        )
        self.leaks = leaks


@frozen
class Job:
    """What is built: the checked book, its findings, the parts, and where randomness comes from.

    More than one of `hands` may share the work where `random` is the system's own source: a
    source of one process would give the same numbers to each. With a `cache`, what the last build
    made is used again as far as it would be the same. With a `workspace`, whose schools are made
    one by one, the book is that of what they share.
    """

    book: Book
    findings: tuple[Diagnostic, ...]
    random: Random
    parts: tuple[str, ...] = PARTS
    progress: Progress = lambda _: None
    hands: int = 1
    cache: Cache = FORGETFUL
    workspace: Workspace | None = None
    cluster: Cluster | None = None
    """Whose workers make the schools of the workspace, where there are several."""
    failed: Mapping[str, str] = field(default_factory=dict)
    """Schools that no worker of it can check or make, each with the reason."""
    stopped: frozenset[str] = frozenset()
    """Schools of which nothing new is published: `build_site` finds out."""
    later: Cache = FORGETFUL
    """The cache, where what is written counts once the site is in place: `build_site` says when."""

    early: HeadStart = field(default_factory=HeadStart)
    """What has begun beside reading the records."""

    @property
    def parted(self) -> Workspace | None:
        """The workspace, where there are several schools in it."""
        return self.workspace if self.workspace and self.workspace.is_parted else None

    @property
    def ids(self) -> tuple[str, ...] | None:
        """The ids of all records, where the book does not have them."""
        return self.parted.ids if self.parted else None


def build_site(job: Job, out: Path) -> Built:
    """Builds the site into `out` and returns what is there now.

    Raises FindingsError where a finding stops publication, FlowError where a
    page would be wider than its values, LeakError where the audit objects.
    UnderWayError where another process builds the same site. A school that no
    worker of a cluster can make is stopped like one with such a finding.
    """
    try:
        return _build_site(job, out)
    except SchoolsError as error:
        return build_site(replace(job, failed={**job.failed, **error.reasons}), out)


def _build_site(job: Job, out: Path) -> Built:
    job = replace(job, stopped=frozenset(_stopped(job)))
    require_apart(job.cache, out)
    require_no_source(job.book.root, out)
    with build_alone(out):
        require_place(out)
        fragments = _build_on(job, out, find_last(out, job.cache))
    held_back = {f.path for f in job.findings if f.consequence is Consequence.HELD_BACK}
    return Built(out, fragments, len(held_back), _stopped(job), job.failed)


def _build_on(job: Job, out: Path, last: LastSite) -> int:
    """The same, without the files of the last site in which the audit finds something.

    Somebody may have changed them under our hands.
    """
    try:
        return _build(job, out, last)
    except LeakError as error:
        changed = {leak.file for leak in error.leaks} & last.items.keys()
        if not changed:
            raise
        return _build_on(job, out, last.without(changed))


def _build(job: Job, out: Path, last: LastSite) -> int:
    """Puts a whole new site in the place of the last one; returns how many private pages it has."""
    staged = beside(out)
    try:
        with held_back(job.cache) as later:
            new = _build_into(staged, replace(job, later=later), last)
            job.progress("auditing what was built")
            passed, watched = _passed(job.cache), watch(job.book, job.ids)
            sights = job.early.sights() if passed.items else None
            leaks = audit_site(staged, watched, job.hands, passed, sights)
            if leaks:
                raise LeakError(leaks)
            swap(staged, out)
    except OSError as error:
        raise BuildError(
            f"the site could not be written: {(error.strerror or type(error).__name__).lower()}",
            hint="the last good site is as it was; make room on the disk, then build again",
        ) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    # Nothing of this is known to the next build unless the site that it is about is in place.
    new.handbook.keep(new.items)
    if PORTAL in job.parts:
        keep_prints(job.cache, new.prints, new.items)
    job.cache.write(_PASSED, Passed(watched.print, new.items))
    return fragments_of(new.items)


@frozen
class _Handbook:
    """A handbook that is built, or files of the last site that were taken for it.

    `keep` leaves to the next build what it hangs on, once it is in place with these files.
    """

    taken: Mapping[str, Item] = field(default_factory=dict)
    keep: Callable[[Mapping[str, Item]], None] = lambda _: None


@frozen
class _Staged:
    """A site beside the last one: what each file is, what each fragment holds, the handbook."""

    items: dict[str, Item]
    prints: dict[str, bytes]
    handbook: _Handbook


def _build_into(staged: Path, job: Job, last: LastSite) -> _Staged:
    """Builds the parts that are wanted."""
    staged.mkdir(parents=True)
    remove_left_over(staged)
    kept = _keep(last, staged, set(PARTS) - set(job.parts))
    job.early.templates()
    templates = open_templates(job.book.root, job.cache)
    prints: dict[str, bytes] = {}
    entries: frozenset[str] = frozenset()
    portal: tuple[Shown, ...] = ()
    page: tuple[str, ...] = ()
    handbook = _Handbook()
    with ExitStack() as stack:
        if HANDBOOK in job.parts:
            job.progress("building the handbook")
            # The site builder is a process of its own, and works beside us from here on.
            handbook = stack.enter_context(_handbook(staged, job, templates, last))
        if PORTAL in job.parts:
            job.progress("building the portal")
            page = _write_page(staged, job, templates, last)
            portal = _write_portal(staged, job, templates, last)
            prints = {one.name: _print(one, job.book) for one in portal}
            entries = frozenset(file_of(one.name) for one in plan_entries(job.book))
    stanzas = {file_of(one.name): len(one.audience.principals or ()) for one in portal}
    again = (file_of(name) for name, print_ in prints.items() if last.has(name, print_))
    taken = {name: last.items[name] for name in (*page, *again)}
    items = list_site(staged, stanzas, entries, {**taken, **handbook.taken}) | kept
    (staged / NAME).write_bytes(format_manifest(items))
    return _Staged(items, prints, handbook)


@contextmanager
def _handbook(staged: Path, job: Job, templates: Templates, last: LastSite) -> Iterator[_Handbook]:
    """Builds the handbook, or takes it as it was where nothing in it would change.

    The site builder runs while the context lasts; the handbook is there when it ends. What is
    taken are the very files that were made of what is there now: the site in this place may be an
    earlier one.
    """
    book = job.book
    stamp = templates_stamp(book.root) + repr(sorted(job.stopped)).encode()
    memory: Memory[Mapping[str, Item]] = Memory(book, job.cache, HANDBOOK, stamp)
    known = memory.known(HANDBOOK)
    if known and last.holds(known.value):
        last.take(known.value, staged)
        yield _Handbook(known.value)
        return
    with book.reads.noting() as looked_up:
        texts, seen = _texts(job, templates)
        building = write_handbook(
            staged / HANDBOOK,
            book,
            templates,
            texts,
            job.stopped,
            job.hands,
            begun=next(job.early.builders, None),
        )
    keep_texts(book, texts, job.later, job.stopped)

    def keep(items: Mapping[str, Item]) -> None:
        made = {name: item for name, item in items.items() if name.startswith(f"{HANDBOOK}/")}
        memory.keep((HANDBOOK,), [memory.pack([Made(HANDBOOK, seen | looked_up, made)])])

    with building:
        yield _Handbook(keep=keep)


def _texts(job: Job, templates: Templates) -> tuple[tuple[PublicText, ...], frozenset[Seen]]:
    """The pages of the handbook, with what was looked up for them.

    Those of several schools are made by a copy of this process: what they leave in memory would
    stay there in pieces.
    """

    def make() -> tuple[tuple[PublicText, ...], frozenset[Seen]]:
        with job.book.reads.noting() as seen:
            texts = handbook_texts(job.book, templates, job.cache, job.stopped)
        return texts, frozenset(seen)

    if job.parted is None or job.hands == 1:
        return make()
    with done_beside(make) as made:
        return made() or make()


def _write_page(staged: Path, job: Job, templates: Templates, last: LastSite) -> tuple[str, ...]:
    """Writes what opens the portal; returns the files that are those of the last site."""
    taken: list[str] = []

    def put(name: str, data: bytes) -> None:
        if last.put(f"{PORTAL}/{name}", data, staged):
            taken.append(f"{PORTAL}/{name}")

    write_portal_page(staged / PORTAL, job.book, templates, put)
    return tuple(taken)


def _write_portal(
    staged: Path, job: Job, templates: Templates, last: LastSite
) -> tuple[Shown, ...]:
    """Writes the portal's private pages, and returns what it holds."""
    book = job.book

    def put(name: str, sealed: bytes) -> None:
        write_apart(staged / file_of(name), sealed)

    def keep(fragment: Fragment) -> None:
        print_ = sealed_print(fragment.print, fragment.audience, book)
        if last.has(fragment.name, print_):
            last.take([file_of(fragment.name)], staged)
        else:
            put(fragment.name, seal_fragment(fragment, book, job.random))

    compile_pages(templates, "pages")
    away = Away(job.cluster, last.prints, put) if job.cluster is not None else None

    def take(shown: Iterable[Shown]) -> None:
        last.take((file_of(one.name) for one in shown), staged)

    made = _make_portal(job, _renderer(templates), keep, take, last, away)
    data = staged / PORTAL / "data"  # which is not there where nobody has a key yet
    there = set(os.listdir(data)) if data.is_dir() else set()  # noqa: PTH208 (thousands of names)
    take(one for one in made if f"{one.name}.js" not in there)
    return made


def _make_portal(
    job: Job, render: Renderer, keep: Keep, take: Take, last: LastSite, away: Away | None
) -> tuple[Shown, ...]:
    """Makes the portal, school by school where there are several."""
    stamp = templates_stamp(job.book.root)

    def is_there(shown: Shown) -> bool:
        return last.has(shown.name, _print(shown, job.book))

    def before(book: Book, name: str) -> Before:
        memory: Memory[tuple[Shown, ...]] = Memory(book, job.cache, name, stamp)
        return Before(memory, is_there, take)

    if job.parted is None:
        view = open_view(job.book, job.findings)
        return PortalMaker(view, render, keep, before(job.book, PORTAL)).make(job.hands)
    tools = Tools(
        render,
        keep,
        lambda view, school: before(view.book, f"{PORTAL} {school}"),
        is_there,
        stamp,
        job.later,
    )
    if away is not None:
        return DistantPortal(job.parted, job.findings, tools, job.stopped, away).make()
    return PartedPortal(job.parted, job.findings, tools, job.stopped).make(job.hands)


def _print(shown: Shown, book: Book) -> bytes:
    return sealed_print(shown.print, shown.audience, book)


def _passed(cache: Cache) -> Passed:
    found = cache.read(_PASSED)
    return found if isinstance(found, Passed) else NOTHING_PASSED


def _keep(last: LastSite, staged: Path, parts: set[str]) -> dict[str, Item]:
    """Takes the parts that are not built anew, as far as they stand in the last manifest.

    Whatever else lies in them was put there by somebody else, and is not published.
    """
    if not parts or not (last.folder / NAME).is_file():
        return {}
    items = load_manifest(last.folder).items()
    kept = {name: item for name, item in items if name.split("/")[0] in parts}
    last.take((name for name in kept if (last.folder / name).is_file()), staged)
    return kept


def _stopped(job: Job) -> dict[str, tuple[str, ...]]:
    """The schools of which nothing new is published; FindingsError where that is all of them."""
    if job.parted is not None:
        reasons = {school: (reason,) for school, reason in job.failed.items()}
        stopped = {**reasons, **stopped_schools(job.book, job.findings)}
        if job.failed and stopped.keys() >= job.book.schools.keys():
            raise BuildError(
                "nothing was published: no school is left that could be made",
                hint="\n".join(f"{school}: {why}" for school, why in job.failed.items()),
            )
        return stopped
    stops = [f for f in job.findings if f.consequence is Consequence.STOPS]
    if stops:
        raise nothing_published(stops)
    return {}


def _renderer(templates: Templates) -> Renderer:
    return lambda name, model, audience: render_page(templates, name, model, audience)

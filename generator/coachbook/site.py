"""check → stage → builder → portal → audit → swap, or nothing.

    build_site(Job(book, findings, os.urandom), Path("site"))

No step needs a private key, the network or a variable of the environment. A
site is built beside the old one and takes its place only when the audit has
found nothing; any failure leaves the last good site as it was.
"""

from __future__ import annotations

import secrets
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachbook.audit import audit_site
from coachbook.diagnostics import Consequence
from coachbook.entries import plan_entries
from coachbook.errors import BuildError, FindingsError
from coachbook.fragments import seal_fragment
from coachbook.manifest import FRAGMENT, NAME, format_manifest, list_site, load_manifest
from coachbook.pages import compile_pages, open_templates, render_page
from coachbook.portal import PortalMaker
from coachbook.publicpart import HANDBOOK, PARTS, PORTAL, write_handbook, write_portal_page
from coachbook.views import open_view

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from coachbook.age import Random
    from coachbook.audit import Leak
    from coachbook.book import Book
    from coachbook.diagnostics import Diagnostic
    from coachbook.fragments import Fragment
    from coachbook.manifest import Item
    from coachbook.pages import Templates
    from coachbook.portal import Renderer

    Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build put in place: the folder, and how many private pages it has."""

    site: Path
    fragments: int
    held_back: int


class LeakError(BuildError):
    """The audit found something that may not be published."""

    def __init__(self, leaks: tuple[Leak, ...]) -> None:
        """Names the first ten places; the words of a leak never quote it."""
        super().__init__(
            f"the built site would leak in {len(leaks)} places; nothing was published",
            hint="\n".join(f"{leak.file} {leak.words}" for leak in leaks[:10]),
        )
        self.leaks = leaks


@dataclass(frozen=True, slots=True)
class Job:
    """What is built: the checked book, its findings, the parts, and where randomness comes from.

    More than one of `hands` may share the work where `random` is the system's own source: a
    source of one process would give the same numbers to each.
    """

    book: Book
    findings: tuple[Diagnostic, ...]
    random: Random
    parts: tuple[str, ...] = PARTS
    progress: Progress = lambda _: None
    hands: int = 1


def build_site(job: Job, out: Path) -> Built:
    """Builds the site into `out` and returns what is there now.

    Raises FindingsError where a finding stops publication, FlowError where a
    page would be wider than its values, LeakError where the audit objects.
    """
    _require_publishable(job.findings)
    _recover(out)
    _require_ours(out)
    staged = out.with_name(f".{out.name}-{secrets.token_hex(4)}")
    try:
        fragments = _build_into(staged, out, job)
        job.progress("auditing what was built")
        leaks = audit_site(staged, job.book, job.hands)
        if leaks:
            raise LeakError(leaks)
        _swap(staged, out)
    except OSError as error:
        raise BuildError(
            f"the site could not be written: {(error.strerror or type(error).__name__).lower()}",
            hint="the last good site is as it was; make room on the disk, then build again",
        ) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    held_back = {f.path for f in job.findings if f.consequence is Consequence.HELD_BACK}
    return Built(out, fragments, len(held_back))


def _build_into(staged: Path, out: Path, job: Job) -> int:
    staged.mkdir(parents=True)
    kept = _keep(out, staged, set(PARTS) - set(job.parts))
    templates = open_templates(job.book.root)
    stanzas: dict[str, int] = {}
    entries: frozenset[str] = frozenset()
    with ExitStack() as stack:
        if HANDBOOK in job.parts:
            job.progress("building the handbook")
            # The site builder is a process of its own, and works beside us from here on.
            stack.enter_context(write_handbook(staged / HANDBOOK, job.book, templates))
        if PORTAL in job.parts:
            job.progress("building the portal")
            stanzas = _write_portal(staged / PORTAL, job, templates)
            entries = frozenset(f"portal/data/{one.name}.js" for one in plan_entries(job.book))
    items = list_site(staged, stanzas, entries) | kept
    (staged / NAME).write_bytes(format_manifest(items))
    return sum(item.kind == FRAGMENT for item in items.values())


def _write_portal(folder: Path, job: Job, templates: Templates) -> dict[str, int]:
    """Writes the portal, and returns to how many keys each of its sealed files is sealed."""
    write_portal_page(folder, job.book, templates)

    def keep(fragment: Fragment) -> None:
        sealed = seal_fragment(fragment, job.book, job.random)
        (folder / "data" / f"{fragment.name}.js").write_bytes(sealed)

    if job.hands > 1:
        compile_pages(templates, "pages")
    maker = PortalMaker(open_view(job.book, job.findings), _renderer(templates), keep)
    made = maker.make(job.hands)
    return {f"portal/data/{one.name}.js": len(one.audience.principals or ()) for one in made}


def _keep(out: Path, staged: Path, parts: set[str]) -> dict[str, Item]:
    """Copies the parts that are not built anew, with what the last manifest says of them."""
    if not (out / NAME).is_file():
        return {}
    for part in parts:
        if (out / part).is_dir():
            shutil.copytree(out / part, staged / part)
    items = load_manifest(out).items()
    return {name: item for name, item in items if name.split("/")[0] in parts}


def _require_publishable(findings: tuple[Diagnostic, ...]) -> None:
    stops = [f for f in findings if f.consequence is Consequence.STOPS]
    if stops:
        codes = ", ".join(sorted({f.code for f in stops}))
        places = "place" if len(stops) == 1 else "places"
        raise FindingsError(
            f"nothing was published: {len(stops)} {places} where confidentiality, keys or the "
            f"policy are at fault ({codes})",
            hint="run: coachbook check",
        )


def _require_ours(out: Path) -> None:
    """Refuses to replace a folder that no build made."""
    if out.exists() and not (out / NAME).is_file() and (not out.is_dir() or any(out.iterdir())):
        raise BuildError(
            f"{out} holds something that coachbook did not build",
            hint="name another folder with --out, or move what is there",
        )


def _renderer(templates: Templates) -> Renderer:
    return lambda name, model, audience: render_page(templates, name, model, audience)


def _recover(out: Path) -> None:
    """Puts the last good site back where a build was killed between the two renames."""
    spare = _spare(out)
    if spare.is_dir() and not out.exists():
        spare.replace(out)


def _spare(out: Path) -> Path:
    return out.with_name(f".{out.name}-last")


def _swap(staged: Path, out: Path) -> None:
    """Puts the staged site in place; at every moment one whole site has the name or its spare.

    Windows cannot rename over a folder, nor rename one that a reader has open:
    then the old site is put back and the build says so.
    """
    spare = _spare(out)
    shutil.rmtree(spare, ignore_errors=True)
    try:
        if out.exists():
            out.replace(spare)
        staged.replace(out)
    except OSError as error:
        if spare.exists() and not out.exists():
            spare.replace(out)
        raise BuildError(
            f"{out} could not be replaced: {error.strerror}",
            hint="close the programs that have files of the site open, then build again",
        ) from error
    shutil.rmtree(spare, ignore_errors=True)

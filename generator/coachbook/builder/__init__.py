"""Public pages in, a handbook site out: the only place that knows MkDocs.

The pages are staged in a private temporary folder, beside settings that are
derived from the workspace's `mkdocs.yml` but can neither run code nor read a
file. MkDocs runs as a subprocess with an empty environment and sees nothing
else. What it built is hardened (see `harden`) and only then put in place:

    with build_handbook(
        [("index.md", "# Handbook")], (("Home", "index.md"),),
        site_name="Lantern Hill", config=Path("mkdocs.yml").read_bytes(),
        theme=Path("site_templates/theme"), out=Path("site/handbook"),
    ):
        ...  # MkDocs runs meanwhile; the handbook is in place afterwards

No plug-in or hook of the site builder takes part: a builder that ignored it
would publish what it was meant to hide.
"""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from coachbook.builder.harden import harden
from coachbook.builder.running import SiteBuilder, site_builder
from coachbook.builder.settings import derive, read_settings
from coachbook.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from coachbook.builder.settings import Nav

__all__ = ["SiteBuilder", "build_handbook", "site_builder"]

# No SVG: opened by its own address it may run script, without any page's policy.
_STATIC = frozenset({".css", ".gif", ".ico", ".jpeg", ".jpg", ".png", ".webp", ".woff2"})
_MOST_ASSETS, _MOST_OF_ASSETS = 300, 32 * 2**20


@contextmanager
def build_handbook(  # noqa: PLR0913 - each is one input of the build, all but two by name
    pages: Iterable[tuple[str, str]],
    nav: Nav,
    *,
    site_name: str,
    config: bytes,
    theme: Path,
    out: Path,
    assets: Path | None = None,
    banner: str = "",
    hands: int = 1,
    begun: SiteBuilder | None = None,
) -> Iterator[None]:
    """Builds `pages`, each a path and its text, into the folder `out`, replaced as a whole.

    The site builder runs while the context lasts, and is stopped if that ends in an error.

    `theme` holds our own theme templates. `assets`, a workspace's own folder,
    may add or replace style sheets and pictures, never a template. `hands` processes may share
    what is left to do when the site builder has ended. `begun` is one that waits already.
    """
    settings = read_settings(config)
    with begun or site_builder() as mkdocs:
        work = mkdocs.folder
        _stage(pages, work / "pages")
        shutil.copytree(theme, work / "theme")
        if assets is not None:
            _add_assets(assets, work / "theme" / "assets")
        derived = derive(settings, site_name=site_name, nav=nav, work=work, banner=banner)
        # JSON is YAML, and leaves nothing to quoting.
        _write(work / "mkdocs.yml", json.dumps(derived, indent=1))
        with mkdocs.building():
            yield
        harden(work / "site", hands)
        _replace(work / "site", out)


def _stage(pages: Iterable[tuple[str, str]], folder: Path) -> None:
    for path, text in pages:
        parts = PurePosixPath(path).parts
        if not path.endswith(".md") or "\\" in path or path.startswith("/") or ".." in parts:
            message = f"{path!r} is not a page path inside the handbook"
            raise BuildError(message, hint="write it as folder/page.md")
        _write(folder / path, text)


def _add_assets(source: Path, target: Path) -> None:
    files = list(islice(source.rglob("*"), _MOST_ASSETS + 1))
    size = sum(file.lstat().st_size for file in files)
    if len(files) > _MOST_ASSETS or size > _MOST_OF_ASSETS:
        raise BuildError(
            f"{source}: there is too much for a handbook's look",
            hint=f"keep to {_MOST_ASSETS} files and {_MOST_OF_ASSETS // 2**20} MB; "
            "make pictures smaller",
        )
    for file in sorted(files):
        if file.is_symlink() or not (file.is_dir() or file.suffix.lower() in _STATIC):
            raise BuildError(
                f"{file}: only style sheets and pictures may be added to the handbook's look",
                hint="page templates belong in site_templates/handbook",
            )
        if file.is_file():
            place = target / file.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)


def _replace(built: Path, out: Path) -> None:
    try:
        if out.exists():
            shutil.rmtree(out)
        shutil.copytree(built, out, copy_function=shutil.copyfile)
    except OSError as error:
        raise BuildError(
            f"the handbook could not be written to {out}: {error.strerror}",
            hint="close programs that show files of that folder, then build again",
        ) from error


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")

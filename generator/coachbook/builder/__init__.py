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
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from coachbook.builder.harden import harden
from coachbook.builder.settings import derive, read_settings
from coachbook.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coachbook.builder.settings import Nav

__all__ = ["build_handbook"]

_LOGGED = re.compile(r"^(WARNING|ERROR|CRITICAL)\b.*", re.MULTILINE)
_REFUSED = re.compile(r"^\w*Error: \[Errno \d+\] ([^:\n]+)", re.MULTILINE)
"""What the system refused to the site builder, such as room on the disk."""

# No SVG: opened by its own address it may run script, without any page's policy.
_STATIC = frozenset({".css", ".gif", ".ico", ".jpeg", ".jpg", ".png", ".webp", ".woff2"})
_MOST_ASSETS, _MOST_OF_ASSETS = 300, 32 * 2**20
_SECONDS = 300
_NOT_RUN = "the site builder could not be run: {}"
_DOCTOR = "run `coachbook doctor`, then build again"


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
) -> Iterator[None]:
    """Builds `pages`, each a path and its text, into the folder `out`, replaced as a whole.

    The site builder runs while the context lasts, and is stopped if that ends in an error.

    `theme` holds our own theme templates. `assets`, a workspace's own folder,
    may add or replace style sheets and pictures, never a template. `hands` processes may share
    what is left to do when the site builder has ended.
    """
    settings = read_settings(config)
    with tempfile.TemporaryDirectory(prefix="coachbook-handbook-") as name:
        work = Path(name)
        _stage(pages, work / "pages")
        shutil.copytree(theme, work / "theme")
        if assets is not None:
            _add_assets(assets, work / "theme" / "assets")
        derived = derive(settings, site_name=site_name, nav=nav, work=work, banner=banner)
        # JSON is YAML, and leaves nothing to quoting.
        _write(work / "mkdocs.yml", json.dumps(derived, indent=1))
        with _running(work):
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


@contextmanager
def _running(work: Path) -> Iterator[None]:
    """MkDocs at work beside us; BuildError at the end where it did not accept something."""
    log = work / "log"
    with log.open("wb") as written, _started(work, written) as process:
        try:
            yield
            code = process.wait(_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise BuildError(_NOT_RUN.format(type(error).__name__), hint=_DOCTOR) from error
        finally:
            process.kill()
    said = log.read_text(encoding="utf-8", errors="replace")
    logged = [line.group() for line in _LOGGED.finditer(said)]
    if code != 0 and (refused := _REFUSED.search(said)):
        raise BuildError(
            f"the site builder could not write the handbook: {refused[1].lower()}",
            hint="make room on the disk and in the folder for temporary files, or see to it that "
            "you may write there; then build again",
        )
    if code != 0 or logged:
        raise BuildError(
            "the site builder did not accept the handbook's pages",
            hint="\n".join(logged or said.strip().splitlines()[-3:]),
        )


def _started(work: Path, log: IO[bytes]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "mkdocs", "--no-color", "build", "--strict"],
            cwd=work,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
    except OSError as error:
        raise BuildError(_NOT_RUN.format(type(error).__name__), hint=_DOCTOR) from error


def _environment() -> dict[str, str]:
    """What Python itself needs, and nothing that could be a secret."""
    needed = {
        "NO_MKDOCS_2_WARNING": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        # Where this very process found its packages; a user's own folder is found
        # through variables that are not handed on.
        "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry),
        "PYTHONUTF8": "1",
        "SOURCE_DATE_EPOCH": "315532800",
    }
    if "SYSTEMROOT" in os.environ:  # Windows: sockets and randomness fail without it
        needed["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    return needed


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

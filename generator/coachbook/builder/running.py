"""MkDocs as a process of its own, which knows no environment and works in one private folder.

    with site_builder() as mkdocs:   # it begins, and waits
        ...                          # fill mkdocs.folder: mkdocs.yml and what that names
        with mkdocs.building():
            ...                      # it works beside us
        ...                          # what it built is there

MkDocs takes a while to begin, much of which it can do before there is anything to build. Whoever
knows early that a handbook will be built lets it begin early.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from coachbook.errors import BuildError
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

_LOGGED = re.compile(r"^(WARNING|ERROR|CRITICAL)\b.*", re.MULTILINE)
_REFUSED = re.compile(r"^\w*Error: \[Errno \d+\] ([^:\n]+)", re.MULTILINE)
"""What the system refused to the site builder, such as room on the disk."""

_SECONDS = 300
_NOT_RUN = "the site builder could not be run: {}"
_DOCTOR = "run `coachbook doctor`, then build again"
_PROGRAM = Path(__file__).with_name("waiting.py")


@frozen
class SiteBuilder:
    """A MkDocs that waits for its folder to be filled; both are gone when its context ends."""

    folder: Path
    process: subprocess.Popen[bytes]
    log: Path
    ending: ExitStack

    def __enter__(self) -> Self:
        """The site builder itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Ends it, where that has not happened yet."""
        self.ending.close()

    @contextmanager
    def building(self) -> Iterator[None]:
        """MkDocs at work beside us; BuildError at the end where it did not accept something."""
        with suppress(BrokenPipeError):  # it has ended, and its log says why
            self._begin()
        try:
            yield
            code = self.process.wait(_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise BuildError(_NOT_RUN.format(type(error).__name__), hint=_DOCTOR) from error
        finally:
            self.process.kill()
        _require_accepted(code, self.log.read_text(encoding="utf-8", errors="replace"))

    def _begin(self) -> None:
        if self.process.stdin is not None:
            with self.process.stdin as told:
                told.write(b"build\n")


def site_builder() -> SiteBuilder:
    """A MkDocs that waits, in a new private folder."""
    with ExitStack() as ending:
        made = tempfile.TemporaryDirectory(prefix="coachbook-handbook-")
        folder = Path(ending.enter_context(made))
        process = ending.enter_context(_started(folder, folder / "log"))
        ending.callback(process.kill)
        return SiteBuilder(folder, process, folder / "log", ending.pop_all())


def _started(folder: Path, log: Path) -> subprocess.Popen[bytes]:
    try:
        with log.open("wb") as written:
            return subprocess.Popen(  # noqa: S603 (a program of ours)
                [sys.executable, "-P", str(_PROGRAM)],
                cwd=folder,
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=written,
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


def _require_accepted(code: int, said: str) -> None:
    if code != 0 and not said.strip():  # such as by whoever is short of memory
        raise BuildError(_NOT_RUN.format(f"it ended with status {code}"), hint=_DOCTOR)
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

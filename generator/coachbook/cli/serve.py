"""`serve`: shows the site on this machine, and builds it again when a record is saved."""

from __future__ import annotations

import functools
import http.server
import os
import sys
import threading
import time
from contextlib import suppress
from http import HTTPStatus
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from coachbook.book.workspace import Workspace
from coachbook.cli.context import (
    cache_option,
    root_of,
    say,
    system_clock,
    workspace_cache,
    workspace_options,
)
from coachbook.errors import CoachbookError, UsageError
from coachbook.values import frozen
from coachbook.workers import processors

if TYPE_CHECKING:
    import datetime as dt
    import io
    from collections.abc import Callable, Collection

    from coachbook.cache import Cache
    from coachbook.partcheck import Checked

_LOCAL = "localhost"
_READY = "stop with Ctrl-C"
_WATCHED = ("records", "site_templates", "mkdocs.yml")
_TURN = 500
"""Milliseconds that a turn of watching takes where nothing changes."""

_STEP = 20
"""Milliseconds without a further change after which what was saved is looked at."""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves the files of the site alone, tells browsers not to keep them, and logs nothing."""

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Opens the file that is asked for, which lies in the site and is no link out of it."""
        wanted = Path(self.translate_path(self.path)).resolve()
        if not wanted.is_relative_to(Path(self.directory).resolve()):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()

    def list_directory(self, path: str | os.PathLike[str]) -> None:
        """Lists no folder."""
        del path
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        """Adds what a careful host would send."""
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("X-Frame-Options", "DENY")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name it has)
        """Logs nothing: addresses of private pages stay out of terminals."""


class _Server(http.server.ThreadingHTTPServer):
    """Serves on; a browser that hung up is no fault."""

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 (as it is)
        """Says nothing where the browser closed the connection."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@click.command()
@click.option("--port", default=8000, type=click.IntRange(0, 65535), help="0 takes any free port.")
@click.option("--no-watch", is_flag=True, help="Do not build again when a record changes.")
@cache_option
@workspace_options
def serve(
    port: int,
    no_watch: bool,
    no_cache: bool,
    directory: Path | None,
    today: dt.date | None,
) -> int:
    """Show the site at http://localhost:8000, for this machine alone.

    Whenever a record is saved, it says what is wrong in it and builds the pages that it is on.

    Example: coachbook serve -C demo
    """
    root = root_of(directory, ())
    desk = _Desk(root, today, workspace_cache(root, unused=no_cache).remembering())
    if not no_watch or not (root / "site").is_dir():
        desk.begin(processors())
    handler = functools.partial(_Quiet, directory=str(root / "site"))
    try:
        server = _Server((_LOCAL, port), handler)
    except OSError as error:
        raise UsageError(
            f"port {port} cannot be used: {(error.strerror or 'no reason given').lower()}",
            hint="choose another with --port",
        ) from error
    address = f"http://{_LOCAL}:{server.server_address[1]}"
    click.echo(f"handbook: {address}/handbook/")
    click.echo(f"portal:   {address}/portal/")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with suppress(KeyboardInterrupt):  # Ctrl-C is how one stops it
            _wait(desk, watch=not no_watch)
    finally:
        server.shutdown()
        server.server_close()
    return 0


@frozen
class _Desk:
    """A workspace that is looked at again and again."""

    root: Path
    today: dt.date | None
    cache: Cache

    def renew(self, saved: Collection[str]) -> None:
        """Says what is wrong in files that were saved, then builds; what fails is said.

        Whatever fails leaves the last good site.
        """
        try:
            workspace, checked = self._check()
            records = [path for path in saved if path.startswith("records/")]
            if records:
                say(_about(self.root, checked, records))
            self._build_in_turn(workspace, checked)
        except CoachbookError as error:
            _say_not_built(error)
        self.cache.flush()

    def begin(self, hands: int) -> None:
        """Builds the site as the records are now; the last good one stays where that fails.

        Raises CoachbookError where it fails and there is none.
        """
        try:
            self._build(*self._check(), hands)
        except CoachbookError as error:
            if not (self.root / "site").is_dir():
                raise
            _say_not_built(error)
        self.cache.flush()

    def _check(self) -> tuple[Workspace, Checked]:
        from coachbook.partcheck import check_workspace

        clock = lambda: system_clock().date()  # noqa: E731 (asked again at each check)
        workspace = Workspace(self.root, today=self.today, clock=clock, cache=self.cache)
        return workspace, check_workspace(workspace)

    def _build_in_turn(self, workspace: Workspace, checked: Checked) -> None:
        """Builds, once nobody else builds the same site any more."""
        from coachbook.lock import UnderWayError

        is_said = False
        while True:
            try:
                # Beside the server no process can be copied.
                return self._build(workspace, checked, hands=1)
            except UnderWayError as error:
                if not is_said:
                    say(f"{error.message}; waiting for it")
                is_said = True
                time.sleep(_TURN / 1000)

    def _build(self, workspace: Workspace, checked: Checked, hands: int) -> None:
        from coachbook.site import Job, build_site

        job = Job(
            workspace.shared,
            checked.findings,
            os.urandom,
            hands=hands,
            cache=self.cache,
            workspace=workspace,
        )
        build_site(job, self.root / "site")
        say("built")


def _say_not_built(error: CoachbookError) -> None:
    say(f"not built: {error.message}")
    for line in error.hint.splitlines():
        say(f"hint: {line}")


def _about(root: Path, checked: Checked, saved: Collection[str]) -> str:
    """What is wrong in the files that were saved, as `check` says it."""
    from coachbook.cli.check import sources
    from coachbook.report import render_text

    paths = sorted(saved)
    findings = checked.about(paths)
    text = render_text(findings, sources(root, findings), checked.tally(paths))
    return text.rstrip()


def _wait(desk: _Desk, *, watch: bool) -> None:
    if not watch:
        say(_READY)
        threading.Event().wait()
        return
    # A first turn without a change shows that from now on no save is missed.
    saved = _watch(desk, lambda: say(_READY))
    while True:
        saved = _watch(desk, functools.partial(desk.renew, saved))


def _watch(desk: _Desk, begin: Callable[[], object]) -> set[str]:
    """Renews what depends on a file whenever one is saved, as long as the same are watched.

    The system tells what happens to a file or folder, and not that another one stands in its
    place by now, as many editors and git put it there. What is returned was saved since, and
    nobody has looked at it.
    """
    from watchfiles import watch

    there = _places(desk.root)
    turns = watch(*there, step=_STEP, rust_timeout=_TURN, yield_on_timeout=True)
    try:
        first = next(turns)
    except FileNotFoundError:  # one has gone since it was looked at
        return set()
    begin()
    for changes in chain((first,), turns):
        saved = {Path(path).relative_to(desk.root).as_posix() for _, path in changes}
        if _places(desk.root) != there:
            return saved
        if saved:
            desk.renew(saved)
    return set()


def _places(root: Path) -> dict[Path, int]:
    """What is watched and is there, each with its number on the disk."""
    found = {}
    for name in _WATCHED:
        with suppress(OSError):
            found[root / name] = (root / name).stat().st_ino
    return found

"""`serve`: shows the site on this machine, and builds it again when a record is saved."""

from __future__ import annotations

import functools
import http.server
import os
import sys
import threading
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from coachbook.cli.context import open_book, say, workspace_options
from coachbook.errors import CoachbookError, UsageError

if TYPE_CHECKING:
    import datetime as dt
    import io

_LOCAL = "localhost"


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
@workspace_options
def serve(
    port: int,
    no_watch: bool,
    directory: Path | None,
    today: dt.date | None,
) -> int:
    """Show the site at http://localhost:8000, for this machine alone.

    Example: coachbook serve -C demo
    """
    root = open_book(directory, today).root
    if not (root / "site").is_dir():
        _build(root, today)
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
    say("stop with Ctrl-C")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with suppress(KeyboardInterrupt):  # Ctrl-C is how one stops it
            _wait(root, today, watch=not no_watch)
    finally:
        server.shutdown()
        server.server_close()
    return 0


def rebuild(root: Path, today: dt.date | None) -> None:
    """Builds once; a failure is said and leaves the last good site."""
    try:
        _build(root, today)
    except CoachbookError as error:
        say(f"not built: {error.message}")
        for line in error.hint.splitlines():
            say(f"hint: {line}")


def _build(root: Path, today: dt.date | None) -> None:
    from coachbook.rules import check_book
    from coachbook.site import Job, build_site

    book = open_book(root, today)
    build_site(Job(book, check_book(book), os.urandom), root / "site")
    say("built")


def _wait(root: Path, today: dt.date | None, *, watch: bool) -> None:
    from watchfiles import watch as changes

    if not watch:
        threading.Event().wait()
        return
    watched = [path for path in (root / "records", root / "site_templates") if path.is_dir()]
    for _ in changes(*watched):
        rebuild(root, today)

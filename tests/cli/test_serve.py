"""`coachbook serve`, `build` and `audit`."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import IO, TYPE_CHECKING

import pytest

from tests.workspaces.otterbeck_small import SESSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.desk import Desk

MANIFEST = "coachbook-manifest.json"
READY = ["built\n", "stop with Ctrl-C\n"]


@pytest.fixture
def built(desk: Desk) -> Desk:
    """The small school with a built portal."""
    assert desk.run("build", "--only", "portal").status == 0
    return desk


@contextmanager
def serving(root: Path, *options: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """`coachbook serve` in a process of its own, and its port."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "coachbook", "serve", "--port", "0", *options],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            yield int(line.rsplit(":", 1)[1].split("/")[0]), process
        finally:
            process.kill()


def said_until(stream: IO[str], last: str) -> str:
    """What is said before a line; everything, where the program ends without it."""
    lines: list[str] = []
    while (line := stream.readline()) != last:
        assert line, "".join(lines)
        lines.append(line)
    return "".join(lines)


def asked(port: int, path: str) -> tuple[int, HTTPResponse]:
    """Status and answer for a path, sent as it is."""
    with closing(HTTPConnection("localhost", port, timeout=10)) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        return response.status, response


def test_it_serves_the_site_and_nothing_else(built: Desk) -> None:
    """Pages are served and never kept; folders, links and what lies outside are not there."""
    (built.root / "site" / "link").symlink_to(built.root / "records" / "trust.md")
    with serving(built.root, "--no-watch") as (port, process):
        status, page = asked(port, "/portal/")
        assert status == 200
        assert page.headers["Cache-Control"] == "no-store"
        hidden = ("/", "/portal/data/", "/link", "/../records/trust.md", "/%2e%2e/records/trust.md")
        assert {path: asked(port, path)[0] for path in hidden} == dict.fromkeys(hidden, 404)

        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=10)

    assert process.returncode == 0
    assert said == "stop with Ctrl-C\n"


def test_it_builds_again(built: Desk) -> None:
    """A saved record is on the page a moment later."""
    with serving(built.root) as (_, process):
        assert process.stderr is not None
        assert [process.stderr.readline(), process.stderr.readline()] == READY
        before = (built.root / "site" / MANIFEST).read_bytes()
        path = built.root / "records/trust.md"
        path.write_text(path.read_text().replace("name: ", "name: New "))
        said = said_until(process.stderr, "built\n")
        process.terminate()
        _, rest = process.communicate(timeout=10)

    assert "1 file checked: 0 errors" in said
    assert (built.root / "site" / MANIFEST).read_bytes() != before
    assert rest == ""
    assert process.returncode == 0


def test_a_file_that_another_one_takes_the_place_of_is_still_watched(built: Desk) -> None:
    """Many editors, and git, put a new file in the place of the old one."""
    settings, draft = built.root / "mkdocs.yml", built.root / "mkdocs.yml.new"
    settings.write_text("plugins: [strange]\n")
    with serving(built.root) as (_, process):
        assert process.stderr is not None
        said_until(process.stderr, "stop with Ctrl-C\n")
        for line in (2, 3):
            draft.write_text("\n" * (line - 1) + "plugins: [strange]\n")
            draft.replace(settings)
            said = process.stderr.readline()
            assert f"mkdocs.yml:{line}: the only plug-in allowed is `search`" in said
            process.stderr.readline()
        process.terminate()


def test_what_is_wrong_is_said_at_once(built: Desk) -> None:
    """What is wrong in a record is on the screen before its pages are built."""
    with serving(built.root) as (_, process):
        assert process.stderr is not None
        assert [process.stderr.readline(), process.stderr.readline()] == READY
        path = built.root / SESSION
        path.write_text(re.sub(r"(?m)^minutes: .*$", "minutes: 55", path.read_text()))
        said = said_until(process.stderr, "built\n")
        process.terminate()

    assert "CB302" in said


def test_a_save_that_may_not_be_published_leaves_the_last_site(built: Desk) -> None:
    """What stops publication is said without a word of it, and the site stays as it was."""
    with serving(built.root) as (_, process):
        assert process.stderr is not None
        assert [process.stderr.readline(), process.stderr.readline()] == READY
        before = (built.root / "site" / MANIFEST).read_bytes()
        path = built.root / SESSION
        path.write_text(path.read_text() + "\n## Notes\n\nIn the clear.\n")
        said = said_until(process.stderr, "hint: run: coachbook check\n")
        process.terminate()

    assert "not built: " in said
    assert "In the clear" not in said
    assert (built.root / "site" / MANIFEST).read_bytes() == before


def test_a_port_that_is_taken(built: Desk) -> None:
    """A port that another program has is named, with how to choose another."""
    with closing(socket.create_server(("localhost", 0))) as taken:
        result = built.run("serve", "--port", str(taken.getsockname()[1]))

    assert result.status == 2
    assert "cannot be used: address already in use" in result.err
    assert "hint: choose another with --port" in result.err


def test_a_folder_that_is_not_ours_is_not_replaced(desk: Desk) -> None:
    """`build` never replaces a folder that it did not make."""
    mine = desk.write("mine/thesis.txt", "years of work")

    result = desk.run("build", "--out", "mine")

    assert result.status == 2
    assert "did not build" in result.err
    assert mine.read_text() == "years of work"


def test_a_build_that_is_stopped_leaves_nothing(built: Desk) -> None:
    """A build that is ended half-way leaves the last good site and no other file."""
    before = (built.root / "site" / MANIFEST).read_bytes()
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "coachbook", "build"],
        cwd=built.root,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stderr is not None
        while "building" not in process.stderr.readline():
            pass
        process.terminate()
        said = process.stderr.read()

    assert process.returncode == 130
    assert said.endswith("coachbook: stopped\n")
    assert (built.root / "site" / MANIFEST).read_bytes() == before
    assert [p.name for p in built.root.iterdir() if p.name.startswith(".site")] == []


def test_audit_of_what_is_no_site(desk: Desk) -> None:
    """A folder that is no built site is refused."""
    result = desk.run("audit", "records")

    assert result.status == 2
    assert f"has no {MANIFEST}" in result.err


def test_audit_of_a_changed_site(built: Desk) -> None:
    """A file that was put into a site, or altered, is found."""
    assert built.run("audit", "site").status == 0
    built.write("site/portal/more.js", "")

    result = built.run("audit", "site")

    assert result.status == 1
    assert "portal/more.js: is in the site and not in its manifest" in result.out

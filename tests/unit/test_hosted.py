"""A hosted copy of a site, in a folder or at an address."""

from __future__ import annotations

import gzip
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from coachbook.errors import InputError, UsageError
from coachbook.hosted import (
    AddressCopy,
    FolderCopy,
    UnreachableError,
    parse_address,
    parse_headers,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Answering = Callable[[BaseHTTPRequestHandler], None]


def answer(
    status: int = 200, body: bytes = b"", headers: dict[str, str] | None = None
) -> Answering:
    """An answer that a host gives to every question."""

    def give(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return give


@contextmanager
def host(answering: Answering) -> Iterator[tuple[str, list[BaseHTTPRequestHandler]]]:
    """A host on this machine, and what it was asked."""
    asked: list[BaseHTTPRequestHandler] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Keeps the question and answers it."""
            asked.append(self)
            answering(self)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("localhost", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}/portal/", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_file_comes_with_its_headers() -> None:
    """A file of a host comes as it is, with what was sent along, and is asked for anew."""
    with host(answer(200, b"words", {"X-Frame-Options": "DENY"})) as (base, asked):
        found = AddressCopy(base, 10).fetch("assets/portal.js")

    assert found.data == b"words"
    assert found.headers["x-frame-options"] == "DENY"
    assert [(one.path, one.headers["Cache-Control"]) for one in asked] == [
        ("/portal/assets/portal.js", "no-cache")
    ]


def test_a_packed_file_is_unpacked() -> None:
    """A host that packs what it sends, asked or not, is read all the same."""
    packed = answer(200, gzip.compress(b"words"), {"Content-Encoding": "gzip"})
    with host(packed) as (base, _):
        assert AddressCopy(base, 10).fetch("index.html").data == b"words"


@pytest.mark.parametrize("status", [404, 410])
def test_a_missing_file(status: int) -> None:
    """A file that is not there is missing."""
    with host(answer(status)) as (base, _):
        found = AddressCopy(base, 10).fetch("index.html")

    assert (found.data, found.trouble, found.needs_sign_in) == (None, "is missing", False)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_file(status: int) -> None:
    """A host that wants to know who is asking wants a sign-in."""
    with host(answer(status)) as (base, _):
        found = AddressCopy(base, 10).fetch("index.html")

    assert found.needs_sign_in
    assert found.trouble == f"is refused without a sign-in ({status})"


def test_a_redirect_to_another_host_is_not_followed() -> None:
    """A host that leads to another one, such as a sign-in, is not followed, and gets no cookie."""
    with host(answer(200, b"Sign in")) as (elsewhere, asked):
        away = elsewhere.replace("localhost", "127.0.0.1")
        with host(answer(302, headers={"Location": f"{away}login"})) as (base, _):
            found = AddressCopy(base, 10, {"Cookie": "a=b"}).fetch("index.html")

    assert (found.data, found.needs_sign_in) == (None, True)
    assert found.trouble == f"leads to another address, {away.split('/')[2]}"
    assert asked == []


def test_a_redirect_on_the_same_host_is_followed() -> None:
    """A host that calls the page by a shorter address is followed there, with the cookie."""

    def shorter(handler: BaseHTTPRequestHandler) -> None:
        if handler.path.endswith("index.html"):
            answer(301, headers={"Location": "/portal/"})(handler)
        else:
            answer(200, handler.headers["Cookie"].encode())(handler)

    with host(shorter) as (base, _):
        assert AddressCopy(base, 10, {"Cookie": "a=b"}).fetch("index.html").data == b"a=b"


def test_a_page_from_another_folder_is_not_that_of_the_copy() -> None:
    """A page that lies elsewhere loads its script from there, and nobody has looked at that."""

    def elsewhere(handler: BaseHTTPRequestHandler) -> None:
        if handler.path.startswith("/portal/"):
            answer(302, headers={"Location": "/other/index.html"})(handler)
        else:
            answer(200, b"the page")(handler)

    with host(elsewhere) as (base, _):
        found = AddressCopy(base, 10).fetch("index.html")

    assert (found.data, found.trouble) == (None, "leads to another folder, /other/")


def test_a_header_that_leads_to_another_page() -> None:
    """A right page that is sent with a header to go on to another one is not shown for long."""
    with host(answer(200, b"the page", {"Refresh": "0; url=/other/"})) as (base, _):
        found = AddressCopy(base, 10).fetch("index.html")

    assert (found.data, found.leads_away) == (None, True)


def test_a_redirect_without_end() -> None:
    """A host that leads in a circle is given up."""
    with host(answer(302, headers={"Location": "/portal/index.html"})) as (base, _):
        found = AddressCopy(base, 10).fetch("index.html")

    assert found.data is None


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_host_in_trouble(status: int) -> None:
    """A host that is busy or broken is asked twice, and then nothing is said about the file."""
    with (
        host(answer(status)) as (base, asked),
        pytest.raises(UnreachableError, match=f"answers with status {status}"),
    ):
        AddressCopy(base, 10).fetch("index.html")

    assert len(asked) == 2


def test_a_silent_host() -> None:
    """A host that takes the question and never answers is not waited for without end."""
    with socket.create_server(("localhost", 0)) as silent:
        base = f"http://localhost:{silent.getsockname()[1]}/"
        with pytest.raises(UnreachableError, match=r"gave no answer within 0\.1 seconds"):
            AddressCopy(base, 0.1).fetch("index.html")


def test_no_host() -> None:
    """An address where nobody listens cannot be reached."""
    with socket.create_server(("localhost", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(UnreachableError, match="connection refused"):
        AddressCopy(f"http://localhost:{port}/", 10).fetch("index.html")


def test_a_host_that_does_not_speak_https() -> None:
    """An address with https where only http is spoken cannot be looked at."""
    with host(answer()) as (base, _), pytest.raises(UnreachableError, match="not speak https"):
        AddressCopy(base.replace("http://", "https://"), 10).fetch("index.html")


def test_an_answer_that_is_cut_short() -> None:
    """Half a file is no file."""

    def half(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"words")

    with host(half) as (base, _), pytest.raises(UnreachableError, match="is cut short"):
        AddressCopy(base, 10).fetch("index.html")


@pytest.mark.parametrize(
    "headers",
    [
        {"Location": "http://[nowhere/"},
        {"Location": "javascript:alert(1)"},
        {"Content-Encoding": "gzip", "Location": ""},
    ],
)
def test_an_answer_that_makes_no_sense(headers: dict[str, str]) -> None:
    """A host that answers nonsense stops nothing but the look at this file."""
    with host(answer(302, headers=headers)) as (base, _):
        try:
            found = AddressCopy(base, 10).fetch("index.html")
        except UnreachableError:
            return

    assert found.data is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://portal.example/", "https://portal.example/"),
        ("https://portal.example", "https://portal.example/"),
        ("https://portal.example/a/index.html#/me", "https://portal.example/a/"),
        ("https://portal.example/a?b=c", "https://portal.example/a/"),
        ("http://localhost:8000/portal/", "http://localhost:8000/portal/"),
    ],
)
def test_an_address_names_a_folder(text: str, address: str) -> None:
    """An address may be copied from the browser as it stands there."""
    assert parse_address(text) == address


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("http://portal.example/", "asked over http, where anybody on the way"),
        ("http://localhost.example/", "asked over http"),
        ("https://somebody:secret@portal.example/", "an address with a password in it"),
        ("https:///portal/", "is no address"),
        ("https://[portal/", "is no address"),
    ],
)
def test_an_address_that_can_show_nothing(text: str, words: str) -> None:
    """An address that anybody on the way can answer, or with a password in it, is refused."""
    with pytest.raises(UsageError) as refused:
        parse_address(text)

    assert words in refused.value.message
    assert "secret" not in f"{refused.value.message}{refused.value.hint}"


def test_headers_of_a_file() -> None:
    """A file of headers holds one a line, and remarks."""
    text = "# from the browser\nCookie: a=b; c=d\n\nAuthorization: Basic x:y\n"

    assert parse_headers(text) == {"Cookie": "a=b; c=d", "Authorization": "Basic x:y"}


@pytest.mark.parametrize("text", ["a-secret", ": a-secret", "a-secret:", "a-secret: \u2019"])
def test_a_line_that_is_no_header(text: str) -> None:
    """A line that is no header is named by its number, never quoted."""
    with pytest.raises(InputError) as refused:
        parse_headers(f"Cookie: a=b\n{text}\n")

    assert refused.value.message == "line 2 of the headers is none"


def test_a_folder_is_read_and_links_are_not(tmp_path: Path) -> None:
    """A file of a folder comes as it is; a link, or a way out of the folder, does not."""
    copy = tmp_path / "portal"
    (copy / "data").mkdir(parents=True)
    (copy / "index.html").write_bytes(b"words")
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (copy / "link.txt").symlink_to(tmp_path / "secret.txt")
    folder = FolderCopy(copy)

    assert folder.fetch("index.html").data == b"words"
    assert folder.fetch("missing.html").trouble == "is missing"
    assert folder.fetch("link.txt").data is None
    assert folder.fetch("../secret.txt").data is None
    assert folder.names() == {"index.html", "link.txt"}


def test_what_came_is_not_shown() -> None:
    """Neither a copy nor an answer shows a cookie when it is printed."""
    copy = AddressCopy("https://portal.example/", 10, {"Cookie": "a-secret"})
    with host(answer(200, b"words", {"Set-Cookie": "a-secret"})) as (base, _):
        found = AddressCopy(base, 10).fetch("index.html")

    assert "a-secret" not in repr(copy) + repr(found)

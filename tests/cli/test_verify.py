"""`coachbook verify`: a hosted copy beside the build that it should be."""

from __future__ import annotations

import base64
import functools
import http.server
import json
import shutil
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from coachbook.age import X25519Identity, encrypt
from coachbook.book import load_book
from coachbook.cli import main
from coachbook.manifest import FRAGMENT, load_manifest
from coachbook.site import Job, build_site
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Capture = pytest.CaptureFixture[str]

SAFE = "the page and the script that take a passphrase are those of the build\n"
UNSAFE = "type no passphrase there: something that could take it is not of the build\n"
GOOD = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=31536000",
    "Cache-Control": "no-store",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small school's site, as it was built."""
    folder = tmp_path_factory.mktemp("built") / "site"
    seed = iter(range(1 << 30))
    build_site(Job(load_book(small.ROOT), (), lambda n: next(seed).to_bytes(n, "big")), folder)
    return folder


@pytest.fixture
def copy(site: Path, tmp_path: Path) -> Path:
    """A copy of it, as a host has it."""
    return shutil.copytree(site, tmp_path / "hosted")


@contextmanager
def hosted(folder: Path, headers: dict[str, str] | None = None) -> Iterator[str]:
    """The portal of a copy on a web server of this machine."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            """Adds the headers."""
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            super().end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    handler = functools.partial(Handler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("localhost", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}/portal/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def sealed_page(site: Path) -> str:
    """A private page of the site."""
    return next(n for n, item in load_manifest(site).items() if item.kind == FRAGMENT)


def resealed(name: str, stanzas: int) -> bytes:
    """What another build would make of a private page: as many readers, other bytes."""
    keys = [X25519Identity.generate().recipient() for _ in range(stanzas)]
    sealed = base64.b64encode(encrypt(b"{}", keys))
    return b'coachbook.put("%s","%s");\n' % (name[-35:-3].encode(), sealed)


def test_a_copy_in_a_folder_is_the_build(site: Path, copy: Path, capsys: Capture) -> None:
    """A copy that holds the files of the build and nothing else passes."""
    status = main(["verify", str(copy), "--against", str(site)])

    said = capsys.readouterr()
    assert (status, said.out) == (0, "")
    assert said.err.endswith(f" files are those of the build, no fault found\n{SAFE}")


def test_a_copy_at_an_address_is_the_build(site: Path, copy: Path, capsys: Capture) -> None:
    """A portal on a web server is compared file by file, and its headers are looked at."""
    with hosted(copy, GOOD) as url:
        status = main(["verify", f"{url}index.html", "--against", str(site)])

    said = capsys.readouterr()
    assert status == 0
    assert said.out.count("  good: ") == 5
    assert said.err.endswith(SAFE)


def test_headers_that_a_host_could_send(site: Path, copy: Path, capsys: Capture) -> None:
    """What a host could send to protect its readers is told, and is no fault."""
    with hosted(copy, {"Access-Control-Allow-Origin": "*"}) as url:
        status = main(["verify", url, "--against", str(site)])

    said = capsys.readouterr()
    assert status == 0
    assert "missing: X-Frame-Options: send DENY" in said.out
    assert "missing: Access-Control-Allow-Origin: take it away" in said.out
    assert "good" not in said.out


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("portal/assets/portal.js", "differs from byte 1 on"),
        ("portal/index.html", "a host that shortens pages, hides addresses or adds a script"),
        ("portal/assets/portal.css", "differs from byte 1 on"),
    ],
)
def test_what_takes_a_passphrase_was_altered(
    site: Path, copy: Path, capsys: Capture, name: str, words: str
) -> None:
    """One altered byte in the page, its script or its style: nobody should type anything there."""
    data = (copy / name).read_bytes()
    (copy / name).write_bytes(b" " + data)

    with hosted(copy) as url:
        status = main(["verify", url, "--against", str(site)])

    said = capsys.readouterr()
    assert status == 1
    assert said.out.startswith(f"{name}: ")
    assert words in said.out
    assert said.err.endswith(UNSAFE)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"send(document.querySelector('input').value);\n" + data,
        lambda data: data.replace(b'");', b'");send();'),
        lambda _: b"words",
    ],
    ids=["in front", "behind", "instead"],
)
def test_a_private_page_that_runs_something(
    site: Path, copy: Path, capsys: Capture, spoil: Callable[[bytes], bytes]
) -> None:
    """A private page is loaded as a script, so one that is more than sealed text is not safe."""
    name = sealed_page(site)
    (copy / name).write_bytes(spoil((copy / name).read_bytes()))

    status = main(["verify", str(copy), "--against", str(site), "--other-build"])

    said = capsys.readouterr()
    assert (status, said.out.count("\n")) == (1, 1)
    assert said.out.startswith((f"{name}: is not one sealed", f"{name}: does not hold an age"))
    assert said.err.endswith(UNSAFE)


def test_a_private_page_for_one_more_reader(site: Path, copy: Path, capsys: Capture) -> None:
    """A private page sealed to one key too many is found in a copy of another build too."""
    name = sealed_page(site)
    planned = load_manifest(site)[name].stanzas
    (copy / name).write_bytes(resealed(name, planned + 1))

    status = main(["verify", str(copy), "--against", str(site), "--other-build"])

    words = f"is sealed to {planned + 1} keys, {planned} were planned"
    assert (status, capsys.readouterr().out) == (1, f"{name}: {words}\n")


def test_private_pages_of_another_build(site: Path, copy: Path, capsys: Capture) -> None:
    """Private pages that were sealed anew are counted, and pass only where that is expected."""
    name = sealed_page(site)
    (copy / name).write_bytes(resealed(name, load_manifest(site)[name].stanzas))
    asked = ["verify", str(copy), "--against", str(site)]

    statuses = (main(asked), main([*asked, "--other-build"]))

    said = capsys.readouterr()
    assert (statuses, said.out) == ((1, 0), "")
    assert said.err.count("1 private pages were sealed anew, as by another build") == 2
    assert said.err.count("hint: if that is so, add --other-build") == 1


def test_files_that_are_missing_and_files_too_many(site: Path, copy: Path, capsys: Capture) -> None:
    """What is missing and, in a folder, what was added are told; what could take words first."""
    (copy / "handbook" / "index.html").unlink()
    (copy / "portal" / "assets" / "portal.js").unlink()
    (copy / "portal" / "login.html").write_bytes(b"<html>")

    status = main(["verify", str(copy), "--against", str(site), "--format", "json"])

    found = json.loads(capsys.readouterr().out)
    assert (status, found["safe"], found["headers"]) == (1, False, [])
    assert [(one["file"], one["words"], one["strict"]) for one in found["faults"]] == [
        ("portal/assets/portal.js", "is missing", True),
        ("portal/login.html", "is no file of the build", True),
        ("handbook/index.html", "is missing", False),
    ]


def test_a_place_without_a_portal(site: Path, copy: Path, tmp_path: Path, capsys: Capture) -> None:
    """An address or a folder where no portal is says so, and does not list every file of one."""
    with hosted(copy) as url:
        address = url.removesuffix("portal/")
        status = main(["verify", address, "--against", str(site)])
    statuses = (status, main(["verify", str(tmp_path), "--against", str(site)]))

    said = capsys.readouterr()
    assert (statuses, said.out) == ((2, 2), "")
    assert said.err.count("there is no portal at this place") == 2


def test_many_faults_are_counted(site: Path, copy: Path, capsys: Capture) -> None:
    """Of many files that are missing some are listed and the others counted; JSON has them all."""
    shutil.rmtree(copy / "portal" / "data")
    asked = ["verify", str(copy / "portal"), "--against", str(site)]
    main([*asked, "--format", "json"])
    every = json.loads(capsys.readouterr().out)["faults"]

    status = main(asked)

    said = capsys.readouterr()
    assert (status, len(said.out.splitlines())) == (1, 40)
    assert f"and {len(every) - 40} more, listed by --format json" in said.err


def test_a_sign_in_page_came_instead(site: Path, copy: Path, capsys: Capture) -> None:
    """A host that gives its sign-in page for every file shows nothing, and that is said."""
    for path in copy.rglob("*"):
        if path.is_file():
            path.write_bytes(b"<!DOCTYPE html>\n<title>Sign in</title>")

    with hosted(copy) as url:
        status = main(["verify", url, "--against", str(site)])

    said = capsys.readouterr()
    assert (status, said.out) == (2, "")
    assert "assets/portal.js came as a web page, such as a sign-in" in said.err
    assert "--headers" in said.err


def test_another_page_where_its_name_is_left_out(
    site: Path, copy: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever opens the address without index.html must be given the same page."""
    (copy / "portal" / "door.html").write_bytes(b"<!DOCTYPE html>\n<title>Passphrase?</title>")
    handler = http.server.SimpleHTTPRequestHandler
    plain = handler.send_head

    def send_head(self: http.server.SimpleHTTPRequestHandler) -> object:
        self.path = self.path if self.path != "/portal/" else "/portal/door.html"
        return plain(self)

    monkeypatch.setattr(handler, "send_head", send_head)

    with hosted(copy) as url:
        status = main(["verify", url, "--against", str(site)])

    said = capsys.readouterr()
    assert status == 1
    assert "portal/: differs from byte" in said.out
    assert not said.err.endswith(SAFE)


def test_another_script_for_the_name_by_which_the_page_asks(
    site: Path, copy: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page asks for its script by an edition; a right one under the bare name helps nobody."""
    (copy / "portal" / "assets" / "other.js").write_bytes(b"send();")
    handler = http.server.SimpleHTTPRequestHandler
    plain = handler.send_head

    def send_head(self: http.server.SimpleHTTPRequestHandler) -> object:
        is_asked_by_page = self.path.startswith("/portal/assets/portal.js?")
        self.path = "/portal/assets/other.js" if is_asked_by_page else self.path
        return plain(self)

    monkeypatch.setattr(handler, "send_head", send_head)

    with hosted(copy) as url:
        status = main(["verify", url, "--against", str(site)])

    said = capsys.readouterr()
    assert status == 1
    assert said.out.startswith("portal/assets/portal.js: differs from byte 1 on")
    assert not said.err.endswith(SAFE)


def test_a_script_that_is_sent_as_text(
    site: Path, copy: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host that calls a script something else is told, as browsers may refuse to run it."""
    types = {".js": "text/plain", ".html": "text/html", ".css": "text/css"}
    monkeypatch.setattr(http.server.SimpleHTTPRequestHandler, "extensions_map", types)

    with hosted(copy) as url:
        status = main(["verify", url, "--against", str(site)])

    said = capsys.readouterr()
    assert status == 1
    assert "portal/assets/portal.js: is right, and is sent as text/plain" in said.out
    assert said.err.endswith(SAFE)


def test_a_build_that_was_altered_is_no_measure(site: Path, copy: Path, capsys: Capture) -> None:
    """A local build that was changed itself can't tell what is right."""
    (copy / "portal" / "assets" / "portal.js").write_bytes(b"send();")

    status = main(["verify", str(site), "--against", str(copy)])

    said = capsys.readouterr()
    assert (status, said.out) == (2, "")
    assert "portal.js was changed after the build, so it can't tell what is right" in said.err


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("portal.example", "portal.example is no folder"),
        ("http://portal.example/", "is asked over http"),
        ("https://me:secret@portal.example/", "an address with a password in it"),
    ],
)
def test_a_place_that_cannot_be_looked_at(
    site: Path, capsys: Capture, place: str, words: str
) -> None:
    """A place that is neither folder nor protected address is refused before anything is asked."""
    assert main(["verify", place, "--against", str(site)]) == 2

    assert words in capsys.readouterr().err


def test_a_folder_that_was_not_built(tmp_path: Path, capsys: Capture) -> None:
    """Without a build to compare with there is nothing to say."""
    assert main(["verify", str(tmp_path), "--against", str(tmp_path)]) == 2

    assert "has no coachbook-manifest.json" in capsys.readouterr().err


def test_the_cookie_of_a_sign_in_is_sent(
    site: Path, copy: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A portal behind a sign-in is compared with the cookie of somebody who is signed in."""
    (tmp_path / "headers.txt").write_text("Cookie: signed=in\n", encoding="utf-8")
    send_head = http.server.SimpleHTTPRequestHandler.send_head

    def send_to_those_signed_in(self: http.server.SimpleHTTPRequestHandler) -> object:
        if self.headers.get("Cookie") == "signed=in":
            return send_head(self)
        self.send_error(401)
        return None

    monkeypatch.setattr(http.server.SimpleHTTPRequestHandler, "send_head", send_to_those_signed_in)
    with hosted(copy) as url:
        asked = ["verify", url, "--against", str(site)]
        statuses = (main(asked), main([*asked, "--headers", str(tmp_path / "headers.txt")]))

    said = capsys.readouterr()
    assert statuses == (2, 0)
    assert "assets/portal.js is refused without a sign-in (401)" in said.err
    assert "signed=in" not in said.out + said.err

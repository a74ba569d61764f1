"""A built site in the hands of a host, or of whoever else can change its files."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import re
import shutil
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from coachbook.age import X25519Identity, armor, encrypt
from coachbook.audit import audit_site, watch
from coachbook.book import load_book
from coachbook.cli import main
from coachbook.comparison import differences, make_anew
from coachbook.keystore import protect
from coachbook.manifest import ENTRY, FRAGMENT, NAME, PUBLIC, Item, format_manifest, load_manifest
from coachbook.site import Job, build_site
from tests.searching import searched_once
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from coachbook.book import Book
    from tests.attacks.aviary import Aviary

    Audit = Callable[[], dict[str, list[str]]]

ATTACKER = X25519Identity.generate()
PAGE = "handbook/otterbeck/policy.html"
SHELL = "portal/index.html"
SCRIPT = "portal/assets/portal.js"


@pytest.fixture(scope="module", autouse=True)
def _searched_once() -> Iterator[None]:
    """Lets these audits search again only what was altered."""
    with searched_once():
        yield


@pytest.fixture(scope="module")
def small_book() -> Book:
    """The small school."""
    return load_book(small.ROOT, today=date(2026, 11, 16))


@pytest.fixture(scope="module")
def made(small_book: Book, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small school's site."""
    folder = tmp_path_factory.mktemp("made") / "site"
    build_site(Job(small_book, (), os.urandom), folder)
    return folder


@pytest.fixture(scope="module")
def anew(small_book: Book, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public part of the site, made again from the same records."""
    folder = tmp_path_factory.mktemp("anew")
    make_anew(folder, small_book)
    return folder


@pytest.fixture
def site(made: Path, tmp_path: Path) -> Path:
    """A copy of the site that a test may alter."""
    return shutil.copytree(made, tmp_path / "site")


@pytest.fixture
def audit(site: Path, small_book: Book, anew: Path) -> Audit:
    """What `coachbook audit` says of each file; it makes the public part but once here."""

    def run() -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for leak in (*audit_site(site, watch(small_book)), *differences(site, anew)):
            found.setdefault(leak.file, []).append(leak.words)
        return found

    return run


def write(site: Path, name: str, data: bytes, kind: str = "", stanzas: int = 0) -> None:
    """Puts a file into the site and its hash into the manifest, as a careful attacker would."""
    place = site / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    items = load_manifest(site)
    digest = hashlib.sha256(data).hexdigest()
    old = items.get(name)
    items[name] = replace(old, sha256=digest) if old else Item(kind or PUBLIC, digest, stanzas)
    (site / NAME).write_bytes(format_manifest(items))


def edit(site: Path, name: str, old: bytes, new: bytes) -> None:
    """Changes the first place in a file of the site, and its manifest."""
    data = (site / name).read_bytes()
    assert old in data
    write(site, name, data.replace(old, new, 1))


def names_of(site: Path, kind: str) -> list[str]:
    """The files of one kind."""
    return [name for name, item in load_manifest(site).items() if item.kind == kind]


def fragment(name: str, *keys: X25519Identity) -> bytes:
    """A fragment of the attacker's making."""
    sealed = encrypt(b"{}", [key.recipient() for key in keys])
    return b'coachbook.put("%s","%s");\n' % (name[-35:-3].encode(), base64.b64encode(sealed))


def test_an_honest_site_passes(audit: Audit, aviary: Aviary) -> None:
    """A site that nobody altered is just what its records give; `coachbook audit` says so."""
    (said,) = [ran for command, ran in aviary.said.items() if command.startswith("audit ")]

    assert audit() == {}
    assert (said.status, json.loads(said.out)) == (0, [])


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (SCRIPT, b"", b"send(passphrase);"),
        (SHELL, b"</body>", b"<p>Type it here instead.</p></body>"),
        (SHELL, b"assets/portal.js", b"assets/portal.css"),
        (SHELL, b"connect-src 'none'", b"connect-src https://attacker.example"),
        (SHELL, b"script-src 'self'", b"script-src 'self' 'unsafe-inline'"),
        (SHELL, b"require-trusted-types-for 'script'; ", b""),
        (SHELL, b"<head>", b"<head><script>early()</script>"),
        (SHELL, b'<html lang="en-GB">', b'<html lang="en-GB" onclick="early()">'),
        ("portal/assets/portal.css", b"", b"input[value^=a] { color: red }"),
        ("portal/assets/LICENSES.txt", b"", b"x"),
        (PAGE, b"<p>", b"<p>The head may read everything. "),
        (PAGE, b"script-src 'self'", b"script-src 'self' 'sha256-%s='" % (b"A" * 43)),
        (PAGE, b"</body>", b'<script src="https://attacker.example/x.js"></script></body>'),
        (PAGE, b"</body>", b'<img src="/\\attacker.example/x.png"></body>'),
        ("handbook/search/search_index.json", b'"text":"', b'"text":"The head reads all. '),
        ("handbook/assets/handbook.css", b"", b"@import 'https://attacker.example/x.css';"),
    ],
)
def test_a_public_file_is_altered(
    site: Path, audit: Audit, name: str, old: bytes, new: bytes
) -> None:
    """A word, a script, a policy or a style altered after the build is found, hash or no hash."""
    edit(site, name, old, new + old if not old else new)

    assert "is not what these records and this version of coachbook give" in audit()[name]


CSP = b'<meta http-equiv="Content-Security-Policy" content="default-src *">'


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        (SHELL, b"</head>", CSP + b"</head>", "has 2 content security policies"),
        (SHELL, b'http-equiv="Content-Security-Policy"', b'name="x"', "has 0 content security"),
        (SHELL, b"<head>", b"<head><script>early()</script>", "has something in front of its"),
        (SHELL, b'lang="en-GB"', b'lang="en-GB" onclick="early()"', "has something in front of"),
        (SHELL, b"default-src 'none'", b"default-src 'self'", "without default-src 'none'"),
        (SHELL, b"form-action 'none'", b"form-action 'self'", "without form-action 'none'"),
        (SHELL, b"base-uri 'none'", b"base-uri 'self'", "without base-uri 'none'"),
        (SHELL, b"connect-src 'none'", b"connect-src wss:", "that lets connect-src reach further"),
        (SHELL, b"script-src 'self'", b"script-src 'self' data:", "that lets script-src reach"),
        (SHELL, b"script-src 'self'", b"script-src 'unsafe-eval'", "that lets script-src reach"),
        (PAGE, b"img-src 'self'", b"img-src attacker.example", "that lets img-src reach further"),
        (PAGE, b"</body>", b"<form action=//a.example></form>", "asks a third party"),
    ],
)
def test_a_page_loosens_what_it_may_do(
    site: Path, small_book: Book, name: str, old: bytes, new: bytes, words: str
) -> None:
    """A page whose content policy is gone, late, doubled or wider is found by its own audit too."""
    edit(site, name, old, new)

    found = [leak.words for leak in audit_site(site, watch(small_book)) if leak.file == name]

    assert any(words in leak for leak in found), found


@pytest.mark.parametrize("name", [SCRIPT, SHELL, PAGE, "handbook/index.html"])
def test_a_public_file_is_gone(site: Path, audit: Audit, name: str) -> None:
    """A file that was taken away is missed, also where the manifest no longer has it."""
    (site / name).unlink()
    items = load_manifest(site)
    del items[name]
    (site / NAME).write_bytes(format_manifest(items))

    assert audit() == {name: ["is missing"]}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("handbook/notes.txt", PUBLIC),
        ("handbook/assets/extra.js", PUBLIC),
        ("portal/assets/extra.js", PUBLIC),
        ("portal/data/notes.txt", PUBLIC),
        ("portal/extra.html", PUBLIC),
        ("portal/handbook.html", FRAGMENT),
        ("elsewhere/page.html", PUBLIC),
        ("handbook/page.html", FRAGMENT),
    ],
)
def test_a_file_is_added(site: Path, audit: Audit, name: str, kind: str) -> None:
    """A file that no build puts there is found, whatever the manifest says it is."""
    write(site, name, b"words", kind)

    assert audit()[name]


def test_a_file_that_is_not_in_the_manifest(site: Path, audit: Audit) -> None:
    """A file that was dropped into the folder is found."""
    (site / "portal" / "notes.md").write_text("words", encoding="utf-8")

    assert "is in the site and not in its manifest" in audit()["portal/notes.md"]


def test_a_link_is_added(site: Path, audit: Audit, tmp_path: Path) -> None:
    """A link out of the site is found, and not followed."""
    (tmp_path / "private.txt").write_text("words", encoding="utf-8")
    (site / "handbook" / "private.txt").symlink_to(tmp_path / "private.txt")

    assert "is a link out of the site" in audit()["handbook/private.txt"]


def test_a_manifest_that_leads_elsewhere(site: Path, audit: Audit) -> None:
    """A manifest that names a file outside the site does not make the audit read it."""
    items = load_manifest(site) | {"handbook/../../secret.txt": Item(PUBLIC, "0" * 64)}
    (site.parent / "secret.txt").write_text("words", encoding="utf-8")
    (site / NAME).write_bytes(format_manifest(items))

    found = audit()

    assert "is no file that a build puts there" in found["handbook/../../secret.txt"]


def test_a_private_page_gets_one_more_reader(site: Path, audit: Audit) -> None:
    """A page that was sealed to one key more than planned is found."""
    name = names_of(site, FRAGMENT)[0]
    planned = load_manifest(site)[name].stanzas
    others = [X25519Identity.generate() for _ in range(planned)]
    write(site, name, fragment(name, *others, ATTACKER))

    assert f"is sealed to {planned + 1} keys, {planned} were planned" in audit()[name]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data + b"send();\n",
        lambda data: b"send();" + data,
        lambda data: data.replace(b'");', b'".concat(send()));'),
        lambda data: data.replace(b"coachbook.put", b"coachbook.send"),
        lambda data: re.sub(rb'","[^"]*"', b'","words in the clear"', data),
        lambda data: re.sub(rb'","[^"]*"', b'","%s"' % base64.b64encode(b"words" * 99), data),
    ],
)
def test_a_private_page_holds_something_beside_its_seal(
    site: Path, audit: Audit, spoil: Callable[[bytes], bytes]
) -> None:
    """A sealed file that runs something, or is not sealed at all, is found."""
    name = names_of(site, FRAGMENT)[0]
    write(site, name, spoil((site / name).read_bytes()))

    assert audit()[name]


def test_a_sign_in_leads_to_another_key(site: Path, audit: Audit) -> None:
    """A published key that was swapped for one of the attacker's is found."""
    name = names_of(site, ENTRY)[0]
    theirs = protect([ATTACKER], "p-zzzz1111", 1, "any six words that they know", os.urandom)
    entry = json.loads(re.findall(rb",(\{.*\})\);", (site / name).read_bytes())[0])
    entry["identity"] = theirs
    data = f'coachbook.put("{name[-35:-3]}",{json.dumps(entry)});\n'.encode()
    write(site, name, data)

    assert "is not what these records and this version of coachbook give" in audit()[name]


@pytest.mark.parametrize(
    "identity",
    [
        ATTACKER.reveal_private_key(),
        armor(encrypt(b"x", [ATTACKER.recipient()])),
        "words",
    ],
    ids=["in the clear", "without a passphrase", "no key"],
)
def test_a_sign_in_leads_to_an_open_key(site: Path, audit: Audit, identity: str) -> None:
    """A key that was published without a passphrase is found."""
    name = names_of(site, ENTRY)[0]
    entry = json.dumps({"identity": identity, "index": "0" * 32})
    write(site, name, f'coachbook.put("{name[-35:-3]}",{entry});\n'.encode())

    assert "holds something that is not a protected key" in audit()[name]


@pytest.mark.parametrize(
    "hide",
    [
        str,
        str.upper,
        lambda name: name.replace(" ", "&#32;"),
        lambda name: f"<b>{name[:2]}</b>{name[2:]}",
        lambda name: name.replace(" ", "\n  "),
        lambda name: "".join(f"\\u{ord(letter):04x}" for letter in name),
        lambda name: "".join(f"&#x{ord(letter):x};" for letter in name),
    ],
    ids=["as it is", "capitals", "entity", "markup", "line break", "json", "entities"],
)
def test_a_name_is_in_the_handbook(
    site: Path,
    audit: Audit,
    small_book: Book,
    hide: Callable[[str], str],
) -> None:
    """The full name of a person is found on a public page, however it is written there."""
    name = small_book.people[small.COACHEE].name
    edit(site, PAGE, b"</body>", f"<p>{hide(name)}</p></body>".encode())

    found = audit()[PAGE]

    assert "names a person" in found
    assert not any(name in words for words in found)


def test_an_id_is_in_a_packed_file(site: Path, audit: Audit) -> None:
    """The id of a person is found inside a file that is packed."""
    write(
        site, "handbook/extra.gz", gzip.compress(f"see {small.COACHEE} for more".encode(), mtime=0)
    )

    assert "names the id of a record or person" in audit()["handbook/extra.gz"]


@pytest.mark.parametrize(
    "packed",
    [
        b"\x1f\x8bwords",
        gzip.compress(b"words", mtime=0)[:-9],
        gzip.compress(bytes(80 << 20), mtime=0),
    ],
    ids=["damaged", "cut short", "endless"],
)
def test_a_packed_file_that_cannot_be_looked_into(site: Path, audit: Audit, packed: bytes) -> None:
    """A packed file that is damaged, or would unfold without end, is found and not unfolded."""
    write(site, "handbook/extra.gz", packed)

    assert "is packed in a way that cannot be looked into" in audit()["handbook/extra.gz"]


def test_a_site_of_other_records(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A site that was built from other records than those shown is found out."""
    other = shutil.copytree(small.ROOT, tmp_path / "other")
    policy = other / "records/otterbeck/policy-2026-09.md"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(text.replace("10.5 ", "10.5 Nothing is kept. ", 1), encoding="utf-8")

    status = main(["audit", str(made), "--records", str(other), "--today", "2026-11-16"])

    assert status == 1
    assert PAGE in capsys.readouterr().out

"""A word in every sealed part, looked for in every byte that coachbook writes anywhere."""

from __future__ import annotations

import base64
import gzip
import html
import os
import re
import secrets
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from coachbook.age import decrypt
from coachbook.book import load_book
from coachbook.errors import AgeNoMatchError
from coachbook.handbook import agreed_names
from coachbook.life import LOCK, block_digest
from coachbook.packing import unpack
from coachbook.readers import stated_block
from coachbook.record import Record, format_block, parse_record, replace_section
from coachbook.sealing import Reader, open_block, seal
from tests.attacks.blocks import Part, sealed_parts
from tests.attacks.jail import Jail, Ran, make_jail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from coachbook.age import X25519Identity
    from coachbook.book import Book

    Keys = dict[str, dict[str, X25519Identity]]

MARK = "zqcanary"
NOON = datetime(2027, 3, 12, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Aviary:
    """A copy of the example with a canary in each sealed part, its site, and what was said."""

    root: Path
    canaries: tuple[str, ...]
    jail: Jail
    site: Path
    said: dict[str, Ran]

    @property
    def places(self) -> tuple[Path, ...]:
        """Every folder that a command has written to, the removed ones too."""
        return (self.root, self.site, self.jail.folder)


def with_canaries(book: Book, keys: Keys) -> Iterator[tuple[str, str, str]]:
    """(path, new source, canaries) of each record with sealed parts; each has its own word."""
    everybody = {name: key for own in keys.values() for name, key in own.items()}
    sources: dict[str, tuple[str, list[str]]] = {}
    for part in _that_open(book, everybody):
        source, words = sources.get(part.record.path, (part.record.source, []))
        word = f"{MARK}{secrets.token_hex(6)}"
        record = parse_record(part.record.path, source.encode())
        assert isinstance(record, Record)
        sources[part.record.path] = (_marked(book, record, part, everybody, word), [*words, word])
    for path, (source, words) in sources.items():
        yield path, _locked_anew(path, source), " ".join(words)


def _that_open(book: Book, everybody: Mapping[str, X25519Identity]) -> Iterator[Part]:
    """The sealed parts that somebody of the demonstration can open.

    A few notes are those of pairs who keep their keys on their own devices.
    """
    for part in sealed_parts(book):
        stated, _ = stated_block(part.block.armor)
        if not everybody.keys().isdisjoint(name for name, _ in stated):
            yield part


def _locked_anew(path: str, source: str) -> str:
    """The record, with the digest of its new blocks where it is a final note."""
    record = parse_record(path, source.encode())
    assert isinstance(record, Record)
    earlier = record.value(LOCK)
    return source.replace(str(earlier), block_digest(record)) if earlier else source


def _marked(
    book: Book, record: Record, part: Part, keys: dict[str, X25519Identity], word: str
) -> str:
    """The record's source with the canary in one part, sealed to its readers as before."""
    payload = open_block(part.block.armor, keys, part.place, revision=part.block.revision)
    current = {reader: book.keyring.current(reader) for reader, _ in payload.readers}
    armor = seal(
        f"{payload.text}\n\nThe word is {word}.",
        {**payload.data, "canary": word} if "steps" in payload.data else payload.data,
        place=part.place,
        readers=[Reader(name, key.recipient) for name, key in current.items() if key],
        revision=part.block.revision + 1,
        author=payload.author,
        sealed_at=NOON,
        policy=payload.policy,
        rules=payload.rules,
        random=os.urandom,
    )
    block = format_block(part.block.info, part.block.revision + 1, armor)
    if record.whole is not None:
        return record.source[: record.whole.start] + block + record.source[record.whole.end :]
    return replace_section(record, part.section, block)


@pytest.fixture(scope="module")
def aviary(
    example: Path, book: Book, keys: Keys, tmp_path_factory: pytest.TempPathFactory
) -> Aviary:
    """The example with canaries, after every command that anybody may run without a key."""
    root = tmp_path_factory.mktemp("aviary") / "workspace"
    shutil.copytree(example, root)
    canaries: list[str] = []
    for path, source, words in with_canaries(book, keys):
        (root / path).write_bytes(source.encode())
        canaries += words.split()
    jail = make_jail(tmp_path_factory.mktemp("jail"))
    site = tmp_path_factory.mktemp("site") / "site"
    session = next(r.id for r in load_book(root).records.values() if r.type == "session")
    said = {
        " ".join(command[:3]): jail.run(
            *command, TMPDIR=str(jail.temporary), HOME=str(jail.temporary), PATH=os.defpath
        )
        for command in (
            ("check", "--format", "text", "-C", str(root)),
            ("check", "--format", "json", "-C", str(root)),
            ("check", "--format", "github", "-C", str(root)),
            ("build", "-C", str(root), "--out", str(site)),
            ("audit", str(site), "--records", str(root)),
            ("who-can-read", session, "-C", str(root)),
            ("explain", "CB501"),
            ("seal", "--check", "-C", str(root)),
            ("doctor", "-C", str(root)),
        )
    }
    return Aviary(root, tuple(canaries), jail, site, said)


def _in_base64(word: bytes) -> list[bytes]:
    """How a word looks in base64, wherever in a longer text it stands."""
    found = []
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + word).rstrip(b"=")
        whole = len(encoded) - bool((before + len(word)) % 3)
        found.append(encoded[-(-before * 8 // 6) : whole])
    return found


_LOOKED_FOR = (MARK.encode(), *_in_base64(MARK.encode()))


def is_marked(data: bytes) -> bool:
    """Whether a canary can be found in the bytes, also in gzip, base64 or two-byte letters."""
    if data[:2] == b"\x1f\x8b" and is_marked(gzip.decompress(data)):
        return True
    joined = re.sub(rb"[\x00\r\n]", b"", data)
    return MARK.encode() in joined.lower() or any(look in joined for look in _LOOKED_FOR)


def marked_files(*folders: Path) -> list[str]:
    """Every file and folder below that has a canary in it or in its name."""
    return [
        str(path)
        for folder in folders
        for path in folder.rglob("*")
        if MARK in path.name or (path.is_file() and is_marked(path.read_bytes()))
    ]


@pytest.mark.parametrize(
    "hide",
    [
        bytes,
        gzip.compress,
        base64.b64encode,
        lambda data: base64.encodebytes(b"x" + data),
        lambda data: base64.b64encode(b"xx" + data),
        lambda data: data.decode().encode("utf-16"),
        lambda data: data.upper(),
    ],
)
def test_the_search_finds_a_canary(tmp_path: Path, hide: Callable[[bytes], bytes]) -> None:
    """The search of these tests finds a canary however a file might hide it."""
    (tmp_path / "file").write_bytes(hide(b"Some words, then zqcanary0123456789ab and more words."))

    assert marked_files(tmp_path) == [str(tmp_path / "file")]


def test_every_sealed_part_has_a_canary(aviary: Aviary, keys: Keys) -> None:
    """Each sealed part of the copy opens for its readers with its own canary in it."""
    everybody = {name: key for own in keys.values() for name, key in own.items()}
    parts = list(_that_open(load_book(aviary.root), everybody))

    found = [
        open_block(p.block.armor, everybody, p.place, revision=p.block.revision) for p in parts
    ]

    assert len(set(aviary.canaries)) == len(parts) > 200
    assert all(MARK in payload.text for payload in found)


def test_every_command_has_run(aviary: Aviary) -> None:
    """The commands without a key all work on the copy; only `doctor` has something to say."""
    assert {name.split()[0]: ran.status for name, ran in aviary.said.items()} == {
        "check": 0,
        "build": 0,
        "audit": 0,
        "who-can-read": 0,
        "explain": 0,
        "seal": 0,
        "doctor": 1,
    }
    assert (aviary.site / "handbook" / "index.html").is_file()
    assert any(path.name == "mkdocs.yml" for path in aviary.jail.thrown_away.rglob("*"))


def test_no_canary_in_any_file(aviary: Aviary) -> None:
    """No canary is in the site, the staged pages, a temporary file, a cache or a file's name."""
    assert marked_files(*aviary.places) == []


def test_no_canary_in_any_answer(aviary: Aviary) -> None:
    """No command prints a canary, as text, as JSON, or as annotations for a git host."""
    assert [name for name, ran in aviary.said.items() if is_marked(ran.out + ran.err)] == []


def test_no_canary_in_an_opened_page(aviary: Aviary, keys: Keys) -> None:
    """Inside a private page the sections stay sealed: whoever opens the page sees no canary."""
    everybody = [key for own in keys.values() for key in own.values()]
    pages = []
    for path in (aviary.site / "portal" / "data").iterdir():
        sealed = re.search(rb'","([A-Za-z0-9+/=]+)"\);\n\Z', path.read_bytes())
        with suppress(AgeNoMatchError):  # for the other schools, who publish no private key
            pages += [unpack(decrypt(base64.b64decode(sealed[1]), everybody))] if sealed else []

    assert len(pages) > 50
    assert any(b"BEGIN AGE ENCRYPTED FILE" in page for page in pages)
    assert not any(is_marked(page) for page in pages)


def test_no_canary_in_the_repository(aviary: Aviary) -> None:
    """Committed as it is, the copy has no canary in any object of its repository."""
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "all of it"]):
        _git(aviary.root, *command)

    objects = _git(aviary.root, "cat-file", "--batch-all-objects", "--batch")

    assert b"BEGIN AGE ENCRYPTED FILE" in objects
    assert not is_marked(objects)


def test_no_private_value_in_the_handbook(aviary: Aviary, book: Book) -> None:
    """The handbook holds no sign-in, no id of a record, and no full name but with consent."""
    agreed = agreed_names(book)
    private = {record.id for record in book.records.values() if "-" in record.id}
    private |= {p.name for p in book.people.values()} | {p.sign_in for p in book.people.values()}
    private = {value.casefold() for value in private - agreed - {""}}
    pages = [path for path in (aviary.site / "handbook").rglob("*") if path.is_file()]

    texts = [html.unescape(path.read_bytes().decode(errors="replace")).casefold() for path in pages]

    assert len(private) > 150
    assert 0 < len(agreed) < 10
    assert [value for value in private if any(value in text for text in texts)] == []


def _git(folder: Path, *arguments: str) -> bytes:
    identity = {"GIT_AUTHOR_NAME": "Office", "GIT_AUTHOR_EMAIL": "office@example.org"}
    identity |= {name.replace("AUTHOR", "COMMITTER"): value for name, value in identity.items()}
    clean = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull}
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env={**clean, **identity}, capture_output=True, check=True
    )
    return done.stdout

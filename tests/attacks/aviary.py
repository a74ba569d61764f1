"""A copy of the example with a word in each sealed part, and what commands made of it."""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from coachbook.book import load_book
from coachbook.life import LOCK, block_digest
from coachbook.readers import stated_block
from coachbook.record import Record, format_block, parse_record, replace_section
from coachbook.sealing import Reader, open_block, seal
from tests.attacks.blocks import Part, sealed_parts
from tests.attacks.jail import Jail, Ran, make_jail

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from coachbook.age import X25519Identity
    from coachbook.book import Book

MARK = "zqcanary"
VARIABLE = "zqtoken5f0d7a"
"""What a variable of the environment holds that no command has any business with."""
NOON = datetime(2027, 3, 12, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Marked:
    """A copy of the example with a canary in each part that somebody of it can open."""

    root: Path
    canaries: tuple[str, ...]


@dataclass(frozen=True)
class Aviary:
    """What every command without a key made of that copy, and where it wrote."""

    marked: Marked
    jail: Jail
    site: Path
    said: dict[str, Ran]

    @property
    def places(self) -> tuple[Path, ...]:
        """Every folder that a command has written to, the removed ones too."""
        return (self.marked.root, self.site, self.jail.folder)


def mark(book: Book, everybody: Mapping[str, X25519Identity], root: Path) -> Marked:
    """Copies the workspace to `root` and puts a word of its own into each sealed part."""
    shutil.copytree(book.root, root)
    canaries: list[str] = []
    for path, source, words in _with_canaries(book, everybody):
        (root / path).write_bytes(source.encode())
        canaries += words
    return Marked(root, tuple(canaries))


def keep(marked: Marked, jail_folder: Path, site: Path) -> Aviary:
    """Runs every command that anybody may run without a key.

    Temporary files come to lie in the jail. The environment has a token, and an order of sets
    that is none of the usual ones.
    """
    jail, root = make_jail(jail_folder), str(marked.root)
    session = next(r.id for r in load_book(marked.root).records.values() if r.type == "session")
    commands = (
        ("check", "--format", "text", "-C", root),
        ("check", "--format", "json", "-C", root),
        ("check", "--format", "github", "-C", root),
        ("build", "-C", root, "--out", str(site)),
        ("audit", str(site), "--records", root, "--format", "json"),
        ("who-can-read", session, "-C", root),
        ("explain", "CB501"),
        ("seal", "--check", "-C", root),
        ("doctor", "-C", root),
    )
    variables = {
        "TMPDIR": str(jail.temporary),
        "HOME": str(jail.temporary),
        "PATH": os.pathsep.join((os.defpath, f"/{VARIABLE}")),
        "CI_VARIABLE": VARIABLE,
        "PYTHONHASHSEED": "4711",
    }
    said = {" ".join(command[:3]): jail.run(*command, **variables) for command in commands}
    return Aviary(marked, jail, site, said)


def that_open(book: Book, everybody: Mapping[str, X25519Identity]) -> Iterator[Part]:
    """The sealed parts that somebody of the demonstration can open.

    A few notes are those of pairs who keep their keys on their own devices.
    """
    for part in sealed_parts(book):
        stated, _ = stated_block(part.block.armor)
        if not everybody.keys().isdisjoint(name for name, _ in stated):
            yield part


def _with_canaries(
    book: Book, everybody: Mapping[str, X25519Identity]
) -> Iterator[tuple[str, str, list[str]]]:
    """(path, new source, canaries) of each record with sealed parts; each has its own word."""
    sources: dict[str, tuple[str, list[str]]] = {}
    for part in that_open(book, everybody):
        source, words = sources.get(part.record.path, (part.record.source, []))
        word = f"{MARK}{secrets.token_hex(6)}"
        record = parse_record(part.record.path, source.encode())
        assert isinstance(record, Record)
        sources[part.record.path] = (_marked(book, record, part, everybody, word), [*words, word])
    for path, (source, words) in sources.items():
        yield path, _locked_anew(path, source), words


def _locked_anew(path: str, source: str) -> str:
    """The record, with the digest of its new blocks where it is a final note."""
    record = parse_record(path, source.encode())
    assert isinstance(record, Record)
    earlier = record.value(LOCK)
    return source.replace(str(earlier), block_digest(record)) if earlier else source


def _marked(
    book: Book, record: Record, part: Part, keys: Mapping[str, X25519Identity], word: str
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

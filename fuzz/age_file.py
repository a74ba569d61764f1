"""Any bytes as an age file, its armor, its header, its body or a key.

An attacker has no key, so bytes alone never come past the MAC. What lies behind it is tried by
making the MAC right for whatever header was drawn, and by encrypting true chunks in a wrong
order.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeVar

import pyrage
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from coachbook.age import (
    ScryptIdentity,
    ScryptRecipient,
    X25519Identity,
    X25519Recipient,
    armor,
    dearmor,
    decrypt,
    encrypt,
    peek,
    read_header,
)
from coachbook.age.format import FILE_KEY_LENGTH, derive, format_header
from coachbook.age.stream import CHUNK, decrypt_payload
from coachbook.errors import (
    AgeArmorError,
    AgeError,
    AgeHeaderError,
    AgePayloadError,
    DamagedError,
    KeyringError,
)
from coachbook.readers import Reader, read_readers, readers_stanza, stated_block
from coachbook.sealing import format_identity, parse_identities
from fuzz.feed import Feed
from fuzz.samples import stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from coachbook.age import Stanza

T = TypeVar("T")

COACH, COACHEE = "p-c5t0w6ze", "p-n9b4j2ys"
MINE, OTHER = (X25519Identity.generate(stream(one)) for one in (COACH, COACHEE))
READERS = [Reader(COACH, MINE.recipient()), Reader(COACHEE, OTHER.recipient())]
FILE_KEY = stream("file key")(FILE_KEY_LENGTH)
NONCE = stream("nonce")(16)
CHEAP = 4
"""The work factor of passphrases here: a search needs thousands of tries a second."""
TEXTS = (b"", b"a note", b"She waited.\n" * 40)
"""What was ever encrypted here; whatever else comes out of a file was not authenticated."""

_THEIRS = pyrage.x25519.Identity.from_str(MINE.reveal_private_key())


def _file(text: bytes) -> bytes:
    keys = [reader.recipient for reader in READERS]
    random = stream(f"file of {len(text)}")
    return encrypt(text, keys, extra=[readers_stanza(READERS)], random=random)


FILES = tuple(map(_file, TEXTS))
PASSPHRASE_FILE = encrypt(
    TEXTS[1], [ScryptRecipient("six made up words", CHEAP)], random=stream("scrypt")
)
_HEADER = FILES[1][: read_header(FILES[1]).payload_offset]


def seeds() -> Iterable[bytes]:
    """Whole files, their parts, and keys, each behind the byte that says how it is read."""
    bodies = [file[len(_HEADER) :] for file in FILES]
    header = _HEADER[: _HEADER.rindex(b"---")]
    keys = format_identity([MINE], owner=COACH, generation=1)
    examples: dict[Callable[[bytes], None], Iterable[bytes]] = {
        _check_file: FILES,
        _check_armor: [armor(file).encode() for file in FILES],
        _check_header: [header],
        _check_body: bodies,
        _check_chunks: [bytes([0, 1, 1]), bytes([0, 0, 0, 1, 1, 1])],
        _check_passphrase: [PASSPHRASE_FILE],
        _check_key: [keys.encode(), str(MINE.recipient()).encode()],
    }
    for kind, check_one in enumerate(_KINDS):
        for example in examples[check_one]:
            yield bytes([kind]) + example


def check(data: bytes) -> None:
    """Whatever was done to a file, it opens to what was sealed or not at all."""
    feed = Feed(data)
    check_one = feed.pick(_KINDS)
    check_one(feed.rest())


def _check_file(data: bytes) -> None:
    ours = _opened(data)
    assert ours is None or ours in TEXTS
    assert ours == _opened_by_pyrage(data)
    block = armor(data)
    glance, whole = _stated(stated_block, block), _stated(read_readers, block)
    assert (glance and glance[0]) == (whole and whole.readers)


def _opened(data: bytes) -> bytes | None:
    try:
        return decrypt(data, [MINE])
    except AgeError:
        return None


def _opened_by_pyrage(data: bytes) -> bytes | None:
    """The same by another implementation; it takes armor off by itself, so armor is none here."""
    if data.lstrip().startswith(b"-----BEGIN"):
        return None
    try:
        return pyrage.decrypt(data, [_THEIRS])
    except pyrage.DecryptError:
        return None


def _stated(read: Callable[[str], T], block: str) -> T | None:
    try:
        return read(block)
    except DamagedError:
        return None


def _check_armor(data: bytes) -> None:
    """Armor has one spelling, but for white space round it and its line ends."""
    try:
        inside = dearmor(data)
    except AgeArmorError:
        assert peek(data.decode("latin-1"), 16) is None
        return
    exact = armor(inside)
    assert exact.encode().strip() == data.strip(b" \t\r\n").replace(b"\r\n", b"\n")
    seen = peek(exact, 16)
    assert not inside or (seen and (seen[0][:16], seen[1]) == (inside[:16], len(inside)))
    assert _opened(inside) in {None, *TEXTS}


def _check_header(data: bytes) -> None:
    """A header is read in its one spelling only, and a slot opens only if it was made."""
    try:
        header = read_header(data + b"--- " + b"A" * 43 + b"\n" + NONCE)
    except AgeHeaderError:
        return
    assert format_header(header.stanzas, FILE_KEY).startswith(header.header_bytes + b" ")
    for stanza in header.stanzas:
        assert _unwrapped(stanza) is None or stanza in _SLOTS


def _unwrapped(stanza: Stanza) -> bytes | None:
    try:
        return MINE.unwrap([stanza]) or ScryptIdentity("no such words", CHEAP).unwrap([stanza])
    except AgeHeaderError:
        return None


def _check_body(data: bytes) -> None:
    """Another body under a header that is whole opens only if it is the one that was encrypted."""
    file = _HEADER + data
    assert _opened(file) is None or file == FILES[1]


def _check_chunks(data: bytes) -> None:
    """True chunks open in their own order, with the last one marked, and in no other way."""
    feed = Feed(data)
    chunks: list[tuple[int, int, int]] = []
    while not feed.is_empty and len(chunks) <= _MOST_CHUNKS:
        chunks.append((feed.number(_MOST_CHUNKS), feed.number(1), feed.pick(_SIZES)))
    try:
        found = decrypt_payload(NONCE + b"".join(_chunk(*one) for one in chunks), FILE_KEY)
    except AgePayloadError:
        assert not _is_lawful(chunks)
        return
    assert _is_lawful(chunks)
    assert found == b"".join(_plain(*one) for one in chunks)


def _is_lawful(chunks: list[tuple[int, int, int]]) -> bool:
    """Counted from nought, each but the last full, and the last one marked as such."""
    last = len(chunks) - 1
    return (
        bool(chunks)
        and [(counter, mark) for counter, mark, _ in chunks]
        == [(at, int(at == last)) for at in range(len(chunks))]
        and all(size == CHUNK for _, _, size in chunks[:-1])
        and (chunks[-1][2] > 0 or last == 0)
    )


@cache
def _chunk(counter: int, mark: int, size: int) -> bytes:
    cipher = ChaCha20Poly1305(derive(FILE_KEY, salt=NONCE, info=b"payload"))
    nonce = counter.to_bytes(11, "big") + bytes([mark])
    return cipher.encrypt(nonce, _plain(counter, mark, size), None)


def _plain(counter: int, mark: int, size: int) -> bytes:
    return bytes([65 + counter * 2 + mark]) * size


def _check_passphrase(data: bytes) -> None:
    """A passphrase opens what was sealed with it, at no more than the work it allows."""
    try:
        found = decrypt(data, [ScryptIdentity("six made up words", CHEAP)])
    except AgeError:
        return
    assert data == PASSPHRASE_FILE
    assert found == TEXTS[1]


def _check_key(data: bytes) -> None:
    """A key is read in its one spelling, or refused without a word of it in the message."""
    text = data.decode("utf-8", "replace")
    for form in (_format_public, _format_private, _format_identities):
        written, message = _key(form, text)
        assert written in text
        assert len(text) < _TELLING or text not in message


def _key(form: Callable[[str], str], text: str) -> tuple[str, str]:
    """The key as it is written, or why it is refused."""
    try:
        return form(text), ""
    except (KeyringError, DamagedError) as error:
        return "", str(error)


def _format_public(text: str) -> str:
    return X25519Recipient.parse(text).format()


def _format_private(text: str) -> str:
    return X25519Identity.parse(text).reveal_private_key()


def _format_identities(text: str) -> str:
    return parse_identities(text.encode())[0].reveal_private_key()


_TELLING = 20
"""A text so long stands in a message only if it is quoted there."""
_MOST_CHUNKS = 3
_SIZES = (CHUNK, 20, 0)
_SLOTS = {stanza for file in FILES for stanza in read_header(file).stanzas}
_KINDS = (
    _check_file,
    _check_armor,
    _check_header,
    _check_body,
    _check_chunks,
    _check_passphrase,
    _check_key,
)

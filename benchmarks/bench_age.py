"""Sealing and opening a note for three readers, beside its bare primitives and beside pyrage.

The candidates take turns within one run, so that a busy machine slows all of them alike, and
what is compared is the ratio of their medians.
"""

from __future__ import annotations

import os
import statistics
import time
from typing import TYPE_CHECKING

import pyrage
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from benchmarks.table import OURS, Aim, Row, Table
from coachbook.age import X25519Identity, decrypt, encrypt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NOTE = os.urandom(1300)
IDENTITIES = [X25519Identity.generate() for _ in range(3)]
RECIPIENTS = [identity.recipient() for identity in IDENTITIES]
LAST = IDENTITIES[-1]
ROUNDS, CALLS = 25, 20
BARE = "bare primitives"
AIM = Aim(BARE, 1 / 1.5)
_ZERO_NONCE = bytes(12)


def run(rounds: int = ROUNDS) -> tuple[Table, Table]:
    """Sealing and opening, each a table."""
    return (
        _compare("seal a note for three readers", _sealers(), rounds),
        _compare("open it as the third", _openers(), rounds),
    )


def _sealers() -> Mapping[str, Callable[[], object]]:
    keys = [recipient.key for recipient in RECIPIENTS]
    theirs = [pyrage.x25519.Recipient.from_str(str(recipient)) for recipient in RECIPIENTS]
    return {
        OURS: lambda: encrypt(NOTE, RECIPIENTS),
        BARE: lambda: _seal_bare(NOTE, keys),
        "pyrage": lambda: pyrage.encrypt(NOTE, theirs),
    }


def _openers() -> Mapping[str, Callable[[], object]]:
    file = encrypt(NOTE, RECIPIENTS)
    slots, mac, body = _seal_bare(NOTE, [recipient.key for recipient in RECIPIENTS])
    private = X25519PrivateKey.from_private_bytes(LAST.seed())
    theirs = pyrage.x25519.Identity.from_str(LAST.reveal_private_key())
    return {
        OURS: lambda: decrypt(file, [LAST]),
        BARE: lambda: _open_bare(slots, mac, body, private),
        "pyrage": lambda: pyrage.decrypt(file, [theirs]),
    }


def _seal_bare(note: bytes, keys: list[bytes]) -> tuple[list[tuple[bytes, bytes]], bytes, bytes]:
    """The same cryptography without a file format: slots, MAC and body."""
    file_key, nonce = os.urandom(16), os.urandom(16)
    slots = []
    for key in keys:
        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(key))
        slots.append((share, _cipher(shared, share + key).encrypt(_ZERO_NONCE, file_key, None)))
    body = _cipher(file_key, nonce).encrypt(_ZERO_NONCE, note, None)
    return slots, _mac(slots, file_key).finalize(), nonce + body


def _open_bare(
    slots: list[tuple[bytes, bytes]], mac: bytes, body: bytes, private: X25519PrivateKey
) -> bytes:
    """Agrees on a key for each slot, as one who tries in turn must, and opens the last."""
    public = private.public_key().public_bytes_raw()
    ciphers = [
        _cipher(private.exchange(X25519PublicKey.from_public_bytes(share)), share + public)
        for share, _ in slots
    ]
    file_key = ciphers[-1].decrypt(_ZERO_NONCE, slots[-1][1], None)
    _mac(slots, file_key).verify(mac)
    return _cipher(file_key, body[:16]).decrypt(_ZERO_NONCE, body[16:], None)


def _cipher(secret: bytes, salt: bytes) -> ChaCha20Poly1305:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"benchmark")
    return ChaCha20Poly1305(kdf.derive(secret))


def _mac(slots: list[tuple[bytes, bytes]], file_key: bytes) -> HMAC:
    mac = HMAC(HKDF(SHA256(), 32, b"", b"header").derive(file_key), SHA256())
    for share, body in slots:
        mac.update(share + body)
    return mac


def _compare(work: str, candidates: Mapping[str, Callable[[], object]], rounds: int) -> Table:
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, candidate in candidates.items():
            times[name].append(_time(candidate))
    rows = tuple(Row(name, statistics.median(found)) for name, found in times.items())
    return Table(work, "note", rows, (AIM,))


def _time(candidate: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    for _ in range(CALLS):
        candidate()
    return (time.perf_counter() - start) / CALLS

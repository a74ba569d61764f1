"""Sealing and opening with bare primitives: the same cryptography, no file format around it."""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_ZERO_NONCE = bytes(12)


def seal_bare(note: bytes, keys: list[bytes]) -> tuple[list[tuple[bytes, bytes]], bytes, bytes]:
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


def open_bare(
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

"""The body of an age file: chunks, each encrypted and bound to its place (STREAM)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.age.format import NONCE_LENGTH, derive
from coachbook.errors import AgePayloadError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

CHUNK = 64 * 1024
_TAG = 16
_HINT = "restore the last good copy of the file"


def encrypted_length(length: int) -> int:
    """How many bytes a body of this length takes once it is encrypted."""
    return NONCE_LENGTH + length + _TAG * max(1, -(-length // CHUNK))


def encrypt_payload(plaintext: bytes, file_key: bytes, nonce: bytes) -> bytes:
    """The nonce and the encrypted chunks; only an empty body has an empty last chunk."""
    cipher = _cipher(file_key, nonce)
    chunks = (
        cipher.encrypt(chunk_nonce, plaintext[start : start + CHUNK], None)
        for start, chunk_nonce in _places(len(plaintext), CHUNK)
    )
    return nonce + b"".join(chunks)


def decrypt_payload(payload: bytes, file_key: bytes) -> bytes:
    """The whole body; nothing if any chunk is missing, moved, altered or one too many."""
    from cryptography.exceptions import InvalidTag

    cipher = _cipher(file_key, payload[:NONCE_LENGTH])
    body = memoryview(payload)[NONCE_LENGTH:]
    if len(body) < _TAG:
        raise AgePayloadError("the body of the age file is cut short", hint=_HINT)
    if len(body) > _TAG and len(body) % (CHUNK + _TAG) == _TAG:
        raise AgePayloadError("the body of the age file ends in an empty chunk", hint=_HINT)
    try:
        chunks = [
            cipher.decrypt(chunk_nonce, body[start : start + CHUNK + _TAG], None)
            for start, chunk_nonce in _places(len(body), CHUNK + _TAG)
        ]
    except InvalidTag as error:
        raise AgePayloadError("the body of the age file was altered or cut", hint=_HINT) from error
    return b"".join(chunks)


def _cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    return ChaCha20Poly1305(derive(file_key, salt=nonce, info=b"payload"))


def _places(length: int, step: int) -> Iterator[tuple[int, bytes]]:
    """Where each chunk starts, and the nonce that says so: a counter and a mark on the last."""
    last = max(length - 1, 0) // step
    for counter in range(last + 1):
        yield counter * step, counter.to_bytes(11, "big") + bytes([counter == last])

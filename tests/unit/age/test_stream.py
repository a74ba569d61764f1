"""Tests of the body of an age file."""

from __future__ import annotations

import pytest

from coachbook.age.stream import CHUNK, decrypt_payload, encrypt_payload
from coachbook.errors import AgePayloadError

FILE_KEY = bytes(range(16))
NONCE = bytes(range(16, 32))
SEALED_CHUNK = CHUNK + 16
LENGTHS = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5]


@pytest.mark.parametrize("length", LENGTHS)
def test_decrypting_is_the_inverse_of_encrypting(length: int) -> None:
    """A body of any length comes back, at the edges of chunks too."""
    plaintext = bytes(place % 251 for place in range(length))

    payload = encrypt_payload(plaintext, FILE_KEY, NONCE)

    assert plaintext == decrypt_payload(payload, FILE_KEY)
    assert payload.startswith(NONCE)


@pytest.mark.parametrize("length", LENGTHS)
def test_body_cut_at_a_chunk_is_refused(length: int) -> None:
    """A body that lost its last chunk is not taken for a shorter whole one."""
    payload = encrypt_payload(bytes(length), FILE_KEY, NONCE)
    last_chunk = (len(payload) - 17) // SEALED_CHUNK * SEALED_CHUNK

    with pytest.raises(AgePayloadError):
        decrypt_payload(payload[: 16 + last_chunk], FILE_KEY)


@pytest.mark.parametrize("place", [0, 16, 16 + CHUNK, 16 + SEALED_CHUNK, -1])
def test_one_changed_bit_is_found(place: int) -> None:
    """A changed bit in nonce, chunk or tag makes the whole body unreadable."""
    payload = bytearray(encrypt_payload(bytes(2 * CHUNK), FILE_KEY, NONCE))
    payload[place] ^= 1

    with pytest.raises(AgePayloadError, match="was altered or cut"):
        decrypt_payload(bytes(payload), FILE_KEY)


def test_chunks_can_not_change_places() -> None:
    """Two chunks swapped are two chunks refused."""
    payload = encrypt_payload(bytes(3 * CHUNK), FILE_KEY, NONCE)
    head, first, second, last = (
        payload[:16],
        payload[16 : 16 + SEALED_CHUNK],
        payload[16 + SEALED_CHUNK : 16 + 2 * SEALED_CHUNK],
        payload[16 + 2 * SEALED_CHUNK :],
    )

    with pytest.raises(AgePayloadError):
        decrypt_payload(head + second + first + last, FILE_KEY)
    with pytest.raises(AgePayloadError):
        decrypt_payload(head + first + last, FILE_KEY)


def test_nothing_may_follow_the_last_chunk() -> None:
    """Bytes appended to a body are not overlooked."""
    payload = encrypt_payload(b"whole", FILE_KEY, NONCE)

    with pytest.raises(AgePayloadError):
        decrypt_payload(payload + b"\n", FILE_KEY)


def test_short_body_is_refused() -> None:
    """A body too short for one tag is cut."""
    with pytest.raises(AgePayloadError, match="is cut short"):
        decrypt_payload(NONCE + bytes(15), FILE_KEY)

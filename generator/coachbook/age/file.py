"""A whole age file: encrypted to recipients, decrypted by an identity."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING

from coachbook.age.format import (
    FILE_KEY_LENGTH,
    NONCE_LENGTH,
    Header,
    Identity,
    Random,
    Recipient,
    Stanza,
    format_header,
    read_header,
    require_mac,
)
from coachbook.age.stream import decrypt_payload, encrypt_payload
from coachbook.errors import AgeHeaderError, AgeNoMatchError

if TYPE_CHECKING:
    from collections.abc import Sequence


_PRIMITIVES = (
    "cryptography.exceptions",
    "cryptography.hazmat.backends.openssl.backend",
    "cryptography.hazmat.primitives.asymmetric.x25519",
    "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.hmac",
    "cryptography.hazmat.primitives.kdf.hkdf",
)


def load_primitives() -> None:
    """Imports what `encrypt` is made of.

    For whoever is about to be copied: each copy would import it again, in 0.02 seconds.
    """
    for name in _PRIMITIVES:
        import_module(name)


def encrypt(
    plaintext: bytes,
    recipients: Sequence[Recipient],
    *,
    extra: Sequence[Stanza] = (),
    random: Random = os.urandom,
) -> bytes:
    """An age file that each of the recipients can open.

    Args:
        extra: stanzas that come before the recipients' own. They wrap nothing, are ignored by
            whoever does not know their type, and are covered by the header's MAC.
    """
    if not recipients:
        raise AgeHeaderError("no recipient was named, so nobody could open the file")
    file_key = random(FILE_KEY_LENGTH)
    wrapped = [stanza for recipient in recipients for stanza in recipient.wrap(file_key, random)]
    header = format_header([*extra, *wrapped], file_key)
    return header + encrypt_payload(plaintext, file_key, random(NONCE_LENGTH))


def decrypt(data: bytes, identities: Sequence[Identity]) -> bytes:
    """The body of an age file that one of the identities opens."""
    header = read_header(data)
    for identity in identities:
        file_key = identity.unwrap(header.stanzas)
        if file_key is not None:
            return decrypt_with_file_key(data, header, file_key)
    raise AgeNoMatchError(
        f"no key opens this age file: {len(identities)} tried, {len(header.stanzas)} stanzas"
    )


def decrypt_with_file_key(data: bytes, header: Header, file_key: bytes) -> bytes:
    """The body, for an opener who has unwrapped the file key from a stanza of the header."""
    require_mac(header, file_key)
    return decrypt_payload(data[header.payload_offset :], file_key)

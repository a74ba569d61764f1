"""Who a file is for: X25519 keys and passphrases."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from dataclasses import field
from functools import lru_cache
from typing import TYPE_CHECKING, Self

from coachbook.age.bech32 import format_bech32, parse_bech32
from coachbook.age.format import (
    FILE_KEY_LENGTH,
    SCRYPT,
    Random,
    Stanza,
    derive,
    format_base64,
    parse_base64,
)
from coachbook.errors import AgeHeaderError, KeyringError
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

X25519 = "X25519"
KEY_LENGTH = 32
HIGHEST_LOG_N = 20
"""The work factor that is still read: 1 GiB of memory and some seconds."""

_PUBLIC_PREFIX = "age"
_IDENTITY_PREFIX = "age-secret-key-"
_X25519_INFO = b"age-encryption.org/v1/X25519"
_SCRYPT_LABEL = b"age-encryption.org/v1/scrypt"
_FINGERPRINT_LABEL = b"coachbook fingerprint v1\n"
_FINGERPRINT_BYTES = 16
_SALT_LENGTH = 16
_TAG_LENGTH = 16
_FIELD_PRIME = 2**255 - 19
_LOW_ORDER = frozenset(
    {
        0,
        1,
        0x00B8495F16056286FDB1329CEB8D09DA6AC49FF1FAE35616AEB8413B7C7AEBE0,
        0x57119FD0DD4E22D8868E1C58C45C44045BEF839C55B1D0B1248C50A3BC959C5F,
        _FIELD_PRIME - 1,
    }
)
"""The public keys with which every private key agrees on nothing: RFC 7748, section 6.1.

They are told by their value, not by trying, so that reading public keys needs no arithmetic.
"""
_ZERO_NONCE = bytes(12)
_LOG_N = re.compile(r"[1-9][0-9]*")
_LOG_N_DIGITS = 2


@frozen(repr=False)
class X25519Recipient:
    """A public key that files can be encrypted to."""

    key: bytes

    def __post_init__(self) -> None:
        """Refuses a key that no identity can have, since nobody could open what it seals."""
        if len(self.key) != KEY_LENGTH:
            raise KeyringError(f"a public key has {KEY_LENGTH} bytes, found {len(self.key)}")
        if int.from_bytes(self.key, "little") >= _FIELD_PRIME:
            raise KeyringError("the public key is not in its one canonical form")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key from its line `age1…`; raises KeyringError."""
        recipient = cls(parse_bech32(_PUBLIC_PREFIX, text))
        if int.from_bytes(recipient.key, "little") in _LOW_ORDER:
            raise KeyringError("the public key is of low order")
        return recipient

    def format(self) -> str:
        """The key as the line `age1…`."""
        return format_bech32(_PUBLIC_PREFIX, self.key)

    def __str__(self) -> str:
        """The key as its line."""
        return self.format()

    def __repr__(self) -> str:
        """Shows the fingerprint."""
        return f"{type(self).__name__}({self.fingerprint()})"

    def fingerprint(self) -> str:
        """26 characters of lower-case base32 that stand for the key."""
        return _fingerprint(self.key)

    def wrap(self, file_key: bytes, random: Random) -> tuple[Stanza, ...]:
        """One stanza, under a key that is agreed with a fresh ephemeral one."""
        ephemeral = _private_key(random(KEY_LENGTH))
        share = ephemeral.public_key().public_bytes_raw()
        shared = _agree(ephemeral, self.key, KeyringError("the public key is of low order"))
        wrap_key = derive(shared, salt=share + self.key, info=_X25519_INFO)
        return (Stanza(X25519, (format_base64(share),), _wrap(file_key, wrap_key)),)


class X25519Identity:
    """A private key. It has no comparison, does not pickle, and shows its fingerprint only."""

    __slots__ = ("_private", "_recipient")

    def __init__(self, seed: bytes) -> None:
        """Takes the 32 secret bytes as they are; `generate` and `parse` are the usual ways."""
        if len(seed) != KEY_LENGTH:
            raise KeyringError(f"a private key has {KEY_LENGTH} bytes, found {len(seed)}")
        self._private = _private_key(seed)
        self._recipient = X25519Recipient(self._private.public_key().public_bytes_raw())

    @classmethod
    def generate(cls, random: Random = os.urandom) -> Self:
        """A new private key."""
        return cls(random(KEY_LENGTH))

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key from its line `AGE-SECRET-KEY-1…`; raises KeyringError, which quotes nothing."""
        if not text.isascii() or text != text.upper():
            raise KeyringError("a private key is written in capitals and digits")
        return cls(parse_bech32(_IDENTITY_PREFIX, text.lower()))

    def reveal_private_key(self) -> str:
        """The secret line `AGE-SECRET-KEY-1…`, to be sealed at once and shown to nobody."""
        return format_bech32(_IDENTITY_PREFIX, self.seed()).upper()

    def seed(self) -> bytes:
        """The 32 secret bytes, from which other keys of the same person are derived."""
        return self._private.private_bytes_raw()

    def recipient(self) -> X25519Recipient:
        """The public half."""
        return self._recipient

    def __repr__(self) -> str:
        """Shows the fingerprint of the public half."""
        return f"{type(self).__name__}({self._recipient.fingerprint()})"

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """The file key from the first stanza that is for this key, or None."""
        for stanza in stanzas:
            file_key = self.unwrap_one(stanza)
            if file_key is not None:
                return file_key
        return None

    def unwrap_one(self, stanza: Stanza) -> bytes | None:
        """The file key from this stanza, or None if it is for another key or of another type."""
        if stanza.type != X25519:
            return None
        share = _parse_share(stanza)
        shared = _agree(
            self._private, share, AgeHeaderError("the share of an X25519 stanza is of low order")
        )
        wrap_key = derive(shared, salt=share + self._recipient.key, info=_X25519_INFO)
        return _unwrap(stanza.body, wrap_key)


@frozen
class ScryptRecipient:
    """A passphrase that a file can be encrypted to, as its only recipient."""

    passphrase: str = field(repr=False)
    log_n: int = 15

    def __post_init__(self) -> None:
        """Refuses a work factor that would not be read back."""
        if not 1 <= self.log_n <= HIGHEST_LOG_N:
            raise KeyringError(f"work factor 2^{self.log_n}, expected 2^1 to 2^{HIGHEST_LOG_N}")

    def wrap(self, file_key: bytes, random: Random) -> tuple[Stanza, ...]:
        """One stanza, under a key that is derived from the passphrase and a fresh salt."""
        salt = random(_SALT_LENGTH)
        wrap_key = _stretch(self.passphrase, salt, self.log_n)
        return (Stanza(SCRYPT, (format_base64(salt), str(self.log_n)), _wrap(file_key, wrap_key)),)


@frozen
class ScryptIdentity:
    """A passphrase that may open a file, at no more than a bounded cost."""

    passphrase: str = field(repr=False)
    max_log_n: int = HIGHEST_LOG_N

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """The file key, or None if there is no passphrase stanza or the passphrase is wrong."""
        if [stanza.type for stanza in stanzas] != [SCRYPT]:
            return None
        salt, log_n = self._parse(stanzas[0])
        return _unwrap(stanzas[0].body, _stretch(self.passphrase, salt, log_n))

    def _parse(self, stanza: Stanza) -> tuple[bytes, int]:
        if len(stanza.args) != 2:  # noqa: PLR2004 - salt and work factor
            raise AgeHeaderError("a scrypt stanza takes a salt and a work factor")
        salt, log_n = parse_base64(stanza.args[0]), stanza.args[1]
        if len(salt) != _SALT_LENGTH or not _LOG_N.fullmatch(log_n):
            raise AgeHeaderError("the salt or the work factor of a scrypt stanza is malformed")
        _require_wrapped_length(stanza)
        if len(log_n) > _LOG_N_DIGITS or int(log_n) > self.max_log_n:
            raise AgeHeaderError(
                f"the passphrase asks for more work than 2^{self.max_log_n}, which is refused"
            )
        return salt, int(log_n)


@lru_cache(maxsize=4096)
def _fingerprint(key: bytes) -> str:
    """The fingerprint of a public key, which a build asks for at each page that it opens."""
    digest = hashlib.sha256(_FINGERPRINT_LABEL + key).digest()[:_FINGERPRINT_BYTES]
    return base64.b32encode(digest).decode("ascii").rstrip("=").lower()


def _parse_share(stanza: Stanza) -> bytes:
    if len(stanza.args) != 1:
        raise AgeHeaderError("an X25519 stanza takes one argument")
    share = parse_base64(stanza.args[0])
    if len(share) != KEY_LENGTH:
        raise AgeHeaderError(f"the share of an X25519 stanza has {KEY_LENGTH} bytes")
    _require_wrapped_length(stanza)
    return share


def _require_wrapped_length(stanza: Stanza) -> None:
    """Before any decryption: a longer body could be made to open under several keys."""
    if len(stanza.body) != FILE_KEY_LENGTH + _TAG_LENGTH:
        raise AgeHeaderError(f"the body of the {stanza.type} stanza does not hold a file key")


def _private_key(seed: bytes) -> X25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return X25519PrivateKey.from_private_bytes(seed)


def _agree(private: X25519PrivateKey, public: bytes, low_order: Exception) -> bytes:
    """The shared secret; raises `low_order` if it would be all zero."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    try:
        return private.exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError as error:
        raise low_order from error


def _stretch(passphrase: str, salt: bytes, log_n: int) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    kdf = Scrypt(salt=_SCRYPT_LABEL + salt, length=KEY_LENGTH, n=2**log_n, r=8, p=1)
    try:
        return kdf.derive(passphrase.encode())
    except MemoryError as error:
        raise AgeHeaderError(
            f"this computer has too little memory for a passphrase of work factor 2^{log_n}"
        ) from error


def _wrap(file_key: bytes, wrap_key: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    # Each wrap key is used once, so the nonce may stay the same.
    return ChaCha20Poly1305(wrap_key).encrypt(_ZERO_NONCE, file_key, None)


def _unwrap(body: bytes, wrap_key: bytes) -> bytes | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    try:
        return ChaCha20Poly1305(wrap_key).decrypt(_ZERO_NONCE, body, None)
    except InvalidTag:
        return None

"""The header of an age file: stanzas that wrap the file key, and the MAC over them."""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Protocol

from coachbook.age.armor import is_armored
from coachbook.errors import AgeHeaderError, AgeMacError
from coachbook.values import frozen

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.hmac import HMAC

FILE_KEY_LENGTH = 16
NONCE_LENGTH = 16
SCRYPT = "scrypt"
"""The stanza type that stands alone or not at all."""

_VERSION_LINE = b"age-encryption.org/v1\n"
_ANY_VERSION = b"age-encryption.org/"
_COLUMNS = 64
_STANZA = re.compile(rb"-> ([!-~]+(?: [!-~]+)*)\n((?:[0-9A-Za-z+/]{64}\n)*[0-9A-Za-z+/]{0,63})\n")
_MAC_LINE = re.compile(rb"--- ([0-9A-Za-z+/]{43})\n")
_ARGUMENT = re.compile(r"[!-~]+")

Random = Callable[[int], bytes]
"""Returns that many unpredictable bytes, as `os.urandom` does."""


@frozen
class Stanza:
    """One recipient's line of the header: its type, arguments and body."""

    type: str
    args: tuple[str, ...] = ()
    body: bytes = field(default=b"", repr=False)


@frozen
class Header:
    """A header as read: nothing in it is trusted until the MAC is checked."""

    stanzas: tuple[Stanza, ...]
    mac: bytes
    header_bytes: bytes = field(repr=False)
    """What the MAC covers: everything up to and including the three dashes."""
    payload_offset: int


class Recipient(Protocol):
    """Someone a file can be encrypted to."""

    def wrap(self, file_key: bytes, random: Random) -> tuple[Stanza, ...]:
        """The stanzas from which this recipient's identity gets the file key back."""


class Identity(Protocol):
    """Someone who may be able to open a file."""

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """The file key, or None if no stanza is for this identity."""


def derive(secret: bytes, *, salt: bytes, info: bytes) -> bytes:
    """32 bytes by HKDF-SHA-256."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(secret)


def format_base64(data: bytes) -> str:
    """Base64 as headers have it, without padding."""
    return binascii.b2a_base64(data, newline=False).rstrip(b"=").decode("ascii")


def parse_base64(text: str | bytes) -> bytes:
    """The data, if the text is its one canonical spelling without padding."""
    raw = text.encode("ascii") if isinstance(text, str) else text
    try:
        data = binascii.a2b_base64(raw + b"=" * (-len(raw) % 4), strict_mode=True)
    except binascii.Error as error:
        raise _not_base64() from error
    if binascii.b2a_base64(data, newline=False).rstrip(b"=") != raw:
        raise _not_base64()
    return data


def format_header(stanzas: Sequence[Stanza], file_key: bytes) -> bytes:
    """The whole header, with a MAC under the file key."""
    _require_lawful(stanzas)
    header_bytes = _VERSION_LINE + b"".join(map(_format_stanza, stanzas)) + b"---"
    mac = format_base64(_mac(header_bytes, file_key).finalize())
    return header_bytes + f" {mac}\n".encode("ascii")


def read_header(data: bytes) -> Header:
    """The header of an age file, for which no key is needed.

    It is not authenticated: whoever could write the file could write anything here.
    """
    _require_version(data)
    stanzas: list[Stanza] = []
    at = len(_VERSION_LINE)
    while match := _STANZA.match(data, at):
        stanzas.append(_parse_stanza(match))
        at = match.end()
    end = _MAC_LINE.match(data, at)
    if end is None or len(data) < end.end() + NONCE_LENGTH:
        raise _malformed(data, at)
    _require_lawful(stanzas)
    return Header(tuple(stanzas), parse_base64(end[1]), data[: at + 3], end.end())


def require_mac(header: Header, file_key: bytes) -> None:
    """Raises AgeMacError unless the header is as its writer left it."""
    from cryptography.exceptions import InvalidSignature

    try:
        _mac(header.header_bytes, file_key).verify(header.mac)
    except InvalidSignature as error:
        raise AgeMacError(
            "the header of the age file was altered: its MAC does not match",
            hint="restore the last good copy of the file",
        ) from error


def _mac(header_bytes: bytes, file_key: bytes) -> HMAC:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.hmac import HMAC

    mac = HMAC(derive(file_key, salt=b"", info=b"header"), SHA256())
    mac.update(header_bytes)
    return mac


def _format_stanza(stanza: Stanza) -> bytes:
    words = (stanza.type, *stanza.args)
    if not all(map(_ARGUMENT.fullmatch, words)):
        raise AgeHeaderError(
            "a stanza argument is empty or holds a character other than visible ASCII"
        )
    body = format_base64(stanza.body)
    # The last line is shorter than 64 columns, so a full one is followed by an empty one.
    lines = [body[at : at + _COLUMNS] for at in range(0, len(body) + 1, _COLUMNS)]
    return "\n".join([f"-> {' '.join(words)}", *lines, ""]).encode("ascii")


def _parse_stanza(match: re.Match[bytes]) -> Stanza:
    kind, *args = match[1].decode("ascii").split(" ")
    return Stanza(kind, tuple(args), parse_base64(match[2].replace(b"\n", b"")))


def _require_lawful(stanzas: Sequence[Stanza]) -> None:
    """A passphrase promises that its holder wrote the file; beside a key it could not."""
    if not stanzas:
        raise AgeHeaderError("the age header names no recipient")
    if len(stanzas) > 1 and any(stanza.type == SCRYPT for stanza in stanzas):
        raise AgeHeaderError("a passphrase stands beside another recipient, it must be alone")


def _require_version(data: bytes) -> None:
    if data.startswith(_VERSION_LINE):
        return
    if is_armored(data):
        raise AgeHeaderError("the age file is armored", hint="take the armor off first")
    if data.startswith(_ANY_VERSION):
        raise AgeHeaderError(
            "line 1 of the age header names a version or line ending other than v1 and LF",
            hint="a newer coachbook may be needed, or the file was changed as if it were text",
        )
    raise AgeHeaderError("the file does not start as an age file does")


def _malformed(data: bytes, at: int) -> AgeHeaderError:
    line = data.count(b"\n", 0, at) + 1
    found = {b"->": "a malformed recipient stanza", b"--": "a malformed or cut off MAC line"}.get(
        data[at : at + 2], "neither a recipient stanza nor the MAC"
    )
    return AgeHeaderError(
        f"line {line} of the age header: {found}", hint="restore the last good copy of the file"
    )


def _not_base64() -> AgeHeaderError:
    return AgeHeaderError("the age header holds base64 that is not canonical")

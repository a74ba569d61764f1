"""Bech32, the spelling of age keys: a prefix, the digit 1, data, a checksum.

As BIP 173 defines it, without its limit on length. Messages never quote what was given,
since it may be a private key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.errors import KeyringError

if TYPE_CHECKING:
    from collections.abc import Iterable

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_NO_DIGIT = 255
_VALUES = bytes(
    _ALPHABET.index(chr(code)) if chr(code) in _ALPHABET else _NO_DIGIT for code in range(256)
)
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM_LENGTH = 6
_DIGIT_BITS = 5
_HINT = "copy the whole key again; it is one line without spaces"


def format_bech32(prefix: str, data: bytes) -> str:
    """The data in lower case behind a lower-case prefix."""
    digits = _digits(data)
    checksum = _polymod([*_expand(prefix), *digits, *[0] * _CHECKSUM_LENGTH]) ^ 1
    tail = (
        checksum >> _DIGIT_BITS * (_CHECKSUM_LENGTH - 1 - place) & 31
        for place in range(_CHECKSUM_LENGTH)
    )
    return prefix + "1" + "".join(_ALPHABET[digit] for digit in (*digits, *tail))


def parse_bech32(prefix: str, text: str) -> bytes:
    """The data behind a lower-case prefix; `text` is lower case; raises KeyringError."""
    found, separator, tail = text.rpartition("1")
    if not separator or found != prefix:
        raise KeyringError(f"the key does not start with {prefix}1", hint=_HINT)
    digits = tail.encode("ascii", "replace").translate(_VALUES)
    if _NO_DIGIT in digits or len(digits) < _CHECKSUM_LENGTH:
        raise KeyringError("the key holds a character that no key has, or is cut", hint=_HINT)
    if _polymod([*_expand(prefix), *digits]) != 1:
        raise KeyringError("the key does not agree with its own checksum", hint=_HINT)
    return _bytes(digits[:-_CHECKSUM_LENGTH])


def _expand(prefix: str) -> list[int]:
    codes = prefix.encode("ascii")
    return [code >> _DIGIT_BITS for code in codes] + [0] + [code & 31 for code in codes]


def _polymod(digits: Iterable[int]) -> int:
    remainder = 1
    for digit in digits:
        remainder = (remainder & 0x1FFFFFF) << _DIGIT_BITS ^ digit ^ _FEEDBACK[remainder >> 25]
    return remainder


def _feedback(top: int) -> int:
    total = 0
    for place, generator in enumerate(_GENERATORS):
        if top >> place & 1:
            total ^= generator
    return total


_FEEDBACK = tuple(_feedback(top) for top in range(32))


def _digits(data: bytes) -> list[int]:
    count = -(-len(data) * 8 // _DIGIT_BITS)
    number = int.from_bytes(data, "big") << count * _DIGIT_BITS - len(data) * 8
    return [number >> _DIGIT_BITS * place & 31 for place in reversed(range(count))]


def _bytes(digits: bytes) -> bytes:
    number = 0
    for digit in digits:
        number = number << _DIGIT_BITS | digit
    length, spare = divmod(len(digits) * _DIGIT_BITS, 8)
    if spare >= _DIGIT_BITS or number & (1 << spare) - 1:
        raise KeyringError("the key is not in its one canonical form", hint=_HINT)
    return (number >> spare).to_bytes(length, "big")

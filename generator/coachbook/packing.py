"""Private pages are packed before they are sealed, and padded so that their length tells little.

    pack(b"...")     # gzip, its length a multiple of 2,048 bytes
    unpack(packed)   # the bytes as they were

The format is plain gzip (RFC 1952), so that `age -d` and `gunzip` open a page without this
program; the padding is an extra field of the gzip header (section 2.3.1.1), which every reader
of the format passes over. What is packed is one page for one audience, and no outsider chooses
any part of it: nothing can be learnt by watching lengths while adding text.
"""

from __future__ import annotations

import struct
import zlib

from coachbook.errors import UsageError

PAD_TO = 2048
"""Bytes; a packed page is a whole number of these."""

_LEVEL = 3  # half the time of the usual 6, for a twentieth more
_RAW = -15  # deflate without a wrapper of zlib's own
_GZIP = 31  # deflate with the wrapper of gzip
_HEAD = b"\x1f\x8b\x08\x04" + bytes(4) + b"\x00\xff"  # with an extra field; no time, no system
_FIELD = b"cb"
_EXTRA = 6  # bytes of lengths and the field's name


def pack(data: bytes) -> bytes:
    """The data as gzip, padded to a whole number of `PAD_TO` bytes."""
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW)
    body = deflate.compress(data) + deflate.flush()
    tail = struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)
    padding = -(len(_HEAD) + _EXTRA + len(body) + len(tail)) % PAD_TO
    extra = struct.pack("<H2sH", padding + 4, _FIELD, padding) + bytes(padding)
    return b"".join((_HEAD, extra, body, tail))


def unpack(packed: bytes) -> bytes:
    """The bytes as they were; raises UsageError where they are damaged."""
    try:
        return zlib.decompress(packed, _GZIP)
    except zlib.error as error:
        raise UsageError("a page is damaged: it cannot be unpacked") from error

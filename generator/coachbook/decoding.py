"""Bytes of a file to text and back: UTF-8, with or without a byte order mark."""

from __future__ import annotations

from coachbook.errors import FrontMatterError

_BOM = b"\xef\xbb\xbf"
_FOREIGN = (
    (b"PK\x03\x04", "a Word document or zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Word document"),
    (b"{\\rtf", "a rich text document"),
    (b"%PDF", "a PDF"),
)
_SAVE_AS = "save it again as plain text, encoding UTF-8, with a name that ends in .md"


def decode(data: bytes) -> tuple[str, bool]:
    """The text of a file, and whether a byte order mark stood before it."""
    for start, kind in _FOREIGN:
        if data.startswith(start):
            raise _not_text(f"this is {kind}, not text")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:4]:
        raise _not_text("this is saved as UTF-16, expected UTF-8")
    bom = data.startswith(_BOM)
    body = data.removeprefix(_BOM)
    if (at := body.find(b"\x00")) >= 0:
        raise _not_text("a NUL byte stands here, expected text", line=body.count(b"\n", 0, at) + 1)
    try:
        return body.decode("utf-8"), bom
    except UnicodeDecodeError as error:
        raise _not_utf8(body, error.start) from error


def _not_text(message: str, *, line: int = 1, column: int = 1) -> FrontMatterError:
    return FrontMatterError(message, line=line, column=column, hint=_SAVE_AS)


def _not_utf8(body: bytes, at: int) -> FrontMatterError:
    start = body.rfind(b"\n", 0, at) + 1
    column = len(body[start:at].decode("utf-8")) + 1
    line = body.count(b"\n", 0, at) + 1
    return _not_text("a character here is not UTF-8", line=line, column=column)


def encode(text: str, *, bom: bool) -> bytes:
    """The bytes of a file with this text."""
    return (_BOM if bom else b"") + text.encode("utf-8")

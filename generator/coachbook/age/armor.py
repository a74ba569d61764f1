"""The strict ASCII armor around an age file.

Armor is not authenticated, so leniency here would let one file have many spellings. Only
white space around the block and the choice between LF and CRLF are free; the lines between
are 64 columns of canonical, padded base64.
"""

from __future__ import annotations

import binascii

from coachbook.errors import AgeArmorError

_BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
_END = b"-----END AGE ENCRYPTED FILE-----"
_FIRST, _LAST = _BEGIN + b"\n", b"\n" + _END + b"\n"
_COLUMNS = 64
_OUTER_SPACE = b" \t\r\n"
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_PADDINGS = ((b"", _ALPHABET), (b"=", b"AEIMQUYcgkosw048"), (b"==", b"AQgw"))
"""How base64 is filled up, and what may stand before: where it ends early, spare bits are zero."""
_CHARACTERS, _BYTES = 4, 3
"""So many characters of base64 stand for so many bytes."""

_HINT = "copy the block again from its BEGIN line to its END line, or restore the last good file"


def armor(data: bytes) -> str:
    """The age file as ASCII lines, ending in a line feed."""
    encoded = binascii.b2a_base64(data, newline=False).decode("ascii")
    lines = [encoded[at : at + _COLUMNS] for at in range(0, len(encoded), _COLUMNS)]
    return "\n".join([_BEGIN.decode("ascii"), *lines, _END.decode("ascii"), ""])


def dearmor(text: str | bytes) -> bytes:
    """The age file inside the armor; raises AgeArmorError unless the armor is exact."""
    block = _ascii(text).strip(_OUTER_SPACE)
    if exact := _exact(block + b"\n"):
        return binascii.a2b_base64(exact[0])  # which passes over the line breaks
    return _decode(b"".join(_body(block)))


def peek(text: str, size: int) -> tuple[bytes, int] | None:
    """About the first `size` bytes of an age file, and how long the whole of it is.

    None where the armor is not exactly as it is written here; `dearmor` then knows more. All of
    the armor is looked at and only its beginning decoded, because `check` asks this of every
    block of a workspace.
    """
    exact = _exact(text.encode("ascii", "replace"))
    if exact is None:
        return None
    body, length = exact
    lines = -(-size * _CHARACTERS // (_BYTES * _COLUMNS))
    return binascii.a2b_base64(body[: lines * (_COLUMNS + 1)]), length


def _exact(block: bytes) -> tuple[bytes, int] | None:
    """The lines between BEGIN and END, and how many bytes they stand for.

    None where they differ in anything from armor as it is written here: rows of 64 columns and a
    last one, in canonical, padded base64.
    """
    body = block[len(_FIRST) : -len(_LAST)]
    is_framed = block.startswith(_FIRST) and block.endswith(_LAST)
    if not is_framed or not body or len(block) != len(_FIRST) + len(body) + len(_LAST):
        return None
    rows = len(body) // (_COLUMNS + 1)
    characters, breaks = len(body) - rows, b"\n" * rows
    others = body.translate(None, _ALPHABET)
    missing = len(others) - rows
    if not 0 <= missing < len(_PADDINGS) or characters % _CHARACTERS:
        return None
    padding, before = _PADDINGS[missing]
    is_canonical = (
        others == breaks + padding
        and body[_COLUMNS :: _COLUMNS + 1] == breaks
        and body.endswith(padding)
        and body[-1 - missing] in before
    )
    return (body, characters // _CHARACTERS * _BYTES - missing) if is_canonical else None


def _body(block: bytes) -> list[bytes]:
    """The lines between BEGIN and END, each of its right length; raises AgeArmorError."""
    lines = _lines(block)
    if lines[0] != _BEGIN:
        raise _fault(1, "something other than the BEGIN line")
    if len(lines) == 1 or lines[-1] != _END:
        raise _fault(len(lines), "something other than the END line")
    body = lines[1:-1]
    _require_columns(body)
    return body


def is_armored(data: bytes) -> bool:
    """True if the bytes start as armor does, after white space."""
    return data.lstrip(_OUTER_SPACE).startswith(_BEGIN)


def _ascii(text: str | bytes) -> bytes:
    if isinstance(text, bytes):
        return text
    try:
        return text.encode("ascii")
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise _fault(line, "a character that is not ASCII") from error


def _lines(block: bytes) -> list[bytes]:
    """The lines of the block, all ended alike."""
    ending = b"\r\n" if b"\r\n" in block else b"\n"
    lines = block.split(ending)
    for number, line in enumerate(lines, start=1):
        if b"\n" in line or b"\r" in line:
            raise _fault(number, "two kinds of line ending")
    return lines


def _require_columns(body: list[bytes]) -> None:
    for number, line in enumerate(body, start=2):
        is_last = number == len(body) + 1
        if len(line) > _COLUMNS or not line or (len(line) < _COLUMNS and not is_last):
            raise _fault(number, f"{len(line)} columns, expected {_COLUMNS}")


def _decode(encoded: bytes) -> bytes:
    try:
        data = binascii.a2b_base64(encoded, strict_mode=True)
    except binascii.Error as error:
        raise _not_base64() from error
    if binascii.b2a_base64(data, newline=False) != encoded:
        raise _not_base64()
    return data


def _not_base64() -> AgeArmorError:
    return AgeArmorError("the armor does not hold canonical base64", hint=_HINT)


def _fault(line: int, found: str) -> AgeArmorError:
    return AgeArmorError(f"line {line} of the armor holds {found}", hint=_HINT)

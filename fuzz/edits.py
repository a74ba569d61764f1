"""Edits as people, editors and enemies make them, drawn from a feed of choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fuzz.feed import Feed

PIECES = (
    *(b"", b"\n", b"\n\n", b" ", b"\t", b"\r", b"\r\n", b"\x00", b"\xff", b"\xef\xbb\xbf"),
    *(b"```\n", b"~~~\n", b"```age coach\n", b"```age coach, coachee, head\n", b"revision: 2\n"),
    *(b"## Notes\n", b"# Notes\n", b"## Coach notes\n", b"Coach notes\n---\n", b"**Notes**\n"),
    *(b"##Notes\n", b" ## Notes\n", b"## notes\n", b"### Notes\n", b"## Notes ##\n"),
    *(b"She said it was hard.\n", b"\n---\n", b"---\n", b"<<<<<<< ours\n", b"=======\n"),
    *(b">>>>>>> theirs\n", b"-----BEGIN AGE ENCRYPTED FILE-----\n"),
    b"-----END AGE ENCRYPTED FILE-----\n",
    *(b"type: concern\n", b"form: x@1\n", b"[" * 70, b"&a ", b"*a", b"!!python/name:os.system "),
    *(b"# a comment\n", b" # lost", b'"', b"'", b": ", b"- ", b"null", b"{", b"|", b"\\"),
    "“Zoë”".encode(),
    "\u00a0".encode(),
    "\u202e".encode(),
    "\u2028".encode(),
)
_LONGEST = 120


def edited(source: bytes, feed: Feed) -> bytes:
    """The source with one stretch put out, replaced, doubled or moved, by a line or a letter."""
    return feed.pick(_EDITS)(source, feed)


def _replaced(source: bytes, feed: Feed) -> bytes:
    start, length = feed.number(len(source)), feed.number(_LONGEST)
    return source[:start] + feed.pick(PIECES) + source[start + length :]


def _inserted(source: bytes, feed: Feed) -> bytes:
    start = feed.number(len(source))
    return source[:start] + feed.pick(PIECES) + source[start:]


def _typed(source: bytes, feed: Feed) -> bytes:
    """One letter is another."""
    at = feed.number(max(len(source) - 1, 0))
    return source[:at] + feed.take(1) + source[at + 1 :]


def _line_lost(source: bytes, feed: Feed) -> bytes:
    lines = source.splitlines(keepends=True)
    del lines[_line(lines, feed) : _line(lines, feed) + 1]
    return b"".join(lines)


def _line_moved(source: bytes, feed: Feed) -> bytes:
    lines = source.splitlines(keepends=True)
    if lines:
        line = lines.pop(_line(lines, feed))
        lines.insert(feed.number(len(lines)), line)
    return b"".join(lines)


def _line_doubled(source: bytes, feed: Feed) -> bytes:
    lines = source.splitlines(keepends=True)
    if lines:
        lines.insert(feed.number(len(lines)), lines[_line(lines, feed)])
    return b"".join(lines)


def _line_added(source: bytes, feed: Feed) -> bytes:
    lines = source.splitlines(keepends=True)
    lines.insert(feed.number(len(lines)), feed.pick(PIECES).strip(b"\n") + b"\n")
    return b"".join(lines)


def _line(lines: list[bytes], feed: Feed) -> int:
    return feed.number(max(len(lines) - 1, 0))


_EDITS = (
    _replaced,
    _inserted,
    _typed,
    _line_lost,
    _line_moved,
    _line_doubled,
    _line_added,
)

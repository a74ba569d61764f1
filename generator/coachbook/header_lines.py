"""Where a header begins and ends, and which characters may stand in it.

Both are decided on the text, before any YAML is read: a line that only looks like the closing
`---` would else put the body, and what is confidential in it, into the header.
"""

from __future__ import annotations

import re

from coachbook.errors import FrontMatterError

_OPEN = re.compile(r"---\r?\n")
# Patterns that begin with the line break before their line are found several times faster.
_CLOSE = re.compile(r"\n---\r?(?:\n|\Z)")
_ALMOST = re.compile(r"\n(?:[^\S\n]*(?:-{2,}|[—–]+|\.\.\.)[^\S\n]*(?=\n|\Z)|---[ \t])")
_HEADER_LINE = re.compile(r"[A-Za-z_][\w.-]*:(?:\s|$)|[ \t]*- |[ \t]+\S|#(?!#)|\s*$")
_MERGE = re.compile(r"\n(?:<{7}|={7}|>{7})(?= |\r?\n|\Z)")
_MERGED_KEY = re.compile(r"<{7}[^\n]*\n(?:={7}\r?\n)?([A-Za-z_][\w.-]*):")
_FIX = "`coachbook fix` will do it"
_NO_SPACE = re.compile(r"\n([A-Za-z_][\w.-]*):(?=[^\s:])")
_UNSEEN = (
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufff9-\ufffb"
    "\U000e0000-\U000e007f"
)
"""Letters without a shape, and those that turn the order round in which the others are read."""

UNSEEN = re.compile(f"[{_UNSEEN}]")
HIDDEN = re.compile(f"[\t\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff{_UNSEEN}]|\r(?!\n)")
HARD_SPACES = "\u00a0\u2007\u202f"
_HARD_SPACE = re.compile(f"[{HARD_SPACES}]")


def has_header(text: str) -> bool:
    """True if the header is properly opened and closed, so that all in it is header."""
    try:
        find_bounds(text)
    except FrontMatterError:
        return False
    return True


def find_bounds(text: str) -> tuple[int, int, int]:
    """Offsets: first line of the header, its closing line, the body behind that."""
    opening = _OPEN.match(text)
    if opening is None:
        raise _no_opening(text)
    start = opening.end()
    closing = _CLOSE.search(text, start - 1)
    end = closing.start() + 1 if closing else len(text)
    heading = text.find("\n##", start - 1, end) + 1
    if almost := _ALMOST.search(text, start - 1, heading or end):
        raise FrontMatterError(
            "this line looks like the end of the header, and is not exactly `---`",
            line=text.count("\n", 0, almost.start() + 1) + 1,
            hint="write three hyphens from the start of the line, with nothing behind them",
        )
    if closing is None or heading:
        raise _never_closed(text, start)
    return start, end, closing.end()


def _no_opening(text: str) -> FrontMatterError:
    first = text.split("\n", 1)[0].strip()
    line = 1
    if not text.strip():
        message = "the file is empty, expected a header"
    elif first.strip("-—–") == "" and first:
        message = "the first line is not exactly `---`"
    elif not first:
        message = "blank lines stand before the header"
    else:
        message = "the file does not begin with a header"
    return FrontMatterError(message, line=line, hint="make `---` the first line of the file")


def _never_closed(text: str, start: int) -> FrontMatterError:
    last = number = 1
    for row in text[start:].split("\n"):
        number += 1
        if not _HEADER_LINE.match(row):
            break
        if row.strip():
            last = number
    return FrontMatterError(
        "the header opened on line 1 is never closed", line=1, hint=f"add `---` after line {last}"
    )


def require_visible(text: str, start: int, end: int) -> None:
    """Refuses in a header what a person cannot see and YAML reads as something else."""
    if match := _MERGE.search(text, start - 1, end):
        key = _MERGED_KEY.match(text, match.start() + 1)
        raise _at(
            text,
            match.start() + 1,
            "a merge was left unfinished here" + (f": two versions of `{key[1]}`" if key else ""),
            "choose one side, and delete the lines with <<<<<<<, ======= and >>>>>>>",
        )
    if match := HIDDEN.search(text, start, end):
        raise _hidden(text, match)
    if not text.isascii():
        _require_soft_spaces(text, start, end)
    if match := _NO_SPACE.search(text, start - 1, end):
        hint = f"write `{match[1]}: ` and then the value"
        raise _at(text, match.end(), "a space is missing after the colon", hint)


def _require_soft_spaces(text: str, start: int, end: int) -> None:
    """Hard spaces are fine between the words of a value, and nowhere else."""
    for match in _HARD_SPACE.finditer(text, start, end):
        at = match.start()
        before = text[text.rfind("\n", 0, at) + 1 : at].rstrip(f" {HARD_SPACES}")
        behind = text[at + 1 : text.find("\n", at)].strip(f"\r {HARD_SPACES}")
        name, colon, value = before.partition(":")
        if not behind or not name.strip("- ") or (not value and (colon or ":" in behind)):
            raise _at(
                text,
                at,
                "a hard space came from Word and stands where a space belongs",
                f"replace it with an ordinary space, {_FIX}",
            )


def _hidden(text: str, match: re.Match[str]) -> FrontMatterError:
    at = match.start()
    if match[0] != "\t":
        hint = "delete it and write the line again"
        return _at(text, at, "an invisible control character stands here", hint)
    if text[text.rfind("\n", 0, at) : at].strip():
        return _at(text, at, "a tab stands in the header", f"use a space, {_FIX}")
    is_entry = text[at:].lstrip(" \t").startswith("-")
    hint = "use two spaces" if is_entry else "begin the line at the left edge"
    return _at(text, at, "a tab is used for indentation", f"{hint}, {_FIX}")


def _at(text: str, offset: int, message: str, hint: str) -> FrontMatterError:
    line = text.count("\n", 0, offset) + 1
    column = offset - text.rfind("\n", 0, offset)
    return FrontMatterError(message, line=line, column=column, hint=hint)

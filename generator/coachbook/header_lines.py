"""Where a header begins and ends, and which characters may stand in it.

Both are decided on the text, before any YAML is read: a line that only looks like the closing
`---` would else put the body, and what is confidential in it, into the header.
"""

from __future__ import annotations

import re

from coachbook.errors import FrontMatterError

_OPEN = re.compile(r"---\r?\n")
_CLOSE = re.compile(r"^---\r?(?:\n|\Z)", re.MULTILINE)
_ALMOST = re.compile(r"^[^\S\n]*(?:-{2,}|[—–]+|\.\.\.)[^\S\n]*$|^---[ \t].*$", re.MULTILINE)
_HEADER_LINE = re.compile(r"[A-Za-z_][\w.-]*:(?:\s|$)|[ \t]*- |[ \t]+\S|#(?!#)|\s*$")
_MERGE = re.compile(r"^(?:<{7}|={7}|>{7})(?: |\r?$)", re.MULTILINE)
_HEADING = re.compile(r"^##", re.MULTILINE)
_NO_SPACE = re.compile(r"^([A-Za-z_][\w.-]*):(?=[^\s:])", re.MULTILINE)
HIDDEN = re.compile("[\t\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]|\r(?!\n)")
HARD_SPACES = "\u00a0\u2007\u202f"
_HARD_SPACE = re.compile(
    rf"^[ ]*[{HARD_SPACES}]|^[^:\n]*[{HARD_SPACES}][^:\n]*:|:[ ]*[{HARD_SPACES}]"
    rf"|-[ ]?[{HARD_SPACES}]|[{HARD_SPACES}][ ]*\r?$",
    re.MULTILINE,
)


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
    closing = _CLOSE.search(text, start)
    end = closing.start() if closing else len(text)
    heading = _HEADING.search(text, start, end)
    if almost := _ALMOST.search(text, start, heading.start() if heading else end):
        raise FrontMatterError(
            "this line looks like the end of the header, and is not exactly `---`",
            line=text.count("\n", 0, almost.start()) + 1,
            hint="write three hyphens from the start of the line, with nothing behind them",
        )
    if closing is None or heading is not None:
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


def require_visible(header: str) -> None:
    """Refuses what a person cannot see and YAML reads as something else."""
    if match := _MERGE.search(header):
        raise _at(
            header,
            match.start(),
            "a merge was left unfinished here",
            "choose one side, and delete the lines with <<<<<<<, ======= and >>>>>>>",
        )
    if match := HIDDEN.search(header):
        raise _hidden(header, match)
    if match := _HARD_SPACE.search(header):
        at = next(i for i in range(match.start(), match.end()) if header[i] in HARD_SPACES)
        raise _at(
            header,
            at,
            "a hard space came from Word and stands where a space belongs",
            "replace it with an ordinary space, `coachbook fix` will do it",
        )
    if match := _NO_SPACE.search(header):
        hint = f"write `{match[1]}: ` and then the value"
        raise _at(header, match.end(), "a space is missing after the colon", hint)


def _hidden(header: str, match: re.Match[str]) -> FrontMatterError:
    if match[0] != "\t":
        hint = "delete it and write the line again"
        return _at(header, match.start(), "an invisible control character stands here", hint)
    line_start = header.rfind("\n", 0, match.start()) + 1
    is_indent = not header[line_start : match.start()].strip()
    message = "a tab is used for indentation" if is_indent else "a tab stands in the header"
    return _at(header, match.start(), message, "use two spaces, `coachbook fix` will do it")


def _at(header: str, offset: int, message: str, hint: str) -> FrontMatterError:
    line = header.count("\n", 0, offset) + 2
    column = offset - header.rfind("\n", 0, offset)
    return FrontMatterError(message, line=line, column=column, hint=hint)

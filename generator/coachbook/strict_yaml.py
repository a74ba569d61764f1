"""YAML read strictly: one document, plain words stay words, nothing clever.

libyaml hands over a stream of events, so nothing here recurses and every fault has a line and
a column. Anchors, aliases, tags, merge keys and doubled keys are refused. A plain scalar is a
yes/no only as `true` or `false`, a number only as a whole number, a date only as 2026-11-12;
anything else is text, and the form decides what it means. So `start: 10:00` stays "10:00" and
`on_track: no` stays "no", which PyYAML's own loader reads as 600 and False.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

from coachbook.errors import FrontMatterError, InputError
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable

try:
    from yaml.cyaml import CParser  # type: ignore[attr-defined] # the stubs forget it
except ImportError as error:  # pragma: no cover: PyYAML's own wheels all bring libyaml
    raise InputError(
        "PyYAML was installed without libyaml, which coachbook needs",
        hint="install PyYAML from a wheel: python -m pip install --force-reinstall PyYAML",
    ) from error

Scalar: TypeAlias = str | int | bool | date | None
Event: TypeAlias = Any
"""One of yaml.events; their stubs do not say which attributes each has."""

_WORDS: dict[str, Scalar] = {"true": True, "false": False, "": None, "null": None, "~": None}
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DEPTH = 8
_CURLY_VALUE = re.compile(r"[^:]*:\s*[“”„‘’‚]")  # noqa: RUF001 (quotes as Word writes them)
_SECOND_COLON = re.compile(r"([A-Za-z_][\w.-]*):[ ]+([^'\"\[{].*)")
_EACH_LINE = "each line of a header is `name: value`"


@frozen
class Limits:
    """The most of everything that is read; more is refused before libyaml sees it.

    Deep nesting makes libyaml's composer overrun the stack, which nothing can catch.
    """

    size: int
    brackets: int


FORM_LIMITS = Limits(size=256 * 1024, brackets=4096)


def resolve_scalar(text: str, *, plain: bool) -> Scalar:
    """The value of a scalar; what stands in quotes is always text."""
    if not plain:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "-0123456789":
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DATE.fullmatch(text):
            return _date_or_text(text)
    return text


def _date_or_text(text: str) -> date | str:
    """An impossible date stays text: the form's date type has the better message."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def require_limits(text: str, limits: Limits, *, line: int) -> None:
    """Raises FrontMatterError if the text is too long or too deeply bracketed to be read."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > limits.size:
        raise FrontMatterError(
            f"the header is {-(-size // 1024)} KiB long, {limits.size // 1024} KiB is the most",
            line=line,
            hint="text belongs under a section heading, below the header",
        )
    brackets = text.count("[") + text.count("{")
    if brackets > limits.brackets:
        raise FrontMatterError(
            f"the header holds {brackets} opening brackets, {limits.brackets} is the most",
            line=line,
            hint="write lists as [one, two], without brackets inside brackets",
        )


def read_events(text: str, *, line: int) -> list[Event]:
    """The events of one document that starts on `line`; raises FrontMatterError at a fault."""
    parser = CParser(text)
    events: list[Event] = []
    try:
        while (event := parser.get_event()) is not None:
            events.append(event)
    except yaml.YAMLError as error:
        raise _explain(error, text.split("\n"), line) from error
    if _CLEVER.search(text):
        _require_plain(events, line)
    return events


def _require_plain(events: list[Event], line: int) -> None:
    """Refuses a second document, and the signs that make a value something else."""
    if sum(isinstance(event, yaml.DocumentStartEvent) for event in events) > 1:
        second = [event for event in events if isinstance(event, yaml.DocumentStartEvent)][1]
        raise fault(second, line, "a second header starts here", "keep one `---` line at each end")
    for event in events:
        sign = next((sign for sign, is_used in _SIGNS if is_used(event)), "")
        if sign:
            message = f"a value cannot begin with `{sign}`"
            raise fault(event, line, message, "put the value in quotes")


_CLEVER = re.compile(r"[&*!]|---|\.\.\.")
_SIGNS: tuple[tuple[str, Callable[[Event], bool]], ...] = (
    ("*", lambda event: isinstance(event, yaml.AliasEvent)),
    ("&", lambda event: getattr(event, "anchor", None) is not None),
    ("!", lambda event: getattr(event, "tag", None) is not None),
)


def fault(event: Event, line: int, message: str, hint: str) -> FrontMatterError:
    """The error for what starts at the event."""
    mark = event.start_mark
    return FrontMatterError(message, line=line + mark.line, column=mark.column + 1, hint=hint)


def parse_yaml(data: bytes, name: str) -> dict[str, object]:
    """The mapping in a YAML file, nested; `name` is the file's, for messages."""
    try:
        text = data.decode("utf-8")
        require_limits(text, FORM_LIMITS, line=1)
        return _read_document(text)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FrontMatterError(f"{name}: not UTF-8 text", line=line) from error
    except FrontMatterError as error:
        raise FrontMatterError(
            f"{name}: {error.message}", line=error.line, column=error.column, hint=error.hint
        ) from error


def _read_document(text: str) -> dict[str, object]:
    """Builds the tree with a stack of open containers, so that depth is ours to bound."""
    document = _Container({})
    stack = [document]
    for event in read_events(text, line=1):
        if isinstance(event, yaml.ScalarEvent):
            stack[-1].add(event, event.value, resolve_scalar(event.value, plain=event.implicit[0]))
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(stack) > _DEPTH:
                raise fault(event, 1, "too many levels of nesting", f"{_DEPTH} is the most")
            stack.append(_Container({} if isinstance(event, yaml.MappingStartEvent) else []))
            stack[-2].add(event, None, stack[-1].items, root=len(stack) == 2)  # noqa: PLR2004 (the document and its root)
        elif isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
    root = document.items
    content = root.get("") if isinstance(root, dict) else None
    if not isinstance(content, dict):
        raise FrontMatterError("the file is not a mapping", line=1, hint=_EACH_LINE)
    return content


class _Container:
    """A mapping or list that is being filled."""

    __slots__ = ("_key", "items")

    def __init__(self, items: dict[str, object] | list[object]) -> None:
        self.items = items
        self._key: str | None = None

    def add(self, event: Event, text: str | None, value: object, *, root: bool = False) -> None:
        """Takes the next key, value or item."""
        if isinstance(self.items, list):
            self.items.append(value)
        elif root:
            self.items[""] = value
        elif self._key is not None:
            self.items[self._key] = value
            self._key = None
        else:
            self._key = self._require_key(event, text, value)

    def _require_key(self, event: Event, text: str | None, value: object) -> str:
        if text is None or not isinstance(value, str) or text == "<<":
            raise fault(event, 1, "a name here must be a word", "put it in quotes if it is one")
        if text in self.items:
            raise fault(event, 1, f"`{text}` appears twice", "keep one")
        return text


def _explain(error: yaml.YAMLError, lines: list[str], line: int) -> FrontMatterError:
    """What a person can do about an error of libyaml's scanner or parser."""
    problem = str(getattr(error, "problem", "") or "")
    place = getattr(error, "problem_mark", None)
    context = getattr(error, "context_mark", None)
    if context is not None and _starts_earlier(problem):
        place = context
    at, column = (place.line, place.column) if place else (0, 0)
    at = min(at, len(lines) - 1)
    message, hint = _reason(problem, lines[at].rstrip("\r"), column)
    return FrontMatterError(message, line=line + at, column=column + 1, hint=hint)


def _starts_earlier(problem: str) -> bool:
    """True where libyaml notices at the end what went wrong at the start."""
    return any(
        words in problem
        for words in ("unexpected end of stream", "could not find expected ':'", "',' or ']'")
    )


def _reason(problem: str, row: str, column: int) -> tuple[str, str]:
    for explain in (_by_row, _by_problem):
        if reason := explain(problem, row, column):
            return reason
    return "this line cannot be read", _EACH_LINE


def _by_row(problem: str, row: str, _column: int) -> tuple[str, str] | None:
    """Reasons that the line itself shows."""
    if _CURLY_VALUE.match(row):
        return (
            "curly quotes came from Word and stand where straight quotes belong",
            'replace them with straight quotes ("), `coachbook fix` will do it',
        )
    if "mapping values are not allowed" in problem:
        if row[:1] == " ":
            return (
                "this line is indented, and a header has no fields inside fields",
                "begin the line at the left edge",
            )
        match = _SECOND_COLON.match(row)
        example = f": {match[1]}: {quoted(match[2].strip())}" if match else ""
        return "a second colon needs quotes", f"put the value in quotes{example}"
    return None


def _by_problem(problem: str, row: str, column: int) -> tuple[str, str] | None:
    """Reasons that only libyaml can tell."""
    if "cannot start any token" in problem and column < len(row):
        return f"a value cannot begin with `{row[column]}`", "put the value in quotes"
    for words, message, hint in _PROBLEMS:
        if words in problem:
            return message, hint
    return None


_PROBLEMS = (
    ("unexpected end of stream", "the quote that opens here is never closed", "close the quote"),
    (
        "',' or ']'",
        "the list that opens here is never closed",
        "write lists as [one, two], and put an item that holds a comma or bracket in quotes",
    ),
    (
        "expected ':'",
        "this line has no field name",
        f"{_EACH_LINE}; text belongs under a section heading, below the header",
    ),
    ("expected key", "something stands behind the closing quote", "put the whole value in quotes"),
    (
        "block sequence entries",
        "a list cannot start with `-` on this line",
        "write [one, two], or each item on a line of its own",
    ),
    ("escape character", "a backslash inside double quotes starts a code", "use single quotes"),
    ("hexdecimal", "a backslash inside double quotes starts a code", "use single quotes"),
    ("node content", "a value is missing here", "put a value that begins with a sign in quotes"),
)


def quoted(value: str) -> str:
    """The value in quotes, as it can be pasted into a header."""
    if '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'

r"""The body of a policy: headings, numbered clauses, and who can read what.

    body = parse_body("# Coaching\n\n## 4 Time\n\n4.2 A session lasts 15 minutes.\n", 1)
    body.clauses[0].number      # "4.2"

What is understood is Markdown: `#` headings, paragraphs that begin with the number of their
clause, and one table under a heading "Who can read what". Everything that is wrong with it comes
back as a fault with its place; nothing is guessed, because the table is the access rule. HTML,
fences and rows beside the table are refused: what is shown to those who ratify it is all there is.
"""

from __future__ import annotations

import re
from collections import Counter
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from coachbook.diagnostics import Span
from coachbook.header_lines import UNSEEN
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ACCESS_HEADING = "Who can read what"
"""The heading, numbered or not, that the access table stands under."""

FIRST_COLUMN = "Part of a record"
"""The head of the first column of the access table."""

PLACEHOLDER = re.compile(r"\{\{\s*([a-z][a-z0-9_.]*)\s*\}\}")
"""Where a clause shows a parameter: `{{ session.minutes.max }}`."""

TABLE_FAULT = "CB703"
PLACEHOLDER_FAULT = "CB702"
CLAUSE_FAULT = "CB701"

_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_CLAUSE = re.compile(r"(?P<number>\d+(?:\.\d+)+)\.?\s+(?P<text>\S.*)")
_NUMBERED = re.compile(r"\d+(?:\.\d+)*\.?\s+")
_RULE = re.compile(r"\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*")
_HIDING = re.compile(r"<[A-Za-z!/?]|^\s*(?:`{3}|~{3}|!{3}|\[[^\]]*\]:)|(?<!\{)\{(?!\{)")
"""HTML, a code block, a box, an address by reference, attributes in braces."""
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


class Cell(Enum):
    """What a column may do with a row; who may write may read."""

    READ = "read"
    WRITE = "write"
    FIGURES = "figures"
    NONE = "–"


_CELLS = {cell.value: cell for cell in Cell} | {"-": Cell.NONE, "—": Cell.NONE}
_OPENING = (Cell.READ, Cell.WRITE)
_NO_ALIASES: Mapping[str, str] = MappingProxyType({})


class HasWords(Protocol):
    """A policy, as far as a clause needs it."""

    def words(self, key: str, school_name: str = "") -> str:
        """What stands in a clause for a placeholder."""


@frozen
class Heading:
    """A heading of the document, as it is written; level 1 is the title."""

    text: str
    level: int
    line: int


@frozen
class Clause:
    """A numbered clause: `text` still has its placeholders, `heading` is the one above it."""

    number: str
    heading: str
    text: str
    line: int

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its placeholders, in order."""
        return tuple(PLACEHOLDER.findall(self.text))

    def rendered(self, policy: HasWords, school_name: str = "") -> str:
        """The text as it is read, with the policy's words for each placeholder."""
        return fill(self.text, lambda key: policy.words(key, school_name))


@frozen
class AccessRow:
    """A row of the access table: what each column may do with one part of the records."""

    name: str
    key: str
    cells: Mapping[str, Cell]
    line: int

    def readers(self) -> tuple[str, ...]:
        """The columns that may read or write, in the order of the table."""
        return tuple(column for column, cell in self.cells.items() if cell in _OPENING)


@frozen
class BodyFault:
    """Something wrong in the body, before it is known whose policy it is."""

    code: str
    span: Span
    message: str
    hint: str


@frozen
class Body:
    """What the body of a policy says; `table_line` is 0 when it has no access table."""

    title: str
    headings: tuple[Heading, ...]
    clauses: tuple[Clause, ...]
    placeholders: tuple[tuple[str, Span], ...]
    columns: tuple[str, ...]
    access: Mapping[str, AccessRow]
    table_line: int
    faults: tuple[BodyFault, ...]


@lru_cache(maxsize=4096)
def slug(name: str) -> str:
    """A name as a key: "Session notes" is "session-notes"."""
    return _NOT_SLUG.sub("-", name.casefold()).strip("-")


def fill(text: str, words: Callable[[str], str]) -> str:
    """The text with `words` of each key in the place of its placeholder."""
    return PLACEHOLDER.sub(lambda found: words(found[1]), text)


def parse_body(text: str, first_line: int, aliases: Mapping[str, str] = _NO_ALIASES) -> Body:
    """The parts of a policy's body; `first_line` is the number of its first line in the file.

    `aliases` gives the key of a column for other keys that it may be headed with.
    """
    lines = tuple(enumerate(text.splitlines(), first_line))
    headings = tuple(_headings(lines))
    clauses = tuple(_clauses(lines))
    table = _parse_table(_table_lines(lines), first_line, aliases)
    faults = (
        *_double_clauses(clauses),
        *_broken_placeholders(lines),
        *_hidden_parts(lines),
        *table.faults,
    )
    return Body(
        title=next((one.text for one in headings if one.level == 1), ""),
        headings=headings,
        clauses=clauses,
        placeholders=tuple(_placeholders(lines)),
        columns=table.columns,
        access={row.key: row for row in table.rows},
        table_line=table.line,
        faults=faults,
    )


_Lines = tuple[tuple[int, str], ...]


def _headings(lines: _Lines) -> Iterator[Heading]:
    for number, line in lines:
        if found := _HEADING.fullmatch(line):
            yield Heading(_heading_text(found), len(found[1]), number)


def _heading_text(found: re.Match[str]) -> str:
    """The words of a heading, without signs that close it."""
    return found[2].rstrip().rstrip("#").rstrip()


def _clauses(lines: _Lines) -> Iterator[Clause]:
    """Each clause runs to the next one or to the next heading."""
    heading = ""
    current: tuple[str, int, list[str]] | None = None
    for number, line in (*lines, (0, "# end")):
        above, start = _HEADING.fullmatch(line), _CLAUSE.fullmatch(line)
        if (above or start) and current is not None:
            yield Clause(current[0], heading, "\n".join(current[2]).strip(), current[1])
            current = None
        if above:
            heading = _heading_text(above)
        elif start:
            current = (start["number"], number, [start["text"]])
        elif current is not None:
            current[2].append(line)


def _double_clauses(clauses: tuple[Clause, ...]) -> Iterator[BodyFault]:
    counts = Counter(clause.number for clause in clauses)
    for clause in clauses:
        if counts.pop(clause.number, 1) > 1:
            message = f"the number {clause.number} stands before more than one clause"
            yield BodyFault(CLAUSE_FAULT, Span(clause.line), message, "number each clause once")


def _placeholders(lines: _Lines) -> Iterator[tuple[str, Span]]:
    for number, line in lines:
        for found in PLACEHOLDER.finditer(line):
            yield found[1], Span(number, found.start() + 1, found.end() + 1)


def _broken_placeholders(lines: _Lines) -> Iterator[BodyFault]:
    for number, line in lines:
        rest = PLACEHOLDER.sub(lambda found: " " * len(found[0]), line)
        for found in re.finditer(r"\{\{|\}\}", rest):
            yield BodyFault(
                PLACEHOLDER_FAULT,
                Span(number, found.start() + 1, found.end() + 1),
                "this is no placeholder that can be filled",
                "write two braces, the key and two braces, such as {{ session.minutes.max }}",
            )


def _hidden_parts(lines: _Lines) -> Iterator[BodyFault]:
    for number, line in lines:
        if found := _HIDING.search(line):
            yield BodyFault(
                TABLE_FAULT,
                Span(number, found.start() + 1, found.end() + 1),
                "what stands here could hide a row or a clause from those who ratify this",
                "write it as plain headings, paragraphs and one table, without HTML or braces",
            )
        if found := UNSEEN.search(line):
            yield BodyFault(
                TABLE_FAULT,
                Span(number, found.start() + 1, found.end() + 1),
                "a letter that nobody sees stands here, and could turn round what is read",
                "delete it and write the line again",
            )


@frozen
class _Table:
    columns: tuple[str, ...]
    rows: tuple[AccessRow, ...]
    line: int
    faults: tuple[BodyFault, ...]


def _table_lines(lines: _Lines) -> _Lines:
    """The lines with bars under the heading "Who can read what"."""
    inside = False
    found = []
    for number, line in lines:
        if heading := _HEADING.fullmatch(line):
            inside = slug(_NUMBERED.sub("", _heading_text(heading), count=1)) == slug(
                ACCESS_HEADING
            )
        elif inside and line.lstrip().startswith("|"):
            found.append((number, line))
    return tuple(found)


def _parse_table(lines: _Lines, first_line: int, aliases: Mapping[str, str]) -> _Table:
    if not lines:
        message = f'there is no table under a heading "{ACCESS_HEADING}"'
        hint = f"begin it with | {FIRST_COLUMN} | Coachee | Coach |"
        return _Table((), (), 0, (BodyFault(TABLE_FAULT, Span(first_line), message, hint),))
    (line, head), *rest = lines
    keys = (slug(cell) for _, cell in _cells(head)[1:])
    columns = tuple(aliases.get(key, key) for key in keys)
    faults = [*_head_faults(line, head, columns), *_shape_faults(lines)]
    rows: dict[str, AccessRow] = {}
    for number, text in rest[1:]:
        row, wrong = _parse_row(number, text, columns)
        faults += wrong
        if row.key in rows:
            faults.append(_table_fault(number, f'there are two rows "{row.name}"', "keep one"))
        rows.setdefault(row.key, row)
    return _Table(columns, tuple(rows.values()), line, tuple(faults))


def _cells(line: str) -> tuple[tuple[int, str], ...]:
    """Column and text of each cell between the outer bars."""
    bars = [place for place, letter in enumerate(line) if letter == "|"]
    ends = bars[1:] if line.rstrip().endswith("|") else [*bars[1:], len(line)]
    found = []
    for start, end in zip(bars, ends, strict=False):
        cell = line[start + 1 : end]
        found.append((start + 2 + len(cell) - len(cell.lstrip()), cell.strip()))
    return tuple(found)


def _head_faults(line: int, head: str, columns: tuple[str, ...]) -> Iterator[BodyFault]:
    cells = _cells(head)
    if not cells or slug(cells[0][1]) != slug(FIRST_COLUMN):
        message = f'the first column of the table is not "{FIRST_COLUMN}"'
        yield _table_fault(line, message, f"begin the table with | {FIRST_COLUMN} |")
    for name, times in Counter(columns).items():
        if times > 1:
            yield _table_fault(line, f'there are {times} columns "{name}"', "keep one")
    if "" in columns:
        yield _table_fault(line, "a column has no heading", "name the relation or role it is for")


def _shape_faults(lines: _Lines) -> Iterator[BodyFault]:
    """Whatever would not be shown as one table."""
    (line, head), *rest = lines
    if not rest or not _RULE.fullmatch(rest[0][1]) or _bars(rest[0][1]) != _bars(head):
        message = "the line under the head of the table is no row of dashes"
        yield _table_fault(line, message, "write |---| for each column")
    for place, (number, text) in enumerate(lines):
        if number != line + place or not text.startswith("|"):
            message = "this row stands apart from the table"
            yield _table_fault(number, message, "keep the rows together, each from its first bar")
            return


def _bars(line: str) -> int:
    return line.strip().strip("|").count("|")


def _parse_row(
    number: int, text: str, columns: tuple[str, ...]
) -> tuple[AccessRow, list[BodyFault]]:
    (_, name), *cells = _cells(text) or (("", ""),)
    faults = []
    if len(cells) != len(columns):
        message = f"the row has {len(cells)} cells for {len(columns)} columns"
        faults.append(
            _table_fault(number, message, f"write {Cell.NONE.value} where a column may do nothing")
        )
    faults += [
        _cell_fault(number, place, cell) for place, cell in cells if cell.casefold() not in _CELLS
    ]
    found = dict.fromkeys(columns, Cell.NONE)
    for column, (_, cell) in zip(columns, cells, strict=False):
        found[column] = _CELLS.get(cell.casefold(), Cell.NONE)
    return AccessRow(name, slug(name), found, number), faults


def _cell_fault(line: int, column: int, cell: str) -> BodyFault:
    shown = f'"{cell}"' if cell else "an empty cell"
    return BodyFault(
        TABLE_FAULT,
        Span(line, column, column + len(cell) if cell else 0),
        f"{shown} is nothing a column can do",
        f"write read, write, figures or {Cell.NONE.value}",
    )


def _table_fault(line: int, message: str, hint: str) -> BodyFault:
    return BodyFault(TABLE_FAULT, Span(line), message, hint)

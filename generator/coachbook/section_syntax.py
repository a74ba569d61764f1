"""Lines that look like a section heading and are none.

A section begins only at `## Name` as its form spells it. A heading that a person sees and the
program does not would leave the text below it in the section before, in the clear or sealed for
other readers. So every line outside fences that reads like one is a fault, named by its place.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from coachbook.diagnostics import Span
from coachbook.sections import LayoutFault

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from coachbook.sections import Section

HasLine: TypeAlias = "Callable[[str, str], bool]"
"""Whether a section, by its name, has a typed line of a name."""

_Found: TypeAlias = "tuple[int, tuple[str, str]]"
"""Where a fault lies, its message and its hint."""

_CODE = "CB108"
_INK = re.compile(r"\S")
_LINE = re.compile(r"[^\n]+")
_HASHES = re.compile(r"(?P<indent>[ \t]*)(?P<hashes>#+)(?P<space>\s*)(?P<name>.*)")
_CLOSING_HASHES = re.compile(r"\s#+$")
_UNDERLINE = re.compile(r"[ ]{0,3}(?:=+|-+)[ \t]*\r?")
_NOT_UNDERLINED = re.compile(r"\s*(?:[-*+>#|]|[0-9]+[.)])")
_TAG = re.compile(r"<[^<>]*>")
_SPACES = re.compile(r"\s+")
_EDGE = " \t\r*_~`#=:;.,-–—•>+()[]0123456789"
_HEADING = 2
_LONGEST = 200
"""No heading is longer; a line that is, is text."""
_UNDERLINED = (
    "the line above is underlined, which makes it a heading",
    "put a blank line between the two, or write `### ` before the line above",
)


def no_lines(_section: str, _line: str) -> bool:
    """False: no section has a typed line."""
    return False


def reads_like(line: str) -> str:
    """What is left of a line when everything that only dresses it up is taken away."""
    if len(line) > _LONGEST:
        return ""
    bare = _SPACES.sub(" ", unicodedata.normalize("NFKC", _TAG.sub("", line)))
    return bare.strip(_EDGE).casefold()


def syntax_faults(
    source: str,
    stretches: Sequence[tuple[int, int]],
    sections: Sequence[Section],
    names: Sequence[str],
    has_line: HasLine,
) -> Iterator[LayoutFault]:
    """The faults of a body; `stretches` are its parts outside fences, in order."""
    yield from _preamble_fault(source, stretches, sections)
    yield from _doubled(sections)
    known, headings = _alike(tuple(names))
    found = (
        fault
        for start, end in stretches
        for fault in _stretch_faults(source, start, end, known, headings)
    )
    yield from _placed(
        source, (one for one in found if not _is_typed_line(source, one[0], sections, has_line))
    )


def _is_typed_line(source: str, at: int, sections: Sequence[Section], has_line: HasLine) -> bool:
    """Whether a line is one that its section is to have, such as `Outcome:`."""
    name, colon, rest = source[at:].partition("\n")[0].rstrip().partition(":")
    return (
        bool(colon)
        and not rest
        and any(
            section.start <= at < section.end and has_line(section.name, name)
            for section in sections
        )
    )


def _placed(source: str, faults: Iterable[_Found]) -> Iterator[LayoutFault]:
    """Faults by line, counted once through the text, however many there are."""
    counted, line = 0, 1
    for at, (message, hint) in faults:
        line += source.count("\n", counted, at)
        counted = at
        yield LayoutFault(Span(line, at - source.rfind("\n", 0, at)), _CODE, message, hint)


def _preamble_fault(
    source: str, stretches: Sequence[tuple[int, int]], sections: Sequence[Section]
) -> Iterator[LayoutFault]:
    """Text between header and first heading belongs to no section."""
    body = stretches[0][0]
    end = sections[0].start if sections else len(source)
    first = _INK.search(source, body, end)
    line = sections[0].heading.line if sections else 0
    if first and (not line or source.count("\n", 0, first.start()) + 1 < line):
        hint = "move it under a heading of the form, such as `## Notes`"
        reason = ("text stands before the first heading", hint)
        yield from _placed(source, [(first.start(), reason)])


def _doubled(sections: Sequence[Section]) -> Iterator[LayoutFault]:
    first: dict[str, int] = {}
    for section in sections:
        line = first.setdefault(section.name.casefold(), section.heading.line)
        if line != section.heading.line:
            message = f"a heading of line {line} stands here a second time"
            hint = "put all of the section's text under the first one"
            yield LayoutFault(section.heading, _CODE, message, hint)


@lru_cache(maxsize=256)
def _alike(names: tuple[str, ...]) -> tuple[Mapping[str, str], frozenset[str]]:
    """The names of a form by what is left of them when they are not dressed up; its headings."""
    known = MappingProxyType({reads_like(name): name for name in names})
    return known, frozenset(f"## {name}" for name in known.values())


def _stretch_faults(
    source: str, start: int, end: int, known: Mapping[str, str], headings: Collection[str]
) -> Iterator[_Found]:
    alone = source[start:end].strip("\n")
    if not alone or alone in headings:
        return  # nothing but a heading, as everywhere in a record whose sections are sealed
    before = ""
    for match in _LINE.finditer(source, start, end):
        line = match[0]
        if line in headings:
            before = ""
        elif line.strip():
            reason = _heading_reason(line, known) or _carriage_return(line)
            if not reason and before and _UNDERLINE.fullmatch(line):
                reason = _UNDERLINED
            if reason:
                yield match.start(), reason
            joined = source[match.end() : match.end() + 2] != "\n\n"
            before = line if joined and not reason and not _NOT_UNDERLINED.match(line) else ""
        else:
            before = ""


def _heading_reason(line: str, known: Mapping[str, str]) -> tuple[str, str] | None:
    """Why a line that is no heading could be taken for one."""
    match = _HASHES.fullmatch(line)
    name = known.get(reads_like(line))
    if match is None or not match["name"]:
        return _plain_reason(name) if match is None else _empty_heading(match)
    return _hash_reason(match, name)


def _empty_heading(match: re.Match[str]) -> tuple[str, str] | None:
    if len(match["hashes"]) > _HEADING:
        return None
    return "this heading has no name", "write the name of a section of the form behind it"


def _plain_reason(name: str | None) -> tuple[str, str] | None:
    if name is None:
        return None
    return (
        f'this line reads like the heading of section "{name}" and is none',
        f"if it is meant as a heading, write `## {name}`; if not, say it in other words",
    )


def _hash_reason(match: re.Match[str], name: str | None) -> tuple[str, str] | None:
    level = len(match["hashes"])
    if level > _HEADING:
        return _plain_reason(name)
    message = _one_hash(match, name) if level < _HEADING else _two_hashes(match)
    return (message, f"write `## {name or 'Name'}` from the start of the line") if message else None


def _one_hash(match: re.Match[str], name: str | None) -> str:
    return "a heading with one `#` begins no section" if match["space"] or name else ""


def _two_hashes(match: re.Match[str]) -> str:
    if not match["space"] or match["space"].strip(" \t"):
        return "a space is missing after `##`"
    if match["indent"]:
        return "space stands before `##`"
    return "this heading ends with `#`" if _CLOSING_HASHES.search(match["name"].rstrip()) else ""


def _carriage_return(line: str) -> tuple[str, str] | None:
    if "\r" not in line.removesuffix("\r"):
        return None
    return "a bare carriage return breaks this line", "save the file with ordinary line endings"

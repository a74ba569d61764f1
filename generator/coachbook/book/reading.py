"""From the files under `records/` to records; the only reader of them.

A file that cannot be read as a record becomes a finding and is held back; nothing here raises for
a fault in one of them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from coachbook.book.files import IGNORED, print_of, read_file, school_of
from coachbook.decoding import decode
from coachbook.diagnostics import Consequence, Diagnostic
from coachbook.errors import FrontMatterError
from coachbook.record import Record
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from coachbook.book.model import Book
    from coachbook.book.parsed import Parsed
    from coachbook.forms import Forms

_TYPE_LINE = re.compile(rb"(?m)^type: *([a-z-]+)\s*$")
_HEAD = 4096
_POLICY_NAME = re.compile(r"/policy-[^/]*\.md$")

_NO_PRINTS: Mapping[str, bytes] = MappingProxyType({})


@frozen
class ReadRecords:
    """Records by path, the files that are none, why, and the hash of each file by path."""

    records: dict[str, Record]
    unreadable: tuple[str, ...]
    findings: tuple[Diagnostic, ...]
    prints: dict[str, bytes]


def read_records(
    root: Path,
    paths: Iterable[str],
    forms: Forms,
    parsed: Parsed,
    known: Mapping[str, bytes] = _NO_PRINTS,
) -> ReadRecords:
    """The records in these files, and the files that hold none; `known` are hashes of files."""
    records: dict[str, Record] = {}
    unreadable, findings, prints = [], [], {}
    for path in paths:
        held = parsed.in_memory(path, known.get(path))
        if held is not None:
            records[path], prints[path] = held, known[path]
            continue
        content = read_file(root, path)
        prints[path] = print_of(content)
        found: Record | Diagnostic = (
            parsed.record(path, content, prints[path]) if isinstance(content, bytes) else content
        )
        if isinstance(found, Record):
            records[path] = found
            continue
        unreadable.append(path)
        head = content[:_HEAD] if isinstance(content, bytes) else b""
        findings.append(_held_back(found, head, forms))
    return ReadRecords(records, tuple(unreadable), tuple(findings), prints)


def read_contents(root: Path, paths: Iterable[str], findings: list[Diagnostic]) -> dict[str, bytes]:
    """Path and bytes of every file that can be read; the others become findings."""
    found = {path: read_file(root, path) for path in paths}
    findings += [content for content in found.values() if isinstance(content, Diagnostic)]
    return {path: content for path, content in found.items() if isinstance(content, bytes)}


def read_beside(root: Path) -> dict[str, bytes]:
    """The files that lie beside the records and are none; who needs one reads it from the disk."""
    found = {path: read_file(root, path) for path in sorted(IGNORED)}
    return {path: content for path, content in found.items() if isinstance(content, bytes)}


def read_text(book: Book, path: str) -> str:
    """The text of a file of the workspace, for quoting a line; "" where it cannot be read."""
    return book.records[path].source if path in book.records else text_at(book.root, path)


def text_at(root: Path, path: str) -> str:
    """The text of a file under a folder, as its lines are counted; "" where it cannot be read."""
    content = read_file(root, path)
    if not isinstance(content, bytes):
        return ""
    try:
        return decode(content)[0]
    except FrontMatterError:
        return content.decode("utf-8", "replace")


def _held_back(finding: Diagnostic, head: bytes, forms: Forms) -> Diagnostic:
    """The finding with what follows from the kind of file that it is about.

    A policy that cannot be read stops its school. A line is quoted only where
    the file says that it is of a type whose header stands in clear.
    """
    named = _TYPE_LINE.search(head)
    form = forms.latest_of_type(named[1].decode("ascii")) if named else None
    stops = _POLICY_NAME.search(finding.path) is not None
    return replace(
        finding,
        quotable=finding.quotable and form is not None and not form.whole,
        consequence=Consequence.STOPS if stops else finding.consequence,
        school=finding.school or school_of(finding.path),
    )

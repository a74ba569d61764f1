"""Findings as text for people, JSON for programs, annotations for a git host.

The JSON report is a contract; `version` changes when a reader would have to:

    {"version": 1,
     "summary": {"errors": 1, "warnings": 0, "information": 0, "waived": 0,
                 "files": 46, "sealed_sections": 12},
     "findings": [
       {"path": "records/…/2026-11-12-s-7kq2m4xa.md", "line": 6, "column": 10,
        "end_column": 12, "code": "CB302", "severity": "warning", "message": "…",
        "hint": "…", "clause": "4.2", "consequence": "listed",
        "record": "s-7kq2m4xa", "school": "otterbeck", "waiver": null}]}

Lines and columns count from 1; `end_column` is the first column behind the
place, 0 where it is one character; `clause`, `hint`, `record` and `school` are
empty where there is none. A finding that is set aside weighs nothing and has a
`waiver`: {"id": "w-4b7c1n9e", "reason": "…", "until": "2027-07-21"}. No report
holds a line of a record except the text report, and that only where everybody
who holds the records may read it.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from coachbook.calendar import format_date
from coachbook.diagnostics import Severity
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import TypeAlias

    from coachbook.diagnostics import Diagnostic, Span, Waiver
    from coachbook.rules import Tally

    _Painter: TypeAlias = Callable[[str, str], str]

JSON_VERSION = 1

ANNOTATIONS = 10
"""How many annotations of one level a git host shows for one step."""

_WIDEST = 100
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
_BOLD, _DIM = "1", "2"


@frozen
class Annotations:
    """What goes to a git host's log, and what goes to its page about the run."""

    log: str
    summary: str


def render_text(
    findings: Sequence[Diagnostic],
    sources: Mapping[str, str],
    tally: Tally,
    *,
    colour: bool = False,
    waived: bool = False,
) -> str:
    """Every finding with its line, the place marked, and a summary at the end.

    Args:
        sources: the text of files by path, for the lines that may be quoted.
        waived: show the findings that are set aside, too; else they are only counted.
    """
    paint = _paint if colour else _plain
    lines: dict[str, list[str]] = {}
    blocks = []
    for finding in findings:
        if finding.waiver and not waived:
            continue
        if finding.path not in lines:
            lines[finding.path] = sources.get(finding.path, "").splitlines()
        blocks.append("\n".join(_block(finding, lines[finding.path], paint)) + "\n")
    return "\n".join([*blocks, render_summary(findings, tally) + "\n"])


def render_summary(findings: Iterable[Diagnostic], tally: Tally) -> str:
    """The last lines of the text report: how many of what, and what was not seen."""
    counts = _counts(findings)
    parts = [
        _count(counts[Severity.ERROR], "error"),
        _count(counts[Severity.WARNING], "warning"),
    ]
    if counts[Severity.INFO]:
        parts.append(_count(counts[Severity.INFO], "remark"))
    if counts[None]:
        parts.append(f"{counts[None]} waived")
    text = f"{_count(tally.files, 'file')} checked: {', '.join(parts)}"
    if not tally.sealed_sections:
        return text
    sealed = _count(tally.sealed_sections, "sealed section")
    return f"{text}\n{sealed} not looked into: their text is checked when it is sealed"


def render_json(findings: Sequence[Diagnostic], tally: Tally) -> str:
    """The findings as one JSON object; see the top of this module."""
    counts = _counts(findings)
    report = {
        "version": JSON_VERSION,
        "summary": {
            "errors": counts[Severity.ERROR],
            "warnings": counts[Severity.WARNING],
            "information": counts[Severity.INFO],
            "waived": counts[None],
            "files": tally.files,
            "sealed_sections": tally.sealed_sections,
        },
        "findings": [_as_object(finding) for finding in findings],
    }
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


def render_github(findings: Sequence[Diagnostic], tally: Tally) -> Annotations:
    """At most `ANNOTATIONS` annotations of each level, every code represented first.

    The rest stands in the summary, by code, which a git host shows on the page
    of the run.
    """
    counting = [finding for finding in findings if not finding.waiver]
    shown = [
        finding
        for level in Severity
        for finding in _spread([f for f in counting if f.severity is level])[:ANNOTATIONS]
    ]
    log = [_annotation(finding) for finding in shown]
    hidden = len(counting) - len(shown)
    if hidden:
        log.append(f"{_count(hidden, 'more finding')} in the summary of this run")
    log.append(render_summary(findings, tally))
    return Annotations("\n".join(log) + "\n", _markdown(findings, tally))


def _counts(findings: Iterable[Diagnostic]) -> Counter[Severity | None]:
    """How many findings there are of each weight; under None those that are set aside."""
    return Counter(None if finding.waiver else finding.severity for finding in findings)


def _block(finding: Diagnostic, lines: Sequence[str], paint: _Painter) -> list[str]:
    place = f"{finding.path}:{finding.span.line}:{finding.span.column}:"
    code = paint(finding.code, _COLOURS[finding.severity])
    level = "" if finding.severity is Severity.ERROR else f"{finding.severity.value}: "
    level = "waived: " if finding.waiver else level
    clause = f" [{finding.clause}]" if finding.clause else ""
    block = [f"{paint(place, _BOLD)} {code} {level}{_printable(finding.message)}{clause}"]
    if finding.quotable and _is_worth_showing(finding.span, lines):
        block += _excerpt(finding.span, lines[finding.span.line - 1], paint)
    block += [f"  hint: {_printable(line)}" for line in finding.hint.splitlines()]
    if finding.waiver:
        block.append(f"  {_printable(_set_aside(finding.waiver))}")
    return block


def _set_aside(waiver: Waiver) -> str:
    """Why, until when and by which record a finding does not count."""
    until = format_date(waiver.until)
    return f"set aside until {until}: {waiver.reason} ({waiver.id})"


def _is_worth_showing(span: Span, lines: Sequence[str]) -> bool:
    """Whether the place has a line that says more than that a header begins there."""
    return 0 < span.line <= len(lines) and lines[span.line - 1].strip() not in {"", "---"}


def _excerpt(span: Span, line: str, paint: _Painter) -> list[str]:
    """The line as it stands in the file, and carets under the place."""
    start = min(max(span.column - 1, 0), len(line))
    end = max(min(span.end_column - 1, len(line)), start + 1)
    cut = max(0, start - _WIDEST // 2)
    shown = _printable(line[cut : cut + _WIDEST])
    margin = len(str(span.line)) + 2
    lead = _width(_printable(line[cut:start]))
    marks = "^" * max(1, min(_width(_printable(line[start:end])), _WIDEST - lead))
    return [
        paint(f"  {span.line} | ", _DIM) + shown,
        paint(f"{' ' * margin} | ", _DIM) + " " * lead + paint(marks, _BOLD),
    ]


def _as_object(finding: Diagnostic) -> dict[str, object]:
    return {
        "path": finding.path,
        "line": finding.span.line,
        "column": finding.span.column,
        "end_column": finding.span.end_column,
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "hint": finding.hint,
        "clause": finding.clause,
        "consequence": finding.consequence.value,
        "record": finding.record,
        "school": finding.school,
        "waiver": _waiver(finding.waiver),
    }


def _waiver(waiver: Waiver | None) -> dict[str, str] | None:
    if waiver is None:
        return None
    return {"id": waiver.id, "reason": waiver.reason, "until": waiver.until.isoformat()}


def _spread(findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings, one of every code first, then the second of every code, and so on."""
    turns: dict[str, int] = defaultdict(int)
    ranked: list[tuple[int, int, Diagnostic]] = []
    for finding in findings:
        ranked.append((turns[finding.code], len(ranked), finding))
        turns[finding.code] += 1
    return [finding for _, _, finding in sorted(ranked, key=lambda entry: entry[:2])]


def _annotation(finding: Diagnostic) -> str:
    clause = f" [{finding.clause}]" if finding.clause else ""
    text = f"{finding.message}{clause}" + (f"\nhint: {finding.hint}" if finding.hint else "")
    values = {
        "file": finding.path,
        "line": str(finding.span.line),
        "col": str(finding.span.column),
        "title": finding.code,
    }
    head = ",".join(f"{name}={_escape(value, ':,')}" for name, value in values.items())
    return f"::{_LEVELS[finding.severity]} {head}::{_escape(text)}"


def _escape(text: str, also: str = "") -> str:
    """The text as a workflow command takes it, on one line."""
    escaped = text.replace("%", "%25")
    for character in "\r\n" + also:
        escaped = escaped.replace(character, f"%{ord(character):02X}")
    return escaped


def _markdown(findings: Sequence[Diagnostic], tally: Tally) -> str:
    by_code: dict[str, list[Diagnostic]] = defaultdict(list)
    for finding in findings:
        by_code[finding.code].append(finding)
    lines = ["## coachbook check", "", *render_summary(findings, tally).splitlines()]
    for code, group in sorted(by_code.items()):
        lines += ["", f"### {code} ({len(group)})", ""]
        lines += [
            f"- `{finding.path}:{finding.span.line}` {_in_markdown(finding.message)}"
            + (f" ({_in_markdown(_set_aside(finding.waiver))})" if finding.waiver else "")
            for finding in group
        ]
    return "\n".join(lines) + "\n"


def _in_markdown(text: str) -> str:
    """The message as text that a page does not take for HTML."""
    return _printable(text).replace("&", "&amp;").replace("<", "&lt;")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _printable(text: str) -> str:
    """The text without characters that a terminal would act on."""
    return "".join(c if c.isprintable() else " " if c == "\t" else "\ufffd" for c in text)


def _width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    marks = sum(unicodedata.combining(character) > 0 for character in text)
    return len(text) + wide - marks


def _paint(text: str, colour: str) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m"


def _plain(text: str, colour: str) -> str:
    del colour
    return text

r"""The text of a section, where it can be seen: typed lines and action steps.

    Outcome: part-met

    - [ ] Wait three seconds after a question (by 19 Nov)
    - [x] Choose the question beforehand (by 2026-11-12)

The portal's script reads section text by the same rules; tests/vectors/text-rules.json holds both
to them. So the rules keep to what is the same in both languages, columns count characters, and
the wording lies in `_text_rules.json`. The text is confidential: a fault names its place only.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import islice
from typing import TYPE_CHECKING

from coachbook.dates import parse_day_month
from coachbook.spelling import closest, normal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from coachbook.forms.model import LineForm, SectionForm

_TASK = re.compile(r"[ \t]*[-*+][ \t]*\[([ xX]?)\][ \t]*(.*)")
_BULLET = re.compile(r"[-*+][ \t]+()(.*)")
_ANY_BULLET = re.compile(r"[ \t]*(?:[-*+]|[0-9]+[.)])[ \t]")
# Repeats are bounded, so that a line of a million spaces costs no more than its length.
_BY = re.compile(r"[ \t]{0,9}\([Bb]y[ \t]{1,9}([^()]{1,80})\)")
_LINE = re.compile(
    r"([ \t]{0,20}(?:[-*+][ \t]{1,9})?[*_]{0,9}([^:*_]{1,80}?)[*_]{0,9}[ \t]{0,9}:"
    r"[*_]{0,9}[ \t]*)(.*)"
)
_WORD = re.compile(r"[^ \t\r\n\u00a0]+")
_WHOLE = re.compile(r"[0-9]{1,6}")
_INK = re.compile(r"[^ \t\r\n\u00a0]")


@dataclass(frozen=True, slots=True)
class ActionStep:
    """One small change to practise, until when, and whether it was done."""

    text: str
    due: date | None
    done: bool
    line: int


@dataclass(frozen=True, slots=True)
class SectionData:
    """What a section says in typed form."""

    lines: Mapping[str, str]
    steps: tuple[ActionStep, ...]


@dataclass(frozen=True, slots=True)
class TextFault:
    """What is wrong in a section's text; line and column count from 1, in that text."""

    code: str
    line: int
    column: int
    message: str
    hint: str


def parse_section(
    text: str, form: SectionForm, *, today: date, words: int | None = None
) -> tuple[SectionData, tuple[TextFault, ...]]:
    """The typed data of a section's text, and its faults in the order of the text.

    `today` is the record's date: a day without a year is the next one so called. `words` is the
    value of the policy parameter that the form names, if the policy has one.
    """
    rows = text.split("\n")
    faults = [*_emptiness(text, form), *_length(rows, words)]
    lines = _read_lines(rows, form, today, faults)
    steps = tuple(_read_steps(rows, today, faults)) if form.steps else ()
    ordered = sorted(faults, key=lambda fault: (fault.line, fault.column, fault.code))
    return SectionData(lines, steps), tuple(ordered)


def section_json(data: SectionData) -> dict[str, object]:
    """The data as it stands in the payload of a sealed section."""
    steps = [
        {
            "done": step.done,
            "due": step.due.isoformat() if step.due else None,
            "text": step.text,
        }
        for step in data.steps
    ]
    return {"lines": dict(data.lines), "steps": steps}


@cache
def _wording() -> dict[str, dict[str, str]]:
    source = resources.files("coachbook") / "_text_rules.json"
    rules: dict[str, dict[str, str]] = json.loads(source.read_text(encoding="utf-8"))["rules"]
    return rules


def _fault(rule: str, line: int, column: int, **values: str | int) -> TextFault:
    wording = _wording()[rule]
    message, hint = (wording[part].format(**values) for part in ("message", "hint"))
    return TextFault(wording["code"], line, column, message, hint)


def _emptiness(text: str, form: SectionForm) -> Iterator[TextFault]:
    if form.required and not _INK.search(text):
        yield _fault("section-empty", 1, 1, name=form.name)


def _length(rows: Sequence[str], limit: int | None) -> Iterator[TextFault]:
    """One fault at the first word beyond the limit."""
    if limit is None:
        return
    places = [
        (line, word.start()) for line, row in enumerate(rows, 1) for word in _WORD.finditer(row)
    ]
    for line, at in islice(places, limit, limit + 1):
        count = len(places)
        yield _fault("too-many-words", line, at + 1, count=count, limit=limit, excess=count - limit)


def _read_lines(
    rows: Sequence[str], form: SectionForm, today: date, faults: list[TextFault]
) -> dict[str, str]:
    forms = {normal(line.name): line for line in form.lines}
    found: dict[str, str] = {}
    seen: set[str] = set()
    for number, row in enumerate(rows, start=1):
        match = _LINE.fullmatch(row.rstrip("\r")) if forms else None
        line = forms.get(normal(match[2])) if match else None
        if match is None or line is None:
            continue
        if line.name in seen:
            faults.append(_fault("line-twice", number, 1, name=line.name))
            continue
        seen.add(line.name)
        value = match[3].strip(" \t*_")
        place = (number, len(match[1]) + 1)
        if value:
            taken = _take_value(line, value, place, today, faults)
            found |= {} if taken is None else {line.name: taken}
        elif line.required:
            faults.append(_fault("line-empty", *place, name=line.name))
    if any(_INK.search(row) for row in rows):
        missing = (line for line in form.lines if line.required and line.name not in seen)
        faults += [_fault("line-empty", 1, 1, name=line.name) for line in missing]
    return found


def _take_value(
    line: LineForm, value: str, place: tuple[int, int], today: date, faults: list[TextFault]
) -> str | None:
    """The value as the line's type writes it; None, with a fault, where it does not fit."""
    if line.type == "text":
        return value
    if line.type == "choice":
        return _take_choice(line, value, place, faults)
    taken = _READERS[line.type](value, today)
    if taken is None:
        faults.append(_fault(f"line-not-{line.type}", *place, name=line.name))
    return taken


def _take_choice(
    line: LineForm, value: str, place: tuple[int, int], faults: list[TextFault]
) -> str | None:
    by_name = {normal(choice): choice for choice in line.choices}
    choice = by_name.get(normal(value.rstrip(".")))
    if choice is not None:
        return choice
    near = closest(value, line.choices)
    if near:
        faults.append(_fault("line-misspelt", *place, name=line.name, suggestion=near))
    else:
        choices = ", ".join(line.choices)
        faults.append(_fault("line-not-a-choice", *place, name=line.name, choices=choices))
    return None


def _read_whole(value: str, _today: date) -> str | None:
    return value if _WHOLE.fullmatch(value) else None


def _read_day(value: str, today: date) -> str | None:
    day = parse_day_month(value, today)
    return day.isoformat() if day else None


def _read_yes_no(value: str, _today: date) -> str | None:
    word = value.lower().rstrip(".")
    return word if word in {"yes", "no"} else None


_READERS = {"integer": _read_whole, "date": _read_day, "boolean": _read_yes_no}


def _read_steps(rows: Sequence[str], today: date, faults: list[TextFault]) -> Iterator[ActionStep]:
    """Tasks, and bullets at the start of a line, are steps; indented lines go on with one."""
    number = 0
    while number < len(rows):
        match = _TASK.fullmatch(rows[number].rstrip("\r")) or _BULLET.fullmatch(rows[number])
        first = number
        number += 1
        if match is None:
            continue
        while number < len(rows) and _goes_on(rows[number]):
            number += 1
        step = _read_step(rows[first:number], match, first + 1, today, faults)
        if step is not None:
            yield step


def _read_step(
    rows: Sequence[str], head: re.Match[str], line: int, today: date, faults: list[TextFault]
) -> ActionStep | None:
    """The step in these rows; None for a bullet that nobody has filled in yet."""
    due, parts, place = "", [], (0, 0)
    for number, row in enumerate(rows):
        start = head.start(2) if number == 0 else 0
        body = row[start:].rstrip("\r")
        for match in _BY.finditer(body):
            due, place = match[1], (line + number, start + match.start(1) + 1)
        parts.append(_BY.sub("", body).strip(" \t"))
    text = " ".join(part for part in parts if part)
    if not text and not due:
        return None
    done = head[1].lower() == "x"
    day = parse_day_month(due, today) if due else None
    if due and day is None:
        faults.append(_fault("step-date-unreadable", *place))
    if not due and not done:
        column = len(rows[0]) - len(rows[0].lstrip(" \t")) + 1
        faults.append(_fault("step-without-date", line, column))
    return ActionStep(text, day, done, line)


def _goes_on(row: str) -> bool:
    return row[:1] in {" ", "\t"} and bool(_INK.search(row)) and not _ANY_BULLET.match(row)

r"""The text of a section, where it can be seen: typed lines and action steps.

    Outcome: part-met

    - [ ] Wait three seconds after a question (by 19 Nov)
    - [x] Choose the question beforehand (by 2026-11-12)

The portal's script reads section text by the same rules; tests/vectors/text-rules.json holds both
to them. So the rules keep to what is the same in both languages, columns count characters, and
the wording lies in `_text_rules.json`. The text is confidential: a fault names its place only.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from coachbook.dates import parse_day_month
from coachbook.forms.faults import TextFault, fault_of
from coachbook.sentences import join
from coachbook.spelling import closest, normal
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence
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
_POINT = re.compile(r"(?:[-*+]|[0-9]{1,9}[.)])[ \t]{1,20}[^ \t\r\n]")
_WORD = re.compile(r"[^ \t\r\n\u00a0]+")
_WHOLE = re.compile(r"[0-9]{1,6}")
_INK = re.compile(r"[^ \t\r\n\u00a0]")


@frozen
class ActionStep:
    """One small change to practise, until when, and whether it was done."""

    text: str
    due: date | None
    done: bool
    line: int


@frozen
class SectionData:
    """What a section says in typed form."""

    lines: Mapping[str, str]
    steps: tuple[ActionStep, ...]


def parse_section(
    text: str,
    form: SectionForm,
    *,
    today: date,
    words: int | None = None,
    filled: Container[str] = (),
) -> tuple[SectionData, tuple[TextFault, ...]]:
    """The typed data of a section's text, and its faults in the order of the text.

    `today` is the record's date: a day without a year is the next one so called. `words` is the
    value of the policy parameter that the form names, if the policy has one. `filled` are the
    names of the record's other sections in which something stands.
    """
    rows = text.split("\n")
    faults = [*_emptiness(text, form), *_length(rows, words), *_points(rows, form.items)]
    lines = _read_lines(rows, form, today, filled, faults)
    steps = tuple(_read_steps(rows, today, faults)) if form.steps else ()
    ordered = sorted(faults, key=lambda fault: fault.place)
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


def _emptiness(text: str, form: SectionForm) -> Iterator[TextFault]:
    if form.required and not _INK.search(text):
        yield fault_of("section-empty", 1, 1, name=form.name)


def _length(rows: Sequence[str], limit: int | None) -> Iterator[TextFault]:
    """One fault at the first word beyond the limit."""
    if limit is None:
        return
    places = [
        (line, word.start()) for line, row in enumerate(rows, 1) for word in _WORD.finditer(row)
    ]
    for line, at in islice(places, limit, limit + 1):
        count = len(places)
        yield fault_of(
            "too-many-words", line, at + 1, count=count, limit=limit, excess=count - limit
        )


def _points(rows: Sequence[str], limit: int | None) -> Iterator[TextFault]:
    """One fault at the first point of a list beyond the limit; indented points belong to others."""
    if limit is None:
        return
    places = [line for line, row in enumerate(rows, 1) if _POINT.match(row)]
    for line in places[limit : limit + 1]:
        yield fault_of("too-many-points", line, 1, count=len(places), limit=limit)


def _read_lines(
    rows: Sequence[str],
    form: SectionForm,
    today: date,
    filled: Container[str],
    faults: list[TextFault],
) -> dict[str, str]:
    forms = {normal(line.name): line for line in form.lines}
    found: dict[str, str] = {}
    seen: dict[str, tuple[int, int]] = {}
    for number, row in enumerate(rows, start=1):
        match = _LINE.fullmatch(row.rstrip("\r")) if forms else None
        line = forms.get(normal(match[2])) if match else None
        if match is None or line is None:
            continue
        if line.name in seen:
            faults.append(fault_of("line-twice", number, 1, name=line.name))
            continue
        value = match[3].strip(" \t*_")
        place = seen[line.name] = (number, len(match[1]) + 1)
        if value:
            taken = _take_value(line, value, place, today, faults)
            found |= {} if taken is None else {line.name: taken}
        elif line.required:
            faults.append(fault_of("line-empty", *place, name=line.name))
    if any(_INK.search(row) for row in rows):
        missing = (line for line in form.lines if line.required and line.name not in seen)
        faults += [fault_of("line-empty", 1, 1, name=line.name) for line in missing]
    faults += _asked_for(form, found, seen, filled)
    return found


def _asked_for(
    form: SectionForm,
    found: Mapping[str, str],
    seen: Mapping[str, tuple[int, int]],
    filled: Container[str],
) -> Iterator[TextFault]:
    """What the value of a line asks for beside it, where it is missing."""
    for line in form.lines:
        for rule, pairs in (("not-shown", line.shown_by), ("not-helped", line.helped_by)):
            wanted = dict(pairs).get(found.get(line.name, ""))
            if wanted and wanted not in found and wanted not in filled:
                yield fault_of(rule, *seen[line.name], name=line.name, wanted=wanted)


def _take_value(
    line: LineForm, value: str, place: tuple[int, int], today: date, faults: list[TextFault]
) -> str | None:
    """The value as the line's type writes it; None, with a fault, where it does not fit."""
    if line.type == "text":
        faults += _unlisted(line, value, place)
        return value
    if line.type == "choice":
        return _take_choice(line, value, place, faults)
    taken = _READERS[line.type](value, today)
    if taken is None:
        faults.append(fault_of(f"line-not-{line.type}", *place, name=line.name))
    return taken


def _unlisted(line: LineForm, value: str, place: tuple[int, int]) -> Iterator[TextFault]:
    """That a word of one's own stands where the trust has a list; it is kept all the same."""
    if not line.choices or value in line.choices:
        return
    near = closest(value, line.choices)
    if near:
        yield fault_of("line-near-listed", *place, name=line.name, suggestion=near)
    else:
        choices = ", ".join(line.choices)
        yield fault_of("line-not-listed", *place, name=line.name, choices=choices)


def _take_choice(
    line: LineForm, value: str, place: tuple[int, int], faults: list[TextFault]
) -> str | None:
    by_name = {normal(choice): choice for choice in line.choices}
    choice = by_name.get(normal(value.rstrip(".")))
    if choice is not None:
        return choice
    near = closest(value, line.choices)
    if near:
        faults.append(fault_of("line-misspelt", *place, name=line.name, suggestion=near))
    else:
        choices = join(line.choices, "or")
        faults.append(fault_of("line-not-a-choice", *place, name=line.name, choices=choices))
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
        faults.append(fault_of("step-date-unreadable", *place))
    if not due and not done:
        column = len(rows[0]) - len(rows[0].lstrip(" \t")) + 1
        faults.append(fault_of("step-without-date", line, column))
    return ActionStep(text, day, done, line)


def _goes_on(row: str) -> bool:
    return row[:1] in {" ", "\t"} and bool(_INK.search(row)) and not _ANY_BULLET.match(row)

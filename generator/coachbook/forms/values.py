"""Header values as a form understands them: dates, times, choices and the rest.

`read_value` gives a typed value or an `Unfit` that says what was found and what to write. It is
called only with text that stands in clear, so its messages may quote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from coachbook.dates import DateFault, parse_date, parse_month
from coachbook.spelling import closest

if TYPE_CHECKING:
    from collections.abc import Callable

    from coachbook.forms.model import FieldForm
    from coachbook.strict_yaml import Scalar

N = TypeVar("N", int, float)
FieldValue: TypeAlias = "str | int | float | bool | date | time | tuple[FieldValue, ...] | None"

_INTEGER = re.compile(r"-?[0-9]{1,9}")
_NUMBER = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_INTERVAL = re.compile(r"(.*\S)\s+(?:to|–|until)\s+(\S.*)")
_CURLY = "“”„‘’‚"  # noqa: RUF001 (quotes as Word writes them)
_YES_NO = {"true": True, "yes": True, "false": False, "no": False}


@dataclass(frozen=True, slots=True)
class Unfit:
    """A value that does not fit: what was found, and what to write."""

    message: str
    hint: str


def read_value(field: FieldForm, value: Scalar, raw: str) -> FieldValue | Unfit:
    """One scalar as the field's type; None if it is empty."""
    if value is None or not raw.strip():
        return None
    if raw[0] in _CURLY or raw[-1] in _CURLY[:3]:
        return Unfit(
            "curly quotes came from Word and have become part of the value",
            "replace them with straight quotes, `coachbook fix` will do it",
        )
    if isinstance(value, date) and field.type == "date":
        return _within_reach(value, raw)
    return _READERS[field.type](field, raw.strip())


def _within_reach(value: date, raw: str) -> date | Unfit:
    found = parse_date(raw)
    return Unfit(found.message, found.hint) if isinstance(found, DateFault) else value


def _text(_field: FieldForm, raw: str) -> str:
    return raw


def _integer(field: FieldForm, raw: str) -> int | Unfit:
    if not _INTEGER.fullmatch(raw):
        return Unfit(f"`{raw}` is not a whole number", "write it in digits, such as 15")
    return _in_range(field, int(raw), raw)


def _number(field: FieldForm, raw: str) -> float | Unfit:
    if not _NUMBER.fullmatch(raw):
        comma = raw.replace(",", ".")
        example = comma if _NUMBER.fullmatch(comma) else "0.8"
        return Unfit(f"`{raw}` is not a number", f"write it in digits, such as {example}")
    return _in_range(field, float(raw), raw)


def _in_range(field: FieldForm, value: N, raw: str) -> N | Unfit:
    least, most = field.minimum, field.maximum
    if least is not None and value < least:
        return Unfit(f"{raw} is less than {least:g}, the least there can be", "correct the number")
    if most is not None and value > most:
        hint = _one_digit_less(raw, least, most) or "correct the number"
        return Unfit(f"{raw} is more than {most:g}, the most there can be", hint)
    return value


def _one_digit_less(raw: str, least: float | None, most: float) -> str:
    """What was meant where a digit was typed once too often, such as 300 pupils for 30."""
    shorter = raw[:-1]
    if not _INTEGER.fullmatch(shorter) or not (least or 0) <= int(shorter) <= most:
        return ""
    return f"is it {shorter}? If not, correct the number"


def _boolean(_field: FieldForm, raw: str) -> bool | Unfit:
    value = _YES_NO.get(raw.casefold())
    return Unfit(f"`{raw}` is neither yes nor no", "say yes or no") if value is None else value


def _date(_field: FieldForm, raw: str) -> date | Unfit:
    found = parse_date(raw)
    return Unfit(found.message, found.hint) if isinstance(found, DateFault) else found


def _month(_field: FieldForm, raw: str) -> date | Unfit:
    found = parse_month(raw)
    return Unfit(found.message, found.hint) if isinstance(found, DateFault) else found


def _time(_field: FieldForm, raw: str) -> time | Unfit:
    match = _TIME.fullmatch(raw)
    if match is None:
        return Unfit(
            f"`{raw}` is not a time of day", "write it on the 24-hour clock, such as 15:40"
        )
    return time(int(match[1]), int(match[2]))


def _choice(field: FieldForm, raw: str) -> str | Unfit:
    if raw in field.choices:
        return raw
    return Unfit(f"`{raw}` is not among the choices", choice_hint(raw, field.choices))


def choice_hint(wanted: str, choices: tuple[str, ...]) -> str:
    """Names the choice that was probably meant, or all of them."""
    near = closest(wanted, choices)
    if near:
        return f"did you mean `{near}`?"
    *others, last = choices
    return f"choose {', '.join(others)} or {last}" if others else f"choose {last}"


def _reference(_field: FieldForm, raw: str) -> str | Unfit:
    if _ID.fullmatch(raw):
        return raw
    return Unfit(f"`{raw}` is not an id", "write the id of the record, such as p-7kq2m4xa")


def _interval(field: FieldForm, raw: str) -> tuple[FieldValue, ...] | Unfit:
    match = _INTERVAL.fullmatch(raw)
    if match is None:
        hint = "write two dates, such as 2026-09-02 to 2026-10-23"
        return Unfit(f"`{raw}` is not a stretch of days", hint)
    days = [_date(field, match[1]), _date(field, match[2])]
    faults = [day for day in days if isinstance(day, Unfit)]
    return faults[0] if faults else tuple(day for day in days if isinstance(day, date))


def _alias(_field: FieldForm, raw: str) -> str | Unfit:
    word, _, meaning = (" ".join(part.split()) for part in raw.partition("="))
    if word and meaning:
        return f"{word} = {meaning}"
    return Unfit(f"`{raw}` does not say what the word stands for", "write it as buddy = coach")


_READERS: dict[str, Callable[[FieldForm, str], FieldValue | Unfit]] = {
    "text": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "time": _time,
    "month": _month,
    "choice": _choice,
    "reference": _reference,
    "person": _reference,
    "interval": _interval,
    "alias": _alias,
}

TYPES = tuple(_READERS)
"""Every type a field can have."""

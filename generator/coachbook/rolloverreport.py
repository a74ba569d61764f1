"""The plan of a new school year in words and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.calendar import format_date
from coachbook.keeping import State

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from coachbook.rollover import LeftBehind, Plan

VERSION = 1
"""Of what programs are given."""


def last_day_of(left: Iterable[LeftBehind]) -> dt.date | None:
    """The day until which the old repository is kept: the latest of what stays; None if unsaid."""
    days = [one.until for one in left if one.words]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def format_plan(plan: Plan) -> str:
    """The plan for people."""
    count = sum(plan.carried.values())
    lines = [f"The year {plan.year}: {_many(count, 'record goes', 'records go')} along", ""]
    lines += [f"  {number:>5}  {title}" for title, number in plan.carried.items()]
    if plan.bare:
        over = _many(plan.bare, "pair, group or cycle", "pairs, groups or cycles")
        lines += ["", f"Of {over} that are over the header goes along, without its text."]
    lines += ["", "What stays behind"]
    lines += list(_left_lines(plan.left)) or ["  nothing"]
    end = last_day_of(plan.left)
    if end:
        lines += ["", f"By the policy the old repository may be kept until {format_date(end)}."]
    if plan.next_steps:
        lines += ["", "What to do next"]
        for step in plan.next_steps:
            lines += [f"[ ] {step.words}", *([f"      {step.remedy}"] if step.remedy else [])]
    return "\n".join(lines) + "\n"


def _left_lines(left: Sequence[LeftBehind]) -> Iterator[str]:
    """The kinds that stay, under their school and how long they are kept."""
    groups: dict[str, dict[str, list[LeftBehind]]] = {}
    for one in left:
        groups.setdefault(one.school, {}).setdefault(_kept_words(one), []).append(one)
    for school, kinds in groups.items():
        yield from ["", school] if school else ["", "The trust"]
        for words, found in kinds.items():
            yield f"  {words}"
            yield from (f"  {one.count:>5}  {one.title}" for one in found)


def _kept_words(one: LeftBehind) -> str:
    clause = f" [{one.clause}]" if one.clause else ""
    until = f", at most until {format_date(one.until)}" if one.until else ""
    return f"kept {one.words}{clause}{until}" if one.words else State.SILENT.value


def plan_json(plan: Plan) -> dict[str, object]:
    """The same for programs; a documented contract like the findings."""
    end = last_day_of(plan.left)
    return {
        "version": VERSION,
        "year": plan.year,
        "first": plan.first.isoformat(),
        "files": len(plan.files),
        "carried": dict(plan.carried),
        "headers_alone": plan.bare,
        "left": [
            {
                "school": one.school,
                "kind": one.title,
                "count": one.count,
                "kept": one.words,
                "clause": one.clause,
                "until": one.until.isoformat() if one.until else None,
            }
            for one in plan.left
        ],
        "old_repository_until": end.isoformat() if end else None,
        "next": [{"words": one.words, "remedy": one.remedy} for one in plan.next_steps],
    }


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"

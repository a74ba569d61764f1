"""When recovery was proved, one line for each time, in a file that is only added to.

    - 2026-11-20 envelope@otterbeck, key 1: 34 of 34 parts opened

The lines stand in `records/keys/drills.md`. They hold no secret, and decide nothing: they tell
when a drill is due again.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from coachbook.publickey import FOLDER
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

PATH = f"{FOLDER}/drills.md"

HEAD = """\
# Drills

Each line says that somebody proved, on a copy, that the recovery key of a school opens what was
sealed to it. They are written by `coachbook keys drill`.

"""

_LINE = re.compile(
    r"- (\d{4}-\d{2}-\d{2}) ([a-z][a-z0-9-]*@[a-z][a-z0-9-]*), key ([1-9]\d{0,5}): "
    r"(\d+) of (\d+) parts opened"
)


@frozen
class Drill:
    """One line: on which day which key opened how many of the parts that state it."""

    day: date
    owner: str
    generation: int
    opened: int
    stated: int


def parse_drills(text: str) -> tuple[Drill, ...]:
    """The drills of the file, as they stand; any other line is passed over."""
    found = (_LINE.fullmatch(line.rstrip()) for line in text.splitlines())
    drills = (_drill(*match.groups()) for match in found if match)
    return tuple(one for one in drills if one)


def format_drill(one: Drill) -> str:
    """The line of the file."""
    return (
        f"- {one.day} {one.owner}, key {one.generation}: "
        f"{one.opened} of {one.stated} parts opened\n"
    )


def with_drill(text: str, added: Drill) -> str:
    """The file with one more line at its end."""
    return (text.rstrip("\n") + "\n" if text else HEAD) + format_drill(added)


def last_drill(drills: Iterable[Drill], owner: str) -> Drill | None:
    """The newest drill of an owner's key, or None; of one day, the last that was written."""
    found = [one for one in drills if one.owner == owner]
    return max(found, key=lambda one: one.day, default=None) if found else None


def _drill(day: str, owner: str, generation: str, opened: str, stated: str) -> Drill | None:
    try:
        return Drill(date.fromisoformat(day), owner, int(generation), int(opened), int(stated))
    except ValueError:
        return None

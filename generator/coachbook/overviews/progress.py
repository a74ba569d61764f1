"""Cycles under way by phase and age, and those that are about to close or should have."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

from coachbook.calendar import format_date, format_day
from coachbook.overviews.closing import RUNNING, State, closing_steps
from coachbook.overviews.leading import thread_href, thread_title
from coachbook.overviews.wording import PHASE_WORDS, PHASES, STATUS_WORDS
from coachbook.views import public

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coachbook.overviews.leading import Led
    from coachbook.views import RecordView, View

_AGES = (("Under 4 weeks", 4), ("4 to 7 weeks", 8), ("8 to 11 weeks", 12))
_OLDER = "12 weeks and more"
_SOON = dt.timedelta(days=14)


def running_cycles(led: Led) -> dict[str, object]:
    """The cycles under way: by phase, by age, and one by one."""
    running = [cycle for cycle in led.cycles if cycle.raw("status") in RUNNING]
    phases = Counter(str(cycle.raw("phase") or "planned") for cycle in running)
    ages = Counter(_age_words(_weeks(cycle)) for cycle in running)
    return {
        "phases": [_bar(led, PHASE_WORDS[phase], phases[phase]) for phase in PHASES],
        "ages": [_bar(led, name, ages[name]) for name in (*dict(_AGES), _OLDER)],
        "rows": [_row(led, cycle) for cycle in sorted(running, key=_by_start)],
    }


def closing_queue(led: Led) -> list[list[object]]:
    """Cycles that are done, past their planned end or near it, with what each still lacks."""
    queue = [cycle for cycle in led.cycles if _is_closing(cycle)]
    return [_queued(led, cycle) for cycle in sorted(queue, key=_by_end)]


def still_missing(view: View, cycle: RecordView) -> tuple[str, ...]:
    """What a cycle lacks for its close; what is to be written up stands among what is due."""
    steps = closing_steps(view, cycle)
    return tuple(one.missing for one in steps if one.state is State.OPEN and one.kind != "session")


def _is_closing(cycle: RecordView) -> bool:
    """Whether a cycle under way is done, or its planned end is past or within two weeks."""
    if cycle.raw("status") not in RUNNING:
        return False
    end = cycle.raw("planned_end")
    is_near = isinstance(end, dt.date) and end - cycle.book.today <= _SOON
    return cycle.raw("phase") == "done" or is_near


def _queued(led: Led, cycle: RecordView) -> list[object]:
    missing = still_missing(led.view, cycle)
    end = cycle.raw("planned_end")
    late = isinstance(end, dt.date) and end < led.book.today
    words = "; ".join(missing) or "nothing: it can be closed"
    return [
        _link(led, cycle),
        led.label(PHASE_WORDS.get(str(cycle.raw("phase")), ""), "phase"),
        _day(led, end) | ({"note": led.label("past", "end")} if late else {}),
        led.label(words, "missing"),
    ]


def _row(led: Led, cycle: RecordView) -> list[object]:
    sessions = led.view.sessions_of(cycle.id)
    seen = [one for one in sessions if one.audience.admits(led.audience)]
    held = [one for one in seen if one.raw("status") == "held"]
    status = str(cycle.raw("status"))
    return [
        _link(led, cycle),
        led.label(PHASE_WORDS.get(str(cycle.raw("phase")), ""), "phase"),
        {
            "text": led.label(STATUS_WORDS.get(status, status), "status"),
            "badge": led.label(status, "status"),
        },
        _day(led, cycle.day) | {"note": led.label(_weeks_words(cycle), "age")},
        led.label(len(held), "sessions"),
        _day(led, _last(held)),
        _day(led, cycle.raw("planned_end")),
    ]


def _link(led: Led, cycle: RecordView) -> dict[str, object]:
    return {
        "text": led.label(thread_title(cycle) or "nobody: its partnership is gone", "who"),
        "href": led.label(thread_href(led, cycle), "who"),
    }


def _last(sessions: Sequence[RecordView]) -> dt.date | None:
    return max((one.day for one in sessions if one.day), default=None)


def _day(led: Led, day: object) -> dict[str, object]:
    """A day as a cell that sorts; a day of another year says so."""
    if not isinstance(day, dt.date):
        return {"text": public("")}
    is_near = abs((day - led.book.today).days) < 180  # noqa: PLR2004 (half a year)
    words = format_day(day) if is_near else format_date(day)
    return {"text": led.label(words, "day"), "sort": led.label(day.isoformat(), "day")}


def _bar(led: Led, name: str, number: int) -> dict[str, object]:
    return {"label": public(name), "value": led.label(number, "cycles")}


def _weeks(cycle: RecordView) -> int:
    """The age of a cycle in weeks; holidays count."""
    return max(0, (cycle.book.today - cycle.day).days // 7) if cycle.day else 0


def _weeks_words(cycle: RecordView) -> str:
    weeks = _weeks(cycle)
    return f"{weeks} week{'' if weeks == 1 else 's'} ago"


def _age_words(weeks: int) -> str:
    return next((name for name, until in _AGES if weeks < until), _OLDER)


def _by_start(cycle: RecordView) -> tuple[str, str]:
    return (str(cycle.day or ""), cycle.id)


def _by_end(cycle: RecordView) -> tuple[str, str]:
    return (str(cycle.raw("planned_end") or ""), cycle.id)

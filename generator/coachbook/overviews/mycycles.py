"""The cycles of one person, for their own page: a card for each, or a table where they are many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.calendar import format_day
from coachbook.overviews.aboutme import sections_for
from coachbook.overviews.due import last_held, next_session
from coachbook.overviews.notes import section_model
from coachbook.overviews.wording import cycle_href, cycle_summary, is_mentoring, month_begun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coachbook.overviews import Blocks
    from coachbook.views import RecordView, View

_MOST_CARDS = 6
_RUNNING = frozenset({"open", "planned", "paused"})
_PARTS = {
    ("coach", True): "You coach",
    ("coach", False): "You coached",
    ("coachee", True): "You are coached by",
    ("coachee", False): "You were coached by",
    ("mentor", True): "You mentor",
    ("mentor", False): "You mentored",
    ("mentee", True): "You are mentored by",
    ("mentee", False): "You were mentored by",
}


def split_cycles(cycles: Sequence[RecordView]) -> tuple[list[RecordView], list[RecordView]]:
    """The cycles that get a card with their goal, and those that stand in a table.

    All get a card where they are few, or else those under way; where even those are many, none.
    """
    running = [one for one in cycles if _is_running(one)]
    finished = [one for one in cycles if not _is_running(one)]
    if len(cycles) <= _MOST_CARDS:
        return list(cycles), []
    return (running, finished) if len(running) <= _MOST_CARDS else ([], [*running, *finished])


def cycle_card(view: View, cycle: RecordView, person: str, blocks: Blocks) -> dict[str, object]:
    """A cycle with its goal, told from the person's side."""
    following, last = next_session(view, cycle), last_held(view, cycle)
    goal = sections_for(cycle, person, "Goal") if _is_running(cycle) else []
    return cycle_summary(view, cycle) | {
        "href": cycle_href(cycle),
        "since": month_begun(cycle),
        "others": cycle.others(person),
        "part": cycle.label(_part(view, cycle, person), "relation"),
        "is_running": cycle.label(_is_running(cycle), "status"),
        "goal": [section_model(one, blocks, cycle) for one in goal],
        "last": cycle.label(_day(last), "last session"),
        "next": cycle.label(_day(following), "next session"),
    }


def cycle_row(view: View, cycle: RecordView, person: str) -> list[object]:
    """A row of the table: with whom, state, start, sessions held, the last and the next of them."""
    summary = cycle_summary(view, cycle)
    words = cycle.others(person).map(lambda others: f"{_part(view, cycle, person)} {others}")
    return [
        {"text": words, "href": cycle_href(cycle)},
        {"text": summary["status"], "badge": summary["status_key"]},
        {"text": summary["start"], "sort": cycle.label(_iso(cycle), "start")},
        summary["held"],
        _dated(cycle, last_held(view, cycle)),
        _dated(cycle, next_session(view, cycle)),
    ]


def _is_running(cycle: RecordView) -> bool:
    return cycle.raw("status") in _RUNNING


def _part(view: View, cycle: RecordView, person: str) -> str:
    leads = person in cycle.people.get("coach", ())
    if is_mentoring(view, cycle):
        return _PARTS["mentor" if leads else "mentee", _is_running(cycle)]
    return _PARTS["coach" if leads else "coachee", _is_running(cycle)]


def _dated(cycle: RecordView, session: RecordView | None) -> dict[str, object]:
    return {
        "text": cycle.label(_day(session), "session"),
        "sort": cycle.label(_iso(session), "session"),
    }


def _day(session: RecordView | None) -> str:
    return format_day(session.day) if session and session.day else ""


def _iso(record: RecordView | None) -> str:
    return record.day.isoformat() if record and record.day else ""

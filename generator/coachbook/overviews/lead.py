"""The page coaching is led from: what is due, what was missed, who carries how much.

It holds names and headers and not one word of a note. It goes to the roles that lead coaching
and read both by the policy's table; who may see figures and no more has the page of the school.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from coachbook.calendar import format_day, format_span, half_term_of
from coachbook.figures import defined, figure_table, year_to_date
from coachbook.overviews import Page
from coachbook.overviews.agenda import OVERDUE, THIS_HALF_TERM, THIS_WEEK, agenda, this_half_term
from coachbook.overviews.caseload import loads, trainings
from coachbook.overviews.choices import still_to_settle
from coachbook.overviews.gaps import gaps, waivers
from coachbook.overviews.leading import Led, leaders, thread_href, thread_title
from coachbook.overviews.progress import closing_queue, running_cycles
from coachbook.overviews.rhythm import boards, span_words
from coachbook.overviews.turns import square
from coachbook.overviews.unchecked import sealed_by_form, unchecked
from coachbook.overviews.wording import REASON_WORDS, roles_in_words
from coachbook.views import in_order, public

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coachbook.audience import Labelled
    from coachbook.figures import Table
    from coachbook.overviews.agenda import Task
    from coachbook.overviews.rhythm import Board
    from coachbook.views import RecordView, View

_COMPLETION = ("completion", "kept")
_OPEN_ROWS, _MOST_ROWS = 10, 25
_URGENCIES = {THIS_WEEK: "warn", OVERDUE: "late", THIS_HALF_TERM: "planned"}
_ORDER = {urgency: rank for rank, urgency in enumerate(_URGENCIES)}


def lead_page(view: View, school: str) -> Page:
    """Builds the page of those who lead coaching at a school."""
    led = Led(view, school, leaders(view.book, school))
    shown = boards(led)
    tasks = agenda(led, shown)
    half_term = this_half_term(led)
    return Page(
        kind="lead",
        path=f"lead/{school}",
        title=public("Leading coaching"),
        group=public(view.school_name(school)),
        audience=led.audience,
        template="lead.html",
        model={
            "name": public(view.school_name(school)),
            "today": public(format_day(view.book.today)),
            "half_term": public(_half_term_words(led)),
            "who": public(roles_in_words(led.audience)),
            "period": public(str(year_to_date(view.book, school))),
            "counts": _counts(led, tasks),
            "trends": _completion(led),
            "tasks": _tasks(led, tasks),
            "now_due": led.label(_now_due(tasks), "task"),
            "boards": [_board(led, board) for board in shown if board.lines],
            "missed": [_missed(led, one) for one in _missed_sessions(led)[::-1]],
            "reasons": _reasons(led),
            "loads": loads(led),
            "trainings": trainings(led),
            "cycles": running_cycles(led),
            "closing": closing_queue(led),
            "waivers": waivers(led),
            "unchecked": unchecked(led),
            "sealed": sealed_by_form(led),
            "gaps": gaps(led),
            "choices": still_to_settle(led),
            "has_calendar": public(half_term is not None),
        },
        blocks={},
    )


def _half_term_words(led: Led) -> str:
    """The half-term of today with its days; in a break, what comes after it."""
    found = this_half_term(led)
    if found is None or led.calendar is None:
        return ""
    words = f"{found.name}, {format_span(found.start, found.end)}"
    is_now = half_term_of(led.calendar, led.book.today)
    return words if is_now else f"Next: {words}"


def _counts(led: Led, tasks: Sequence[Task]) -> list[dict[str, object]]:
    """The numbers at the top: what is overdue, due, held and missed."""
    urgencies = Counter(task.urgency for task in tasks)
    half_term = this_half_term(led)
    here = [one for one in led.sessions if half_term and one.day in half_term]
    states = Counter(str(one.raw("status")) for one in here)
    numbers = {
        "Overdue": urgencies[OVERDUE],
        "Due this week": urgencies[THIS_WEEK],
        "Due later this half-term": urgencies[THIS_HALF_TERM],
        "Held this half-term": states["held"],
        "Missed this half-term": states["missed"],
        "Planned ahead": states["planned"],
    }
    return [
        {"title": public(title), "value": led.label(number, title)}
        for title, number in numbers.items()
    ]


def _completion(led: Led) -> list[Labelled[Table]]:
    """How many sessions took place, half-term by half-term: of those due, or of those on record."""
    here = {one.key for one in defined(led.view, led.school)}
    wanted = [key for key in _COMPLETION if key in here]
    tables = [figure_table(led.view, led.school, key, by="half-term") for key in wanted]
    return [one for one in tables if one.audience.admits(led.audience)]


def _task(led: Led, task: Task, href: str) -> Labelled[list[object]]:
    """A row of the table of what is due."""
    row: list[object] = [
        {"text": task.who, "href": href},
        task.words,
        {"text": format_day(task.when), "sort": task.when.isoformat()},
        {
            "text": task.urgency,
            "badge": _URGENCIES[task.urgency],
            "sort": _ORDER[task.urgency],
        },
    ]
    return led.label(row, "task")


def _tasks(led: Led, tasks: Sequence[Task]) -> list[Labelled[list[object]]]:
    """The table of what is due; a pair or a group can have many rows in it."""
    about = {task.about.id: task.about for task in tasks}
    hrefs = {name: thread_href(led, one) for name, one in about.items()}
    return [_task(led, task, hrefs[task.about.id]) for task in _soonest(tasks)]


def _now_due(tasks: Sequence[Task]) -> int:
    """How many rows stand open at first: what is due this week, within reason, or a handful."""
    this_week = sum(task.urgency == THIS_WEEK for task in tasks)
    return min(max(_OPEN_ROWS, this_week), _MOST_ROWS)


def _soonest(tasks: Sequence[Task]) -> list[Task]:
    """What is due this week, then what is overdue, then what can wait; each by its day."""
    return sorted(tasks, key=lambda task: _ORDER[task.urgency])


def _board(led: Led, board: Board) -> dict[str, object]:
    """One rhythm as a grid: a line for each pair or group, a square for each turn."""
    return {
        "title": public(board.title),
        "firm": public(board.firm),
        "clause": public(board.clause),
        "grid": {
            "corner": public("Pair or group"),
            "columns": [public(span_words(span, board.rhythm)) for span in board.spans],
            "rows": [
                {
                    "label": led.label(thread_title(line.thread), "who"),
                    "href": led.label(thread_href(led, line.thread), "who"),
                    "cells": [square(led, turn) for turn in line.turns],
                }
                for line in board.lines
            ],
        },
    }


def _missed_sessions(led: Led) -> list[RecordView]:
    return [one for one in in_order(led.sessions) if one.raw("status") == "missed"]


def _missed(led: Led, session: RecordView) -> list[object]:
    """A row of the table of missed sessions: when, who, why."""
    reason = str(session.raw("missed_reason") or "")
    day = session.day
    return [
        {
            "text": led.label(format_day(day) if day else "", "date"),
            "sort": led.label(day.isoformat() if day else "", "date"),
        },
        led.label(thread_title(session), "who"),
        led.label(REASON_WORDS.get(reason, "") or "no reason written down", "reason"),
        led.label(led.view.half_term(session), "date"),
    ]


def _reasons(led: Led) -> list[dict[str, object]]:
    """How often each reason was given this year, the most frequent first."""
    counts = Counter(str(one.raw("missed_reason") or "") for one in _missed_sessions(led))
    return [
        {
            "label": led.label(REASON_WORDS.get(reason, "no reason written down"), "reason"),
            "value": led.label(number, "reason"),
        }
        for reason, number in counts.most_common()
    ]

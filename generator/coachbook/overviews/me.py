"""The page of one person: my cycles, sessions, action steps and what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import Audience, Labelled
from coachbook.book import display
from coachbook.calendar import format_day
from coachbook.overviews import Blocks, Page
from coachbook.overviews.due import due_for, last_held, next_session
from coachbook.overviews.wording import cycle_href, cycle_summary, session_row
from coachbook.views import public

if TYPE_CHECKING:
    from coachbook.views import RecordView, View

_RECENT = 6
_PARTS = {
    ("coach", True): "You coach",
    ("coach", False): "You coached",
    ("coachee", True): "You are coached by",
    ("coachee", False): "You were coached by",
}


def me_page(view: View, person: str) -> Page:
    """Builds the page model of one person, for that person alone."""
    audience = Audience(frozenset({person}))
    blocks = Blocks()
    cycles = [c for c in view.cycles_of(person) if c.audience.admits(audience)]
    model = {
        "name": Labelled(display(view.book, person), audience, f"name of {person}"),
        "today": public(format_day(view.book.today)),
        "cycles": [_cycle(view, cycle, person) for cycle in cycles],
        "due": [
            {
                "words": item.cycle.label(item.words, "due"),
                "others": item.cycle.others(person),
                "href": cycle_href(item.cycle),
                "late": item.cycle.label(item.late, "due"),
            }
            for item in due_for(view, person)
            if item.cycle.audience.admits(audience)
        ],
        "steps": [_steps(view, cycle, person, blocks) for cycle in cycles if _is_running(cycle)],
        "recent": [
            session_row(view, s) | {"others": s.others(person)}
            for s in _recent(view, cycles, audience)
        ],
        "unreadable": [
            Labelled(path, audience, "held back") for path in view.held_back_for(person)
        ],
    }
    return Page(
        kind="me",
        path="me",
        title=public("Me"),
        group=public(""),
        audience=audience,
        template="me.html",
        model=model,
        blocks=blocks.held,
    )


def _is_running(cycle: RecordView) -> bool:
    return cycle.raw("status") in {"open", "planned", "paused"}


def _cycle(view: View, cycle: RecordView, person: str) -> dict[str, object]:
    following, last = next_session(view, cycle), last_held(view, cycle)
    role = "coach" if person in cycle.people.get("coach", ()) else "coachee"
    part = _PARTS[role, _is_running(cycle)]
    return cycle_summary(view, cycle) | {
        "href": cycle_href(cycle),
        "since": cycle.label(f"{cycle.day:%B %Y}" if cycle.day else "", "start"),
        "others": cycle.others(person),
        "part": cycle.label(part, "relation"),
        "last": cycle.label(format_day(last.day) if last and last.day else "", "last session"),
        "next": cycle.label(
            format_day(following.day) if following and following.day else "", "next session"
        ),
    }


def _steps(view: View, cycle: RecordView, person: str, blocks: Blocks) -> dict[str, object]:
    """The blocks of this cycle's action steps that were sealed to the person."""
    sealed = (s.sealed("Action steps") for s in view.sessions_of(cycle.id))
    names = [blocks.add(s) for s in sealed if s is not None and person in s.reader_ids]
    return {
        "others": cycle.others(person),
        "href": cycle_href(cycle),
        "blocks": public(" ".join(names)),
        "today": public(view.book.today.isoformat()),
    }


def _recent(view: View, cycles: list[RecordView], audience: Audience) -> list[RecordView]:
    sessions = [
        s for c in cycles for s in view.sessions_of(c.id) if s.day and s.day <= view.book.today
    ]
    seen = [s for s in sessions if s.audience.admits(audience)]
    return sorted(seen, key=lambda s: (str(s.day), s.id), reverse=True)[:_RECENT]

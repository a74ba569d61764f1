"""The page of one person: what is next, what was agreed, and all that is about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import Audience, Labelled
from coachbook.book import display
from coachbook.calendar import format_day
from coachbook.overviews import Blocks, Page
from coachbook.overviews.aboutme import readers_model, sections_for
from coachbook.overviews.due import due_for, last_held, next_session
from coachbook.overviews.meetings import last_model, next_model, sessions_of
from coachbook.overviews.minutes import minutes_model, schools_without_calendar
from coachbook.overviews.notes import section_model
from coachbook.overviews.pair import pair_title
from coachbook.overviews.threads import thread_model
from coachbook.overviews.wording import (
    cycle_href,
    cycle_summary,
    is_mentoring,
    pair_href,
    session_row,
    visit_row,
)
from coachbook.views import public

if TYPE_CHECKING:
    from coachbook.views import RecordView, View

_RECENT = 6
_REFLECTION = "Coachee reflection"
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


def me_page(view: View, person: str) -> Page:
    """Builds the page model of one person, for that person alone."""
    audience = Audience(frozenset({person}))
    blocks = Blocks()
    cycles = [c for c in view.cycles_of(person) if c.audience.admits(audience)]
    sessions = sessions_of(view, person)
    model = {
        "name": Labelled(display(view.book, person), audience, f"name of {person}"),
        "today": public(format_day(view.book.today)),
        "next": next_model(view, person, sessions),
        "last": last_model(view, person, sessions, blocks),
        "cycles": [_cycle(view, cycle, person, blocks) for cycle in cycles],
        "due": [
            {
                "words": item.about.label(item.words, "due"),
                "others": item.about.others(person),
                "href": item.href,
                "late": item.about.label(item.late, "due"),
            }
            for item in due_for(view, person)
            if item.about.audience.admits(audience)
        ],
        "pairs": _pairs(view, person, audience),
        "visits": _visits(view, person, audience),
        "steps": [
            *_threads(view, cycles, person, blocks),
            *_pair_threads(view, person, audience, blocks),
        ],
        "recent": [
            session_row(view, s) | {"others": s.others(person)} for s in _recent(view, sessions)
        ],
        "minutes": minutes_model(view, person, sessions),
        "no_calendar": schools_without_calendar(view, person),
        "reflections": _reflections(view, sessions, person, blocks),
        "readers": readers_model(view, person),
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
        origins=blocks.origins,
    )


def _pairs(view: View, person: str, audience: Audience) -> list[dict[str, object]]:
    """The pairs and groups that meet outside cycles, with their latest session."""
    return [
        {
            "title": pair_title(pair),
            "href": pair_href(pair),
            "last": [session_row(view, one) for one in _held(view, pair, audience)[-1:]],
        }
        for pair in view.pairs_by_person.get(person, ())
        if pair.audience.admits(audience)
    ]


def _held(view: View, pair: RecordView, audience: Audience) -> list[RecordView]:
    sessions = view.meetings.get(pair.id, ())
    return [s for s in sessions if s.raw("status") == "held" and s.audience.admits(audience)]


def _visits(view: View, person: str, audience: Audience) -> list[dict[str, object]]:
    """The visits to and by the person, each with the part they had in it."""
    seen = [one for one in view.visits_of(person) if one.audience.admits(audience)]
    return [
        visit_row(view, one)
        | {"is_mine": one.label(person in one.people.get("observed", ()), "observed")}
        for one in seen
    ]


def _is_running(cycle: RecordView) -> bool:
    return cycle.raw("status") in {"open", "planned", "paused"}


def _cycle(view: View, cycle: RecordView, person: str, blocks: Blocks) -> dict[str, object]:
    following, last = next_session(view, cycle), last_held(view, cycle)
    part = _PARTS[_relation(view, cycle, person), _is_running(cycle)]
    goal = sections_for(cycle, person, "Goal") if _is_running(cycle) else []
    return cycle_summary(view, cycle) | {
        "href": cycle_href(cycle),
        "since": _since(cycle),
        "others": cycle.others(person),
        "part": cycle.label(part, "relation"),
        "is_running": cycle.label(_is_running(cycle), "status"),
        "goal": [section_model(one, blocks, cycle) for one in goal],
        "last": cycle.label(format_day(last.day) if last and last.day else "", "last session"),
        "next": cycle.label(
            format_day(following.day) if following and following.day else "", "next session"
        ),
    }


def _relation(view: View, cycle: RecordView, person: str) -> str:
    leads = person in cycle.people.get("coach", ())
    if is_mentoring(view, cycle):
        return "mentor" if leads else "mentee"
    return "coach" if leads else "coachee"


def _since(cycle: RecordView) -> Labelled[str]:
    return cycle.label(f"{cycle.day:%B %Y}" if cycle.day else "", "start")


def _threads(
    view: View, cycles: list[RecordView], person: str, blocks: Blocks
) -> list[dict[str, object]]:
    """The action steps of each cycle under way; its month tells two with one person apart."""
    running = [c for c in cycles if c.raw("status") in {"open", "paused"}]
    names = [c.others(person).value for c in running]
    return [
        {
            "others": cycle.others(person),
            "href": cycle_href(cycle),
            "since": _since(cycle) if names.count(name) > 1 else public(""),
            "steps": thread_model(cycle, view.sessions_of(cycle.id), blocks, person=person),
        }
        for cycle, name in zip(running, names, strict=True)
    ]


def _pair_threads(
    view: View, person: str, audience: Audience, blocks: Blocks
) -> list[dict[str, object]]:
    """The action steps of each pair and group that meets outside cycles."""
    return [
        {
            "others": pair.others(person),
            "href": pair_href(pair),
            "since": public(""),
            "steps": thread_model(pair, sessions, blocks, person=person),
        }
        for pair in view.pairs_by_person.get(person, ())
        if pair.audience.admits(audience) and (sessions := view.meetings.get(pair.id, ()))
    ]


def _reflections(
    view: View, sessions: list[RecordView], person: str, blocks: Blocks
) -> list[dict[str, object]]:
    """What the person wrote of their own learning, the newest first."""
    return [
        session_row(view, one)
        | {
            "others": one.others(person),
            "sections": [section_model(section, blocks, one) for section in found],
        }
        for one in sessions[::-1]
        if person not in one.people.get("coach", ())
        and (found := sections_for(one, person, _REFLECTION))
    ]


def _recent(view: View, sessions: list[RecordView]) -> list[RecordView]:
    return [s for s in sessions if s.day and s.day <= view.book.today][: -_RECENT - 1 : -1]

"""The page of one person: what is next, what was agreed, and all that is about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import Audience, Labelled, told
from coachbook.book import display
from coachbook.calendar import format_day
from coachbook.declassified import HELD_BACK, declassify
from coachbook.overviews import Blocks, Page
from coachbook.overviews.aboutme import readers_model
from coachbook.overviews.due import due_for, is_under_way
from coachbook.overviews.meetings import last_model, next_model, sessions_of
from coachbook.overviews.minutes import minutes_model, schools_without_calendar
from coachbook.overviews.mycycles import cycle_card, cycle_row, split_cycles
from coachbook.overviews.mysteps import steps_model
from coachbook.overviews.pair import pair_title
from coachbook.overviews.reflections import reflections_model
from coachbook.overviews.wording import pair_href, session_row, visit_row
from coachbook.views import public

if TYPE_CHECKING:
    from coachbook.views import RecordView, View

_RECENT = 6
_GOES_ON = frozenset({"planned", "open", "paused"})


def me_page(view: View, person: str) -> Page:
    """Builds the page model of one person, for that person alone."""
    audience = Audience(frozenset({person}))
    blocks = Blocks()
    cycles = [c for c in view.cycles_of(person) if c.audience.admits(audience)]
    pairs = [p for p in view.pairs_by_person.get(person, ()) if p.audience.admits(audience)]
    cards, others = split_cycles(cycles)
    sessions = sessions_of(view, person)
    model = {
        "name": Labelled(display(view.book, person), audience, f"name of {person}"),
        "today": public(format_day(view.book.today)),
        "next": next_model(view, person, sessions),
        "last": last_model(view, person, sessions, blocks),
        "under_way": told(
            _is_under_way(view, cycles, pairs),
            (one.audience for one in (*cycles, *pairs)),
            audience,
            f"work of {person}",
        ),
        "cycles": [cycle_card(view, cycle, person, blocks) for cycle in cards],
        "more_cycles": [cycle_row(view, one, person) for one in others],
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
        "pairs": [_pair(view, pair, audience) for pair in pairs],
        "visits": _visits(view, person, audience),
        "steps": steps_model(view, person, cycles, pairs, blocks),
        "recent": [
            session_row(view, s) | {"others": s.others(person)} for s in _recent(view, sessions)
        ],
        "minutes": minutes_model(view, person, sessions),
        "no_calendar": schools_without_calendar(view, person),
        "reflections": reflections_model(view, person, sessions, blocks),
        "readers": readers_model(view, person),
        "unreadable": [
            declassify(path, HELD_BACK, to=audience, source="held back")
            for path in view.held_back_for(person)
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


def _is_under_way(view: View, cycles: list[RecordView], pairs: list[RecordView]) -> bool:
    """Whether a cycle, a pair or a group goes on, so that a next session is to be expected."""
    goes_on = (one.raw("status") in _GOES_ON for one in cycles)
    return any(goes_on) or any(is_under_way(view, one) for one in pairs)


def _pair(view: View, pair: RecordView, audience: Audience) -> dict[str, object]:
    """A pair or group that meets outside cycles, with its latest session."""
    return {
        "title": pair_title(pair),
        "href": pair_href(pair),
        "last": [session_row(view, one) for one in _held(view, pair, audience)[-1:]],
    }


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


def _recent(view: View, sessions: list[RecordView]) -> list[RecordView]:
    return [s for s in sessions if s.day and s.day <= view.book.today][: -_RECENT - 1 : -1]

"""The page of one cycle: from its goal by its sessions to what came of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from coachbook.calendar import format_day
from coachbook.keeping import TEXT_LEFT
from coachbook.overviews import Blocks, Page
from coachbook.overviews.closing import MONITOR, OUTCOME, State, closing_steps, missing_words
from coachbook.overviews.course import course_model, parts_grid
from coachbook.overviews.notes import note_model, section_model
from coachbook.overviews.stretches import earlier_links, stretches_of, thread_audience
from coachbook.overviews.threads import thread_model
from coachbook.overviews.wording import (
    PHASE_WORDS,
    PHASES,
    cycle_summary,
    day_of,
    kind_word,
    session_row,
    visit_row,
)
from coachbook.sentences import join
from coachbook.views import public

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coachbook.audience import Audience, Labelled
    from coachbook.views import RecordView, View


_EVIDENCE = {
    "session-records": "the records of sessions",
    "lesson-visit": "a visit to a lesson",
    "pupil-work": "pupils' work",
    "rubric": "the rubric",
    "conversation": "a conversation",
    "survey": "a survey",
}


def cycle_page(view: View, cycle: RecordView) -> Page:
    """Builds the page model of a cycle, for everyone who may read all its headers."""
    sessions = view.sessions_of(cycle.id)
    statements = view.statements.get(cycle.id, ())
    blocks = Blocks()
    audience = thread_audience(view, cycle)
    shown = stretches_of(view, "cycle", cycle.id)
    model = cycle_summary(view, cycle) | {
        "kind": kind_word(view, cycle),
        "coach": cycle.names("coach"),
        "coachee": cycle.names("coachee"),
        "closed": day_of(cycle, "closed_on"),
        "ends_later": cycle.label(_ends_later(view, cycle), "planned_end"),
        "path": cycle.label(cycle.record.path, "path"),
        "follows": _follows(view, cycle),
        "left_in": cycle.label(str(cycle.raw(TEXT_LEFT) or ""), TEXT_LEFT),
        "is_orphan": cycle.label(not cycle.people.get("coachee"), "partnership"),
        "partnership": cycle.label(str(cycle.raw("partnership") or ""), "partnership"),
        "sections": [
            section_model(s, blocks, cycle) for s in cycle.sealed_sections() if s.name != OUTCOME
        ],
        "outcome": [
            section_model(s, blocks, cycle) for s in cycle.sealed_sections() if s.name == OUTCOME
        ],
        "goal_checks": _goal_checks(view, cycle, blocks, audience),
        "course": course_model(view, cycle, audience),
        "parts": parts_grid(cycle, sessions),
        "timeline": _timeline(view, shown.here, blocks, audience),
        "earlier": earlier_links(view, cycle),
        "visits": [
            visit_row(view, visit)
            for visit in view.visits_for(cycle.id)
            if visit.audience.admits(audience)
        ],
        "statements": [
            _session(view, s, blocks, audience) | {"evidence": _evidence(s)} for s in statements
        ],
        "missing": [cycle.label(words, "missing") for words in missing_words(view, cycle)],
        "closing": [
            {
                "title": public(step.title),
                "who": public(step.who),
                "state": cycle.label(step.state.value, "closing"),
            }
            for step in closing_steps(view, cycle)
        ],
        "closed_by": cycle.label(" ".join(_closers(view, cycle)), "people"),
        "close_href": cycle.label(f"#/write/at/{cycle.id}", "id"),
        "steps": thread_model(view, cycle, blocks, here={one.id for one in shown.here}),
    }
    return Page(
        kind="cycle",
        path=f"cycle/{cycle.id}",
        title=cycle_title(cycle),
        group=public(view.school_name(cycle.school)),
        audience=audience,
        template="cycle.html",
        model=model,
        blocks=blocks.held,
        origins=blocks.origins,
    )


def cycle_title(cycle: RecordView) -> Labelled[str]:
    """What a cycle is called: by its people and the month it began in."""
    if not cycle.people.get("coachee"):
        return cycle.label(f"A cycle without its pair{_began(cycle)}", "title")
    coach = join([cycle.short_name(p) for p in cycle.people.get("coach", ())])
    coachee = join([cycle.short_name(p) for p in cycle.people.get("coachee", ())])
    return cycle.label(f"{coachee} with {coach}{_began(cycle)}", "title")


def _closers(view: View, cycle: RecordView) -> list[str]:
    """Whose Write pages help to close the cycle: the pair's, and the monitor's for a statement."""
    pair = [person for role in ("coach", "coachee") for person in cycle.people.get(role, ())]
    waits = any(
        step.kind == "statement" and step.state is State.OPEN for step in closing_steps(view, cycle)
    )
    return [*pair, f"{MONITOR}@{cycle.school}"] if waits else pair


def _began(cycle: RecordView) -> str:
    return f", {cycle.day:%b %Y}" if cycle.day else ""


def _ends_later(view: View, cycle: RecordView) -> bool:
    """Whether the day that a cycle is planned to end on is still to come."""
    end = cycle.raw("planned_end")
    return isinstance(end, dt.date) and end > view.book.today


def _follows(view: View, cycle: RecordView) -> dict[str, object]:
    earlier = view.cycles.get(str(cycle.raw("follows") or ""))
    if earlier is None or not earlier.audience.admits(cycle.audience):
        return {}
    return {
        "href": cycle.label(f"#/cycle/{earlier.id}", "follows"),
        "start": day_of(earlier, "start"),
    }


def _goal_checks(
    view: View, cycle: RecordView, blocks: Blocks, audience: Audience
) -> list[dict[str, object]]:
    """The goal looked at line by line, as often as somebody did so."""
    found = (one for one in view.goal_checks.get(cycle.id, ()) if one.audience.admits(audience))
    return [
        {
            "day": one.label(format_day(one.day) if one.day else "", "date"),
            "sections": [section_model(s, blocks, one) for s in one.sealed_sections()],
        }
        for one in found
    ]


def _session(
    view: View, record: RecordView, blocks: Blocks, audience: Audience
) -> dict[str, object]:
    return session_row(view, record) | note_model(view, record, blocks, audience)


def _timeline(
    view: View, sessions: tuple[RecordView, ...], blocks: Blocks, audience: Audience
) -> list[dict[str, object]]:
    """The sessions under the phase each took place in."""
    by_phase = _by_phase(sessions)
    return [
        {
            "phase": public(PHASE_WORDS.get(phase, "")),
            "sessions": [_session(view, one, blocks, audience) for one in by_phase[phase]],
        }
        for phase in ("", *PHASES[1:4])
        if phase in by_phase
    ]


def _by_phase(sessions: Iterable[RecordView]) -> dict[str, list[RecordView]]:
    """The sessions by phase; one that names none, as a missed one, has that of the one before."""
    found: dict[str, list[RecordView]] = {}
    phase = ""
    for one in sessions:
        named = str(one.raw("phase") or "")
        phase = named if named in PHASES[1:4] else phase
        found.setdefault(phase, []).append(one)
    return found


def _evidence(statement: RecordView) -> Labelled[str]:
    """What a statement rests on, as its header says."""
    kinds = statement.raw("evidence")
    found = kinds if isinstance(kinds, tuple) else ()
    words = join([_EVIDENCE.get(str(kind), str(kind)) for kind in found])
    return statement.label(words, "evidence")

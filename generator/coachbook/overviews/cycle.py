"""The page of one cycle: a timeline by phase, with sections opened in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import narrow
from coachbook.book import policy_now
from coachbook.overviews import Blocks, Page
from coachbook.overviews.notes import note_model, section_model
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
from coachbook.views import keyed, public

if TYPE_CHECKING:
    from coachbook.audience import Audience
    from coachbook.views import RecordView, View


_REQUIRES = "cycle.close_requires"
_STATEMENT = "impact-statement"


def cycle_page(view: View, cycle: RecordView) -> Page:
    """Builds the page model of a cycle, for everyone who may read all its headers."""
    sessions = view.sessions_of(cycle.id)
    statements = view.statements.get(cycle.id, ())
    blocks = Blocks()
    audience = _audience(view, cycle)
    model = cycle_summary(view, cycle) | {
        "kind": kind_word(view, cycle),
        "coach": cycle.names("coach"),
        "coachee": cycle.names("coachee"),
        "closed": day_of(cycle, "closed_on"),
        "path": cycle.label(cycle.record.path, "path"),
        "follows": _follows(view, cycle),
        "sections": [section_model(s, blocks, cycle) for s in cycle.sealed_sections()],
        "goal_checks": _goal_checks(view, cycle, blocks, audience),
        "timeline": _timeline(view, sessions, blocks, audience),
        "visits": [
            visit_row(view, visit)
            for visit in view.visits_for(cycle.id)
            if visit.audience.admits(audience)
        ],
        "statements": [_session(view, s, blocks, audience) for s in statements],
        "missing": [cycle.label(words, "missing") for words in _missing(view, cycle)],
        "steps": thread_model(cycle, sessions, blocks),
    }
    return Page(
        kind="cycle",
        path=f"cycle/{cycle.id}",
        title=cycle.label(_title(cycle), "title"),
        group=public(view.school_name(cycle.school)),
        audience=audience,
        template="cycle.html",
        model=model,
        blocks=blocks.held,
        origins=blocks.origins,
    )


def _audience(view: View, cycle: RecordView) -> Audience:
    """Everyone with a key who may read the headers of the cycle and all that hangs on it."""
    parts = [cycle, *view.sessions_of(cycle.id), *view.statements.get(cycle.id, ())]
    return keyed(view.book, narrow(part.audience for part in parts))


def _title(cycle: RecordView) -> str:
    coach = join([cycle.short_name(p) for p in cycle.people.get("coach", ())])
    coachee = join([cycle.short_name(p) for p in cycle.people.get("coachee", ())])
    began = f", {cycle.day:%b %Y}" if cycle.day else ""
    return f"{coachee} with {coach}{began}"


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
            "day": day_of(one, "date"),
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
    """The sessions under the phase each took place in; those without one come last."""
    found = []
    for phase in (*PHASES[1:4], ""):
        rows = [
            _session(view, s, blocks, audience)
            for s in sessions
            if str(s.raw("phase") or "") == phase
        ]
        if rows:
            found.append({"phase": public(PHASE_WORDS.get(phase, "")), "sessions": rows})
    return found


def _missing(view: View, cycle: RecordView) -> list[str]:
    """What stands between an open cycle and its close, by the policy of today."""
    if cycle.raw("status") not in {"open", "paused"}:
        return []
    policy = policy_now(view.book, cycle.school)
    required = policy.get(_REQUIRES) if policy else None
    missing = []
    if required and cycle.sealed("Outcome") is None:
        missing.append("an outcome, written by coach and coachee")
    if required == _STATEMENT and not view.statements.get(cycle.id):
        missing.append("an impact statement, written by the monitor")
    return missing

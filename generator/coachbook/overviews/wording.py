"""How cycles and sessions are put into words, the same on every private page."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from coachbook.calendar import format_date, format_day
from coachbook.overviews.stretches import stretches_of
from coachbook.views import public

if TYPE_CHECKING:
    from coachbook.audience import Labelled
    from coachbook.views import RecordView, View

PHASES = ("planned", "identify", "learn", "improve", "done")
PHASE_WORDS = {
    "planned": "Planned",
    "identify": "Identify",
    "learn": "Learn",
    "improve": "Improve",
    "done": "Done",
}
STATUS_WORDS = {
    "planned": "Planned",
    "open": "Under way",
    "paused": "Paused",
    "closed": "Finished",
    "ended": "Ended early",
    "held": "Held",
    "cancelled": "Cancelled",
    "proposed": "Proposed",
    "active": "Active",
    "missed": "Missed",
}
VISIT_WORDS = {
    "formal": "Observation",
    "learning-walk": "Learning walk",
    "drop-in": "Drop-in",
    "peer-visit": "Visit to a colleague",
    "book-look": "Look at books",
}
GROUP_WORDS = {
    "support-triad": "Group of three",
    "triplet": "Group of three",
    "co-coaching": "Group that coaches each other",
    "team": "Team",
}
PAIR_WORDS = {
    "coaching": "Coaching pair",
    "peer": "Colleagues who coach each other",
    "mentoring": "Mentoring pair",
    "ect-mentoring": "Mentoring pair",
}
NOTE_WORDS = {"draft": "Draft", "shared": "", "final": "Final", "unknown": ""}
FOCUS_WORDS = {
    "lesson": "About a lesson",
    "planning": "About planning",
    "books": "About pupils' books",
    "leadership": "About leading",
    "other-practice": "About another part of the work",
}
REASON_WORDS = {
    "absence": "somebody was absent",
    "cover": "no cover",
    "trip": "a trip",
    "training": "training",
    "clash": "another meeting",
    "other": "another reason",
}


def cycle_href(cycle: RecordView) -> Labelled[str]:
    """The link to a cycle's page inside the portal."""
    return cycle.label(f"#/cycle/{cycle.id}", "id")


def pair_href(pair: RecordView) -> Labelled[str]:
    """The link to the page of a pair or group inside the portal."""
    return pair.label(f"#/pair/{pair.id}", "id")


def month_begun(cycle: RecordView) -> Labelled[str]:
    """The month that a cycle began in, or an empty text."""
    return cycle.label(f"{cycle.day:%B %Y}" if cycle.day else "", "start")


def is_mentoring(view: View, cycle: RecordView) -> bool:
    """Says whether a cycle or a pair is of a mentor and a mentee rather than of a coach."""
    pair = view.book.partnerships.get(str(cycle.raw("partnership") or cycle.id))
    return pair is not None and pair.kind in {"mentoring", "ect-mentoring"}


def kind_word(view: View, cycle: RecordView) -> Labelled[str]:
    """The kind of cycle as its heading has it: "Coaching" or "Mentoring"."""
    return cycle.label("Mentoring" if is_mentoring(view, cycle) else "Coaching", "partnership")


def day_of(record: RecordView, key: str) -> Labelled[str]:
    """A date field as people write it, or an empty text."""
    day = record.raw(key)
    return record.label(format_date(day) if isinstance(day, dt.date) else "", key)


def word_of(record: RecordView, key: str, words: dict[str, str]) -> Labelled[str]:
    """A choice field in plain English."""
    value = str(record.raw(key) or "")
    return record.label(words.get(value, value), key)


def cycle_summary(view: View, cycle: RecordView) -> dict[str, object]:
    """What every page says about a cycle: phase, status, dates, number of sessions."""
    held = sum(1 for s in view.sessions_of(cycle.id) if s.raw("status") == "held")
    phase = str(cycle.raw("phase") or "planned")
    reached = PHASES.index(phase) if phase in PHASES else 0
    return {
        "phase": word_of(cycle, "phase", PHASE_WORDS),
        "status": word_of(cycle, "status", STATUS_WORDS),
        "status_key": cycle.label(str(cycle.raw("status") or ""), "status"),
        "focus": word_of(cycle, "focus_type", FOCUS_WORDS),
        "start": day_of(cycle, "start"),
        "end": day_of(cycle, "planned_end"),
        "held": cycle.label(held, "sessions"),
        "phases": [
            {
                "word": public(PHASE_WORDS[name]),
                "state": cycle.label(_state(place, reached), "phase"),
            }
            for place, name in enumerate(PHASES[1:4], start=1)
        ],
    }


def session_row(view: View, session: RecordView) -> dict[str, object]:
    """What every list of sessions says about one."""
    minutes = session.raw("minutes")
    reason = session.raw("missed_reason")
    return {
        "day": session.label(format_day(session.day) if session.day else "", "date"),
        "iso": session.label(session.day.isoformat() if session.day else "", "date"),
        "status": word_of(session, "status", STATUS_WORDS),
        "status_key": session.label(str(session.raw("status") or ""), "status"),
        "minutes": session.label(f"{minutes} minutes" if minutes else "", "minutes"),
        "reason": session.label(REASON_WORDS.get(str(reason), "") if reason else "", "reason"),
        "who": session.label(" and ".join(dict.fromkeys(_shorts(session))), "people"),
        "state": session.label(NOTE_WORDS[session.life.state], "note"),
        "state_key": session.label(session.life.state, "note"),
        "href": session_href(view, session),
        "path": session.label(session.record.path, "path"),
        "half_term": session.label(view.half_term(session), "date"),
    }


def session_href(view: View, session: RecordView) -> Labelled[str]:
    """The link to the page that a session stands on: of its cycle, its group or its pair."""
    for key, kind in (("cycle", "cycle"), ("group", "pair"), ("partnership", "pair")):
        value = session.raw(key)
        if value:
            path = stretches_of(view, kind, str(value)).paths.get(session.id, f"{kind}/{value}")
            return session.label(f"#/{path}", key)
    return session.label("", "cycle")


def visit_row(view: View, visit: RecordView) -> dict[str, object]:
    """What every list of visits says about one."""
    return session_row(view, visit) | {
        "kind": word_of(visit, "kind", VISIT_WORDS),
        "observed": visit.names("observed"),
        "observers": visit.names("observers"),
        "href": visit_href(visit),
        "feedback": _weekday_of(visit, "feedback_on"),
    }


def _weekday_of(record: RecordView, key: str) -> Labelled[str]:
    """A date field as a line of a list says it, "Thu 12 Nov", or an empty text."""
    day = record.raw(key)
    return record.label(format_day(day) if isinstance(day, dt.date) else "", key)


def visit_href(visit: RecordView) -> Labelled[str]:
    """The link to a visit's page inside the portal."""
    return visit.label(f"#/visit/{visit.id}", "id")


def _shorts(session: RecordView) -> list[str]:
    return [session.short_name(p) for group in session.people.values() for p in group]


def _state(place: int, reached: int) -> str:
    if place < reached:
        return "done"
    return "now" if place == reached else "later"

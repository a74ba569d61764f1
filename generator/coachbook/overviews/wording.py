"""How cycles and sessions are put into words, the same on every private page."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from coachbook.calendar import format_date, format_day
from coachbook.overviews.stretches import stretches_of
from coachbook.people import ROLE_TITLES, split_principal
from coachbook.sentences import join
from coachbook.views import public

if TYPE_CHECKING:
    from collections.abc import Callable

    from coachbook.audience import Audience, Labelled
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
_TOWARD = {"formal": "of", "peer-visit": "to", "book-look": "of"}
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
MENTORING = frozenset({"mentoring", "ect-mentoring"})
"""The kinds of pair that are a mentor's and a mentee's."""

NOTE_WORDS = {"draft": "Draft", "shared": "", "final": "Final", "unknown": ""}
FOCUS_WORDS = {
    "lesson": "About a lesson",
    "planning": "About planning",
    "books": "About pupils' books",
    "leadership": "About leading",
    "other-practice": "About something else at work",
}
REASON_WORDS = {
    "absence": "somebody was absent",
    "cover": "no cover",
    "trip": "a trip",
    "training": "training",
    "clash": "another meeting",
    "other": "another reason",
}

_PART_WORDS = {
    "people and roles": "who works here, and in which role",
    "pairs and cycles": "each pair and its cycles",
    "session header": "that a session took place: who, when, how long",
    "general topics": "the general topics of mentor meetings",
    "session notes": "what is written about sessions",
    "mentor notes": "mentors' notes",
    "coach private notes": "coaches' private notes",
    "observation form": "what is written on observations",
    "graded sheet": "graded sheets",
    "drop-in": "what is written on drop-ins",
    "impact statement": "impact statements",
    "development needs": "development needs",
    "objective": "objectives",
    "plans and priorities": "plans and priorities",
    "personal overview": "overviews of one person's work",
    "school overview": "overviews of the whole school",
    "good practice": "good practice to pass on",
    "stop": "who stopped, and why",
    "concern": "concerns",
    "capability mentoring": "mentoring in a capability procedure",
    "probation review": "reviews of probation",
    "induction review": "reviews of induction",
    "wellbeing signpost": "where somebody was sent for help",
    "appraisal extract": "extracts for appraisal",
}


def roles_in_words(audience: Audience) -> str:
    """Who can see a page, which the policy says in public: roles, never names."""
    roles = [split_principal(one)[0] for one in sorted(audience.principals or ())]
    words = join([ROLE_TITLES.get(role, f"the {role.replace('-', ' ')}") for role in roles])
    return words[:1].upper() + words[1:]


def part_words(row: str) -> str:
    """What a row of the policy's table is called inside a sentence."""
    name = row.lower()
    return _PART_WORDS.get(name, name)


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
    return pair is not None and pair.kind in MENTORING


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
    return _once(view, "cycle summary", cycle, _cycle_summary)


def _cycle_summary(view: View, cycle: RecordView) -> dict[str, object]:
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
    return _once(view, "session row", session, _session_row)


def _session_row(view: View, session: RecordView) -> dict[str, object]:
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


def _once(
    view: View,
    name: str,
    record: RecordView,
    work_out: Callable[[View, RecordView], dict[str, object]],
) -> dict[str, object]:
    """What several pages say of one record, worked out once; each gets a copy of its own."""
    return dict(view.once((name, record.record.path), lambda: work_out(view, record)))


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
        "toward": visit.label(_TOWARD.get(str(visit.raw("kind")), "with"), "kind"),
        "href": visit_href(visit),
        "feedback": _weekday_of(visit, "feedback_on"),
        "is_untold": visit.label(is_untold(view, visit), "feedback_on"),
    }


def is_untold(view: View, visit: RecordView) -> bool:
    """Whether a visit to somebody took place and no feedback is written down for it."""
    took_place = visit.raw("status") == "held" and bool(visit.people.get("observed"))
    return took_place and visit.raw("feedback_on") is None and not view.feedback.get(visit.id)


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

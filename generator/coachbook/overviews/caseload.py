"""What each coach carries, and whether they are trained for it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

from coachbook.calendar import format_date
from coachbook.overviews.closing import RUNNING
from coachbook.views import public

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coachbook.overviews.leading import Led
    from coachbook.views import RecordView

TRAINING_WORDS = {
    "coach-training": "Training as a coach",
    "instructional": "Training in the instructional approach",
    "basic": "Training in BASIC coaching",
}
"""What the trainings are called that a policy can ask for before somebody coaches."""

_REQUIRED = "training.required_before"
_AT_WORK = frozenset({"active"})


def loads(led: Led) -> list[list[object]]:
    """A row for each coach and mentor: with whom, how many cycles, sessions and minutes."""
    pairs = _by_coach(one for one in led.of_type("partnership") if one.raw("status") in _AT_WORK)
    cycles = _by_coach(one for one in led.cycles if one.raw("status") in RUNNING)
    sessions = _by_coach(led.sessions)
    coaches = sorted({*pairs, *cycles, *sessions}, key=lambda one: led.name(one).value)
    return [
        _load(led, one, pairs.get(one, []), cycles.get(one, []), sessions.get(one, []))
        for one in coaches
    ]


def trainings(led: Led) -> list[list[object]]:
    """What has to be learned: the training of each coach that the policy asks for, and all due."""
    return [*_required(led), *_due(led)]


def _load(
    led: Led,
    coach: str,
    pairs: list[RecordView],
    cycles: list[RecordView],
    sessions: list[RecordView],
) -> list[object]:
    held = [one for one in sessions if one.raw("status") == "held"]
    missed = sum(one.raw("status") == "missed" for one in sessions)
    minutes = [value for one in held if isinstance(value := one.raw("minutes"), int)]
    coachees = dict.fromkeys(
        person for one in (*pairs, *cycles) for person in one.people.get("coachee", ())
    )
    return [
        led.name(coach),
        led.names(coachees),
        led.label(len(coachees), "coachees"),
        led.label(len(cycles), "cycles"),
        _held(led, held),
        led.label(missed, "missed sessions"),
        {
            "text": led.label(f"{sum(minutes):,}", "minutes"),
            "sort": led.label(sum(minutes), "minutes"),
        },
    ]


def _held(led: Led, held: list[RecordView]) -> dict[str, object]:
    """How many sessions were held, and the line that they make over the half-terms so far."""
    spans = led.calendar.half_terms if led.calendar else ()
    begun = [span for span in spans if span.start <= led.book.today]
    counts = [sum(bool(one.day and one.day in span) for one in held) for span in begun]
    line = {"spark": led.label(counts, "sessions"), "told": public("Sessions by half-term")}
    return {"text": led.label(len(held), "sessions")} | (line if len(counts) > 1 else {})


def _by_coach(records: Iterable[RecordView]) -> Mapping[str, list[RecordView]]:
    found: defaultdict[str, list[RecordView]] = defaultdict(list)
    for record in records:
        for coach in record.people.get("coach", ()):
            found[coach].append(record)
    return found


def _required(led: Led) -> list[list[object]]:
    """Every coach at work with each training that the policy asks for before the first session."""
    asked = led.policy.get(_REQUIRED) if led.policy else None
    kinds = [str(one) for one in asked] if isinstance(asked, tuple) else []
    pairs = [
        one
        for one in led.of_type("partnership")
        if one.raw("status") in _AT_WORK and one.raw("kind") in {"coaching", "peer"}
    ]
    done = _done(led)
    coaches = sorted(_by_coach(pairs), key=lambda one: led.name(one).value)
    return [
        _requirement(led, coach, kind, done.get((coach, kind)))
        for coach in coaches
        for kind in kinds
    ]


def _requirement(led: Led, coach: str, kind: str, day: dt.date | None) -> list[object]:
    state, badge = ("done", "good") if day else ("not on record", "late")
    return [
        led.name(coach),
        public(TRAINING_WORDS.get(kind, kind.replace("-", " "))),
        public("before coaching"),
        _day(led, day),
        {"text": led.label(state, "training"), "badge": led.label(badge, "training")},
    ]


def _done(led: Led) -> Mapping[tuple[str, str], dt.date]:
    """The latest day on which each person did each kind of training."""
    found: dict[tuple[str, str], dt.date] = {}
    for one in led.of_type("training"):
        day = one.raw("date")
        if isinstance(day, dt.date) and day <= led.book.today:
            key = (str(one.raw("person")), str(one.raw("kind")))
            found[key] = max(day, found.get(key, day))
    return found


def _due(led: Led) -> list[list[object]]:
    """Training with a last day that nobody has done yet, the earliest first."""
    waiting = [
        (due, one)
        for one in led.of_type("training")
        if isinstance(due := one.raw("due"), dt.date) and one.raw("date") is None
    ]
    return [
        _waiting(led, due, one) for due, one in sorted(waiting, key=lambda it: (it[0], it[1].id))
    ]


def _waiting(led: Led, due: dt.date, training: RecordView) -> list[object]:
    late = due < led.book.today
    return [
        led.name(str(training.raw("person"))),
        led.label(str(training.raw("title") or ""), "training"),
        _day(led, due),
        public(""),
        {
            "text": led.label("overdue" if late else "to do", "training"),
            "badge": led.label("late" if late else "planned", "training"),
        },
    ]


def _day(led: Led, day: dt.date | None) -> dict[str, object]:
    if day is None:
        return {"text": public("")}
    return {"text": led.label(format_date(day), "day"), "sort": led.label(day.isoformat(), "day")}

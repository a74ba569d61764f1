"""What the policy's rhythm asks of people, turn by turn, and their answer.

The rules that tell what was missed (CB3xx), the board of those who lead coaching and the figure
of sessions held all ask here, so that they cannot disagree. A turn is judged by the version of
the policy that was in force when its frame began. Nothing is asked before the work began, after
it ended, in a pause, of people who have left, or, where a rhythm is only aimed for, before a
first session.

    for asked in asked_of(book, pair, calendar):
        for frame in asked.frames:
            answers = [answer_of(asked, turn) for turn in frame.turns]
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import field, replace
from datetime import date
from typing import TYPE_CHECKING

from coachbook.cadence import (
    COACHING,
    FIRST_YEAR,
    GROUPS,
    LATER,
    MENTORING,
    MENTORING_KINDS,
    Spell,
    accounted,
    begun,
    coached,
    frames,
    is_due,
    is_firm,
    lasting,
    of_kind,
    pauses,
    rhythms,
    sessions_of,
)
from coachbook.induction import in_first_year
from coachbook.policy import policy_in_force
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from coachbook.book import Book, Entry
    from coachbook.cadence import Frame
    from coachbook.calendar import HalfTerm, SchoolYear
    from coachbook.parameters import Cadence
    from coachbook.policy import Policy

NO_REASON, NOT_WRITTEN_UP, NOTHING = "none given", "not written up", "nothing on record"
"""Why a session that was due is missing, where no reason is written down."""

UNEXPLAINED = frozenset({NO_REASON, NOT_WRITTEN_UP, NOTHING})

ABSENCE = "absence"
"""The reason that takes a session out of what was due."""

_NOT_AT_WORK = frozenset({"proposed"})
_STAGES = (FIRST_YEAR, LATER)
_WHOLE_THREAD = frozenset({GROUPS, *_STAGES})
"""What a rhythm is narrowed to by whom it is for, so that all their sessions answer it."""


@frozen
class Asked:
    """What one rhythm of one version of a policy asks of a pair or a group.

    `frames` are those of the school year that this version judges; `subjects` are the subjects of
    which each turn asks for as many sessions, where the rhythm names them. The sessions are those
    that may answer it, by date.
    """

    thread: Entry
    calendar: SchoolYear
    policy: Policy
    key: str
    rhythm: Cadence
    frames: tuple[Frame, ...]
    sessions: tuple[Entry, ...]
    spells: tuple[Spell, ...]
    rests: tuple[Spell, ...]
    subjects: tuple[str, ...] = ()
    days: tuple[date, ...] = field(init=False, repr=False, compare=False)
    """The day of each session."""

    def __post_init__(self) -> None:
        """Notes the days, among which each turn looks for its own."""
        object.__setattr__(self, "days", tuple(one.day or date.min for one in self.sessions))

    @property
    def wanted(self) -> int:
        """How many sessions a turn asks for."""
        return self.rhythm.count * (len(self.subjects) or 1)

    def within(self, span: HalfTerm) -> tuple[Entry, ...]:
        """The sessions on the days of a turn."""
        first = bisect_left(self.days, span.start)
        return self.sessions[first : bisect_right(self.days, span.end, first)]


@frozen
class Answer:
    """How a turn was answered: of so many sessions asked for, those held and those missed.

    `absent` were missed because somebody was absent, and are not due; `reasons` say of each of
    the others why it was missed, as far as that is written down.
    """

    asked: int = 0
    held: int = 0
    absent: int = 0
    reasons: tuple[str, ...] = ()

    @property
    def due(self) -> int:
        """How many were due."""
        return self.asked - self.absent

    @property
    def missing(self) -> int:
        """How many of those due were neither held nor missed for a reason that is written down."""
        return self.due - self.held - len(self.reasons)


_NOT_ASKED = Answer()


def asked_of(
    book: Book, thread: Entry, calendar: SchoolYear, sessions: Sequence[Entry] | None = None
) -> Iterator[Asked]:
    """Everything that the policies of a school year ask of a pair or a group.

    Args:
        book: everything loaded.
        thread: the pair or the group.
        calendar: the school year.
        sessions: the sessions that may be looked at; all of theirs where they are left out.
    """
    key = _key(thread)
    if not key:
        return
    seen = sessions_of(book, thread.record.id) if sessions is None else tuple(sessions)
    policies = book.policies.get(thread.record.school, ())
    for policy in policies:
        for rhythm in rhythms(policy, key):
            if _is_for(rhythm, thread):
                found = tuple(_frames(book, policies, policy, calendar, rhythm, thread))
                if found:
                    yield _asked(book, thread, calendar, policy, key, rhythm, found, seen)


def threads(book: Book, school: str) -> tuple[Entry, ...]:
    """The pairs and groups of a school of which a rhythm can ask something, in a fixed order."""
    found = (one for one in book.entries.values() if one.record.school == school and _key(one))
    return tuple(sorted(found, key=lambda one: one.record.path))


def answer_of(asked: Asked, turn: HalfTerm) -> Answer:
    """How a turn was answered; nothing asked where no session was due in it."""
    here = asked.within(turn)
    if not accounted(here) and not is_due(asked.calendar, turn, asked.spells, asked.rests):
        return _NOT_ASKED
    if not here:
        return Answer(asked.wanted)
    if not asked.subjects:
        return _answer(asked.rhythm.count, here)
    parts = [
        _answer(asked.rhythm.count, [one for one in here if _is_of(one, subject)])
        for subject in asked.subjects
    ]
    return Answer(
        sum(one.asked for one in parts),
        sum(one.held for one in parts),
        sum(one.absent for one in parts),
        tuple(reason for one in parts for reason in one.reasons),
    )


def why_missing(asked: Asked, turn: HalfTerm, answer: Answer) -> Iterator[str]:
    """For each session that a turn is without and without a reason, what is on record of it."""
    missing = answer.missing
    here = asked.within(turn) if missing else ()
    if not here:
        yield from [NOTHING] * missing
        return
    unexplained = [one for one in here if _status(one) == "missed" and not _why(one)]
    unwritten = [one for one in here if _status(one) == "planned"]
    known = [*(NO_REASON for _ in unexplained), *(NOT_WRITTEN_UP for _ in unwritten)]
    yield from [*known, *(NOTHING for _ in range(missing))][:missing]


def missing_subjects(asked: Asked, turn: HalfTerm) -> tuple[str, ...]:
    """The subjects in which a turn has fewer sessions than each should have."""
    days = Counter(str(one.values.get("subject")) for one in answering(asked.within(turn)))
    return tuple(one for one in asked.subjects if days[one] < asked.rhythm.count)


def answering(sessions: Iterable[Entry]) -> tuple[Entry, ...]:
    """The sessions that answer a turn: held, or missed for a reason that is written down."""
    return tuple(one for one in sessions if _counts(one))


def _answer(count: int, here: Sequence[Entry]) -> Answer:
    """How many of `count` sessions were held, then missed for a reason, then prevented."""
    held = min(count, sum(_status(one) == "held" for one in here))
    missed = [why for one in here if _status(one) == "missed" and (why := _why(one))]
    reasons = [why for why in missed if why != ABSENCE][: count - held]
    absent = min(count - held - len(reasons), missed.count(ABSENCE))
    return Answer(count, held, absent, tuple(reasons))


def _asked(  # noqa: PLR0913, PLR0917 (one value of many parts, made here alone)
    book: Book,
    thread: Entry,
    calendar: SchoolYear,
    policy: Policy,
    key: str,
    rhythm: Cadence,
    found: tuple[Frame, ...],
    seen: tuple[Entry, ...],
) -> Asked:
    sessions = seen if rhythm.kind in _WHOLE_THREAD else of_kind(rhythm, seen)
    is_coaching = thread.values.get("kind") == "coaching"
    spells = coached(book, thread, policy) if is_coaching else lasting(thread)
    if is_coaching and not is_firm(policy):
        spells = begun(spells, accounted(sessions))
    subjects = policy.get("subject.allowed.groups") if rhythm.each == "subject" else None
    return Asked(
        thread,
        calendar,
        policy,
        key,
        rhythm,
        found,
        sessions,
        _until_somebody_leaves(book, thread, spells),
        pauses(thread),
        tuple(map(str, subjects)) if isinstance(subjects, tuple) else (),
    )


def _key(thread: Entry) -> str:
    """Which rhythm is for a pair or a group; "" for one that is not at work, and other records."""
    kind = thread.values.get("kind")
    if thread.form.type == "group":
        return "" if kind == "team" else COACHING
    if thread.form.type != "partnership" or thread.values.get("status") in _NOT_AT_WORK:
        return ""
    if kind == "coaching":
        return COACHING
    return MENTORING if kind in MENTORING_KINDS else ""


def _is_for(rhythm: Cadence, thread: Entry) -> bool:
    """Whether a rhythm is for groups or for pairs, as the record is one."""
    return (rhythm.kind == GROUPS) == (thread.form.type == "group")


def _frames(
    book: Book,
    policies: Sequence[Policy],
    policy: Policy,
    calendar: SchoolYear,
    rhythm: Cadence,
    thread: Entry,
) -> Iterator[Frame]:
    """The frames that a version of a policy judges, for people of the stage that it names.

    Of a frame in which the first version of all came into force, the turns after that.
    """
    for frame in frames(calendar, rhythm.period):
        if not _is_of_stage(book, rhythm, thread, frame.span.start):
            continue
        before = policy_in_force(policies, frame.span.start)
        turns = tuple(
            one for one in frame.turns if (before or policy_in_force(policies, one.start)) is policy
        )
        if turns:
            yield replace(frame, turns=turns)


def _is_of_stage(book: Book, rhythm: Cadence, thread: Entry, day: date) -> bool:
    """Whether the coachee is in the year of teaching that a rhythm names, if it names one."""
    if rhythm.kind not in _STAGES:
        return True
    people = (book.people.get(one) for one in thread.parties.get("coachee", ()))
    first = any(one is not None and in_first_year(one, day) for one in people)
    return rhythm.kind == (FIRST_YEAR if first else LATER)


def _until_somebody_leaves(
    book: Book, thread: Entry, spells: tuple[Spell, ...]
) -> tuple[Spell, ...]:
    """The spells up to the last day of whichever of a pair left first; a group goes on."""
    if thread.form.type == "group":
        return spells
    people = (book.people.get(one) for side in thread.parties.values() for one in side)
    last = min((one.end for one in people if one and one.end), default=None)
    if last is None:
        return spells
    return tuple(
        Spell(one.start, min(one.end or last, last)) for one in spells if one.start <= last
    )


def _status(session: Entry) -> str:
    return str(session.values.get("status") or "")


def _why(session: Entry) -> str:
    return str(session.values.get("missed_reason") or "")


def _counts(session: Entry) -> bool:
    return _status(session) == "held" or (_status(session) == "missed" and bool(_why(session)))


def _is_of(session: Entry, subject: str) -> bool:
    return not subject or session.values.get("subject") == subject

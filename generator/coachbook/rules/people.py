"""CB2xx: who may coach, who may be coached, and who answers to whom."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from coachbook.book import display, follow, role_holders, values_of
from coachbook.cadence import held, sessions_of
from coachbook.calendar import format_date
from coachbook.induction import expected_end
from coachbook.people import roles_of, scoped_role
from coachbook.presets import PARAMETERS
from coachbook.rules.about import about
from coachbook.rules.rule import Case, Finding
from coachbook.sentences import join
from coachbook.spelling import normal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coachbook.people import Person

_COACHES, _COACHEES = "eligible.coach", "eligible.coachee"
_BEFORE, _APPROACHES = "training.required_before", "approaches.for_roles"
_ARRANGED, _CHOSEN = "visit.arranged", "partnership.chosen_by"
_COACHING = frozenset({"coaching"})
_BY_TRAINING = {"coach-trained": ("coach-training",), "trained-in-both": ("instructional", "basic")}
_APPROACH_KINDS = ("instructional", "basic")
_LEADING = ("head", "deputy", "slt")
_TEACHERS = frozenset({"teacher", "senior-leader"})
_DAYS_OFF = 14
"""A reckoning of induction may be off by so many days, as terms end on different days."""


def _asks_for_training(case: Case) -> bool:
    """Whether the policy lets somebody coach by what they were trained in."""
    options = case.setting(_COACHES)
    by_training = isinstance(options, tuple) and not _BY_TRAINING.keys().isdisjoint(options)
    return by_training or case.setting(_BEFORE) is not None


@about("session", where=_asks_for_training)
def not_trained_yet(case: Case) -> Iterator[Finding]:
    """Whoever coaches was trained for it before their first session.

    The first session of a pair that was held too early is told; those after it are not.

    Why: a colleague who is coached by somebody untrained may well get a second
    appraiser, and will not come again.
    Example:
        date: 2026-11-12
        Idris Marlowe-Beck coaches here, and training as a coach is not on record before 12 Nov
    Remedy: record the training with its date, or correct the date of the session.
    Source: A-05, C-21, C-23
    """
    day = case.day
    if case.form.type != "session" or case.value("status") != "held" or day is None:
        return
    if not _asks_for_training(case):
        return
    pair = _pair(case)
    if not pair or values_of(case.book, case.book.by_id[pair][0]).get("kind") not in _COACHING:
        return
    for coach in case.parties.get("coach", ()):
        missing, key = _missing_training(case, coach, day)
        if missing and _is_first(case, pair, day):
            words = PARAMETERS[_BEFORE].choices
            names = join(words[one] for one in missing)
            verb = "is" if len(missing) == 1 else "are"
            yield Finding(
                case.span(case.form.on),
                f"{display(case.book, coach)} coaches here, and {names} {verb} not on record "
                f"before {format_date(day)}",
                f"record it: coachbook new training --person {coach}",
                case.clause(key),
            )


@about("partnership")
def may_not_coach(case: Case) -> Iterator[Finding]:
    """Whoever coaches is among those who may, as the policy says.

    Why: who coaches is a decision of the school. Where it changes, the policy
    is the place to say so.
    Example:
        coach: p-e6f1u8gd
        Wren Ashgrove coaches here; senior leaders, experienced teachers and coaches may [2.2]
    Remedy: name another coach, or let the policy say who else may.
    Source: B-15, C-23
    """
    options, day = case.setting(_COACHES), case.day
    if not _is_coaching_pair(case) or not isinstance(options, tuple) or day is None:
        return
    if _BY_TRAINING.keys() & {str(one) for one in options}:
        return
    for coach in case.parties.get("coach", ()):
        person = case.book.people.get(coach)
        if person and not any(_may_coach(case, person, str(one), day) for one in options):
            yield Finding(
                case.span("coach"),
                f"{person.name} coaches here; at {case.school_name} that is for "
                f"{_in_words(case, _COACHES)}",
                "name another coach, or correct the person's record",
                case.clause(_COACHES),
            )


@about("group", "partnership")
def may_not_be_coached(case: Case) -> Iterator[Finding]:
    """Whoever is coached, in a pair or a group, is among those whom coaching is open to.

    Why: coaching that reaches out to governors or to other staff is a decision
    of the school, and so is the time that it takes.
    Example:
        coachee: p-o1g6s4tn
        Sunniva Pell is one of the other staff; coaching at Otterbeck Primary is open to teachers
    Remedy: end the pair, or let the policy say that coaching is open to them.
    Source: A-10, B-16, A-39
    """
    options = case.setting(_COACHEES)
    if not isinstance(options, tuple) or "everyone" in options:
        return
    relation = _coached_relation(case)
    for one in case.parties.get(relation, ()):
        person = case.book.people.get(one)
        if person and not any(_is_open_to(person, str(option)) for option in options):
            category = PARAMETERS[_COACHEES].choices.get(person.category, person.category)
            yield Finding(
                case.span(relation),
                f"{person.name} is one of the {category}; coaching at {case.school_name} is open "
                f"to {_in_words(case, _COACHEES)}",
                "name somebody else, or let the policy say that coaching is open to them",
                case.clause(_COACHEES),
            )


@about("partnership")
def chosen_otherwise(case: Case) -> Iterator[Finding]:
    """A pair comes about as the policy says, or its record says openly how else.

    Pairs that coach or mentor are meant; peers find each other, and early career teachers are
    given a mentor.

    Why: who chooses the coach decides how freely the two will speak.
    Example:
        chosen_by: slt
        at Otterbeck Primary pairs are chosen by the coaching team; this says slt [2.4]
    Remedy: keep it if it is true.
    Source: A-06, D-05, D-08
    """
    chosen, ways = case.value("chosen_by"), case.setting(_CHOSEN)
    if not isinstance(chosen, str) or not isinstance(ways, tuple) or chosen in ways:
        return
    if case.value("kind") in {"coaching", "mentoring"}:
        yield Finding(
            case.span("chosen_by"),
            f"at {case.school_name} pairs are chosen by {_in_words(case, _CHOSEN)}; "
            f"this says {chosen}",
            "keep it if it is true",
            case.clause(_CHOSEN),
        )


@about("person")
def induction_too_short(case: Case) -> Iterator[Finding]:
    """Induction lasts two years of full-time work, and longer part time or with absence.

    What is reckoned may be some days off, and the appropriate body can agree to
    less; so this asks, and does not refuse.

    Why: where coaching begins after induction, the day it ends decides who has
    a mentor and who has a coach.
    Example:
        induction_end: 2027-07-21
        induction ends on 21 Jul 2027 here; from 1 Sep 2025 it takes until about 10 Feb 2028
    Remedy: correct the day, or keep it where less was agreed.
    Source: B-26, reference facts
    """
    person = case.book.people.get(case.record.id) if case.form.type == "person" else None
    if person is None or person.induction_start is None or person.induction_end is None:
        return
    if person.induction_end < case.book.today:
        return  # what is over was agreed on
    absence = person.induction_absence_days
    expected = expected_end(person.induction_start, person.fte, absence)
    if (expected - person.induction_end).days > _DAYS_OFF:
        share = f" at {person.fte:g} of full time" if person.fte and person.fte < 1 else ""
        away = f" with {absence} days of absence" if absence else ""
        yield Finding(
            case.span("induction_end"),
            f"induction ends on {format_date(person.induction_end)} here; from "
            f"{format_date(person.induction_start)}{share}{away} it takes until about "
            f"{format_date(expected)}",
            "correct it, or keep it if the appropriate body agreed to a shorter induction",
            school=next(iter(person.schools), ""),
        )


@about("observation")
def observer_not_leading(case: Case) -> Iterator[Finding]:
    """Where leaders timetable the visits, one of the observers of a planned observation leads.

    Any other visit, such as one between colleagues, is open to everyone.

    Why: a planned observation counts in what the school says of its teaching,
    so those who answer for that have to have been there.
    Example:
        observers: [p-c5t0w6ze]
        a planned observation at Otterbeck Primary is made by a senior leader, and none is named
    Remedy: name who was there, or record it as a visit between colleagues.
    Source: A-16
    """
    day = case.day
    if case.setting(_ARRANGED) != "leadership-timetable" or day is None:
        return
    if case.value("kind") != "formal" or case.value("scheduled") is not True:
        return
    people = [case.book.people.get(one) for one in case.parties.get("observers", ())]
    if people and not any(one and _may_coach(case, one, "senior-leader", day) for one in people):
        yield Finding(
            case.span("observers"),
            f"a planned observation at {case.school_name} is made by a senior leader, and none is "
            "named",
            "name who was there, or record it as `kind: peer-visit`",
            case.clause(_ARRANGED),
        )


def _pair(case: Case) -> str:
    """The partnership that a session belongs to; "" where it has none that is known."""
    for path in ("partnership", "cycle.partnership"):
        for one in follow(case.book, case.record, path):
            if case.book.by_id.get(one):
                return one
    return ""


def _missing_training(case: Case, coach: str, day: date) -> tuple[tuple[str, ...], str]:
    """The training that somebody lacks on a day, and the parameter that asks for it."""
    required, options = case.setting(_BEFORE), case.setting(_COACHES)
    if isinstance(required, tuple):
        trained = _trained(case, coach, day)
        missing = tuple(one for one in required if one not in trained)
        if missing:
            return missing, _BEFORE
    person = case.book.people.get(coach)
    if person is None or not isinstance(options, tuple):
        return (), ""
    return _missing_of(case, person, [str(one) for one in options], day), _COACHES


def _missing_of(case: Case, person: Person, options: Sequence[str], day: date) -> tuple[str, ...]:
    """What would make somebody eligible who is not so otherwise; () where nothing is missing."""
    by_training = [one for one in options if one in _BY_TRAINING]
    if not by_training or any(_may_coach(case, person, one, day) for one in options):
        return ()
    trained = _trained(case, person.id, day)
    needed = _needed(case, person, by_training[0], day)
    return tuple(one for one in needed if one not in trained)


def _may_coach(case: Case, person: Person, option: str, day: date) -> bool:
    """Whether somebody is among those whom one word of `eligible.coach` names."""
    match option:
        case "everyone":
            return True
        case "external":
            return person.category == "external"
        case "experienced":
            return person.career_stage in {"experienced", "leader", ""}
        case "senior-leader":
            return person.category == "senior-leader" or any(
                person.id in role_holders(case.book, scoped_role(role, case.record.school), day)
                for role in _LEADING
            )
        case _:
            trained = _trained(case, person.id, day)
            return all(one in trained for one in _needed(case, person, option, day))


def _needed(case: Case, person: Person, option: str, day: date) -> tuple[str, ...]:
    """The training behind an option: of two approaches, those that the person's roles use."""
    if option != "trained-in-both":
        return _BY_TRAINING[option]
    table = case.setting(_APPROACHES)
    roles = {one.partition("@")[0] for one in roles_of(case.book.assignments, person.id, day)}
    lines = [str(one).partition(":") for one in table] if isinstance(table, tuple) else []
    names = {f"{role}{ending}" for role in roles for ending in ("", "s", "es")}
    used = " ".join(rest.casefold() for role, _, rest in lines if normal(role) in names)
    return tuple(one for one in _APPROACH_KINDS if one in used) or _BY_TRAINING[option]


def _trained(case: Case, person: str, day: date) -> frozenset[str]:
    """The kinds of training that somebody had by a day."""
    return frozenset(
        str(entry.values.get("kind"))
        for entry in case.known.naming("training", "person").get(person, ())
        if isinstance(done := entry.values.get("date"), date) and done <= day
    )


def _is_first(case: Case, pair: str, day: date) -> bool:
    """Whether this is the first session of a pair that was held."""
    for entry in held(sessions_of(case.book, pair)):
        return entry.record.id == case.record.id or (entry.day or day) > day
    return True


def _is_coaching_pair(case: Case) -> bool:
    return case.form.type == "partnership" and case.value("kind") in _COACHING


def _coached_relation(case: Case) -> str:
    """The relation of those who are coached; "" where this is no coaching."""
    if case.form.type == "group" and case.value("kind") != "team":
        return "members"
    return "coachee" if _is_coaching_pair(case) else ""


def _is_open_to(person: Person, option: str) -> bool:
    """Whether somebody is among those whom one word of `eligible.coachee` names."""
    if option == "teacher-after-induction":
        return person.category in _TEACHERS
    return person.category == option


def _in_words(case: Case, key: str) -> str:
    return case.policy.words(key) if case.policy else ""

"""What is expected of whom, and how firmly: a policy's rhythms, by career stage and by half-term.

A rhythm stands in the policy as `cadence.mentoring: [year 1: 1 a week, later: 2 a term]`. Here
it is read the other way round: somebody looks for themselves, and finds what is asked of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.handbook.document import clause_anchor
from coachbook.parameters import parse_cadence
from coachbook.policy import PARAMETERS
from coachbook.sentences import join
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coachbook.calendar import HalfTerm
    from coachbook.parameters import Cadence
    from coachbook.policy import Policy

EVERYONE = "Everyone"
FIRST_YEAR = "In the first year of teaching"
LATER = "After the first year of teaching"
GROUPS = "In a group"

EXPECTED, GOOD_PRACTICE = "expected", "good practice"

_FIRMNESS = {"required": EXPECTED, "where-possible": "wherever possible"}
_STAGES = {"year 1": FIRST_YEAR, "first year": FIRST_YEAR, "later": LATER}
_DAYS_A_WEEK = 7


@frozen
class Expectation:
    """One thing that somebody can expect, or is expected to do."""

    of: str
    what: str
    often: str
    firmness: str
    clause: str
    cadence: Cadence | None = None


def expectations(policy: Policy) -> tuple[Expectation, ...]:
    """Everything the policy expects by a rhythm, in the order of its settings."""
    return (*_coaching(policy), *_mentoring(policy), *_visits(policy), *_hours(policy))


def by_person(policy: Policy) -> list[Mapping[str, object]]:
    """What is expected, grouped by whom it is expected of."""
    groups: dict[str, list[Mapping[str, str]]] = {}
    for one in expectations(policy):
        groups.setdefault(one.of, []).append(
            {
                "what": one.what,
                "often": one.often,
                "firmness": one.firmness,
                "clause": one.clause,
                "anchor": clause_anchor(one.clause),
            }
        )
    return [{"of": of, "rows": rows} for of, rows in groups.items()]


def falls_in(policy: Policy, half_term: HalfTerm, *, ends_term: bool) -> list[str]:
    """What the rhythms add up to in one half-term, in words."""
    weeks = -(-((half_term.end - half_term.start).days + 1) // _DAYS_A_WEEK)
    found = []
    for one in expectations(policy):
        due = _due(one.cadence, weeks, ends_term=ends_term) if one.cadence else ""
        if due:
            found.append(f"{one.what}: {due}")
    return found


def _due(cadence: Cadence, weeks: int, *, ends_term: bool) -> str:
    each = f" for each {cadence.each}" if cadence.each else ""
    match cadence.period:
        case "week":
            return f"{_often(cadence)}, in {weeks} weeks"
        case "fortnight":
            return f"{_often(cadence)}, in {weeks} weeks"
        case "half-term":
            return f"{_times(cadence.count)}{each}"
        case "term" if ends_term:
            return f"{_times(cadence.count)} by the end of term{each}"
        case _:
            return ""


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _often(cadence: Cadence) -> str:
    """The rhythm without what it is a rhythm of: "once a week"."""
    each = f" for each {cadence.each}" if cadence.each else ""
    text = f"{cadence.count} a {cadence.period}{each}"
    return PARAMETERS["cadence.coaching"].in_words(text)


def _cadences(policy: Policy, key: str) -> Iterator[Cadence]:
    value = policy.get(key)
    for text in value if isinstance(value, tuple) else ():
        cadence = parse_cadence(text)
        if cadence is not None:
            yield cadence


def _coaching(policy: Policy) -> Iterator[Expectation]:
    firmness = _FIRMNESS.get(str(policy.get("cadence.expectation")), EXPECTED)
    clause = policy.clause_of("cadence.coaching")
    for cadence in _cadences(policy, "cadence.coaching"):
        of, what = _coached(policy, cadence.kind)
        yield Expectation(of, what, _often(cadence), firmness, clause, cadence)


def _coached(policy: Policy, kind: str) -> tuple[str, str]:
    """Of whom coaching of this kind is expected, and what it is."""
    if kind == "groups":
        of = policy.parameters.get("group.of")
        return _capital(of.in_words()) if of else GROUPS, _group(policy)
    coachees = policy.parameters.get("eligible.coachee")
    of_whom = _capital(coachees.in_words()) if coachees else EVERYONE
    if kind == "books":
        return of_whom, f"Coaching on pupils' books{_subjects(policy, 'books')}"
    return of_whom, f"Coaching: {kind}" if kind else "A coaching session"


def _group(policy: Policy) -> str:
    size = policy.get("group.size")
    group = f"Coaching in groups of {size}" if size else "Coaching in a group"
    return group + _subjects(policy, "groups")


def _subjects(policy: Policy, kind: str) -> str:
    found = policy.get(f"subject.allowed.{kind}")
    return f" ({join(found)})" if isinstance(found, tuple) else ""


def _mentoring(policy: Policy) -> Iterator[Expectation]:
    """Meetings are firm in the first year of teaching, and good practice after it."""
    clause, what = policy.clause_of("cadence.mentoring"), "Meeting of mentor and mentee"
    for cadence in _cadences(policy, "cadence.mentoring"):
        stage = _STAGES.get(cadence.kind, "")
        if stage != LATER:
            first = _of_first_year(policy)
            yield Expectation(FIRST_YEAR, what, _often(cadence), first, clause, cadence)
        if stage != FIRST_YEAR:
            other = cadence if stage else None
            yield Expectation(LATER, what, _often(cadence), GOOD_PRACTICE, clause, other)


def _visits(policy: Policy) -> Iterator[Expectation]:
    """Visits are firm for everyone, or in the first year of teaching and good practice after it."""
    clause, what = policy.clause_of("cadence.visit"), "Visit to a colleague's lesson"
    for cadence in _cadences(policy, "cadence.visit"):
        often = _often(cadence)
        if policy.get("visit.expected_of") == "everyone":
            yield Expectation(EVERYONE, what, often, EXPECTED, clause, cadence)
        else:
            first = _of_first_year(policy)
            yield Expectation(FIRST_YEAR, what, often, first, clause, cadence)
            yield Expectation(LATER, what, often, GOOD_PRACTICE, clause)


def _of_first_year(policy: Policy) -> str:
    """How firmly a rhythm is meant for somebody in the first year of teaching."""
    return GOOD_PRACTICE if policy.get("expectation.first_year") == "warning" else EXPECTED


def _hours(policy: Policy) -> Iterator[Expectation]:
    found = policy.parameters.get("session.school_hours_only")
    if found is not None:
        what = "Coaching and training within school hours"
        yield Expectation(_capital(found.in_words()), what, "always", EXPECTED, found.clause)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

"""A policy beside common limits: what governors may want to know before they adopt it.

None of this is a fault. Each finding says what the policy asks, what is usual elsewhere, and how
sure that is, so that a school can decide knowingly.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coachbook.diagnostics import Consequence, Diagnostic, Severity
from coachbook.parameters import parse_cadence
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coachbook.parameters import Cadence
    from coachbook.policy import Policy

LIMIT_FAULT = "CB713"

SCHOOL_WEEKS = 39
"""Weeks of a usual school year: 195 days of five in a week."""

VISITS_A_YEAR = 3
MINUTES_A_YEAR = 180
MEETINGS_IN_YEAR_TWO = SCHOOL_WEEKS // 2
APPRAISAL_YEARS = 6
FEWEST_PEOPLE = 5

_TIMES_A_YEAR = {"week": SCHOOL_WEEKS, "fortnight": SCHOOL_WEEKS // 2} | {
    "half-term": 6,
    "term": 3,
    "year": 1,
}
_YEARS = re.compile(r"\b(\d{1,3}|[a-z]+) years?\b")
_NUMBERS = dict(
    zip(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
        range(1, 11),
        strict=True,
    )
)
_FOR_EVER = re.compile(r"\b(permanently|for ever|forever|indefinitely|without end)\b")


@frozen
class Usual:
    """What is usual elsewhere, beside a setting that asks for something else."""

    key: str
    message: str
    hint: str


def limit_findings(policy: Policy) -> tuple[Diagnostic, ...]:
    """CB713 of one policy, in the order of the file."""
    found = (_diagnostic(policy, usual) for check in _CHECKS for usual in check(policy))
    return tuple(sorted(found, key=lambda finding: finding.sort_key))


def _mentoring(policy: Policy) -> Iterator[Usual]:
    key = "cadence.mentoring"
    for rhythm in _rhythms(policy, key):
        often = _times_a_year(rhythm)
        if rhythm.kind == "year 1" and often < SCHOOL_WEEKS:
            yield Usual(
                key,
                f"mentoring in the first year comes {rhythm.in_words()}; an hour a week is common",
                "as far as we know, statutory guidance entitles early career teachers to two years "
                "of it; ask the appropriate body whether this is enough",
            )
        elif rhythm.kind != "year 1" and often < MEETINGS_IN_YEAR_TWO:
            yield Usual(
                key,
                f"after the first year a mentor is met {rhythm.in_words()}; for the second year of "
                "induction an hour a fortnight is common",
                "set a rhythm for year 2 of its own, or say why this is enough; as far as we know, "
                "that is statutory guidance and common practice",
            )


def _visits(policy: Policy) -> Iterator[Usual]:
    key = "cadence.visit"
    for rhythm in _rhythms(policy, key):
        often = _times_a_year(rhythm)
        if often > VISITS_A_YEAR:
            message = f"visits {rhythm.in_words()} are {often} a year; {_UNIONS}"
            yield Usual(key, message, _AGREE)


def _observations(policy: Policy) -> Iterator[Usual]:
    for key, most, unit in (
        ("observation.limit.count", VISITS_A_YEAR, "observations"),
        ("observation.limit.minutes", MINUTES_A_YEAR, "minutes of observation"),
    ):
        value = policy.get(key)
        if isinstance(value, int) and value > most:
            yield Usual(key, f"up to {value} {unit} a year may be made; {_UNIONS}", _AGREE)


_UNIONS = (
    "no law sets a number, and the two largest unions work to three visits and three hours for all "
    "purposes"
)
_AGREE = (
    "agree it with staff, and say which visits do not count; as far as we know, this is what the "
    "unions advise, and one of them counts learning walks"
)


def _retention(policy: Policy) -> Iterator[Usual]:
    key = "retention.notes"
    text = str(policy.get(key) or "").casefold()
    years = max((_number(found[1]) for found in _YEARS.finditer(text)), default=0)
    if years > APPRAISAL_YEARS or _FOR_EVER.search(text):
        yield Usual(
            key,
            f"notes are kept {policy.get(key)}; records of appraisal are commonly kept for six "
            "years, and notes for development far shorter",
            "choose the shortest time that serves the purpose; the six years come from toolkits "
            "for keeping records in schools, and we have not verified them",
        )


def _figures(policy: Policy) -> Iterator[Usual]:
    key = "suppression.min_people"
    value = policy.get(key)
    if isinstance(value, int) and value < FEWEST_PEOPLE:
        yield Usual(
            key,
            f"a figure may stand for {value} people; five is a common threshold, and research "
            "services use ten",
            "in a small school even five can point to somebody; this is common practice, which we "
            "have not verified",
        )


def _appraisal(policy: Policy) -> Iterator[Usual]:
    key = "appraisal.use"
    coached = policy.get("eligible.coachee")
    whom = coached if isinstance(coached, tuple) else ()
    if policy.get(key) not in {None, "none"} and {"everyone", "teacher"} & set(whom):
        yield Usual(
            key,
            "coaching serves appraisal and is open to teachers in induction, whom appraisal "
            "leaves out",
            "no extract is made about anybody in induction or capability, whom the regulations on "
            "appraisal leave out; they bind maintained schools",
        )


_CHECKS: tuple[Callable[[Policy], Iterator[Usual]], ...] = (
    _mentoring,
    _visits,
    _observations,
    _retention,
    _figures,
    _appraisal,
)


def _rhythms(policy: Policy, key: str) -> list[Cadence]:
    value = policy.get(key)
    found = (parse_cadence(entry) for entry in (value if isinstance(value, tuple) else ()))
    return [one for one in found if one is not None]


def _times_a_year(rhythm: Cadence) -> int:
    return rhythm.count * _TIMES_A_YEAR[rhythm.period]


def _number(word: str) -> int:
    return int(word) if re.fullmatch("[0-9]{1,3}", word) else _NUMBERS.get(word, 0)


def _diagnostic(policy: Policy, usual: Usual) -> Diagnostic:
    return Diagnostic(
        path=policy.path,
        span=policy.parameters[usual.key].span,
        code=LIMIT_FAULT,
        severity=Severity.INFO,
        message=usual.message,
        hint=usual.hint,
        clause=policy.clause_of(usual.key),
        consequence=Consequence.LISTED,
        school=policy.school,
    )

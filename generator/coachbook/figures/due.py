"""What was due by the rhythm of the policy, and what came of it: turn by turn, once over.

The turns are those of the board that coaching is led from, and of the rules about cadence
(`coachbook.turns`). A turn counts in the half-term in which it ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.cadence import COACHING, MENTORING, is_firm, rhythms
from coachbook.figures.model import Fact
from coachbook.sentences import join
from coachbook.turns import answer_of, asked_of, threads, why_missing
from coachbook.views import calendar_now

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coachbook.calendar import HalfTerm
    from coachbook.figures.model import Period
    from coachbook.people import Person
    from coachbook.policy import Policy
    from coachbook.turns import Answer, Asked
    from coachbook.views import View

    Turn = tuple[Asked, HalfTerm, Answer, frozenset[str]]

_SIDES = ("coachee", "members")


def completion(view: View, school: str, period: Period) -> Iterator[Fact]:
    """Every turn that is over: how many sessions were due in it, and how many were held."""
    for _, turn, answer, people in _turns(view, school, period):
        yield Fact(people, answer.held, answer.due, day=turn.end, aside=len(answer.reasons))


def missed(view: View, school: str, period: Period) -> Iterator[Fact]:
    """Every session that was due and not held, by its reason, among everybody who had one due."""
    for asked, turn, answer, people in _turns(view, school, period):
        marks = (*answer.reasons, *why_missing(asked, turn, answer))
        if not marks:
            yield Fact(people, 0, 0, day=turn.end)
        for mark in sorted(set(marks)):
            number = marks.count(mark)
            yield Fact(people, number, number, day=turn.end, mark=mark)


def has_rhythm(policy: Policy) -> bool:
    """Whether a policy says how often coaching or mentoring takes place."""
    return any(True for key in (COACHING, MENTORING) for _ in rhythms(policy, key))


def has_no_rhythm(policy: Policy) -> bool:
    """Whether a policy leaves open how often, so that nobody can say what was due."""
    return not has_rhythm(policy)


def rhythm_words(policy: Policy) -> str:
    """What a policy asks for, and how firmly, as a sentence."""
    coaching = join([one.in_words() for one in rhythms(policy, COACHING)])
    mentoring = join([one.in_words() for one in rhythms(policy, MENTORING)])
    aimed = "" if is_firm(policy) else ", wherever possible: a week without is nobody's fault"
    parts = [f"coaching {coaching}{aimed}"] if coaching else []
    parts += [f"mentoring {mentoring}"] if mentoring else []
    return f"The rhythm of the policy is {'; '.join(parts)}."


def _turns(view: View, school: str, period: Period) -> Iterator[Turn]:
    """Every turn that is over in the period, with what was due in it, and for whom."""
    turns = view.once(("turns", school), lambda: tuple(_all_turns(view, school)))
    return (one for one in turns if period.holds(one[1].end))


def _all_turns(view: View, school: str) -> Iterator[Turn]:
    """Every turn of the school year that is over, with what was due in it, if anything was."""
    calendar = calendar_now(view.book, school)
    if calendar is None:
        return
    for thread in threads(view.book, school):
        for asked in asked_of(view.book, thread, calendar):
            people = _people(view, asked)
            everybody = frozenset(one for one, _ in people)
            leaving = any(who and who.end for _, who in people)
            for turn in (turn for frame in asked.frames for turn in frame.turns):
                if turn.end < view.book.today and (answer := answer_of(asked, turn)).due:
                    there = _still_there(people, turn) if leaving else everybody
                    yield asked, turn, answer, there


def _people(view: View, asked: Asked) -> tuple[tuple[str, Person | None], ...]:
    """Whom the sessions are for."""
    people = (one for side in _SIDES for one in asked.thread.parties.get(side, ()))
    return tuple((one, view.book.people.get(one)) for one in people)


def _still_there(people: Iterable[tuple[str, Person | None]], turn: HalfTerm) -> frozenset[str]:
    """Those who had not left before a turn."""
    return frozenset(one for one, who in people if not (who and who.end and who.end < turn.start))

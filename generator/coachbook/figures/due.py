"""What was due by the rhythm of the policy, and what came of it: turn by turn, once over.

The turns are those of the board that coaching is led from, and of the rules about cadence
(`coachbook.turns`). A turn counts in the half-term in which it ends.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from coachbook.cadence import COACHING, MENTORING, is_firm, rhythms
from coachbook.calendar import half_term_of
from coachbook.figures.model import Fact
from coachbook.sentences import join
from coachbook.turns import answer_of, asked_of, threads, why_missing
from coachbook.views import calendar_now

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from coachbook.calendar import HalfTerm
    from coachbook.figures.model import Period
    from coachbook.people import Person
    from coachbook.policy import Policy
    from coachbook.turns import Answer, Asked
    from coachbook.views import View

    Turn = tuple[Asked, HalfTerm, Answer, frozenset[str]]

_SIDES = ("coachee", "members")


def completion(view: View, school: str, period: Period) -> Iterator[Fact]:
    """What was due in the turns of a half-term that are over, and how much of it was held."""
    for people, turns in _by_half_term(view, school, period):
        answers = [answer for _, _, answer, _ in turns]
        yield Fact(
            people,
            sum(one.held for one in answers),
            sum(one.due for one in answers),
            day=turns[-1][1].end,
            aside=sum(len(one.reasons) for one in answers),
        )


def missed(view: View, school: str, period: Period) -> Iterator[Fact]:
    """What was due in a half-term and not held, by reason, among everybody who had one due."""
    for people, turns in _by_half_term(view, school, period):
        marks = Counter(
            mark
            for asked, turn, answer, _ in turns
            for mark in (*answer.reasons, *why_missing(asked, turn, answer))
        )
        day = turns[-1][1].end
        if not marks:
            yield Fact(people, 0, 0, day=day)
        for mark, number in sorted(marks.items()):
            yield Fact(people, number, number, day=day, mark=mark)


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


def turns_due(view: View, school: str, period: Period) -> Iterator[Turn]:
    """Every turn that is over in the period: what was asked, how it was answered, for whom."""
    turns = view.once(("turns", school), lambda: tuple(_all_turns(view, school)))
    return (one for one in turns if period.holds(one[1].end))


def _by_half_term(
    view: View, school: str, period: Period
) -> Iterator[tuple[frozenset[str], list[Turn]]]:
    """The turns that are over in the period, of the same people in one half-term together.

    No figure tells such turns apart, and there are many: one a week for each pair.
    """
    found: dict[tuple[frozenset[str], str], list[Turn]] = {}
    names: dict[date, str] = {}
    calendar = calendar_now(view.book, school)
    for one in turns_due(view, school, period):
        day = one[1].end
        if day not in names:
            half = half_term_of(calendar, day) if calendar else None
            names[day] = half.name if half else ""
        found.setdefault((one[3], names[day]), []).append(one)
    return ((people, turns) for (people, _), turns in found.items())


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

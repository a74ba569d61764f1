"""Every statistic, defined once: what it is, who counts and who doesn't, how it is counted.

The handbook's page of figures is written from this table. A figure that is counted from sealed
text names the reducer of the portal's script that counts it (`browser/src/reduce.ts`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from coachbook.figures import cycles, due, sessions, visits
from coachbook.figures.model import PEOPLE
from coachbook.reach import COVERAGE
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from coachbook.figures.model import Fact, Period
    from coachbook.policy import Policy
    from coachbook.views import View

Measure = Literal["share", "small-share", "total", "median"]

HEADER, SEALED = "header", "sealed"
"""What a figure is counted from: clear headers, or sealed text in the reader's browser."""

_SESSIONS = ("session header",)
_CYCLES = ("pairs and cycles",)
_DUE = ("people and roles", "pairs and cycles", "session header")
_PLANS = ("plans and priorities",)
_YEAR = "this school year, up to today"
_TODAY = "today"


def _always(_policy: Policy) -> bool:
    return True


def _sets(*keys: str) -> Callable[[Policy], bool]:
    return lambda policy: any(policy.get(key) is not None for key in keys)


def _unqualified(_policy: Policy) -> str:
    return ""


def _nothing(_view: View, _school: str, _period: Period) -> Iterable[Fact]:
    """What clear headers give towards a figure from sealed text."""
    return ()


@frozen
class Definition:
    """A figure as it is defined.

    `counts` says who or what counts and `leaves_out` what doesn't; `rows` are the rows of the
    access table that it is made from, each of which has to grant figures; `by` are the groupings
    it can be shown in; `applies` says whether a policy has the rule that the figure is about, and
    `qualify` what the rule of that policy is. `beside` names the figure that tells the reasons of
    what is left over; with `among`, everybody among whom something was counted stands in it.
    What is counted `by_calendar`, in the weeks or days of a school's own, is not counted without.
    """

    key: str
    title: str
    meaning: str
    counts: str
    leaves_out: str
    unit: str
    measure: Measure
    rows: tuple[str, ...]
    facts: Callable[[View, str, Period], Iterable[Fact]] = _nothing
    by: tuple[str, ...] = ()
    applies: Callable[[Policy], bool] = _always
    reducer: str = ""
    when: str = _YEAR
    family: str = ""
    qualify: Callable[[Policy], str] = _unqualified
    beside: str = ""
    among: bool = False
    by_calendar: bool = False

    @property
    def counts_people(self) -> bool:
        """True where those counted, and those left over, are people."""
        return self.unit == PEOPLE and self.measure == "share"

    @property
    def is_sealed(self) -> bool:
        """True where it is counted in the reader's browser, from what that reader opens."""
        return bool(self.reducer)

    @property
    def source(self) -> str:
        """What it is counted from, by the word that the handbook uses."""
        return SEALED if self.is_sealed else HEADER

    @property
    def is_of_today(self) -> bool:
        """True where it tells how things stand today rather than what happened."""
        return self.when == _TODAY


DEFINITIONS = (
    Definition(
        key="completion",
        title="Sessions held of those due",
        meaning="Sessions held, out of all that the rhythm of the policy asked for.",
        counts="Every week, half-term or term that is over, as often as the rhythm asks in it; "
        "each is judged by the policy in force when it began. A session more than that makes up "
        "for no other week.",
        leaves_out="Absence and pauses; the time before work began and after it ended or "
        "somebody had left; a week or a term that is not over. Where a rhythm is only aimed for, "
        "the time before a pair's first session.",
        unit="sessions",
        measure="share",
        rows=_DUE,
        facts=due.completion,
        by=("half-term", "term", "category"),
        applies=due.has_rhythm,
        qualify=due.rhythm_words,
        beside="missed",
        family="sessions",
        by_calendar=True,
    ),
    Definition(
        key="missed",
        title="Sessions due that did not take place",
        meaning="Sessions that were due and were not held, by the reason that was written down.",
        counts="The sessions that are missing from “Sessions held of those due”, with those of "
        "which nothing is on record.",
        leaves_out="Absence, pauses and people who had left: they are no reason to ask about.",
        unit="sessions",
        measure="total",
        rows=_DUE,
        facts=due.missed,
        by=("reason", "half-term", "term"),
        applies=due.has_rhythm,
        among=True,
        family="sessions",
        by_calendar=True,
    ),
    Definition(
        key="kept",
        title="Sessions on record that took place",
        meaning="Sessions held, out of all on record whose day has come, absence left aside. The "
        "policy states no rhythm, so nobody can say how many were due.",
        counts="Every session that was held or missed, or planned for a day that is over.",
        leaves_out="Sessions missed because somebody was absent, those in a pause, and those of "
        "people who had left.",
        unit="sessions",
        measure="share",
        rows=_SESSIONS,
        facts=sessions.kept,
        by=("half-term", "term", "category"),
        applies=due.has_no_rhythm,
        beside="unkept",
        family="sessions",
    ),
    Definition(
        key="unkept",
        title="Sessions on record that did not take place",
        meaning="Sessions on record that were not held for another reason than absence.",
        counts="The sessions that are missing from “Sessions on record that took place”.",
        leaves_out="Absence, pauses and people who had left: they are no reason to ask about.",
        unit="sessions",
        measure="total",
        rows=_SESSIONS,
        facts=sessions.unkept,
        by=("reason", "half-term", "term"),
        applies=due.has_no_rhythm,
        among=True,
        family="sessions",
    ),
    Definition(
        key="length",
        title="Sessions that kept to time",
        meaning="Sessions no longer than the policy's limit on their day, out of those with a "
        "length written down.",
        counts="Sessions held that say how many minutes they took.",
        leaves_out="Sessions without a length.",
        unit="sessions",
        measure="share",
        rows=_SESSIONS,
        facts=sessions.length,
        by=("half-term", "term"),
        applies=_sets(sessions.LIMIT),
        family="sessions",
    ),
    Definition(
        key="finished",
        title="Cycles with an impact statement",
        meaning="Cycles finished this year that have an impact statement, out of all that "
        "finished.",
        counts="Cycles closed in the period.",
        leaves_out="Cycles that ended early, so that the figure does not point at them.",
        unit="cycles",
        measure="share",
        rows=_CYCLES,
        facts=cycles.finished,
        applies=lambda policy: policy.get("cycle.close_requires") == "impact-statement",
    ),
    Definition(
        key="reached",
        title="People who have been coached or mentored",
        meaning="People who had at least one session this year, out of all whom the policy means "
        "to reach; others who met, such as colleagues from other schools, are not counted here.",
        counts="Everybody in the policy's staff groups who works here today.",
        leaves_out="People who have left, governors, and coaches from outside.",
        unit=PEOPLE,
        measure="share",
        rows=("people and roles", "session header"),
        facts=sessions.reached,
        by=("category",),
        applies=_sets(COVERAGE),
    ),
    Definition(
        key="gap",
        title="Longest gap between sessions",
        meaning="For half of the people the longest run of school weeks without a session was "
        "this or shorter; whoever met here and works elsewhere, or has left, is not counted.",
        counts="Everybody who works here today and had a session this year; while a cycle is "
        "open, up to today.",
        leaves_out="Colleagues from other schools, people who have left, holidays, the time "
        "before somebody's first session, and the week that is not over.",
        unit="school weeks",
        measure="median",
        rows=("people and roles", "session header"),
        facts=sessions.gap,
        by=("category",),
        by_calendar=True,
    ),
    Definition(
        key="planned",
        title="Sessions that were in the timetable",
        meaning="Sessions that were planned, out of those that say whether they were. The others "
        "came about when somebody needed them, and are worth as much.",
        counts="Sessions held that say whether they were in the timetable.",
        leaves_out="Sessions that do not say.",
        unit="sessions",
        measure="share",
        rows=_SESSIONS,
        facts=sessions.planned,
        by=("half-term", "term"),
        applies=_sets("session.window"),
        family="sessions",
    ),
    Definition(
        key="minutes",
        title="Minutes of coaching and mentoring",
        meaning="How long the sessions took, added up.",
        counts="Sessions held that say how many minutes they took. A session counts once, "
        "however many people were in it.",
        leaves_out="Sessions without a length, and preparing them.",
        unit="minutes",
        measure="total",
        rows=_SESSIONS,
        facts=sessions.minutes,
        by=("half-term", "term", "category"),
        family="sessions",
    ),
    Definition(
        key="directed",
        title="Share of teachers' directed time",
        meaning="Minutes of teachers in sessions, out of their directed time so far. A session "
        "counts once for each teacher in it.",
        counts="Teachers who work here today, on either side of a session; 1,265 hours a year, "
        "and less for part-time.",
        leaves_out="Leaders and support staff, whose hours are not directed in this way.",
        unit="minutes",
        measure="small-share",
        rows=("people and roles", "session header"),
        facts=sessions.directed,
        by_calendar=True,
    ),
    Definition(
        key="feedback",
        title="From visit to feedback",
        meaning="Half of the visits that were talked through were talked through within so many "
        "school days.",
        counts="Visits held that say when they were talked through, or have a session that did.",
        leaves_out="Visits that were not talked through yet, which the pages of those who lead "
        "list by name.",
        unit="school days",
        measure="median",
        rows=_SESSIONS,
        facts=visits.feedback,
        by=("kind", "half-term", "term"),
        family="visits",
        by_calendar=True,
    ),
    Definition(
        key="cycles",
        title="Cycles that are going on",
        meaning="Cycles under way or paused, by the phase they are in and for how long they have "
        "been going on.",
        counts="Cycles that are open or paused today.",
        leaves_out="Cycles that are planned, finished, or ended early.",
        unit="cycles",
        measure="total",
        rows=_CYCLES,
        facts=cycles.running,
        by=("phase", "age", "category"),
        when=_TODAY,
    ),
    Definition(
        key="goals",
        title="What goals serve",
        meaning="Cycles by the priority, the learning characteristic or the subject that they "
        "name. One that names two counts under both.",
        counts="Every cycle that went on this year.",
        leaves_out="Cycles that were over before the year began. Strands of the rubric and "
        "standards stand in sealed text, and are counted in the reader's browser.",
        unit="cycles",
        measure="total",
        rows=_CYCLES,
        facts=cycles.goals,
        by=("priority", "characteristic", "subject"),
    ),
    Definition(
        key="needs",
        title="Development needs that were met",
        meaning="Needs raised this year that have been met, out of all that were raised.",
        counts="Needs written down this year.",
        leaves_out="What the need is: that is sealed. One that names no cycle counts, with "
        "nobody standing behind it.",
        unit="needs",
        measure="share",
        rows=("plans and priorities", "pairs and cycles"),
        facts=cycles.needs,
        by=("scope", "priority"),
    ),
    Definition(
        key="load",
        title="People per coach or mentor",
        meaning="Half of those who coach or mentor work with this many people or fewer.",
        counts="Coaches and mentors with a pair that is active today.",
        leaves_out="Groups, and pairs that are paused, proposed or over.",
        unit=PEOPLE,
        measure="median",
        rows=_CYCLES,
        facts=cycles.load,
        when=_TODAY,
    ),
    Definition(
        key="trained",
        title="Coaches with the training the policy asks for",
        meaning="Coaches who had all the training that the policy asks for before a first "
        "session, out of all who coach.",
        counts="Everybody who coaches in a pair that is active today.",
        leaves_out="Mentors, and training that is still to come.",
        unit=PEOPLE,
        measure="share",
        rows=("people and roles", "pairs and cycles"),
        facts=cycles.trained,
        applies=_sets(cycles.TRAINING),
        when=_TODAY,
    ),
    Definition(
        key="repeats",
        title="Pairs that met again in a rotation",
        meaning="Pairs of a round who were a pair in an earlier round, out of all pairs.",
        counts="Pairs of the rounds that began this year, whichever of the two was the coach.",
        leaves_out="Pairs outside rotations.",
        unit="pairs",
        measure="share",
        rows=("plans and priorities", "pairs and cycles"),
        facts=cycles.repeats,
        applies=lambda policy: "rotation" in _texts(policy.get("partnership.chosen_by")),
    ),
    Definition(
        key="visits",
        title="Visits to lessons",
        meaning="Visits that took place, by their kind.",
        counts="Visits held. A visit counts once, however many visitors came.",
        leaves_out="Visits that are planned or were cancelled.",
        unit="visits",
        measure="total",
        rows=_SESSIONS,
        facts=visits.visits,
        by=("kind", "half-term", "term"),
        family="visits",
    ),
    Definition(
        key="budget",
        title="People within the limit of observations",
        meaning="People observed no more often and no longer this year than the policy allows, "
        "out of all who work here.",
        counts="Formal observations and learning walks that took place.",
        leaves_out="Drop-ins, visits between colleagues, and looking at books.",
        unit=PEOPLE,
        measure="share",
        rows=("people and roles", "session header"),
        facts=visits.budget,
        applies=_sets(visits.COUNT_LIMIT, visits.MINUTES_LIMIT),
    ),
    Definition(
        key="survey",
        title="Answers to surveys",
        meaning="Colleagues who answered, out of all who were asked.",
        counts="Surveys of this year. As the same people answer several, those of the fullest are "
        "taken to be all. What was answered is sealed.",
        leaves_out="Who answered: nobody writes that down.",
        unit="answers",
        measure="share",
        rows=_PLANS,
        facts=visits.survey,
    ),
    Definition(
        key="steps",
        title="Action steps done on time",
        meaning="Action steps ticked off in a note written by their day, out of all whose day is "
        "over.",
        counts="Steps with a day, in the notes that the reader's key opens. A step carried "
        "forward is one step.",
        leaves_out="Steps without a day, and those whose day is still to come.",
        unit="steps",
        measure="share",
        rows=("session notes",),
        reducer="on-time",
    ),
    Definition(
        key="outcome",
        title="What cycles came to",
        meaning="Finished cycles by their outcome: met, met in part, not met, changed, stopped, "
        "interrupted. Not met is a result, and worth as much.",
        counts="Cycles whose outcome the reader's key opens.",
        leaves_out="Cycles without an outcome, and those sealed for other readers.",
        unit="cycles",
        measure="total",
        rows=("session notes", "pairs and cycles"),
        reducer="outcomes",
    ),
    Definition(
        key="ratings",
        title="Standards seen so far",
        meaning="Ratings by how often each was given.",
        counts="Rated lines of the observations that the reader's key opens.",
        leaves_out="Whatever was not looked at this time: it is no rating.",
        unit="ratings",
        measure="total",
        rows=("observation form",),
        reducer="ratings",
    ),
    Definition(
        key="strands",
        title="Strands of the rubric that goals belong to",
        meaning="Cycles by the strand that their goal names.",
        counts="Goals that the reader's key opens and that name a strand.",
        leaves_out="Goals without a strand, and those sealed for other readers.",
        unit="cycles",
        measure="total",
        rows=("session notes",),
        reducer="outcomes",
    ),
    Definition(
        key="results",
        title="Results of surveys",
        meaning="Each question with how many answered and the mean.",
        counts="Surveys whose results the reader's key opens.",
        leaves_out="Questions that fewer people answered than a figure has to stand for.",
        unit="answers",
        measure="total",
        rows=("school overview",),
        reducer="results",
    ),
)

_BY_KEY = {one.key: one for one in DEFINITIONS}


def definition(key: str) -> Definition:
    """The definition of a figure; KeyError where there is none of that name."""
    return _BY_KEY[key]


def _texts(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)

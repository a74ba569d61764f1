"""CB4xx: whether a cycle has what it needs to go on, to close, and to be summed up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.book import display, follow, role_holders, values_of
from coachbook.calendar import format_date
from coachbook.keeping import TEXT_LEFT
from coachbook.people import scoped_role
from coachbook.rules.about import about
from coachbook.rules.rule import Case, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.record import Record

STATEMENT = "impact-statement"
_REQUIRES = "cycle.close_requires"
_LATE_PHASES = ("improve", "done")


@about("cycle")
def closed_without_statement(case: Case) -> Iterator[Finding]:
    """A cycle closes with an impact statement, where the policy asks for one.

    Why: the statement is all that the head and the governors see of a cycle.
    A cycle that ends early has the status `ended` and needs none.
    Example:
        status: closed
        this cycle cannot close until it has an impact statement [5.1]
    Remedy: ask the monitor for it: coachbook new impact-statement --cycle ID
    Source: B-13, B-36, mistake 4
    """
    if case.form.type != "cycle" or case.value("status") != "closed":
        return
    if case.setting(_REQUIRES) != STATEMENT:
        return
    referring = case.book.referring.get(case.record.id, ())
    if not any(record.type == STATEMENT for record in referring):
        yield Finding(
            case.span("status"),
            "this cycle cannot close until the monitor adds an impact statement",
            f"run: coachbook new impact-statement --cycle {case.record.id}",
            case.clause(_REQUIRES),
        )


@about("cycle", "session")
def goal_missing(case: Case) -> Iterator[Finding]:
    """A cycle has a goal before it comes to improving.

    Why: without a goal nobody can say what is being improved, or when it is reached.
    Example:
        phase: improve, and nothing under "## Goal"
        this cycle is in the phase improve and has no goal yet
    Remedy: write the goal together: coachbook edit FILE; or set the phase back.
    Source: B-18, B-30, domain section 6
    """
    if case.form.type == "cycle" and case.value("phase") in _LATE_PHASES:
        if case.value("status") != "ended" and not _has_text(case.record, "Goal"):
            yield _no_goal(case, f"this cycle is in the phase {case.value('phase')}", case.record)
    elif case.form.type == "session" and case.value("phase") == "improve":
        for record in _cycle_of(case):
            phase = values_of(case.book, record).get("phase")
            if phase not in _LATE_PHASES and not _has_text(record, "Goal"):
                yield _no_goal(case, "this session is in the phase improve, its cycle", record)


def _no_goal(case: Case, start: str, cycle: Record) -> Finding:
    verb = "and has" if cycle is case.record else "has"
    return Finding(
        case.span("phase"),
        f"{start} {verb} no goal yet",
        f"write it together: coachbook edit {cycle.path}; or set `phase` back to learn",
    )


@about("cycle")
def closed_without_review(case: Case) -> Iterator[Finding]:
    """A cycle closes with a review of what came of it, where the policy asks for one.

    What came of it is the section "Outcome". An attempt that did not work is an outcome like any
    other.

    Why: a cycle that just stops teaches nobody anything.
    Example:
        status: closed, and nothing under "## Outcome"
        this cycle is closed, and its review has not been written [6.1]
    Remedy: write a few lines under "Outcome": coachbook edit FILE
    Source: A-09, D-07, E-16
    """
    if case.form.type != "cycle" or case.value("status") != "closed":
        return
    if case.setting(_REQUIRES) == "review" and not _has_text(case.record, "Outcome"):
        yield Finding(
            case.span("status"),
            "this cycle is closed, and its review has not been written",
            f'write a few lines under "Outcome": coachbook edit {case.record.path}',
            case.clause(_REQUIRES),
        )


@about("impact-statement")
def monitor_sums_up_own_cycle(case: Case) -> Iterator[Finding]:
    """Whoever sums up a cycle did not coach in it.

    Why: the statement tells the head and the governors whether coaching works; its
    reader should know when the coach is the one who says so.
    Example:
        author: p-m3v8x1ra, who is the coach of the cycle
        Petra Quillfeather sums up a cycle in which they were the coach [6.1]
    Remedy: ask another monitor for it; where there is none, keep it and say so in the text.
    Source: B-07
    """
    author = case.value("author")
    if case.form.type != STATEMENT or not isinstance(author, str):
        return
    for relation in ("coach", "coachee"):
        if author in case.parties.get(relation, ()):
            yield Finding(
                case.span("author"),
                f"{display(case.book, author)} sums up a cycle in which they were the {relation}",
                "ask another monitor for it; where there is none, keep it and say so in the text",
                case.clause(_REQUIRES),
            )


@about("impact-statement")
def statement_by_somebody_else(case: Case) -> Iterator[Finding]:
    """An impact statement is written by the impact monitor.

    Why: one person who sees all cycles can say what coaching does; and only the
    monitor's statement lets a cycle close.
    Example:
        author: p-c5t0w6ze
        Idris Marlowe-Beck was not the impact monitor on 16 Dec 2026 [6.1]
    Remedy: correct the author or the date, or write down who holds the role.
    Source: B-13, B-36
    """
    author, day = case.value("author"), case.day
    if case.form.type != STATEMENT or not isinstance(author, str) or day is None:
        return
    if case.setting(_REQUIRES) != STATEMENT or author not in case.book.people:
        return
    monitors = role_holders(case.book, scoped_role("monitor", case.record.school), day)
    if author not in monitors:
        yield Finding(
            case.span("author"),
            f"{display(case.book, author)} was not the impact monitor on {format_date(day)}",
            "correct the author or the date, or the role in the records of roles",
            case.clause(_REQUIRES),
        )


def _cycle_of(case: Case) -> Iterator[Record]:
    for one in follow(case.book, case.record, "cycle"):
        yield from case.book.by_id.get(one, ())[:1]


def _has_text(record: Record, name: str) -> bool:
    """Whether a section says something, here or in the repository of the year it was written in."""
    if record.value(TEXT_LEFT) is not None:
        return True
    section = record.section(name)
    return section is not None and bool(section.blocks or section.stray)

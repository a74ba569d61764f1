"""Groups of three and more: what each met about and when, and who was paired with whom.

A group that the policy gives subjects has a grid of subjects; every other has one of half-terms.
A rotation is meant to bring new pairs, so a pair that was one before is marked.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from coachbook.book import display
from coachbook.cadence import GROUPS
from coachbook.calendar import format_date
from coachbook.overviews import Page
from coachbook.overviews.gaps import lacks
from coachbook.overviews.leading import (
    HEADERS,
    PAIRS,
    PEOPLE,
    PLANS,
    Led,
    leaders,
    thread_href,
    thread_title,
)
from coachbook.overviews.rhythm import Board, boards, by_subject
from coachbook.overviews.turns import square
from coachbook.overviews.wording import GROUP_WORDS, day_of
from coachbook.sentences import begin, join
from coachbook.timetable import parse_pair
from coachbook.values import frozen
from coachbook.views import in_order, public

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coachbook.people import Person
    from coachbook.views import RecordView, View

    Pair = tuple[str, str]

_SIZE, _OF = "group.size", "group.of"


@frozen
class Round:
    """One rotation: its title, and its pairs, each with where it was one before."""

    record: RecordView
    title: str
    pairs: Mapping[Pair, str]


def group_pages(view: View, school: str) -> Iterator[Page]:
    """The page of groups and rotations, for a school that has any or whose policy asks for them."""
    led = Led(view, school, leaders(view.book, school, (PEOPLE, PAIRS, HEADERS, PLANS)))
    groups = [one for one in led.of_type("group") if one.raw("kind") != "team"]
    rounds = rotations(led)
    shown = boards(led, GROUPS)
    if groups or rounds or shown:
        yield _page(led, groups, rounds, shown)


def rotations(led: Led) -> tuple[Round, ...]:
    """The rotations of a school by their first day, each with the pairs that were pairs before."""
    found: list[Round] = []
    for record in in_order(led.of_type("rotation")):
        pairs = [pair for line in _lines(record) if (pair := parse_pair(line))]
        before = {pair: _before(led, pair, record.day, found) for pair in pairs}
        found.append(Round(record, str(record.raw("title") or ""), before))
    return tuple(found)


def _page(
    led: Led, groups: Sequence[RecordView], rounds: Sequence[Round], shown: Sequence[Board]
) -> Page:
    return Page(
        kind="groups",
        path=f"groups/{led.school}",
        title=public("Groups and rotation"),
        group=public(led.view.school_name(led.school)),
        audience=led.audience,
        template="groups.html",
        model={
            "name": public(led.view.school_name(led.school)),
            "gaps": lacks(led),
            "groups": [_group(led, one, shown) for one in sorted(groups, key=thread_title)],
            "not_yet": led.label([one.name for one in _not_yet(led, groups)], "groups"),
            "rounds": [_round_head(led, one) for one in rounds],
            "partners": _partners(led, rounds),
        },
        blocks={},
    )


def _group(led: Led, group: RecordView, shown: Sequence[Board]) -> dict[str, object]:
    """One group: its people, how often it met, and its grid."""
    sessions = [one for one in led.sessions if one.raw("group") == group.id]
    held = [one for one in sessions if one.raw("status") == "held"]
    size = led.policy.get(_SIZE) if led.policy else None
    members = group.people.get("members", ())
    return {
        "title": led.label(thread_title(group), "group"),
        "href": led.label(thread_href(led, group), "group"),
        "kind": led.label(GROUP_WORDS.get(str(group.raw("kind")), ""), "group"),
        "since": day_of(group, "from"),
        "until": day_of(group, "to"),
        "held": led.label(len(held), "sessions of a group"),
        "wrong_size": led.label(
            f"It has {len(members)}; the policy has groups of {size}."
            if isinstance(size, int) and len(members) != size
            else "",
            "group",
        ),
        "grids": [_grid(led, board, group) for board in shown],
    }


def _grid(led: Led, board: Board, group: RecordView) -> dict[str, object]:
    """The grid of one group: a line for each subject, or one for all its sessions."""
    named = by_subject(led, board, group)
    lines = named or tuple(("Sessions", one) for one in board.lines if one.thread is group)
    return {
        "corner": public("Subject" if named else ""),
        "columns": [public(span.name) for span in board.spans],
        "rows": [
            {
                "label": led.label(begin(name), "subject"),
                "cells": [square(led, turn) for turn in line.turns],
            }
            for name, line in lines
        ],
    }


def _not_yet(led: Led, groups: Sequence[RecordView]) -> Iterator[Person]:
    """Those whom the policy has work in groups and who are in none today."""
    wanted = led.policy.get(_OF) if led.policy else None
    today = led.book.today
    now = [one for one in groups if not _is_over(one, today)]
    members = {person for group in now for person in group.people.get("members", ())}
    categories = wanted if isinstance(wanted, tuple) else ()
    for person in led.people:
        if person.category in categories and person.id not in members:
            yield person


def _is_over(group: RecordView, today: dt.date) -> bool:
    end = group.raw("to")
    return isinstance(end, dt.date) and end < today


def _lines(record: RecordView) -> tuple[str, ...]:
    lines = record.raw("pairs")
    return tuple(str(one) for one in lines) if isinstance(lines, tuple) else ()


def _before(led: Led, pair: Pair, start: dt.date | None, earlier: Sequence[Round]) -> str:
    """Where two people were a pair before: the round, or since when they were; "" if nowhere."""
    named = next((one.title for one in earlier if pair in one.pairs), "")
    if named:
        return named
    for one in led.of_type("partnership"):
        people = [*one.people.get("coach", ()), *one.people.get("coachee", ())]
        if start and one.day and one.day < start and tuple(sorted(people)) == pair:
            return f"a pair since {format_date(one.day)}"
    return ""


def _round_head(led: Led, one: Round) -> dict[str, object]:
    """A rotation in a line: when, how many pairs, how many of them again."""
    again = {pair: where for pair, where in one.pairs.items() if where}
    return {
        "title": led.label(one.title, "rotation"),
        "start": day_of(one.record, "from"),
        "end": day_of(one.record, "to"),
        "pairs": led.label(len(one.pairs), "rotation"),
        "again": led.label(len(again), "rotation"),
        "repeats": [
            led.label(f"{join([display(led.book, p) for p in pair])}: {where}", "rotation")
            for pair, where in again.items()
        ],
    }


def _partners(led: Led, rounds: Sequence[Round]) -> dict[str, object]:
    """A table of people and rounds: with whom each person was paired in each."""
    people = {person for one in rounds for pair in one.pairs for person in pair}
    ordered = sorted(people, key=lambda one: (display(led.book, one), one))
    return {
        "columns": [public("Person"), *(led.label(one.title, "rotation") for one in rounds)],
        "rows": [
            [led.name(person), *(_partner(led, person, one) for one in rounds)]
            for person in ordered
        ],
    }


def _partner(led: Led, person: str, one: Round) -> dict[str, object]:
    """Whom somebody had in a round, and that it was so before."""
    mine = [pair for pair in one.pairs if person in pair]
    others = [other for pair in mine for other in pair if other != person]
    again = any(one.pairs[pair] for pair in mine)
    return {
        "text": led.names(others),
        "note": led.label("again" if again else "", "rotation"),
    }

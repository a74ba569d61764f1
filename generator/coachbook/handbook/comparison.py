"""The policies of a trust side by side: what each school decides on each question, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachbook.handbook.access import person, readers_line
from coachbook.handbook.expectations import expectations
from coachbook.people import RELATIONS
from coachbook.policy import PARAMETERS, Cell, slug
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from coachbook.forms import Forms
    from coachbook.handbook.model import SchoolPart
    from coachbook.policy import Policy

Pair = tuple["SchoolPart", "Policy"]

NO_RULE = "no rule"

_NOTES = "session notes"
_MAY = {Cell.WRITE: "writes", Cell.READ: "reads", Cell.FIGURES: "sees figures of"}
_NONE_OF_THEIRS = "nothing"


@dataclass(frozen=True, slots=True)
class Dimension:
    """One question that policies answer differently, and how a policy's answer reads."""

    title: str
    answer: Callable[[Policy], str]


def side_by_side(pairs: Sequence[Pair]) -> Mapping[str, object]:
    """The table of answers: a group for each part of the question, a row for each question."""
    return {
        "schools": [school.name for school, _ in pairs],
        "groups": [
            {"title": title, "rows": [_row(one.title, pairs, one.answer) for one in dimensions]}
            for title, dimensions in _DIMENSIONS.items()
        ],
    }


def settings_side_by_side(pairs: Sequence[Pair]) -> Mapping[str, object]:
    """Every setting that any of the schools has, in the order in which policies list them."""
    used = {key for _, policy in pairs for key in policy.parameters}
    rows = [
        _row(_capital(spec.meaning), pairs, _setting(key))
        for key, spec in PARAMETERS.items()
        if key in used
    ]
    return {"schools": [school.name for school, _ in pairs], "rows": rows}


def readers_side_by_side(pairs: Sequence[Pair], forms: Forms) -> Mapping[str, object]:
    """Who reads each part of the records, at each school that has the part."""
    names: dict[str, str] = {}
    for _, policy in pairs:
        for key, row in policy.access.items():
            names.setdefault(key, row.name)
    sealed = {slug(part.row or form.row) for form in forms for part in form.sections if part.sealed}
    rows = [
        {**_row(name, pairs, _readers(key)), "sealed": key in sealed} for key, name in names.items()
    ]
    return {"schools": [school.name for school, _ in pairs], "rows": rows}


def _row(title: str, pairs: Sequence[Pair], answer: Callable[[Policy], str]) -> dict[str, object]:
    cells = [
        {"school": school.name, "text": _capital(answer(policy)) or NO_RULE}
        for school, policy in pairs
    ]
    texts = [cell["text"] for cell in cells]
    return {"title": title, "cells": cells, "alike": len(set(texts)) == 1 and len(texts) > 1}


def _setting(key: str) -> Callable[[Policy], str]:
    """What a policy says for one of its parameters; "" where it has no such rule."""
    return lambda policy: policy.parameters[key].in_words() if key in policy.parameters else ""


def _several(*parts: tuple[str, str]) -> Callable[[Policy], str]:
    """Parameters joined to one answer; each pattern shows its value as `{}`."""

    def answer(policy: Policy) -> str:
        found = [
            pattern.format(policy.parameters[key].in_words())
            for key, pattern in parts
            if key in policy.parameters
        ]
        return "; ".join(found)

    return answer


def _readers(key: str) -> Callable[[Policy], str]:
    def answer(policy: Policy) -> str:
        row = policy.access.get(key)
        return readers_line(row) if row else "not used"

    return answer


def _opens(role: str) -> Callable[[Policy], str]:
    """What a role can do with the notes, observations and figures of a school."""

    def answer(policy: Policy) -> str:
        if role not in policy.columns:
            return _NONE_OF_THEIRS
        parts = [_may(policy, role, cell) for cell in _MAY]
        return "; ".join(filter(None, parts)) or _NONE_OF_THEIRS

    return answer


def _may(policy: Policy, role: str, cell: Cell) -> str:
    rows = [row.name.lower() for row in policy.access.values() if row.cells[role] is cell]
    return f"{_MAY[cell]} {join(rows)}" if rows else ""


def _others(policy: Policy) -> str:
    """Who besides those who took part can open session notes."""
    row = policy.row(_NOTES)
    if row is None:
        return ""
    roles = [person(column) for column in row.readers() if column not in RELATIONS]
    return join(roles) if roles else "nobody"


def _rhythm(policy: Policy) -> str:
    return "; ".join(
        f"{one.what[:1].lower()}{one.what[1:]}, {one.often} ({_of(one.of)}, {one.firmness})"
        for one in expectations(policy)
        if one.cadence is not None
    )


def _of(of: str) -> str:
    return of[:1].lower() + of[1:]


def _safeguards(policy: Policy) -> Iterator[str]:
    people = policy.get("suppression.min_people")
    if people is not None:
        yield f"{people} people"
    trust = policy.get("suppression.min_people.trust")
    if trust is not None:
        yield f"{trust} over several schools"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_DIMENSIONS: Mapping[str, tuple[Dimension, ...]] = {
    "Who takes part": (
        Dimension("Who can be coached", _setting("eligible.coachee")),
        Dimension("Who can coach", _setting("eligible.coach")),
        Dimension("Who takes no part", _setting("participants.forbidden_roles")),
        Dimension("Who picks the pairs", _setting("partnership.chosen_by")),
        Dimension("Groups", _several(("group.size", "{} people"), ("group.of", "of {}"))),
    ),
    "How coaching goes": (
        Dimension("Models", _setting("cycle.models")),
        Dimension("Style", _setting("session.styles")),
        Dimension(
            "Length of a session",
            _several(
                ("session.minutes.target", "meant to be {} minutes"),
                ("session.minutes.max", "{} minutes at most"),
                ("session.minutes.over", "longer is a {}"),
            ),
        ),
        Dimension("How often", _rhythm),
        Dimension(
            "Subjects",
            _several(
                ("subject.allowed.books", "on books: {}"),
                ("subject.allowed.groups", "in groups: {}"),
            ),
        ),
        Dimension("Who sets the goal", _setting("goal.set_by")),
        Dimension(
            "Cycles",
            _several(("cycle.required", "a session {}"), ("cycle.end_date", "a cycle {}")),
        ),
        Dimension("What closes a cycle", _setting("cycle.close_requires")),
    ),
    "Visits to lessons": (
        Dimension("How they come about", _setting("visit.arranged")),
        Dimension("Feedback must follow", _setting("feedback.required_after")),
        Dimension("Next steps after a drop-in", _several(("dropin.next_steps", "{} be set"))),
        Dimension("Who may grade", _setting("grades.allowed_to")),
    ),
    "Who sees what": (
        Dimension("The head", _opens("head")),
        Dimension("The senior leadership team", _opens("slt")),
        Dimension("Who else can open session notes", _others),
        Dimension("The governors", _opens("governors")),
        Dimension("What is reported", _setting("reports.made")),
        Dimension("Smallest group a figure may show", lambda one: "; ".join(_safeguards(one))),
    ),
    "If something is not right": (
        Dimension("A concern goes to", _setting("concern.route")),
        Dimension("Who may stop the coaching", _setting("stop.by")),
        Dimension("What appraisal takes from it", _setting("appraisal.use")),
    ),
    "Keeping records": (
        Dimension("Where what is made from them is kept", _setting("storage.outputs")),
        Dimension("How long notes are kept", _setting("retention.notes")),
        Dimension("Who may recover a note", _setting("recovery.holder")),
        Dimension("Names in this handbook", _setting("handbook.names")),
    ),
}

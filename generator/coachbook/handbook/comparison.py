"""The policies of a trust side by side: what each school decides on each question, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from coachbook.handbook.access import readers_lines, sealed_rows
from coachbook.handbook.expectations import FIRST_YEAR, expectations
from coachbook.people import RELATIONS, title_of
from coachbook.policy import PARAMETERS, Cell
from coachbook.sentences import join
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coachbook.forms import Forms
    from coachbook.handbook.model import SchoolPart
    from coachbook.policy import Policy

Pair = tuple["SchoolPart", "Policy"]
Answer = Callable[["Policy"], "Iterable[str]"]
"""What a policy answers, in lines; none where it has no such rule."""

_SUPPORT = "teaching-support"
_MAY = {Cell.WRITE: "writes", Cell.READ: "reads", Cell.FIGURES: "sees figures of"}


@frozen
class Dimension:
    """One question that policies answer differently, and how a policy's answer reads."""

    title: str
    answer: Answer


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
    sealed = sealed_rows(forms)
    rows = [
        {**_row(name, pairs, _readers(key)), "sealed": key in sealed} for key, name in names.items()
    ]
    return {"schools": [school.name for school, _ in pairs], "rows": rows}


def _row(title: str, pairs: Sequence[Pair], answer: Answer) -> dict[str, object]:
    cells = [
        {"school": school.name, "lines": [_capital(line) for line in answer(policy)]}
        for school, policy in pairs
    ]
    first, *others = [cell["lines"] for cell in cells]
    return {"title": title, "cells": cells, "alike": all(lines == first for lines in others)}


def _setting(key: str, pattern: str = "{}") -> Answer:
    """What a policy says for one of its parameters; `pattern` shows the value as `{}`."""
    return _several((key, pattern))


def _several(*parts: tuple[str, str]) -> Answer:
    """Parameters that answer a question together."""
    return lambda policy: (
        pattern.format(policy.parameters[key].in_words())
        for key, pattern in parts
        if key in policy.parameters
    )


def _readers(key: str) -> Answer:
    def answer(policy: Policy) -> Iterable[str]:
        row = policy.access.get(key)
        return readers_lines(row) if row else ["not used"]

    return answer


def _opens(role: str) -> Answer:
    """What a role can do with the parts of the records of a school."""

    def answer(policy: Policy) -> Iterable[str]:
        opened = (_may(policy, role, cell) for cell in _MAY) if role in policy.columns else ()
        return [*filter(None, opened)] or ["nothing"]

    return answer


def _may(policy: Policy, role: str, cell: Cell) -> str:
    rows = [row.name.lower() for row in policy.access.values() if row.cells[role] is cell]
    return f"{_MAY[cell]} {join(rows)}" if rows else ""


def _others(policy: Policy) -> Iterator[str]:
    """Who besides those who took part can open session notes."""
    row = policy.row("session notes")
    if row is not None:
        roles = [title_of(column) for column in row.readers() if column not in RELATIONS]
        yield join(roles) if roles else "nobody"


def _groups(policy: Policy) -> Iterator[str]:
    size, of = (policy.parameters.get(key) for key in ("group.size", "group.of"))
    if size is not None:
        yield f"{size.in_words()} people" + (f", of {of.in_words()}" if of else "")


def _rhythm(policy: Policy) -> Iterator[str]:
    for one in expectations(policy):
        if one.cadence is not None:
            yield f"{one.what}, {one.often} ({one.of[:1].lower()}{one.of[1:]}; {one.firmness})"


def _early_career(policy: Policy) -> Iterator[str]:
    """What is decided for teachers in their first years."""
    if "teacher-after-induction" in _chosen(policy, "eligible.coachee"):
        yield "coached once their induction is complete"
    for one in expectations(policy):
        if one.of == FIRST_YEAR:
            yield f"{one.what}, {one.often} ({one.firmness})"
    if policy.get("grades.allowed_to") == "ect-form":
        yield "observed beside the standards for teachers"


def _support_staff(policy: Policy) -> Iterator[str]:
    """What is decided for those who support teaching."""
    size = policy.get("group.size")
    if _SUPPORT in _chosen(policy, "group.of"):
        yield f"coached in groups of {size}"
    elif {_SUPPORT, "everyone"} & {*_chosen(policy, "eligible.coachee")}:
        yield "can be coached"
    if _SUPPORT in _chosen(policy, "session.school_hours_only"):
        yield "developed within school hours"


def _chosen(policy: Policy, key: str) -> tuple[str, ...]:
    value = policy.get(key)
    return value if isinstance(value, tuple) else ()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_DIMENSIONS: Mapping[str, tuple[Dimension, ...]] = {
    "Who takes part": (
        Dimension("Who can be coached", _setting("eligible.coachee")),
        Dimension("Who can coach", _setting("eligible.coach")),
        Dimension("Who takes no part", _setting("participants.forbidden_roles")),
        Dimension("Who picks the pairs", _setting("partnership.chosen_by")),
        Dimension("Groups", _groups),
        Dimension("Early career teachers", _early_career),
        Dimension("Support staff", _support_staff),
    ),
    "How coaching goes": (
        Dimension("Models", _setting("cycle.models")),
        Dimension("Style", _setting("session.styles")),
        Dimension(
            "Length of a session",
            _several(
                ("session.minutes.target", "meant to be {} minutes"),
                ("session.minutes.max", "{} minutes at most"),
                ("session.minutes.over", "a longer one is shown as a {}"),
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
        Dimension("Next steps after a drop-in", _setting("dropin.next_steps", "{} be set")),
        Dimension("Who may grade", _setting("grades.allowed_to")),
        Dimension(
            "Observations of one person",
            _several(
                ("observation.limit.count", "at most {} in a school year"),
                ("observation.limit.minutes", "at most {} minutes in a school year"),
            ),
        ),
    ),
    "Who sees what": (
        Dimension("The head", _opens("head")),
        Dimension("The senior leadership team", _opens("slt")),
        Dimension("Who else can open session notes", _others),
        Dimension("The governors", _opens("governors")),
        Dimension("What is reported", _setting("reports.made")),
        Dimension(
            "Fewest people a figure may show",
            _several(
                ("suppression.min_people", "{} people"),
                ("suppression.min_people.trust", "{} over several schools"),
            ),
        ),
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

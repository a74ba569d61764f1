"""The trust in figures: school by school, and only what the policies of at least two define.

For the people who hold the role `trust-lead` at every school that has a policy in force and
people: they were given it by each of them, and each school's own table says which of its figures
they get. What a school leaves out is named with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import Audience, Labelled
from coachbook.book import policy_now, role_holders
from coachbook.calendar import format_date
from coachbook.declassified import FIGURE, declassify
from coachbook.figures import (
    SUPPRESSED,
    TRUST_LEAD,
    comparable,
    definition,
    figure_table,
    has_staff,
    share_of,
    trust_table,
    why_left_out,
    year_to_date,
)
from coachbook.overviews import Page
from coachbook.people import scoped_role
from coachbook.views import keyed, public

if TYPE_CHECKING:
    from coachbook.figures import Table
    from coachbook.views import View

_FEWEST = 2
_GOALS = "goals"
_SHARED = (("characteristic", "Learning characteristics"), ("priority", "Priorities of the trust"))


def trust_pages(view: View) -> tuple[Page, ...]:
    """Builds the roll-up over the schools; none in a trust of one school or with no trust lead."""
    if not is_rolled_up(view):
        return ()
    audience = trust_audience(view)
    tables = [trust_table(view, key) for key in comparable(view)]
    page = Page(
        kind="trust",
        path="trust",
        title=public("The trust in figures"),
        group=public(view.book.trust.name),
        audience=audience,
        template="trust.html",
        model={
            "name": public(view.book.trust.name),
            "today": public(format_date(view.book.today)),
            "schools": [public(view.school_name(school)) for school in _schools(view)],
            "tables": [one for one in tables if one.value.rows and one.audience.admits(audience)],
            "grids": [_grid(view, by, title, audience) for by, title in _SHARED],
            "without": [
                public(view.school_name(one))
                for one in view.book.schools
                if one not in _schools(view)
            ],
            "nobody": [
                public(view.school_name(one))
                for one in _schools(view)
                if not has_staff(view.book, one)
            ],
        },
        blocks={},
    )
    return (page,)


def is_rolled_up(view: View) -> bool:
    """Whether there is a page over all schools: there are several, and somebody leads them."""
    return len(_schools(view)) >= _FEWEST and bool(trust_audience(view).principals)


def trust_audience(view: View) -> Audience:
    """The people who lead the trust: the role is theirs at every school with a policy.

    A school where nobody works has nobody who could give the role, and is in no figure either.
    """
    schools = [one for one in _schools(view) if has_staff(view.book, one)] or _schools(view)
    held = [role_holders(view.book, scoped_role(TRUST_LEAD, one)) for one in schools]
    people = frozenset.intersection(*map(frozenset, held)) if held else frozenset()
    return keyed(view.book, Audience(people))


def _schools(view: View) -> list[str]:
    return [one for one in view.book.schools if policy_now(view.book, one) is not None]


def _grid(view: View, by: str, title: str, audience: Audience) -> dict[str, object]:
    """Goals by what the trust shares, in each school that opens the figure to its trust lead."""
    found = definition(_GOALS)
    reasons = {one: why_left_out(view, found, one) for one in _schools(view)}
    open_to = [one for one, reason in reasons.items() if not reason]
    tables = {one: _goals(view, one, by) for one in open_to}
    return {
        "title": public(title),
        "columns": [public(view.school_name(one)) for one in open_to],
        "rows": [
            {
                "label": Labelled(label, audience, "what the schools of the trust share"),
                "cells": [
                    declassify(
                        _cell(tables[one], key),
                        FIGURE,
                        to=audience,
                        source=f"goals by {by} at {one}",
                        school=one,
                        rows=found.rows,
                    )
                    for one in open_to
                ],
            }
            for key, label in _shared(view, by).items()
        ],
        "period": public(next((one.period for one in tables.values()), "")),
        "left_out": [
            public(f"{view.school_name(one)}: {reason}")
            for one, reason in reasons.items()
            if reason
        ],
    }


def _goals(view: View, school: str, by: str) -> Table:
    """The goals of a school in groups; worked out once, or brought along from where it was."""
    return view.once(("goals", school, by), lambda: figure_table(view, school, _GOALS, by=by).value)


def trust_share(view: View, school: str) -> dict[object, object]:
    """What one school brings to the trust's page, so that it can be made without its records."""
    if not is_rolled_up(view) or policy_now(view.book, school) is None:
        return {}
    span = year_to_date(view.book, school)
    found: dict[object, object] = {
        ("share", school, key, span): share_of(view, school, definition(key), span)
        for key in comparable(view)
        if not why_left_out(view, definition(key), school)
    }
    if not why_left_out(view, definition(_GOALS), school):
        found |= {("goals", school, by): _goals(view, school, by) for by, _ in _SHARED}
    return found


def _shared(view: View, by: str) -> dict[str, str]:
    """What every school of the trust has in common: names by key."""
    if by == "characteristic":
        return {name: name for name in view.book.trust.characteristics}
    return {
        str(one.raw("name")): str(one.raw("title"))
        for one in view.of_type("priority")
        if not one.school
    }


def _cell(table: Table, key: str) -> str | int:
    """The number of a group as its school may show it; one that is put with others is not shown."""
    rows = {row.key: row for row in table.rows}
    if key in rows:
        return SUPPRESSED if rows[key].hidden else round(rows[key].number or 0)
    return SUPPRESSED if "rest" in rows or table.total.hidden else 0

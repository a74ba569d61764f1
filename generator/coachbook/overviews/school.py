"""The page of one school: three process figures, suppressed where too few."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import Labelled, narrow
from coachbook.figures import (
    SUPPRESSED,
    figure_audience,
    process_figures,
    threshold,
    year_to_date,
)
from coachbook.overviews import Page
from coachbook.overviews.wording import VISIT_WORDS
from coachbook.views import public

if TYPE_CHECKING:
    from coachbook.figures import Figure
    from coachbook.views import View


def school_page(view: View, school: str) -> Page:
    """Builds the figures of a school, for the roles that may see every one of them."""
    figures = process_figures(view, school)
    return Page(
        kind="school",
        path=f"school/{school}",
        title=public("The school in figures"),
        group=public("Schools"),
        audience=narrow(figure.audience for figure in figures),
        template="school.html",
        model={
            "name": public(view.school_name(school)),
            "period": public(str(year_to_date(view.book, school))),
            "threshold": public(threshold(view.book, school)),
            "figures": [_figure(figure) for figure in figures],
            "visits": _visits(view, school),
        },
        blocks={},
    )


def _visits(view: View, school: str) -> list[dict[str, object]]:
    """How many visits of each kind there were, where enough people stand behind the number."""
    audience = figure_audience(view.book, school, ("session header",))
    period = year_to_date(view.book, school)
    held = [
        one
        for one in view.of_type("observation")
        if one.school == school and one.raw("status") == "held" and period.holds(one.day)
    ]
    source = f"visits at {school}"
    found: list[dict[str, object]] = []
    for kind, words in VISIT_WORDS.items():
        visits = [one for one in held if one.raw("kind") == kind]
        people = {person for one in visits for person in one.people.get("observed", ())}
        hidden = len(people) < threshold(view.book, school)
        if visits:
            value = SUPPRESSED if hidden else str(len(visits))
            found.append({"kind": public(words), "count": Labelled(value, audience, source)})
    return found


def _figure(figure: Labelled[Figure]) -> dict[str, object]:
    fields = ("key", "title", "meaning", "value", "detail", "period", "share", "suppressed")
    return {
        name: Labelled(getattr(figure.value, name), figure.audience, figure.source)
        for name in fields
    }

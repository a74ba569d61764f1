"""The page of one school in figures, suppressed where too few people stand behind one."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from coachbook.audience import Audience, Labelled, narrow
from coachbook.figures import (
    REST,
    UNNAMED,
    defined,
    figure_table,
    figure_tables,
    has_staff,
    process_figures,
    threshold,
    year_to_date,
)
from coachbook.overviews import Page
from coachbook.overviews.wording import roles_in_words
from coachbook.sentences import join
from coachbook.views import calendar_now, public

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coachbook.figures import Figure, Table
    from coachbook.views import View

_TRENDS = (
    ("completion", "half-term"),
    ("kept", "half-term"),
    ("minutes", "half-term"),
    ("visits", "half-term"),
)
_BARS = (
    ("cycles", "phase"),
    ("cycles", "age"),
    ("goals", "priority"),
    ("goals", "characteristic"),
    ("visits", "kind"),
)
_TABLES = (
    ("reached", "category"),
    ("missed", "reason"),
    ("unkept", "reason"),
    ("feedback", "kind"),
    ("needs", "scope"),
    ("goals", "subject"),
)


def school_page(view: View, school: str) -> Page:
    """Builds the figures of a school, for the roles that may see its process figures."""
    figures = process_figures(view, school)
    audience = narrow(figure.audience for figure in figures)
    shown = {figure.value.key for figure in figures}
    rest = [one for one in figure_tables(view, school) if one.value.key not in shown]
    return Page(
        kind="school",
        path=f"school/{school}",
        title=public("The school in figures"),
        group=public("Schools"),
        audience=audience,
        template="school.html",
        model={
            "name": public(view.school_name(school)),
            "period": public(str(year_to_date(view.book, school))),
            "threshold": public(threshold(view.book, school)),
            "who": public(roles_in_words(audience)),
            "has_calendar": public(calendar_now(view.book, school) is not None),
            "nobody": public(not has_staff(view.book, school)),
            "figures": [_figure(figure) for figure in figures],
            "rest": _admitted(rest, audience),
            "trends": _telling(view, school, _TRENDS, audience),
            "bars": _telling(view, school, _BARS, audience),
            "tables": _telling(view, school, _TABLES, audience),
            "silent": _silent(view, school, audience),
        },
        blocks={},
    )


def _by(view: View, school: str, wanted: Iterable[tuple[str, str]]) -> Iterable[Labelled[Table]]:
    """The figures group by group, of those that the policy has the rule for."""
    here = {one.key for one in defined(view, school)}
    return (figure_table(view, school, key, by=by) for key, by in wanted if key in here)


def _admitted(tables: Iterable[Labelled[Table]], audience: Audience) -> list[Labelled[Table]]:
    """The tables that everybody on the page may see."""
    return [one for one in tables if one.audience.admits(audience)]


def _telling(
    view: View, school: str, wanted: Iterable[tuple[str, str]], audience: Audience
) -> list[Labelled[Table]]:
    """The tables of which at least one row may be shown."""
    tables = _admitted(_by(view, school, wanted), audience)
    return [one for one in tables if _tells(one.value)]


def _tells(table: Table) -> bool:
    """Whether a group of it is shown by its own name."""
    return any(not row.hidden and row.key not in {REST, UNNAMED} for row in table.rows)


def _is_withheld(table: Table) -> bool:
    """Whether a table is left out for what its rows would tell, not for lack of any."""
    is_counted = not table.lacks and {row.key for row in table.rows} != {UNNAMED}
    return is_counted and not _tells(table)


def _silent(view: View, school: str, audience: Audience) -> Labelled[str]:
    """The tables that the page is without, because too few people stand behind each row."""
    tables = _admitted(_by(view, school, (*_TRENDS, *_BARS, *_TABLES)), audience)
    names = [
        f"{one.value.title.lower()} by {one.value.by_title.lower()}"
        for one in tables
        if _is_withheld(one.value)
    ]
    return Labelled(join(names), audience, f"figures not shown at {school}")


def _figure(figure: Labelled[Figure]) -> dict[str, object]:
    fields = ("key", "title", "meaning", "value", "detail", "period", "share", "suppressed")
    return {name: figure.map(attrgetter(name)) for name in fields}

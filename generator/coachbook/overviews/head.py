"""The head's pages: the year and this term, as far as the policy of the school lets the head see.

Where the head collates, ratings and outcomes are counted in the head's own browser, from sealed
notes that the head's key opens, beside the overview of teaching across the school: the page is
then the supplement to self-evaluation and development plan. Where the head is kept out, it has
impact statements and process figures, and says what is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import Audience, Labelled
from coachbook.book import policy_now
from coachbook.calendar import format_date, terms
from coachbook.figures import (
    defined,
    definition,
    figure_table,
    figure_tables,
    has_staff,
    this_term,
    threshold,
    year_to_date,
)
from coachbook.overviews import Blocks, Page
from coachbook.overviews.given_out import to_give
from coachbook.overviews.sealed_sources import (
    outcome_sources,
    overview_models,
    rating_sources,
    statement_models,
    step_sources,
)
from coachbook.overviews.wording import part_words
from coachbook.people import scoped_role
from coachbook.policy import Cell
from coachbook.views import calendar_now, keyed, public

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coachbook.figures import Period, Table
    from coachbook.policy import Policy
    from coachbook.views import View

HEAD = "head"
_GROUPED = (("goals", "priority"), ("visits", "kind"), ("reached", "category"))
"""The figures of the year that are shown group by group."""

_TRENDS = ("completion", "kept", "minutes", "visits")
_REPORTS = {
    "sef-supplement": "self-evaluation",
    "development-plan": "development plan",
}
_CLOSED = (Cell.NONE, Cell.FIGURES)


def head_pages(view: View, school: str) -> tuple[Page, ...]:
    """The page of the year and that of this term; none without a policy in force."""
    policy = policy_now(view.book, school)
    if policy is None:
        return ()
    return _year_page(view, school, policy), _term_page(view, school, policy)


def _year_page(view: View, school: str, policy: Policy) -> Page:
    role = scoped_role(HEAD, school)
    audience = _audience(view, school)
    period = year_to_date(view.book, school)
    blocks = Blocks()
    model = _common(view, school, period) | {
        "term_href": public(f"#/head/{school}/term"),
        "reports": [public(_REPORTS[one]) for one in _reports(policy)],
        "figures": _admitted(figure_tables(view, school), audience),
        "tables": _admitted(_grouped(view, school), audience),
        "trends": _admitted(_by(view, school, "half-term", _TRENDS), audience),
        "overviews": overview_models(view, school, role, blocks),
        "statements": statement_models(view, school, (role,), blocks),
        "ratings": rating_sources(view, school, period, role, blocks),
        "outcomes": outcome_sources(view, school, period, role, blocks),
        "steps": step_sources(view, school, period, role, blocks),
        "kept_out": [public(name) for name in _kept_out(policy)],
    }
    return _page(view, school, "", model, blocks)


def _term_page(view: View, school: str, policy: Policy) -> Page:
    """The rows of this term in the year's own tables: no second period to take from the first."""
    audience = _audience(view, school)
    period = this_term(view.book, school)
    keys = [one.key for one in defined(view, school)] if period else []
    model = _common(view, school, period) | {
        "year_href": public(f"#/head/{school}"),
        "term": public(_term_name(view, school)),
        "policy": public(policy.version),
        "figures": _admitted(_by(view, school, "term", keys), audience),
    }
    return _page(view, school, "/term", model, Blocks())


def _page(view: View, school: str, rest: str, model: Mapping[str, object], blocks: Blocks) -> Page:
    return Page(
        kind="head",
        path=f"head/{school}{rest}",
        title=public("This term" if rest else "The head's overview"),
        group=public(view.school_name(school)),
        audience=_audience(view, school),
        template="head_term.html" if rest else "head.html",
        model=model,
        blocks=blocks.held,
        origins=blocks.origins,
    )


def _audience(view: View, school: str) -> Audience:
    return keyed(view.book, Audience(frozenset({scoped_role(HEAD, school)})))


def _common(view: View, school: str, period: Period | None) -> dict[str, object]:
    return {
        "name": public(view.school_name(school)),
        "slug": public(school),
        "today": public(format_date(view.book.today)),
        "iso": public(view.book.today.isoformat()),
        "period": public(str(period) if period else ""),
        "threshold": public(threshold(view.book, school)),
        "has_calendar": public(calendar_now(view.book, school) is not None),
        "nobody": public(not has_staff(view.book, school)),
        "given": to_give(view, school, period),
    }


def _admitted(tables: Iterable[Labelled[Table]], audience: Audience) -> list[Labelled[Table]]:
    """The figures that everybody on a page may see."""
    return [one for one in tables if one.audience.admits(audience)]


def _grouped(view: View, school: str) -> Iterable[Labelled[Table]]:
    here = {one.key for one in defined(view, school)}
    return (figure_table(view, school, key, by=by) for key, by in _GROUPED if key in here)


def _by(view: View, school: str, by: str, keys: Iterable[str]) -> Iterable[Labelled[Table]]:
    here = {one.key for one in defined(view, school)}
    wanted = (key for key in keys if key in here and by in definition(key).by)
    return (figure_table(view, school, key, by=by) for key in wanted)


def _term_name(view: View, school: str) -> str:
    calendar = calendar_now(view.book, school)
    found = (one for one in terms(calendar) if view.book.today in one) if calendar else ()
    return next((one.name for one in found), "")


def _reports(policy: Policy) -> list[str]:
    """The reports that the policy has the head make of what is collated."""
    made = policy.get("reports.made")
    return [str(one) for one in made if one in _REPORTS] if isinstance(made, tuple) else []


def _kept_out(policy: Policy) -> list[str]:
    """The parts of the records that the head opens nothing of, by the policy's own table."""
    rows = policy.access.values()
    closed = (row.name for row in rows if row.cells.get(HEAD, Cell.NONE) in _CLOSED)
    return [part_words(name) for name in closed]

"""The governors' page: what may be given to people who hold no key, ready to be made into a file.

It is a private page of the head and of whoever writes the school's overview. Their browser makes
one script-free file of it, and the record that says it was given out. Only figures that the
policy's table grants the governors stand on it, suppressed as everywhere, and the impact
statements if governors may read those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import Audience, Labelled, narrow, row_principals
from coachbook.book import policy_now
from coachbook.calendar import format_date
from coachbook.figures import defined, definition, figure_table, threshold, year_to_date
from coachbook.figures.scope import granted
from coachbook.overviews import Blocks, Page
from coachbook.overviews.given_out import given_out, to_give
from coachbook.overviews.sealed_sources import statement_models
from coachbook.people import scoped_role
from coachbook.policy import Cell
from coachbook.views import keyed, public

if TYPE_CHECKING:
    from coachbook.figures import Table
    from coachbook.policy import Policy
    from coachbook.views import View

GOVERNORS = "governors"
_OVERVIEW = "school overview"
_STATEMENTS = "impact statement"
_HEAD = "head"
_GROUPED = (("completion", "half-term"), ("kept", "half-term"), ("reached", "category"), ("goals", "priority"))
"""What governors see group by group, beside the figures of the whole school."""


def governors_pages(view: View, school: str) -> tuple[Page, ...]:
    """Builds the page for those who may give it out; none where governors are granted nothing."""
    policy = policy_now(view.book, school)
    tables = [] if policy is None else _tables(view, school)
    if policy is None or not tables:
        return ()
    audience = keyed(
        view.book,
        narrow([_publishers(policy), *(one.audience for one in tables)]),
    )
    period = year_to_date(view.book, school)
    blocks = Blocks()
    page = Page(
        kind="governors",
        path=f"governors/{school}",
        title=public("Governors' page"),
        group=public(view.school_name(school)),
        audience=audience,
        template="governors.html",
        model={
            "name": public(view.school_name(school)),
            "slug": public(school),
            "today": public(format_date(view.book.today)),
            "iso": public(view.book.today.isoformat()),
            "period": public(str(period)),
            "threshold": public(threshold(view.book, school)),
            "given": to_give(view, school, period),
            "figures": [one for one in tables if not one.value.by],
            "tables": [one for one in tables if one.value.by],
            "statements": _statements(view, school, policy, audience, blocks),
            "given_out": _earlier(view, school, audience),
        },
        blocks=blocks.held,
        origins=blocks.origins,
    )
    return (page,)


def _tables(view: View, school: str) -> list[Labelled[Table]]:
    """The figures that the table grants governors, of the whole school and group by group."""
    here = [one.key for one in defined(view, school) if _for_governors(view, school, one.rows)]
    grouped = [(key, by) for key, by in _GROUPED if key in here and by in definition(key).by]
    wanted = [*((key, "") for key in here), *grouped]
    return [figure_table(view, school, key, by=by) for key, by in wanted]


def _for_governors(view: View, school: str, rows: tuple[str, ...]) -> bool:
    """True where the policy grants governors figures of all these rows, whether they have a key."""
    principals = granted(view.book, school, rows).principals or frozenset()
    return scoped_role(GOVERNORS, school) in principals


def _publishers(policy: Policy) -> Audience:
    """The head, and the roles that write the overview of the school."""
    writing = row_principals(policy, _OVERVIEW, {}, cells=(Cell.WRITE,))
    return Audience(frozenset({scoped_role(_HEAD, policy.school), *writing}))


def _statements(
    view: View, school: str, policy: Policy, audience: Audience, blocks: Blocks
) -> list[dict[str, object]]:
    """The impact statements, where governors may read them and everybody on the page opens them."""
    if scoped_role(GOVERNORS, school) not in row_principals(policy, _STATEMENTS, {}):
        return []
    return statement_models(view, school, audience.principals or (), blocks)


def _earlier(view: View, school: str, audience: Audience) -> list[dict[str, object]]:
    """What was given out before, as far as everybody on the page may know of it."""
    return [
        row
        for row in given_out(view, school)
        if all(one.audience.admits(audience) for one in row.values() if isinstance(one, Labelled))
    ]

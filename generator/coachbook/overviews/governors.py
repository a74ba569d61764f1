"""The governors' page: what may be given to people who hold no key, ready to be made into a file.

It is a private page of the head and of whoever writes the school's overview. Their browser makes
one script-free file of it, and the record that says it was given out. Only figures that the
policy's table grants the governors stand on it, suppressed as everywhere, and the impact
statements if governors may read those.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from coachbook.audience import Audience, Labelled, narrow, row_principals
from coachbook.book import policy_now
from coachbook.calendar import format_date
from coachbook.figures import (
    beside_earlier,
    defined,
    definition,
    edition_lines,
    figure_table,
    has_staff,
    threshold,
    year_to_date,
)
from coachbook.figures.scope import granted
from coachbook.overviews import Blocks, Page
from coachbook.overviews.given_out import given_out, governors_editions, to_give
from coachbook.overviews.sealed_sources import statement_models
from coachbook.people import scoped_role
from coachbook.policy import Cell
from coachbook.sentences import join
from coachbook.views import calendar_now, keyed, public

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coachbook.figures import Table
    from coachbook.policy import Policy
    from coachbook.views import View

GOVERNORS = "governors"
_OVERVIEW = "school overview"
_STATEMENTS = "impact statement"
_HEAD = "head"
_GROUPED = (
    ("completion", "half-term"),
    ("kept", "half-term"),
    ("reached", "category"),
    ("goals", "priority"),
)
"""What governors see group by group, beside the figures of the whole school."""


def governors_pages(view: View, school: str) -> tuple[Page, ...]:
    """Builds the page for those who may give it out; none where governors are granted nothing."""
    policy = policy_now(view.book, school)
    tables = [] if policy is None else _beside_earlier(view, school, governors_tables(view, school))
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
            "has_calendar": public(calendar_now(view.book, school) is not None),
            "nobody": public(not has_staff(view.book, school)),
            "given": to_give(view, school, period),
            "figures": [one for one in tables if not one.value.by],
            "tables": [one for one in tables if one.value.by],
            "statements": _statements(view, school, policy, audience, blocks),
            "lines": Labelled(
                json.dumps(edition_lines(one.value for one in tables)),
                narrow(one.audience for one in tables),
                f"figures given out at {school}",
            ),
            "compared": _compared(view, school, audience),
            "given_out": _earlier(view, school, audience),
        },
        blocks=blocks.held,
        origins=blocks.origins,
    )
    return (page,)


def governors_tables(view: View, school: str) -> list[Labelled[Table]]:
    """The figures that the table grants governors, of the whole school and group by group."""
    here = [one.key for one in defined(view, school) if _for_governors(view, school, one.rows)]
    grouped = [(key, by) for key, by in _GROUPED if key in here and by in definition(key).by]
    wanted = [*((key, "") for key in here), *grouped]
    return [figure_table(view, school, key, by=by) for key, by in wanted]


def _beside_earlier(
    view: View, school: str, tables: Sequence[Labelled[Table]]
) -> list[Labelled[Table]]:
    """The tables without what the difference to an earlier page would give away."""
    editions = governors_editions(view, school)
    guarded = beside_earlier(view, school, [one.value for one in tables], editions)
    return [replace(one, value=table) for one, table in zip(tables, guarded, strict=True)]


def _compared(view: View, school: str, audience: Audience) -> Labelled[str]:
    """The days of the earlier pages that this one was compared with, in words."""
    start = year_to_date(view.book, school).start
    days = sorted({one.period.end for one in governors_editions(view, school)})
    words = join([format_date(day) for day in days if day >= start])
    return Labelled(words, audience, f"what was given out at {school}")


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

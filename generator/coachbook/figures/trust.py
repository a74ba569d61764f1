"""A figure over the schools of a trust, each under a policy of its own.

It compares only what the policies of at least two schools define, and says which schools it is
made without, and why. The total is that of the schools that are shown, so that nobody can take
the shown ones from it and keep one that is hidden.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coachbook.audience import Audience
from coachbook.book import policy_now, role_holders
from coachbook.calendar import format_date
from coachbook.declassified import FIGURE, declassify
from coachbook.figures.definitions import DEFINITIONS, definition
from coachbook.figures.grouped import Scope, facts_of, tells_reasons
from coachbook.figures.model import Period, Table
from coachbook.figures.scope import granted, has_staff, threshold, threshold_of_trust, year_to_date
from coachbook.figures.suppression import is_safe
from coachbook.figures.tables import MEASURES, hidden_row, make_row
from coachbook.people import ROLE_TITLES, scoped_role
from coachbook.values import frozen
from coachbook.views import calendar_now, keyed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coachbook.audience import Labelled
    from coachbook.figures.definitions import Definition
    from coachbook.figures.model import Fact, Row
    from coachbook.views import View

TRUST_LEAD = "trust-lead"
"""The role that reads figures over schools: an assignment at every one of them."""

_FEWEST_SCHOOLS = 2
_NO_POLICY = "it has no policy in force"
_STOPPED = "nothing new from it is published at the moment"
_NOBODY = "nobody is written down as working there"
_NO_CALENDAR = "it has no calendar for this school year"
_NO_RULE = "its policy does not have this rule"
_NOT_GRANTED = "its policy does not open this figure to {role}"
_TOO_FEW = "too few people stand behind it"


def trust_table(
    view: View, key: str, *, role: str = TRUST_LEAD, period: Period | None = None
) -> Labelled[Table]:
    """A figure school by school, for the people who hold a role at every school that is in it.

    Raises:
        KeyError: there is no such figure.
        ValueError: it is counted in the browser.
    """
    found = definition(key)
    if found.is_sealed:
        raise ValueError(f"{key} is counted in the reader's browser")
    reasons = {school: why_left_out(view, found, school, role=role) for school in view.book.schools}
    schools = [school for school, reason in reasons.items() if not reason]
    return declassify(
        _table(view, found, schools, reasons, period),
        FIGURE,
        to=_audience(view, schools, role),
        source=f"figure {key} of the trust",
        rows=found.rows,
    )


def comparable(view: View, *, role: str = TRUST_LEAD) -> tuple[str, ...]:
    """The figures that at least two schools define and open to a role, in the order of the list."""
    return tuple(
        one.key
        for one in DEFINITIONS
        if not one.is_sealed
        and sum(not why_left_out(view, one, school, role=role) for school in view.book.schools)
        >= _FEWEST_SCHOOLS
    )


def why_left_out(view: View, found: Definition, school: str, *, role: str = TRUST_LEAD) -> str:
    """Why a school is not in a figure over schools; "" where it is."""
    policy = policy_now(view.book, school)
    if school in view.stopped:
        return _STOPPED
    if policy is None:
        return _NO_POLICY
    if not has_staff(view.book, school):
        return _NOBODY
    if not found.applies(policy):
        return _NO_RULE
    allowed = granted(view.book, school, found.rows).principals or frozenset()
    if scoped_role(role, school) not in allowed:
        return _NOT_GRANTED.format(role=ROLE_TITLES.get(role, role))
    is_uncounted = found.by_calendar and calendar_now(view.book, school) is None
    return _NO_CALENDAR if is_uncounted else ""


@frozen
class Share:
    """What a school gives to a figure over schools: its facts, without the records behind them."""

    facts: tuple[Fact, ...]
    tells_reasons: bool


def share_of(view: View, school: str, found: Definition, period: Period) -> Share:
    """What a school gives to a figure; worked out once, or brought along from where it was."""
    return view.once(
        ("share", school, found.key, period), lambda: _share(Scope(view, school, period), found)
    )


def _share(scope: Scope, found: Definition) -> Share:
    facts = (replace(one, record=None, person=None) for one in facts_of(scope, found))
    return Share(tuple(facts), tells_reasons(scope, found))


def _audience(view: View, schools: Sequence[str], role: str) -> Audience:
    """The people who hold the role at each of the schools and have a key of their own."""
    held = [frozenset(role_holders(view.book, scoped_role(role, one))) for one in schools]
    people = frozenset.intersection(*held) if held else frozenset()
    return keyed(view.book, Audience(people))


def _table(
    view: View,
    found: Definition,
    schools: Sequence[str],
    reasons: Mapping[str, str],
    period: Period | None,
) -> Table:
    spans = {one: period or year_to_date(view.book, one) for one in schools}
    counted = {one: share_of(view, one, found, spans[one]) for one in schools}
    shown = [one for one in schools if _may_show(view, found, one, counted[one].facts)]
    least = threshold_of_trust(view.book, schools)
    left = [(one, reasons[one] or _TOO_FEW) for one in reasons if one not in shown]
    return Table(
        key=found.key,
        title=found.title,
        meaning=_meaning(view, found, shown),
        unit=found.unit,
        measure=MEASURES[found.measure],
        by="school",
        by_title="School",
        period=_period(view, found, tuple(spans.values())),
        counted=found.counts,
        note=_note(view, left),
        threshold=least,
        rows=tuple(_row(view, found, one, counted[one]) for one in shown),
        total=_total(found, [counted[one] for one in shown], least),
        among=found.among,
        left_out=tuple((view.school_name(school), reason) for school, reason in left),
    )


def _meaning(view: View, found: Definition, shown: Sequence[str]) -> str:
    """What the figure means, and what the rule of each school is, where that differs."""
    rules = [
        f"{view.school_name(one)}: {words}"
        for one in shown
        if (policy := policy_now(view.book, one)) and (words := found.qualify(policy))
    ]
    return " ".join((found.meaning, *rules))


def _may_show(view: View, found: Definition, school: str, facts: Sequence[Fact]) -> bool:
    least = threshold(view.book, school)
    return not facts or is_safe(facts, least, counts_people=found.counts_people)


def _row(view: View, found: Definition, school: str, share: Share) -> Row:
    """The row of a school, under the threshold of its own policy."""
    least, name = threshold(view.book, school), view.school_name(school)
    return make_row(found, school, name, share.facts, least=least, reasons=share.tells_reasons)


def _total(found: Definition, shares: Sequence[Share], least: int) -> Row:
    """The row of all schools that are shown, under the threshold for several schools."""
    label = "The schools shown"
    facts = [fact for share in shares for fact in share.facts]
    reasons = all(share.tells_reasons for share in shares)
    if facts and not is_safe(facts, least, counts_people=found.counts_people):
        return hidden_row("total", label, least)
    return make_row(found, "total", label, facts, least=least, reasons=reasons)


def _period(view: View, found: Definition, spans: Sequence[Period]) -> str:
    """The days that count; the schools' years may begin on different days."""
    if found.is_of_today or not spans:
        return format_date(view.book.today)
    first = min(one.start for one in spans)
    return str(Period(first, max(one.end for one in spans)))


def _note(view: View, left: Sequence[tuple[str, str]]) -> str:
    if not left:
        return "Every school of the trust is in it."
    names = "; ".join(f"{view.school_name(school)}: {reason}" for school, reason in left)
    return f"Left out: {names}."

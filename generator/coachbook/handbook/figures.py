"""What each figure means: written from the definitions, so that page and count cannot differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import public
from coachbook.figures import DEFAULT_LEAST_OF_TRUST, DEFINITIONS, GROUPINGS, SMALL_SCHOOL
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coachbook.figures import Definition
    from coachbook.handbook.model import SchoolPart
    from coachbook.policy import Policy

    Pairs = Sequence[tuple[SchoolPart, Policy]]

_SOURCE = "policies of the trust"
_HEADER = "the clear part of records; the portal has it ready"
_SEALED = "sealed text, counted in your own browser from what your key opens"
_NO_CALENDAR = (
    "Where the school has no calendar for this school year: without one nobody can tell its weeks "
    "and days. The page says so, and shows no nought"
)
_LEAST = "suppression.min_people"
_LEAST_OF_TRUST = "suppression.min_people.trust"


def figures_model(pairs: Pairs) -> Mapping[str, object]:
    """The page of figures: every definition, and the fewest people that each school sets."""
    figures = [_figure(one, pairs) for one in DEFINITIONS]
    least = [
        {
            "name": school.name,
            "people": policy.parameters[_LEAST].in_words(),
            "trust": _in_words(policy, _LEAST_OF_TRUST),
            "href": f"../{school.id}/policy.html",
        }
        for school, policy in pairs
        if _LEAST in policy.parameters
    ]
    return {
        "figures": public(figures, "figures"),
        "least": public(least, _SOURCE),
        "small": public(SMALL_SCHOOL, "figures"),
        "default_trust": public(f"{DEFAULT_LEAST_OF_TRUST}, as nothing is set", "figures"),
    }


def _figure(one: Definition, pairs: Pairs) -> Mapping[str, object]:
    return {
        "key": one.key,
        "title": one.title,
        "meaning": one.meaning,
        "when": one.when[:1].upper() + one.when[1:],
        "counts": one.counts,
        "leaves_out": one.leaves_out,
        "lacks": _NO_CALENDAR if one.by_calendar else "",
        "from": one.source,
        "source": _SEALED if one.is_sealed else _HEADER,
        "rows": join([row.capitalize() for row in one.rows]),
        "by": join([GROUPINGS[by].title.lower() for by in one.by]).capitalize(),
        "schools": _schools(one, pairs),
    }


def _schools(one: Definition, pairs: Pairs) -> str:
    """Where it is counted: the schools whose policy has the rule, unless that is all of them."""
    names = [school.name for school, policy in pairs if one.applies(policy)]
    if len(names) == len(pairs):
        return ""
    return join(names) or "No school has this rule today"


def _in_words(policy: Policy, key: str) -> str:
    return policy.parameters[key].in_words() if key in policy.parameters else ""

"""The flows of a build in words and for programs: what goes where, from whom, and why it may.

For people the ways are told by ground, and pages that have the same way together:

    figure: a number counted from headers, hidden where too few people stand behind it
      let by this: the table "Who can read what" has `figures`, or more, for all of these rows
      - from session header, for coachee, coach and impact monitor
        to head@otterbeck; suppression.min_people: 5 [10.1 at otterbeck]
        on head/otterbeck (20), school/otterbeck (44)
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from coachbook.audience import newly_seeing
from coachbook.declassified import GROUNDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from coachbook.audience import Audience
    from coachbook.declassified import Ground
    from coachbook.flows import Input, PageFlow

    Way = tuple[str, str, str]
    """Whose it was, to whom it goes, and the setting that says so."""

VERSION = 1

_MANY = 6
"""So many pages of one way are named; of more, the number."""


def flow_json(flows: Sequence[PageFlow]) -> dict[str, object]:
    """Everything that stands on these pages; a documented contract like the findings."""
    return {
        "version": VERSION,
        "grounds": {one.key: _ground_json(one) for one in GROUNDS},
        "pages": [
            {
                "path": one.path,
                "kind": one.kind,
                "seen_by": _names(one.audience),
                "sealed": one.sealed,
                "inputs": [_input_json(each) for each in one.inputs],
                "refused": [_input_json(each) for each in one.refused],
            }
            for one in flows
        ],
    }


def format_flow(flows: Sequence[PageFlow]) -> str:
    """Each way on which something goes further than what it was made from, then how much it is."""
    told = [_told(ground, flows) for ground in GROUNDS]
    return "\n".join([*filter(None, told), *_refusals(flows), _summary(flows)]) + "\n"


def format_page(flow: PageFlow) -> str:
    """What one page shows, from where, and to whom."""
    lines = [f"{flow.path}: seen by {flow.audience}"]
    lines += [f"  {_counted(one, flow.audience)}" for one in flow.inputs]
    if flow.sealed:
        parts = "1 sealed part, as it lies" if flow.sealed == 1 else f"{flow.sealed} sealed parts"
        lines.append(f"  {parts}{' in' if flow.sealed == 1 else ', as they lie in'} the records")
    return "\n".join([*lines, *_refusals((flow,))]) + "\n"


def _told(ground: Ground, flows: Sequence[PageFlow]) -> str:
    """One ground with its ways; "" where nothing goes on it."""
    ways: dict[Way, Counter[str]] = defaultdict(Counter)
    for page in flows:
        for one in page.inputs:
            if one.ground == ground:
                ways[_way(page, one, ground)][page.path] += one.count
    lines = [line for way in sorted(ways) for line in _lines(way, ways[way])]
    head = [f"{ground.key}: {ground.value}", f"  let by this: {ground.rule}"]
    return "\n".join([*head, *lines, ""]) if lines else ""


def _way(page: PageFlow, one: Input, ground: Ground) -> Way:
    if ground.goes_to:
        return f"{one.made_from}: {page.audience}", ground.goes_to, one.setting
    return one.made_from, str(page.audience), one.setting


def _lines(way: Way, pages: Mapping[str, int]) -> list[str]:
    made_from, to, setting = way
    return [
        f"  - from {made_from}",
        f"    to {to}{f'; {setting}' if setting else ''}",
        f"    on {_listed(pages)}",
    ]


def _listed(pages: Mapping[str, int]) -> str:
    """The pages with how many values each has; of many only the first."""
    named = [f"{path} ({number})" for path, number in list(pages.items())[:_MANY]]
    rest = len(pages) - len(named)
    return ", ".join(named) + (f" and {rest} more" if rest else "")


def _refusals(flows: Iterable[PageFlow]) -> list[str]:
    return [
        f"REFUSED on {page.path}: {one.source} is not for "
        f"{', '.join(sorted(newly_seeing(one.readers, page.audience)))}"
        for page in flows
        for one in page.refused
    ]


def _counted(one: Input, page: Audience) -> str:
    times = f", {one.count} times" if one.count > 1 else ""
    ground = f"; {one.ground.key}, from {one.made_from}" if one.ground else ""
    goes_to = one.ground.goes_to if one.ground else ""
    return f"{one.source}{times}: for {goes_to or _readers(one.readers, page)}{ground}"


def _readers(own: Audience, page: Audience) -> str:
    """Who may see a value, beside those who see the page."""
    beyond = newly_seeing(page, own)
    if own.is_public or newly_seeing(own, page):
        return str(own)
    return f"them and {', '.join(sorted(beyond))}" if beyond else "them alone"


def _summary(flows: Sequence[PageFlow]) -> str:
    values = sum(page.values for page in flows)
    further = sum(one.count for page in flows for one in page.going_further)
    refused = sum(one.count for page in flows for one in page.refused)
    return (
        f"{values:,} values on {len(flows):,} pages: {further:,} go further than what they were "
        f"made from, {refused:,} would be refused"
    )


def _names(audience: Audience) -> list[str] | str:
    return "everyone" if audience.principals is None else sorted(audience.principals)


def _ground_json(one: Ground) -> dict[str, str]:
    return {
        "value": one.value,
        "made_from": one.made_from,
        "rule": one.rule,
        "setting": one.setting,
        "goes_to": one.goes_to,
    }


def _input_json(one: Input) -> dict[str, object]:
    return {
        "source": one.source,
        "readers": _names(one.readers),
        "count": one.count,
        "ground": one.ground.key if one.ground else "",
        "made_from": one.made_from,
        "setting": one.setting,
    }

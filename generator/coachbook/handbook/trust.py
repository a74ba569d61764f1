"""Pages of the whole trust: its schools, its policies side by side, its words, its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import public
from coachbook.calendar import format_date
from coachbook.handbook.comparison import (
    readers_side_by_side,
    settings_side_by_side,
    side_by_side,
)
from coachbook.handbook.explanations import explanations
from coachbook.handbook.figures import figures_model
from coachbook.handbook.model import HandbookPage
from coachbook.policy import policy_in_force
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coachbook.handbook.model import Handbook, SchoolPart
    from coachbook.policy import Policy

TITLE = "The whole trust"

_SOURCE = "policies of the trust"


def start_page(handbook: Handbook) -> HandbookPage:
    """The first page: the schools, in their hubs where the trust has any."""
    hubs: dict[str, list[Mapping[str, str]]] = {}
    for school in handbook.schools:
        hubs.setdefault(school.hub, []).append(_card(handbook, school))
    groups = [{"hub": hub, "schools": hubs[hub]} for hub in sorted(hubs)]
    model = {
        "name": public(handbook.name, "trust"),
        "hubs": public(groups, "schools"),
        "several": public(len(handbook.schools) > 1, "schools"),
        "names": public(any(school.named for school in handbook.schools), "policies"),
    }
    return HandbookPage("index.md", ("Start",), "handbook/index.md", model)


def trust_pages(handbook: Handbook) -> Iterator[HandbookPage]:
    """What holds for all schools; the comparison needs two that have a policy."""
    pairs = in_force(handbook)
    if len(pairs) > 1:
        compared = {
            "table": public(side_by_side(pairs), _SOURCE),
            "standing": public([_version(school, policy) for school, policy in pairs], _SOURCE),
        }
        yield _page("compare", "Policies side by side", compared)
        readers = {"table": public(readers_side_by_side(pairs, handbook.forms), _SOURCE)}
        yield _page("access", "Who can read what, side by side", readers)
        settings = {"table": public(settings_side_by_side(pairs), _SOURCE)}
        yield _page("settings", "Every setting side by side", settings)
    yield _page("words", "Words we use", _words(handbook))
    yield _page("figures", "What figures mean", figures_model(pairs))


def in_force(handbook: Handbook) -> list[tuple[SchoolPart, Policy]]:
    """Each school with its policy of today; one without a policy is left out."""
    found = ((one, policy_in_force(one.policies, handbook.today)) for one in handbook.schools)
    return [(school, policy) for school, policy in found if policy is not None]


def standing(handbook: Handbook, school: SchoolPart) -> str:
    """Which policy holds at a school, in a line; "" where there is none."""
    policy = policy_in_force(school.policies, handbook.today)
    if policy is None:
        return ""
    line = f"Policy {policy.version}, in force since {format_date(policy.effective_from)}"
    return line if policy.ratified_on else f"{line}, not ratified"


def _page(name: str, title: str, model: Mapping[str, object]) -> HandbookPage:
    return HandbookPage(f"trust/{name}.md", (TITLE, title), f"handbook/{name}.md", model)


def _card(handbook: Handbook, school: SchoolPart) -> Mapping[str, str]:
    return {
        "name": school.name,
        "href": f"{school.id}/index.html",
        "policy": standing(handbook, school),
    }


def _version(school: SchoolPart, policy: Policy) -> Mapping[str, object]:
    return {
        "name": school.name,
        "href": f"../{school.id}/policy.html",
        "version": policy.version,
        "ratified": policy.ratified_on is not None,
    }


def _words(handbook: Handbook) -> Mapping[str, object]:
    schools = [
        {"name": school.name, "words": own}
        for school in handbook.schools
        if (own := _aliases(school.words, beside=handbook.words))
    ]
    terms = [{"word": word, "meaning": text} for word, text in explanations().words.items()]
    lists = [{"title": title, "entries": list(entries)} for title, entries in _shared(handbook)]
    return {
        "terms": public(terms, "wording of the handbook"),
        "aliases": public(_aliases(handbook.words), "trust"),
        "schools": public(schools, "schools"),
        "lists": public(lists, "trust"),
    }


def _shared(handbook: Handbook) -> list[tuple[str, tuple[str, ...]]]:
    return [(title, entries) for title, entries in handbook.shared.items() if entries]


def _aliases(
    words: Mapping[str, str], beside: Mapping[str, str] | None = None
) -> list[Mapping[str, str]]:
    """Each word with its other names, without those that stand in `beside` already."""
    known = beside or {}
    named: dict[str, list[str]] = {}
    for alias, word in sorted(words.items(), key=lambda pair: pair[0].casefold()):
        if known.get(alias) != word:
            named.setdefault(word, []).append(alias)
    return [
        {"word": word[:1].upper() + word[1:], "aliases": join(named[word])}
        for word in sorted(named)
    ]

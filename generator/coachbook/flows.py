"""What every page shows to whom, and each value that goes further than what it was made from.

Nothing is rendered, sealed or written: the page models say it all, because every leaf of them
carries who may see it.

    flows = explain_flow(open_view(book, findings))
    [one.source for page in flows for one in page.refused]       # what a build would stop at
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from coachbook.audience import PUBLIC, Audience, Labelled, newly_seeing
from coachbook.book import demonstration, policy_now
from coachbook.declassified import Declassified
from coachbook.entries import plan_entries
from coachbook.errors import UsageError
from coachbook.fragments import Names
from coachbook.handbook import handbook_of, handbook_pages
from coachbook.people import ROLE_TITLES
from coachbook.portal import private_pages
from coachbook.sentences import join
from coachbook.shell import shell_model
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coachbook.book import Book
    from coachbook.declassified import Ground
    from coachbook.overviews import Page
    from coachbook.policy import Policy
    from coachbook.views import View


@frozen
class Input:
    """What stands on a page from one place: who may see it, and how often it stands there.

    If it goes further than what it was made from: on what ground, who reads that, and the setting
    of the policy that says so, with its clause.
    """

    source: str
    readers: Audience
    count: int
    ground: Ground | None = None
    made_from: str = ""
    setting: str = ""


@frozen
class PageFlow:
    """A page with those who see it, and everything on it that has a label.

    `sealed` counts the parts that lie on it as they were sealed; `refused` is what may not be
    shown to all who see the page.
    """

    path: str
    kind: str
    audience: Audience
    inputs: tuple[Input, ...]
    refused: tuple[Input, ...]
    sealed: int = 0

    @property
    def values(self) -> int:
        """How many values stand on it."""
        return sum(one.count for one in self.inputs)

    @property
    def going_further(self) -> tuple[Input, ...]:
        """What goes further than what it was made from."""
        return tuple(one for one in self.inputs if one.ground)


def explain_flow(view: View) -> tuple[PageFlow, ...]:
    """Every page that a build would make: the handbook's, the portal's own, the private ones.

    Write and the indexes are no pages with values: they hold forms, lists of pages, and the names
    and public keys of those who may read what is written.
    """
    return tuple(_pages(view))


def find_page(flows: Sequence[PageFlow], path: str) -> tuple[PageFlow, ...]:
    """The pages at a place, such as "head/otterbeck"; people have a page "me" each.

    Raises UsageError where there is none.
    """
    found = tuple(one for one in flows if one.path == path)
    if not found:
        kinds = join(sorted({one.path.partition("/")[0] for one in flows}))
        raise UsageError(f"there is no page {path!r}", hint=f"pages begin with {kinds}")
    return found


def _pages(view: View) -> Iterator[PageFlow]:
    book = view.book
    for page in handbook_pages(handbook_of(book)):
        yield _flow(book, f"handbook/{page.path}", "handbook", PUBLIC, page.model)
    shell = shell_model(book, Names(book.trust.fragments).entry_salt, demonstration.tries(book))
    yield _flow(book, "portal", "portal", PUBLIC, shell)
    keys = [one.identity for one in plan_entries(book)]
    yield _flow(book, "portal/data", "entries", PUBLIC, keys)
    for one in private_pages(view):
        yield _private(book, one)


def _private(book: Book, page: Page) -> PageFlow:
    places = [(one.date, one.path, one.authors) for one in page.origins.values()]
    shown = [page.title, page.group, page.model, page.data, places]
    return _flow(book, page.path, page.kind, page.audience, shown, sealed=len(page.blocks))


def _flow(
    book: Book, path: str, kind: str, audience: Audience, model: object, *, sealed: int = 0
) -> PageFlow:
    counted = Counter(_input(book, one) for one in _labels(model))
    inputs = [replace(one, count=number) for one, number in counted.items()]
    return PageFlow(
        path,
        kind,
        audience,
        tuple(inputs),
        tuple(one for one in inputs if newly_seeing(one.readers, audience)),
        sealed,
    )


def _labels(value: object) -> Iterator[Labelled[object]]:
    """Every label in a model, those inside another one too."""
    if isinstance(value, Labelled):
        yield value
        yield from _labels(value.value)
    elif isinstance(value, dict):
        for entry in value.values():
            yield from _labels(entry)
    elif isinstance(value, (list, tuple)):
        for entry in value:
            yield from _labels(entry)


def _input(book: Book, one: Labelled[object]) -> Input:
    if not isinstance(one, Declassified):
        return Input(one.source, one.audience, 1)
    policy = policy_now(book, one.school) if one.school else None
    return Input(
        one.source,
        one.audience,
        1,
        one.ground,
        _made_from(one, policy),
        _setting(one.ground, policy),
    )


def _made_from(one: Declassified[object], policy: Policy | None) -> str:
    """Whose a value was: the rows with those who read all of them, or as its ground says."""
    rows = [found for name in one.rows if policy and (found := policy.row(name))]
    if not rows:
        return one.ground.made_from
    readers = [column for column in rows[0].readers() if all(column in r.readers() for r in rows)]
    names = join([row.name.lower() for row in rows])
    return f"{names}, for {join([_column(column) for column in readers]) or 'nobody'}"


def _column(column: str) -> str:
    return ROLE_TITLES.get(column, f"the {column}").removeprefix("the ")


def _setting(ground: Ground, policy: Policy | None) -> str:
    """The setting that lets a value go, with what the policy says and where."""
    parameter = policy.parameters.get(ground.setting) if policy else None
    if parameter is None:
        return ground.setting
    clause = f" [{parameter.clause} at {policy.school}]" if policy and parameter.clause else ""
    return f"{ground.setting}: {_plain(parameter.value)}{clause}"


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)

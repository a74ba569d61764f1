"""Every kind of private page: no barrier, read in the right order, whole on a phone."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.book.demonstration import tries
from tests.browser.barriers import CONTRAST, Heard, barriers, heard
from tests.browser.conftest import Desk, Tried
from tests.gallery.access import Opened, demonstration_keys, listed_pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from playwright.sync_api import Browser

NAMED = {"button", "link", "textbox", "searchbox", "combobox", "table", "image", "img", "region"}
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 720}

_TOPS = """all => all.map((one) => {
    const { top, left } = one.getBoundingClientRect();
    return [top, left, one.textContent];
})"""
_SQUEEZED = """all => all
    .filter(({ clientWidth, clientHeight }) => clientHeight > 2 * clientWidth)
    .map((one) => one.textContent)"""
_MOVING = """() => [
    ...[...document.querySelectorAll('*')]
        .filter((part) => parseFloat(getComputedStyle(part).transitionDuration) > 0),
    ...document.getAnimations().map(({ effect }) => effect.target),
].map((part) => `${part.tagName} ${part.className}`)"""


@dataclass(frozen=True, slots=True)
class Look:
    """What was found on one page, on a wide screen without motion and on a small phone."""

    kind: str
    barriers: tuple[str, ...]
    heard: tuple[Heard, ...]
    moving: tuple[str, ...]
    complaints: tuple[str, ...]
    width: int
    headings: tuple[tuple[float, float, str], ...]
    squeezed: tuple[str, ...]

    @property
    def main(self) -> tuple[Heard, ...]:
        """What is heard of the page itself, after masthead and menu."""
        (start,) = [place for place, one in enumerate(self.heard) if one.role == "main"]
        return self.heard[start + 1 :]


@pytest.fixture(scope="module")
def looks(chromium: Browser, address: str, example: Path) -> tuple[Look, ...]:
    """Every kind of page of the example, each looked at once by somebody who opens it."""
    return tuple(
        look
        for who, pages in _to_see(example).items()
        for look in _look_at(chromium, address, who, pages)
    )


def _to_see(site: Path) -> dict[Tried, dict[str, str]]:
    """Person -> kind -> path of a page of that kind; each kind of the site stands once.

    Whoever opens the most kinds that nobody has looked at yet is asked next.
    """
    book = load_book(site.parent)
    people = [Tried(one.person, one.roles, one.passphrase) for one in tries(book)]
    pages = listed_pages(site, demonstration_keys(book))
    left = {one: _kinds_of(one, pages) for one in people}
    chosen: dict[Tried, dict[str, str]] = {}
    while any(left.values()):
        most = max(people, key=lambda one: len(left[one]))
        chosen[most] = left.pop(most)
        people.remove(most)
        for kinds in left.values():
            for kind in chosen[most]:
                kinds.pop(kind, None)
    return chosen


def _kinds_of(who: Tried, pages: Sequence[Opened]) -> dict[str, str]:
    """Kind -> path of the first page of that kind that somebody opens, as they or by a role."""
    mine = [one for one in pages if {who.person, *who.roles} & one.openers]
    return {one.kind: one.path for one in reversed(mine) if one.kind != "index"}


def _look_at(chromium: Browser, address: str, who: Tried, pages: dict[str, str]) -> Iterator[Look]:
    context = chromium.new_context(viewport=DESKTOP, bypass_csp=True, reduced_motion="reduce")
    one = Desk(context.new_page(), address, [])
    one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
    one.page.on("console", lambda message: one.complaints.append(message.text))
    one.unlock(who)
    for kind, path in pages.items():
        one.complaints.clear()
        _show(one, path)
        yield _look(one, kind)
    context.close()


def _show(one: Desk, path: str) -> None:
    one.page.evaluate("path => { location.hash = `#/${path}`; }", path)
    one.page.wait_for_selector("#content h1")
    one.page.locator("#content > .opening").wait_for(state="detached")
    one.opened()


def _look(one: Desk, kind: str) -> Look:
    page = one.page
    found = barriers(page)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {barrier}" for barrier in barriers(page, CONTRAST)]
    page.emulate_media(color_scheme="light")
    tree, moving = heard(page), page.evaluate(_MOVING)
    page.set_viewport_size(PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    tops = page.locator("#content :is(h1, h2, h3):visible").evaluate_all(_TOPS)
    squeezed = page.locator("#content td:not(.trend-axis):visible").evaluate_all(_SQUEEZED)
    page.set_viewport_size(DESKTOP)
    headings = tuple((top, left, text) for top, left, text in tops)
    return Look(
        kind,
        tuple(found),
        tuple(tree),
        tuple(moving),
        tuple(one.complaints),
        width,
        headings,
        tuple(squeezed),
    )


def test_every_kind_of_page_is_looked_at(looks: tuple[Look, ...]) -> None:
    """The pages looked at here are of every kind that the example has."""
    kinds = [look.kind for look in looks]

    assert {"me", "cycle", "pair", "visit", "school", "lead", "coverage", "write"} <= set(kinds)
    assert len(kinds) == len(set(kinds))


def test_axe_finds_nothing_on_any_page(looks: tuple[Look, ...]) -> None:
    """The checker axe finds no barrier on any kind of private page, light or dark."""
    assert {look.kind: look.barriers for look in looks if look.barriers} == {}


def test_no_page_complains(looks: tuple[Look, ...]) -> None:
    """No kind of page makes the browser warn of anything."""
    assert {look.kind: look.complaints for look in looks if look.complaints} == {}


def test_screen_reader_comes_to_masthead_menu_and_page(looks: tuple[Look, ...]) -> None:
    """A screen reader hears the masthead first, then the menu, then the page."""
    landmarks = {"banner", "navigation", "main"}
    begins = {
        look.kind: [one.role for one in look.heard if one.role in landmarks][:3] for look in looks
    }

    assert {kind: roles for kind, roles in begins.items() if len(set(roles)) < len(landmarks)} == {}
    assert set(map(tuple, begins.values())) == {("banner", "navigation", "main")}


def test_headings_go_down_one_level_at_a_time(looks: tuple[Look, ...]) -> None:
    """Each page begins with its one heading of the first level; none below it is left out."""
    found = {
        look.kind: [(one.level, one.name) for one in look.main if one.role == "heading"]
        for look in looks
    }

    assert {kind: all_[:1] for kind, all_ in found.items() if [a[0] for a in all_[:1]] != [1]} == {}
    assert [kind for kind, all_ in found.items() if sum(level == 1 for level, _ in all_) > 1] == []
    assert [
        (k, a, b) for k, all_ in found.items() for a, b in pairwise(all_) if b[0] > a[0] + 1
    ] == []


def test_everything_to_use_or_look_at_has_a_name(looks: tuple[Look, ...]) -> None:
    """Every button, link, field, table and picture says what it is."""
    nameless = [
        (look.kind, one.role)
        for look in looks
        for one in look.heard
        if one.role in NAMED and not one.name.strip()
    ]

    assert nameless == []


def test_headings_are_seen_in_the_order_they_are_heard(looks: tuple[Look, ...]) -> None:
    """On a phone each heading stands below the one heard before it, or to its right."""
    wrong = [
        (look.kind, after)
        for look in looks
        for (top, left, _), (later_top, later_left, after) in pairwise(look.headings)
        if later_top <= top and later_left <= left
    ]

    assert wrong == []


def test_no_cell_is_a_column_of_letters_on_a_phone(looks: tuple[Look, ...]) -> None:
    """On the narrowest phone no cell of a table or chart is far higher than it is wide."""
    assert {look.kind: look.squeezed for look in looks if look.squeezed} == {}


def test_no_page_scrolls_sideways_on_a_phone(looks: tuple[Look, ...]) -> None:
    """On the narrowest phone no page is wider than the screen; a wide grid scrolls by itself."""
    assert {look.kind: look.width for look in looks if look.width > PHONE["width"]} == {}


def test_nothing_moves_for_who_wants_it_still(looks: tuple[Look, ...]) -> None:
    """Whoever has asked for less motion sees none on any page."""
    assert {look.kind: look.moving for look in looks if look.moving} == {}

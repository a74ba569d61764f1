"""The handbook in a real browser: strict, quiet, readable by everyone, good on paper."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.browser.barriers import CONTRAST, barriers
from tests.browser.conftest import seated

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Desk

    MakeDesk = Callable[..., Desk]

DESKTOP = 1280
WIDTHS = (DESKTOP, 360, 320)

_DARKEN = """async () => {
    document.querySelector("label[title='Switch to dark colours']").click();
    const { dataset } = document.body;
    const settled = () => dataset.mdColorScheme === "slate" && !("mdColorSwitching" in dataset);
    while (!settled()) await new Promise(requestAnimationFrame);
    localStorage.clear();
}"""
"""Presses the switch as a reader would; the next page is a light one again."""

# One page of each template.
SAMPLE = (
    "index.html",
    "about.html",
    "private/it.html",
    "private/answers.html",
    "private/hosting.html",
    "otterbeck/privacy.html",
    "otterbeck/processing.html",
    "otterbeck/assessment.html",
    "otterbeck/index.html",
    "otterbeck/coaching.html",
    "otterbeck/people.html",
    "otterbeck/concerns.html",
    "otterbeck/appraisal.html",
    "saltmere/expectations.html",
    "fennimoor/changes.html",
    "otterbeck/policy.html",
    "otterbeck/asks.html",
    "otterbeck/readers.html",
    "otterbeck/year.html",
    "otterbeck/forms/index.html",
    "trust/compare.html",
    "trust/settings.html",
    "trust/access.html",
    "trust/words.html",
    "trust/figures.html",
    "saltmere/forms/mentor-meeting.html",
    "otterbeck/forms/coaching-session.html",
)


@dataclass(frozen=True, slots=True)
class Look:
    """What was found on one page, at three widths, in light and in dark."""

    name: str
    barriers: tuple[str, ...]
    too_wide: tuple[int, ...]
    complaints: tuple[str, ...]


@pytest.fixture(scope="module")
def looks(chromium: Browser, address: str) -> tuple[Look, ...]:
    """One page of each template, opened once and looked at in every way."""
    context = chromium.new_context(locale="en-GB")
    one = seated(context, address)
    found = tuple(_look(one, name) for name in SAMPLE)
    context.close()
    return found


def _look(one: Desk, name: str) -> Look:
    """The page as it comes on a wide screen, and then on narrower ones."""
    _widen(one.page, DESKTOP)
    one.complaints.clear()
    one.page.goto(f"{one.url}/handbook/{name}")
    found = _barriers_in_light_and_dark(one.page)
    too_wide = [width for width in WIDTHS if _is_too_wide(one.page, width)]
    return Look(name, tuple(found), tuple(too_wide), tuple(one.complaints))


def _widen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})


def _is_too_wide(page: Page, width: int) -> bool:
    _widen(page, width)
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def _barriers_in_light_and_dark(page: Page) -> list[str]:
    found = barriers(page)
    page.evaluate(_DARKEN)
    return [*found, *(f"dark: {barrier}" for barrier in barriers(page, CONTRAST))]


def test_handbook_opens_from_a_disk(desk: MakeDesk, example: Path) -> None:
    """The handbook opens from a folder, without a server and without a complaint."""
    one = desk(url=(example / "handbook").as_uri())

    for name in SAMPLE:
        one.page.goto(f"{one.url}/{name}")

    assert one.page.get_by_role("heading", level=1).inner_text() == "Coaching session"


def test_search_finds_a_clause(desk: MakeDesk) -> None:
    """Searching for a word of a clause leads to the policy."""
    one = desk()
    one.page.goto(f"{one.url}/handbook/index.html?q=disclosed")

    one.page.locator(".md-search-result__link").first.wait_for()

    assert one.page.locator('.md-search-result__link[href*="policy.html"]').count() > 0


def test_setting_leads_to_its_clause(desk: MakeDesk) -> None:
    """From a setting one click leads to the clause that it rests on."""
    one = desk()
    one.page.goto(f"{one.url}/handbook/otterbeck/asks.html")

    one.page.get_by_role("link", name="4.2", exact=True).first.click()

    clause = one.page.locator("#clause-4-2")
    clause.wait_for()
    assert "15" in clause.inner_text()


@pytest.mark.parametrize("school", ["bramblewick", "fennimoor", "otterbeck", "saltmere"])
def test_policy_prints_on_four_sheets(desk: MakeDesk, school: str) -> None:
    """Each of the four policies in full is at most four A4 pages on paper."""
    one = desk()
    one.page.goto(f"{one.url}/handbook/{school}/policy.html")

    paper = one.page.pdf(prefer_css_page_size=True)

    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 4


@pytest.mark.parametrize(
    ("name", "sheets"),
    [("private/answers.html", 2), ("saltmere/privacy.html", 3), ("saltmere/assessment.html", 4)],
)
def test_answers_for_it_print_on_two_sheets(desk: MakeDesk, name: str, sheets: int) -> None:
    """IT gets its answers on two A4 pages; notice and assessment stay short too."""
    one = desk()
    one.page.goto(f"{one.url}/handbook/{name}")

    paper = one.page.pdf(prefer_css_page_size=True)

    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= sheets


@pytest.mark.parametrize(
    ("name", "wide"),
    [("trust/compare.html", True), ("otterbeck/forms/coaching-session.html", False)],
)
def test_paper_lies_as_the_page_needs(desk: MakeDesk, name: str, *, wide: bool) -> None:
    """Policies side by side print across the sheet, a form prints upright."""
    one = desk()
    one.page.goto(f"{one.url}/handbook/{name}")

    paper = one.page.pdf(prefer_css_page_size=True)

    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)
    assert {float(width) > float(height) for width, height in boxes} == {wide}


def test_side_by_side_becomes_one_below_the_other(desk: MakeDesk) -> None:
    """On a phone each answer stands under the name of its school, and nothing is cut off."""
    one = desk(viewport={"width": 390, "height": 800})
    one.page.goto(f"{one.url}/handbook/trust/compare.html")

    cells = one.page.locator(".compare tbody tr").first.locator("td")

    lefts = {round(box["x"]) for cell in cells.all() if (box := cell.bounding_box())}
    label = cells.first.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert len(lefts) == 1
    assert label == '"Bramblewick Primary"'


def test_colours_follow_the_reader(desk: MakeDesk) -> None:
    """A reader whose system is dark gets dark pages, and can switch to light ones."""
    one = desk(color_scheme="dark")
    one.page.goto(f"{one.url}/handbook/index.html")
    body = one.page.locator("body")
    before = body.get_attribute("data-md-color-scheme")

    one.page.get_by_title("Switch to light colours").click()

    assert (before, body.get_attribute("data-md-color-scheme")) == ("slate", "default")


def test_every_page_fits_the_screen(looks: tuple[Look, ...]) -> None:
    """On a phone, and at 400 % zoom, nothing has to be scrolled sideways but a wide table."""
    assert {look.name: look.too_wide for look in looks if look.too_wide} == {}


def test_handbook_is_accessible(looks: tuple[Look, ...]) -> None:
    """An automatic check of accessibility finds nothing, in light and in dark."""
    assert {look.name: look.barriers for look in looks if look.barriers} == {}


def test_no_page_complains(looks: tuple[Look, ...]) -> None:
    """No page goes against its content policy, asks another host or warns of anything."""
    assert {look.name: look.complaints for look in looks if look.complaints} == {}
